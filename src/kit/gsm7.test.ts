import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isGsm7, plain, segments } from './gsm7.ts'

test.each([
  ['', 1],
  ['a'.repeat(160), 1],
  ['a'.repeat(161), 2],
  ['a'.repeat(306), 2],
  ['a'.repeat(307), 3],
  ['€'.repeat(80), 1],
  ['€'.repeat(81), 2],
  // 76 signs of two places fill 152 of 153: the next is not torn apart
  ['€'.repeat(152), 2],
  ['€'.repeat(153), 3],
  ['ŷ'.repeat(70), 1],
  ['ŷ'.repeat(71), 2],
  ['ŷ'.repeat(134), 2],
  ['ŷ'.repeat(135), 3],
  ['😀'.repeat(35), 1],
  ['😀'.repeat(36), 2],
  // 33 pairs fill 66 of 67
  ['😀'.repeat(66), 2],
  ['😀'.repeat(67), 3],
])('%#: a text is cut into as many parts as the standard says', (text, parts) =>
  expect(segments(text)).toBe(parts),
)

test.each([
  ['Siân’s tablets', "Sian's tablets"],
  ['“Zoë” – at nine…', '"Zoe" - at nine...'],
  ['José, Núñez, André, Søren, Åsa, Müller', 'José, Nuñez, André, Søren, Åsa, Müller'],
  ['Łukasz Wójcik, François', 'Lukasz Wojcik, Francois'],
  ['9\u00a0o’clock\u200b', "9 o'clock"],
  ['Cœur', 'Coeur'],
  ['£5, €5 [a] {b} ^~|\\', '£5, €5 [a] {b} ^~|\\'],
])('%j is sent as %j', (text, sent) => expect(plain(text)).toBe(sent))

test.each(['Олена’s tablets', '李雷 – 9:00', 'Siân 😀'])('%j keeps its letters', (text) =>
  expect(plain(text)).toBe(text),
)

const text = fc.string({ unit: 'grapheme', maxLength: 400 })
const typed = fc
  .array(fc.constantFrom(...'Ada Zoë ’“”–—… éàçãłœ\u00a0\u200b[€]1'), { maxLength: 400 })
  .map((characters) => characters.join(''))

test('plain never costs more than what was written, and twice is once', () => {
  fc.assert(
    fc.property(fc.oneof(text, typed), (written) => {
      const sent = plain(written)
      expect(plain(sent)).toBe(sent)
      if (isGsm7(sent))
        expect(segments(sent)).toBeLessThanOrEqual(Math.max(1, Math.ceil((3 * written.length) / 153)))
      else expect(sent).toBe(written.normalize('NFC'))
    }),
  )
})

test('what people type on a telephone stays in the short alphabet', () => {
  fc.assert(fc.property(typed, (written) => isGsm7(plain(written))))
})

test('as many parts as the longest pieces need, and no more than one too many for each', () => {
  fc.assert(
    fc.property(fc.oneof(text, typed), (written) => {
      const isShort = isGsm7(written)
      const places = isShort
        ? written.length + (written.match(/[\f^{}\\[~\]|€]/g)?.length ?? 0)
        : written.length
      const [alone, part] = isShort ? [160, 153] : [70, 67]
      const parts = segments(written)
      if (places <= alone) expect(parts).toBe(1)
      else {
        expect(parts).toBeGreaterThanOrEqual(Math.ceil(places / part))
        expect(parts).toBeLessThanOrEqual(Math.ceil(places / (part - 1)))
      }
    }),
  )
})
