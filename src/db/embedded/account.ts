// Db / embedded / account: as whom PostgreSQL runs. It refuses to run as root, and CallAssist may be started as root.
// Looks at the machine and may hand folders over; called by embedded.ts.
import { spawnSync } from 'node:child_process'
import { chown, lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StartRefusal } from '../../kit/refusal.ts'

export type Account =
  /** as whoever started CallAssist */
  | { kind: 'own' }
  /** in a user namespace where root is called "nobody": no account is needed and folders closed to others still open */
  | { kind: 'renamed'; prefix: readonly string[] }
  /** as another account of the machine */
  | { kind: 'other'; uid: number; gid: number }

/** "nobody" on every Unix we know. */
const nobody = 65534
const renaming = ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`, '--'] as const

/**
 * @param cluster the folder of PostgreSQL's files, there already or not
 * @param without for tests: do as if user namespaces were not allowed, as in many containers
 */
export async function chooseAccount(
  cluster: string,
  without: { userNamespaces: boolean } = { userNamespaces: false },
): Promise<Account> {
  const me = process.geteuid?.()
  const owner = await stat(cluster).catch(() => null)
  if (me === undefined) return { kind: 'own' }
  if (me !== 0) {
    if (owner && owner.uid !== me) {
      throw new StartRefusal(
        `The data folder's database ${cluster} belongs to another user: start CallAssist as that user, or set DATA_DIR to another folder.`,
      )
    }
    return { kind: 'own' }
  }
  // whoever began this database goes on with it
  if (owner && owner.uid !== 0) return { kind: 'other', uid: owner.uid, gid: owner.gid }
  if (!without.userNamespaces && renamingWorks()) return { kind: 'renamed', prefix: renaming }
  return { kind: 'other', uid: nobody, gid: nobody }
}

function renamingWorks(): boolean {
  const [command, ...rest] = renaming
  return spawnSync(command, [...rest, 'true'], { stdio: 'ignore', timeout: 5000 }).status === 0
}

/** Whether `account` can read and run `file` where it lies. */
export function canRun(account: Account, file: string): boolean {
  if (account.kind !== 'other') return true
  return test(account, '-x', file)
}

/** Whether `account` can enter `folder`. */
export function canEnter(account: Account, folder: string): boolean {
  if (account.kind !== 'other') return true
  return test(account, '-x', folder)
}

function test({ uid, gid }: { uid: number; gid: number }, what: string, path: string): boolean {
  return (
    spawnSync('/bin/sh', ['-c', `test ${what} "$0"`, path], {
      uid,
      gid,
      cwd: '/',
      stdio: 'ignore',
      timeout: 5000,
    }).status === 0
  )
}

/** Makes `account` the owner of a folder and everything in it, when it is not yet. */
export async function handOver(folder: string, account: Account): Promise<void> {
  if (account.kind !== 'other') return
  const { uid, gid } = account
  if ((await lstat(folder)).uid === uid) return
  for (const name of await readdir(folder, { recursive: true })) await chownLink(join(folder, name), uid, gid)
  // last, so that a hand-over cut short is done again
  await chown(folder, uid, gid)
}

/** A link inside is never followed: it could point anywhere. */
async function chownLink(path: string, uid: number, gid: number): Promise<void> {
  if ((await lstat(path)).isSymbolicLink()) return
  await chown(path, uid, gid)
}

/** The command and options that start `file` as `account`. */
export function asAccount(
  account: Account,
  file: string,
  args: readonly string[],
): { command: string; args: string[]; as: { uid?: number; gid?: number } } {
  if (account.kind === 'renamed')
    return { command: account.prefix[0]!, args: [...account.prefix.slice(1), file, ...args], as: {} }
  const as = account.kind === 'other' ? { uid: account.uid, gid: account.gid } : {}
  return { command: file, args: [...args], as }
}
