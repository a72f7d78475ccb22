// Db / throwaway: a database that is gone with the process that asked for it, however that process ends. Fast, because
// nothing in it needs to survive. For rehearsals, tests and the bench; embedded.ts does the work.
import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, statfs } from 'node:fs/promises'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log } from '../kit/log.ts'
import { type EmbeddedDatabase, startEmbedded } from './embedded.ts'

/** Waits until our end of the pipe is closed, by us or by our death, then stops what runs in folder $0 and removes it. */
const guard = `
cat >/dev/null
file="$0/postgres/postmaster.pid"
pid=$(head -n 1 "$file" 2>/dev/null)
if [ -n "$pid" ] && kill -INT "$pid" 2>/dev/null; then
  tries=0
  while [ -e "$file" ] && kill -0 "$pid" 2>/dev/null && [ $tries -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
  kill -KILL "$pid" 2>/dev/null
fi
rm -rf "$0"
`

const manyConnections = { max_connections: '200' }
const careless = { ...manyConnections, fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/**
 * A fresh server with an empty database `callassist`.
 * @param wanted.durable it writes as carefully as one that is kept, and so as slowly: for the bench
 * @throws StartRefusal when this machine cannot run one
 */
export async function startThrowaway({
  log,
  durable = false,
}: {
  log: Log
  durable?: boolean
}): Promise<EmbeddedDatabase> {
  const folder = await mkdtemp(join(durable ? tmpdir() : await quickPlace(), 'callassist-'))
  // the server may run as another account, which has to pass through
  await chmod(folder, 0o711)
  const guardian = spawn('/bin/sh', ['-c', guard, folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guardian.unref()
  // a pipe that does not keep this process from ending
  const pipe = guardian.stdin as unknown as { unref(): void }
  pipe.unref()
  try {
    const database = await startEmbedded({
      dataDir: folder,
      log,
      settings: durable ? manyConnections : careless,
    })
    return {
      ...database,
      async stop() {
        await database.stop()
        await dismissed(guardian)
      },
    }
  } catch (error) {
    await dismissed(guardian)
    throw error
  }
}

function dismissed(guardian: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (guardian.exitCode !== null) return done()
    guardian.ref()
    guardian.once('exit', () => done())
    guardian.stdin?.end()
  })
}

/**
 * Memory where there is plenty of it, else the disk. Nothing of such a database needs to survive, and making one for a test out of a template,
 * a thousand small files, took 350 ms on an ext4 disk and 17 ms in memory (one machine, `fsync` off in both).
 */
async function quickPlace(): Promise<string> {
  const isElsewhere = process.env.TMPDIR !== undefined || process.platform !== 'linux'
  if (isElsewhere || freemem() < plenty) return tmpdir()
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }))
  return bavail * bsize < plenty ? tmpdir() : memory
}

const memory = '/dev/shm'
const plenty = 4 * 1024 ** 3
