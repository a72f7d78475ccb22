// Backup: the door. Other rooms have no business here; `npm run backup`, `npm run restore` and the drills enter.
//
// Owns: no table. It copies every table there is, and the recordings' files.
// Promises: a backup shows one moment, while work goes on; it is there whole or not at all; a restore writes over nothing, is all or
//   nothing, was compared row by row before it counts, and says when the SECRET does not open the recordings.
// Never: holds a secret. Never decides what becomes of what is restored: the rows wake, and the rooms decide as after any outage.
export { type BackupWanted, makeBackup } from './make.ts'
export type { Manifest } from './manifest.ts'
export { type Backup, openBackup, type Restored, type RestoreWanted, restoreBackup } from './restore.ts'
