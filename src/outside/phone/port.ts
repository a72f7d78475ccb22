// Outside / phone: what the application asks of a telephone provider and what it hears back, in our words.
// The adapter (twilio.ts) translates; the exchange speaks the provider's language, so it needs no adapter of its own.

/** What is said and asked on the telephone, as pure data. A room answers with it; the adapter renders it. */
export type Script = readonly Verb[]

export type Verb = Sound | Gather | Record | { do: 'hang up' }

/** Something heard. `play` names a recording by id; the adapter is given a function that makes its address. */
export type Sound =
  | { do: 'say'; text: string }
  | { do: 'play'; recordingId: string }
  | { do: 'pause'; seconds: number }

/**
 * Play `sounds`, and listen for a key (or several) at any moment of them and for `waitSeconds` after them.
 * Always comes back, with the key or with silence, so no script ends in dead air.
 */
export interface Gather {
  do: 'gather'
  sounds: readonly Sound[]
  waitSeconds: number
  /** Listen for so many keys at most, fewer when `#` ends them; only a call that came in hears of more than one. One when not given. */
  keys?: number
}

/**
 * A beep, then what the person says, until `#`, five seconds of silence or `maxSeconds`. Comes back as 'recorded', or as 'silent'
 * when nothing was said, so no script ends in dead air. What stands after it is never reached.
 */
export interface Record {
  do: 'record'
  maxSeconds: number
}

/** Where the provider shall ask and report for one call or text. All carry our token, none carries personal data. */
export interface CallbackUrls {
  /** asked when the call is answered: what shall be said? */
  voice: string
  /** told of every change of state */
  status: string
  /** asked when `voice` cannot be fetched */
  fallback: string
  /** told what asynchronous machine detection found */
  machine: string
}

export interface CallToPlace {
  from: string
  to: string
  ringSeconds: number
  urls: CallbackUrls
}

export interface TextToSend {
  from: string
  to: string
  body: string
  /** the text is worthless after this many seconds */
  validForSeconds: number
  /** null: nobody needs to know what became of it */
  statusUrl: string | null
}

/**
 * What came of asking. `unknown` means the provider may or may not have done it: never ask again blindly.
 * `refused` with `temporary` was certainly not processed and may be tried again; `trouble` says that it is the provider that is
 * in trouble, or that shuts our account out, and nothing about this call or text.
 */
export type Asked =
  | { kind: 'placed'; sid: string }
  | {
      kind: 'refused'
      temporary: boolean
      result: RefusedResult
      code: string
      reason: string
      trouble?: 'not there' | 'shut out'
    }
  | { kind: 'unknown'; reason: string }

/** Whose fault a refusal is: the number's, or ours or the provider's. */
export type RefusedResult = 'unreachable number' | 'not placed'

/** The provider's state of a call, in our words. */
export type LineState =
  | { kind: 'queued' }
  | { kind: 'ringing' }
  | { kind: 'in progress' }
  | { kind: 'ended'; how: LineEnd; seconds: number }

/**
 * How a call ended as the provider saw it. `completed` says only that the line connected.
 * `failed`: our fault or the provider's; `unreachable`: the number's.
 */
export type LineEnd = 'completed' | 'no answer' | 'busy' | 'rejected' | 'unreachable' | 'failed' | 'cancelled'

export type TextState = 'queued' | 'sent' | 'delivered' | 'failed'

export type MachineVerdict = 'human' | 'machine' | 'unknown'

/** A webhook, verified and translated. `sequence` is the provider's own order within one call, or null. */
export type PhoneEvent =
  | { kind: 'answered'; sid: string }
  | { kind: 'keyed'; sid: string; key: string }
  | { kind: 'silent'; sid: string }
  /** Something was recorded, `seconds` long. Told at its end, and again when the provider has made the file (`isFileReady`). */
  | { kind: 'recorded'; sid: string; recordingSid: string; seconds: number; isFileReady: boolean }
  | { kind: 'state'; sid: string; state: LineState; sequence: number | null; code: string | null }
  | { kind: 'machine'; sid: string; verdict: MachineVerdict }
  | { kind: 'text state'; sid: string; state: TextState; code: string | null }
  /** something the provider says of it that we have no word for; `said` holds a word or two of its, nothing else */
  | { kind: 'unreadable'; sid: string; said: string }
  | { kind: 'text in'; sid: string; from: string; to: string; body: string }
  /** `from` in E.164; null: withheld */
  | { kind: 'ring in'; sid: string; from: string | null; to: string }
  /** what was keyed at a prompt of a call that came in, in order; nothing: '' */
  | { kind: 'ring-in keys'; sid: string; keys: string }

/** What a look at the provider found of one call or text of ours. */
export interface Found {
  sid: string
  to: string
  from: string
  createdAt: Date | null
  state: LineState
  answeredBy: MachineVerdict | null
}

/** One exchange with the provider, for the operators' eyes: no secrets, no message text. */
export interface ProviderExchange {
  did: string
  answered: string
  tookMs: number
}

export interface PhoneProvider {
  placeCall(call: CallToPlace): Promise<Asked>
  sendText(text: TextToSend): Promise<Asked>
  /** Null when the provider knows no such call. Throws OutsideTrouble when it cannot be asked. */
  lookUpCall(sid: string): Promise<Found | null>
  /**
   * Calls from `from` to `to` that were made since `createdAfter`, newest first; the provider's list may lag behind. Throws OutsideTrouble.
   * @param search.asOf now, by the clock that `createdAfter` is of: a provider whose clock is behind it is asked for as much more
   */
  findCalls(search: { from: string; to: string; createdAfter: Date; asOf: Date }): Promise<Found[]>
  /** Does it let us in and answer as it should? Asks for nothing that costs or rings. Never throws. */
  isThere(): Promise<boolean>
  /** A call that talks goes on with what `url` says. Quietly does nothing when it is over already. Throws OutsideTrouble. */
  redirect(sid: string, url: string): Promise<void>
  /** End a call that rings or talks. Quietly does nothing when it is over already. Throws OutsideTrouble. */
  hangUp(sid: string): Promise<void>
  /**
   * What was recorded in a call, as a WAV file. It may not be there yet when its end is told: then, as whenever asking again may
   * help, throws OutsideTrouble that is temporary.
   */
  fetchRecording(recordingSid: string): Promise<Uint8Array>
  /** Have the provider forget a recording. Quietly does nothing when it has. Throws OutsideTrouble. */
  deleteRecording(recordingSid: string): Promise<void>
}

/** The addresses in an answer. */
export interface Addresses {
  /** where a gather and a recording report: the webhook 'keys' */
  actionUrl: string
  /** the address of a recording of ours, expiring and unguessable */
  audioUrl: (recordingId: string) => string
  /** told when the file of a recording is ready: the webhook 'recording'. Not needed by a script that records nothing. */
  recordingUrl?: string
}

/** The receiving half: checks a webhook's signature, translates it, and renders what we answer. */
export interface PhoneWebhooks {
  /** True only if the provider signed exactly this request. `url` is the public address with its query. */
  isSigned(request: { signature: string | null; url: string; params: URLSearchParams }): boolean
  /** Null when the request is none we know. `kind` is the webhook's own address, which we chose. */
  read(kind: WebhookKind, params: URLSearchParams): PhoneEvent | null
  render(script: Script, where: Addresses): string
  /** The answer to a text that came in: one text back to its sender. */
  reply(text: string): string
  /** The body that says "heard, nothing to do". */
  readonly nothing: string
  readonly contentType: string
}

export type Phone = PhoneProvider & PhoneWebhooks

/** The providers by the names under which lines know them; null for one that is not configured (any more). */
export interface Phones {
  of(provider: string): Phone | null
  all(): readonly Phone[]
}

/** @param named each provider under its name */
export function phonesBy(named: Readonly<{ [provider: string]: Phone }>): Phones {
  return { of: (provider) => named[provider] ?? null, all: () => Object.values(named) }
}

export type WebhookKind =
  | 'voice'
  | 'keys'
  | 'status'
  | 'machine'
  | 'recording'
  | 'text-status'
  | 'text-in'
  | 'ring-in'
  | 'ring-in-keys'

/** The provider could not be asked, or answered nonsense. Data for the caller to act on, never thrown through a machine. */
export class OutsideTrouble extends Error {
  readonly temporary: boolean
  constructor(reason: string, temporary: boolean) {
    super(reason)
    this.temporary = temporary
  }
}
