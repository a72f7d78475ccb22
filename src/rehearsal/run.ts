// Rehearsal / run: lives through a scenario with the production code on a clock that jumps from one event to the next, against
// the exchange and the mail room, and returns the ledger. Called by rehearsal/main.ts, by tests and for the example village.
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { App } from '../app.ts'
import type { Config, LineSettings } from '../config.ts'
import { type Db, openDb } from '../db/db.ts'
import { migrate } from '../db/migrate.ts'
import { createExchange, type Exchange, estimatedVoice } from '../exchange/exchange.ts'
import { type Log, silentLog } from '../kit/log.ts'
import { ensureLines } from '../lines/lines.ts'
import { keepRecording } from '../messages/messages.ts'
import { movableClock } from '../outside/clock.ts'
import { memoryFiles } from '../outside/files/memory.ts'
import type { FileStore } from '../outside/files/port.ts'
import { openMailRoom } from '../outside/mail/room.ts'
import { smtpSender } from '../outside/mail/smtp.ts'
import { phonesBy } from '../outside/phone/port.ts'
import { twilioPhone } from '../outside/phone/twilio.ts'
import { listen } from '../outside/server.ts'
import { confirmNumber, createPerson } from '../people/people.ts'
import type { Actor } from '../queue/actor.ts'
import { localBell } from '../queue/bell.ts'
import { drowsy } from '../queue/drowsy.ts'
import { liveUntil } from '../queue/loop.ts'
import { addPause } from '../services/services.ts'
import { establish, type MessageWanted } from '../setup/setup.ts'
import { wire, workActors } from '../wiring.ts'
import { actionsOf } from './actions.ts'
import { inOrder, type LedgerEvent } from './ledger.ts'
import { awayDuring, isWebAway, outagesOf } from './outages.ts'
import { rehearsalPages } from './pages.ts'
import type { Scenario, ScenarioService } from './scenario.ts'
import { callsDue, whatHappened } from './store.ts'

export interface Rehearsed {
  ledger: LedgerEvent[]
  callsDue: number
  /** how often each kind of fault was done */
  faults: ReturnType<Exchange['faults']['done']>
}

export interface RehearsalOptions {
  /** An empty database, which the rehearsal fills: where it is, or an open one that is migrated, which stays open. */
  database: string | Db
  /** Where recordings named in the scenario lie. */
  folder: string
  log?: Log
  /** Whom the scenario's people belong to. Default: the families who come directly. */
  organisation?: { id: string; name: string; kind: 'families' | 'care' | 'example' }
  /** More actors, who look on. */
  besides?: (app: App) => readonly Actor[]
  /** Where recordings are kept. Default: in memory. */
  files?: FileStore
  /** Runs before the rehearsal's database is left, with everything still there. */
  before?: (app: App, world: World) => Promise<void>
}

/** What is outside of the application: the telephones, the provider, the mail and the clock. */
export interface World {
  /**
   * Goes on with another application, as after a restore. Until `from` there is none, and the provider's webhooks meet nobody.
   * @returns the ledger of everything so far, as that application tells it
   */
  goOn(other: { db: Db; files: FileStore }, from: Date, until: Date): Promise<LedgerEvent[]>
}

const adapterAt = (apiUrl: string) =>
  twilioPhone({ accountSid: account.sid, authToken: account.authToken, apiUrl })

const account = { sid: `AC${'0'.repeat(31)}2`, authToken: 'the-exchange-of-a-rehearsal' }

/** @throws Error when the actors never come to rest: a bug of ours, never of the scenario */
export async function rehearse(scenario: Scenario, options: RehearsalOptions): Promise<Rehearsed> {
  const log = options.log ?? silentLog
  const clock = movableClock({ start: scenario.start })
  const web = await listen('127.0.0.1', 0)
  const publicUrl = `http://127.0.0.1:${web.port}`
  const { database } = options
  if (typeof database === 'string') await migrate(database)
  const db = typeof database === 'string' ? openDb(database, { connections: 4 }) : database
  const mailRoom = await openMailRoom({ clock, log })
  const bell = localBell()
  const lines = scenario.lines.map((line) => ({ ...line, provider: line.name }))
  const exchange = await createExchange({
    clock,
    log,
    account,
    customer: publicUrl,
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
    faults: scenario.faults,
    default: 'no-answer',
  })
  const doors = await exchange.openDoors()
  const mail = smtpSender({ url: mailRoom.smtpUrl, from: 'CallAssist <calls@example.org>' })
  const app = wire({
    config: rehearsalConfig(lines, publicUrl, web.port),
    clock,
    db,
    log,
    bell,
    phones: phonesBy(
      Object.fromEntries(lines.map(({ name, provider }) => [provider, adapterAt(doors.urlOf(name))])),
    ),
    mail,
    files: options.files ?? memoryFiles(),
  })
  try {
    await ensureLines(app, lines)
    const pages = rehearsalPages(app, exchange)
    const outages = outagesOf(scenario)
    web.answerWith((request, env) =>
      isWebAway(outages, clock.now())
        ? new Response('CallAssist is away.', { status: 503 })
        : pages.fetch(request, env as object),
    )
    const people = await settleIn(app, scenario, options)
    const actors = [
      doors.actor,
      actionsOf(scenario, { app, exchange, mailRoom, publicUrl, people }),
      ...workActors(app, { inFlight: 1 })
        .map((actor) => drowsy(actor, db.commits))
        .map((actor) => awayDuring(outages, clock, actor)),
      exchange.actor,
      ...(options.besides?.(app) ?? []),
    ]
    await liveUntil(clock, actors, scenario.until)
    await options.before?.(app, { goOn })

    async function goOn(other: Pick<App, 'db' | 'files'>, from: Date, until: Date): Promise<LedgerEvent[]> {
      web.answerWith(() => new Response(null, { status: 503 }))
      await liveUntil(clock, [doors.actor, exchange.actor], from)
      const next = wire({ ...app, ...other })
      web.answerWith(rehearsalPages(next, exchange).fetch)
      const work = workActors(next, { inFlight: 1 }).map((actor) => drowsy(actor, other.db.commits))
      await liveUntil(clock, [doors.actor, ...work, exchange.actor], until)
      return inOrder(await whatHappened(next, { exchange, mailRoom, people }))
    }

    const happened = await whatHappened(app, { exchange, mailRoom, people })
    return {
      ledger: inOrder(happened),
      callsDue: await callsDue(app, scenario.until),
      faults: exchange.faults.done(),
    }
  } finally {
    await web.close()
    await doors.close()
    await exchange.close()
    await mail.close()
    await mailRoom.close()
    await bell.close()
    if (typeof database === 'string') await db.close()
  }
}

function rehearsalConfig(lines: readonly LineSettings[], publicUrl: string, port: number): Config {
  const [first, ...others] = lines
  return {
    host: '127.0.0.1',
    port,
    publicUrl,
    proxyHops: 0,
    databaseUrl: null,
    dataDir: '',
    logToFile: false,
    role: 'all',
    twilio: null,
    second: null,
    lines: [first!, ...others],
    smtpUrl: null,
    mailFrom: 'CallAssist <calls@example.org>',
    extrasPerDay: 1000,
    operatorEmail: 'desk@example.org',
    operatorNumber: null,
    watchNumber: null,
    deadManUrl: null,
    secret: 'a rehearsal keeps no secrets, it is over in a minute',
  }
}

/** Who is who in this rehearsal: names by number and address, for the ledger. */
export interface People {
  organisationId: string
  byNumber: Map<string, string>
  byAddress: Map<string, string>
  /** by number, whom we call there */
  receiverAt: Map<string, string>
  /** by name, whoever can be rung to record */
  recorderOf: Map<string, { personId: string; phone: string }>
  /** receiver's name → the id of their service; of two with one name, the first */
  serviceOf: Map<string, string>
  /** recording id → the file named in the scenario */
  recordings: Map<string, string>
}

/** Set up every service of the scenario through the door that the wizard uses. */
export async function settleIn(
  app: App,
  scenario: Scenario,
  options: Pick<RehearsalOptions, 'folder' | 'organisation'>,
): Promise<People> {
  const organisation = options.organisation ?? {
    id: '00000000-0000-7000-8000-000000000001',
    name: 'CallAssist',
    kind: 'families' as const,
  }
  const people: People = {
    organisationId: organisation.id,
    byNumber: new Map(),
    byAddress: new Map(),
    receiverAt: new Map(),
    recorderOf: new Map(),
    serviceOf: new Map(),
    recordings: new Map(),
  }
  await app.db.in({ organisationId: organisation.id }, async (tx) => {
    await tx.sql
      .insertInto('organisation')
      .values({
        organisation_id: organisation.id,
        name: organisation.name,
        kind: organisation.kind,
        created_at: app.clock.now(),
      })
      .onConflict((on) => on.doNothing())
      .execute()
  })
  const ids = new Map<string, string>()
  const sounds = new Map<string, string>()
  for (const service of scenario.services) {
    await app.db.in({ organisationId: organisation.id }, async (tx) => {
      const person = async (name: string, phone: string | null, email: string | null, isVerified = true) => {
        const key = `${name} ${phone} ${email}`
        const known = ids.get(key)
        if (known) return known
        const id = await createPerson(app, tx, { name, phone, email: email?.toLowerCase() ?? null })
        if (phone && isVerified) await confirmNumber(app, tx, id, phone)
        ids.set(key, id)
        if (phone && !people.recorderOf.has(name)) people.recorderOf.set(name, { personId: id, phone })
        if (phone && !people.byNumber.has(phone)) people.byNumber.set(phone, name)
        if (email && !people.byAddress.has(email.toLowerCase()))
          people.byAddress.set(email.toLowerCase(), name)
        return id
      }
      const message = async (
        wanted: ScenarioService['schedules'][number]['message'],
      ): Promise<MessageWanted> => {
        if ('preset' in wanted) return { kind: 'preset', preset: wanted.preset }
        if ('say' in wanted) return { kind: 'spoken', text: wanted.say }
        return { kind: 'recording', recordingId: await recording(wanted.recording) }
      }
      const recording = async (file: string): Promise<string> => {
        const known = sounds.get(file)
        if (known) return known
        const wav = await readFile(resolve(options.folder, file)).catch((error: NodeJS.ErrnoException) => {
          throw new UnusableRecording(`the recording ${file} cannot be read (${error.code})`)
        })
        const kept = await keepRecording(app, tx, { wav, name: file, recordedBy: null })
        if (!kept.ok) throw new UnusableRecording(`the recording ${file} cannot be used: ${kept.reason}`)
        sounds.set(file, kept.recordingId)
        people.recordings.set(kept.recordingId, file)
        return kept.recordingId
      }
      const receiverId = await person(service.receiver.name, service.receiver.phones[0]!, null)
      for (const phone of service.receiver.phones) {
        people.byNumber.set(phone, service.receiver.name)
        people.receiverAt.set(phone, service.receiver.name)
      }
      const schedules = []
      for (const s of service.schedules) {
        schedules.push({
          kind: s.kind,
          by: s.by,
          time: s.time,
          when: s.date
            ? { date: s.date }
            : { days: s.days ?? (['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const).slice() },
          message: await message(s.message),
        })
      }
      const stakeholders = []
      for (const s of service.stakeholders) {
        stakeholders.push({
          personId: await person(s.name, s.phone ?? null, s.email ?? null, s.verified),
          roles: s.roles,
          step: s.step,
          channels: s.channels,
        })
      }
      const serviceId = await establish(app, tx, {
        service: {
          receiverId,
          phones: service.receiver.phones,
          timeZone: service.receiver.timeZone,
          attempts: service.attempts,
          gapMinutes: service.gapMinutes,
          ringSeconds: service.ringSeconds,
          usefulForMinutes: service.usefulForMinutes,
          helpKey: service.helpKey ?? null,
          pin: service.receiver.pin ?? null,
          accessNotes: service.accessNotes ?? null,
          voicemail: service.voicemail,
          alertStepMinutes: service.alert.stepMinutes,
          alertRounds: service.alert.rounds,
        },
        stakeholders: [
          { personId: receiverId, roles: ['receiver'], step: null, channels: [] },
          ...stakeholders,
        ],
        schedules,
      })
      if (!people.serviceOf.has(service.receiver.name)) people.serviceOf.set(service.receiver.name, serviceId)
      for (const pause of service.pauses) await addPause(app, tx, serviceId, { ...pause, createdBy: null })
    })
  }
  return people
}

/** A recording named in the scenario is missing or refused. One sentence. */
export class UnusableRecording extends Error {}

export const folderOf = (file: string): string => dirname(resolve(file))
