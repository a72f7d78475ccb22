// A worker is killed in the middle of asking, and another lives: on one real PostgreSQL, where the connection that shows that a worker
// lives is its own.
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { type LinesWorld, lineId, linesWorld } from '../../test/support/lines.ts'
import type { App } from '../app.ts'
import { silentLog } from '../kit/log.ts'
import { type Bell, databaseBell } from '../queue/bell.ts'
import { claimNext, newHolder } from './dispatch.ts'
import { lineActors } from './lines.ts'

const nine = new Date('2026-11-24T09:00:00Z')

async function worker({ app }: LinesWorld): Promise<App & { bell: Bell }> {
  const bell = await databaseBell(app.db.connectionString, silentLog)
  onTestFinished(() => bell.close())
  return { ...app, bell }
}

/** As when its process is killed: the server ends the session, and nobody is told. */
async function kill({ app }: LinesWorld, { bell }: App): Promise<void> {
  const client = new pg.Client({ connectionString: app.db.connectionString })
  await client.connect()
  await bell.close()
  const gone = `select not exists (select 1 from pg_locks where locktype = 'advisory' and (classid::bigint << 32 | objid::bigint) = $1) as gone`
  while (!(await client.query(gone, [bell.presence])).rows[0].gone);
  await client.end()
}

test('a worker that is killed: another takes its line at once, and finds out about what was in its hands', async () => {
  const world = await linesWorld()
  const [first, second] = [await worker(world), await worker(world)]
  const [inHand, waiting] = [
    await world.ring({ to: '+441632960101' }),
    await world.ring({ to: '+441632960102' }),
  ]
  const holder = newHolder('first')
  const claimed = await claimNext(first, holder, lineId, 'call', nine)
  expect(claimed.map(({ outgoing }) => outgoing.id)).toEqual([inHand])
  world.app.pass(1)
  const [other] = lineActors(second, { inFlight: 1 })
  expect(await other!.runDue(world.app.clock.now())).toBe(0)

  const searched: string[] = []
  const { findCalls } = world.app.phone
  world.app.phone.findCalls = async (asked) => {
    searched.push(asked.to)
    return findCalls(asked)
  }
  await kill(world, first)
  // a look every quarter of a second, of the real clock
  await expect.poll(async () => other!.runDue(world.app.clock.now()), { timeout: 5000, interval: 20 }).toBe(1)
  await other!.runDue(world.app.clock.now())
  expect(searched).toEqual(['+441632960101'])
  expect(world.app.phone.calls.map(({ to }) => to)).toEqual(['+441632960102'])
  expect(await world.row(waiting)).toMatchObject({ state: 'placed' })
  expect(await world.row(inHand)).toMatchObject({ state: 'unknown' })
  // whoever only seemed to be gone has lost the line: its token opens nothing any more
  await world.ring({ to: '+441632960103' })
  world.app.pass(1)
  expect(await claimNext(first, holder, lineId, 'call', world.app.clock.now())).toEqual([])
})

test('a worker that lives keeps its line for its lease, and one without a lock keeps it too', async () => {
  const world = await linesWorld()
  const [first, second] = [await worker(world), await worker(world)]
  for (const app of [first, world.app]) {
    const [mine, other] = [lineActors(app, { inFlight: 1 })[0]!, lineActors(second, { inFlight: 1 })[0]!]
    world.app.pass(6)
    await world.ring({ to: `+4416329601${10 + world.app.phone.calls.length}` })
    expect(await mine.runDue(world.app.clock.now())).toBe(1)
    await world.ring({ to: `+4416329601${10 + world.app.phone.calls.length}` })
    world.app.pass(4)
    expect(await other.runDue(world.app.clock.now())).toBe(0)
    world.app.pass(2)
    expect(await other.runDue(world.app.clock.now())).toBe(1)
  }
})
