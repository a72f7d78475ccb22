import { expect, test } from 'vitest'
import {
  cleanLine,
  cleanLines,
  lengthOf,
  readLine,
  readLines,
  readName,
  withPlainDigits,
} from './typed-text.ts'

test('a line is trimmed, spaced once and freed of what cannot be seen', () => {
  expect(cleanLine('  Ada \t Byron\r\n ')).toBe('Ada Byron')
  expect(cleanLine('Ada\u0000\u0007\u200bByron')).toBe('Ada Byron')
  expect(cleanLine('\u202eadA\u202c')).toBe('adA')
  expect(cleanLine('\ufeffAda\u00ad')).toBe('Ada')
  expect(cleanLine('Ada\u00a0Byron\u2003Lovelace')).toBe('Ada Byron Lovelace')
  expect(cleanLine('\u3164')).toBe('')
})

test('an accent typed apart becomes one letter', () => {
  expect(cleanLine('Zoe\u0308')).toBe('Zoë')
  expect(lengthOf(cleanLine('Zoe\u0308'))).toBe(3)
})

test('half a character is dropped, a whole emoji stays', () => {
  expect(cleanLine('Ada\ud83d')).toBe('Ada')
  expect(cleanLine('Ada \u{1f600}')).toBe('Ada \u{1f600}')
})

test('lines keep their ends, one empty line at most', () => {
  expect(cleanLines('Key safe 1234. \r\n\r\n\r\n\r\n Beware\tof the dog.\n')).toBe(
    'Key safe 1234.\n\nBeware of the dog.',
  )
  expect(cleanLines('a\u2028b')).toBe('a\nb')
})

test('digits of every script become plain ones', () => {
  expect(withPlainDigits('０７７００ ٩٠٠٢٠١')).toBe('07700 900201')
  expect(withPlainDigits('०१२३४५६७८९')).toBe('0123456789')
  expect(withPlainDigits('\u{1d7d8}\u{1d7e2}\u{1d7eb} four')).toBe('009 four')
})

test('a line is measured in characters', () => {
  const limits = { what: 'the reason', max: 10 }
  expect(readLine(' hospital ', limits)).toEqual({ ok: true, text: 'hospital' })
  expect(readLine('ë'.repeat(10), limits).ok).toBe(true)
  expect(readLine('\u200b', limits)).toEqual({ ok: false, reason: 'Please type the reason.' })
  expect(readLine('x'.repeat(11), limits)).toEqual({
    ok: false,
    reason: 'This is too long. Please use at most 10 characters. You typed 11.',
  })
  expect(readLine('', { ...limits, min: 0 })).toEqual({ ok: true, text: '' })
  expect(readLine('Hi', { ...limits, min: 5 })).toEqual({
    ok: false,
    reason: 'This is too short. Please type at least 5 characters.',
  })
  expect(readLines('a\nb', limits)).toEqual({ ok: true, text: 'a\nb' })
})

test('names as people have them are taken', () => {
  for (const name of [
    'Ada',
    "O'Neill",
    'Anne-Marie',
    'Zoë',
    'Ada 2',
    '王秀英',
    'Mrs. Smith (next door)',
    'Ní Bhriain',
  ]) {
    expect(readName(name)).toEqual({ ok: true, text: name })
  }
  expect(readName('x'.repeat(80)).ok).toBe(true)
})

test('what is no name is refused with what to do', () => {
  expect(readName('')).toEqual({ ok: false, reason: 'Please type the name.' })
  expect(readName('   ', 'your name')).toEqual({ ok: false, reason: 'Please type your name.' })
  expect(readName('12345')).toEqual({ ok: false, reason: 'Please type the name with letters.' })
  expect(readName('x'.repeat(10_000))).toEqual({
    ok: false,
    reason: 'This is too long. Please use at most 80 characters. You typed 10,000.',
  })
  const address = { ok: false, reason: 'Please type only the name here, without a web or e-mail address.' }
  for (const typed of ['https://example.org', 'www.example.org', 'ada@example.org', '<b>Ada</b>']) {
    expect(readName(typed)).toEqual(address)
  }
})
