// Backup / make: writes a backup: every table as it is at one moment, while work goes on, and the recordings that belong to it. It lies
// beside its place until it is whole. Called through the door.
import { rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type pg from 'pg'
import { StartRefusal } from '../kit/refusal.ts'
import { syncFolder } from '../outside/files/folder.ts'
import { countingBytes, countingRows } from './digest.ts'
import { copyFile, filesBelow, newFile, newFolder } from './disk.ts'
import { type ListedFile, type Manifest, type TableInBackup, writeList, writeManifest } from './manifest.ts'
import {
  appliedMigrations,
  beginSnapshot,
  connect,
  exportSnapshot,
  partitionsOf,
  rowsOut,
  sequencesOf,
  serverVersion,
  type Table,
  tablesOf,
} from './store.ts'
import { refusals } from './words.ts'

export interface BackupWanted {
  connectionString: string
  /** of recordings, encrypted; it need not be there */
  files: string
  /** a folder that is not there yet */
  to: string
  /** what the backup says of when it was made */
  now: Date
  /** For a drill: what else is done in sight of the very same moment, under PostgreSQL's name for it. */
  beside?: (snapshot: string) => Promise<void>
}

/** @throws StartRefusal with a sentence for the person at the terminal; nothing is left behind then */
export async function makeBackup({
  connectionString,
  files,
  to,
  now,
  beside,
}: BackupWanted): Promise<Manifest> {
  const place = resolve(to)
  const beginning = `${place}.half-made-${process.pid}`
  try {
    await newFolder(join(beginning, 'tables'))
  } catch (error) {
    throw new StartRefusal(refusals.folderUnusable(to, (error as NodeJS.ErrnoException).code ?? ''))
  }
  try {
    const client = await connect(connectionString)
    try {
      const database = await copyDatabase(client, beginning, beside)
      // after the snapshot: a recording's files are there before its row is
      const recordings = await copyRecordings(resolve(files), beginning)
      const manifest: Manifest = { format: 1, madeAt: now.toISOString(), ...database, recordings }
      await writeFile(join(beginning, 'manifest.json'), writeManifest(manifest), { mode: 0o600, flush: true })
      for (const folder of ['tables', '.']) await syncFolder(join(beginning, folder))
      await rename(beginning, place)
      await syncFolder(dirname(place))
      return manifest
    } finally {
      await client.end()
    }
  } catch (error) {
    await rm(beginning, { recursive: true, force: true })
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR')
      throw new StartRefusal(refusals.folderTaken(to))
    if (code === 'ENOSPC' || code === 'EACCES' || code === 'EROFS')
      throw new StartRefusal(refusals.folderUnusable(to, code))
    throw error
  }
}

type Database = Omit<Manifest, 'format' | 'madeAt' | 'recordings'>

async function copyDatabase(
  client: pg.Client,
  folder: string,
  beside: BackupWanted['beside'],
): Promise<Database> {
  await beginSnapshot(client)
  const migrations = await appliedMigrations(client)
  if (!migrations) throw new StartRefusal(refusals.noCallAssist())
  await beside?.(await exportSnapshot(client))
  const tables: TableInBackup[] = []
  for (const table of await tablesOf(client)) tables.push(await copyTable(client, table, folder))
  const database = {
    postgresVersion: await serverVersion(client),
    migrations,
    tables,
    partitions: await partitionsOf(client),
    sequences: await sequencesOf(client),
  }
  await client.query('commit')
  return database
}

/** Packed lightly: the disk is slower than that, and the database shall not wait. */
const packing = { level: 1 }

async function copyTable(client: pg.Client, table: Table, folder: string): Promise<TableInBackup> {
  const file = `tables/${table.schema}.${table.name}.copy.gz`
  const [rows, packed] = [countingRows(), countingBytes()]
  await pipeline(rowsOut(client, table), rows, createGzip(packing), packed, newFile(join(folder, file)))
  return { ...table, ...rows.held(), file, bytes: packed.bytes(), checksum: packed.checksum() }
}

/** Files that come or go meanwhile are no trouble: their rows are newer than the snapshot, or were erased. */
async function copyRecordings(files: string, folder: string): Promise<Manifest['recordings']> {
  const listed: ListedFile[] = []
  let size = 0
  for (const path of await filesBelow(files)) {
    try {
      const { checksum, bytes } = await copyFile(join(files, path), join(folder, 'recordings', path))
      listed.push({ path, checksum })
      size += bytes
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  const list = writeList(listed)
  await writeFile(join(folder, 'recordings.sha256'), list, { mode: 0o600, flush: true })
  const checksum = countingBytes()
  checksum.end(list)
  checksum.resume()
  return { files: listed.length, bytes: size, checksum: checksum.checksum() }
}
