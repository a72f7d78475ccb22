import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CodeGiven, codeFor, codes } from './codes.ts'

const families = '00000000-0000-7000-8000-000000000001'
const given = (code: string, alertId: string, isInUse = true): CodeGiven => ({ code, alertId, isInUse })

test('56 codes without 0, 1 and double digits, of which neighbours differ in both digits', () => {
  expect(new Set(codes).size).toBe(56)
  for (const [at, code] of codes.entries()) {
    const next = codes[(at + 1) % codes.length]!
    expect(code).toMatch(/^[2-9]{2}$/)
    expect(code[0]).not.toBe(code[1])
    expect([code[0] === next[0], code[1] === next[1]]).toEqual([false, false])
  }
})

test('an alert keeps its code, and the next one gets the next, also when an older is free again', () => {
  const first = codeFor('ada', [], families)!
  expect(codeFor('ada', [given(first, 'ada')], families)).toBe(first)
  const second = codeFor('bert', [given(first, 'ada', false)], families)
  expect(second).toBe(codes[codes.indexOf(first) + 1])
})

test('an alert that opens anew does not take back a code that means another by now', () => {
  const known = [given('27', 'bert'), given('27', 'ada', false)]
  expect(codeFor('ada', known, families)).not.toBe('27')
  expect(codeFor('bert', known, families)).toBe('27')
})

test('at one number no code means two alerts that are not over; when all are in use there is none', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(80), fc.boolean()), { maxLength: 200 }), (asked) => {
      let known: CodeGiven[] = []
      for (const [alert, isOver] of asked) {
        const alertId = String(alert)
        const code = codeFor(alertId, known, families)
        if (code === null) expect(known.filter(({ isInUse }) => isInUse).length).toBeGreaterThanOrEqual(56)
        else known = [given(code, alertId), ...known.filter((other) => other.alertId !== alertId)]
        if (isOver) known = known.map((one) => (one.alertId === alertId ? { ...one, isInUse: false } : one))
        const inUse = known.filter(({ isInUse }) => isInUse).map((one) => one.code)
        expect(new Set(inUse).size).toBe(inUse.length)
      }
    }),
  )
})
