import { expect, test } from 'vitest'
import { callTroubleInWords, callTroubleOf } from './call-trouble.ts'

test.each([
  ['20003', 'ours'],
  ['21210', 'ours'],
  ['11200', 'ours'],
  ['13420', 'ours'],
  ['no provider', 'ours'],
  ['ECONNREFUSED', 'provider'],
  ['EAI_AGAIN', 'provider'],
  ['HTTP 500', 'provider'],
  ['HTTP 503 20503', 'provider'],
  ['10004', 'provider'],
  ['32017', 'provider'],
  ['503', 'provider'],
  ['too late', 'too late'],
  ['no word', 'no word'],
  ['not found', 'no word'],
  ['99999', 'no word'],
  [null, 'no word'],
] as const)('a call that was not placed with code %s: %s', (code, trouble) => {
  expect(callTroubleOf(code)).toBe(trouble)
  expect(callTroubleInWords[trouble]).not.toMatch(/did not answer|nobody answered/)
})
