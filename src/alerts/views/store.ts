// Alerts / views / store: reads for pages, writes nothing. Joins other rooms' tables so that a page needs three queries.
import { type InferResult, sql } from 'kysely'
import type { App } from '../../app.ts'
import type { OrgScope, Tx } from '../../db/db.ts'
import { rowsOf, type Span, spansOf } from '../../db/past.ts'
import type { AlertReason, AlertStateName, By, Channel, Outcome, OutgoingState } from '../../db/tables.ts'
import { isUuid } from '../../kit/ids.ts'
import { textTroubleInWords, textTroubleOf } from '../../lines/lines.ts'
import type { Over } from '../machine.ts'
import type { Tells } from '../who.ts'
import type { AboutCall } from '../words.ts'

export interface Named {
  personId: string
  name: string
}

/** An alert with all that a sentence about it needs. */
export interface AlertView {
  id: string
  serviceId: string
  callId: string
  receiverName: string
  /** IANA name, of the receiver */
  timeZone: string
  /** of the call that raised it: when it was due, and 'HH:MM' on the receiver's clock */
  dueAt: Date
  localTime: string
  /** every call that it is about, in the order in which they were due; not given when there is one */
  calls?: readonly CallOfAlert[]
  reason: AlertReason
  state: AlertStateName
  /** the step told last, from 1, and which time round; step 0: nobody has been told */
  step: number
  round: number
  /** open: when the next step is told; accepted and handed over: when somebody is reminded; closed: null */
  wakeAt: Date | null
  openedAt: Date
  /** also of an alert that is closed by now */
  acceptedBy: Named | null
  acceptedOver: Over | null
  acceptedAt: Date | null
  /** what the acceptor has said of it while it is accepted */
  said: 'I am going' | 'get help' | null
  handedOverAt: Date | null
  closedAt: Date | null
  closedHow: 'she is fine' | 'all-clear' | null
  /** null: the receiver, or nobody yet */
  closedBy: Named | null
  /** every notification, in the order in which they were made */
  told: NotificationView[]
}

export interface CallOfAlert extends AboutCall {
  callId: string
}

/** Whether this alert is about that call. */
export const isAboutCall = (alert: Pick<AlertView, 'callId' | 'calls'>, callId: string): boolean =>
  alert.callId === callId || alert.calls?.some((call) => call.callId === callId) === true

export interface NotificationView {
  id: string
  personId: string
  name: string
  channel: Channel
  tells: Tells
  step: number
  round: number
  at: Date
  endedAt: Date | null
  became: Became
  /** in our words, for what failed: "busy", "no phone number", "held back: hour", what the mail server said; else null */
  trouble: string | null
  /** why a text did not arrive, as the end of a sentence; null for anything else */
  why: string | null
  /** the other receivers of whom the same call or text told, as far as whoever looks may know of them */
  together: string[]
}

/** Who looks at an alert: only of services that they have a role on, or watch, are they shown that they were told of together. */
export interface Looker {
  personId: string
  /** watches the organisation's queue, and so may know of all its services */
  isWatcher: boolean
}

/** What has become of a notification. Calls: waiting, ringing, talking, answered. Texts and e-mails: waiting, sent, delivered. */
export type Became =
  | 'waiting'
  | 'ringing'
  | 'talking'
  | 'answered'
  | 'sent'
  | 'delivered'
  | 'called off'
  | 'failed'

/** The alerts of a service that are not long over, newest first; or the one of a call, `past` where that was found. */
export async function alertsOfService(
  tx: Tx,
  serviceId: string,
  which: { limit: number } | { callId: string; past?: Span },
  looker: Looker | null = null,
): Promise<AlertView[]> {
  const past = ('callId' in which && which.past) || null
  let query = alerts(tx, past)
    .where('a.service_id', '=', serviceId)
    .orderBy('a.opened_at', 'desc')
    .orderBy('a.id', 'desc')
  query =
    'callId' in which
      ? query.where('a.id', 'in', alertIdsOf(tx, which.callId, past))
      : query.limit(which.limit)
  return views(tx, await query.execute(), looker, past)
}

/** Of the alert that this call raised, or joined. */
function alertIdsOf(tx: Tx, callId: string, span: Span) {
  const joined = tx.sql
    .selectFrom(rowsOf('alert_call', span).as('j'))
    .select('j.alert_id')
    .where('j.organisation_id', '=', tx.organisationId)
    .where('j.call_id', '=', callId)
  const raised = tx.sql
    .selectFrom(rowsOf('alert', span).as('f'))
    .select('f.id as alert_id')
    .where('f.organisation_id', '=', tx.organisationId)
    .where('f.call_id', '=', callId)
  return joined.union(raised)
}

/** Null: this organisation has no such alert. @param also `past` to look there too, as a page does */
export async function alertById(
  tx: Tx,
  alertId: string,
  looker: Looker | null = null,
  also?: 'past',
): Promise<AlertView | null> {
  for (const span of [null, ...(also ? spansOf(alertId) : [])]) {
    const rows = await alerts(tx, span).where('a.id', '=', alertId).execute()
    const [view] = await views(tx, rows, looker, span)
    if (view) return view
  }
  return null
}

/**
 * The organisation's queue: what nobody has in hand (open or handed over) and what somebody has but asks for help with; the
 * oldest first, at most 200.
 */
export async function unfinishedAlerts(tx: Tx, looker: Looker | null = null): Promise<AlertView[]> {
  const rows = await alerts(tx, null)
    .where((row) =>
      row.or([
        row('a.state', 'in', ['open', 'handed over']),
        row.and([row('a.state', '=', 'accepted'), row('a.closed_how', '=', 'get help')]),
      ]),
    )
    .orderBy('a.opened_at')
    .orderBy('a.id')
    .limit(200)
    .execute()
  return views(tx, rows, looker, null)
}

/** What this person has accepted and not closed, the oldest first. */
export async function alertsInHands(
  tx: Tx,
  personId: string,
  looker: Looker | null = null,
): Promise<AlertView[]> {
  const rows = await alerts(tx, null)
    .where('a.state', '=', 'accepted')
    .where('a.accepted_by', '=', personId)
    .orderBy('a.opened_at')
    .orderBy('a.id')
    .execute()
  return views(tx, rows, looker, null)
}

/** Whose link this is, and for which alert. */
export interface LinkHolder extends Named {
  scope: OrgScope
  alertId: string
  notificationId: string
  /** when the link was sent */
  at: Date
}

/** Null: no link of ours, or one that was sent before `notBefore`. */
export async function linkHolder(app: App, token: string, notBefore: Date): Promise<LinkHolder | null> {
  if (!isUuid(token)) return null
  const row = await app.db.look(({ sql: everywhere }) =>
    everywhere
      .selectFrom('notification as n')
      .innerJoin('person as p', (on) =>
        on.onRef('p.organisation_id', '=', 'n.organisation_id').onRef('p.id', '=', 'n.person_id'),
      )
      .select(['n.organisation_id', 'n.id', 'n.alert_id', 'n.created_at', 'p.id as person_id', 'p.name'])
      .where('n.link_token', '=', token)
      .where('n.created_at', '>=', notBefore)
      .executeTakeFirst(),
  )
  if (!row) return null
  return {
    scope: { organisationId: row.organisation_id },
    alertId: row.alert_id,
    notificationId: row.id,
    at: row.created_at,
    personId: row.person_id,
    name: row.name,
  }
}

function alerts(tx: Tx, span: Span) {
  return tx.sql
    .selectFrom(rowsOf('alert', span).as('a'))
    .innerJoin('service as s', (on) =>
      on.onRef('s.organisation_id', '=', 'a.organisation_id').onRef('s.id', '=', 'a.service_id'),
    )
    .innerJoin('person as r', (on) =>
      on.onRef('r.organisation_id', '=', 's.organisation_id').onRef('r.id', '=', 's.receiver_id'),
    )
    .innerJoin(rowsOf('call', span).as('c'), (on) =>
      on.onRef('c.organisation_id', '=', 'a.organisation_id').onRef('c.id', '=', 'a.call_id'),
    )
    .leftJoin('person as acceptor', (on) =>
      on
        .onRef('acceptor.organisation_id', '=', 'a.organisation_id')
        .onRef('acceptor.id', '=', 'a.accepted_by'),
    )
    .leftJoin('person as closer', (on) =>
      on.onRef('closer.organisation_id', '=', 'a.organisation_id').onRef('closer.id', '=', 'a.closed_by'),
    )
    .selectAll('a')
    .select(['r.name as receiver_name', 's.time_zone', 'c.due_at', 'c.local_time'])
    .select(['acceptor.name as acceptor_name', 'closer.name as closer_name'])
    .where('a.organisation_id', '=', tx.organisationId)
}

type AlertRows = InferResult<ReturnType<typeof alerts>>

async function views(tx: Tx, rows: AlertRows, looker: Looker | null, span: Span): Promise<AlertView[]> {
  const told = await notificationsOf(
    tx,
    rows.map(({ id }) => id),
    looker,
    span,
  )
  const calls = await severalCallsOf(
    tx,
    rows.map(({ id }) => id),
    span,
  )
  return rows.map((row) => ({
    id: row.id,
    serviceId: row.service_id,
    callId: row.call_id,
    receiverName: row.receiver_name,
    timeZone: row.time_zone,
    dueAt: row.due_at,
    localTime: row.local_time,
    reason: row.reason,
    state: row.state,
    step: row.step,
    round: row.round,
    wakeAt: row.wake_at,
    openedAt: row.opened_at,
    acceptedBy: named(row.accepted_by, row.acceptor_name),
    acceptedOver: row.accepted_over as Over | null,
    acceptedAt: row.accepted_at,
    said: row.state === 'accepted' ? (row.closed_how as AlertView['said']) : null,
    handedOverAt: row.handed_over_at,
    closedAt: row.closed_at,
    closedHow: row.state === 'closed' ? (row.closed_how as AlertView['closedHow']) : null,
    closedBy: named(row.closed_by, row.closer_name),
    told: told.get(row.id) ?? [],
    ...(calls.has(row.id) && { calls: calls.get(row.id)! }),
  }))
}

/** By alert, of those that are about several calls. */
async function severalCallsOf(tx: Tx, alertIds: string[], span: Span): Promise<Map<string, CallOfAlert[]>> {
  if (alertIds.length === 0) return new Map()
  const rows = await tx.sql
    .selectFrom(rowsOf('alert_call', span).as('j'))
    .innerJoin(rowsOf('call', span).as('c'), (on) =>
      on.onRef('c.organisation_id', '=', 'j.organisation_id').onRef('c.id', '=', 'j.call_id'),
    )
    .select(['j.alert_id', 'c.id', 'c.due_at', 'c.local_time', 'c.outcome', 'c.by'])
    .where('j.organisation_id', '=', tx.organisationId)
    .where('j.alert_id', 'in', alertIds)
    .orderBy('c.due_at')
    .orderBy('c.id')
    .execute()
  const byAlert = Map.groupBy(rows, (row) => row.alert_id)
  const several = [...byAlert].filter(([, ofAlert]) => ofAlert.length > 1)
  return new Map(several.map(([id, ofAlert]) => [id, ofAlert.map(callOfAlert)]))
}

function callOfAlert(row: {
  id: string
  due_at: Date
  local_time: string
  outcome: Outcome | null
  by: By
}): CallOfAlert {
  const { outcome } = row
  return {
    callId: row.id,
    dueAt: row.due_at,
    localTime: row.local_time,
    became: outcome === 'missed' || outcome === 'help requested' ? outcome : 'not placed',
    asked: row.by === 'text' ? 'text' : 'call',
  }
}

function named(personId: string | null, name: string | null): Named | null {
  return personId === null ? null : { personId, name: name ?? '' }
}

async function notificationsOf(
  tx: Tx,
  alertIds: string[],
  looker: Looker | null,
  span: Span,
): Promise<Map<string, NotificationView[]>> {
  if (alertIds.length === 0) return new Map()
  const rows = await notifications(tx, span).where('n.alert_id', 'in', alertIds).orderBy('n.id').execute()
  const together = looker ? await toldTogether(tx, alertIds, looker, span) : new Map<string, string[]>()
  const view = (row: NotificationRow) => viewOf(row, together.get(row.id) ?? [])
  return new Map(
    [...Map.groupBy(rows, (row) => row.alert_id)].map(([id, ofAlert]) => [id, ofAlert.map(view)]),
  )
}

/** By notification: the other receivers of whom its call or text told, of services that `looker` may know of. */
async function toldTogether(
  tx: Tx,
  alertIds: readonly string[],
  { personId, isWatcher }: Looker,
  span: Span,
): Promise<Map<string, string[]>> {
  const rows = await tx.sql
    .selectFrom(rowsOf('notification', span).as('n'))
    .innerJoin(rowsOf('notification', span).as('m'), (on) =>
      on
        .onRef('m.organisation_id', '=', 'n.organisation_id')
        .onRef('m.outgoing_id', '=', 'n.outgoing_id')
        .onRef('m.alert_id', '<>', 'n.alert_id'),
    )
    .innerJoin(rowsOf('alert', span).as('a'), (on) =>
      on.onRef('a.organisation_id', '=', 'm.organisation_id').onRef('a.id', '=', 'm.alert_id'),
    )
    .innerJoin('service as s', (on) =>
      on.onRef('s.organisation_id', '=', 'a.organisation_id').onRef('s.id', '=', 'a.service_id'),
    )
    .innerJoin('person as r', (on) =>
      on.onRef('r.organisation_id', '=', 's.organisation_id').onRef('r.id', '=', 's.receiver_id'),
    )
    .select(['n.id', 'r.name'])
    .where('n.organisation_id', '=', tx.organisationId)
    .where('n.alert_id', 'in', alertIds)
    .where(sql<boolean>`m.result is distinct from 'cancelled' and n.result is distinct from 'cancelled'`)
    .$if(!isWatcher, (query) =>
      query.where((row) =>
        row.exists(
          row
            .selectFrom('stakeholder as k')
            .select('k.person_id')
            .whereRef('k.organisation_id', '=', 's.organisation_id')
            .whereRef('k.service_id', '=', 's.id')
            .where('k.person_id', '=', personId),
        ),
      ),
    )
    .orderBy('m.id')
    .execute()
  return new Map(
    [...Map.groupBy(rows, (row) => row.id)].map(([id, others]) => [
      id,
      [...new Set(others.map(({ name }) => name))],
    ]),
  )
}

function notifications(tx: Tx, span: Span) {
  return tx.sql
    .selectFrom(rowsOf('notification', span).as('n'))
    .innerJoin('person as p', (on) =>
      on.onRef('p.organisation_id', '=', 'n.organisation_id').onRef('p.id', '=', 'n.person_id'),
    )
    .leftJoin(rowsOf('outgoing', span).as('o'), (on) =>
      on.onRef('o.organisation_id', '=', 'n.organisation_id').onRef('o.id', '=', 'n.outgoing_id'),
    )
    .leftJoin('email as e', (on) =>
      on.onRef('e.organisation_id', '=', 'n.organisation_id').onRef('e.id', '=', 'n.email_id'),
    )
    .select(['n.id', 'n.alert_id', 'n.person_id', 'p.name', 'n.channel', 'n.tells', 'n.step', 'n.round'])
    .select([
      'n.created_at',
      'n.ended_at',
      'n.result',
      'o.state as line_state',
      'o.result_code',
      'e.state as mail_state',
      'e.trouble',
    ])
    .select(sql<Date | null>`e.ended_at`.as('mail_ended_at'))
    .where('n.organisation_id', '=', tx.organisationId)
}

type NotificationRow = InferResult<ReturnType<typeof notifications>>[number]

function viewOf(row: NotificationRow, together: string[]): NotificationView {
  const became = row.channel === 'email' && row.mail_state ? becameOfMail[row.mail_state] : becameOfLine(row)
  const trouble = row.channel === 'email' ? (row.trouble ?? row.result) : row.result
  return {
    id: row.id,
    personId: row.person_id,
    name: row.name,
    channel: row.channel,
    tells: row.tells,
    step: row.step,
    round: row.round,
    at: row.created_at,
    endedAt: row.ended_at ?? row.mail_ended_at,
    became,
    trouble: became === 'failed' ? (trouble ?? '') : null,
    why: row.channel === 'text' && became === 'failed' ? whyNoText(row) : null,
    together,
  }
}

/** Of a text that left, or was refused. One that was held back, or had no number, never got so far. */
function whyNoText({ result, result_code }: NotificationRow): string | null {
  const isOfTheLine = result === 'not delivered' || result === 'unreachable number' || result === 'not placed'
  return isOfTheLine ? textTroubleInWords[textTroubleOf(result_code)] : null
}

const becameOfMail = { waiting: 'waiting', sent: 'sent', failed: 'failed' } as const

function becameOfLine({ ended_at, result, line_state }: NotificationRow): Became {
  if (ended_at === null) return line_state ? becameOnTheWay[line_state] : 'waiting'
  if (result === 'cancelled') return 'called off'
  return result === 'answered' || result === 'sent' || result === 'delivered' ? result : 'failed'
}

const becameOnTheWay: Record<OutgoingState, Became> = {
  waiting: 'waiting',
  claimed: 'waiting',
  unknown: 'waiting',
  placed: 'waiting',
  ringing: 'ringing',
  answered: 'talking',
  ended: 'waiting',
}
