// A worker that is a real process: stopped, it is missed though it lives; killed, it is missed; one whose loop hangs in one actor is
// missed though its process answers. The watch's clock is moved, the worker's runs.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { type TestApp, testApp } from '../../test/support/app.ts'
import { silentLog } from '../kit/log.ts'
import { systemClock } from '../outside/clock.ts'
import { localBell } from '../queue/bell.ts'
import { startLoop } from '../queue/loop.ts'
import { createWatch, heartbeat } from './watch.ts'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** A worker on the database of `app`, whose loop goes round. */
async function startWorker(app: TestApp): Promise<ChildProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'callassist-worker-'))
  const worker = spawn(process.execPath, [main], {
    env: {
      ROLE: 'worker',
      PORT: '0',
      DATABASE_URL: app.db.connectionString,
      DATA_DIR: folder,
      SECRET: 'for-tests-only '.repeat(3),
    },
    stdio: 'ignore',
  })
  onTestFinished(async () => {
    worker.kill('SIGKILL')
    if (worker.exitCode === null && worker.signalCode === null) await once(worker, 'exit')
    await rm(folder, { recursive: true, force: true })
  })
  await until(async () => (await beatsOf(app)) > 0)
  return worker
}

const beatsOf = async (app: TestApp): Promise<number> => {
  const rows = await app.db.everywhere(({ sql }) => sql.selectFrom('heartbeat').select('beat_at').execute())
  return rows.length
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setImmediate(resolve))
}

/** Looks every ten seconds of a moved clock. @returns how many seconds until it is certain that no worker works */
async function secondsUntilSeen(app: TestApp): Promise<number> {
  const watch = createWatch(
    { ...app, config: { ...app.config, watchNumber: null } },
    {
      wall: app.clock,
      monotonicMs: () => app.clock.now().getTime(),
      movable: null,
      sayAlive: async () => true,
    },
  )
  app.clock.holdAt(systemClock().now())
  for (let passed = 0; passed <= 90; passed += 10) {
    await watch.round()
    const { alarms } = await watch.standing()
    if (alarms.some(({ kind }) => kind === 'workers')) return passed
    app.pass(10)
  }
  throw new Error('not seen within ninety seconds')
}

async function world(): Promise<TestApp> {
  const app = await testApp({ at: '2026-01-01T00:00:00Z' })
  onTestFinished(() => app.close())
  return app
}

test.each(['SIGSTOP', 'SIGKILL'] as const)('a worker that gets %s', async (signal) => {
  const app = await world()
  const worker = await startWorker(app)
  worker.kill(signal)
  expect(await secondsUntilSeen(app)).toBeLessThanOrEqual(70)
})

test('a worker whose loop hangs in one actor, and whose process is well', async () => {
  const app = await world()
  const clock = systemClock()
  const hangs = Promise.withResolvers<number>()
  let rounds = 0
  const actor = {
    name: 'hangs',
    runDue: () => (++rounds > 3 ? hangs.promise : Promise.resolve(1)),
    nextAt: async () => null,
  }
  const bell = localBell()
  const loop = startLoop({ clock, bell, log: silentLog }, [actor, heartbeat({ ...app, clock })])
  await until(async () => rounds > 3)
  expect(await beatsOf(app)).toBe(1)
  expect(await secondsUntilSeen(app)).toBeLessThanOrEqual(70)
  hangs.resolve(0)
  await loop.stop()
  expect(await beatsOf(app)).toBe(0)
})
