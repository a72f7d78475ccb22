// Calls / store: the only SQL that writes call, attempt and call_event. Takes a transaction, so it sees one organisation;
// the two functions for the sweeper look at every organisation and only find out whose row is due.

import { type Selectable, sql } from 'kysely'
import type { App } from '../app.ts'
import type { Tx, WideTx } from '../db/db.ts'
import { amongIn, inserted, updated, type Write, write } from '../db/rows.ts'
import type {
  AttemptResult,
  AttemptTable,
  By,
  CallStateName,
  CallTable,
  Outcome,
  ScheduleKind,
  Way,
} from '../db/tables.ts'
import { newId } from '../kit/ids.ts'
import type { CallEvent, CallState } from './machine.ts'

export type CallRow = Selectable<CallTable>
export type AttemptRow = Selectable<AttemptTable>

/** Lock a call's row for this transaction. */
export async function lockCall(tx: Tx, callId: string): Promise<CallRow | null> {
  const row = await tx.sql
    .selectFrom('call')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', callId)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** Of these calls those that nobody else works on, locked for this transaction in the order of their ids. */
export async function lockFree(tx: Tx, callIds: readonly string[]): Promise<CallRow[]> {
  return tx.sql
    .selectFrom('call')
    .selectAll()
    .where(amongIn(tx, 'id', callIds))
    .orderBy('id')
    .forUpdate()
    .skipLocked()
    .execute()
}

/** Of these calls those that are due at `now` and that nobody else works on, locked for this transaction, the longest overdue first. */
export async function lockDue(tx: Tx, callIds: readonly string[], now: Date): Promise<CallRow[]> {
  return tx.sql
    .selectFrom('call')
    .selectAll()
    .where(amongIn(tx, 'id', callIds))
    .where('wake_at', '<=', now)
    .orderBy('wake_at')
    .orderBy('id')
    .forUpdate()
    .skipLocked()
    .execute()
}

/** @property rang_at when its telephone began to ring, as far as the line knows */
export type AttemptHeard = AttemptRow & { rang_at: Date | null }

/** The attempts of these calls, by call, in order; without calls that have none. */
export async function attemptsOf(tx: Tx, callIds: readonly string[]): Promise<Map<string, AttemptHeard[]>> {
  if (callIds.length === 0) return new Map()
  const rows = await tx.sql
    .selectFrom('attempt')
    .selectAll()
    // for each by its key: a join is planned as if both tables were as small as they were at first
    .select(
      sql<Date | null>`(select o.rang_at from outgoing o where o.organisation_id = attempt.organisation_id and o.id = attempt.outgoing_id)`.as(
        'rang_at',
      ),
    )
    .where(amongIn(tx, 'call_id', callIds))
    .orderBy('call_id')
    .orderBy('number')
    .execute()
  return Map.groupBy(rows, (row) => row.call_id)
}

/** The machine's view of a row. */
export function stateOf(call: CallRow, attempts: readonly AttemptRow[]): CallState {
  if (call.state === 'closed') {
    const acknowledged = call.acknowledged_at && {
      at: call.acknowledged_at,
      byPersonId: call.acknowledged_by,
    }
    return {
      is: 'closed',
      outcome: call.outcome!,
      at: call.outcome_at!,
      acknowledged,
      skipReason: call.skip_reason,
    }
  }
  const wakeAt = call.wake_at!
  if (call.state === 'waiting') return { is: 'waiting', wakeAt }
  const { attempt } = call
  const reached = attempts.some(({ result }) => result !== null && !neverReached.has(result))
  if (call.state === 'resting') return { is: 'resting', attempt, reached, wakeAt }
  const startedAt = attempts.find(({ number }) => number === attempt)!.started_at
  return { is: 'ringing', attempt, startedAt, reached, wakeAt }
}

const neverReached: ReadonlySet<AttemptResult> = new Set(['not placed', 'cancelled'])

/** One call that an event changed. */
export interface Change {
  call: CallRow
  event: CallEvent
  from: CallState
  to: CallState
}

/** What an attempt has turned out to be. */
export interface AttemptFound {
  callId: string
  number: number
  result: AttemptResult
}

/**
 * Save what was decided, by one statement: how these calls stand now, the attempts that begin, what was found of others, and the history:
 * what changed a call, and when. What changes nothing leaves no trace here; lines keeps what it heard. Whoever could be saved is in no
 * trouble any more.
 * @param saved.marked by a key, which says more than the line can know; their ends are still to come
 */
export async function saveChanges(
  tx: Tx,
  {
    changes,
    begun,
    marked,
    ended,
  }: {
    changes: readonly Change[]
    begun: readonly NewAttempt[]
    marked: readonly AttemptFound[]
    ended: readonly AttemptFound[]
  },
  at: Date,
): Promise<void> {
  const events = changes.map(({ call, event, from, to }) =>
    eventRow(tx, call.id, { at, event, from: nameOf(from), to: nameOf(to) }),
  )
  await write(tx, [
    updated(
      'call',
      changes.map((change) => stateRow(tx, change)),
    ),
    inserted('call_event', events),
    inserted(
      'attempt',
      begun.map((attempt) => attemptRow(tx, attempt)),
    ),
    markedAttempts(tx, marked),
    endedAttempts(tx, ended, at),
  ])
}

function stateRow(tx: Tx, { call, to }: Change) {
  const closed = to.is === 'closed' ? to : null
  return {
    organisation_id: tx.organisationId,
    id: call.id,
    state: to.is,
    wake_at: to.is === 'closed' ? null : to.wakeAt,
    outcome: closed?.outcome ?? null,
    outcome_at: closed?.at ?? null,
    acknowledged_at: closed?.acknowledged?.at ?? null,
    acknowledged_by: closed?.acknowledged?.byPersonId ?? null,
    skip_reason: closed?.skipReason ?? null,
    attempt: to.is === 'ringing' ? to.attempt : call.attempt,
    troubles: 0,
  }
}

/** A text came in that changed nothing, and was answered all the same. */
export async function recordIdleAnswer(tx: Tx, thread: TextThread, at: Date): Promise<void> {
  const name = thread.outcome ?? thread.state
  const row = eventRow(tx, thread.callId, { at, event: { kind: 'answeredIdly' }, from: name, to: name })
  await write(tx, [inserted('call_event', [row])])
}

/** How often we have answered texts about this call that changed nothing. */
export async function timesAnsweredIdly(tx: Tx, callId: string): Promise<number> {
  const row = await tx.sql
    .selectFrom('call_event')
    .select((count) => count.fn.countAll<string>().as('times'))
    .where('organisation_id', '=', tx.organisationId)
    .where('call_id', '=', callId)
    .where(sql<boolean>`event ->> 'kind' = 'answeredIdly'`)
    .executeTakeFirstOrThrow()
  return Number(row.times)
}

function eventRow(
  tx: Tx,
  callId: string,
  {
    at,
    event,
    from,
    to,
  }: { at: Date; event: CallEvent | { kind: 'answeredIdly' }; from: string; to: string },
) {
  return {
    organisation_id: tx.organisationId,
    id: newId(at),
    call_id: callId,
    at,
    event,
    from_state: from,
    to_state: to,
  }
}

const nameOf = (state: CallState): string => (state.is === 'closed' ? state.outcome : state.is)

/** A call that a text from its receiver may be about. */
export interface TextThread {
  organisationId: string
  callId: string
  serviceId: string
  isTest: boolean
  kind: ScheduleKind
  state: CallStateName
  outcome: Outcome | null
  outcomeAt: Date | null
  isAcknowledged: boolean
  /** the last attempt that was a text, or null */
  textAttempt: number | null
}

/**
 * Calls that have begun and were due after `since`, to whoever is called on this number, of every organisation: open ones first,
 * then the one that was tried last.
 */
export async function textThreadsOf(tx: WideTx, number: string, since: Date): Promise<TextThread[]> {
  const rows = await tx.sql
    .selectFrom('call as c')
    .innerJoin('service as s', (on) =>
      on.onRef('s.organisation_id', '=', 'c.organisation_id').onRef('s.id', '=', 'c.service_id'),
    )
    .leftJoin('schedule as x', (on) =>
      on.onRef('x.organisation_id', '=', 'c.organisation_id').onRef('x.id', '=', 'c.schedule_id'),
    )
    .leftJoin('attempt as a', (on) =>
      on.onRef('a.organisation_id', '=', 'c.organisation_id').onRef('a.call_id', '=', 'c.id'),
    )
    .where(sql<boolean>`s.phones @> array[${number}]::text[]`)
    .where('c.due_at', '>', since)
    .where('c.state', '<>', 'waiting')
    .groupBy(['c.organisation_id', 'c.id', 'x.kind'])
    .select([
      'c.organisation_id as organisationId',
      'c.id as callId',
      'c.service_id as serviceId',
      'c.is_test as isTest',
      'c.state',
      'c.outcome',
      'c.outcome_at as outcomeAt',
      'x.kind',
      sql<boolean>`c.acknowledged_at is not null`.as('isAcknowledged'),
      sql<number | null>`max(a.number) filter (where a.way = 'text')`.as('textAttempt'),
    ])
    .orderBy(sql`c.state = 'closed'`)
    .orderBy(sql`coalesce(max(a.started_at), c.due_at)`, 'desc')
    .orderBy('c.id', 'desc')
    .execute()
  return rows.map((row) => ({ ...row, kind: row.kind ?? 'both' }))
}

export interface NewAttempt {
  id: string
  callId: string
  number: number
  way: Way
  toNumber: string
  outgoingId: string
  startedAt: Date
}

const attemptRow = (tx: Tx, attempt: NewAttempt) => ({
  organisation_id: tx.organisationId,
  id: attempt.id,
  call_id: attempt.callId,
  number: attempt.number,
  way: attempt.way,
  to_number: attempt.toNumber,
  outgoing_id: attempt.outgoingId,
  started_at: attempt.startedAt,
})

/** Asking for help outranks an acknowledgement. */
function markedAttempts(tx: Tx, marked: readonly AttemptFound[]): Write {
  if (marked.length === 0) return null
  return sql`update attempt as kept set result = given.result from ${found(marked)} where ${isOneOf(tx, marked)}
    and (kept.result is null or kept.result <> 'help requested')`
}

/** The first end counts; only what we called off may still turn out to have been something else. A key's result stays. */
function endedAttempts(tx: Tx, ended: readonly AttemptFound[], at: Date): Write {
  if (ended.length === 0) return null
  return sql`update attempt as kept set ended_at = ${at},
      result = case when kept.result in ('acknowledged', 'help requested') then kept.result else given.result end
    from ${found(ended)} where ${isOneOf(tx, ended)} and (kept.ended_at is null or kept.result = 'cancelled')`
}

function found(attempts: readonly AttemptFound[]) {
  const [ids, numbers, results] = [
    attempts.map(({ callId }) => callId),
    attempts.map(({ number }) => number),
    attempts.map(({ result }) => result),
  ]
  return sql`unnest(${ids}::uuid[], ${numbers}::integer[], ${results}::text[]) as given (call_id, number, result)`
}

function isOneOf(tx: Tx, attempts: readonly AttemptFound[]) {
  const ids = attempts.map(({ callId }) => callId)
  return sql`${amongIn(tx, 'kept.call_id', ids, 'kept.organisation_id')}
    and kept.call_id = given.call_id and kept.number = given.number`
}

/** As in `saveChanges`, of one that we called off. */
export async function endAttempt(tx: Tx, ended: AttemptFound, at: Date): Promise<void> {
  await write(tx, [endedAttempts(tx, [ended], at)])
}

export interface Due {
  organisationId: string
  callId: string
  wakeAt: Date
  /** times in a row that waking it failed */
  troubles: number
}

/** Calls whose time has come by then, the longest overdue first, of every organisation. */
export async function dueCalls(tx: WideTx, by: Date, atMost: number): Promise<Due[]> {
  const rows = await tx.sql
    .selectFrom('call')
    .select(['organisation_id as organisationId', 'id as callId', 'wake_at as wakeAt', 'troubles'])
    .where('wake_at', '<=', by)
    .orderBy('wake_at')
    .orderBy('id')
    .limit(atMost)
    .execute()
  return rows.map((row) => ({ ...row, wakeAt: row.wakeAt! }))
}

/** When the next call of any organisation wakes, or null. */
export async function nextWake(tx: WideTx): Promise<Date | null> {
  const row = await tx.sql
    .selectFrom('call')
    .select('wake_at')
    .where('wake_at', 'is not', null)
    .orderBy('wake_at')
    .limit(1)
    .executeTakeFirst()
  return row?.wake_at ?? null
}

/** Put a row that cannot be advanced aside until `wakeAt`, and count it. */
export async function putAside(tx: Tx, callId: string, wakeAt: Date): Promise<void> {
  await tx.sql
    .updateTable('call')
    .set((row) => ({ wake_at: wakeAt, troubles: row('troubles', '+', 1) }))
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', callId)
    .where('state', '<>', 'closed')
    .execute()
}

/** One due time of a schedule. */
export interface Slot {
  /** 'YYYY-MM-DD' and 'HH:MM' on the receiver's calendar and clock */
  localDate: string
  localTime: string
  dueAt: Date
}

/** Make the rows of slots that have none yet. @returns how many were new */
export async function insertCalls(
  app: App,
  tx: Tx,
  schedule: { serviceId: string; scheduleId: string; usefulForMinutes: number; by?: By },
  slots: readonly Slot[],
): Promise<number> {
  if (slots.length === 0) return 0
  const now = app.clock.now()
  const inserted = await tx.sql
    .insertInto('call')
    .values(
      slots.map((slot) => ({
        organisation_id: tx.organisationId,
        id: newId(now),
        service_id: schedule.serviceId,
        schedule_id: schedule.scheduleId,
        by: schedule.by ?? 'call',
        local_date: slot.localDate,
        local_time: slot.localTime,
        due_at: slot.dueAt,
        useful_until: minutesAfter(slot.dueAt, schedule.usefulForMinutes),
        state: 'waiting' as const,
        wake_at: slot.dueAt,
        outcome: null,
        acknowledged_by: null,
        skip_reason: null,
        created_at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['organisation_id', 'schedule_id', 'local_date', 'local_time']).doNothing(),
    )
    .executeTakeFirst()
  tx.afterCommit(() => app.bell.ring({ work: true, services: [schedule.serviceId] }))
  return Number(inserted.numInsertedOrUpdatedRows ?? 0)
}

/**
 * A schedule was changed or ended: what it had planned after this instant and what has not begun vanishes.
 * @returns how many calls
 */
export async function dropWaitingCalls(tx: Tx, scheduleId: string, after: Date): Promise<number> {
  const dropped = await tx.sql
    .deleteFrom('call')
    .where('organisation_id', '=', tx.organisationId)
    .where('schedule_id', '=', scheduleId)
    .where('state', '=', 'waiting')
    .where('due_at', '>', after)
    .executeTakeFirst()
  return Number(dropped.numDeletedRows)
}

/** A test call due now, in the receiver's local time, tried once in the first way of `by`. The one still under way when there is one: no double ringing. */
export async function insertTestCall(
  app: App,
  tx: Tx,
  serviceId: string,
  local: Slot & { by: By },
  usefulForMinutes: number,
): Promise<string> {
  // two presses of the button at once must find each other; nothing else is locked by this number
  await sql`select pg_advisory_xact_lock(hashtextextended(${serviceId}, 0))`.execute(tx.sql)
  const open = await tx.sql
    .selectFrom('call')
    .select('id')
    .where('organisation_id', '=', tx.organisationId)
    .where('service_id', '=', serviceId)
    .where('is_test', '=', true)
    .where('state', '<>', 'closed')
    .executeTakeFirst()
  if (open) return open.id
  const id = newId(local.dueAt)
  await tx.sql
    .insertInto('call')
    .values({
      organisation_id: tx.organisationId,
      id,
      service_id: serviceId,
      schedule_id: null,
      is_test: true,
      by: local.by,
      local_date: local.localDate,
      local_time: local.localTime,
      due_at: local.dueAt,
      useful_until: minutesAfter(local.dueAt, usefulForMinutes),
      state: 'waiting',
      wake_at: local.dueAt,
      outcome: null,
      acknowledged_by: null,
      skip_reason: null,
      created_at: local.dueAt,
    })
    .execute()
  tx.afterCommit(() => app.bell.ring({ work: true, services: [serviceId] }))
  return id
}

/** The call that a receiver made to us, due now; it never rings. The caller closes it in the same transaction. */
export async function insertRungInCall(
  tx: Tx,
  serviceId: string,
  local: Slot,
  usefulForMinutes: number,
): Promise<string> {
  const id = newId(local.dueAt)
  await tx.sql
    .insertInto('call')
    .values({
      organisation_id: tx.organisationId,
      id,
      service_id: serviceId,
      schedule_id: null,
      local_date: local.localDate,
      local_time: local.localTime,
      due_at: local.dueAt,
      useful_until: minutesAfter(local.dueAt, usefulForMinutes),
      state: 'waiting',
      wake_at: local.dueAt,
      outcome: null,
      acknowledged_by: null,
      skip_reason: null,
      created_at: local.dueAt,
    })
    .execute()
  return id
}

/** Calls that have begun or are due, test calls too, in an order in which they may be locked. */
export async function openCallIds(tx: Tx, serviceId: string, now: Date): Promise<string[]> {
  const rows = await tx.sql
    .selectFrom('call')
    .select('id')
    .where('organisation_id', '=', tx.organisationId)
    .where('service_id', '=', serviceId)
    .where('state', '<>', 'closed')
    .where((row) => row.or([row('state', '<>', 'waiting'), row('due_at', '<=', now)]))
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

const minutesAfter = (instant: Date, minutes: number): Date => new Date(instant.getTime() + minutes * 60_000)
