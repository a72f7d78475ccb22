// Schedules / recurrence: on which instants a schedule's calls are due. Pure. Called by the door of this room, which
// keeps the next slots as rows, and by the wizard, which writes them out.
//
// It goes over local dates, never over instants, and turns each into an instant at the end: so 9:30 stays 9:30 when
// the clocks change, and there is exactly one slot for each local date of the rule. A time that the clocks skip is
// moved on by the length of the gap, of a repeated one the first is taken. (Every library tried lost, moved or
// doubled a call on one of those days; the table of expectations is in the tests.)
//
// Another way of naming days (monthly, "the first Monday") is one more member of `Days` and one more branch in
// `isDayOf` and `lastDayOf`; nothing else knows how days are named.

import { dateAfter, daysBetween, instantOf, isLocalDate, localDateOf } from '../kit/local-time.ts'
import { capitalised, listOf } from '../kit/plain-words.ts'
import { formatTime, isTimeOfDay } from '../kit/time-of-day.ts'
import { dateInWords } from '../kit/words-of-time.ts'

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** Which local dates: some weekdays of every week, or one date. */
export type Days = { days: readonly Weekday[] } | { date: string }

/** A schedule's days at one local time. The zone is the receiver's and is given beside it. */
export type Rule = Days & {
  /** local 'HH:MM' */
  time: string
  /** the first and the last local date, both included, 'YYYY-MM-DD'; none means open */
  from?: string | null
  until?: string | null
}

/** One due call: the local date and time that the person chose (its name), and the instant they mean. */
export interface Slot {
  localDate: string
  /** the rule's time, also where the clocks skip it and `dueAt` is later */
  localTime: string
  dueAt: Date
}

export function isWeekday(text: string): text is Weekday {
  return (WEEKDAYS as readonly string[]).includes(text)
}

/**
 * The slots due after `after` and up to and including `throughIncl`, in order.
 * @param zone IANA zone of the receiver. Throws RangeError for an unknown one.
 * Throws for a rule that no form should have let through (time, date or weekday malformed).
 */
export function slotsBetween(rule: Rule, zone: string, after: Date, throughIncl: Date): Slot[] {
  assertRule(rule)
  // A gap can push the last slot of one date into the next, so one date more is looked at on either side.
  const lastDate = earlier(lastDayOf(rule), dateAfter(localDateOf(throughIncl, zone), 1))
  const slots: Slot[] = []
  for (let date = firstDate(rule, zone, after); date <= lastDate; date = dateAfter(date, 1)) {
    const slot = slotOn(rule, zone, date)
    if (slot && slot.dueAt > after && slot.dueAt <= throughIncl) slots.push(slot)
  }
  return slots
}

/** The next `count` slots due after `after`; fewer when the rule ends before. Throws as `slotsBetween`. */
export function nextSlots(rule: Rule, zone: string, after: Date, count: number): Slot[] {
  assertRule(rule)
  const lastDate = earlier(lastDayOf(rule), LAST_DATE)
  const slots: Slot[] = []
  let date = firstDate(rule, zone, after)
  while (slots.length < count && date <= lastDate) {
    const slot = slotOn(rule, zone, date)
    if (slot && slot.dueAt > after) slots.push(slot)
    date = dateAfter(date, 1)
  }
  return slots
}

/** "Every day at 9:30am", "Mondays and Thursdays at midday", "On Tuesday 24 November 2026 at 9:30am". */
export function describeRule(rule: Rule): string {
  assertRule(rule)
  const days = 'date' in rule ? `On ${dateInWords(rule.date)}` : describeDays(rule.days)
  return `${days} at ${formatTime(rule.time)}`
}

/**
 * "Every day", "Every day except Sunday", "Monday to Friday", "Saturdays and Sundays", "Mondays, Wednesdays and
 * Fridays", "Tuesdays". Order and repeats do not matter; no day at all is "No days".
 */
export function describeDays(days: readonly Weekday[]): string {
  const chosen = WEEKDAYS.map((day, at) => ({ day, at })).filter(({ day }) => days.includes(day))
  if (chosen.length === 0) return 'No days'
  if (chosen.length === 7) return 'Every day'
  const first = chosen[0]!
  const last = chosen.at(-1)!
  const isRun = last.at - first.at === chosen.length - 1
  if (isRun && chosen.length >= 3) return `${NAMES[first.day]} to ${NAMES[last.day]}`
  if (chosen.length === 6) {
    const missing = WEEKDAYS.find((day) => !days.includes(day))!
    return `Every day except ${NAMES[missing]}`
  }
  return capitalised(listOf(chosen.map(({ day }) => `${NAMES[day]}s`)))
}

const NAMES: Record<Weekday, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
}

/** Beyond this nothing is due; it only ends a search in a rule that never comes (a zone that skips its one date). */
const LAST_DATE = '2199-12-31'
/** A Monday, to count weekdays from. */
const A_MONDAY = '2024-01-01'

/** The rule's slot on `date`, or null when it is not a day of the rule or the place skipped that whole date. */
function slotOn(rule: Rule, zone: string, date: string): Slot | null {
  if (!isDayOf(rule, date)) return null
  const dueAt = instantOf(date, rule.time, zone)
  const isMoved = localDateOf(dueAt, zone) !== date
  if (isMoved && !isOnCalendarOf(zone, date)) return null
  return { localDate: date, localTime: rule.time, dueAt }
}

function isDayOf(days: Days, date: string): boolean {
  if ('date' in days) return days.date === date
  const weekday = WEEKDAYS[((daysBetween(A_MONDAY, date) % 7) + 7) % 7]!
  return days.days.includes(weekday)
}

/** The last date that can be one of these days, or null when they never end. */
function lastDayOf(rule: Rule): string | null {
  const until = rule.until ?? null
  if ('date' in rule) return earlier(until, rule.date)
  return rule.days.length === 0 ? NEVER : until
}

/** Sorts before every date. */
const NEVER = ''

/** Places have skipped a date to change sides of the date line (Samoa, 30 December 2011). */
function isOnCalendarOf(zone: string, date: string): boolean {
  return localDateOf(instantOf(date, '00:00', zone), zone) === date
}

/** Where to begin looking: a date before the one of `after`, see `slotsBetween`, or the rule's own beginning. */
function firstDate(rule: Rule, zone: string, after: Date): string {
  const begin = dateAfter(localDateOf(after, zone), -1)
  const own = 'date' in rule ? later(rule.from ?? null, rule.date) : (rule.from ?? null)
  return later(own, begin)
}

function earlier(date: string | null, other: string): string {
  return date !== null && date < other ? date : other
}

function later(date: string | null, other: string): string {
  return date !== null && date > other ? date : other
}

function assertRule(rule: Rule): void {
  if (!isTimeOfDay(rule.time)) throw new Error('the time of a rule is HH:MM')
  const dates = [rule.from, rule.until, 'date' in rule ? rule.date : null]
  if (dates.some((date) => date != null && !isLocalDate(date)))
    throw new Error('the dates of a rule are YYYY-MM-DD')
  if ('days' in rule && !rule.days.every(isWeekday)) throw new Error('the days of a rule are mon to sun')
}
