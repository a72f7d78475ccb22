// `npm run dev`: as `npm start`, and again whenever something under src/ changes.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from './build/ensure.ts'
import { dist, inRoot } from './build/fresh.ts'

let server: ChildProcess | null = null
let ending = false
let again: NodeJS.Timeout | undefined
let turn = Promise.resolve()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    ending = true
    turn = turn.then(stop).then(() => process.exit(0))
  })
}

watch(inRoot('src'), { recursive: true }, () => {
  clearTimeout(again)
  again = setTimeout(() => {
    turn = turn.then(restart)
  }, 100)
})
turn = turn.then(restart)

async function restart(): Promise<void> {
  if (ending || !ensureBuilt()) return
  await stop()
  // its own process group: Ctrl-C is handed on by us, once
  server = spawn(process.execPath, ['--enable-source-maps', join(dist, 'main.js')], {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
}

async function stop(): Promise<void> {
  const running = server
  server = null
  if (!running || running.exitCode !== null || running.signalCode !== null) return
  running.kill('SIGTERM')
  await once(running, 'exit')
}
