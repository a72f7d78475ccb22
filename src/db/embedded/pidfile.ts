// Db / embedded / pidfile: what PostgreSQL itself writes about the running server, and whether that is still true.
// Reads only, except removeStale; called by embedded.ts. The format is PostgreSQL's src/include/utils/pidfile.h.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile, readlink, realpath, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'

export interface Running {
  pid: number
  port: number
  /** empty on Windows */
  socketFolder: string
  /** The program's file was replaced under the running server (an `npm ci` since): it must be started anew. */
  outdated: boolean
}

/** The live server of `cluster`, or null. A file that is only being written counts as none yet. */
export async function runningServer(cluster: string): Promise<Running | null> {
  const lines = await pidLines(cluster)
  const pid = Number(lines[0])
  if (lines.length < 7 || !isAlive(pid)) return null
  const server = await serverProgram(pid, cluster)
  if (server === null) return null
  return {
    pid,
    port: Number(lines[3]),
    socketFolder: lines[4]!.trim(),
    outdated: server.endsWith(' (deleted)'),
  }
}

/**
 * PostgreSQL clears away the file of a dead server by itself, but not when its number now belongs to another living
 * process. Removes the file exactly then.
 */
export async function removeStale(cluster: string): Promise<boolean> {
  const pid = Number((await pidLines(cluster))[0])
  if (!isAlive(pid) || (await serverProgram(pid, cluster)) !== null) return false
  await rm(pidFile(cluster), { force: true })
  return true
}

/** The server was told to stop, by somebody else: it takes no connections any more, and waits for those it has. */
export async function isStopping(cluster: string): Promise<boolean> {
  return (await pidLines(cluster))[7]?.trim() === 'stopping'
}

export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return process.platform !== 'linux' || !isZombie(pid)
}

/** Ended, but its parent has not looked yet; in a container perhaps never does. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}

function pidFile(cluster: string): string {
  return join(cluster, 'postmaster.pid')
}

async function pidLines(cluster: string): Promise<string[]> {
  const text = await readFile(pidFile(cluster), 'utf8').catch(() => '')
  return text === '' ? [] : text.split('\n')
}

/** The program that process `pid` runs, if it is a PostgreSQL server, and on Linux the one of this very `cluster`. */
async function serverProgram(pid: number, cluster: string): Promise<string | null> {
  if (process.platform !== 'linux') return named(pid)
  try {
    const program = await readlink(`/proc/${pid}/exe`)
    const at = await readlink(`/proc/${pid}/cwd`)
    return basename(program).startsWith('postgres') && at === (await realpath(cluster)) ? program : null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') return null
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
    return name.trim() === 'postgres' ? 'postgres' : null
  }
}

function named(pid: number): string | null {
  const [command, args] =
    process.platform === 'win32'
      ? ['tasklist', ['/FI', `PID eq ${pid}`, '/NH', '/FO', 'CSV']]
      : ['ps', ['-o', 'comm=', '-p', String(pid)]]
  const found =
    spawnSync(command as string, args as string[], { encoding: 'utf8', timeout: 5000 }).stdout ?? ''
  return /postgres/i.test(found) ? 'postgres' : null
}
