// Siege / outside: everything around the processes: PostgreSQL, the telephone network, the mail room, and a wire to each that can be cut.
// What is seen here is what really happened. Lives in the siege's own process, which nobody kills.

import type { NetConnectOpts } from 'node:net'
import type { App } from '../../src/app.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { openDb } from '../../src/db/db.ts'
import type { EmbeddedDatabase } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { startThrowaway } from '../../src/db/throwaway.ts'
import { createExchange, type Doors, type Exchange, estimatedVoice } from '../../src/exchange/exchange.ts'
import { silentLog } from '../../src/kit/log.ts'
import { ensureLines } from '../../src/lines/lines.ts'
import { ensureOperator } from '../../src/organisations/organisations.ts'
import { systemClock } from '../../src/outside/clock.ts'
import { memoryFiles } from '../../src/outside/files/memory.ts'
import { type MailRoom, openMailRoom } from '../../src/outside/mail/room.ts'
import { smtpSender } from '../../src/outside/mail/smtp.ts'
import { phonesBy } from '../../src/outside/phone/port.ts'
import type { Actor } from '../../src/queue/actor.ts'
import { localBell } from '../../src/queue/bell.ts'
import { type People, settleIn } from '../../src/rehearsal/run.ts'
import type { Scenario } from '../../src/rehearsal/scenario.ts'
import { wire } from '../../src/wiring.ts'
import { type Cable, openCable, placeOf } from './cable.ts'
import type { Wire } from './plan.ts'
import { freePort } from './processes.ts'
import { watchNumber } from './world.ts'

export interface Outside {
  readonly server: EmbeddedDatabase
  readonly exchange: Exchange
  readonly mailRoom: MailRoom
  readonly doors: Doors
  readonly people: People
  /** To ask the application's rows with, past every wire. Nothing acts in it. */
  readonly app: App
  readonly wires: Readonly<Record<Wire, readonly Cable[]>>
  /** for the processes */
  readonly environment: Readonly<Record<string, string>>
  readonly webPort: number
  /** Drives the telephone network until it is closed. */
  drive(besides: readonly Actor[]): void
  close(): Promise<void>
}

const account = { sid: `AC${'0'.repeat(31)}3`, authToken: 'the-exchange-of-a-siege-and-no-other' }

export async function openOutside(scenario: Scenario, speed: number): Promise<Outside> {
  const undo: (() => Promise<unknown>)[] = []
  const later = (step: () => Promise<unknown>) => void undo.push(step)
  const close = async () => {
    for (const step of undo.reverse().splice(0)) await step()
  }
  try {
    return { ...(await open(scenario, speed, later)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function open(
  scenario: Scenario,
  speed: number,
  later: (step: () => Promise<unknown>) => void,
): Promise<Omit<Outside, 'close'>> {
  const clock = systemClock()
  const server = await startThrowaway({ log: silentLog, durable: true })
  later(() => server.stop())
  const webPort = await freePort()
  const cable = async (target: () => NetConnectOpts, rewrite?: (first: Buffer) => Buffer) => {
    const opened = await openCable(target, rewrite)
    later(() => opened.close())
    return opened
  }
  const database = await cable(() => placeOf(server.connectionString), hurried(speed))
  const webhooks = await cable(() => ({ host: '127.0.0.1', port: webPort }))
  const publicUrl = `http://127.0.0.1:${webhooks.port}`
  const exchange = createExchange({
    clock,
    log: silentLog,
    account,
    lines: scenario.lines,
    webhooks: (line) => ({
      voiceUrl: `${publicUrl}/lines/${line}/ring-in`,
      smsUrl: `${publicUrl}/lines/${line}/text-in`,
      statusUrl: `${publicUrl}/lines/${line}/ring-in-status`,
    }),
    seed: scenario.seed,
    voice: estimatedVoice(),
    phones: scenario.phones,
    texts: scenario.texts,
    default: 'no-answer',
  })
  later(() => exchange.close())
  const doors = await exchange.openDoors()
  later(() => doors.close())
  const provider = []
  for (const { name } of scenario.lines) provider.push(await cable(() => addressOf(doors.urlOf(name))))
  const mailRoom = await openMailRoom({ clock, log: silentLog })
  later(() => mailRoom.close())
  const mail = await cable(() => addressOf(mailRoom.smtpUrl))

  const environment = environmentOf(scenario, { database, provider, mail, publicUrl })
  const app = await lookingOn(readConfig(environment), server.connectionString, later)
  const people = await settleIn(app, scenario, { folder: '.' })
  return {
    server,
    exchange,
    mailRoom,
    doors,
    people,
    app,
    wires: { database: [database], provider, webhooks: [webhooks], mail: [mail] },
    environment,
    webPort,
    drive(besides) {
      const driving = drive([doors.actor, ...besides, exchange.actor])
      later(() => driving.stop())
    },
  }
}

function environmentOf(
  scenario: Scenario,
  at: { database: Cable; provider: readonly Cable[]; mail: Cable; publicUrl: string },
): Record<string, string> {
  const [main, second] = scenario.lines
  const [first, other] = at.provider
  return {
    DATABASE_URL: `postgres://callassist@127.0.0.1:${at.database.port}/callassist?sslmode=disable`,
    PUBLIC_URL: at.publicUrl,
    HOST: '127.0.0.1',
    SECRET: 'for-sieges-only '.repeat(3),
    SMTP_URL: `smtp://127.0.0.1:${at.mail.port}`,
    WATCH_NUMBER: watchNumber,
    TWILIO_ACCOUNT_SID: account.sid,
    TWILIO_AUTH_TOKEN: account.authToken,
    TWILIO_API_URL: `http://127.0.0.1:${first!.port}`,
    LINE_NUMBER: main!.number,
    LINE_CALLS_PER_SECOND: String(main!.callsPerSecond),
    LINE_TEXTS_PER_SECOND: String(main!.textsPerSecond),
    LINE_CONCURRENT_CALLS: String(main!.concurrentCalls),
    SECOND_LINE_NUMBER: second!.number,
    SECOND_ACCOUNT_SID: account.sid,
    SECOND_AUTH_TOKEN: account.authToken,
    SECOND_API_URL: `http://127.0.0.1:${other!.port}`,
    SECOND_LINE_CALLS_PER_SECOND: String(second!.callsPerSecond),
    SECOND_LINE_TEXTS_PER_SECOND: String(second!.textsPerSecond),
    SECOND_LINE_CONCURRENT_CALLS: String(second!.concurrentCalls),
  }
}

/** The application as the siege itself has it: to set up the world, to look, and to answer for the desk. */
async function lookingOn(
  config: Config,
  connectionString: string,
  later: (step: () => Promise<unknown>) => void,
): Promise<App> {
  await migrate(connectionString)
  const db = openDb(connectionString, { connections: 4 })
  later(() => db.close())
  const mail = smtpSender({ url: config.smtpUrl!, from: config.mailFrom })
  later(async () => mail.close())
  const app = wire({
    config,
    clock: systemClock(),
    db,
    log: silentLog,
    bell: localBell(),
    phones: phonesBy({}),
    mail,
    files: memoryFiles(),
  })
  await ensureLines(app)
  await ensureOperator(app, config.operatorEmail)
  return app
}

function addressOf(url: string): NetConnectOpts {
  const { hostname, port } = new URL(url)
  return { host: hostname, port: Number(port) }
}

/** The one patience that a process asks PostgreSQL to have for it, which lives in real time: made shorter, in as many letters. */
function hurried(speed: number): (first: Buffer) => Buffer {
  const asked = 'idle_in_transaction_session_timeout=30000'
  const wanted = `idle_in_transaction_session_timeout=${Math.round(30_000 / speed)}`.padEnd(asked.length)
  return (first) => Buffer.from(first.toString('latin1').replace(asked, wanted), 'latin1')
}

/** Round and round, far more often than the product's own loop: a telephone network is never late. */
function drive(actors: readonly Actor[]): { stop(): Promise<void> } {
  const clock = systemClock()
  let stopped = false
  async function run(): Promise<void> {
    while (!stopped) {
      for (const actor of actors) await actor.runDue(clock.now())
      await new Promise((resolve) => setTimeout(resolve, 3))
    }
  }
  const running = run()
  return {
    async stop() {
      stopped = true
      await running
    },
  }
}
