import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Coming, type Experience, peaksOf } from './predict.ts'

const nine = Date.parse('2026-11-24T09:00:00Z')
const at = (seconds: number) => new Date(nine + seconds * 1000)
const everybodyAnswers: Experience = { goesOn: [0], tryMs: 40_000 }
const pace = { callsPerSecond: 1, concurrentCalls: 50 }
const due = (seconds: number, more: Partial<Coming> = {}): Coming => ({
  dueAt: at(seconds),
  attempts: 3,
  gapMs: 300_000,
  ...more,
})
const many = (count: number, seconds: number) => Array.from({ length: count }, () => due(seconds))

test('calls at different times are each on time', () => {
  expect(peaksOf([due(0), due(600), due(60)], pace, everybodyAnswers)).toEqual(
    [0, 60, 600].map((seconds) => ({
      from: at(seconds),
      until: at(seconds),
      calls: 1,
      again: 0,
      worstLateMs: 0,
    })),
  )
})

test('3,600 calls at nine on a line of one a second: the last is an hour late, less a second', () => {
  const wide = { callsPerSecond: 1, concurrentCalls: 50 }
  expect(peaksOf(many(3600, 0), wide, everybodyAnswers)).toEqual([
    { from: at(0), until: at(3599), calls: 3600, again: 0, worstLateMs: 3_599_000 },
  ])
})

test('second tries go first and push the rest back', () => {
  const half: Experience = { goesOn: [0.5], tryMs: 30_000 }
  const [peak] = peaksOf(many(600, 0), pace, half)
  // from the fifth minute on every second departure is a second try
  expect(peak).toMatchObject({ calls: 600 })
  expect(peak!.again).toBeGreaterThan(150)
  expect(peak!.worstLateMs).toBeGreaterThan(599_000 + 120_000)
})

test('places that are all taken hold the line up as its rate does', () => {
  const [peak] = peaksOf(
    many(100, 0),
    { callsPerSecond: 10, concurrentCalls: 2 },
    { goesOn: [0], tryMs: 20_000 },
  )
  // two at a time, twenty seconds each
  expect(peak!.worstLateMs).toBeGreaterThanOrEqual(49 * 20_000)
  expect(peak!.worstLateMs).toBeLessThanOrEqual(50 * 20_000)
})

test('every call is in exactly one peak; never faster than the rate; a second line’s rate never makes it later', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          second: fc.nat(7200),
          attempts: fc.integer({ min: 1, max: 6 }),
          gap: fc.integer({ min: 1, max: 60 }),
        }),
        {
          maxLength: 300,
        },
      ),
      fc.constantFrom(0.5, 1, 3, 10),
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }),
      (slots, callsPerSecond, concurrentCalls, goesOn) => {
        const coming = slots.map(({ second, attempts, gap }) =>
          due(second, { attempts, gapMs: gap * 60_000 }),
        )
        const experience = { goesOn, tryMs: 30_000 }
        const peaks = peaksOf(coming, { callsPerSecond, concurrentCalls }, experience)
        expect(peaks.reduce((sum, { calls }) => sum + calls, 0)).toBe(coming.length)
        for (const { from, until, calls, worstLateMs } of peaks) {
          expect(worstLateMs).toBeGreaterThanOrEqual(0)
          expect(until.getTime() - from.getTime()).toBeGreaterThanOrEqual(
            ((calls - 1) * 1000) / callsPerSecond - 1,
          )
        }
      },
    ),
  )
})
