// Exchange / ledger: what really rang and what was really texted, by the exchange's own eyes. It never asks the application
// what it thinks happened; a rehearsal lays the two side by side. Entries are plain JSON. Written by calls.ts, speaking.ts and
// texts.ts; read by the rehearsal and the pages.

export type RingResult = 'answered' | 'voicemail' | 'no-answer' | 'busy' | 'rejected' | 'unreachable'

/** One ringing of a telephone, or (`way: 'in'`) one call of a telephone to a line. Instants are ISO 8601, UTC. */
export interface RingEntry {
  kind: 'ring'
  at: string
  way: 'out' | 'in'
  lineName: string
  from: string
  to: string
  /** null while it is still ringing */
  result: RingResult | null
  answeredAt: string | null
  /** null while it lasts */
  endedAt: string | null
  /** every key pressed; `taken` when something was listening */
  keys: { key: string; at: string; taken: boolean }[]
  /** the sentences whose playing began, in order; a recording as `recording:` and its address */
  heard: string[]
  callSid: string
  /** where the customer asked to be asked and told: both carry the customer's own token */
  voiceUrl: string | null
  statusUrl: string | null
  /** true when the number was already ringing or talking: two calls for one telephone */
  clash: boolean
}

export interface TextEntry {
  kind: 'text'
  /** when it left the line */
  at: string
  lineName: string
  from: string
  to: string
  body: string
  result: 'sent' | 'delivered' | 'undelivered'
  textSid: string
  statusUrl: string | null
  /** written by the network itself (answers to STOP, START, HELP), not by the customer */
  automatic: boolean
}

export interface TextInEntry {
  kind: 'text in'
  at: string
  lineName: string
  from: string
  to: string
  body: string
  textSid: string
}

export type LedgerEntry = RingEntry | TextEntry | TextInEntry

export interface Ledger {
  /** All entries in the order in which they began. Entries of what still goes on are completed in place. */
  entries(): readonly LedgerEntry[]
  rings(): RingEntry[]
}

export interface LedgerWriter extends Ledger {
  add<T extends LedgerEntry>(entry: T): T
}

export function createLedger(history: readonly LedgerEntry[]): LedgerWriter {
  const entries: LedgerEntry[] = [...history]
  return {
    entries: () => entries,
    rings: () => entries.filter((entry) => entry.kind === 'ring'),
    add(entry) {
      entries.push(entry)
      return entry
    },
  }
}

/** The one thing that names an entry. */
export const entryId = (entry: LedgerEntry): string => (entry.kind === 'ring' ? entry.callSid : entry.textSid)
