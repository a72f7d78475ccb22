// Calls / voice: what is said and asked on the telephone during a call, as pure scripts, and what a key means. Pure.
// Called by telephone.ts, which carries out what a key means.
//
// Speech begins at once, and everything up to the prompt lies inside one gather, so that a key counts at any moment.
import { type ScheduleKind, spoken } from '../messages/messages.ts'
import type { Script, Sound } from '../outside/phone/port.ts'

/** One answered attempt, as it stands at this moment. */
export interface Hearing {
  receiverName: string
  kind: ScheduleKind
  /** the message */
  sounds: readonly Sound[]
  /** null: every key but `*` acknowledges */
  helpKey: string | null
  isTest: boolean
  standing: Standing
  /** what follows when no key comes */
  next: 'ring again' | 'send a text' | 'tell somebody' | 'nothing'
}

/** `stale`: open, but its time of use is over. `over`: closed without anybody's word (skipped, missed, not placed). */
export type Standing = 'open' | 'stale' | 'acknowledged' | 'help requested' | 'over'

export type KeyMeaning = 'again' | 'help' | 'heard'

/** Long enough for stiff fingers to find a key. */
const waitSeconds = 8
/** After a confirmation: the wrong key is soon pressed, and the help key may still come. */
const waitForHelpSeconds = 3
/** Nobody listens to a message more often; without a limit a stuck key would hold the line for ever. */
const replaysAtMost = 5

export function keyMeans(key: string, helpKey: string | null): KeyMeaning {
  if (key === '*') return 'again'
  return key === helpKey ? 'help' : 'heard'
}

/** The first words, at once. */
export function greeting(hearing: Hearing): Script {
  const { receiverName, isTest, sounds, standing } = hearing
  if (standing !== 'open') return noMessage(hearing)
  const hello = isTest ? spoken.testGreeting(receiverName) : spoken.greeting(receiverName)
  return [gather([say(hello), ...sounds, ...prompt(hearing)])]
}

/**
 * After a key has been carried out.
 * @param hearing as it stands now
 * @param keys all pressed in this attempt, the last one included
 */
export function afterKey(hearing: Hearing, keys: string): Script {
  switch (keyMeans(keys.at(-1) ?? '', hearing.helpKey)) {
    case 'help':
      return ending(hearing.isTest ? spoken.testHelp() : spoken.helpComing(hearing.receiverName))
    case 'heard':
      return heard(hearing, keys)
    case 'again':
      return again(hearing, keys)
  }
}

/** @param silences how many prompts in a row went without a key, from 1 */
export function afterSilence(hearing: Hearing, silences: number): Script {
  const { standing, kind, helpKey, next } = hearing
  if (standing !== 'open' && standing !== 'stale') return ending()
  if (silences > 1) return ending(spoken.goodbye(next))
  return [gather([say(spoken.stillThere(kind, helpKey))])]
}

function heard(hearing: Hearing, keys: string): Script {
  const { isTest, helpKey, kind, receiverName, standing } = hearing
  if (standing !== 'acknowledged') return noMessage(hearing)
  const confirmation = isTest
    ? spoken.testConfirmation(receiverName)
    : spoken.confirmation(kind, receiverName)
  const isFirst = [...keys].filter((key) => keyMeans(key, helpKey) === 'heard').length === 1
  return helpKey !== null && isFirst
    ? [gather([say(confirmation)], waitForHelpSeconds)]
    : ending(confirmation)
}

function again(hearing: Hearing, keys: string): Script {
  if (hearing.standing !== 'open' && hearing.standing !== 'stale') return noMessage(hearing)
  const isOften = [...keys].filter((key) => key === '*').length > replaysAtMost
  const sounds = hearing.standing === 'stale' || isOften ? [] : hearing.sounds
  return [gather([...sounds, ...prompt(hearing)])]
}

/** Somebody picked up, or pressed a key, when there is nothing left to hear. */
function noMessage({ standing, receiverName }: Hearing): Script {
  return ending(standing === 'help requested' ? spoken.helpComing(receiverName) : spoken.notNeeded())
}

const prompt = ({ kind, helpKey }: Hearing): Sound[] => [
  say(spoken.prompt(kind, helpKey)),
  say(spoken.again()),
]
const say = (text: string): Sound => ({ do: 'say', text })
const gather = (sounds: readonly Sound[], wait = waitSeconds) =>
  ({ do: 'gather', sounds, waitSeconds: wait }) as const
const ending = (...sentences: string[]): Script => [...sentences.map(say), { do: 'hang up' }]
