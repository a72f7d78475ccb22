// Test / rehearsal / generated: lives through generated scenarios, one after the other on one database, and holds each against the six
// rules. Used by the generated*.test.ts files.
import pg from 'pg'
import { type Db, openDb } from '../../src/db/db.ts'
import { type FaultKind, faultKinds } from '../../src/exchange/exchange.ts'
import type { Log } from '../../src/kit/log.ts'
import { type Rehearsed, rehearse } from '../../src/rehearsal/run.ts'
import { emptyOut, freshDatabase } from '../support/database.ts'
import { generate } from './generate.ts'
import { brokenRules } from './rules.ts'

export interface Lived {
  seed: number
  /** of the rules, and what the application itself called an error */
  wrong: string[]
  rehearsed: Rehearsed | null
}

/** What is no mistake of ours though it is logged as an error. */
const isExpected = (what: string): boolean => what === 'a line failed'

export async function liveAll(seeds: readonly number[]): Promise<Lived[]> {
  const database = await freshDatabase()
  const owner = new pg.Client({ connectionString: database.connectionString })
  await owner.connect()
  const db = openDb(database.connectionString, { connections: 4 })
  try {
    const all: Lived[] = []
    for (const seed of seeds) {
      await emptyOut(owner)
      all.push(await live(seed, db))
    }
    return all
  } finally {
    await db.close()
    await owner.end()
    await database.drop()
  }
}

async function live(seed: number, database: Db): Promise<Lived> {
  const { scenario } = generate(seed)
  const errors: string[] = []
  const log: Log = {
    info: () => {},
    warn: () => {},
    error: (what, error) => {
      if (!isExpected(what)) errors.push(`${what}: ${error instanceof Error ? error.stack : String(error)}`)
    },
  }
  try {
    const rehearsed = await rehearse(scenario, { database, folder: '.', log })
    return { seed, wrong: [...brokenRules(scenario, rehearsed.ledger), ...errors], rehearsed }
  } catch (error) {
    return { seed, wrong: [`broke: ${(error as Error).stack}`, ...errors], rehearsed: null }
  }
}

/** How often each kind of fault was done. */
export function faultsDone(all: readonly Lived[]): Record<FaultKind, number> {
  const done = (kind: FaultKind) =>
    all.reduce((sum, { rehearsed }) => sum + (rehearsed?.faults[kind] ?? 0), 0)
  return Object.fromEntries(faultKinds.map((kind) => [kind, done(kind)])) as Record<FaultKind, number>
}

/** What went wrong, seed by seed. */
export const brokenOf = (all: readonly Lived[]) =>
  all.filter(({ wrong }) => wrong.length > 0).map(({ seed, wrong }) => ({ seed, wrong }))
