// Outages / words: what the page of outages says. Pure.
import { capitalised, countOf, listOf } from '../kit/plain-words.ts'
import { formatTime } from '../kit/time-of-day.ts'
import { dayAndTime, dayAndTimeInSentence, durationInWords, timeInWords } from '../kit/words-of-time.ts'
import type { OutageView } from './look.ts'
import type { Touched, TouchedAlert } from './store.ts'
import { noticedMs, type Stretch } from './stretches.ts'

/** The clock on the wall of those who watch the queue. */
export const zone = 'Europe/London'

export const words = {
  title: 'When CallAssist was away',
  lead: 'Here is every stretch of the last 30 days in which calls were due and none was made, because CallAssist itself, its database or its machine stood still. Each says what became of the calls.',
  none: 'There was none.',
  heading: ({ from, to }: Stretch, now: Date) =>
    to
      ? `${dayAndTime(from, zone, now)}, for ${durationInWords(to.getTime() - from.getTime())}`
      : `Now, since ${timeInWords(from, zone)}`,
  began: ({ from, to }: Stretch, now: Date) =>
    to
      ? `No call was begun from ${dayAndTimeInSentence(from, zone, now)} until ${dayAndTimeInSentence(to, zone, now)}.`
      : `No call has been begun since ${dayAndTimeInSentence(from, zone, now)}. Whoever runs CallAssist must start it again.`,
  due: (outage: OutageView) =>
    `${capitalised(countOf(outage.due, 'call was', 'calls were'))} due in it${
      outage.underWay === 0
        ? ''
        : `, and ${countOf(outage.underWay, 'call', 'calls')} under way when it began`
    }.`,
  late: ({ late, latestMs }: OutageView) =>
    `${capitalised(countOf(late, 'call was', 'calls were'))} made late${late === 0 ? '' : `, by ${durationInWords(latestMs)} at most`}.`,
  notPlaced: ({ notPlaced }: OutageView) =>
    `${capitalised(countOf(notPlaced, 'call was', 'calls were'))} not made at all, being of no use any more.`,
  waiting: ({ waiting }: OutageView) => `${capitalised(countOf(waiting, 'call waits', 'calls wait'))} still.`,
  people: 'What followed, person by person',
  nobody: 'Everybody whose call was due has answered it since, or needed none.',
  othersWell: (others: number) =>
    others === 0
      ? ''
      : `${capitalised(countOf(others, 'other person', 'other people'))} answered, or needed no call.`,
  person: 'Person',
  calls: 'Calls',
  followed: 'What followed',
  toQueue: 'to the queue',
  back: 'Back to the queue',
} as const

/** "9am and 1pm not made; 6pm made 20 minutes late, answered" */
export function callsInWords(calls: readonly Touched[]): string {
  const byFate = [...Map.groupBy(calls, fateOf)]
  const said = byFate.map(
    ([fate, of]) => `${listOf(of.map(({ localTime }) => formatTime(localTime)))} ${fate}`,
  )
  return `${said.join('; ')}.`
}

function fateOf({ state, outcome, begunAt, dueAt }: Touched): string {
  const lateMs = begunAt ? begunAt.getTime() - dueAt.getTime() : 0
  const late = lateMs > noticedMs ? `made ${durationInWords(lateMs)} late, ` : ''
  if (state !== 'closed') return `${late}not over yet`
  switch (outcome) {
    case 'acknowledged':
      return `${late}answered`
    case 'help requested':
      return `${late}asked for help`
    case 'missed':
      return `${late}not answered`
    case 'skipped':
      return 'not needed'
    default:
      return 'not made'
  }
}

/** Of one person: how each alert about these calls stands. */
export function followedInWords(calls: readonly Touched[], now: Date): { text: string; isOpen: boolean } {
  const alerts = new Map(calls.flatMap(({ alert }) => (alert ? [[alert.id, alert] as const] : [])))
  if (alerts.size === 0) {
    const isWaiting = calls.some(({ state }) => state !== 'closed')
    return { text: isWaiting ? 'The call is under way.' : 'No alert.', isOpen: false }
  }
  const all = [...alerts.values()]
  const isOpen = all.some(({ state }) => state === 'open' || state === 'handed over')
  return { text: [...new Set(all.map((alert) => standing(alert, now)))].join(' '), isOpen }
}

function standing({ state, acceptedBy, acceptedAt }: TouchedAlert, now: Date): string {
  const isTaken = acceptedBy !== null && acceptedAt !== null
  const by = isTaken
    ? `${acceptedBy} said "I will see to it" ${dayAndTimeInSentence(acceptedAt, zone, now)}.`
    : ''
  switch (state) {
    case 'open':
      return 'Nobody has it in hand yet; people are being told.'
    case 'handed over':
      return 'Nobody has it in hand: it waits in the queue.'
    case 'accepted':
      return by
    case 'closed':
      return `${by} All is well.`.trim()
  }
}
