// Bench / killed: a worker is killed, as by kill -9, while it asks for a call, and another lives. When does the line move on, and when does
// somebody look what became of the call that was in its hands?
import { once } from 'node:events'
import { addCalls, forgetCalls } from '../receivers.ts'
import { type Row, withinMs } from '../row.ts'
import { until } from '../until.ts'
import { startWorkers } from '../workers.ts'
import { type World, withRate } from '../world.ts'

export const killed: Row = {
  name: 'killed',
  async measure(bench) {
    const world = await bench.world()
    await forgetCalls(world)
    return withRate(world, 20, () => killOne(world, bench.isQuick ? 3 : 40))
  },
  judge: ({ line, call }) => [
    withinMs('a worker killed: its line moves on after', line!, 1000),
    withinMs('a worker killed: what became of the call in its hands is asked after', call!, 1000),
  ],
}

async function killOne(world: World, asks: number): Promise<{ line: number; call: number }> {
  const { connectionString } = world
  await addCalls(world, 400, new Date())
  const first = await startWorkers([{ connectionString, does: 'everything', diesAsking: asks }])
  const dead = once(first.processes[0]!, 'exit').then(() => Date.now())
  await until('the first worker works', () => first.asked.length > 0)
  const second = await startWorkers([{ connectionString, does: 'everything' }])
  try {
    const diedAt = await dead
    await until('the other worker goes on', () => second.asked.some(({ at }) => at > diedAt), 60)
    await until('the other worker looks', () => second.sought.length > 0, 60)
    return {
      line: second.asked.find(({ at }) => at > diedAt)!.at - diedAt,
      call: second.sought[0]!.at - diedAt,
    }
  } finally {
    await second.stop()
  }
}
