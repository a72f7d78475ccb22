// Alerts / notifications / store: the only SQL that writes notification: who is told of an alert, over what, by which call or text, and what
// became of it. Takes a transaction; the one that takes a wide one finds out whose text it is.
import { sql } from 'kysely'
import type { Tx, WideTx } from '../../db/db.ts'
import type { Channel } from '../../db/tables.ts'
import type { CodeGiven } from '../codes.ts'
import type { AlertState } from '../machine.ts'
import type { Contact, Fate, Tells } from '../who.ts'

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
