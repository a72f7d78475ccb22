// What tests of the lines room do again and again: ask for calls and texts, let the actors work, and be the provider.
import type { Hono } from 'hono'
import { onTestFinished } from 'vitest'
import { newId } from '../../src/kit/ids.ts'
import {
  type CallWanted,
  cancelOutgoing,
  type Ended,
  enqueueCall,
  enqueueText,
  type Heard,
  lineActors,
  lineRoutes,
  type OutgoingOwner,
  priorities,
  type Tape,
  type TextWanted,
} from '../../src/lines/lines.ts'
import type { PhoneEvent, Script } from '../../src/outside/phone/port.ts'
import type { Actor } from '../../src/queue/actor.ts'
import { nextEvent, settle } from '../../src/queue/loop.ts'
import { type TestApp, type TestAppWanted, testApp } from './app.ts'

export const lineId = '00000000-0000-7000-8000-00000000000a'

/** An owner that keeps what it is told, in order, and says one line for each. */
export interface ToldOwner extends OutgoingOwner {
  readonly told: {
    what: 'answered' | 'keyed' | 'silent' | 'recorded'
    heard: Heard
    key?: string
    tape?: Tape
  }[]
  readonly ended_: Ended[]
  /** Thrown at the next telling, once. */
  trouble: Error | null
}

function toldOwner(): ToldOwner {
  const prompt = (text: string): Script => [{ do: 'gather', sounds: [{ do: 'say', text }], waitSeconds: 6 }]
  const inTrouble = () => {
    const { trouble } = owner
    owner.trouble = null
    if (trouble) throw trouble
  }
  const owner: ToldOwner = {
    told: [],
    ended_: [],
    trouble: null,
    lock: async () => undefined,
    async answered(_app, _tx, heard) {
      inTrouble()
      owner.told.push({ what: 'answered', heard })
      return prompt('hello')
    },
    async keyed(_app, _tx, heard, key) {
      inTrouble()
      owner.told.push({ what: 'keyed', heard, key })
      return prompt(`key ${key}`)
    },
    async silent(_app, _tx, heard) {
      inTrouble()
      owner.told.push({ what: 'silent', heard })
      return prompt('are you there?')
    },
    async recorded(_app, _tx, heard, tape) {
      inTrouble()
      owner.told.push({ what: 'recorded', heard, tape })
      return prompt('recorded')
    },
    async ended(_app, _tx, ended) {
      inTrouble()
      owner.ended_.push(ended)
    },
  }
  return owner
}

export interface LinesWorld {
  app: TestApp
  owner: ToldOwner
  actors: Actor[]
  /** Ask for a call; returns its id. By default a new call to +441632960101, of use for an hour. */
  ring(wanted?: Partial<CallWanted>): Promise<string>
  /** The same for many at once. */
  ringMany(wanted: readonly Partial<CallWanted>[]): Promise<void>
  text(wanted?: Partial<TextWanted>): Promise<string>
  cancel(id: string): Promise<void>
  /** Let the actors do all that is due now. */
  settle(): Promise<number>
  /** From one event to the next, up to so many seconds from now. */
  live(seconds: number): Promise<void>
  row(
    id: string,
  ): Promise<Record<string, unknown> & { token: string; state: string; provider_sid: string | null }>
  rows(): Promise<(Record<string, unknown> & { id: string; state: string })[]>
  exchanges(id: string): Promise<{ did: string; answered: string }[]>
  /** A signed webhook about an outgoing, as the fake phone reads it. */
  hook(kind: string, id: string, event: PhoneEvent, query?: string): Promise<Response>
  routes: Hono
}

/** A world with one line of one call and one text a second, gone when the test is over. */
export async function linesWorld(wanted: TestAppWanted = {}): Promise<LinesWorld> {
  const owner = toldOwner()
  const app = await testApp({
    at: '2026-11-24T09:00:00Z',
    owners: { calls: owner, alerts: owner },
    ...wanted,
  })
  onTestFinished(() => app.close())
  const actors = lineActors(app, { inFlight: 1 })
  const routes = lineRoutes(app)

  // one owner, as of the attempts of one call: a number rests a minute before another's
  const ownerId = newId(app.clock.now())
  const common = () => ({
    ownerRoom: 'calls' as const,
    ownerId,
    partId: newId(app.clock.now()),
    serviceId: null,
    lineId: null,
    purpose: 'call' as const,
    priority: priorities.newCall,
    usefulUntil: new Date(app.clock.now().getTime() + 3_600_000),
  })
  const rows = () =>
    app.db.everywhere(({ sql }) => sql.selectFrom('outgoing').selectAll().orderBy('id').execute()) as never

  const world: LinesWorld = {
    app,
    owner,
    actors,
    routes,
    ring: (more) =>
      app.db.in(app.scope, (tx) =>
        enqueueCall(app, tx, { ...common(), to: '+441632960101', ringSeconds: 30, ...more }),
      ),
    ringMany: (all) =>
      app.db.in(app.scope, async (tx) => {
        for (const more of all) {
          await enqueueCall(app, tx, { ...common(), to: '+441632960101', ringSeconds: 30, ...more })
        }
      }),
    text: (more) =>
      app.db.in(app.scope, (tx) =>
        enqueueText(app, tx, { ...common(), to: '+447700900201', body: 'Hello', ...more }),
      ),
    cancel: (id) => app.db.in(app.scope, (tx) => cancelOutgoing(app, tx, id)),
    settle: () => settle(app.clock, actors),
    async live(seconds) {
      const until = new Date(app.clock.now().getTime() + seconds * 1000)
      for (let events = 0; ; events++) {
        if (events > 5000) throw new Error('the clock does not move')
        await settle(app.clock, actors)
        const next = await nextEvent(actors)
        if (!next || next > until) break
        if (next > app.clock.now()) app.clock.holdAt(next)
      }
      app.clock.holdAt(until)
      await settle(app.clock, actors)
    },
    row: async (id) => (await world.rows()).find((row) => row.id === id) as never,
    rows,
    exchanges: (id) =>
      app.db.everywhere(({ sql }) =>
        sql
          .selectFrom('provider_exchange')
          .select(['did', 'answered'])
          .where('outgoing_id', '=', id)
          .orderBy('id')
          .execute(),
      ),
    async hook(kind, id, event, query = '') {
      const { token } = await world.row(id)
      return routes.request(`/${lineId}/${kind}/${token}${query}`, {
        method: 'POST',
        headers: { 'X-Twilio-Signature': 'signed', 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ event: JSON.stringify(event) }).toString(),
      })
    },
  }
  return world
}
