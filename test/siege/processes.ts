// Siege / processes: the real processes of CallAssist, as a supervisor keeps them: whoever ends is started again at once. Leaves nobody
// behind, however the siege itself ends.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Role } from './plan.ts'

export type NodeName = `${Role} ${number}` | Role

export interface Node {
  readonly name: NodeName
  readonly role: Role
  /** starting: until it says that it has started */
  state(): 'starting' | 'running' | 'stopped' | 'ended'
  /** SIGKILL. @returns a promise of when it runs again, or null when there was nobody to kill */
  kill(): Promise<void> | null
  /** SIGSTOP. @returns a function that lets it go on, or null when there was nobody to stop */
  stop(): (() => void) | null
}

export interface Nodes {
  readonly all: readonly Node[]
  /** What processes logged as errors, by their words, and how often. */
  readonly errors: ReadonlyMap<string, number>
  /** Processes that had started, and ended without being told to: the last words of each. */
  readonly fallen: readonly string[]
  close(): Promise<void>
}

export interface NodesWanted {
  folder: string
  roles: readonly Role[]
  /** of everybody; `portOf` adds the port */
  environment: Readonly<Record<string, string>>
  webPort: number
}

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const time = new URL('./time.ts', import.meta.url).href
const pauseMs = 1000

export function startNodes(wanted: NodesWanted): Nodes {
  const errors = new Map<string, number>()
  const fallen: string[] = []
  let closing = false
  const living = guarded(wanted.folder)

  function keep(role: Role, name: NodeName): Node & { end(): Promise<void> } {
    let child: ChildProcess
    let state: ReturnType<Node['state']> = 'starting'
    let runs = Promise.withResolvers<void>()
    let isOurs = false
    const words: string[] = []

    function start(): void {
      state = 'starting'
      isOurs = false
      words.length = 0
      child = spawn(process.execPath, ['--import', time, main], {
        env: environmentOf(wanted, role, name),
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      })
      living.add(child)
      createInterface({ input: child.stderr! }).on('line', hear)
      child.once('exit', ended)
    }

    function hear(line: string): void {
      words.push(line)
      if (words.length > 12) words.shift()
      const said = read(line)
      if (said?.what === 'started') {
        if (state === 'starting') state = 'running'
        runs.resolve()
      }
      if (said?.level === 'error') errors.set(said.what, (errors.get(said.what) ?? 0) + 1)
    }

    function ended(code: number | null, signal: string | null): void {
      living.delete(child)
      const had = state
      state = 'ended'
      if (closing) return
      // one that cannot start says why and is started again: the database may just be away
      if (!isOurs && had !== 'starting')
        fallen.push(`${name} ended by itself (${code ?? signal}): ${words.join('\n')}`)
      if (isOurs) start()
      else setTimeout(() => closing || start(), pauseMs)
    }

    start()
    return {
      name,
      role,
      state: () => state,
      kill() {
        if (state === 'ended') return null
        isOurs = true
        if (state !== 'starting') runs = Promise.withResolvers()
        state = 'starting'
        child.kill('SIGKILL')
        return runs.promise
      },
      stop() {
        if (state !== 'running') return null
        const stopped = child
        state = 'stopped'
        stopped.kill('SIGSTOP')
        return () => {
          if (child !== stopped || state !== 'stopped') return
          state = 'running'
          stopped.kill('SIGCONT')
        }
      },
      async end() {
        if (state === 'ended') return
        const gone = once(child, 'exit')
        child.kill('SIGKILL')
        await gone
      },
    }
  }

  const all = wanted.roles.map((role, place) => keep(role, role === 'worker' ? `worker ${place + 1}` : role))
  return {
    all,
    errors,
    fallen,
    async close() {
      closing = true
      await Promise.all(all.map((node) => node.end()))
      living.dismiss()
    },
  }
}

function environmentOf({ environment, folder, webPort }: NodesWanted, role: Role, name: string) {
  return {
    ...environment,
    PATH: process.env.PATH,
    TZ: 'UTC',
    SIEGE_CLOCK: process.env.SIEGE_CLOCK,
    SIEGE_SPEED: process.env.SIEGE_SPEED,
    // the same program is started hundreds of times
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
    ROLE: role,
    PORT: role === 'web' ? String(webPort) : '0',
    DATA_DIR: join(folder, name.replace(' ', '-')),
    LOG: 'stderr',
  }
}

function read(line: string): { level: string; what: string } | null {
  try {
    return JSON.parse(line) as { level: string; what: string }
  } catch {
    return null
  }
}

/** Ends whoever is left, also those that are stopped, once our end of its pipe is closed by us or by our death. */
const guard = `
cat >/dev/null
for pid in $(cat "$0/living" 2>/dev/null); do kill -KILL "$pid" 2>/dev/null; done
rm -rf "$0"
`

/** Who lives is written down for the guard, in `folder`, which goes with it. */
function guarded(folder: string) {
  const living = new Set<number>()
  const guardian = spawn('/bin/sh', ['-c', guard, folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guardian.unref()
  const write = () => {
    writeFileSync(join(folder, 'living.new'), [...living].join('\n'))
    renameSync(join(folder, 'living.new'), join(folder, 'living'))
  }
  return {
    add({ pid }: ChildProcess) {
      if (pid) living.add(pid)
      write()
    },
    delete({ pid }: ChildProcess) {
      if (pid) living.delete(pid)
      write()
    },
    dismiss: () => void guardian.stdin?.end(),
  }
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
