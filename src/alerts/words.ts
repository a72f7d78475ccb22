// Alerts / words: every sentence of this room that is heard, texted, mailed or read. Pure. No message's text ever stands
// in them: it may name a medicine, and texts, e-mails and answerphones are read and heard by others.
//
// Whether Ada is a she is not known and not asked, so no sentence says.
import type { AttemptResult, Way } from '../db/tables.ts'
import { plain, segments } from '../kit/gsm7.ts'
import { localDateOf } from '../kit/local-time.ts'
import { capitalised, listOf, numberInWords, timesInWords } from '../kit/plain-words.ts'
import { formatTime } from '../kit/time-of-day.ts'
import { dayAndTimeInSentence, durationInWords, timeInWords, weekdayInWords } from '../kit/words-of-time.ts'
import type { Reason } from './machine.ts'

/** What an alert is about, as far as words need it. */
export interface AlertFacts {
  receiverName: string
  reason: Reason
  dueAt: Date
  /** 'HH:MM' of the receiver's day */
  localTime: string
  timeZone: string
  /** what each attempt found and when, in order */
  attempts: readonly { result: AttemptResult; at: Date; way?: Way }[]
  accessNotes: string | null
  /** how the receiver was asked: 'call' when not given, `nothing` when help was asked for of their own accord */
  asked?: Asked
  /** every call that it is about, in the order in which they were due; not given when there is one */
  calls?: readonly AboutCall[]
}

/** One of several calls of an alert. `dueAt` and `localTime` as in the facts. */
export interface AboutCall {
  dueAt: Date
  localTime: string
  became: Reason
  asked?: Asked
}

type Asked = Way | 'nothing'

/** How it stands, for somebody who is about to hear or read of it. `byName` null: the receiver. */
export type Standing =
  | { is: 'open' }
  | { is: 'yours' }
  | { is: 'accepted'; byName: string; wantsHelp: boolean }
  | { is: 'closed'; how: 'she is fine' | 'all-clear'; byName: string | null }

// ------------------------------------------------------------------------------------------------ what happened

/** "Ada did not answer the call at 9:30am." The first words of everything. */
export function whatHappened(facts: Happened): string {
  if (facts.calls) return severalHappened(facts, facts.calls)
  const { receiverName, reason, localTime, asked } = facts
  const at = formatTime(localTime)
  switch (reason) {
    case 'missed':
      return `${receiverName} did not answer the ${nounOf(asked)} at ${at}.`
    case 'not placed':
      return `We could not ${asked === 'text' ? 'send the text' : 'place the call'} to ${receiverName} at ${at}, so we do not know how ${receiverName} is.`
    case 'help requested':
      if (asked === 'nothing') return `${receiverName} asked for help at ${at}.`
      return `${receiverName} asked for help in ${asked === 'text' ? 'answer to the text' : 'the call'} at ${at}.`
  }
}

/** What a sentence needs that says what happened. */
type Happened = Pick<AlertFacts, 'receiverName' | 'reason' | 'localTime' | 'timeZone' | 'asked' | 'calls'>

/** "We could not place three calls to Ada, at 9am, 1pm and 6pm, so we do not know how Ada is.", what was missed first. */
function severalHappened(facts: Happened, calls: readonly AboutCall[]): string {
  const { receiverName } = facts
  const help = calls.find(({ became }) => became === 'help requested')
  const missed = calls.filter(({ became }) => became === 'missed')
  const unplaced = calls.filter(({ became }) => became === 'not placed')
  const isNothingKnown = !help && missed.length === 0
  return [
    ...(help ? [whatHappened(oneOf(facts, help))] : []),
    ...(missed.length > 0 ? [`${receiverName} did not answer ${callsAt(missed, facts)}.`] : []),
    ...(unplaced.length > 0
      ? [
          `We could not place ${callsTo(unplaced, facts)}${isNothingKnown ? `, so we do not know how ${receiverName} is` : ''}.`,
        ]
      : []),
  ].join(' ')
}

/** The same of one call alone. */
const oneOf = ({ receiverName, timeZone }: Happened, { became, ...call }: AboutCall): Happened => ({
  receiverName,
  timeZone,
  reason: became,
  ...call,
})

type WithZone = Pick<AlertFacts, 'receiverName' | 'timeZone'>

/** "the call at 9am", "three calls, at 9am, 1pm and 6pm" */
function callsAt(calls: readonly AboutCall[], { timeZone }: WithZone): string {
  return calls.length === 1
    ? `the call ${whenDue(calls, timeZone)}`
    : `${numberInWords(calls.length)} calls, ${whenDue(calls, timeZone)}`
}

/** "the call to Ada at 9am", "three calls to Ada, at 9am, 1pm and 6pm" */
function callsTo(calls: readonly AboutCall[], { receiverName, timeZone }: WithZone): string {
  return calls.length === 1
    ? `the call to ${receiverName} ${whenDue(calls, timeZone)}`
    : `${numberInWords(calls.length)} calls to ${receiverName}, ${whenDue(calls, timeZone)}`
}

/** So many times are named one by one. */
const namedAtMost = 6

/** "at 9am, 1pm and 6pm"; over several days "at 1pm and 6pm on Tuesday and 9am on Wednesday". Calls in the order in which they were due. */
export function whenDue(calls: readonly Pick<AboutCall, 'dueAt' | 'localTime'>[], zone: string): string {
  const days = Map.groupBy(calls, ({ dueAt }) => localDateOf(dueAt, zone))
  const onDay = ({ localTime, dueAt }: (typeof calls)[number]) =>
    `${formatTime(localTime)} on ${weekdayInWords(localDateOf(dueAt, zone))}`
  if (calls.length > namedAtMost) return `from ${onDay(calls[0]!)} to ${onDay(calls.at(-1)!)}`
  const groups = [...days].map(([date, ofDay]) => {
    const times = listOf(distinct(ofDay.map(({ localTime }) => formatTime(localTime))))
    return days.size === 1 ? times : `${times} on ${weekdayInWords(date)}`
  })
  return `at ${listOf(groups)}`
}

const nounOf = (asked: Asked | undefined): string => (asked === 'text' ? 'text' : 'call')

/** "We rang three times.", "We rang twice and wrote once."; '' when nothing rang and nothing was sent. */
export function howOftenRung({ attempts }: Pick<AlertFacts, 'attempts'>): string {
  const reached = attempts.filter(({ result }) => reachedTheNetwork(result))
  const written = reached.filter(({ way }) => way === 'text').length
  const rung = reached.length - written
  const tried = [
    ...(rung > 0 ? [`rang ${timesInWords(rung)}`] : []),
    ...(written > 0 ? [`wrote ${timesInWords(written)}`] : []),
  ]
  return tried.length === 0 ? '' : `We ${listOf(tried)}.`
}

/** The same, and what it found where that was more than an empty ring. */
export function whatWasFound({ attempts }: Pick<AlertFacts, 'attempts'>): string {
  const rung = attempts.map(({ result }) => result).filter(reachedTheNetwork)
  if (rung.every((result) => result === 'rang out')) return howOftenRung({ attempts })
  return `${howOftenRung({ attempts })} ${capitalised(listOf(counted(rung)))}.`
}

/** One attempt, as the end of a sentence: "nobody picked up". */
export function attemptFound(result: AttemptResult): string {
  return findings[result]
}

const findings: Record<AttemptResult, string> = {
  'rang out': 'nobody picked up',
  'no reply': 'a text was not answered',
  busy: 'the line was engaged',
  voicemail: 'an answerphone came on',
  'answered without a key': 'somebody picked up but pressed no key',
  rejected: 'the call was turned away',
  'unreachable number': 'the number could not be reached',
  'not placed': 'we could not place the call',
  cancelled: 'we stopped the call',
  acknowledged: 'the call was answered',
  'help requested': 'help was asked for',
}

function reachedTheNetwork(result: AttemptResult): boolean {
  return result !== 'not placed' && result !== 'cancelled'
}

/** "twice nobody picked up", "once the line was engaged", in the order in which they first came. */
function counted(results: readonly AttemptResult[]): string[] {
  return [...new Set(results)].map((result) => {
    const times = results.filter((other) => other === result).length
    return results.length === 1 ? findings[result] : `${timesInWords(times)} ${findings[result]}`
  })
}

// ------------------------------------------------------------------------------------------------ on the telephone

export const spoken = {
  about: (receiverName: string) => `This is CallAssist, about ${receiverName}.`,
  pressOne: () => 'Press 1 if you will see to it.',
  pressOneToHelp: () => 'Press 1 if you will help.',
  again: () => 'To hear this again, press star.',
  aboutSeveral: (names: readonly string[]) =>
    `This is CallAssist, about ${isOneName(names) ? `${numberInWords(names.length)} calls to ${names[0]}` : `${numberInWords(distinct(names).length)} people: ${listOf(distinct(names))}`}.`,
  firstOf: (label: string) => `First, ${label}.`,
  nextOf: (label: string) => `Now, ${label}.`,
  onceMoreOf: (label: string) => `Once more, ${label}.`,
  pressOneFor: (receiverName: string) => `Press 1 if you will see to ${receiverName}, or 2 if you cannot.`,
  pressOneToHelpWith: (receiverName: string) =>
    `Press 1 if you will help with ${receiverName}, or 2 if you cannot.`,
  notOneOrTwo: () => 'That was neither 1 nor 2, so nothing has been noted yet.',
  thanksFor: (receiverName: string) => `Thank you. You are seeing to ${receiverName}.`,
  declined: (receiverName: string) => `We will go on asking the others about ${receiverName}.`,
  takenFor: (byName: string, receiverName: string) => `${byName} will see to ${receiverName}.`,
  tellingOthers: () => 'We are telling everybody else.',
  notThatKey: () => 'That was not 1, so nothing has been noted yet.',
  thanks: (name: string, receiverName: string) =>
    `Thank you, ${name}. You are seeing to ${receiverName}. We are telling everybody else.`,
  notes: (notes: string) => `How to get in: ${notes}.`,
  goodbye: () => 'Goodbye.',
  /** To a number that is not confirmed: nothing about anybody before it is known who listens. */
  whoIsThere: (name: string, isUrgent: boolean) =>
    `Hello. This is CallAssist, with ${isUrgent ? 'an urgent' : 'a'} message for ${name}. ` +
    `If you are ${name}, press 1. If you are not, press 2, and we will not ring this number again.`,
  notThem: () =>
    'Thank you. We are sorry to have troubled you, and will not ring this number again. Goodbye.',
  nobodyPressed: () => 'Nobody has pressed a key, so we will go on telling the others. Goodbye.',
  stillYours: (receiverName: string) => `You have said that you will see to ${receiverName}.`,
  already: (byName: string) =>
    `${byName} has already said, I will see to it. There is nothing that you need to do.`,
  willSeeToIt: (byName: string, receiverName: string) =>
    `${byName} will see to ${receiverName}. There is nothing that you need to do.`,
  wantsHelp: (byName: string, receiverName: string) =>
    `${byName} is seeing to ${receiverName} and asks for help.`,
  over: (how: 'she is fine' | 'all-clear', byName: string | null, receiverName: string) =>
    `${allIsWell(how, byName, receiverName)} There is nothing that you need to do.`,
  howDidItGo: (receiverName: string) =>
    `You said that you would see to ${receiverName}. Press 1 if all is well. Press 2 if you are on your way. Press 3 if you need the others to help.`,
  notedFine: (receiverName: string) =>
    `Thank you. We are telling everybody that ${receiverName} is all right. Goodbye.`,
  notedGoing: () => 'Thank you. We will ask you again in an hour. Goodbye.',
  notedHelp: () => 'We are asking everybody else to help. If it is an emergency, ring 999 now. Goodbye.',
} as const

/** The good news in one sentence. @param byName null: the receiver did it */
export function allIsWell(
  how: 'she is fine' | 'all-clear',
  byName: string | null,
  receiverName: string,
): string {
  if (byName !== null) return `All is well: ${byName} says that ${receiverName} is all right.`
  return how === 'all-clear'
    ? `All is well: ${receiverName} has now answered.`
    : `All is well: ${receiverName} is all right.`
}

// ------------------------------------------------------------------------------------------------ by text

/** One of several alerts of a text. `code` null: its name must do. */
interface Listed {
  facts: AlertFacts
  code: string | null
  /** who has it in hand and asks for help with it; null: nobody has it in hand */
  helper: string | null
}

export const texts = {
  /** @param code null where a mere OK can mean no other alert */
  alert: (facts: AlertFacts, code: string | null) => {
    const reply = `Reply ${okWith(code)} if you will see to it.`
    const rang = facts.attempts.filter(
      ({ result, way }) => way !== 'text' && reachedTheNetwork(result),
    ).length
    const found =
      rang > 0 && facts.reason === 'missed' ? `We rang ${rang === 1 ? 'once' : `${rang} times`}.` : ''
    return shortest([
      `CallAssist: ${briefly(facts)} ${found} ${reply}`,
      `CallAssist: ${briefly(facts)} ${reply}`,
      `CallAssist: ${briefly(withShortName(facts))} ${reply}`,
      `CallAssist: ${briefly(withShortName(facts))} Reply ${okWith(code)}.`,
      ...(facts.calls ? [`CallAssist: ${inShort(withShortName(facts), facts.calls)}. ${reply}`] : []),
    ])
  },
  /** Several at once, each to be accepted by itself. */
  alerts: (items: readonly Listed[]) => {
    const short = items.map((item) => ({ ...item, facts: withShortName(item.facts) }))
    return shortest([
      `CallAssist: ${brieflyAll(items)} If you will see to it, reply ${choices(items, 'OK')}.`,
      `CallAssist: ${brieflyAll(short)} If you will see to it, reply ${choices(short, 'OK')}.`,
      `CallAssist: ${brieflyAll(short)} Reply ${choices(short, 'OK')}.`,
    ])
  },
  accepted: (byName: string, receiverName: string) =>
    shortest([
      `CallAssist: ${byName} will see to ${receiverName}. There is nothing that you need to do.`,
      `CallAssist: ${shortened(byName)} will see to ${shortened(receiverName)}.`,
    ]),
  helpWanted: (byName: string, receiverName: string, code: string | null) =>
    shortest([
      `CallAssist: ${byName} is seeing to ${receiverName} and asks for help. Reply ${okWith(code)} if you will help.`,
      `CallAssist: ${shortened(byName)} asks for help with ${shortened(receiverName)}. Reply ${okWith(code)} if you will.`,
    ]),
  allClear: (how: 'she is fine' | 'all-clear', byName: string | null, receiverName: string) =>
    shortest([
      `CallAssist: ${allIsWell(how, byName, receiverName)}`,
      `CallAssist: All is well with ${shortened(receiverName)}.`,
    ]),
  /** @param code null where a mere FINE can mean nobody else */
  reminder: (receiverName: string, code: string | null) =>
    shortest([
      `CallAssist: How is ${receiverName}? Reply ${fineWith(code)} when all is well. We will ask again later.`,
      `CallAssist: How is ${shortened(receiverName)}? Reply ${fineWith(code)} when all is well.`,
    ]),
  askedForHelp: (receiverName: string) =>
    shortest([
      `CallAssist: ${receiverName}, whom you are seeing to, has now asked for help.`,
      `CallAssist: ${shortened(receiverName)} has now asked for help.`,
    ]),
} as const

/** An alert that an answer names, so that it can be meant by the next text. */
export interface Choice {
  receiverName: string
  code: string | null
}

/** What is answered to a text that came in. */
export const replies = {
  /**
   * @param taken what this text accepted
   * @param waiting this person's other alerts that nobody has in hand
   * @param inHand all that this person has accepted, with `taken`
   */
  thanks: (
    name: string,
    taken: readonly { receiverName: string; accessNotes: string | null }[],
    { waiting, inHand }: { waiting: readonly Choice[]; inHand: readonly Choice[] },
  ) => {
    const names = distinct(taken.map(({ receiverName }) => receiverName))
    const notes = taken.flatMap(({ receiverName, accessNotes }) =>
      accessNotes
        ? [
            `How to get in${names.length > 1 ? ` to ${receiverName}` : ''}: ${shortNotes(accessNotes, taken.length)}`,
          ]
        : [],
    )
    return oneLine(
      [
        `CallAssist: Thank you, ${name}. You are seeing to ${listOf(names)}.`,
        ...distinct(notes),
        whenWell(inHand),
        stillWaiting(waiting),
      ].join(' '),
    )
  },
  yoursAlready: (receiverName: string, inHand: readonly Choice[]) =>
    oneLine(`CallAssist: You are seeing to ${receiverName}. ${whenWell(inHand)}`),
  already: (byName: string, waiting: readonly Choice[]) =>
    oneLine(
      `CallAssist: ${byName} has already said: I will see to it. There is nothing that you need to do. ${stillWaiting(waiting)}`,
    ),
  over: (
    how: 'she is fine' | 'all-clear',
    byName: string | null,
    receiverName: string,
    waiting: readonly Choice[],
  ) =>
    oneLine(
      `CallAssist: ${allIsWell(how, byName, receiverName)} There is nothing that you need to do. ${stillWaiting(waiting)}`,
    ),
  /** A mere OK, and several alerts wait: which of them is not guessed. */
  whichOne: (waiting: readonly Choice[]) =>
    oneLine(
      `CallAssist: Whom will you see to? Reply ${choicesOf(waiting, 'OK')}. ${hasNamesakes(waiting) ? '' : 'Or just the name.'}`,
    ),
  /** A mere FINE from somebody who has several in hand. */
  whoIsFine: (inHand: readonly Choice[]) =>
    oneLine(`CallAssist: Who is all right? Reply ${choicesOf(inHand, 'FINE')}.`),
  fine: (receiverNames: readonly string[]) =>
    oneLine(
      `CallAssist: Thank you. We are telling everybody that ${listOf(distinct(receiverNames))} ${distinct(receiverNames).length > 1 ? 'are' : 'is'} all right.`,
    ),
  notUnderstood: (receiverName: string) =>
    oneLine(
      `CallAssist: We did not understand that. Reply just OK if you will see to ${receiverName}. In an emergency ring 999.`,
    ),
  notUnderstoodSeveral: (waiting: readonly Choice[]) =>
    oneLine(
      `CallAssist: We did not understand that. If you will see to it, reply ${choicesOf(waiting, 'OK')}. In an emergency ring 999.`,
    ),
  notUnderstoodYours: (inHand: readonly Choice[]) =>
    oneLine(`CallAssist: We did not understand that. ${whenWell(inHand)} In an emergency ring 999.`),
} as const

/** So many characters of notes go into one text, whoever's they are: each part of a text is paid for, and 1,600 is the end. */
const notesAtMost = 300

/** Long notes are cut between words: whoever rings the line hears them whole. */
function shortNotes(notes: string, among: number): string {
  const most = Math.floor(notesAtMost / among)
  const trimmed = notes.replaceAll(/\s+/g, ' ').trim()
  if (trimmed.length <= most) return sentence(trimmed)
  return `${trimmed.slice(0, most).replace(/\s\S*$/, '')}... Ring this number to hear the rest.`
}

/** So many are listed in one text; what is left is listed in the next answer. */
const listedAtMost = 5

function stillWaiting(waiting: readonly Choice[]): string {
  const [only] = waiting
  if (!only) return ''
  return waiting.length === 1
    ? `1 more alert waits. Reply OK again for ${only.receiverName}.`
    : `${waiting.length} more alerts wait. Reply ${choicesOf(waiting, 'OK')}.`
}

function whenWell(inHand: readonly Choice[]): string {
  return inHand.length > 1
    ? `When all is well reply ${choicesOf(inHand, 'FINE')}.`
    : 'Reply FINE when all is well.'
}

/** "OK 27 for Ada, OK 38 for Bert, or OK ALL for both"; names alone where codes could be mistaken. */
function choicesOf(all: readonly Choice[], word: 'OK' | 'FINE'): string {
  const listed = all.slice(0, listedAtMost)
  const isCoded = distinct(listed.map(({ code }) => code ?? '')).length === listed.length
  const each = listed.map(({ receiverName, code }) =>
    isCoded && code !== null ? `${word} ${code} for ${receiverName}` : `${word} ${receiverName}`,
  )
  const everything =
    all.length === 2 ? `${word} ALL for both` : `${word} ALL for all ${numberInWords(all.length)}`
  return all.length === 1 ? each.join('') : `${each.join(', ')}, or ${everything}`
}

function choices(items: readonly Listed[], word: 'OK'): string {
  const labels = labelled(items.map(({ facts }) => facts))
  return choicesOf(
    items.map(({ code }, at) => ({ receiverName: labels[at]!, code })),
    word,
  )
}

const okWith = (code: string | null): string => (code === null ? 'OK' : `OK ${code}`)
const fineWith = (code: string | null): string => (code === null ? 'FINE' : `FINE ${code}`)
const distinct = <T>(all: readonly T[]): T[] => [...new Set(all)]
const hasNamesakes = (all: readonly Choice[]): boolean =>
  distinct(all.map(({ receiverName }) => receiverName.split(' ')[0])).length < all.length
const isOneName = (names: readonly string[]): boolean => distinct(names).length === 1

/** Each by the receiver's name; with the time of the call where one name stands twice. */
export function labelled(all: readonly Pick<AlertFacts, 'receiverName' | 'localTime'>[]): string[] {
  return all.map(({ receiverName, localTime }) =>
    all.filter((other) => other.receiverName === receiverName).length > 1
      ? `${receiverName} at ${formatTime(localTime)}`
      : receiverName,
  )
}

/** A sentence for each; one for all who did not answer the same call. */
function brieflyAll(all: readonly Listed[]): string {
  const first = all[0]?.facts
  const isOneStory = all.every(
    ({ facts: { reason, localTime, asked, calls }, helper }) =>
      reason === 'missed' &&
      !calls &&
      localTime === first?.localTime &&
      asked === first.asked &&
      helper === null,
  )
  const names = distinct(all.map(({ facts }) => facts.receiverName))
  if (first && isOneStory && names.length === all.length)
    return briefly({ ...first, receiverName: listOf(names) })
  return all
    .map(({ facts, helper }) =>
      helper === null ? briefly(facts) : `${shortened(helper)} asks for help with ${facts.receiverName}.`,
    )
    .join(' ')
}

/** "3 calls to Ada failed", where there is no room for each. */
function inShort({ receiverName, reason }: AlertFacts, calls: readonly AboutCall[]): string {
  const help = reason === 'help requested' ? ` ${receiverName} asked for help.` : ''
  return `${calls.length} calls to ${receiverName} failed${help && `.${help.slice(0, -1)}`}`
}

function withShortName(facts: AlertFacts): AlertFacts {
  return { ...facts, receiverName: shortened(facts.receiverName) }
}

/** "Ada did not answer the 9:30am call." */
function briefly(facts: AlertFacts): string {
  if (facts.calls) return whatHappened(facts)
  const { receiverName, reason, localTime, asked } = facts
  const at = formatTime(localTime)
  switch (reason) {
    case 'missed':
      return `${receiverName} did not answer the ${at} ${nounOf(asked)}.`
    case 'not placed':
      return `We could not ${asked === 'text' ? `send the ${at} text` : `place the ${at} call`} to ${receiverName}, so we do not know how ${receiverName} is.`
    case 'help requested':
      if (asked === 'nothing') return `${receiverName} asked for help at ${at}.`
      return `${receiverName} asked for help in ${asked === 'text' ? 'answer to ' : ''}the ${at} ${nounOf(asked)}.`
  }
}

/** The first of those that are sent in the fewest parts. */
function shortest(candidates: readonly string[]): string {
  const all = candidates.map(oneLine)
  const fewest = Math.min(...all.map(segments))
  return all.find((text) => segments(text) === fewest)!
}

/** A very long name takes a text apart; its first word is known to whoever is told. */
function shortened(name: string): string {
  const first = name.split(' ')[0]!
  return name.length <= 24 ? name : first.length <= 24 ? first : `${first.slice(0, 23)}.`
}

/** In the telephones' own alphabet where that can be, without gaps. */
function oneLine(text: string): string {
  return plain(text).replaceAll(/\s+/g, ' ').trim()
}

function sentence(text: string): string {
  const trimmed = text.trim()
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`
}

// ------------------------------------------------------------------------------------------------ by e-mail

export const mails = {
  subject: {
    alert: (facts: AlertFacts) => `${headline(facts)}: will you see to it?`,
    accepted: (byName: string, receiverName: string) => `${byName} will see to ${receiverName}`,
    helpWanted: (byName: string, receiverName: string) => `${byName} asks for help with ${receiverName}`,
    allClear: (receiverName: string) => `All is well with ${receiverName}`,
    reminder: (receiverName: string) => `How is ${receiverName}?`,
    askedForHelp: (receiverName: string) => `${receiverName} has now asked for help`,
    handedOver: (facts: AlertFacts) => `Nobody has accepted yet: ${headline(facts)}`,
    stillWaiting: (facts: AlertFacts, open: number) =>
      `Still waiting after ${durationInWords(open)}: ${headline(facts)}`,
  },
  hello: (name: string) => `Hello ${name},`,
  when: (facts: Pick<AlertFacts, 'dueAt' | 'timeZone' | 'calls'>, now: Date) =>
    facts.calls
      ? `The calls were due ${listOf(facts.calls.map(({ dueAt }) => dayAndTimeInSentence(dueAt, facts.timeZone, now)))}.`
      : `The call was due ${dayAndTimeInSentence(facts.dueAt, facts.timeZone, now)}.`,
  attempt: (result: AttemptResult, at: Date, timeZone: string) =>
    `${timeInWords(at, timeZone)}: ${findings[result]}`,
  notesTitle: () => 'How to get in',
  press: () => 'If you will see to it, press the button. Everybody else will hear that it is you.',
  button: () => 'I will see to it',
  pressToHelp: () => 'If you can help, press the button.',
  buttonToHelp: () => 'I will help',
  nothingToDo: () => 'There is nothing that you need to do.',
  look: () => 'See how it stands',
  tellUs: () => 'Tell us how it went',
  reminder: (receiverName: string) =>
    `You said that you would see to ${receiverName}. Please tell us how it went: that ${receiverName} is all right, that you are on your way, or that you need help.`,
  helpWanted: (byName: string, receiverName: string) =>
    `${byName} is seeing to ${receiverName} and asks for help.`,
  nobodyYet: () => 'Nobody has said yet that they will see to it, so this alert is yours.',
} as const

/** What happened, without a full stop: for subjects and headings. */
export function headline(facts: Happened): string {
  if (facts.calls) return headlineOfSeveral(facts, facts.calls)
  const { receiverName, reason, localTime } = facts
  const at = formatTime(localTime)
  switch (reason) {
    case 'missed':
      return `${receiverName} did not answer the call at ${at}`
    case 'not placed':
      return `We could not place the ${at} call to ${receiverName}`
    case 'help requested':
      return `${receiverName} asked for help at ${at}`
  }
}

/** What is worst of them. "Ada did not answer two calls, at 1pm and 6pm"; the rest is told below it. */
function headlineOfSeveral(facts: Happened, calls: readonly AboutCall[]): string {
  const { receiverName, reason, timeZone } = facts
  const worst = calls.filter(({ became }) => became === reason)
  const of = worst.length > 0 ? worst : calls
  switch (reason) {
    case 'missed':
      return `${receiverName} did not answer ${callsAt(of, facts)}`
    case 'not placed':
      return `We could not place ${callsTo(of, facts)}`
    case 'help requested':
      return `${receiverName} asked for help ${whenDue(of, timeZone)}`
  }
}
