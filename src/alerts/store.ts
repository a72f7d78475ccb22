// Alerts / store: the only SQL that writes alert, alert_call, notification and alert_event. Takes a transaction, so it sees one
// organisation; the functions that take a wide one look at every organisation and only find out whose row it is.
import { type Selectable, sql } from 'kysely'
import type { Tx, WideTx } from '../db/db.ts'
import type { AlertTable, Channel } from '../db/tables.ts'
import { newId } from '../kit/ids.ts'
import type { CodeGiven } from './codes.ts'
import type { AlertEvent, AlertState, Open, Over, Reason } from './machine.ts'
import type { Contact, Fate, Tells } from './who.ts'

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

// ------------------------------------------------------------------------------------------------ notifications

export interface NewNotification {
  id: string
  alertId: string
  personId: string
  channel: Channel
  tells: Tells
  step: number
  round: number
  /** the secret in this person's link */
  linkToken: string
  /** of a call or text; or of an e-mail; neither when it could not be sent */
  outgoingId: string | null
  emailId: string | null
  at: Date
  /** why it could not be sent */
  trouble: string | null
  /** by which a text back means this alert */
  code: string | null
  /** it is asked first who is there */
  asksName: boolean
}

export async function insertNotification(tx: Tx, notification: NewNotification): Promise<void> {
  const { trouble } = notification
  await tx.sql
    .insertInto('notification')
    .values({
      organisation_id: tx.organisationId,
      id: notification.id,
      alert_id: notification.alertId,
      person_id: notification.personId,
      channel: notification.channel,
      tells: notification.tells,
      step: notification.step,
      round: notification.round,
      outgoing_id: notification.outgoingId,
      email_id: notification.emailId,
      link_token: notification.linkToken,
      created_at: notification.at,
      ended_at: trouble === null ? null : notification.at,
      result: trouble,
      code: notification.code,
      asks_name: notification.asksName,
    })
    .execute()
}

/** What became of a notification. The first end counts; only what we called off may turn out to have been something else. */
export async function endNotification(
  tx: Tx,
  notificationId: string,
  result: string,
  at: Date,
): Promise<void> {
  await tx.sql
    .updateTable('notification')
    .set({ ended_at: at, result })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', notificationId)
    .where((row) => row.or([row('ended_at', 'is', null), row('result', '=', 'cancelled')]))
    .execute()
}

/** What has become of everything by which a step was told. */
export async function fatesOf(tx: Tx, alertId: string, step: number, round: number): Promise<Fate[]> {
  return tx.sql
    .selectFrom('notification')
    .select(['channel', 'result'])
    .where('organisation_id', '=', tx.organisationId)
    .where('alert_id', '=', alertId)
    .where('tells', '=', 'alert')
    .where('step', '=', step)
    .where('round', '=', round)
    .execute()
}

export interface Underway {
  notificationId: string
  alertId: string
  personId: string
  channel: Channel
  tells: Tells
  outgoingId: string
  isWaiting: boolean
}

/** The calls and texts of these alerts that nobody has answered yet: they wait at the line, or ring. */
export async function underwayOf(tx: Tx, alertIds: readonly string[]): Promise<Underway[]> {
  if (alertIds.length === 0) return []
  const rows = await tx.sql
    .selectFrom('notification as n')
    .innerJoin('outgoing as o', (on) =>
      on.onRef('o.organisation_id', '=', 'n.organisation_id').onRef('o.id', '=', 'n.outgoing_id'),
    )
    .select(['n.id', 'n.alert_id', 'n.person_id', 'n.channel', 'n.tells', 'o.id as outgoing_id', 'o.state'])
    .where('n.organisation_id', '=', tx.organisationId)
    .where('n.alert_id', 'in', alertIds)
    .where('n.ended_at', 'is', null)
    .where('o.state', 'not in', ['answered', 'ended'])
    .orderBy('n.id')
    .execute()
  return rows.map((row) => ({
    notificationId: row.id,
    alertId: row.alert_id,
    personId: row.person_id,
    channel: row.channel,
    tells: row.tells,
    outgoingId: row.outgoing_id,
    isWaiting: row.state === 'waiting',
  }))
}

/** An e-mail that tells somebody to act and has not left. */
export interface WaitingLetter {
  emailId: string
  name: string
  linkToken: string
  at: Date
}

export async function waitingLetters(tx: Tx, alertId: string): Promise<WaitingLetter[]> {
  return tx.sql
    .selectFrom('notification as n')
    .innerJoin('email as e', (on) =>
      on.onRef('e.organisation_id', '=', 'n.organisation_id').onRef('e.id', '=', 'n.email_id'),
    )
    .innerJoin('person as p', (on) =>
      on.onRef('p.organisation_id', '=', 'n.organisation_id').onRef('p.id', '=', 'n.person_id'),
    )
    .select(['e.id as emailId', 'p.name', 'n.link_token as linkToken', 'n.created_at as at'])
    .where('n.organisation_id', '=', tx.organisationId)
    .where('n.alert_id', '=', alertId)
    .where('n.tells', '=', 'alert')
    .where('e.state', '=', 'waiting')
    .orderBy('n.id')
    .execute()
}

/** Whoever has been told to act, with the channels that were used, in the order in which they were first told. */
export async function toldOf(tx: Tx, alertId: string): Promise<Contact[]> {
  const rows = await tx.sql
    .selectFrom('notification as n')
    .innerJoin('person as p', (on) =>
      on.onRef('p.organisation_id', '=', 'n.organisation_id').onRef('p.id', '=', 'n.person_id'),
    )
    .select(['p.id as personId', 'p.name', 'p.email'])
    // where somebody said that they are not this person, nobody is rung again
    .select(sql<string | null>`nullif(p.phone, p.denied_phone)`.as('phone'))
    .select(sql<Channel[]>`array_agg(distinct n.channel)`.as('channels'))
    .where('n.organisation_id', '=', tx.organisationId)
    .where('n.alert_id', '=', alertId)
    .where('n.tells', '=', 'alert')
    .where(sql<boolean>`coalesce(n.result, '') not like 'held back%'`)
    .groupBy(['p.id', 'p.name', 'p.phone', 'p.denied_phone', 'p.email'])
    .orderBy(sql`min(n.id::text)`)
    .execute()
  return rows
}

// ------------------------------------------------------------------------------------------------ sharing a call or a text

/** Lock every alert that this call or text tells of, in the order of their ids. @returns their ids */
export async function lockAlertsOn(tx: Tx, outgoingId: string): Promise<string[]> {
  const rows = await tx.sql
    .selectFrom('alert as a')
    .select('a.id')
    .where('a.organisation_id', '=', tx.organisationId)
    .where('a.id', 'in', (all) =>
      all
        .selectFrom('notification as n')
        .select('n.alert_id')
        .where('n.organisation_id', '=', tx.organisationId)
        .where('n.outgoing_id', '=', outgoingId),
    )
    .orderBy('a.id')
    .forUpdate()
    .execute()
  return rows.map((row) => row.id)
}

/** One alert's place on a call or text: whom it was for, and how far the call has come with it. */
export interface Member {
  notificationId: string
  alertId: string
  serviceId: string
  personId: string
  name: string
  /** E.164, as it is now */
  phone: string
  tells: Tells
  code: string | null
  /** the prompt in which it was asked about last; null: not yet, or not a call */
  asked: number | null
  /** the number was not confirmed, so it is asked first who is there */
  asksName: boolean
  /** what became of it; null: nothing yet */
  result: string | null
}

/**
 * What this call or text tells of, in the order in which it was told, each alert once. Without what was called off, unless that is
 * all: a call that was called off may have been answered at that very moment.
 */
export async function membersOf(tx: Tx, outgoingId: string): Promise<Member[]> {
  const rows = await tx.sql
    .selectFrom('notification as n')
    .innerJoin('person as p', (on) =>
      on.onRef('p.organisation_id', '=', 'n.organisation_id').onRef('p.id', '=', 'n.person_id'),
    )
    .innerJoin('alert as a', (on) =>
      on.onRef('a.organisation_id', '=', 'n.organisation_id').onRef('a.id', '=', 'n.alert_id'),
    )
    .select([
      'n.id',
      'n.alert_id',
      'a.service_id',
      'n.person_id',
      'p.name',
      'n.tells',
      'n.code',
      'n.asked',
      'n.asks_name',
      'n.result',
    ])
    .select(sql<string>`coalesce(p.phone, '')`.as('phone'))
    .where('n.organisation_id', '=', tx.organisationId)
    .where('n.outgoing_id', '=', outgoingId)
    .orderBy('n.id')
    .execute()
  const wanted = rows.filter((row) => row.result !== 'cancelled')
  const members = (wanted.length > 0 ? wanted : rows).map((row) => ({
    notificationId: row.id,
    alertId: row.alert_id,
    serviceId: row.service_id,
    personId: row.person_id,
    name: row.name,
    phone: row.phone,
    tells: row.tells,
    code: row.code,
    asked: row.asked,
    asksName: row.asks_name,
    result: row.result,
  }))
  return members.filter(({ alertId }, at) => members.findIndex((other) => other.alertId === alertId) === at)
}

/** In a call about several, `prompt` asks about this one. */
export async function saveAsked(tx: Tx, notificationId: string, prompt: number): Promise<void> {
  await tx.sql
    .updateTable('notification')
    .set({ asked: prompt })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', notificationId)
    .execute()
}

/** The notifications of this call or text of which nothing has become yet. */
export async function unendedOn(tx: Tx, outgoingId: string): Promise<string[]> {
  const rows = await tx.sql
    .selectFrom('notification')
    .select('id')
    .where('organisation_id', '=', tx.organisationId)
    .where('outgoing_id', '=', outgoingId)
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id)
}

/**
 * Telling these numbers follows one after the other until the end of this transaction, in this organisation, so that whoever comes
 * second sees what the first has sent. Lock alerts before, and outgoings after.
 */
export async function lockNumbers(tx: Tx, numbers: readonly string[]): Promise<void> {
  for (const number of [...new Set(numbers)].sort())
    await sql`select pg_advisory_xact_lock(hashtextextended(${`alerts ${tx.organisationId} ${number}`}, 0))`.execute(
      tx.sql,
    )
}

/** A call or text made to tell somebody of an alert, that others may perhaps join. */
export interface Shareable {
  outgoingId: string
  number: string
  channel: Channel
  alertIds: string[]
}

/** Made for these numbers since then, and not yet under way for good; the newest first. */
export async function shareableTo(tx: Tx, numbers: readonly string[], since: Date): Promise<Shareable[]> {
  if (numbers.length === 0) return []
  const rows = await tx.sql
    .selectFrom('outgoing as o')
    .innerJoin('notification as n', (on) =>
      on.onRef('n.organisation_id', '=', 'o.organisation_id').onRef('n.outgoing_id', '=', 'o.id'),
    )
    .select(['o.id', 'o.to_number', 'o.kind'])
    .select(sql<string[]>`array_agg(distinct n.alert_id)`.as('alert_ids'))
    .where('o.organisation_id', '=', tx.organisationId)
    .where('o.to_number', 'in', numbers)
    .where('o.created_at', '>', since)
    .where('o.state', 'not in', ['answered', 'ended'])
    .where('n.tells', '=', 'alert')
    .groupBy(['o.id', 'o.to_number', 'o.kind'])
    .orderBy('o.id', 'desc')
    .execute()
  return rows.map((row) => ({
    outgoingId: row.id,
    number: row.to_number,
    channel: row.kind,
    alertIds: row.alert_ids,
  }))
}

/** The codes given at this number in this organisation, the latest first. In use: of an alert not over, or over only since `since`. */
export async function codesAt(tx: Tx, number: string, since: Date): Promise<CodeGiven[]> {
  const rows = await tx.sql
    .selectFrom('notification as n')
    .innerJoin('person as p', (on) =>
      on.onRef('p.organisation_id', '=', 'n.organisation_id').onRef('p.id', '=', 'n.person_id'),
    )
    .innerJoin('alert as a', (on) =>
      on.onRef('a.organisation_id', '=', 'n.organisation_id').onRef('a.id', '=', 'n.alert_id'),
    )
    .select(['n.code', 'n.alert_id', 'a.state', 'a.closed_at'])
    .where('n.organisation_id', '=', tx.organisationId)
    .where('p.phone', '=', number)
    .where('n.code', 'is not', null)
    .orderBy('n.id', 'desc')
    .limit(200)
    .execute()
  return rows.map((row) => ({
    code: row.code!,
    alertId: row.alert_id,
    isInUse: row.state !== 'closed' || row.closed_at! > since,
  }))
}

/** Whether this number has been told, here, of another alert that still waits for somebody. */
export async function isAnythingElseOpenAt(
  tx: Tx,
  number: string,
  alertIds: readonly string[],
): Promise<boolean> {
  const row = await tx.sql
    .selectFrom('notification as n')
    .innerJoin('person as p', (on) =>
      on.onRef('p.organisation_id', '=', 'n.organisation_id').onRef('p.id', '=', 'n.person_id'),
    )
    .innerJoin('alert as a', (on) =>
      on.onRef('a.organisation_id', '=', 'n.organisation_id').onRef('a.id', '=', 'n.alert_id'),
    )
    .select('a.id')
    .where('n.organisation_id', '=', tx.organisationId)
    .where('p.phone', '=', number)
    .where('n.outgoing_id', 'is not', null)
    .where('n.alert_id', 'not in', alertIds)
    .where((row) =>
      row.or([
        row('a.state', 'in', ['open', 'handed over']),
        row.and([row('a.state', '=', 'accepted'), row('a.closed_how', '=', 'get help')]),
      ]),
    )
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
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

// ------------------------------------------------------------------------------------------------ who texts back

/** One alert in which somebody with this number was told, for the text they sent. */
export interface Thread {
  organisationId: string
  alertId: string
  personId: string
  state: AlertState['is']
  /** somebody has it in hand and asks for help */
  wantsHelp: boolean
  acceptedBy: string | null
  receiverName: string
  code: string | null
}

/** By number, of every organisation: what is not over, and what was over only after `since`; the one texted last first. */
export async function threadsOf(tx: WideTx, phone: string, since: Date): Promise<Thread[]> {
  const rows = await tx.sql
    .selectFrom('person as p')
    .innerJoin('notification as n', (on) =>
      on.onRef('n.organisation_id', '=', 'p.organisation_id').onRef('n.person_id', '=', 'p.id'),
    )
    .innerJoin('alert as a', (on) =>
      on.onRef('a.organisation_id', '=', 'n.organisation_id').onRef('a.id', '=', 'n.alert_id'),
    )
    .innerJoin('service as s', (on) =>
      on.onRef('s.organisation_id', '=', 'a.organisation_id').onRef('s.id', '=', 'a.service_id'),
    )
    .innerJoin('person as r', (on) =>
      on.onRef('r.organisation_id', '=', 's.organisation_id').onRef('r.id', '=', 's.receiver_id'),
    )
    .select(['a.organisation_id', 'a.id', 'p.id as person_id', 'a.state', 'a.closed_how', 'a.accepted_by'])
    .select([
      'r.name',
      sql<string | null>`(array_agg(n.code order by n.id desc) filter (where n.code is not null))[1]`.as(
        'code',
      ),
    ])
    .where('p.phone', '=', phone)
    // whoever has not proved that the number is theirs is nobody we know
    .whereRef('p.confirmed_phone', '=', 'p.phone')
    .where('n.outgoing_id', 'is not', null)
    .where((row) => row.or([row('a.state', '<>', 'closed'), row('a.closed_at', '>', since)]))
    .groupBy(['a.organisation_id', 'a.id', 'p.id', 'a.state', 'a.closed_how', 'a.accepted_by', 'r.name'])
    .orderBy(sql`max(n.id::text) filter (where n.channel = 'text')`, (order) => order.desc().nullsLast())
    .orderBy(sql`max(n.id::text)`, 'desc')
    .execute()
  return rows.map((row) => ({
    organisationId: row.organisation_id,
    alertId: row.id,
    personId: row.person_id,
    state: row.state,
    wantsHelp: row.state === 'accepted' && row.closed_how === 'get help',
    acceptedBy: row.accepted_by,
    receiverName: row.name,
    code: row.code,
  }))
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

/**
 * Do `work`; when it fails undo it alone and go on with the transaction.
 * @returns what it threw, or null
 */
export async function separately(tx: Tx, work: () => Promise<unknown>): Promise<unknown> {
  await sql`savepoint separately`.execute(tx.sql)
  try {
    await work()
    await sql`release savepoint separately`.execute(tx.sql)
    return null
  } catch (error) {
    await sql`rollback to savepoint separately`.execute(tx.sql)
    return error ?? new Error('failed for no reason')
  }
}

/** Do `work`; when it says no, undo it and let go what it has locked. @returns what it says */
export async function orLetGo(tx: Tx, work: () => Promise<boolean>): Promise<boolean> {
  await sql`savepoint let_go`.execute(tx.sql)
  const isDone = await work()
  await (isDone ? sql`release savepoint let_go` : sql`rollback to savepoint let_go`).execute(tx.sql)
  return isDone
}
