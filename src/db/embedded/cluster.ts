// Db / embedded / cluster: the folder of PostgreSQL's files ("a database cluster"): where it lies, as whom it runs, how
// it is reached, and how it is made the first time. Called by embedded.ts.
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chown, lstat, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { StartRefusal } from '../../kit/refusal.ts'
import { type Account, asAccount, canEnter, canRun, chooseAccount, handOver } from './account.ts'
import { copied, nativeFolder, program, withLibraryLinks } from './native.ts'
import { isAlive, type Running } from './pidfile.ts'

export interface Cluster {
  readonly dataDir: string
  readonly folder: string
  /** the programs */
  readonly native: string
  readonly account: Account
  readonly logFile: string
  /** Null where a Unix socket in a closed folder is the guard. */
  readonly password: string | null
  /** Made by us under the temporary folder because `folder` is too long for a socket's path; else null. */
  readonly ownSocketFolder: string | null
  /** Where it was reached first. A server started anew must be found at the same place. */
  address: Address | null
}

export interface Address {
  port: number
  /** empty: over the network of this machine */
  socketFolder: string
}

/** A Unix socket's whole path may have 107 bytes on Linux and 103 on macOS (sockaddr_un), and is /FOLDER/.s.PGSQL.5432. */
const longestSocketFolder = 103 - '/.s.PGSQL.5432'.length
const socketPort = 5432
/** Of the npm package; a cluster of another one cannot be opened. */
const majorVersion = '18'

/** @throws StartRefusal when the data folder cannot be used from here */
export async function describeCluster(
  dataDir: string,
  without: { userNamespaces?: boolean; sockets?: boolean },
): Promise<Cluster> {
  const home = await dataFolder(dataDir)
  const folder = join(home, 'postgres')
  const account = await chooseAccount(folder, { userNamespaces: without.userNamespaces ?? false })
  if (!canEnter(account, home)) {
    throw new StartRefusal(
      `CallAssist was started as root, and the database cannot run as root in ${home}: set DATA_DIR to a folder that others may enter, such as /var/lib/callassist, or start CallAssist as an ordinary user.`,
    )
  }
  let native = await withLibraryLinks(nativeFolder())
  if (!canRun(account, program(native, 'postgres'))) native = await copied(native)
  const sockets = process.platform !== 'win32' && !without.sockets
  return {
    dataDir: home,
    folder,
    native,
    account,
    logFile: join(home, 'postgres.log'),
    password: sockets ? null : await keptPassword(home, account),
    ownSocketFolder:
      sockets && Buffer.byteLength(folder) > longestSocketFolder
        ? await socketFolderFor(folder, account)
        : null,
    address: null,
  }
}

export function socketAddress(cluster: Cluster): Address {
  return { port: socketPort, socketFolder: cluster.ownSocketFolder ?? cluster.folder }
}

/** Also a valid URL for strict readers: a host that stands in the query goes before the one in the address. */
export function connectionString(cluster: Cluster, running: Running, role: string, database: string): string {
  const secret = cluster.password ? `:${cluster.password}` : ''
  const place = running.socketFolder ? `localhost:${running.port}` : `127.0.0.1:${running.port}`
  const socket = running.socketFolder ? `&host=${encodeURIComponent(running.socketFolder)}` : ''
  return `postgres://${role}${secret}@${place}/${database}?sslmode=disable${socket}`
}

/** Makes the cluster, whole or not at all, unless it is there. */
export async function makeCluster(cluster: Cluster, durable: boolean): Promise<void> {
  const version = await readFile(join(cluster.folder, 'PG_VERSION'), 'utf8').catch(() => null)
  if (version !== null) {
    if (version.trim() !== majorVersion) {
      throw new StartRefusal(
        `The database in ${cluster.folder} is of PostgreSQL ${version.trim()}, and this CallAssist brings ${majorVersion}: set DATA_DIR to another folder, or DATABASE_URL to a server of version ${version.trim()}.`,
      )
    }
    await handOver(cluster.folder, cluster.account)
    return
  }
  await removeHalfMade(cluster)
  const fresh = `${cluster.folder}.half-made-${process.pid}-${randomBytes(4).toString('hex')}`
  await mkdir(fresh, { mode: 0o700 })
  if (cluster.account.kind === 'other') await chown(fresh, cluster.account.uid, cluster.account.gid)
  await initdb(cluster, fresh, durable)
  try {
    await rename(fresh, cluster.folder)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    // another start was quicker: its cluster is as good as ours
    if (await readFile(join(cluster.folder, 'PG_VERSION')).catch(() => null)) return
    throw new StartRefusal(
      `${cluster.folder} is in the way and is no database (${(error as NodeJS.ErrnoException).code}): move it away, or set DATA_DIR to another folder.`,
    )
  }
}

/** What a start that was killed left behind. */
async function removeHalfMade(cluster: Cluster): Promise<void> {
  for (const name of await readdir(cluster.dataDir)) {
    const maker = /^postgres\.half-made-(\d+)-/.exec(name)?.[1]
    if (maker && !isAlive(Number(maker)))
      await rm(join(cluster.dataDir, name), { recursive: true, force: true })
  }
}

/** Embedded and production must sort alike, so nothing is taken from the machine's language settings. */
async function initdb(cluster: Cluster, folder: string, durable: boolean): Promise<void> {
  const options = [
    '-D',
    folder,
    '-U',
    'postgres',
    '--encoding=UTF8',
    '--locale=C',
    '--auth-local=trust',
    '--auth-host=scram-sha-256',
  ]
  if (cluster.password) options.push(`--pwfile=${passwordFile(cluster.dataDir)}`)
  if (!durable) options.push('--no-sync')
  const { command, args, as } = asAccount(cluster.account, program(cluster.native, 'initdb'), options)
  const said = await new Promise<string | null>((done) => {
    const child = spawn(command, args, {
      ...as,
      cwd: cluster.dataDir,
      // Ctrl-C is ours to answer, when it is done
      detached: true,
      env: serverEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const words: string[] = []
    child.stderr.setEncoding('utf8').on('data', (text: string) => words.push(text))
    child.on('error', (error) => done(error.message))
    child.on('close', (code) => done(code === 0 ? null : words.join('')))
  })
  if (said === null) return
  await rm(folder, { recursive: true, force: true })
  const reason = said.split('\n').find((line) => /error|fatal/i.test(line)) ?? said.split('\n')[0] ?? ''
  throw new StartRefusal(
    `The built-in database could not be made in ${cluster.folder}: ${reason.replace(/^initdb: /, '').trim()}`,
  )
}

/** No PG… variable, language or secret of ours is the server's business. */
export function serverEnvironment(): Record<string, string | undefined> {
  if (process.platform === 'win32') return { ...process.env, LC_ALL: 'C' }
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
}

async function dataFolder(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true })
    const home = await realpath(dataDir)
    await writeFile(join(home, '.writable'), '')
    await rm(join(home, '.writable'), { force: true })
    return home
  } catch (error) {
    throw new StartRefusal(
      `The data folder ${dataDir} cannot be used (${(error as NodeJS.ErrnoException).code}): set DATA_DIR to a folder that CallAssist may write to.`,
    )
  }
}

/** The same name each time, so that a server that outlived us is found; nobody else may have made it. */
async function socketFolderFor(folder: string, account: Account): Promise<string> {
  const base = Buffer.byteLength(tmpdir()) > longestSocketFolder - 40 ? '/tmp' : tmpdir()
  const mine = join(base, `callassist-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`)
  const uid = account.kind === 'other' ? account.uid : (process.geteuid?.() ?? 0)
  await mkdir(mine, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  const found = await lstat(mine)
  if (account.kind === 'other' && found.isDirectory() && found.uid === 0)
    await chown(mine, account.uid, account.gid)
  else if (!found.isDirectory() || found.uid !== uid) {
    throw new StartRefusal(
      `${mine} belongs to somebody else, and the database's socket must lie there: set DATA_DIR to a folder with a shorter path.`,
    )
  }
  return mine
}

function passwordFile(dataDir: string): string {
  return join(dataDir, 'postgres.password')
}

async function keptPassword(dataDir: string, account: Account): Promise<string> {
  const file = passwordFile(dataDir)
  const kept = await readFile(file, 'utf8').catch(() => null)
  if (kept) return kept.trim()
  const made = randomBytes(24).toString('hex')
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, made, { mode: 0o600 })
  if (account.kind === 'other') await chown(file, account.uid, account.gid)
  return made
}
