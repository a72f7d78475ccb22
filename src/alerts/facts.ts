// Alerts / facts: what an alert is about and how it stands, as words, voice and pages need it. Reads only. Called by the
// shells of this room.

import { type CallView, callById } from '../calls/calls.ts'
import type { Tx } from '../db/db.ts'
import { personById } from '../people/people.ts'
import { type ServicePlan, servicePlan } from '../services/services.ts'
import type { AlertState } from './machine.ts'
import { callIdsOf } from './store.ts'
import type { AboutCall, AlertFacts, Standing } from './words.ts'

/** @throws when the organisation of `tx` has no such call */
export async function callOf(tx: Tx, callId: string, also?: 'past'): Promise<CallView> {
  const call = await callById(tx, callId, also)
  if (!call) throw new Error('an alert has no call')
  return call
}

/** Every call that a living alert is about, in the order in which they were due. @throws when it has none */
export async function callsOf(tx: Tx, alertId: string): Promise<[CallView, ...CallView[]]> {
  const calls: CallView[] = []
  for (const callId of await callIdsOf(tx, alertId)) calls.push(await callOf(tx, callId, 'past'))
  const [first, ...others] = calls.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
  if (!first) throw new Error('an alert has no call')
  return [first, ...others]
}

export function factsOf(
  service: ServicePlan,
  calls: readonly [CallView, ...CallView[]],
  reason: AlertFacts['reason'],
): AlertFacts {
  const [first] = calls
  return {
    receiverName: service.receiverName,
    reason,
    dueAt: first.dueAt,
    localTime: first.localTime,
    timeZone: service.timeZone,
    attempts: attemptsIn(...calls),
    accessNotes: service.accessNotes?.trim() || null,
    asked: askedIn(first),
    ...(calls.length > 1 && { calls: calls.map(aboutCall) }),
  }
}

const askedIn = (call: CallView): NonNullable<AlertFacts['asked']> =>
  call.scheduleId === null && !call.isTest ? 'nothing' : call.by === 'text' ? 'text' : 'call'

/** A call that was acknowledged late keeps its outcome, so each of them has one of these. */
function aboutCall(call: CallView): AboutCall {
  const { dueAt, localTime, outcome } = call
  const became = outcome === 'missed' || outcome === 'help requested' ? outcome : 'not placed'
  return { dueAt, localTime, became, asked: askedIn(call) }
}

/** What each attempt found, and when it rang. One still under way has found nothing yet. */
export function attemptsIn(...calls: readonly CallView[]): AlertFacts['attempts'] {
  return calls
    .flatMap(({ attempts }) => attempts)
    .flatMap(({ result, rangAt, startedAt, way }) =>
      result ? [{ result, at: rangAt ?? startedAt, way }] : [],
    )
}

export async function readFacts(
  tx: Tx,
  alert: { id: string; service_id: string; reason: AlertFacts['reason'] },
): Promise<AlertFacts> {
  return factsOf(await servicePlan(tx, alert.service_id), await callsOf(tx, alert.id), alert.reason)
}

/** How it stands for this person. */
export async function standingFor(tx: Tx, state: AlertState, personId: string): Promise<Standing> {
  switch (state.is) {
    case 'open':
    case 'handed over':
      return { is: 'open' }
    case 'accepted':
      if (state.by === personId) return { is: 'yours' }
      return { is: 'accepted', byName: await nameOf(tx, state.by), wantsHelp: state.said === 'get help' }
    case 'closed':
      return { is: 'closed', how: state.how, byName: state.by && (await nameOf(tx, state.by)) }
  }
}

/** @throws when the organisation of `tx` has no such person */
export async function nameOf(tx: Tx, personId: string): Promise<string> {
  const person = await personById(tx, personId)
  if (!person) throw new Error('no such person in this organisation')
  return person.name
}
