import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordsOf } from './text-words.ts'

test.each([
  ['OK', ['ok']],
  [' o.k.! ', ['ok']],
  ["I'll go, thanks x", ['ill', 'go', 'thanks', 'x']],
  ['I’m fine', ['im', 'fine']],
  ['ok27', ['ok', '27']],
  ['ok?', ['ok', '?']],
  ['👍🏽👍', ['👍', '👍']],
  ['ＯＫ\r\n', ['ok']],
  ['Siân', ['siân']],
  ['', []],
  [' … ', []],
])('%j is read as %j', (body, words) => expect(wordsOf(body)).toEqual(words))

test('anything at all becomes words without spaces, capitals or marks', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (body) =>
      wordsOf(body).every((word) => /^[\p{L}\p{N}?👍]+$/u.test(word) && word === word.toLowerCase()),
    ),
  )
})
