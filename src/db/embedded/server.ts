// Db / embedded / server: starts and stops the server's process. Called by embedded.ts.
import { spawn, spawnSync } from 'node:child_process'
import { open, readFile, stat, truncate } from 'node:fs/promises'
import { createServer } from 'node:net'
import { StartRefusal } from '../../kit/refusal.ts'
import { asAccount } from './account.ts'
import { type Address, type Cluster, serverEnvironment, socketAddress } from './cluster.ts'
import { program } from './native.ts'
import { isAlive, type Running, runningServer } from './pidfile.ts'
import { pause, until } from './wait.ts'

export type Settings = Readonly<Record<string, string>>

const longestLog = 5_000_000

const usual: Settings = {
  max_connections: '100',
  unix_socket_permissions: '0700',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // our own logs hold no personal data, so neither may the server's: no statements, no quoted rows
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
}

/**
 * Starts a server. It has its own process group and writes to a file, so that neither Ctrl-C in the terminal nor our
 * end disturbs it: the order in which things stop is ours to decide.
 * @returns null when another server was quicker, or what is left of a killed one is not gone yet: look and try again
 * @throws StartRefusal with the server's own reason
 */
export async function launch(cluster: Cluster, settings: Settings): Promise<Running | null> {
  const address = cluster.address ?? (cluster.password ? await freeAddress() : socketAddress(cluster))
  const log = await logFrom(cluster.logFile)
  const options = ['-D', cluster.folder]
  for (const [name, value] of Object.entries({ ...usual, ...settings, ...reachedAt(address) }))
    options.push('-c', `${name}=${value}`)
  const { command, args, as } = asAccount(cluster.account, program(cluster.native, 'postgres'), options)
  let ended: string | null = null
  try {
    const child = spawn(command, args, {
      ...as,
      cwd: '/',
      detached: true,
      env: serverEnvironment(),
      stdio: ['ignore', log.file.fd, log.file.fd],
      windowsHide: true,
    })
    child.on('error', (error) => {
      ended = error.message
    })
    child.on('exit', () => {
      ended ??= ''
    })
    child.unref()
  } finally {
    await log.file.close()
  }
  let running: Running | null = null
  await until(async () => {
    running = await runningServer(cluster.folder)
    return running !== null || ended !== null
  }, 60_000)
  if (running) return running
  const said = ended || lastWords((await readFile(cluster.logFile)).subarray(log.start).toString('utf8'))
  if (/lock file .* already exists|pre-existing shared memory block/.test(said)) {
    await pause(100)
    return null
  }
  throw new StartRefusal(`The built-in database did not start: ${said}. Its log is ${cluster.logFile}.`)
}

/** Ends connections, writes everything down, stops. A server that hangs is cut off; nothing committed is lost either way. */
export async function shutDown(cluster: Cluster, pid: number): Promise<void> {
  if (process.platform === 'win32') {
    spawnSync(program(cluster.native, 'pg_ctl'), ['stop', '-D', cluster.folder, '-m', 'fast', '-w'], {
      stdio: 'ignore',
    })
  } else {
    // "fast shutdown" of the PostgreSQL manual, then "immediate"
    signal(pid, 'SIGINT')
    if (await until(() => !isAlive(pid), 30_000)) return
    signal(pid, 'SIGQUIT')
  }
  if (await until(() => !isAlive(pid), 10_000)) return
  signal(pid, 'SIGKILL')
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // gone already
  }
}

function reachedAt({ port, socketFolder }: Address): Settings {
  return socketFolder
    ? { listen_addresses: '', port: String(port), unix_socket_directories: quoted(socketFolder) }
    : { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '' }
}

/** The setting is a list; a folder with a comma or a space is quoted in it. */
function quoted(folder: string): string {
  return `"${folder.replaceAll('"', '""')}"`
}

async function freeAddress(): Promise<Address> {
  const port = await new Promise<number>((done, failed) => {
    const server = createServer().on('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const taken = server.address()
      server.close(() => done(typeof taken === 'object' && taken ? taken.port : 0))
    })
  })
  return { port, socketFolder: '' }
}

async function logFrom(path: string) {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size > longestLog) await truncate(path)
  return { file: await open(path, 'a', 0o600), start: size > longestLog ? 0 : size }
}

function lastWords(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const line =
    lines.findLast((each) => /FATAL|PANIC/.test(each)) ??
    lines.findLast((each) => /rror/.test(each)) ??
    lines.at(-1) ??
    'it ended at once and said nothing'
  return line.replace(/^.*?(FATAL|PANIC): +/, '').replace(/\.$/, '')
}
