// Watch / store: the only SQL for heartbeat, watch_look, alarm and watch_call; and what the watch reads of other rooms' rows. It asks
// the rows and not the rooms, because a room that stands still would say that all is well. Reads and writes; decides nothing.
import { type RawBuilder, sql } from 'kysely'
import type { Tx, WideTx } from '../db/db.ts'
import { type Alarm, type Kind, kinds, type WatchCall } from './types.ts'

// ── heartbeats ──────────────────────────────────────────────────────────────────────────────────────────────────

/** A worker finished a cycle. Those that were not heard of since `forgottenAt` are forgotten. */
export async function beat(
  tx: Tx,
  worker: { id: string; startedAt: Date },
  now: Date,
  forgottenAt: Date,
): Promise<void> {
  await tx.sql
    .insertInto('heartbeat')
    .values({
      organisation_id: tx.organisationId,
      worker_id: worker.id,
      started_at: worker.startedAt,
      beat_at: now,
    })
    .onConflict((on) => on.columns(['organisation_id', 'worker_id']).doUpdateSet({ beat_at: now }))
    .execute()
  await tx.sql.deleteFrom('heartbeat').where('beat_at', '<', forgottenAt).execute()
}

export async function forgetWorker(tx: Tx, id: string): Promise<void> {
  await tx.sql.deleteFrom('heartbeat').where('worker_id', '=', id).execute()
}

export async function beats(tx: WideTx): Promise<Date[]> {
  const rows = await tx.sql.selectFrom('heartbeat').select('beat_at').execute()
  return rows.map((row) => row.beat_at)
}

// ── rows that wait ──────────────────────────────────────────────────────────────────────────────────────────────

/** Every table whose rows wake, so that a new one is watched without anybody thinking of it. */
export async function tablesThatWake(tx: WideTx): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where a.attname = 'wake_at' and not a.attisdropped and c.relkind in ('r', 'p') and not c.relispartition
      and c.relnamespace = 'public'::regnamespace
    order by 1`.execute(tx.sql)
  return rows.map(({ name }) => name)
}

/** Of all rows that wake, the one whose time has been past the longest at `at`. */
export async function oldestOverdue(
  tx: WideTx,
  tables: readonly string[],
  at: Date,
): Promise<{ table: string; wakeAt: Date } | null> {
  const each: RawBuilder<unknown>[] = tables.map(
    (table) => sql`(select ${sql.lit(table)} as "table", wake_at as "wakeAt" from ${sql.table(table)}
      where wake_at <= ${at} order by wake_at limit 1)`,
  )
  const { rows } = await sql<{ table: string; wakeAt: Date }>`
    select * from (${sql.join(each, sql` union all `)}) due order by "wakeAt" limit 1`.execute(tx.sql)
  return rows[0] ?? null
}

/** The latest calls of each line that the provider took between the two instants, newest first, and whether it reported anything. */
export async function latestCalls(
  tx: WideTx,
  { from, until, each }: { from: Date; until: Date; each: number },
): Promise<Map<string, { placedAt: Date; isHeardOf: boolean }[]>> {
  const rows = await tx.sql
    .selectFrom('line')
    .innerJoinLateral(
      (on) =>
        on
          .selectFrom('outgoing')
          .select(['placed_at', sql<boolean>`sequence >= 0 or served_at is not null`.as('is_heard_of')])
          .whereRef('line_id', '=', 'line.id')
          .where('kind', '=', 'call')
          .where('placed_at', '>', from)
          .where('placed_at', '<=', until)
          .orderBy('placed_at', 'desc')
          .limit(each)
          .as('latest'),
      (join) => join.onTrue(),
    )
    .select(['line.id', 'latest.placed_at', 'latest.is_heard_of'])
    .orderBy('latest.placed_at', 'desc')
    .execute()
  const byLine = Map.groupBy(rows, (row) => row.id)
  return new Map(
    [...byLine].map(([line, calls]) => [
      line,
      calls.map((row) => ({ placedAt: row.placed_at!, isHeardOf: row.is_heard_of })),
    ]),
  )
}

/** Since when the mail server takes nothing: the oldest e-mail that it refused twice, when none was sent since. */
export async function mailRefusedSince(tx: WideTx): Promise<Date | null> {
  const row = await tx.sql
    .selectFrom('email as refused')
    .select('refused.created_at')
    .where('refused.wake_at', 'is not', null)
    .where('refused.trouble', 'is not', null)
    // counted when it is taken for trying: the third time is under way, two have failed
    .where('refused.tries', '>=', 3)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('email as sent')
            .select('sent.id')
            .where('sent.state', '=', 'sent')
            .whereRef('sent.ended_at', '>', 'refused.created_at'),
        ),
      ),
    )
    .orderBy('refused.created_at')
    .limit(1)
    .executeTakeFirst()
  return row?.created_at ?? null
}

// ── the watch call ──────────────────────────────────────────────────────────────────────────────────────────────

/** Those made before `forgottenAt` have proved what they could. */
export async function insertWatchCall(tx: Tx, id: string, madeAt: Date, forgottenAt: Date): Promise<void> {
  await tx.sql.deleteFrom('watch_call').where('made_at', '<', forgottenAt).execute()
  await tx.sql
    .insertInto('watch_call')
    .values({ organisation_id: tx.organisationId, id, made_at: madeAt })
    .execute()
}

export async function lockWatchCall(tx: Tx, id: string): Promise<void> {
  await tx.sql
    .selectFrom('watch_call')
    .select('id')
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

export async function endWatchCall(
  tx: Tx,
  id: string,
  ended: { result: string; code: string | null; at: Date },
): Promise<void> {
  await tx.sql
    .updateTable('watch_call')
    .set({ result: ended.result, code: ended.code, ended_at: ended.at })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .execute()
}

/** The one that was made last, if that was after `from`. */
export async function lastWatchCall(tx: WideTx, from: Date): Promise<WatchCall | null> {
  const row = await tx.sql
    .selectFrom('watch_call')
    .select(['made_at', 'ended_at', 'result', 'code'])
    .where('made_at', '>=', from)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { madeAt: row.made_at, endedAt: row.ended_at, result: row.result, code: row.code } : null
}

// ── the watch's own ─────────────────────────────────────────────────────────────────────────────────────────────

/** That it looked: written first of all, to find out whether anything can be written. */
export async function saveLook(tx: Tx, at: Date): Promise<void> {
  await tx.sql
    .insertInto('watch_look')
    .values({ organisation_id: tx.organisationId, looked_at: at })
    .onConflict((on) => on.column('organisation_id').doUpdateSet({ looked_at: at }))
    .execute()
}

export async function lastLook(tx: WideTx): Promise<Date | null> {
  const row = await tx.sql.selectFrom('watch_look').select('looked_at').executeTakeFirst()
  return row?.looked_at ?? null
}

/** Keeps these alarms and no others. */
export async function saveAlarms(tx: Tx, alarms: readonly Alarm[]): Promise<void> {
  await tx.sql.deleteFrom('alarm').where('organisation_id', '=', tx.organisationId).execute()
  if (alarms.length === 0) return
  await tx.sql
    .insertInto('alarm')
    .values(
      alarms.map(({ kind, subject, state, since, good, toldAt }) => ({
        organisation_id: tx.organisationId,
        kind,
        subject,
        state,
        since,
        good,
        told_at: toldAt,
      })),
    )
    .execute()
}

export async function keptAlarms(tx: WideTx): Promise<Alarm[]> {
  const rows = await tx.sql.selectFrom('alarm').selectAll().execute()
  return rows
    .filter((row) => (kinds as readonly string[]).includes(row.kind))
    .map((row) => ({
      kind: row.kind as Kind,
      subject: row.subject,
      state: row.state,
      since: row.since,
      good: row.good,
      toldAt: row.told_at,
    }))
}
