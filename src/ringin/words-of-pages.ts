// Ringin / words of pages: what pages say of calls that came in and of messages left by telephone. Pure. Called by the pages of services,
// of the queue, and, for the operators' record, by advance.ts.
import { countOf, listOf } from '../kit/plain-words.ts'
import { dayAndTimeInSentence, timeInWords } from '../kit/words-of-time.ts'
import type { Deed } from './deeds.ts'
import type { RingIn } from './store.ts'
import type { Wish } from './types.ts'

/** What the provider told us, for operators. Keys are in none of them: they may be a PIN. */
export const did = {
  rang: 'somebody rang the line',
  keys: 'the provider told of keys',
  silence: 'the provider told of no key',
  recorded: 'the provider told of a recording',
  again: 'the provider asked once more',
  over: 'the provider told: the call is over',
  silent: 'nothing was heard for long: counted as over',
  answered: 'answered with what to say',
} as const

/** "Ada rang in at 9:20am and checked in for the 9:30am call." */
export function ringInSentence(ringIn: RingIn, name: string, zone: string): string {
  const at = timeInWords(ringIn.startedAt, zone)
  const whence = ringIn.isWithheld ? ', with the number withheld' : ''
  const did = ringIn.done.map((deed) => deedInWords(deed, zone))
  if (did.length === 0) return `${name}'s number rang in at ${at}${whence}. No key was pressed.`
  return `${name} rang in at ${at}${whence}, ${listOf(did)}.`
}

function deedInWords(deed: Deed, zone: string): string {
  switch (deed.did) {
    case 'acknowledged':
      return `pressed a key, which answered ${callsInWords(deed.dueAt, zone)}`
    case 'checked in':
      return `pressed a key, and checked in for ${callsInWords(deed.dueAt, zone)}`
    case 'asked for help':
      return 'asked for help'
    case 'granted':
      return `gave the PIN, and ${wishDone(deed.wish)}`
    case 'asked to be rung back':
      return `asked us to ${wishInWords(deed.wish)}, so we rang back`
    case 'confirmed':
      return `confirmed it when we rang back: ${wishDone(deed.wish)}`
    case 'not confirmed':
      return 'did not confirm it when we rang back, so nothing was changed'
    case 'typed a wrong PIN':
      return 'typed a wrong PIN'
    case 'accepted':
      return `said "I will see to it" about ${deed.receiverName}`
    case 'said':
      return `told us how it went with ${deed.receiverName}`
    case 'began to record':
      return 'recorded a message'
    case 'left a message':
      return 'left a message for the desk'
  }
}

function callsInWords(dueAt: readonly string[], zone: string): string {
  const times = dueAt.map((at) => timeInWords(new Date(at), zone))
  return times.length === 1 ? `the ${times[0]} call` : `the calls at ${listOf(times)}`
}

const wishInWords = (wish: Wish): string =>
  wish.do === 'stop' ? 'stop the calls' : `pause the calls for ${countOf(wish.days, 'day')}`
const wishDone = (wish: Wish): string =>
  wish.do === 'stop' ? 'stopped the calls' : `paused the calls for ${countOf(wish.days, 'day')}`

export const words = {
  tag: 'Rang in',
  exchanges: 'With the telephone company',
  messagesTitle: 'Messages left by telephone',
  messagesLead:
    'Whoever rings our number and is not known by it can leave a message. Listen, ring them if they wish it, and say that you have dealt with it.',
  noMessages: 'No message waits for anybody.',
  waiting: (count: number) =>
    count === 0
      ? 'Messages left by telephone'
      : `Messages left by telephone: ${countOf(count, 'message')} to deal with`,
  ringBack: 'Ring',
  messageFrom: (number: string | null, when: string) =>
    number === null ? `Number withheld, ${when}` : `${number}, ${when}`,
  notHereYet: 'The telephone company has not given it to us yet.',
  lost: 'The telephone company could not give it to us. The number is all we have.',
  listen: (number: string | null, seconds: number) =>
    `The message of ${number ?? 'a withheld number'}, ${countOf(seconds, 'second')}`,
  ofWhom: (number: string | null) => `: the message of ${number ?? 'a withheld number'}`,
  dealtWith: 'Dealt with',
  dealtWithBy: (name: string, when: string) => `${name} dealt with it ${when}.`,
  when: dayAndTimeInSentence,
} as const
