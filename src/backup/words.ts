// Backup / words: every word that the person at the terminal reads. Pure.
import type { Manifest } from './manifest.ts'

export const usage = {
  backup: 'usage: npm run backup -- --to FOLDER',
  restore: 'usage: npm run restore -- --from FOLDER [--try] [--without-recordings]',
}

export const refusals = {
  folderTaken: (folder: string) =>
    `${folder} is there already: give a folder that is not, such as ${folder}-2. A backup is never written over another.`,
  folderUnusable: (folder: string, code: string) =>
    `The folder ${folder} cannot be written to (${code}): choose another, or make room.`,
  noCallAssist: () =>
    'This database holds nothing of CallAssist: check DATABASE_URL, or DATA_DIR, for the one that is to be backed up.',
  fileGone: (path: string) =>
    `The recording ${path} could not be copied: it is in the folder of recordings and cannot be read.`,
  noBackup: (folder: string) =>
    `${folder} is no backup of CallAssist that this version can read: its manifest.json is missing, or written by a newer version.`,
  newer: (migration: string) =>
    `This backup is of a newer CallAssist, which knows ${migration}: restore it with that version.`,
  missing: (file: string) =>
    `The backup is not whole: ${file} is missing. Nothing was restored; use another backup.`,
  altered: (file: string) =>
    `The backup is damaged: ${file} is not what was written. Nothing was restored; use another backup.`,
  notEmpty: () =>
    'The database is not empty, and a restore writes over nothing: make a new database for DATABASE_URL, or give a new DATA_DIR.',
  notTheSame: (table: string) =>
    `What came into the table ${table} is not what the backup holds, so nothing was restored. Please report this with both versions of PostgreSQL.`,
  otherRecording: (path: string) =>
    `There is another ${path} in the folder of recordings already: give a new DATA_DIR, or move its folder files away.`,
  noSecret: (recordings: number) =>
    `${recordings === 1 ? 'One recording is' : `${recordings} recordings are`} locked with the SECRET of the CallAssist that made this backup, and there is none here: set SECRET, or put that CallAssist’s file "secret" into DATA_DIR. Nothing was restored. If it is lost for good, --without-recordings restores everything else, and ready-made messages are played in their place.`,
  wrongSecret: (closed: number, recordings: number) =>
    `The SECRET here does not open ${closed} of ${recordings} ${recordings === 1 ? 'recording' : 'recordings'} of this backup: set the SECRET of the CallAssist that made it. Nothing was restored. If it is lost for good, --without-recordings restores everything else, and ready-made messages are played in their place.`,
}

const counted = (count: number, one: string, several: string) => `${count} ${count === 1 ? one : several}`
const rowsIn = (manifest: Manifest) => manifest.tables.reduce((sum, { rows }) => sum + rows, 0)

export const said = {
  made: (folder: string, manifest: Manifest) =>
    `Backed up ${counted(manifest.tables.length, 'table', 'tables')} with ${counted(rowsIn(manifest), 'row', 'rows')} and ${counted(manifest.recordings.files, 'file', 'files')} of recordings, as they were at ${manifest.madeAt}, to ${folder}. The SECRET is not in it: keep that elsewhere.`,
  tried: (folder: string, manifest: Manifest) =>
    `The backup ${folder} can be restored: ${counted(rowsIn(manifest), 'row', 'rows')} in ${counted(manifest.tables.length, 'table', 'tables')} came back as they were at ${manifest.madeAt}. It was tried in a database that is gone again.`,
  restored: (manifest: Manifest) =>
    `Restored ${counted(rowsIn(manifest), 'row', 'rows')} in ${counted(manifest.tables.length, 'table', 'tables')} as they were at ${manifest.madeAt}. What fell due since then is dealt with at the next start.`,
  recordings: (open: number, closed: number, gone: number) =>
    [
      `Recordings: ${open} open with this SECRET`,
      closed > 0 ? `, ${closed} do not: ready-made messages are played in their place` : '',
      gone > 0
        ? `, ${gone} ${gone === 1 ? 'has' : 'have'} no file in this backup: ready-made messages are played`
        : '',
      '.',
    ].join(''),
  migrated: (names: readonly string[]) => `Brought up to date: ${names.join(', ')}.`,
}
