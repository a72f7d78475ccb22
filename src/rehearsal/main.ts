// Rehearsal / main: `npm run rehearse -- SCENARIO.json [--ledger LEDGER.jsonl] [--quiet]`. Finds or starts its own database, uses
// free ports, leaves nothing behind. Exit 0: the scenario ran to its end. Exit 2: the scenario is invalid, one line says where.
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startThrowaway } from '../db/throwaway.ts'
import { silentLog } from '../kit/log.ts'
import { StartRefusal } from '../kit/refusal.ts'
import { summary } from './ledger.ts'
import { folderOf, rehearse, UnusableRecording } from './run.ts'
import { InvalidScenario, readScenario, type Scenario } from './scenario.ts'

const usage = 'usage: npm run rehearse -- SCENARIO.json [--ledger LEDGER.jsonl] [--quiet]'

async function main(): Promise<number> {
  const asked = readArguments()
  if (!asked) return refuse(usage)
  const scenario = await readFile(asked.file, 'utf8').then(readScenario, (error: NodeJS.ErrnoException) => {
    throw error instanceof InvalidScenario
      ? error
      : new InvalidScenario(`${asked.file} cannot be read (${error.code})`)
  })
  const { ledger, callsDue } = await withDatabase((connectionString) =>
    rehearse(scenario, { database: connectionString, folder: folderOf(asked.file) }),
  )
  const lines = ledger.map((event) => `${JSON.stringify(event)}\n`).join('')
  const toFile = asked.ledger !== undefined
  if (toFile) await writeFile(asked.ledger!, lines)
  else process.stdout.write(lines)
  const say = (text: string) => (toFile ? process.stdout : process.stderr).write(`${text}\n`)
  if (!asked.quiet) say(introduction(scenario))
  say(summary(ledger, callsDue))
  return 0
}

function readArguments(): { file: string; ledger: string | undefined; quiet: boolean } | null {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { ledger: { type: 'string' }, quiet: { type: 'boolean' } },
    })
    const [file, ...others] = positionals
    return file && others.length === 0 ? { file, ledger: values.ledger, quiet: values.quiet ?? false } : null
  } catch {
    return null
  }
}

const introduction = (s: Scenario) =>
  `Rehearsed ${s.services.length} ${s.services.length === 1 ? 'service' : 'services'} from ${s.start.toISOString()} to ${s.until.toISOString()}.`

/** A database of its own: on the server of DATABASE_URL if given, else on one that is gone with this process. */
async function withDatabase<T>(work: (connectionString: string) => Promise<T>): Promise<T> {
  const given = process.env.DATABASE_URL
  if (!given) {
    const server = await startThrowaway({ log: silentLog })
    try {
      return await work(server.connectionString)
    } finally {
      await server.stop()
    }
  }
  const name = `rehearsal_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client({ connectionString: given })
  await admin.connect().catch((error: { code?: string }) => {
    throw new StartRefusal(`The database of DATABASE_URL cannot be reached (${error.code ?? 'no answer'}).`)
  })
  try {
    await admin.query(`create database ${name}`)
    const own = new URL(given)
    own.pathname = `/${name}`
    return await work(own.href)
  } finally {
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.end()
  }
}

function refuse(line: string): number {
  process.stderr.write(`${line}\n`)
  return 2
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof InvalidScenario || error instanceof UnusableRecording)
      process.exit(refuse(error.message))
    process.stderr.write(
      error instanceof StartRefusal
        ? `${error.message}\n`
        : `The rehearsal broke, and this is our fault:\n${error instanceof Error ? error.stack : String(error)}\n`,
    )
    process.exit(1)
  },
)
