// Db / rows: many rows written by one statement, whose text is the same however many they are, so that the server plans it once.
// Called by stores, for what comes in batches.
import { type Insertable, type RawBuilder, type Selectable, sql, type Updateable } from 'kysely'
import type { Tx, WideTx } from './db.ts'
import type { Tables } from './tables.ts'

type AnyTx = Pick<Tx, 'sql'> | Pick<WideTx, 'sql'>

/** A row as it is read: JSON columns hold what they mean, not its text. */
type Given<Written, Read> = { [Name in keyof Written]: Name extends keyof Read ? Read[Name] : Written[Name] }
type Inserted<T extends keyof Tables> = Given<Insertable<Tables[T]>, Selectable<Tables[T]>>
type Updated<T extends keyof Tables> = Given<Updateable<Tables[T]>, Selectable<Tables[T]>>

/** What one table is to hold; null: nothing new. */
export type Write = RawBuilder<unknown> | null

/** Several tables' rows by one statement: a round trip less for each. They see nothing of each other's. */
export async function write(tx: AnyTx, writes: readonly Write[]): Promise<void> {
  const [first, ...others] = writes.filter((one) => one !== null)
  if (!first) return
  const before = others.map((one, place) => sql`${sql.ref(`w${place}`)} as (${one})`)
  const all = others.length === 0 ? first : sql`with ${sql.join(before)} ${first}`
  await all.execute(tx.sql)
}

/** @param rows each with the same columns; what they leave out takes its default */
export function inserted<T extends keyof Tables & string>(table: T, rows: readonly Inserted<T>[]): Write {
  const [first] = rows
  if (!first) return null
  const columns = sql.join(Object.keys(first).map((name) => sql.ref(name)))
  return sql`insert into ${sql.table(table)} (${columns}) select ${columns} from ${given(table, rows)}`
}

/** @param rows each with its key, `organisation_id` and `id`, and the same columns to be set, none of them of JSON */
export function updated<T extends keyof Tables & string>(
  table: T,
  rows: readonly (Updated<T> & { organisation_id: string; id: string })[],
): Write {
  const [first] = rows
  if (!first) return null
  const names = Object.keys(first).filter((name) => name !== 'organisation_id' && name !== 'id')
  // all as it was
  if (names.length === 0) return null
  const organisations = [...new Set(rows.map((row) => row.organisation_id))]
  const ids = rows.map((row) => row.id)
  const areThese = sql`${among('kept.organisation_id', organisations)} and ${among('kept.id', ids)}`
  const setTo = (value: (name: string) => unknown) =>
    sql`update ${sql.table(table)} as kept set ${sql.join(names.map((name) => sql`${sql.ref(name)} = ${value(name)}`))}`
  // one, or many of which the same is to be kept: nothing has to be told row by row
  if (organisations.length === 1 && rows.every((row) => names.every((name) => isSame(row, first, name))))
    return sql`${setTo((name) => valueIn(first, name))} where ${areThese}`
  // the keys by themselves too, for the plan
  return sql`${setTo((name) => sql.ref(`given.${name}`))} from ${given(table, rows)}
    where kept.organisation_id = given.organisation_id and kept.id = given.id and ${areThese}`
}

const valueIn = (row: object, name: string): unknown => (row as Record<string, unknown>)[name]

function isSame(row: object, other: object, name: string): boolean {
  const [a, b] = [valueIn(row, name), valueIn(other, name)]
  return a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b
}

/** One text for however many ids. */
export const among = (column: string, ids: readonly string[]): RawBuilder<boolean> =>
  sql<boolean>`${sql.ref(column)} = any(${ids}::uuid[])`

/**
 * The same within this organisation. The organisation is given as a list too: a plan is kept by its connection, and one that was made while a
 * table was nearly empty would else find rows by the organisation alone, which soon is all of the table.
 */
export const amongIn = (
  tx: Pick<Tx, 'organisationId'>,
  column: string,
  ids: readonly string[],
  organisation = 'organisation_id',
): RawBuilder<boolean> => sql<boolean>`${among(organisation, [tx.organisationId])} and ${among(column, ids)}`

/**
 * Of many columns those that differ from before, in one row at least: the same in all rows, as `updated` wants them. To be sent and read by
 * the server, a column that stays as it was costs as much as one that changes.
 */
export function changedColumns<Key extends object, Columns extends object>(
  rows: readonly { key: Key; before: Columns; after: Columns }[],
): (Key & Partial<Columns>)[] {
  const names = Object.keys(rows[0]?.after ?? {}) as (keyof Columns)[]
  const changed = names.filter((name) => rows.some(({ before, after }) => before[name] !== after[name]))
  return rows.map(({ key, after }) => ({
    ...key,
    ...(Object.fromEntries(changed.map((name) => [name, after[name]])) as Partial<Columns>),
  }))
}

const given = (table: string, rows: readonly object[]) =>
  sql`json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::json) as given`
