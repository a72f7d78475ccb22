// Bench / workers: calls from due to placed by one worker and by two, each a process of its own, on one line without limits. And how busy
// the processors were, which says what limits.
import { cpus } from 'node:os'
import { addCalls, forgetCalls, placedCalls } from '../receivers.ts'
import { perSecond, type Row, said } from '../row.ts'
import { until } from '../until.ts'
import { startWorkers } from '../workers.ts'
import type { World } from '../world.ts'

export const workers: Row = {
  name: 'workers',
  async measure(bench) {
    const world = await bench.world()
    const calls = bench.isQuick ? 40 : 2000
    const [one, two] = [await placedBy(1, world, calls), await placedBy(2, world, calls)]
    return { one: one.rate, oneBusy: one.busy, two: two.rate, twoBusy: two.busy }
  },
  judge: ({ one, oneBusy, two, twoBusy }) => [
    said(
      'two workers against one, from due to placed',
      `${(two! / one!).toFixed(2)} × (${perSecond(two!)} against ${perSecond(one!)}); the processors were busy to ${percent(twoBusy!)} against ${percent(oneBusy!)}, so that ${
        twoBusy! > 0.9 ? 'they are the limit' : 'the one dispatcher of the line is the limit'
      }`,
    ),
  ],
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

async function placedBy(count: number, world: World, calls: number): Promise<{ rate: number; busy: number }> {
  const { connectionString } = world
  await forgetCalls(world)
  const started = await startWorkers(Array(count).fill({ connectionString, does: 'everything' }))
  try {
    await addCalls(world, calls, new Date())
    const [from, before] = [performance.now(), ticks()]
    await until('all were asked for', () => started.asked.length >= calls)
    await until('all are placed', async () => (await placedCalls(world)) === calls)
    const seconds = (performance.now() - from) / 1000
    const after = ticks()
    if (started.asked.length !== calls) throw new Error('a call was asked for twice')
    const all = after.all - before.all
    return { rate: calls / seconds, busy: (all - (after.idle - before.idle)) / all }
  } finally {
    await started.stop()
  }
}

function ticks(): { idle: number; all: number } {
  const times = cpus().map((processor) => processor.times)
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
  return { idle: sum(times.map(({ idle }) => idle)), all: sum(times.flatMap((time) => Object.values(time))) }
}
