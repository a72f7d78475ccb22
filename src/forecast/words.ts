// Forecast / words: what this room says, on its page and in its e-mail. Pure.
import { nationalNumber } from '../kit/phone-number.ts'
import { capitalised, countOf } from '../kit/plain-words.ts'
import { dayAndTimeInSentence, durationInWords, timeInWords } from '../kit/words-of-time.ts'
import type { Line } from '../lines/lines.ts'
import type { Block } from '../mail/mail.ts'
import type { LineAhead } from './ahead.ts'
import type { Experience, Peak } from './predict.ts'

/** The clock on the wall of those who watch the lines. */
export const zone = 'Europe/London'

/** Half a minute is nothing that anybody notices. */
const noticedMs = 30_000

export const words = {
  title: 'The coming day on our lines',
  lead: 'When many calls are due at the same time, a line makes them one after another. This page counts the calls that are planned for the next 24 hours, and says how late the last of each peak will be.',
  line: ({ name, number }: Line) => `Line ${name}, ${nationalNumber(number)}`,
  nothing: 'No calls are planned on this line in the next 24 hours.',
  allOnTime: 'Every call can be made on time',
  aLittleLate: (ms: number) => `Every call is made within ${durationInWords(ms)} of its time`,
  tooLate: (peak: Peak, now: Date) =>
    `Of the calls due ${dayAndTimeInSentence(peak.from, zone, now)} the last will be ${durationInWords(peak.worstLateMs)} late`,
  whatToDo: 'What you can do',
  remedies: [
    'Raise the line’s rate, if the provider allows it more calls a second: LINE_CALLS_PER_SECOND, and LINE_CONCURRENT_CALLS for how many at once.',
    'Spread the times: five past nine is as good as nine o’clock for most people. Ask those who set the calls up.',
    'Nothing needs to be done for alerts: they go first, however many calls wait.',
  ],
  toStatus: 'Is everything working? How CallAssist is',
  toOutages: 'When CallAssist was away, and what followed',
  caption: 'Peaks of the next 24 hours',
  peak: ({ calls, again }: Peak) =>
    again === 0
      ? `${capitalised(countOf(calls, 'call'))} due.`
      : `${capitalised(countOf(calls, 'call'))} due, and about ${countOf(again, 'second try', 'second tries')}.`,
  last: ({ until, worstLateMs }: Peak) =>
    worstLateMs <= noticedMs
      ? 'All on time.'
      : `The last leaves at ${timeInWords(until, zone)}, ${durationInWords(worstLateMs)} late.`,
  quiet: (calls: number) => `${capitalised(countOf(calls, 'more call'))} in quiet minutes, each on time.`,
  health: {
    well: 'It works.',
    failed: (since: Date) =>
      `It has failed: since ${timeInWords(since, zone)} its provider does not answer as it should. What waited has gone to another line where there is one. It is asked every half minute whether it is back.`,
    probation: (since: Date) =>
      `It came back at ${timeInWords(since, zone)} and is being tried, slowly. If all goes well it is used again in a minute.`,
  },
  rate: ({ callsPerSecond, concurrentCalls }: Line) =>
    `${rateInWords(callsPerSecond)}, at most ${concurrentCalls} at once.`,
  waiting: (count: number) =>
    count === 0
      ? 'Nothing waits at it now.'
      : `${capitalised(countOf(count, 'call or text', 'calls and texts'))} wait at it now.`,
  experience: (isExperienced: boolean, { goesOn, tryMs }: Experience) => {
    const again = Math.round((goesOn[0] ?? 0) * 100)
    const took = Math.round(tryMs / 1000)
    return isExperienced
      ? `Counted with what happened in the last four weeks: of 100 calls ${again} ring a second time, and a ring takes ${took} seconds on the average.`
      : `There are too few past calls to learn from yet, so this supposes that of 100 calls ${again} ring a second time, and that a ring takes ${took} seconds.`
  },
} as const

function rateInWords(perSecond: number): string {
  if (perSecond === 1) return 'One call a second'
  return perSecond > 1 ? `${perSecond} calls a second` : `One call every ${Math.round(1 / perSecond)} seconds`
}

/** The one sentence of a line. */
export function headline(
  { callsDue, peaks }: LineAhead,
  worst: Peak | null,
  now: Date,
  tooLateMs: number,
): string {
  if (callsDue === 0 || !worst) return words.nothing
  if (worst.worstLateMs > tooLateMs) return words.tooLate(worst, now)
  return peaks.some(({ worstLateMs }) => worstLateMs > noticedMs)
    ? words.aLittleLate(worst.worstLateMs)
    : words.allOnTime
}

/** @param link the page */
export function warning(
  name: string,
  line: Line,
  peak: Peak,
  now: Date,
  link: string,
): { subject: string; blocks: Block[] } {
  const when = dayAndTimeInSentence(peak.from, zone, now)
  const late = durationInWords(peak.worstLateMs)
  const subject = `Calls will be late ${when}: the last one by ${late}`
  return {
    subject,
    blocks: [
      { kind: 'heading', text: subject },
      { kind: 'paragraph', text: `Hello ${name},` },
      {
        kind: 'paragraph',
        text: `${countOf(peak.calls, 'call')} ${peak.calls === 1 ? 'is' : 'are'} due ${when} or soon after on line ${line.name}. It makes ${rateInWords(line.callsPerSecond).toLowerCase()}, so the last will ring ${late} after its time. There is still time to do something about it.`,
      },
      { kind: 'list', items: [...words.remedies] },
      { kind: 'button', text: 'See the coming day', url: link },
    ],
  }
}
