// Alerts / asked: what people ask of an alert on a page. Called by this room's pages and by others'.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { advance } from './advance.ts'
import { standingFor } from './facts.ts'
import type { Over, Said } from './machine.ts'
import type { Standing } from './words.ts'

/**
 * A person says "I will see to it".
 * @returns how it stands for them then: theirs, somebody else's, or over. Twice is no error.
 * @throws when the organisation of `tx` has no such alert
 */
export async function acceptAlert(
  app: App,
  tx: Tx,
  alertId: string,
  personId: string,
  over: Over,
): Promise<Standing> {
  return standingFor(tx, await advance(app, tx, alertId, { kind: 'accepted', by: personId, over }), personId)
}

/**
 * A person says how it went. "She is fine" closes it; see machine.ts for the others.
 * @returns how it stands for them then
 * @throws when the organisation of `tx` has no such alert
 */
export async function closeAlert(
  app: App,
  tx: Tx,
  alertId: string,
  personId: string,
  how: Said,
  over: Over = 'page',
): Promise<Standing> {
  const event = { kind: 'said' as const, what: how, by: personId, over }
  return standingFor(tx, await advance(app, tx, alertId, event), personId)
}
