import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  agoInWords,
  dateInWords,
  dayAndTime,
  dayAndTimeInSentence,
  dayInWords,
  durationInWords,
  spokenDate,
  spokenDayAndTime,
  timeInWords,
  untilInWords,
  weekdayInWords,
  zoneInWords,
} from './words-of-time.ts'

const London = 'Europe/London'
const now = new Date('2026-11-23T10:00:00Z') // a Monday

const at = (iso: string, zone = London) => dayAndTime(new Date(iso), zone, now)

test('a line of its own says the day as a person would', () => {
  expect(at('2026-11-24T09:30:00Z')).toBe('Tomorrow, Tuesday 24 November, at 9:30am')
  expect(at('2026-11-23T18:00:00Z')).toBe('Today at 6pm')
  expect(at('2026-11-22T18:00:00Z')).toBe('Yesterday at 6pm')
  expect(at('2026-11-25T12:00:00Z')).toBe('Wednesday 25 November at midday')
  expect(at('2026-11-20T00:00:00Z')).toBe('Friday 20 November at midnight')
  expect(at('2027-01-01T09:00:00Z')).toBe('Friday 1 January 2027 at 9am')
})

test('the day is the day of the place, not of Greenwich', () => {
  expect(at('2026-11-23T23:30:00Z', 'Asia/Kathmandu')).toBe('Tomorrow, Tuesday 24 November, at 5:15am')
  expect(at('2026-11-24T02:30:00Z', 'America/New_York')).toBe('Today at 9:30pm')
  const summer = new Date('2026-06-30T23:30:00Z')
  expect(dayAndTime(summer, London, new Date('2026-07-01T08:00:00Z'))).toBe('Today at 12:30am')
})

test('tomorrow is the next date also where the night is an hour short or long', () => {
  const before = new Date('2027-03-27T23:30:00Z')
  expect(dayAndTime(new Date('2027-03-28T08:30:00Z'), London, before)).toBe(
    'Tomorrow, Sunday 28 March, at 9:30am',
  )
  const autumn = new Date('2027-10-30T22:30:00Z')
  expect(dayAndTime(new Date('2027-10-31T23:30:00Z'), London, autumn)).toBe(
    'Tomorrow, Sunday 31 October, at 11:30pm',
  )
})

test('within a sentence', () => {
  const words = (iso: string) => dayAndTimeInSentence(new Date(iso), London, now)
  expect(words('2026-11-23T09:30:00Z')).toBe('today at 9:30am')
  expect(words('2026-11-24T09:30:00Z')).toBe('tomorrow at 9:30am')
  expect(words('2026-11-22T09:30:00Z')).toBe('yesterday at 9:30am')
  expect(words('2026-11-24T09:30:00Z')).not.toContain('Tuesday')
  expect(words('2026-12-01T09:30:00Z')).toBe('on Tuesday 1 December at 9:30am')
})

test('for a voice there are words only', () => {
  const words = (iso: string) => spokenDayAndTime(new Date(iso), London, now)
  expect(words('2026-11-23T09:30:00Z')).toBe('today at half past nine in the morning')
  expect(words('2026-12-24T18:05:00Z')).toBe(
    'on Thursday the twenty-fourth of December at five past six in the evening',
  )
  expect(spokenDate('2026-11-01')).toBe('Sunday the first of November')
})

test('days and dates', () => {
  expect(dayInWords('2026-11-24', '2026-11-24')).toBe('Today, Tuesday 24 November')
  expect(dayInWords('2026-11-25', '2026-11-24')).toBe('Tomorrow, Wednesday 25 November')
  expect(dayInWords('2026-11-23', '2026-11-24')).toBe('Yesterday, Monday 23 November')
  expect(dayInWords('2027-01-01', '2026-12-31')).toBe('Tomorrow, Friday 1 January 2027')
  expect(dayInWords('2026-12-04', '2026-11-24')).toBe('Friday 4 December')
  expect(dateInWords('2026-11-24')).toBe('Tuesday 24 November 2026')
  expect(weekdayInWords('2028-02-29')).toBe('Tuesday')
  expect(timeInWords(new Date('2026-07-01T11:00:00Z'), London)).toBe('midday')
  expect(() => dateInWords('2026-02-30')).toThrow('not a date')
})

test('weekdays agree with Intl on every day for decades', () => {
  const long = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30_000 }), (days) => {
      const day = new Date(days * 86_400_000)
      expect(weekdayInWords(day.toISOString().slice(0, 10))).toBe(long.format(day))
    }),
  )
})

test('spans in words', () => {
  const words = [0, 1, 40, 60, 119, 120, 3600, 3900, 7260, 86_400, 90_000, 183_600].map((s) =>
    durationInWords(s * 1000),
  )
  expect(words).toEqual([
    '0 seconds',
    '1 second',
    '40 seconds',
    '1 minute',
    '1 minute',
    '2 minutes',
    '1 hour',
    '1 hour 5 minutes',
    '2 hours 1 minute',
    '1 day',
    '1 day 1 hour',
    '2 days 3 hours',
  ])
  expect(durationInWords(-5000)).toBe('0 seconds')
})

test('ago and until', () => {
  const ago = (seconds: number) => agoInWords(new Date(now.getTime() - seconds * 1000), now)
  expect([0, 59, 60, 3900, 90_000, 2 * 86_400, 30 * 86_400].map(ago)).toEqual([
    'just now',
    'just now',
    '1 minute ago',
    '1 hour 5 minutes ago',
    '1 day 1 hour ago',
    '2 days ago',
    '30 days ago',
  ])
  expect(ago(-30)).toBe('just now')
  const until = (seconds: number) => untilInWords(new Date(now.getTime() + seconds * 1000), now)
  expect([-1, 0, 30, 300, 3 * 86_400].map(until)).toEqual([
    'now',
    'now',
    'in less than a minute',
    'in 5 minutes',
    'in 3 days',
  ])
})

test('the clock is named once a page', () => {
  expect(zoneInWords('Europe/London')).toBe('UK time')
  expect(zoneInWords('Europe/Jersey')).toBe('Jersey time')
  expect(zoneInWords('Europe/Isle_of_Man')).toBe('Isle of Man time')
  expect(zoneInWords('America/Argentina/Buenos_Aires')).toBe('Buenos Aires time')
  expect(zoneInWords('UTC')).toBe('UTC time')
})
