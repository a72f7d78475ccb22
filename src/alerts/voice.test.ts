import { expect, test } from 'vitest'
import type { AttemptResult } from '../db/tables.ts'
import type { Script, Sound, Verb } from '../outside/phone/port.ts'
import { actOf, after, answer, type OnThePhone, opening, silence } from './voice.ts'
import type { AlertFacts, Standing } from './words.ts'

const found = (...results: AttemptResult[]): AlertFacts['attempts'] =>
  results.map((result) => ({ result, at: new Date('2026-11-24T09:30:00Z') }))

const facts: AlertFacts = {
  receiverName: 'Ada',
  reason: 'missed',
  dueAt: new Date('2026-11-24T09:30:00Z'),
  localTime: '09:30',
  timeZone: 'Europe/London',
  attempts: found('rang out', 'rang out', 'rang out'),
  accessNotes: null,
}
const call = (
  standing: Standing,
  more: Partial<AlertFacts> = {},
  tells: OnThePhone['tells'] = 'alert',
): OnThePhone => ({
  tells,
  name: 'Ben',
  facts: { ...facts, ...more },
  standing,
})
const open = call({ is: 'open' })
const isEnd = (script: Script) => script.at(-1)?.do === 'hang up'

function heard(script: Script): string {
  const sounds = script.flatMap((verb: Verb): readonly Sound[] => {
    if (verb.do === 'gather') return verb.sounds
    return verb.do === 'say' || verb.do === 'play' || verb.do === 'pause' ? [verb] : []
  })
  return sounds.map((sound) => (sound.do === 'say' ? sound.text : '')).join(' ')
}

test('the alert is told in the words of the promise, and a key counts at any moment of it', () => {
  expect(heard(opening(open))).toBe(
    'This is CallAssist, about Ada. Ada did not answer the call at 9:30am. We rang three times. Press 1 if you will see to it.',
  )
  expect(opening(open)).toMatchObject([{ do: 'gather' }])
})

test('each reason has its own sentence', () => {
  expect(heard(opening(call({ is: 'open' }, { reason: 'not placed', attempts: found('not placed') })))).toBe(
    'This is CallAssist, about Ada. We could not place the call to Ada at 9:30am, so we do not know how Ada is. Press 1 if you will see to it.',
  )
  expect(
    heard(opening(call({ is: 'open' }, { reason: 'help requested', attempts: found('help requested') }))),
  ).toContain('Ada asked for help in the call at 9:30am.')
})

test('what the attempts found is told when it was more than an empty ring', () => {
  const mixed = call({ is: 'open' }, { attempts: found('rang out', 'busy', 'rang out', 'not placed') })
  expect(heard(opening(mixed))).toContain(
    'We rang three times. Twice nobody picked up and once the line was engaged.',
  )
  expect(heard(opening(call({ is: 'open' }, { attempts: found('voicemail') })))).toContain(
    'We rang once. An answerphone came on.',
  )
})

test('silence: said again twice, then goodbye; never dead air', () => {
  expect(silence(open, 1)).toEqual(opening(open))
  expect(silence(open, 2)).toEqual(opening(open))
  expect(isEnd(silence(open, 3))).toBe(true)
  expect(heard(silence(open, 3))).toContain('Goodbye')
})

test('1 accepts, star says it again, another key is asked once more and then let go', () => {
  expect(actOf(open, '1')).toBe('accept')
  for (const key of '0*#23456789') expect(actOf(open, key)).toBeNull()
  expect(answer(open, '*', '*')).toEqual(opening(open))
  expect(heard(answer(open, '5', '5'))).toContain('That was not 1')
  expect(heard(answer(open, '5', '5'))).toContain('Press 1')
  expect(isEnd(answer(open, '6', '5*6'))).toBe(true)
})

test('after accepting: thanks; the notes only then, and again on star', () => {
  const notes = { accessNotes: 'Key safe by the back door, 2580.' }
  expect(heard(opening(call({ is: 'open' }, notes)))).not.toContain('Key safe')
  const mine = call({ is: 'yours' }, notes)
  expect(heard(after(mine, 'accept'))).toContain('Thank you, Ben.')
  expect(heard(after(mine, 'accept'))).toContain('How to get in: Key safe by the back door, 2580.')
  expect(heard(answer(mine, '*', '1*'))).toContain('Key safe')
  expect(isEnd(after(call({ is: 'yours' }), 'accept'))).toBe(true)
})

test('somebody else was quicker: their name, and 1 is only noted', () => {
  const taken = call({ is: 'accepted', byName: 'Cara', wantsHelp: false })
  expect(heard(opening(taken))).toContain('Cara has already said, I will see to it.')
  // noted in the history, which shows who else would have gone
  expect(actOf(taken, '1')).toBe('accept')
  expect(actOf(call({ is: 'accepted', byName: 'Cara', wantsHelp: false }, {}, 'accepted'), '1')).toBeNull()
  expect(isEnd(after(taken, 'accept'))).toBe(true)
  expect(heard(after(taken, 'accept'))).toContain('Cara has already said')
})

test('the acceptor asks for help: 1 takes it over', () => {
  const wanted = call({ is: 'accepted', byName: 'Cara', wantsHelp: true })
  expect(heard(opening(wanted))).toContain('Cara is seeing to Ada and asks for help.')
  expect(heard(opening(wanted))).toContain('Press 1 if you will help.')
  expect(actOf(wanted, '1')).toBe('accept')
})

test('the reminder asks how it went, with three keys', () => {
  const reminder = call({ is: 'yours' }, {}, 'reminder')
  expect(heard(opening(reminder))).toContain('Press 1 if all is well.')
  expect([...'1234*'].map((key) => actOf(reminder, key))).toEqual([
    'she is fine',
    'I am going',
    'get help',
    null,
    null,
  ])
  for (const act of ['she is fine', 'I am going', 'get help'] as const)
    expect(isEnd(after(reminder, act))).toBe(true)
})

test('an alert that is over says so, whatever the call was made for', () => {
  const over = call({ is: 'closed', how: 'all-clear', byName: null })
  expect(heard(opening(over))).toContain('All is well: Ada has now answered.')
  expect(actOf(over, '1')).toBeNull()
  const said = call({ is: 'closed', how: 'she is fine', byName: 'Cara' }, {}, 'all-clear')
  expect(heard(opening(said))).toContain('Cara says that Ada is all right.')
})

test('every script speaks first and ends: in a prompt or by hanging up', () => {
  const standings: Standing[] = [
    { is: 'open' },
    { is: 'yours' },
    { is: 'accepted', byName: 'Cara', wantsHelp: false },
    { is: 'accepted', byName: 'Cara', wantsHelp: true },
    { is: 'closed', how: 'she is fine', byName: 'Cara' },
  ]
  for (const tells of ['alert', 'accepted', 'all-clear', 'reminder'] as const)
    for (const standing of standings) {
      const on = call(standing, {}, tells)
      const scripts = [
        opening(on),
        silence(on, 1),
        silence(on, 9),
        ...[...'0123*#'].map((key) => answer(on, key, key)),
      ]
      expect(heard(opening(on))).toMatch(/^This is CallAssist, about Ada\./)
      for (const script of scripts) expect(['gather', 'hang up']).toContain(script.at(-1)?.do)
      expect(isEnd(silence(on, 9))).toBe(true)
    }
})
