// Backup / restore: makes an empty database and a folder of recordings what they were when a backup was made: all of it or nothing.
// Everything is looked at before anything is written, and what was written is read back before it counts. Called through the door.
import { createReadStream, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type pg from 'pg'
import { buildSchema, knownMigrations, lockMigrations, migrate } from '../db/migrate.ts'
import { StartRefusal } from '../kit/refusal.ts'
import { tryRecording } from '../messages/messages.ts'
import { folderFiles, syncFolder } from '../outside/files/folder.ts'
import { countingRows, type Held } from './digest.ts'
import { checksumOf, copyFile, newFolder, nowhere } from './disk.ts'
import { type ListedFile, type Manifest, readList, readManifest, type TableInBackup } from './manifest.ts'
import {
  connect,
  emptyTables,
  isEmpty,
  liftRowSecurity,
  makePartitions,
  recordingRows,
  rowsIn,
  rowsOut,
  setSequences,
  tablesOf,
} from './store.ts'
import { refusals } from './words.ts'

/** A backup that was looked at from end to end: it is whole, and this version can read it. */
export interface Backup {
  readonly folder: string
  readonly manifest: Manifest
  readonly files: readonly ListedFile[]
}

export interface RestoreWanted {
  /** an empty database */
  connectionString: string
  /** where recordings shall lie; what lies there already and is the same may stay */
  files: string
  /** what the recordings were locked with; null when there is none here */
  secret: string | null
  /** the SECRET is lost: restore everything all the same */
  withoutRecordings?: boolean
}

export interface Restored {
  manifest: Manifest
  /** how many open with the secret, do not, and have no file in the backup */
  recordings: { open: number; closed: number; gone: number }
  /** what was applied beyond what the backup's own version knew */
  migrated: string[]
}

/** @throws StartRefusal when it is damaged, or of a newer version: one sentence for the person at the terminal */
export async function openBackup(from: string): Promise<Backup> {
  const folder = resolve(from)
  const manifest = readManifest(await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => ''))
  if (!manifest) throw new StartRefusal(refusals.noBackup(from))
  const known = new Set(await knownMigrations())
  const strange = manifest.migrations.find((name) => !known.has(name))
  if (strange) throw new StartRefusal(refusals.newer(strange))
  for (const { file, checksum } of manifest.tables) await look(folder, file, checksum)
  const list = 'recordings.sha256'
  await look(folder, list, manifest.recordings.checksum)
  const files = readList(await readFile(join(folder, list), 'utf8'))
  if (!files) throw new StartRefusal(refusals.altered(list))
  for (const { path, checksum } of files) await look(folder, `recordings/${path}`, checksum)
  return { folder, manifest, files }
}

/** @throws StartRefusal with a sentence for the person at the terminal; the database is then as empty as it was */
export async function restoreBackup(backup: Backup, wanted: RestoreWanted): Promise<Restored> {
  const recordings = await restoreInto(backup, wanted)
  return { manifest: backup.manifest, recordings, migrated: await migrate(wanted.connectionString) }
}

async function look(folder: string, file: string, checksum: string): Promise<void> {
  const found = await checksumOf(join(folder, file)).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new StartRefusal(refusals.missing(file)) : error
  })
  if (found.checksum !== checksum) throw new StartRefusal(refusals.altered(file))
}

/** One transaction for everything in the database. */
async function restoreInto(
  { folder, manifest, files }: Backup,
  wanted: RestoreWanted,
): Promise<Restored['recordings']> {
  const client = await connect(wanted.connectionString)
  try {
    // a CallAssist that is started meanwhile waits here, and goes on with what was restored
    await lockMigrations(client)
    if (!(await isEmpty(client))) throw new StartRefusal(refusals.notEmpty())
    await client.query('begin')
    await buildSchema(client, manifest.migrations)
    await fill(client, folder, manifest)
    const recordings = await tryRecordings(client, folder, wanted.secret)
    if (!wanted.withoutRecordings) refuseClosed(recordings, wanted.secret)
    await restoreFiles(folder, resolve(wanted.files), files)
    await client.query('commit')
    return recordings
  } finally {
    // what was not committed is rolled back with the connection
    await client.end()
  }
}

async function fill(client: pg.Client, from: string, manifest: Manifest): Promise<void> {
  await makePartitions(client, manifest.partitions)
  const putBack = await liftRowSecurity(client)
  await emptyTables(client, await tablesOf(client))
  for (const table of manifest.tables) {
    await pipeline(createReadStream(join(from, table.file)), createGunzip(), rowsIn(client, table))
    const held = await heldBy(client, table)
    if (held.rows !== table.rows || held.digest !== table.digest)
      throw new StartRefusal(refusals.notTheSame(`${table.schema}.${table.name}`))
  }
  await setSequences(client, manifest.sequences)
  await putBack()
}

async function heldBy(client: pg.Client, table: TableInBackup): Promise<Held> {
  const count = countingRows()
  await pipeline(rowsOut(client, table), count, nowhere())
  return count.held()
}

/** Opens every recording of the backup, to its last byte. */
async function tryRecordings(
  client: pg.Client,
  from: string,
  secret: string | null,
): Promise<Restored['recordings']> {
  const found = { open: 0, closed: 0, gone: 0 }
  const store = folderFiles(join(from, 'recordings'))
  for (const row of await recordingRows(client)) {
    const it = await tryRecording(secret, store, row)
    if (it !== 'erased') found[it]++
  }
  return found
}

function refuseClosed({ open, closed }: Restored['recordings'], secret: string | null): void {
  if (closed === 0) return
  throw new StartRefusal(
    secret === null ? refusals.noSecret(closed) : refusals.wrongSecret(closed, open + closed),
  )
}

/** What a recording's file holds never changes, so one that is there already must be the same. */
async function restoreFiles(from: string, to: string, files: readonly ListedFile[]): Promise<void> {
  await newFolder(to)
  const folders = new Set<string>([to])
  for (const { path, checksum } of files) {
    const place = join(to, path)
    if (!existsSync(place)) await copyFile(join(from, 'recordings', path), place)
    else if ((await checksumOf(place)).checksum !== checksum)
      throw new StartRefusal(refusals.otherRecording(path))
    folders.add(dirname(place))
  }
  for (const folder of folders) await syncFolder(folder)
}
