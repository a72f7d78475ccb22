// Queue / store: the only SQL for clock_position: how far a laptop's clock stands ahead, so that rows whose time was moved to
// are not suddenly in the future again after a restart. And the look at who is still there.
import { sql } from 'kysely'
import type { Db, WideTx } from '../db/db.ts'

/** Of these presences (bell.ts) those whose process is gone, or at least its connection. */
export async function goneAmong(tx: WideTx, presences: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ presence: string }>`
    select presence from unnest(${presences}::bigint[]) presence where not exists (
      select 1 from pg_locks where locktype = 'advisory' and objsubid = 1 and granted
        and database = (select oid from pg_database where datname = current_database())
        and classid = (presence >> 32)::oid and objid = (presence & 4294967295)::oid)`.execute(tx.sql)
  return new Set(rows.map(({ presence }) => presence))
}

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
