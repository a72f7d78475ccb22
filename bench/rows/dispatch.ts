// Bench / dispatch: calls that wait at a line without limits, until the provider has taken each and that is saved: claim, slot, attempt,
// history. By the worker's own loop and the actors of the lines.
import { callActors } from '../../src/calls/calls.ts'
import { lineActors } from '../../src/lines/lines.ts'
import { settle, startLoop } from '../../src/queue/loop.ts'
import { floorOne } from '../floors.ts'
import { graphileWorker, pgBoss } from '../peers.ts'
import { addCalls, forgetCalls, placedCalls } from '../receivers.ts'
import { atLeast, perSecond, type Row, said } from '../row.ts'
import { until } from '../until.ts'
import { inFlight, type World } from '../world.ts'

export const dispatch: Row = {
  name: 'dispatch',
  async measure(bench) {
    const world = await bench.world()
    const jobs = bench.isQuick ? 48 : 2000
    return {
      F1: await floorOne(world, jobs * 2),
      ...(await dispatched(world, jobs)),
      GW: await graphileWorker.work(world, jobs),
      PB: await pgBoss.work(world, jobs),
    }
  },
  judge: ({ F1, ours, sweep, GW, PB }) => [
    atLeast('dispatch', ours! / F1!, 0.6, 'F1'),
    atLeast('dispatch', ours! / GW!, 1.2, 'GW'),
    atLeast('dispatch', ours! / PB!, 1.2, 'PB'),
    said(
      'a second',
      `ours ${perSecond(ours!)}, F1 ${perSecond(F1!)}, GW ${perSecond(GW!)}, PB ${perSecond(PB!)}; before it one worker’s sweep woke ${perSecond(sweep!)}`,
    ),
  ],
}

/** So many calls, woken and then placed; and how many a second each. */
export async function dispatched(world: World, calls: number): Promise<{ ours: number; sweep: number }> {
  const { app, phone } = world.worker
  await forgetCalls(world)
  await addCalls(world, calls, new Date())
  const sweeping = performance.now()
  await settle(app.clock, callActors(app, { atOnce: 2 }))
  const swept = (performance.now() - sweeping) / 1000
  await world.owner.query('vacuum analyze call, attempt, call_event, outgoing')

  const from = performance.now()
  const loop = startLoop(app, lineActors(app, { inFlight }))
  await until('every call was asked for', () => phone.asked.length >= calls)
  await until('every call is saved as placed', async () => (await placedCalls(world)) === calls)
  const seconds = (performance.now() - from) / 1000
  await loop.stop()
  if (new Set(phone.asked.map(({ to }) => to)).size !== calls || phone.asked.length !== calls)
    throw new Error('a call was asked for twice')
  return { ours: calls / seconds, sweep: calls / swept }
}
