// Watch / heartbeat: the actor with which a worker says that it works. It goes last in the worker's loop, so its row tells of a
// cycle that every other actor has finished: a loop that hangs in one of them beats no more, however alive its process is.
import type { App } from '../app.ts'
import { newId } from '../kit/ids.ts'
import { familiesOrganisation } from '../organisations/organisations.ts'
import type { Actor } from '../queue/actor.ts'
import { beat, forgetWorker } from './store.ts'

const everyMs = 5000
const forgottenAfterMs = 24 * 60 * 60_000
const ours = { organisationId: familiesOrganisation }

/** To be driven in real time only: it is never due, and never has a next instant. */
export function heartbeat(app: App): Actor {
  const startedAt = app.clock.now()
  const worker = { id: newId(startedAt), startedAt }
  let last: Date | null = null
  return {
    name: 'heartbeat',
    goesLast: true,
    async runDue(now) {
      if (last && Math.abs(now.getTime() - last.getTime()) < everyMs) return 0
      await app.db.in(ours, (tx) => beat(tx, worker, now, new Date(now.getTime() - forgottenAfterMs)))
      last = now
      return 0
    },
    nextAt: async () => null,
    /** One that is stopped on purpose is missed at once. */
    finish: () => app.db.in(ours, (tx) => forgetWorker(tx, worker.id)).catch(() => {}),
  }
}
