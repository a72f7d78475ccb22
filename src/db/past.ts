// Db / past: where rows are that may be long over. What is called, rung and told of lives in the tables themselves; three months later
// the worker moves it to tables of the same names in the schema `past`, in parts by month (docs/decisions/0032). Pure but for the SQL
// it makes; called by the stores that show the past, and by src/past, which moves the rows.
import { type RawBuilder, type Selectable, sql } from 'kysely'
import { instantOfId } from '../kit/ids.ts'
import type { Tables } from './tables.ts'

/** Every table that has a past. */
export const pastTables = [
  'provider_exchange',
  'outgoing',
  'notification',
  'alert_event',
  'alert_call',
  'alert',
  'attempt',
  'call_event',
  'call',
] as const

export type PastTable = (typeof pastTables)[number]

const dayMs = 24 * 60 * 60_000
/** Longer than anything looks back that decides something: links are good for 30 days, the forecast learns from 28. */
const livingDays = 92

/** Calls due from here on are among the living rows for certain. */
export const livingSince = (now: Date): Date => new Date(now.getTime() - livingDays * dayMs)

/** Months of the past, first days by UTC's calendar: from `from` on, before `until`. Null: the living rows. */
export type Span = { from: string; until: string } | null

/** The month in which a call due at this instant is kept, once it is past: 'YYYY-MM-01', by UTC's calendar. */
export const monthOf = (instant: Date): string => `${instant.toISOString().slice(0, 7)}-01`

/** So many months later, or earlier when negative. */
export function monthAfter(month: string, months: number): string {
  const [year, number] = month.split('-').map(Number)
  return monthOf(new Date(Date.UTC(year!, number! - 1 + months, 1)))
}

/** One month of the past. */
export const inMonth = (month: string): Span => ({ from: month, until: monthAfter(month, 1) })

/**
 * The rows of a table, living or of these months, to select from: `selectFrom(rowsOf('call', span).as('call'))`. The months stand in
 * the query, so that PostgreSQL touches their parts only.
 */
export function rowsOf<T extends PastTable>(table: T, span: Span): RawBuilder<Selectable<Tables[T]>> {
  if (span === null) return sql`${sql.table(table)}`
  return sql`(select * from ${sql.id('past', table)} where month >= ${span.from}::date and month < ${span.until}::date)`
}

/** Where in the past to look for a call or an alert of this id, in this order; nowhere for an id that is none of ours. */
export function spansOf(id: string): Span[] {
  const made = instantOfId(id)
  if (made === null) return []
  // a call is planned at most a day before it is due and alerts within a day; both later only where nobody was at work
  const month = monthOf(made)
  const likely = { from: monthAfter(month, -1), until: monthAfter(month, 2) }
  return [likely, { from: '1970-01-01', until: likely.from }]
}
