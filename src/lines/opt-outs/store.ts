// Lines / opt-outs / store: the list of numbers that no text leaves to. One list for all lines and all organisations: whoever says
// STOP to one of them wants no texts from any (docs/decisions/0023). The only SQL for opt_out.
import type { Tx, WideTx } from '../../db/db.ts'

/** `opted out`: asked for it. `takes no texts`: a landline, or another number that cannot. */
export type OptOutReason = 'opted out' | 'takes no texts'

export interface OptOut {
  organisationId: string
  /** E.164 */
  number: string
  why: OptOutReason
  /** null: it is in force */
  endedAt: Date | null
}

/**
 * No text leaves to this number from now on, and the people concerned are told.
 * @param optOut `word`: which of the words we know was texted; null when the provider told us
 * @returns false when it was on the list already
 */
export async function addOptOut(
  tx: Tx,
  optOut: { number: string; why: OptOutReason; word: string | null; lineId: string | null },
  at: Date,
): Promise<boolean> {
  if ((await optOutsOf(tx, [optOut.number])).size > 0) return false
  const fresh = {
    why: optOut.why,
    word: optOut.word,
    line_id: optOut.lineId,
    at,
    ended_at: null,
    wake_at: at,
  }
  await tx.sql
    .insertInto('opt_out')
    .values({ organisation_id: tx.organisationId, number: optOut.number, ...fresh })
    .onConflict((on) => on.columns(['organisation_id', 'number']).doUpdateSet(fresh))
    .execute()
  return true
}

/** Whoever has this number asked for texts again, by a text, so it can take them too. @returns false when nothing changed */
export async function endOptOuts(tx: WideTx, number: string, at: Date): Promise<boolean> {
  const ended = await tx.sql
    .updateTable('opt_out')
    .set({ ended_at: at, wake_at: at })
    .where('number', '=', number)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return Number(ended.numUpdatedRows) > 0
}

/** Which of these numbers no text leaves to, and why. */
export async function optOutsOf(
  tx: Pick<Tx, 'sql'> | Pick<WideTx, 'sql'>,
  numbers: readonly string[],
): Promise<Map<string, OptOutReason>> {
  if (numbers.length === 0) return new Map()
  const rows = await tx.sql
    .selectFrom('opt_out')
    .select(['number', 'why'])
    .where('number', 'in', numbers)
    .where('ended_at', 'is', null)
    .execute()
  return new Map(rows.map(({ number, why }) => [number, why]))
}

/** Those of which nobody was told yet, the longest first. */
export async function untoldOptOuts(tx: WideTx, now: Date, atMost: number): Promise<OptOut[]> {
  const rows = await tx.sql
    .selectFrom('opt_out')
    .select(['organisation_id', 'number', 'why', 'ended_at'])
    .where('wake_at', '<=', now)
    .orderBy('wake_at')
    .orderBy('number')
    .limit(atMost)
    .execute()
  return rows.map((row) => ({
    organisationId: row.organisation_id,
    number: row.number,
    why: row.why,
    endedAt: row.ended_at,
  }))
}

/** When the next is to be told of, or null. */
export async function nextUntoldAt(tx: WideTx): Promise<Date | null> {
  const row = await tx.sql
    .selectFrom('opt_out')
    .select('wake_at')
    .where('wake_at', 'is not', null)
    .orderBy('wake_at')
    .limit(1)
    .executeTakeFirst()
  return row?.wake_at ?? null
}

/** Everybody was told, or (with an instant) telling failed and is due again then. What changed meanwhile stays due. */
export async function setTold(
  tx: WideTx,
  { organisationId, number, endedAt }: OptOut,
  until: Date | null,
): Promise<void> {
  await tx.sql
    .updateTable('opt_out')
    .set({ wake_at: until })
    .where('organisation_id', '=', organisationId)
    .where('number', '=', number)
    .where('ended_at', 'is not distinct from', endedAt)
    .execute()
}
