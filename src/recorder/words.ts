// Recorder / words: every sentence about recording by telephone: heard on the telephone, shown on pages, written to a recorder. Pure.
import type { ScheduleKind } from '../db/tables.ts'
import { listOf, possessive } from '../kit/plain-words.ts'
import type { Ending, TapeTrouble } from './machine.ts'

/** Heard on the telephone. Short sentences; what to press comes last. */
export const spoken = {
  welcome: (receiver: string) =>
    `Hello. This is CallAssist. You can now record a message for ${possessive(receiver)} calls. ` +
    'Have what you want to say ready. Then press any key to begin.',
  stillThere: () => 'Press any key when you are ready to record your message.',
  speak: () => 'Speak after the tone. When you have finished, press the hash key.',
  speakAgain: () => 'Record it again. Speak after the tone, and press the hash key when you have finished.',
  nothingHeard: () =>
    'We did not hear anything. Speak after the tone, and press the hash key when you have finished.',
  refused: (trouble: TapeTrouble) =>
    `${refusals[trouble]} Please record it again: speak after the tone, and press the hash key when you have finished.`,
  oneMoment: (isAgain: boolean) => (isAgain ? 'One moment, please.' : 'Thank you. One moment, please.'),
  thisIsIt: () => 'This is your recording.',
  choose: () => 'To keep it, press 1. To record it again, press 2. To hear it again, press star.',
  late: () =>
    'We are sorry. We cannot play your recording just now. It is not lost. ' +
    'To keep it without listening, press 1. To record it again, press 2.',
  kept: () => 'Thank you. Your recording is kept. Goodbye.',
  keptUnheard: () => 'Thank you. Your recording is kept, if it can be heard well. Goodbye.',
  notChosen: () => 'Your recording is not in use yet. You can listen to it on the page. Goodbye.',
  goodbye: () => 'Nothing was recorded. You can try again at any time. Goodbye.',
} as const

const refusals: Readonly<Record<TapeTrouble, string>> = {
  silent: 'That was too quiet for us to use.',
  clipped: 'That was too loud, and crackled. Hold the telephone a little away from your mouth.',
  'too short': 'That was shorter than one second.',
  'too long': 'That was longer than one minute.',
  'not a wav': 'Something went wrong on our side.',
  'not sound': 'Something went wrong on our side.',
  lost: 'Something went wrong on our side.',
}

/** What somebody might say, by what the call is for. The reader is one who speaks to a person they know. */
export function suggestion(kind: ScheduleKind, receiver: string): string {
  if (kind === 'reminder')
    return `“It is me. I only want to remind you that it is time for your lunch. Enjoy it. Speak to you soon.”`
  if (kind === 'check-in')
    return `“It is me, ${receiver}. I am thinking of you. Press a key, so that I know that you are all right. Speak to you soon.”`
  return `“It is me, ${receiver}. It is time for your lunch. Press a key, so that I know that you are all right.”`
}

/** Where a take stands, as a heading of its page. */
export const standing = {
  waits: 'We are about to ring you',
  rings: 'Your telephone is ringing',
  asking: 'You have answered',
  recording: 'Speak after the tone',
  waiting: 'We are fetching your recording',
  late: 'Your recording is slow to come',
  listening: 'Listen to your recording',
  kept: 'Your recording is kept',
  ready: 'Your recording is here',
  coming: 'Your recording is on its way',
  used: 'Your recording is in use',
} as const

const endings: Readonly<Record<string, string>> = {
  'rang out': 'Nobody answered',
  busy: 'The telephone was engaged',
  voicemail: 'An answerphone took the call',
  rejected: 'The call was turned away',
  'unreachable number': 'This number could not be reached',
  'nothing said': 'Nothing was recorded',
  'often enough': 'You have recorded it often enough for one call',
  'not chosen': 'Nothing was recorded',
  cancelled: 'The call was called off',
}

/** How a take ended that has left no recording. */
export const endingInWords = (ending: Ending): string => endings[ending] ?? 'The call could not be made'

export const words = {
  // ── the third way, beside the browser and a file ──
  byPhone: 'Ring me and record by telephone',
  byPhoneHint:
    'We ring you within seconds. You speak after a tone, hear your recording, and keep it by pressing 1. Any telephone will do.',
  number: 'Which number shall we ring?',
  ring: 'Ring me now',

  // ── the page of a take ──
  title: 'Record by telephone',
  now: {
    waits: 'This takes a few seconds. Have your telephone at hand.',
    rings: 'Pick it up. The call comes from CallAssist.',
    asking: 'Press any key on your telephone when you are ready.',
    recording: 'Say your message after the tone. Press the hash key (#) when you have finished.',
    waiting: 'Stay on the line: you hear it in a moment.',
    late: 'Press 1 to keep it without listening, or 2 to record it again.',
    listening: 'Press 1 to keep it, 2 to record it again, or star to hear it again.',
  },
  tooQuiet: 'We could hardly hear anything. Speak louder or closer to the telephone, and record it again.',
  lost: 'Something went wrong on our side, and we do not have what you said. Please record it again.',
  tryAgain: 'Nothing was recorded. Have us ring again, or choose another way.',
  coming:
    'It comes from the telephone company. This takes a few seconds as a rule; nothing is lost if it takes longer.',
  notChosen: 'You have not chosen it on the telephone. Listen to it here, and use it if you like it.',
  kept: 'You pressed 1 to keep it. Use it now, or record it again.',
  used: (receiver: string) => `${receiver} hears it in the next call.`,
  whatToSay: 'What to say',
  around: (receiver: string) =>
    `Up to one minute. We say “Hello ${receiver}” before it and “press any key” after it.`,
  forExample: 'For example:',
  use: 'Use this recording',
  again: 'Ring me again',
  otherNumber: 'Use another number or another way',
  player: 'Your recording, as it sounds on the telephone',
  openAlone: 'If you hear nothing here, open the recording by itself',
  refresh: 'Look again',
  refreshHint: 'This page follows by itself. If it does not:',
  company: 'With the telephone company',
  time: 'Time',
  asked: 'Asked or told',
  answer: 'Answer',
  tape: (tape: {
    seconds: number
    state: string
    found: string | null
    tries: number
    trouble: string | null
  }) =>
    `Recorded ${tape.seconds} seconds: ${tape.found ?? 'not fetched yet'}, ${tape.state}${tape.trouble ? `, tried ${tape.tries} times: ${tape.trouble}` : ''}`,

  // ── recordings of a service ──
  recordings: (receiver: string) => `Messages for ${receiver}`,
  recordingsLead: 'What is heard in each call. A voice that is known is the best.',
  record: 'Record it',
  recordAgain: 'Record it anew',
  recordQuestion: (receiver: string) => `Record a message for ${receiver}`,
  file: 'A sound file',
  fileHint: 'For example from the voice recorder of your telephone. At most one minute of speech and 12 MB.',
  sendFile: 'Send this file',
  chooseFile: 'Choose a sound file first',
  toRecordings: 'All messages',
  isUsed: (receiver: string) => `The recording is in use. ${receiver} hears it in the next call.`,
  goodUntil: (until: string) => `Good until ${until}.`,

  // ── somebody else records ──
  letOther: 'Let somebody else record it',
  letOtherHint: 'They ring us, type a code of six digits, and speak. They need no computer.',
  otherName: 'Who shall record it?',
  otherEmail: 'Their e-mail address, if we shall send them the code',
  otherMobile: 'Their mobile number, if we shall text them the code',
  makeCode: 'Make a code',
  whoseName: 'their name',
  mobileOnly: 'A landline gets no texts. Give a mobile number, or leave this empty',
  codeTitle: (name: string) => `A code for ${name}`,
  codeRing: (number: string) => `Ring ${number}`,
  codeType: (code: string) => `Press 3, then type ${code}`,
  codeThen: 'Say the message after the tone, listen to it, and press 1 to keep it.',
  codeGood: (until: string) => `The code is good until ${until}, and for this message only.`,
  /** @param ways 'e' for an e-mail, 't' for a text */
  sentOver: (ways: string) =>
    listOf([...(ways.includes('e') ? ['e-mail'] : []), ...(ways.includes('t') ? ['text'] : [])]),
  codeSent: (ways: string) => `We have sent it by ${ways}.`,
  codeNotSent: 'Tell it to them, or give them a note of it.',
  codes: 'Codes that may still be used',
  takeBack: 'Take the code back',

  mail: {
    subject: (asker: string, receiver: string) => `${asker} asks you to record a message for ${receiver}`,
    heading: (receiver: string) => `A message for ${receiver} in your voice`,
    lead: (asker: string, receiver: string) =>
      `${receiver} is rung by CallAssist at set times. ${asker} asks you to record what ${receiver} hears then. You only need a telephone:`,
    end: 'If you do not want to, you need not do anything.',
  },
  text: (asker: string, receiver: string, number: string, code: string, until: string) =>
    `${asker} asks you to record a message for ${receiver}. Ring ${number}, press 3 and type ${code}. Good until ${until}. CallAssist`,
} as const

/** "482 913": as it is read and typed. */
export const codeInWords = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`

/** What a recording is called in lists and in a rehearsal's ledger. */
export const recordingName = (receiver: string): string => `A message for ${receiver}, by telephone`
