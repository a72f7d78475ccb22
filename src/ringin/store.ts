// Ringin / store: the only SQL for incoming, ring_back, wrong_pin, news and left_message. Takes a transaction; decides nothing. What
// looks at every organisation only finds out whose row it is, or whether a PIN may be asked for.
import type { Selectable } from 'kysely'
import type { App } from '../app.ts'
import type { OrgScope, Tx, WideTx } from '../db/db.ts'
import type { Channel, IncomingTable, RingBackTable } from '../db/tables.ts'
import { newId } from '../kit/ids.ts'
import type { Script } from '../outside/phone/port.ts'
import type { Deed } from './deeds.ts'
import type { Tidings } from './tidings.ts'
import type { Talk, Wish } from './types.ts'

/** A call that came in, whole. */
export interface Incoming {
  readonly organisationId: string
  readonly id: string
  readonly lineId: string
  /** E.164; null: withheld */
  readonly from: string | null
  readonly token: string
  readonly talk: Talk
  readonly turn: number
  /** our last words; null once it is over */
  readonly said: Script | null
  readonly done: readonly Deed[]
  readonly startedAt: Date
  readonly endedAt: Date | null
}

export interface IncomingRef extends OrgScope {
  readonly id: string
}

type AnyTx = Pick<Tx, 'sql'> | Pick<WideTx, 'sql'>

function incomingFrom(row: Selectable<IncomingTable>): Incoming {
  return {
    organisationId: row.organisation_id,
    id: row.id,
    lineId: row.line_id,
    from: row.from_number,
    token: row.token,
    talk: row.talk as Talk,
    turn: row.turn,
    said: row.said as Script | null,
    done: row.done as Deed[],
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }
}

/** @returns false: this call of the provider's has a row already */
export async function insertIncoming(
  tx: Tx,
  incoming: Omit<Incoming, 'organisationId' | 'done' | 'endedAt'> & { sid: string; wakeAt: Date },
): Promise<boolean> {
  const inserted = await tx.sql
    .insertInto('incoming')
    .values({
      organisation_id: tx.organisationId,
      id: incoming.id,
      line_id: incoming.lineId,
      from_number: incoming.from,
      provider_sid: incoming.sid,
      token: incoming.token,
      talk: JSON.stringify(incoming.talk),
      turn: incoming.turn,
      said: JSON.stringify(incoming.said),
      service_id: incoming.talk.serviceId,
      started_at: incoming.startedAt,
      wake_at: incoming.wakeAt,
    })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst()
  return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Whose call a token or a provider's name belongs to, in whatever organisation. */
export async function findIncoming(
  tx: WideTx,
  by: { token: string } | { sid: string },
): Promise<Incoming | null> {
  const row = await tx.sql
    .selectFrom('incoming')
    .selectAll()
    .$if('token' in by, (query) => query.where('token', '=', (by as { token: string }).token))
    .$if('sid' in by, (query) => query.where('provider_sid', '=', (by as { sid: string }).sid))
    .executeTakeFirst()
  return row ? incomingFrom(row) : null
}

export async function lockIncoming(tx: Tx, id: string): Promise<Incoming | null> {
  const row = await tx.sql
    .selectFrom('incoming')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? incomingFrom(row) : null
}

/** One more answer. A call that is over stays over. */
export async function saveIncoming(
  tx: Tx,
  incoming: Pick<Incoming, 'id' | 'talk' | 'turn' | 'done' | 'endedAt'> & { said: Script; wakeAt: Date },
): Promise<void> {
  const isOver = incoming.endedAt !== null
  await tx.sql
    .updateTable('incoming')
    .set({
      talk: JSON.stringify(incoming.talk),
      turn: incoming.turn,
      said: isOver ? null : JSON.stringify(incoming.said),
      service_id: incoming.talk.serviceId,
      done: JSON.stringify(incoming.done),
      wake_at: isOver ? null : incoming.wakeAt,
    })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', incoming.id)
    .execute()
}

/** It is over. What was said last is let go: it may hold a message. */
export async function endIncoming(tx: AnyTx, { organisationId, id }: IncomingRef, at: Date): Promise<void> {
  await tx.sql
    .updateTable('incoming')
    .set({ ended_at: at, wake_at: null, said: null })
    .where('organisation_id', '=', organisationId)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
}

/** It turned out to be another organisation's receiver. Only while nothing hangs on it yet. */
export async function moveIncoming(tx: WideTx, ref: IncomingRef, organisationId: string): Promise<void> {
  await tx.sql
    .updateTable('incoming')
    .set({ organisation_id: organisationId })
    .where('organisation_id', '=', ref.organisationId)
    .where('id', '=', ref.id)
    .execute()
}

export async function dueIncoming(tx: WideTx, now: Date, atMost: number): Promise<IncomingRef[]> {
  return tx.sql
    .selectFrom('incoming')
    .select(['organisation_id as organisationId', 'id'])
    .where('wake_at', '<=', now)
    .orderBy('wake_at')
    .limit(atMost)
    .execute()
}

// ── wrong PINs ──────────────────────────────────────────────────────────────────────────────────────────────────

export async function insertWrongPin(
  tx: Tx,
  at: Date,
  wrong: { serviceId: string | null; from: string | null },
): Promise<void> {
  await tx.sql
    .insertInto('wrong_pin')
    .values({
      organisation_id: tx.organisationId,
      id: newId(at),
      service_id: wrong.serviceId,
      from_number: wrong.from,
      at,
    })
    .execute()
}

/** When PINs were wrong since then, by this number or for one of these services, each in order, of whatever organisation. */
export async function wrongPins(
  app: App,
  of: { from: string | null; serviceIds: readonly string[] },
  since: Date,
): Promise<{ byNumber: Date[]; byService: Date[] }> {
  return app.db.look(async ({ sql }) => {
    const times = () => sql.selectFrom('wrong_pin').select('at').where('at', '>', since).orderBy('at')
    const byNumber = of.from === null ? [] : await times().where('from_number', '=', of.from).execute()
    const byService =
      of.serviceIds.length === 0 ? [] : await times().where('service_id', 'in', of.serviceIds).execute()
    return { byNumber: byNumber.map(({ at }) => at), byService: byService.map(({ at }) => at) }
  })
}

// ── ringing back ────────────────────────────────────────────────────────────────────────────────────────────────

export interface RingBack {
  readonly organisationId: string
  readonly id: string
  readonly serviceId: string
  readonly incomingId: string
  readonly wish: Wish
  readonly to: string
  readonly state: RingBackTable['state']
  readonly tries: number
}

function ringBackFrom(row: Selectable<RingBackTable>): RingBack {
  return {
    organisationId: row.organisation_id,
    id: row.id,
    serviceId: row.service_id,
    incomingId: row.incoming_id,
    wish: row.wish as Wish,
    to: row.to_number,
    state: row.state,
    tries: row.tries,
  }
}

export async function insertRingBack(
  tx: Tx,
  at: Date,
  wanted: Pick<RingBack, 'serviceId' | 'incomingId' | 'wish' | 'to'> & { wakeAt: Date },
): Promise<void> {
  await tx.sql
    .insertInto('ring_back')
    .values({
      organisation_id: tx.organisationId,
      id: newId(at),
      service_id: wanted.serviceId,
      incoming_id: wanted.incomingId,
      wish: JSON.stringify(wanted.wish),
      to_number: wanted.to,
      state: 'waiting',
      outgoing_id: null,
      wake_at: wanted.wakeAt,
      created_at: at,
    })
    .execute()
}

export async function lockRingBack(tx: Tx, id: string): Promise<RingBack | null> {
  const row = await tx.sql
    .selectFrom('ring_back')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? ringBackFrom(row) : null
}

export async function saveRingBack(
  tx: Tx,
  id: string,
  change: {
    state: RingBack['state']
    tries?: number
    wakeAt?: Date | null
    outgoingId?: string
    endedAt?: Date
  },
): Promise<void> {
  await tx.sql
    .updateTable('ring_back')
    .set({
      state: change.state,
      wake_at: change.wakeAt ?? null,
      ...(change.tries !== undefined && { tries: change.tries }),
      ...(change.outgoingId && { outgoing_id: change.outgoingId }),
      ...(change.endedAt && { ended_at: change.endedAt }),
    })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .execute()
}

/** The caller has put the telephone down: what waits for that is due. */
export async function hastenRingBacks(tx: Tx, incomingId: string, wakeAt: Date): Promise<void> {
  await tx.sql
    .updateTable('ring_back')
    .set({ wake_at: wakeAt })
    .where('organisation_id', '=', tx.organisationId)
    .where('incoming_id', '=', incomingId)
    .where('state', '=', 'waiting')
    .where('wake_at', '>', wakeAt)
    .execute()
}

/** How many were asked for since then, and whether one is still under way. */
export async function ringBacksSince(
  tx: Tx,
  serviceId: string,
  since: Date,
): Promise<{ count: number; isUnderWay: boolean }> {
  const rows = await tx.sql
    .selectFrom('ring_back')
    .select('state')
    .where('organisation_id', '=', tx.organisationId)
    .where('service_id', '=', serviceId)
    .where('created_at', '>', since)
    .execute()
  return {
    count: rows.length,
    isUnderWay: rows.some(({ state }) => state === 'waiting' || state === 'ringing'),
  }
}

export async function dueRingBacks(tx: WideTx, now: Date, atMost: number): Promise<IncomingRef[]> {
  return tx.sql
    .selectFrom('ring_back')
    .select(['organisation_id as organisationId', 'id'])
    .where('wake_at', '<=', now)
    .orderBy('wake_at')
    .limit(atMost)
    .execute()
}

// ── news ────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface News {
  readonly id: string
  readonly serviceId: string
  readonly personId: string
  readonly tidings: Tidings
  readonly channel: Channel
}

export async function insertNews(
  tx: Tx,
  at: Date,
  news: News & { outgoingId: string | null; emailId: string | null },
): Promise<void> {
  await tx.sql
    .insertInto('news')
    .values({
      organisation_id: tx.organisationId,
      id: news.id,
      service_id: news.serviceId,
      person_id: news.personId,
      tidings: JSON.stringify(news.tidings),
      channel: news.channel,
      outgoing_id: news.outgoingId,
      email_id: news.emailId,
      created_at: at,
      result: null,
    })
    .execute()
}

export async function lockNews(tx: Tx, id: string): Promise<News | null> {
  const row = await tx.sql
    .selectFrom('news')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row
    ? {
        id: row.id,
        serviceId: row.service_id,
        personId: row.person_id,
        tidings: row.tidings as Tidings,
        channel: row.channel,
      }
    : null
}

export async function endNews(tx: Tx, id: string, result: string, at: Date): Promise<void> {
  await tx.sql
    .updateTable('news')
    .set({ ended_at: at, result })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .execute()
}

// ── for the sweeper ─────────────────────────────────────────────────────────────────────────────────────────────

/** When anything of this room wakes next, or null. */
export async function nextWake(tx: WideTx): Promise<Date | null> {
  const wakes = await Promise.all(
    (['incoming', 'ring_back', 'left_message'] as const).map(async (table) => {
      const row = await tx.sql
        .selectFrom(table)
        .select('wake_at')
        .where('wake_at', 'is not', null)
        .orderBy('wake_at')
        .limit(1)
        .executeTakeFirst()
      return row?.wake_at ?? null
    }),
  )
  return wakes.reduce((first, at) => (first && (!at || first < at) ? first : at), null)
}

/** A row that cannot be advanced is tried again later. */
export async function putAside(
  tx: Tx,
  table: 'incoming' | 'ring_back' | 'left_message',
  id: string,
  wakeAt: Date,
): Promise<void> {
  await tx.sql
    .updateTable(table)
    .set({ wake_at: wakeAt })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .where('wake_at', 'is not', null)
    .execute()
}

// ── messages left ───────────────────────────────────────────────────────────────────────────────────────────────

/** A message that a caller left. */
export interface LeftMessage {
  readonly organisationId: string
  readonly id: string
  /** the provider's name of it */
  readonly recordingSid: string
  readonly lineId: string
  readonly seconds: number
  /** ours, once it was fetched */
  readonly recordingId: string | null
  readonly tries: number
  /** E.164; null: withheld */
  readonly from: string | null
  readonly leftAt: Date
  readonly dealtWithAt: Date | null
  readonly dealtWithByName: string | null
  /** why it is not here, or not forgotten at the provider, yet */
  readonly trouble: string | null
  readonly wakeAt: Date | null
}

/** @returns false: it was known already */
export async function insertLeftMessage(
  tx: Tx,
  at: Date,
  left: { incomingId: string; recordingSid: string; seconds: number },
): Promise<boolean> {
  const inserted = await tx.sql
    .insertInto('left_message')
    .values({
      organisation_id: tx.organisationId,
      id: newId(at),
      incoming_id: left.incomingId,
      recording_sid: left.recordingSid,
      seconds: left.seconds,
      recording_id: null,
      wake_at: at,
      trouble: null,
      left_at: at,
      dealt_with_by: null,
    })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst()
  return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n
}

const messages = (tx: AnyTx) =>
  tx.sql
    .selectFrom('left_message as m')
    .innerJoin('incoming as i', (on) =>
      on.onRef('i.organisation_id', '=', 'm.organisation_id').onRef('i.id', '=', 'm.incoming_id'),
    )
    .leftJoin('person as p', (on) =>
      on.onRef('p.organisation_id', '=', 'm.organisation_id').onRef('p.id', '=', 'm.dealt_with_by'),
    )
    .select([
      'm.organisation_id as organisationId',
      'm.id',
      'm.recording_sid as recordingSid',
      'm.seconds',
      'm.recording_id as recordingId',
      'm.tries',
      'm.trouble',
      'm.left_at as leftAt',
      'm.dealt_with_at as dealtWithAt',
      'm.wake_at as wakeAt',
      'i.from_number as from',
      'i.line_id as lineId',
      'p.name as dealtWithByName',
    ])

/** What nobody has dealt with, the oldest first; then what was dealt with since, the newest first. */
export async function leftMessages(tx: Tx, dealtWithSince: Date): Promise<LeftMessage[]> {
  const open = await messages(tx)
    .where('m.organisation_id', '=', tx.organisationId)
    .where('m.dealt_with_at', 'is', null)
    .orderBy('m.left_at')
    .execute()
  const dealtWith = await messages(tx)
    .where('m.organisation_id', '=', tx.organisationId)
    .where('m.dealt_with_at', '>', dealtWithSince)
    .orderBy('m.dealt_with_at', 'desc')
    .execute()
  return [...open, ...dealtWith]
}

/** How many nobody has dealt with. */
export async function openMessages(tx: Tx): Promise<number> {
  const row = await tx.sql
    .selectFrom('left_message')
    .select((e) => e.fn.countAll<string>().as('count'))
    .where('organisation_id', '=', tx.organisationId)
    .where('dealt_with_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export async function leftMessageById(tx: Tx, id: string): Promise<LeftMessage | null> {
  const row = await messages(tx)
    .where('m.organisation_id', '=', tx.organisationId)
    .where('m.id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** By this person, once. */
export async function dealWith(tx: Tx, id: string, personId: string, at: Date): Promise<void> {
  await tx.sql
    .updateTable('left_message')
    .set({ dealt_with_at: at, dealt_with_by: personId })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .where('dealt_with_at', 'is', null)
    .execute()
}

export async function dueLeftMessages(tx: WideTx, now: Date, atMost: number): Promise<LeftMessage[]> {
  return messages(tx).where('m.wake_at', '<=', now).orderBy('m.wake_at').limit(atMost).execute()
}

export async function saveLeftMessage(
  tx: Tx,
  id: string,
  change: { recordingId?: string; wakeAt: Date | null; tries: number; trouble: string | null },
): Promise<void> {
  await tx.sql
    .updateTable('left_message')
    .set({
      wake_at: change.wakeAt,
      tries: change.tries,
      trouble: change.trouble,
      ...(change.recordingId && { recording_id: change.recordingId }),
    })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .execute()
}

// ── deeds, for pages ────────────────────────────────────────────────────────────────────────────────────────────

export async function addDeed(tx: Tx, incomingId: string, deed: Deed): Promise<void> {
  const incoming = await lockIncoming(tx, incomingId)
  if (!incoming) throw new Error('a call that came in has vanished')
  await tx.sql
    .updateTable('incoming')
    .set({ done: JSON.stringify([...incoming.done, deed]) })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', incomingId)
    .execute()
}

/** A call that a service's receiver made to us. */
export interface RingIn {
  id: string
  startedAt: Date
  endedAt: Date | null
  isWithheld: boolean
  done: readonly Deed[]
}

/** The newest first. */
export async function ringInsOfService(
  tx: Tx,
  serviceId: string,
  since: Date,
  atMost: number,
): Promise<RingIn[]> {
  const rows = await tx.sql
    .selectFrom('incoming')
    .select(['id', 'started_at', 'ended_at', 'from_number', 'done'])
    .where('organisation_id', '=', tx.organisationId)
    .where('service_id', '=', serviceId)
    .where('started_at', '>=', since)
    .orderBy('started_at', 'desc')
    .limit(atMost)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    isWithheld: row.from_number === null,
    done: row.done as Deed[],
  }))
}
