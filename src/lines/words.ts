// Lines / words: what a line itself says on the telephone, and how an operator reads what passed between us and the provider.
// Pure. Called by webhooks.ts, dispatch.ts and reconcile.ts.
import type { Asked, Found, LineState, PhoneEvent, Script } from '../outside/phone/port.ts'

const farewell = (text: string): Script => [{ do: 'say', text }, { do: 'hang up' }]

/** Said when our own words cannot be fetched in the middle of a call. */
export function fallbackScript(): Script {
  return farewell(
    'Hello. This is CallAssist. We are sorry: we cannot play our message just now. It is our fault, not yours, ' +
      'and we will see to it. If you need help now, ring somebody you trust. In an emergency, ring 9 9 9. Goodbye.',
  )
}

/**
 * Left on an answerphone: no name, nothing of health, nothing that a visitor may not hear. Said twice with pauses, because nobody
 * tells us when the beep comes without our message being recorded until then.
 */
export function voicemailScript(): Script {
  const sentence =
    'Hello. This is CallAssist. We rang just now. You can ring this number at any time. Thank you, and goodbye.'
  return [
    { do: 'pause', seconds: 6 },
    { do: 'say', text: sentence },
    { do: 'pause', seconds: 6 },
    { do: 'say', text: sentence },
    { do: 'hang up' },
  ]
}

/** Said on a call that was already counted as over. */
export function sorryScript(): Script {
  return farewell(
    'Hello. This is CallAssist. We are sorry: this call has come too late, and there is nothing you need to do. ' +
      'If you need help now, ring somebody you trust. In an emergency, ring 9 9 9. Goodbye.',
  )
}

/** What we did, for operators. */
export const did = {
  call: 'asked the provider for a call',
  text: 'asked the provider for a text',
  search: 'searched the provider’s calls',
  lookUp: 'looked the call up at the provider',
  hangUp: 'asked the provider to hang up',
  turnOver: 'asked the provider to go on with the words for an answerphone',
  fallback: 'the provider asked for the fallback',
} as const

/** What the provider told us, for operators. Keys are kept with the call, not here. */
export function told(event: PhoneEvent): string {
  switch (event.kind) {
    case 'answered':
      return 'the provider asked what to say'
    case 'keyed':
      return 'the provider told of a key'
    case 'silent':
      return 'the provider told of no key'
    case 'recorded':
      return event.isFileReady
        ? 'the provider told: the file of a recording is ready'
        : `the provider told of a recording of ${event.seconds} seconds`
    case 'state':
      return `the provider told: ${stateInWords(event.state)}${event.sequence === null ? '' : ` (report ${event.sequence})`}${event.code === null ? '' : `, code ${event.code}`}`
    case 'machine':
      return `machine detection said: ${event.verdict}`
    case 'text state':
      return `the provider told: text ${event.state}${event.code === null ? '' : `, code ${event.code}`}`
    case 'unreadable':
      return `the provider told something that we have no word for: ${event.said}`
    case 'text in':
      return 'a text came in'
    case 'ring in':
      return 'somebody rang the line'
    case 'ring-in keys':
      return event.keys === '' ? 'the provider told of no key' : 'the provider told of a key'
  }
}

function stateInWords(state: LineState): string {
  return state.kind === 'ended' ? `ended, ${state.how}` : state.kind
}

export function askedInWords(asked: Asked): string {
  switch (asked.kind) {
    case 'placed':
      return `taken as ${asked.sid}`
    case 'refused':
      return `refused ${asked.temporary ? 'for now' : 'for good'}, ${asked.code}: ${asked.reason}`
    case 'unknown':
      return `no telling: ${asked.reason}`
  }
}

export function foundInWords(found: Found | null): string {
  return found ? `found ${found.sid}: ${stateInWords(found.state)}` : 'found nothing'
}

/** The line is no longer configured, so there is nobody to ask. */
export const notConfigured = 'could not be asked: its line is no longer in use'
export const foundSeveral = (count: number): string => `found ${count} that may be ours, and waited`
export const notReached = (reason: string): string => `could not be asked: ${reason}`
export const heard = { new: 'heard', again: 'heard before', said: 'answered with what to say' } as const
export const notSent = 'not asked for: this number is on the list of those that no text leaves to'
export const hungUp = 'done'

/** For operators: a number that stands in a row and may not be rung. */
export const notAllowed = 'this organisation may not ring this number, so the provider was not asked'

const extras = { test: 'a test', verification: 'a code', recording: 'a recording' } as const
type ExtraName = keyof typeof extras

/** Why a line does not do something beside its work, and what to do. */
export const extraRefused = {
  numberInHour: (purpose: ExtraName, limit: number) =>
    `This number was rung or texted for ${extras[purpose]} ${limit} times within an hour. Wait an hour, then try again`,
  numberInDay: (purpose: ExtraName, limit: number) =>
    `This number was rung or texted for ${extras[purpose]} ${limit} times within a day. Try again tomorrow`,
  accountInDay: (purpose: ExtraName, limit: number) =>
    `You have asked for ${extras[purpose]} ${limit} times within a day. Try again tomorrow`,
  lineInDay: () =>
    'Our line has made all the tests, codes and recordings that it makes in a day, so that calls and alerts always get through. Try again tomorrow',
} as const
