// The real process of CallAssist for a browser test: pages, worker, exchange and mail room, on a fresh database and in a folder
// of its own. Its clock begins on a Monday morning, so that no story depends on the day on which it is told.
//
//   const running = await startRunning()
//   … visit running.url …  await running.stop()
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../../src/config.ts'
import { openDb } from '../../src/db/db.ts'
import { dateAfter, instantOf, localDateOf } from '../../src/kit/local-time.ts'
import { systemClock } from '../../src/outside/clock.ts'
import { startProcess } from '../../src/process.ts'
import { saveClockPosition } from '../../src/queue/store.ts'
import { canariesOf, standingIn } from './canaries.ts'
import { freshDatabase } from './database.ts'

const zone = 'Europe/London'

export interface RunningCallAssist {
  /** without a slash at its end */
  readonly url: string
  readonly connectionString: string
  /** Stops it and removes what it kept. @throws when the process has logged an error, or something personal: the story then went wrong unseen */
  stop(): Promise<void>
}

/** @param at the time in London at which its clock starts, on the Monday that comes */
export async function startRunning({ at = '08:00' } = {}): Promise<RunningCallAssist> {
  const database = await freshDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'callassist-story-'))
  await startOnMonday(database.connectionString, at)
  const config = readConfig({
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: database.connectionString,
    DATA_DIR: dataDir,
    SECRET: 'for-tests-only '.repeat(3),
    LOG: 'file',
  })
  const built = fileURLToPath(new URL('../../dist', import.meta.url))
  const running = await startProcess(config, () => {}, built)
  return {
    url: running.url,
    connectionString: database.connectionString,
    async stop() {
      await running.stop()
      const log = await readFile(join(dataDir, 'callassist.log'), 'utf8')
      const told = standingIn(log, await canariesOf(database.connectionString))
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
      const errors = log.split('\n').filter((line) => line.includes('"level":"error"'))
      if (errors.length > 0) throw new Error(`logged meanwhile: ${errors.join('\n')}`)
      if (told.length > 0) throw new Error(`stands in the log and must not: ${told.join('\n')}`)
    },
  }
}

async function startOnMonday(connectionString: string, at: string): Promise<void> {
  const now = systemClock().now()
  const today = localDateOf(now, zone)
  const weekday = new Date(`${today}T12:00:00Z`).getUTCDay()
  const monday = dateAfter(today, (8 - weekday) % 7 || 7)
  const db = openDb(connectionString, { connections: 1 })
  try {
    await saveClockPosition(db, instantOf(monday, at, zone).getTime() - now.getTime())
  } finally {
    await db.close()
  }
}
