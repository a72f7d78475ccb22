// Bench / life: whole lives of calls: due, dialled, answered, a key, closed, over: nine steps, each of which is a transaction when nothing else
// goes on (woken, claimed, placed, and six webhooks). By one worker with all its actors, which also answers the webhooks of each call, through its own routes, as fast as they come. (The exchange would tell one thing after the other, so that a
// rehearsal can be repeated: with it this would measure the exchange.)
import { Hono } from 'hono'
import { lineRoutes } from '../../src/lines/lines.ts'
import { startLoop } from '../../src/queue/loop.ts'
import { workActors } from '../../src/wiring.ts'
import { floorTwo } from '../floors.ts'
import { addCalls, forgetCalls } from '../receivers.ts'
import { atLeast, perSecond, type Row, said } from '../row.ts'
import { until } from '../until.ts'
import { inFlight, openWorker, type World } from '../world.ts'

const webhooks = 6
const steps = 3 + webhooks

export const life: Row = {
  name: 'life',
  async measure(bench) {
    const world = await bench.world()
    return {
      bare: await floorTwo(world, bench.isQuick ? 48 : 8000),
      ...(await lived(world, bench.isQuick ? 20 : 2000)),
    }
  },
  judge: ({ bare, lives, transactions }) => [
    atLeast(
      'a call’s whole life',
      (lives! * steps) / bare!,
      0.4,
      'as many bare transactions as it has steps',
    ),
    said(
      'a second',
      `${perSecond(lives!)}, of ${steps} steps each, in ${transactions!.toFixed(1)} transactions; bare transactions (F2) ${perSecond(bare!)}`,
    ),
  ],
}

async function lived(world: World, calls: number): Promise<{ lives: number; transactions: number }> {
  await forgetCalls(world)
  const worker = await openWorker(world.connectionString)
  const { app, phone } = worker
  phone.connect(new Hono().route('/lines', lineRoutes(app)))
  try {
    await addCalls(world, calls, new Date())
    const [from, commits] = [performance.now(), app.db.commits()]
    const loop = startLoop(app, workActors(app, { inFlight }))
    await until('every call was asked for', () => phone.asked.length >= calls)
    await phone.finish()
    await until('every call is over', async () => (await over(world)) === calls)
    const seconds = (performance.now() - from) / 1000
    const transactions = (app.db.commits() - commits) / calls
    await loop.stop()
    await phone.finish()
    return { lives: calls / seconds, transactions }
  } finally {
    await worker.close()
  }
}

/** Acknowledged by a key, after one ring, of which we know the end, and every step of it is kept. */
async function over({ owner }: World): Promise<number> {
  const { rows } = await owner.query<{ acknowledged: number; rings: number; over: number; told: number }>(
    `select (select count(*) from call where outcome = 'acknowledged')::int as acknowledged,
            (select count(*) from outgoing)::int as rings,
            (select count(*) from outgoing where state = 'ended')::int as over,
            (select count(*) from provider_exchange)::int as told`,
  )
  const { acknowledged, rings, over, told } = rows[0]!
  return rings === acknowledged && told === rings * (1 + webhooks) ? over : 0
}
