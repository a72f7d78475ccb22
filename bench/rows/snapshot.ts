// Bench / snapshot: somebody holds a snapshot open for a minute, as a backup does, so that nothing that was deleted or changed meanwhile can be
// cleaned up. Calls live their whole lives all the while; the last third of that minute is held against twenty seconds before it.
import { setTimeout as pause } from 'node:timers/promises'
import { Hono } from 'hono'
import { lineRoutes } from '../../src/lines/lines.ts'
import { startLoop } from '../../src/queue/loop.ts'
import { workActors } from '../../src/wiring.ts'
import { addCalls, forgetCalls } from '../receivers.ts'
import { atLeast, perSecond, type Row, said } from '../row.ts'
import { inFlight, openWorker, type World } from '../world.ts'

export const snapshot: Row = {
  name: 'snapshot',
  once: true,
  async measure(bench) {
    const world = await bench.world()
    await forgetCalls(world)
    return underLoad(world, bench.isQuick ? 0.5 : 20)
  },
  judge: ({ normal, held }) => [
    atLeast('with a snapshot held open for a minute', held! / normal!, 0.95, 'the throughput before'),
    said('calls a second', `${perSecond(normal!)} before, ${perSecond(held!)} at the end of that minute`),
  ],
}

async function underLoad(world: World, seconds: number): Promise<{ normal: number; held: number }> {
  const worker = await openWorker(world.connectionString)
  const { app, phone } = worker
  phone.connect(new Hono().route('/lines', lineRoutes(app)))
  const loop = startLoop(app, workActors(app, { inFlight }))
  const feeding = feed(world, () => phone.asked.length)
  const during = async () => {
    const before = phone.asked.length
    await pause(seconds * 1000)
    return (phone.asked.length - before) / seconds
  }
  try {
    await during()
    const normal = await during()
    const holder = await world.owner.connect()
    await holder.query('begin isolation level repeatable read; select count(*) from call')
    await pause(seconds * 2000)
    const held = await during()
    await holder.query('commit')
    holder.release()
    return { normal, held }
  } finally {
    feeding.stop()
    await feeding.done
    await loop.stop()
    await phone.finish()
    await worker.close()
  }
}

/** So many calls always wait, and no more, so that there is always work. */
const waitingAtMost = 400

function feed(world: World, left: () => number): { stop(): void; done: Promise<void> } {
  let stopped = false
  let added = 0
  async function run(): Promise<void> {
    while (!stopped) {
      if (added - left() > waitingAtMost / 2) {
        await pause(20)
        continue
      }
      await addCalls(world, waitingAtMost, new Date(), { from: added, areTests: true })
      added += waitingAtMost
    }
  }
  return {
    stop() {
      stopped = true
    },
    done: run(),
  }
}
