// Bench / start: from the command to the first page that answers, on an empty data folder and again, by the built product as a process of
// its own. Without npm's own time and the build.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { inDist } from '../places.ts'
import { type Row, withinMs } from '../row.ts'

export const start: Row = {
  name: 'start',
  async measure() {
    const folder = await mkdtemp(join(tmpdir(), 'callassist-bench-'))
    try {
      return { first: await startOnce(folder), again: await startOnce(folder) }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
  judge: ({ first, again }) => [
    withinMs('npm start to the first page, the first time', first!, 3000),
    withinMs('npm start to the first page, then', again!, 1000),
  ],
}

async function startOnce(folder: string): Promise<number> {
  const began = performance.now()
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  const child = spawn(process.execPath, [inDist('main.js')], {
    env: { ...process.env, PORT: String(port), DATA_DIR: folder, LOG: 'file' },
    stdio: 'ignore',
  })
  try {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null)
      if (answer?.status === 200) return performance.now() - began
      if (child.exitCode !== null) throw new Error('it did not start')
      await pause(20)
    }
  } finally {
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('exit', resolve))
  }
}
