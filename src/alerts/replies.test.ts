import fc from 'fast-check'
import { expect, test } from 'vitest'
import { meaningOf } from './replies.ts'

const receivers = ['Ada Lovelace', 'Bert', 'Will']
const meaning = (body: string) => meaningOf(body, receivers).is

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
])('%j accepts', (body) => expect(meaning(body)).toBe('yes'))

test.each([
  'FINE',
  'fine.',
  'She is fine',
  "She's fine now",
  'all fine',
  'ok fine, thanks',
  'He is fine and well',
])('%j says that all is well', (body) => expect(meaning(body)).toBe('fine'))

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
])('%j is asked back', (body) => expect(meaning(body)).toBe('something else'))

test('anything at all is read without throwing, quickly', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (body) =>
      ['yes', 'fine', 'thanks', 'something else'].includes(meaning(body)),
    ),
  )
  expect(meaning('ok '.repeat(100_000))).toBe('something else')
})

test.each(['thanks', 'Thank you so much', 'ta x', 'Many thanks!'])('%j wants no answer', (body) =>
  expect(meaning(body)).toBe('thanks'),
)

test.each<[string, { codes?: string[]; named?: number[]; isAll?: boolean }]>([
  ['OK', {}],
  ['1', {}],
  ['OK 27', { codes: ['27'] }],
  ['ok27', { codes: ['27'] }],
  ['27', { codes: ['27'] }],
  ['27 ok', { codes: ['27'] }],
  ['27OK!', { codes: ['27'] }],
  ['Yes, 27 please', { codes: ['27'] }],
  ['OK 27 and OK 38', { codes: ['27', '38'] }],
  ['27,38', { codes: ['27', '38'] }],
  ['OK ALL', { isAll: true }],
  ['Both', { isAll: true }],
  ['all', { isAll: true }],
  ['yes to both', { isAll: true }],
  ['OK Ada', { named: [0] }],
  ['ada', { named: [0] }],
  ['ok for bert and ada', { named: [1, 0] }],
])('%j says which it means', (body, about) =>
  expect(meaningOf(body, receivers)).toEqual({
    is: 'yes',
    about: { codes: [], named: [], isAll: false, ...about },
  }),
)

test.each(['OK Will', 'ok will do'])('%j names nobody: the word means something else here', (body) =>
  expect(meaningOf(body, receivers)).toMatchObject({ is: 'yes', about: { named: [] } }),
)

test('a name that two of them have names neither', () =>
  expect(meaningOf('OK Ada', ['Ada', 'Ada Byron'])).toEqual({ is: 'something else' }))

test.each(['all ok', 'both ok', 'Ada ok', 'ok 1234', 'ok 2', 'Ada?', 'OK Cleo', '999'])(
  '%j does not say that anybody goes',
  (body) => expect(meaning(body)).toBe('something else'),
)

test.each<[string, { codes?: string[]; named?: number[]; isAll?: boolean }]>([
  ['FINE', {}],
  ['all fine', {}],
  ['FINE 27', { codes: ['27'] }],
  ['Ada is fine', { named: [0] }],
  ['fine all', { isAll: true }],
  ['both fine', { isAll: true }],
])('%j says who is fine', (body, about) =>
  expect(meaningOf(body, receivers)).toEqual({
    is: 'fine',
    about: { codes: [], named: [], isAll: false, ...about },
  }),
)
