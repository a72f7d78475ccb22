// Kit / local time: from instants to the date and clock of a place and back. Pure: the instant and the zone are
// always given. Called by the words of time, by recurrence, and by rooms that show or check local dates.
//
// Local dates are 'YYYY-MM-DD' and local times 'HH:MM', as text, because that is what a person chose and what is
// stored beside every instant; zones are IANA names such as 'Europe/London'.

import { Temporal } from 'temporal-polyfill'

/** True for a real calendar date written 'YYYY-MM-DD', years 1900 to 2199. */
export function isLocalDate(text: string): boolean {
  if (!/^(?:19|20|21)\d\d-\d\d-\d\d$/.test(text)) return false
  const [year, month, day] = text.split('-').map(Number)
  return month! >= 1 && month! <= 12 && day! >= 1 && day! <= daysInMonth(year!, month!)
}

/** True for a zone that this computer knows by its IANA name. Bare offsets such as '+01:00' are not zones: they know no summer. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}

/** The date on the calendar of `zone` at `instant`. Throws RangeError for an unknown zone. */
export function localDateOf(instant: Date, zone: string): string {
  return inZone(instant, zone).toPlainDate().toString()
}

/** The clock in `zone` at `instant`, 'HH:MM', seconds dropped. Throws RangeError for an unknown zone. */
export function localTimeOf(instant: Date, zone: string): string {
  return inZone(instant, zone).toPlainTime().toString({ smallestUnit: 'minute' })
}

/**
 * The instant at which the clock in `zone` shows `time` on `date`. Of a repeated hour the first; a missing time is
 * moved on by the length of the gap ('compatible' of RFC 5545 and Temporal), so 01:30 in a spring gap is 02:30.
 * Throws RangeError for what is no date, time or zone.
 */
export function instantOf(date: string, time: string, zone: string): Date {
  const clock = Temporal.PlainDate.from(date).toPlainDateTime(Temporal.PlainTime.from(time))
  return new Date(clock.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds)
}

/** The date `days` later, or earlier when negative. Throws RangeError for what is no date. */
export function dateAfter(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

/** Whole days on the calendar from `from` to `to`; negative when `to` is earlier. Throws RangeError for what is no date. */
export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'day' }).days
}

function inZone(instant: Date, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone)
}

function daysInMonth(year: number, month: number): number {
  return Temporal.PlainYearMonth.from({ year, month }).daysInMonth
}
