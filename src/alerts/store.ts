// Alerts / store: the only SQL that writes alert, alert_call and alert_event; notifications/store.ts has who is told. Takes a transaction, so
// it sees one organisation; the functions that take a wide one look at every organisation and only find out whose row it is.
import { type Selectable, sql } from 'kysely'
import type { Tx, WideTx } from '../db/db.ts'
import type { AlertTable } from '../db/tables.ts'
import { newId } from '../kit/ids.ts'
import type { AlertEvent, AlertState, Open, Over, Reason } from './machine.ts'

export type AlertRow = Selectable<AlertTable>

/** Lock an alert's row for this transaction. With `skip`, null also when somebody else works on it. */
export async function lockAlert(
  tx: Tx,
  alertId: string,
  ifLocked: 'wait' | 'skip' = 'wait',
): Promise<AlertRow | null> {
  const query = tx.sql
    .selectFrom('alert')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', alertId)
    .forUpdate()
  return (await (ifLocked === 'skip' ? query.skipLocked() : query).executeTakeFirst()) ?? null
}

/** The row as it is, not locked: to speak of it. @throws when the organisation of `tx` has no such alert */
export async function alertRow(tx: Tx, alertId: string): Promise<AlertRow> {
  return tx.sql
    .selectFrom('alert')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', alertId)
    .executeTakeFirstOrThrow()
}

/** The same by a call that it is about: the one that raised it, or one that joined. A call belongs to at most one. */
export async function lockAlertOfCall(tx: Tx, callId: string): Promise<AlertRow | null> {
  const joined = tx.sql
    .selectFrom('alert_call')
    .select('alert_id')
    .where('organisation_id', '=', tx.organisationId)
    .where('call_id', '=', callId)
  // a process from before alert_call, still at work during an upgrade, says it in the alert alone
  const raised = tx.sql
    .selectFrom('alert')
    .select('id as alert_id')
    .where('organisation_id', '=', tx.organisationId)
    .where('call_id', '=', callId)
  const row = await joined.union(raised).executeTakeFirst()
  return row ? lockAlert(tx, row.alert_id) : null
}

/**
 * Alerts of this service begin one after the other until the end of this transaction, so that of two calls that end at one moment
 * the second sees what the first has opened. Lock the call before, and alerts after.
 */
export async function lockBeginning(tx: Tx, serviceId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`alerts about ${serviceId}`}, 0))`.execute(tx.sql)
}

/** The latest alert of this service that is not over and began after `since`, locked; null when there is none. */
export async function lockUnfinished(tx: Tx, serviceId: string, since: Date): Promise<AlertRow | null> {
  const row = await tx.sql
    .selectFrom('alert')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('service_id', '=', serviceId)
    .where('opened_at', '>', since)
    .where('state', '<>', 'closed')
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** This call belongs to this alert from now on. */
export async function insertAlertCall(tx: Tx, alertId: string, callId: string, at: Date): Promise<void> {
  await tx.sql
    .insertInto('alert_call')
    .values({ organisation_id: tx.organisationId, call_id: callId, alert_id: alertId, joined_at: at })
    .execute()
}

/** Every call that an alert is about: the one that raised it, and those that joined; in no order. */
export async function callIdsOf(tx: Tx, alertId: string): Promise<string[]> {
  const joined = tx.sql
    .selectFrom('alert_call')
    .select('call_id')
    .where('organisation_id', '=', tx.organisationId)
    .where('alert_id', '=', alertId)
  const raised = tx.sql
    .selectFrom('alert')
    .select('call_id')
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', alertId)
  return (await joined.union(raised).execute()).map((row) => row.call_id)
}

/** A new alert, with the call that raised it. */
export async function insertAlert(
  tx: Tx,
  alert: { serviceId: string; callId: string; state: Open; now: Date },
): Promise<AlertRow> {
  const { state } = alert
  const row = await tx.sql
    .insertInto('alert')
    .values({
      organisation_id: tx.organisationId,
      id: newId(alert.now),
      service_id: alert.serviceId,
      call_id: alert.callId,
      reason: state.reason,
      state: state.is,
      step: state.step,
      round: state.round,
      wake_at: state.wakeAt,
      opened_at: alert.now,
      accepted_by: null,
      accepted_over: null,
      closed_how: null,
      closed_by: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await insertAlertCall(tx, row.id, alert.callId, alert.now)
  return row
}

/** The machine's view of a row. While accepted, `closed_how` holds what the acceptor has said of it so far. */
export function stateOf(row: AlertRow): AlertState {
  const { reason, step, round } = row
  switch (row.state) {
    case 'open':
      return { is: 'open', reason, step, round, wakeAt: row.wake_at! }
    case 'accepted': {
      const said = row.closed_how === 'I am going' || row.closed_how === 'get help' ? row.closed_how : null
      const accepted = { by: row.accepted_by!, over: row.accepted_over as Over, at: row.accepted_at! }
      return { is: 'accepted', reason, step, round, ...accepted, said, wakeAt: row.wake_at! }
    }
    case 'handed over':
      return { is: 'handed over', reason, step, round, at: row.handed_over_at!, wakeAt: row.wake_at! }
    case 'closed': {
      const how = row.closed_how === 'she is fine' ? 'she is fine' : 'all-clear'
      return { is: 'closed', reason, step, round, how, by: row.closed_by, at: row.closed_at! }
    }
  }
}

/** Save what was decided. What can be saved is in no trouble any more. @param openedAnew when it was closed before */
export async function saveState(
  tx: Tx,
  alertId: string,
  state: AlertState,
  more: { openedAnew: Date | null; remindedAt: Date | null },
): Promise<void> {
  await tx.sql
    .updateTable('alert')
    .set({
      state: state.is,
      reason: state.reason,
      step: state.step,
      round: state.round,
      troubles: 0,
      ...columnsOf(state),
      ...(more.openedAnew && { ...untouched, opened_at: more.openedAnew }),
      ...(more.remindedAt && { reminded_at: more.remindedAt }),
    })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', alertId)
    .execute()
}

const notClosed = { closed_how: null, closed_by: null, closed_at: null }
/** What an alert that opens anew forgets; its history keeps it. */
const untouched = { accepted_by: null, accepted_over: null, accepted_at: null, reminded_at: null }

function columnsOf(state: AlertState) {
  switch (state.is) {
    case 'open':
      return { ...notClosed, wake_at: state.wakeAt, handed_over_at: null }
    case 'accepted':
      return {
        ...notClosed,
        wake_at: state.wakeAt,
        accepted_by: state.by,
        accepted_over: state.over,
        accepted_at: state.at,
        closed_how: state.said,
      }
    case 'handed over':
      return { ...notClosed, wake_at: state.wakeAt, handed_over_at: state.at }
    case 'closed':
      return { wake_at: null, closed_how: state.how, closed_by: state.by, closed_at: state.at }
  }
}

/** What the history knows beside the machine's events. */
export type Happened =
  | AlertEvent
  | { kind: 'opened'; reason: Reason }
  /** A text that says neither yes nor no; what it said is kept nowhere. */
  | { kind: 'answered idly'; by: string }

export async function recordEvent(
  tx: Tx,
  alertId: string,
  change: { at: Date; event: Happened; from: AlertState['is'] | 'none'; to: AlertState['is'] },
): Promise<void> {
  await tx.sql
    .insertInto('alert_event')
    .values({
      organisation_id: tx.organisationId,
      id: newId(change.at),
      alert_id: alertId,
      at: change.at,
      event: JSON.stringify(change.event),
      from_state: change.from,
      to_state: change.to,
    })
    .execute()
}

/** How often a text of this person was answered though it changed nothing, since anything last happened to this alert. */
export async function timesAnsweredIdly(tx: Tx, alertId: string, personId: string): Promise<number> {
  const row = await tx.sql
    .selectFrom('alert_event')
    .select((count) => count.fn.countAll<string>().as('times'))
    .where('organisation_id', '=', tx.organisationId)
    .where('alert_id', '=', alertId)
    .where(sql<boolean>`event ->> 'kind' = 'answered idly' and event ->> 'by' = ${personId}`)
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom('alert_event as later')
            .select('later.id')
            .whereRef('later.organisation_id', '=', 'alert_event.organisation_id')
            .whereRef('later.alert_id', '=', 'alert_event.alert_id')
            .whereRef('later.id', '>', 'alert_event.id')
            .where(sql<boolean>`later.event ->> 'kind' <> 'answered idly'`),
        ),
      ),
    )
    .executeTakeFirstOrThrow()
  return Number(row.times)
}

/** Whether this person has accepted another alert that is not over. */
export async function hasAnotherInHand(tx: Tx, personId: string, alertId: string): Promise<boolean> {
  const row = await tx.sql
    .selectFrom('alert')
    .select('id')
    .where('organisation_id', '=', tx.organisationId)
    .where('accepted_by', '=', personId)
    .where('state', '=', 'accepted')
    .where('id', '<>', alertId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

// ------------------------------------------------------------------------------------------------ sweeping

export interface Due {
  organisationId: string
  alertId: string
}

/** Alerts whose time has come, the longest overdue first, of every organisation. */
export async function dueAlerts(tx: WideTx, now: Date, atMost: number): Promise<Due[]> {
  return tx.sql
    .selectFrom('alert')
    .select(['organisation_id as organisationId', 'id as alertId'])
    .where('wake_at', '<=', now)
    .orderBy('wake_at')
    .orderBy('id')
    .limit(atMost)
    .execute()
}

/** When the next alert of any organisation wakes, or null. */
export async function nextWake(tx: WideTx): Promise<Date | null> {
  const row = await tx.sql
    .selectFrom('alert')
    .select('wake_at')
    .where('wake_at', 'is not', null)
    .orderBy('wake_at')
    .limit(1)
    .executeTakeFirst()
  return row?.wake_at ?? null
}

/** Put a row that cannot be advanced aside until `wakeAt`, and count it. */
export async function putAside(tx: Tx, alertId: string, wakeAt: Date): Promise<void> {
  await tx.sql
    .updateTable('alert')
    .set((row) => ({ wake_at: wakeAt, troubles: row('troubles', '+', 1) }))
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', alertId)
    .where('state', '<>', 'closed')
    .execute()
}
