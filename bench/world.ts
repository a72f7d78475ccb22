// Bench / world: what everything is measured on: one real PostgreSQL that writes as carefully as in production, the product's schema in
// it, a worker's App with a provider that takes everything at once, and many receivers. Gone with its process.
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { readConfig } from '../src/config.ts'
import { openDb } from '../src/db/db.ts'
import { migrate } from '../src/db/migrate.ts'
import { startThrowaway } from '../src/db/throwaway.ts'
import { jsonLog, type Log } from '../src/kit/log.ts'
import { ensureLines } from '../src/lines/lines.ts'
import { systemClock } from '../src/outside/clock.ts'
import { memoryFiles } from '../src/outside/files/memory.ts'
import { type Phone, phonesBy } from '../src/outside/phone/port.ts'
import { databaseBell } from '../src/queue/bell.ts'
import { wire } from '../src/wiring.ts'
import { type Loopback, loopback } from './loopback.ts'

type App = ReturnType<typeof wire>

export interface World {
  readonly connectionString: string
  /** as the owner of all tables, whom row-level security does not keep from emptying them */
  readonly owner: pg.Pool
  readonly worker: Worker
  /** An empty database of this name on the same server. @returns its connection string */
  anotherDatabase(name: string): Promise<string>
  /** Is closed with everything. */
  later(close: () => Promise<void>): void
  close(): Promise<void>
}

export interface Worker {
  readonly app: App
  readonly phone: Loopback
  close(): Promise<void>
}

/** Requests to the provider under way at once: as many as a worker has in production (process.ts). */
export const inFlight = 100

export async function openWorld(): Promise<World> {
  const database = await startThrowaway({ log: onlyTrouble, durable: true })
  const { connectionString } = database
  await migrate(connectionString)
  const owner = openPool(connectionString)
  const worker = await openWorker(connectionString)
  await ensureLines(worker.app)
  const closing: (() => Promise<void>)[] = []
  return {
    connectionString,
    owner,
    worker,
    later: (close) => closing.push(close),
    async anotherDatabase(name) {
      const admin = new pg.Client({ connectionString: database.adminConnectionString })
      await admin.connect()
      await admin.query(`create database ${name} owner callassist`)
      await admin.end()
      return connectionString.replace(/\/callassist\?/, `/${name}?`)
    },
    async close() {
      for (const close of closing) await close()
      await worker.close()
      await owner.end()
      await database.stop()
    },
  }
}

/** As the owner. Connections that break fail what they were asked. */
export function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 20, options: '-c app.organisation=all' })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

export interface WorkerWanted {
  /** in place of the loopback */
  phone?: Phone
  publicUrl?: string
}

/** What a worker process is made of, on the connections it has in production. */
export async function openWorker(connectionString: string, wanted: WorkerWanted = {}): Promise<Worker> {
  const clock = systemClock()
  const db = openDb(connectionString)
  const bell = await databaseBell(connectionString, onlyTrouble)
  const phone = loopback()
  const app = wire({
    config: configOf(wanted),
    clock,
    db,
    log: onlyTrouble,
    bell,
    phones: phonesBy({ first: wanted.phone ?? phone }),
    mail: { send: async () => ({ kind: 'sent' }) },
    files: memoryFiles(),
  })
  return {
    app,
    phone,
    async close() {
      // its last ring may be on its way
      await pause(50)
      await bell.close()
      await db.close()
    },
  }
}

/** Runs `work` while the line makes so many calls a second, which is else without limits. */
export async function withRate<T>(
  { worker }: World,
  callsPerSecond: number,
  work: () => Promise<T>,
): Promise<T> {
  const [line] = worker.app.config.lines
  await ensureLines(worker.app, [{ ...line, callsPerSecond }])
  try {
    return await work()
  } finally {
    await ensureLines(worker.app)
  }
}

/** A line without limits. */
function configOf({ publicUrl = 'http://localhost:1' }: WorkerWanted) {
  const config = readConfig({ PUBLIC_URL: publicUrl, SECRET: 'for-the-bench-only '.repeat(3) })
  const [line] = config.lines
  return { ...config, lines: [{ ...line, callsPerSecond: 1_000_000, concurrentCalls: 1_000_000 }] as const }
}

/** Whatever goes wrong makes a number worthless, so it is seen. */
export const onlyTrouble: Log = {
  ...jsonLog(
    () => new Date(),
    (line) => process.stderr.write(`${line}\n`),
  ),
  info() {},
}
