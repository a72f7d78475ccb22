// An App for tests: real rooms on a fresh PostgreSQL, a clock held still, and an outside that records what was asked.
//
//   const app = await testApp({ at: '2026-11-24T09:00:00Z' })
//   const ada = await addService(app, { receiver: { name: 'Ada' }, stakeholders: [{ name: 'Ben', step: 1 }] })
//   … await app.close()
import type { App } from '../../src/app.ts'
import { type AlertDesk, callsOwner } from '../../src/calls/calls.ts'
import { readConfig } from '../../src/config.ts'
import { type OrgScope, openDb } from '../../src/db/db.ts'
import { type Log, silentLog } from '../../src/kit/log.ts'
import type { Ended, OutgoingOwner } from '../../src/lines/lines.ts'
import { type MovableClock, movableClock } from '../../src/outside/clock.ts'
import { localBell } from '../../src/queue/bell.ts'
import { recorderOwner } from '../../src/recorder/recorder.ts'
import { newsOwner, ringInDesk, ringInOwner } from '../../src/ringin/ringin.ts'
import { verificationOwner } from '../../src/verification/verification.ts'
import { watchOwner } from '../../src/watch/watch.ts'
import { type FreshDatabase, freshDatabase } from './database.ts'
import { type FakeMail, type FakePhone, fakeMail, fakePhone, filesInMemory } from './fakes.ts'

export { addService, type ServiceAdded, type ServiceWanted } from './services.ts'

export interface TestApp extends App {
  readonly clock: MovableClock
  /** of every line */
  readonly phone: FakePhone
  readonly mail: FakeMail
  /** Move the clock on to this instant. */
  at(instant: string): void
  /** Move the clock on by so many seconds. */
  pass(seconds: number): void
  /** The organisation that addService uses when not told otherwise. */
  readonly scope: OrgScope
  close(): Promise<void>
}

export interface TestAppWanted {
  /** the instant the clock is held at */
  at?: string
  log?: Log
  /** instead of a fresh one; dropped with the app all the same */
  database?: FreshDatabase
  /** Rooms to use. By default calls is real, alerts is a recorder: pass `alertsOwner` and `alertDesk` of the real one. */
  owners?: Partial<App['owners']>
  alertDesk?: AlertDesk
  textListeners?: App['textListeners']
}

/** The provider itself, made by the first migration. */
export const families: OrgScope = { organisationId: '00000000-0000-7000-8000-000000000001' }
export const lineNumber = '+441632960001'

export async function testApp(wanted: TestAppWanted = {}): Promise<TestApp> {
  const database = wanted.database ?? (await freshDatabase())
  const clock = movableClock({ start: new Date(wanted.at ?? '2026-11-24T08:00:00Z') })
  const app: TestApp = {
    config: readConfig({ PUBLIC_URL: 'https://callassist.example.org', SECRET: 'for-tests-only '.repeat(3) }),
    clock,
    db: openDb(database.connectionString, { connections: 6 }),
    log: wanted.log ?? silentLog,
    bell: localBell(),
    phone: fakePhone(),
    phones: { of: () => app.phone, all: () => [app.phone] },
    mail: fakeMail(),
    files: filesInMemory(),
    owners: {
      calls: callsOwner,
      alerts: recordingOwner(),
      recorder: recorderOwner,
      verification: verificationOwner,
      ringin: ringInOwner,
      news: newsOwner,
      watch: watchOwner,
      ...wanted.owners,
    },
    ringInDesk,
    alertDesk: wanted.alertDesk ?? recordingDesk(),
    textListeners: wanted.textListeners ?? [],
    scope: families,
    at: (instant) => clock.holdAt(new Date(instant)),
    pass: (seconds) => clock.holdAt(new Date(clock.now().getTime() + seconds * 1000)),
    async close() {
      await app.bell.close()
      await app.db.close()
      await database.drop()
    },
  }
  await addLine(app)
  return app
}

async function addLine(app: App): Promise<void> {
  await app.db.in(families, async ({ sql, organisationId }) => {
    await sql
      .insertInto('line')
      .values({
        organisation_id: organisationId,
        id: '00000000-0000-7000-8000-00000000000a',
        name: 'main',
        number: lineNumber,
        provider: 'first',
        calls_per_second: 1,
        texts_per_second: 1,
        concurrent_calls: 50,
        lease_owner: null,
      })
      .onConflict((on) => on.column('name').doNothing())
      .execute()
  })
}

export interface RecordingDesk extends AlertDesk {
  readonly opened: { serviceId: string; callId: string; reason: string }[]
  readonly cleared: { callId: string; byPersonId: string | null }[]
}

/** Counts what was asked, also what a rolled back transaction asked. */
export function recordingDesk(): RecordingDesk {
  const desk: RecordingDesk = {
    opened: [],
    cleared: [],
    async open(_app, _tx, raised) {
      desk.opened.push(raised)
    },
    async allClear(_app, _tx, cleared) {
      desk.cleared.push(cleared)
    },
  }
  return desk
}

export interface RecordingOwner extends OutgoingOwner {
  readonly endings: Ended[]
}

export function recordingOwner(): RecordingOwner {
  const endings: Ended[] = []
  const script = async () => [{ do: 'hang up' }] as const
  return {
    endings,
    lock: async () => undefined,
    answered: script,
    keyed: script,
    silent: script,
    async ended(_app, _tx, ended) {
      endings.push(ended)
    },
  }
}
