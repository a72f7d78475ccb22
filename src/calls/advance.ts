// Calls / advance: the only way a call changes. Lock, decide, save, record and act in one transaction, so that a crash
// leaves all of it or nothing. Called by the sweeper, by the telephone and by pages.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../kit/ids.ts'
import { isMobile } from '../kit/phone-number.ts'
import {
  type CallWanted,
  cancelOutgoing,
  enqueueCall,
  enqueueText,
  optOutsOf,
  priorities,
} from '../lines/lines.ts'
import { writtenOf } from '../messages/messages.ts'
import { isPaused, type ServicePlan, servicePlan } from '../services/services.ts'
import {
  type CallEffect,
  type CallEvent,
  type CallPlan,
  type CallState,
  decide,
  type Way,
} from './machine.ts'
import {
  type AttemptRow,
  attemptsOf,
  type CallRow,
  endAttempt,
  insertAttempt,
  lockCall,
  markAttempt,
  recordEvent,
  saveState,
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
  const now = app.clock.now()
  const attempts = call.attempt === 0 ? [] : await attemptsOf(tx, call.id)
  const service = await servicePlan(tx, call.service_id)
  const before = stateOf(call, attempts)
  const mobiles = call.by === 'call' ? [] : await mobilesOf(tx, service)
  const plan = callPlan(
    call,
    service,
    mobiles,
    event.kind === 'woke' ? await reasonToSkip(tx, call, service, now) : null,
  )
  const { state, effects } = decide(before, event, plan, now)
  await noteAttempt(tx, call.id, event, now)
  if (state === before) return state

  await saveState(tx, call.id, state)
  await recordEvent(tx, call.id, { at: now, event, from: before, to: state })
  for (const effect of effects) await act(app, tx, { call, service, mobiles, attempts, event }, effect)
  tx.afterCommit(() => app.bell.ring({ work: true, services: [call.service_id] }))
  return state
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

/** The receiver's numbers that take texts, and want them. */
export async function mobilesOf(tx: Tx, { phones }: Pick<ServicePlan, 'phones'>): Promise<string[]> {
  const mobiles = phones.filter(isMobile)
  const optOuts = await optOutsOf(tx, mobiles)
  return mobiles.filter((number) => !optOuts.has(number))
}

/** A test call is wanted now, by somebody who looks at the page: a pause does not hold it back. */
async function reasonToSkip(tx: Tx, call: CallRow, service: ServicePlan, now: Date): Promise<string | null> {
  if (service.endedAt && service.endedAt <= now) return skippedBecause.ended()
  if (call.is_test) return null
  const pause = await isPaused(tx, call.service_id, call.local_date)
  return pause && skippedBecause.paused(pause.reason)
}

/** What an attempt found is kept whatever the call makes of it. */
async function noteAttempt(tx: Tx, callId: string, event: CallEvent, now: Date): Promise<void> {
  if (event.kind === 'attemptEnded') await endAttempt(tx, callId, event.attempt, event.found, now)
  if (event.kind === 'helpRequested' && event.attempt !== null)
    await markAttempt(tx, callId, event.attempt, 'help requested')
  if (event.kind === 'acknowledged' && 'attempt' in event && event.attempt !== null)
    await markAttempt(tx, callId, event.attempt, 'acknowledged')
}

interface Acting {
  call: CallRow
  service: ServicePlan
  mobiles: readonly string[]
  attempts: readonly AttemptRow[]
  event: CallEvent
}

async function act(app: App, tx: Tx, acting: Acting, effect: CallEffect): Promise<void> {
  const { call, event } = acting
  switch (effect.do) {
    case 'ring':
      return ring(app, tx, acting, effect)
    case 'text':
      return write(app, tx, acting, effect)
    case 'cancelAttempt': {
      const attempt = acting.attempts.find(({ number }) => number === effect.attempt)
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

async function ring(
  app: App,
  tx: Tx,
  acting: Acting,
  { attempt, phone, usefulUntil }: Extract<CallEffect, { do: 'ring' }>,
): Promise<void> {
  const { phones, ringSeconds, voicemail } = acting.service
  const voicemailWords = voicemail === 'neutral words'
  const begun = { attempt, way: 'call' as const, to: phones[phone], usefulUntil }
  await beginAttempt(app, tx, acting, begun, (wanted) =>
    enqueueCall(app, tx, { ...wanted, ringSeconds, voicemailWords }),
  )
}

async function write(
  app: App,
  tx: Tx,
  acting: Acting,
  { attempt, phone, usefulUntil }: Extract<CallEffect, { do: 'text' }>,
): Promise<void> {
  const { call, service, attempts } = acting
  const message = await messageOf(tx, { serviceId: call.service_id, scheduleId: call.schedule_id })
  const body = textOf({
    receiverName: service.receiverName,
    kind: message?.kind ?? 'both',
    isTest: call.is_test,
    before: triedBefore(attempts),
    says: message ? await writtenOf(tx, message.messageId, service.receiverName) : '',
  })
  const begun = { attempt, way: 'text' as const, to: acting.mobiles[phone], usefulUntil }
  await beginAttempt(app, tx, acting, begun, (wanted) => enqueueText(app, tx, { ...wanted, body }))
}

function triedBefore(attempts: readonly AttemptRow[]): Writing['before'] {
  if (attempts.length === 0) return 'nothing'
  return attempts.some(({ way }) => way === 'text') ? 'written' : 'rung'
}

/** The attempt's row and its outgoing, which know each other. */
async function beginAttempt(
  app: App,
  tx: Tx,
  { call, service }: Acting,
  { attempt, way, to, usefulUntil }: { attempt: number; way: Way; to: string | undefined; usefulUntil: Date },
  enqueue: (wanted: Omit<CallWanted, 'ringSeconds'>) => Promise<string>,
): Promise<void> {
  const now = app.clock.now()
  const id = newId(now)
  if (!to) throw new Error('the receiver has no such number')
  const outgoingId = await enqueue({
    ownerRoom: 'calls',
    ownerId: call.id,
    partId: id,
    serviceId: call.service_id,
    lineId: service.lineId,
    priority: attempt === 1 ? priorities.newCall : priorities.retry,
    purpose: call.is_test ? 'test' : 'call',
    usefulUntil,
    patienceSeconds,
    to,
  })
  await insertAttempt(tx, {
    id,
    callId: call.id,
    number: attempt,
    way,
    toNumber: to,
    outgoingId,
    startedAt: now,
  })
}
