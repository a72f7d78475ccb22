// Messages: the room of messages and recordings. The door: other rooms enter here and nowhere else.
//
// Owns: message, recording, and the recordings' files.
// Promises: a message is never silent: a recording that is not there, or was erased, gives way to its preset; a recording is
//   kept encrypted, under a key of its own, and heard only by those who may hear it; what was refused says why and what to do.
// Never: plays anything (lines does), decides when (schedules) or what is said around it (calls).
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { Sound } from '../outside/phone/port.ts'
import { telephonePath } from './links.ts'
import { defaultPreset, findPreset } from './presets.ts'
import { secretOf } from './recordings.ts'
import { findMessages, insertMessage, type MessageRow, recordingRow } from './store.ts'
import { mentionsHealth } from './words.ts'

export { defaultPreset, findPreset, PRESETS, type Preset, type PresetKey, presetsFor } from './presets.ts'
export {
  eraseRecording,
  type Kept,
  keepRecording,
  keepSound,
  type RecordingWanted,
  recordingAudio,
  recordingMaster,
  tryRecording,
} from './recordings.ts'
export { messageRoutes } from './routes.ts'
export { setRecording } from './store.ts'
export {
  keyInWords,
  mentionsHealth,
  type ReadSpokenText,
  readSpokenText,
  type ScheduleKind,
  SPOKEN_TEXT_LIMITS,
  shown,
  spoken,
  spokenSeconds,
} from './words.ts'

/**
 * What shall be heard. `preset` of a text or a recording is what is heard while that is not there; a recording may be null
 * and come later.
 */
export type MessageWanted = { serviceId: string } & (
  | { kind: 'preset'; preset: string }
  | { kind: 'spoken'; text: string; preset?: string }
  | { kind: 'recording'; recordingId: string | null; preset?: string }
)

/**
 * @returns the new message's id
 * @throws for a preset that does not exist or an empty text: forms check both first
 */
export async function createMessage(app: App, tx: Tx, wanted: MessageWanted): Promise<string> {
  const preset = wanted.preset ?? defaultPreset('check-in')
  if (!findPreset(preset)) throw new Error('no such preset')
  if (wanted.kind === 'spoken' && wanted.text.trim() === '') throw new Error('a spoken text says something')
  return insertMessage(app, tx, {
    serviceId: wanted.serviceId,
    kind: wanted.kind,
    preset,
    spokenText: wanted.kind === 'spoken' ? wanted.text : null,
    recordingId: wanted.kind === 'recording' ? wanted.recordingId : null,
  })
}

/** What is heard, as the telephone's script. A recording is named by its id; `audioUrl` makes its address. */
export async function soundsOf(tx: Tx, messageId: string, receiverName: string): Promise<Sound[]> {
  return (await soundsOfAll(tx, [{ messageId, receiverName }]))[0]!
}

/** The same of several, in their order. */
export async function soundsOfAll(
  tx: Tx,
  wanted: readonly { messageId: string; receiverName: string }[],
): Promise<Sound[][]> {
  const messages = await findMessages(tx, [...new Set(wanted.map(({ messageId }) => messageId))])
  const byId = new Map(messages.map((message) => [message.id, message]))
  return wanted.map(({ messageId, receiverName }) => soundsIn(byId.get(messageId), receiverName))
}

function soundsIn(message: MessageRow | undefined, receiverName: string): Sound[] {
  if (message?.kind === 'recording' && message.recording)
    return [{ do: 'play', recordingId: message.recording.id }]
  if (message?.kind === 'spoken' && message.spokenText) return [{ do: 'say', text: message.spokenText }]
  return [{ do: 'say', text: presetOf(message).text(receiverName) }]
}

/** What a text message says. A recording cannot be texted: its preset stands in. */
export async function writtenOf(tx: Tx, messageId: string, receiverName: string): Promise<string> {
  const [message] = await findMessages(tx, [messageId])
  if (message?.kind === 'spoken' && message.spokenText) return message.spokenText
  const preset = presetOf(message)
  return preset.written?.() ?? preset.text(receiverName)
}

/** A message as pages show it. */
export interface Message extends MessageRow {
  presetTitle: string
  /** Its recording is not there, so its preset is played: every screen that shows it must say so. */
  recordingMissing: boolean
  /** It may tell a listener something about health (law: special category by inference). Of a recording nobody knows. */
  sensitive: boolean
}

/** Null when this organisation has no such message. */
export async function messageOf(tx: Tx, messageId: string): Promise<Message | null> {
  return (await messagesOf(tx, [messageId])).get(messageId) ?? null
}

/** Several messages at once, by their ids. */
export async function messagesOf(tx: Tx, messageIds: readonly string[]): Promise<Map<string, Message>> {
  const rows = await findMessages(tx, messageIds)
  return new Map(rows.map((row) => [row.id, toMessage(row)]))
}

function toMessage(row: MessageRow): Message {
  const preset = presetOf(row)
  const recordingMissing = row.kind === 'recording' && !row.recording
  const sensitive =
    row.kind === 'spoken'
      ? mentionsHealth(row.spokenText ?? '')
      : (row.kind === 'preset' || recordingMissing) && preset.sensitive
  return { ...row, presetTitle: preset.title, recordingMissing, sensitive }
}

/** A preset that was taken out of the list since gives way to one that fits any call. */
function presetOf(message: MessageRow | undefined) {
  return findPreset(message?.preset ?? '') ?? findPreset(defaultPreset('check-in'))!
}

/** A recording's own data, for lists and for a rehearsal's ledger. Null when there is none or it was erased. */
export async function recordingById(
  tx: Tx,
  recordingId: string,
): Promise<{ id: string; name: string; durationMs: number } | null> {
  const row = await recordingRow(tx, recordingId)
  return row && { id: row.id, name: row.name, durationMs: row.durationMs }
}

/**
 * The address at which the telephone provider fetches a recording: signed, for an hour from now.
 * @throws when it is not known where we are reached from outside
 */
export function audioUrl(app: App, recordingId: string): string {
  if (!app.config.publicUrl) throw new Error('no PUBLIC_URL')
  return app.config.publicUrl + telephonePath(secretOf(app), recordingId, app.clock.now())
}
