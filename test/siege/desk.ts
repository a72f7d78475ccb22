// Siege / desk: the people who work the queue. What was handed over, or accepted and not heard of again, they see to within the hour, as
// people do; else a week would end with every alert of it still asking. An actor of the siege's own process.

import { closeAlert } from '../../src/alerts/alerts.ts'
import type { App } from '../../src/app.ts'
import type { Actor } from '../../src/queue/actor.ts'

const patienceMs = 40 * 60_000

export function desk(app: App, organisationId: string): Actor {
  /** Waiting longest first. */
  const waiting = () =>
    app.db.look(async ({ sql }) => {
      const rows = await sql
        .selectFrom('alert')
        .select(['id', 'opened_at'])
        .where('state', 'in', ['accepted', 'handed over'])
        .orderBy('opened_at')
        .execute()
      return rows.map(({ id, opened_at }) => ({ id, at: new Date(opened_at.getTime() + patienceMs) }))
    })

  async function close(alertId: string): Promise<void> {
    await app.db.in({ organisationId }, async (tx) => {
      const { person_id } = await tx.sql.selectFrom('member').select('person_id').executeTakeFirstOrThrow()
      await closeAlert(app, tx, alertId, person_id, 'she is fine')
    })
  }

  return {
    name: 'desk',
    async runDue(now) {
      const due = (await waiting()).filter(({ at }) => at <= now)
      for (const { id } of due) await close(id)
      return due.length
    },
    nextAt: async () => (await waiting())[0]?.at ?? null,
  }
}
