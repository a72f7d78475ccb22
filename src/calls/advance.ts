// Calls / advance: the only way a call changes. Lock, decide, save, record and act in one transaction, so that a crash
// leaves all of it or nothing. Called by the sweeper, by the telephone and by pages. There is one way for one and for many: each step
// takes as many calls as there are, with as few statements (docs/decisions/0033).
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../kit/ids.ts'
import { isMobile } from '../kit/phone-number.ts'
import {
  type CallWanted,
  cancelOutgoing,
  enqueueAll,
  optOutsOf,
  priorities,
  type TextWanted,
} from '../lines/lines.ts'
import { writtenOf } from '../messages/messages.ts'
import { pausesOn, type ServicePlan, servicePlans } from '../services/services.ts'
import { type CallEffect, type CallEvent, type CallPlan, type CallState, decide } from './machine.ts'
import {
  type AttemptFound,
  type AttemptHeard,
  type AttemptRow,
  attemptsOf,
  type CallRow,
  type Change,
  endAttempt,
  lockCall,
  type NewAttempt,
  saveChanges,
  stateOf,
} from './store.ts'
import { messageOf } from './views/store.ts'
import { skippedBecause, textOf, type Writing } from './words.ts'

/**
 * Tell a call what happened.
 * @returns how it stands then; an event that changes nothing is no error
 * @throws when the organisation of `tx` has no such call
 */
export async function advance(app: App, tx: Tx, callId: string, event: CallEvent): Promise<CallState> {
  const call = await lockCall(tx, callId)
  if (!call) throw new Error('no such call in this organisation')
  return advanceLocked(app, tx, call, event)
}

/** The same for a row that this transaction has locked already. */
export async function advanceLocked(app: App, tx: Tx, call: CallRow, event: CallEvent): Promise<CallState> {
  const facts = await factsOf(tx, [call], event.kind === 'woke' ? app.clock.now() : null)
  return advanceFrom(app, tx, { call, event, facts: facts.get(call.id)! })
}

/** The same from what it depends on. */
export async function advanceFrom(app: App, tx: Tx, happening: Happening): Promise<CallState> {
  const decided = decideOn(happening, app.clock.now())
  await saveAll(app, tx, [decided])
  return decided.to
}

/**
 * Tell many, each of which this transaction has locked, by a handful of statements. One that concerns more rows than its own and those that
 * are made anew is left as it was: it locks others, and two transactions that lock many in orders of their own would wait for each other.
 * @returns how each stands then; null: it is to be told in a transaction of its own
 */
export async function advanceTogether(
  app: App,
  tx: Tx,
  happenings: readonly Happening[],
): Promise<(CallState | null)[]> {
  const now = app.clock.now()
  const decided = happenings.map((happening) => decideOn(happening, now))
  await saveAll(app, tx, decided.filter(locksNothingElse))
  return decided.map((each) => (locksNothingElse(each) ? each.to : null))
}

/** Wake many that this transaction has locked. @returns those that are to be woken each in a transaction of its own */
export async function wakeTogether(app: App, tx: Tx, calls: readonly CallRow[]): Promise<CallRow[]> {
  const facts = await factsOf(tx, calls, app.clock.now())
  const woken = calls.map((call) => ({ call, event: { kind: 'woke' as const }, facts: facts.get(call.id)! }))
  const states = await advanceTogether(app, tx, woken)
  return calls.filter((_, place) => states[place] === null)
}

const locksNothingElse = ({ effects }: Decided): boolean => effects.every(beginsAttempt)

/** What a decision about a call depends on, beside its row. */
export interface Facts {
  service: ServicePlan
  /** the receiver's numbers that take texts, of a call that may be made by text */
  mobiles: readonly string[]
  /** in order */
  attempts: readonly AttemptHeard[]
  /** why it is not made; null also when that was not asked */
  skip: string | null
}

/** One call that this transaction has locked, and what happened to it. */
export interface Happening {
  call: CallRow
  event: CallEvent
  facts: Facts
}

interface Decided extends Change, Happening {
  effects: readonly CallEffect[]
}

/** The facts of each, by call. @param wakingAt now, when they wake: then also why they are not made */
export async function factsOf(
  tx: Tx,
  calls: readonly CallRow[],
  wakingAt: Date | null,
): Promise<Map<string, Facts>> {
  const begun = calls.filter(({ attempt }) => attempt > 0)
  const attemptsByCall = await attemptsOf(
    tx,
    begun.map(({ id }) => id),
  )
  const services = await servicePlans(tx, [...new Set(calls.map(({ service_id }) => service_id))])
  const texting = new Set(calls.filter(({ by }) => by !== 'call').map(({ service_id }) => service_id))
  const mobilesByService = await mobilesOf(
    tx,
    [...services.values()].filter(({ serviceId }) => texting.has(serviceId)),
  )
  const skips = wakingAt ? await reasonsToSkip(tx, calls, services, wakingAt) : []
  return new Map(
    calls.map((call, place) => {
      const service = services.get(call.service_id)
      if (!service) throw new Error('a call without its service')
      const attempts = attemptsByCall.get(call.id) ?? []
      const mobiles = mobilesByService.get(call.service_id) ?? []
      return [call.id, { service, mobiles, attempts, skip: skips[place] ?? null }]
    }),
  )
}

/** Changes nothing. */
function decideOn(happening: Happening, now: Date): Decided {
  const { call, event, facts } = happening
  const from = stateOf(call, facts.attempts)
  const { state, effects } = decide(from, event, callPlan(call, facts), now)
  return { ...happening, from, to: state, effects }
}

async function saveAll(app: App, tx: Tx, decided: readonly Decided[]): Promise<void> {
  const now = app.clock.now()
  const changes = decided.filter(({ from, to }) => to !== from)
  const begun: Begun[] = []
  for (const each of changes)
    for (const effect of each.effects)
      if (beginsAttempt(effect)) begun.push(await beginning(app, tx, each, effect))
  // what an attempt found is kept whatever the call makes of it
  const [marked, ended] = [decided.flatMap(markedBy), decided.flatMap(endedBy)]
  await saveChanges(tx, { changes, begun: await enqueued(app, tx, begun), marked, ended }, now)
  for (const each of changes)
    for (const effect of each.effects) if (!beginsAttempt(effect)) await act(app, tx, each, effect)
  if (changes.length === 0) return
  const services = [...new Set(changes.map(({ call }) => call.service_id))]
  tx.afterCommit(() => app.bell.ring({ work: true, services }))
}

function callPlan(call: CallRow, { service, mobiles, skip }: Facts): CallPlan {
  return {
    isTest: call.is_test,
    by: call.by,
    attempts: service.attempts,
    gapMs: service.gapMinutes * 60_000,
    ringMs: service.ringSeconds * 1000,
    phones: service.phones.length,
    mobiles: mobiles.length,
    usefulUntil: call.useful_until,
    skip,
  }
}

/** The receivers' numbers that take texts, and want them, by service. */
export async function mobilesOf(
  tx: Tx,
  services: readonly Pick<ServicePlan, 'serviceId' | 'phones'>[],
): Promise<Map<string, string[]>> {
  const optOuts = await optOutsOf(
    tx,
    services.flatMap(({ phones }) => phones.filter(isMobile)),
  )
  return new Map(
    services.map(({ serviceId, phones }) => [
      serviceId,
      phones.filter((number) => isMobile(number) && !optOuts.has(number)),
    ]),
  )
}

/** A test call is wanted now, by somebody who looks at the page: a pause does not hold it back. */
async function reasonsToSkip(
  tx: Tx,
  calls: readonly CallRow[],
  services: ReadonlyMap<string, ServicePlan>,
  now: Date,
): Promise<(string | null)[]> {
  const pauses = await pausesOn(
    tx,
    calls.map(({ service_id, local_date }) => ({ serviceId: service_id, localDate: local_date })),
  )
  return calls.map(({ service_id, is_test }, place) => {
    const endedAt = services.get(service_id)?.endedAt
    if (endedAt && endedAt <= now) return skippedBecause.ended()
    const pause = pauses[place]
    return is_test || !pause ? null : skippedBecause.paused(pause.reason)
  })
}

function markedBy({ call, event }: Decided): AttemptFound[] {
  if (event.kind === 'helpRequested' && event.attempt !== null)
    return [{ callId: call.id, number: event.attempt, result: 'help requested' }]
  if (event.kind === 'acknowledged' && 'attempt' in event && event.attempt !== null)
    return [{ callId: call.id, number: event.attempt, result: 'acknowledged' }]
  return []
}

const endedBy = ({ call, event }: Decided): AttemptFound[] =>
  event.kind === 'attemptEnded' ? [{ callId: call.id, number: event.attempt, result: event.found }] : []

async function act(
  app: App,
  tx: Tx,
  { call, event, facts }: Decided,
  effect: Exclude<CallEffect, Beginning>,
): Promise<void> {
  switch (effect.do) {
    case 'cancelAttempt': {
      const attempt = facts.attempts.find(({ number }) => number === effect.attempt)
      if (!attempt) throw new Error('an attempt to be cancelled has no row')
      const result = event.kind === 'woke' ? 'not placed' : 'cancelled'
      await endAttempt(tx, { callId: call.id, number: attempt.number, result }, app.clock.now())
      return cancelOutgoing(app, tx, attempt.outgoing_id)
    }
    case 'openAlert':
      return app.alertDesk.open(app, tx, {
        serviceId: call.service_id,
        callId: call.id,
        reason: effect.reason,
      })
    case 'allClear':
      return app.alertDesk.allClear(app, tx, { callId: call.id, byPersonId: effect.byPersonId })
  }
}

/**
 * So long an attempt may be refused by every line before it counts as not placed. Three such attempts, five minutes apart, are over
 * within the quarter of an hour in which somebody is to be told (product.md §4.7).
 */
const patienceSeconds = 4 * 60

type Beginning = Extract<CallEffect, { do: 'ring' | 'text' }>

const beginsAttempt = (effect: CallEffect): effect is Beginning =>
  effect.do === 'ring' || effect.do === 'text'

interface Begun {
  attempt: Omit<NewAttempt, 'outgoingId'>
  wanted: CallWanted | TextWanted
}

/** A new attempt and what it asks of the line. */
async function beginning(app: App, tx: Tx, decided: Decided, effect: Beginning): Promise<Begun> {
  const {
    call,
    facts: { service, mobiles },
  } = decided
  const startedAt = app.clock.now()
  const id = newId(startedAt)
  const [way, to] =
    effect.do === 'ring'
      ? (['call', service.phones[effect.phone]] as const)
      : (['text', mobiles[effect.phone]] as const)
  if (!to) throw new Error('the receiver has no such number')
  const common = {
    ownerRoom: 'calls' as const,
    ownerId: call.id,
    partId: id,
    serviceId: call.service_id,
    lineId: service.lineId,
    priority: effect.attempt === 1 ? priorities.newCall : priorities.retry,
    purpose: call.is_test ? ('test' as const) : ('call' as const),
    usefulUntil: effect.usefulUntil,
    patienceSeconds,
    to,
  }
  return {
    attempt: { id, callId: call.id, number: effect.attempt, way, toNumber: to, startedAt },
    wanted:
      way === 'call'
        ? {
            ...common,
            ringSeconds: service.ringSeconds,
            voicemailWords: service.voicemail === 'neutral words',
          }
        : { ...common, body: await bodyOf(tx, decided) },
  }
}

/** What a text says. */
async function bodyOf(tx: Tx, { call, facts: { service, attempts } }: Decided): Promise<string> {
  const message = await messageOf(tx, { serviceId: call.service_id, scheduleId: call.schedule_id })
  return textOf({
    receiverName: service.receiverName,
    kind: message?.kind ?? 'both',
    isTest: call.is_test,
    before: triedBefore(attempts),
    says: message ? await writtenOf(tx, message.messageId, service.receiverName) : '',
  })
}

function triedBefore(attempts: readonly AttemptRow[]): Writing['before'] {
  if (attempts.length === 0) return 'nothing'
  return attempts.some(({ way }) => way === 'text') ? 'written' : 'rung'
}

/** The attempts with their outgoings, which wait at their lines from now on: the two know each other. */
async function enqueued(app: App, tx: Tx, begun: readonly Begun[]): Promise<NewAttempt[]> {
  const outgoingIds = await enqueueAll(
    app,
    tx,
    begun.map(({ wanted }) => wanted),
  )
  return begun.map(({ attempt }, place) => ({ ...attempt, outgoingId: outgoingIds[place]! }))
}
