// Verification / words: every sentence about confirming a number: heard, read in a text, and shown on pages. Pure.
import { possessive } from '../kit/plain-words.ts'

export const spoken = {
  opening: (asker: string) =>
    `Hello. This is CallAssist. ${asker} has asked us to check this telephone number. Here is a code of four digits.`,
  onceMore: () => 'Once more.',
  end: (asker: string) =>
    `Please tell it to ${asker}. To hear it again, press star. If you know nothing of this, simply hang up.`,
  goodbye: () => 'Thank you. Goodbye.',
} as const

export const words = {
  text: (code: string, asker: string, minutes: number) =>
    `CallAssist: ${code} is the code for ${asker}, who asked us to check this number. Good for ${minutes} minutes. If you know nothing of this, ignore it.`,
  noNumber: 'There is no telephone number to confirm.',
  landline: 'A landline gets no texts. Have it rung instead.',

  // ── the list ──
  title: 'Confirm the telephone numbers',
  lead: (receiver: string) =>
    `So that nobody else is rung about ${receiver}, each number is confirmed once, by a code.`,
  until: (receiver: string) =>
    `Until then we ring it all the same when something is wrong, because somebody must be told. But we first ask whether it is the right person, send no texts, and say nothing about ${receiver} before that.`,
  confirmed: 'Confirmed',
  notConfirmed: 'Not confirmed yet',
  denied: 'Somebody there said that this is not their number',
  deniedHint: 'We do not use it any more. Correct the number, or confirm it by a code.',
  confirm: 'Confirm',
  nobody: 'Nobody on the list has a telephone number.',
  allDone: 'Every number is confirmed.',
  toService: (receiver: string) => `Go to ${possessive(receiver)} page`,
  isConfirmedNow: (name: string, number: string) => `${possessive(name)} number ${number} is confirmed.`,

  // ── one number ──
  oneTitle: (name: string) => `Confirm ${possessive(name)} number`,
  yourTitle: 'Confirm your number',
  oneLead: (number: string) => `We send a code of four digits to ${number}.`,
  sendText: 'Send the code by text',
  sendCall: 'Ring and say the code',
  sentText: (number: string, time: string) => `We sent a code by text to ${number} at ${time}.`,
  sentCall: (number: string, time: string) =>
    `We are ringing ${number} since ${time}, and say the code twice.`,
  ask: (name: string) => `Ask ${name} for the code, and type it here.`,
  typeIt: 'Type it here.',
  code: 'Code',
  codeHint: (minutes: number) => `Four digits, good for ${minutes} minutes.`,
  check: 'Confirm the number',
  sendAgain: 'Did no code come?',
  became: (result: string) => troubles[result] ?? null,
  refused: {
    none: 'No code was sent to this number yet. Have one sent first',
    wrong: 'That is not the code. Look at the newest one and try again',
    'too late': 'That code is more than 30 minutes old. Have a new one sent',
    'too often': 'That was tried too often. Have a new code sent',
  },
} as const

const troubles: Readonly<Record<string, string>> = {
  'rang out': 'Nobody answered.',
  busy: 'The line was engaged.',
  voicemail: 'An answerphone took the call, so we hung up.',
  rejected: 'The call was turned away.',
  'unreachable number': 'This number could not be reached. Is it right?',
  'not placed': 'The code could not be sent, which is our fault or the telephone company’s.',
  'not delivered': 'The text did not arrive. Have it rung instead.',
}
