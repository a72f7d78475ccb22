// The life of one outgoing: the story told straight, then in every disorder.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LineEnd, LineState } from '../outside/phone/port.ts'
import { decide, lookOf } from './machine.ts'
import {
  answered,
  at,
  claimed,
  foundAs,
  inProgress,
  key,
  live,
  machine,
  nine,
  notFoundOut,
  over,
  placed,
  queued,
  refused,
  ringing,
  seen,
  silent,
  unknown,
  waiting,
  waitingText,
} from './machine-fixtures.ts'
import type { Life, LineEvent } from './types.ts'

describe('the straight story', () => {
  test('claimed, placed, ringing, answered, key, over', () => {
    const life = live(
      waiting,
      [0, claimed],
      [0, placed],
      [1, queued],
      [2, ringing],
      [10, inProgress],
      [10, answered],
      [20, key('1', 0)],
      [30, over('completed')],
    )
    expect(life).toMatchObject({
      state: 'ended',
      result: 'acknowledged',
      keys: '1',
      sid: 'CA1',
      claimedAt: at(0),
      placedAt: at(0),
      rangAt: at(2),
      answeredAt: at(10),
      endedAt: at(30),
      wakeAt: null,
    })
  })

  test.each<[string, [number, LineEvent][], string]>([
    [
      'nobody answers',
      [
        [2, ringing],
        [32, over('no answer')],
      ],
      'rang out',
    ],
    ['engaged', [[2, over('busy')]], 'busy'],
    [
      'pushed away',
      [
        [2, ringing],
        [4, over('rejected')],
      ],
      'rejected',
    ],
    ['no such number', [[2, over('unreachable')]], 'unreachable number'],
    ['the provider fails', [[2, over('failed')]], 'not placed'],
    ['the provider cancels', [[2, over('cancelled')]], 'not placed'],
    [
      'answered, no key',
      [
        [2, inProgress],
        [2, answered],
        [9, silent(0, 0)],
        [20, over('completed')],
      ],
      'answered without a key',
    ],
    [
      'a machine',
      [
        [2, inProgress],
        [2, answered],
        [5, machine],
        [6, over('completed')],
      ],
      'voicemail',
    ],
    [
      'a key, then taken for a machine',
      [
        [2, answered],
        [4, key('5', 0)],
        [5, machine],
        [9, over('completed')],
      ],
      'acknowledged',
    ],
    [
      'a key, and the line breaks',
      [
        [2, answered],
        [4, key('5', 0)],
        [9, over('failed')],
      ],
      'acknowledged',
    ],
    [
      'our words were never fetched',
      [
        [2, inProgress],
        [20, over('completed')],
      ],
      'not placed',
    ],
    [
      'our words failed in the middle',
      [
        [2, answered],
        [9, { kind: 'fallback', sid: 'CA1' }],
        [20, over('completed')],
      ],
      'not placed',
    ],
  ])('%s', (_name, events, result) => {
    expect(live(waiting, [0, claimed], [0, placed], ...events)).toMatchObject({ state: 'ended', result })
  })

  test('a text: delivered, undelivered, or never heard of again', () => {
    const sent = live(
      waitingText,
      [0, claimed],
      [1, { kind: 'asked', asked: { kind: 'placed', sid: 'SM1' } }],
    )
    expect(sent).toMatchObject({ state: 'placed', wakeAt: at(121) })
    const report = (state: 'sent' | 'delivered' | 'failed', code: string | null = null): LineEvent => ({
      kind: 'text state',
      sid: 'SM1',
      state,
      code,
    })
    expect(live(sent, [2, report('sent')])).toMatchObject({ state: 'placed' })
    expect(live(sent, [2, report('sent')], [5, report('delivered')])).toMatchObject({
      state: 'ended',
      result: 'delivered',
    })
    expect(live(sent, [5, report('failed', '30006')])).toMatchObject({
      result: 'not delivered',
      resultCode: '30006',
    })
    expect(live(sent, [60, notFoundOut])).toMatchObject({ state: 'placed', wakeAt: at(121) })
    expect(live(sent, [121, notFoundOut], [130, report('failed')])).toMatchObject({
      state: 'ended',
      result: 'sent',
    })
  })
})

describe('asking', () => {
  test('refused for now: waits again, longer each time, as long as it is of use', () => {
    let life = live(waiting, [0, claimed], [0, refused(true)])
    expect(life).toMatchObject({
      state: 'waiting',
      tries: 1,
      notBefore: at(2),
      wakeAt: null,
      claimedAt: null,
    })
    const waits = []
    for (let second = 2; life.state === 'waiting' && second < 4000; ) {
      life = live(life, [second, claimed], [second, refused(true)])
      waits.push((life.notBefore.getTime() - at(second).getTime()) / 1000)
      second = (life.notBefore.getTime() - nine.getTime()) / 1000
    }
    expect(waits.slice(0, 5)).toEqual([4, 8, 16, 30, 30])
    expect(life).toMatchObject({ state: 'ended', result: 'not placed', resultCode: '20429' })
    expect(life.endedAt! < waiting.usefulUntil).toBe(true)
  })

  test('refused for good', () => {
    const bad: LineEvent = {
      kind: 'asked',
      asked: { kind: 'refused', temporary: false, result: 'unreachable number', code: '21211', reason: 'x' },
    }
    expect(live(waiting, [0, claimed], [0, bad])).toMatchObject({
      state: 'ended',
      result: 'unreachable number',
      resultCode: '21211',
    })
  })

  test('unknown: searched for 15 seconds after the claim, and found, or not placed once it can ring no longer', () => {
    const life = live(waiting, [0, claimed], [10, unknown])
    expect(life).toMatchObject({ state: 'unknown', wakeAt: at(15), resultCode: 'ECONNRESET' })
    expect(lookOf(life, at(15))).toBe('search')
    const again = live(life, [15, { kind: 'found', found: null }])
    expect(again).toMatchObject({ state: 'unknown', wakeAt: at(30) })
    expect(live(again, [30, foundAs({ kind: 'ringing' })])).toMatchObject({
      state: 'ringing',
      sid: 'CA1',
      rangAt: at(30),
    })
    expect(live(again, [64, { kind: 'found', found: null }])).toMatchObject({ state: 'unknown' })
    expect(live(again, [65, { kind: 'found', found: null }])).toMatchObject({
      state: 'ended',
      result: 'not placed',
      resultCode: 'ECONNRESET',
    })
  })

  test('the answer got lost with its worker: the claim itself wakes', () => {
    const life = live(waiting, [0, claimed])
    expect(life.wakeAt).toEqual(at(15))
    expect(lookOf(life, at(15))).toBe('search')
    expect(live(life, [15, { kind: 'found', found: null }])).toMatchObject({
      state: 'unknown',
      wakeAt: at(30),
    })
  })

  test('a webhook before the answer, or instead of it', () => {
    expect(live(waiting, [0, claimed], [0, ringing], [1, placed])).toMatchObject({
      state: 'ringing',
      sid: 'CA1',
    })
    expect(live(waiting, [0, claimed], [0, answered], [10, unknown])).toMatchObject({
      state: 'answered',
      sid: 'CA1',
    })
    expect(live(waiting, [0, claimed], [10, unknown], [12, queued])).toMatchObject({
      state: 'placed',
      sid: 'CA1',
      resultCode: null,
    })
  })

  test('too old a claim is given back and not counted', () => {
    expect(live(waiting, [0, claimed], [6, { kind: 'given back' }])).toMatchObject({
      state: 'waiting',
      tries: 0,
      notBefore: at(6),
      wakeAt: null,
    })
    expect(live(waiting, [0, claimed], [0, placed], [6, { kind: 'given back' }])).toMatchObject({
      state: 'placed',
    })
  })

  test('placed after all, when nobody waits for it any more: a stray, to be put down', () => {
    const gone = live(waiting, [0, claimed], [65, { kind: 'found', found: null }])
    expect(gone.state).toBe('ended')
    expect(decide(gone, placed, at(70))).toEqual({ life: gone, ask: null, stray: 'CA1' })
    const quick = live(waiting, [0, claimed], [0, queued], [1, over('busy')])
    expect(decide(quick, placed, at(2))).toEqual({ life: quick, ask: null, stray: null })
  })

  test('told of as alive when it was counted as never begun: the same; its own late reports, and its end, are not', () => {
    const gone = live(waiting, [0, claimed], [65, { kind: 'found', found: null }])
    const report = (sid: string, state: LineState): LineEvent => ({
      kind: 'state',
      sid,
      state,
      sequence: 0,
      code: null,
    })
    for (const kind of ['queued', 'ringing', 'in progress'] as const)
      expect(decide(gone, report('CA1', { kind }), at(90))).toEqual({ life: gone, ask: null, stray: 'CA1' })
    const end: LineState = { kind: 'ended', how: 'no answer', seconds: 0 }
    expect(decide(gone, report('CA1', end), at(120))).toEqual({ life: gone, ask: null, stray: null })
    const known = live(waiting, [0, claimed], [0, placed], [30, over('no answer')])
    expect(decide(known, report('CA1', { kind: 'ringing' }), at(90)).stray).toBe(null)
    expect(decide(known, report('CA2', { kind: 'ringing' }), at(90)).stray).toBe('CA2')
  })

  test('of no use any more before it could go out', () => {
    expect(decide(waiting, { kind: 'expired' }, at(3599)).life).toBe(waiting)
    expect(live(waiting, [3600, { kind: 'expired' }])).toMatchObject({
      state: 'ended',
      result: 'not placed',
      resultCode: 'too late',
    })
    const ringing_ = live(waiting, [0, claimed], [0, placed])
    expect(decide(ringing_, { kind: 'expired' }, at(4000)).life).toBe(ringing_)
  })
})

describe('no longer wanted', () => {
  const cancel: LineEvent = { kind: 'cancelled' }
  test('waiting: ends at once', () => {
    expect(live(waiting, [1, cancel])).toMatchObject({ state: 'ended', result: 'cancelled' })
  })
  test('ringing: is put down at once, and ends as cancelled unless somebody pressed a key', () => {
    const life = live(waiting, [0, claimed], [0, placed], [1, ringing], [5, cancel])
    expect(life).toMatchObject({ state: 'ringing', wakeAt: at(5) })
    expect(lookOf(life, at(5))).toBe('hang up')
    expect(live(life, [6, over('cancelled')])).toMatchObject({ result: 'cancelled' })
    expect(live(life, [6, answered], [9, over('completed')])).toMatchObject({ result: 'cancelled' })
    expect(live(life, [6, answered], [8, key('1', 0)], [9, over('completed')])).toMatchObject({
      result: 'acknowledged',
    })
    expect(live(life, [36, over('no answer')])).toMatchObject({ result: 'rang out' })
  })
  test('claimed: is put down as soon as it has a name, and never waits again', () => {
    const life = live(waiting, [0, claimed], [0, cancel])
    expect(life).toMatchObject({ state: 'claimed', wakeAt: at(15) })
    expect(live(life, [1, placed])).toMatchObject({ state: 'placed', wakeAt: at(1) })
    expect(live(life, [1, refused(true)])).toMatchObject({ state: 'ended', result: 'cancelled' })
    expect(live(life, [1, { kind: 'given back' }])).toMatchObject({ state: 'ended', result: 'cancelled' })
    expect(live({ ...waitingText }, [0, claimed], [0, cancel], [1, refused(true)])).toMatchObject({
      result: 'cancelled',
    })
  })
  test('a machine answers: put down at once, but not once a key was pressed', () => {
    const life = live(waiting, [0, claimed], [0, placed], [2, answered], [6, machine])
    expect(life).toMatchObject({ state: 'answered', wakeAt: at(6) })
    expect(lookOf(life, at(6))).toBe('hang up')
    expect(lookOf(live(life, [7, key('1', 0)]), at(7))).toBe('look up')
    expect(
      live(waiting, [0, claimed], [0, placed], [2, answered], [5, key('1', 0)], [6, machine]).wakeAt,
    ).toEqual(at(65))
  })
})

describe('an answerphone', () => {
  const onTheLine: [number, LineEvent][] = [
    [0, claimed],
    [0, placed],
    [2, ringing],
    [10, inProgress],
    [10, answered],
  ]

  test('is put down, unless words are wanted for it', () => {
    const heard = live(waiting, ...onTheLine, [14, machine])
    expect(heard.wakeAt).toEqual(at(14))
    expect(lookOf(heard, at(14))).toBe('hang up')
    expect(lookOf(live({ ...waiting, voicemailWords: true }, ...onTheLine, [14, machine]), at(14))).toBe(
      'turn over',
    )
  })

  test('is turned over to the words once, and then left to hear them to their end', () => {
    const words = live(
      { ...waiting, voicemailWords: true },
      ...onTheLine,
      [14, machine],
      [14, { kind: 'turned over' }],
    )
    expect(words).toMatchObject({ state: 'answered', wordsAt: at(14) })
    expect(lookOf(words, words.wakeAt!)).toBe('look up')
    expect(live(words, [15, { kind: 'turned over' }])).toBe(words)
    expect(live(words, [40, over('completed')])).toMatchObject({ state: 'ended', result: 'voicemail' })
  })

  test('a person who pressed a key was no machine, and a call that nobody wants any more is put down all the same', () => {
    const wanting = { ...waiting, voicemailWords: true }
    expect(lookOf(live(wanting, ...onTheLine, [12, key('1', 0)], [14, machine]), at(14))).toBe('look up')
    expect(lookOf(live(wanting, ...onTheLine, [14, machine], [15, { kind: 'cancelled' }]), at(15))).toBe(
      'hang up',
    )
  })
})

describe('keys', () => {
  const talking = live(waiting, [0, claimed], [0, placed], [5, answered])

  test('are kept in order, and each asks its owner', () => {
    const first = decide(talking, key('*', 0), at(9))
    expect(first.ask).toEqual({ kind: 'keyed', key: '*', keys: '*', silences: 0 })
    const second = decide(first.life, silent(1, 0), at(20))
    expect(second.ask).toEqual({ kind: 'silent', keys: '*', silences: 1 })
    const third = decide(second.life, key('*', 1, 1), at(25))
    expect(third.ask).toEqual({ kind: 'keyed', key: '*', keys: '**', silences: 0 })
    expect(third.life).toMatchObject({ keys: '**', silences: 0, wakeAt: at(85) })
  })

  test('the same webhook five times asks the same five times and changes nothing more', () => {
    for (const event of [key('1', 0), silent(0, 0)]) {
      const first = decide(talking, event, at(9))
      for (let time = 0; time < 4; time++) {
        expect(decide(first.life, event, at(10 + time))).toEqual({
          life: first.life,
          ask: first.ask,
          stray: null,
        })
      }
    }
    const later = live(talking, [9, key('*', 0)], [15, key('1', 1)])
    expect(decide(later, key('*', 0), at(16))).toEqual({
      life: later,
      ask: { kind: 'keyed', key: '*', keys: '*', silences: 0 },
      stray: null,
    })
  })

  test('after the end a key still counts, once', () => {
    const over_ = live(talking, [20, over('completed')])
    expect(over_.result).toBe('answered without a key')
    const step = decide(over_, key('1', 0), at(21))
    expect(step.ask).toEqual({ kind: 'keyed', key: '1', keys: '1', silences: 0 })
    expect(step.life).toMatchObject({ state: 'ended', result: 'acknowledged', keys: '1', endedAt: at(20) })
    expect(decide(step.life, key('1', 0), at(22)).life).toBe(step.life)
  })

  test('what was recorded is told whenever it comes, and changes neither keys nor silences', () => {
    const recorded: LineEvent = {
      kind: 'recorded',
      sid: 'CA1',
      recordingSid: 'RE1',
      seconds: 7,
      isFileReady: false,
    }
    const talking = live(waiting, [0, claimed], [0, placed], [10, answered], [12, key('1', 0)])
    const step = decide(talking, recorded, at(20))
    expect(step).toMatchObject({
      life: { state: 'answered', keys: '1', silences: 0, wakeAt: at(80) },
      ask: { kind: 'recorded', keys: '1', recordingSid: 'RE1', seconds: 7, isFileReady: false },
    })
    const ended = decide(step.life, over('completed'), at(21)).life
    const late = decide(ended, { ...recorded, isFileReady: true }, at(22))
    expect(late.life).toBe(ended)
    expect(late.ask).toMatchObject({ kind: 'recorded', recordingSid: 'RE1', isFileReady: true })
    expect(decide(ended, { ...recorded, sid: 'CA9' }, at(22)).ask).toEqual({ kind: 'sorry' })
  })

  test('after the end nothing more is told but a kind sentence', () => {
    const over_ = live(talking, [20, over('completed')])
    for (const event of [answered, silent(0, 0)]) {
      expect(decide(over_, event, at(21))).toEqual({ life: over_, ask: { kind: 'sorry' }, stray: null })
    }
    const stranger: LineEvent = { kind: 'keyed', sid: 'CA2', key: '1', turn: null }
    expect(decide(over_, stranger, at(21))).toEqual({ life: over_, ask: { kind: 'sorry' }, stray: null })
  })
})

describe('silence of the provider', () => {
  test('a call that ought to have rung out is looked up', () => {
    const life = live(waiting, [0, claimed], [0, placed])
    expect(life.wakeAt).toEqual(at(45))
    expect(lookOf(life, at(45))).toBe('look up')
    expect(live(life, [45, foundAs({ kind: 'ended', how: 'no answer', seconds: 0 })])).toMatchObject({
      state: 'ended',
      result: 'rang out',
    })
    expect(live(life, [45, foundAs({ kind: 'ringing' })])).toMatchObject({ state: 'ringing', wakeAt: at(60) })
    expect(live(life, [45, foundAs({ kind: 'in progress' })])).toMatchObject({
      state: 'answered',
      wakeAt: at(75),
    })
    expect(live(life, [45, { kind: 'found', found: null }])).toMatchObject({
      state: 'placed',
      wakeAt: at(60),
    })
    expect(live(life, [65, { kind: 'found', found: null }])).toMatchObject({
      state: 'ended',
      result: 'not placed',
    })
  })

  test('a call that nobody can tell us of is given up: not placed, never "she did not answer"', () => {
    const life = live(waiting, [0, claimed], [0, placed], [1, ringing])
    expect(live(life, [155, notFoundOut])).toMatchObject({ state: 'ringing', wakeAt: at(170) })
    expect(live(life, [156, notFoundOut])).toMatchObject({
      state: 'ended',
      result: 'not placed',
      resultCode: 'no word',
    })
  })

  test('a call in the provider’s queue past its use, or ringing without end, is put down', () => {
    const life = live({ ...waiting, usefulUntil: at(60) }, [0, claimed], [0, placed])
    expect(lookOf(life, at(59))).toBe('look up')
    expect(lookOf(life, at(60))).toBe('hang up')
    expect(lookOf(live(waiting, [0, claimed], [0, placed], [1, ringing]), at(96))).toBe('hang up')
  })

  test('a conversation is looked up after a minute, then every half, put down after eight and over after nine', () => {
    const life = live(waiting, [0, claimed], [0, placed], [5, answered])
    expect(life.wakeAt).toEqual(at(65))
    expect(live(life, [65, foundAs({ kind: 'in progress' })])).toMatchObject({
      state: 'answered',
      wakeAt: at(95),
    })
    expect(lookOf(life, at(5 + 479))).toBe('look up')
    expect(lookOf(life, at(5 + 480))).toBe('hang up')
    expect(live(life, [5 + 540, notFoundOut])).toMatchObject({
      state: 'ended',
      result: 'answered without a key',
    })
  })

  test('a text nobody can tell us of', () => {
    const life = live(waitingText, [0, claimed])
    expect(lookOf(life, at(15))).toBeNull()
    expect(live(life, [15, notFoundOut])).toMatchObject({ state: 'unknown', wakeAt: at(60) })
    expect(live(life, [15, notFoundOut], [60, notFoundOut])).toMatchObject({
      state: 'ended',
      result: 'not placed',
    })
    expect(live(life, [10, unknown])).toMatchObject({ state: 'unknown', wakeAt: at(60) })
  })
})

describe('in any order, any number of times', () => {
  const sid = fc.constantFrom('CA1', 'CA1', 'CA1', 'CA2')
  const lineState: fc.Arbitrary<LineState> = fc.oneof(
    fc.constantFrom<LineState>({ kind: 'queued' }, { kind: 'ringing' }, { kind: 'in progress' }),
    fc
      .constantFrom<LineEnd>(
        'completed',
        'no answer',
        'busy',
        'rejected',
        'unreachable',
        'failed',
        'cancelled',
      )
      .map((how): LineState => ({ kind: 'ended', how, seconds: 1 })),
  )
  const turn = fc.option(fc.record({ keys: fc.nat(3), silences: fc.nat(3) }))
  const event: fc.Arbitrary<LineEvent> = fc.oneof(
    fc.constantFrom<LineEvent>(
      claimed,
      { kind: 'given back' },
      { kind: 'expired' },
      { kind: 'cancelled' },
      notFoundOut,
      { kind: 'found', found: null },
      { kind: 'turned over' },
      { kind: 'unreadable', sid: 'CA1', said: 'who knows' },
    ),
    fc.constantFrom<LineEvent>(placed, unknown, refused(true), refused(false)),
    sid.map((sid): LineEvent => ({ kind: 'answered', sid })),
    sid.map((sid): LineEvent => ({ kind: 'fallback', sid })),
    fc
      .record({ sid, key: fc.constantFrom('1', '*', '9'), turn })
      .map((given): LineEvent => ({ kind: 'keyed', ...given })),
    fc.record({ sid, turn }).map((given): LineEvent => ({ kind: 'silent', ...given })),
    fc
      .record({ sid, state: lineState, sequence: fc.option(fc.nat(4)) })
      .map((given): LineEvent => ({ kind: 'state', code: null, ...given })),
    fc
      .record({ sid, verdict: fc.constantFrom('human', 'machine', 'unknown') })
      .map((given): LineEvent => ({ kind: 'machine', ...given })),
    fc
      .record({ sid, state: fc.constantFrom('queued', 'sent', 'delivered', 'failed') })
      .map((given): LineEvent => ({ kind: 'text state', code: null, ...given })),
    lineState.map((state): LineEvent => ({ kind: 'found', found: seen(state) })),
  )
  /** A prompt that was spoken stood at or before where the conversation is now. */
  const ofThePast = (event: LineEvent, { keys, silences }: Life): LineEvent =>
    (event.kind === 'keyed' || event.kind === 'silent') && event.turn
      ? {
          ...event,
          turn: {
            keys: Math.min(event.turn.keys, keys.length),
            silences: Math.min(event.turn.silences, silences),
          },
        }
      : event
  const story = fc.array(fc.record({ event, wait: fc.nat(40) }), { maxLength: 40 })
  const kind = fc.constantFrom(waiting, waitingText)
  const order = ['waiting', 'claimed', 'unknown', 'placed', 'ringing', 'answered', 'ended']

  test('it only goes forward, always wakes, ends once, and a repeated event changes nothing', () => {
    fc.assert(
      fc.property(kind, story, (start, events) => {
        let life = start
        let second = 0
        for (const { event: given, wait } of events) {
          second += wait
          const now = at(second)
          const before = life
          const event = ofThePast(given, before)
          life = decide(before, event, now).life

          expect(life.wakeAt === null).toBe(life.state === 'waiting' || life.state === 'ended')
          expect((life.result !== null) === (life.state === 'ended')).toBe(true)
          if (before.state === 'ended') {
            expect(life.state).toBe('ended')
            expect(life.endedAt).toEqual(before.endedAt)
            if (life.result !== before.result) expect(event.kind).toBe('keyed')
          }
          const wentBack = order.indexOf(life.state) < order.indexOf(before.state)
          if (wentBack) expect([before.state, life.state]).toEqual(['claimed', 'waiting'])
          expect(life.keys.startsWith(before.keys)).toBe(true)
          if (life.result === 'acknowledged') expect(life.keys).not.toBe('')
          if (life.result === 'voicemail') expect(life.machine).toBe('machine')

          const isFreshKey = (event.kind === 'keyed' || event.kind === 'silent') && event.turn === null
          const asksAgain = ['claimed', 'asked', 'found', 'not found out', 'expired'].includes(event.kind)
          if (!isFreshKey && !asksAgain) expect(decide(life, event, now).life).toEqual(life)
        }
      }),
      { numRuns: 3000 },
    )
  })

  test('the order of one call’s reports is of no consequence to its end', () => {
    const reports: LineEvent[] = [queued, ringing, inProgress, over('no answer', 3)]
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...reports, ...reports], { minLength: 8, maxLength: 8 }),
        (shuffled) => {
          const life = live(
            waiting,
            [0, claimed],
            [0, placed],
            ...shuffled.map((event): [number, LineEvent] => [1, event]),
          )
          expect(life).toMatchObject({ state: 'ended', result: 'rang out', sid: 'CA1' })
        },
      ),
    )
  })

  test('whatever happened before, the provider’s silence ends it within ten minutes', () => {
    fc.assert(
      fc.property(kind, story, (start, events) => {
        let life = start
        let second = 0
        for (const { event, wait } of events) {
          second += wait
          life = decide(life, event, at(second)).life
        }
        if (life.state === 'waiting') return
        const from = at(second)
        for (let looks = 0; life.state !== 'ended'; looks++) {
          expect(looks).toBeLessThan(60)
          const now = new Date(Math.max(life.wakeAt!.getTime(), from.getTime()))
          life = decide(life, notFoundOut, now).life
        }
        expect(life.endedAt!.getTime() - from.getTime()).toBeLessThanOrEqual(10 * 60_000)
      }),
      { numRuns: 1000 },
    )
  })
})
