import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type By,
  type CallEvent,
  type CallPlan,
  type CallState,
  decide,
  type Found,
  type Step,
  waysOf,
} from './machine.ts'

const on = (clock: string) => new Date(`2026-11-24T${clock}Z`)
const due = on('09:00:00')
const plan: CallPlan = {
  isTest: false,
  by: 'call',
  attempts: 3,
  gapMs: 5 * 60_000,
  ringMs: 30_000,
  phones: 1,
  mobiles: 1,
  usefulUntil: on('10:00:00'),
  skip: null,
}
const waiting: CallState = { is: 'waiting', wakeAt: due }
const woke: CallEvent = { kind: 'woke' }
const keyed = (attempt: number): CallEvent => ({ kind: 'acknowledged', by: 'key', attempt })
const spoke: CallEvent = { kind: 'acknowledged', by: 'stakeholder', personId: 'ben' }
const replied = (attempt: number | null): CallEvent => ({ kind: 'acknowledged', by: 'text', attempt })
const asked = (attempt: number | null): CallEvent => ({ kind: 'helpRequested', attempt })
const ended = (attempt: number, found: Found = 'rang out', rangAt: Date | null = null): CallEvent => ({
  kind: 'attemptEnded',
  attempt,
  found,
  rangAt,
})

/** Live through events, each with its time of day, from a call that waits for nine o'clock. */
function live(events: [string, CallEvent][], change: Partial<CallPlan> = {}): Step {
  let state: CallState = waiting
  let effects: Step['effects'] = []
  for (const [clock, event] of events)
    ({ state, effects } = decide(state, event, { ...plan, ...change }, on(clock)))
  return { state, effects }
}

const threeMisses: [string, CallEvent][] = [
  ['09:00:00', woke],
  ['09:00:30', ended(1)],
  ['09:05:00', woke],
  ['09:05:30', ended(2, 'busy')],
  ['09:10:00', woke],
  ['09:10:30', ended(3, 'voicemail')],
]

test('at the due time the first number rings, while it is useful', () => {
  const { state, effects } = live([['09:00:00', woke]])
  expect(state).toMatchObject({ is: 'ringing', attempt: 1, startedAt: due, reached: false })
  expect(effects).toEqual([{ do: 'ring', attempt: 1, phone: 0, usefulUntil: plan.usefulUntil }])
})

test('before its time nothing wakes', () => {
  expect(live([['08:59:59', woke]]).state).toBe(waiting)
})

test('a key in the ringing attempt acknowledges and lets the voice finish', () => {
  const { state, effects } = live([
    ['09:00:00', woke],
    ['09:00:20', keyed(1)],
  ])
  expect(state).toMatchObject({ is: 'closed', outcome: 'acknowledged', at: on('09:00:20') })
  expect(state).toHaveProperty('acknowledged', { at: on('09:00:20'), byPersonId: null })
  expect(effects).toEqual([])
})

test('a stakeholder who speaks for her calls the ringing off', () => {
  const { state, effects } = live([
    ['09:00:00', woke],
    ['09:00:20', spoke],
  ])
  expect(state).toMatchObject({ outcome: 'acknowledged', acknowledged: { byPersonId: 'ben' } })
  expect(effects).toEqual([{ do: 'cancelAttempt', attempt: 1 }])
})

test('three attempts, five minutes from start to start, then missed and its alert in one step', () => {
  expect(live(threeMisses.slice(0, 2)).state).toEqual({
    is: 'resting',
    attempt: 1,
    reached: true,
    wakeAt: on('09:05:00'),
  })
  const { state, effects } = live(threeMisses)
  expect(state).toMatchObject({ is: 'closed', outcome: 'missed', at: on('09:10:30'), acknowledged: null })
  expect(effects).toEqual([{ do: 'openAlert', reason: 'missed' }])
})

test('the gap counts from the ringing when the line was busy first', () => {
  const { state } = live([
    ['09:00:00', woke],
    ['09:02:40', ended(1, 'rang out', on('09:02:10'))],
  ])
  expect(state).toMatchObject({ is: 'resting', wakeAt: on('09:07:10') })
})

test('the next attempt never begins before this one has ended', () => {
  const { state } = live([
    ['09:00:00', woke],
    ['09:07:00', ended(1, 'answered without a key', on('09:00:01'))],
  ])
  expect(state).toMatchObject({ is: 'resting', wakeAt: on('09:07:00') })
})

test('a second number takes turns from the second attempt', () => {
  const phones: number[] = []
  let state: CallState = waiting
  let now = due
  for (let attempt = 1; attempt <= 4; attempt++) {
    const step = decide(state, woke, { ...plan, attempts: 4, phones: 2 }, now)
    for (const effect of step.effects) if (effect.do === 'ring') phones.push(effect.phone)
    const rested = decide(step.state, ended(attempt), { ...plan, attempts: 4, phones: 2 }, now)
    state = rested.state
    if (state.is !== 'closed') now = state.wakeAt
  }
  expect(phones).toEqual([0, 1, 0, 1])
  expect(state.is).toBe('closed')
})

test('our own fault is not placed, and one telephone that was reached makes it missed', () => {
  const all = (found: Found) =>
    threeMisses.map(([clock, event]): [string, CallEvent] => [
      clock,
      event.kind === 'woke' ? event : ({ ...event, found } as CallEvent),
    ])
  expect(live(all('not placed')).state).toHaveProperty('outcome', 'not placed')
  expect(live(all('cancelled')).state).toHaveProperty('outcome', 'not placed')
  expect(live(all('unreachable number')).state).toHaveProperty('outcome', 'missed')
  const mixed = all('not placed').with(1, ['09:00:30', ended(1, 'rejected')])
  const { state, effects } = live(mixed)
  expect(state).toHaveProperty('outcome', 'missed')
  expect(effects).toEqual([{ do: 'openAlert', reason: 'missed' }])
})

test('after an outage a stale call does not ring: it is not placed, and alerts', () => {
  for (const clock of ['10:00:00', '14:00:00']) {
    const { state, effects } = live([[clock, woke]])
    expect(state).toHaveProperty('outcome', 'not placed')
    expect(effects).toEqual([{ do: 'openAlert', reason: 'not placed' }])
  }
  expect(live([['09:59:59', woke]]).state).toHaveProperty('is', 'ringing')
})

test('an outage between attempts ends by what they found', () => {
  const { state } = live([...threeMisses.slice(0, 2), ['11:00:00', woke]])
  expect(state).toHaveProperty('outcome', 'missed')
})

test('no attempt that would start when the call is no longer useful', () => {
  const short = { usefulUntil: on('09:05:00') }
  const { state, effects } = live(threeMisses.slice(0, 2), short)
  expect(state).toMatchObject({ outcome: 'missed', at: on('09:00:30') })
  expect(effects).toHaveLength(1)
  expect(live(threeMisses.slice(0, 2), { usefulUntil: on('09:05:01') }).state).toHaveProperty('is', 'resting')
})

test('a line that never tells the end: the attempt is called off, and the call ends', () => {
  const ringing = live([['09:00:00', woke]]).state
  if (ringing.is !== 'ringing') throw new Error('it rings')
  expect(ringing.wakeAt.getTime()).toBeGreaterThan(plan.usefulUntil.getTime() + plan.ringMs)
  const { state, effects } = decide(ringing, woke, plan, ringing.wakeAt)
  expect(state).toHaveProperty('outcome', 'not placed')
  expect(effects).toEqual([
    { do: 'cancelAttempt', attempt: 1 },
    { do: 'openAlert', reason: 'not placed' },
  ])
})

test('paused or ended at the due time: skipped, with the reason, and nobody is alarmed', () => {
  const { state, effects } = live([['09:00:00', woke]], { skip: 'Paused: hospital' })
  expect(state).toMatchObject({ outcome: 'skipped', skipReason: 'Paused: hospital', acknowledged: null })
  expect(effects).toEqual([])
})

test('a pause that begins between attempts stops the next one', () => {
  const rested = live(threeMisses.slice(0, 2)).state
  expect(decide(rested, woke, { ...plan, skip: 'Paused: hospital' }, on('09:05:00')).state).toHaveProperty(
    'outcome',
    'skipped',
  )
})

test('skipped while it rings: the ringing is called off', () => {
  const { state, effects } = live([
    ['09:00:00', woke],
    ['09:00:05', { kind: 'skipped', reason: 'Paused: hospital' }],
  ])
  expect(state).toMatchObject({ outcome: 'skipped', skipReason: 'Paused: hospital' })
  expect(effects).toEqual([{ do: 'cancelAttempt', attempt: 1 }])
})

test.each([
  [
    'while it rings',
    [
      ['09:00:00', woke],
      ['09:00:20', asked(1)],
    ],
  ],
  [
    'a moment after a key',
    [
      ['09:00:00', woke],
      ['09:00:20', keyed(1)],
      ['09:00:22', asked(1)],
    ],
  ],
  ['after a miss', [...threeMisses, ['09:10:31', asked(3)]]],
  ['after the all-clear', [...threeMisses, ['09:10:31', keyed(3)], ['09:10:35', asked(3)]]],
  [
    'after it was skipped',
    [
      ['09:00:00', woke],
      ['09:00:05', { kind: 'skipped', reason: 'hospital' }],
      ['09:00:06', asked(1)],
    ],
  ],
] as [string, [string, CallEvent][]][])('help outranks everything: %s', (_, events) => {
  const { state, effects } = live(events)
  expect(state).toHaveProperty('outcome', 'help requested')
  expect(effects).toEqual([{ do: 'openAlert', reason: 'help requested' }])
  expect(decide(state, asked(1), plan, on('09:30:00'))).toEqual({ state, effects: [] })
  expect(decide(state, keyed(1), plan, on('09:30:00'))).toEqual({ state, effects: [] })
})

test('a key after the miss: history stays, the all-clear goes out once', () => {
  const { state, effects } = live([...threeMisses, ['09:20:00', keyed(2)]])
  expect(state).toMatchObject({
    outcome: 'missed',
    at: on('09:10:30'),
    acknowledged: { at: on('09:20:00'), byPersonId: null },
  })
  expect(effects).toEqual([{ do: 'allClear', byPersonId: null }])
  const again = decide(state, spoke, plan, on('09:21:00'))
  expect(again.state).toBe(state)
  expect(again.effects).toEqual([])
})

test('an acknowledgement of a skipped or acknowledged call changes nothing', () => {
  const skipped = live([['09:00:00', woke]], { skip: 'Paused: hospital' }).state
  expect(decide(skipped, spoke, plan, on('09:01:00')).state).toBe(skipped)
  const done = live([['08:50:00', spoke]]).state
  expect(done).toMatchObject({ outcome: 'acknowledged', acknowledged: { byPersonId: 'ben' } })
  expect(decide(done, keyed(1), plan, on('09:01:00')).state).toBe(done)
})

test('the late end of an older attempt does not end the present one', () => {
  const ringing = live(threeMisses.slice(0, 3)).state
  expect(decide(ringing, ended(1, 'busy'), plan, on('09:05:10')).state).toBe(ringing)
  const resting = live(threeMisses.slice(0, 2)).state
  expect(decide(resting, ended(1), plan, on('09:03:00')).state).toBe(resting)
})

test('a late key of an older attempt counts, and stops the present ringing', () => {
  const { state, effects } = live([...threeMisses.slice(0, 3), ['09:05:10', keyed(1)]])
  expect(state).toHaveProperty('outcome', 'acknowledged')
  expect(effects).toEqual([{ do: 'cancelAttempt', attempt: 2 }])
})

test('a key of an attempt that never was proves nothing', () => {
  expect(live([['08:59:00', keyed(1)]]).state).toBe(waiting)
  expect(
    live([
      ['09:00:00', woke],
      ['09:00:10', keyed(2)],
    ]).state,
  ).toHaveProperty('is', 'ringing')
})

test('given up: not placed, its alert, and nothing rings on', () => {
  const { effects, state } = live([
    ['09:00:00', woke],
    ['09:00:05', { kind: 'gaveUp' }],
  ])
  expect(state).toHaveProperty('outcome', 'not placed')
  expect(effects).toEqual([
    { do: 'cancelAttempt', attempt: 1 },
    { do: 'openAlert', reason: 'not placed' },
  ])
})

test('a test call rings once and never alarms', () => {
  const missed = live(threeMisses.slice(0, 2), { isTest: true })
  expect(missed.state).toHaveProperty('outcome', 'missed')
  expect(missed.effects).toEqual([])
  expect(decide(missed.state, keyed(1), { ...plan, isTest: true }, on('09:01:00')).effects).toEqual([])
  const help = live(
    [
      ['09:00:00', woke],
      ['09:00:20', asked(1)],
    ],
    { isTest: true },
  )
  expect(help.state).toHaveProperty('outcome', 'help requested')
  expect(help.effects).toEqual([])
  expect(live([['10:00:00', woke]], { isTest: true }).effects).toEqual([])
})

// ── by text ─────────────────────────────────────────────────────────────────────────────────────────────────────

const text = { do: 'text', usefulUntil: plan.usefulUntil }
const ring = { do: 'ring', usefulUntil: plan.usefulUntil }

test.each<[By, number, number, string[]]>([
  ['call', 3, 1, ['call', 'call', 'call']],
  ['text', 3, 1, ['text', 'text']],
  ['text', 1, 1, ['text']],
  ['call then text', 3, 1, ['call', 'call', 'text']],
  ['call then text', 1, 1, ['call', 'text']],
  ['text then call', 3, 1, ['text', 'call', 'call']],
  ['text then call', 1, 1, ['text', 'call']],
  // no number that takes texts is left: they become calls
  ['text', 3, 0, ['call', 'call', 'call']],
  ['text then call', 2, 0, ['call', 'call']],
])('by %s, %i attempts, %i mobiles: %j', (by, attempts, mobiles, ways) =>
  expect(waysOf({ ...plan, by, attempts, mobiles })).toEqual(ways),
)

test('a test by text is one text, any other is one call', () => {
  expect(waysOf({ ...plan, isTest: true, by: 'text' })).toEqual(['text'])
  for (const by of ['call', 'call then text', 'text then call'] as const)
    expect(waysOf({ ...plan, isTest: true, by })).toEqual(['call'])
})

test('a text that arrived is given a gap, then one reminder, then it was missed', () => {
  const events: [string, CallEvent][] = [
    ['09:00:00', woke],
    ['09:00:03', ended(1, 'no reply')],
    ['09:05:00', woke],
    ['09:05:03', ended(2, 'no reply')],
    ['09:10:00', woke],
  ]
  const by = { by: 'text' as const }
  expect(live(events.slice(0, 1), by).effects).toEqual([{ ...text, attempt: 1, phone: 0 }])
  expect(live(events.slice(0, 2), by).state).toMatchObject({ is: 'resting', wakeAt: on('09:05:00') })
  expect(live(events.slice(0, 3), by).effects).toEqual([{ ...text, attempt: 2, phone: 0 }])
  // the last text too may be answered for a gap
  expect(live(events.slice(0, 4), by).state).toMatchObject({ is: 'resting', wakeAt: on('09:10:00') })
  const missed = live(events, by)
  expect(missed.state).toMatchObject({ outcome: 'missed', at: on('09:10:00') })
  expect(missed.effects).toEqual([{ do: 'openAlert', reason: 'missed' }])
})

test('a reply acknowledges, while the text is on its way and while it is waited for', () => {
  const by = { by: 'text' as const }
  const atOnce = live(
    [
      ['09:00:00', woke],
      ['09:00:02', replied(1)],
    ],
    by,
  )
  expect(atOnce).toMatchObject({ state: { outcome: 'acknowledged', acknowledged: { byPersonId: null } } })
  expect(atOnce.effects).toEqual([])
  const later = live(
    [
      ['09:00:00', woke],
      ['09:00:03', ended(1, 'no reply')],
      ['09:04:00', replied(1)],
    ],
    by,
  )
  expect(later.state).toHaveProperty('outcome', 'acknowledged')
})

test('a reply to the text stops the telephone that rings by now; so does a text that nobody asked for', () => {
  for (const [by, event] of [
    ['text then call', replied(1)],
    ['call', replied(null)],
  ] as const) {
    const { state, effects } = live(
      [
        ['09:00:00', woke],
        ['09:00:03', ended(1, by === 'call' ? 'busy' : 'no reply')],
        ['09:05:00', woke],
        ['09:05:10', event],
      ],
      { by },
    )
    expect(state).toHaveProperty('outcome', 'acknowledged')
    expect(effects).toEqual([{ do: 'cancelAttempt', attempt: 2 }])
  }
})

test('calls, then a text in place of the last: the alert comes no later for it', () => {
  const by = { by: 'call then text' as const }
  expect(live(threeMisses.slice(0, 5), by).effects).toEqual([{ ...text, attempt: 3, phone: 0 }])
  const { state } = live(
    [...threeMisses.slice(0, 5), ['09:10:03', ended(3, 'no reply')], ['09:15:00', woke]],
    by,
  )
  expect(state).toMatchObject({ outcome: 'missed', at: on('09:15:00') })
})

test('a text, then calls; the numbers take turns for each way apart', () => {
  const { effects } = live(
    [
      ['09:00:00', woke],
      ['09:00:03', ended(1, 'no reply')],
      ['09:05:00', woke],
    ],
    { by: 'text then call', phones: 2 },
  )
  expect(effects).toEqual([{ ...ring, attempt: 2, phone: 0 }])
})

test('a text that could not be delivered is not waited for; one that nobody sent is not placed', () => {
  const by = { by: 'text' as const, attempts: 1 }
  const undelivered = live(
    [
      ['09:00:00', woke],
      ['09:00:03', ended(1, 'unreachable number')],
    ],
    by,
  )
  expect(undelivered.state).toHaveProperty('outcome', 'missed')
  const unsent = live(
    [
      ['09:00:00', woke],
      ['09:00:03', ended(1, 'not placed')],
    ],
    by,
  )
  expect(unsent.state).toHaveProperty('outcome', 'not placed')
})

test('nobody waits for a reply longer than the call is useful', () => {
  const { state } = live(
    [
      ['09:00:00', woke],
      ['09:00:03', ended(1, 'no reply')],
    ],
    { by: 'text', attempts: 1, usefulUntil: on('09:03:00') },
  )
  expect(state).toMatchObject({ is: 'resting', wakeAt: on('09:03:00') })
  const tooLate = live(
    [
      ['09:00:00', woke],
      ['09:03:00', ended(1, 'no reply')],
    ],
    { by: 'text', attempts: 1, usefulUntil: on('09:03:00') },
  )
  expect(tooLate.state).toMatchObject({ is: 'closed', outcome: 'missed' })
})

test('a call that rests asks nothing of anybody', () => {
  const rests = (found: Found, by: By) =>
    live(
      [
        ['09:00:00', woke],
        ['09:00:03', ended(1, found)],
      ],
      { by },
    )
  expect(rests('rang out', 'call')).toMatchObject({ state: { is: 'resting' }, effects: [] })
  expect(rests('no reply', 'text')).toMatchObject({ state: { is: 'resting' }, effects: [] })
})

// ── whatever happens, in whatever order ─────────────────────────────────────────────────────────────────────────

const founds: Found[] = [
  'answered without a key',
  'no reply',
  'voicemail',
  'rang out',
  'busy',
  'rejected',
  'unreachable number',
  'not placed',
  'cancelled',
]
const instants = fc
  .integer({ min: -60, max: 240 })
  .map((minutes) => new Date(due.getTime() + minutes * 60_000))
const attempts = fc.integer({ min: 1, max: 7 })
const events: fc.Arbitrary<CallEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(woke) },
  attempts.map(keyed),
  fc.option(attempts).map(replied),
  fc.constant(spoke),
  attempts.map(asked),
  {
    weight: 4,
    arbitrary: fc
      .tuple(attempts, fc.constantFrom(...founds), fc.option(instants))
      .map(([n, found, at]) => ended(n, found, at)),
  },
  fc.constant<CallEvent>({ kind: 'skipped', reason: 'hospital' }),
  fc.constant<CallEvent>({ kind: 'gaveUp' }),
)
const plans: fc.Arbitrary<CallPlan> = fc.record({
  isTest: fc.boolean(),
  by: fc.constantFrom<By>('call', 'text', 'call then text', 'text then call'),
  attempts: fc.integer({ min: 1, max: 6 }),
  gapMs: fc.integer({ min: 1, max: 60 }).map((minutes) => minutes * 60_000),
  ringMs: fc.integer({ min: 20, max: 120 }).map((seconds) => seconds * 1000),
  phones: fc.integer({ min: 1, max: 2 }),
  mobiles: fc.integer({ min: 0, max: 2 }),
  usefulUntil: fc.integer({ min: 1, max: 180 }).map((minutes) => new Date(due.getTime() + minutes * 60_000)),
  skip: fc.option(fc.constant('Paused: hospital'), { freq: 5 }),
})
/** Events with their times, in order of time as the rows see them. */
const lives = fc
  .array(fc.tuple(instants, events), { maxLength: 25 })
  .map((list) => list.toSorted(([a], [b]) => a.getTime() - b.getTime()))

function each(
  life: [Date, CallEvent][],
  plan: CallPlan,
  check: (before: CallState, event: CallEvent, now: Date, step: Step) => void,
): CallState {
  let state: CallState = waiting
  for (const [now, event] of life) {
    const step = decide(Object.freeze(state), event, plan, now)
    check(state, event, now, step)
    state = step.state
  }
  return state
}

test('in any order: open calls wake, closed ones do not, and what changes nothing does nothing', () => {
  fc.assert(
    fc.property(lives, plans, (life, plan) => {
      each(life, plan, (before, _event, _now, { state, effects }) => {
        if (state.is === 'closed') expect('wakeAt' in state).toBe(false)
        else expect(Number.isFinite(state.wakeAt.getTime())).toBe(true)
        if (state === before) expect(effects).toEqual([])
        else expect(state).not.toEqual(before)
      })
    }),
  )
})

test('in any order: every event twice is every event once', () => {
  fc.assert(
    fc.property(lives, plans, (life, plan) => {
      each(life, plan, (_before, event, now, step) => {
        const again = decide(step.state, event, plan, now)
        expect(again.state).toBe(step.state)
        expect(again.effects).toEqual([])
      })
    }),
  )
})

test('in any order: never more attempts than agreed, never one that is useless, never two that stand for one', () => {
  fc.assert(
    fc.property(lives, plans, (life, plan) => {
      const ways: string[] = []
      each(life, plan, (_before, _event, now, { effects }) => {
        for (const effect of effects) {
          if (effect.do !== 'ring' && effect.do !== 'text') continue
          ways.push(effect.do === 'ring' ? 'call' : 'text')
          expect(effect.attempt).toBe(ways.length)
          expect(effect.phone).toBeLessThan(effect.do === 'ring' ? plan.phones : plan.mobiles)
          expect(now < plan.usefulUntil && plan.skip === null).toBe(true)
        }
      })
      expect(ways).toEqual(waysOf(plan).slice(0, ways.length))
      expect(ways.filter((way) => way === 'call').length).toBeLessThanOrEqual(plan.isTest ? 1 : plan.attempts)
    }),
  )
})

test('in any order: an alert for every alarming outcome and for nothing else', () => {
  fc.assert(
    fc.property(lives, plans, (life, plan) => {
      each(life, plan, (before, _event, _now, { state, effects }) => {
        const isNew = state.is === 'closed' && (before.is !== 'closed' || before.outcome !== state.outcome)
        const isAlarm =
          isNew && ['missed', 'not placed', 'help requested'].includes(state.outcome) && !plan.isTest
        const opened = effects.filter((effect) => effect.do === 'openAlert')
        expect(opened).toEqual(isAlarm ? [{ do: 'openAlert', reason: state.outcome }] : [])
      })
    }),
  )
})

test('from wherever it stands, waking alone brings every call to an end', () => {
  fc.assert(
    fc.property(lives, plans, (life, plan) => {
      let state = each(life, plan, () => {})
      for (let wakes = 0; state.is !== 'closed'; wakes++) {
        expect(wakes).toBeLessThan(3)
        const wakeAt = state.wakeAt
        const step: Step = decide(state, woke, plan, wakeAt)
        if (step.state.is !== 'closed') expect(step.state.wakeAt.getTime()).toBeGreaterThan(wakeAt.getTime())
        state = step.state
      }
    }),
  )
})

const rangIn: CallEvent = { kind: 'acknowledged', by: 'ring-in' }

test('ringing in: checks in early within two hours, and then nothing rings', () => {
  expect(live([['06:59:59', rangIn]]).state).toBe(waiting)
  const { state, effects } = live([['07:00:00', rangIn]])
  expect(state).toMatchObject({ is: 'closed', outcome: 'acknowledged', acknowledged: { byPersonId: null } })
  expect(effects).toEqual([])
  expect(
    live([
      ['07:00:00', rangIn],
      ['09:00:00', woke],
    ]).effects,
  ).toEqual([])
})

test('ringing in acknowledges a call that rings elsewhere, which is put down, and one that rests', () => {
  const rings = live([
    ['09:00:00', woke],
    ['09:00:10', rangIn],
  ])
  expect(rings).toMatchObject({
    state: { outcome: 'acknowledged' },
    effects: [{ do: 'cancelAttempt', attempt: 1 }],
  })
  const rests = live([
    ['09:00:00', woke],
    ['09:00:30', ended(1)],
    ['09:02:00', rangIn],
  ])
  expect(rests).toMatchObject({ state: { outcome: 'acknowledged' }, effects: [] })
})

test('ringing in after a miss gives the all-clear, once', () => {
  const late = live([...threeMisses, ['11:00:00', rangIn]])
  expect(late).toMatchObject({
    state: { outcome: 'missed', acknowledged: { byPersonId: null } },
    effects: [{ do: 'allClear', byPersonId: null }],
  })
  expect(live([...threeMisses, ['11:00:00', rangIn], ['11:00:01', rangIn]]).effects).toEqual([])
})

test('help by ringing in stops what rings and alerts at once', () => {
  const { state, effects } = live([
    ['09:00:00', woke],
    ['09:00:10', { kind: 'helpRequested', attempt: null }],
  ])
  expect(state).toMatchObject({ outcome: 'help requested' })
  expect(effects).toEqual([
    { do: 'cancelAttempt', attempt: 1 },
    { do: 'openAlert', reason: 'help requested' },
  ])
})
