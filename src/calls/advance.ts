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
  type AttemptRow,
  attemptsOf,
  type CallRow,
  type Change,
  endAttempt,
  lockCall,
  markAttempt,
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
  const decided = await decideAll(app, tx, [call], event)
  await saveAll(app, tx, decided)
  return decided[0]!.to
}

/**
 * Wake many that this transaction has locked, by a handful of statements. One whose waking concerns more rows than are made anew is
 * left as it was: it locks others, and two transactions that lock many in orders of their own would wait for each other.
 * @returns those that are to be woken each in a transaction of its own
 */
export async function wakeTogether(app: App, tx: Tx, calls: readonly CallRow[]): Promise<CallRow[]> {
  const decided = await decideAll(app, tx, calls, { kind: 'woke' })
  await saveAll(app, tx, decided.filter(locksNothingElse))
  return decided.filter((each) => !locksNothingElse(each)).map(({ call }) => call)
}

const locksNothingElse = ({ effects }: Decided): boolean => effects.every(beginsAttempt)

interface Decided extends Change {
  effects: readonly CallEffect[]
  service: ServicePlan
  mobiles: readonly string[]
  attempts: readonly AttemptRow[]
}

/** What this event makes of each, from all that it depends on. Changes nothing. */
async function decideAll(app: App, tx: Tx, calls: readonly CallRow[], event: CallEvent): Promise<Decided[]> {
  const now = app.clock.now()
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
  const skips = event.kind === 'woke' ? await reasonsToSkip(tx, calls, services, now) : []
  return calls.map((call, place) => {
    const service = services.get(call.service_id)
    if (!service) throw new Error('a call without its service')
    const attempts = attemptsByCall.get(call.id) ?? []
    const mobiles = mobilesByService.get(call.service_id) ?? []
    const from = stateOf(call, attempts)
    const plan = callPlan(call, service, mobiles, skips[place] ?? null)
    const { state, effects } = decide(from, event, plan, now)
    return { call, event, from, to: state, effects, service, mobiles, attempts }
  })
}

async function saveAll(app: App, tx: Tx, decided: readonly Decided[]): Promise<void> {
  const now = app.clock.now()
  for (const { call, event } of decided) await noteAttempt(tx, call.id, event, now)
  const changed = decided.filter(({ from, to }) => to !== from)
  if (changed.length === 0) return
  const begun: Begun[] = []
  for (const each of changed)
    for (const effect of each.effects)
      if (beginsAttempt(effect)) begun.push(await beginning(app, tx, each, effect))
  await saveChanges(tx, changed, await enqueued(app, tx, begun), now)
  for (const each of changed)
    for (const effect of each.effects) if (!beginsAttempt(effect)) await act(app, tx, each, effect)
  const services = [...new Set(changed.map(({ call }) => call.service_id))]
  tx.afterCommit(() => app.bell.ring({ work: true, services }))
}

function callPlan(
  call: CallRow,
  service: ServicePlan,
  mobiles: readonly string[],
  skip: string | null,
): CallPlan {
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

/** What an attempt found is kept whatever the call makes of it. */
async function noteAttempt(tx: Tx, callId: string, event: CallEvent, now: Date): Promise<void> {
  if (event.kind === 'attemptEnded') await endAttempt(tx, callId, event.attempt, event.found, now)
  if (event.kind === 'helpRequested' && event.attempt !== null)
    await markAttempt(tx, callId, event.attempt, 'help requested')
  if (event.kind === 'acknowledged' && 'attempt' in event && event.attempt !== null)
    await markAttempt(tx, callId, event.attempt, 'acknowledged')
}

async function act(
  app: App,
  tx: Tx,
  { call, event, attempts }: Decided,
  effect: Exclude<CallEffect, Beginning>,
): Promise<void> {
  switch (effect.do) {
    case 'cancelAttempt': {
      const attempt = attempts.find(({ number }) => number === effect.attempt)
      if (!attempt) throw new Error('an attempt to be cancelled has no row')
      await endAttempt(
        tx,
        call.id,
        attempt.number,
        event.kind === 'woke' ? 'not placed' : 'cancelled',
        app.clock.now(),
      )
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
  const { call, service, mobiles } = decided
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
async function bodyOf(tx: Tx, { call, service, attempts }: Decided): Promise<string> {
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
