import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAnsweredByNetwork, isAskedFor, meaningOf } from './replies.ts'

test.each([
  'Y',
  'y',
  ' y. ',
  'YES',
  'Yes!',
  'OK',
  'o.k.',
  'ok thanks',
  '1',
  'Okay thank you so much x',
  "I'm fine",
  'I am all right, thank you',
  'All fine here today',
  'yes I have taken them',
  'Done',
  '👍🏽',
  '\tY\r\n',
])('%j says that all is well', (body) => expect(meaningOf(body)).toBe('yes'))

test.each(['N', 'no', 'No!', 'nope', 'No thank you'])('%j is our N', (body) =>
  expect(meaningOf(body)).toBe('no'),
)

test.each([
  'HELP',
  'help me please',
  'I have fallen',
  'OK but I fell over and cannot get up',
  'I am not well',
  "I'm not feeling well",
  'not ok',
  'SOS',
  'ring 999',
  'I do not need help',
])('%j asks for somebody', (body) => expect(meaningOf(body)).toBe('help'))

test.each([
  '',
  '?',
  'ok?',
  'who is this?',
  'yes but later',
  'y n',
  'No, I am fine',
  'okra',
  '11',
  'I am driving and will see your message later',
  'Is it time already',
])('%j is asked back', (body) => expect(meaningOf(body)).toBe('something else'))

test.each(['thanks', 'Thank you love', 'Thank you for your help'])('%j wants no answer', (body) =>
  expect(meaningOf(body)).toBe('thanks'),
)

test('what our own texts ask for, and what the network answers by itself', () => {
  expect(['Y', ' n ', 'y!'].map(isAskedFor)).toEqual([true, true, true])
  expect(['OK', 'yes', 'y thanks', ''].map(isAskedFor)).toEqual([false, false, false, false])
  expect(['HELP', ' info '].map(isAnsweredByNetwork)).toEqual([true, true])
  expect(['help me', 'STOP', ''].map(isAnsweredByNetwork)).toEqual([false, false, false])
})

test('anything at all is read without throwing; a cry for help is heard in any sentence', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (body) => typeof meaningOf(body) === 'string'),
  )
  fc.assert(
    fc.property(
      fc.constantFrom('help', 'I fell', 'ambulance'),
      fc.constantFrom('ok', 'yes', 'Y', 'fine thanks', 'no'),
      fc.boolean(),
      (cry, other, isFirst) => meaningOf(isFirst ? `${cry} ${other}` : `${other}, ${cry}`) === 'help',
    ),
  )
})
