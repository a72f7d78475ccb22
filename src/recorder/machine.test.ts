import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, type Effect, type TakeEvent, type TakeState, unanswered } from './machine.ts'

const answered: TakeEvent = { kind: 'answered' }
const silent: TakeEvent = { kind: 'silent' }
const key = (pressed: string): TakeEvent => ({ kind: 'keyed', key: pressed })
const recorded = (tapeId: string): TakeEvent => ({ kind: 'recorded', tapeId })
const judged = (tapeId: string): TakeEvent => ({ kind: 'judged', tapeId, recordingId: `good ${tapeId}` })
const tooQuiet = (tapeId: string): TakeEvent => ({ kind: 'refused', tapeId, trouble: 'silent' })
const hungUp: TakeEvent = { kind: 'ended', found: 'answered without a key' }

function live(...events: TakeEvent[]): { state: TakeState; effects: Effect[] } {
  let state = unanswered
  const effects: Effect[] = []
  for (const event of events) {
    const step = decide(state, event)
    state = step.state
    effects.push(...step.effects)
  }
  return { state, effects }
}
const spoken = [answered, key('5'), recorded('t1')] as const

describe('the straight story', () => {
  test('a key, a message, listened to, kept', () => {
    const { state, effects } = live(...spoken, silent, judged('t1'), silent, key('1'), hungUp)
    expect(state).toMatchObject({ is: 'over', ending: 'kept', recordingId: 'good t1', tries: 1 })
    expect(effects).toEqual([{ do: 'use', recordingId: 'good t1' }])
  })

  test('again keeps the first until the second is good', () => {
    const again = live(...spoken, judged('t1'), silent, key('2'))
    expect(again.state).toMatchObject({ is: 'recording', recordingId: 'good t1' })
    const second = live(...spoken, judged('t1'), silent, key('2'), recorded('t2'), judged('t2'))
    expect(second.effects).toEqual([{ do: 'erase', recordingId: 'good t1' }])
    expect(second.state).toMatchObject({ is: 'listening', recordingId: 'good t2', tries: 2 })
    const worse = live(...spoken, judged('t1'), silent, key('2'), recorded('t2'), tooQuiet('t2'), hungUp)
    expect(worse).toMatchObject({ effects: [], state: { ending: 'not chosen', recordingId: 'good t1' } })
  })

  test('star, or any other key, plays it again', () => {
    for (const pressed of ['*', '7', '#', '0'])
      expect(live(...spoken, judged('t1'), silent, key(pressed)).state).toMatchObject({
        is: 'listening',
        ending: null,
      })
  })
})

describe('what cannot be used', () => {
  test('is said before anything else, and recorded again', () => {
    const { state } = live(...spoken, tooQuiet('t1'))
    expect(state).toMatchObject({ is: 'recording', isTold: false, trouble: 'silent' })
    expect(decide(state, silent).state).toMatchObject({ is: 'recording', isTold: true, silences: 0 })
    expect(live(...spoken, tooQuiet('t1'), silent, recorded('t2')).state).toMatchObject({
      is: 'waiting',
      trouble: null,
    })
  })

  test('a key that was pressed before the playing decides nothing', () => {
    const { state } = live(...spoken, judged('t1'), key('1'))
    expect(state).toMatchObject({ is: 'listening', isTold: true, ending: null })
  })

  test('nothing said at all: asked again twice, then good-bye', () => {
    expect(live(answered, key('1'), silent, silent).state).toMatchObject({ is: 'recording', silences: 2 })
    expect(live(answered, key('1'), silent, silent, silent).state).toMatchObject({ ending: 'nothing said' })
    expect(live(answered, silent, silent, silent).state).toMatchObject({ ending: 'nothing said' })
  })
})

describe('a file that is late', () => {
  const waits = Array<TakeEvent>(9).fill(silent)
  test('is waited for a while; it can be kept unheard, and is used once it is found good', () => {
    expect(live(...spoken, ...waits).state.is).toBe('late')
    const kept = live(...spoken, ...waits, key('1'))
    expect(kept).toMatchObject({ effects: [], state: { ending: 'kept unheard' } })
    expect(live(...spoken, ...waits, key('1'), judged('t1')).effects).toEqual([
      { do: 'use', recordingId: 'good t1' },
    ])
    expect(live(...spoken, ...waits, key('1'), tooQuiet('t1'))).toMatchObject({
      effects: [],
      state: { trouble: 'silent', recordingId: null },
    })
  })

  test('that comes while they are still there is played', () => {
    expect(live(...spoken, ...waits, judged('t1')).state).toMatchObject({ is: 'listening', isTold: false })
  })
})

describe('the end of the call', () => {
  test('before the choice: the recording is there to be chosen, also when its file comes after', () => {
    expect(live(...spoken, hungUp, judged('t1'))).toMatchObject({
      effects: [],
      state: { is: 'over', ending: 'not chosen', recordingId: 'good t1' },
    })
    expect(live(answered, key('1'), hungUp, recorded('t1'), judged('t1')).state).toMatchObject({
      ending: 'nothing said',
      recordingId: 'good t1',
    })
  })

  test('before anything: what the line found', () => {
    expect(live({ kind: 'ended', found: 'rang out' }).state.ending).toBe('rang out')
    expect(live(answered, { kind: 'ended', found: 'voicemail' }).state.ending).toBe('voicemail')
  })
})

describe('whatever comes, in whatever order', () => {
  /** What a telephone and a provider can do: every recording is judged once, perhaps much later. */
  const deed = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('1', '2', '*', '#').map((pressed) => `key ${pressed}`) },
    { weight: 10, arbitrary: fc.constantFrom('silent', 'record', 'good', 'bad') },
    { weight: 2, arbitrary: fc.constantFrom('answer', 'hang up', 'choose') },
  )
  const deeds = fc.array(deed, { maxLength: 60 })

  function events(told: readonly string[]): TakeEvent[] {
    const waiting: string[] = []
    let made = 0
    return told.flatMap((one): TakeEvent[] => {
      const tape = one === 'good' || one === 'bad' ? waiting.shift() : undefined
      if (one.startsWith('key ')) return [key(one.slice(4))]
      if (one === 'silent') return [silent]
      if (one === 'answer') return [answered]
      if (one === 'hang up') return [hungUp]
      if (one === 'choose') return [{ kind: 'chosen' }]
      if (one === 'record') {
        waiting.push(`t${++made}`)
        return [recorded(`t${made}`)]
      }
      return tape ? [one === 'good' ? judged(tape) : tooQuiet(tape)] : []
    })
  }

  test('nothing is used but what somebody chose; nothing twice; nothing that was erased, and nothing used is erased', () => {
    fc.assert(
      fc.property(deeds, (told) => {
        const happened = events(told)
        const { state, effects } = live(answered, ...happened)
        const of = (what: Effect['do']) =>
          effects.filter((effect) => effect.do === what).map(({ recordingId }) => recordingId)
        const [used, erased] = [of('use'), of('erase')]
        expect(used.length).toBeLessThanOrEqual(1)
        if (used[0]) {
          expect(['kept', 'kept unheard']).toContain(state.ending)
          expect(
            happened.some(
              (event) => event.kind === 'chosen' || (event.kind === 'keyed' && event.key === '1'),
            ),
          ).toBe(true)
          expect(state.recordingId).toBe(used[0])
        }
        expect(new Set(erased).size).toBe(erased.length)
        expect(erased).not.toContain(state.recordingId)
        // every good one is either the one that counts or erased: no sound is left lying about
        const good = happened.flatMap((event) => (event.kind === 'judged' ? event.recordingId : []))
        expect([...erased, ...(state.recordingId ? [state.recordingId] : [])].sort()).toEqual(good.sort())
        expect(state.is === 'over').toBe(state.ending !== null)
      }),
      { numRuns: 10_000 },
    )
  })

  test('it ends, however long somebody stays silent or presses', () => {
    fc.assert(
      fc.property(fc.constantFrom(silent, key('1'), key('2')), deeds, (more, told) => {
        let { state } = live(answered, ...events(told))
        for (let n = 0; n < 200 && state.is !== 'over'; n++) {
          // after the beep they speak, unless silence is what they do
          const speaks = state.is === 'recording' && more !== silent
          state = decide(state, speaks ? recorded(`r${n}`) : more).state
          if (speaks && state.is === 'waiting') state = decide(state, judged(`r${n}`)).state
        }
        expect(state.is).toBe('over')
      }),
    )
  })

  test('the same told twice in a row is told once', () => {
    fc.assert(
      fc.property(deeds, (told) => {
        const happened = events(told)
        const last = happened.at(-1)
        // a silence or a key comes from a new prompt each time; lines tells repeats of one prompt apart (its turns)
        if (!last || last.kind === 'silent' || last.kind === 'keyed') return
        const once = live(answered, ...happened)
        const again = decide(once.state, last)
        expect(again.state).toEqual(once.state)
        expect(again.effects.filter((effect) => effect.do === 'use')).toEqual([])
      }),
    )
  })
})
