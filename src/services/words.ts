// Services / words: what the pages of a service say. Each outcome is one sentence and, where there is one, the next step.
import {
  type AlertView,
  alertHeadline,
  type NotificationView,
  notTold,
  togetherWith,
} from '../alerts/alerts.ts'
import type { AttemptView, CallEventView, CallView } from '../calls/calls.ts'
import type { By, Channel } from '../db/tables.ts'
import { nationalNumber } from '../kit/phone-number.ts'
import {
  capitalised,
  countOf,
  listOf,
  numberInWords,
  ordinalInWords,
  possessive,
  timesInWords,
} from '../kit/plain-words.ts'
import { formatTime } from '../kit/time-of-day.ts'
import { durationInWords, timeInWords } from '../kit/words-of-time.ts'
import {
  callTroubleInWords,
  callTroubleOf,
  type OptOutReason,
  textTroubleInWords,
  textTroubleOf,
} from '../lines/lines.ts'
import { describeRule, ruleOf, type Schedule } from '../schedules/schedules.ts'
import type { Today } from './status.ts'

/** What one attempt found, as the end of a sentence: "At 9:30am the telephone rang and nobody answered." */
export function attemptSentence(attempt: AttemptView, zone: string, phones: readonly string[]): string {
  const at = timeInWords(attempt.rangAt ?? attempt.endedAt ?? attempt.startedAt, zone)
  const where = phones.length > 1 ? ` on ${nationalNumber(attempt.toNumber)}` : ''
  return `${nameOfAttempt(attempt)}, ${at}${where}: ${attempt.way === 'text' ? foundByText(attempt) : found(attempt)}.`
}

/** "Ring 1", "Text 2". */
export const nameOfAttempt = ({ way, number }: Pick<AttemptView, 'way' | 'number'>): string =>
  `${way === 'text' ? 'Text' : 'Ring'} ${number}`

/** What became of a text: whether it left, arrived and was answered, as far as we were told. */
function foundByText(attempt: AttemptView): string {
  switch (attempt.result) {
    case null:
      return attempt.lineState === 'waiting'
        ? 'waiting for the line to be free'
        : attempt.lineState === 'placed'
          ? 'sent, and not delivered yet'
          : 'on its way'
    case 'acknowledged':
      return 'it was answered'
    case 'help requested':
      return 'it was answered, and somebody was asked for'
    case 'no reply':
      return attempt.lineResult === 'delivered'
        ? 'it was delivered, and no reply has come'
        : 'it was sent, and no reply has come; whether it was delivered nobody has told us'
    case 'cancelled':
      return 'it was no longer needed, so we did not send it'
    default:
      return attempt.lineState === 'ended' && attempt.lineResult === 'not delivered'
        ? `it was not delivered: ${textTroubleInWords[textTroubleOf(attempt.lineCode)]}`
        : `it was not sent, which is our fault or the telephone company’s`
  }
}

function found(attempt: AttemptView): string {
  if (attempt.result === null) return underWay(attempt)
  switch (attempt.result) {
    case 'acknowledged':
      return `answered${afterSeconds(attempt)}, and pressed ${keysInWords(attempt.keys)}`
    case 'help requested':
      return `answered${afterSeconds(attempt)}, and pressed ${keysInWords(attempt.keys)} to ask for help`
    case 'no reply':
      return 'no reply has come'
    case 'answered without a key':
      return `somebody answered${forHowLong(attempt)} but pressed no key, so we cannot know who it was`
    case 'voicemail':
      return 'an answerphone took the call'
    case 'rang out':
      return 'it rang and nobody answered'
    case 'busy':
      return 'the line was engaged'
    case 'rejected':
      return 'the call was turned away'
    case 'unreachable number':
      return 'the number could not be reached'
    case 'not placed':
      return notPlaced(attempt)
    case 'cancelled':
      return 'it was no longer needed, so we stopped'
  }
}

function underWay(attempt: AttemptView): string {
  if (attempt.lineState === 'answered') return 'answered, the message is playing now'
  if (attempt.lineState === 'waiting') return 'waiting for the line to be free'
  return 'ringing now'
}

const afterSeconds = (attempt: AttemptView) =>
  attempt.rangAt && attempt.answeredAt
    ? ` after ${Math.max(1, Math.round((attempt.answeredAt.getTime() - attempt.rangAt.getTime()) / 1000))} seconds`
    : ''

/** A ring that we know of is not denied, however little we know of its end. */
function notPlaced({ lineCode, rangAt }: AttemptView): string {
  const trouble = callTroubleOf(lineCode)
  return trouble === 'no word' && rangAt
    ? 'it rang, then the call was lost, and nobody could tell us how it ended'
    : callTroubleInWords[trouble]
}

/** How long somebody listened, as far as we were told. */
const forHowLong = ({ answeredAt, endedAt }: AttemptView) =>
  answeredAt && endedAt ? ` for ${durationInWords(endedAt.getTime() - answeredAt.getTime())}` : ''

const keysInWords = (keys: string) =>
  keys.length === 0
    ? 'a key'
    : listOf([...keys].map((key) => (key === '*' ? 'star' : key === '#' ? 'hash' : key)))

/** A tag of one or two words, and the sentence of a call on the timeline. */
export function callSentence(call: CallView, name: string, zone: string): { tag: string; says: string } {
  const time = formatTime(call.localTime)
  const last = call.attempts.at(-1)
  if (call.state !== 'closed') return { tag: 'Now', says: openSentence(call, name, zone) }
  switch (call.outcome) {
    case 'acknowledged':
      if (call.acknowledgedBy)
        return { tag: 'All right', says: `${call.acknowledgedBy.name} told us that ${name} is all right.` }
      if (isByText(call)) return { tag: 'Answered', says: repliedSentence(call, name, zone) }
      if (!last) return { tag: 'Checked in', says: checkedIn(call, name, time, zone) }
      if (last.result !== 'acknowledged') return { tag: 'All right', says: gotInTouch(call, name, zone) }
      return { tag: 'Answered', says: answered(call, name, zone, last) }
    case 'help requested':
      return {
        tag: 'Help asked for',
        says: `${name} ${howAskedForHelp(call)} and asked for help. We raised the alert at once.`,
      }
    case 'missed':
      return { tag: 'Not answered', says: missed(call, name, time, zone) }
    case 'not placed':
      return {
        tag: 'Not made',
        says: `We could not ${call.by === 'text' ? `send the ${time} text` : `make the ${time} call`} to ${name}. That is our fault or the telephone company’s, and says nothing about ${name}.${late(call, name, zone)}`,
      }
    default:
      return {
        tag: 'Skipped',
        says: [
          `${call.by === 'text' ? 'No text was sent' : 'No call was made'}.`,
          call.skipReason && `${call.skipReason}.`,
        ]
          .filter(Boolean)
          .join(' '),
      }
  }
}

function answered(call: CallView, name: string, zone: string, last: AttemptView | undefined): string {
  const which = call.attempts.length > 1 ? `, at ring ${numberInWords(call.attempts.length)}` : ''
  const at = last?.answeredAt ? ` at ${timeInWords(last.answeredAt, zone)}` : ''
  return `${name} answered${at}${which}${last ? afterSeconds(last) : ''} and pressed ${keysInWords(last?.keys ?? '')}.`
}

/** Rang in before the call was due, so that it never rang. */
function checkedIn(call: CallView, name: string, time: string, zone: string): string {
  const at = call.acknowledgedAt ? ` at ${timeInWords(call.acknowledgedAt, zone)}` : ''
  return `${name} rang in${at} and checked in for the ${time} call, so the telephone did not ring.`
}

function howAskedForHelp(call: CallView): string {
  if (isByText(call)) return 'wrote back'
  return call.attempts.some(({ result }) => result === 'help requested') ? 'answered' : 'rang in'
}

function missed(call: CallView, name: string, time: string, zone: string): string {
  return `${name} did not answer the ${time} ${call.by === 'text' ? 'text' : 'call'}.${late(call, name, zone)}`
}

/** The receiver's word came by text, in answer to one of ours. */
function isByText(call: CallView): boolean {
  const told = call.attempts.findLast(
    ({ result }) => result === 'acknowledged' || result === 'help requested',
  )
  return told?.way === 'text'
}

function repliedSentence(call: CallView, name: string, zone: string): string {
  const at = call.acknowledgedAt ? ` at ${timeInWords(call.acknowledgedAt, zone)}` : ''
  return `${name} answered by text${at}.`
}

function late(call: CallView, name: string, zone: string): string {
  if (!call.acknowledgedAt) return ''
  const who = call.acknowledgedBy
    ? `${call.acknowledgedBy.name} told us that ${name} is all right`
    : `${name} answered after all`
  return ` ${who}, at ${timeInWords(call.acknowledgedAt, zone)}.`
}

function openSentence(call: CallView, name: string, zone: string): string {
  const last = call.attempts.at(-1)
  if (!last) return `It is time for ${possessive(name)} ${call.by === 'text' ? 'text' : 'call'}.`
  if (last.way === 'text') return textedSentence(call, last, name, zone)
  if (call.state === 'resting' && call.wakeAt)
    return `No answer yet. We ${call.by === 'call then text' ? 'try' : 'ring'} ${name} again at ${timeInWords(call.wakeAt, zone)}.`
  if (last.lineState === 'waiting') return `We ring ${name} as soon as the line is free.`
  if (last.lineState === 'answered')
    return `${possessive(name)} telephone was answered. The message is playing.`
  return `${possessive(name)} telephone is ringing now.`
}

function textedSentence(call: CallView, last: AttemptView, name: string, zone: string): string {
  if (call.state !== 'resting')
    return last.lineState === 'waiting'
      ? `We text ${name} as soon as the line is free.`
      : `A text is on its way to ${name}.`
  const until = call.wakeAt ? timeInWords(call.wakeAt, zone) : ''
  return last.result === 'no reply'
    ? `We sent ${name} a text and wait for the reply until ${until}.`
    : `The text to ${name} did not arrive. We try again at ${until}.`
}

/** Not in any of our attempts: the receiver wrote or rang by themselves. */
function gotInTouch(call: CallView, name: string, zone: string): string {
  const at = call.acknowledgedAt ? `, at ${timeInWords(call.acknowledgedAt, zone)}` : ''
  return `${name} got in touch to say that all is well${at}.`
}

/** The newest alert in one sentence, for the top of the page. */
export function alertTitle(alert: AlertView, name: string, zone: string): Today {
  const what = whatHappened(alert, name)
  switch (alert.state) {
    case 'accepted':
      return { mood: 'attention', icon: 'bell', title: `${what} ${alert.acceptedBy?.name} is seeing to it.` }
    case 'handed over':
      return {
        mood: 'bad',
        icon: 'bell',
        title: `${what} Nobody has taken it on yet. The desk has been asked to see to it.`,
      }
    case 'closed':
      return { mood: 'good', title: `${what} ${closedInWords(alert, name, zone)}` }
    default:
      return { mood: 'bad', icon: 'bell', title: `${what} We are finding somebody.` }
  }
}

function whatHappened(alert: AlertView, name: string): string {
  if (alert.calls) return `${alertHeadline(alert)}.`
  if (alert.reason === 'help requested') return `${name} asked for help.`
  if (alert.reason === 'not placed')
    return `We could not make the ${formatTime(alert.localTime)} call to ${name}.`
  return `${name} did not answer the ${formatTime(alert.localTime)} call.`
}

/** What was done about an alert: who was told, when, over what, what came of it, and who accepted. In order. */
export function alertHistory(alert: AlertView, name: string, zone: string): string[] {
  const at = (instant: Date) => timeInWords(instant, zone)
  const told = Map.groupBy(
    alert.told.filter(({ tells }) => tells === 'alert'),
    (n) => `${n.personId} ${n.round} ${n.step}`,
  )
  return [
    `Alert at ${at(alert.openedAt)}: ${whatHappened(alert, name)}`,
    // what was held back in several rounds at one moment is said once
    ...new Set([...told.values()].flatMap((rows) => stepInWords(rows, zone))),
    ...(alert.handedOverAt ? [`${at(alert.handedOverAt)}: handed over to the desk.`] : []),
    ...(alert.acceptedBy && alert.acceptedAt
      ? [
          `${at(alert.acceptedAt)}: ${alert.acceptedBy.name} said "I will see to it" ${overInWords(alert.acceptedOver)}.`,
        ]
      : []),
    ...(alert.state === 'closed' && alert.closedAt
      ? [`${at(alert.closedAt)}: ${closedInWords(alert, name, zone)}`]
      : []),
  ]
}

/** Of one person in one step: what they were told over, and what they were spared. */
function stepInWords(rows: readonly NotificationView[], zone: string): string[] {
  const at = timeInWords(rows[0]!.at, zone)
  const sent = rows.filter((row) => notTold(row) === null)
  const others = sent.map(togetherWith).find((words) => words !== '') ?? ''
  return [
    ...(sent.length > 0
      ? [`${at}: we told ${sent[0]!.name} by ${listOf(sent.map(channelAndResult))}${others}.`]
      : []),
    ...rows.flatMap((row) => notTold(row) ?? []).map((words) => `${at}: ${words}.`),
  ]
}

/** "call (not answered)", "text (arrived)". */
function channelAndResult(n: NotificationView): string {
  const channel = channelWords[n.channel]
  const result = n.became === 'failed' ? troubleInWords(n) : becameInWords(n)
  return result ? `${channel} (${result})` : channel
}

function troubleInWords({ trouble, why }: NotificationView): string {
  return why ? `did not arrive: ${why}` : (troubleWords[trouble ?? ''] ?? 'did not arrive')
}

/** Of a text it may be known that it left, and that it arrived. */
function becameInWords({ channel, became }: NotificationView): string | null {
  if (channel === 'text' && became === 'sent') return 'sent'
  if (channel === 'text' && became === 'delivered') return 'arrived'
  return becameWords[became as keyof typeof becameWords]
}

const becameWords: Record<Exclude<NotificationView['became'], 'failed'>, string | null> = {
  waiting: 'on its way',
  ringing: 'ringing now',
  talking: 'on the telephone now',
  answered: 'answered',
  sent: null,
  delivered: null,
  'called off': 'no longer needed',
}

const troubleWords: Readonly<Record<string, string>> = {
  'rang out': 'not answered',
  busy: 'engaged',
  voicemail: 'an answerphone took it',
  'answered without a key': 'answered, but no key was pressed',
  rejected: 'turned away',
  'unreachable number': 'the number could not be reached',
  'not placed': 'could not be made',
  cancelled: 'no longer needed',
  'not heard': 'put the telephone down before we came to this',
  'somebody else': 'somebody else answered',
  'did not say who': 'answered, but nobody said who is there',
  'no phone number': 'there is no number',
  'number not confirmed': 'the number is not confirmed, so we ring it instead',
  'no e-mail address': 'there is no address',
}

function overInWords(over: AlertView['acceptedOver']): string {
  if (over === 'call') return 'by pressing a key'
  if (over === 'text') return 'by text'
  if (over === 'email') return 'by the link in the e-mail'
  return 'on this page'
}

function closedInWords(alert: AlertView, name: string, zone: string): string {
  const who = alert.closedBy?.name
  if (alert.closedHow === 'all-clear')
    return who
      ? `${who} told us that ${name} is all right.`
      : `${name} answered after all. Everybody has been told.`
  return who
    ? `${who} told us that ${name} is all right.`
    : `Closed at ${alert.closedAt ? timeInWords(alert.closedAt, zone) : ''}.`
}

/** One step in a call's life, in words. */
export function eventSentence(
  { event, toState }: CallEventView,
  zone: string,
  call: Pick<CallView, 'by' | 'attempts'>,
): string {
  const named = (attempt: number) =>
    nameOfAttempt(call.attempts.find(({ number }) => number === attempt) ?? { way: 'call', number: attempt })
  switch (event.kind) {
    case 'woke':
      return toState === 'ringing'
        ? `It was time to ${call.by === 'call' ? 'ring' : call.by === 'text' ? 'write' : 'ring or to write'}.`
        : toState === 'closed'
          ? 'The time for this call had passed.'
          : 'It was time to look.'
    case 'acknowledged':
      if (event.by === 'text') return 'A text came in that says that all is well.'
      if (event.by === 'key') return `A key was pressed in ring ${event.attempt}.`
      return event.by === 'ring-in'
        ? 'The receiver rang in and pressed a key.'
        : 'A stakeholder said that all is well.'
    case 'helpRequested':
      if (event.attempt === null) return 'The receiver rang in or wrote to us and asked for help.'
      return named(event.attempt).startsWith('Text')
        ? 'A text came in that asks for somebody.'
        : `The help key was pressed in ring ${event.attempt}.`
    case 'attemptEnded':
      if (event.found === 'no reply') return `${named(event.attempt)} was sent.`
      if (named(event.attempt).startsWith('Text')) return `${named(event.attempt)} ended: ${event.found}.`
      return `Ring ${event.attempt} ended: ${event.found}${event.rangAt ? `, rang from ${timeInWords(event.rangAt, zone)}` : ', the telephone did not ring'}.`
    case 'answeredIdly':
      return 'A text came in that says neither yes nor no. We asked what was meant.'
    case 'skipped':
      return `Skipped: ${event.reason}.`
    case 'gaveUp':
      return 'Our own software failed again and again over this call, so it was given up and the alert raised.'
  }
}

/** What is done at what times: "Every day at 9:30am: a check-in call". */
export function scheduleSentence(schedule: Schedule): string {
  const noun = schedule.by === 'call' ? 'check-in call' : 'check-in'
  const kinds = { reminder: 'a reminder', 'check-in': `a ${noun}`, both: 'a reminder and check-in' }
  return `${describeRule(ruleOf(schedule))}: ${kinds[schedule.kind]}${byInWords[schedule.by]}`
}

const byInWords: Record<By, string> = {
  call: '',
  text: ' by text',
  'call then text': ', by call and then by text',
  'text then call': ', by text and then by call',
}

const channelWords: Record<Channel, string> = { call: 'call', text: 'text', email: 'e-mail' }

/** "First, by call, text and e-mail". @param noTexts why no text leaves to this number, or null */
export function toldInWords(
  person: { step: number | null; channels: readonly Channel[]; name: string },
  noTexts: OptOutReason | null,
): string {
  const isBarred = noTexts !== null && person.channels.includes('text')
  const channels = person.channels.filter((channel) => !(isBarred && channel === 'text'))
  const place = capitalised(ordinalInWords(person.step ?? 1))
  const ways =
    channels.length > 0 ? `${place}, by ${listOf(channels.map((one) => channelWords[one]))}` : place
  if (!isBarred) return ways
  const why =
    noTexts === 'opted out' ? `${person.name} has asked for no more texts` : 'the number takes no texts'
  return channels.length > 0 ? `${ways}; no texts, because ${why}` : `Cannot be told: ${why}`
}

export const words = {
  ended: 'These calls have been stopped',
  open: (name: string) => `Open ${possessive(name)} page`,
  nextIs: (name: string, when: string, by: By) =>
    `We ${by === 'text' ? 'write to' : 'call'} ${name} next ${when}`,
  testNow: (says: string) => `Test: ${says}`,
  lastTime: (when: string, says: string) => `The last call was ${when}: ${says}`,
  rung: 'Number to ring',
  writtenTo: 'Number to write to',
  when: 'Calls',
  tries: 'Rings',
  texts: 'Texts',
  textNow: 'Send a test text now',
  textNowHint: (name: string) =>
    `A text comes to ${possessive(name)} telephone within seconds. A test raises no alert.`,
  textsInWords: (attempts: number, gap: number) =>
    attempts === 1
      ? `We send one text, and wait ${countOf(gap, 'minute')} for the answer.`
      : `We send a text, and one more after ${countOf(gap, 'minute')}.`,
  noTexts: {
    'opted out': 'has asked for no more texts',
    'takes no texts': 'takes no texts',
  } satisfies Record<OptOutReason, string>,
  rungInstead: (why: string) => `This number ${why}, so we ring instead of writing.`,
  triesInWords: (attempts: number, gap: number) =>
    attempts === 1
      ? 'We ring once.'
      : `We ring ${timesInWords(attempts)} at most, ${countOf(gap, 'minute')} apart.`,
  nextStep: (time: string) => `If nobody has said "I will see to it" by ${time}, we go on telling people.`,
  time: 'Time',
  whatHappened: 'What happened',
  asked: 'Asked or told',
  answer: 'Answer',
  yourCalls: 'Your calls',
  queue: 'Alerts that wait for somebody',
  noServices: 'You have not set up any calls yet.',
  setUp: 'Set up a call',
  setUpAnother: 'Set up calls for somebody else',
  goOn: 'Go on with the set-up you began',
  serviceTitle: (name: string) => `${name} today`,
  today: 'Today',
  nextCall: 'Next call',
  noNextCall: 'No further call is planned.',
  ringNow: 'Ring now, as a test',
  ringNowHint: (name: string) =>
    `${possessive(name)} telephone rings within seconds. A test raises no alert.`,
  recent: 'What happened',
  nothingYet: 'No call has been made yet.',
  seeAll: 'See all calls',
  allCalls: (name: string) => `All calls to ${name}`,
  older: 'Older calls',
  test: 'Test',
  details: 'Everything about this call',
  whoIsTold: (name: string) => `Who is told if ${name} does not answer`,
  nobodyIsTold: 'Nobody is named. The CallAssist desk is told, and finds somebody.',
  unproved: (names: readonly string[]) =>
    names.length === 1
      ? `${possessive(names[0]!)} telephone number is not confirmed yet.`
      : `The telephone numbers of ${listOf(names)} are not confirmed yet.`,
  unprovedHint: (name: string) =>
    `In an alert we ring there all the same, but first ask who is there, and send no texts, so that no stranger hears about ${name}.`,
  confirmNumbers: 'Confirm the telephone numbers',
  howItIsSet: 'How it is set up',
  change: 'Change any of this',
  messages: 'What is heard in the calls, and recording it',
  allRightNow: (name: string) => `${name} is all right: tell everybody`,
  paused: (until: string) => `Calls are paused until ${until}`,
  pauseInWords: (hasBegun: boolean, from: string, to: string, reason: string) =>
    `Calls ${hasBegun ? 'are' : 'will be'} paused from ${from} to ${to}${reason ? `: ${reason}` : ''}.`,
  pause: 'Pause calls',
  pauseTitle: (name: string) => `Pause calls to ${name}`,
  pauseLead: 'Calls stop on the first day and go on by themselves after the last.',
  pauseFrom: 'First day without calls',
  pauseTo: 'Last day without calls',
  pauseReason: 'Why? The others will see this (optional)',
  pauseSave: 'Pause the calls',
  resume: 'Start the calls again now',
  takeBack: 'Do not pause the calls',
  pauseErrors: {
    from: 'Enter a real date for the first day without calls',
    to: 'Enter a real date for the last day without calls',
    past: 'Choose today or a later day',
    order: 'The last day must not be before the first',
    long: 'A pause can last a year at most',
  },
  callTitle: (time: string, date: string) => `The ${formatTime(time)} call of ${date}`,
  testTitle: (time: string, date: string) => `The test call at ${formatTime(time)} on ${date}`,
  attempts: { call: 'Each ring', text: 'Each text', both: 'Each ring and text' },
  noAttempt: { call: 'The telephone was not rung.', text: 'No text was sent.' },
  steps: 'Step by step',
  exchanges: 'With the telephone company',
  exchangesNone: 'Nothing was asked of the telephone company for this call.',
  alerts: 'The alert',
} as const
