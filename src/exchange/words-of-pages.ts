// Exchange / words of pages: every sentence of the page of practice phones. Pure.
import { localDateOf, localTimeOf } from '../kit/local-time.ts'
import { displayNumber } from '../kit/phone-number.ts'
import { countOf, listOf, possessive } from '../kit/plain-words.ts'
import {
  dateInWords,
  dayAndTime,
  dayAndTimeInSentence,
  durationInWords,
  timeInWords,
} from '../kit/words-of-time.ts'
import type { Fault, PhoneMode, RingResult } from './exchange.ts'
import { choiceOf, type FaultChoice, type faultShares, shareOf } from './fault-choices.ts'

/** A laptop has one clock; people of other zones are rung by theirs. */
export const zone = 'Europe/London'

export const words = {
  title: 'Practice phones',
  lead: 'When CallAssist rings somebody, their telephone rings here.',
  again: 'This page does not follow by itself without JavaScript. Load it again to see what rings.',
  loadAgain: 'Load the page again',
  soundOn: 'Turn sound on',
  soundOff: 'Turn sound off',
  onThisPage: 'On this page',

  phones: 'Telephones',
  noPhones: 'There is no telephone yet. Set up a call, and the telephones of everybody in it stand here.',
  setUp: 'Set up a call',
  line: (number: string, busy: number) =>
    `CallAssist rings from ${displayNumber(number)}, and can be rung there. ${busy === 0 ? 'Its line is free now.' : `${countOf(busy, 'call')} on its line now.`}`,
  more: (count: number) => `Show ${countOf(count, 'more quiet telephone')}`,

  answer: 'Answer',
  letRing: 'Let it ring',
  turnAway: 'Turn it away',
  orElse: 'Or say that this telephone:',
  hangUp: 'Hang up',
  keypad: (of: string) => `Keypad of ${of}`,
  star: 'star',
  hash: 'hash',
  silentHint: 'You see every sentence. To hear them too:',
  heard: 'Heard so far',
  heardThen: 'What was heard',
  nothingYet: '…',
  listening: 'It is waiting for a key.',
  records: 'It is recording what this telephone says. Hash (#) ends it.',
  sayWords: 'Words that a voice says into this telephone',
  say: 'Say it',
  wordsMissing: 'Write the words first, for example Hello Mum, it is me',
  ownVoice: 'Speak with my own voice',
  ownVoiceOn: 'Your microphone is on. Speak now, then press hash.',
  noMicrophone: 'The microphone could not be used. Write the words instead.',
  recordingIsHeard: 'A recorded voice',
  listenAgain: 'Listen again',
  keysPressed: (keys: readonly string[]) => `Pressed ${keys.join(' ')}`,
  unheard: ' (nobody was listening for it)',

  texts: 'Texts',
  olderTexts: (count: number) => `Show ${countOf(count, 'older text')}`,
  use: 'Use this telephone',
  textLabel: 'Write a text to CallAssist',
  replyLabel: 'Reply',
  sendText: 'Send',
  textMissing: 'Write the text first, for example OK',
  ringIn: 'Ring CallAssist from here',
  ringInWithheld: 'Ring it with the number withheld',
  behaves: 'When CallAssist rings, this telephone:',
  backToNormal: 'Set it back to ring',

  inbox: 'Inbox',
  inboxLead: 'Every e-mail that CallAssist sends lands here.',
  noMails: 'No e-mail yet.',
  elsewhere: 'E-mails are really sent here, so there is no inbox.',
  olderMails: (count: number) => `Show ${countOf(count, 'older e-mail')}`,
  codeIs: 'Code',
  readMail: 'Read it',
  asItLooks: 'See it as an e-mail program shows it',
  newTab: '(opens in a new tab)',
  nobodysMail: 'No subject',
  backToPhones: 'Practice phones',
  mailFrame: 'The e-mail',
  noLooks: 'This e-mail has plain text only.',

  ledger: 'What rang',
  ledgerLead:
    'Kept by the telephone network itself, newest first. It knows nothing of what CallAssist thinks happened.',
  noRings: 'Nothing has rung yet.',
  when: 'When',
  whatRang: 'What rang',
  howItEnded: 'How it ended',

  clock: 'The clock',
  forward: (minutes: number) => `+${countOf(minutes, 'minute')}`,
  toNext: (at: Date, now: Date) => `To the next event: ${soonInWords(at, now)}`,
  nothingNext: 'Nothing is planned.',
  aboutClock: 'About the clock',
  clockSays: [
    'CallAssist lives by the clock on this page. You need not wait until tomorrow: move it on, and everything that is due on the way happens, each thing at its own time.',
    'It cannot be turned back, because what has happened has happened. It stays ahead of real time after a restart too.',
  ],
  clockStopped: 'So much was due that the clock stopped on the way. Press again to go on.',
} as const

// ------------------------------------------------------------------------------------------------------------ telephones

/** "Ada's telephone", "Ada and Ben's telephone", or the number alone. */
export const phoneTitle = (names: readonly string[], number: string): string =>
  names.length > 0 ? `${possessive(listOf(names))} telephone` : `Telephone ${displayNumber(number)}`

/** What CallAssist uses the number for, after the number itself. */
export function useInWords(owners: readonly { name: string; isCalled: boolean; isTold: boolean }[]): string {
  if (owners.length === 0) return 'Nobody that CallAssist knows'
  const called = owners.filter((owner) => owner.isCalled)
  const told = owners.filter((owner) => owner.isTold)
  const who = (some: typeof owners) => (owners.length > 1 ? `${listOf(some.map(({ name }) => name))} ` : '')
  return [
    ...(called.length > 0 ? [`${who(called)}called by CallAssist`] : []),
    ...(told.length > 0 ? [`${who(told)}told when something is wrong`] : []),
  ].join('; ')
}

export const states = {
  ringing: 'Ringing',
  talking: 'In a call',
  dialling: 'Ringing CallAssist',
  idle: 'Quiet',
} as const

/** Read out when it begins. */
export const isRinging = (phone: string): string => `${phone} is ringing`

export const goToIt = (phone: string): string => `${isRinging(phone)}: go to it`

/** What stands on the screen of a telephone. */
export const onScreen = {
  ringing: 'Incoming call',
  dialling: 'Ringing …',
} as const

export const caller = (number: string): string => `CallAssist, ${displayNumber(number)}`

export const lettingItRing = 'You are letting it ring. It stops by itself.'

export const modes: Record<PhoneMode, { button: string; says: string }> = {
  normal: { button: 'Rings', says: 'It rings, and you decide.' },
  engaged: { button: 'Is engaged', says: 'It is engaged for every call, until you set it back.' },
  answerphone: {
    button: 'Has an answerphone',
    says: 'An answerphone takes every call, until you set it back.',
  },
  'dead line': {
    button: 'Has a dead line',
    says: 'The line is dead: no call gets through, until you set it back.',
  },
  'rings out': {
    button: 'Is not picked up',
    says: 'Nobody picks up: every call rings out, until you set it back.',
  },
}

/** One call, as a handset or the ledger has it. Instants are ISO 8601. */
export interface CallSeen {
  way: 'to' | 'from'
  at: string
  answeredAt: string | null
  endedAt: string | null
  result: RingResult | null
  keys: readonly { key: string }[]
}

/** How a call went, as a sentence: "Answered after 4 seconds. Pressed 1." */
export function endInWords(call: CallSeen): string {
  const pressed = call.keys.map(({ key }) => key)
  const keys = pressed.length > 0 ? ` ${words.keysPressed(pressed)}.` : ''
  if (call.way === 'from') return `${wentOut(call)}${keys}`
  switch (call.result) {
    case 'answered': {
      const after = `Answered after ${span(call.at, call.answeredAt)}.`
      if (call.endedAt === null) return `${after} They are talking now.${keys}`
      return `${after}${keys || ' No key was pressed.'}`
    }
    case 'voicemail':
      return `An answerphone took it after ${span(call.at, call.answeredAt)}.`
    case 'busy':
      return 'It was engaged.'
    case 'rejected':
      return 'It was turned away.'
    case 'unreachable':
      return 'It did not get through.'
    case 'no-answer':
      return `It rang for ${span(call.at, call.endedAt)} and nobody answered.`
    case null:
      return 'It is ringing now.'
  }
}

function wentOut(call: CallSeen): string {
  if (call.answeredAt === null) return 'It was not answered.'
  return call.endedAt === null
    ? 'They are talking now.'
    : `They talked for ${span(call.answeredAt, call.endedAt)}.`
}

const span = (from: string, to: string | null): string =>
  durationInWords(new Date(to ?? from).getTime() - new Date(from).getTime())

export const lastCallInWords = (call: CallSeen, now: Date): string =>
  `${call.way === 'to' ? 'Last call' : 'Rang CallAssist'}, ${dayAndTimeInSentence(new Date(call.at), zone, now)}: ${lower(endInWords(call))}`

const lower = (sentence: string): string => sentence.replace(/^\p{Lu}/u, (letter) => letter.toLowerCase())

export const textWhen = (way: 'in' | 'out', at: Date, now: Date): string =>
  `${way === 'in' ? 'From CallAssist' : 'To CallAssist'}, ${dayAndTimeInSentence(at, zone, now)}`

export const newText = (phone: string): string => `${phone} has a new text`

// ----------------------------------------------------------------------------------------------------------------- inbox

export const mailTo = (name: string, address: string): string =>
  name ? `To ${name}, ${address}` : `To ${address}`

export const newMail = (to: string, subject: string): string => `New e-mail to ${to}: ${subject}`

// ---------------------------------------------------------------------------------------------------------------- ledger

export const whenInWords = (at: Date, now: Date): string => dayAndTime(at, zone, now)

/** "Ada's telephone, 01632 960101" or "Ada's telephone rang CallAssist". */
export const rangInWords = (way: 'to' | 'from', names: readonly string[], number: string): string => {
  const phone =
    names.length > 0 ? `${phoneTitle(names, number)}, ${displayNumber(number)}` : phoneTitle([], number)
  return way === 'to' ? phone : `${phone}, rang CallAssist`
}

// ----------------------------------------------------------------------------------------------------------------- clock

/** "Tuesday 24 November, 9:31am" */
export const clockInWords = (now: Date): string =>
  `${dateInWords(localDateOf(now, zone), localDateOf(now, zone))}, ${timeInWords(now, zone)}`

export function aheadInWords(aheadMs: number): string {
  return aheadMs < 1000 ? 'Real time' : `${durationInWords(aheadMs)} ahead of real time`
}

const actors: Readonly<Record<string, string>> = {
  schedules: 'the coming calls are planned',
  calls: 'a call is due or goes on',
  alerts: 'an alert goes on',
  lines: 'something leaves the line',
  mail: 'an e-mail leaves',
  exchange: 'something happens on a telephone',
}

/** What an actor does, for the next event. */
export const eventInWords = (actor: string): string => actors[actor] ?? 'something is due'

/** Within ten minutes the seconds matter: "9:31:24am"; else "today at 6pm", "tomorrow at 9:30am". */
function soonInWords(at: Date, now: Date): string {
  const seconds = at.getUTCSeconds()
  if (seconds === 0 || at.getTime() - now.getTime() > 10 * 60_000) return dayAndTimeInSentence(at, zone, now)
  const [hour = 0, minute = 0] = localTimeOf(at, zone).split(':').map(Number)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${hour % 12 || 12}:${two(minute)}:${two(seconds)}${hour < 12 ? 'am' : 'pm'}`
}

// ---------------------------------------------------------------------------------------------------------------- faults

export const faultWords = {
  title: 'What goes wrong',
  nothing: 'Nothing goes wrong: the telephone company does all that it is asked.',
  summary: 'Make something go wrong (for engineers)',
  lead: 'Real telephone companies do all of this now and then. Here you can see what CallAssist makes of it. It ends by itself, and when CallAssist is started anew.',
  which: 'What the telephone company does wrong',
  onLine: 'On which line',
  everyLine: 'Every line',
  howOften: 'How often',
  howLong: 'For how long',
  minutes: (minutes: number) => durationInWords(minutes * 60_000),
  switchOn: 'Let it go wrong',
  putRight: 'Put everything right',
} as const

/** What follows "The telephone company …". */
export const faultNames: Readonly<Record<FaultChoice, string>> = {
  down: 'cannot be reached',
  errors: 'answers with an error, and does nothing',
  '429': 'says that it is asked too often, and does nothing',
  'lost response': 'does what it is asked, but its answer is lost',
  silence: 'does what it is asked, but never answers',
  'lost callbacks': 'does not report what happens',
  'double callbacks': 'reports everything twice',
  'slow callbacks': 'reports late and out of order',
  'early callbacks': 'reports before it has answered',
  'late callbacks': 'reports what came before the end after it',
  'bad signature': 'signs its reports wrongly',
  'slow queue': 'lets calls wait for a minute before it dials',
  'list lags': 'leaves the calls of the last half minute out of its list',
  'wrong machine': 'takes people for answerphones, and answerphones for people',
}

export const shareNames: Readonly<Record<(typeof faultShares)[number], string>> = {
  10: 'Every time',
  5: 'About every second time',
  2: 'About every fifth time',
}

/** "On the line main, the telephone company cannot be reached, until 9:35am." */
export function faultInWords(fault: Fault): string {
  const where = fault.line === undefined ? 'The' : `On the line ${fault.line}, the`
  const share = shareOf(fault)
  const often = share >= 1 ? '' : `, about ${Math.round(share * 100)} times in a hundred`
  return `${where} telephone company ${faultNames[choiceOf(fault)]}${often}, until ${timeInWords(fault.to, zone)}.`
}
