import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyInWords, mentionsHealth, readSpokenText, shown, spoken, spokenSeconds } from './words.ts'

test('a written text is cleaned and taken', () => {
  expect(readSpokenText(' Time for\r\nyour tablets, Mum.\u0000 ')).toEqual({
    ok: true,
    text: 'Time for your tablets, Mum.',
  })
  expect(readSpokenText('Tom & Ada <3').ok).toBe(true)
  expect(readSpokenText('Hello').ok).toBe(true)
  expect(readSpokenText('Ring 01632 960101 if you need us.').ok).toBe(true)
  expect(readSpokenText('x'.repeat(600)).ok).toBe(true)
})

test.each([
  ['', 'Please type what the voice shall say.'],
  ['\u200b\u0007', 'Please type what the voice shall say.'],
  ['Mum', 'This is too short. Please type at least 5 characters.'],
  ['x'.repeat(601), 'This is too long. Please use at most 600 characters. You typed 601.'],
  ['x'.repeat(10_000), 'This is too long. Please use at most 600 characters. You typed 10,000.'],
  ['12345 !!!', 'Please write it in words, as you would say it on the telephone.'],
  [
    'Look at https://example.org today',
    'A web or e-mail address cannot be followed on the telephone. Please leave it out.',
  ],
  [
    'Write to ben@example.org today',
    'A web or e-mail address cannot be followed on the telephone. Please leave it out.',
  ],
])('%j is refused with what to do', (typed, reason) => {
  expect(readSpokenText(typed)).toEqual({ ok: false, reason })
})

test('what is taken has no control characters and keeps its limits, whatever is pasted', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (typed) => {
      const read = readSpokenText(typed)
      if (!read.ok) {
        expect(read.reason).toMatch(/\.$|\d\.$/)
        return
      }
      expect(read.text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
      expect(readSpokenText(read.text)).toEqual(read)
    }),
  )
})

test('a call says who rings, what for and what to press', () => {
  expect(spoken.greeting('Ada')).toBe('Hello Ada. This is CallAssist, calling for you.')
  expect(spoken.prompt('reminder', null)).toBe(
    'Please press any key on your telephone now, so that we know you heard this.',
  )
  expect(spoken.prompt('check-in', null)).toBe(
    'Please press any key on your telephone now, so that we know you are all right.',
  )
  expect(spoken.prompt('both', '9')).toBe(
    'Press any key to say that you are all right, or press 9 if you need somebody.',
  )
  expect(spoken.prompt('reminder', '#')).toBe(
    'Press any key to say that you heard this, or press hash if you need somebody.',
  )
  expect(spoken.again()).toBe('To hear this again, press star.')
})

test('every way out of a call ends with a goodbye or with what to do', () => {
  const ends = [
    spoken.confirmation('reminder', 'Ada'),
    spoken.confirmation('check-in', 'Ada'),
    spoken.testConfirmation('Ada'),
    spoken.testHelp(),
    spoken.goodbye('ring again'),
    spoken.goodbye('tell somebody'),
    spoken.goodbye('nothing'),
    spoken.notNeeded(),
    spoken.ourFault(),
  ]
  for (const end of ends) expect(end).toMatch(/ Goodbye\.$/)
  expect(spoken.helpComing('Ada')).toMatch(/ring 999\.$/)
})

test('a test call says that it is one, at the beginning and at the end', () => {
  for (const said of [spoken.testGreeting('Ada'), spoken.testConfirmation('Ada'), spoken.testHelp()]) {
    expect(said).toMatch(/\btest\b/)
  }
})

test('nothing around a message tells a listener about health', () => {
  const said = [
    spoken.greeting('Ada'),
    spoken.testGreeting('Ada'),
    spoken.prompt('both', '9'),
    spoken.stillThere('both', '9'),
    spoken.confirmation('both', 'Ada'),
    spoken.goodbye('tell somebody'),
  ]
  for (const sentence of said) expect(mentionsHealth(sentence)).toBe(false)
})

test('health is recognised in what people write', () => {
  for (const text of [
    'Time for your heart tablets',
    'Check your blood sugar',
    'The nurse comes at ten',
    'Put your Hearing Aids in',
  ]) {
    expect(mentionsHealth(text)).toBe(true)
  }
  for (const text of ['Time for lunch, Mum', 'Please feed the cat', 'Chapter two is on the table']) {
    expect(mentionsHealth(text)).toBe(false)
  }
})

test('keys have names', () => {
  expect(['9', '*', '#'].map(keyInWords)).toEqual(['9', 'star', 'hash'])
})

test('pages say what will be heard', () => {
  expect(shown.preset('Lunch')).toBe('The ready-made message "Lunch"')
  expect(shown.recording('Ben')).toBe('A recording by Ben')
  expect(shown.recordingMissing('Lunch')).toContain('no recording yet')
  expect(shown.spokenLength('Time for lunch, Mum.')).toBe('About 2 seconds to say, 20 of 600 characters.')
  expect(spokenSeconds('')).toBe(0)
})
