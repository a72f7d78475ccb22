import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareWaiting, slot, slots } from './pacing.ts'

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

test('one at a time, and on a line that is not fast, slots are what one slot was', () => {
  expect(slots(new Date(0), nine, 1, 20)).toMatchObject({ departures: [nine], lookAt: at(1000) })
  expect(slots(new Date(0), nine, 1, 20).nextAfter(1)).toEqual(at(1000))
  expect(slots(at(1000), at(400), 1, 20)).toMatchObject({ departures: [], lookAt: at(1000) })
  expect(slots(new Date(0), nine, 30, 1)).toMatchObject({ departures: [nine], lookAt: at(34) })
})

test('a fast line reserves the slots of fifty milliseconds, a little further apart than its rate', () => {
  const free = slots(new Date(0), nine, 100, 100)
  expect(free.departures).toEqual([0, 10, 20, 30, 40].map(at))
  expect([free.nextAfter(5), free.nextAfter(2), free.lookAt]).toEqual([at(51), at(21), at(51 - 25)])
  expect(slots(new Date(0), nine, 100, 3)).toMatchObject({
    departures: [0, 10, 20].map(at),
    lookAt: at(31 - 25),
  })
  // what is reserved already counts: of the next fifty milliseconds only the rest
  expect(slots(at(30), nine, 100, 100).departures).toEqual([at(30), at(40)])
  expect(slots(at(100), nine, 100, 100)).toMatchObject({ departures: [], lookAt: at(100 - 25) })
})

test('slots that lie fifty milliseconds apart are not reserved', () => {
  expect(slots(new Date(0), nine, 20, 100)).toMatchObject({ departures: [nine], lookAt: at(50) })
  expect(slots(new Date(0), nine, 21, 100).departures).toEqual([nine, at(48)])
})

test('a fast line: never more than the rate in any second, though a timer be late, and used to nineteen parts of twenty', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(25, 50, 100, 300, 1000, 2500),
      fc.constantFrom(5, 20, 100),
      fc.array(fc.nat(12), { minLength: 50, maxLength: 400 }),
      (rate, atMost, waits) => {
        let next = new Date(0)
        let now = nine.getTime()
        const departures: number[] = []
        for (const wait of waits) {
          now += wait
          const found = slots(next, new Date(now), rate, atMost)
          if (found.departures.length === 0) continue
          for (const departure of found.departures) {
            expect(departure.getTime()).toBeGreaterThanOrEqual(now)
            departures.push(departure.getTime())
          }
          next = found.nextAfter(found.departures.length)
        }
        // whatever leaves up to 10 ms after its slot: what leaves within a second has its slots within 1,010 ms
        const within = (from: number) =>
          departures.filter((each) => each >= from && each < from + 1010).length
        for (const first of departures) expect(within(first)).toBeLessThanOrEqual(rate)
        const lasted = (departures.at(-1)! - departures[0]!) / 1000
        if (lasted > 1 && atMost > rate / 20) expect(departures.length / lasted).toBeGreaterThan(0.95 * rate)
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
