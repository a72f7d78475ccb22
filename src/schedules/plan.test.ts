import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aheadMs, beginning, nextSlotsOf, plan, ruleOf, type Timing } from './plan.ts'
import { type Slot, slotsBetween, WEEKDAYS } from './recurrence.ts'

const hour = 60 * 60 * 1000
const daily: Timing = { localTime: '09:30', days: WEEKDAYS }
const london = 'Europe/London'
const name = (slot: Slot) => `${slot.localDate} ${slot.localTime}`

test('a schedule made in the morning has today’s call, tomorrow’s when it is a day away, and wakes for the next', () => {
  const now = new Date('2026-11-24T08:00:00Z')
  const planned = plan(daily, london, beginning(now), now)
  expect(planned.slots.map(name)).toEqual(['2026-11-24 09:30'])
  expect(planned.wakeAt).toEqual(new Date('2026-11-24T09:30:00Z'))
  const next = plan(daily, london, planned.plannedThrough, planned.wakeAt!)
  expect(next.slots.map(name)).toEqual(['2026-11-25 09:30'])
  expect(next.wakeAt).toEqual(new Date('2026-11-25T09:30:00Z'))
})

test('a slot of this very instant counts, one a second ago does not', () => {
  const due = new Date('2026-11-24T09:30:00Z')
  expect(plan(daily, london, beginning(due), due).slots.map(name)).toEqual([
    '2026-11-24 09:30',
    '2026-11-25 09:30',
  ])
  const late = new Date('2026-11-24T09:30:01Z')
  expect(plan(daily, london, beginning(late), late).slots.map(name)).toEqual(['2026-11-25 09:30'])
})

test('after an outage of a week every slot is planned', () => {
  const before = new Date('2026-11-24T09:30:00Z')
  const after = new Date('2026-12-01T14:00:00Z')
  const planned = plan(daily, london, before, after)
  expect(planned.slots).toHaveLength(8)
  expect(planned.wakeAt! > after).toBe(true)
})

test('a single date is planned once and never wakes again; one far away wakes a day before', () => {
  const once: Timing = { localTime: '18:00', onDate: '2026-12-24' }
  const now = new Date('2026-11-24T08:00:00Z')
  const first = plan(once, london, beginning(now), now)
  expect(first).toMatchObject({ slots: [], wakeAt: new Date('2026-12-23T18:00:00Z') })
  const second = plan(once, london, first.plannedThrough, first.wakeAt!)
  expect(second.slots.map(name)).toEqual(['2026-12-24 18:00'])
  expect(second.wakeAt).toBeNull()
  const over = plan({ localTime: '07:00', onDate: '2026-11-24' }, london, beginning(now), now)
  expect(over).toMatchObject({ slots: [], wakeAt: null })
})

test('a clock that was ahead and is not any more plans nothing twice and forgets nothing', () => {
  const now = new Date('2026-11-24T08:00:00Z')
  const through = new Date('2026-11-27T08:00:00Z')
  expect(plan(daily, london, through, now)).toEqual({
    slots: [],
    plannedThrough: through,
    wakeAt: new Date('2026-11-26T09:30:00Z'),
  })
})

test('the next calls of a page are the ones after now', () => {
  const now = new Date('2026-03-28T12:00:00Z')
  expect(nextSlotsOf(daily, london, now, 3).map((slot) => slot.dueAt.toISOString())).toEqual([
    '2026-03-29T08:30:00.000Z',
    '2026-03-30T08:30:00.000Z',
    '2026-03-31T08:30:00.000Z',
  ])
})

const timing: fc.Arbitrary<Timing> = fc
  .tuple(fc.nat(23), fc.nat(59), fc.subarray([...WEEKDAYS], { minLength: 1 }), fc.option(fc.nat(30)))
  .map(([hours, minutes, days, day]) => {
    const localTime = `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
    return day === null
      ? { localTime, days }
      : { localTime, onDate: `2026-03-${String(day + 1).padStart(2, '0')}` }
  })
const zone = fc.constantFrom(
  london,
  'Pacific/Apia',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
)
const start = Date.UTC(2026, 2, 10)

test('whatever the outages, every slot is planned exactly once, and a day ahead where the worker ran', () => {
  fc.assert(
    fc.property(
      timing,
      zone,
      fc.nat(24 * 60),
      fc.array(fc.nat(80), { minLength: 10, maxLength: 40 }),
      (when, place, minute, delays) => {
        const made = new Date(start + minute * 60_000)
        const found: Slot[] = []
        let state = plan(when, place, beginning(made), made)
        found.push(...state.slots)
        let now = made
        for (const delayHours of delays) {
          if (state.wakeAt === null) break
          expect(state.wakeAt.getTime()).toBeGreaterThan(now.getTime())
          // half of the time the worker is there when it is called for
          now = new Date(state.wakeAt.getTime() + (delayHours < 40 ? 0 : delayHours * hour))
          const next = plan(when, place, state.plannedThrough, now)
          for (const slot of next.slots) {
            if (delayHours < 40) expect(slot.dueAt.getTime() - now.getTime()).toBeGreaterThanOrEqual(aheadMs)
          }
          expect(next.slots.length).toBeGreaterThan(0)
          found.push(...next.slots)
          state = next
        }
        expect(found).toEqual(slotsBetween(ruleOf(when), place, beginning(made), state.plannedThrough))
        expect(new Set(found.map(name)).size).toBe(found.length)
      },
    ),
    { numRuns: 500 },
  )
})
