// Db / durable: whether the server keeps what it has said is saved, also when the power goes. Reads only; asked at start by process.ts.
// What each setting does: PostgreSQL manual, "Write Ahead Log" (fsync, synchronous_commit, full_page_writes).
import { sql } from 'kysely'
import type { Db } from './db.ts'

const wrong: Record<string, { is: string; means: string }> = {
  fsync: { is: 'off', means: 'a power cut may destroy the whole database' },
  full_page_writes: { is: 'off', means: 'a power cut may destroy tables' },
  synchronous_commit: {
    is: 'off',
    means:
      'a crash loses the last moments: calls that were made ring again, and keys that were pressed are forgotten',
  },
}

/** @returns a sentence for each setting with which acknowledged work can be lost; as this application's own connections have it */
export async function undurable(db: Db): Promise<string[]> {
  const { rows } = await db.look((tx) =>
    sql<{ name: string; setting: string }>`
      select name, setting from pg_settings where name = any (${Object.keys(wrong)}) order by name
    `.execute(tx.sql),
  )
  return rows
    .filter(({ name, setting }) => setting === wrong[name]!.is)
    .map(
      ({ name }) =>
        `The database has ${name} off: ${wrong[name]!.means}. Set it to on before anybody depends on this.`,
    )
}
