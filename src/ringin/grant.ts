// Ringin / grant: makes a proved wish true, and tells the stakeholders in the same transaction. Called by advance.ts, for who gave the
// PIN, and by ring-back.ts, for who confirmed on their own telephone.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { stopCalls } from '../schedules/schedules.ts'
import { addPause, servicePlan } from '../services/services.ts'
import { pauseDays } from './facts.ts'
import { tellStakeholders } from './news.ts'
import type { Wish } from './types.ts'
import { askedByTelephone } from './words.ts'

/** @throws when the organisation of `tx` has no such service */
export async function grant(app: App, tx: Tx, serviceId: string, wish: Wish): Promise<void> {
  const by = { is: 'receiver' as const }
  if (wish.do === 'stop') {
    if (await stopCalls(app, tx, serviceId))
      await tellStakeholders(app, tx, serviceId, { what: 'stopped', by })
    return
  }
  const plan = await servicePlan(tx, serviceId)
  const days = pauseDays(wish, plan.timeZone, app.clock.now())
  await addPause(app, tx, serviceId, {
    ...days,
    reason: askedByTelephone(plan.receiverName),
    createdBy: plan.receiverId,
  })
  await tellStakeholders(app, tx, serviceId, { what: 'paused', ...days, by })
  tx.afterCommit(() => app.bell.ring({ work: true, services: [serviceId] }))
}
