import { expect, test } from 'vitest'
import {
  dateAfter,
  daysBetween,
  instantOf,
  isLocalDate,
  isTimeZone,
  localDateOf,
  localTimeOf,
} from './local-time.ts'

test('a local date is a real day of the calendar', () => {
  for (const date of ['2026-11-24', '2028-02-29', '1900-01-01', '2199-12-31'])
    expect(isLocalDate(date)).toBe(true)
  for (const text of [
    '2027-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-11-31',
    '26-11-24',
    '2026-1-4',
    '1899-12-31',
    '2026-11-24T00:00',
    '2026-11-00',
    '12026-11-24',
    '',
  ]) {
    expect(isLocalDate(text)).toBe(false)
  }
})

test('a zone is a name that knows its summer', () => {
  for (const zone of ['Europe/London', 'Asia/Kathmandu', 'UTC', 'America/Argentina/Buenos_Aires']) {
    expect(isTimeZone(zone)).toBe(true)
  }
  for (const text of ['Europe/Londn', '+01:00', '-05', 'Mars/Olympus', '', ' Europe/London']) {
    expect(isTimeZone(text)).toBe(false)
  }
})

test('date and clock of a place', () => {
  const late = new Date('2026-06-30T23:30:59Z')
  expect([localDateOf(late, 'Europe/London'), localTimeOf(late, 'Europe/London')]).toEqual([
    '2026-07-01',
    '00:30',
  ])
  expect([localDateOf(late, 'America/New_York'), localTimeOf(late, 'America/New_York')]).toEqual([
    '2026-06-30',
    '19:30',
  ])
  expect([localDateOf(late, 'Asia/Kathmandu'), localTimeOf(late, 'Asia/Kathmandu')]).toEqual([
    '2026-07-01',
    '05:15',
  ])
})

test('a missing time is moved on, of a repeated one the first is taken', () => {
  expect(instantOf('2027-03-28', '01:30', 'Europe/London')).toEqual(new Date('2027-03-28T01:30:00Z'))
  expect(instantOf('2027-10-31', '01:30', 'Europe/London')).toEqual(new Date('2027-10-31T00:30:00Z'))
  expect(localTimeOf(instantOf('2026-10-04', '02:15', 'Australia/Lord_Howe'), 'Australia/Lord_Howe')).toBe(
    '02:45',
  )
})

test('nonsense is a bug and throws', () => {
  expect(() => instantOf('2027-02-30', '09:30', 'Europe/London')).toThrow(RangeError)
  expect(() => instantOf('2027-02-20', '25:00', 'Europe/London')).toThrow(RangeError)
  expect(() => localDateOf(new Date('2027-02-20T00:00Z'), 'Europe/Londn')).toThrow(RangeError)
  expect(() => localDateOf(new Date(Number.NaN), 'Europe/London')).toThrow(RangeError)
})

test('steps on the calendar', () => {
  expect(dateAfter('2028-02-28', 1)).toBe('2028-02-29')
  expect(dateAfter('2027-01-01', -1)).toBe('2026-12-31')
  expect(daysBetween('2026-12-31', '2027-01-02')).toBe(2)
  expect(daysBetween('2027-01-02', '2026-12-31')).toBe(-2)
  expect(daysBetween('2027-03-27', '2027-03-29')).toBe(2)
})
