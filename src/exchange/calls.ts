// Exchange / calls: the life of one call as the provider leads it: queued, dialled in its line's turn, ringing, answered or not,
// ended; how the telephone at the far end behaves; and calls that come in (telephony.md §1.2, §1.3). Called by rest.ts (the
// customer), handsets.ts (a person at a telephone) and the timeline.
import type { Answer, RingBehaviour } from './behaviours.ts'
import { detect } from './detection.ts'
import { beginRing, dropAppointments, endCall, later, save, setAnswered, setRinging } from './life.ts'
import {
  type Asked,
  anonymousNumber,
  type Call,
  iso,
  type Leg,
  type Line,
  type Network,
  newLeg,
  type Phone,
  type Place,
  phoneOf,
  withheld,
} from './network.ts'
import { awaitSilence } from './recording.ts'
import { decodeWav, hum, type Pcm } from './sound.ts'
import { beginDocument, carryOutText, goTo, keyPressed } from './speaking.ts'
import { tell } from './telling.ts'
import { speakingMs } from './voice.ts'

/** The provider keeps a call in its queue no longer (telephony.md §1.9). */
const queuedAtMostMs = 24 * 3600 * 1000
/** What was asked about a call can be looked up so long after its end (telephony.md §1.11). */
const requestsKeptMs = 15 * 60 * 1000
/** How long a machine records before it hangs up. */
const machineListensMs = 60_000
/** After how many seconds the answerphone of a handset takes the call. */
const answerphoneSeconds = 15

/** How a telephone takes a ring. `handset`: a person decides. */
type Manner = RingBehaviour | 'handset' | 'dead line'

/** Take a call from the customer into its line's queue. */
export function placeCall(
  network: Network,
  line: Line,
  { from, to }: { from: string; to: string },
  asked: Asked,
  at: number,
): Call {
  forgetRequests(network, at)
  const call = newCall(network, { way: 'out', from, to, lineName: line.name, asked, at })
  const leg = newLeg(call, line, phoneOf(network, to))
  network.calls.set(call.sid, call)
  network.legs.set(call.sid, leg)
  network.requests.set(call.sid, [])
  queue(network, leg, at)
  later(network, leg, at + queuedAtMostMs, (now) => {
    line.calls.remove(leg)
    endCall(network, leg, 'failed', now, { error: 22005 })
  })
  save(network, leg)
  return call
}

/** Into the line's queue, at once or, while the provider is slow, later. */
function queue(network: Network, leg: Leg, at: number): void {
  const { line } = leg
  const slow = network.faults.strikes('slow queue', line.name, at)
  if (!slow) {
    line.calls.push(leg, at)
    return
  }
  network.timeline.add(at + slow.seconds * 1000, (now) => {
    if (leg.call.endedAt === null) line.calls.push(leg, now)
  })
}

/** The call's turn has come: dial. Called by the line's pacer. */
export function dial(network: Network, leg: Leg, at: number): void {
  const { call, line, phone } = leg
  dropAppointments(leg)
  call.startedAt = at
  call.updatedAt = at
  if (line.active >= line.concurrentCalls) {
    endCall(network, leg, 'failed', at, { error: 10004 })
    return
  }
  tell(network, call, 'initiated', at)
  const clash = phone.leg !== null
  beginRing(network, leg, at, clash)
  const manner = clash ? 'busy' : mannerOf(network, phone, call.asked.timeoutSeconds)
  if (refuse(network, leg, manner, at)) return
  setRinging(network, leg, at)
  network.voice.prepare?.()
  // noted first, so that an answer at the very second of the time-out comes too late
  later(network, leg, at + call.asked.timeoutSeconds * 1000, (now) =>
    endCall(network, leg, 'no-answer', now, { sip: 487 }),
  )
  if (typeof manner === 'string') return
  if ('voicemail' in manner) {
    later(network, leg, at + manner.voicemail.afterSeconds * 1000, (now) =>
      connect(network, leg, now, 'machine'),
    )
  } else {
    leg.whenAnswered = (now) => actOut(network, leg, manner.answer, now)
    later(network, leg, at + manner.answer.afterSeconds * 1000, (now) => connect(network, leg, now, 'human'))
  }
}

function mannerOf(network: Network, phone: Phone, timeoutSeconds: number): Manner {
  switch (phone.mode) {
    case 'engaged':
      return 'busy'
    case 'dead line':
      return 'dead line'
    case 'rings out':
      return 'no-answer'
    case 'answerphone':
      return { voicemail: { afterSeconds: Math.min(answerphoneSeconds, Math.floor(timeoutSeconds / 2)) } }
    case 'normal':
      return network.behaviours.nextRing(phone.number)
  }
}

/** Ends the call when it does not even ring (or is turned away), and says whether it did. */
function refuse(network: Network, leg: Leg, manner: Manner, at: number): boolean {
  switch (manner) {
    case 'busy':
      endCall(network, leg, 'busy', at, { sip: 486 })
      return true
    case 'rejected':
      endCall(network, leg, 'busy', at, { sip: 603, result: 'rejected' })
      return true
    case 'unreachable':
      endCall(network, leg, 'failed', at, { sip: 404, error: 13224 })
      return true
    case 'dead line':
      endCall(network, leg, 'failed', at, { sip: 503 })
      return true
    default:
      return false
  }
}

/** Somebody, or a machine, takes the call that rings. */
export function connect(network: Network, leg: Leg, at: number, by: 'human' | 'machine'): void {
  if (leg.call.status !== 'ringing') return
  setAnswered(network, leg, at, by)
  if (by === 'machine') {
    later(network, leg, at + machineListensMs, (now) => endCall(network, leg, 'completed', now))
  }
  // speech comes first, the report of it after: nobody shall listen to silence
  detect(network, leg, at, (now) => beginDocument(network, leg, now))
  tell(network, leg.call, 'answered', at)
  save(network, leg)
}

/** What a person does by their behaviour: presses keys, speaks, hangs up. Counted from answering. */
function actOut(network: Network, leg: Leg, answer: Answer, at: number): void {
  for (const { key, atSecond } of answer.press) {
    later(network, leg, at + atSecond * 1000, (now) => pressKey(network, leg, now, key))
  }
  for (const { text, atSecond } of answer.speak) {
    later(network, leg, at + atSecond * 1000, (now) => speak(network, leg, now, text))
  }
  later(network, leg, at + answer.hangUpAtSecond * 1000, (now) => endCall(network, leg, 'completed', now))
}

/** A key is pressed; whether or not anything listens, it was pressed. */
export function pressKey(network: Network, leg: Leg, at: number, key: string): void {
  if (leg.call.status !== 'in-progress') return
  const entry = { key, at: iso(at), taken: false }
  leg.ring?.keys.push(entry)
  entry.taken = keyPressed(network, leg, at, key)
  save(network, leg)
}

/** The person says something. It matters only while the line records. */
export async function speak(network: Network, leg: Leg, at: number, text: string): Promise<void> {
  const durationMs = await speakingMs(network.voice, text, network.log)
  const sound = decodeWav(await network.voice.wav(text)) ?? hum(durationMs)
  if (leg.call.status !== 'in-progress') return
  leg.spoken.push({ from: at, to: at + durationMs, sound })
  awaitSilence(network, leg)
}

/** Pieces of a voice that come one after another belong together, however late each is. */
const pieceLateMs = 700

/** A piece of a live voice. It matters only while the line records, and follows the piece before without a gap. */
export function hearPiece(network: Network, leg: Leg, at: number, sound: Pcm): void {
  if (leg.call.status !== 'in-progress' || !leg.tape || sound.samples.length === 0) return
  const before = leg.spoken.at(-1)
  const from = before && before.to > at - pieceLateMs ? before.to : at
  leg.spoken.push({ from, to: from + Math.round((1000 * sound.samples.length) / sound.rate), sound })
  awaitSilence(network, leg)
}

/** One of the three: end it, or carry out another document, fetched or given. */
export interface Wish {
  status?: 'canceled' | 'completed'
  voice?: Place
  twiml?: string
}

/** The customer's wish to change a call under way. `wrong state` is the provider's error 21220. */
export function changeCall(network: Network, call: Call, wish: Wish, at: number): 'done' | 'wrong state' {
  const leg = network.legs.get(call.sid)
  if (!leg) return 'wrong state'
  if (wish.status) {
    cancel(network, leg, wish.status, at)
    return 'done'
  }
  if (call.status !== 'in-progress') return 'wrong state'
  if (wish.twiml !== undefined) carryOutText(network, leg, at, wish.twiml)
  else if (wish.voice) goTo(network, leg, at, wish.voice)
  return 'done'
}

/** `canceled` ends only what is queued or rings; `completed` ends a talk as well (telephony.md §1.3). */
function cancel(network: Network, leg: Leg, status: 'canceled' | 'completed', at: number): void {
  if (leg.call.status === 'in-progress') {
    if (status === 'completed') endCall(network, leg, 'completed', at)
    return
  }
  leg.line.calls.remove(leg)
  endCall(network, leg, 'canceled', at, leg.call.startedAt === null ? {} : { sip: 487 })
}

/** A telephone rings one of the lines. `answer`: what the person does once the line has answered; without it they do it themselves. */
export function ringLine(
  network: Network,
  phone: Phone,
  line: Line,
  answer: Answer | null,
  at: number,
  isWithheld = phone.number === withheld,
): Call {
  forgetRequests(network, at)
  const { settings } = line
  const asked: Asked = {
    voice: settings.voice,
    twiml: null,
    fallback: settings.voiceFallback,
    status: settings.status,
    statusEvents: ['completed'],
    timeoutSeconds: 60,
    timeLimitSeconds: 4 * 3600,
    detection: null,
  }
  const call = newCall(network, {
    way: 'in',
    from: isWithheld ? anonymousNumber : phone.number,
    to: line.number,
    lineName: line.name,
    asked,
    at,
  })
  const leg = newLeg(call, line, phone)
  network.calls.set(call.sid, call)
  network.legs.set(call.sid, leg)
  network.requests.set(call.sid, [])
  call.status = 'ringing'
  call.startedAt = at
  if (answer) leg.whenAnswered = (now) => actOut(network, leg, answer, now)
  beginRing(network, leg, at, false)
  beginDocument(network, leg, at)
  return call
}

function newCall(
  network: Network,
  given: { way: 'out' | 'in'; from: string; to: string; lineName: string; asked: Asked; at: number },
): Call {
  const { way, from, to, lineName, asked, at } = given
  return {
    sid: network.sids.next('CA'),
    way,
    from,
    to,
    lineName,
    createdAt: at,
    updatedAt: at,
    status: 'queued',
    startedAt: null,
    answeredAt: null,
    endedAt: null,
    asked,
    answeredBy: null,
    sipCode: null,
    errorCode: null,
    sequence: 0,
    told: false,
    notes: [],
  }
}

/** What was asked about calls long over is let go, whenever a new call comes. */
function forgetRequests(network: Network, at: number): void {
  while (network.forgetting[0] && at - (network.forgetting[0].endedAt ?? at) > requestsKeptMs) {
    network.requests.delete(network.forgetting.shift()!.sid)
  }
}
