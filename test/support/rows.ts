// Every row of every table as text, to lay two databases side by side: written anew and not by the backup's own code, so that a
// mistake there is not made twice.
import pg from 'pg'

export type AllRows = Record<string, string[]>

/** @param snapshot PostgreSQL's name for a moment that another connection sees; else now */
export async function allRows(connectionString: string, snapshot?: string): Promise<AllRows> {
  const client = new pg.Client({ connectionString, options: '-c timezone=UTC' })
  await client.connect()
  try {
    await client.query('begin transaction isolation level repeatable read read only')
    if (snapshot) await client.query(`set transaction snapshot '${snapshot}'`)
    await client.query(`select set_config('app.organisation', 'all', true)`)
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`,
    )
    const found: AllRows = {}
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`)
      found[name] = rows.map(({ row }) => row).sort()
    }
    return found
  } finally {
    await client.end()
  }
}
