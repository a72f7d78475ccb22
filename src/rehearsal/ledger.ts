// Rehearsal / ledger: the events a rehearsal writes, in order, and the summary a person can read. Pure.
// What rang, was texted or mailed is what the exchange and the mail room saw; outcomes and alerts are what the application says.

export interface RingEvent {
  event: 'ring'
  at: string
  line: string
  from: string
  to: string
  for: string | null
  purpose:
    | 'call'
    | 'alert'
    | 'all-clear'
    | 'verification'
    | 'recording'
    | 'test'
    | 'ring-in'
    | 'ring-back'
    | 'news'
    | 'watch'
  /** of a call about several, the first; `receivers` has all */
  receiver: string | null
  receivers?: string[]
  attempt: number | null
  result: 'answered' | 'voicemail' | 'no-answer' | 'busy' | 'rejected' | 'unreachable'
  answeredAt: string | null
  endedAt: string | null
  keys: string[]
  heard: string[]
}
export interface TextEvent {
  event: 'text'
  at: string
  line: string
  to: string
  for: string | null
  purpose: string
  /** of a text about several, the first; `receivers` has all */
  receiver: string | null
  receivers?: string[]
  /** of a call by text: which attempt it was */
  attempt?: number
  body: string
}
export interface TextInEvent {
  event: 'text in'
  at: string
  line: string
  from: string
  body: string
}
export interface EmailEvent {
  event: 'email'
  at: string
  to: string
  for: string
  purpose: string
  receiver: string | null
  subject: string
}
export interface OutcomeEvent {
  event: 'outcome'
  at: string
  receiver: string
  dueAt: string
  outcome: 'acknowledged' | 'help requested' | 'missed' | 'not placed' | 'skipped'
  attempts: string[]
}
export interface AlertEvent {
  event: 'alert'
  at: string
  receiver: string
  dueAt: string
  /** when each of its calls was due, where it is about several at the end */
  calls?: string[]
  state: 'open' | 'accepted' | 'closed' | 'handed over'
  reason: string
  by?: string
}
export type LedgerEvent = RingEvent | TextEvent | TextInEvent | EmailEvent | OutcomeEvent | AlertEvent

const order: Record<LedgerEvent['event'], number> = {
  ring: 0,
  'text in': 1,
  outcome: 2,
  alert: 3,
  text: 4,
  email: 5,
}

/** In order of `at`; at one instant in an order that depends on nothing but the scenario. */
export function inOrder(events: readonly LedgerEvent[]): LedgerEvent[] {
  const key = (e: LedgerEvent) =>
    ('receiver' in e ? (e.receiver ?? '') : '') + ('to' in e ? e.to : '') + ('from' in e ? e.from : '')
  return events
    .map((event, index) => ({ event, index }))
    .sort(
      (a, b) =>
        compare(a.event.at, b.event.at) ||
        order[a.event.event] - order[b.event.event] ||
        compare(key(a.event), key(b.event)) ||
        a.index - b.index,
    )
    .map(({ event }) => event)
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** The last line of a rehearsal: what a council wants to know. */
export function summary(events: readonly LedgerEvent[], callsDue: number): string {
  const outcomes = events.filter((e) => e.event === 'outcome')
  const alerts = events.filter((e) => e.event === 'alert')
  const count = (what: OutcomeEvent['outcome']) => outcomes.filter((e) => e.outcome === what).length
  const state = (what: AlertEvent['state']) => alerts.filter((e) => e.state === what).length
  const minutes = alerts
    .filter((e) => e.state === 'open')
    .map((open) => firstTold(events, open))
    .filter((m) => m !== null)
    .sort((a, b) => a - b)
  const help = count('help requested')
  return [
    `Calls due ${callsDue}: acknowledged ${count('acknowledged')}, ${help ? `help requested ${help}, ` : ''}missed ${count('missed')}, not placed ${count('not placed')}, skipped ${count('skipped')}.`,
    `Alerts: opened ${state('open')}, accepted ${state('accepted')}, handed over ${state('handed over')}.`,
    `Rings ${events.filter((e) => e.event === 'ring').length}, texts ${events.filter((e) => e.event === 'text').length}, e-mails ${events.filter((e) => e.event === 'email').length}.`,
    minutes.length === 0
      ? 'No alert went out.'
      : `Minutes from due to first alert: median ${oneDecimal(median(minutes))}, worst ${oneDecimal(minutes.at(-1)!)}.`,
  ].join(' ')
}

/**
 * Minutes from the due time of the call to the first alert ring, text or e-mail about it, or null when none went out. An alert that
 * joins a call which rings already is told from that moment on.
 */
function firstTold(events: readonly LedgerEvent[], open: AlertEvent): number | null {
  const told = events.find(
    (e) =>
      'purpose' in e &&
      e.purpose === 'alert' &&
      isAbout(e, open.receiver) &&
      (e.event === 'ring' ? (e.endedAt ?? open.at) : e.at) >= open.at,
  )
  const at = told && (told.at > open.at ? told.at : open.at)
  return at ? (Date.parse(at) - Date.parse(open.dueAt)) / 60_000 : null
}

/** A call or text may be about several. */
function isAbout(e: { receiver: string | null; receivers?: string[] }, receiver: string): boolean {
  return e.receivers?.includes(receiver) ?? e.receiver === receiver
}

function median(sorted: number[]): number {
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const oneDecimal = (n: number) => n.toFixed(1)
