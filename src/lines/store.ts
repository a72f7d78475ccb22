// Lines / store: the SQL for one outgoing and for provider_exchange; line/store.ts has that for lines, dispatching/store.ts that for what of
// many outgoings goes next. Takes a transaction; decides nothing.
import { type Selectable, sql } from 'kysely'
import type { App } from '../app.ts'
import type { Tx, WideTx } from '../db/db.ts'
import { rowsOf, type Span } from '../db/past.ts'
import { among, amongIn, changedColumns, inserted, updated, write } from '../db/rows.ts'
import type { OutgoingTable, Purpose } from '../db/tables.ts'
import type { MachineVerdict } from '../outside/phone/port.ts'
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
export type OutgoingRow = Selectable<OutgoingTable>

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
