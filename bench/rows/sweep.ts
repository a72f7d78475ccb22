// Bench / sweep: a round of a worker's loop that finds nothing to do, with ten thousand schedules that are not due, with a
// million, and again with ten thousand.
import { workActors } from '../../src/wiring.ts'
import { forgetCalls, receivers } from '../receivers.ts'
import { atMost, median, type Row, said } from '../row.ts'
import { inFlight, type World } from '../world.ts'

export const sweep: Row = {
  name: 'sweep',
  once: true,
  async measure(bench) {
    const world = await bench.world()
    const [few, many, rounds] = bench.isQuick ? [20, 200, 5] : [10_000, 1_000_000, 300]
    await forgetCalls(world)
    await receivers(world, few)
    const before = await idleRound(world, rounds)
    await copySchedules(world, many - few)
    const among = await idleRound(world, rounds)
    await removeCopies(world)
    const after = await idleRound(world, rounds)
    return { few: (before + after) / 2, many: among }
  },
  judge: ({ few, many }) => [
    atMost('a round with 1,000,000 schedules that are not due', many! / few!, 1.2, 'with 10,000'),
    said(
      'a round of all actors, in ms',
      `${few!.toFixed(1)} with 10,000, ${many!.toFixed(1)} with 1,000,000`,
    ),
  ],
}

/** Milliseconds, half of the rounds take less. */
async function idleRound(world: World, rounds: number): Promise<number> {
  const { app } = world.worker
  const actors = workActors(app, { inFlight })
  const took: number[] = []
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    let done = 0
    for (const actor of actors) done += await actor.runDue(app.clock.now())
    // what was left over from before is not measured
    if (done === 0) took.push(performance.now() - began)
  }
  for (const actor of actors) await actor.finish?.()
  return median(took)
}

/** Schedules like those that are there, each to be planned at another minute of the coming weeks. */
async function copySchedules({ owner }: World, count: number): Promise<void> {
  await owner.query(
    `insert into schedule (organisation_id, id, service_id, message_id, kind, local_time, days, on_date, created_at, planned_through, wake_at, ended_at)
     select organisation_id, gen_random_uuid(), service_id, message_id, kind, local_time, days, on_date, created_at,
            planned_through, wake_at - make_interval(mins => (n % 20000)::int), '1970-01-01'
     from generate_series(0, $1::int / (select count(*) from schedule)::int) n cross join schedule limit $1::int`,
    [count],
  )
  await owner.query('vacuum analyze schedule')
}

/** The mark of a copy is an end that lies before everything. */
async function removeCopies({ owner }: World): Promise<void> {
  await owner.query(`delete from schedule where ended_at = '1970-01-01'`)
  await owner.query('vacuum (full, analyze) schedule')
}
