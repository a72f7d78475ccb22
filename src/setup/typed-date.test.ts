import { expect, test } from 'vitest'
import { exampleDate, readDate, typedDate } from './typed-date.ts'

const today = '2026-11-23'
const read = (day: string, month: string, year: string) => readDate({ day, month, year }, 'date', today)

test.each([
  [['24', '11', '2026'], '2026-11-24'],
  [['1', '3', '27'], '2027-03-01'],
  [['24th', 'Nov', '2026'], '2026-11-24'],
  [['5', 'December', ''], '2026-12-05'],
  [['5', '1', ''], '2027-01-05'],
  [['٢٤', '11', '2026'], '2026-11-24'],
  [['23', '11', '2026'], today],
])('%j is %s', ([day, month, year], date) => {
  expect(read(day!, month!, year!)).toEqual({ ok: true, date })
})

test.each([
  [['', '', ''], 'date', 'Enter the date, like 30 11 2026'],
  [['40', '11', '2026'], 'date-day', 'Enter the day as a number'],
  [['x', '11', '2026'], 'date-day', 'Enter the day as a number'],
  [['24', '13', '2026'], 'date-month', 'Enter the month'],
  [['24', '11', 'next'], 'date-year', 'Enter the year'],
  [['31', '6', '2027'], 'date', 'There is no such date'],
  [['29', '2', '2027'], 'date', 'There is no such date'],
  [['22', '11', '2026'], 'date', 'Sunday 22 November 2026 is over'],
  [['24', '11', '2029'], 'date', 'Saturday 24 November 2029 is very far ahead'],
])('%j is refused at %s: %s', ([day, month, year], field, text) => {
  const refused = read(day!, month!, year!)
  expect(refused).toMatchObject({ ok: false, errors: [{ field }] })
  expect(!refused.ok && refused.errors[0]!.text).toContain(text)
})

test('a date goes into the fields and comes back the same', () => {
  const { day, month, year } = typedDate('2026-12-05')
  expect(read(day, month, year)).toEqual({ ok: true, date: '2026-12-05' })
  expect(exampleDate(today)).toBe('30 11 2026')
})
