// Calls that are woken together: what comes of it is what would come of waking them one by one, on two real PostgreSQL databases that
// live through the same mornings, drawn by a seed that is printed: `SEED=17` lives one again.
import pg from 'pg'
import { expect, test } from 'vitest'
import { addService, type ServiceAdded, type ServiceWanted } from '../../test/support/app.ts'
import { type CallsWorld, callsWorld } from '../../test/support/calls.ts'
import { type Tale, taleOf } from '../../test/support/tale.ts'
import type { AttemptResult } from '../db/tables.ts'
import { seeded } from '../kit/seeded.ts'
import { callActors } from './calls.ts'

const mobile = '+447700900201'
const landline = '+441632960101'
const wanted: readonly ServiceWanted[] = [
  {},
  { attempts: 1, receiver: { phones: [landline, mobile] } },
  { receiver: { phones: [mobile] }, schedule: { by: 'text then call' }, message: { say: 'Are you well?' } },
  { receiver: { phones: [mobile, landline] }, schedule: { by: 'call then text' }, attempts: 2 },
  { pauses: [{ from: '2026-11-24', to: '2026-11-24', reason: 'in hospital' }] },
  { organisationId: '00000000-0000-7000-8000-0000000000ff', gapMinutes: 1 },
]
const nine = Date.parse('2026-11-24T09:00:00Z')
const minutes = 40

interface Morning {
  world: CallsWorld
  services: ServiceAdded[]
}

async function morning(): Promise<Morning> {
  const world = await callsWorld()
  const services: ServiceAdded[] = []
  for (const one of wanted) services.push(await addService(world.app, one))
  return { world, services }
}

const endings: readonly AttemptResult[] = [
  'rang out',
  'busy',
  'voicemail',
  'not placed',
  'answered without a key',
]

/** Live through the morning that this seed draws. @param together many at once, or each in a transaction of its own */
async function live({ world, services }: Morning, seed: number, together: boolean): Promise<Tale> {
  const { app, plan, ends, presses, sweep, rows } = world
  const dice = seeded(seed)
  const calls: string[] = []
  const by = wanted.map(({ schedule }) => schedule?.by ?? 'call')
  for (const [place, service] of services.entries()) {
    for (const due of dice.shuffle(Array.from({ length: minutes }, (_, minute) => minute)).slice(0, 6))
      calls.push(await plan(new Date(nine + due * 60_000).toISOString(), service))
    await app.db.in(service.scope, ({ sql }) =>
      sql.updateTable('call').set({ by: by[place]! }).where('service_id', '=', service.serviceId).execute(),
    )
  }
  for (let minute = 0; minute < minutes + 80; minute += dice.int(1, 15)) {
    app.clock.holdAt(new Date(nine + minute * 60_000))
    if (!together) {
      await app.db.everywhere(({ sql }) =>
        sql.updateTable('call').set({ troubles: 1 }).where('wake_at', '<=', app.clock.now()).execute(),
      )
    }
    while ((await sweep()) > 0);
    const ringing = (await rows('call')).filter((row) => row.state === 'ringing').map(({ id }) => id)
    for (const call of calls) {
      if (!ringing.includes(call) || dice.bool(0.3)) continue
      if (dice.bool(0.2)) await presses(call, '1')
      else await ends(call, dice.pick(endings))
    }
  }
  return taleOf(world, services)
}

const seeds = process.env.SEED ? [Number(process.env.SEED)] : [1, 2, 3]

test.each(seeds)(
  'the calls of morning %i, woken together or one by one, come to the same end',
  async (seed) => {
    const [together, apart] = [await morning(), await morning()]
    const tales = [await live(together, seed, true), await live(apart, seed, false)] as const
    expect(tales[0]).toEqual(tales[1])
    // the story was worth telling
    expect(tales[0].calls).toHaveLength(36)
    expect(tales[0].alerts.length).toBeGreaterThan(3)
    expect(
      new Set(tales[0].calls.map((call) => (call as { outcome?: string }).outcome)).size,
    ).toBeGreaterThan(2)
  },
)

test('a connection that dies in the middle of many: each is decided once, and only the deadly one waits', async () => {
  const { app, plan, rows, sweep } = await callsWorld()
  const ids: string[] = []
  for (let minute = 10; minute < 30; minute++) ids.push(await plan(`2026-11-24T09:${minute}:00Z`))
  const owner = new pg.Client({ connectionString: app.db.connectionString })
  await owner.connect()
  await owner.query(`create function die() returns trigger language plpgsql as $$ begin
      if new.call_id = '${ids[9]}' then perform pg_terminate_backend(pg_backend_pid()); end if; return new; end $$;
    create trigger die before insert on attempt for each row execute function die()`)
  await owner.end()
  app.at('2026-11-24T09:30:00Z')
  expect(await sweep()).toBe(20)
  expect(await sweep()).toBe(0)
  const begun = ids.filter((_, place) => place !== 9).toSorted()
  expect((await rows('attempt')).map((row) => row.call_id).toSorted()).toEqual(begun)
  expect((await rows('outgoing')).map((row) => row.owner_id).toSorted()).toEqual(begun)
  expect((await rows('call_event')).map((row) => row.call_id).toSorted()).toEqual(begun)
  const waiting = (await rows('call')).filter((row) => row.state === 'waiting')
  expect(waiting).toMatchObject([{ id: ids[9], troubles: 1 }])
})

test('a few at first, then two transactions at once: each call is woken once, and the poisoned one spoils only its own half', async () => {
  const { app, plan, rows } = await callsWorld({ usefulForMinutes: 240 })
  const ids: string[] = []
  for (let minute = 0; minute < 160; minute++)
    ids.push(await plan(new Date(nine + minute * 60_000).toISOString()))
  const owner = new pg.Client({ connectionString: app.db.connectionString })
  await owner.connect()
  await owner.query(`create function refuse() returns trigger language plpgsql as $$ begin
      if new.call_id = '${ids[57]}' then raise 'poisoned'; end if; return new; end $$;
    create trigger refuse before insert on attempt for each row execute function refuse()`)
  await owner.end()
  app.at('2026-11-24T11:40:00Z')
  const [sweeper] = callActors(app, { atOnce: 2 })
  const sweep = async () => {
    const before = app.db.commits()
    return { woken: await sweeper!.runDue(app.clock.now()), commits: app.db.commits() - before }
  }
  expect(await sweep()).toEqual({ woken: 50, commits: 1 })
  // the second half together, the first one by one, and the poisoned one put aside
  expect(await sweep()).toEqual({ woken: 110, commits: 1 + 54 + 1 })
  expect(await sweep()).toEqual({ woken: 0, commits: 0 })
  const begun = ids.filter((_, place) => place !== 57).toSorted()
  expect((await rows('attempt')).map((row) => row.call_id).toSorted()).toEqual(begun)
  expect((await rows('call')).filter((row) => row.troubles === 1)).toMatchObject([{ id: ids[57] }])
})
