// Calls / asked: what people ask of a call: on a page, ring now, and "I speak for her"; by ringing in, "I am well" and "I need
// somebody"; and that no more be made. Called through the door.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { localDateOf, localTimeOf } from '../kit/local-time.ts'
import { servicePlan } from '../services/services.ts'
import { advance } from './advance.ts'
import { insertRungInCall, insertTestCall, openCallIds } from './store.ts'
import { messageOf } from './views/store.ts'
import { skippedBecause } from './words.ts'

/** Whoever pressed "Ring now" is waiting for it; a test call that leaves later would only surprise. */
const testUsefulForMinutes = 10

/**
 * Make a test call: it rings (or writes, where the receiver is only texted) once, as soon as the line is free, says that it is
 * a test, and never alerts.
 * @returns its id; of the one still under way when there is one
 * @throws when the organisation of `tx` has no such service
 */
export async function ringNow(app: App, tx: Tx, serviceId: string): Promise<string> {
  const { timeZone } = await servicePlan(tx, serviceId)
  const dueAt = app.clock.now()
  const message = await messageOf(tx, { serviceId, scheduleId: null })
  const slot = {
    dueAt,
    localDate: localDateOf(dueAt, timeZone),
    localTime: localTimeOf(dueAt, timeZone),
    by: message?.by ?? 'call',
  }
  return insertTestCall(app, tx, serviceId, slot, testUsefulForMinutes)
}

/**
 * A stakeholder says that the receiver is well. What still rings is called off; after a miss everybody who was told
 * gets the all-clear. Twice is no error.
 * @throws when the organisation of `tx` has no such call
 */
export async function acknowledge(app: App, tx: Tx, callId: string, personId: string): Promise<void> {
  await advance(app, tx, callId, { kind: 'acknowledged', by: 'stakeholder', personId })
}

/**
 * The receiver rang in and pressed a key: the same for a call that is open or was missed, and for one that is soon due, which
 * then does not ring.
 * @throws when the organisation of `tx` has no such call
 */
export async function acknowledgeByRingIn(app: App, tx: Tx, callId: string): Promise<void> {
  await advance(app, tx, callId, { kind: 'acknowledged', by: 'ring-in' })
}

/**
 * The receiver rang in and asked for help: the alert opens at once.
 * @param callId the call it is about; null where none is open or alarms already: then a call of its own stands for it
 * @returns the call that now asks for help
 * @throws when the organisation of `tx` has no such service or call
 */
export async function askForHelpByRingIn(
  app: App,
  tx: Tx,
  serviceId: string,
  callId: string | null,
): Promise<string> {
  const id = callId ?? (await rungInCall(app, tx, serviceId))
  await advance(app, tx, id, { kind: 'helpRequested', attempt: null })
  return id
}

async function rungInCall(app: App, tx: Tx, serviceId: string): Promise<string> {
  const { timeZone, usefulForMinutes } = await servicePlan(tx, serviceId)
  const dueAt = app.clock.now()
  const slot = { dueAt, localDate: localDateOf(dueAt, timeZone), localTime: localTimeOf(dueAt, timeZone) }
  return insertRungInCall(tx, serviceId, slot, usefulForMinutes)
}

/** The calls were stopped: what rings, rests or is due is skipped. What is planned for later is skipped when its time comes. */
export async function skipOpenCalls(app: App, tx: Tx, serviceId: string): Promise<void> {
  for (const callId of await openCallIds(tx, serviceId, app.clock.now()))
    await advance(app, tx, callId, { kind: 'skipped', reason: skippedBecause.ended() })
}
