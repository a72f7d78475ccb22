// Lines / dispatching / store: the SQL that finds among many outgoings those that go next, that are of no use any more, and that are to be found
// out about. Takes a transaction over every organisation; decides nothing.
import { sql } from 'kysely'
import type { WideTx } from '../../db/db.ts'
import { isAlone, type Line, lineFrom } from '../line/store.ts'
import { type Outgoing, type OutgoingRef, type OutgoingRow, outgoingFrom, refFrom } from '../store.ts'

// as words of the statement, not as parameters: else a plan that is kept could not use the indexes of what waits and what lives
const isWaiting = sql<boolean>`state = 'waiting'`
const isLiveCall = sql<boolean>`kind = 'call' and state not in ('waiting', 'ended')`

export interface WorkOfLine {
  line: Line
  calls: boolean
  texts: boolean
  expired: boolean
  /** anything at all, also what may not go out yet */
  waits: boolean
}

/** Every line and what waits at it at `now`; and whether any outgoing, at whatever line, wakes. */
export async function lookForWork(tx: WideTx, now: Date): Promise<{ lines: WorkOfLine[]; awake: boolean }> {
  // `offset 0`: asked until the first is found, never answered out of a list of all
  const waits = (which: ReturnType<typeof sql<boolean>>) =>
    sql<boolean>`exists (select 1 from outgoing where line_id = line.id and state = 'waiting' and ${which} offset 0)`
  const rows = await tx.sql
    .selectFrom('line')
    .selectAll()
    .select(isAlone.as('is_alone'))
    .select([
      waits(sql<boolean>`kind = 'call' and not_before <= ${now} and useful_until > ${now}`).as('calls'),
      waits(sql<boolean>`kind = 'text' and not_before <= ${now} and useful_until > ${now}`).as('texts'),
      waits(sql<boolean>`useful_until <= ${now} and not_before <= ${now}`).as('expired'),
      waits(sql<boolean>`true`).as('waits'),
      sql<boolean>`exists (select 1 from outgoing where wake_at <= ${now} offset 0)`.as('awake'),
    ])
    .orderBy('name')
    .execute()
  return {
    lines: rows.map((row) => ({
      line: lineFrom(row),
      calls: row.calls,
      texts: row.texts,
      expired: row.expired,
      waits: row.waits,
    })),
    awake: rows.some((row) => row.awake),
  }
}

/**
 * What waits at one line waits at another from now on, as if it had never been refused. What was asked of the provider already
 * stays: it may be ringing. @returns how much it was
 */
export async function moveWaiting(tx: WideTx, from: string, to: string, now: Date): Promise<number> {
  // in the order of their ids, as everybody locks several: else two could wait for each other
  const { numUpdatedRows } = await tx.sql
    .with('moving', (all) =>
      all
        .selectFrom('outgoing')
        .select('id')
        .where('line_id', '=', from)
        .where('state', '=', 'waiting')
        .orderBy('id')
        .forUpdate(),
    )
    .updateTable('outgoing')
    .set({
      line_id: to,
      // back where it belongs, it has not moved at all
      moved_from: sql`nullif(coalesce(moved_from, line_id), ${to}::uuid)`,
      not_before: sql`least(not_before, ${now})`,
      refused_since: null,
      tries: 0,
    })
    .where('id', 'in', (all) => all.selectFrom('moving').select('moving.id'))
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}

export async function countLiveCalls(tx: WideTx, lineId: string): Promise<number> {
  const { count } = await tx.sql
    .selectFrom('outgoing')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('line_id', '=', lineId)
    .where(isLiveCall)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/**
 * The most urgent that may go out at `now`, locked (pacing.ts has the same order). Their numbers ring on no line, and no two of them
 * are calls to the same.
 */
export async function mostUrgent(
  tx: WideTx,
  lineId: string,
  kind: 'call' | 'text',
  now: Date,
  atMost: number,
): Promise<Outgoing[]> {
  // what waits is gone through in the order of its index, until enough is found: never all of it, which at a peak is much
  const { rows } = await sql<OutgoingRow>`
    select * from outgoing where state = 'waiting' and ctid = any(array(
      select o.place from (
        select ctid as place, * from outgoing
        where line_id = ${lineId} and kind = ${sql.lit(kind)} and state = 'waiting' and not_before <= ${now} and useful_until > ${now}
        order by priority, useful_until, id offset 0) o
      where ${kind === 'text' ? sql`true` : sql`${numberIsFree} and ${restsUntil} <= ${now}`}
      order by o.priority, o.useful_until, o.id limit ${atMost}))
    order by priority, useful_until, id for update skip locked`.execute(tx.sql)
  const taken = new Set<string>()
  const isFirst = (number: string) => !taken.has(number) && taken.add(number)
  return rows.filter((row) => kind === 'text' || isFirst(row.to_number)).map(outgoingFrom)
}

/** Asked of each row by itself, and never of all at once. */
const numberIsFree = sql<boolean>`(select count(*) from outgoing b
  where b.to_number = o.to_number and b.kind = 'call' and b.state not in ('waiting', 'ended')) = 0`

/**
 * A number that has just rung rests a minute before a call about something else, so that nobody puts the receiver down and hears
 * it ring again. Alerts do not wait, and neither does a call for which somebody sits waiting; the gap between the attempts of one
 * call was agreed.
 */
const restsUntil = sql<Date>`coalesce((
  select max(r.ended_at) + interval '1 minute' from outgoing r
  where r.to_number = o.to_number and r.kind = 'call' and r.state = 'ended'
    and o.purpose in ('call', 'all-clear') and r.owner_id <> o.owner_id and r.placed_at is not null), '-infinity')`

/** Waiting ones that are of no use any more. */
export async function expiredWaiting(
  tx: WideTx,
  lineId: string,
  now: Date,
  atMost: number,
): Promise<OutgoingRef[]> {
  const rows = await tx.sql
    .selectFrom('outgoing')
    .select(['organisation_id', 'id', 'owner_room', 'owner_id'])
    .where('line_id', '=', lineId)
    .where(isWaiting)
    .where('useful_until', '<=', now)
    .where('not_before', '<=', now)
    .orderBy('useful_until')
    .orderBy('id')
    .limit(atMost)
    .execute()
  return rows.map(refFrom)
}

/** Not before `until`: something is wrong with this waiting row alone. */
export async function postpone(tx: WideTx, ref: OutgoingRef, until: Date): Promise<void> {
  await tx.sql
    .updateTable('outgoing')
    .set({ not_before: until })
    .where('organisation_id', '=', ref.organisationId)
    .where('id', '=', ref.id)
    .where('state', '=', 'waiting')
    .execute()
}

export interface NextOfLine {
  line: Line
  kind: 'call' | 'text'
  /** the earliest instant from which one of the waiting may go out, as far as itself and its number are concerned */
  mayGoAt: Date | null
  /** the earliest instant at which one of the waiting is of no use any more */
  expiresAt: Date
  liveCalls: number
}

/** What waits at each line, by kind, seen at `now`. Without lines and kinds at which nothing waits. */
export async function nextOfLines(tx: WideTx, now: Date): Promise<NextOfLine[]> {
  const waiting = sql`from outgoing o where o.line_id = line.id and o.kind = w.kind and o.state = 'waiting'`
  const isFree = sql<boolean>`(o.kind = 'text' or ${numberIsFree})`
  const rows = await tx.sql
    .selectFrom((eb) =>
      eb
        .selectFrom('outgoing')
        .where(isWaiting)
        .groupBy(['line_id', 'kind'])
        .select(['line_id', 'kind', sql<Date>`min(greatest(useful_until, not_before))`.as('expires_at')])
        .as('w'),
    )
    .innerJoin('line', 'line.id', 'w.line_id')
    .selectAll('line')
    .select([
      'w.kind',
      'w.expires_at',
      // at a peak the first one that is looked at may go, and only when none may are all of them looked at
      sql<Date | null>`case
        when exists (select 1 ${waiting} and o.not_before <= ${now} and ${isFree} and ${restsUntil} <= ${now}) then ${now}::timestamptz
        else (select min(greatest(o.not_before, ${restsUntil})) filter (where ${isFree}) ${waiting}) end`.as(
        'may_go_at',
      ),
      sql<string>`(select count(*) from outgoing live where live.line_id = line.id and live.kind = 'call' and live.state not in ('waiting', 'ended'))`.as(
        'live_calls',
      ),
    ])
    .execute()
  return rows.map((row) => ({
    line: lineFrom(row),
    kind: row.kind,
    mayGoAt: row.may_go_at,
    expiresAt: row.expires_at,
    liveCalls: Number(row.live_calls),
  }))
}

// ── reconciling ─────────────────────────────────────────────────────────────────────────────────────────────────

/** @property from the number that was shown; @property provider whom to ask */
export type Awake = Outgoing & { from: string; provider: string }

/**
 * Rows whose time has come, taken by moving their time to `until`: whoever is lost with them finds them due again then.
 * A row that somebody is working on is left to them.
 */
export async function takeAwake(tx: WideTx, now: Date, until: Date, atMost: number): Promise<Awake[]> {
  const rows = await tx.sql
    .selectFrom('outgoing as o')
    .innerJoin('line', 'line.id', 'o.line_id')
    .selectAll('o')
    .select(['line.number as line_number', 'line.provider'])
    .where('o.wake_at', '<=', now)
    .orderBy('o.wake_at')
    .orderBy('o.id')
    .limit(atMost)
    .forUpdate('o')
    .skipLocked()
    .execute()
  if (rows.length > 0) {
    await tx.sql
      .updateTable('outgoing')
      .set({ wake_at: until })
      .where(
        'id',
        'in',
        rows.map((row) => row.id),
      )
      .execute()
  }
  return rows.map((row) => {
    const outgoing = outgoingFrom(row)
    return { ...outgoing, provider: row.provider, from: outgoing.from ?? row.line_number }
  })
}

export async function nextWake(tx: WideTx): Promise<Date | null> {
  const row = await tx.sql
    .selectFrom('outgoing')
    .select('wake_at')
    .where('wake_at', 'is not', null)
    .orderBy('wake_at')
    .limit(1)
    .executeTakeFirst()
  return row?.wake_at ?? null
}

/** Of these names of the provider's, those that are an outgoing of ours to this number already. */
export async function knownNames(tx: WideTx, to: string, sids: readonly string[]): Promise<Set<string>> {
  if (sids.length === 0) return new Set()
  const rows = await tx.sql
    .selectFrom('outgoing')
    .select('provider_sid')
    .where('to_number', '=', to)
    .where('provider_sid', 'in', sids)
    .execute()
  return new Set(rows.map((row) => row.provider_sid!))
}
