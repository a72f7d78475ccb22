// Alerts / telephone: what lines tells this room about its calls and texts, carried out by advance() and answered with the
// scripts of voice.ts. Registered as an owner in wiring.ts; lines calls it within its own transactions.
import type { Tx } from '../db/db.ts'
import type { Ended, Heard, OutgoingOwner } from '../lines/lines.ts'
import { advance } from './advance.ts'
import { readFacts, standingFor } from './facts.ts'
import { endNotification, lockAlert, notificationById, stateOf } from './store.ts'
import { actOf, after, answer, type OnThePhone, opening, silence } from './voice.ts'

export const alertsOwner: OutgoingOwner = {
  async lock(tx, alertId) {
    await lockAlert(tx, alertId)
  },

  async answered(_app, tx, heard) {
    return opening((await onThePhone(tx, heard)).on)
  },

  async keyed(app, tx, heard, key) {
    const { on, personId } = await onThePhone(tx, heard)
    const act = actOf(on, key)
    if (act === null) return answer(on, key, heard.keys)
    const event =
      act === 'accept'
        ? { kind: 'accepted' as const, by: personId, over: 'call' as const }
        : { kind: 'said' as const, what: act, by: personId, over: 'call' as const }
    await advance(app, tx, heard.ownerId, event, heard.partId)
    return after((await onThePhone(tx, heard)).on, act)
  },

  async silent(_app, tx, heard) {
    return silence((await onThePhone(tx, heard)).on, heard.silences)
  },

  async ended(app, tx, ended) {
    await endNotification(tx, ended.partId, resultOf(ended), app.clock.now())
    const alert = await lockAlert(tx, ended.ownerId)
    if (alert) tx.afterCommit(() => app.bell.ring({ services: [alert.service_id] }))
  },
}

/** How things stand for the person who listens at this moment. */
async function onThePhone(tx: Tx, heard: Heard): Promise<{ on: OnThePhone; personId: string }> {
  const alert = await lockAlert(tx, heard.ownerId)
  const notification = await notificationById(tx, heard.partId)
  if (!alert || !notification) throw new Error('no such alert or notification in this organisation')
  const { personId, name, tells } = notification
  const standing = await standingFor(tx, stateOf(alert), personId)
  return { personId, on: { tells, name, facts: await readFacts(tx, alert), standing } }
}

/** Whether a key accepted anything was decided when it was pressed; of the call it is enough that somebody picked up. */
function resultOf({ result }: Ended): string {
  switch (result) {
    case 'acknowledged':
    case 'help requested':
    case 'answered without a key':
      return 'answered'
    default:
      return result
  }
}
