// Messages / recordings: what becomes of a recording on the server. It is judged again, whatever the browser said, and kept
// twice, encrypted under one key of its own: as it was spoken (the master, 16 kHz) and as it is heard on the telephone (8 kHz,
// brought to one loudness). Destroying the key erases both. Called through the door; SQL is in store.ts.
import type { App } from '../app.ts'
import type { OrgScope, Tx } from '../db/db.ts'
import { newId } from '../kit/ids.ts'
import {
  encodeTelephoneWav,
  encodeWav,
  judge,
  longestSeconds,
  normalise,
  type Pcm,
  parseWav,
  recordingRate,
  resample,
  type SoundTrouble,
  trimSilence,
} from '../kit/sound.ts'
import type { FileStore } from '../outside/files/port.ts'
import { masterKey, newBox, openBox } from '../outside/files/vault.ts'
import { convertToWav } from '../outside/sound.ts'
import { soundRefusal } from '../web/words.ts'
import { emptyKey, findRecording, insertRecording, type KeptRecording, recordingRow } from './store.ts'
import { uploadRefusal } from './words-of-recordings.ts'

export interface RecordingWanted {
  /** A WAV file of any rate, or, where ffmpeg is, any other sound file. */
  wav: Uint8Array
  /** what it is called on pages and in a rehearsal's ledger */
  name: string
  /** the person who speaks, or null */
  recordedBy: string | null
}

/** `reason` is a sentence for the person who recorded it, and says what to do. */
export type Kept = { ok: true; recordingId: string } | Refused

/** `trouble`: the same in one word, for whoever says it otherwise; 'not sound' when it could not even be listened to. */
type Refused = { ok: false; reason: string; trouble: SoundTrouble | 'not sound' }
type Heard = { ok: true; sound: Pcm } | Refused

const parts = ['master', 'telephone'] as const

/** Beyond this a file is too long before anybody listens to it; shorter ones may shrink when the silence is cut off. */
const secondsHandled = 3 * longestSeconds

/**
 * Judge and keep a recording. Nothing is kept when it is refused.
 * The files are written before the transaction is committed: if it is not, they stay behind unreadable, their key unknown.
 */
export async function keepRecording(app: App, tx: Tx, wanted: RecordingWanted): Promise<Kept> {
  const heard = await listen(wanted.wav)
  return heard.ok ? keep(app, tx, wanted, heard.sound) : heard
}

/** The same for what is kept whatever it sounds like, such as a message that somebody left: only what is no sound is refused. */
export async function keepSound(app: App, tx: Tx, wanted: RecordingWanted): Promise<Kept> {
  const read = await readSound(wanted.wav)
  return read.ok ? keep(app, tx, wanted, resample(read.sound, recordingRate)) : read
}

async function keep(app: App, tx: Tx, wanted: RecordingWanted, sound: Pcm): Promise<Kept> {
  const id = newId(app.clock.now())
  const { box, wrappedKey } = newBox(masterKey(secretOf(app)), id)
  const fileKey = `recordings/${id}`
  await app.files.put(`${fileKey}/master`, box.seal('master', encodeWav(sound)))
  await app.files.put(`${fileKey}/telephone`, box.seal('telephone', encodeTelephoneWav(normalise(sound))))
  await insertRecording(app, tx, {
    id,
    fileKey,
    wrappedKey,
    durationMs: Math.round((sound.samples.length / sound.sampleRate) * 1000),
    name: wanted.name,
    recordedBy: wanted.recordedBy,
  })
  return { ok: true, recordingId: id }
}

async function listen(file: Uint8Array): Promise<Heard> {
  const read = await readSound(file)
  if (!read.ok) return read
  const { samples, sampleRate } = read.sound
  if (samples.length > secondsHandled * sampleRate) return refused('too long')
  const sound = resample(trimSilence(read.sound), recordingRate)
  const verdict = judge(sound)
  return verdict.ok ? { ok: true, sound } : refused(verdict.trouble)
}

const refused = (trouble: SoundTrouble): Refused => ({ ok: false, reason: soundRefusal(trouble), trouble })

async function readSound(file: Uint8Array): Promise<Heard> {
  const own = parseWav(file)
  if (own) return { ok: true, sound: own }
  const converted = await convertToWav(file)
  const sound = converted.ok ? parseWav(converted.wav) : null
  if (sound) return { ok: true, sound }
  const noConverter = !converted.ok && converted.why === 'no converter'
  const reason = noConverter ? uploadRefusal.wavOnly() : uploadRefusal.notSound()
  return { ok: false, reason, trouble: 'not sound' }
}

/** The recording as it is heard on the telephone: a WAV file, 8 kHz, µ-law. Null when there is none, or it was erased. */
export async function recordingAudio(
  app: App,
  scope: OrgScope,
  recordingId: string,
): Promise<Uint8Array | null> {
  const row = await app.db.in(scope, (tx) => recordingRow(tx, recordingId))
  return row && openPart(app, row, 'telephone')
}

/** As it was spoken: a WAV file, 16 kHz, 16 bit. For an export or another kind of line. Null as above. */
export async function recordingMaster(
  app: App,
  scope: OrgScope,
  recordingId: string,
): Promise<Uint8Array | null> {
  const row = await app.db.in(scope, (tx) => recordingRow(tx, recordingId))
  return row && openPart(app, row, 'master')
}

/** For the provider, who has no scope but a signed address. Null as above. */
export async function recordingForLine(app: App, recordingId: string): Promise<Uint8Array | null> {
  const row = await findRecording(app, recordingId)
  return row && openPart(app, row, 'telephone')
}

async function openPart(
  app: App,
  row: KeptRecording,
  part: 'master' | 'telephone',
): Promise<Uint8Array | null> {
  const box = openBox(masterKey(secretOf(app)), row.wrappedKey, row.id)
  const sealed = box && (await app.files.get(`${row.fileKey}/${part}`))
  const bytes = (sealed && box.open(part, sealed)) ?? null
  if (!bytes)
    app.log.warn('a recording cannot be read', {
      recording: row.id,
      part,
      key: box !== null,
      file: sealed != null,
    })
  return bytes
}

/**
 * Whether a secret opens everything that is kept of a recording, to the last byte. For a restore, which has no App.
 * @param secret null: there is none
 */
export async function tryRecording(
  secret: string | null,
  files: FileStore,
  { id, fileKey, wrappedKey }: Pick<KeptRecording, 'id' | 'fileKey' | 'wrappedKey'>,
): Promise<'open' | 'closed' | 'gone' | 'erased'> {
  if (wrappedKey.length === 0) return 'erased'
  const box = secret === null ? null : openBox(masterKey(secret), wrappedKey, id)
  if (!box) return 'closed'
  for (const part of parts) {
    const sealed = await files.get(`${fileKey}/${part}`)
    if (!sealed) return 'gone'
    if (!box.open(part, sealed)) return 'closed'
  }
  return 'open'
}

/**
 * Erase a recording for ever: its key is destroyed in this transaction, so that no copy of the files can be read, and the
 * files are deleted after. Schedules that used it play their preset from now on.
 */
export async function eraseRecording(app: App, tx: Tx, recordingId: string): Promise<void> {
  const row = await recordingRow(tx, recordingId)
  if (!row) return
  await emptyKey(tx, recordingId)
  tx.afterCommit(() => {
    for (const part of parts) {
      app.files
        .delete(`${row.fileKey}/${part}`)
        .catch((error) =>
          app.log.error('an erased recording left a file behind', error, { recording: row.id }),
        )
    }
  })
}

/** @throws when the application was started without one: main.ts makes one before anything runs */
export function secretOf(app: App): string {
  if (!app.config.secret) throw new Error('no SECRET')
  return app.config.secret
}
