// Alerts / voice: what is said and asked on the telephone when somebody is told of an alert. Pure: scripts as data.
// Called by telephone.ts, which carries out what a key means. A voicemail hears it too, and can press nothing.
import type { Gather, Script, Sound } from '../outside/phone/port.ts'
import type { Said } from './machine.ts'
import { type AlertFacts, type Standing, spoken, whatHappened, whatWasFound } from './words.ts'

/** One call about one alert, as it stands at this moment of it. */
export interface OnThePhone {
  /** why this call was made */
  tells: 'alert' | 'accepted' | 'all-clear' | 'reminder'
  /** who is spoken to */
  name: string
  facts: AlertFacts
  standing: Standing
}

/** What a key asks for, beside an answer. */
export type Act = 'accept' | Said | null

const waitSeconds = 6
/** The message is said this often when nobody presses anything. */
const timesSaid = 3
/** Nobody listens more often; without a limit a stuck key would hold the line for ever. */
const replaysAtMost = 5

/** The first words, at once. */
export function opening(on: OnThePhone): Script {
  return [gather([...message(on), ...question(on)])]
}

/** @param silences how many prompts in a row went without a key, from 1 */
export function silence(on: OnThePhone, silences: number): Script {
  if (!isAsked(on)) return ending(silences >= 2 ? [] : message(on))
  if (silences >= timesSaid)
    return ending([say(on.standing.is === 'open' ? spoken.nobodyPressed() : spoken.goodbye())])
  return opening(on)
}

/** What `key` means while things stand so. */
export function actOf(on: OnThePhone, key: string): Act {
  if (on.standing.is === 'yours') return on.tells === 'reminder' ? (outcomes[key] ?? null) : null
  // also where somebody was quicker: then it is noted, and the answer says who
  return key === '1' && on.tells === 'alert' && on.standing.is !== 'closed' ? 'accept' : null
}

const outcomes: Record<string, Said> = { '1': 'she is fine', '2': 'I am going', '3': 'get help' }

/** What is said after `key`, when it asked for nothing. @param keys all pressed in this call, this one included */
export function answer(on: OnThePhone, key: string, keys: string): Script {
  if ([...keys].filter((other) => other === '*').length > replaysAtMost)
    return ending([say(spoken.goodbye())])
  if (key === '*')
    return on.standing.is === 'yours' && on.tells !== 'reminder' ? accepted(on, 'again') : opening(on)
  if (on.standing.is === 'yours' && on.tells !== 'reminder') return accepted(on, 'again')
  if (!isAsked(on)) return ending(message(on))
  const others = [...keys].filter((other) => other !== '*' && other !== '1').length
  return others > 1
    ? ending([say(spoken.goodbye())])
    : [gather([say(spoken.notThatKey()), ...message(on), ...question(on)])]
}

/** What is said once the act is done. @param on as it stands now */
export function after(on: OnThePhone, act: Exclude<Act, null>): Script {
  const { receiverName } = on.facts
  if (act === 'she is fine') return ending([say(spoken.notedFine(receiverName))])
  if (act === 'I am going') return ending([say(spoken.notedGoing())])
  if (act === 'get help') return ending([say(spoken.notedHelp())])
  return on.standing.is === 'yours' ? accepted(on, 'new') : ending(message(on))
}

/** Thanks, and how to get in: said twice over where there are notes, since somebody may be looking for a pen. */
function accepted({ name, facts }: OnThePhone, which: 'new' | 'again'): Script {
  const first =
    which === 'new' ? spoken.thanks(name, facts.receiverName) : spoken.stillYours(facts.receiverName)
  if (!facts.accessNotes) return [say(first), say(spoken.goodbye()), { do: 'hang up' }]
  return [gather([say(first), say(spoken.notes(withoutStop(facts.accessNotes))), say(spoken.again())])]
}

export function message(on: OnThePhone): Sound[] {
  const { facts, standing, tells } = on
  const about = say(spoken.about(facts.receiverName))
  switch (standing.is) {
    case 'closed':
      return [about, say(spoken.over(standing.how, standing.byName, facts.receiverName))]
    case 'accepted':
      if (standing.wantsHelp)
        return [about, say(spoken.wantsHelp(standing.byName, facts.receiverName)), ...happened(facts)]
      return [
        about,
        say(
          tells === 'accepted'
            ? spoken.willSeeToIt(standing.byName, facts.receiverName)
            : spoken.already(standing.byName),
        ),
      ]
    case 'yours':
      if (tells !== 'reminder') return [about, say(spoken.stillYours(facts.receiverName))]
      return [about, ...happened(facts)]
    case 'open':
      return [about, ...happened(facts)]
  }
}

function question(on: OnThePhone): Sound[] {
  if (on.standing.is === 'open') return [say(spoken.pressOne())]
  if (on.standing.is === 'accepted' && on.standing.wantsHelp) return [say(spoken.pressOneToHelp())]
  if (on.standing.is === 'yours' && on.tells === 'reminder')
    return [say(spoken.howDidItGo(on.facts.receiverName))]
  return [say(spoken.again())]
}

/** Does a key decide something? Else the call only informs. */
export function isAsked({ standing, tells }: OnThePhone): boolean {
  if (standing.is === 'accepted') return standing.wantsHelp
  return standing.is === 'open' || (standing.is === 'yours' && tells === 'reminder')
}

export function happened(facts: AlertFacts): Sound[] {
  const found = facts.reason === 'help requested' ? '' : whatWasFound(facts)
  return found === '' ? [say(whatHappened(facts))] : [say(whatHappened(facts)), say(found)]
}

function gather(sounds: readonly Sound[]): Gather {
  return { do: 'gather', sounds, waitSeconds }
}

function ending(sounds: readonly Sound[]): Script {
  return sounds.length === 0 ? [{ do: 'hang up' }] : [...sounds, { do: 'hang up' }]
}

function say(text: string): Sound {
  return { do: 'say', text }
}

export function withoutStop(notes: string): string {
  return notes.trim().replace(/[.!\s]+$/, '')
}
