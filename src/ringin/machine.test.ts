// The conversation alone: through any keys in any order, and the straight stories.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { begin, decide } from './machine.ts'
import { isLocked } from './pins.ts'
import type { Effect, Facts, Step, Talk, TalkEvent } from './types.ts'

const ada = { serviceId: 'ada' }
const facts: Facts = {
  candidates: [ada],
  receiver: { today: 'open', helpKey: '9', hasPin: true, canBeRungBack: true },
  arePinsLocked: false,
  isPin: (keys) => keys === '4321',
  found: null,
  alert: null,
  code: null,
}
const keys = (typed: string): TalkEvent => ({ kind: 'keys', keys: typed })

function live(events: readonly TalkEvent[], given: Partial<Facts> = {}, alertIds: readonly string[] = []) {
  const now = { ...facts, ...given }
  let step: Step = { talk: begin(now, alertIds), effects: [], just: null }
  const effects: Effect[] = []
  for (const event of events) {
    step = decide(step.talk, event, now)
    effects.push(...step.effects)
  }
  return { ...step, effects }
}

const key = fc.constantFrom('0', '1', '2', '3', '4', '5', '9', '*', '#')
const anyEvent: fc.Arbitrary<TalkEvent> = fc.oneof(
  { weight: 8, arbitrary: key.map(keys) },
  { weight: 2, arbitrary: fc.constantFrom('1234', '99', '7', '01632960101', '4321').map(keys) },
  { weight: 2, arbitrary: fc.constant<TalkEvent>({ kind: 'silence' }) },
  { weight: 1, arbitrary: fc.constant<TalkEvent>({ kind: 'recorded', recordingSid: 'RE1', seconds: 3 }) },
)
const anyFacts: fc.Arbitrary<Partial<Facts>> = fc.record({
  candidates: fc.constantFrom([], [ada], [ada, { serviceId: 'bert' }]),
  receiver: fc.record({
    today: fc.constantFrom(
      'open' as const,
      'missed' as const,
      'early' as const,
      'nothing' as const,
      'stopped' as const,
    ),
    helpKey: fc.constantFrom('9', '0', '5'),
    hasPin: fc.boolean(),
    canBeRungBack: fc.boolean(),
  }),
  arePinsLocked: fc.boolean(),
  alert: fc.constantFrom('waits' as const, 'yours' as const, 'settled' as const),
})

describe('through any keys in any order', () => {
  const lives = { numRuns: 5000 }

  test('nothing is paused or stopped without the PIN', () => {
    fc.assert(
      fc.property(
        fc.array(anyEvent, { maxLength: 50 }),
        anyFacts,
        fc.constantFrom([], ['a', 'b']),
        (events, given, alertIds) => {
          const { effects } = live(events, { ...given, isPin: () => false, found: null }, alertIds)
          expect(effects.filter((effect) => effect.do === 'grant')).toEqual([])
        },
      ),
      lives,
    )
  })

  test('nor while PINs are locked, whatever is typed', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 50 }), anyFacts, (events, given) => {
        const { effects } = live(events, { ...given, arePinsLocked: true, isPin: () => true, found: 'ada' })
        expect(effects.filter((effect) => effect.do === 'grant')).toEqual([])
      }),
      lives,
    )
  })

  test('the calls are never stopped but after "yes" twice, proved or not', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 50 }), anyFacts, (events, given) => {
        const now = { ...facts, ...given, isPin: () => true, found: 'ada' }
        let talk = begin(now, [])
        const asked: string[] = []
        for (const event of events) {
          const isYes = event.kind === 'keys' && event.keys === '1'
          if (isYes && (talk.at === 'stop' || talk.at === 'really stop')) asked.push(talk.at)
          const step = decide(talk, event, now)
          const stops = step.effects.some(
            (e) => (e.do === 'grant' || e.do === 'ring back') && e.wish.do === 'stop',
          )
          if (stops) expect(asked.slice(-2)).toEqual(['stop', 'really stop'])
          talk = step.talk
        }
      }),
      lives,
    )
  })

  test('it ends: after two silences, after forty answers; and what is over stays over', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), anyFacts, (events, given) => {
        const { talk } = live([...events, ...Array<TalkEvent>(41).fill(keys('*'))], given)
        expect(talk.at).toBe('over')
        expect(decide(talk, keys('1'), facts).talk).toBe(talk)
        const now = { ...facts, ...given }
        const quiet = live([...events, ...Array<TalkEvent>(8).fill({ kind: 'silence' })], given)
        expect(quiet.talk.at).toBe('over')
        expect(decide(quiet.talk, keys('9'), now).effects).toEqual([])
      }),
      lives,
    )
  })

  test('nobody is a receiver without a number that we ring or a number with its PIN', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 50 }), anyFacts, (events, given) => {
        const { talk, effects } = live(events, { ...given, candidates: [], receiver: null, found: null })
        expect(talk.serviceId).toBeNull()
        expect(effects.filter((e) => e.do !== 'keep message' && e.do !== 'count wrong pin')).toEqual([])
      }),
      lives,
    )
  })

  test('help is heard wherever the receiver stands before a choice', () => {
    for (const before of [[], [keys('5')], [keys('0')], [keys('*'), { kind: 'silence' } as const]])
      expect(live([...before, keys('9')]).effects).toContainEqual({ do: 'ask for help' })
  })
})

describe('the receiver', () => {
  test('any key acknowledges; nought does too, and goes on', () => {
    expect(live([keys('4')])).toMatchObject({
      effects: [{ do: 'acknowledge' }],
      just: 'acknowledged',
      talk: { at: 'home' },
    })
    expect(live([keys('0')])).toMatchObject({ effects: [{ do: 'acknowledge' }], talk: { at: 'choices' } })
  })

  test('nought does not check in for a call to come', () => {
    const receiver = { ...facts.receiver!, today: 'early' as const }
    expect(live([keys('0')], { receiver }).effects).toEqual([])
    expect(live([keys('1')], { receiver })).toMatchObject({
      effects: [{ do: 'acknowledge' }],
      just: 'checked in',
    })
  })

  test('star proves nothing', () => {
    expect(live([keys('*'), keys('*')]).effects).toEqual([])
  })
})

describe('a wish', () => {
  const pause = [keys('0'), keys('2'), keys('14')]
  test('is granted by the PIN', () => {
    expect(live([...pause, keys('4321')])).toMatchObject({
      effects: [{ do: 'acknowledge' }, { do: 'grant', wish: { do: 'pause', days: 14 } }],
      just: 'granted',
    })
  })

  test('is rung back without one, and for whoever does not know it', () => {
    const receiver = { ...facts.receiver!, hasPin: false }
    const ringBack = { do: 'ring back', wish: { do: 'pause', days: 14 } }
    expect(live(pause, { receiver }).effects).toContainEqual(ringBack)
    expect(live([...pause, { kind: 'silence' }]).effects).toContainEqual(ringBack)
  })

  test('after three wrong PINs it is rung back, each of them counted', () => {
    const { effects, just } = live([...pause, keys('1'), keys('2'), keys('3')])
    expect(effects.map((effect) => effect.do)).toEqual([
      'acknowledge',
      'count wrong pin',
      'count wrong pin',
      'count wrong pin',
      'ring back',
    ])
    expect(just).toBe('rings back')
  })

  test('days that are none are asked for again', () => {
    for (const days of ['0', '61', '00', '*'])
      expect(live([keys('0'), keys('2'), keys(days)])).toMatchObject({
        talk: { at: 'how many days' } satisfies Partial<Talk>,
        just: 'not understood',
      })
  })
})

describe('whoever is told of alerts', () => {
  test('accepts one by one, and then says how it went', () => {
    const contact = { candidates: [], receiver: null }
    expect(live([keys('1')], { ...contact, alert: 'waits' }, ['a', 'b'])).toMatchObject({
      effects: [{ do: 'accept' }],
      talk: { at: 'alert', alertIds: ['a', 'b'] },
    })
    expect(live([keys('2')], { ...contact, alert: 'waits' }, ['a', 'b']).talk.alertIds).toEqual(['b'])
    expect(live([keys('3')], { ...contact, alert: 'yours' }, ['a'])).toMatchObject({
      effects: [{ do: 'say', what: 'get help' }],
      just: 'get help',
      talk: { at: 'over' },
    })
  })

  test('a receiver among them hears their own day after', () => {
    expect(live([keys('2')], { alert: 'waits' }, ['a']).talk).toMatchObject({ at: 'home', serviceId: 'ada' })
  })
})

test('five wrong PINs within an hour lock for an hour from the fifth', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 8, minute))
  const five = [0, 10, 20, 30, 59].map(at)
  expect(isLocked(five.slice(0, 4), at(31))).toBe(false)
  expect(isLocked(five, at(59))).toBe(true)
  expect(isLocked(five, at(118))).toBe(true)
  expect(isLocked(five, at(119))).toBe(false)
  expect(isLocked([0, 20, 40, 60, 80].map(at), at(81))).toBe(false)
})
