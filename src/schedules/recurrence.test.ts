import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scannedSlots } from './recurrence.second.ts'
import {
  describeDays,
  describeRule,
  isWeekday,
  nextSlots,
  type Rule,
  slotsBetween,
  WEEKDAYS,
} from './recurrence.ts'

const London = 'Europe/London'
const daily = (time: string): Rule => ({ days: WEEKDAYS, time })

const dueOn = (rule: Rule, zone: string, date: string) => {
  const day = new Date(`${date}T00:00:00Z`).getTime()
  const found = slotsBetween(rule, zone, new Date(day - 40 * HOUR), new Date(day + 64 * HOUR))
  return found.filter((slot) => slot.localDate === date).map((slot) => slot.dueAt.toISOString())
}
const HOUR = 3_600_000

// The acceptance table of the reference measurements: daily at 01:30 in London, on the days when the clocks change.
test('a time that the clocks skip is moved on by the gap: 01:30 is called at 02:30 summer time', () => {
  expect(dueOn(daily('01:30'), London, '2027-03-28')).toEqual(['2027-03-28T01:30:00.000Z'])
})

test('a time that comes twice is called once, the first time', () => {
  expect(dueOn(daily('01:30'), London, '2027-10-31')).toEqual(['2027-10-31T00:30:00.000Z'])
})

test.each(['01:00', '01:15', '01:45', '01:59'])(
  'the other minutes of the hour, %s, are neither lost nor doubled',
  (time) => {
    const minute = time.slice(3)
    expect(dueOn(daily(time), London, '2027-03-28')).toEqual([`2027-03-28T01:${minute}:00.000Z`])
    expect(dueOn(daily(time), London, '2027-10-31')).toEqual([`2027-10-31T00:${minute}:00.000Z`])
  },
)

test('the next weekday at 09:00 is 09:00 on both sides of both changes', () => {
  const rule: Rule = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], time: '09:00' }
  const next = (after: string) =>
    nextSlots(rule, London, new Date(after), 2).map((slot) => slot.dueAt.toISOString())
  expect(next('2027-03-26T09:00:00Z')).toEqual(['2027-03-29T08:00:00.000Z', '2027-03-30T08:00:00.000Z'])
  expect(next('2027-10-29T08:00:00Z')).toEqual(['2027-11-01T09:00:00.000Z', '2027-11-02T09:00:00.000Z'])
})

test('Lord Howe, whose gap is half an hour', () => {
  expect(dueOn(daily('02:15'), 'Australia/Lord_Howe', '2026-10-04')).toEqual(['2026-10-03T15:45:00.000Z'])
  expect(dueOn(daily('01:45'), 'Australia/Lord_Howe', '2027-04-04')).toEqual(['2027-04-03T14:45:00.000Z'])
})

test('"one day later" keeps the local time, so a day has 23 or 25 hours', () => {
  const [saturday, sunday, monday] = nextSlots(daily('09:30'), London, new Date('2027-03-27T00:00:00Z'), 3)
  expect(sunday!.dueAt.getTime() - saturday!.dueAt.getTime()).toBe(23 * HOUR)
  expect(monday!.dueAt.getTime() - sunday!.dueAt.getTime()).toBe(24 * HOUR)
})

test('a date that the place skipped has no slot, and its neighbour keeps its own', () => {
  const days = slotsBetween(
    daily('09:30'),
    'Pacific/Apia',
    new Date('2011-12-29T00:00:00Z'),
    new Date('2012-01-01T00:00:00Z'),
  )
  expect(days.map((slot) => slot.localDate)).toEqual(['2011-12-29', '2011-12-31', '2012-01-01'])
  const gone: Rule = { date: '2011-12-30', time: '09:30' }
  expect(nextSlots(gone, 'Pacific/Apia', new Date('2011-12-01T00:00:00Z'), 3)).toEqual([])
})

test('a gap before midnight pushes the slot into the next date, where it is still the slot of its own', () => {
  // Nuuk jumps from Saturday 23:00 to Sunday 00:00 in March 2027.
  const [slot] = slotsBetween(
    daily('23:30'),
    'America/Nuuk',
    new Date('2027-03-28T01:00:00Z'),
    new Date('2027-03-28T02:00:00Z'),
  )
  expect(slot).toEqual({
    localDate: '2027-03-27',
    localTime: '23:30',
    dueAt: new Date('2027-03-28T01:30:00Z'),
  })
})

test('the beginning is excluded and the end included', () => {
  const nine = new Date('2026-11-24T09:30:00Z')
  const before = new Date(nine.getTime() - 1)
  expect(slotsBetween(daily('09:30'), London, before, nine)).toHaveLength(1)
  expect(slotsBetween(daily('09:30'), London, nine, nine)).toEqual([])
  expect(slotsBetween(daily('09:30'), London, nine, before)).toEqual([])
  expect(nextSlots(daily('09:30'), London, nine, 1)[0]!.dueAt).toEqual(new Date('2026-11-25T09:30:00Z'))
  expect(nextSlots(daily('09:30'), London, before, 1)[0]!.dueAt).toEqual(nine)
})

test('from and until are local dates, both included', () => {
  const rule: Rule = { ...daily('00:15'), from: '2026-12-24', until: '2026-12-26' }
  const all = nextSlots(rule, 'Asia/Kathmandu', new Date('2026-11-01T00:00:00Z'), 10)
  expect(all.map((slot) => slot.localDate)).toEqual(['2026-12-24', '2026-12-25', '2026-12-26'])
  expect(all[0]!.dueAt).toEqual(new Date('2026-12-23T18:30:00Z'))
  expect(
    nextSlots({ ...rule, from: null, until: null }, London, new Date('2026-11-01T00:00:00Z'), 2),
  ).toHaveLength(2)
})

test('one date is due once, unless it is over or outside its bounds', () => {
  const rule: Rule = { date: '2026-11-24', time: '09:30' }
  const due = new Date('2026-11-24T09:30:00Z')
  expect(nextSlots(rule, London, new Date('2026-01-01T00:00:00Z'), 3)).toEqual([
    { localDate: '2026-11-24', localTime: '09:30', dueAt: due },
  ])
  expect(nextSlots(rule, London, due, 3)).toEqual([])
  expect(nextSlots({ ...rule, until: '2026-11-23' }, London, new Date('2026-01-01T00:00:00Z'), 3)).toEqual([])
  expect(nextSlots({ ...rule, from: '2026-11-25' }, London, new Date('2026-01-01T00:00:00Z'), 3)).toEqual([])
})

test('no days, no slots', () => {
  expect(nextSlots({ days: [], time: '09:30' }, London, new Date('2026-01-01T00:00:00Z'), 3)).toEqual([])
})

test('a malformed rule is a bug and throws', () => {
  const after = new Date('2026-01-01T00:00:00Z')
  expect(() => nextSlots(daily('9:30'), London, after, 1)).toThrow('HH:MM')
  expect(() => nextSlots({ date: '2026-02-30', time: '09:30' }, London, after, 1)).toThrow('YYYY-MM-DD')
  expect(() => nextSlots({ ...daily('09:30'), until: 'soon' }, London, after, 1)).toThrow('YYYY-MM-DD')
  expect(() => nextSlots({ days: ['mo' as 'mon'], time: '09:30' }, London, after, 1)).toThrow('mon to sun')
  expect(() => nextSlots(daily('09:30'), 'Europe/Londn', after, 1)).toThrow(RangeError)
  expect(() => slotsBetween(daily('9:30'), London, after, after)).toThrow('HH:MM')
  expect(() => describeRule(daily('9:30'))).toThrow('HH:MM')
})

const ZONES = [
  'Europe/London',
  'Europe/Dublin',
  'Europe/Jersey',
  'America/New_York',
  'America/St_Johns',
  'America/Havana',
  'America/Santiago',
  'America/Nuuk',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Gaza',
  'Asia/Kathmandu',
  'Antarctica/Troll',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'UTC',
]

/** Dates from 2024 to 2040 on which the offset of `zone` is not that of the day before. */
function changeDates(zone: string): string[] {
  const offset = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset' })
  const dates: string[] = []
  let last = ''
  for (let day = Date.UTC(2024, 0, 1); day < Date.UTC(2041, 0, 1); day += 24 * HOUR) {
    const now = offset.format(new Date(day)).slice(12)
    if (last !== '' && now !== last) dates.push(new Date(day).toISOString().slice(0, 10))
    last = now
  }
  return dates
}

test('the same slots as a scan of the clock, minute by minute, in many zones and at their changes', () => {
  const changes = new Map(ZONES.map((zone) => [zone, changeDates(zone)]))
  const cases = fc.constantFrom(...ZONES).chain((zone) => {
    const anyDay = fc.integer({ min: 0, max: 17 * 365 }).map((day) => Date.UTC(2024, 0, 1) + day * 24 * HOUR)
    const dates = changes.get(zone)!
    const changeDay = fc
      .constantFrom(...(dates.length > 0 ? dates : ['2030-06-01']))
      .map((date) => Date.parse(date))
    const minuteNearChange = fc.integer({ min: 22 * 60, max: 28 * 60 }).map((minute) => minute % 1440)
    return fc.record({
      zone: fc.constant(zone),
      begin: fc.oneof(anyDay, { arbitrary: changeDay, weight: 3 }),
      shiftMinutes: fc.integer({ min: -36 * 60, max: 12 * 60 }),
      lengthMinutes: fc.integer({ min: 0, max: 3 * 1440 }),
      minute: fc.oneof(fc.integer({ min: 0, max: 1439 }), { arbitrary: minuteNearChange, weight: 3 }),
      days: fc.oneof(fc.constant([...WEEKDAYS]), fc.subarray([...WEEKDAYS])),
    })
  })
  fc.assert(
    fc.property(cases, ({ zone, begin, shiftMinutes, lengthMinutes, minute, days }) => {
      const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
      const after = new Date(begin + shiftMinutes * 60_000)
      const through = new Date(after.getTime() + lengthMinutes * 60_000)
      const rule: Rule = { days, time }
      expect(slotsBetween(rule, zone, after, through)).toEqual(scannedSlots(days, time, zone, after, through))
    }),
    { numRuns: 250 },
  )
}, 60_000)

test('windows put together give the same as one window, and next the same as between', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.integer({ min: 0, max: 17 * 365 * 24 }),
      fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 0, max: 1439 }),
      (zone, hours, steps, minute) => {
        const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
        const begin = Date.UTC(2024, 0, 1) + hours * HOUR
        let at = begin
        const pieces = steps.flatMap((step) => {
          const from = at
          at += step * HOUR
          return slotsBetween(daily(time), zone, new Date(from), new Date(at))
        })
        const whole = slotsBetween(daily(time), zone, new Date(begin), new Date(at))
        expect(pieces).toEqual(whole)
        expect(new Set(whole.map((slot) => slot.localDate)).size).toBe(whole.length)
        expect(nextSlots(daily(time), zone, new Date(begin), whole.length)).toEqual(whole)
      },
    ),
    { numRuns: 300 },
  )
})

test('days in words', () => {
  expect(describeDays(WEEKDAYS)).toBe('Every day')
  expect(describeDays(['mon', 'tue', 'wed', 'thu', 'fri'])).toBe('Monday to Friday')
  expect(describeDays(['fri', 'wed', 'mon', 'mon'])).toBe('Mondays, Wednesdays and Fridays')
  expect(describeDays(['sat', 'sun'])).toBe('Saturdays and Sundays')
  expect(describeDays(['tue'])).toBe('Tuesdays')
  expect(describeDays(['mon', 'tue'])).toBe('Mondays and Tuesdays')
  expect(describeDays(['tue', 'wed', 'thu'])).toBe('Tuesday to Thursday')
  expect(describeDays(['mon', 'tue', 'wed', 'thu', 'fri', 'sat'])).toBe('Monday to Saturday')
  expect(describeDays(['mon', 'tue', 'wed', 'fri', 'sat', 'sun'])).toBe('Every day except Thursday')
  expect(describeDays([])).toBe('No days')
})

test('rules in words', () => {
  expect(describeRule(daily('09:30'))).toBe('Every day at 9:30am')
  expect(describeRule({ days: ['mon', 'thu'], time: '12:00' })).toBe('Mondays and Thursdays at midday')
  expect(describeRule({ date: '2026-11-24', time: '09:30' })).toBe('On Tuesday 24 November 2026 at 9:30am')
})

test('weekdays are known by their three letters', () => {
  expect(WEEKDAYS.every(isWeekday)).toBe(true)
  expect(['Mon', 'monday', 'mo', ''].some(isWeekday)).toBe(false)
})
