// Alerts / joining: whether a call that was missed, or could not be placed, joins the alert that tells of the same person already, so
// that a night without CallAssist is one alert about Ada, not five (docs/decisions/0028). Pure. Called by desk.ts.
//
//  1. Only an alert that is not over, and began within the last hour: nobody is alarmed about one person twice within an hour, and
//     what fails later is told anew.
//  2. A call that could not be placed says nothing about the person, except that nobody knows: it joins quietly. So does one that was
//     missed before that alert began, and was found out only now.
//  3. A call that has rung since and was not answered is news about the person. Where nobody has that alert in hand, and it told only
//     of calls that could not be placed, it joins and acts (rule 12 of machine.ts). Else it opens an alert of its own.
//  4. Help asked for never joins.
import type { AlertState, Reason } from './machine.ts'

export interface Failed {
  reason: Reason
  /** when its telephone rang last; null: never */
  lastTriedAt: Date | null
}

export interface Known {
  state: AlertState['is']
  reason: Reason
  openedAt: Date
}

/** `null`: it opens an alert of its own. */
export type Joining = 'quietly' | 'as news' | null

/** So long after it began an alert takes calls in. */
export const joiningMs = 60 * 60_000

export function joining(call: Failed, alert: Known, now: Date): Joining {
  const isOld = now.getTime() - alert.openedAt.getTime() >= joiningMs
  if (alert.state === 'closed' || isOld || call.reason === 'help requested') return null
  if (call.reason === 'not placed') return 'quietly'
  if (call.lastTriedAt !== null && call.lastTriedAt < alert.openedAt) return 'quietly'
  const isInHand = alert.state === 'accepted'
  return alert.reason === 'not placed' && !isInHand ? 'as news' : null
}
