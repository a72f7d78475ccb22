// What tests of ringing in do again and again: a service, a line, and somebody who rings it and presses keys.
import { onTestFinished } from 'vitest'
import { alertDesk, alertsOwner } from '../../src/alerts/alerts.ts'
import { type CallView, callActors, callById, insertCalls } from '../../src/calls/calls.ts'
import { localDateOf, localTimeOf } from '../../src/kit/local-time.ts'
import { lineActors, lineRoutes } from '../../src/lines/lines.ts'
import type { PhoneEvent, Script } from '../../src/outside/phone/port.ts'
import { ringInActors } from '../../src/ringin/ringin.ts'
import { addService, type ServiceAdded, type ServiceWanted, type TestApp, testApp } from './app.ts'
import { heardIn } from './calls.ts'

export const adasNumber = '+441632960101'

export interface Caller {
  sid: string
  /** the first words */
  heard: string[]
  script: Script
  /** Key what is asked for; '' is silence. What is heard then. */
  keys(keys: string): Promise<string[]>
  /** The very same webhook as the last one, once more. */
  again(): Promise<string[]>
  speaks(recordingSid: string, seconds?: number): Promise<string[]>
  hangsUp(): Promise<void>
  /** what was asked for last: several keys, one, a recording, or nothing more */
  asks(): 'key' | 'keys' | 'recording' | 'nothing'
}

export interface RingInWorld {
  app: TestApp
  service: ServiceAdded
  ring(from?: string | null): Promise<Caller>
  plan(dueAt: string): Promise<string>
  call(id: string): Promise<CallView>
  /** Let everybody do all that is due now. */
  act(): Promise<void>
  hook(path: string, event: PhoneEvent): Promise<Script>
  /** rows as they are */
  rows(
    table:
      | 'incoming'
      | 'ring_back'
      | 'wrong_pin'
      | 'news'
      | 'left_message'
      | 'outgoing'
      | 'pause'
      | 'email'
      | 'alert',
  ): Promise<Record<string, unknown>[]>
  endedAt(): Promise<Date | null>
  outgoing(
    purpose: string,
  ): Promise<{ id: string; token: string; to_number: string; body: string | null; state: string }[]>
}

let rung = 0

/** Ada, every day at 9:30am, at 8 o'clock in the morning of 24 November; PIN and stakeholders as wanted. */
export async function ringInWorld(
  wanted: ServiceWanted = {},
  at = '2026-11-24T08:00:00Z',
): Promise<RingInWorld> {
  const app = await testApp({ at, owners: { alerts: alertsOwner }, alertDesk })
  onTestFinished(() => app.close())
  const service = await addService(app, wanted)
  const routes = lineRoutes(app)
  const actors = [...callActors(app), ...ringInActors(app), ...lineActors(app, { inFlight: 1 })]

  async function hook(path: string, event: PhoneEvent): Promise<Script> {
    const response = await routes.request(path, {
      method: 'POST',
      headers: { 'X-Twilio-Signature': 'signed', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ event: JSON.stringify(event) }).toString(),
    })
    const body = await response.text()
    return body === 'nothing' ? [] : (JSON.parse(body) as Script)
  }

  return {
    app,
    service,
    hook,
    async ring(from = adasNumber) {
      const sid = `CA${String(++rung).padStart(32, '0')}`
      let last: () => Promise<Script> = () =>
        hook('/main/ring-in', { kind: 'ring in', sid, from, to: '+441632960001' })
      let script = await last()
      const token = async () => {
        const row = await app.db.look(({ sql }) =>
          sql
            .selectFrom('incoming')
            .select(['token', 'turn'])
            .where('provider_sid', '=', sid)
            .executeTakeFirstOrThrow(),
        )
        return `/main/ring-in/${row.token}?turn=${row.turn}`
      }
      const tell = async (event: PhoneEvent) => {
        const path = await token()
        last = () => hook(path, event)
        script = await last()
        caller.script = script
        return heardIn(script)
      }
      const caller: Caller = {
        sid,
        script,
        heard: heardIn(script),
        keys: (keys) => tell({ kind: 'ring-in keys', sid, keys }),
        again: async () => heardIn(await last()),
        speaks: (recordingSid, seconds = 7) =>
          tell({ kind: 'recorded', sid, recordingSid, seconds, isFileReady: false }),
        async hangsUp() {
          const state = { kind: 'ended', how: 'completed', seconds: 30 } as const
          await hook('/main/ring-in-status', { kind: 'state', sid, state, sequence: 0, code: null })
        },
        asks() {
          const verb = script.at(-1)
          if (verb?.do === 'record') return 'recording'
          if (verb?.do !== 'gather') return 'nothing'
          return (verb.keys ?? 1) > 1 ? 'keys' : 'key'
        },
      }
      return caller
    },
    async plan(dueAt) {
      const due = new Date(dueAt)
      const { scope, serviceId, scheduleId } = service
      const slot = {
        dueAt: due,
        localDate: localDateOf(due, 'Europe/London'),
        localTime: localTimeOf(due, 'Europe/London'),
      }
      const about = {
        serviceId,
        scheduleId,
        usefulForMinutes: wanted.usefulForMinutes ?? 60,
        by: 'call' as const,
      }
      await app.db.in(scope, (tx) => insertCalls(app, tx, about, [slot]))
      const row = await app.db.in(scope, ({ sql }) =>
        sql.selectFrom('call').select('id').where('due_at', '=', due).executeTakeFirstOrThrow(),
      )
      return row.id
    },
    async call(id) {
      const view = await app.db.in(service.scope, (tx) => callById(tx, id))
      if (!view) throw new Error('no such call')
      return view
    },
    async act() {
      for (let round = 0; round < 5; round++) for (const actor of actors) await actor.runDue(app.clock.now())
    },
    rows: (table) =>
      app.db.look(({ sql }) => sql.selectFrom(table).selectAll().orderBy('id').execute()) as never,
    async endedAt() {
      const row = await app.db.look(({ sql }) =>
        sql
          .selectFrom('service')
          .select('ended_at')
          .where('id', '=', service.serviceId)
          .executeTakeFirstOrThrow(),
      )
      return row.ended_at
    },
    outgoing: (purpose) =>
      app.db.look(({ sql }) =>
        sql
          .selectFrom('outgoing')
          .select(['id', 'token', 'to_number', 'body', 'state'])
          .where('purpose', '=', purpose as 'call')
          .orderBy('id')
          .execute(),
      ),
  }
}
