// Schedules / stop: the calls of a service end for good, or begin again. Called through the door: by a page, and by a receiver who
// rings in and has proved who it is.
import type { App } from '../app.ts'
import { skipOpenCalls } from '../calls/calls.ts'
import type { Tx } from '../db/db.ts'
import { endService, servicePlan } from '../services/services.ts'
import { replanService } from './store.ts'

/**
 * No call is made from now on. What rings or rests is skipped now, what is planned when its time comes; an alert that is open
 * stays until a person closes it.
 * @returns false: they were stopped already
 */
export async function stopCalls(app: App, tx: Tx, serviceId: string): Promise<boolean> {
  const { endedAt } = await servicePlan(tx, serviceId)
  if (endedAt !== null) return false
  await endService(tx, serviceId, app.clock.now())
  await skipOpenCalls(app, tx, serviceId)
  tx.afterCommit(() => app.bell.ring({ work: true, services: [serviceId] }))
  return true
}

/**
 * The calls begin again with the next time that is due. What fell due meanwhile is not made up for.
 * @returns false: they were not stopped
 */
export async function startCallsAgain(app: App, tx: Tx, serviceId: string): Promise<boolean> {
  const { endedAt } = await servicePlan(tx, serviceId)
  if (endedAt === null) return false
  await endService(tx, serviceId, null)
  await replanService(app, tx, serviceId)
  tx.afterCommit(() => app.bell.ring({ work: true, services: [serviceId] }))
  return true
}
