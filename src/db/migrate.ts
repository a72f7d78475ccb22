// Db / migrate: applies the plain SQL files of migrations/ in the order of their names, forward only, each once,
// each in its own transaction, one migrating process at a time. Called at start and by the tests' template database.
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { applicationRole } from './db.ts'

/** Beside this file in the source, beside the bundle after a build. */
const folder = fileURLToPath(new URL('./migrations', import.meta.url))

/**
 * Brings the database of `connectionString` up to date. Safe to call from several processes at once.
 * @throws whatever PostgreSQL says when it cannot be reached or a migration fails; nothing of a failed file stays.
 */
export async function migrate(connectionString: string): Promise<string[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(727274)')
    await createApplicationRole(client)
    await client.query(
      'create table if not exists migration (name text primary key, applied_at timestamptz not null default clock_timestamp())',
    )
    const { rows } = await client.query<{ name: string }>('select name from migration')
    const applied = new Set(rows.map((row) => row.name))
    const done: string[] = []
    for (const [name, text] of await migrations()) {
      if (applied.has(name)) continue
      await client.query('begin')
      try {
        // row-level security binds the owner of the tables too, unless it is a superuser
        await client.query(`select set_config('app.organisation', 'all', true)`)
        await client.query(text)
        await client.query('insert into migration (name) values ($1)', [name])
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw error
      }
      done.push(name)
    }
    await grant(client)
    return done
  } finally {
    await client.end()
  }
}

async function migrations(): Promise<[string, string][]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name): Promise<[string, string]> => [name, await readFile(`${folder}/${name}`, 'utf8')]),
  )
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
