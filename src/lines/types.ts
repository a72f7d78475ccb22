// Lines / types: the life of one outgoing, what can happen to it, and what follows. Pure data; used by the whole room.
import type { AttemptResult, OutgoingState } from '../db/tables.ts'
import type {
  Asked,
  Found,
  LineEnd,
  LineState,
  MachineVerdict,
  RefusedResult,
  TextState,
} from '../outside/phone/port.ts'

export type { Asked, Found, LineEnd, LineState, RefusedResult }

/** How an outgoing ended. A text is 'sent' when nothing more was heard of it: it may still be read. */
export type Result = AttemptResult | 'sent' | 'delivered' | 'not delivered'

export interface Life {
  readonly kind: 'call' | 'text'
  readonly state: OutgoingState
  readonly ringSeconds: number
  readonly usefulUntil: Date
  /** times asked and certainly not processed */
  readonly tries: number
  readonly notBefore: Date
  /** the provider was not there or shut us out ever since; null when it was not so, or the call has moved to another line */
  readonly refusedSince: Date | null
  /** how long its owner lets it be refused for now; null: as long as it is of use */
  readonly patienceSeconds: number | null
  /** when silence becomes an event; null only when waiting or ended */
  readonly wakeAt: Date | null
  /** the provider's name of it; null until it is known */
  readonly sid: string | null
  /** the provider's number of the last report, -1 before any */
  readonly sequence: number
  readonly machine: MachineVerdict | null
  readonly keys: string
  /** prompts in a row after which nothing came */
  readonly silences: number
  /** an answerphone is not put down: it hears some neutral words (of a call) */
  readonly voicemailWords: boolean
  /** when the call was turned over to them */
  readonly wordsAt: Date | null
  /** its owner no longer wants it */
  readonly hangUp: boolean
  readonly claimedAt: Date | null
  readonly placedAt: Date | null
  readonly rangAt: Date | null
  readonly answeredAt: Date | null
  /** when our words were last fetched; null again when the provider had to use the fallback */
  readonly servedAt: Date | null
  readonly endedAt: Date | null
  readonly result: Result | null
  readonly resultCode: string | null
}

/** Where in the conversation a prompt stood: the keys and silences before it. Tells a repeated webhook from a new key. */
export interface Turn {
  keys: number
  silences: number
}

export type LineEvent =
  | { kind: 'claimed' }
  /** claimed too long ago to be asked for: it goes back, and is not dialled */
  | { kind: 'given back' }
  | { kind: 'asked'; asked: Asked }
  /** waiting, and of no use any more */
  | { kind: 'expired' }
  | { kind: 'cancelled' }
  /** the telephone is answered: what shall be said? */
  | { kind: 'answered'; sid: string }
  | { kind: 'keyed'; sid: string; key: string; turn: Turn | null }
  | { kind: 'silent'; sid: string; turn: Turn | null }
  /** something was recorded; told twice, which its owner tells apart by `recordingSid` */
  | { kind: 'recorded'; sid: string; recordingSid: string; seconds: number; isFileReady: boolean }
  /** our words could not be fetched, the provider asks for the fallback */
  | { kind: 'fallback'; sid: string }
  | { kind: 'state'; sid: string; state: LineState; sequence: number | null; code: string | null }
  | { kind: 'machine'; sid: string; verdict: MachineVerdict }
  | { kind: 'text state'; sid: string; state: TextState; code: string | null }
  /** a report that we have no word for: kept for the operators, and nothing changes */
  | { kind: 'unreadable'; sid: string; said: string }
  /** a look at the provider. Null: it knows no such thing */
  | { kind: 'found'; found: Found | null }
  /** the call goes on with the words for an answerphone */
  | { kind: 'turned over' }
  /** the provider could not be asked, or what it has may or may not be ours */
  | { kind: 'not found out' }

/** What the telephone is told next. */
export type Ask =
  | { kind: 'answered'; keys: string; silences: number }
  | { kind: 'keyed'; key: string; keys: string; silences: number }
  | { kind: 'silent'; keys: string; silences: number }
  | {
      kind: 'recorded'
      keys: string
      silences: number
      recordingSid: string
      seconds: number
      isFileReady: boolean
    }
  /** the outgoing is over, its owner has gone on: a kind sentence, and good-bye */
  | { kind: 'sorry' }

export interface Step {
  /** the very same object when nothing changed */
  life: Life
  ask: Ask | null
  /** the provider's name of a call that nobody waits for any more, to be put down */
  stray: string | null
}

/** What a row that woke needs of the provider. */
export type Look = 'search' | 'look up' | 'hang up' | 'turn over'
