// Every status, SIP code and error number of the fact sheet, and what nobody listed.
import { expect, test } from 'vitest'
import { callState, machineVerdict, meaningOf, noAnswer, refusal, textState } from './twilio-words.ts'

test.each([
  [20429, true, 'not placed'],
  [10004, true, 'not placed'],
  [21611, true, 'not placed'],
  [22005, true, 'not placed'],
  [30001, true, 'not placed'],
  [20003, true, 'not placed'],
  [10001, true, 'not placed'],
  [30002, true, 'not placed'],
  [21201, false, 'not placed'],
  [21205, false, 'not placed'],
  [21208, false, 'not placed'],
  [21213, false, 'not placed'],
  [21210, true, 'not placed'],
  [21212, true, 'not placed'],
  [21219, false, 'not placed'],
  [21215, false, 'not placed'],
  [13227, false, 'not placed'],
  [21408, false, 'not placed'],
  [21211, false, 'unreachable number'],
  [21217, false, 'unreachable number'],
  [13223, false, 'unreachable number'],
  [21214, false, 'unreachable number'],
  [13224, false, 'unreachable number'],
  [21202, false, 'unreachable number'],
  [21216, false, 'unreachable number'],
  [13225, false, 'unreachable number'],
  [32017, false, 'not placed'],
  [21617, false, 'not placed'],
  [21610, false, 'unreachable number'],
  [21612, false, 'unreachable number'],
  [21614, false, 'unreachable number'],
  [99999, false, 'not placed'],
])('a request refused with %i', (code, temporary, result) => {
  expect(refusal(400, code)).toMatchObject({ kind: 'refused', temporary, result, code: String(code) })
})

test('an unknown error number is kept, in the code and in words', () => {
  expect(refusal(400, 99_999)).toEqual({
    kind: 'refused',
    temporary: false,
    result: 'not placed',
    code: '99999',
    reason: 'an error we have no word for',
  })
  expect(refusal(404, null)).toMatchObject({ kind: 'refused', temporary: false, code: 'HTTP 404' })
  expect(meaningOf(null)).toBe('an error we have no word for')
  expect(meaningOf(21_211)).toBe('the number is not valid')
})

test('429 was not processed whatever its number; a server error may have been', () => {
  expect(refusal(429, null)).toMatchObject({ kind: 'refused', temporary: true })
  expect(refusal(429, 21_211)).toMatchObject({ kind: 'refused', temporary: true })
  for (const status of [500, 502, 503, 504, 408])
    expect(refusal(status, null)).toMatchObject({ kind: 'unknown' })
  expect(refusal(503, 20_503)).toEqual({ kind: 'unknown', reason: 'HTTP 503 20503' })
})

test.each([
  ['ECONNREFUSED', 'connect'],
  ['ENOTFOUND', 'getaddrinfo'],
  ['EAI_AGAIN', 'getaddrinfo'],
  ['EHOSTUNREACH', 'connect'],
  ['ETIMEDOUT', 'connect'],
])('%s while %s: nothing left this machine', (code, phase) => {
  expect(noAnswer(code, phase)).toMatchObject({
    kind: 'refused',
    temporary: true,
    result: 'not placed',
    code,
  })
})

test.each([
  ['ECONNRESET', 'read'],
  ['ECONNABORTED', null],
  ['ETIMEDOUT', null],
  ['EPIPE', 'write'],
  ['ERR_BAD_RESPONSE', null],
  [null, null],
])('%s: the provider may have done it', (code, phase) => {
  expect(noAnswer(code, phase)).toMatchObject({ kind: 'unknown' })
})

test.each([
  ['queued', null, { kind: 'queued' }],
  ['initiated', null, { kind: 'queued' }],
  ['ringing', null, { kind: 'ringing' }],
  ['in-progress', null, { kind: 'in progress' }],
  ['answered', null, { kind: 'in progress' }],
  ['completed', 200, { kind: 'ended', how: 'completed', seconds: 7 }],
  ['no-answer', 487, { kind: 'ended', how: 'no answer', seconds: 7 }],
  ['no-answer', null, { kind: 'ended', how: 'no answer', seconds: 7 }],
  ['no-answer', 603, { kind: 'ended', how: 'rejected', seconds: 7 }],
  ['busy', 486, { kind: 'ended', how: 'busy', seconds: 7 }],
  ['busy', null, { kind: 'ended', how: 'busy', seconds: 7 }],
  ['busy', 603, { kind: 'ended', how: 'rejected', seconds: 7 }],
  ['canceled', null, { kind: 'ended', how: 'cancelled', seconds: 7 }],
  ['failed', null, { kind: 'ended', how: 'failed', seconds: 7 }],
  ['failed', 404, { kind: 'ended', how: 'unreachable', seconds: 7 }],
  ['failed', 410, { kind: 'ended', how: 'unreachable', seconds: 7 }],
  ['failed', 484, { kind: 'ended', how: 'unreachable', seconds: 7 }],
  ['failed', 603, { kind: 'ended', how: 'rejected', seconds: 7 }],
  ['failed', 486, { kind: 'ended', how: 'busy', seconds: 7 }],
  ['failed', 503, { kind: 'ended', how: 'failed', seconds: 7 }],
  ['failed', 480, { kind: 'ended', how: 'failed', seconds: 7 }],
  ['failed', 13_224, { kind: 'ended', how: 'unreachable', seconds: 7 }],
  ['failed', 13_225, { kind: 'ended', how: 'unreachable', seconds: 7 }],
  ['failed', 32_017, { kind: 'ended', how: 'failed', seconds: 7 }],
  ['failed', 99_999, { kind: 'ended', how: 'failed', seconds: 7 }],
  ['exploded', null, null],
  ['', null, null],
])('the call status %s with code %s', (status, code, state) => {
  expect(callState(status, code, 7)).toEqual(state)
})

test.each([
  ['accepted', 'queued'],
  ['scheduled', 'queued'],
  ['queued', 'queued'],
  ['sending', 'queued'],
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['partially_delivered', 'delivered'],
  ['read', 'delivered'],
  ['undelivered', 'failed'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
  ['received', null],
  ['mislaid', null],
])('the message status %s', (status, state) => {
  expect(textState(status)).toBe(state)
})

test.each([
  ['human', 'human'],
  ['machine_start', 'machine'],
  ['machine_end_beep', 'machine'],
  ['machine_end_silence', 'machine'],
  ['machine_end_other', 'machine'],
  ['machine', 'machine'],
  ['fax', 'machine'],
  ['unknown', 'unknown'],
  ['parrot', 'unknown'],
])('answered by %s', (answeredBy, verdict) => {
  expect(machineVerdict(answeredBy)).toBe(verdict)
})
