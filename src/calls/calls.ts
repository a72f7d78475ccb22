// Calls: the room of calls and their attempts. The door: other rooms enter here and nowhere else.
//
// Owns: call, attempt, call_event.
// Promises: every due call gets exactly one outcome; a call that is missed, not placed or asks for help opens its alert in the
//   same commit; the same event twice, late or out of order changes nothing; every open call has a wake_at.
// Never: dials (lines does), tells anybody (alerts does), plays anything after the call's useful time.
//
// Lock order: a call's row, then its outgoing or its alert. So alerts calls `acknowledge` before it locks an alert.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { AlertReason } from '../db/tables.ts'

export {
  acknowledge,
  acknowledgeByRingIn,
  askForHelpByRingIn,
  ringNow,
  skipOpenCalls,
} from './asked.ts'
export { type CallEvent, checkInEarlyMs } from './machine.ts'
export { dropWaitingCalls, insertCalls, type Slot } from './store.ts'
export { callActors } from './sweep.ts'
export { callsOwner } from './telephone.ts'
export { callTextListener } from './texts.ts'
export {
  type AttemptView,
  type CallEventView,
  type CallView,
  type ComingCall,
  type Cursor,
  callById,
  callsOfService,
  comingCalls,
  hasAnsweredSince,
  historyOf,
  howTriesWent,
  messageOf as messageOfCall,
  nextCall,
} from './views/store.ts'

/** What calls asks of the alerts room. Registered in app.ts: alerts knows calls, calls knows only this. */
export interface AlertDesk {
  /**
   * Open the alert of this call, or let it join one about the same receiver of which people are told already. When it has one: a second
   * 'missed' or 'not placed' changes nothing, but 'help requested' is always acted upon and opens a closed alert anew. Asked at most
   * once for each.
   */
  open(app: App, tx: Tx, raised: { serviceId: string; callId: string; reason: AlertReason }): Promise<void>
  /**
   * The call was acknowledged after its alert was opened as missed or not placed: everybody who was told gets the
   * all-clear. `byPersonId` null: the receiver. Never asked of a call that asked for help.
   */
  allClear(app: App, tx: Tx, cleared: { callId: string; byPersonId: string | null }): Promise<void>
}
