// Bench / life: whole lives of calls: due, dialled at the exchange over HTTP, answered, a key, closed, over. By one worker, which answers
// the provider's webhooks too, with all its actors. The exchange is a process of its own and has its share of the same processors.
import { Hono } from 'hono'
import { lineRoutes } from '../../src/lines/lines.ts'
import { twilioPhone } from '../../src/outside/phone/twilio.ts'
import { listen } from '../../src/outside/server.ts'
import { startLoop } from '../../src/queue/loop.ts'
import { workActors } from '../../src/wiring.ts'
import { startChild, stopChild } from '../child.ts'
import type { ExchangeTask } from '../exchange-process.ts'
import { floorTwo } from '../floors.ts'
import { addCalls, forgetCalls, receivers } from '../receivers.ts'
import { atLeast, perSecond, type Row, said } from '../row.ts'
import { until } from '../until.ts'
import { inFlight, openWorker, type World } from '../world.ts'

const account = { sid: `AC${'0'.repeat(31)}3`, authToken: 'the-exchange-of-the-bench-only-here' }

export const life: Row = {
  name: 'life',
  async measure(bench) {
    const world = await bench.world()
    return {
      bare: await floorTwo(world, bench.isQuick ? 48 : 8000),
      ...(await lived(world, bench.isQuick ? 20 : 1000)),
    }
  },
  judge: ({ bare, lives, transactions }) => [
    atLeast('a call’s whole life', (lives! * transactions!) / bare!, 0.4, 'as many bare transactions'),
    said(
      'a second',
      `${perSecond(lives!)}, of ${transactions!.toFixed(1)} transactions each; bare transactions (F2) ${perSecond(bare!)}`,
    ),
  ],
}

async function lived(world: World, calls: number): Promise<{ lives: number; transactions: number }> {
  await forgetCalls(world)
  const numbers = (await receivers(world, calls)).map(({ phone }) => phone)
  const task: ExchangeTask = { account, lineNumber: '+441632960001', numbers }
  const { child, answer: apiUrl } = await startChild<string>('bench-exchange', task)
  const web = await listen('127.0.0.1', 0)
  const phone = twilioPhone({ accountSid: account.sid, authToken: account.authToken, apiUrl })
  const worker = await openWorker(world.connectionString, {
    phone,
    publicUrl: `http://127.0.0.1:${web.port}`,
  })
  const { app } = worker
  web.answerWith(new Hono().route('/lines', lineRoutes(app)).fetch)
  try {
    await addCalls(world, calls, new Date())
    const [from, commits] = [performance.now(), app.db.commits()]
    const loop = startLoop(app, workActors(app, { inFlight }))
    await until('every call is over', async () => (await over(world)) === calls)
    const seconds = (performance.now() - from) / 1000
    const transactions = (app.db.commits() - commits) / calls
    await loop.stop()
    return { lives: calls / seconds, transactions }
  } finally {
    await web.close()
    await worker.close()
    await stopChild(child)
  }
}

/** Acknowledged by a key, after one ring, of which we know the end. */
async function over({ owner }: World): Promise<number> {
  const { rows } = await owner.query<{ acknowledged: number; rings: number; over: number }>(
    `select (select count(*) from call where outcome = 'acknowledged')::int as acknowledged,
            (select count(*) from outgoing)::int as rings,
            (select count(*) from outgoing where state = 'ended')::int as over`,
  )
  const { acknowledged, rings, over } = rows[0]!
  return rings === acknowledged ? over : 0
}
