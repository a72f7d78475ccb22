// Alerts / facts: what an alert is about and how it stands, as words, voice and pages need it. Reads only. Called by the
// shells of this room.

import { type CallView, callById } from '../calls/calls.ts'
import type { Tx } from '../db/db.ts'
import { personById } from '../people/people.ts'
import { type ServicePlan, servicePlan } from '../services/services.ts'
import type { AlertState } from './machine.ts'
import type { AlertFacts, Standing } from './words.ts'

/** @throws when the organisation of `tx` has no such call */
export async function callOf(tx: Tx, callId: string, also?: 'past'): Promise<CallView> {
  const call = await callById(tx, callId, also)
  if (!call) throw new Error('an alert has no call')
  return call
}

export function factsOf(service: ServicePlan, call: CallView, reason: AlertFacts['reason']): AlertFacts {
  return {
    receiverName: service.receiverName,
    reason,
    dueAt: call.dueAt,
    localTime: call.localTime,
    timeZone: service.timeZone,
    attempts: attemptsIn(call),
    accessNotes: service.accessNotes?.trim() || null,
    asked: call.scheduleId === null && !call.isTest ? 'nothing' : call.by === 'text' ? 'text' : 'call',
  }
}

/** What each attempt found, and when it rang. One still under way has found nothing yet. */
export function attemptsIn(call: CallView): AlertFacts['attempts'] {
  return call.attempts.flatMap(({ result, rangAt, startedAt, way }) =>
    result ? [{ result, at: rangAt ?? startedAt, way }] : [],
  )
}

export async function readFacts(
  tx: Tx,
  alert: { service_id: string; call_id: string; reason: AlertFacts['reason'] },
): Promise<AlertFacts> {
  return factsOf(await servicePlan(tx, alert.service_id), await callOf(tx, alert.call_id), alert.reason)
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
