// A fresh, migrated database for a test, in some fifty milliseconds: `const database = await freshDatabase()`.
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { type TestServer, withDatabase } from './server.ts'

export interface FreshDatabase {
  readonly connectionString: string
  /** Ends what is still connected to it and removes it. */
  drop(): Promise<void>
}

let known: Promise<TestServer> | null = null

/** @throws with the reason when this machine cannot run PostgreSQL */
export async function freshDatabase(): Promise<FreshDatabase> {
  known ??= askForServer()
  const server = await known
  const name = `${server.template}_${randomBytes(6).toString('hex')}`
  await asAdmin(
    server,
    `create database ${name} template ${server.template} owner ${pg.escapeIdentifier(server.owner)}`,
  )
  return {
    connectionString: withDatabase(server.ownerUrl, name),
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
