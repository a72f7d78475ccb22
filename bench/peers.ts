// Bench / peers: the two job libraries of Node that stand on PostgreSQL, set up for speed as their authors describe it, on the same
// server and with the same effect as the floors. Packages of the bench alone: the product has neither.
import { Logger, run, runMigrations, type TaskList } from 'graphile-worker'
import type pg from 'pg'
import { PgBoss } from 'pg-boss'
import { effect, freshThings, mustHaveHappenedOnce } from './things.ts'
import { until } from './until.ts'
import { openPool, type World } from './world.ts'

/** One library, as the rows of the table use it. */
export interface Peer {
  /** Does so many jobs that wait already. @returns jobs a second */
  work(world: World, jobs: number): Promise<number>
  /** Changes so many things over 8 connections, each with its history and its job in one transaction. @returns a second */
  change(world: World, changes: number): Promise<number>
  /** So many jobs due at one instant. @returns how late each began, in milliseconds */
  rush(world: World, jobs: number, inMs: number): Promise<number[]>
}

const queue = 'happen'
const silent = new Logger(() => () => {})
const preset = { worker: { localQueue: { size: 200 }, completeJobBatchDelay: 0 } }

/** graphile-worker: 16 jobs at once, a local queue of 200, completions gathered. */
export const graphileWorker: Peer = {
  async work(world, jobs) {
    await readyForGraphile(world, jobs)
    await world.owner.query(
      `select graphile_worker.add_jobs(array(select (($1, json_build_object('id', n), null, now(), 25, null, 0, null)::graphile_worker.job_spec) from generate_series(1, $2::int) n))`,
      [queue, jobs],
    )
    const { perSecond } = await graphileRuns(world, jobs)
    return perSecond
  },
  async change(world, changes) {
    await readyForGraphile(world, changes)
    return changing(world, changes, (client, id) =>
      client.query({
        name: 'graphile',
        text: 'select graphile_worker.add_job($1, $2)',
        values: [queue, { id }],
      }),
    )
  },
  async rush(world, jobs, inMs) {
    await readyForGraphile(world, jobs)
    const dueAt = Date.now() + inMs
    await world.owner.query(
      `select graphile_worker.add_jobs(array(select (($1, json_build_object('id', n), null, $3::timestamptz, 25, null, 0, null)::graphile_worker.job_spec) from generate_series(1, $2::int) n))`,
      [queue, jobs, new Date(dueAt)],
    )
    const { began } = await graphileRuns(world, jobs)
    return began.map((at) => at - dueAt)
  },
}

async function readyForGraphile(world: World, count: number): Promise<void> {
  await runMigrations({ pgPool: world.owner, logger: silent })
  await freshThings(world, count)
  await world.owner.query('truncate graphile_worker._private_jobs')
}

async function graphileRuns(world: World, jobs: number): Promise<{ perSecond: number; began: number[] }> {
  const began: number[] = []
  let done = 0
  const pool = openPool(world.connectionString)
  const happen: TaskList[string] = async (payload) => {
    began.push(Date.now())
    await pool.query({ name: 'effect', text: effect, values: [(payload as { id: number }).id] })
    done++
  }
  const from = performance.now()
  const runner = await run({
    pgPool: pool,
    concurrency: 16,
    noHandleSignals: true,
    pollInterval: 1000,
    logger: silent,
    preset,
    taskList: { [queue]: happen },
  })
  await until('graphile-worker has done all', () => done === jobs)
  const seconds = (performance.now() - from) / 1000
  await runner.stop()
  await pool.end()
  await mustHaveHappenedOnce(world, jobs)
  return { perSecond: jobs / seconds, began }
}

/** pg-boss: batches of 100, four workers, which go on at once after a full batch. */
export const pgBoss: Peer = {
  async work(world, jobs) {
    return withBoss(world, jobs, async (boss) => {
      await boss.insert(
        queue,
        Array.from({ length: jobs }, (_, place) => ({ data: { id: place + 1 } })),
      )
      return (await bossRuns(world, boss, jobs)).perSecond
    })
  },
  async change(world, changes) {
    return withBoss(world, changes, (boss) =>
      changing(world, changes, (client, id) =>
        boss.send(queue, { id }, { db: { executeSql: (text, values) => client.query(text, values) } }),
      ),
    )
  },
  async rush(world, jobs, inMs) {
    return withBoss(world, jobs, async (boss) => {
      const dueAt = Date.now() + inMs
      await boss.insert(
        queue,
        Array.from({ length: jobs }, (_, place) => ({
          data: { id: place + 1 },
          startAfter: new Date(dueAt),
        })),
      )
      return (await bossRuns(world, boss, jobs)).began.map((at) => at - dueAt)
    })
  },
}

async function withBoss<T>(world: World, count: number, use: (boss: PgBoss) => Promise<T>): Promise<T> {
  await freshThings(world, count)
  const boss = new PgBoss({ connectionString: world.connectionString, max: 20 })
  boss.on('error', () => {})
  await boss.start()
  await boss.createQueue(queue).catch(() => {})
  try {
    return await use(boss)
  } finally {
    await boss.deleteAllJobs(queue)
    await boss.stop({ graceful: true, close: true })
  }
}

async function bossRuns(
  world: World,
  boss: PgBoss,
  jobs: number,
): Promise<{ perSecond: number; began: number[] }> {
  const began: number[] = []
  let done = 0
  const from = performance.now()
  const options = {
    batchSize: 100,
    localConcurrency: 4,
    pollingIntervalSeconds: 0.5,
    burstWhenBatchFull: true,
  }
  await boss.work<{ id: number }>(queue, options, async (batch) => {
    await Promise.all(
      batch.map(async ({ data }) => {
        began.push(Date.now())
        await world.owner.query({ name: 'effect', text: effect, values: [data.id] })
        done++
      }),
    )
  })
  await until('pg-boss has done all', () => done === jobs)
  const seconds = (performance.now() - from) / 1000
  await boss.offWork(queue)
  await mustHaveHappenedOnce(world, jobs)
  return { perSecond: jobs / seconds, began }
}

/** The effect and what enqueues its job, in one transaction each. */
async function changing(
  world: World,
  changes: number,
  enqueue: (client: pg.PoolClient, id: number) => Promise<unknown>,
): Promise<number> {
  let next = 0
  const clients = await Promise.all(Array.from({ length: 8 }, () => world.owner.connect()))
  const from = performance.now()
  await Promise.all(
    clients.map(async (client) => {
      while (next < changes) {
        const id = ++next
        await client.query('begin')
        await client.query({ name: 'effect', text: effect, values: [id] })
        await enqueue(client, id)
        await client.query('commit')
      }
    }),
  )
  const seconds = (performance.now() - from) / 1000
  for (const client of clients) client.release()
  await mustHaveHappenedOnce(world, changes)
  return changes / seconds
}
