// Messages / words: every sentence around a message that the receiver hears, the reading of a text that a voice shall
// say, and what pages say about messages. Pure. Called by the calls' voice, the wizard and the service page.
//
// Said on the telephone to somebody who is old and perhaps hard of hearing: short sentences, the important word last,
// figures for keys. Whoever picks up hears it, so no sentence here says more than the name and that we ring.

import { lengthOf, readLine } from '../kit/typed-text.ts'

/** What a schedule is for: to remind, to know that all is well, or both. */
export type ScheduleKind = 'reminder' | 'check-in' | 'both'

export const SPOKEN_TEXT_LIMITS = { min: 5, max: 600 } as const

export type ReadSpokenText =
  | { ok: true; text: string }
  | {
      ok: false
      /** a sentence that says what to do */
      reason: string
    }

/**
 * A text written to be spoken: one paragraph of 5 to 600 characters, cleaned. Refused when a voice could not say it.
 * It is plain text; making it safe inside XML is the line adapter's work.
 */
export function readSpokenText(typed: string): ReadSpokenText {
  const read = readLine(typed, { what: 'what the voice shall say', ...SPOKEN_TEXT_LIMITS })
  if (!read.ok) return read
  if (!/\p{L}{2}/u.test(read.text)) {
    return { ok: false, reason: 'Please write it in words, as you would say it on the telephone.' }
  }
  if (/:\/\/|\bwww\.|\S@\S/i.test(read.text)) {
    return {
      ok: false,
      reason: 'A web or e-mail address cannot be followed on the telephone. Please leave it out.',
    }
  }
  return read
}

/**
 * True when a written text speaks of health, so that it should be marked sensitive. It looks for common words only:
 * a hint for the person who writes, who decides.
 */
export function mentionsHealth(text: string): boolean {
  return HEALTH.test(text)
}

const HEALTH =
  /\b(?:tablets?|pills?|medic(?:ine|ines|ation|al)|insulin|inhalers?|injections?|doses?|antibiotics?|painkillers?|paracetamol|aspirin|warfarin|statins?|vitamins?|drops|creams?|ointment|patch|blood (?:sugar|pressure|test)|diabet\w*|heart|asthma|dement\w*|alzheimer\w*|parkinson\w*|stroke|cancer|catheter|dialysis|chemo\w*|dressings?|hearing aids?|incontinen\w*|pads|oxygen|doctor|gp|nurse|hospital|clinic|surgery|physio\w*|chemist|pharmac\w*|prescriptions?|carers?)\b/i

/** Seconds that a voice takes for a text, near enough: 150 words a minute, and a breath after each sentence. */
export function spokenSeconds(text: string): number {
  const words = text.split(/\s+/).filter(Boolean).length
  const breaths = text.match(/[.!?](?=\s|$)/g)?.length ?? 0
  return words / 2.5 + breaths * 0.4
}

/** What the receiver hears, sentence by sentence. */
export const spoken = {
  /** The first thing heard, at once after picking up. */
  greeting: (receiverName: string) => `Hello ${receiverName}. This is CallAssist, calling for you.`,

  /** The first thing heard in a test call. */
  testGreeting: (receiverName: string) =>
    `Hello ${receiverName}. This is CallAssist. This is a test call, to hear whether everything works.`,

  /** After the message: what to press. @param helpKey the service's own key for help, or null */
  prompt: (kind: ScheduleKind, helpKey: string | null) => {
    if (helpKey === null) {
      return `Please press any key on your telephone now, so that we know ${soThatWeKnow(kind)}.`
    }
    return `Press any key to say that ${youSay(kind)}, or press ${keyInWords(helpKey)} if you need somebody.`
  },

  /** After the prompt. */
  again: () => 'To hear this again, press star.',

  /** When no key came, once. */
  stillThere: (kind: ScheduleKind, helpKey: string | null) =>
    helpKey === null
      ? 'We have not heard a key yet. Please press any key on your telephone.'
      : `We have not heard a key yet. Press any key to say that ${youSay(kind)}, or press ${keyInWords(helpKey)} if you need somebody.`,

  /** After the key: what it did, then goodbye. */
  confirmation: (kind: ScheduleKind, receiverName: string) =>
    kind === 'reminder'
      ? `Thank you, ${receiverName}. Now we know that you heard this. Goodbye.`
      : `Thank you, ${receiverName}. Now we know that you are all right. Goodbye.`,

  /** After the key in a test call. */
  testConfirmation: (receiverName: string) =>
    `Thank you, ${receiverName}. Your key has reached us, so the test has worked. Goodbye.`,

  /** After the help key. We ring nobody's emergency service, so it says who does. */
  helpComing: (receiverName: string) =>
    `${receiverName}, we have heard that you need somebody. We are telling the people who look out for you now. If it is an emergency, hang up and ring 999.`,

  /** After the help key in a test call: nobody is told. */
  testHelp: () =>
    'Your help key has reached us, so the test has worked. As this is only a test, nobody is told. Goodbye.',

  /** No key came at all. @param next what will happen, so that it is no surprise */
  goodbye: (next: 'ring again' | 'send a text' | 'tell somebody' | 'nothing') => {
    if (next === 'ring again')
      return 'We have not heard a key, so we will ring again in a few minutes. Goodbye.'
    if (next === 'send a text')
      return 'We have not heard a key, so we will send you a text in a few minutes. Goodbye.'
    if (next === 'tell somebody')
      return 'We have not heard a key, so we will tell somebody who looks out for you. Goodbye.'
    return 'We have not heard a key. Goodbye.'
  },

  /** Picked up when the call is already done or no longer useful. */
  notNeeded: () => 'Thank you for picking up. There is nothing that you need to do. Goodbye.',

  /** When we ourselves cannot go on. */
  ourFault: () => 'We are sorry. Something has gone wrong on our side, and we will ring again. Goodbye.',
} as const

/** What a page says of a message. */
export const shown = {
  preset: (title: string) => `The ready-made message "${title}"`,
  spoken: (text: string) => `A voice says: "${text}"`,
  recording: (recorderName: string | null) =>
    recorderName === null ? 'A recording' : `A recording by ${recorderName}`,
  /** The recording is not there yet: said on every screen that shows the schedule. */
  recordingMissing: (title: string) =>
    `There is no recording yet. Until there is one, the ready-made message "${title}" is played.`,
  sensitive: () =>
    'This message may tell a listener something about health. It is only ever spoken in the call, or texted to the telephone that we call; it never stands in an e-mail.',
  /** Under the field while a text is written. */
  spokenLength: (text: string) =>
    `About ${Math.max(1, Math.round(spokenSeconds(text)))} seconds to say, ${lengthOf(text)} of ${SPOKEN_TEXT_LIMITS.max} characters.`,
} as const

/** How a key of the telephone is called: "9", "star", "hash". */
export function keyInWords(key: string): string {
  if (key === '*') return 'star'
  return key === '#' ? 'hash' : key
}

function soThatWeKnow(kind: ScheduleKind): string {
  if (kind === 'reminder') return 'you heard this'
  return kind === 'check-in' ? 'you are all right' : 'you heard this and are all right'
}

function youSay(kind: ScheduleKind): string {
  return kind === 'reminder' ? 'you heard this' : 'you are all right'
}
