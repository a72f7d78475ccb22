import { expect, test } from 'vitest'
import { linked, signInCode } from './mail-text.ts'

test('addresses become links, the full stop after one does not belong to it, and nothing is lost', () => {
  const text = 'Open https://example.org/a?b=1.\nOr (http://example.org).'
  const parts = linked(text)
  expect(parts.map(({ text: part }) => part).join('')).toBe(text)
  expect(parts.flatMap(({ url }) => url ?? [])).toEqual(['https://example.org/a?b=1', 'http://example.org'])
  expect(linked('')).toEqual([])
  expect(linked('javascript:alert(1)')).toEqual([{ text: 'javascript:alert(1)', url: null }])
})

test('a code is six digits at the beginning of the subject', () => {
  expect(signInCode({ subject: '012345 is your CallAssist code' })).toBe('012345')
  expect(signInCode({ subject: '0123456 is no code' })).toBeNull()
  expect(signInCode({ subject: 'Ada did not answer' })).toBeNull()
})
