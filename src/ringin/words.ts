// Ringin / words: every sentence that is said to somebody who rings us, or whom we ring back, and what the stakeholders are told.
// Pure. Short sentences, the key last. Nobody is named before it is known who rings.

import { countOf } from '../kit/plain-words.ts'
import { keyInWords, type ScheduleKind } from '../messages/messages.ts'
import type { Wish } from './types.ts'

export const spoken = {
  hello: (name: string) => `Hello ${name}. This is CallAssist. Thank you for ringing.`,

  // ── the day ──
  isTime: () => 'It is time for your call.',
  // also of a call that we could not place: then nothing rang
  missed: (when: string) => `Your call was due ${when}, and we have not heard from you yet.`,
  isSoon: (when: string) => `Your next call is ${when}. This is what it says.`,
  lastSaid: (when: string) => `Your last call was ${when}. This is what it said.`,
  nothingToDo: (next: string | null) =>
    next === null
      ? 'There is nothing that you need to do.'
      : `There is nothing that you need to do. Your next call is ${next}.`,
  isPaused: (until: string) => `Your calls are paused until ${until}.`,
  isStopped: () => 'Your calls have been stopped. Whoever set them up can start them again.',

  // ── what a key does ──
  anyKey: (kind: ScheduleKind) => `Press any key to tell us that ${youSay(kind)}.`,
  checkIn: (kind: ScheduleKind) =>
    `Press any key to tell us now that ${youSay(kind)}. Then we will not ring you for it.`,
  help: (key: string) => `If you need somebody, press ${keyInWords(key)}.`,
  more: (key: string) => `To pause or stop your calls, press ${keyInWords(key)}.`,
  again: () => 'To hear this again, press star.',
  orHangUp: () => 'Or simply hang up.',
  stillThere: () => 'We have not heard a key yet.',
  notUnderstood: () => 'That key does nothing here.',
  goodbye: () => 'Thank you for ringing. Goodbye.',

  // ── what was done ──
  acknowledged: (kind: ScheduleKind, name: string) =>
    `Thank you, ${name}. Now we know that ${kind === 'reminder' ? 'you heard this' : 'you are all right'}.`,
  checkedIn: (kind: ScheduleKind, name: string) =>
    `Thank you, ${name}. Now we know that ${kind === 'reminder' ? 'you heard this' : 'you are all right'}, and we will not ring you for it.`,
  nothingHere: () => 'Thank you. There is nothing that you need to do.',
  nothingChanged: () => 'Nothing has been changed.',

  // ── pausing and stopping ──
  choices: () =>
    'For no more calls today, press 1. To pause your calls for some days, press 2. To have your calls stopped, press 3.',
  howManyDays: (most: number) =>
    `For how many days shall we not ring, today included? Type the number, up to ${most}, and then press hash.`,
  notThatMany: (most: number) => `That is not a number from 1 to ${most}.`,
  stop: () =>
    'You have asked us to stop your calls. We would not ring you any more. If that is what you want, press 1. If not, press 2.',
  reallyStop: () =>
    'Please tell us once more. To have your calls stopped for good, press 1. To go on as before, press 2.',
  pin: () =>
    'So that we know that it is you: please type your PIN, and then press hash. If you do not know it, just wait, and we will ring you back instead.',
  wrongPin: () => 'That was not your PIN.',
  ringsBack: () =>
    'We must be sure that it is you. Please put the telephone down now. In a moment we ring you on your own telephone, and there you press 1. Until then nothing is changed.',
  cannotRingBack: () =>
    'We have rung you back about this several times, so we cannot do it again just now. Nothing has been changed. Please ask somebody who looks out for you. Goodbye.',
  granted: (wish: Wish, until: { last: string; next: string }) =>
    wish.do === 'stop'
      ? 'Your calls have been stopped. We are telling the people who look out for you. They can start the calls again. Goodbye.'
      : `${untilWords(wish, until)} We are telling the people who look out for you. Goodbye.`,

  // ── being rung back ──
  backHello: (name: string) => `Hello ${name}. This is CallAssist, ringing you back.`,
  backAsks: (wish: Wish) => `Somebody who rang us as you has asked us to ${wishInWords(wish)}.`,
  backConfirm: () => 'If it was you and you want that, press 1. If not, press 2, and nothing is changed.',
  backReally: () =>
    'Please tell us once more. To have your calls stopped for good, press 1. To go on as before, press 2.',
  backRefused: () => 'Nothing has been changed, and we go on ringing you as before. Goodbye.',
  backOver: () => 'This has been dealt with already. There is nothing that you need to do. Goodbye.',

  // ── who is it? ──
  whose: () => 'Hello. This is CallAssist. Thank you for ringing.',
  which: (names: readonly string[]) =>
    names.map((name, at) => `If you are ${name}, press ${at + 1}.`).join(' '),
  stranger: () =>
    'Hello. This is CallAssist. We ring people to hear that they are well. If you need help now, ring somebody you trust. In an emergency, ring 9 9 9.',
  missedOurs: () =>
    'If you have just missed a call from us, you do not need to do anything. We will ring again.',
  leaveMessage: () => 'To leave us a message, press 1.',
  otherTelephone: () => 'If we ring you every day, and this is not your own telephone, press 2.',
  haveCode: () => 'If somebody has given you a code to record a message, press 3.',
  code: () => 'Please type the six digits of your code.',
  wrongCode: () => 'We do not know that code.',
  codesLocked: () => 'There have been too many wrong codes, so we take none for an hour.',
  number: () => 'Please type the telephone number that we ring, with its area code, and then press hash.',
  numberPin: () => 'Now type your PIN, and then press hash.',
  noSuchNumber: () => 'We do not know that number with that PIN.',
  locked: () => 'There have been too many wrong PINs, so we take none for an hour.',

  // ── a message ──
  message: () =>
    'Please speak after the tone. Say who you are and how we can reach you. When you have finished, press hash, or hang up.',
  nothingHeard: () => 'We have not heard anything.',
  keptMessage: () => 'Thank you. Your message has reached us, and somebody will listen to it. Goodbye.',

  // ── whoever is told of alerts ──
  acceptOr: (isLast: boolean) =>
    isLast
      ? 'Press 1 if you will see to it. Press 2 if you cannot.'
      : 'Press 1 if you will see to it. Press 2 if you cannot, and hear the next.',
  howDidItGo: (receiverName: string) =>
    `You are seeing to ${receiverName}. Press 1 if all is well. Press 2 if you are on your way. Press 3 if you need the others to help.`,
  /** how to get in follows, to the number that we know: this one may be forged */
  accepted: (receiverName: string) =>
    `Thank you. You are seeing to ${receiverName}. We are telling everybody else, and sending you the details now.`,
  fine: (receiverName: string) => `Thank you. We are telling everybody that ${receiverName} is all right.`,
  going: () => 'Thank you. We will ask you again in an hour.',
  getHelp: () => 'We are asking everybody else to help. If it is an emergency, ring 9 9 9 now.',
  skipped: () => 'All right. We go on telling the others.',
} as const

/** "pause your calls for 3 days", as the end of a sentence. */
function wishInWords(wish: Wish): string {
  if (wish.do === 'stop') return 'stop your calls for good'
  return wish.days === 1
    ? 'make no more calls today'
    : `pause your calls for ${countOf(wish.days, 'day')}, today included`
}

function untilWords(
  { days }: Wish & { do: 'pause' },
  { last, next }: { last: string; next: string },
): string {
  return days === 1
    ? 'We will not ring you any more today. Your calls begin again tomorrow.'
    : `We will not ring you until ${last}, that day included. Your calls begin again on ${next}.`
}

function youSay(kind: ScheduleKind): string {
  if (kind === 'reminder') return 'you heard this'
  return kind === 'check-in' ? 'you are all right' : 'you heard this and are all right'
}

/** Why there is a pause, as the others read it. */
export const askedByTelephone = (name: string): string => `${name} asked for it by telephone`
