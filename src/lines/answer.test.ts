// Webhooks that come at the same moment: what comes of them is what would come of answering them one by one, through the real routes on real
// PostgreSQL databases. `SEED=17` lives one day again.
import pg from 'pg'
import { expect, test } from 'vitest'
import { addService, type ServiceAdded } from '../../test/support/app.ts'
import { type CallsWorld, callsWorld } from '../../test/support/calls.ts'
import { lineId } from '../../test/support/lines.ts'
import { type Tale, taleOf } from '../../test/support/tale.ts'
import { seeded } from '../kit/seeded.ts'
import type { LineEnd, PhoneEvent } from '../outside/phone/port.ts'
import { settle } from '../queue/loop.ts'
import { lineActors, lineRoutes } from './lines.ts'

interface Day extends CallsWorld {
  services: ServiceAdded[]
  /** Wake what is due, and let the line ask for it. */
  work(): Promise<void>
  /** What may be told of: calls on their way, and when they are over once more. In the order of their numbers. */
  onTheWay(): Promise<Outgoing[]>
  tell(outgoing: Outgoing, event: Telling): Promise<{ status: number; body: string }>
}

interface Outgoing {
  id: string
  token: string
  sid: string
  to: string
  owner_id: string
  keys: string
  silences: number
}

type Telling = { kind: string; event: PhoneEvent; query?: string }

/** A line that is fast enough for everybody at once, and receivers of all sorts. */
async function day(receivers = 8): Promise<Day> {
  const world = await callsWorld({ receiver: { phones: ['+441632960100'] } })
  const { app } = world
  await app.db.in(app.scope, ({ sql }) => sql.updateTable('line').set({ calls_per_second: 1000 }).execute())
  const services = [world.service]
  for (let place = 1; place < receivers; place++)
    services.push(
      await addService(app, {
        receiver: { phones: [`+4416329601${String(place).padStart(2, '0')}`] },
        attempts: 1 + (place % 3),
        helpKey: place % 2 === 0 ? '9' : null,
        ...(place % 3 === 0 && { message: { say: `Good morning, number ${place}` } }),
        ...(place === 5 && { organisationId: '00000000-0000-7000-8000-0000000000ff' }),
      }),
    )
  for (const service of services) await world.plan('2026-11-24T09:30:00Z', service)
  const actors = lineActors(app, { inFlight: 1 })
  const routes = lineRoutes(app)
  return {
    ...world,
    services,
    async work() {
      while ((await world.sweep()) > 0);
      // on a clock that stands still the line takes one at each instant
      for (let place = 0; place < receivers; place++) {
        await settle(app.clock, actors)
        app.clock.holdAt(new Date(app.clock.now().getTime() + 2))
      }
    },
    onTheWay: () =>
      app.db.everywhere(({ sql }) =>
        sql
          .selectFrom('outgoing')
          .select(['id', 'token', 'provider_sid as sid', 'to_number as to', 'owner_id', 'keys', 'silences'])
          .where('provider_sid', 'is not', null)
          .orderBy('to_number')
          .orderBy('id')
          .$narrowType<{ sid: string }>()
          .execute(),
      ),
    async tell({ token }, { kind, event, query = '' }) {
      const answer = await routes.request(`/${lineId}/${kind}/${token}${query}`, {
        method: 'POST',
        headers: { 'X-Twilio-Signature': 'signed' },
        body: new URLSearchParams({ event: JSON.stringify(event) }),
      })
      // each database has ids of its own
      return { status: answer.status, body: (await answer.text()).replaceAll(/[0-9a-f-]{36}/g, '…') }
    },
  }
}

const ends: readonly LineEnd[] = ['busy', 'no answer', 'completed', 'failed']

function tellingOf(dice: ReturnType<typeof seeded>, { sid, keys, silences }: Outgoing): Telling {
  const query = `?keys=${keys.length}&silences=${silences}`
  const report = (event: Omit<Extract<PhoneEvent, { kind: 'state' }>, 'kind' | 'sid' | 'code'>): Telling => ({
    kind: 'status',
    event: { kind: 'state', sid, code: null, ...event },
  })
  switch (dice.int(1, 13)) {
    case 1:
    case 2:
      return report({ state: { kind: 'ringing' }, sequence: 1 })
    case 3:
    case 4:
      return { kind: 'voice', event: { kind: 'answered', sid } }
    case 5:
      return report({ state: { kind: 'in progress' }, sequence: 2 })
    case 6:
    case 7:
      return {
        kind: 'keys',
        query,
        event: { kind: 'keyed', sid, key: dice.pick(['1', '9', '*', '5']) } as PhoneEvent,
      }
    case 8:
      return { kind: 'keys', query, event: { kind: 'silent', sid } as PhoneEvent }
    case 9:
      return { kind: 'machine', event: { kind: 'machine', sid, verdict: dice.pick(['machine', 'human']) } }
    default:
      return report({ state: { kind: 'ended', how: dice.pick(ends), seconds: 3 }, sequence: 3 })
  }
}

/** @param together told of all at once, and of some twice; or of one after the other */
async function live(world: Day, seed: number, together: boolean): Promise<{ tale: Tale; answers: string[] }> {
  const dice = seeded(seed)
  const answers: string[] = []
  const start = Date.parse('2026-11-24T09:30:00Z')
  for (let step = 0; step < 24; step++) {
    world.app.clock.holdAt(new Date(start + step * 40_000))
    await world.work()
    // of one call one thing: of two at the same moment either may be the first
    const byCall = Map.groupBy(await world.onTheWay(), (outgoing) => outgoing.owner_id)
    const telling = [...byCall.values()]
      .map((rings) => (dice.bool(0.8) ? rings.at(-1)! : dice.pick(rings)))
      .filter(() => dice.bool(0.7))
      .map((outgoing) => ({ outgoing, what: tellingOf(dice, outgoing), times: dice.bool(0.2) ? 2 : 1 }))
    const each = telling.flatMap((one) => Array.from({ length: one.times }, () => one))
    const tell = ({ outgoing, what }: (typeof each)[number]) => world.tell(outgoing, what)
    const said = []
    if (together) said.push(...(await Promise.all(each.map(tell))))
    else for (const one of each) said.push(await tell(one))
    answers.push(
      ...said.map(({ status, body }, place) => `${step} ${each[place]!.outgoing.to}: ${status} ${body}`),
    )
  }
  return { tale: await taleOf(world, world.services), answers }
}

const seeds = process.env.SEED ? [Number(process.env.SEED)] : [1, 2, 3]

test.each(seeds)('day %i, told at once or one after the other, comes to the same end', async (seed) => {
  const [together, apart] = [await live(await day(), seed, true), await live(await day(), seed, false)]
  expect(together).toEqual(apart)
  // the story was worth telling
  expect(together.answers.length).toBeGreaterThan(60)
  expect(together.tale.alerts.length).toBeGreaterThan(1)
  expect(new Set(together.tale.calls.map((row) => row.outcome)).size).toBeGreaterThan(1)
})

const answered = ({ sid }: Outgoing): Telling => ({ kind: 'voice', event: { kind: 'answered', sid } })

test('a call that another works on waits by itself, and the others are answered', async () => {
  const world = await day()
  world.app.at('2026-11-24T09:30:00Z')
  await world.work()
  const [first, ...others] = (await world.onTheWay()).filter(({ to }) => to !== '+441632960105')
  const { connectionString } = world.app.db
  const holder = new pg.Client({ connectionString, options: '-c app.organisation=all' })
  await holder.connect()
  await holder.query('begin')
  const held = await holder.query('select 1 from call where id = $1 for update', [first!.owner_id])
  expect(held.rowCount).toBe(1)
  let isAnswered = false
  const waits = world.tell(first!, answered(first!)).then((answer) => {
    isAnswered = true
    return answer
  })
  const answers = await Promise.all(others.map((outgoing) => world.tell(outgoing, answered(outgoing))))
  expect(answers.map(({ status }) => status)).toEqual(others.map(() => 200))
  expect(isAnswered).toBe(false)
  await holder.query('rollback')
  await holder.end()
  expect((await waits).body).toContain('gather')
})

test('one that cannot be saved fails alone; the others are answered, each once', async () => {
  const world = await day()
  world.app.at('2026-11-24T09:30:00Z')
  await world.work()
  const all = await world.onTheWay()
  const owner = new pg.Client({ connectionString: world.app.db.connectionString })
  await owner.connect()
  await owner.query(`create function refuse() returns trigger language plpgsql as $$ begin
      if new.outgoing_id = '${all[3]!.id}' then raise 'poisoned'; end if; return new; end $$;
    create trigger refuse before insert on provider_exchange for each row execute function refuse()`)
  await owner.end()
  const answers = await Promise.all(all.map((outgoing) => world.tell(outgoing, answered(outgoing))))
  expect(answers.map(({ status }) => status)).toEqual(all.map((_, place) => (place === 3 ? 500 : 200)))
  const rows = await world.rows('outgoing')
  expect(rows.filter((row) => row.state === 'answered')).toHaveLength(all.length - 1)
  const said = (await world.rows('provider_exchange')).filter(
    (row) => row.did === 'the provider asked what to say',
  )
  expect(new Set(said.map((row) => row.outgoing_id)).size).toBe(all.length - 1)
  expect(said).toHaveLength(all.length - 1)
})
