// Example / store: carries the organisation that a rehearsal lived through into the running database, row by row as it is.
import pg from 'pg'

/** Every table of an organisation, parents before children. */
const tables = [
  'organisation', 'person', 'member', 'service', 'stakeholder', 'pause', 'recording', 'message', 'schedule',
  'call', 'attempt', 'call_event', 'alert', 'alert_call', 'notification', 'alert_event', 'outgoing', 'provider_exchange',
  'email', 'incoming', 'ring_back', 'news', 'left_message',
] as const // biome-ignore format: one glance

const rowsAtATime = 500

/** Copies everything of `organisationId`, all or nothing. What went over a line there hangs on the first line here. */
export async function carryOver(from: string, to: string, organisationId: string): Promise<void> {
  const [source, target] = [
    new pg.Client({ connectionString: from }),
    new pg.Client({ connectionString: to }),
  ]
  await Promise.all([source.connect(), target.connect()])
  try {
    await source.query("select set_config('app.organisation', 'all', false)")
    await target.query('begin')
    await target.query("select set_config('app.organisation', 'all', true)")
    const { rows: lines } = await target.query<{ id: string }>('select id from line order by name limit 1')
    for (const table of tables) {
      const { rows } = await source.query<{ row: Record<string, unknown> }>(
        `select to_jsonb(t) as row from ${table} t where organisation_id = $1`,
        [organisationId],
      )
      for (let i = 0; i < rows.length; i += rowsAtATime) {
        const some = rows
          .slice(i, i + rowsAtATime)
          .map(({ row }) =>
            (table === 'outgoing' || table === 'incoming') && lines[0]
              ? { ...row, line_id: lines[0].id }
              : row,
          )
        await target.query(
          `insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
          [JSON.stringify(some)],
        )
      }
    }
    await target.query('commit')
  } catch (error) {
    await target.query('rollback')
    throw error
  } finally {
    await Promise.all([source.end(), target.end()])
  }
}

export async function exists(connectionString: string, organisationId: string): Promise<boolean> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query("select set_config('app.organisation', 'all', false)")
    const { rowCount } = await client.query('select 1 from organisation where organisation_id = $1', [
      organisationId,
    ])
    return rowCount === 1
  } finally {
    await client.end()
  }
}
