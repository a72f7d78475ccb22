// Kit / time of day: what a person typed for a time, read as a clock time or refused with a sentence that helps,
// and the way a time is shown ("9:30am", "midday") and spoken ("half past nine in the morning"). Pure.
// Called by the wizard and by every words.ts.
//
// What an eighty-year-old expects decides the doubtful cases:
//   7 to 11 alone is the morning ("half nine" is 9:30am); 12 alone is midday; 1 to 6 alone is asked back, because
//   one in the night is as wrong as it is likely. A leading zero ("06:00", "0930") or 13 to 23 is the 24-hour clock.
//   "Half nine" is British: half past nine. 12am is midnight, 12pm is midday. The answer is always said back.

import { type ClockWords, type Half, minutesInWords, readClockWords } from './time-of-day-grammar.ts'
import { withPlainDigits } from './typed-text.ts'

export type ReadTime =
  | {
      ok: true
      /** 24-hour 'HH:MM' */
      time: string
      /** how it is shown back: "9:30am" */
      saidBack: string
    }
  | {
      ok: false
      /** a sentence that says what to do */
      reason: string
      /** the likeliest meaning, in a form that `readTimeOfDay` takes */
      suggestion?: string
    }

/** True for exactly 'HH:MM' of the 24-hour clock, as scenario files and our tables have it. */
export function isTimeOfDay(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text)
}

/** Reads a typed or pasted time of day. Never throws. */
export function readTimeOfDay(typed: string): ReadTime {
  const words = typed.length > 200 ? '' : tidied(typed)
  if (words === '') {
    return refused(typed.trim() === '' ? 'Please type a time, such as 9:30am.' : notUnderstood())
  }
  const clock = readClockWords(words)
  if (clock === null) return refused(notUnderstood())
  if ('fault' in clock) return faultSentence(clock.fault, clock.hour)
  return settled(clock.hour, clock.minute, clock)
}

/** "9am", "9:30am", "6pm", "midday", "midnight", "12:30pm". Takes 'HH:MM'; anything else is a bug and throws. */
export function formatTime(time: string): string {
  const { hour, minute } = parts(time)
  if (minute === 0 && hour % 12 === 0) return hour === 0 ? 'midnight' : 'midday'
  const minutes = minute === 0 ? '' : `:${time.slice(3)}`
  return `${hour % 12 || 12}${minutes}${hour < 12 ? 'am' : 'pm'}`
}

/**
 * For a voice: "half past nine in the morning", "six o'clock in the evening", "midday". Words only, so that no voice
 * stumbles over "am". Takes 'HH:MM'; anything else is a bug and throws.
 */
export function spokenTime(time: string): string {
  const { hour, minute } = parts(time)
  if (minute === 0 && hour % 12 === 0) return hour === 0 ? 'midnight' : 'midday'
  return `${clockInWords(hour, minute)} ${partOfDay(hour)}`
}

function clockInWords(hour: number, minute: number): string {
  const name = minutesInWords(hour % 12 || 12)
  const nextName = minutesInWords((hour % 12) + 1)
  if (minute === 0) return `${name} o'clock`
  if (minute === 15) return `quarter past ${name}`
  if (minute === 30) return `half past ${name}`
  if (minute === 45) return `quarter to ${nextName}`
  if (minute % 5 !== 0) return `${name} ${minute < 10 ? 'oh ' : ''}${minutesInWords(minute)}`
  return minute < 30
    ? `${minutesInWords(minute)} past ${name}`
    : `${minutesInWords(60 - minute)} to ${nextName}`
}

function partOfDay(hour: number): string {
  if (hour === 0 || hour >= 21) return 'at night'
  if (hour < 12) return 'in the morning'
  return hour < 18 ? 'in the afternoon' : 'in the evening'
}

/** Lower case, plain characters and single spaces, without a leading "at" or a closing full stop. */
function tidied(typed: string): string {
  return withPlainDigits(typed.normalize('NFKC'))
    .toLowerCase()
    .replace(/[\p{Cc}\p{Zs}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Cf}+/gu, '')
    .replace(/\p{Pd}/gu, '-')
    .replace(/(?<=[a-z])-(?=[a-z])/g, ' ')
    .replace(/[’‘`´]/g, "'")
    .trim()
    .replace(/^(?:at|about|around|@) ?(?=\S)/, '')
    .replace(/(?<![ap]\.m)[.,;!]+$/, '')
    .trim()
}

type Fault = Extract<ClockWords, { fault: string }>['fault']

/** Gives the hour its half of the day, or asks. */
function settled(hour: number, minute: number, clock: { half: Half | null; is24: boolean }): ReadTime {
  if (clock.half === null) {
    if (clock.is24 || hour === 0 || hour > 6) return accepted(hour, minute)
    return askHalf(hour, minute)
  }
  if (hour > 12 || hour === 0) return checkHalf(hour, minute, clock.half)
  return inHalf(hour, minute, clock.half)
}

/** A 24-hour time that also names its half: fine when they agree, asked back when they do not. */
function checkHalf(hour: number, minute: number, half: Half): ReadTime {
  const isEarly = half === 'am' || half === 'morning'
  const agrees = half === 'night' || isEarly === (hour === 0)
  if (agrees) return accepted(hour, minute)
  const shown = formatTime(clockTime(hour, minute))
  const typed = clockTime(hour, minute)
  return refused(`${typed} is ${shown}. If you mean that, please type ${shown}.`, shown)
}

/** A 12-hour time in a known half of the day. */
function inHalf(hour: number, minute: number, half: Half): ReadTime {
  const early = hour % 12
  const late = early + 12
  if (half === 'am') return accepted(early, minute)
  if (half === 'pm') return accepted(late, minute)
  if (half === 'night') return accepted(early < 5 ? early : late, minute)
  if (early === 0 && half !== 'afternoon') return askHalf(12, minute)
  if (half === 'morning') return accepted(early, minute)
  if (half === 'afternoon' && early > 6) return askHalf(hour, minute)
  return accepted(late, minute)
}

function askHalf(hour: number, minute: number): ReadTime {
  const early = formatTime(clockTime(hour % 12, minute))
  const late = formatTime(clockTime((hour % 12) + 12, minute))
  return refused(`Do you mean ${early} or ${late}? Please type the one you mean.`, late)
}

function faultSentence(fault: Fault, hour: number): ReadTime {
  switch (fault) {
    case 'hour':
      return refused(`There is no hour ${hour}. Please type a time such as 9:30am or 18:00.`)
    case 'minute':
      return refused('An hour has minutes from 00 to 59. Please type a time such as 9:30am.')
    case 'short minute':
      return refused(`Please type the minutes with two figures, such as ${hour}:05 or ${hour}:30.`)
    case 'seconds':
      return refused('Please leave out the seconds. A time such as 9:30am is enough.')
    case 'end of day':
      return refused('If you mean the very end of the day, please type midnight.', 'midnight')
  }
}

function notUnderstood(): string {
  return 'We did not understand this time. Please type it like 9:30am, 6pm or half past nine.'
}

function accepted(hour: number, minute: number): ReadTime {
  const time = clockTime(hour, minute)
  return { ok: true, time, saidBack: formatTime(time) }
}

function refused(reason: string, suggestion?: string): ReadTime {
  return suggestion === undefined ? { ok: false, reason } : { ok: false, reason, suggestion }
}

function clockTime(hour: number, minute: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

function parts(time: string): { hour: number; minute: number } {
  if (!isTimeOfDay(time)) throw new Error('not a time of day')
  return { hour: Number(time.slice(0, 2)), minute: Number(time.slice(3)) }
}
