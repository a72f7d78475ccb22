// A poisoned row: one that cannot be advanced, whatever the reason. Here the database itself refuses its attempt.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { recordingDesk } from '../../test/support/app.ts'
import { callsWorld } from '../../test/support/calls.ts'
import { jsonLog } from '../kit/log.ts'
import { callActors } from './calls.ts'

async function poison(app: Parameters<typeof callActors>[0], callId: string): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: app.db.connectionString })
  await client.connect()
  await client.query(`create function refuse() returns trigger language plpgsql as $$ begin
      if new.call_id = '${callId}' then raise exception 'poisoned'; end if; return new; end $$;
    create trigger refuse before insert on attempt for each row execute function refuse()`)
  await client.end()
}

test('a poisoned row stops only itself, comes back ever later, and is given up with an alert', async () => {
  const lines: string[] = []
  const log = jsonLog(
    () => new Date(0),
    (line) => lines.push(line),
  )
  const { app, call, desk, plan, rows, sweep } = await callsWorld({}, { log })
  const bad = await plan('2026-11-24T09:30:00Z')
  const good = await plan('2026-11-24T09:31:00Z')
  await poison(app, bad)
  app.at('2026-11-24T09:31:00Z')
  expect(await sweep()).toBe(2)
  expect(await call(good)).toMatchObject({ state: 'ringing' })
  expect(await call(bad)).toMatchObject({ state: 'waiting', attempts: [] })
  expect(await rows('outgoing')).toHaveLength(1)

  const delays: number[] = []
  for (let trouble = 1; trouble < 5; trouble++) {
    const { wakeAt } = await call(bad)
    delays.push((wakeAt!.getTime() - app.clock.now().getTime()) / 1000)
    expect(await sweep()).toBe(0)
    app.at(wakeAt!.toISOString())
    expect(desk.opened).toEqual([])
    await sweep()
  }
  expect(delays).toEqual([2, 4, 8, 16])
  expect(await call(bad)).toMatchObject({ state: 'closed', outcome: 'not placed' })
  expect(desk.opened).toMatchObject([{ callId: bad, reason: 'not placed' }])
  expect(lines.filter((line) => line.includes('could not be advanced'))).toHaveLength(5)
  expect(lines.join()).not.toMatch(/Ada|\+44|are-you-ok/)
})

test('when it cannot even be given up it keeps coming back, and is healed when the cause is', async () => {
  let isBroken = true
  const desk = recordingDesk()
  const { app, call, plan, sweep } = await callsWorld(
    {},
    {
      alertDesk: {
        ...desk,
        async open(app, tx, raised) {
          if (isBroken) throw new Error('no alert today')
          await desk.open(app, tx, raised)
        },
      },
    },
  )
  const id = await plan('2026-11-24T09:30:00Z')
  await poison(app, id)
  app.at('2026-11-24T09:30:00Z')
  for (let times = 0; times < 12; times++) {
    expect(await sweep()).toBe(1)
    const { wakeAt, state } = await call(id)
    expect(state).toBe('waiting')
    expect(wakeAt!.getTime() - app.clock.now().getTime()).toBeLessThanOrEqual(60_000)
    app.at(wakeAt!.toISOString())
  }
  isBroken = false
  await sweep()
  expect(await call(id)).toMatchObject({ outcome: 'not placed' })
  expect(desk.opened).toHaveLength(1)
})

test('trouble that passes is forgotten', async () => {
  const { app, call, plan, rows, sweep } = await callsWorld()
  const id = await plan('2026-11-24T09:30:00Z')
  await app.db.in(app.scope, (tx) => sql`update call set troubles = 4 where id = ${id}`.execute(tx.sql))
  app.at('2026-11-24T09:30:00Z')
  await sweep()
  expect(await call(id)).toMatchObject({ state: 'ringing' })
  expect(await rows('call')).toMatchObject([{ troubles: 0 }])
})

test('a round is bounded, the longest overdue first, and the actor says when the next is due', async () => {
  const { app, rows, service, sweep } = await callsWorld()
  const { insertCalls } = await import('./calls.ts')
  const first = new Date('2026-11-24T09:00:00Z').getTime()
  const slots = Array.from({ length: 250 }, (_, n) => ({
    localDate: '2026-11-24',
    localTime: `${n}`,
    dueAt: new Date(first + n * 1000),
  }))
  await app.db.in(service.scope, (tx) => insertCalls(app, tx, { ...service, usefulForMinutes: 60 }, slots))
  app.at('2026-11-24T09:05:00Z')
  expect(await sweep()).toBe(200)
  const waiting = (await rows('call')).filter((row) => row.state === 'waiting')
  expect(waiting.map((row) => Number(row.local_time))).toEqual(Array.from({ length: 50 }, (_, n) => 200 + n))
  expect(await callActors(app)[0]!.nextAt()).toEqual(slots[200]!.dueAt)
  expect(await sweep()).toBe(50)
  expect(await sweep()).toBe(0)
})

test('what was saved is left alone when only the word of that is lost', async () => {
  const { app, call, plan, sweep } = await callsWorld()
  const id = await plan('2026-11-24T09:30:00Z')
  app.at('2026-11-24T09:30:00Z')
  const inOrder = app.db.in
  let isLost = false
  app.db.in = async (scope, work) => {
    const result = await inOrder(scope, work)
    if (isLost) return result
    isLost = true
    throw new Error('the connection broke after the commit')
  }
  await sweep()
  const rings = await call(id)
  expect(rings).toMatchObject({ state: 'ringing', attempts: [{ number: 1, result: null }] })
  // it wakes when nothing was heard of the ring for too long, and not two seconds later, when it would be put down
  expect(rings.wakeAt!.getTime()).toBeGreaterThan(app.clock.now().getTime() + 3_600_000)
})
