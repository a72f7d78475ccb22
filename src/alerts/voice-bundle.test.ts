import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Script, Sound, Verb } from '../outside/phone/port.ts'
import {
  afterKey,
  afterSilence,
  askedBefore,
  isAcceptance,
  openingOf,
  type Part,
  promptAt,
  type Turn,
} from './voice-bundle.ts'
import type { AlertFacts, Standing } from './words.ts'

const part = (
  receiverName: string,
  standing: Standing = { is: 'open' },
  more: Partial<AlertFacts> = {},
): Part => ({
  tells: 'alert',
  name: 'Ben',
  standing,
  asked: null,
  facts: {
    receiverName,
    reason: 'missed',
    dueAt: new Date('2026-11-24T09:30:00Z'),
    localTime: '09:30',
    timeZone: 'Europe/London',
    attempts: [{ result: 'rang out', at: new Date('2026-11-24T09:30:00Z') }],
    accessNotes: null,
    ...more,
  },
})

function heard(script: Script): string {
  const sounds = script.flatMap((verb: Verb): readonly Sound[] =>
    verb.do === 'gather' ? verb.sounds : verb.do === 'say' ? [verb] : [],
  )
  return sounds.map((sound) => (sound.do === 'say' ? sound.text : '')).join(' ')
}
const isEnd = ({ script }: Turn) => script.at(-1)?.do === 'hang up'

/** One call, kept as telephone.ts keeps it: which prompt asked about whom, and who took whom. */
function call(parts: Part[]) {
  let [keys, silences] = ['', 0]
  const keep = (turn: Turn) => {
    if (turn.asks !== null)
      parts[turn.asks] = { ...parts[turn.asks]!, asked: promptAt(keys.length, silences) }
    return turn
  }
  return {
    parts,
    answer: () => keep(openingOf(parts)),
    press(key: string) {
      keys += key
      silences = 0
      return this.told(key, keys)
    },
    /** also of a key that was told before */
    told(key: string, soFar: string) {
      const at = askedBefore(parts, soFar.length - 1)
      if (at !== null && isAcceptance(parts[at], key) && parts[at]!.standing.is === 'open')
        parts[at] = { ...parts[at]!, standing: { is: 'yours' } }
      return keep(afterKey(parts, soFar))
    },
    wait() {
      silences++
      return keep(afterSilence(parts, keys, silences))
    },
  }
}

test('whom it is about comes first; then one after the other, and each key answers the one just asked about', () => {
  const ben = call([part('Ada', { is: 'open' }, { accessNotes: 'Key safe 2580.' }), part('Bert')])
  expect(heard(ben.answer().script)).toBe(
    'This is CallAssist, about two people: Ada and Bert. First, Ada. Ada did not answer the call at 9:30am. We rang once. Press 1 if you will see to Ada, or 2 if you cannot.',
  )
  expect(heard(ben.press('1').script)).toBe(
    'Thank you. You are seeing to Ada. How to get in: Key safe 2580. Now, Bert. Bert did not answer the call at 9:30am. We rang once. Press 1 if you will see to Bert, or 2 if you cannot.',
  )
  const last = ben.press('2')
  expect(heard(last.script)).toBe(
    'We will go on asking the others about Bert. You have said that you will see to Ada. How to get in: Key safe 2580. We are telling everybody else. To hear this again, press star.',
  )
  expect(ben.parts.map(({ standing }) => standing.is)).toEqual(['yours', 'open'])
  expect(heard(ben.press('*').script)).toContain('How to get in: Key safe 2580.')
  expect(isEnd(ben.wait())).toBe(true)
})

test('2 for the first, 1 for the second', () => {
  const ben = call([part('Ada'), part('Bert')])
  ben.answer()
  expect(heard(ben.press('2').script)).toContain('Now, Bert.')
  const last = ben.press('1')
  expect(heard(last.script)).toContain('You are seeing to Bert.')
  expect(isEnd(last)).toBe(true)
  expect(ben.parts.map(({ standing }) => standing.is)).toEqual(['open', 'yours'])
})

test('a key that is told of twice does not take the next', () => {
  const ben = call([part('Ada'), part('Bert'), part('Cleo')])
  ben.answer()
  const first = ben.press('1')
  expect(ben.told('1', '1')).toEqual(first)
  expect(ben.parts.map(({ standing }) => standing.is)).toEqual(['yours', 'open', 'open'])
})

test('silence goes on to the next, twice round, and then the others are told', () => {
  const ben = call([part('Ada'), part('Bert')])
  ben.answer()
  const said = [ben.wait(), ben.wait(), ben.wait(), ben.wait()]
  expect(said.map(({ script }) => heard(script))).toEqual([
    expect.stringMatching(/^Now, Bert\./),
    expect.stringMatching(/^Once more, Ada\./),
    expect.stringMatching(/^Once more, Bert\./),
    'Nobody has pressed a key, so we will go on telling the others. Goodbye.',
  ])
  expect(said.map(isEnd)).toEqual([false, false, false, true])
})

test('a key after a silence takes the one who was asked about last', () => {
  const ben = call([part('Ada'), part('Bert')])
  ben.answer()
  ben.wait()
  ben.press('1')
  expect(ben.parts.map(({ standing }) => standing.is)).toEqual(['open', 'yours'])
})

test('star says the same once more, another key says what to press', () => {
  const ben = call([part('Ada'), part('Bert')])
  ben.answer()
  expect(heard(ben.press('*').script)).toMatch(/^Once more, Ada\. Ada did not answer/)
  expect(heard(ben.press('7').script)).toMatch(
    /^That was neither 1 nor 2, so nothing has been noted yet\. Once more, Ada\./,
  )
  ben.press('1')
  expect(ben.parts.map(({ standing }) => standing.is)).toEqual(['yours', 'open'])
})

test('what others have taken meanwhile is said, and not asked about', () => {
  const ben = call([part('Ada', { is: 'accepted', byName: 'Cara', wantsHelp: false }), part('Bert')])
  expect(heard(ben.answer().script)).toContain(
    'about two people: Ada and Bert. Cara will see to Ada. First, Bert. Bert did not answer',
  )
  ben.parts[1] = { ...ben.parts[1]!, standing: { is: 'accepted', byName: 'Dov', wantsHelp: false } }
  expect(heard(ben.press('1').script)).toBe('Dov will see to Bert. Cara will see to Ada. Goodbye.')
})

test('all are taken or well before it is answered: nothing is asked', () => {
  const ben = call([
    part('Ada', { is: 'accepted', byName: 'Cara', wantsHelp: false }),
    part('Bert', { is: 'closed', how: 'all-clear', byName: null }),
  ])
  const said = ben.answer()
  expect(isEnd(said)).toBe(true)
  expect(heard(said.script)).toContain('Cara will see to Ada. All is well: Bert has now answered.')
})

test('two calls to one person are told apart by their times', () => {
  const said = call([part('Ada'), part('Ada', { is: 'open' }, { localTime: '09:31' })]).answer()
  expect(heard(said.script)).toContain('about two calls to Ada. First, Ada at 9:30am.')
})

test('whatever is pressed, a call ends, never without a word, and only 1 takes somebody who was asked about', () => {
  const standing = fc.constantFrom<Standing[]>(
    { is: 'open' },
    { is: 'open' },
    { is: 'accepted', byName: 'Cara', wantsHelp: false },
    { is: 'accepted', byName: 'Cara', wantsHelp: true },
    { is: 'closed', how: 'she is fine', byName: 'Cara' },
  )
  const pressed = fc.array(fc.constantFrom('1', '1', '2', '2', '*', '7', 'wait', 'wait'), { maxLength: 60 })
  fc.assert(
    fc.property(fc.array(standing, { minLength: 2, maxLength: 5 }), pressed, (standings, acts) => {
      const ben = call(standings.map((one, at) => part(`P${at}`, one)))
      const names = (said: Turn) => heard(said.script)
      let turn = ben.answer()
      for (const act of acts) {
        if (isEnd(turn)) return
        expect(names(turn)).not.toBe('')
        const asked = turn.asks
        const before = ben.parts.map((one) => one.standing.is)
        turn = act === 'wait' ? ben.wait() : ben.press(act)
        const taken = ben.parts.flatMap((one, at) =>
          one.standing.is === 'yours' && before[at] !== 'yours' ? [at] : [],
        )
        if (taken.length > 0) expect([act, taken]).toEqual(['1', [asked]])
        // nobody is asked about twice who was answered
        if (turn.asks !== null) expect(['open', 'accepted']).toContain(ben.parts[turn.asks]!.standing.is)
      }
      for (let silences = 0; !isEnd(turn); silences++) {
        expect(silences).toBeLessThan(20)
        turn = ben.wait()
      }
    }),
  )
})
