// Calls / views / store: reads for pages and for the telephone, writes nothing. Joins other rooms' tables so that a page
// needs two queries, not a hundred.
import { type InferResult, sql } from 'kysely'
import type { Tx, WideTx } from '../../db/db.ts'
import { inMonth, livingSince, monthAfter, monthOf, rowsOf, type Span, spansOf } from '../../db/past.ts'
import { amongIn } from '../../db/rows.ts'
import type {
  AttemptResult,
  By,
  CallStateName,
  Outcome,
  OutgoingState,
  ScheduleKind,
  Way,
} from '../../db/tables.ts'
import { isMobile } from '../../kit/phone-number.ts'
import { type CallEvent, waysOf } from '../machine.ts'

/** A call with all that a sentence about it needs. */
export interface CallView {
  id: string
  serviceId: string
  /** null: a test call */
  scheduleId: string | null
  /** what the schedule is for; null: a test call */
  kind: ScheduleKind | null
  isTest: boolean
  by: By
  /** 'YYYY-MM-DD' and 'HH:MM' on the receiver's calendar and clock */
  localDate: string
  localTime: string
  dueAt: Date
  usefulUntil: Date
  state: CallStateName
  /** waiting: when it is due; resting: when the next attempt begins; closed: null */
  wakeAt: Date | null
  /** null while it is open */
  outcome: Outcome | null
  outcomeAt: Date | null
  /** also of a missed call: the late acknowledgement */
  acknowledgedAt: Date | null
  /** the stakeholder who spoke for the receiver; null: the receiver did, or nobody */
  acknowledgedBy: { personId: string; name: string } | null
  /** a sentence's beginning, such as "Paused: staying with family" */
  skipReason: string | null
  attempts: AttemptView[]
  /** in which month of the past it is kept; null: it is among the living rows */
  past: Span
}

export interface AttemptView {
  id: string
  number: number
  way: Way
  /** E.164 */
  toNumber: string
  /** when it was decided; it may have waited at the line before it rang */
  startedAt: Date
  rangAt: Date | null
  answeredAt: Date | null
  endedAt: Date | null
  /** null while it waits, rings or talks */
  result: AttemptResult | null
  /** all keys pressed, in order */
  keys: string
  /** how far the line has got */
  lineState: OutgoingState
  outgoingId: string
  /** of a text: how it ended, as far as the line heard; null while it is on its way */
  lineResult: string | null
  /** the provider's own reason, when it did not arrive */
  lineCode: string | null
}

/** Where to go on: the last call of the page before. */
export interface Cursor {
  dueAt: Date
  id: string
}

/**
 * Calls that have begun or are over, test calls too, the newest first. Those still waiting are not among them.
 * @param page.pastAt now, when calls that are long over are wanted too, as on a page
 */
export async function callsOfService(
  tx: Tx,
  serviceId: string,
  page: { before?: Cursor; limit: number; pastAt?: Date },
): Promise<CallView[]> {
  const living = await pageOf(tx, serviceId, page, null)
  if (!page.pastAt) return living
  // one whose alert nobody ended stays among the living, with younger ones in the past
  const last = living[page.limit - 1]
  if (last && last.dueAt >= livingSince(page.pastAt)) return living
  const all = new Map(living.map((view) => [view.id, view]))
  for (const span of await yearsBefore(tx, serviceId, page.before?.dueAt, page.pastAt)) {
    const past = await pageOf(tx, serviceId, page, span)
    for (const view of past) all.set(view.id, view)
    if (all.size >= living.length + page.limit) break
  }
  return [...all.values()].sort(newestFirst).slice(0, page.limit)
}

async function pageOf(
  tx: Tx,
  serviceId: string,
  { before, limit }: { before?: Cursor; limit: number },
  span: Span,
): Promise<CallView[]> {
  const rows = await calls(tx, span)
    .where('call.service_id', '=', serviceId)
    .where('call.state', '<>', 'waiting')
    .$if(before !== undefined, (query) =>
      query.where(sql<boolean>`(call.due_at, call.id) < (${before!.dueAt}, ${before!.id}::uuid)`),
    )
    // the same order, and the months can be read one after the other
    .$if(span !== null, (query) => query.orderBy(sql`call.month`, 'desc'))
    .orderBy('call.due_at', 'desc')
    .orderBy('call.id', 'desc')
    .limit(limit)
    .execute()
  return views(tx, rows, span)
}

const newestFirst = (a: CallView, b: CallView): number =>
  b.dueAt.getTime() - a.dueAt.getTime() || (b.id < a.id ? -1 : 1)

/** The past of a service, the latest year first: from `before`, or from where the living rows begin, back to when it was set up. */
async function yearsBefore(
  tx: Tx,
  serviceId: string,
  before: Date | undefined,
  now: Date,
): Promise<NonNullable<Span>[]> {
  const { created_at } = await tx.sql
    .selectFrom('service')
    .select('created_at')
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', serviceId)
    .executeTakeFirstOrThrow()
  const first = monthOf(created_at)
  const years: NonNullable<Span>[] = []
  const newest = before && before < livingSince(now) ? before : livingSince(now)
  for (let until = monthAfter(monthOf(newest), 1); until > first; until = years.at(-1)!.from)
    years.push({ from: [monthAfter(until, -12), first].sort()[1]!, until })
  return years
}

/**
 * Null: this organisation has no such call.
 * @param also `past` to look there too, as a page does
 */
export async function callById(tx: Tx, callId: string, also?: 'past'): Promise<CallView | null> {
  for (const span of [null, ...(also ? spansOf(callId) : [])]) {
    const [view] = await views(tx, await calls(tx, span).where('call.id', '=', callId).execute(), span)
    if (view) return view
  }
  return null
}

/** Whether the receiver has answered any call of this service, late or in time, at `since` or after it. */
export async function hasAnsweredSince(tx: Tx, serviceId: string, since: Date): Promise<boolean> {
  const row = await tx.sql
    .selectFrom('call')
    .select('id')
    .where('organisation_id', '=', tx.organisationId)
    .where('service_id', '=', serviceId)
    // a call is useful for a day at most
    .where('due_at', '>', new Date(since.getTime() - 24 * 60 * 60_000))
    .where('outcome', '=', 'acknowledged')
    .where('acknowledged_by', 'is', null)
    .where('acknowledged_at', '>=', since)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** The next call that will be made, or null. Of a paused day too: whoever shows it asks services whether it is. */
export async function nextCall(tx: Tx, serviceId: string): Promise<CallView | null> {
  const rows = await calls(tx, null)
    .where('call.service_id', '=', serviceId)
    .where('call.state', '=', 'waiting')
    .where('call.is_test', '=', false)
    .orderBy('call.due_at')
    .orderBy('call.id')
    .limit(1)
    .execute()
  return (await views(tx, rows, null))[0] ?? null
}

/** The message a call plays, and what for. A test call plays that of the service's first schedule. Null: there is none yet. */
export async function messageOf(
  tx: Tx,
  call: { serviceId: string; scheduleId: string | null },
): Promise<{ messageId: string; kind: ScheduleKind; by: By } | null> {
  let query = tx.sql
    .selectFrom('schedule')
    .select(['message_id as messageId', 'kind', 'by'])
    .where('organisation_id', '=', tx.organisationId)
    .where('service_id', '=', call.serviceId)
  query = call.scheduleId
    ? query.where('id', '=', call.scheduleId)
    : query.where('ended_at', 'is', null).orderBy('local_time').orderBy('id')
  return (await query.limit(1).executeTakeFirst()) ?? null
}

/** The same of several, in their order. */
export async function messagesOf(
  tx: Tx,
  calls: readonly { serviceId: string; scheduleId: string | null }[],
): Promise<({ messageId: string; kind: ScheduleKind } | null)[]> {
  const ids = calls.flatMap(({ scheduleId }) => scheduleId ?? [])
  const rows =
    ids.length === 0
      ? []
      : await tx.sql
          .selectFrom('schedule')
          .select(['id', 'message_id as messageId', 'kind'])
          .where(amongIn(tx, 'id', ids))
          .execute()
  const bySchedule = new Map(rows.map((row) => [row.id, row]))
  const messages = []
  for (const call of calls)
    messages.push(call.scheduleId ? (bySchedule.get(call.scheduleId) ?? null) : await messageOf(tx, call))
  return messages
}

/** One change in a call's life. */
export interface CallEventView {
  at: Date
  event: CallEvent | { kind: 'answeredIdly' }
  fromState: CallStateName
  toState: CallStateName
  /** when it closed the call, or changed how it is closed */
  outcome: Outcome | null
}

/** What changed a call, in order. What changed nothing is not in it. @param past where the call was found */
export async function historyOf(tx: Tx, callId: string, past: Span = null): Promise<CallEventView[]> {
  const rows = await tx.sql
    .selectFrom(rowsOf('call_event', past).as('call_event'))
    .select(['at', 'event', 'from_state', 'to_state'])
    .where('organisation_id', '=', tx.organisationId)
    .where('call_id', '=', callId)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    at: row.at,
    event: eventOf(row.event),
    fromState: stateNamed(row.from_state),
    toState: stateNamed(row.to_state),
    outcome: stateNamed(row.to_state) === 'closed' ? (row.to_state as Outcome) : null,
  }))
}

/** JSON has no dates. */
function eventOf(json: Record<string, unknown>): CallEventView['event'] {
  const event = json as CallEvent
  if (event.kind !== 'attemptEnded' || event.rangAt === null) return event
  return { ...event, rangAt: new Date(event.rangAt) }
}

/** A closed call's history names its outcome. */
function stateNamed(name: string): CallStateName {
  return name === 'waiting' || name === 'ringing' || name === 'resting' ? name : 'closed'
}

function calls(tx: Tx, span: Span) {
  return tx.sql
    .selectFrom(rowsOf('call', span).as('call'))
    .leftJoin('schedule', (join) =>
      join
        .onRef('schedule.organisation_id', '=', 'call.organisation_id')
        .onRef('schedule.id', '=', 'call.schedule_id'),
    )
    .leftJoin('person', (join) =>
      join
        .onRef('person.organisation_id', '=', 'call.organisation_id')
        .onRef('person.id', '=', 'call.acknowledged_by'),
    )
    .selectAll('call')
    .select(['schedule.kind', 'person.name as acknowledged_name'])
    .where('call.organisation_id', '=', tx.organisationId)
}

type CallRows = InferResult<ReturnType<typeof calls>>

async function views(tx: Tx, rows: CallRows, span: Span): Promise<CallView[]> {
  const tried = rows.filter((row) => row.attempt > 0)
  const attempts = await attemptsOfCalls(
    tx,
    tried.map((row) => row.id),
    span && spanOf(tried.map((row) => row.due_at)),
  )
  return rows.map((row) => ({
    id: row.id,
    serviceId: row.service_id,
    scheduleId: row.schedule_id,
    kind: row.kind,
    isTest: row.is_test,
    by: row.by,
    localDate: row.local_date,
    localTime: row.local_time,
    dueAt: row.due_at,
    usefulUntil: row.useful_until,
    state: row.state,
    wakeAt: row.wake_at,
    outcome: row.outcome,
    outcomeAt: row.outcome_at,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by
      ? { personId: row.acknowledged_by, name: row.acknowledged_name ?? '' }
      : null,
    skipReason: row.skip_reason,
    attempts: attempts.get(row.id) ?? [],
    past: span && inMonth(monthOf(row.due_at)),
  }))
}

/** The months of calls that were due then. */
function spanOf(dues: readonly Date[]): Span {
  const months = dues.map(monthOf).sort()
  return { from: months[0] ?? '1970-01-01', until: monthAfter(months.at(-1) ?? '1970-01-01', 1) }
}

async function attemptsOfCalls(tx: Tx, callIds: string[], span: Span): Promise<Map<string, AttemptView[]>> {
  const byCall = new Map<string, AttemptView[]>()
  if (callIds.length === 0) return byCall
  const rows = await tx.sql
    .selectFrom(rowsOf('attempt', span).as('attempt'))
    .innerJoin(rowsOf('outgoing', span).as('outgoing'), (join) =>
      join
        .onRef('outgoing.organisation_id', '=', 'attempt.organisation_id')
        .onRef('outgoing.id', '=', 'attempt.outgoing_id'),
    )
    .select([
      'attempt.call_id as callId',
      'attempt.id',
      'attempt.number',
      'attempt.way',
      'attempt.to_number as toNumber',
      'attempt.started_at as startedAt',
      'attempt.ended_at as endedAt',
      'attempt.result',
      'attempt.outgoing_id as outgoingId',
      'outgoing.rang_at as rangAt',
      'outgoing.answered_at as answeredAt',
      'outgoing.keys',
      'outgoing.state as lineState',
      'outgoing.result as lineResult',
      'outgoing.result_code as lineCode',
    ])
    .where('attempt.organisation_id', '=', tx.organisationId)
    .where('attempt.call_id', 'in', callIds)
    .orderBy('attempt.number')
    .execute()
  for (const { callId, ...view } of rows) byCall.set(callId, [...(byCall.get(callId) ?? []), view])
  return byCall
}

/** The rings of one call to come, as far as its line is concerned. */
export interface ComingCall {
  /** of the first ring: a text may go before it */
  dueAt: Date
  /** null: everybody's own line */
  lineId: string | null
  attempts: number
  gapMs: number
}

/** Calls of every organisation that are due from `from` on and before `until` and will ring, as far as is known now. */
export async function comingCalls(tx: WideTx, from: Date, until: Date): Promise<ComingCall[]> {
  const rows = await tx.sql
    .selectFrom('call as c')
    .innerJoin('service as s', (on) =>
      on.onRef('s.organisation_id', '=', 'c.organisation_id').onRef('s.id', '=', 'c.service_id'),
    )
    .select(['c.due_at', 'c.by', 's.phones', 's.line_id', 's.attempts', 's.gap_minutes'])
    .where('c.state', '=', 'waiting')
    .where('c.wake_at', '>=', from)
    .where('c.wake_at', '<', until)
    .where('s.ended_at', 'is', null)
    .where(
      sql<boolean>`not exists (select 1 from pause p where p.organisation_id = c.organisation_id and p.service_id = c.service_id
        and p.ended_at is null and c.local_date between p.from_date and p.to_date)`,
    )
    .execute()
  return rows.flatMap((row): ComingCall[] => {
    const mobiles = row.phones.filter(isMobile).length
    const ways = waysOf({ by: row.by, isTest: false, attempts: row.attempts, mobiles })
    const first = ways.indexOf('call')
    if (first < 0) return []
    const gapMs = row.gap_minutes * 60_000
    return [
      {
        dueAt: new Date(row.due_at.getTime() + first * gapMs),
        lineId: row.line_id,
        attempts: ways.filter((way) => way === 'call').length,
        gapMs,
      },
    ]
  })
}

/**
 * How the tries since `since` went, over every organisation: how many first, second, … ones there were, and how long one took from
 * being decided to its end. Tests are left out.
 */
export async function howTriesWent(
  tx: WideTx,
  since: Date,
): Promise<{ tries: number[]; secondsEach: number }> {
  const rows = await tx.sql
    .selectFrom('attempt as a')
    .innerJoin('call as c', (on) =>
      on.onRef('c.organisation_id', '=', 'a.organisation_id').onRef('c.id', '=', 'a.call_id'),
    )
    .innerJoin('outgoing as o', (on) =>
      on.onRef('o.organisation_id', '=', 'a.organisation_id').onRef('o.id', '=', 'a.outgoing_id'),
    )
    .select(['a.number', ({ fn }) => fn.countAll<string>().as('count')])
    .select(sql<string | null>`sum(extract(epoch from o.ended_at - o.claimed_at))`.as('seconds'))
    .where('a.started_at', '>=', since)
    .where('a.ended_at', 'is not', null)
    .where('c.is_test', '=', false)
    .where('c.by', '=', 'call')
    .where('o.kind', '=', 'call')
    .groupBy('a.number')
    .orderBy('a.number')
    .execute()
  const tries: number[] = []
  let seconds = 0
  for (const row of rows) {
    tries[row.number - 1] = Number(row.count)
    seconds += Number(row.seconds ?? 0)
  }
  const all = tries.reduce((sum, count) => sum + (count ?? 0), 0)
  return { tries: Array.from(tries, (count) => count ?? 0), secondsEach: all === 0 ? 0 : seconds / all }
}
