import { expect, test } from 'vitest'
import { type AlertEvent, type AlertPlan, type AlertState, decide, type Effect, raised } from './machine.ts'

const start = new Date('2026-11-24T09:42:00Z')
const minutes = (n: number) => new Date(start.getTime() + n * 60_000)
const plan: AlertPlan = { steps: 2, stepMinutes: 5, rounds: 3 }

/** Lives through `events`, each at its minute. */
function live(
  events: readonly [number, AlertEvent][],
  { steps, from = raised('missed', start) }: { steps?: number; from?: AlertState } = {},
) {
  let state = from
  const done: Effect[][] = []
  for (const [at, event] of events) {
    const step = decide(state, event, steps === undefined ? plan : { ...plan, steps }, minutes(at))
    state = step.state
    done.push([...step.effects])
  }
  return { state, done, last: done.at(-1)! }
}

const woke: AlertEvent = { kind: 'woke' }
const ben: AlertEvent = { kind: 'accepted', by: 'ben', over: 'call' }
const cara: AlertEvent = { kind: 'accepted', by: 'cara', over: 'text' }
const said = (what: 'she is fine' | 'I am going' | 'get help', by = 'ben'): AlertEvent => ({
  kind: 'said',
  what,
  by,
  over: 'page',
})
const helpAsked: AlertEvent = { kind: 'help asked' }
const cleared: AlertEvent = { kind: 'cleared', by: null }

test('opened: wakes at once and tells the first step', () => {
  const { state, last } = live([[0, woke]])
  expect(last).toEqual([{ do: 'notifyStep', step: 1, round: 1 }])
  expect(state).toMatchObject({ is: 'open', step: 1, round: 1, wakeAt: minutes(5) })
})

test('nobody can be told: handed over at once', () => {
  const { state, last } = live([[0, woke]], { steps: 0 })
  expect(last).toEqual([{ do: 'handOver' }])
  expect(state).toMatchObject({ is: 'handed over', at: start, wakeAt: minutes(60) })
})

test('two steps three times round, five minutes apart, then handed over; it never ends by itself', () => {
  const times = [0, 5, 10, 15, 20, 25, 30]
  const { state, done } = live(times.map((at) => [at, woke]))
  expect(done.slice(0, 6)).toEqual(
    [1, 2, 3].flatMap((round) => [1, 2].map((step) => [{ do: 'notifyStep', step, round }])),
  )
  expect(done[6]).toEqual([{ do: 'handOver' }])
  expect(state).toMatchObject({ is: 'handed over', wakeAt: minutes(90) })
  const year = live(
    Array.from({ length: 500 }, (_, hour) => [90 + hour * 60, woke]),
    { from: state },
  )
  expect(year.state.is).toBe('handed over')
  expect(year.done.every((effects) => effects[0]?.do === 'remindOrganisation')).toBe(true)
})

test('waking early does nothing; waking late tells one step and waits from then', () => {
  expect(
    live([
      [0, woke],
      [4.9, woke],
    ]).last,
  ).toEqual([])
  const late = live([
    [0, woke],
    [300, woke],
    [300, woke],
  ])
  expect(late.done).toEqual([
    [{ do: 'notifyStep', step: 1, round: 1 }],
    [{ do: 'notifyStep', step: 2, round: 1 }],
    [],
  ])
  expect(late.state).toMatchObject({ wakeAt: minutes(305) })
})

test('accepted: what rings is called off, the others are told, and nobody else is woken', () => {
  const { state, last } = live([
    [0, woke],
    [1, ben],
  ])
  expect(last).toEqual([{ do: 'cancelNotifications' }, { do: 'tellOthers', acceptor: 'ben' }])
  expect(state).toMatchObject({
    is: 'accepted',
    by: 'ben',
    over: 'call',
    at: minutes(1),
    wakeAt: minutes(61),
  })
  expect(live([[5, woke]], { from: state }).last).toEqual([])
})

test('accepting twice changes nothing; a second person is noted', () => {
  const { state } = live([
    [0, woke],
    [1, ben],
  ])
  expect(decide(state, ben, plan, minutes(2))).toEqual({ state, effects: [] })
  expect(decide(state, { ...ben, over: 'email' }, plan, minutes(2)).state).toBe(state)
  expect(decide(state, cara, plan, minutes(2))).toEqual({ state, effects: [], isNoted: true })
})

test('an alert that was handed over can still be accepted', () => {
  const { state, last } = live(
    [
      [0, woke],
      [200, cara],
    ],
    { steps: 0 },
  )
  expect(state).toMatchObject({ is: 'accepted', by: 'cara', over: 'text' })
  expect(last).toContainEqual({ do: 'tellOthers', acceptor: 'cara' })
})

test('the acceptor is asked after an hour and then every four', () => {
  const { done } = live([
    [0, woke],
    [0, ben],
    [59, woke],
    [60, woke],
    [61, woke],
    [299, woke],
    [300, woke],
  ])
  expect(done.slice(2).map((effects) => effects.length)).toEqual([0, 1, 0, 0, 1])
  expect(done[3]).toEqual([{ do: 'remind', acceptor: 'ben', because: 'no word yet' }])
})

test('"she is fine" from anybody closes it and tells the others', () => {
  for (const before of [[], [ben]]) {
    const { state, last } = live([
      [0, woke],
      ...before.map((event): [number, AlertEvent] => [1, event]),
      [2, said('she is fine', 'cara')],
    ])
    expect(state).toMatchObject({ is: 'closed', how: 'she is fine', by: 'cara', at: minutes(2) })
    expect(last).toEqual([{ do: 'cancelNotifications' }, { do: 'allClear', except: 'cara' }])
  }
})

test('"I am going" asks again an hour later; from somebody else it is only noted', () => {
  const { state, last } = live([
    [0, woke],
    [1, ben],
    [50, said('I am going')],
  ])
  expect(state).toMatchObject({ is: 'accepted', by: 'ben', said: 'I am going', wakeAt: minutes(110) })
  expect(last).toEqual([])
  expect(decide(state, said('I am going', 'cara'), plan, minutes(55))).toEqual({
    state,
    effects: [],
    isNoted: true,
  })
})

test('"I am going" before anybody accepted is an acceptance', () => {
  expect(
    live([
      [0, woke],
      [1, said('I am going', 'cara')],
    ]).state,
  ).toMatchObject({ is: 'accepted', by: 'cara', over: 'page' })
})

test('"get help" asks everybody else once, and whoever answers takes it over', () => {
  const first = live([
    [0, woke],
    [1, ben],
    [20, said('get help')],
    [21, said('get help')],
  ])
  expect(first.done.slice(2)).toEqual([[{ do: 'callForHelp', by: 'ben' }], []])
  expect(first.state).toMatchObject({ is: 'accepted', by: 'ben', said: 'get help' })
  const second = live([[25, cara]], { from: first.state })
  expect(second.state).toMatchObject({ is: 'accepted', by: 'cara', said: null })
  expect(second.last).toContainEqual({ do: 'tellOthers', acceptor: 'cara' })
  expect(
    live([
      [0, woke],
      [1, said('get help')],
    ]).last,
  ).toEqual([{ do: 'cancelNotifications' }, { do: 'callForHelp', by: 'ben' }])
})

test('a late acknowledgement clears it from every state', () => {
  for (const before of [[], [ben], [ben, said('get help')]]) {
    const { state, last } = live([
      [0, woke],
      ...before.map((event): [number, AlertEvent] => [1, event]),
      [2, cleared],
    ])
    expect(state).toMatchObject({ is: 'closed', how: 'all-clear', by: null })
    expect(last).toEqual([{ do: 'cancelNotifications' }, { do: 'allClear', except: null }])
  }
  expect(
    live(
      [
        [0, woke],
        [2, cleared],
      ],
      { steps: 0 },
    ).state.is,
  ).toBe('closed')
})

test('nothing moves an alert that is over, except help asked for the first time', () => {
  const { state } = live([
    [0, woke],
    [1, cleared],
  ])
  for (const event of [
    woke,
    ben,
    said('she is fine'),
    said('get help'),
    cleared,
    { kind: 'gaveUp' } as const,
  ])
    expect(decide(state, event, plan, minutes(500))).toEqual({ state, effects: [] })
  const again = live([[3, helpAsked]], { from: state })
  expect(again.state).toMatchObject({
    is: 'open',
    reason: 'help requested',
    step: 1,
    round: 1,
    wakeAt: minutes(8),
  })
  expect(again.last).toEqual([{ do: 'notifyStep', step: 1, round: 1 }])
})

test('help asked for the first time acts in every state; again it is only noted', () => {
  const open = live([
    [0, woke],
    [1, helpAsked],
    [2, helpAsked],
  ])
  expect(open.done).toEqual([
    [{ do: 'notifyStep', step: 1, round: 1 }],
    [{ do: 'notifyStep', step: 2, round: 1 }],
    [],
  ])
  const accepted = live([
    [0, woke],
    [1, ben],
    [2, helpAsked],
  ])
  expect(accepted.last).toEqual([{ do: 'remind', acceptor: 'ben', because: 'help asked' }])
  expect(accepted.state).toMatchObject({ is: 'accepted', reason: 'help requested', by: 'ben' })
  const queued = live(
    [
      [0, woke],
      [1, helpAsked],
    ],
    { steps: 0 },
  )
  expect(queued.last).toEqual([{ do: 'remindOrganisation' }])
})

test('trouble of our own hands an open alert over and touches no other', () => {
  expect(
    live([
      [0, woke],
      [1, { kind: 'gaveUp' }],
    ]),
  ).toMatchObject({ state: { is: 'handed over' }, last: [{ do: 'handOver' }] })
  const { state } = live([
    [0, woke],
    [1, ben],
  ])
  expect(decide(state, { kind: 'gaveUp' }, plan, minutes(9)).state).toBe(state)
})

test('receivers removed while it is open: handed over at the next waking', () => {
  const { state } = live([[0, woke]])
  expect(decide(state, woke, { ...plan, steps: 0 }, minutes(5)).effects).toEqual([{ do: 'handOver' }])
})

test('nobody of a step was told: the next is told at once, and a late report of an earlier step hurries nothing', () => {
  const first: AlertEvent = { kind: 'nobody told', step: 1, round: 1 }
  const { state, done } = live([
    [0, woke],
    [1, first],
    [1, woke],
    [2, first],
    [2, woke],
  ])
  expect(done).toEqual([
    [{ do: 'notifyStep', step: 1, round: 1 }],
    [],
    [{ do: 'notifyStep', step: 2, round: 1 }],
    [],
    [],
  ])
  expect(state).toMatchObject({ is: 'open', step: 2, wakeAt: minutes(6) })
})

test('nobody of any step can be told: through all rounds at once, and handed over', () => {
  let state: AlertState = raised('missed', start)
  const done: Effect['do'][] = []
  while (state.is === 'open') {
    const woken = decide(state, woke, plan, start)
    done.push(...woken.effects.map((effect) => effect.do))
    const { step, round } = woken.state
    state = decide(woken.state, { kind: 'nobody told', step, round }, plan, start).state
  }
  expect(done).toEqual([...Array(6).fill('notifyStep'), 'handOver'])
})

test('somebody has it in hand: that a text about it failed changes nothing', () => {
  const { state } = live([
    [0, woke],
    [1, ben],
  ])
  expect(decide(state, { kind: 'nobody told', step: 1, round: 1 }, plan, minutes(2)).state).toBe(state)
})

const joined = (reason: 'missed' | 'not placed', isNews = false): AlertEvent => ({
  kind: 'joined',
  reason,
  isNews,
})
const unplaced = { from: raised('not placed', start) }

test('calls that could not be placed join in silence: nobody is told anew, and nothing is put off', () => {
  const before = live([[0, woke]], unplaced)
  const { state, done } = live(
    [
      [0, joined('not placed')],
      [1, joined('missed')],
    ],
    { from: before.state },
  )
  expect(done).toEqual([[], []])
  expect(state).toEqual({ ...before.state, reason: 'missed' })
})

test('a call in vain since then tells the next step at once, and counts once', () => {
  const { state, done } = live(
    [
      [0, woke],
      [2, joined('missed', true)],
      [2, joined('missed', true)],
    ],
    unplaced,
  )
  expect(done.slice(1)).toEqual([[{ do: 'notifyStep', step: 2, round: 1 }], []])
  expect(state).toMatchObject({ is: 'open', reason: 'missed', wakeAt: minutes(7) })
})

test('and the organisation, where nobody else was left', () => {
  const { state, last } = live(
    [
      [0, woke],
      [2, joined('missed', true)],
    ],
    { ...unplaced, steps: 0 },
  )
  expect(last).toEqual([{ do: 'remindOrganisation' }])
  expect(state.is).toBe('handed over')
})

test('a key in one call is the all-clear of all, but never takes back help', () => {
  expect(
    live(
      [
        [0, woke],
        [1, joined('not placed')],
        [2, cleared],
      ],
      unplaced,
    ).state.is,
  ).toBe('closed')
  const cried = live(
    [
      [0, woke],
      [1, helpAsked],
      [2, cleared],
    ],
    unplaced,
  )
  expect(cried.state.is).toBe('open')
  expect(live([[3, { kind: 'cleared', by: 'ben' }]], { from: cried.state }).state.is).toBe('closed')
})
