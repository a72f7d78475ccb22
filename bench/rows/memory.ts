// Bench / memory: what a worker process holds after its first ten thousand calls, from due to placed, and after a hundred thousand. After
// what it does not need was collected.
import { once } from 'node:events'
import { addCalls, forgetCalls, placedCalls } from '../receivers.ts'
import { atMost, type Row, said } from '../row.ts'
import { until } from '../until.ts'
import type { WorkerSays } from '../worker-process.ts'
import { startWorkers, type Workers } from '../workers.ts'
import type { World } from '../world.ts'

export const memory: Row = {
  name: 'memory',
  once: true,
  async measure(bench) {
    const world = await bench.world()
    const { connectionString } = world
    const atOnce = bench.isQuick ? 20 : 10_000
    const workers = await startWorkers([{ connectionString, does: 'everything' }])
    try {
      const first = await worked(world, workers, atOnce, 1)
      const then = await worked(world, workers, atOnce, 9)
      return { first: first.rss, firstHeap: first.heap, hundred: then.rss, hundredHeap: then.heap }
    } finally {
      await workers.stop()
    }
  },
  judge: ({ first, firstHeap, hundred, hundredHeap }) => [
    atMost('a worker’s memory after 100,000 calls', hundred! / first!, 1.1, 'after 10,000'),
    said(
      'in MB, of it the heap',
      `${mb(hundred!)}, ${mb(hundredHeap!)}; after 10,000 calls ${mb(first!)}, ${mb(firstHeap!)}`,
    ),
  ],
}

const mb = (bytes: number): string => (bytes / 1e6).toFixed(0)

async function worked(
  world: World,
  workers: Workers,
  atOnce: number,
  times: number,
): Promise<{ rss: number; heap: number }> {
  for (let time = 0; time < times; time++) {
    await forgetCalls(world)
    await addCalls(world, atOnce, new Date())
    await until('all are placed', async () => (await placedCalls(world)) === atOnce, 600)
  }
  const [worker] = workers.processes
  worker!.send('weigh')
  for (;;) {
    const [says] = (await once(worker!, 'message')) as [WorkerSays]
    if (says.kind === 'weighs') return says
  }
}
