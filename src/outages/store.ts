// Outages / store: reads calls, attempts and alerts of one organisation; writes nothing. Found by id, whose order is the order of making,
// so that a look at the last weeks costs no more for the years before them.
import { sql } from 'kysely'
import type { Tx } from '../db/db.ts'
import type { AlertStateName, CallStateName, Outcome } from '../db/tables.ts'
import { idsBefore } from '../kit/ids.ts'
import { type Late, noticedMs, type Stretch } from './stretches.ts'

const day = 24 * 60 * 60_000
/** Calls are planned a day ahead, and what was due in an outage soon after it. */
const plannedMs = 2 * day
/** A call is over within a day of its due time. */
const longestCallMs = day
const lateAtMost = 20_000
const callsAtMost = 5000

/** Calls due since then that were decided late: by an attempt, or as not placed, missed or skipped. What people decided is not among them. */
export async function lateCalls(tx: Tx, since: Date, now: Date): Promise<Late[]> {
  const noticed = new Date(now.getTime() - noticedMs)
  const rows = await tx.sql
    .selectFrom('call as c')
    .leftJoin('attempt as a', (on) =>
      on
        .onRef('a.organisation_id', '=', 'c.organisation_id')
        .onRef('a.call_id', '=', 'c.id')
        .on('a.number', '=', 1),
    )
    .select(['c.due_at', sql<Date | null>`coalesce(a.started_at, c.outcome_at)`.as('decided_at')])
    .where('c.organisation_id', '=', tx.organisationId)
    .where('c.id', '>=', idsBefore(new Date(since.getTime() - plannedMs)))
    .where('c.due_at', '>', since)
    .where('c.due_at', '<', noticed)
    .where('c.schedule_id', 'is not', null)
    .where((row) =>
      row.or([
        row('a.started_at', 'is not', null),
        row('c.state', '=', 'waiting'),
        row('c.outcome', 'in', ['not placed', 'missed', 'skipped']),
      ]),
    )
    .where(
      sql<boolean>`coalesce(a.started_at, c.outcome_at, ${now}) > c.due_at + ${noticedMs} * interval '1 millisecond'`,
    )
    .orderBy('c.due_at', 'desc')
    .limit(lateAtMost)
    .execute()
  return rows.map((row) => ({ dueAt: row.due_at, decidedAt: row.decided_at }))
}

/** When an attempt was begun last after the beginning of this stretch and before its end; null: never. */
export async function lastWorkIn(tx: Tx, { from, to }: Stretch, now: Date): Promise<Date | null> {
  const row = await tx.sql
    .selectFrom('attempt')
    .select('started_at')
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '>=', idsBefore(from))
    .where('id', '<', idsBefore(to ?? now))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.started_at ?? null
}

/** A call that was due in an outage, or under way when it began, and what followed. */
export interface Touched {
  callId: string
  serviceId: string
  receiverName: string
  /** IANA name, of the receiver */
  timeZone: string
  dueAt: Date
  /** 'HH:MM' of the receiver's day */
  localTime: string
  state: CallStateName
  outcome: Outcome | null
  /** when its first attempt was begun; null: never */
  begunAt: Date | null
  /** a late acknowledgement too */
  acknowledgedAt: Date | null
  alert: TouchedAlert | null
}

export interface TouchedAlert {
  id: string
  state: AlertStateName
  acceptedBy: string | null
  acceptedAt: Date | null
}

/** In the order of the receivers' names and of their due times, at most 5,000. */
export async function touchedBy(tx: Tx, { from, to }: Stretch, now: Date): Promise<Touched[]> {
  const until = to ?? now
  const rows = await tx.sql
    .selectFrom('call as c')
    .innerJoin('service as s', (on) =>
      on.onRef('s.organisation_id', '=', 'c.organisation_id').onRef('s.id', '=', 'c.service_id'),
    )
    .innerJoin('person as r', (on) =>
      on.onRef('r.organisation_id', '=', 's.organisation_id').onRef('r.id', '=', 's.receiver_id'),
    )
    .leftJoin('attempt as t', (on) =>
      on
        .onRef('t.organisation_id', '=', 'c.organisation_id')
        .onRef('t.call_id', '=', 'c.id')
        .on('t.number', '=', 1),
    )
    .leftJoin('alert_call as j', (on) =>
      on.onRef('j.organisation_id', '=', 'c.organisation_id').onRef('j.call_id', '=', 'c.id'),
    )
    .leftJoin('alert as a', (on) =>
      on.onRef('a.organisation_id', '=', 'j.organisation_id').onRef('a.id', '=', 'j.alert_id'),
    )
    .leftJoin('person as b', (on) =>
      on.onRef('b.organisation_id', '=', 'a.organisation_id').onRef('b.id', '=', 'a.accepted_by'),
    )
    .select(['c.id', 'c.service_id', 'r.name', 's.time_zone', 'c.due_at', 'c.local_time', 'c.state'])
    .select(['c.outcome', 'c.acknowledged_at', 't.started_at', 'a.id as alert_id', 'a.state as alert_state'])
    .select(['a.accepted_at', 'b.name as acceptor'])
    .where('c.organisation_id', '=', tx.organisationId)
    .where('c.id', '>=', idsBefore(new Date(from.getTime() - longestCallMs - plannedMs)))
    .where('c.schedule_id', 'is not', null)
    .where('c.due_at', '<=', until)
    .where((row) =>
      row.or([
        row('c.due_at', '>=', from),
        row.and([
          row('c.due_at', '>', new Date(from.getTime() - longestCallMs)),
          row.or([row('c.outcome_at', 'is', null), row('c.outcome_at', '>', from)]),
        ]),
      ]),
    )
    .orderBy('r.name')
    .orderBy('c.service_id')
    .orderBy('c.due_at')
    .limit(callsAtMost)
    .execute()
  return rows.map((row) => ({
    callId: row.id,
    serviceId: row.service_id,
    receiverName: row.name,
    timeZone: row.time_zone,
    dueAt: row.due_at,
    localTime: row.local_time,
    state: row.state,
    outcome: row.outcome,
    begunAt: row.started_at,
    acknowledgedAt: row.acknowledged_at,
    alert: row.alert_id
      ? {
          id: row.alert_id,
          state: row.alert_state!,
          acceptedBy: row.acceptor,
          acceptedAt: row.accepted_at,
        }
      : null,
  }))
}
