// Bench / state: a call wakes: its new state, its history, its attempt and what shall go out over the line, in one transaction. As it is done:
// by the sweep, which takes many in one transaction; and by eight at once, each call in a transaction of its own, as a button does it. By the
// one shell that changes calls.
import { advance } from '../../src/calls/advance.ts'
import { floorTwo } from '../floors.ts'
import { graphileWorker, pgBoss } from '../peers.ts'
import { addCalls, forgetCalls } from '../receivers.ts'
import { atLeast, perSecond, type Row, said } from '../row.ts'
import type { World } from '../world.ts'
import { dispatched } from './dispatch.ts'

export const state: Row = {
  name: 'state',
  async measure(bench) {
    const world = await bench.world()
    const changes = bench.isQuick ? 48 : 2000
    return {
      F2: await floorTwo(world, changes * 2),
      ours: (await dispatched(world, changes)).sweep,
      alone: await woken(world, changes),
      GW: await graphileWorker.change(world, changes),
      PB: await pgBoss.change(world, changes),
    }
  },
  judge: ({ F2, ours, alone, GW, PB }) => [
    atLeast('state change with its effects, by the sweep', ours! / F2!, 0.65, 'F2'),
    atLeast('state change with its effects, by the sweep', ours! / GW!, 4, 'GW'),
    atLeast('state change with its effects, by the sweep', ours! / PB!, 4, 'PB'),
    atLeast('state change with its effects, each in a transaction', alone! / F2!, 0.65, 'F2'),
    said(
      'a second',
      `ours by the sweep ${perSecond(ours!)} and each in a transaction ${perSecond(alone!)}, F2 ${perSecond(F2!)}, GW ${perSecond(GW!)}, PB ${perSecond(PB!)}`,
    ),
  ],
}

async function woken(world: World, calls: number): Promise<number> {
  const { app } = world.worker
  await forgetCalls(world)
  await addCalls(world, calls, new Date())
  const { rows } = await world.owner.query<{ organisationId: string; id: string }>(
    `select organisation_id as "organisationId", id from call order by id`,
  )
  let next = 0
  const from = performance.now()
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let call = rows[next++]; call; call = rows[next++]) {
        const { id } = call
        await app.db.in(call, (tx) => advance(app, tx, id, { kind: 'woke' }))
      }
    }),
  )
  const seconds = (performance.now() - from) / 1000
  await mustAllRing(world, calls)
  return calls / seconds
}

async function mustAllRing({ owner }: World, calls: number): Promise<void> {
  const { rows } = await owner.query<{ attempts: number; outgoings: number; events: number }>(
    `select (select count(distinct call_id) from attempt)::int as attempts,
            (select count(distinct owner_id) from outgoing where state = 'waiting')::int as outgoings,
            (select count(*) from call_event)::int as events`,
  )
  const { attempts, outgoings, events } = rows[0]!
  if (attempts !== calls || outgoings !== calls || events !== calls)
    throw new Error(`of ${calls} calls ${attempts} have an attempt, ${outgoings} an outgoing`)
}
