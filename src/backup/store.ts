// Backup / store: the only SQL of this room. It copies every table there is, which it finds in the catalogue, so that a new table is
// not forgotten. Reads and writes for whoever makes a backup or restores one; nothing else of CallAssist works past its rooms.
import type { Readable, Writable } from 'node:stream'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { PartitionInBackup, SequenceInBackup } from './manifest.ts'

export interface Table {
  schema: string
  name: string
  columns: string[]
}

export interface RecordingRow {
  id: string
  fileKey: string
  /** empty: erased */
  wrappedKey: Uint8Array
}

/**
 * A connection whose text form of every value is the same on every server, and which nothing cuts off.
 * @throws whatever PostgreSQL says when it cannot be reached
 */
export async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 10_000,
    options:
      '-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c bytea_output=hex -c extra_float_digits=1 -c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c synchronize_seqscans=off',
  })
  // a broken connection fails the query under way, which is heard
  client.on('error', () => undefined)
  await client.connect()
  return client
}

const ours = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg\\_temp%'`

/** Begin to see the whole database as it is at one moment. Work goes on beside it. */
export async function beginSnapshot(client: pg.Client): Promise<void> {
  const tables = await tablesOf(client)
  await client.query('begin transaction isolation level repeatable read read only')
  // before the snapshot is taken, so that no table changes its columns between the two
  for (const table of tables) await client.query(`lock table ${nameOf(table)} in access share mode`)
  await client.query(`select set_config('app.organisation', 'all', true)`)
  await refuseWhatHidesRows(client)
}

/** Our own name for the moment that is seen, for another connection that shall see the same. */
export async function exportSnapshot(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>('select pg_export_snapshot() as id')
  return rows[0]!.id
}

/** Row-level security binds us too: a policy that knew no "all" would leave rows out of every backup. */
async function refuseWhatHidesRows(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${ours} and c.relkind in ('r', 'p') and not c.relispartition and c.relrowsecurity
      and not exists (select from pg_policy p where p.polrelid = c.oid and p.polpermissive and p.polcmd in ('*', 'r')
                      and pg_get_expr(p.polqual, p.polrelid) ~ '^[(]*app_organisation[(][)] = ''all''')
      and not (select rolsuper or rolbypassrls from pg_roles where rolname = current_user)`)
  if (rows[0]) throw new Error(`the table ${rows[0].name} hides rows from a backup`)
}

export async function serverVersion(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  )
  return rows[0]!.version
}

/** No tables: nothing was ever made here. */
export async function isEmpty(client: pg.Client): Promise<boolean> {
  return (await tablesOf(client)).length === 0
}

/** Every table with rows of its own, those that others point at first. @throws when tables point at each other in a circle */
export async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table & { points_at: string[]; id: string }>(`
    select c.oid::text as id, n.nspname as schema, c.relname as name,
      array(select a.attname::text from pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
      array(select distinct confrelid::text from pg_constraint
            where conrelid = c.oid and contype = 'f' and confrelid <> c.oid) as points_at
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${ours} and c.relkind in ('r', 'p') and not c.relispartition
    order by n.nspname, c.relname`)
  const ordered: typeof rows = []
  while (ordered.length < rows.length) {
    const known = new Set(ordered.map(({ id }) => id))
    const free = rows.filter(({ id, points_at }) => !known.has(id) && points_at.every((to) => known.has(to)))
    if (free.length === 0) throw new Error('the tables point at each other in a circle')
    ordered.push(...free)
  }
  return ordered.map(({ schema, name, columns }) => ({ schema, name, columns }))
}

export async function partitionsOf(client: pg.Client): Promise<PartitionInBackup[]> {
  const { rows } = await client.query<PartitionInBackup>(`
    select n.nspname as schema, c.relname as name, pn.nspname as "ofSchema", p.relname as of,
      pg_get_expr(c.relpartbound, c.oid) as bound
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_inherits i on i.inhrelid = c.oid join pg_class p on p.oid = i.inhparent
      join pg_namespace pn on pn.oid = p.relnamespace
    where ${ours} and c.relkind in ('r', 'p') and c.relispartition
    order by c.relkind, n.nspname, c.relname`)
  return rows
}

export async function sequencesOf(client: pg.Client): Promise<SequenceInBackup[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(`
    select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${ours} and c.relkind = 'S' order by 1, 2`)
  const found: SequenceInBackup[] = []
  for (const sequence of rows) {
    const { rows: state } = await client.query<{ value: string; isCalled: boolean }>(
      `select last_value::text as value, is_called as "isCalled" from ${nameOf(sequence)}`,
    )
    found.push({ ...sequence, ...state[0]! })
  }
  return found
}

/** Null: this is no database of CallAssist. */
export async function appliedMigrations(client: pg.Client): Promise<string[] | null> {
  const { rows } = await client.query<{ is: boolean }>(
    `select to_regclass('public.migration') is not null as is`,
  )
  if (!rows[0]!.is) return null
  const applied = await client.query<{ name: string }>('select name from public.migration order by name')
  return applied.rows.map(({ name }) => name)
}

/** The rows of a table as the text of COPY, through a query, because a table in parts cannot be copied otherwise. */
export function rowsOut(client: pg.Client, table: Table): Readable {
  return client.query(copyTo(`copy (select ${columnsOf(table)} from ${nameOf(table)}) to stdout`))
}

export function rowsIn(client: pg.Client, table: Table): Writable {
  return client.query(copyFrom(`copy ${nameOf(table)} (${columnsOf(table)}) from stdin`))
}

/**
 * Row-level security takes no COPY, not even from the tables' owner. Lifted within this transaction, and for the owner only: nobody else
 * sees it lifted.
 * @returns what puts it back
 */
export async function liftRowSecurity(client: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ name: string }>(`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${ours} and c.relkind in ('r', 'p') and c.relforcerowsecurity`)
  for (const { name } of rows) await client.query(`alter table ${name} no force row level security`)
  return async () => {
    for (const { name } of rows) await client.query(`alter table ${name} force row level security`)
  }
}

/** What the migrations wrote by themselves. */
export async function emptyTables(client: pg.Client, tables: readonly Table[]): Promise<void> {
  await client.query(`truncate ${tables.map(nameOf).join(', ')}`)
}

/** Those that the migrations did not make, each locked up as its table is. Before row-level security is lifted. */
export async function makePartitions(
  client: pg.Client,
  partitions: readonly PartitionInBackup[],
): Promise<void> {
  const there = new Set((await partitionsOf(client)).map(nameOf))
  for (const partition of partitions.filter((each) => !there.has(nameOf(each)))) {
    const [name, parent] = [nameOf(partition), nameOf({ schema: partition.ofSchema, name: partition.of })]
    await client.query(`create table ${name} partition of ${parent} ${partition.bound}`)
    const { rows: policies } = await client.query<{ name: string; using: string }>(
      'select polname as name, pg_get_expr(polqual, polrelid) as using from pg_policy where polrelid = $1::regclass',
      [parent],
    )
    if (policies.length === 0) continue
    await client.query(`alter table ${name} enable row level security, force row level security`)
    for (const policy of policies)
      await client.query(
        `create policy ${pg.escapeIdentifier(policy.name)} on ${name} using (${policy.using})`,
      )
  }
}

export async function setSequences(client: pg.Client, sequences: readonly SequenceInBackup[]): Promise<void> {
  for (const sequence of sequences)
    await client.query('select setval($1::regclass, $2::bigint, $3)', [
      nameOf(sequence),
      sequence.value,
      sequence.isCalled,
    ])
}

/** Every recording, of every organisation, erased ones too. */
export async function recordingRows(client: pg.Client): Promise<RecordingRow[]> {
  const { rows } = await client.query<{ id: string; file_key: string; data_key: Buffer }>(
    'select id, file_key, data_key from public.recording order by id',
  )
  return rows.map((row) => ({ id: row.id, fileKey: row.file_key, wrappedKey: new Uint8Array(row.data_key) }))
}

const nameOf = ({ schema, name }: { schema: string; name: string }): string =>
  `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`

const columnsOf = ({ columns }: Table): string => columns.map((each) => pg.escapeIdentifier(each)).join(', ')
