import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { addService, testApp } from '../../test/support/app.ts'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { Log } from '../kit/log.ts'
import { silentLog } from '../kit/log.ts'
import { liveUntil, settle } from '../queue/loop.ts'
import {
  changeSchedule,
  createSchedule,
  endSchedule,
  replanService,
  scheduleActors,
  scheduleById,
  schedulesOf,
  WEEKDAYS,
} from './schedules.ts'

async function world(at: string, wanted: { timeZone?: string; log?: Log; usefulForMinutes?: number } = {}) {
  const app = await testApp({ at, ...(wanted.log && { log: wanted.log }) })
  onTestFinished(() => app.close())
  const { scope, serviceId, messageId } = await addService(app, {
    schedule: null,
    receiver: { timeZone: wanted.timeZone ?? 'Europe/London' },
    ...(wanted.usefulForMinutes && { usefulForMinutes: wanted.usefulForMinutes }),
  })
  const within = <T>(work: (tx: Tx) => Promise<T>) => app.db.in(scope, work)
  const daily = { serviceId, messageId, kind: 'check-in' as const, localTime: '09:30', days: WEEKDAYS }
  const create = (change: object = {}) => within((tx) => createSchedule(app, tx, { ...daily, ...change }))
  return { app, scope, serviceId, messageId, within, daily, create, actors: scheduleActors(app) }
}

/** The calls that exist, as "date time state". */
async function calls(app: App): Promise<string[]> {
  const rows = await app.db.everywhere((tx) =>
    tx.sql
      .selectFrom('call')
      .select(['local_date', 'local_time', 'state'])
      .orderBy('due_at')
      .orderBy('id')
      .execute(),
  )
  return rows.map((row) => `${row.local_date} ${row.local_time} ${row.state}`)
}

const wakeAt = (app: App, id: string) =>
  app.db.everywhere((tx) =>
    tx.sql.selectFrom('schedule').select('wake_at').where('id', '=', id).executeTakeFirstOrThrow(),
  )

test('a new schedule has its calls of the next day when it is committed', async () => {
  const { app, create } = await world('2026-11-24T08:00:00Z')
  const id = await create()
  expect(await calls(app)).toEqual(['2026-11-24 09:30 waiting'])
  expect(await wakeAt(app, id)).toEqual({ wake_at: new Date('2026-11-24T09:30:00Z') })
})

test('what is due this minute is called, what is past is not', async () => {
  const { app, create } = await world('2026-11-24T09:30:00Z')
  await create()
  expect(await calls(app)).toEqual(['2026-11-24 09:30 waiting', '2026-11-25 09:30 waiting'])
  app.pass(1)
  await create()
  expect((await calls(app)).filter((call) => call.startsWith('2026-11-24'))).toHaveLength(1)
})

test('every call of a fortnight is there a day before it is due, over a clock change', async () => {
  const { app, create, actors } = await world('2026-10-18T12:00:00Z')
  await create()
  const seen: number[] = []
  let known = new Set(await calls(app))
  await liveUntil(app.clock, actors, new Date('2026-11-01T12:00:00Z'), async (now) => {
    const rows = await app.db.everywhere((tx) => tx.sql.selectFrom('call').select(['id', 'due_at']).execute())
    for (const { id, due_at } of rows) if (!known.has(id)) seen.push(due_at.getTime() - now.getTime())
    known = new Set([...known, ...rows.map(({ id }) => id)])
  })
  expect(await calls(app)).toHaveLength(15)
  expect(seen.length).toBeGreaterThanOrEqual(14)
  expect(Math.min(...seen.slice(1))).toBeGreaterThanOrEqual(24 * 3600 * 1000)
  const due = await app.db.everywhere((tx) =>
    tx.sql.selectFrom('call').select('due_at').orderBy('due_at').execute(),
  )
  expect(due.map(({ due_at }) => due_at.toISOString().slice(5, 16))).toContain('10-24T08:30')
  expect(due.map(({ due_at }) => due_at.toISOString().slice(5, 16))).toContain('10-25T09:30')
})

test('after ten days without a worker no call is missing', async () => {
  const { app, create, actors } = await world('2026-11-24T08:00:00Z')
  await create()
  app.at('2026-12-04T15:00:00Z')
  await settle(app.clock, actors)
  const dates = (await calls(app)).map((call) => call.slice(0, 10))
  expect(dates).toEqual(
    Array.from({ length: 12 }, (_, n) => new Date(Date.UTC(2026, 10, 24 + n)).toISOString().slice(0, 10)),
  )
})

test('after years without a worker neither, though they are more than one statement takes', async () => {
  const { app, create, actors } = await world('2026-11-24T08:00:00Z')
  await create()
  app.at('2042-11-24T08:00:00Z')
  await settle(app.clock, actors)
  expect(await calls(app)).toHaveLength(5844 + 1)
})

test('one date is called once, and then the schedule sleeps', async () => {
  const { app, within, daily, actors } = await world('2026-11-24T08:00:00Z')
  const { days: _, ...rest } = daily
  const id = await within((tx) =>
    createSchedule(app, tx, { ...rest, onDate: '2026-12-24', localTime: '18:00' }),
  )
  expect(await calls(app)).toEqual([])
  await liveUntil(app.clock, actors, new Date('2027-03-01T00:00:00Z'))
  expect(await calls(app)).toEqual(['2026-12-24 18:00 waiting'])
  expect(await wakeAt(app, id)).toEqual({ wake_at: null })
  expect(await actors[0]!.nextAt()).toBeNull()
})

test('a changed time takes the waiting calls with it and leaves what has begun', async () => {
  const { app, create, within } = await world('2026-11-24T08:00:00Z')
  const id = await create()
  app.at('2026-11-24T09:30:00Z')
  await app.db.everywhere((tx) => tx.sql.updateTable('call').set({ state: 'ringing' }).execute())
  await settle(app.clock, scheduleActors(app))
  expect(await calls(app)).toEqual(['2026-11-24 09:30 ringing', '2026-11-25 09:30 waiting'])
  await within((tx) => changeSchedule(app, tx, id, { localTime: '18:00', days: ['tue', 'wed'] }))
  expect(await calls(app)).toEqual(['2026-11-24 09:30 ringing', '2026-11-24 18:00 waiting'])
  await within((tx) => changeSchedule(app, tx, id, { localTime: '09:30', days: WEEKDAYS, kind: 'both' }))
  expect(await calls(app)).toEqual(['2026-11-24 09:30 ringing', '2026-11-25 09:30 waiting'])
  expect(await within((tx) => scheduleById(tx, id))).toMatchObject({ kind: 'both', localTime: '09:30' })
})

test('an ended schedule plans nothing more; a call that is due already runs its course', async () => {
  const { app, create, within, serviceId, actors } = await world('2026-11-24T09:30:00Z')
  const id = await create()
  await within((tx) => endSchedule(app, tx, id))
  expect(await calls(app)).toEqual(['2026-11-24 09:30 waiting'])
  await liveUntil(app.clock, actors, new Date('2026-12-24T12:00:00Z'))
  await within((tx) => changeSchedule(app, tx, id, { localTime: '18:00', days: WEEKDAYS }))
  expect(await calls(app)).toEqual(['2026-11-24 09:30 waiting'])
  expect(await within((tx) => schedulesOf(tx, serviceId))).toEqual([])
})

test('an ended service plans nothing more', async () => {
  const { app, create, actors } = await world('2026-11-24T08:00:00Z')
  await create()
  await app.db.everywhere((tx) => tx.sql.updateTable('service').set({ ended_at: app.clock.now() }).execute())
  await liveUntil(app.clock, actors, new Date('2026-12-24T12:00:00Z'))
  expect(await calls(app)).toHaveLength(1)
})

test('when the receiver moves to another zone the time of day stays', async () => {
  const { app, create, within, serviceId } = await world('2026-11-24T08:00:00Z')
  await create()
  await app.db.everywhere((tx) => tx.sql.updateTable('service').set({ time_zone: 'Europe/Madrid' }).execute())
  await within((tx) => replanService(app, tx, serviceId))
  const rows = await app.db.everywhere((tx) =>
    tx.sql.selectFrom('call').select(['local_time', 'due_at']).execute(),
  )
  expect(rows).toEqual([{ local_time: '09:30', due_at: new Date('2026-11-24T08:30:00Z') }])
})

test('three workers at once plan every schedule once', async () => {
  const { app, create, actors } = await world('2026-11-24T08:00:00Z')
  for (let n = 0; n < 20; n++) await create()
  app.at('2026-11-27T08:00:00Z')
  const more = [scheduleActors(app), scheduleActors(app)]
  await Promise.all([actors, ...more].map((mine) => settle(app.clock, mine)))
  await settle(app.clock, actors)
  expect(await calls(app)).toHaveLength(20 * 4)
})

test('a poisoned schedule steps aside, is reported, and the others are planned', async () => {
  const troubles: string[] = []
  const log: Log = { ...silentLog, error: (_what, _error, fields) => troubles.push(String(fields?.schedule)) }
  const { app, create, actors } = await world('2026-11-24T08:00:00Z', { log })
  const bad = await create()
  await create()
  await app.db.everywhere((tx) =>
    tx.sql
      .updateTable('schedule')
      .set({ days: sql`array['someday']`, wake_at: new Date(0) })
      .where('id', '=', bad)
      .execute(),
  )
  app.at('2026-11-25T08:00:00Z')
  await settle(app.clock, actors)
  expect(troubles).toEqual([bad])
  expect((await calls(app)).filter((call) => call.startsWith('2026-11-25'))).toHaveLength(1)
  await app.db.everywhere((tx) =>
    tx.sql
      .updateTable('schedule')
      .set({ days: [...WEEKDAYS] })
      .where('id', '=', bad)
      .execute(),
  )
  app.pass(600)
  await settle(app.clock, actors)
  expect((await calls(app)).filter((call) => call.startsWith('2026-11-25'))).toHaveLength(2)
})

test('another organisation’s schedule is not there', async () => {
  const { app, create } = await world('2026-11-24T08:00:00Z')
  const id = await create()
  const other = await addService(app, {
    organisationId: '00000000-0000-7000-8000-0000000000ff',
    schedule: null,
  })
  await app.db.in(other.scope, async (tx) => {
    expect(await scheduleById(tx, id)).toBeNull()
    await endSchedule(app, tx, id)
  })
  expect(await calls(app)).toHaveLength(1)
})
