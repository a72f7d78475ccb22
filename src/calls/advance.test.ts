// Calls on a real PostgreSQL: what a commit holds, and what is left when there is none.
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { addService, recordingDesk } from '../../test/support/app.ts'
import { callsWorld } from '../../test/support/calls.ts'
import { advance } from './advance.ts'
import {
  acknowledge,
  callActors,
  callById,
  callsOfService,
  dropWaitingCalls,
  historyOf,
  nextCall,
  ringNow,
} from './calls.ts'
import { insertCalls } from './store.ts'

const other = '00000000-0000-7000-8000-0000000000ff'

test('a due call: state, attempt, line and history in one commit, and a bell after it', async () => {
  const { app, call, plan, rows, service, sweep } = await callsWorld()
  const id = await plan('2026-11-24T09:30:00Z')
  expect(await sweep()).toBe(0)
  expect(await callActors(app)[0]!.nextAt()).toEqual(new Date('2026-11-24T09:30:00Z'))
  const rings: unknown[] = []
  app.bell.listen((change) => rings.push(change))

  app.at('2026-11-24T09:30:00Z')
  expect(await sweep()).toBe(1)
  expect(await sweep()).toBe(0)

  const view = await call(id)
  expect(view).toMatchObject({
    state: 'ringing',
    outcome: null,
    localTime: '09:30',
    kind: 'check-in',
    isTest: false,
  })
  expect(view.attempts).toMatchObject([
    { number: 1, toNumber: '+441632960101', result: null, lineState: 'waiting', keys: '' },
  ])
  expect(await rows('outgoing')).toMatchObject([
    {
      owner_room: 'calls',
      owner_id: id,
      purpose: 'call',
      kind: 'call',
      service_id: service.serviceId,
      ring_seconds: 30,
      priority: 3,
      useful_until: new Date('2026-11-24T10:30:00Z'),
    },
  ])
  expect(await rows('call_event')).toMatchObject([
    { call_id: id, event: { kind: 'woke' }, from_state: 'waiting', to_state: 'ringing' },
  ])
  expect(rings).toContainEqual({ work: true, services: [service.serviceId] })
})

test('three misses on two numbers: retries overtake, and the alert opens in the commit of the last end', async () => {
  const { app, call, desk, ends, plan, rows, service, sweep } = await callsWorld({
    receiver: { phones: ['+441632960101', '+441632960102'] },
  })
  const id = await plan('2026-11-24T09:30:00Z')
  for (const [clock, result] of [
    ['09:30', 'rang out'],
    ['09:35', 'busy'],
    ['09:40', 'voicemail'],
  ] as const) {
    app.at(`2026-11-24T${clock}:00Z`)
    expect(await sweep()).toBe(1)
    app.pass(30)
    expect(desk.opened).toEqual([])
    await ends(id, result)
  }
  const view = await call(id)
  expect(view).toMatchObject({
    state: 'closed',
    outcome: 'missed',
    outcomeAt: new Date('2026-11-24T09:40:30Z'),
    wakeAt: null,
  })
  expect(view.attempts.map(({ result, toNumber }) => [result, toNumber])).toEqual([
    ['rang out', '+441632960101'],
    ['busy', '+441632960102'],
    ['voicemail', '+441632960101'],
  ])
  expect((await rows('outgoing')).map((row) => row.priority)).toEqual([3, 2, 2])
  expect(desk.opened).toEqual([{ serviceId: service.serviceId, callId: id, reason: 'missed' }])
})

test('the same end five times, one after the other and at once: one decision', async () => {
  const { app, desk, ends, plan, rows, sweep } = await callsWorld({ attempts: 1 })
  const id = await plan('2026-11-24T09:30:00Z')
  app.at('2026-11-24T09:30:00Z')
  await sweep()
  await Promise.all([1, 2, 3].map(() => ends(id, 'rang out')))
  app.pass(60)
  for (const result of ['rang out', 'busy'] as const) await ends(id, result)
  expect(desk.opened).toHaveLength(1)
  expect(await rows('call_event')).toHaveLength(2)
  expect(await rows('attempt')).toMatchObject([
    { result: 'rang out', ended_at: new Date('2026-11-24T09:30:00Z') },
  ])
})

test('the same key five times: acknowledged once', async () => {
  const { app, call, desk, ends, plan, presses, rows, sweep } = await callsWorld()
  const id = await plan('2026-11-24T09:30:00Z')
  app.at('2026-11-24T09:30:00Z')
  await sweep()
  app.pass(12)
  await Promise.all([1, 2, 3, 4, 5].map(() => presses(id, '1')))
  app.pass(5)
  await ends(id, 'acknowledged')
  expect(await app.db.in(app.scope, (tx) => historyOf(tx, id))).toMatchObject([
    { event: { kind: 'woke' }, fromState: 'waiting', toState: 'ringing', outcome: null },
    { event: { kind: 'acknowledged', by: 'key', attempt: 1 }, toState: 'closed', outcome: 'acknowledged' },
  ])
  const view = await call(id)
  expect(view).toMatchObject({
    outcome: 'acknowledged',
    acknowledgedAt: new Date('2026-11-24T09:30:12Z'),
    acknowledgedBy: null,
  })
  expect(view.attempts).toMatchObject([{ result: 'acknowledged', endedAt: new Date('2026-11-24T09:30:17Z') }])
  expect(await rows('call_event')).toHaveLength(2)
  expect(desk.opened).toEqual([])
})

test('two sweepers at once: every call is decided once', async () => {
  const { app, plan, rows } = await callsWorld()
  for (let minute = 10; minute < 40; minute++) await plan(`2026-11-24T09:${minute}:00Z`)
  app.at('2026-11-24T09:40:00Z')
  const [one, two] = [callActors(app)[0]!, callActors(app)[0]!]
  const done = await Promise.all([one.runDue(app.clock.now()), two.runDue(app.clock.now())])
  const again = await one.runDue(app.clock.now())
  expect(done[0] + done[1] + again).toBe(30)
  expect(await rows('attempt')).toHaveLength(30)
  expect(await rows('outgoing')).toHaveLength(30)
  expect(await rows('call_event')).toHaveLength(30)
})

test('a row that somebody works on is left alone, and the others are not kept waiting', async () => {
  const { app, call, plan, sweep } = await callsWorld()
  const held = await plan('2026-11-24T09:30:00Z')
  const free = await plan('2026-11-24T09:31:00Z')
  app.at('2026-11-24T09:31:00Z')
  await app.db.in(app.scope, async (tx) => {
    await sql`select 1 from call where id = ${held} for update`.execute(tx.sql)
    expect(await sweep()).toBe(1)
  })
  expect((await call(free)).state).toBe('ringing')
  expect((await call(held)).state).toBe('waiting')
  expect(await sweep()).toBe(1)
})

test('a slot is one call, whoever plans it how often', async () => {
  const { app, rows, service } = await callsWorld()
  const slot = { localDate: '2026-11-24', localTime: '09:30', dueAt: new Date('2026-11-24T09:30:00Z') }
  const next = { localDate: '2026-11-25', localTime: '09:30', dueAt: new Date('2026-11-25T09:30:00Z') }
  const insert = (slots: (typeof slot)[]) =>
    app.db.in(service.scope, (tx) => insertCalls(app, tx, { ...service, usefulForMinutes: 90 }, slots))
  const made = await Promise.all([insert([slot]), insert([slot]), insert([slot, next])])
  expect(made.reduce((sum, n) => sum + n)).toBe(2)
  expect(await insert([slot, next])).toBe(0)
  expect(await insert([])).toBe(0)
  expect(await rows('call')).toMatchObject([
    { wake_at: slot.dueAt, useful_until: new Date('2026-11-24T11:00:00Z'), state: 'waiting' },
    { wake_at: next.dueAt, useful_until: new Date('2026-11-25T11:00:00Z') },
  ])
})

test('a changed schedule drops what waits after an instant, and nothing that has begun', async () => {
  const { app, plan, rows, service, sweep } = await callsWorld()
  const begun = await plan('2026-11-24T09:30:00Z')
  const kept = await plan('2026-11-24T12:00:00Z')
  await plan('2026-11-24T12:01:00Z')
  await plan('2026-11-25T09:30:00Z')
  app.at('2026-11-24T09:30:00Z')
  await sweep()
  const drop = (after: string) =>
    app.db.in(service.scope, (tx) => dropWaitingCalls(tx, service.scheduleId, new Date(after)))
  expect(await drop('2026-11-24T12:00:00Z')).toBe(2)
  expect((await rows('call')).map((row) => row.id)).toEqual([begun, kept])
  expect(await drop('2026-11-24T00:00:00Z')).toBe(1)
  expect((await rows('call')).map((row) => row.id)).toEqual([begun])
})

test('a crash in the middle leaves nothing, and the same event afterwards leaves all', async () => {
  const desk = recordingDesk()
  let crashes = true
  const { call, ends, plan, rows, sweep, app } = await callsWorld(
    { attempts: 1 },
    {
      alertDesk: {
        ...desk,
        async open(app, tx, raised) {
          // the connection dies under the transaction, as it does when the process or the server is killed
          if (crashes) await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx.sql)
          await desk.open(app, tx, raised)
        },
      },
    },
  )
  const id = await plan('2026-11-24T09:30:00Z')
  app.at('2026-11-24T09:30:00Z')
  await sweep()
  const before = [await rows('call'), await rows('attempt'), await rows('call_event')]
  await expect(ends(id, 'rang out')).rejects.toThrow()
  expect([await rows('call'), await rows('attempt'), await rows('call_event')]).toEqual(before)
  expect(desk.opened).toEqual([])

  crashes = false
  await ends(id, 'rang out')
  expect(await call(id)).toMatchObject({ outcome: 'missed' })
  expect(desk.opened).toHaveLength(1)
})

test('another organisation sees none of it and can change nothing', async () => {
  const { app, plan, service, sweep } = await callsWorld()
  const stranger = await addService(app, { organisationId: other })
  const id = await plan('2026-11-24T09:30:00Z')
  app.at('2026-11-24T09:30:00Z')
  await sweep()
  await app.db.in(stranger.scope, async (tx) => {
    expect(await callById(tx, id)).toBeNull()
    expect(await callsOfService(tx, service.serviceId, { limit: 10 })).toEqual([])
    expect(await nextCall(tx, service.serviceId)).toBeNull()
    expect(await dropWaitingCalls(tx, service.scheduleId, new Date(0))).toBe(0)
    await expect(acknowledge(app, tx, id, stranger.receiverId)).rejects.toThrow('no such call')
    await expect(ringNow(app, tx, service.serviceId)).rejects.toThrow('no such service')
    await expect(advance(app, tx, id, { kind: 'gaveUp' })).rejects.toThrow('no such call')
    // and the second lock holds where a query forgets to say whose rows it wants
    for (const table of ['call', 'attempt', 'call_event'] as const) {
      const rows = await tx.sql.selectFrom(table).select('id').execute()
      expect(rows, table).toEqual([])
    }
  })
})

test('a stakeholder speaks for her: what rings is called off; after a miss, the all-clear', async () => {
  const { app, call, desk, ends, plan, rows, service, sweep } = await callsWorld({
    attempts: 1,
    stakeholders: [{ name: 'Ben' }],
  })
  const ben = service.people.Ben!
  const ringing = await plan('2026-11-24T09:30:00Z')
  const missed = await plan('2026-11-24T09:31:00Z')
  app.at('2026-11-24T09:31:00Z')
  await sweep()
  await ends(missed, 'rang out')
  app.pass(20)
  for (const id of [ringing, missed, missed])
    await app.db.in(service.scope, (tx) => acknowledge(app, tx, id, ben))

  expect(await call(ringing)).toMatchObject({
    outcome: 'acknowledged',
    acknowledgedBy: { personId: ben, name: 'Ben' },
  })
  expect((await call(ringing)).attempts).toMatchObject([{ result: 'cancelled', lineState: 'ended' }])
  expect(await call(missed)).toMatchObject({
    outcome: 'missed',
    outcomeAt: new Date('2026-11-24T09:31:00Z'),
    acknowledgedAt: new Date('2026-11-24T09:31:20Z'),
    acknowledgedBy: { name: 'Ben' },
  })
  expect(desk.opened).toHaveLength(1)
  expect(desk.cleared).toEqual([{ callId: missed, byPersonId: ben }])
  expect(await rows('outgoing')).toMatchObject([{ state: 'ended' }, {}])
})

test('what was called off may still turn out to have been something else; a real end may not', async () => {
  const { app, call, ends, plan, service, sweep } = await callsWorld({ stakeholders: [{ name: 'Ben' }] })
  const id = await plan('2026-11-24T09:30:00Z')
  app.at('2026-11-24T09:30:00Z')
  await sweep()
  await app.db.in(service.scope, (tx) => acknowledge(app, tx, id, service.people.Ben!))
  expect((await call(id)).attempts).toMatchObject([{ result: 'cancelled' }])
  await ends(id, 'busy')
  await ends(id, 'rang out')
  expect((await call(id)).attempts).toMatchObject([{ result: 'busy' }])
  expect(await call(id)).toMatchObject({ outcome: 'acknowledged' })
})

test('a paused day and an ended service are skipped, with their reason', async () => {
  const { app, call, desk, plan, service, sweep } = await callsWorld({
    pauses: [{ from: '2026-11-24', to: '2026-11-24', reason: 'staying with family' }],
  })
  const paused = await plan('2026-11-24T09:30:00Z')
  const rung = await plan('2026-11-25T09:30:00Z')
  const ended = await plan('2026-11-26T09:30:00Z')
  app.at('2026-11-25T09:30:00Z')
  expect(await sweep()).toBe(2)
  expect(await call(rung)).toMatchObject({ state: 'ringing' })
  await app.db.in(service.scope, ({ sql }) =>
    sql
      .updateTable('service')
      .set({ ended_at: app.clock.now() })
      .where('id', '=', service.serviceId)
      .execute(),
  )
  app.at('2026-11-26T09:30:00Z')
  await sweep()
  expect(await call(paused)).toMatchObject({
    outcome: 'skipped',
    skipReason: 'Paused: staying with family',
    attempts: [],
  })
  expect(await call(ended)).toMatchObject({ outcome: 'skipped', skipReason: 'The calls were stopped' })
  expect(desk.opened).toMatchObject([{ callId: rung, reason: 'not placed' }])
})

test('after a night without power nothing stale rings: not placed, with its alert', async () => {
  const { app, call, desk, plan, rows, sweep } = await callsWorld()
  const stale = await plan('2026-11-24T09:30:00Z')
  const fresh = await plan('2026-11-25T11:00:00Z')
  app.at('2026-11-25T11:30:00Z')
  await sweep()
  expect(await call(stale)).toMatchObject({ outcome: 'not placed', attempts: [] })
  expect(await call(fresh)).toMatchObject({ state: 'ringing' })
  expect(desk.opened).toMatchObject([{ callId: stale, reason: 'not placed' }])
  expect(await rows('outgoing')).toHaveLength(1)
})

test('a test call: in local time, once however often the button is pressed, never an alert', async () => {
  const { app, call, desk, ends, rows, service, sweep } = await callsWorld({
    receiver: { timeZone: 'Asia/Kolkata' },
  })
  app.at('2026-11-24T21:10:00Z')
  const ring = () => app.db.in(service.scope, (tx) => ringNow(app, tx, service.serviceId))
  const ids = await Promise.all([ring(), ring(), ring()])
  expect(new Set(ids).size).toBe(1)
  const id = ids[0]!
  expect(await sweep()).toBe(1)
  expect(await ring()).toBe(id)
  expect(await call(id)).toMatchObject({
    isTest: true,
    scheduleId: null,
    kind: null,
    localDate: '2026-11-25',
    localTime: '02:40',
    usefulUntil: new Date('2026-11-24T21:20:00Z'),
  })
  expect(await rows('outgoing')).toMatchObject([{ purpose: 'test' }])
  await ends(id, 'rang out')
  expect(await call(id)).toMatchObject({ outcome: 'missed' })
  expect(desk.opened).toEqual([])
  expect(await ring()).not.toBe(id)
})

test('a pause does not hold a test call back', async () => {
  const { app, call, service, sweep } = await callsWorld({
    pauses: [{ from: '2026-11-24', to: '2026-11-24', reason: 'hospital' }],
  })
  const id = await app.db.in(service.scope, (tx) => ringNow(app, tx, service.serviceId))
  await sweep()
  expect(await call(id)).toMatchObject({ state: 'ringing' })
})

test('pages: begun calls the newest first, page by page without losing one; the next call', async () => {
  const { app, plan, service, sweep } = await callsWorld()
  for (const clock of ['08:01', '08:02', '08:03', '08:04']) await plan(`2026-11-24T${clock}:00Z`)
  const tomorrow = await plan('2026-11-25T08:01:00Z')
  const stranger = await addService(app, { organisationId: other })
  await plan('2026-11-24T08:02:00Z', stranger)
  app.at('2026-11-24T08:04:00Z')
  await sweep()
  const test = await app.db.in(service.scope, (tx) => ringNow(app, tx, service.serviceId))
  await sweep()

  await app.db.in(service.scope, async (tx) => {
    const all = await callsOfService(tx, service.serviceId, { limit: 10 })
    expect(all.map((call) => call.localTime)).toEqual(['08:04', '08:04', '08:03', '08:02', '08:01'])
    expect(all[0]).toMatchObject({ id: test, isTest: true })
    const first = await callsOfService(tx, service.serviceId, { limit: 1 })
    const rest = await callsOfService(tx, service.serviceId, { limit: 10, before: first[0]! })
    expect([...first, ...rest]).toEqual(all)
    expect(await nextCall(tx, service.serviceId)).toMatchObject({
      id: tomorrow,
      state: 'waiting',
      attempts: [],
    })
  })
})
