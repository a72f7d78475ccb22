// Two lines at two providers: what happens when one of them fails, on a real PostgreSQL and a clock that stands still.
import { expect, test } from 'vitest'
import { type FakePhone, fakePhone } from '../../test/support/fakes.ts'
import { type LinesWorld, lineId, linesWorld } from '../../test/support/lines.ts'
import type { Asked } from '../outside/phone/port.ts'
import { phonesBy } from '../outside/phone/port.ts'
import { ensureLines } from './enqueue.ts'
import { priorities } from './lines.ts'

const nine = new Date('2026-11-24T09:00:00Z')
const at = (seconds: number) => new Date(nine.getTime() + seconds * 1000)
const number = (place: number) => `+4416329602${String(place).padStart(2, '0')}`
const down: Asked = {
  kind: 'refused',
  temporary: true,
  result: 'not placed',
  code: 'ECONNREFUSED',
  reason: 'not reached',
  trouble: 'not there',
}
const busy: Asked = {
  kind: 'refused',
  temporary: true,
  result: 'not placed',
  code: '20429',
  reason: 'too many requests',
}
const lost: Asked = { kind: 'unknown', reason: 'ECONNRESET' }
const notLetIn: Asked = { ...down, code: '20003', trouble: 'shut out' }

interface TwoLines extends LinesWorld {
  first: FakePhone
  second: FakePhone
  health(name: string): Promise<{ is: string; since: Date }>
}

async function twoLines(more: { showsFirst?: boolean } = {}): Promise<TwoLines> {
  const world = await linesWorld()
  const second = fakePhone()
  Object.assign(world.app, { phones: phonesBy({ first: world.app.phone, second }) })
  const [main] = world.app.config.lines
  await ensureLines(world.app, [
    main,
    {
      ...main,
      name: 'second',
      number: '+441632960002',
      provider: 'second',
      showsFirst: more.showsFirst ?? false,
    },
  ])
  return {
    ...world,
    first: world.app.phone,
    second,
    async health(name) {
      const row = await world.app.db.everywhere(({ sql }) =>
        sql.selectFrom('line').selectAll().where('name', '=', name).executeTakeFirstOrThrow(),
      )
      return { is: row.health, since: row.health_since }
    },
  }
}

test.each([
  ['is not there', down],
  ['answers nothing any more', lost],
])(
  'a provider that %s is noticed within seconds, and what waits goes out by the other',
  async (_, answer) => {
    const { app, first, second, ringMany, live, health, rows } = await twoLines()
    first.there = false
    first.answer = () => answer
    await ringMany(Array.from({ length: 20 }, (_, place) => ({ to: number(place) })))
    await live(59)
    expect(await health('main')).toMatchObject({ is: 'failed' })
    expect((await health('main')).since.getTime()).toBeLessThanOrEqual(at(15).getTime())
    const asked = first.calls.map(({ to }) => to)
    const moved = second.calls.map(({ to }) => to)
    expect(moved.length).toBeGreaterThanOrEqual(17)
    expect(second.calls.every(({ from }) => from === '+441632960002')).toBe(true)
    // one whose answer was lost may be ringing: it is found out about, and never asked of the other as well
    if (answer === lost) expect(moved.filter((to) => asked.includes(to))).toEqual([])
    else expect([...new Set(moved)].sort()).toEqual(Array.from({ length: 20 }, (_, place) => number(place)))
    expect(new Set(moved).size).toBe(moved.length)
    const waiting = (await rows()).filter(({ state }) => state === 'waiting')
    expect(waiting).toEqual([])
    expect(app.phone).toBe(first)
  },
)

test('an account that is shut out fails its line at the first word, and nobody is called not placed for it', async () => {
  const { first, second, ring, live, owner, health } = await twoLines()
  first.there = false
  first.answer = () => notLetIn
  await ring()
  await live(5)
  expect(await health('main')).toMatchObject({ is: 'failed', since: nine })
  expect(second.calls).toHaveLength(1)
  expect(owner.ended_).toEqual([])
})

test('an alert raised while the first line is down leaves within five seconds, before everything that waits', async () => {
  const { first, second, ring, ringMany, live } = await twoLines()
  first.there = false
  first.answer = () => down
  await ringMany(Array.from({ length: 40 }, (_, place) => ({ to: number(place) })))
  await live(20)
  const before = second.calls.length
  await ring({ to: '+447700900201', priority: priorities.alert, purpose: 'alert', ownerRoom: 'alerts' })
  await live(5)
  expect(second.calls.slice(before).map(({ to }) => to)).toContain('+447700900201')
})

test('the line comes back by itself: asked whether it is there, on probation, and well', async () => {
  const { first, second, ring, live, health } = await twoLines()
  first.there = false
  first.answer = () => down
  await ring({ to: number(0) })
  await live(30)
  expect(await health('main')).toMatchObject({ is: 'failed' })
  first.answer = null
  await live(60)
  expect(await health('main')).toMatchObject({ is: 'failed' })
  first.there = true
  await live(31)
  expect(await health('main')).toMatchObject({ is: 'probation' })
  const [byFirst, bySecond] = [first.calls.length, second.calls.length]
  for (let place = 1; place <= 6; place++) await ring({ to: number(place) })
  await live(30)
  expect(await health('main')).toMatchObject({ is: 'well' })
  expect(first.calls.length - byFirst).toBe(6)
  expect(second.calls.length).toBe(bySecond)
})

test('on probation a line is tried slowly, and fails again at the first trouble', async () => {
  const { first, second, ring, ringMany, live, health } = await twoLines()
  first.there = false
  first.answer = () => down
  await ring({ to: number(99) })
  await live(20)
  first.there = true
  await live(30)
  expect(await health('main')).toMatchObject({ is: 'probation' })
  const before = first.calls.length
  await ringMany(Array.from({ length: 10 }, (_, place) => ({ to: number(place) })))
  await live(3)
  expect(first.calls.length - before).toBe(1)
  expect(await health('main')).toMatchObject({ is: 'failed' })
  await live(20)
  expect(new Set(second.calls.map(({ to }) => to)).size).toBe(11)
})

test('the other line shows the number that people know where its provider allows it, and on calls only', async () => {
  const { first, second, ring, text, live, rows } = await twoLines({ showsFirst: true })
  first.there = false
  first.answer = () => down
  await ring()
  await text()
  await live(20)
  expect(second.calls).toMatchObject([{ from: '+441632960001' }])
  expect(second.texts).toMatchObject([{ from: '+441632960002' }])
  expect((await rows()).map((row) => row.moved_from)).toEqual([lineId, lineId])
  // what was lost is looked for under the number that was shown
  second.answer = () => lost
  const searched: string[] = []
  second.findCalls = async ({ from }) => {
    searched.push(from)
    return []
  }
  await ring({ to: number(1) })
  await live(60)
  expect(searched[0]).toBe('+441632960001')
})

test('with one line only it keeps its pace, whatever is thought of it', async () => {
  const { app, ringMany, live } = await linesWorld()
  app.phone.answer = () => lost
  await ringMany(Array.from({ length: 40 }, (_, place) => ({ to: number(place) })))
  await live(40)
  expect(app.phone.calls.length).toBe(40)
})

test('with one line only there is nowhere to go: it goes on trying, and is not placed when its owner’s patience is over', async () => {
  const { app, ring, live, owner } = await linesWorld()
  app.phone.answer = () => down
  await ring({ patienceSeconds: 240 })
  await ring({ to: number(1) })
  await live(400)
  expect(owner.ended_).toMatchObject([{ result: 'not placed' }])
  const lastFor = (to: string) => app.phone.calls.findLast((call) => call.to === to)
  expect(lastFor(number(1))).toBeDefined()
  expect(app.phone.calls.filter(({ to }) => to === number(1)).length).toBeGreaterThan(
    app.phone.calls.filter(({ to }) => to === '+441632960101').length,
  )
})

test('a provider that is merely busy tries nobody’s patience: the call waits for its turn', async () => {
  const { app, ring, live, owner } = await linesWorld()
  app.phone.answer = (_wanted, sid) => (app.clock.now() < at(900) ? busy : { kind: 'placed', sid })
  await ring({ patienceSeconds: 240 })
  await live(890)
  expect(owner.ended_).toEqual([])
  await live(60)
  expect(app.phone.calls.length).toBeGreaterThan(10)
  expect(owner.ended_).toEqual([])
})

test('what waits at a line that is no longer configured goes out by the one that is', async () => {
  const { app, second, first, ring, settle } = await twoLines()
  const other = await app.db.everywhere(({ sql }) =>
    sql.selectFrom('line').select('id').where('name', '=', 'second').executeTakeFirstOrThrow(),
  )
  await ring({ lineId: other.id })
  await ensureLines(app, [app.config.lines[0]])
  await settle()
  expect(second.calls).toEqual([])
  expect(first.calls).toHaveLength(1)
})

test('a number that has just rung rests a minute before a call about something else; alerts and retries do not wait', async () => {
  const { app, ring, live, hook, settle } = await linesWorld()
  const first = await ring({ ownerId: '00000000-0000-7000-8000-0000000000a1' })
  await settle()
  app.pass(20)
  await hook('status', first, {
    kind: 'state',
    sid: app.phone.calls[0]!.sid,
    state: { kind: 'ended', how: 'busy', seconds: 0 },
    sequence: 3,
    code: null,
  })
  await ring({ ownerId: '00000000-0000-7000-8000-0000000000a2' })
  await live(58)
  expect(app.phone.calls).toHaveLength(1)
  await live(3)
  expect(app.phone.calls).toHaveLength(2)
  await hook('status', (await latest(app)).id, {
    kind: 'state',
    sid: app.phone.calls[1]!.sid,
    state: { kind: 'ended', how: 'busy', seconds: 0 },
    sequence: 3,
    code: null,
  })
  await ring({
    purpose: 'alert',
    priority: priorities.alert,
    ownerId: '00000000-0000-7000-8000-0000000000a3',
  })
  await live(2)
  expect(app.phone.calls).toHaveLength(3)
})

test('the attempts of one call keep to their own gap', async () => {
  const { app, ring, live, hook, settle } = await linesWorld()
  const first = await ring()
  await settle()
  await hook('status', first, {
    kind: 'state',
    sid: app.phone.calls[0]!.sid,
    state: { kind: 'ended', how: 'busy', seconds: 0 },
    sequence: 3,
    code: null,
  })
  await ring()
  await live(2)
  expect(app.phone.calls).toHaveLength(2)
})

const latest = async (app: LinesWorld['app']) =>
  app.db.everywhere(({ sql }) =>
    sql.selectFrom('outgoing').select('id').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow(),
  )
