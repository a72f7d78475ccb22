// The scripts alone: nobody is named too early, speech comes at once, and no prompt ends in dead air.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { heardIn } from '../../test/support/calls.ts'
import { begin } from './machine.ts'
import type { Just, Place, Talk } from './types.ts'
import { type Hearing, type ReceiverHears, rungBackScript, scriptOf } from './voice.ts'

const ada: ReceiverHears = {
  name: 'Ada',
  helpKey: '9',
  today: 'open',
  kind: 'both',
  sounds: [{ do: 'play', recordingId: 'r1' }],
  when: 'today at half past nine in the morning',
  next: null,
  pausedUntil: null,
  until: { last: 'Friday', next: 'Saturday' },
}
const places: Place[] = [
  'home', 'choices', 'how many days', 'stop', 'really stop', 'pin', 'which', 'alert', 'stranger', 'number',
  'number and pin', 'message', 'code', 'over',
] // biome-ignore format: one glance
const justs: (Just | null)[] = [
  null, 'acknowledged', 'checked in', 'nothing to do', 'help', 'granted', 'rings back', 'cannot ring back', 'wrong pin',
  'locked', 'no such number', 'nothing changed', 'not understood', 'accepted', 'fine', 'going', 'get help', 'skipped',
  'kept message', 'wrong code', 'codes locked', 'goodbye',
] // biome-ignore format: one glance
const talkAt = (at: Place, more: Partial<Talk> = {}): Talk => ({
  ...begin({ candidates: [] }, []),
  at,
  wish: { do: 'stop' },
  ...more,
})
const hearing = (more: Partial<Hearing>): Hearing => ({
  talk: talkAt('stranger'),
  just: null,
  receiver: null,
  names: [],
  alert: null,
  wasAbout: '',
  ...more,
})

test('every place after everything that can have been done says something at once, and then listens or ends', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...places),
      fc.constantFrom(...justs),
      fc.integer({ min: 0, max: 1 }),
      fc.boolean(),
      (at, just, silences, isDone) => {
        const talk = talkAt(at, { silences, isDone, rounds: 3 })
        const alert = {
          name: 'Ben',
          receiverName: 'Ada',
          standing: 'waits' as const,
          says: ['Ada asked for help.'],
          isLast: true,
        }
        fc.pre(at !== 'over' || just !== null)
        const script = scriptOf(hearing({ talk, just, receiver: ada, names: ['Ada', 'Bert'], alert }))
        expect(heardIn(script).filter((text) => text.trim() !== '').length).toBeGreaterThan(0)
        expect(['gather', 'record', 'hang up']).toContain(script.at(-1)!.do)
      },
    ),
    { numRuns: 2000 },
  )
})

test('while nobody is known, no name is said', () => {
  for (const at of ['stranger', 'number', 'number and pin', 'message', 'code'] as const)
    for (const just of [null, 'locked', 'no such number', 'not understood', 'wrong code'] as const)
      expect(heardIn(scriptOf(hearing({ talk: talkAt(at), just, names: ['Ada'] }))).join(' ')).not.toMatch(
        /Ada/,
      )
})

test('numbers, PINs, days and codes are typed whole; everything else is one key', () => {
  const keysAt = (at: Place) => {
    const [verb] = scriptOf(hearing({ talk: talkAt(at), receiver: ada }))
    return verb?.do === 'gather' ? (verb.keys ?? 1) : 0
  }
  expect(
    ['how many days', 'pin', 'number', 'number and pin', 'code'].map((at) => keysAt(at as Place)),
  ).toEqual([2, 8, 16, 8, 6])
  expect(
    ['home', 'choices', 'stop', 'really stop', 'which', 'stranger'].map((at) => keysAt(at as Place)),
  ).toEqual(Array(6).fill(1))
})

test('what is asked on the telephone that we rang back, step by step', () => {
  const until = { last: '', next: '' }
  const said = (state: Parameters<typeof rungBackScript>[0]['state']) =>
    heardIn(rungBackScript({ name: 'Ada', wish: { do: 'stop' }, state, until })).join(' ')
  expect(said('asks')).toMatch(
    /^Hello Ada\. This is CallAssist, ringing you back\..*stop your calls for good.*press 1/,
  )
  expect(said('asks again')).toContain('once more')
  expect(said('granted')).toContain('Your calls have been stopped.')
  expect(said('refused')).toContain('Nothing has been changed')
})
