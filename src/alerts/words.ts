// Alerts / words: every sentence of this room that is heard, texted, mailed or read. Pure. No message's text ever stands
// in them: it may name a medicine, and texts, e-mails and answerphones are read and heard by others.
//
// Whether Ada is a she is not known and not asked, so no sentence says.
import type { AttemptResult, Way } from '../db/tables.ts'
import { capitalised, listOf, timesInWords } from '../kit/plain-words.ts'
import { formatTime } from '../kit/time-of-day.ts'
import { dayAndTimeInSentence, durationInWords, timeInWords } from '../kit/words-of-time.ts'
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
}

/** How it stands, for somebody who is about to hear or read of it. `byName` null: the receiver. */
export type Standing =
  | { is: 'open' }
  | { is: 'yours' }
  | { is: 'accepted'; byName: string; wantsHelp: boolean }
  | { is: 'closed'; how: 'she is fine' | 'all-clear'; byName: string | null }

// ------------------------------------------------------------------------------------------------ what happened

/** "Ada did not answer the call at 9:30am." The first sentence of everything. */
export function whatHappened({ receiverName, reason, localTime }: AlertFacts): string {
  const at = formatTime(localTime)
  switch (reason) {
    case 'missed':
      return `${receiverName} did not answer the call at ${at}.`
    case 'not placed':
      return `We could not place the call to ${receiverName} at ${at}, so we do not know how ${receiverName} is.`
    case 'help requested':
      return `${receiverName} asked for help in the call at ${at}.`
  }
}

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
  notThatKey: () => 'That was not 1, so nothing has been noted yet.',
  thanks: (name: string, receiverName: string) =>
    `Thank you, ${name}. You are seeing to ${receiverName}. We are telling everybody else.`,
  notes: (notes: string) => `How to get in: ${notes}.`,
  goodbye: () => 'Goodbye.',
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

/** A text message that costs one part holds this many characters of the telephone's own alphabet (3GPP TS 23.038). */
const onePart = 160

export const texts = {
  alert: (facts: AlertFacts) => {
    const reply = 'Reply OK if you will see to it.'
    const rang = facts.attempts.filter(
      ({ result, way }) => way !== 'text' && reachedTheNetwork(result),
    ).length
    const found =
      rang > 0 && facts.reason === 'missed' ? `We rang ${rang === 1 ? 'once' : `${rang} times`}.` : ''
    return shortest([
      `CallAssist: ${briefly(facts)} ${found} ${reply}`,
      `CallAssist: ${briefly(facts)} ${reply}`,
      `CallAssist: ${briefly({ ...facts, receiverName: shortened(facts.receiverName) })} ${reply}`,
    ])
  },
  accepted: (byName: string, receiverName: string) =>
    shortest([
      `CallAssist: ${byName} will see to ${receiverName}. There is nothing that you need to do.`,
      `CallAssist: ${shortened(byName)} will see to ${shortened(receiverName)}.`,
    ]),
  helpWanted: (byName: string, receiverName: string) =>
    shortest([
      `CallAssist: ${byName} is seeing to ${receiverName} and asks for help. Reply OK if you will help.`,
      `CallAssist: ${shortened(byName)} asks for help with ${shortened(receiverName)}. Reply OK if you will.`,
    ]),
  allClear: (how: 'she is fine' | 'all-clear', byName: string | null, receiverName: string) =>
    shortest([
      `CallAssist: ${allIsWell(how, byName, receiverName)}`,
      `CallAssist: All is well with ${shortened(receiverName)}.`,
    ]),
  reminder: (receiverName: string) =>
    shortest([
      `CallAssist: How is ${receiverName}? Reply FINE when all is well. We will ask again later.`,
      `CallAssist: How is ${shortened(receiverName)}? Reply FINE when all is well.`,
    ]),
  askedForHelp: (receiverName: string) =>
    shortest([
      `CallAssist: ${receiverName}, whom you are seeing to, has now asked for help.`,
      `CallAssist: ${shortened(receiverName)} has now asked for help.`,
    ]),
} as const

/** What is answered to a text that came in. */
export const replies = {
  /** @param waiting the receivers of this person's other open alerts, the next one first */
  thanks: (name: string, facts: AlertFacts, waiting: readonly string[]) =>
    plain(
      [
        `CallAssist: Thank you, ${name}. You are seeing to ${facts.receiverName}.`,
        facts.accessNotes ? `How to get in: ${sentence(facts.accessNotes)}` : '',
        'Reply FINE when all is well.',
        stillWaiting(waiting),
      ].join(' '),
    ),
  yoursAlready: (receiverName: string) =>
    plain(`CallAssist: You are seeing to ${receiverName}. Reply FINE when all is well.`),
  already: (byName: string, waiting: readonly string[]) =>
    plain(
      `CallAssist: ${byName} has already said: I will see to it. There is nothing that you need to do. ${stillWaiting(waiting)}`,
    ),
  over: (how: 'she is fine' | 'all-clear', byName: string | null, receiverName: string) =>
    plain(`CallAssist: ${allIsWell(how, byName, receiverName)} There is nothing that you need to do.`),
  fine: (receiverName: string) =>
    plain(`CallAssist: Thank you. We are telling everybody that ${receiverName} is all right.`),
  notUnderstood: (receiverName: string) =>
    plain(
      `CallAssist: We did not understand that. Reply just OK if you will see to ${receiverName}. In an emergency ring 999.`,
    ),
  notUnderstoodYours: (receiverName: string) =>
    plain(
      `CallAssist: We did not understand that. Reply FINE when all is well with ${receiverName}. In an emergency ring 999.`,
    ),
} as const

function stillWaiting(waiting: readonly string[]): string {
  if (waiting.length === 0) return ''
  const more = waiting.length === 1 ? '1 more alert waits.' : `${waiting.length} more alerts wait.`
  return `${more} Reply OK again for ${waiting[0]}.`
}

/** "Ada did not answer the 9:30am call." */
function briefly({ receiverName, reason, localTime }: AlertFacts): string {
  const at = formatTime(localTime)
  switch (reason) {
    case 'missed':
      return `${receiverName} did not answer the ${at} call.`
    case 'not placed':
      return `We could not place the ${at} call to ${receiverName}, so we do not know how ${receiverName} is.`
    case 'help requested':
      return `${receiverName} asked for help in the ${at} call.`
  }
}

/** The first that fits into one text, else the last. */
function shortest(candidates: readonly string[]): string {
  const all = candidates.map(plain)
  return all.find((text) => text.length <= onePart) ?? all.at(-1)!
}

/** A very long name takes a text apart; its first word is known to whoever is told. */
function shortened(name: string): string {
  const first = name.split(' ')[0]!
  return name.length <= 24 ? name : first.length <= 24 ? first : `${first.slice(0, 23)}.`
}

/** Typographic marks would turn the whole text into the long and dear alphabet. */
function plain(text: string): string {
  return text
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/[–—]/g, '-')
    .replaceAll('…', '...')
    .replaceAll(/\s+/g, ' ')
    .trim()
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
  when: (facts: AlertFacts, now: Date) =>
    `The call was due ${dayAndTimeInSentence(facts.dueAt, facts.timeZone, now)}.`,
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
export function headline({
  receiverName,
  reason,
  localTime,
}: Pick<AlertFacts, 'receiverName' | 'reason' | 'localTime'>): string {
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
