// Web / words: every sentence of the web layer itself (header, footer, refusals, error pages, the recorder).
// Pure; each room has its own words.ts for everything else.
import type { SoundTrouble } from '../kit/sound.ts'

export const productName = 'CallAssist'

export const words = {
  skip: 'Skip to main content',
  menu: 'Menu',
  back: 'Back',
  home: 'CallAssist home',
  toHome: 'Go to the home page',
  signIn: 'Sign in',
  signOut: 'Sign out',
  yourCalls: 'Your calls',
  signedInAs: (name: string) => `Signed in as ${name}`,
  practiceLabel: 'Practice',
  practice: 'Practice: no real telephone is connected.',
  practiceLink: 'Open the practice phones',
  footerLinks: 'More about CallAssist',
  help: 'Help',
  privacy: 'Privacy notice',
  accessibility: 'Accessibility',
  callUs: 'Ring us:',
  notEmergency: 'CallAssist is not an emergency service. In an emergency ring 999.',
  problem: 'There is a problem',
  errorTitle: (title: string) => `Error: ${title}`,
  error: 'Error:',
  important: 'Important',
  success: 'Done',
  warning: 'Warning',
  change: 'Change',
  day: 'Day',
  month: 'Month',
  year: 'Year',
} as const

/** A field holds more than it may. @param given how many characters were typed */
export const tooLong = (most: number, given: number): string =>
  `Use ${count(most)} characters or fewer. You used ${count(given)}.`

/** What a page says when it cannot do what was asked: a heading, what happened, and what to do next. */
export interface TroubleWords {
  title: string
  says: string
  next: string
}

const troubles: Record<403 | 404 | 405 | 413 | 421 | 422 | 429 | 500, TroubleWords> = {
  403: {
    title: 'This did not come from a CallAssist page',
    says: 'For safety we only accept a form that was sent from our own page, so nothing was changed.',
    next: 'Go back, load the page again and try once more.',
  },
  404: {
    title: 'We cannot find this page',
    says: 'The address may be mistyped, or the page may belong to somebody else.',
    next: 'If you followed a link, check that you copied all of it, or start again from the home page.',
  },
  405: {
    title: 'This page cannot be used in that way',
    says: 'Nothing was changed.',
    next: 'Go back and use the buttons on the page.',
  },
  413: {
    title: 'That is too much to send at once',
    says: 'A recording may be up to 12 MB, and a form may hold about 60,000 characters. Nothing was saved.',
    next: 'Go back and send something smaller.',
  },
  421: {
    title: 'This CallAssist does not know that name',
    says: 'It was asked for by a name that is not its own, and for safety answers to none but its own and to numbers.',
    next: 'Open it as localhost, or start it with PUBLIC_URL set to the name.',
  },
  422: {
    title: 'We could not use what was sent',
    says: 'Part of the form was missing or in a form we do not understand. Nothing was changed.',
    next: 'Go back, check your answers and try again.',
  },
  429: {
    title: 'That was a lot at once',
    says: 'More was asked from here within a minute than people usually ask, so this was not done. Calls and alerts go on all the same.',
    next: 'Wait a minute, then try again. If you sent a form, go back: what you typed should still be there.',
  },
  500: {
    title: 'Something went wrong on our side',
    says: 'It is our fault, not yours. A note of it has been kept.',
    next: 'Wait a minute and try again. Look first whether your change was saved.',
  },
}

/** Words for any HTTP status: the nearest kind of trouble that has its own page. */
export function troubleWords(status: number): TroubleWords {
  if (status in troubles) return troubles[status as keyof typeof troubles]
  return status >= 500 ? troubles[500] : troubles[422]
}

/** @param reference what to quote, so that the log line can be found */
export const troubleReference = (reference: string): string =>
  `If you contact us, quote the number ${reference}.`

/** Why a recording cannot be used, and what to do about it. Said by the page while recording and by the server after. */
export function soundRefusal(trouble: SoundTrouble): string {
  switch (trouble) {
    case 'not a wav':
      return 'We could not read that file as a recording. Choose a sound file, for example one ending in .wav.'
    case 'silent':
      return 'We could hardly hear anything. Check that the microphone is on, sit closer to it, and record again.'
    case 'clipped':
      return 'The recording is too loud and crackles. Move a little away from the microphone and record again.'
    case 'too short':
      return 'The recording is shorter than one second. Record it again and say the whole message.'
    case 'too long':
      return 'The recording is longer than 60 seconds. Record a shorter message.'
  }
}

export const recorderWords = {
  intro: 'Record your message here. You can listen before anybody else hears it.',
  record: 'Record my voice',
  recordAgain: 'Record again',
  asking: 'If the browser asks, allow it to use the microphone.',
  getReady: (seconds: number) => `Get ready… ${seconds}`,
  cancel: 'Cancel',
  speakNow: 'Speak now',
  seconds: (spoken: number, most: number) => `${spoken} of ${most} seconds`,
  stop: 'Stop',
  level: 'How loud you are',
  listen: 'Your recording, as it will sound on the telephone',
  use: 'Use this recording',
  sending: 'Sending your recording…',
  done: (seconds: number) =>
    `Your recording is ${seconds === 1 ? '1 second' : `${seconds} seconds`} long. Listen to it as it will sound on the telephone.`,
  limit:
    'That is 60 seconds, the longest a message may be. Listen to it, then use it or record a shorter one.',
  fileInstead: 'Send a sound file instead',
  noMicrophone: 'We found no microphone here. You can send a sound file instead.',
  refused:
    'The browser does not let us use the microphone. Allow it beside the address at the top and press “Record my voice” again, or send a sound file instead.',
  broken:
    'The microphone could not be started. Close other programs that use it and try again, or send a sound file instead.',
} as const

const count = (n: number): string => n.toLocaleString('en-GB')
