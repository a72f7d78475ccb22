import { expect, test } from 'vitest'
import {
  capitalised,
  countOf,
  listOf,
  numberInWords,
  ordinal,
  ordinalInWords,
  possessive,
  spokenDigits,
  timesInWords,
} from './plain-words.ts'

test('lists read as they are said', () => {
  expect(listOf([])).toBe('')
  expect(listOf(['Ada'])).toBe('Ada')
  expect(listOf(['Ada', 'Ben'])).toBe('Ada and Ben')
  expect(listOf(['a', 'b', 'c'])).toBe('a, b and c')
  expect(listOf(['call', 'text', 'e-mail'], 'or')).toBe('call, text or e-mail')
})

test('possessives take an s, also after an s', () => {
  expect(possessive('Ada')).toBe("Ada's")
  expect(possessive('James')).toBe("James's")
})

test('counts and times', () => {
  expect([1, 2, 3, 10, 11].map(timesInWords)).toEqual([
    'once',
    'twice',
    'three times',
    'ten times',
    '11 times',
  ])
  expect([1, 6, 12].map(numberInWords)).toEqual(['one', 'six', '12'])
  expect(countOf(0, 'call')).toBe('no calls')
  expect(countOf(1, 'call')).toBe('1 call')
  expect(countOf(3, 'call')).toBe('3 calls')
  expect(countOf(2, 'person', 'people')).toBe('2 people')
})

test('ordinals in figures and in words', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 101, 111].map(ordinal)).toEqual(
    '1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 23rd 101st 111th'.split(' '),
  )
  expect([1, 3, 12, 20, 24, 31].map(ordinalInWords)).toEqual(
    'first third twelfth twentieth twenty-fourth thirty-first'.split(' '),
  )
  expect(ordinalInWords(42)).toBe('42nd')
})

test('a sentence begins with a capital, whatever its first letter', () => {
  expect(capitalised('today at 6pm')).toBe('Today at 6pm')
  expect(capitalised('édith rang')).toBe('Édith rang')
  expect(capitalised('3 calls')).toBe('3 calls')
  expect(capitalised('')).toBe('')
})

test('digits are spoken one by one, with rests', () => {
  expect(spokenDigits('482913')).toBe('4 8 2, 9 1 3')
  expect(spokenDigits('4321')).toBe('4 3 2 1')
  expect(spokenDigits('01632 960101')).toBe('0 1 6 3 2, 9 6 0, 1 0 1')
  expect(spokenDigits('1234567')).toBe('1 2 3 4, 5 6 7')
  expect(spokenDigits('12345678')).toBe('1 2 3, 4 5 6, 7 8')
  expect(spokenDigits('')).toBe('')
})
