// Forecast / store: the only SQL for forecast_warning. Takes a transaction.
import type { Tx } from '../db/db.ts'

/** Note that this peak was warned of. @returns false when it had been already */
export async function noteWarning(tx: Tx, lineId: string, peakAt: Date, now: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx.sql
    .insertInto('forecast_warning')
    .values({ organisation_id: tx.organisationId, line_id: lineId, peak_at: peakAt, warned_at: now })
    .onConflict((on) => on.doNothing())
    .executeTakeFirstOrThrow()
  return Number(numInsertedOrUpdatedRows) > 0
}
