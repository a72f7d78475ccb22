// Recorder / store: the only SQL for take, tape, recorder_code and wrong_code. Takes a transaction; decides nothing.
import type { Selectable } from 'kysely'
import type { App } from '../app.ts'
import type { OrgScope, Tx, WideTx } from '../db/db.ts'
import type { RecorderCodeTable, ScheduleKind, TakeTable, TapeTable } from '../db/tables.ts'
import { newId } from '../kit/ids.ts'
import type { TakeState, TapeTrouble } from './machine.ts'

// ── takes ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a take is for. */
export interface TakeWanted {
  /** null: of a service that is still being set up */
  serviceId: string | null
  /** whose recording it becomes when it is kept; null: that is done on a page */
  messageId: string | null
  /** where the page's button "Use this recording" leads; null: there is no page */
  usePath: string | null
  kind: ScheduleKind
  receiverName: string
  /** who wished it, and speaks */
  askedBy: string
  /** E.164; null: it was the recorder who rang */
  toNumber: string | null
}

export interface Take extends TakeWanted {
  organisationId: string
  id: string
  outgoingId: string | null
  createdAt: Date
  endedAt: Date | null
  state: TakeState
}

export async function insertTake(
  app: App,
  tx: Tx,
  wanted: TakeWanted & { id: string; state: TakeState },
): Promise<void> {
  await tx.sql
    .insertInto('take')
    .values({
      organisation_id: tx.organisationId,
      id: wanted.id,
      service_id: wanted.serviceId,
      message_id: wanted.messageId,
      use_path: wanted.usePath,
      kind: wanted.kind,
      receiver_name: wanted.receiverName,
      asked_by: wanted.askedBy,
      to_number: wanted.toNumber,
      created_at: app.clock.now(),
      ...columnsOf(wanted.state),
    })
    .execute()
}

export async function setOutgoing(tx: Tx, takeId: string, outgoingId: string): Promise<void> {
  await tx.sql
    .updateTable('take')
    .set({ outgoing_id: outgoingId })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', takeId)
    .execute()
}

/** The take, held until the end of this transaction. Lock it before its outgoing and its tapes. */
export async function lockTake(tx: Tx, id: string): Promise<Take | null> {
  const row = await tx.sql
    .selectFrom('take')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? takeFrom(row) : null
}

/** @param at when it ended, once it has */
export async function saveTake(tx: Tx, id: string, state: TakeState, at: Date): Promise<void> {
  await tx.sql
    .updateTable('take')
    .set({ ...columnsOf(state), ...(state.ending !== null && { ended_at: at }) })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .execute()
}

/** A take of whatever organisation, before it is known whether the user may see it. */
export async function findTake(app: App, id: string): Promise<Take | null> {
  const row = await app.db.look((tx) =>
    tx.sql.selectFrom('take').selectAll().where('id', '=', id).executeTakeFirst(),
  )
  return row ? takeFrom(row) : null
}

function columnsOf(state: TakeState) {
  return {
    state: state.is,
    is_told: state.isTold,
    silences: state.silences,
    waits: state.waits,
    tries: state.tries,
    tape_id: state.tapeId,
    recording_id: state.recordingId,
    trouble: state.trouble,
    ending: state.ending,
  }
}

function takeFrom(row: Selectable<TakeTable>): Take {
  return {
    organisationId: row.organisation_id,
    id: row.id,
    serviceId: row.service_id,
    messageId: row.message_id,
    usePath: row.use_path,
    kind: row.kind,
    receiverName: row.receiver_name,
    askedBy: row.asked_by,
    toNumber: row.to_number,
    outgoingId: row.outgoing_id,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    state: {
      is: row.state,
      isTold: row.is_told,
      silences: row.silences,
      waits: row.waits,
      tries: row.tries,
      tapeId: row.tape_id,
      recordingId: row.recording_id,
      trouble: row.trouble as TapeTrouble | null,
      ending: row.ending,
    },
  }
}

// ── tapes ───────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Tape {
  organisationId: string
  id: string
  takeId: string
  /** over which it was recorded: its provider has it */
  lineId: string
  /** the provider's name of it */
  providerSid: string
  seconds: number
  state: 'to fetch' | 'to forget' | 'forgotten'
  found: 'good' | TapeTrouble | null
  wakeAt: Date | null
  /** times in a row that the provider did not do what was asked */
  tries: number
  trouble: string | null
  createdAt: Date
  fetchedAt: Date | null
  forgottenAt: Date | null
}

/** Due at once. @returns null when it was known */
export async function insertTape(
  app: App,
  tx: Tx,
  wanted: { takeId: string; lineId: string; providerSid: string; seconds: number },
): Promise<string | null> {
  const now = app.clock.now()
  const row = await tx.sql
    .insertInto('tape')
    .values({
      organisation_id: tx.organisationId,
      id: newId(now),
      take_id: wanted.takeId,
      line_id: wanted.lineId,
      provider_sid: wanted.providerSid,
      seconds: wanted.seconds,
      state: 'to fetch',
      found: null,
      wake_at: now,
      trouble: null,
      created_at: now,
    })
    .onConflict((on) => on.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id ?? null
}

/** Its file is ready: fetch it now, unless that was done. */
export async function wakeTape(app: App, tx: Tx, providerSid: string): Promise<void> {
  await tx.sql
    .updateTable('tape')
    .set({ wake_at: app.clock.now() })
    .where('organisation_id', '=', tx.organisationId)
    .where('provider_sid', '=', providerSid)
    .where('state', '=', 'to fetch')
    .execute()
}

/** Those whose time has come, taken by moving it on: whoever is lost with them finds them due again then. */
export async function claimTapes(app: App, now: Date, until: Date, atMost: number): Promise<Tape[]> {
  // most times nothing is due, and looking is cheap
  const any = await app.db.look((tx) =>
    tx.sql.selectFrom('tape').select('id').where('wake_at', '<=', now).limit(1).executeTakeFirst(),
  )
  if (!any) return []
  return app.db.everywhere(async (tx) => {
    const rows = await tx.sql
      .selectFrom('tape')
      .selectAll()
      .where('wake_at', '<=', now)
      .orderBy('wake_at')
      .orderBy('id')
      .limit(atMost)
      .forUpdate()
      .skipLocked()
      .execute()
    if (rows.length === 0) return []
    const ids = rows.map(({ id }) => id)
    await tx.sql.updateTable('tape').set({ wake_at: until }).where('id', 'in', ids).execute()
    return rows.map(tapeFrom)
  })
}

export async function nextTapeAt(tx: WideTx): Promise<Date | null> {
  const row = await tx.sql
    .selectFrom('tape')
    .select('wake_at')
    .where('wake_at', 'is not', null)
    .orderBy('wake_at')
    .limit(1)
    .executeTakeFirst()
  return row?.wake_at ?? null
}

/** The tape, held until the end of this transaction. Lock its take first. */
export async function lockTape(tx: Tx, id: string): Promise<Tape | null> {
  const row = await tx.sql
    .selectFrom('tape')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? tapeFrom(row) : null
}

/** Nothing more is needed of its sound: the provider shall forget it now. */
export async function saveFound(app: App, tx: Tx, id: string, found: 'good' | TapeTrouble): Promise<void> {
  const now = app.clock.now()
  await changeTape(tx, id, {
    state: 'to forget',
    found,
    wake_at: now,
    tries: 0,
    trouble: null,
    fetched_at: now,
  })
}

export async function saveForgotten(app: App, tx: Tx, id: string): Promise<void> {
  await changeTape(tx, id, {
    state: 'forgotten',
    wake_at: null,
    trouble: null,
    forgotten_at: app.clock.now(),
  })
}

/** The provider did not do it: again at `wakeAt`. */
export async function saveTrouble(tx: Tx, tape: Tape, trouble: string, wakeAt: Date): Promise<void> {
  await changeTape(tx, tape.id, { tries: tape.tries + 1, trouble, wake_at: wakeAt })
}

async function changeTape(tx: Tx, id: string, change: Partial<Selectable<TapeTable>>): Promise<void> {
  await tx.sql
    .updateTable('tape')
    .set(change)
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .execute()
}

/** Everything recorded in a take, in order: for operators. */
export async function tapesOf(tx: Tx, takeId: string): Promise<Tape[]> {
  const rows = await tx.sql
    .selectFrom('tape')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('take_id', '=', takeId)
    .orderBy('id')
    .execute()
  return rows.map(tapeFrom)
}

function tapeFrom(row: Selectable<TapeTable>): Tape {
  return {
    organisationId: row.organisation_id,
    id: row.id,
    takeId: row.take_id,
    lineId: row.line_id,
    providerSid: row.provider_sid,
    seconds: row.seconds,
    state: row.state,
    found: row.found as Tape['found'],
    wakeAt: row.wake_at,
    tries: row.tries,
    trouble: row.trouble,
    createdAt: row.created_at,
    fetchedAt: row.fetched_at,
    forgottenAt: row.forgotten_at,
  }
}

// ── codes ───────────────────────────────────────────────────────────────────────────────────────────────────────

export interface RecorderCode {
  organisationId: string
  id: string
  serviceId: string
  messageId: string
  /** who shall speak */
  personId: string
  createdBy: string
  createdAt: Date
  expiresAt: Date
}

/** @returns false when these digits are somebody's already */
export async function insertCode(
  tx: Tx,
  code: Omit<RecorderCode, 'organisationId'> & { hash: string },
): Promise<boolean> {
  const row = await tx.sql
    .insertInto('recorder_code')
    .values({
      organisation_id: tx.organisationId,
      id: code.id,
      service_id: code.serviceId,
      message_id: code.messageId,
      person_id: code.personId,
      code_hash: code.hash,
      created_by: code.createdBy,
      created_at: code.createdAt,
      expires_at: code.expiresAt,
    })
    .onConflict((on) => on.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** The code with this hash, if it may still be used. */
export async function codeByHash(app: App, hash: string, now: Date): Promise<RecorderCode | null> {
  const row = await app.db.look((tx) =>
    tx.sql
      .selectFrom('recorder_code')
      .selectAll()
      .where('code_hash', '=', hash)
      .where('ended_at', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirst(),
  )
  return row ? codeFrom(row) : null
}

/** Codes of a service that may still be used, the newest first. */
export async function codesOfService(tx: Tx, serviceId: string, now: Date): Promise<RecorderCode[]> {
  const rows = await tx.sql
    .selectFrom('recorder_code')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('service_id', '=', serviceId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map(codeFrom)
}

/** This person's codes for this message open nothing any more: it was recorded, or another code was made. */
export async function endCodes(
  app: App,
  tx: Tx,
  { messageId, personId }: { messageId: string; personId: string },
): Promise<void> {
  await tx.sql
    .updateTable('recorder_code')
    .set({ ended_at: app.clock.now() })
    .where('organisation_id', '=', tx.organisationId)
    .where('message_id', '=', messageId)
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .execute()
}

function codeFrom(row: Selectable<RecorderCodeTable>): RecorderCode {
  return {
    organisationId: row.organisation_id,
    id: row.id,
    serviceId: row.service_id,
    messageId: row.message_id,
    personId: row.person_id,
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}

/** @param scope the line's organisation: nobody knows the caller */
export async function insertWrongCode(app: App, scope: OrgScope, fromNumber: string): Promise<void> {
  const now = app.clock.now()
  await app.db.in(scope, (tx) =>
    tx.sql
      .insertInto('wrong_code')
      .values({ organisation_id: tx.organisationId, id: newId(now), from_number: fromNumber, at: now })
      .execute(),
  )
}

/** Wrong codes since then: from this number, and from all. */
export async function countWrongCodes(
  app: App,
  fromNumber: string,
  since: Date,
): Promise<{ ofNumber: number; ofAll: number }> {
  const row = await app.db.look((tx) =>
    tx.sql
      .selectFrom('wrong_code')
      .select(({ fn }) => [
        fn.countAll<string>().as('all'),
        fn.countAll<string>().filterWhere('from_number', '=', fromNumber).as('own'),
      ])
      .where('at', '>', since)
      .executeTakeFirstOrThrow(),
  )
  return { ofNumber: Number(row.own), ofAll: Number(row.all) }
}
