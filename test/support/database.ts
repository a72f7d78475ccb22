// A fresh, migrated database for a test, in some twenty milliseconds: `const database = await freshDatabase()`.
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { type TestServer, withDatabase } from './server.ts'

export interface FreshDatabase {
  /** as its owner, whom row-level security binds */
  readonly connectionString: string
  /** as whoever may make databases; with the built-in server a superuser, who sees every row */
  readonly adminConnectionString: string
  /** Ends what is still connected to it and removes it. */
  drop(): Promise<void>
}

let known: Promise<TestServer> | null = null

/** @throws with the reason when this machine cannot run PostgreSQL */
export function freshDatabase(): Promise<FreshDatabase> {
  return newDatabase(({ template }) => `template ${template}`)
}

/** One in which nothing was ever made: for a restore. */
export function emptyDatabase(): Promise<FreshDatabase> {
  return newDatabase(() => '')
}

async function newDatabase(from: (server: TestServer) => string): Promise<FreshDatabase> {
  known ??= askForServer()
  const server = await known
  const name = `${server.template}_${randomBytes(6).toString('hex')}`
  await asAdmin(server, `create database ${name} ${from(server)} owner ${pg.escapeIdentifier(server.owner)}`)
  return {
    connectionString: withDatabase(server.ownerUrl, name),
    adminConnectionString: withDatabase(server.adminUrl, name),
    drop: () => asAdmin(server, `drop database if exists ${name} with (force)`),
  }
}

async function askForServer(): Promise<TestServer> {
  const answer = await fetch(inject('testServer'))
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as TestServer
}

async function asAdmin(server: TestServer, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.adminUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/**
 * Takes everything out of a database that was fresh, as its owner: ten times cheaper than another fresh one, and what its connections have
 * planned stays planned. Keeps what the migrations wrote.
 */
export async function emptyOut(owner: pg.Client): Promise<void> {
  const tables = await tablesInOrder(owner)
  const kept = `organisation_id = '00000000-0000-7000-8000-000000000001'`
  const deletes = tables.map(
    (table) => `delete from ${table}${table === 'organisation' ? ` where not (${kept})` : ''};`,
  )
  await owner.query(`begin; set local app.organisation = 'all'; ${deletes.join(' ')} commit`)
}

/** Every table with rows of people's, those that point at others first. */
async function tablesInOrder(owner: pg.Client): Promise<string[]> {
  const { rows } = await owner.query<{ name: string; points_at: string[] }>(`
    select c.oid::regclass::text as name,
      array(select distinct confrelid::regclass::text from pg_constraint
            where conrelid = c.oid and contype = 'f' and confrelid <> c.oid) as points_at
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema') and c.relname <> 'migration'`)
  const ordered: string[] = []
  while (ordered.length < rows.length) {
    const left = rows.filter(({ name }) => !ordered.includes(name))
    const free = left.filter(
      ({ name }) => !left.some((other) => other.name !== name && other.points_at.includes(name)),
    )
    if (free.length === 0) throw new Error('the tables point at each other in a circle')
    ordered.push(...free.map(({ name }) => name))
  }
  return ordered
}
