// Backup / main: `npm run backup -- --to FOLDER` and `npm run restore -- --from FOLDER [--try] [--without-recordings]`, on the database
// and the data folder of the settings. Exit 0: done. Exit 1: not done, one sentence says why. Exit 2: the command was not understood.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Config, readConfig } from '../config.ts'
import { startEmbedded, visitEmbedded } from '../db/embedded.ts'
import { startThrowaway } from '../db/throwaway.ts'
import { silentLog } from '../kit/log.ts'
import { StartRefusal } from '../kit/refusal.ts'
import { systemClock } from '../outside/clock.ts'
import { makeBackup, openBackup, restoreBackup } from './backup.ts'
import { said, usage } from './words.ts'

const log = silentLog
const say = (line: string) => process.stdout.write(`${line}\n`)

async function backup(): Promise<number> {
  const { to } = options({ to: { type: 'string' } })
  if (typeof to !== 'string' || to === '') return misunderstood(usage.backup)
  const config = readConfig(process.env)
  const database = config.databaseUrl
    ? given(config.databaseUrl)
    : await visitEmbedded({ dataDir: config.dataDir, log })
  try {
    const manifest = await makeBackup({
      connectionString: database.connectionString,
      files: filesOf(config),
      to,
      now: systemClock().now(),
    })
    say(said.made(to, manifest))
    return 0
  } finally {
    await database.stop()
  }
}

async function restore(): Promise<number> {
  const asked = options({
    from: { type: 'string' },
    try: { type: 'boolean' },
    'without-recordings': { type: 'boolean' },
  })
  const { from } = asked
  if (typeof from !== 'string' || from === '') return misunderstood(usage.restore)
  const config = readConfig(process.env)
  const isTry = asked.try === true
  const backup = await openBackup(from)
  const place = isTry ? await nowhereToStay() : await somewhere(config)
  try {
    const restored = await restoreBackup(backup, {
      connectionString: place.connectionString,
      files: place.files,
      secret: config.secret ?? (await keptSecret(config)),
      withoutRecordings: asked['without-recordings'] === true,
    })
    const { open, closed, gone } = restored.recordings
    say(isTry ? said.tried(from, restored.manifest) : said.restored(restored.manifest))
    if (open + closed + gone > 0) say(said.recordings(open, closed, gone))
    if (restored.migrated.length > 0) say(said.migrated(restored.migrated))
    return 0
  } finally {
    await place.stop()
  }
}

interface Place {
  connectionString: string
  files: string
  stop(): Promise<void>
}

const given = (connectionString: string) => ({ connectionString, stop: async () => undefined })
const filesOf = (config: Config) => join(config.dataDir, 'files')

async function somewhere(config: Config): Promise<Place> {
  const database = config.databaseUrl
    ? given(config.databaseUrl)
    : await startEmbedded({ dataDir: config.dataDir, log })
  return {
    connectionString: database.connectionString,
    files: filesOf(config),
    stop: () => database.stop(),
  }
}

/** A database and a folder that are gone afterwards. */
async function nowhereToStay(): Promise<Place> {
  const database = await startThrowaway({ log })
  const files = await mkdtemp(join(tmpdir(), 'callassist-restore-'))
  return {
    connectionString: database.connectionString,
    files,
    async stop() {
      await database.stop()
      await rm(files, { recursive: true, force: true })
    },
  }
}

/** The one that a start has made; a restore makes none. */
async function keptSecret({ dataDir }: Config): Promise<string | null> {
  return readFile(join(dataDir, 'secret'), 'utf8').then(
    (text) => text.trim(),
    () => null,
  )
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

/** Of what followed the command; nothing at all when it was not understood. */
function options(known: Options): Record<string, unknown> {
  try {
    return parseArgs({ args: process.argv.slice(3), options: known }).values
  } catch {
    return {}
  }
}

function misunderstood(line: string): number {
  process.stderr.write(`${line}\n`)
  return 2
}

/** What PostgreSQL or the system said of reaching the database, as one word. */
const codeOf = (error: unknown) => (error as { code?: string }).code ?? ''
const unreachable = /^(E[A-Z]+|08|28|3D)/

const command = process.argv[2] === 'restore' ? restore : backup

command().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof StartRefusal) process.stderr.write(`${error.message}\n`)
    else if (unreachable.test(codeOf(error)))
      process.stderr.write(
        `The database cannot be reached (${codeOf(error)}): see that it runs and that DATABASE_URL is right.\n`,
      )
    else
      process.stderr.write(
        `This did not work, and this is our fault:\n${error instanceof Error ? error.stack : String(error)}\n`,
      )
    process.exit(1)
  },
)
