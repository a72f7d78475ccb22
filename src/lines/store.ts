// Lines / store: the only SQL for line, outgoing and provider_exchange. Takes a transaction; decides nothing.
import { type Selectable, sql } from 'kysely'
import type { App } from '../app.ts'
import type { Tx, WideTx } from '../db/db.ts'
import { rowsOf, type Span } from '../db/past.ts'
import { among, amongIn, changedColumns, inserted, updated, write } from '../db/rows.ts'
import type { LineTable, OutgoingTable, Purpose } from '../db/tables.ts'
import type { MachineVerdict } from '../outside/phone/port.ts'
import type { Health } from './health.ts'
import type { OwnerRoom } from './lines.ts'
import type { Life, Result } from './types.ts'

/** One call or one text, whole. */
export interface Outgoing {
  readonly organisationId: string
  readonly id: string
  readonly lineId: string
  readonly purpose: Purpose
  readonly ownerRoom: OwnerRoom
  readonly ownerId: string
  readonly partId: string
  readonly serviceId: string | null
  /** E.164 */
  readonly to: string
  /** E.164, the number shown; null before it is claimed */
  readonly from: string | null
  /** the line it was meant for, when that one failed */
  readonly movedFrom: string | null
  /** of a text */
  readonly body: string | null
  readonly token: string
  readonly life: Life
}

/** Where an outgoing is found, and whom to lock before it. */
export interface OutgoingRef {
  readonly organisationId: string
  readonly id: string
  readonly ownerRoom: OwnerRoom
  readonly ownerId: string
}

type AnyTx = Pick<Tx, 'sql'> | Pick<WideTx, 'sql'>
type OutgoingRow = Selectable<OutgoingTable>

// as words of the statement, not as parameters: else a plan that is kept could not use the indexes of what waits and what lives
const isWaiting = sql<boolean>`state = 'waiting'`
const isLiveCall = sql<boolean>`kind = 'call' and state not in ('waiting', 'ended')`

// ── one outgoing ────────────────────────────────────────────────────────────────────────────────────────────────

export interface NewOutgoing extends Omit<Outgoing, 'organisationId' | 'from' | 'movedFrom'> {
  priority: number
  askedBy: string | null
}

/** @param at the application's time of asking */
export async function insertOutgoings(tx: Tx, outgoings: readonly NewOutgoing[], at: Date): Promise<void> {
  const rows = outgoings.map((wanted) => ({
    organisation_id: tx.organisationId,
    id: wanted.id,
    line_id: wanted.lineId,
    kind: wanted.life.kind,
    purpose: wanted.purpose,
    owner_room: wanted.ownerRoom,
    owner_id: wanted.ownerId,
    part_id: wanted.partId,
    service_id: wanted.serviceId,
    to_number: wanted.to,
    body: wanted.body,
    ring_seconds: wanted.life.ringSeconds,
    priority: wanted.priority,
    useful_until: wanted.life.usefulUntil,
    token: wanted.token,
    state: wanted.life.state,
    not_before: wanted.life.notBefore,
    patience_seconds: wanted.life.patienceSeconds,
    voicemail_words: wanted.life.voicemailWords,
    created_at: at,
    asked_by: wanted.askedBy,
  }))
  await write(tx, [inserted('outgoing', rows)])
}

/** The outgoing, locked until the end of this transaction. Lock its owner first. */
export async function lockOutgoing(tx: Tx, id: string): Promise<Outgoing | null> {
  return (await lockOutgoings(tx, [id]))[0] ?? null
}

/** What a text said is kept no longer: it held a secret that has done its work. */
export async function emptyBody(tx: Tx, id: string): Promise<void> {
  await tx.sql
    .updateTable('outgoing')
    .set({ body: '' })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .where('kind', '=', 'text')
    .execute()
}

/** These, locked in the order of their ids until the end of this transaction. Lock their owners first. */
export async function lockOutgoings(tx: Tx, ids: readonly string[]): Promise<Outgoing[]> {
  if (ids.length === 0) return []
  return (await outgoingsToLock(tx, ids).execute()).map(outgoingFrom)
}

/** The same of those that nobody else has locked. */
export async function lockFreeOutgoings(tx: Tx, ids: readonly string[]): Promise<Outgoing[]> {
  if (ids.length === 0) return []
  return (await outgoingsToLock(tx, ids).skipLocked().execute()).map(outgoingFrom)
}

const outgoingsToLock = (tx: Tx, ids: readonly string[]) =>
  tx.sql
    .selectFrom('outgoing')
    .selectAll()
    .where(amongIn(tx, 'id', ids))
    .orderBy('id')
    .forUpdate()

/**
 * When calls or texts of one purpose were asked for at this number, in this organisation: those that left, and those that may still
 * leave. Not what was called off, or could not be placed, before it left.
 */
export async function sentTo(
  tx: Tx,
  { to, kind, purpose, since }: { to: string; kind: 'call' | 'text'; purpose: Purpose; since: Date },
): Promise<Date[]> {
  const rows = await tx.sql
    .selectFrom('outgoing')
    .select('created_at')
    .where('organisation_id', '=', tx.organisationId)
    .where('to_number', '=', to)
    .where('kind', '=', kind)
    .where('created_at', '>', since)
    .where('purpose', '=', purpose)
    .where((row) => row.or([row('state', '<>', 'ended'), row('placed_at', 'is not', null)]))
    .execute()
  return rows.map((row) => row.created_at)
}

/** Other words for a text that still waits, which its owner has locked. One that has left stays as it was sent. */
export async function rewriteText(tx: Tx, id: string, body: string): Promise<void> {
  await tx.sql
    .updateTable('outgoing')
    .set({ body })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .where('kind', '=', 'text')
    .where('state', '=', 'waiting')
    .execute()
}

/**
 * Keeps how these live on, of those that have changed, and what was said with the provider about them.
 * @param from of a life: the number that is shown from now on
 */
export async function saveLives(
  tx: AnyTx,
  lives: readonly { outgoing: Outgoing; life: Life; from?: string }[],
  exchanges: readonly (NewExchange & { organisationId: string })[] = [],
): Promise<void> {
  const changes = lives
    .filter(({ outgoing, life, from }) => life !== outgoing.life || from !== undefined)
    .map(({ outgoing, life, from }) => ({
      key: { organisation_id: outgoing.organisationId, id: outgoing.id },
      before: { ...columnsOf(outgoing.life), from_number: outgoing.from },
      after: { ...columnsOf(life), from_number: from ?? outgoing.from },
    }))
  await write(tx, [
    updated('outgoing', changedColumns(changes)),
    inserted('provider_exchange', exchanges.map(exchangeRow)),
  ])
}

/**
 * Whose outgoings the tokens of callbacks belong to, in whatever organisations; null: nobody's.
 * @param asked.line id or name, as it stands in the address: a provider speaks of the calls of its own line only
 */
export async function refsByTokens(
  tx: WideTx,
  asked: readonly { token: string; line: string }[],
): Promise<(OutgoingRef | null)[]> {
  const rows = await tx.sql
    .selectFrom('outgoing')
    .select(['organisation_id', 'id', 'owner_room', 'owner_id', 'token', 'line_id'])
    .select(sql<string>`(select name from line where line.id = outgoing.line_id)`.as('line_name'))
    .where(
      among(
        'token',
        asked.map(({ token }) => token),
      ),
    )
    .execute()
  const byToken = new Map(rows.map((row) => [row.token, row]))
  return asked.map(({ token, line }) => {
    const row = byToken.get(token.toLowerCase())
    return row && [row.line_id, row.line_name].includes(line) ? refFrom(row) : null
  })
}

interface NewExchange {
  id: string
  outgoingId: string
  at: Date
  did: string
  answered: string
  tookMs: number | null
}

/** Every exchange with the provider about an outgoing. `did` and `answered` hold no secret, number or message text. */
export async function insertExchange(tx: Tx, exchange: NewExchange): Promise<void> {
  const row = exchangeRow({ ...exchange, organisationId: tx.organisationId })
  await write(tx, [inserted('provider_exchange', [row])])
}

const exchangeRow = (exchange: NewExchange & { organisationId: string }) => ({
  organisation_id: exchange.organisationId,
  id: exchange.id,
  outgoing_id: exchange.outgoingId,
  at: exchange.at,
  did: exchange.did,
  answered: exchange.answered,
  took_ms: exchange.tookMs === null ? null : Math.round(exchange.tookMs),
})

// ── what is neither a call nor an alert ─────────────────────────────────────────────────────────────────────────

/** How much was asked for since then: of this purpose for the number and for the account; of every such purpose on the line. */
export async function countExtras(
  app: App,
  lineId: string,
  wanted: { purpose: Purpose; to: string; askedBy?: string; serviceId?: string },
  since: { hour: Date; day: Date },
): Promise<{ numberInHour: number; numberInDay: number; accountInDay: number; lineInDay: number }> {
  const account = wanted.askedBy
    ? sql`asked_by = ${wanted.askedBy}::uuid`
    : sql`service_id = ${wanted.serviceId ?? null}::uuid`
  const counted = (which: ReturnType<typeof sql>) => sql<string>`count(*) filter (where ${which})`
  const row = await app.db.look((tx) =>
    tx.sql
      .selectFrom('outgoing')
      .select([
        counted(
          sql`purpose = ${wanted.purpose} and to_number = ${wanted.to} and created_at > ${since.hour}`,
        ).as('hour'),
        counted(sql`purpose = ${wanted.purpose} and to_number = ${wanted.to}`).as('day'),
        counted(sql`purpose = ${wanted.purpose} and ${account}`).as('account'),
        counted(sql`line_id = ${lineId}::uuid`).as('line'),
      ])
      .where('purpose', 'in', ['test', 'verification', 'recording'])
      .where('created_at', '>', since.day)
      .executeTakeFirstOrThrow(),
  )
  return {
    numberInHour: Number(row.hour),
    numberInDay: Number(row.day),
    accountInDay: Number(row.account),
    lineInDay: Number(row.line),
  }
}

// ── for pages ───────────────────────────────────────────────────────────────────────────────────────────────────

export interface OutgoingView
  extends Pick<
    Life,
    | 'kind'
    | 'state'
    | 'tries'
    | 'machine'
    | 'keys'
    | 'placedAt'
    | 'rangAt'
    | 'answeredAt'
    | 'endedAt'
    | 'result'
    | 'resultCode'
  > {
  id: string
  ownerId: string
  partId: string
  purpose: Purpose
  /** E.164 */
  toNumber: string
  createdAt: Date
  usefulUntil: Date
}

/** The calls and texts of these calls or alerts, in the order of asking. */
export async function outgoingOf(tx: Tx, ownerIds: readonly string[]): Promise<OutgoingView[]> {
  if (ownerIds.length === 0) return []
  const rows = await tx.sql
    .selectFrom('outgoing')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('owner_id', 'in', ownerIds)
    .orderBy('id')
    .execute()
  return rows.map((row) => {
    const { id, ownerId, partId, purpose, to: toNumber, life } = outgoingFrom(row)
    return { ...life, id, ownerId, partId, purpose, toNumber, createdAt: row.created_at }
  })
}

export interface ExchangeView {
  at: Date
  did: string
  answered: string
  /** milliseconds, null when the provider came to us */
  tookMs: number | null
}

/** What was said between us and the provider about one outgoing, in order. @param past where its call was found */
export async function exchangesOf(tx: Tx, outgoingId: string, past: Span = null): Promise<ExchangeView[]> {
  const rows = await tx.sql
    .selectFrom(rowsOf('provider_exchange', past).as('provider_exchange'))
    .select(['at', 'did', 'answered', 'took_ms'])
    .where('organisation_id', '=', tx.organisationId)
    .where('outgoing_id', '=', outgoingId)
    .orderBy('id')
    .execute()
  return rows.map(({ took_ms, ...rest }) => ({ ...rest, tookMs: took_ms }))
}

// ── rows and lives ──────────────────────────────────────────────────────────────────────────────────────────────

type RefRow = Pick<OutgoingRow, 'organisation_id' | 'id' | 'owner_room' | 'owner_id'>

export function refFrom(row: RefRow): OutgoingRef {
  return {
    organisationId: row.organisation_id,
    id: row.id,
    ownerRoom: row.owner_room as OwnerRoom,
    ownerId: row.owner_id,
  }
}

export function outgoingFrom(row: OutgoingRow): Outgoing {
  return {
    ...refFrom(row),
    lineId: row.line_id,
    purpose: row.purpose,
    partId: row.part_id,
    serviceId: row.service_id,
    to: row.to_number,
    from: row.from_number,
    movedFrom: row.moved_from,
    body: row.body,
    token: row.token,
    life: {
      kind: row.kind,
      state: row.state,
      ringSeconds: row.ring_seconds,
      usefulUntil: row.useful_until,
      tries: row.tries,
      notBefore: row.not_before,
      refusedSince: row.refused_since,
      patienceSeconds: row.patience_seconds,
      wakeAt: row.wake_at,
      sid: row.provider_sid,
      sequence: row.sequence,
      machine: row.machine as MachineVerdict | null,
      keys: row.keys,
      silences: row.silences,
      voicemailWords: row.voicemail_words,
      wordsAt: row.words_at,
      hangUp: row.hang_up,
      claimedAt: row.claimed_at,
      placedAt: row.placed_at,
      rangAt: row.rang_at,
      answeredAt: row.answered_at,
      servedAt: row.served_at,
      endedAt: row.ended_at,
      result: row.result as Result | null,
      resultCode: row.result_code,
    },
  }
}

/** What of a life changes while it is lived. */
function columnsOf(life: Life) {
  return {
    state: life.state,
    tries: life.tries,
    not_before: life.notBefore,
    refused_since: life.refusedSince,
    wake_at: life.wakeAt,
    provider_sid: life.sid,
    sequence: life.sequence,
    machine: life.machine,
    keys: life.keys,
    silences: life.silences,
    words_at: life.wordsAt,
    hang_up: life.hangUp,
    claimed_at: life.claimedAt,
    placed_at: life.placedAt,
    rang_at: life.rangAt,
    answered_at: life.answeredAt,
    served_at: life.servedAt,
    ended_at: life.endedAt,
    result: life.result,
    result_code: life.resultCode,
  }
}

// ── lines ───────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Line {
  id: string
  name: string
  /** E.164 */
  number: string
  /** the provider's name in the configuration */
  provider: string
  /** 0 is everybody's own line */
  rank: number
  isInUse: boolean
  showsFirst: boolean
  callsPerSecond: number
  textsPerSecond: number
  concurrentCalls: number
  health: Health
  /** no other line could take over from it; false where that was not asked */
  isAlone: boolean
  /** when the next call and the next text may go out */
  nextCallAt: Date
  nextTextAt: Date
  leaseOwner: string | null
  leaseToken: string
  leaseUntil: Date
  /** the presence of its owner (queue/bell.ts); null: it has none */
  leaseLock: string | null
}

export interface LineWanted {
  /** as it stands in addresses */
  name: string
  /** E.164 */
  number: string
  provider: string
  /** its provider lets it show the first line's number on calls */
  showsFirst: boolean
  callsPerSecond: number
  textsPerSecond: number
  concurrentCalls: number
}

/** Write a configured line, or bring the one of that name up to date; its pace and its lease stay. */
export async function upsertLine(tx: Tx, id: string, rank: number, wanted: LineWanted): Promise<void> {
  const settings = {
    number: wanted.number,
    provider: wanted.provider,
    rank,
    in_use: true,
    shows_first: wanted.showsFirst,
    calls_per_second: wanted.callsPerSecond,
    texts_per_second: wanted.textsPerSecond,
    concurrent_calls: wanted.concurrentCalls,
  }
  await tx.sql
    .insertInto('line')
    .values({ organisation_id: tx.organisationId, id, name: wanted.name, ...settings })
    .onConflict((on) => on.column('name').doUpdateSet(settings))
    .execute()
}

/** Lines of other names are no longer used; what waits at them moves over. */
export async function retireLines(tx: Tx, except: readonly string[]): Promise<void> {
  await tx.sql.updateTable('line').set({ in_use: false }).where('name', 'not in', except).execute()
}

/** The line that is used when a service names none. @throws when there is no line: they are made at the start */
export async function firstLine(tx: Tx | WideTx): Promise<Line> {
  const row = await tx.sql
    .selectFrom('line')
    .selectAll()
    .where('in_use', '=', true)
    .orderBy('rank')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (!row) throw new Error('no line was set up')
  return lineFrom(row)
}

/** Every line that is in use, the first one first, and how much waits at it. */
export async function linesInUse(tx: WideTx): Promise<{ line: Line; waiting: number }[]> {
  const rows = await tx.sql
    .selectFrom('line')
    .selectAll()
    .select(
      sql<string>`(select count(*) from outgoing where line_id = line.id and state = 'waiting')`.as(
        'waiting',
      ),
    )
    .where('in_use', '=', true)
    .orderBy('rank')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ line: lineFrom(row), waiting: Number(row.waiting) }))
}

/** By id or by name, as it stands in an address. */
export async function lineCalled(tx: WideTx, idOrName: string): Promise<Line | null> {
  const row = await tx.sql
    .selectFrom('line')
    .selectAll()
    .where((where) => where.or([where('name', '=', idOrName), where(sql`id::text`, '=', idOrName)]))
    .executeTakeFirst()
  return row ? lineFrom(row) : null
}

/** Of a line: is there no other that works? */
const isAlone = sql<boolean>`not exists (
  select 1 from line other where other.id <> line.id and other.in_use and other.health <> 'failed')`

export function lineFrom(row: Selectable<LineTable> & { is_alone?: boolean }): Line {
  return {
    id: row.id,
    name: row.name,
    number: row.number,
    provider: row.provider,
    rank: row.rank,
    isInUse: row.in_use,
    showsFirst: row.shows_first,
    health: {
      is: row.health,
      since: instant(row.health_since),
      troubles: row.troubles,
      good: row.good,
      probeAt: row.probe_at,
      probes: row.probes,
    },
    isAlone: row.is_alone ?? false,
    callsPerSecond: Number(row.calls_per_second),
    textsPerSecond: Number(row.texts_per_second),
    concurrentCalls: row.concurrent_calls,
    nextCallAt: instant(row.next_call_at),
    nextTextAt: instant(row.next_text_at),
    leaseOwner: row.lease_owner,
    leaseToken: row.lease_token,
    leaseUntil: instant(row.lease_until),
    leaseLock: row.lease_lock,
  }
}

/** '-infinity', a line's beginning, comes as a number. */
const instant = (given: Date | number): Date => (given instanceof Date ? given : new Date(0))

// ── dispatching ─────────────────────────────────────────────────────────────────────────────────────────────────

export interface WorkOfLine {
  line: Line
  calls: boolean
  texts: boolean
  expired: boolean
  /** anything at all, also what may not go out yet */
  waits: boolean
}

/** Every line and what waits at it at `now`; and whether any outgoing, at whatever line, wakes. */
export async function lookForWork(tx: WideTx, now: Date): Promise<{ lines: WorkOfLine[]; awake: boolean }> {
  // `offset 0`: asked until the first is found, never answered out of a list of all
  const waits = (which: ReturnType<typeof sql<boolean>>) =>
    sql<boolean>`exists (select 1 from outgoing where line_id = line.id and state = 'waiting' and ${which} offset 0)`
  const rows = await tx.sql
    .selectFrom('line')
    .selectAll()
    .select(isAlone.as('is_alone'))
    .select([
      waits(sql<boolean>`kind = 'call' and not_before <= ${now} and useful_until > ${now}`).as('calls'),
      waits(sql<boolean>`kind = 'text' and not_before <= ${now} and useful_until > ${now}`).as('texts'),
      waits(sql<boolean>`useful_until <= ${now} and not_before <= ${now}`).as('expired'),
      waits(sql<boolean>`true`).as('waits'),
      sql<boolean>`exists (select 1 from outgoing where wake_at <= ${now} offset 0)`.as('awake'),
    ])
    .orderBy('name')
    .execute()
  return {
    lines: rows.map((row) => ({
      line: lineFrom(row),
      calls: row.calls,
      texts: row.texts,
      expired: row.expired,
      waits: row.waits,
    })),
    awake: rows.some((row) => row.awake),
  }
}

/** The line, locked: claims of one line follow each other. */
export async function lockLine(tx: WideTx, lineId: string): Promise<Line | null> {
  const row = await tx.sql
    .selectFrom('line')
    .selectAll()
    .select(isAlone.as('is_alone'))
    .where('id', '=', lineId)
    .forUpdate()
    .executeTakeFirst()
  return row ? lineFrom(row) : null
}

export interface Lease {
  owner: string
  token: string
  until: Date
  /** the presence of its owner */
  lock: string | null
}

/** Something left this line: keep when the next may, and who holds the line with which token, until when. */
export async function keepLine(
  tx: WideTx,
  lineId: string,
  kept: { kind: 'call' | 'text'; next: Date; lease: Lease },
): Promise<void> {
  const slot = kept.kind === 'call' ? { next_call_at: kept.next } : { next_text_at: kept.next }
  const { owner, token, until, lock } = kept.lease
  await tx.sql
    .updateTable('line')
    .set({ ...slot, lease_owner: owner, lease_token: token, lease_until: until, lease_lock: lock })
    .where('id', '=', lineId)
    .execute()
}

/** Its owner is gone: the lease is over, and what it had claimed is due to be found out about, unless somebody is at it already. */
export async function freeLine(tx: WideTx, lineId: string, now: Date): Promise<void> {
  await tx.sql
    .updateTable('line')
    .set({ lease_until: now, lease_lock: null })
    .where('id', '=', lineId)
    .execute()
  await sql`update outgoing set wake_at = ${now} where state = 'claimed' and ctid = any(array(
    select ctid from outgoing where line_id = ${lineId} and state = 'claimed' and wake_at > ${now} order by id for update skip locked))`.execute(
    tx.sql,
  )
}

/** Whoever stops gives back the lines that it holds. The token stays: the next holder's is another. */
export async function releaseLines(tx: WideTx, owner: string): Promise<void> {
  await tx.sql
    .updateTable('line')
    .set({ lease_owner: null, lease_lock: null, lease_until: sql<Date>`'-infinity'::timestamptz` })
    .where('lease_owner', '=', owner)
    .execute()
}

/** Keeps how well a line does. */
export async function saveHealth(tx: WideTx, lineId: string, health: Health): Promise<void> {
  await tx.sql
    .updateTable('line')
    .set({
      health: health.is,
      health_since: health.since,
      troubles: health.troubles,
      good: health.good,
      probe_at: health.probeAt,
      probes: health.probes,
    })
    .where('id', '=', lineId)
    .execute()
}

/** Lines whose provider is to be asked at `now` whether it is there, taken by moving that to `until`. */
export async function takeProbes(tx: WideTx, now: Date, until: Date): Promise<Line[]> {
  const rows = await tx.sql
    .updateTable('line')
    .set({ probe_at: until })
    .where('probe_at', '<=', now)
    .where('in_use', '=', true)
    .returningAll()
    .execute()
  return rows.map(lineFrom)
}

/** When the next line's provider is to be asked whether it is there. */
export async function nextProbe(tx: WideTx): Promise<Date | null> {
  const row = await tx.sql
    .selectFrom('line')
    .select('probe_at')
    .where('probe_at', 'is not', null)
    .where('in_use', '=', true)
    .orderBy('probe_at')
    .limit(1)
    .executeTakeFirst()
  return row?.probe_at ?? null
}

/**
 * What waits at one line waits at another from now on, as if it had never been refused. What was asked of the provider already
 * stays: it may be ringing. @returns how much it was
 */
export async function moveWaiting(tx: WideTx, from: string, to: string, now: Date): Promise<number> {
  // in the order of their ids, as everybody locks several: else two could wait for each other
  const { numUpdatedRows } = await tx.sql
    .with('moving', (all) =>
      all
        .selectFrom('outgoing')
        .select('id')
        .where('line_id', '=', from)
        .where('state', '=', 'waiting')
        .orderBy('id')
        .forUpdate(),
    )
    .updateTable('outgoing')
    .set({
      line_id: to,
      // back where it belongs, it has not moved at all
      moved_from: sql`nullif(coalesce(moved_from, line_id), ${to}::uuid)`,
      not_before: sql`least(not_before, ${now})`,
      refused_since: null,
      tries: 0,
    })
    .where('id', 'in', (all) => all.selectFrom('moving').select('moving.id'))
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}

export async function countLiveCalls(tx: WideTx, lineId: string): Promise<number> {
  const { count } = await tx.sql
    .selectFrom('outgoing')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('line_id', '=', lineId)
    .where(isLiveCall)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/**
 * The most urgent that may go out at `now`, locked (pacing.ts has the same order). Their numbers ring on no line, and no two of them
 * are calls to the same.
 */
export async function mostUrgent(
  tx: WideTx,
  lineId: string,
  kind: 'call' | 'text',
  now: Date,
  atMost: number,
): Promise<Outgoing[]> {
  // what waits is gone through in the order of its index, until enough is found: never all of it, which at a peak is much
  const { rows } = await sql<OutgoingRow>`
    select * from outgoing where state = 'waiting' and ctid = any(array(
      select o.place from (
        select ctid as place, * from outgoing
        where line_id = ${lineId} and kind = ${sql.lit(kind)} and state = 'waiting' and not_before <= ${now} and useful_until > ${now}
        order by priority, useful_until, id offset 0) o
      where ${kind === 'text' ? sql`true` : sql`${numberIsFree} and ${restsUntil} <= ${now}`}
      order by o.priority, o.useful_until, o.id limit ${atMost}))
    order by priority, useful_until, id for update skip locked`.execute(tx.sql)
  const taken = new Set<string>()
  const isFirst = (number: string) => !taken.has(number) && taken.add(number)
  return rows.filter((row) => kind === 'text' || isFirst(row.to_number)).map(outgoingFrom)
}

/** Asked of each row by itself, and never of all at once. */
const numberIsFree = sql<boolean>`(select count(*) from outgoing b
  where b.to_number = o.to_number and b.kind = 'call' and b.state not in ('waiting', 'ended')) = 0`

/**
 * A number that has just rung rests a minute before a call about something else, so that nobody puts the receiver down and hears
 * it ring again. Alerts do not wait, and neither does a call for which somebody sits waiting; the gap between the attempts of one
 * call was agreed.
 */
const restsUntil = sql<Date>`coalesce((
  select max(r.ended_at) + interval '1 minute' from outgoing r
  where r.to_number = o.to_number and r.kind = 'call' and r.state = 'ended'
    and o.purpose in ('call', 'all-clear') and r.owner_id <> o.owner_id and r.placed_at is not null), '-infinity')`

/** Waiting ones that are of no use any more. */
export async function expiredWaiting(
  tx: WideTx,
  lineId: string,
  now: Date,
  atMost: number,
): Promise<OutgoingRef[]> {
  const rows = await tx.sql
    .selectFrom('outgoing')
    .select(['organisation_id', 'id', 'owner_room', 'owner_id'])
    .where('line_id', '=', lineId)
    .where(isWaiting)
    .where('useful_until', '<=', now)
    .where('not_before', '<=', now)
    .orderBy('useful_until')
    .orderBy('id')
    .limit(atMost)
    .execute()
  return rows.map(refFrom)
}

/** Not before `until`: something is wrong with this waiting row alone. */
export async function postpone(tx: WideTx, ref: OutgoingRef, until: Date): Promise<void> {
  await tx.sql
    .updateTable('outgoing')
    .set({ not_before: until })
    .where('organisation_id', '=', ref.organisationId)
    .where('id', '=', ref.id)
    .where('state', '=', 'waiting')
    .execute()
}

export interface NextOfLine {
  line: Line
  kind: 'call' | 'text'
  /** the earliest instant from which one of the waiting may go out, as far as itself and its number are concerned */
  mayGoAt: Date | null
  /** the earliest instant at which one of the waiting is of no use any more */
  expiresAt: Date
  liveCalls: number
}

/** What waits at each line, by kind, seen at `now`. Without lines and kinds at which nothing waits. */
export async function nextOfLines(tx: WideTx, now: Date): Promise<NextOfLine[]> {
  const waiting = sql`from outgoing o where o.line_id = line.id and o.kind = w.kind and o.state = 'waiting'`
  const isFree = sql<boolean>`(o.kind = 'text' or ${numberIsFree})`
  const rows = await tx.sql
    .selectFrom((eb) =>
      eb
        .selectFrom('outgoing')
        .where(isWaiting)
        .groupBy(['line_id', 'kind'])
        .select(['line_id', 'kind', sql<Date>`min(greatest(useful_until, not_before))`.as('expires_at')])
        .as('w'),
    )
    .innerJoin('line', 'line.id', 'w.line_id')
    .selectAll('line')
    .select([
      'w.kind',
      'w.expires_at',
      // at a peak the first one that is looked at may go, and only when none may are all of them looked at
      sql<Date | null>`case
        when exists (select 1 ${waiting} and o.not_before <= ${now} and ${isFree} and ${restsUntil} <= ${now}) then ${now}::timestamptz
        else (select min(greatest(o.not_before, ${restsUntil})) filter (where ${isFree}) ${waiting}) end`.as(
        'may_go_at',
      ),
      sql<string>`(select count(*) from outgoing live where live.line_id = line.id and live.kind = 'call' and live.state not in ('waiting', 'ended'))`.as(
        'live_calls',
      ),
    ])
    .execute()
  return rows.map((row) => ({
    line: lineFrom(row),
    kind: row.kind,
    mayGoAt: row.may_go_at,
    expiresAt: row.expires_at,
    liveCalls: Number(row.live_calls),
  }))
}

// ── reconciling ─────────────────────────────────────────────────────────────────────────────────────────────────

/** @property from the number that was shown; @property provider whom to ask */
export type Awake = Outgoing & { from: string; provider: string }

/**
 * Rows whose time has come, taken by moving their time to `until`: whoever is lost with them finds them due again then.
 * A row that somebody is working on is left to them.
 */
export async function takeAwake(tx: WideTx, now: Date, until: Date, atMost: number): Promise<Awake[]> {
  const rows = await tx.sql
    .selectFrom('outgoing as o')
    .innerJoin('line', 'line.id', 'o.line_id')
    .selectAll('o')
    .select(['line.number as line_number', 'line.provider'])
    .where('o.wake_at', '<=', now)
    .orderBy('o.wake_at')
    .orderBy('o.id')
    .limit(atMost)
    .forUpdate('o')
    .skipLocked()
    .execute()
  if (rows.length > 0) {
    await tx.sql
      .updateTable('outgoing')
      .set({ wake_at: until })
      .where(
        'id',
        'in',
        rows.map((row) => row.id),
      )
      .execute()
  }
  return rows.map((row) => {
    const outgoing = outgoingFrom(row)
    return { ...outgoing, provider: row.provider, from: outgoing.from ?? row.line_number }
  })
}

export async function nextWake(tx: WideTx): Promise<Date | null> {
  const row = await tx.sql
    .selectFrom('outgoing')
    .select('wake_at')
    .where('wake_at', 'is not', null)
    .orderBy('wake_at')
    .limit(1)
    .executeTakeFirst()
  return row?.wake_at ?? null
}

/** Of these names of the provider's, those that are an outgoing of ours to this number already. */
export async function knownNames(tx: WideTx, to: string, sids: readonly string[]): Promise<Set<string>> {
  if (sids.length === 0) return new Set()
  const rows = await tx.sql
    .selectFrom('outgoing')
    .select('provider_sid')
    .where('to_number', '=', to)
    .where('provider_sid', 'in', sids)
    .execute()
  return new Set(rows.map((row) => row.provider_sid!))
}
