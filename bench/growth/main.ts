// Bench / growth / main: `npm run grow -- --years 8 --calls 10000000`. Fills the database of DATABASE_URL, or the built-in one in the folder
// DATA_DIR, with history that was generated for measuring only. Refuses one in which anybody is called already, because nobody could tell
// the two apart again. Afterwards `npm start` with the same setting shows it.
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startEmbedded } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { startThrowaway } from '../../src/db/throwaway.ts'
import { silentLog } from '../../src/kit/log.ts'
import { grow } from './grow.ts'
import { livedDay } from './pattern.ts'

const organisationId = '00000000-0000-7000-8000-000000000001'
const usage = `usage: DATA_DIR=FOLDER npm run grow -- [--years 8] [--calls 10000000]     (or DATABASE_URL=postgres://…)
Fills that empty database with history made for measuring only.`

process.exitCode = await main()

async function main(): Promise<number> {
  const wanted = readArguments()
  const { DATABASE_URL: url, DATA_DIR: dataDir } = process.env
  if (!wanted || (!url && !dataDir)) return refuse(usage)
  if (url) return fill(url, wanted)
  const embedded = await startEmbedded({ dataDir: dataDir!, log: silentLog })
  return fill(embedded.connectionString, wanted).finally(() => embedded.stop())
}

async function fill(url: string, wanted: { years: number; calls: number }): Promise<number> {
  await migrate(url)
  const owner = new pg.Client({ connectionString: url })
  await owner.connect()
  try {
    await owner.query(`set app.organisation = 'all'`)
    const { rowCount } = await owner.query('select from service limit 1')
    if (rowCount) return refuse('Somebody is called from this database already: take an empty one.')
    const lived = await startThrowaway({ log: silentLog })
    const pattern = await livedDay(lived.connectionString).finally(() => lived.stop())
    const began = performance.now()
    const said = (month: string, calls: number) =>
      console.error(`${month.slice(0, 7)}  ${inWords(calls)} calls`)
    const grown = await grow(owner, pattern, { ...wanted, organisationId, until: new Date(), onMonth: said })
    const seconds = (performance.now() - began) / 1000
    const { rows } = await owner.query<{ size: string }>(
      'select pg_database_size(current_database()) as size',
    )
    console.log(
      `${inWords(grown.calls)} calls of ${inWords(grown.services)} services over ${inWords(grown.days)} days, generated for measuring only: ` +
        `${seconds.toFixed(0)} s, ${inWords(Math.round(grown.calls / seconds))} calls a second, ` +
        `${(Number(rows[0]!.size) / grown.calls / 1024).toFixed(1)} KiB a call`,
    )
    return 0
  } finally {
    await owner.end()
  }
}

function inWords(count: number): string {
  return count.toLocaleString('en')
}

function readArguments(): { years: number; calls: number } | null {
  try {
    const { values } = parseArgs({
      args: process.argv.slice(2).filter((word) => word !== 'grow'),
      options: { years: { type: 'string' }, calls: { type: 'string' } },
    })
    const years = Number(values.years ?? 8)
    const calls = Number(values.calls ?? 10_000_000)
    return years > 0 && years <= 50 && calls > 0 && calls <= 100_000_000 ? { years, calls } : null
  } catch {
    return null
  }
}

function refuse(sentence: string): number {
  console.error(sentence)
  return 2
}
