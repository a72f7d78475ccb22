// Exchange / handsets: the telephones as a page shows them, and what a person can do with one: answer, turn away, press keys, speak,
// hang up, write, ring one of the lines. Whatever a person does is noted on the timeline at that instant and takes effect when it is
// driven next, so that it stands in order with everything else. Called by exchange.ts for the pages and the rehearsal.
import { type Answer, pressSchema, speechSchema } from './behaviours.ts'
import { connect, hearPiece, pressKey, ringLine, speak } from './calls.ts'
import type { RingResult } from './ledger.ts'
import { endCall } from './life.ts'
import {
  iso,
  type Leg,
  type Line,
  lineOf,
  type Network,
  type Phone,
  type PhoneMode,
  type Played,
  phoneOf,
  type Text,
} from './network.ts'
import { heardOf } from './playing.ts'
import { decodeWav } from './sound.ts'
import { receiveText } from './texts.ts'

/** A sound a telephone hears. */
export interface AudioItem {
  /** for `audioFor` */
  id: string
  kind: 'say' | 'play'
  /** what is said; null for a recording */
  text: string | null
  /** where a page gets the sound */
  url: string
  startedAt: string
  durationMs: number
  /** null while it sounds */
  stoppedAt: string | null
}

export interface Caption {
  at: string
  /** one sentence; null stands for a recording */
  text: string | null
}

/** One call as its telephone has it, while it lasts and afterwards. */
export interface HandsetCall {
  callSid: string
  lineName: string
  lineNumber: string
  /** `in`: the telephone is being rung; `out`: it rings the line */
  way: 'in' | 'out'
  startedAt: string
  answeredAt: string | null
  endedAt: string | null
  result: RingResult | null
  /** who or what took it */
  takenBy: 'human' | 'machine' | null
  keys: { key: string; at: string; taken: boolean }[]
  captions: Caption[]
  /** everything begun so far, in order; the last without `stoppedAt` sounds now */
  audio: AudioItem[]
  /** the line is listening for a key now */
  listening: boolean
  /** the line is recording now */
  recording: boolean
}

export interface HandsetText {
  textSid: string
  /** `in`: the telephone got it; `out`: it sent it */
  way: 'in' | 'out'
  at: string
  lineName: string
  lineNumber: string
  body: string
}

export interface Handset {
  number: string
  mode: PhoneMode
  /** `dialling`: it rings the line and is not answered yet */
  state: 'idle' | 'ringing' | 'dialling' | 'talking'
  /** the call under way */
  call: HandsetCall | null
  /** the call before, when none is under way */
  lastCall: HandsetCall | null
  /** the latest first */
  texts: HandsetText[]
}

/** What a person does when they ring a line; without it they hold the telephone and do it themselves. */
export interface RingInScript {
  press?: readonly { key: string; atSecond: number }[]
  /** heard while the line records */
  speak?: readonly { text: string; atSecond: number }[]
  hangUpAtSecond?: number
}

/** All return false when there was nothing to do it with: no such call, the telephone is busy, no such line. */
export interface HandsetControls {
  handsets(): Handset[]
  /** Have a telephone on the page before anything reaches it. */
  addHandset(number: string): void
  answer(number: string): boolean
  /** One key: 0 to 9, `*` or `#`. */
  press(number: string, key: string): boolean
  /** Say something into the telephone. Heard only while the line records. */
  speak(number: string, text: string): boolean
  /** A piece of a live voice, as a 16-bit PCM WAV. Heard only while the line records. */
  speakLive(number: string, wav: Uint8Array): boolean
  hangUp(number: string): boolean
  /** Turn the ringing call away. */
  reject(number: string): boolean
  /** For the next rings, and for a ring under way: engaged and dead line end it, the answerphone takes it, rings out lets it ring. */
  setMode(number: string, mode: PhoneMode): void
  textFrom(number: string, lineNumber: string, body: string): boolean
  /** @param number `withheld` for a telephone that is none of ours @param isWithheld its number is not told to the line */
  ringIn(number: string, lineNumber: string, script?: RingInScript, isWithheld?: boolean): boolean
}

const textsShown = 50

/** @param audioPath what the address of a sound begins with */
export function createHandsets(network: Network, audioPath: string): HandsetControls {
  const soon = (act: (at: number) => void | Promise<void>): true => {
    network.timeline.add(network.clock.now().getTime(), act)
    return true
  }
  const talking = (number: string): Leg | null => {
    const leg = network.phones.get(number)?.leg ?? null
    return leg?.call.status === 'in-progress' ? leg : null
  }
  const ringing = (number: string): Leg | null => {
    const leg = network.phones.get(number)?.leg ?? null
    return leg?.call.status === 'ringing' && leg.call.way === 'out' ? leg : null
  }

  return {
    handsets: () => [...network.phones.values()].map((phone) => handset(network, phone, audioPath)),
    addHandset: (number) => void phoneOf(network, number),
    answer(number) {
      const leg = ringing(number)
      return leg !== null && soon((at) => connect(network, leg, at, 'human'))
    },
    press(number, key) {
      const leg = talking(number)
      return leg !== null && /^[0-9*#]$/.test(key) && soon((at) => pressKey(network, leg, at, key))
    },
    speak(number, text) {
      const leg = talking(number)
      return leg !== null && soon((at) => speak(network, leg, at, text))
    },
    speakLive(number, wav) {
      const leg = talking(number)
      const sound = decodeWav(wav)
      return leg !== null && sound !== null && soon((at) => hearPiece(network, leg, at, sound))
    },
    hangUp(number) {
      const leg = network.phones.get(number)?.leg ?? null
      if (!leg || ringing(number)) return false
      return soon((at) => endCall(network, leg, leg.call.answeredAt === null ? 'no-answer' : 'completed', at))
    },
    reject(number) {
      const leg = ringing(number)
      return leg !== null && soon((at) => turnAway(network, leg, at, 603))
    },
    setMode(number, mode) {
      phoneOf(network, number).mode = mode
      network.store.save('mode', number, mode)
      network.changed()
      const leg = ringing(number)
      if (leg) soon((at) => takeMode(network, leg, mode, at))
    },
    textFrom(number, lineNumber, body) {
      const line = lineOf(network, lineNumber)
      return line !== undefined && soon((at) => void receiveText(network, line, number, body, at))
    },
    ringIn(number, lineNumber, script, isWithheld) {
      const line = lineOf(network, lineNumber)
      const phone = phoneOf(network, number)
      if (!line || phone.leg) return false
      const answer = script ? scripted(script) : null
      return soon((at) => ringNow(network, { phone, line, answer, isWithheld }, at))
    },
  }
}

function scripted(script: RingInScript): Answer {
  return {
    afterSeconds: 0,
    press: pressSchema.parse(script.press ?? []),
    speak: speechSchema.parse(script.speak ?? []),
    hangUpAtSecond: script.hangUpAtSecond ?? 60,
  }
}

/** The telephone may have begun to ring since the wish was made: then it cannot ring anybody. */
function ringNow(
  network: Network,
  wish: { phone: Phone; line: Line; answer: Answer | null; isWithheld: boolean | undefined },
  at: number,
): void {
  const { answer, isWithheld, line, phone } = wish
  if (!phone.leg) ringLine(network, phone, line, answer, at, isWithheld)
}

function turnAway(network: Network, leg: Leg, at: number, sip: 486 | 603): void {
  if (leg.call.status !== 'ringing') return
  endCall(network, leg, 'busy', at, { sip, result: sip === 603 ? 'rejected' : 'busy' })
}

function takeMode(network: Network, leg: Leg, mode: PhoneMode, at: number): void {
  if (leg.call.status !== 'ringing') return
  if (mode === 'engaged') turnAway(network, leg, at, 486)
  else if (mode === 'dead line') endCall(network, leg, 'failed', at, { sip: 503 })
  else if (mode === 'answerphone') connect(network, leg, at, 'machine')
}

function handset(network: Network, phone: Phone, audioPath: string): Handset {
  const leg = phone.leg
  const rings = leg?.call.status === 'ringing'
  const show = (shown: Leg | null) => (shown ? handsetCall(network, shown, audioPath) : null)
  return {
    number: phone.number,
    mode: phone.mode,
    state: !leg ? 'idle' : !rings ? 'talking' : leg.call.way === 'in' ? 'dialling' : 'ringing',
    call: show(leg),
    lastCall: leg ? null : show(phone.lastLeg),
    texts: phone.texts.slice(-textsShown).reverse().map(handsetText),
  }
}

function handsetCall(network: Network, leg: Leg, audioPath: string): HandsetCall {
  const { call, line } = leg
  const now = network.clock.now().getTime()
  return {
    callSid: call.sid,
    lineName: line.name,
    lineNumber: line.number,
    way: call.way === 'out' ? 'in' : 'out',
    startedAt: iso(call.startedAt ?? call.createdAt),
    answeredAt: call.answeredAt === null ? null : iso(call.answeredAt),
    endedAt: call.endedAt === null ? null : iso(call.endedAt),
    result: leg.ring?.result ?? null,
    takenBy: leg.person,
    keys: leg.ring?.keys ?? [],
    captions: leg.played.flatMap((played) => captions(played, now)),
    audio: leg.played.map((played) => audioItem(played, audioPath)),
    listening: leg.ear !== null,
    recording: leg.tape !== null,
  }
}

/** The sentences begun so far. */
function captions(played: Played, now: number): Caption[] {
  // one more millisecond, so that a sentence that begins this very instant is seen
  const begun = heardOf(played, now + 1).length
  return played.sentences.slice(0, begun).map(({ text, fromMs }) => ({
    at: iso(played.startedAt + fromMs),
    text: played.kind === 'say' ? text : null,
  }))
}

const audioItem = (played: Played, audioPath: string): AudioItem => ({
  id: played.id,
  kind: played.kind,
  text: played.text,
  url: `${audioPath}/${played.id}`,
  startedAt: iso(played.startedAt),
  durationMs: played.durationMs,
  stoppedAt: played.stoppedAt === null ? null : iso(played.stoppedAt),
})

function handsetText(text: Text): HandsetText {
  const sent = text.direction === 'inbound'
  return {
    textSid: text.sid,
    way: sent ? 'out' : 'in',
    at: iso(text.updatedAt),
    lineName: text.lineName,
    lineNumber: sent ? text.to : text.from,
    body: text.body,
  }
}
