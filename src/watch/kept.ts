// Watch / kept: how everything stands as the rows have it, for a process that does not watch itself. Called through the door.
import type { App } from '../app.ts'
import { inOrder } from './alarm.ts'
import { keptAlarms, lastLook } from './store.ts'
import type { Standing } from './types.ts'

/** @throws when the database cannot be asked */
export async function keptStanding(app: App): Promise<Standing> {
  return app.db.look(async (tx) => {
    const lookedAt = await lastLook(tx)
    const alarms = (await keptAlarms(tx)).filter(({ state }) => state === 'raised')
    return {
      lookedAt,
      ageMs: lookedAt && Math.max(0, app.clock.now().getTime() - lookedAt.getTime()),
      alarms: inOrder(alarms),
      rows: null,
    }
  })
}
