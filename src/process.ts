// Process: builds and runs one process of CallAssist from its configuration, and takes it down again in the right order.
// Called by main.ts and by the tests that start the real thing.

import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { Config } from './config.ts'
import { openDb } from './db/db.ts'
import { undurable } from './db/durable.ts'
import { startEmbedded } from './db/embedded.ts'
import { migrate } from './db/migrate.ts'
import { createExample, villageTelephones } from './example/example.ts'
import { createExchange, type Doors, type Exchange, fliteVoice, type Voice } from './exchange/exchange.ts'
import { jsonLog, type Log } from './kit/log.ts'
import { StartRefusal } from './kit/refusal.ts'
import { ensureLines } from './lines/lines.ts'
import { ensureOperator } from './organisations/organisations.ts'
import { type Clock, type MovableClock, movableClock, systemClock } from './outside/clock.ts'
import { folderFiles } from './outside/files/folder.ts'
import { type MailRoom, openMailRoom } from './outside/mail/room.ts'
import { smtpSender } from './outside/mail/smtp.ts'
import { type Phones, phonesBy } from './outside/phone/port.ts'
import { twilioPhone } from './outside/phone/twilio.ts'
import { listen } from './outside/server.ts'
import { createPages, createWatchPages } from './pages.ts'
import { databaseBell, localBell } from './queue/bell.ts'
import { startLoop } from './queue/loop.ts'
import { readClockPosition } from './queue/store.ts'
import { createSignin } from './signin/signin.ts'
import { heartbeat, keptStanding, startWatch } from './watch/watch.ts'
import { loadAssets } from './web/assets.ts'
import { type Outside, wire, workActors } from './wiring.ts'

export interface Running {
  readonly url: string
  stop(): Promise<void>
}

/** The exchange's own account: it never leaves this machine, so its token may stand here. */
export const exchangeAccount = { sid: `AC${'0'.repeat(31)}1`, authToken: 'the-exchange-on-this-machine-only' }

/** Where the build has put this file, and beside it the assets of pages and the program of the example. */
const ownBuilt = dirname(fileURLToPath(import.meta.url))

/**
 * @param say prints a line for the person at the terminal
 * @param built the folder of what the build made, for a process that was not built itself
 * @throws StartRefusal when something outside must be put right first; whatever was started is stopped again
 */
export async function startProcess(
  config: Config,
  say: (line: string) => void,
  built = ownBuilt,
): Promise<Running> {
  const undo: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const step of undo.reverse().splice(0)) await step()
  }
  try {
    const begin = config.role === 'watch' ? buildWatch : build
    return { ...(await begin(config, say, built, (step) => undo.push(step))), stop }
  } catch (error) {
    await stop().catch(() => {})
    throw error
  }
}

async function build(
  given: Config,
  say: (line: string) => void,
  built: string,
  later: (undo: () => Promise<unknown>) => void,
): Promise<{ url: string }> {
  let clock: Clock = systemClock()
  const web = await listen(given.host, given.port)
  later(() => web.close())
  const log = await openLog(given, () => clock.now(), later)

  const connectionString = await database(given, log, later)
  await migrate(connectionString)
  const config: Config = {
    ...given,
    publicUrl: given.publicUrl ?? `http://localhost:${web.port}`,
    secret: given.secret ?? (await ownSecret(given.dataDir)),
  }
  const db = openDb(connectionString, {
    onTrouble: (error) => log.error('a database connection broke', error),
  })
  later(() => db.close())
  for (const sentence of await undurable(db)) {
    log.warn('the database may lose what it has saved')
    say(`  Careful. ${sentence}`)
  }

  const laptop = config.twilio ? null : movableClock({ aheadMs: await readClockPosition(db) })
  clock = laptop ?? clock
  const mailRoom = config.smtpUrl
    ? null
    : await openMailRoom({ clock, dataDir: join(config.dataDir, 'mail'), log })
  if (mailRoom) later(() => mailRoom.close())
  const voice = laptop ? fliteVoice({ folder: join(config.dataDir, 'voice') }) : null
  if (voice) later(() => voice.close())
  const exchange = laptop && voice ? ownExchange(config, laptop, log, voice) : null
  if (exchange) later(() => exchange.close())
  const doors = exchange ? await exchange.openDoors() : null
  if (doors) later(() => doors.close())

  const bell = await databaseBell(connectionString, log)
  later(() => bell.close())
  const app = wire({
    config,
    clock,
    db,
    log,
    bell,
    phones: providers(config, doors, log),
    mail: smtpSender({ url: config.smtpUrl ?? mailRoom!.smtpUrl, from: config.mailFrom }),
    files: folderFiles(join(config.dataDir, 'files')),
  })
  await ensureLines(app)
  await ensureOperator(app, config.operatorEmail)

  const signin = createSignin(app)
  later(() => signin.auth.close())
  const actors = config.role === 'web' ? [] : workActors(app, { inFlight: 100 })
  const all = exchange && doors ? [doors.actor, ...actors, exchange.actor] : actors
  const loop = startLoop(app, actors.length > 0 ? [...all, heartbeat(app)] : all)
  // once nothing is begun any more; until then the provider is answered
  later(() => web.drain())
  later(() => loop.stop())
  const watch = config.role === 'all' ? ownWatch(app, connectionString, laptop, later) : null
  exchange?.onSooner(() => bell.ring({ work: true }))
  const assets = loadAssets(join(built, 'assets'))
  const example = createExample(app, join(built, 'example.js'))
  later(() => example.close())
  const practice =
    laptop && exchange ? { exchange, mailRoom, clock: laptop, loop, actors: all, example } : null
  const standing = watch ? watch.standing : () => keptStanding(app)
  web.answerWith(createPages(app, signin, assets, standing, practice).fetch)

  greet(config, mailRoom, say)
  log.info('started', { role: config.role, port: web.port, provider: config.twilio ? 'twilio' : 'exchange' })
  return { url: config.publicUrl ?? '' }
}

/** A process that only watches. It starts also while the database is gone, and changes nothing in it but its own rows. */
async function buildWatch(
  config: Config,
  say: (line: string) => void,
  built: string,
  later: (undo: () => Promise<unknown>) => void,
): Promise<{ url: string }> {
  const clock = systemClock()
  const web = await listen(config.host, config.port)
  later(() => web.close())
  const log = await openLog(config, () => clock.now(), later)
  const outside = {
    config,
    clock,
    log,
    phones: providers(config, null, log),
    mail: smtpSender({ url: config.smtpUrl!, from: config.mailFrom }),
    files: folderFiles(join(config.dataDir, 'files')),
  }
  const watch = ownWatch(outside, config.databaseUrl!, null, later)
  web.answerWith(createWatchPages(watch.app, loadAssets(join(built, 'assets')), watch.standing).fetch)
  const url = `http://localhost:${web.port}`
  say(`  CallAssist is being watched.   Open   ${url}/status`)
  log.info('started', { role: config.role, port: web.port })
  return { url }
}

/** To standard error, or to a file in the data folder, which is made. @throws StartRefusal when that cannot be written to */
async function openLog(
  { dataDir, logToFile }: Config,
  now: () => Date,
  later: (undo: () => Promise<unknown>) => void,
): Promise<Log> {
  await ownFolder(dataDir)
  const file = logToFile ? createWriteStream(join(dataDir, 'callassist.log'), { flags: 'a' }) : null
  if (file) later(() => new Promise((resolve) => file.end(() => resolve(undefined))))
  return jsonLog(now, (line) => (file ?? process.stderr).write(`${line}\n`))
}

/** Connections that are stuck are not waited for longer than this. */
const watchPatienceMs = 5000

/** On connections of its own, so that it sees what those of the worker do not. */
function ownWatch(
  outside: Omit<Outside, 'db' | 'bell'>,
  connectionString: string,
  laptop: MovableClock | null,
  later: (undo: () => Promise<unknown>) => void,
) {
  const { log } = outside
  const db = openDb(connectionString, {
    connections: 4,
    patienceMs: watchPatienceMs,
    onTrouble: (error) =>
      log.warn('a connection of the watch broke', { code: (error as { code?: string }).code }),
  })
  later(() => db.close())
  const app = wire({ ...outside, db, bell: localBell() })
  const watch = startWatch(app, laptop)
  later(() => watch.stop())
  return { app, standing: watch.standing }
}

/** Of each line its provider: the configured accounts, or for all of them the exchange on this machine. */
function providers(config: Config, doors: Doors | null, log: Log): Phones {
  const accounts = { first: config.twilio, second: config.second }
  return phonesBy(
    Object.fromEntries(
      config.lines.map(({ name, provider }) => {
        const account = accounts[provider as keyof typeof accounts]
        const settings = account
          ? { ...account, apiUrl: account.apiUrl ?? undefined }
          : {
              accountSid: exchangeAccount.sid,
              authToken: exchangeAccount.authToken,
              apiUrl: doors?.urlOf(name),
            }
        return [provider, twilioPhone({ ...settings, log })]
      }),
    ),
  )
}

async function database(
  config: Config,
  log: Log,
  later: (undo: () => Promise<unknown>) => void,
): Promise<string> {
  if (!config.databaseUrl) {
    const embedded = await startEmbedded({ dataDir: config.dataDir, log })
    later(() => embedded.stop())
    return embedded.connectionString
  }
  const client = new pg.Client({ connectionString: config.databaseUrl, connectionTimeoutMillis: 5000 })
  try {
    await client.connect()
    await client.end()
  } catch (error) {
    const { code } = error as { code?: string }
    throw new StartRefusal(
      `The database of DATABASE_URL cannot be reached (${code ?? 'no answer'}): see that it runs and that address, name and password are right.`,
    )
  }
  return config.databaseUrl
}

async function ownFolder(dataDir: string): Promise<void> {
  try {
    await makeFolder(resolve(dataDir))
    await writeFile(join(dataDir, '.written'), '')
  } catch (error) {
    throw new StartRefusal(
      `CallAssist cannot write to its data folder ${dataDir} (${(error as NodeJS.ErrnoException).code}): choose another with DATA_DIR.`,
    )
  }
}

/** With its parents. One by one, because Node's own recursion never ends where the system lets nobody make folders. */
async function makeFolder(path: string): Promise<void> {
  const make = () =>
    mkdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  try {
    await make()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    await make()
  }
}

/** Made once and kept: sessions, links and recordings of the last start stay good. */
async function ownSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'secret')
  try {
    await writeFile(file, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return (await readFile(file, 'utf8')).trim()
}

function ownExchange(config: Config, clock: MovableClock, log: Log, voice: Voice): Exchange {
  return createExchange({
    clock,
    log,
    account: exchangeAccount,
    ...(config.publicUrl !== null && { customer: config.publicUrl }),
    lines: config.lines,
    webhooks: (line) => ({
      voiceUrl: `${config.publicUrl}/lines/${line}/ring-in`,
      smsUrl: `${config.publicUrl}/lines/${line}/text-in`,
      statusUrl: `${config.publicUrl}/lines/${line}/ring-in-status`,
    }),
    seed: 1,
    voice,
    publicUrl: `${config.publicUrl}/exchange/provider`,
    audioPath: '/exchange/sounds',
    dataDir: join(config.dataDir, 'exchange'),
    ...practiceTelephones(config),
    default: 'handset',
  })
}

/** The village's, and the one that the watch calls: it answers at once and presses a key. */
function practiceTelephones(config: Config): ReturnType<typeof villageTelephones> {
  const { phones, texts } = villageTelephones()
  const answers = { afterSeconds: 2, press: [{ key: '1', atSecond: 2 }], speak: [], hangUpAtSecond: 20 }
  return {
    phones: { ...phones, ...(config.watchNumber && { [config.watchNumber]: [{ answer: answers }] }) },
    texts,
  }
}

function greet(config: Config, mailRoom: MailRoom | null, say: (line: string) => void): void {
  say('')
  say(`  CallAssist is ready.   Open   ${config.publicUrl}`)
  if (!config.twilio)
    say(`  The practice phones:          ${config.publicUrl}/exchange   (no real telephone is connected)`)
  if (mailRoom) say(`  E-mails, codes too, land in:  ${config.publicUrl}/exchange#inbox`)
  if (config.logToFile) say(`  The log is in                 ${join(config.dataDir, 'callassist.log')}`)
  say('  Stop with Ctrl-C; what you entered stays.')
  say('')
}
