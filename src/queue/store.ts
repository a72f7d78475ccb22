// Queue / store: the only SQL for clock_position: how far a laptop's clock stands ahead, so that rows whose time was moved to
// are not suddenly in the future again after a restart.
import type { Db } from '../db/db.ts'

/** Milliseconds ahead of real time; 0 when the clock was never moved. */
export async function readClockPosition(db: Db): Promise<number> {
  return db.everywhere(async ({ sql }) => {
    const row = await sql.selectFrom('clock_position').select('ahead_ms').executeTakeFirst()
    return row ? Math.max(0, Number(row.ahead_ms)) : 0
  })
}

export async function saveClockPosition(db: Db, aheadMs: number): Promise<void> {
  await db.everywhere(({ sql }) =>
    sql
      .insertInto('clock_position')
      .values({ ahead_ms: Math.round(aheadMs) })
      .onConflict((on) => on.column('only_row').doUpdateSet({ ahead_ms: Math.round(aheadMs) }))
      .execute(),
  )
}
