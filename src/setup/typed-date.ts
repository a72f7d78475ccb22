// Setup / typed date: a date typed in three fields, read as a calendar date or refused field by field. Pure.
import { dateAfter, isLocalDate } from '../kit/local-time.ts'
import { withPlainDigits } from '../kit/typed-text.ts'
import { dateInWords } from '../kit/words-of-time.ts'
import type { Errors } from '../web/forms.tsx'

export interface TypedDate {
  day: string
  month: string
  year: string
}

export type ReadDate = { ok: true; date: string } | { ok: false; errors: Errors }

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const daysAhead = 730

/**
 * A date from today on, at most two years ahead. A month may be typed as a word, a year with two digits or left out: then
 * it is the next such date.
 * @param name of the date's fields: errors are of `name` or of `name-day` and so on
 * @param today local 'YYYY-MM-DD'
 */
export function readDate(typed: TypedDate, name: string, today: string): ReadDate {
  const day = wholeNumber(typed.day)
  const month = readMonth(typed.month)
  const year = readYear(typed.year, day, month, today)
  if (typed.day === '' && typed.month === '')
    return refused(name, `Enter the date, like ${exampleDate(today)}`)
  if (day === null || day < 1 || day > 31) return refused(`${name}-day`, 'Enter the day as a number, like 24')
  if (month === null) return refused(`${name}-month`, 'Enter the month as a number from 1 to 12')
  if (year === null)
    return refused(`${name}-year`, `Enter the year with four digits, like ${today.slice(0, 4)}`)
  const date = `${year}-${two(month)}-${two(day)}`
  if (!isLocalDate(date)) return refused(name, 'There is no such date. Check the day and the month')
  if (date < today) return refused(name, `${dateInWords(date)} is over. Enter today or a later day`)
  if (date > dateAfter(today, daysAhead)) {
    return refused(name, `${dateInWords(date)} is very far ahead. Enter a day within two years`)
  }
  return { ok: true, date }
}

/** A date a week ahead, as it is typed: "24 11 2026". */
export function exampleDate(today: string): string {
  const { day, month, year } = typedDate(dateAfter(today, 7))
  return `${day} ${month} ${year}`
}

/** A date as it stands in the three fields. */
export function typedDate(date: string): TypedDate {
  const [year = '', month = '', day = ''] = date.split('-')
  return { day: String(Number(day)), month: String(Number(month)), year }
}

function readMonth(typed: string): number | null {
  const word = months.indexOf(typed.slice(0, 3).toLowerCase()) + 1
  const number = word || wholeNumber(typed)
  return number && number >= 1 && number <= 12 ? number : null
}

function readYear(typed: string, day: number | null, month: number | null, today: string): number | null {
  const thisYear = Number(today.slice(0, 4))
  if (typed === '') {
    const isOver = `${two(month ?? 1)}-${two(day ?? 1)}` < today.slice(5)
    return isOver ? thisYear + 1 : thisYear
  }
  const year = wholeNumber(typed)
  if (year === null) return null
  if (year < 100) return 2000 + year
  return year >= 1000 && year <= 9999 ? year : null
}

/** "24", "24th" and digits of any script; null for anything else. */
function wholeNumber(typed: string): number | null {
  const match = /^(\d{1,4})(?:st|nd|rd|th)?$/i.exec(withPlainDigits(typed).trim())
  return match ? Number(match[1]) : null
}

const two = (number: number): string => String(number).padStart(2, '0')

const refused = (field: string, text: string): ReadDate => ({ ok: false, errors: [{ field, text }] })
