import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatTime, isTimeOfDay, readTimeOfDay, spokenTime } from './time-of-day.ts'

const allTimes = Array.from(
  { length: 1440 },
  (_, at) => `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`,
)

test.each([
  // as in the issue
  ['9.30', '09:30', '9:30am'],
  ['9:30am', '09:30', '9:30am'],
  ['0930', '09:30', '9:30am'],
  ['half nine', '09:30', '9:30am'],
  // figures
  ['09:30', '09:30', '9:30am'],
  ['09:30:00', '09:30', '9:30am'],
  ['9', '09:00', '9am'],
  ['930', '09:30', '9:30am'],
  ['9 30', '09:30', '9:30am'],
  ['9-30', '09:30', '9:30am'],
  ['9h30', '09:30', '9:30am'],
  ['9;30', '09:30', '9:30am'],
  ['9,30', '09:30', '9:30am'],
  ['9:30.', '09:30', '9:30am'],
  ['1830', '18:30', '6:30pm'],
  ['18.30', '18:30', '6:30pm'],
  ['18', '18:00', '6pm'],
  ['1800 hrs', '18:00', '6pm'],
  ['06:00', '06:00', '6am'],
  ['0600', '06:00', '6am'],
  ['06', '06:00', '6am'],
  ['0:30', '00:30', '12:30am'],
  ['00:00', '00:00', 'midnight'],
  ['12', '12:00', 'midday'],
  ['12:30', '12:30', '12:30pm'],
  ['11.59', '11:59', '11:59am'],
  ['7', '07:00', '7am'],
  // am and pm
  ['9am', '09:00', '9am'],
  ['9 a.m.', '09:00', '9am'],
  ['9 A.M', '09:00', '9am'],
  ['9.30 p.m.', '21:30', '9:30pm'],
  ['09:30pm', '21:30', '9:30pm'],
  ['6PM', '18:00', '6pm'],
  ['630pm', '18:30', '6:30pm'],
  ['12am', '00:00', 'midnight'],
  ['12pm', '12:00', 'midday'],
  ['12.15am', '00:15', '12:15am'],
  ['14:30pm', '14:30', '2:30pm'],
  ['0:30am', '00:30', '12:30am'],
  // words
  ['half past nine', '09:30', '9:30am'],
  ['half-past nine', '09:30', '9:30am'],
  ['Half Past 9', '09:30', '9:30am'],
  ['half 9', '09:30', '9:30am'],
  ['quarter past 8', '08:15', '8:15am'],
  ['a quarter to nine', '08:45', '8:45am'],
  ['ten past 9', '09:10', '9:10am'],
  ['twenty-five to ten', '09:35', '9:35am'],
  ['twenty five past seven', '07:25', '7:25am'],
  ['5 minutes to 9', '08:55', '8:55am'],
  ['nine', '09:00', '9am'],
  ['nine thirty', '09:30', '9:30am'],
  ['nine-thirty', '09:30', '9:30am'],
  ['nine oh five', '09:05', '9:05am'],
  ['eleven forty five', '11:45', '11:45am'],
  ["9 o'clock", '09:00', '9am'],
  ['9 o’clock', '09:00', '9am'],
  ['nine oclock', '09:00', '9am'],
  ['noon', '12:00', 'midday'],
  ['12 noon', '12:00', 'midday'],
  ['Midday', '12:00', 'midday'],
  ['midnight', '00:00', 'midnight'],
  ['quarter to midnight', '23:45', '11:45pm'],
  ['half past midnight', '00:30', '12:30am'],
  ['ten to midday', '11:50', '11:50am'],
  // parts of the day
  ['half nine in the morning', '09:30', '9:30am'],
  ['6 tonight', '18:00', '6pm'],
  ['6 in the evening', '18:00', '6pm'],
  ['quarter to six in the evening', '17:45', '5:45pm'],
  ['one in the afternoon', '13:00', '1pm'],
  ['12 in the afternoon', '12:00', 'midday'],
  ['10 at night', '22:00', '10pm'],
  ['2 at night', '02:00', '2am'],
  ['half past twelve at night', '00:30', '12:30am'],
  ["three o'clock in the morning", '03:00', '3am'],
  ['22:00 at night', '22:00', '10pm'],
  // as pasted
  [' at 9.30 am ', '09:30', '9:30am'],
  ['９：３０', '09:30', '9:30am'],
  ['\u200b9:30\u00a0am\r\n', '09:30', '9:30am'],
  ['٠٩:٣٠', '09:30', '9:30am'],
])('%j is %s and said back as %s', (typed, time, saidBack) => {
  expect(readTimeOfDay(typed)).toEqual({ ok: true, time, saidBack })
})

test.each([
  ['6', 'Do you mean 6am or 6pm? Please type the one you mean.', '6pm'],
  ['6:00', 'Do you mean 6am or 6pm? Please type the one you mean.', '6pm'],
  ['1', 'Do you mean 1am or 1pm? Please type the one you mean.', '1pm'],
  ['half six', 'Do you mean 6:30am or 6:30pm? Please type the one you mean.', '6:30pm'],
  ['quarter to six', 'Do you mean 5:45am or 5:45pm? Please type the one you mean.', '5:45pm'],
  ['quarter to seven', 'Do you mean 6:45am or 6:45pm? Please type the one you mean.', '6:45pm'],
  ['12 in the morning', 'Do you mean midnight or midday? Please type the one you mean.', 'midday'],
  ['9 in the afternoon', 'Do you mean 9am or 9pm? Please type the one you mean.', '9pm'],
  ['14:30 am', '14:30 is 2:30pm. If you mean that, please type 2:30pm.', '2:30pm'],
  ['0:30pm', '00:30 is 12:30am. If you mean that, please type 12:30am.', '12:30am'],
  ['24:00', 'If you mean the very end of the day, please type midnight.', 'midnight'],
])('%j is asked back', (typed, reason, suggestion) => {
  expect(readTimeOfDay(typed)).toEqual({ ok: false, reason, suggestion })
})

test.each([
  ['', 'Please type a time, such as 9:30am.'],
  ['  \t', 'Please type a time, such as 9:30am.'],
  ['25:00', 'There is no hour 25. Please type a time such as 9:30am or 18:00.'],
  ['99', 'There is no hour 99. Please type a time such as 9:30am or 18:00.'],
  ['9:75', 'An hour has minutes from 00 to 59. Please type a time such as 9:30am.'],
  ['975', 'An hour has minutes from 00 to 59. Please type a time such as 9:30am.'],
  ['9.5', 'Please type the minutes with two figures, such as 9:05 or 9:30.'],
  ['09:30:15', 'Please leave out the seconds. A time such as 9:30am is enough.'],
])('%j is refused with what to do', (typed, reason) => {
  expect(readTimeOfDay(typed)).toEqual({ ok: false, reason })
})

test.each([
  'lunchtime',
  'nine nine',
  'half',
  'half thirteen',
  'exam',
  'am',
  '9:30 9:45',
  '12345',
  '-9',
  'half past noonish',
  'x'.repeat(10_000),
])('%j is not understood, and an example is given', (typed) => {
  expect(readTimeOfDay(typed)).toEqual({
    ok: false,
    reason: 'We did not understand this time. Please type it like 9:30am, 6pm or half past nine.',
  })
})

test('every time of day survives being shown and typed again, and being spoken and typed again', () => {
  for (const time of allTimes) {
    expect(readTimeOfDay(formatTime(time)), formatTime(time)).toMatchObject({ ok: true, time })
    expect(readTimeOfDay(spokenTime(time)), spokenTime(time)).toMatchObject({ ok: true, time })
    expect(readTimeOfDay(time), time).toMatchObject(
      /^0|^1[0-9]|^2/.test(time) ? { ok: true, time } : { ok: false },
    )
  }
})

test('a suggestion can always be typed in', () => {
  for (const typed of ['6', 'half four', '12 in the morning', '9 in the afternoon', '15:00 am', '24:00']) {
    const read = readTimeOfDay(typed)
    expect(read.ok).toBe(false)
    expect(readTimeOfDay((read as { suggestion: string }).suggestion).ok).toBe(true)
  }
})

test('whatever is typed gets a time of day or a sentence, never an exception', () => {
  const parts = fc.constantFrom(
    ...'9 12 0 30 half quarter past to nine six midnight noon am pm : . , - tonight in the morning at h'.split(
      ' ',
    ),
  )
  const typed = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.array(parts, { maxLength: 7 }).map((it) => it.join(' ')),
    fc.array(parts, { maxLength: 5 }).map((it) => it.join('')),
  )
  fc.assert(
    fc.property(typed, (text) => {
      const read = readTimeOfDay(text)
      if (read.ok) expect(isTimeOfDay(read.time)).toBe(true)
      else expect(read.reason).toMatch(/^[A-Z0-9].*[.?]$/)
    }),
    { numRuns: 1000 },
  )
})

test('spoken times are words only', () => {
  expect(spokenTime('09:30')).toBe('half past nine in the morning')
  expect(spokenTime('18:00')).toBe("six o'clock in the evening")
  expect(spokenTime('13:05')).toBe('five past one in the afternoon')
  expect(spokenTime('21:40')).toBe('twenty to ten at night')
  expect(spokenTime('09:07')).toBe('nine oh seven in the morning')
  expect(spokenTime('09:37')).toBe('nine thirty-seven in the morning')
  expect(spokenTime('12:00')).toBe('midday')
  expect(spokenTime('00:00')).toBe('midnight')
  for (const time of allTimes) expect(spokenTime(time)).not.toMatch(/\d/)
})

test('the strict form is HH:MM of the 24-hour clock and nothing else', () => {
  for (const time of allTimes) expect(isTimeOfDay(time)).toBe(true)
  for (const text of [
    '9:30',
    '24:00',
    '25:00',
    '09:60',
    '09:30:00',
    '09:30 ',
    '0930',
    '',
    '09:30\n',
    '０9:30',
  ]) {
    expect(isTimeOfDay(text)).toBe(false)
  }
  expect(() => formatTime('9:30')).toThrow('not a time of day')
  expect(() => spokenTime('25:00')).toThrow('not a time of day')
})
