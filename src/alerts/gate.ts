// Alerts / gate: what is asked first on a call to a number that nobody has confirmed: are you Ben? A stranger whose number was mistyped
// hears a name that is not theirs, and nothing about anybody. Pure. Called by telephone.ts, before voice.ts and voice-bundle.ts.
//
// Key 1 says "that is me" and opens the rest of the call, of which the keys then count anew; key 2 says that it is not, and the number
// is not used again. What was pressed before counts for nothing.

import { listOf } from '../kit/plain-words.ts'
import type { Heard } from '../lines/lines.ts'
import type { Script } from '../outside/phone/port.ts'
import { spoken } from './words.ts'

interface Asked {
  name: string
  tells: 'alert' | 'accepted' | 'all-clear' | 'reminder'
  asksName: boolean
}

/** `asks`: nothing is known yet. */
export type Gate = 'asks' | 'is them' | 'is not them'

const waitSeconds = 8
const timesAsked = 3

const isGated = (call: readonly Asked[]): boolean => call.some(({ asksName }) => asksName)
const decisionIn = (keys: string): number => [...keys].findIndex((key) => key === '1' || key === '2')

/** Whether it is still to be said who is there. */
export const isAtGate = (call: readonly Asked[], { keys }: Pick<Heard, 'keys'>): boolean =>
  isGated(call) && decisionIn(keys) < 0

/** What the last key says at the gate; null when there is none, or it was decided before. */
export function gateOf(call: readonly Asked[], { keys }: Pick<Heard, 'keys'>): Gate | null {
  if (!isGated(call)) return null
  const decided = decisionIn(keys)
  if (decided < 0) return 'asks'
  if (keys[decided] === '2') return 'is not them'
  return decided === keys.length - 1 ? 'is them' : null
}

/** What became of a call that was answered and never got behind the gate; null: it did, or there was none. */
export function fateAtGate(
  call: readonly Asked[],
  { keys }: Pick<Heard, 'keys'>,
): 'somebody else' | 'did not say who' | null {
  if (!isGated(call)) return null
  const decided = decisionIn(keys)
  if (decided < 0) return 'did not say who'
  return keys[decided] === '2' ? 'somebody else' : null
}

/** What was pressed since the gate was opened. */
export function behindGate<H extends Pick<Heard, 'keys'>>(call: readonly Asked[], heard: H): H {
  if (!isGated(call)) return heard
  return { ...heard, keys: heard.keys.slice(heard.keys.indexOf('1') + 1) }
}

/** @param wrongKeys pressed so far, none of them an answer */
export function whoIsThere(call: readonly Asked[], wrongKeys = 0): Script {
  if (wrongKeys >= timesAsked) return farewell(spoken.goodbye())
  const name = listOf([...new Set(call.map((one) => one.name))], 'or')
  const isUrgent = call.some(({ tells }) => tells === 'alert')
  return [{ do: 'gather', sounds: [{ do: 'say', text: spoken.whoIsThere(name, isUrgent) }], waitSeconds }]
}

/** @param silences how many prompts in a row went without a key, from 1 */
export function nobodyThere(call: readonly Asked[], silences: number): Script {
  return silences >= timesAsked ? farewell(spoken.goodbye()) : whoIsThere(call)
}

export const notThem = (): Script => farewell(spoken.notThem())

const farewell = (text: string): Script => [{ do: 'say', text }, { do: 'hang up' }]
