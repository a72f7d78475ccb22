// Verification / voice: how a code is spoken on the telephone: who asked for it, then the digits, slowly, twice. Whoever hears it by
// mistake learns nothing else. Pure. Called by telephone.ts.
import type { Script, Sound } from '../outside/phone/port.ts'
import { spoken } from './words.ts'

const waitSeconds = 8
const replaysAtMost = 5

export function codeSpoken(askerName: string, digits: string): Script {
  const once = slowly(digits)
  const sounds: Sound[] = [
    say(spoken.opening(askerName)),
    ...once,
    say(spoken.onceMore()),
    ...once,
    say(spoken.end(askerName)),
  ]
  return [{ do: 'gather', sounds, waitSeconds }]
}

/** Whether it may be said once more. @param keys all pressed in this call, the last one included */
export const again = (keys: string): boolean => [...keys].filter((key) => key === '*').length <= replaysAtMost

export const goodbye = (): Script => [say(spoken.goodbye()), { do: 'hang up' }]

/** Digit by digit, with time to write each down. */
const slowly = (digits: string): Sound[] =>
  [...digits].flatMap((digit) => [say(`${digit}.`), { do: 'pause' as const, seconds: 1 }])

const say = (text: string): Sound => ({ do: 'say', text })
