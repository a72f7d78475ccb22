// Watch / types: what the watch sees, what it calls trouble, and what it makes of it. Pure data; used by the whole room.
import type { Line, NextOfLine } from '../lines/lines.ts'

/** The twelve kinds of trouble, the gravest first: the order in which they are told of and shown. */
export const kinds = [
  'database gone',
  'database full',
  'database read-only',
  'workers',
  'dispatcher',
  'overdue',
  'provider',
  'callbacks',
  'watch call',
  'mail',
  'clock',
  'lateness',
] as const
export type Kind = (typeof kinds)[number]

/** How the database took a write of the watch's own and answered what it was asked. */
export type DatabaseIs = 'well' | 'gone' | 'full' | 'read-only'

/** One look at everything. */
export interface Seen {
  /** of the application's clock */
  at: Date
  database: DatabaseIs
  /** the system's clock jumped at this instant, not long ago; null: it runs evenly */
  clockJumpedAt: Date | null
  /** Null: the database is not well, or the application's clock was just moved on purpose, so that nothing about time can be said. */
  rows: Rows | null
}

/** What the rows say. */
export interface Rows {
  /** when each worker finished its last cycle */
  beats: readonly Date[]
  /** the row that should have been dealt with first, of all kinds of rows; null: nothing is overdue */
  overdue: { table: string; wakeAt: Date } | null
  /** every line in use */
  lines: readonly { line: Line; waiting: number }[]
  /** what could have left `stuckForMs` ago and has not, line by line and kind by kind */
  couldLeave: readonly NextOfLine[]
  /** of each line in use the latest calls that the provider took, newest first: was anything heard of them? */
  latestCalls: ReadonlyMap<string, readonly { placedAt: Date; isHeardOf: boolean }[]>
  /** since when the mail server takes nothing; null: it does, or it was not asked */
  mailRefusedSince: Date | null
  /** the next peak that will be late, line by line */
  latePeaks: readonly { line: string; from: Date; lateMs: number }[]
  watchCall: WatchCall | null
}

/** The latest call to ourselves. */
export interface WatchCall {
  madeAt: Date
  endedAt: Date | null
  result: string | null
  code: string | null
}

/** Something that is not well. `subject` is a line's name, or ''. */
export interface Trouble {
  kind: Kind
  subject: string
  since: Date
}

/** What one look says: the troubles there are, and of which kinds it could say anything at all. */
export interface Judged {
  troubles: readonly Trouble[]
  judged: ReadonlySet<Kind>
}

/** One trouble's life: alarm.ts. */
export interface Alarm extends Trouble {
  /** seen once; certain, and told of; past, and its end is still to be told */
  state: 'seen' | 'raised' | 'over'
  /** good looks in a row, while raised */
  good: number
  /** null: nobody could be told yet */
  toldAt: Date | null
}

/** What is told: that it began, that it goes on, that it is over. */
export type Tiding = 'new' | 'again' | 'over'

/** How everything stands, for those who ask. */
export interface Standing {
  /** when everything was last looked at; null: never, or the watch sees nothing */
  lookedAt: Date | null
  /** since the last complete look, in milliseconds; null: there was none */
  ageMs: number | null
  /** what is certain, the gravest first */
  alarms: readonly Alarm[]
  /** of the last look, for metrics; null where another process watches */
  rows: Rows | null
}
