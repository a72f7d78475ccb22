// Schedules / planner: the actor that keeps every schedule planned a day ahead. One transaction for each schedule, so that a
// poisoned one stops only itself; any number of processes may run it.
import type { App } from '../app.ts'
import type { Actor } from '../queue/actor.ts'
import { dueSchedules, nextScheduleAt, planSchedule, stepAside } from './store.ts'

const atMost = 100
/** Planning is a day ahead, so a schedule that fails is tried some hundred times before its first call would be late. */
const asideMs = 10 * 60 * 1000

/** The actor that plans schedules, for the worker's loop. */
export function scheduleActors(app: App): Actor[] {
  return [
    {
      name: 'schedules',
      async runDue(now) {
        let done = 0
        for (const due of await dueSchedules(app, now, atMost)) {
          if (await planOne(app, due, now)) done++
        }
        return done
      },
      nextAt: () => nextScheduleAt(app),
    },
  ]
}

async function planOne(app: App, due: { organisationId: string; id: string }, now: Date): Promise<boolean> {
  try {
    return await app.db.in({ organisationId: due.organisationId }, (tx) => planSchedule(app, tx, due.id))
  } catch (error) {
    app.log.error('a schedule could not be planned; it is tried again later', error, { schedule: due.id })
    await stepAside(app, due, new Date(now.getTime() + asideMs))
    return true
  }
}
