// The one PostgreSQL of a test run, in vitest's main process. It is started when the first test asks for a database, so
// that a run without one costs nothing, and is gone with the run, however that ends (src/db/throwaway.ts).
// With DATABASE_URL_TEST that server is used instead; its role must be allowed to make databases.
import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/db/migrate.ts'
import { startThrowaway } from '../../src/db/throwaway.ts'
import { silentLog } from '../../src/kit/log.ts'

/** What a worker is told. */
export interface TestServer {
  /** for making and dropping databases */
  adminUrl: string
  /** the owner that a new database gets; its connection string with `DATABASE` for the name */
  owner: string
  ownerUrl: string
  /** a migrated database to copy; also how the names of this run's databases begin */
  template: string
}

declare module 'vitest' {
  interface ProvidedContext {
    testServer: string
  }
}

let broker: Server | null = null
let started: Promise<Started> | null = null

/** vitest's global set-up. */
export async function setup(project: TestProject): Promise<void> {
  broker = createServer((_, response) => {
    started ??= startServer()
    started.then(
      ({ server }) => response.end(JSON.stringify(server)),
      (error: Error) => response.writeHead(500).end(error.message),
    )
  })
  project.provide('testServer', await listen(broker))
}

export async function teardown(): Promise<void> {
  broker?.closeAllConnections()
  broker?.close()
  const running = await started?.catch(() => null)
  await running?.stop()
}

interface Started {
  server: TestServer
  stop(): Promise<void>
}

async function startServer(): Promise<Started> {
  const template = `callassist_test_${randomBytes(4).toString('hex')}`
  const given = process.env.DATABASE_URL_TEST
  const embedded = given ? null : await startThrowaway({ log: silentLog })
  const adminUrl = given ?? embedded!.adminConnectionString
  const ownerUrl = withDatabase(given ?? embedded!.connectionString, 'DATABASE')
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  const owner = embedded
    ? 'callassist'
    : (await admin.query<{ name: string }>('select current_user as name')).rows[0]!.name
  await admin.query(`create database ${template} owner ${pg.escapeIdentifier(owner)}`)
  await migrate(withDatabase(ownerUrl, template))
  return {
    server: { adminUrl, owner, ownerUrl, template },
    async stop() {
      if (!embedded) await dropAll(admin, template)
      await admin.end()
      await embedded?.stop()
    },
  }
}

async function dropAll(admin: pg.Client, prefix: string): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    'select datname as name from pg_database where starts_with(datname, $1)',
    [prefix],
  )
  for (const { name } of rows) await admin.query(`drop database ${name} with (force)`)
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

function listen(server: Server): Promise<string> {
  server.unref()
  return new Promise((done) =>
    server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  )
}
