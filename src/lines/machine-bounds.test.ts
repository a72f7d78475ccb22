// The life of one outgoing at its bounds: the second before and the second of, the first report and the one that repeats it, a call's
// event and a text. Found by changing the machine in every small way and asking whether any test minded (`npm run mutation`).
import { describe, expect, test } from 'vitest'
import type { Asked } from '../outside/phone/port.ts'
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
  notFoundOut,
  over,
  placed,
  queued,
  refused,
  ringing,
  seen,
  silent,
  state,
  unknown,
  waiting,
  waitingText,
} from './machine-fixtures.ts'
import type { Life, LineEvent } from './types.ts'

const cancel: LineEvent = { kind: 'cancelled' }
const turnedOver: LineEvent = { kind: 'turned over' }
const fallback: LineEvent = { kind: 'fallback', sid: 'CA1' }
const notThere: LineEvent = { kind: 'found', found: null }
const recorded: LineEvent = {
  kind: 'recorded',
  sid: 'CA1',
  recordingSid: 'RE1',
  seconds: 7,
  isFileReady: true,
}
const delivered: LineEvent = { kind: 'text state', sid: 'SM1', state: 'delivered', code: null }
const talks = { kind: 'in progress' } as const
const rings = { kind: 'ringing' } as const
const lifted: [number, LineEvent][] = [
  [0, claimed],
  [0, placed],
  [5, answered],
]

describe('reports', () => {
  const ringingNow = () => live(waiting, [0, claimed], [0, placed], [1, ringing])

  test('one that is no newer than the last changes nothing; one without a number counts', () => {
    const rung = ringingNow()
    expect(rung.sequence).toBe(1)
    for (const old of [0, 1]) expect(live(rung, [9, state(talks, old)])).toBe(rung)
    expect(live(rung, [9, state(talks, null)])).toMatchObject({ state: 'answered', sequence: 1 })
    expect(live(rung, [9, state(talks, 5)])).toMatchObject({ state: 'answered', sequence: 5 })
  })

  test('another name of the provider’s begins to count anew', () => {
    const rung = ringingNow()
    expect(live(rung, [9, state(talks, 0, 'CA2')])).toMatchObject({
      state: 'answered',
      sid: 'CA2',
      sequence: 0,
    })
    expect(live(rung, [9, { ...answered, sid: 'CA2' } as LineEvent])).toMatchObject({
      sid: 'CA2',
      sequence: -1,
    })
    const asked = live(waiting, [0, claimed], [0, placed])
    expect(live(asked, [3, state({ kind: 'queued' }, 0, 'CA2')])).toMatchObject({
      state: 'placed',
      sid: 'CA2',
      placedAt: at(0),
      wakeAt: at(45),
    })
  })

  test('a name that is known already changes nothing', () => {
    const rung = ringingNow()
    const asked = live(waiting, [0, claimed], [1, placed])
    expect(asked).toMatchObject({ claimedAt: at(0), placedAt: at(1) })
    expect(live(asked, [3, placed])).toBe(asked)
    expect(live(rung, [3, placed])).toBe(rung)
    const done = live(rung, [30, over('no answer')])
    expect(live(done, [31, placed])).toBe(done)
  })

  test('a name comes with what was counted before it kept', () => {
    const found = live({ ...waiting, sid: 'CA1', sequence: 2, state: 'unknown', claimedAt: at(0) }, [
      9,
      placed,
    ])
    expect(found).toMatchObject({ state: 'placed', sequence: 2 })
  })

  test('ringing again does not begin anew, and is looked up when it ought to be over', () => {
    const rung = ringingNow()
    expect(rung.wakeAt).toEqual(at(1 + 30 + 5 + 10))
    expect(live(rung, [20, state(rings, 3)])).toMatchObject({ rangAt: at(1), wakeAt: rung.wakeAt })
  })

  test('failed is not placed, also of a call that nobody wants any more', () => {
    const rung = ringingNow()
    expect(live(rung, [5, cancel], [6, over('failed')])).toMatchObject({ result: 'not placed' })
    expect(live(rung, [6, over('cancelled')])).toMatchObject({ result: 'not placed' })
  })

  test('one that we have no word for changes nothing', () => {
    const rung = ringingNow()
    const unreadable: LineEvent = { kind: 'unreadable', sid: 'CA1', said: 'who knows' }
    for (const life of [rung, live(waiting, ...lifted)]) expect(live(life, [30, unreadable])).toBe(life)
  })
})

describe('what is no matter of a text, or of a call', () => {
  test('a text hears nothing of calls', () => {
    const text = live(
      waitingText,
      [0, claimed],
      [0, { kind: 'asked', asked: { kind: 'placed', sid: 'SM1' } }],
    )
    for (const event of [
      answered,
      key('1', 0),
      silent(0, 0),
      recorded,
      fallback,
      ringing,
      machine,
      turnedOver,
      notThere,
    ])
      expect(live(text, [5, event])).toBe(text)
  })

  test('a call hears nothing of texts', () => {
    const call = live(waiting, [0, claimed], [0, placed])
    expect(live(call, [5, delivered])).toBe(call)
  })

  test('a text that nobody wants any more cannot be put down: its report is waited for all the same', () => {
    const text = live(
      waitingText,
      [0, claimed],
      [0, { kind: 'asked', asked: { kind: 'placed', sid: 'SM1' } }],
      [5, cancel],
    )
    expect(text.wakeAt).toEqual(at(120))
    expect(lookOf(text, at(120))).toBe(null)
  })

  test('a text that was decided meanwhile is no stray', () => {
    const done = live(waitingText, [0, claimed], [0, delivered])
    expect(decide(done, { kind: 'asked', asked: { kind: 'placed', sid: 'SM2' } }, at(1)).stray).toBe(null)
  })
})

describe('asking', () => {
  test('an answer that gets lost late is waited for five seconds more', () => {
    expect(live(waiting, [0, claimed], [12, unknown]).wakeAt).toEqual(at(17))
  })

  test('refused for good when nobody wants it any more: cancelled', () => {
    expect(live(waiting, [0, claimed], [0, cancel], [1, refused(false)])).toMatchObject({
      result: 'cancelled',
    })
  })

  const refusedAs = (asked: Partial<Asked & { kind: 'refused' }>): LineEvent => ({
    kind: 'asked',
    asked: { kind: 'refused', temporary: false, result: 'not placed', code: '1', reason: 'x', ...asked },
  })

  test('a text to a number that takes none was not delivered; refused for another reason it was not placed', () => {
    expect(live(waitingText, [0, claimed], [0, refusedAs({ result: 'unreachable number' })]).result).toBe(
      'not delivered',
    )
    expect(live(waitingText, [0, claimed], [0, refusedAs({})]).result).toBe('not placed')
  })

  test('a provider that is not there is waited for as long as its owner has patience, counted from the first refusal', () => {
    const patient = { ...waiting, patienceSeconds: 240 }
    const gone = refusedAs({ temporary: true, trouble: 'not there' })
    const waits = live(patient, [0, claimed], [1, gone], [100, claimed], [100, gone])
    expect(waits).toMatchObject({ state: 'waiting', refusedSince: at(1) })
    expect(live(waits, [240, claimed], [240, gone])).toMatchObject({ state: 'waiting' })
    expect(live(waits, [241, claimed], [241, gone])).toMatchObject({ state: 'ended', result: 'not placed' })
  })

  test('a provider that is merely busy, and an owner who waits as long as it is of use, are waited for', () => {
    const busy = refusedAs({ temporary: true })
    const gone = refusedAs({ temporary: true, trouble: 'not there' })
    const patient = { ...waiting, patienceSeconds: 240 }
    expect(live(patient, [0, claimed], [0, busy], [600, claimed], [600, busy])).toMatchObject({
      state: 'waiting',
    })
    expect(live(patient, [0, claimed], [0, gone], [9, claimed], [9, busy])).toMatchObject({
      refusedSince: null,
    })
    expect(live(waiting, [0, claimed], [0, gone], [600, claimed], [600, gone])).toMatchObject({
      state: 'waiting',
    })
  })

  test('one that was asked for and cannot be found ends with why it was not known', () => {
    expect(live(waiting, [0, claimed], [0, placed], [65, notThere])).toMatchObject({
      resultCode: 'not found',
    })
    const lost = live(waiting, [0, claimed], [10, unknown])
    expect(live(lost, [20, cancel], [65, notThere])).toMatchObject({
      result: 'cancelled',
      resultCode: 'ECONNRESET',
    })
  })

  test('a text without a trace ends with why it was not known', () => {
    expect(live(waitingText, [0, claimed], [10, unknown], [60, notFoundOut]).resultCode).toBe('ECONNRESET')
    expect(live(waitingText, [0, claimed], [60, notFoundOut]).resultCode).toBe('no trace')
  })
})

describe('the words for an answerphone', () => {
  const wanting: Life = { ...waiting, voicemailWords: true }

  test('are for a telephone that was lifted, and not for one that only rings', () => {
    const rung = live(wanting, [0, claimed], [0, placed], [1, ringing])
    expect(live(rung, [2, turnedOver])).toBe(rung)
    expect(lookOf(live(rung, [3, machine]), at(3))).toBe('hang up')
  })

  test('the first verdict counts, also one that was found by looking', () => {
    const found = (answeredBy: 'human' | 'machine'): LineEvent => ({
      kind: 'found',
      found: { ...seen(talks), answeredBy },
    })
    const judged = live(waiting, ...lifted, [65, found('machine')])
    expect(judged).toMatchObject({ state: 'answered', machine: 'machine', wakeAt: at(65) })
    expect(live(judged, [66, found('human')]).machine).toBe('machine')
    expect(live(waiting, ...lifted, [65, foundAs(talks)]).machine).toBe(null)
    const person: LineEvent = { kind: 'machine', sid: 'CA1', verdict: 'human' }
    expect(live(waiting, ...lifted, [7, person], [8, machine]).machine).toBe('human')
    const done = live(waiting, ...lifted, [20, over('completed')])
    expect(live(done, [21, { ...machine, sid: 'CA2' } as LineEvent]).sid).toBe('CA1')
  })
})

describe('talking', () => {
  const talkingNow = () => live(waiting, ...lifted)

  test('the first prompt asks with nothing pressed', () => {
    const talking = talkingNow()
    expect(decide(talking, answered, at(6)).ask).toEqual({ kind: 'answered', keys: '', silences: 0 })
  })

  test('the fallback says that our words were not heard; once is enough', () => {
    const talking = talkingNow()
    const mute = live(talking, [6, fallback])
    expect(mute.servedAt).toBe(null)
    expect(live(mute, [7, fallback])).toBe(mute)
    expect(live(mute, [20, over('completed')])).toMatchObject({ result: 'not placed' })
    const done = live(talking, [20, over('completed')])
    expect(decide(done, fallback, at(21))).toEqual({ life: done, ask: null, stray: null })
  })

  test('a silence of a prompt that has gone by is told of again, as it was', () => {
    const talking = talkingNow()
    const later = live(talking, [10, key('*', 0)], [20, silent(1, 0)])
    expect(decide(later, silent(0, 0), at(21))).toEqual({
      life: later,
      ask: { kind: 'silent', keys: '', silences: 1 },
      stray: null,
    })
    expect(decide(later, silent(1, 0), at(21)).life).toBe(later)
    const keyed = live(talking, [10, key('*', 0)])
    expect(decide(keyed, silent(0, 0), at(11)).life).toBe(keyed)
    expect(decide(later, silent(1, 1), at(30)).life).toMatchObject({ silences: 2 })
  })
})

describe('silence of the provider', () => {
  test('a call that rings is not put down for being of no use any more: she may be on her way to it', () => {
    const rung = live({ ...waiting, usefulUntil: at(20) }, [0, claimed], [0, placed], [1, ringing])
    expect(lookOf(rung, at(25))).toBe('look up')
    expect(lookOf(rung, at(95))).toBe('look up')
    expect(lookOf(rung, at(96))).toBe('hang up')
  })

  test('a call that rang and is not there any more is looked for as long as it could ring', () => {
    const rung = live(waiting, [0, claimed], [0, placed], [20, ringing])
    expect(live(rung, [84, notThere])).toMatchObject({ state: 'ringing' })
    expect(live(rung, [85, notThere])).toMatchObject({ state: 'ended', result: 'not placed' })
  })

  test('given up when nobody wanted it any more: cancelled', () => {
    const rung = live(waiting, [0, claimed], [0, placed], [1, ringing], [5, cancel])
    expect(live(rung, [156, notFoundOut])).toMatchObject({ state: 'ended', result: 'cancelled' })
  })

  test('a verdict about a telephone that was never told of as lifted is no end of its own', () => {
    const rung = live(waiting, [0, claimed], [0, placed], [1, ringing], [3, machine])
    expect(live(rung, [156, notFoundOut])).toMatchObject({ state: 'ended', result: 'not placed' })
  })

  test('a conversation is not given up because its ringing is long ago', () => {
    const talking = live(waiting, ...lifted)
    expect(live(talking, [5 + 539, notFoundOut])).toMatchObject({ state: 'answered' })
    expect(live(talking, [5 + 540, notFoundOut])).toMatchObject({ state: 'ended' })
  })

  test('a call that was queued, and is found talking', () => {
    const life = live(waiting, [0, claimed], [0, placed], [1, queued], [9, inProgress])
    expect(life).toMatchObject({ state: 'answered', rangAt: at(9), answeredAt: at(9) })
  })
})
