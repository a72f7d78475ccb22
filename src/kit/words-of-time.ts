// Kit / words of time: instants, dates and spans as a person says them ("Tomorrow, Tuesday 24 November, at 9:30am",
// "5 minutes ago"), written and for a voice. Pure: now and the zone are always given. Called by every words.ts.

import { dateAfter, isLocalDate, localDateOf, localTimeOf } from './local-time.ts'
import { capitalised, countOf, ordinalInWords } from './plain-words.ts'
import { formatTime, spokenTime } from './time-of-day.ts'

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)

/**
 * A line of its own: "Today at 6pm", "Tomorrow, Tuesday 24 November, at 9:30am", "Yesterday at 6pm", "Wednesday 25
 * November at midday". The year is said when it is not the year of `now`.
 * @param zone IANA zone of the person whose day it is; of `now` too
 */
export function dayAndTime(instant: Date, zone: string, now: Date): string {
  const day = nearDay(instant, zone, now)
  const time = formatTime(localTimeOf(instant, zone))
  const date = dateInWords(day.date, day.today)
  if (day.near === 'tomorrow') return `Tomorrow, ${date}, at ${time}`
  return day.near === null ? `${date} at ${time}` : `${capitalised(day.near)} at ${time}`
}

/** Within a sentence: "today at 6pm", "tomorrow at 9:30am", "yesterday at 6pm", "on Wednesday 25 November at midday". */
export function dayAndTimeInSentence(instant: Date, zone: string, now: Date): string {
  const day = nearDay(instant, zone, now)
  const time = formatTime(localTimeOf(instant, zone))
  return `${day.near ?? `on ${dateInWords(day.date, day.today)}`} at ${time}`
}

/** For a voice, within a sentence: "today at half past nine in the morning", "on Tuesday the twenty-fourth of November at midday". */
export function spokenDayAndTime(instant: Date, zone: string, now: Date): string {
  const day = nearDay(instant, zone, now)
  const time = spokenTime(localTimeOf(instant, zone))
  return `${day.near ?? `on ${spokenDate(day.date)}`} at ${time}`
}

/** The clock alone: "9:30am", "midday". */
export function timeInWords(instant: Date, zone: string): string {
  return formatTime(localTimeOf(instant, zone))
}

/** A heading for a day: "Today, Monday 23 November", "Tomorrow, …", "Yesterday, …", else the date. */
export function dayInWords(date: string, today: string): string {
  const near = nearness(date, today)
  const words = dateInWords(date, today)
  return near === null ? words : `${capitalised(near)}, ${words}`
}

/**
 * "Tuesday 24 November", with the year when it is not the year of `today`; without `today` always with the year.
 * Takes 'YYYY-MM-DD'; anything else is a bug and throws.
 */
export function dateInWords(date: string, today?: string): string {
  const { weekday, day, month, year } = partsOf(date)
  const isThisYear = today !== undefined && today.slice(0, 4) === date.slice(0, 4)
  return `${weekday} ${day} ${month}${isThisYear ? '' : ` ${year}`}`
}

/** For a voice: "Tuesday the twenty-fourth of November". Takes 'YYYY-MM-DD'; anything else is a bug and throws. */
export function spokenDate(date: string): string {
  const { weekday, day, month } = partsOf(date)
  return `${weekday} the ${ordinalInWords(day)} of ${month}`
}

/** "Tuesday" of 'YYYY-MM-DD'. */
export function weekdayInWords(date: string): string {
  return partsOf(date).weekday
}

/**
 * A span in at most two neighbouring units, rounded down: "40 seconds", "2 minutes", "1 hour 5 minutes", "2 days 3
 * hours". Under a minute in seconds, from a minute on without them. Negative spans count as none.
 */
export function durationInWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (minutes === 0) return seconds === 0 ? '0 seconds' : countOf(seconds, 'second')
  if (hours === 0) return countOf(minutes, 'minute')
  if (days === 0) return twoUnits(countOf(hours, 'hour'), minutes % 60, 'minute')
  return twoUnits(countOf(days, 'day'), hours % 24, 'hour')
}

/** "just now" under a minute, then "5 minutes ago", "1 hour 5 minutes ago"; from two days on "2 days ago". */
export function agoInWords(instant: Date, now: Date): string {
  const span = now.getTime() - instant.getTime()
  if (span < 60_000) return 'just now'
  return `${span < 2 * DAY_MS ? durationInWords(span) : countOf(Math.floor(span / DAY_MS), 'day')} ago`
}

/** "in less than a minute", "in 5 minutes", "in 2 days"; "now" when it is no longer ahead. */
export function untilInWords(instant: Date, now: Date): string {
  const span = instant.getTime() - now.getTime()
  if (span <= 0) return 'now'
  if (span < 60_000) return 'in less than a minute'
  return `in ${span < 2 * DAY_MS ? durationInWords(span) : countOf(Math.floor(span / DAY_MS), 'day')}`
}

/** Which clock a page shows, said once a page: "UK time", "Jersey time", "Kathmandu time". */
export function zoneInWords(zone: string): string {
  if (zone === 'Europe/London' || zone === 'Europe/Belfast' || zone === 'GB') return 'UK time'
  const place = zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ')
  return `${place} time`
}

const DAY_MS = 24 * 60 * 60 * 1000

type Near = 'today' | 'tomorrow' | 'yesterday'

function nearDay(instant: Date, zone: string, now: Date): { date: string; today: string; near: Near | null } {
  const date = localDateOf(instant, zone)
  const today = localDateOf(now, zone)
  return { date, today, near: nearness(date, today) }
}

function nearness(date: string, today: string): Near | null {
  if (date === today) return 'today'
  if (date === dateAfter(today, 1)) return 'tomorrow'
  return date === dateAfter(today, -1) ? 'yesterday' : null
}

function partsOf(date: string): { weekday: string; day: number; month: string; year: number } {
  if (!isLocalDate(date)) throw new Error('not a date')
  const [year, month, day] = date.split('-').map(Number)
  const weekday = DAYS[new Date(Date.UTC(year!, month! - 1, day!)).getUTCDay()]!
  return { weekday, day: day!, month: MONTHS[month! - 1]!, year: year! }
}

function twoUnits(first: string, rest: number, unit: string): string {
  return rest === 0 ? first : `${first} ${countOf(rest, unit)}`
}
