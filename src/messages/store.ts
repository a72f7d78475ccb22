// Messages / store: the only SQL for message and recording. Takes a transaction, so it sees one organisation; the one lookup
// across organisations is for an address that we signed ourselves.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { amongIn } from '../db/rows.ts'
import { newId } from '../kit/ids.ts'

// ------------------------------------------------------------------------------------------------------------- messages

export interface MessageRow {
  id: string
  serviceId: string
  kind: 'preset' | 'spoken' | 'recording'
  /** what is used while a recording is not there */
  preset: string
  spokenText: string | null
  /** null while there is none, and when it was erased */
  recording: { id: string; name: string; durationMs: number; recorderName: string | null } | null
}

export interface MessageInsert {
  serviceId: string
  kind: 'preset' | 'spoken' | 'recording'
  preset: string
  spokenText: string | null
  recordingId: string | null
}

/** @returns its id */
export async function insertMessage(app: App, tx: Tx, message: MessageInsert): Promise<string> {
  const id = newId(app.clock.now())
  await tx.sql
    .insertInto('message')
    .values({
      organisation_id: tx.organisationId,
      id,
      service_id: message.serviceId,
      kind: message.kind,
      preset: message.preset,
      spoken_text: message.spokenText,
      recording_id: message.recordingId,
      created_at: app.clock.now(),
    })
    .execute()
  return id
}

export async function findMessages(tx: Tx, ids: readonly string[]): Promise<MessageRow[]> {
  if (ids.length === 0) return []
  const rows = await tx.sql
    .selectFrom('message as m')
    .leftJoin('recording as r', (on) =>
      on.onRef('r.organisation_id', '=', 'm.organisation_id').onRef('r.id', '=', 'm.recording_id'),
    )
    .leftJoin('person as p', (on) =>
      on.onRef('p.organisation_id', '=', 'r.organisation_id').onRef('p.id', '=', 'r.recorded_by'),
    )
    .select([
      'm.id',
      'm.service_id',
      'm.kind',
      'm.preset',
      'm.spoken_text',
      'r.id as recording_id',
      'r.name',
      'r.duration_ms',
    ])
    .select(['r.data_key', 'p.name as recorder_name'])
    .where(amongIn(tx, 'm.id', ids, 'm.organisation_id'))
    .execute()
  return rows.map((row) => ({
    id: row.id,
    serviceId: row.service_id,
    kind: row.kind,
    preset: row.preset,
    spokenText: row.spoken_text,
    recording:
      row.recording_id && row.data_key?.length
        ? {
            id: row.recording_id,
            name: row.name ?? '',
            durationMs: row.duration_ms ?? 0,
            recorderName: row.recorder_name,
          }
        : null,
  }))
}

/** From now on this message is that recording. */
export async function setRecording(tx: Tx, messageId: string, recordingId: string): Promise<void> {
  await tx.sql
    .updateTable('message')
    .set({ kind: 'recording', recording_id: recordingId, spoken_text: null })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', messageId)
    .execute()
}

// ----------------------------------------------------------------------------------------------------------- recordings

/** A recording and the key that opens its files. */
export interface KeptRecording {
  organisationId: string
  id: string
  name: string
  durationMs: number
  recordedBy: string | null
  /** its files are `fileKey`/master and `fileKey`/telephone */
  fileKey: string
  /** empty: erased */
  wrappedKey: Uint8Array
  createdAt: Date
}

export async function insertRecording(
  app: App,
  tx: Tx,
  recording: Omit<KeptRecording, 'organisationId' | 'createdAt'>,
): Promise<void> {
  await tx.sql
    .insertInto('recording')
    .values({
      organisation_id: tx.organisationId,
      id: recording.id,
      file_key: recording.fileKey,
      data_key: Buffer.from(recording.wrappedKey),
      duration_ms: recording.durationMs,
      name: recording.name,
      recorded_by: recording.recordedBy,
      created_at: app.clock.now(),
    })
    .execute()
}

/** One of this organisation's recordings that was not erased, or null. */
export async function recordingRow(tx: Tx, id: string): Promise<KeptRecording | null> {
  const row = await tx.sql
    .selectFrom('recording')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.data_key.length ? toRecording(row) : null
}

/** Anybody's recording that was not erased. Only for whoever brings an address that we signed. */
export async function findRecording(app: App, id: string): Promise<KeptRecording | null> {
  const row = await app.db.look((tx) =>
    tx.sql.selectFrom('recording').selectAll().where('id', '=', id).executeTakeFirst(),
  )
  return row?.data_key.length ? toRecording(row) : null
}

/** The key is gone, and with it the sound. The row stays, so that a schedule can say that its recording was erased. */
export async function emptyKey(tx: Tx, id: string): Promise<void> {
  await tx.sql
    .updateTable('recording')
    .set({ data_key: Buffer.alloc(0), name: '', recorded_by: null })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .execute()
}

interface Row {
  organisation_id: string
  id: string
  file_key: string
  data_key: Buffer
  duration_ms: number
  name: string
  recorded_by: string | null
  created_at: Date
}

function toRecording(row: Row): KeptRecording {
  return {
    organisationId: row.organisation_id,
    id: row.id,
    name: row.name,
    durationMs: row.duration_ms,
    recordedBy: row.recorded_by,
    fileKey: row.file_key,
    wrappedKey: new Uint8Array(row.data_key),
    createdAt: row.created_at,
  }
}
