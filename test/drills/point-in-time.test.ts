// Test / drills / point in time: a server that archives its log, a copy of its data folder taken while it works, a mistake, and the way back
// to the moment before it, row for row. On servers of its own: the one that comes with CallAssist, driven as the runbook drives any other.
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { type EmbeddedDatabase, startEmbedded } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { silentLog } from '../../src/kit/log.ts'
import { allRows } from '../support/rows.ts'
import { until } from './nodes.ts'

/** Nothing here needs to survive a power cut. */
const quick = { fsync: 'off' }

async function as<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const addPersons = (database: EmbeddedDatabase, names: readonly string[]) =>
  as(database.connectionString, async (client) => {
    await client.query(`set app.organisation = 'all'`)
    for (const name of names)
      await client.query(
        `insert into person (organisation_id, id, name, created_at)
         select organisation_id, gen_random_uuid(), $1, '2026-11-24T09:00Z' from organisation`,
        [name],
      )
  })

/** `pg_basebackup` in three steps, because the package has no such program (PostgreSQL manual, "Low Level API"). */
async function copyDataFolder(database: EmbeddedDatabase, from: string, to: string): Promise<void> {
  await as(database.adminConnectionString, async (client) => {
    await client.query(`select pg_backup_start('drill', true)`)
    execFileSync('cp', ['-a', from, to])
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop()')
    rmSync(join(to, 'postmaster.pid'), { force: true })
    // the archive has the log, whole; the folders stay with their owner
    for (const file of readdirSync(join(to, 'pg_wal'), { recursive: true, withFileTypes: true }))
      if (file.isFile()) rmSync(join(file.parentPath, file.name))
    writeFileSync(join(to, 'backup_label'), rows[0]!.labelfile)
  })
}

test('a database goes back to the moment before a mistake, row for row', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callassist-point-'))
  chmodSync(folder, 0o755)
  const running = new Set<EmbeddedDatabase>()
  onTestFinished(async () => {
    for (const each of running) await each.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const start = async (name: string, settings: Record<string, string>) => {
    const database = await startEmbedded({
      dataDir: join(folder, name),
      log: silentLog,
      settings: { ...settings, ...quick },
    })
    running.add(database)
    return database
  }
  const wal = join(folder, 'wal')
  mkdirSync(wal)
  chmodSync(wal, 0o777)
  const database = await start('data', {
    archive_mode: 'on',
    archive_command: `test ! -f ${wal}/%f && cp %p ${wal}/%f`,
    archive_timeout: '60',
  })
  await migrate(database.connectionString)
  await addPersons(database, ['before the copy'])
  mkdirSync(join(folder, 'new'))
  await copyDataFolder(database, join(folder, 'data', 'postgres'), join(folder, 'new', 'postgres'))

  await addPersons(database, ['after the copy'])
  const wanted = await allRows(database.connectionString)
  const moment = await as(database.adminConnectionString, async (client) => {
    const { rows } = await client.query<{ at: string }>('select clock_timestamp()::text as at')
    return rows[0]!.at
  })
  await as(database.connectionString, (client) =>
    client.query(`set app.organisation = 'all'; delete from person`),
  )
  await as(database.adminConnectionString, async (client) => {
    const { rows } = await client.query<{ file: string }>('select pg_walfile_name(pg_switch_wal()) as file')
    await until('the log is archived', () => readdirSync(wal).includes(rows[0]!.file))
  })
  await database.stop()
  running.delete(database)

  appendFileSync(
    join(folder, 'new', 'postgres', 'postgresql.auto.conf'),
    [
      `restore_command = 'cp ${wal}/%f %p'`,
      `recovery_target_time = '${moment}'`,
      `recovery_target_action = 'promote'`,
      `archive_mode = off\n`,
    ].join('\n'),
  )
  writeFileSync(join(folder, 'new', 'postgres', 'recovery.signal'), '')
  const recovered = await start('new', {})
  await until('it has left recovery', () =>
    as(recovered.adminConnectionString, async (client) => {
      const { rows } = await client.query<{ is: boolean }>('select pg_is_in_recovery() as is')
      return !rows[0]!.is
    }),
  )
  const found = await allRows(recovered.connectionString)
  expect(found['public.person']).toHaveLength(2)
  expect(found).toEqual(wanted)
  await recovered.stop()
  running.delete(recovered)
})
