// Calls / voice: what is said and asked on the telephone during a call, as pure scripts, and what a key means. Pure.
// Called by telephone.ts, which carries out what a key means.
//
// Speech begins at once, and everything up to the prompt lies inside one gather, so that a key counts at any moment.
import type { Script, Sound } from '../outside/phone/port.ts'
import { spoken } from './words.ts'

/** One answered attempt, as it stands at this moment. */
export interface Hearing {
  receiverName: string
  /** the message */
  sounds: readonly Sound[]
  /** null: every key but `*` acknowledges */
  helpKey: string | null
  isTest: boolean
  standing: Standing
}

/** `stale`: open, but its time of use is over. `over`: closed without anybody's word (skipped, missed, not placed). */
export type Standing = 'open' | 'stale' | 'acknowledged' | 'help requested' | 'over'

export type KeyMeaning = 'again' | 'help' | 'heard'

/** Long enough for stiff fingers to find a key. */
const waitSeconds = 8
/** After a confirmation that still offers help. */
const shortWaitSeconds = 4
/** Nobody listens to a message more often; without a limit a stuck key would hold the line for ever. */
const replaysAtMost = 5

export function keyMeans(key: string, helpKey: string | null): KeyMeaning {
  if (key === '*') return 'again'
  return key === helpKey ? 'help' : 'heard'
}

/** The first words, at once. */
export function greeting(hearing: Hearing): Script {
  const { receiverName, isTest, sounds, standing } = hearing
  if (standing !== 'open') return ending(insteadOfMessage[standing](receiverName))
  const hello = isTest ? spoken.helloTest(receiverName) : spoken.hello(receiverName)
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
      return help(hearing)
    case 'heard':
      return heard(hearing, keys)
    case 'again':
      return again(hearing, keys)
  }
}

/** @param silences how many prompts in a row went without a key, from 1 */
export function afterSilence(hearing: Hearing, silences: number): Script {
  if (hearing.standing !== 'open' && hearing.standing !== 'stale') return ending()
  if (silences > 1) return ending(spoken.noKeyYet())
  return [gather([say(spoken.pressAnyKeyAgain(hearing.receiverName)), ...offers(hearing)])]
}

function help({ isTest, receiverName }: Hearing): Script {
  return ending(isTest ? spoken.helpTest(receiverName) : spoken.help(receiverName))
}

/** Whoever may still want help is listened to for a moment more: the wrong key is soon pressed. */
function heard({ isTest, helpKey, receiverName, standing }: Hearing, keys: string): Script {
  if (standing === 'help requested' || standing === 'over')
    return ending(insteadOfMessage[standing](receiverName))
  const confirmation = isTest ? spoken.notedTest(receiverName) : spoken.noted(receiverName)
  const isFirst = [...keys].filter((key) => keyMeans(key, helpKey) === 'heard').length === 1
  if (helpKey === null || !isFirst) return ending(confirmation)
  return [gather([say(confirmation), say(spoken.pressForHelp(helpKey))], shortWaitSeconds)]
}

function again(hearing: Hearing, keys: string): Script {
  const isOften = [...keys].filter((key) => key === '*').length > replaysAtMost
  if (hearing.standing === 'stale' || isOften) return [gather(prompt(hearing))]
  if (hearing.standing !== 'open') return ending(insteadOfMessage[hearing.standing](hearing.receiverName))
  return [gather([...hearing.sounds, ...prompt(hearing)])]
}

const insteadOfMessage: Record<Exclude<Standing, 'open'>, (name: string) => string> = {
  stale: spoken.tooLate,
  acknowledged: spoken.alreadyNoted,
  'help requested': spoken.alreadyHelping,
  over: spoken.notToday,
}

const prompt = (hearing: Hearing): Sound[] => [
  say(spoken.pressAnyKey()),
  ...offers(hearing),
  say(spoken.pressToRepeat()),
]
const offers = ({ helpKey }: Hearing): Sound[] =>
  helpKey === null ? [] : [say(spoken.pressForHelp(helpKey))]
const say = (text: string): Sound => ({ do: 'say', text })
const gather = (sounds: readonly Sound[], wait = waitSeconds) =>
  ({ do: 'gather', sounds, waitSeconds: wait }) as const
const ending = (...sentences: string[]): Script => [
  ...sentences.map(say),
  say(spoken.goodbye()),
  { do: 'hang up' },
]
