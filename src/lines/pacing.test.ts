import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareWaiting, slot } from './pacing.ts'

const nine = new Date('2026-11-24T09:00:00Z')
const at = (ms: number) => new Date(nine.getTime() + ms)

test('a free line sends now, and again one interval later', () => {
  expect(slot(new Date(0), nine, 1)).toEqual({ at: nine, next: at(1000) })
  expect(slot(at(1000), at(400), 1)).toEqual({ at: at(1000), next: at(2000) })
  expect(slot(at(1000), at(1400), 1)).toEqual({ at: at(1400), next: at(2400) })
  expect(slot(new Date(0), nine, 0.5)).toEqual({ at: nine, next: at(2000) })
})

test('never more than the rate in any second, whenever the line is asked', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0.5, 1, 3, 10, 30, 100),
      fc.array(fc.nat(700), { minLength: 1, maxLength: 200 }),
      (rate, waits) => {
        let next = new Date(0)
        let now = nine.getTime()
        const departures: number[] = []
        for (const wait of waits) {
          now += wait
          const { at, next: after } = slot(next, new Date(now), rate)
          if (at.getTime() > now) continue
          departures.push(now)
          next = after
        }
        for (const first of departures) {
          const inOneSecond = departures.filter((each) => each >= first && each < first + 1000).length
          expect(inOneSecond).toBeLessThanOrEqual(Math.max(1, rate))
        }
      },
    ),
  )
})

test('alerts first, then help, retries and new calls, each by the end of its use, then in the order of asking', () => {
  const rows = [
    { id: '6', priority: 3, usefulUntil: at(60_000) },
    { id: '5', priority: 3, usefulUntil: at(30_000) },
    { id: '4', priority: 2, usefulUntil: at(90_000) },
    { id: '3', priority: 0, usefulUntil: at(90_000) },
    { id: '2', priority: 1, usefulUntil: at(10_000) },
    { id: '1', priority: 3, usefulUntil: at(60_000) },
  ]
  expect(rows.sort(compareWaiting).map(({ id }) => id)).toEqual(['3', '2', '4', '5', '1', '6'])
  expect(compareWaiting(rows[0]!, rows[0]!)).toBe(0)
})
