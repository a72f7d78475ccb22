// Calls / asked: what people ask of a call on a page: ring now, and "I speak for her". Called by pages.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { localDateOf, localTimeOf } from '../kit/local-time.ts'
import { servicePlan } from '../services/services.ts'
import { advance } from './advance.ts'
import { insertTestCall } from './store.ts'

/** Whoever pressed "Ring now" is waiting for it; a test call that leaves later would only surprise. */
const testUsefulForMinutes = 10

/**
 * Make a test call: it rings once, as soon as the line is free, says that it is a test, and never alerts.
 * @returns its id; of the one still under way when there is one
 * @throws when the organisation of `tx` has no such service
 */
export async function ringNow(app: App, tx: Tx, serviceId: string): Promise<string> {
  const { timeZone } = await servicePlan(tx, serviceId)
  const dueAt = app.clock.now()
  const slot = { dueAt, localDate: localDateOf(dueAt, timeZone), localTime: localTimeOf(dueAt, timeZone) }
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
