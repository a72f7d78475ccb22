// Db / migrate: applies the plain SQL files of migrations/ in the order of their names, forward only, each once,
// each in its own transaction, one migrating process at a time. Called at start, by a restore and by the tests' template
// database. Older processes go on working meanwhile (docs/decisions/0034): no file may take away what they use, and none
// may hold up their work for longer than a moment.
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { StartRefusal } from '../kit/refusal.ts'
import { applicationRole } from './db.ts'

/** Beside this file in the source, beside the bundle after a build. */
const folder = fileURLToPath(new URL('./migrations', import.meta.url))

/** One migrating, or restoring, process at a time. Any number will do that is used for nothing else. */
const migrating = 727274

/**
 * A change of a table waits for everybody who uses it, and all who come after wait behind it: so it waits no longer than
 * this, lets the others go first, and tries again.
 */
const waitsMs = 2000
const triesAtMost = 30

/**
 * Brings the database of `connectionString` up to date. Safe to call from several processes at once.
 * @throws StartRefusal when this version is older than the database allows, or when a table stays in use
 * @throws whatever PostgreSQL says when it cannot be reached or a migration fails; nothing of a failed file stays.
 */
export async function migrate(connectionString: string): Promise<string[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await lockMigrations(client)
    await createApplicationRole(client)
    await createListOfMigrations(client)
    const applied = await appliedMigrations(client)
    const files = await migrations()
    refuseWhenTooOld(applied, new Set(files.map(([name]) => name)))
    const done: string[] = []
    for (const [name, text] of files) {
      if (applied.has(name)) continue
      await applyAlone(client, name, text)
      done.push(name)
    }
    await grant(client)
    return done
  } finally {
    await client.end()
  }
}

/** For as long as the client is connected. */
export async function lockMigrations(client: pg.Client): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [migrating])
}

/** The names of all migrations that this version knows, in order. */
export async function knownMigrations(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
}

/**
 * Makes an empty database what it was after exactly these migrations, within the caller's transaction: for a restore.
 * @throws when one of them is not known here
 */
export async function buildSchema(client: pg.Client, names: readonly string[]): Promise<void> {
  await createApplicationRole(client)
  await createListOfMigrations(client)
  const texts = new Map(await migrations())
  for (const name of [...names].sort()) {
    const text = texts.get(name)
    if (text === undefined) throw new Error(`there is no migration ${name} here`)
    await apply(client, name, text)
  }
  await grant(client)
}

async function migrations(): Promise<[string, string][]> {
  return Promise.all(
    (await knownMigrations()).map(
      async (name): Promise<[string, string]> => [name, await readFile(`${folder}/${name}`, 'utf8')],
    ),
  )
}

/** `needs`: the migration without which no process may work on this database any more. */
async function createListOfMigrations(client: pg.Client): Promise<void> {
  await client.query(
    'create table if not exists migration (name text primary key, applied_at timestamptz not null default clock_timestamp())',
  )
  const { rowCount } = await client.query(
    `select from pg_attribute where attrelid = 'migration'::regclass and attname = 'needs'`,
  )
  if (rowCount === 0) await client.query('alter table migration add column needs text')
}

async function appliedMigrations(client: pg.Client): Promise<Map<string, string | null>> {
  const { rows } = await client.query<{ name: string; needs: string | null }>(
    'select name, needs from migration',
  )
  return new Map(rows.map((row) => [row.name, row.needs]))
}

/** A database that is ahead of us is in order, as long as it still has what we use. */
function refuseWhenTooOld(applied: ReadonlyMap<string, string | null>, known: ReadonlySet<string>): void {
  for (const needs of applied.values()) {
    if (needs !== null && !known.has(needs))
      throw new StartRefusal(
        `This CallAssist is too old for its database, which was changed for versions that know ${needs}: start the newer version.`,
      )
  }
}

async function applyAlone(client: pg.Client, name: string, text: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    await client.query(`begin; set local lock_timeout = ${waitsMs}`)
    try {
      await apply(client, name, text)
      await client.query('commit')
      return
    } catch (error) {
      await client.query('rollback')
      // lock_not_available
      if ((error as { code?: string }).code !== '55P03') throw error
      if (tries === triesAtMost)
        throw new StartRefusal(
          'The database cannot be brought up to date: something uses its tables without a pause, perhaps a backup. Start again when that is over.',
        )
      await client.query('select pg_sleep(0.2)')
    }
  }
}

/** Within a transaction. */
async function apply(client: pg.Client, name: string, text: string): Promise<void> {
  // row-level security binds the owner of the tables too, unless it is a superuser
  await client.query(`select set_config('app.organisation', 'all', true)`)
  await client.query(text)
  await client.query('insert into migration (name, needs) values ($1, $2)', [name, neededBy(text)])
}

/** The line `-- needs: 0012_voicemail.sql` of a migration that takes something away: who knows that file does not use it any more. */
export function neededBy(text: string): string | null {
  return /^-- needs: (\S+\.sql)$/m.exec(text)?.[1] ?? null
}

/** Row-level security does not bind a superuser, so the application never works as one. */
async function createApplicationRole(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [applicationRole])
  if (rowCount === 0) {
    try {
      await client.query(`create role ${applicationRole} nologin`)
    } catch (error) {
      // another database of the same server may have been migrated at this very moment
      if ((error as { code?: string }).code !== '42710' && (error as { code?: string }).code !== '23505')
        throw error
    }
  }
  await client.query(`grant ${applicationRole} to current_user`)
}

async function grant(client: pg.Client): Promise<void> {
  await client.query(`grant usage on schema public to ${applicationRole}`)
  await client.query(
    `grant select, insert, update, delete on all tables in schema public to ${applicationRole}`,
  )
  await client.query(`grant usage on all sequences in schema public to ${applicationRole}`)
  await client.query(`revoke all on migration from ${applicationRole}`)
}
