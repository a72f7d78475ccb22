// What tests of the calls room do again and again: plan a slot, sweep, and let the telephone say what happened.
import { onTestFinished } from 'vitest'
import { type CallView, callActors, callById, insertCalls } from '../../src/calls/calls.ts'
import type { AttemptResult } from '../../src/db/tables.ts'
import { localDateOf, localTimeOf } from '../../src/kit/local-time.ts'
import type { Script } from '../../src/outside/phone/port.ts'
import {
  addService,
  type RecordingDesk,
  recordingDesk,
  type ServiceAdded,
  type ServiceWanted,
  type TestApp,
  type TestAppWanted,
  testApp,
} from './app.ts'

export interface CallsWorld {
  app: TestApp
  desk: RecordingDesk
  service: ServiceAdded
  /** Plan a call of the service's schedule; returns its id. */
  plan(dueAt: string, of?: ServiceAdded): Promise<string>
  /** One round of the sweeper: how many calls it dealt with. */
  sweep(): Promise<number>
  call(callId: string, of?: ServiceAdded): Promise<CallView>
  /** The telephone: how the latest attempt ends, what is heard and pressed in it. */
  ends(callId: string, result: AttemptResult, attempt?: number): Promise<void>
  answers(callId: string): Promise<Script>
  presses(callId: string, key: string, keys?: string, attempt?: number): Promise<Script>
  isSilent(callId: string, silences: number): Promise<Script>
  /** All rows of one table, as they are. */
  rows(
    table: 'call' | 'attempt' | 'call_event' | 'outgoing' | 'provider_exchange',
  ): Promise<Record<string, unknown>[]>
}

/** A world with one service, gone when the test is over. */
export async function callsWorld(
  wanted: ServiceWanted = {},
  apps: TestAppWanted & { at?: string } = {},
): Promise<CallsWorld> {
  const desk = recordingDesk()
  const app = await testApp({ at: '2026-11-24T08:00:00Z', alertDesk: desk, ...apps })
  onTestFinished(() => app.close())
  const service = await addService(app, wanted)

  async function attemptOf(callId: string, number?: number) {
    return app.db.everywhere(({ sql }) =>
      sql
        .selectFrom('attempt')
        .selectAll()
        .where('call_id', '=', callId)
        .$if(number !== undefined, (query) => query.where('number', '=', number!))
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirstOrThrow(),
    )
  }
  async function heard(callId: string, attempt?: number) {
    const row = await attemptOf(callId, attempt)
    return {
      organisationId: row.organisation_id,
      outgoingId: row.outgoing_id,
      ownerId: callId,
      partId: row.id,
      keys: '',
      silences: 0,
      rangAt: null,
    }
  }

  return {
    app,
    desk,
    service,
    async plan(dueAt, of = service) {
      const at = new Date(dueAt)
      const slot = {
        dueAt: at,
        localDate: localDateOf(at, 'Europe/London'),
        localTime: localTimeOf(at, 'Europe/London'),
      }
      const { serviceId, scheduleId, scope } = of
      await app.db.in(scope, (tx) =>
        insertCalls(
          app,
          tx,
          {
            serviceId,
            scheduleId,
            usefulForMinutes: wanted.usefulForMinutes ?? 60,
            by: wanted.schedule?.by ?? 'call',
          },
          [slot],
        ),
      )
      const row = await app.db.in(scope, ({ sql }) =>
        sql
          .selectFrom('call')
          .select('id')
          .where('schedule_id', '=', scheduleId)
          .where('due_at', '=', at)
          .executeTakeFirstOrThrow(),
      )
      return row.id
    },
    sweep: () => callActors(app)[0]!.runDue(app.clock.now()),
    async call(callId, of = service) {
      const view = await app.db.in(of.scope, (tx) => callById(tx, callId))
      if (!view) throw new Error('no such call')
      return view
    },
    async ends(callId, result, attempt) {
      const part = await heard(callId, attempt)
      await app.db.in(part, (tx) =>
        app.owners.calls.ended(app, tx, {
          ...part,
          kind: 'call',
          result,
          code: null,
          rangAt: null,
          answeredAt: null,
        }),
      )
    },
    async answers(callId) {
      const part = await heard(callId)
      return app.db.in(part, (tx) => app.owners.calls.answered(app, tx, part))
    },
    async presses(callId, key, keys = key, attempt) {
      const part = await heard(callId, attempt)
      return app.db.in(part, (tx) => app.owners.calls.keyed(app, tx, { ...part, keys }, key))
    },
    async isSilent(callId, silences) {
      const part = await heard(callId)
      return app.db.in(part, (tx) => app.owners.calls.silent(app, tx, { ...part, silences }))
    },
    rows: (table) =>
      app.db.everywhere(({ sql }) => sql.selectFrom(table).selectAll().orderBy('id').execute()),
  }
}

/** What is heard of a script, in order. */
export function heardIn(script: Script): string[] {
  return script.flatMap((verb): string[] => {
    if (verb.do === 'gather') return heardIn(verb.sounds)
    if (verb.do === 'say') return [verb.text]
    return verb.do === 'play' ? [`recording:${verb.recordingId}`] : []
  })
}
