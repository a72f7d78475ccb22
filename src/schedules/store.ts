// Schedules / store: the only SQL for schedule. Making, changing and ending one plans or takes back its calls in the same
// transaction. Lock order: the schedule's row before its calls.
import type { Selectable } from 'kysely'
import type { App } from '../app.ts'
import { dropWaitingCalls, insertCalls } from '../calls/calls.ts'
import type { Tx } from '../db/db.ts'
import type { By, ScheduleKind, ScheduleTable } from '../db/tables.ts'
import { newId } from '../kit/ids.ts'
import { servicePlan } from '../services/services.ts'
import { beginning, plan, type Timing } from './plan.ts'
import type { Weekday } from './recurrence.ts'

/** PostgreSQL takes 65,535 values in one statement; only an outage of years has more slots than this. */
const slotsAtOnce = 500

/** A schedule as pages and the planner see it. */
export type Schedule = Timing & {
  id: string
  serviceId: string
  messageId: string
  kind: ScheduleKind
  by: By
  createdAt: Date
  endedAt: Date | null
}

/** `localTime` is 'HH:MM' of the receiver's zone; `days` are weekdays, or `onDate` is the one date 'YYYY-MM-DD'. */
export type ScheduleWanted = Timing & {
  serviceId: string
  messageId: string
  kind: ScheduleKind
  /** 'call' when not given */
  by?: By
}

export type ScheduleChange = Timing & Partial<Pick<ScheduleWanted, 'messageId' | 'kind' | 'by'>>

/**
 * Makes a schedule and plans its calls of the next day. A time that has passed today begins tomorrow.
 * @returns its id
 */
export async function createSchedule(app: App, tx: Tx, wanted: ScheduleWanted): Promise<string> {
  const now = app.clock.now()
  const id = newId(now)
  await tx.sql
    .insertInto('schedule')
    .values({
      organisation_id: tx.organisationId,
      id,
      service_id: wanted.serviceId,
      message_id: wanted.messageId,
      kind: wanted.kind,
      by: wanted.by ?? 'call',
      ...timingColumns(wanted),
      created_at: now,
      planned_through: beginning(now),
      wake_at: now,
    })
    .execute()
  await planSchedule(app, tx, id)
  return id
}

/** Calls that wait at the old times vanish, those at the new ones are planned. What is ringing or over stays as it is. */
export async function changeSchedule(app: App, tx: Tx, id: string, change: ScheduleChange): Promise<void> {
  await tx.sql
    .updateTable('schedule')
    .set({
      ...timingColumns(change),
      ...(change.messageId && { message_id: change.messageId }),
      ...(change.kind && { kind: change.kind }),
      ...(change.by && { by: change.by }),
    })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
  await replanSchedule(app, tx, id)
}

/** Its waiting calls later than now vanish, and none follow. One that is due already still runs its course. */
export async function endSchedule(app: App, tx: Tx, id: string): Promise<void> {
  const now = app.clock.now()
  await tx.sql
    .updateTable('schedule')
    .set({ ended_at: now, wake_at: null })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
  await dropWaitingCalls(tx, id, now)
}

/** The receiver's zone or the time a call stays useful was changed: every call of the service that waits is planned anew. */
export async function replanService(app: App, tx: Tx, serviceId: string): Promise<void> {
  for (const schedule of await schedulesOf(tx, serviceId)) await replanSchedule(app, tx, schedule.id)
}

async function replanSchedule(app: App, tx: Tx, id: string): Promise<void> {
  const now = app.clock.now()
  await dropWaitingCalls(tx, id, now)
  await tx.sql
    .updateTable('schedule')
    .set({ planned_through: beginning(now), wake_at: now })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
  await planSchedule(app, tx, id)
}

/**
 * Plans what is due for planning of one schedule.
 * @returns false when there was nothing to do: not awake, ended, or being planned by another process
 */
export async function planSchedule(app: App, tx: Tx, id: string): Promise<boolean> {
  const now = app.clock.now()
  const row = await tx.sql
    .selectFrom('schedule')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .where('wake_at', '<=', now)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  if (!row) return false
  const service = await servicePlan(tx, row.service_id)
  if (service.endedAt) {
    await save(tx, id, { planned_through: row.planned_through, wake_at: null })
    return true
  }
  const planned = plan(toSchedule(row), service.timeZone, row.planned_through, now)
  const about = {
    serviceId: row.service_id,
    scheduleId: id,
    usefulForMinutes: service.usefulForMinutes,
    by: row.by,
  }
  for (let from = 0; from < planned.slots.length; from += slotsAtOnce) {
    await insertCalls(app, tx, about, planned.slots.slice(from, from + slotsAtOnce))
  }
  await save(tx, id, { planned_through: planned.plannedThrough, wake_at: planned.wakeAt })
  return true
}

async function save(tx: Tx, id: string, set: { planned_through: Date; wake_at: Date | null }): Promise<void> {
  await tx.sql
    .updateTable('schedule')
    .set(set)
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .execute()
}

/** The schedules of a service that have not ended, by time of day. */
export async function schedulesOf(tx: Tx, serviceId: string): Promise<Schedule[]> {
  const rows = await tx.sql
    .selectFrom('schedule')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('service_id', '=', serviceId)
    .where('ended_at', 'is', null)
    .orderBy('local_time')
    .orderBy('id')
    .execute()
  return rows.map(toSchedule)
}

/** One schedule, ended or not; null when this organisation has none of that id. */
export async function scheduleById(tx: Tx, id: string): Promise<Schedule | null> {
  const row = await tx.sql
    .selectFrom('schedule')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toSchedule(row) : null
}

/** Which schedules want planning, whoever they belong to, the most urgent first. */
export async function dueSchedules(
  app: App,
  now: Date,
  atMost: number,
): Promise<{ organisationId: string; id: string }[]> {
  const rows = await app.db.look((tx) =>
    tx.sql
      .selectFrom('schedule')
      .select(['organisation_id', 'id'])
      .where('wake_at', '<=', now)
      .orderBy('wake_at')
      .orderBy('id')
      .limit(atMost)
      .execute(),
  )
  return rows.map((row) => ({ organisationId: row.organisation_id, id: row.id }))
}

/** A schedule that could not be planned steps aside, so that it does not stand in the way of the others. */
export async function stepAside(
  app: App,
  { organisationId, id }: { organisationId: string; id: string },
  until: Date,
): Promise<void> {
  await app.db.in({ organisationId }, (tx) =>
    tx.sql
      .updateTable('schedule')
      .set({ wake_at: until })
      .where('organisation_id', '=', organisationId)
      .where('id', '=', id)
      .where('wake_at', '<', until)
      .execute(),
  )
}

/** When the next schedule wants planning, or null. */
export async function nextScheduleAt(app: App): Promise<Date | null> {
  const row = await app.db.look((tx) =>
    tx.sql
      .selectFrom('schedule')
      .select((e) => e.fn.min('wake_at').as('at'))
      .where('wake_at', 'is not', null)
      .executeTakeFirst(),
  )
  return row?.at ?? null
}

function timingColumns(timing: Timing): {
  local_time: string
  days: Weekday[] | null
  on_date: string | null
} {
  return 'onDate' in timing
    ? { local_time: timing.localTime, days: null, on_date: timing.onDate }
    : { local_time: timing.localTime, days: [...timing.days], on_date: null }
}

type Row = Selectable<ScheduleTable>

function toSchedule(row: Row): Schedule {
  const common = {
    id: row.id,
    serviceId: row.service_id,
    messageId: row.message_id,
    kind: row.kind,
    by: row.by,
    localTime: row.local_time,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }
  return row.on_date === null ? { ...common, days: row.days ?? [] } : { ...common, onDate: row.on_date }
}
