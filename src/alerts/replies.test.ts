import fc from 'fast-check'
import { expect, test } from 'vitest'
import { meaningOf } from './replies.ts'

test.each([
  'OK',
  'ok.',
  'Ok thanks',
  ' yes ',
  '1',
  'YES!',
  'o.k.',
  'Okay',
  'Y',
  'yes I will',
  "OK I'll go",
  'Ok, on my way',
  '👍',
  '👍🏽',
  '1.',
  'Yes, thank you x',
  '\tOK\r\n',
])('%j accepts', (body) => expect(meaningOf(body)).toBe('yes'))

test.each([
  'FINE',
  'fine.',
  'She is fine',
  "She's fine now",
  'all fine',
  'ok fine, thanks',
  'He is fine and well',
])('%j says that all is well', (body) => expect(meaningOf(body)).toBe('fine'))

test.each([
  '',
  ' ',
  'no',
  'ok who is this?',
  'ok?',
  '1 hour',
  '11',
  "yes but I can't",
  'OK I cannot go',
  'okra',
  'not fine',
  'is she fine?',
  'I am driving and will see your message later. OK',
  'STOP',
  'will do',
  '1 2 3',
])('%j is asked back', (body) => expect(meaningOf(body)).toBe('something else'))

test('anything at all is read without throwing, quickly', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (body) =>
      ['yes', 'fine', 'thanks', 'something else'].includes(meaningOf(body)),
    ),
  )
  expect(meaningOf('ok '.repeat(100_000))).toBe('something else')
})

test.each(['thanks', 'Thank you so much', 'ta x', 'Many thanks!'])('%j wants no answer', (body) =>
  expect(meaningOf(body)).toBe('thanks'),
)
