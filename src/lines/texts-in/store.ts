// Lines / texts in / store: which texts that came in were acted upon already. The only SQL for text_in.
import { sql } from 'kysely'
import type { Tx } from '../../db/db.ts'

/** A process that was lost with a text holds it no longer than this: the provider may send it again then. */
const heldForMs = 30_000

/** @returns false when it was acted upon already, or somebody is at it */
export async function takeTextIn(tx: Tx, text: { sid: string; lineId: string }, now: Date): Promise<boolean> {
  const taken = await tx.sql
    .insertInto('text_in')
    .values({
      organisation_id: tx.organisationId,
      provider_sid: text.sid,
      line_id: text.lineId,
      taken_at: now,
    })
    .onConflict((on) =>
      on
        .columns(['organisation_id', 'provider_sid'])
        .doUpdateSet({ taken_at: now })
        .where('text_in.done_at', 'is', null)
        .where(sql<boolean>`text_in.taken_at <= ${new Date(now.getTime() - heldForMs)}`),
    )
    .returning('provider_sid')
    .executeTakeFirst()
  return taken !== undefined
}

export async function textInDone(tx: Tx, sid: string, now: Date): Promise<void> {
  await tx.sql
    .updateTable('text_in')
    .set({ done_at: now })
    .where('organisation_id', '=', tx.organisationId)
    .where('provider_sid', '=', sid)
    .execute()
}

/** It could not be acted upon: whoever sends it again is welcome at once. */
export async function giveBackTextIn(tx: Tx, sid: string): Promise<void> {
  await tx.sql
    .deleteFrom('text_in')
    .where('organisation_id', '=', tx.organisationId)
    .where('provider_sid', '=', sid)
    .where('done_at', 'is', null)
    .execute()
}
