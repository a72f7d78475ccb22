// Alerts / voice of a bundle: one call about several people, asked about one after the other. Pure: scripts as data. Called by
// telephone.ts, which keeps which prompt asked about whom, so that a key that is told of twice answers the same question twice.
//
// 1 takes the one who was just asked about, 2 leaves them to the others, star repeats, and silence goes on to the next: whoever is
// half asleep hears about everybody, twice, and need press nothing to get on. At the end it is said how all of them stand.
import type { Script, Sound } from '../outside/phone/port.ts'
import { happened, isAsked, type OnThePhone, withoutStop } from './voice.ts'
import { labelled, spoken } from './words.ts'

/** One of those whom the call is about, in the order in which they were told. */
export interface Part extends OnThePhone {
  /** the prompt in which it was asked about last; null: not yet */
  asked: number | null
}

/** @returns what is said, and about which of the parts it asks; null when it asks nothing */
export interface Turn {
  script: Script
  asks: number | null
}

const waitSeconds = 6
/** Each is asked about so often when nobody presses anything. */
const timesAsked = 2
const replaysAtMost = 5
const wrongKeysAtMost = 3

/** A prompt by its place in the call: after so many keys, and after so many silences since the last of them. */
export function promptAt(keys: number, silences: number): number {
  return keys * 1000 + silences
}

const keysAt = (prompt: number): number => Math.floor(prompt / 1000)

/** The first words, at once: whom it is about, how those stand whom others see to, and the first question. */
export function openingOf(parts: readonly Part[]): Turn {
  const labels = labelsOf(parts)
  const asks = nextAfter(parts, '', -1)
  const about = [
    say(spoken.aboutSeveral(parts.map(({ facts }) => facts.receiverName))),
    ...parts.flatMap((part) => (isAsked(part) ? [] : standing(part))),
  ]
  return asks === null ? ends(about) : asking(about, parts, asks, spoken.firstOf(labels[asks]!))
}

/** Which part a key answers that was pressed after `keys` others; null when nothing was asked then. */
export function askedBefore(parts: readonly Part[], keys: number): number | null {
  let latest: number | null = null
  for (const [at, { asked }] of parts.entries()) {
    if (asked === null || keysAt(asked) !== keys) continue
    if (latest === null || asked > parts[latest]!.asked!) latest = at
  }
  return latest
}

/** What this key asks for. */
export function isAcceptance(part: Part | undefined, key: string): boolean {
  return key === '1' && part !== undefined && part.standing.is !== 'closed'
}

/**
 * What is said after a key, when what it asked for is done.
 * @param parts as they stand now; @param keys all pressed in this call, the last one included
 */
export function afterKey(parts: readonly Part[], keys: string): Turn {
  const key = keys.at(-1)!
  const about = askedBefore(parts, keys.length - 1)
  if (countOf(keys, (k) => k === '*') > replaysAtMost) return ends([say(spoken.goodbye())])
  if (about === null || (key !== '1' && key !== '2')) return repeat(parts, keys, about)
  const part = parts[about]!
  const { receiverName } = part.facts
  const answer = key === '1' ? taken(part) : [say(spoken.declined(receiverName))]
  const next = nextAfter(parts, keys, about)
  return next === null
    ? finish(parts, keys, answer)
    : asking(answer, parts, next, spoken.nextOf(labelsOf(parts)[next]!))
}

/** Nobody pressed anything: on to the next, and at last good-bye. @param silences prompts in a row without a key, from 1 */
export function afterSilence(parts: readonly Part[], keys: string, silences: number): Turn {
  const known = parts.findIndex(({ asked }) => asked === promptAt(keys.length, silences))
  const open = parts.filter((part, at) => isAsked(part) && !isAnswered(parts, keys, at)).length
  if (known < 0 && silences >= timesAsked * open) return ends([say(farewell(parts))])
  const next = known >= 0 ? known : nextAfter(parts, keys, askedBefore(parts, keys.length) ?? -1)
  if (next === null) return ends([say(farewell(parts))])
  const label = labelsOf(parts)[next]!
  const isAgain = silences >= open
  return asking([], parts, next, isAgain ? spoken.onceMoreOf(label) : spoken.nextOf(label))
}

/** Star: the same once more. Any other key: what to press. When nothing is asked any more: how all stand. */
function repeat(parts: readonly Part[], keys: string, about: number | null): Turn {
  const isStar = keys.endsWith('*')
  if (countOf(keys, (key) => key !== '*' && key !== '1' && key !== '2') > wrongKeysAtMost)
    return ends([say(spoken.goodbye())])
  const again = about !== null && isAsked(parts[about]!) ? about : nextAfter(parts, keys, about ?? -1)
  if (again === null) return isStar ? finish(parts, keys, []) : ends([say(spoken.goodbye())])
  return asking(
    isStar ? [] : [say(spoken.notOneOrTwo())],
    parts,
    again,
    spoken.onceMoreOf(labelsOf(parts)[again]!),
  )
}

/** The next of whom nobody has yet decided anything, round in a circle. */
function nextAfter(parts: readonly Part[], keys: string, at: number): number | null {
  for (let apart = 1; apart <= parts.length; apart++) {
    const next = (at + apart + parts.length) % parts.length
    if (isAsked(parts[next]!) && !isAnswered(parts, keys, next)) return next
  }
  return null
}

/** This person has said 1 or 2 to it in this call. */
function isAnswered(parts: readonly Part[], keys: string, at: number): boolean {
  const { asked } = parts[at]!
  if (asked === null) return false
  const key = keys[keysAt(asked)]
  return (key === '1' || key === '2') && askedBefore(parts, keysAt(asked)) === at
}

function asking(before: readonly Sound[], parts: readonly Part[], asks: number, which: string): Turn {
  const part = parts[asks]!
  const { receiverName } = part.facts
  const question =
    part.standing.is === 'accepted'
      ? [
          say(spoken.wantsHelp(part.standing.byName, receiverName)),
          ...happened(part.facts),
          say(spoken.pressOneToHelpWith(receiverName)),
        ]
      : [...happened(part.facts), say(spoken.pressOneFor(receiverName))]
  return {
    script: [{ do: 'gather', sounds: [...before, say(which), ...question], waitSeconds }],
    asks,
  }
}

/** Nobody is left to ask about. Whoever has taken somebody may hear it all again. */
function finish(parts: readonly Part[], keys: string, answer: readonly Sound[]): Turn {
  const isNew = answer.length > 0
  const told = askedBefore(parts, keys.length - 1)
  const rest = parts.flatMap((part, at) => (isNew && at === told ? [] : standing(part)))
  const hasNotes = parts.some((part) => part.standing.is === 'yours' && part.facts.accessNotes)
  const hasAny = parts.some((part) => part.standing.is === 'yours')
  const others = isNew && hasAny ? [say(spoken.tellingOthers())] : []
  const all = [...answer, ...rest, ...others]
  if (!hasNotes) return ends([...all, say(spoken.goodbye())])
  return {
    script: [{ do: 'gather', sounds: [...all, say(spoken.again())], waitSeconds }],
    asks: null,
  }
}

/** Just pressed 1: theirs, or somebody was quicker. */
function taken(part: Part): Sound[] {
  if (part.standing.is !== 'yours') return standing(part)
  return [say(spoken.thanksFor(part.facts.receiverName)), ...notes(part)]
}

/** How one stands, for whom nothing is asked of this person. Nothing is said of one that nobody has in hand: that was asked about. */
function standing(part: Part): Sound[] {
  const { receiverName } = part.facts
  switch (part.standing.is) {
    case 'yours':
      return [say(spoken.stillYours(receiverName)), ...notes(part)]
    case 'accepted':
      return part.standing.wantsHelp ? [] : [say(spoken.takenFor(part.standing.byName, receiverName))]
    case 'closed':
      return [say(spoken.over(part.standing.how, part.standing.byName, receiverName))]
    case 'open':
      return []
  }
}

function notes({ facts }: Part): Sound[] {
  return facts.accessNotes ? [say(spoken.notes(withoutStop(facts.accessNotes)))] : []
}

function farewell(parts: readonly Part[]): string {
  return parts.some(({ standing: { is } }) => is === 'open') ? spoken.nobodyPressed() : spoken.goodbye()
}

const labelsOf = (parts: readonly Part[]): string[] => labelled(parts.map(({ facts }) => facts))
const countOf = (keys: string, counts: (key: string) => boolean): number => [...keys].filter(counts).length
const ends = (sounds: readonly Sound[]): Turn => ({ script: [...sounds, { do: 'hang up' }], asks: null })
const say = (text: string): Sound => ({ do: 'say', text })
