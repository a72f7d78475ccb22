// Past / store: the SQL that moves rows to the past, and the only SQL for past_look. Takes a transaction over every organisation.
import { type RawBuilder, sql } from 'kysely'
import type { WideTx } from '../db/db.ts'
import { monthOf, type PastTable } from '../db/past.ts'
import { idsBefore } from '../kit/ids.ts'
import { familiesOrganisation } from '../organisations/organisations.ts'

/** Takes the look that is due at `now` by putting the next one off to `until`. @returns false when another has taken it, or none is due */
export async function takeLook(tx: WideTx, now: Date, until: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx.sql
    .updateTable('past_look')
    .set({ wake_at: until })
    .where('wake_at', '<=', now)
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows) > 0
}

/** There is more to move. */
export async function putLookOff(tx: WideTx, until: Date): Promise<void> {
  await tx.sql.updateTable('past_look').set({ wake_at: until }).execute()
}

/** When the living rows are looked through next. */
export async function nextLook(tx: WideTx): Promise<Date | null> {
  const row = await tx.sql.selectFrom('past_look').select('wake_at').executeTakeFirst()
  return row?.wake_at ?? null
}

/**
 * Moves at most so many calls that were due before `before` and are over, with all that belongs to them, and as many calls of the watch.
 * @returns how many calls
 */
export async function moveBatch(tx: WideTx, before: Date, atMost: number): Promise<number> {
  const calls = await longOver(tx, before, atMost)
  const watchCalls = await watchCallsOver(tx, before, atMost)
  for (const month of new Set([...calls, ...watchCalls].map(({ at }) => monthOf(at))))
    await sql`select past.make_month(${month}::date)`.execute(tx.sql)
  for (const batch of alike(calls)) await moveCalls(tx, batch)
  for (const { ids, ...of } of alike(watchCalls)) await moveOutgoings(tx, of, ids)
  return calls.length + watchCalls.length
}

interface Over {
  organisation_id: string
  id: string
  /** when it was due, or asked for */
  at: Date
}

/** What moves together: rows of one organisation and one month of the past. */
interface Batch {
  organisationId: string
  month: string
  ids: string[]
}

function alike(rows: readonly Over[]): Batch[] {
  const groups = Map.groupBy(rows, (row) => `${row.organisation_id} ${monthOf(row.at)}`)
  return [...groups.values()].map((group) => ({
    organisationId: group[0]!.organisation_id,
    month: monthOf(group[0]!.at),
    ids: group.map((row) => row.id),
  }))
}

/**
 * Locks calls that are over, and whose alerts and all that was sent for them are over too. They are found by their ids, whose order is
 * that of planning: so the search begins with the oldest, and needs no index of its own.
 */
async function longOver(tx: WideTx, before: Date, atMost: number): Promise<Over[]> {
  const { rows } = await sql<Over>`
    select c.organisation_id, c.id, c.due_at as at
    from organisation o cross join lateral (
      select * from call
      where organisation_id = o.organisation_id and id < ${idsBefore(before)}::uuid and due_at < ${before} and state = 'closed'
        and not exists (select 1 from outgoing g
          where g.organisation_id = call.organisation_id and g.owner_id = call.id and g.state <> 'ended')
        and not exists (select 1 from alert_call j join alert a on a.organisation_id = j.organisation_id and a.id = j.alert_id
          where j.organisation_id = call.organisation_id and j.call_id = call.id and a.state <> 'closed')
        and not exists (select 1 from alert a
          where a.organisation_id = call.organisation_id and a.call_id = call.id and (a.state <> 'closed'
            or exists (select 1 from outgoing g
              where g.organisation_id = a.organisation_id and g.owner_id = a.id and g.state <> 'ended')))
      order by id limit ${atMost} for update skip locked) c
    limit ${atMost}`.execute(tx.sql)
  return rows
}

async function watchCallsOver(tx: WideTx, before: Date, atMost: number): Promise<Over[]> {
  const { rows } = await sql<Over>`
    select organisation_id, id, created_at as at from outgoing
    where organisation_id = ${familiesOrganisation}::uuid and id < ${idsBefore(before)}::uuid and created_at < ${before}
      and owner_room = 'watch' and state = 'ended'
    order by id limit ${atMost} for update skip locked`.execute(tx.sql)
  return rows
}

async function moveCalls(tx: WideTx, { ids: callIds, ...of }: Batch): Promise<void> {
  const alertIds = await idsOf(tx, of, 'alert', anyOf('call_id', callIds))
  await moveOutgoings(tx, of, await idsOf(tx, of, 'outgoing', anyOf('owner_id', [...callIds, ...alertIds])))
  await move(tx, of, 'notification', anyOf('alert_id', alertIds))
  await move(tx, of, 'alert_event', anyOf('alert_id', alertIds))
  // an alert goes with the call that raised it, and says there of which others it was; these follow by themselves
  await move(tx, of, 'alert_call', anyOf('alert_id', alertIds))
  await move(tx, of, 'alert', anyOf('id', alertIds))
  await move(tx, of, 'attempt', anyOf('call_id', callIds))
  await move(tx, of, 'call_event', anyOf('call_id', callIds))
  await move(tx, of, 'call', anyOf('id', callIds))
}

async function moveOutgoings(tx: WideTx, of: Omit<Batch, 'ids'>, ids: readonly string[]): Promise<void> {
  await move(tx, of, 'provider_exchange', anyOf('outgoing_id', ids))
  await move(tx, of, 'outgoing', anyOf('id', ids))
}

const anyOf = (column: string, ids: readonly string[]): RawBuilder<boolean> =>
  sql<boolean>`${sql.ref(column)} = any(${ids}::uuid[])`

/** Locked, in the order of their ids. */
async function idsOf(
  tx: WideTx,
  { organisationId }: Omit<Batch, 'ids'>,
  table: PastTable,
  which: RawBuilder<boolean>,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from ${sql.table(table)}
    where organisation_id = ${organisationId}::uuid and ${which} order by id for update`.execute(tx.sql)
  return rows.map((row) => row.id)
}

/** One statement takes rows out and puts them in. The past has the same columns in the same order, after the month. */
async function move(
  tx: WideTx,
  { organisationId, month }: Omit<Batch, 'ids'>,
  table: PastTable,
  which: RawBuilder<boolean>,
): Promise<void> {
  await sql`with gone as (delete from ${sql.table(table)} where organisation_id = ${organisationId}::uuid and ${which} returning *)
    insert into ${sql.id('past', table)} select ${month}::date, gone.* from gone`.execute(tx.sql)
}
