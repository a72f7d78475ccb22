// Lines / line / store: the only SQL for line: how it is set up, who holds it, its pace, how well it does. Takes a transaction; decides nothing.
import { type Selectable, sql } from 'kysely'
import type { Tx, WideTx } from '../../db/db.ts'
import type { LineTable } from '../../db/tables.ts'
import type { Health } from '../health.ts'

export interface Line {
  id: string
  name: string
  /** E.164 */
  number: string
  /** the provider's name in the configuration */
  provider: string
  /** 0 is everybody's own line */
  rank: number
  isInUse: boolean
  showsFirst: boolean
  callsPerSecond: number
  textsPerSecond: number
  concurrentCalls: number
  health: Health
  /** no other line could take over from it; false where that was not asked */
  isAlone: boolean
  /** when the next call and the next text may go out */
  nextCallAt: Date
  nextTextAt: Date
  leaseOwner: string | null
  leaseToken: string
  leaseUntil: Date
  /** the presence of its owner (queue/bell.ts); null: it has none */
  leaseLock: string | null
}

export interface LineWanted {
  /** as it stands in addresses */
  name: string
  /** E.164 */
  number: string
  provider: string
  /** its provider lets it show the first line's number on calls */
  showsFirst: boolean
  callsPerSecond: number
  textsPerSecond: number
  concurrentCalls: number
}

/** Write a configured line, or bring the one of that name up to date; its pace and its lease stay. */
export async function upsertLine(tx: Tx, id: string, rank: number, wanted: LineWanted): Promise<void> {
  const settings = {
    number: wanted.number,
    provider: wanted.provider,
    rank,
    in_use: true,
    shows_first: wanted.showsFirst,
    calls_per_second: wanted.callsPerSecond,
    texts_per_second: wanted.textsPerSecond,
    concurrent_calls: wanted.concurrentCalls,
  }
  await tx.sql
    .insertInto('line')
    .values({ organisation_id: tx.organisationId, id, name: wanted.name, ...settings })
    .onConflict((on) => on.column('name').doUpdateSet(settings))
    .execute()
}

/** Lines of other names are no longer used; what waits at them moves over. */
export async function retireLines(tx: Tx, except: readonly string[]): Promise<void> {
  await tx.sql.updateTable('line').set({ in_use: false }).where('name', 'not in', except).execute()
}

/** The line that is used when a service names none. @throws when there is no line: they are made at the start */
export async function firstLine(tx: Tx | WideTx): Promise<Line> {
  const row = await tx.sql
    .selectFrom('line')
    .selectAll()
    .where('in_use', '=', true)
    .orderBy('rank')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (!row) throw new Error('no line was set up')
  return lineFrom(row)
}

/** Every line that is in use, the first one first, and how much waits at it. */
export async function linesInUse(tx: WideTx): Promise<{ line: Line; waiting: number }[]> {
  const rows = await tx.sql
    .selectFrom('line')
    .selectAll()
    .select(
      sql<string>`(select count(*) from outgoing where line_id = line.id and state = 'waiting')`.as(
        'waiting',
      ),
    )
    .where('in_use', '=', true)
    .orderBy('rank')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ line: lineFrom(row), waiting: Number(row.waiting) }))
}

/** By id or by name, as it stands in an address. */
export async function lineCalled(tx: WideTx, idOrName: string): Promise<Line | null> {
  const row = await tx.sql
    .selectFrom('line')
    .selectAll()
    .where((where) => where.or([where('name', '=', idOrName), where(sql`id::text`, '=', idOrName)]))
    .executeTakeFirst()
  return row ? lineFrom(row) : null
}

/** Of a line: is there no other that works? */
export const isAlone = sql<boolean>`not exists (
  select 1 from line other where other.id <> line.id and other.in_use and other.health <> 'failed')`

export function lineFrom(row: Selectable<LineTable> & { is_alone?: boolean }): Line {
  return {
    id: row.id,
    name: row.name,
    number: row.number,
    provider: row.provider,
    rank: row.rank,
    isInUse: row.in_use,
    showsFirst: row.shows_first,
    health: {
      is: row.health,
      since: instant(row.health_since),
      troubles: row.troubles,
      good: row.good,
      probeAt: row.probe_at,
      probes: row.probes,
    },
    isAlone: row.is_alone ?? false,
    callsPerSecond: Number(row.calls_per_second),
    textsPerSecond: Number(row.texts_per_second),
    concurrentCalls: row.concurrent_calls,
    nextCallAt: instant(row.next_call_at),
    nextTextAt: instant(row.next_text_at),
    leaseOwner: row.lease_owner,
    leaseToken: row.lease_token,
    leaseUntil: instant(row.lease_until),
    leaseLock: row.lease_lock,
  }
}

/** '-infinity', a line's beginning, comes as a number. */
const instant = (given: Date | number): Date => (given instanceof Date ? given : new Date(0))

/** The line, locked: claims of one line follow each other. */
export async function lockLine(tx: WideTx, lineId: string): Promise<Line | null> {
  const row = await tx.sql
    .selectFrom('line')
    .selectAll()
    .select(isAlone.as('is_alone'))
    .where('id', '=', lineId)
    .forUpdate()
    .executeTakeFirst()
  return row ? lineFrom(row) : null
}

export interface Lease {
  owner: string
  token: string
  until: Date
  /** the presence of its owner */
  lock: string | null
}

/** Something left this line: keep when the next may, and who holds the line with which token, until when. */
export async function keepLine(
  tx: WideTx,
  lineId: string,
  kept: { kind: 'call' | 'text'; next: Date; lease: Lease },
): Promise<void> {
  const slot = kept.kind === 'call' ? { next_call_at: kept.next } : { next_text_at: kept.next }
  const { owner, token, until, lock } = kept.lease
  await tx.sql
    .updateTable('line')
    .set({ ...slot, lease_owner: owner, lease_token: token, lease_until: until, lease_lock: lock })
    .where('id', '=', lineId)
    .execute()
}

/** Its owner is gone: the lease is over, and what it had claimed is due to be found out about, unless somebody is at it already. */
export async function freeLine(tx: WideTx, lineId: string, now: Date): Promise<void> {
  await tx.sql
    .updateTable('line')
    .set({ lease_until: now, lease_lock: null })
    .where('id', '=', lineId)
    .execute()
  await sql`update outgoing set wake_at = ${now} where state = 'claimed' and ctid = any(array(
    select ctid from outgoing where line_id = ${lineId} and state = 'claimed' and wake_at > ${now} order by id for update skip locked))`.execute(
    tx.sql,
  )
}

/** Whoever stops gives back the lines that it holds. The token stays: the next holder's is another. */
export async function releaseLines(tx: WideTx, owner: string): Promise<void> {
  await tx.sql
    .updateTable('line')
    .set({ lease_owner: null, lease_lock: null, lease_until: sql<Date>`'-infinity'::timestamptz` })
    .where('lease_owner', '=', owner)
    .execute()
}

/** Keeps how well a line does. */
export async function saveHealth(tx: WideTx, lineId: string, health: Health): Promise<void> {
  await tx.sql
    .updateTable('line')
    .set({
      health: health.is,
      health_since: health.since,
      troubles: health.troubles,
      good: health.good,
      probe_at: health.probeAt,
      probes: health.probes,
    })
    .where('id', '=', lineId)
    .execute()
}

/** Lines whose provider is to be asked at `now` whether it is there, taken by moving that to `until`. */
export async function takeProbes(tx: WideTx, now: Date, until: Date): Promise<Line[]> {
  const rows = await tx.sql
    .updateTable('line')
    .set({ probe_at: until })
    .where('probe_at', '<=', now)
    .where('in_use', '=', true)
    .returningAll()
    .execute()
  return rows.map(lineFrom)
}

/** When the next line's provider is to be asked whether it is there. */
export async function nextProbe(tx: WideTx): Promise<Date | null> {
  const row = await tx.sql
    .selectFrom('line')
    .select('probe_at')
    .where('probe_at', 'is not', null)
    .where('in_use', '=', true)
    .orderBy('probe_at')
    .limit(1)
    .executeTakeFirst()
  return row?.probe_at ?? null
}
