// Bench / limiter: one line of fifty calls a second and four workers that could send at it. Held against what the provider saw: no second,
// wherever it begins, with more than fifty, and hardly a slot unused.
import { addCalls, forgetCalls } from '../receivers.ts'
import { type Row, said } from '../row.ts'
import { until } from '../until.ts'
import { startWorkers } from '../workers.ts'
import { type World, withRate } from '../world.ts'

const rate = 50

export const limiter: Row = {
  name: 'limiter',
  async measure(bench) {
    const world = await bench.world()
    await forgetCalls(world)
    return withRate(world, rate, () => sendAll(world, bench.isQuick ? 60 : 1000))
  },
  judge: ({ above, most, used }) => [
    {
      what: `four workers on a line of ${rate} a second: seconds with more`,
      aim: '0',
      measured: `${above}`,
      isMet: above === 0,
    },
    {
      what: `four workers on a line of ${rate} a second: used`,
      aim: '≥ 0.95',
      measured: used!.toFixed(3),
      isMet: used! >= 0.95,
    },
    said('the most that was seen within one second', `${most}`),
  ],
}

async function sendAll(world: World, calls: number): Promise<{ above: number; most: number; used: number }> {
  const { connectionString } = world
  await addCalls(world, calls, new Date())
  const workers = await startWorkers(Array(4).fill({ connectionString, does: 'everything' }))
  try {
    await until('all have left', () => workers.asked.length >= calls)
  } finally {
    await workers.stop()
  }
  const at = workers.asked.map((ask) => ask.at).sort((a, b) => a - b)
  const within = at.map((from) => at.filter((other) => other >= from && other < from + 1000).length)
  return {
    above: within.filter((count) => count > rate).length,
    most: Math.max(...within),
    used: (calls - 1) / ((at.at(-1)! - at[0]!) / 1000) / rate,
  }
}
