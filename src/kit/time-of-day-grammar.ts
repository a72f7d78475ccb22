// Kit / time of day, its grammar: splits a tidied text into hour, minute and what was said about the half of the
// day, without judging it. Pure. Called by time-of-day.ts alone, which decides what is meant.

/** What was said about the half of the day, if anything. */
export type Half = 'am' | 'pm' | 'morning' | 'afternoon' | 'evening' | 'night'

export type ClockWords =
  | {
      /** 0 to 23 as said; 1 to 12 where the 12-hour clock may be meant */
      hour: number
      minute: number
      half: Half | null
      /** the text shows that the 24-hour clock is meant: a leading zero, an hour above 12, "hours" */
      is24: boolean
    }
  | { fault: 'hour' | 'minute' | 'short minute' | 'seconds' | 'end of day'; hour: number }

const UNITS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const NAMED_HOURS: Record<string, number> = { noon: 12, midday: 12, midnight: 0 }
const TENS: Record<string, number> = { twenty: 20, thirty: 30, forty: 40, fifty: 50 }

/** "nine", "twenty-five": 0 to 59 in words. */
export function minutesInWords(value: number): string {
  if (value < UNITS.length) return UNITS[value]!
  const ten = Object.keys(TENS)[Math.floor(value / 10) - 2]!
  return value % 10 === 0 ? ten : `${ten}-${UNITS[value % 10]}`
}

/** @param text lower case, single spaces. Null when it is no time in any form we know. */
export function readClockWords(text: string): ClockWords | null {
  const named = /^(?:(?:12|twelve) )?(noon|midday|midnight)(?: today| tonight)?$/.exec(text)
  if (named) return { hour: NAMED_HOURS[named[1]!]!, minute: 0, half: null, is24: true }
  const { rest, half, isHours } = splitHalf(text)
  const clock = readFigures(rest) ?? readRelative(rest) ?? readSpoken(rest)
  if (clock === null || 'fault' in clock) return clock
  return { ...clock, half, is24: clock.is24 || isHours }
}

const HALVES: [RegExp, Half][] = [
  [/ ?\(?a\.? ?m\.?\)?$/, 'am'],
  [/ ?\(?p\.? ?m\.?\)?$/, 'pm'],
  [/,? (?:in the|this|of the) morning$/, 'morning'],
  [/,? (?:in the|this|of the) afternoon$/, 'afternoon'],
  [/,? (?:in the|this|of the) evening$/, 'evening'],
  [/,? (?:at night|tonight|in the night|this night)$/, 'night'],
  [/ (morning)$/, 'morning'],
  [/ (afternoon)$/, 'afternoon'],
  [/ (evening)$/, 'evening'],
]

/** Takes the half of the day, "o'clock" and "hours" off the end. */
function splitHalf(text: string): { rest: string; half: Half | null; isHours: boolean } {
  const found = HALVES.find(([pattern]) => pattern.test(text))
  const half = found?.[1] ?? null
  const withoutHalf = (found ? text.replace(found[0], '') : text).trim()
  const withoutHours = withoutHalf.replace(/ ?(?:hrs?|hours?)\.?$/, '')
  const rest = withoutHours.replace(/ ?o'? ?clock$/, '').trim()
  return { rest, half, isHours: withoutHours !== withoutHalf }
}

type Clock = { hour: number; minute: number; is24: boolean }
type Fault = Extract<ClockWords, { fault: string }>

/** "9", "9.30", "09:30", "9 30", "9h30", "0930", "930", "09:30:00". */
function readFigures(text: string): Clock | Fault | null {
  const separated = /^(\d{1,2}) ?[.:;,\-h ] ?(\d{1,2})(?:[:.](\d{2}))?$/.exec(text)
  if (separated) {
    const [, hour = '', minute = '', seconds = '00'] = separated
    if (seconds !== '00') return { fault: 'seconds', hour: Number(hour) }
    if (minute.length === 1) return { fault: 'short minute', hour: Number(hour) }
    return inRange(hour, minute)
  }
  const together = /^(\d{1,2}?)(\d{2})?h?$/.exec(text)
  if (together === null) return null
  const [, hour = '', minute = '00'] = /^\d\d$/.test(text) ? ['', text] : together
  return inRange(hour, minute)
}

function inRange(hourFigures: string, minuteFigures: string): Clock | Fault {
  const hour = Number(hourFigures)
  const minute = Number(minuteFigures)
  if (hour === 24 && minute === 0) return { fault: 'end of day', hour }
  if (hour > 23) return { fault: 'hour', hour }
  if (minute > 59) return { fault: 'minute', hour }
  return { hour, minute, is24: hourFigures.startsWith('0') || hour > 12 }
}

/** "half nine", "half past nine", "quarter to six", "ten past 9", "20 minutes to seven". */
function readRelative(text: string): Clock | null {
  const found =
    /^(?:a )?(.+?)(?: minutes?| mins?)? (past|after|to|before) (.+)$/.exec(text) ??
    /^(half) ()(.+)$/.exec(text)
  if (found === null) return null
  const [, span = '', side = '', hourText = ''] = found
  const minutes = span === 'half' ? 30 : span === 'quarter' ? 15 : numberFrom(span)
  if (minutes === null || minutes < 1 || minutes > 59) return null
  const isBefore = side === 'to' || side === 'before'
  const named = NAMED_HOURS[hourText]
  const hour = named ?? hourFrom(hourText)
  if (hour === null) return null
  if (!isBefore) return { hour, minute: minutes, is24: named !== undefined }
  const earlier = named === undefined ? hour - 1 || 12 : (hour + 23) % 24
  return { hour: earlier, minute: 60 - minutes, is24: named !== undefined }
}

/** "nine", "nine thirty", "nine oh five". */
function readSpoken(text: string): Clock | null {
  const words = text.split(' ')
  const hour = hourFrom(words[0] ?? '')
  if (hour === null) return null
  if (words.length === 1) return { hour, minute: 0, is24: false }
  const minute = numberFrom(
    words
      .slice(1)
      .join(' ')
      .replace(/^(?:oh?|zero|nought) /, ''),
  )
  if (minute === null || minute > 59) return null
  const isSingle = minute < 10 && !/^(?:oh?|zero|nought)$/.test(words[1]!)
  return isSingle ? null : { hour, minute, is24: false }
}

/** An hour of the 12-hour clock, in words or figures. */
function hourFrom(text: string): number | null {
  const hour = numberFrom(text)
  return hour !== null && hour >= 1 && hour <= 12 ? hour : null
}

/** 0 to 59 from figures or words ("twenty-five", "twenty five"). */
function numberFrom(text: string): number | null {
  if (/^\d{1,2}$/.test(text)) return Number(text)
  const unit = UNITS.indexOf(text)
  if (unit >= 0) return unit
  const [ten = '', one, ...more] = text.split(/[ -]/)
  const tens = TENS[ten]
  if (tens === undefined || more.length > 0) return null
  if (one === undefined) return tens
  const ones = UNITS.indexOf(one)
  return ones >= 1 && ones <= 9 ? tens + ones : null
}
