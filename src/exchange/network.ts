// Exchange / network: the shapes of everything the exchange keeps: lines, telephones, calls, texts, recordings; and the one
// context all its parts are given. No behaviour but tiny look-ups. Instants are milliseconds since 1970.
import type { Log } from '../kit/log.ts'
import type { Clock } from '../outside/clock.ts'
import type { Behaviours } from './behaviours.ts'
import type { Faults } from './faults.ts'
import type { LedgerWriter, RingEntry } from './ledger.ts'
import type { Pacer } from './pacer.ts'
import type { Store } from './persist.ts'
import type { TimedSentence } from './sentences.ts'
import type { Sids } from './sids.ts'
import type { Pcm } from './sound.ts'
import type { Appointment, Timeline } from './timeline.ts'
import type { GatherVerb, Method, RecordVerb, Verb } from './twiml.ts'
import type { Voice } from './voice.ts'
import type { Webhooks } from './webhooks.ts'

/** The provider's words for the state of a call (telephony.md §1.3). */
export type CallStatus =
  | 'queued'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'failed'
  | 'no-answer'
  | 'canceled'

export type StatusEvent = 'initiated' | 'ringing' | 'answered' | 'completed'

export type AnsweredBy = 'human' | 'machine_start' | 'machine_end_beep' | 'unknown'

/** Where something is fetched or told. */
export interface Place {
  url: string
  method: Method
}

/** Answering-machine detection as asked for (telephony.md §1.4). */
export interface Detection {
  /** wait for the end of a machine's greeting */
  untilEnd: boolean
  timeoutMs: number
  /** null: the call waits for the verdict before it is asked what to say */
  async: { report: Place | null } | null
}

/** What the customer asked for a call, or what the line's settings say for one that comes in. */
export interface Asked {
  voice: Place | null
  /** what to say, given with the call instead of `voice` */
  twiml: string | null
  fallback: Place | null
  status: Place | null
  statusEvents: readonly StatusEvent[]
  timeoutSeconds: number
  timeLimitSeconds: number
  detection: Detection | null
}

/** What went wrong with a call's webhooks and documents, kept for the customer to look up. */
export interface Note {
  sid: string
  at: number
  code: number
  /** 0 an error, 1 a warning */
  level: 0 | 1
  text: string
  url: string | null
  method: Method | null
}

export interface Call {
  readonly sid: string
  readonly way: 'out' | 'in'
  readonly from: string
  readonly to: string
  readonly lineName: string
  readonly createdAt: number
  updatedAt: number
  status: CallStatus
  /** when it left the queue */
  startedAt: number | null
  answeredAt: number | null
  endedAt: number | null
  asked: Asked
  answeredBy: AnsweredBy | null
  sipCode: number | null
  errorCode: number | null
  /** the number of the next status callback */
  sequence: number
  /** whether the customer was told of the end, or wanted not to be */
  told: boolean
  notes: Note[]
}

export type TextStatus = 'queued' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'canceled' | 'received'

export interface Text {
  readonly sid: string
  readonly direction: 'outbound-api' | 'outbound-reply' | 'inbound'
  readonly from: string
  readonly to: string
  readonly lineName: string
  body: string
  readonly createdAt: number
  updatedAt: number
  sentAt: number | null
  status: TextStatus
  errorCode: number | null
  readonly statusUrl: string | null
  readonly validityMs: number
  readonly automatic: boolean
  told: boolean
}

export interface Recording {
  readonly sid: string
  readonly callSid: string
  readonly startedAt: number
  /** the file is not there before */
  readonly readyAt: number
  readonly seconds: number
  readonly status: 'completed' | 'absent'
  readonly errorCode: number | null
}

/** One of the account's numbers, with its settings and its queues. */
export interface Line {
  readonly name: string
  readonly number: string
  readonly sid: string
  readonly concurrentCalls: number
  readonly createdAt: number
  settings: LineSettings
  /** calls that ring or talk */
  active: number
  readonly calls: Pacer<Leg>
  readonly texts: Pacer<Text>
}

export interface LineSettings {
  friendlyName: string
  voice: Place | null
  voiceFallback: Place | null
  sms: Place | null
  smsFallback: Place | null
  status: Place | null
}

/** What a person can set a telephone to on the page. */
export type PhoneMode = 'normal' | 'engaged' | 'answerphone' | 'dead line' | 'rings out'

/** A telephone out there that does not say its number. */
export const withheld = 'withheld'
/** What the provider gives for it: the keys of ANONYMOUS. */
export const anonymousNumber = '+266696687'

/** A telephone out there. */
export interface Phone {
  /** E.164, or `withheld` */
  readonly number: string
  mode: PhoneMode
  /** the call it rings or talks with */
  leg: Leg | null
  /** the latest call, also when it is over */
  lastLeg: Leg | null
  readonly texts: Text[]
}

/** One sound that was or is being heard. */
export interface Played {
  readonly id: string
  readonly kind: 'say' | 'play'
  readonly text: string | null
  readonly sentences: readonly TimedSentence[]
  readonly startedAt: number
  readonly durationMs: number
  /** null while it sounds */
  stoppedAt: number | null
}

/** Something the person said. */
export interface Spoken {
  readonly from: number
  readonly to: number
  readonly sound: Pcm
}

/** Listening for keys. */
export interface Ear {
  readonly verb: GatherVerb
  digits: string
}

/** Recording the caller. */
export interface Tape {
  readonly verb: RecordVerb
  readonly startedAt: number
  readonly onward: Onward
}

/** How a document goes on after a recording. */
export interface Onward {
  goOn(at: number): void
  goTo(at: number, url: string | null, method: Method, extra: Readonly<Record<string, string>>): void
}

/** What lives only as long as the call does: who holds the telephone, and where in the document it is. */
export interface Leg {
  readonly call: Call
  readonly line: Line
  readonly phone: Phone
  ring: RingEntry | null
  person: 'human' | 'machine' | null
  /** grows with every interruption: whatever was begun at an earlier turn is stale */
  turn: number
  /** the document being carried out */
  document: { place: Place | null; verbs: readonly Verb[]; next: number } | null
  /** guards against documents that go round at one instant */
  fetchedAt: number
  fetchedHere: number
  ear: Ear | null
  tape: Tape | null
  playing: Played | null
  readonly played: Played[]
  readonly spoken: Spoken[]
  /** the next step of the document */
  waiting: Appointment | null
  /** everything else noted down for this call */
  readonly appointments: Appointment[]
  /** what the person does from answering on */
  whenAnswered: ((at: number) => void) | null
  /** what must still be done when the call ends */
  beforeEnd: ((at: number) => void) | null
}

/** What the network asked the customer's server about one call, for the customer to look up (telephony.md §1.11). */
export interface RequestMade {
  at: number
  url: string
  method: Method
  params: Readonly<Record<string, string>>
  status: number | null
  contentType: string | null
  body: string
  tookMs: number
}

export interface Network {
  readonly clock: Clock
  readonly log: Log
  readonly account: { readonly sid: string; readonly authToken: string }
  /** what recordings' addresses begin with */
  readonly publicUrl: string
  readonly timeline: Timeline
  readonly sids: Sids
  readonly behaviours: Behaviours
  readonly faults: Faults
  readonly ledger: LedgerWriter
  readonly store: Store
  readonly voice: Voice
  readonly webhooks: Webhooks
  readonly sounds: SoundShelf
  readonly lines: readonly Line[]
  readonly phones: Map<string, Phone>
  readonly calls: Map<string, Call>
  readonly legs: Map<string, Leg>
  readonly requests: Map<string, RequestMade[]>
  /** calls that are over, oldest first, whose requests can soon be forgotten */
  readonly forgetting: Call[]
  readonly texts: Map<string, Text>
  readonly recordings: Map<string, Recording>
  /** pairs of line and number that asked to get no texts */
  readonly optedOut: Set<string>
  /** tell the pages that something changed */
  changed(): void
}

/** The latest sounds, so that a page can play what a telephone hears. */
export interface SoundShelf {
  keepSaid(text: string): string
  keepPlayed(callSid: string, contentType: string, bytes: Uint8Array): string
  get(id: string): Promise<{ contentType: string; bytes: Uint8Array } | null>
}

/** @returns the line of that number, or undefined */
export const lineOf = (network: Network, number: string): Line | undefined =>
  network.lines.find((line) => line.number === number)

/** The telephone of that number; numbers come into being by being used. One that withholds its number is another every time. */
export function phoneOf(network: Network, number: string): Phone {
  const known = network.phones.get(number)
  if (known) return known
  const phone: Phone = { number, mode: 'normal', leg: null, lastLeg: null, texts: [] }
  if (number !== withheld) network.phones.set(number, phone)
  return phone
}

export const isOver = (leg: Leg): boolean => leg.call.endedAt !== null

export const iso = (at: number): string => new Date(at).toISOString()

/**
 * Waits for something outside, and says at what instant of the timeline it came: the clock may have moved on meanwhile, or
 * stands still in a rehearsal.
 */
export async function waitFor<T>(network: Network, at: number, work: Promise<T> | T): Promise<[T, number]> {
  const before = network.clock.now().getTime()
  const result = await work
  return [result, at + network.clock.now().getTime() - before]
}

/** Seconds from answer to end; 0 when nobody answered. */
export const talkedSeconds = (call: Call): number =>
  call.answeredAt === null || call.endedAt === null ? 0 : Math.round((call.endedAt - call.answeredAt) / 1000)

/** A new call's leg, with nothing begun. */
export function newLeg(call: Call, line: Line, phone: Phone): Leg {
  return {
    call,
    line,
    phone,
    ring: null,
    person: null,
    turn: 0,
    document: null,
    fetchedAt: 0,
    fetchedHere: 0,
    ear: null,
    tape: null,
    playing: null,
    played: [],
    spoken: [],
    waiting: null,
    appointments: [],
    whenAnswered: null,
    beforeEnd: null,
  }
}
