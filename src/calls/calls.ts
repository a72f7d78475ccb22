// Calls: the room of calls and their attempts. The door: other rooms enter here and nowhere else.
//
// Owns: call, attempt, call_event.
// Promises: every due call gets exactly one outcome; a call that is missed, not placed or asks for help opens its alert in the
//   same commit; the same event twice, late or out of order changes nothing; every open call has a wake_at.
// Never: dials (lines does), tells anybody (alerts does), plays anything after the call's useful time.
import type { Tx } from '../db/db.ts'
import type { AlertReason } from '../db/tables.ts'
import type { App } from '../app.ts'

/** What calls asks of the alerts room. Registered in app.ts: alerts knows calls, calls knows only this. */
export interface AlertDesk {
  /** Open the alert of this call. Does nothing when it has one already, except that asking for help reopens nothing but is recorded. */
  open(app: App, tx: Tx, raised: { serviceId: string; callId: string; reason: AlertReason }): Promise<void>
  /** The call was acknowledged after its alert was opened: everybody who was told gets the all-clear. `byPersonId` null: the receiver. */
  allClear(app: App, tx: Tx, cleared: { callId: string; byPersonId: string | null }): Promise<void>
}
