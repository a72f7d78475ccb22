// Forecast / store: the only SQL for forecast_look and forecast_warning. Takes a transaction.
import type { Tx, WideTx } from '../db/db.ts'

/** Note that this peak was warned of. @returns false when it had been already */
export async function noteWarning(tx: Tx, lineId: string, peakAt: Date, now: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx.sql
    .insertInto('forecast_warning')
    .values({ organisation_id: tx.organisationId, line_id: lineId, peak_at: peakAt, warned_at: now })
    .onConflict((on) => on.doNothing())
    .executeTakeFirstOrThrow()
  return Number(numInsertedOrUpdatedRows) > 0
}

/** Takes the look that is due at `now` by putting the next one off to `until`. @returns false when another has taken it, or none is due */
export async function takeLook(tx: WideTx, now: Date, until: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx.sql
    .updateTable('forecast_look')
    .set({ wake_at: until })
    .where('wake_at', '<=', now)
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows) > 0
}

/** When the coming day is to be looked at next. */
export async function nextLook(tx: WideTx): Promise<Date | null> {
  const row = await tx.sql
    .selectFrom('forecast_look')
    .select('wake_at')
    .orderBy('wake_at')
    .limit(1)
    .executeTakeFirst()
  return row?.wake_at ?? null
}
