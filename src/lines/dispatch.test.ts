// What leaves a line, when, and in which order: on a real PostgreSQL and a clock that stands still between events.
import pg from 'pg'
import { expect, test, vi } from 'vitest'
import { lineId, linesWorld } from '../../test/support/lines.ts'
import { monotonicMs, movableClock } from '../outside/clock.ts'
import type { Asked } from '../outside/phone/port.ts'
import { nextEvent, settle } from '../queue/loop.ts'
import { claimNext, type Holder, newHolder } from './dispatch.ts'
import { ensureLines } from './enqueue.ts'
import { cancelOutgoing, exchangesOf, firstLine, lineActors, outgoingOf, priorities } from './lines.ts'
import { compareWaiting } from './pacing.ts'

const nine = new Date('2026-11-24T09:00:00Z')
const at = (seconds: number) => new Date(nine.getTime() + seconds * 1000)
const number = (place: number) => `+441632960${String(100 + place)}`
const refusedForNow: Asked = {
  kind: 'refused',
  temporary: true,
  result: 'not placed',
  code: 'ECONNREFUSED',
  reason: 'not reached',
}

test('a call goes out once, with addresses that carry its token and nothing personal', async () => {
  const { app, ring, settle, row, exchanges } = await linesWorld()
  const id = await ring()
  expect(await settle()).toBe(1)
  expect(await settle()).toBe(0)
  const { token } = await row(id)
  const base = `https://callassist.example.org/lines/${lineId}`
  expect(app.phone.calls).toEqual([
    {
      from: '+441632960001',
      to: '+441632960101',
      ringSeconds: 30,
      sid: expect.any(String),
      urls: {
        voice: `${base}/voice/${token}`,
        status: `${base}/status/${token}`,
        fallback: `${base}/fallback/${token}`,
        machine: `${base}/machine/${token}`,
      },
    },
  ])
  expect(await row(id)).toMatchObject({ state: 'placed', claimed_at: nine, placed_at: nine, wake_at: at(45) })
  expect(await exchanges(id)).toEqual([
    { did: 'asked the provider for a call', answered: `taken as ${app.phone.calls[0]!.sid}` },
  ])
})

test('a text goes out with the time it is of use', async () => {
  const { app, text, settle } = await linesWorld()
  await text({ body: 'Ada did not answer.', usefulUntil: at(600) })
  await settle()
  expect(app.phone.texts).toMatchObject([
    { from: '+441632960001', to: '+447700900201', body: 'Ada did not answer.', validForSeconds: 600 },
  ])
})

test('a hundred calls and thirty texts leave one each second, never more', { timeout: 60_000 }, async () => {
  const { app, ringMany, text, live } = await linesWorld()
  const left: { call: Date[]; text: Date[] } = { call: [], text: [] }
  app.phone.answer = (wanted, sid) => {
    left['ringSeconds' in wanted ? 'call' : 'text'].push(app.clock.now())
    return { kind: 'placed', sid }
  }
  await app.db.everywhere(({ sql }) => sql.updateTable('line').set({ concurrent_calls: 1000 }).execute())
  // each rings so long that nobody looks it up meanwhile
  await ringMany(Array.from({ length: 100 }, (_, place) => ({ to: number(place), ringSeconds: 120 })))
  for (let place = 0; place < 30; place++) await text()
  await live(20)
  app.pass(0.5) // nobody looked for half a second: what is late does not bunch up
  await live(81)
  expect(left.call).toHaveLength(100)
  expect(left.text).toHaveLength(30)
  for (const instants of [left.call, left.text]) {
    for (const [place, instant] of instants.entries()) {
      if (place > 0) expect(instant.getTime() - instants[place - 1]!.getTime()).toBeGreaterThanOrEqual(1000)
    }
    expect(instants.at(-1)!.getTime()).toBeLessThanOrEqual(at(101).getTime())
  }
})

test('a fast line keeps its rate too', async () => {
  const { app, ringMany, live } = await linesWorld()
  const left: number[] = []
  app.phone.answer = (_wanted, sid) => {
    left.push(app.clock.now().getTime() - nine.getTime())
    return { kind: 'placed', sid }
  }
  await app.db.everywhere(({ sql }) => sql.updateTable('line').set({ calls_per_second: 30 }).execute())
  await ringMany(Array.from({ length: 35 }, (_, place) => ({ to: number(place) })))
  await live(1.5)
  expect(left.slice(0, 4)).toEqual([0, 34, 68, 102])
  expect(left.filter((ms) => ms < 1000)).toHaveLength(30)
})

test('an alert overtakes the queue; help, retries and what is of use for the shortest time follow', async () => {
  const { app, ring, live, rows } = await linesWorld()
  for (let place = 0; place < 20; place++) {
    await ring({ to: number(place), priority: priorities.newCall, usefulUntil: at(3600 - (place % 3) * 600) })
  }
  await live(5)
  await ring({ to: number(50), priority: priorities.retry })
  await ring({ to: number(51), priority: priorities.alert, ownerRoom: 'alerts', purpose: 'alert' })
  await ring({ to: number(52), priority: priorities.help })
  const waiting = (await rows()).filter((row) => row.state === 'waiting')
  const inOrder = waiting
    .map((row) => ({
      id: row.id,
      priority: row.priority as number,
      usefulUntil: row.useful_until as Date,
      to: row.to_number,
    }))
    .sort(compareWaiting)
  await live(60)
  expect(app.phone.calls.slice(6).map(({ to }) => to)).toEqual(inOrder.map(({ to }) => to))
  expect(app.phone.calls.slice(6, 9).map(({ to }) => to)).toEqual([number(51), number(52), number(50)])
})

test('no more calls at once than the line has places; the end of one lets the next go', async () => {
  const { app, ring, live, settle, hook } = await linesWorld()
  await app.db.everywhere(({ sql }) => sql.updateTable('line').set({ concurrent_calls: 2 }).execute())
  const ids = [await ring({ to: number(1) }), await ring({ to: number(2) }), await ring({ to: number(3) })]
  await live(10)
  expect(app.phone.calls).toHaveLength(2)
  await hook('status', ids[0]!, {
    kind: 'state',
    sid: app.phone.calls[0]!.sid,
    state: { kind: 'ended', how: 'busy', seconds: 0 },
    sequence: 3,
    code: null,
  })
  await settle()
  expect(app.phone.calls.map(({ to }) => to)).toEqual([number(1), number(2), number(3)])
})

test('a number is never rung by two calls at once, and does not hold up the others', async () => {
  const { app, ring, live, settle, hook, actors } = await linesWorld()
  const first = await ring()
  const second = await ring()
  await ring({ to: number(9) })
  await live(10)
  expect(app.phone.calls.map(({ to }) => to)).toEqual(['+441632960101', number(9)])
  // the next event is the look at the first call, not a busy wait for its number
  expect(await nextEvent(actors)).toEqual(at(45))
  app.pass(10)
  await hook('status', first, {
    kind: 'state',
    sid: app.phone.calls[0]!.sid,
    state: { kind: 'ended', how: 'no answer', seconds: 0 },
    sequence: 3,
    code: null,
  })
  expect(await nextEvent(actors)).toEqual(at(20)) // its turn came long ago: at once
  await settle()
  expect(app.phone.calls.map(({ to }) => to)).toEqual(['+441632960101', number(9), '+441632960101'])
  await hook('status', second, {
    kind: 'state',
    sid: app.phone.calls[2]!.sid,
    state: { kind: 'ended', how: 'busy', seconds: 0 },
    sequence: 3,
    code: null,
  })
  expect(await settle()).toBe(0)
})

test('nor by two lines: the database lets only one of them', async () => {
  const { app, ring, settle, rows } = await linesWorld()
  await ensureLines(app, [
    app.config.lines[0],
    { ...app.config.lines[0], name: 'other', number: '+441632960002', concurrentCalls: 9 },
  ])
  const [other] = await app.db.everywhere(({ sql }) =>
    sql.selectFrom('line').selectAll().where('name', '=', 'other').execute(),
  )
  await ring()
  await ring({ lineId: other!.id })
  const holders = ['one', 'two'].map(newHolder)
  const claims = await Promise.all([
    claimNext(app, holders[0]!, lineId, 'call', nine),
    claimNext(app, holders[1]!, other!.id, 'call', nine),
  ])
  expect(claims.flat()).toHaveLength(1)
  expect((await rows()).map((row) => row.state).sort()).toEqual(['claimed', 'waiting'])
  await settle()
  expect(app.phone.calls).toEqual([])
})

test('two dispatchers never claim one row twice, and only the lease’s holder claims at all', async () => {
  const { app, ringMany } = await linesWorld()
  await app.db.everywhere(({ sql }) =>
    sql.updateTable('line').set({ calls_per_second: 1000, concurrent_calls: 1000 }).execute(),
  )
  await ringMany(Array.from({ length: 30 }, (_, place) => ({ to: number(place) })))
  const nodes = [
    lineActors(app, { inFlight: 1 })[0]!,
    lineActors(app, { inFlight: 1 })[0]!,
    lineActors(app, { inFlight: 1 })[0]!,
  ]
  const done = [0, 0, 0]
  for (let round = 0; round < 40; round++) {
    app.pass(0.001)
    const results = await Promise.all(nodes.map((node) => node.runDue(app.clock.now())))
    results.forEach((count, node) => {
      done[node]! += count
    })
  }
  expect(app.phone.calls).toHaveLength(30)
  expect(new Set(app.phone.calls.map(({ to }) => to)).size).toBe(30)
  expect(done.filter((count) => count > 0)).toEqual([30])
})

test('a lease moves when it runs out, and its old holder’s token opens nothing', async () => {
  const { app, ring, rows } = await linesWorld()
  const [first, second] = [lineActors(app, { inFlight: 1 })[0]!, lineActors(app, { inFlight: 1 })[0]!]
  await ring({ to: number(1) })
  await ring({ to: number(2) })
  expect(await first.runDue(app.clock.now())).toBe(1)
  const [held] = await app.db.everywhere(({ sql }) => sql.selectFrom('line').selectAll().execute())
  app.pass(3)
  expect(await second.runDue(app.clock.now())).toBe(0)
  app.pass(3)
  expect(await second.runDue(app.clock.now())).toBe(1)
  await ring({ to: number(3) })
  app.pass(2)
  // the first wakes up and still believes in its lease
  const stale = newHolder(held!.lease_owner!)
  stale.tokens.set(lineId, held!.lease_token)
  expect(await claimNext(app, stale, lineId, 'call', app.clock.now())).toEqual([])
  expect(await first.runDue(app.clock.now())).toBe(0)
  expect((await rows()).map((row) => row.state)).toEqual(['placed', 'placed', 'waiting'])
})

test('places are counted anew when a line is taken over, and when they seem to be too few', async () => {
  const { app, ringMany, rows } = await linesWorld()
  await app.db.everywhere(({ sql }) =>
    sql.updateTable('line').set({ calls_per_second: 1000, concurrent_calls: 6 }).execute(),
  )
  await ringMany(Array.from({ length: 12 }, (_, place) => ({ to: number(place), ringSeconds: 120 })))
  const [first, second] = [newHolder('first'), newHolder('second')]
  const claim = async (holder: Holder, atMost: number) => {
    const claimed = await claimNext(app, holder, lineId, 'call', app.clock.now(), atMost)
    app.pass(1)
    return claimed.map(({ outgoing }) => outgoing.id)
  }
  const [ended] = await claim(first, 2)
  expect(await claim(first, 1)).toHaveLength(1)
  app.pass(6)
  expect(await claim(second, 2)).toHaveLength(2)
  app.pass(6)
  // it remembers three, and there are five
  expect(await claim(first, 3)).toHaveLength(1)
  expect(await claim(first, 1)).toEqual([])
  await app.db.everywhere(({ sql }) =>
    sql.updateTable('outgoing').set({ state: 'ended', wake_at: null }).where('id', '=', ended!).execute(),
  )
  expect(await claim(first, 3)).toHaveLength(1)
  expect((await rows()).filter(({ state }) => state === 'claimed')).toHaveLength(6)
})

test('whoever stops gives its lines back: another goes on in the same instant', async () => {
  const { app, ring, rows } = await linesWorld()
  const [first, second] = [lineActors(app, { inFlight: 1 })[0]!, lineActors(app, { inFlight: 1 })[0]!]
  await ring({ to: number(1) })
  await ring({ to: number(2) })
  expect(await first.runDue(app.clock.now())).toBe(1)
  app.pass(2)
  expect(await second.runDue(app.clock.now())).toBe(0)
  await first.finish!()
  expect(await second.runDue(app.clock.now())).toBe(1)
  expect((await rows()).map((row) => row.state)).toEqual(['placed', 'placed'])
  // and one that was not the holder takes nothing from the holder when it stops
  await first.finish!()
  const [held] = await app.db.everywhere(({ sql }) => sql.selectFrom('line').selectAll().execute())
  expect(held!.lease_owner).not.toBeNull()
})

test('the provider is down at the due time: the call waits, tries again, and rings when it is back', async () => {
  const { app, ring, live, row, owner } = await linesWorld()
  const asked: Date[] = []
  app.phone.answer = (_wanted, sid) => {
    asked.push(app.clock.now())
    return app.clock.now() < at(1200) ? refusedForNow : { kind: 'placed', sid }
  }
  const id = await ring()
  await live(1300)
  expect(asked.slice(0, 6)).toEqual([at(0), at(2), at(6), at(14), at(30), at(60)])
  expect(asked.at(-1)!.getTime()).toBeLessThanOrEqual(at(1230).getTime())
  expect(await row(id)).toMatchObject({ placed_at: asked.at(-1), tries: asked.length - 1 })
  // nobody told it of the placed call, and the fake provider does not know it either
  expect(owner.ended_).toEqual([expect.objectContaining({ result: 'not placed' })])
})

test('down for longer than the call is of use: not placed, told once, at the end of its use', async () => {
  const { app, ring, live, owner, row } = await linesWorld()
  app.phone.answer = () => refusedForNow
  const id = await ring({ usefulUntil: at(100) })
  const late = await ring({ to: number(7), usefulUntil: at(50) })
  await app.db.everywhere(({ sql }) => sql.updateTable('line').set({ concurrent_calls: 1 }).execute())
  await live(300)
  expect(owner.ended_).toHaveLength(2)
  expect(await row(id)).toMatchObject({ state: 'ended', result: 'not placed', result_code: 'ECONNREFUSED' })
  expect((await row(id)).ended_at).toEqual(at(91))
  expect((await row(late)).ended_at).toEqual(at(30))
})

test('what waits too long in the queue ends at the end of its use', async () => {
  const { app, ring, live, owner, row } = await linesWorld()
  await app.db.everywhere(({ sql }) => sql.updateTable('line').set({ concurrent_calls: 0 }).execute())
  const id = await ring({ usefulUntil: at(100) })
  await live(99)
  expect(owner.ended_).toEqual([])
  await live(10)
  expect(await row(id)).toMatchObject({
    state: 'ended',
    result: 'not placed',
    result_code: 'too late',
    ended_at: at(100),
  })
  expect(owner.ended_).toMatchObject([{ outgoingId: id, kind: 'call', result: 'not placed', rangAt: null }])
})

test('an owner that cannot take the end stops only its own row, for a while', async () => {
  const { app, ring, live, owner, row } = await linesWorld()
  await app.db.everywhere(({ sql }) => sql.updateTable('line').set({ concurrent_calls: 0 }).execute())
  const first = await ring({ usefulUntil: at(10) })
  const second = await ring({ to: number(2), usefulUntil: at(10) })
  owner.trouble = new Error('the owner has a bug')
  await live(12)
  expect(await row(first)).toMatchObject({ state: 'waiting', not_before: at(25) })
  expect(await row(second)).toMatchObject({ state: 'ended' })
  await live(20)
  expect(await row(first)).toMatchObject({ state: 'ended', result: 'not placed' })
})

test('refused for good: its owner is told at once, in the words of attempts', async () => {
  const { app, ring, text, settle, owner, exchanges } = await linesWorld()
  app.phone.answer = (wanted) =>
    'body' in wanted
      ? {
          kind: 'refused',
          temporary: false,
          result: 'unreachable number',
          code: '21610',
          reason: 'wants no texts',
        }
      : {
          kind: 'refused',
          temporary: false,
          result: 'unreachable number',
          code: '21211',
          reason: 'not valid',
        }
  const id = await ring()
  await text()
  await settle()
  expect(owner.ended_).toMatchObject([
    { kind: 'call', result: 'unreachable number' },
    { kind: 'text', result: 'not delivered', code: '21610' },
  ])
  expect(await exchanges(id)).toEqual([
    { did: 'asked the provider for a call', answered: 'refused for good, 21211: not valid' },
  ])
})

test('a claim that grew old before the provider was asked is given back, not dialled', async () => {
  const { app, ring, settle, row } = await linesWorld()
  const id = await ring()
  let reads = 0
  const real = monotonicMs()
  vi.spyOn(performance, 'now').mockImplementation(() => real + (reads++ < 1 ? 0 : 6000))
  await settle()
  vi.restoreAllMocks()
  expect(app.phone.calls).toEqual([])
  expect(await row(id)).toMatchObject({ state: 'waiting', tries: 0 })
  app.pass(1)
  await settle()
  expect(app.phone.calls).toHaveLength(1)
})

test('cancelled: what waits ends quietly, what is claimed is put down once it is placed, what rings is put down now', async () => {
  const { app, ring, cancel, settle, hook, owner, row } = await linesWorld()
  const waiting = await ring()
  await cancel(waiting)
  expect(await settle()).toBe(0)
  expect(await row(waiting)).toMatchObject({ state: 'ended', result: 'cancelled' })
  expect(owner.ended_).toEqual([])

  const claimed = await ring()
  app.phone.answer = (_wanted, sid) => ({ kind: 'placed', sid })
  const place = app.phone.placeCall
  app.phone.placeCall = async (call) => {
    await cancel(claimed)
    return place(call)
  }
  await settle()
  expect(app.phone.hungUp).toEqual([app.phone.calls[0]!.sid])
  app.phone.placeCall = place
  await hook('status', claimed, {
    kind: 'state',
    sid: app.phone.calls[0]!.sid,
    state: { kind: 'ended', how: 'cancelled', seconds: 0 },
    sequence: 3,
    code: null,
  })
  expect(owner.ended_).toMatchObject([{ outgoingId: claimed, result: 'cancelled' }])

  app.pass(1)
  const ringing = await ring()
  await settle()
  await cancel(ringing)
  await cancel(ringing)
  await settle()
  expect(app.phone.hungUp).toHaveLength(2)
  await app.db.in(app.scope, (tx) => cancelOutgoing(app, tx, '00000000-0000-7000-8000-0000000000ff'))
})

test('what pages read', async () => {
  const { app, ring, settle, row } = await linesWorld()
  const id = await ring()
  await settle()
  const { owner_id: ownerId, part_id: partId } = await row(id)
  await app.db.in(app.scope, async (tx) => {
    expect(await outgoingOf(tx, [])).toEqual([])
    expect(await outgoingOf(tx, [ownerId as string])).toMatchObject([
      {
        id,
        ownerId,
        partId,
        kind: 'call',
        purpose: 'call',
        state: 'placed',
        toNumber: '+441632960101',
        result: null,
        keys: '',
        placedAt: nine,
      },
    ])
    expect(await exchangesOf(tx, id)).toMatchObject([
      { at: nine, did: 'asked the provider for a call', tookMs: expect.any(Number) },
    ])
    expect(await firstLine(tx)).toMatchObject({
      id: lineId,
      name: 'main',
      number: '+441632960001',
      callsPerSecond: 1,
    })
  })
})

test('another organisation sees none of it, but shares the line', async () => {
  const { app, ring, settle, row } = await linesWorld()
  const id = await ring()
  await settle()
  const { owner_id: ownerId } = await row(id)
  await app.db.in({ organisationId: '00000000-0000-7000-8000-0000000000b1' }, async (tx) => {
    expect(await outgoingOf(tx, [ownerId as string])).toEqual([])
    expect(await exchangesOf(tx, id)).toEqual([])
    expect(await firstLine(tx)).toMatchObject({ id: lineId })
  })
})

test('the configured line is written at the start and brought up to date, its pace kept', async () => {
  const { app, ring, settle } = await linesWorld()
  await ring()
  await settle()
  await ensureLines({
    ...app,
    config: {
      ...app.config,
      lines: [{ ...app.config.lines[0], number: '+441632960009', callsPerSecond: 5 }],
    },
  })
  const lines = await app.db.everywhere(({ sql }) => sql.selectFrom('line').selectAll().execute())
  expect(lines).toMatchObject([
    { id: lineId, number: '+441632960009', calls_per_second: '5', next_call_at: at(1), provider: 'first' },
  ])
})

test('in production requests run beside the loop, a slow provider holds up nobody, and stopping waits for them', async () => {
  const { app, ring, rows } = await linesWorld()
  await app.db.everywhere(({ sql }) => sql.updateTable('line').set({ calls_per_second: 1000 }).execute())
  const gates: (() => void)[] = []
  const place = app.phone.placeCall
  app.phone.placeCall = async (call) => {
    await new Promise<void>((resolve) => gates.push(resolve))
    return place(call)
  }
  const rings: boolean[] = []
  app.bell.listen((change) => rings.push(change.work ?? false))
  const [dispatcher] = lineActors(app, { inFlight: 3 })
  for (let place = 0; place < 5; place++) await ring({ to: number(place) })
  for (let round = 0; round < 6; round++) {
    app.pass(0.001)
    await dispatcher!.runDue(app.clock.now())
  }
  expect(gates).toHaveLength(3)
  expect((await rows()).map((row) => row.state)).toEqual([
    'claimed',
    'claimed',
    'claimed',
    'waiting',
    'waiting',
  ])
  const before = rings.length
  // whoever wants to move the clock waits for what is under way
  let named = false
  const next = dispatcher!.nextAt().then((at) => {
    named = true
    return at
  })
  await new Promise(setImmediate)
  expect(named).toBe(false)
  for (const open of gates) open()
  expect(await next).toEqual(expect.any(Date))
  await dispatcher!.finish!()
  expect((await rows()).map((row) => row.state)).toEqual(['placed', 'placed', 'placed', 'waiting', 'waiting'])
  expect(rings.length).toBeGreaterThan(before)
})

test('an idle line names no instant, and a clock that jumps a day finds the same holder', async () => {
  const { app, actors, ring } = await linesWorld()
  expect(await nextEvent(actors)).toBeNull()
  await ring()
  expect(await nextEvent(actors)).toEqual(nine)
  await settle(app.clock, actors)
  app.pass(86_400)
  await ring({ to: number(2) })
  await settle(movableClock({ start: app.clock.now() }), actors)
  expect(app.phone.calls).toHaveLength(2)
})

test('many are claimed together: each is asked for once, no number twice, and none that cannot be saved keeps the others from it', async () => {
  const { app, ring, ringMany, rows } = await linesWorld()
  await app.db.everywhere(({ sql }) =>
    sql.updateTable('line').set({ calls_per_second: 1000, concurrent_calls: 1000 }).execute(),
  )
  const bad = await ring({ to: number(40) })
  await ringMany(Array.from({ length: 30 }, (_, place) => ({ to: number(place % 28) })))
  const owner = new pg.Client({ connectionString: app.db.connectionString })
  await owner.connect()
  await owner.query(`create function refuse() returns trigger language plpgsql as $$ begin
      if new.outgoing_id = '${bad}' then raise exception 'poisoned'; end if; return new; end $$;
    create trigger refuse before insert on provider_exchange for each row execute function refuse()`)
  await owner.end()
  app.phone.answer = ({ to }, sid) => (to === number(5) ? refusedForNow : { kind: 'placed', sid })
  let claims = 0
  const [dispatcher] = lineActors(app, { inFlight: 20 })
  for (let round = 0; round < 20; round++) {
    app.pass(0.1)
    const done = await dispatcher!.runDue(app.clock.now())
    if (done > 1) claims++
    await dispatcher!.finish!()
  }
  const asked = app.phone.calls.map(({ to }) => to).filter((to) => to !== number(5))
  expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted())
  expect(asked).toHaveLength(28)
  expect(claims).toBeLessThanOrEqual(3)
  const all = await rows()
  expect(all.filter((row) => row.state === 'placed')).toHaveLength(27)
  expect(all.filter((row) => row.state === 'claimed')).toMatchObject([{ id: bad }])
  // two for numbers that ring already, and the one that the provider had no time for
  expect(all.filter((row) => row.state === 'waiting')).toHaveLength(3)
})
