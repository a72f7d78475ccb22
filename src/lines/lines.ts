// Lines: the room of telephone lines. The door: other rooms enter here and nowhere else.
//
// Owns: line, outgoing, provider_exchange, opt_out, text_in. An *outgoing* is one call or one text that waits at a line, is on its way, or is over.
// Promises: an outgoing is asked of the provider at most once (claimed and committed before asking); never more than the line's
//   rate and concurrency; never two calls to one number at once; alerts first, then help, then retries, then new calls by the
//   earliest end of their usefulness; nothing leaves after `usefulUntil`; every outgoing ends, with a result, and its owner is
//   told in the very transaction in which that end is saved.
// Never: decides what a call or an alert does next. That is its owner's.

import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { AttemptResult, Purpose } from '../db/tables.ts'
import type { Script } from '../outside/phone/port.ts'

export { type CallTrouble, callTroubleInWords, callTroubleOf } from './call-trouble.ts'
export { type NextOfLine, nextOfLines } from './dispatching/store.ts'
export { cancelOutgoing, enqueueAll, enqueueCall, enqueueText, ensureLines } from './enqueue.ts'
export { type Extra, whyNotExtra } from './guards.ts'
export { firstLine, type Line, type LineWanted, linesInUse } from './line/store.ts'
export {
  addOptOut,
  endOptOuts,
  nextUntoldAt,
  type OptOut,
  type OptOutReason,
  optOutsOf,
  setTold,
  untoldOptOuts,
} from './opt-outs/store.ts'
export { phoneOfLine } from './phone.ts'
export {
  type ExchangeView,
  emptyBody,
  exchangesOf,
  insertExchange,
  lockOutgoings,
  type Outgoing,
  type OutgoingView,
  outgoingOf,
  rewriteText,
  sentTo,
} from './store.ts'
export { isNumbersFault, type TextTrouble, textTroubleInWords, textTroubleOf } from './text-trouble.ts'
export { lineRoutes } from './webhooks.ts'
export { type LineActorOptions, lineActors } from './work.ts'

/** What a room asks of a line. `ownerId` is the call or alert, `partId` its attempt or notification. */
export interface CallWanted {
  ownerRoom: OwnerRoom
  ownerId: string
  partId: string
  serviceId: string | null
  lineId: string | null
  purpose: Purpose
  priority: Priority
  to: string
  ringSeconds: number
  usefulUntil: Date
  /** of what is neither a call nor an alert: on whose wish */
  askedBy?: string
  /** refused for now for longer, it ends as not placed; as long as it is of use when not given */
  patienceSeconds?: number | null
  /** not before this; at once when not given */
  notBefore?: Date
  /** an answerphone hears some neutral words instead of being put down */
  voicemailWords?: boolean
}

export interface TextWanted extends Omit<CallWanted, 'ringSeconds'> {
  body: string
}

/** Smaller goes first. */
export type Priority = 0 | 1 | 2 | 3
export const priorities = { alert: 0, help: 1, retry: 2, newCall: 3 } as const

export type OwnerRoom = 'calls' | 'alerts' | 'recorder' | 'ringin' | 'news' | 'verification' | 'watch'

/** What happened on the telephone, as its owner hears of it. */
export interface Heard {
  organisationId: string
  outgoingId: string
  ownerId: string
  partId: string
  /** the keys pressed so far in this one call, in order */
  keys: string
  /** how many times in a row nothing came after a prompt */
  silences: number
  /** when it began to ring, as far as the provider told us */
  rangAt: Date | null
}

/** What the provider of this line recorded, as it names it. `fetchRecording` of `phoneOfLine` gets it, perhaps not at once. */
export interface Tape {
  lineId: string
  recordingSid: string
  seconds: number
  isFileReady: boolean
}

/** The end of an outgoing. For texts: 'sent' (it may still be read) or a failure in the same words as calls. */
export interface Ended {
  organisationId: string
  outgoingId: string
  ownerId: string
  partId: string
  kind: 'call' | 'text'
  result: AttemptResult | 'sent' | 'delivered' | 'not delivered'
  /** the reason kept with it; of a text that was not delivered: `textTroubleOf` reads it */
  code: string | null
  keys: string
  /** when the telephone began to ring, as far as the provider told us; null when it never did */
  rangAt: Date | null
  answeredAt: Date | null
}

/**
 * A room for which lines ring and write. Registered in app.ts, so that lines never imports them.
 * Lock order, everywhere: first the owner's row, then its outgoing. So lines calls `lock` before it locks an outgoing.
 */
export interface OutgoingOwner {
  /** Lock for this transaction whatever of the owner's this outgoing concerns: its row, or several where they share one call or text. */
  lock(tx: Tx, ownerId: string, outgoingId: string): Promise<void>
  /** The person answered: what is said first? Reads only. */
  answered(app: App, tx: Tx, heard: Heard): Promise<Script>
  /** A key was pressed: advance, and what is said next? Runs in the transaction in which the key is saved. */
  keyed(app: App, tx: Tx, heard: Heard, key: string): Promise<Script>
  /** Nothing came after a prompt: what is said next? */
  silent(app: App, tx: Tx, heard: Heard): Promise<Script>
  /**
   * Something was recorded: advance, and what is said next? Told at its end, and again when its file is ready, when nobody hears
   * the answer; perhaps after `ended`. Only of rooms that record.
   */
  recorded?(app: App, tx: Tx, heard: Heard, tape: Tape): Promise<Script>
  /** The outgoing is over: advance. Runs in the transaction in which the end is saved. Called once per outgoing. */
  ended(app: App, tx: Tx, ended: Ended): Promise<void>
  /**
   * Of a room that can hear what happens at the same time to many of its own at once. Locks, in the order of their ids, those of these rows
   * that nobody else has locked, and waits for none: so two who take many never wait for each other.
   */
  take?(tx: Tx, ownerIds: readonly string[]): Promise<Taken>
}

/** Rows of one room's, locked until the end of this transaction. */
export interface Taken {
  has(ownerId: string): boolean
  /**
   * The same as `answered`, `keyed`, `silent` and `ended`, before the outgoings are saved.
   * @param told of those that were taken, of each one thing
   * @returns what is said next; of an end, nothing. 'alone': it concerns more than its own row, and nothing of it was done
   */
  hear(app: App, told: readonly Told[]): Promise<(Script | 'alone')[]>
}

export type Told =
  | { kind: 'answered'; heard: Heard }
  | { kind: 'keyed'; heard: Heard; key: string }
  | { kind: 'silent'; heard: Heard }
  | { kind: 'ended'; ended: Ended }

/**
 * Who answers calls that come in. Registered in app.ts. Each webhook may come twice, late or out of order, and is then answered as
 * before.
 */
export interface RingInDesk {
  /** Somebody rings a line. @param call `from` in E.164, null when withheld; `sid` is the provider's name of it */
  rang(app: App, call: { lineId: string; sid: string; from: string | null }): Promise<RingInAnswer>
  /** What came after a prompt. @returns null when no call has this token */
  heard(app: App, token: string, heard: HeardIn, turn: number | null): Promise<RingInAnswer | null>
  /** The provider says that the call is over. */
  ended(app: App, sid: string): Promise<void>
}

/** Keys in order, '' for none; or what was recorded. */
export type HeardIn =
  | { kind: 'keys'; keys: string }
  | { kind: 'recorded'; recordingSid: string; seconds: number }

export interface RingInAnswer {
  token: string
  /** how many answers this call has had */
  turn: number
  script: Script
}

/**
 * Who wants to hear of a text that came in. Returns what to answer, '' for "heard, and nothing to answer", null for "not mine".
 * All are asked in order, and then once more: in the first round a listener takes only what something of its own waits for.
 */
export type TextListener = (
  app: App,
  text: { from: string; body: string; lineId: string },
  round: 'first' | 'second',
) => Promise<string | null>
