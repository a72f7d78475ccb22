// Bench / rush: ten thousand calls due at one instant, on a line without limits: how late is each asked of the provider? By one worker with
// all its actors, against jobs that fall due at one instant in the libraries.
import { startLoop } from '../../src/queue/loop.ts'
import { workActors } from '../../src/wiring.ts'
import { graphileWorker, pgBoss } from '../peers.ts'
import { addCalls, forgetCalls, receivers } from '../receivers.ts'
import { atMost, quantile, type Row, said, withinMs } from '../row.ts'
import { until } from '../until.ts'
import { inFlight, type World } from '../world.ts'

/** So long before the instant everybody is ready. */
const aheadMs = 4000

export const rush: Row = {
  name: 'rush',
  async measure(bench) {
    const world = await bench.world()
    const jobs = bench.isQuick ? 100 : 10_000
    return {
      ...spread('ours', await rushed(world, jobs, bench.isQuick ? 500 : aheadMs)),
      ...spread('GW', await graphileWorker.rush(world, jobs, bench.isQuick ? 500 : aheadMs)),
      ...spread('PB', await pgBoss.rush(world, jobs, bench.isQuick ? 500 : aheadMs)),
    }
  },
  judge: (m) => [
    atMost('10,000 due at once: 99 of 100 are no later than', m.oursP99! / m.GWP99!, 0.5, 'GW’s'),
    withinMs('10,000 due at once: the first', m.oursFirst!, 50),
    said(
      'late by, in ms: the first, half of them, 99 of 100, the last',
      (['ours', 'GW', 'PB'] as const)
        .map(
          (who) =>
            `${who} ${['First', 'P50', 'P99', 'Last'].map((at) => m[who + at]!.toFixed(0)).join(', ')}`,
        )
        .join('; '),
    ),
  ],
}

const spread = (who: string, late: readonly number[]) => ({
  [`${who}First`]: Math.min(...late),
  [`${who}P50`]: quantile(late, 0.5),
  [`${who}P99`]: quantile(late, 0.99),
  [`${who}Last`]: Math.max(...late),
})

async function rushed(world: World, calls: number, inMs: number): Promise<number[]> {
  const { app, phone } = world.worker
  await forgetCalls(world)
  await receivers(world, calls)
  // what is written before it is due takes its time too
  const dueAt = new Date(Date.now() + inMs + calls / 2)
  await addCalls(world, calls, dueAt)
  const loop = startLoop(app, workActors(app, { inFlight }))
  await until('every call was asked for', () => phone.asked.length >= calls, 600)
  await loop.stop()
  if (new Set(phone.asked.map(({ to }) => to)).size !== calls || phone.asked.length !== calls)
    throw new Error('a call was asked for twice')
  return phone.asked.map(({ at }) => at - dueAt.getTime())
}
