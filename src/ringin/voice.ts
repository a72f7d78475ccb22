// Ringin / voice: what is said and asked in a call that came in, as pure scripts. Called by advance.ts, once what a key means has been
// carried out. Whatever is asked lies inside one gather, so that a key counts at any moment of it.
import { type ScheduleKind, spoken as spokenInCalls } from '../messages/messages.ts'
import type { Gather, Script, Sound } from '../outside/phone/port.ts'
import { daysAtMost, moreKeyOf } from './machine.ts'
import type { AlertStanding, Just, Talk, Today } from './types.ts'
import { spoken } from './words.ts'

/** How things stand for the person who listens at this moment, in words where words are needed. */
export interface Hearing {
  talk: Talk
  just: Just | null
  receiver: ReceiverHears | null
  /** of the receivers whom the caller's number may be, in the order of their keys */
  names: readonly string[]
  /** the alert spoken of now */
  alert: AlertHears | null
  /** the receiver of the alert that the last key was about */
  wasAbout: string
}

export interface ReceiverHears {
  name: string
  helpKey: string
  today: Today
  kind: ScheduleKind
  /** the message of that call; none where it is too late for it */
  sounds: readonly Sound[]
  /** when that call was or is due, within a sentence, for a voice; null where there is none today */
  when: string | null
  /** when the next call is, likewise */
  next: string | null
  /** the last day of a pause that lasts */
  pausedUntil: string | null
  /** of a pause that was just granted */
  until: { last: string; next: string }
}

export interface AlertHears {
  /** to whom this number belongs */
  name: string
  receiverName: string
  standing: AlertStanding
  /** what happened, and how it stands */
  says: readonly string[]
  isLast: boolean
}

/** Long enough for stiff fingers to find a key. */
const waitSeconds = 8
/** A number wants to be looked up; the time counts anew from every key. */
const typeSeconds = 15
const messageSeconds = 120
const pinKeys = 8
const codeKeys = 6
/** With a country's code at its longest. */
const numberKeys = 16

export function scriptOf(hearing: Hearing): Script {
  const { talk } = hearing
  const first = lead(hearing).map(say)
  if (talk.at === 'over') return [...first, { do: 'hang up' }]
  if (talk.at === 'message')
    return [...first, say(spoken.message()), { do: 'record', maxSeconds: messageSeconds }]
  const again = talk.silences > 0 ? [say(spoken.stillThere())] : []
  return [gatherAt(talk, [...first, ...again, ...prompt(hearing)])]
}

/** What was just done; at the very beginning, who we are. */
function lead(hearing: Hearing): string[] {
  const { alert, just, talk } = hearing
  if (just !== null) return [justSaid(just, hearing)]
  if (talk.at === 'message' && talk.silences > 0) return [spoken.nothingHeard()]
  if (talk.rounds > 0) return []
  if (alert) return [spoken.hello(alert.name)]
  return talk.at === 'which' ? [spoken.whose()] : []
}

function justSaid(just: Just, { talk, receiver, wasAbout }: Hearing): string {
  const name = receiver?.name ?? ''
  switch (just) {
    case 'acknowledged':
      return spoken.acknowledged(receiver?.kind ?? 'check-in', name)
    case 'checked in':
      return spoken.checkedIn(receiver?.kind ?? 'check-in', name)
    case 'nothing to do':
      return spoken.nothingHere()
    case 'help':
      return spokenInCalls.helpComing(name)
    case 'granted':
      return spoken.granted(talk.wish!, receiver?.until ?? { last: '', next: '' })
    case 'rings back':
      return spoken.ringsBack()
    case 'cannot ring back':
      return spoken.cannotRingBack()
    case 'wrong pin':
      return spoken.wrongPin()
    case 'locked':
      return spoken.locked()
    case 'no such number':
      return spoken.noSuchNumber()
    case 'nothing changed':
      return spoken.nothingChanged()
    case 'not understood':
      return talk.at === 'how many days' ? spoken.notThatMany(daysAtMost) : spoken.notUnderstood()
    case 'accepted':
      return spoken.accepted(wasAbout)
    case 'fine':
      return spoken.fine(wasAbout)
    case 'going':
      return spoken.going()
    case 'get help':
      return spoken.getHelp()
    case 'skipped':
      return spoken.skipped()
    case 'kept message':
      return spoken.keptMessage()
    case 'wrong code':
      return spoken.wrongCode()
    case 'codes locked':
      return spoken.codesLocked()
    case 'goodbye':
      return spoken.goodbye()
  }
}

function prompt(hearing: Hearing): Sound[] {
  const { alert, names, receiver, talk } = hearing
  switch (talk.at) {
    case 'home':
      return receiver ? atHome(hearing, receiver) : []
    case 'choices':
      return [say(spoken.choices()), ...help(receiver), say(spoken.again())]
    case 'how many days':
      return [say(spoken.howManyDays(daysAtMost))]
    case 'stop':
      return [say(spoken.stop())]
    case 'really stop':
      return [say(spoken.reallyStop())]
    case 'pin':
      return [say(spoken.pin())]
    case 'which':
      return [say(spoken.which(names))]
    case 'alert':
      return alert ? aboutAlert(alert) : []
    case 'stranger':
      return stranger(talk)
    case 'number':
      return [say(spoken.number())]
    case 'number and pin':
      return [say(spoken.numberPin())]
    case 'code':
      return [say(spoken.code())]
    case 'message':
    case 'take':
    case 'over':
      return []
  }
}

/** The message of the day comes first, and once; then what the keys do. */
function atHome({ talk, just }: Hearing, receiver: ReceiverHears): Sound[] {
  const { kind, name, today, helpKey } = receiver
  const more = today === 'stopped' ? [] : [say(spoken.more(moreKeyOf(helpKey)))]
  if (talk.isDone) return [...help(receiver), ...more, say(spoken.orHangUp())]
  const hello = just === null && talk.silences === 0 ? [say(spoken.hello(name))] : []
  const key =
    today === 'open' || today === 'missed'
      ? [say(spoken.anyKey(kind))]
      : today === 'early'
        ? [say(spoken.checkIn(kind))]
        : []
  if (talk.silences > 0) return [...key, ...help(receiver), ...more]
  return [...hello, ...theDay(receiver), ...key, ...help(receiver), ...more, say(spoken.again())]
}

function theDay(receiver: ReceiverHears): Sound[] {
  const { next, pausedUntil, sounds, today, when } = receiver
  switch (today) {
    case 'open':
      return [say(spoken.isTime()), ...sounds]
    case 'missed':
      return [say(spoken.missed(when ?? '')), ...sounds]
    case 'early':
      return [say(spoken.isSoon(when ?? '')), ...sounds]
    case 'stopped':
      return [say(spoken.isStopped())]
    case 'nothing':
      if (pausedUntil !== null) return [say(spoken.isPaused(pausedUntil))]
      return [
        ...(when !== null && sounds.length > 0 ? [say(spoken.lastSaid(when)), ...sounds] : []),
        say(spoken.nothingToDo(next)),
      ]
  }
}

function stranger(talk: Talk): Sound[] {
  const first = talk.rounds === 0 ? [spoken.stranger(), spoken.missedOurs()] : []
  return [...first, spoken.leaveMessage(), spoken.otherTelephone(), spoken.haveCode()].map(say)
}

function aboutAlert({ isLast, receiverName, says, standing }: AlertHears): Sound[] {
  const about = says.map(say)
  switch (standing) {
    case 'waits':
      return [...about, say(spoken.acceptOr(isLast)), say(spoken.again())]
    case 'yours':
      return [say(spoken.howDidItGo(receiverName)), say(spoken.again())]
    case 'settled':
      return about
  }
}

const help = (receiver: ReceiverHears | null): Sound[] =>
  receiver ? [say(spoken.help(receiver.helpKey))] : []

function gatherAt({ at }: Talk, sounds: readonly Sound[]): Gather {
  switch (at) {
    case 'how many days':
      return { do: 'gather', sounds, waitSeconds: typeSeconds, keys: 2 }
    case 'pin':
    case 'number and pin':
      return { do: 'gather', sounds, waitSeconds: typeSeconds, keys: pinKeys }
    case 'number':
      return { do: 'gather', sounds, waitSeconds: typeSeconds, keys: numberKeys }
    case 'code':
      return { do: 'gather', sounds, waitSeconds: typeSeconds, keys: codeKeys }
    default:
      return { do: 'gather', sounds, waitSeconds }
  }
}

const say = (text: string): Sound => ({ do: 'say', text })

// ── ringing back ────────────────────────────────────────────────────────────────────────────────────────────────

export interface RungBack {
  name: string
  wish: NonNullable<Talk['wish']>
  state: 'asks' | 'asks again' | 'granted' | 'refused' | 'over'
  until: { last: string; next: string }
}

/** The words of a call in which the receiver confirms a wish, by where it stands. */
export function rungBackScript({ name, state, until, wish }: RungBack): Script {
  switch (state) {
    case 'asks':
      return [gather([spoken.backHello(name), spoken.backAsks(wish), spoken.backConfirm(), spoken.again()])]
    case 'asks again':
      return [gather([spoken.backReally()])]
    case 'granted':
      return [say(spoken.granted(wish, until)), { do: 'hang up' }]
    case 'refused':
      return [say(spoken.backRefused()), { do: 'hang up' }]
    case 'over':
      return [say(spoken.backOver()), { do: 'hang up' }]
  }
}

const gather = (sentences: readonly string[]): Gather => ({
  do: 'gather',
  sounds: sentences.map(say),
  waitSeconds,
})
