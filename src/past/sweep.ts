// Past / sweep: the actor that moves what is long over to the past. Once a day, a few calls at a time with a rest between, so that it
// never stands in the way of a call that is due. Any number of processes may run it.
import type { App } from '../app.ts'
import { livingSince } from '../db/past.ts'
import type { Actor } from '../queue/actor.ts'
import { moveBatch, nextLook, putLookOff, takeLook } from './store.ts'

/** Moved in one transaction: some 300 rows, in tens of milliseconds, for which the loop of a worker stands still. */
const callsAtOnce = 20
const restMs = 1000
/** When most of Europe sleeps and no call is due: 03:40 in UTC. */
const lookAtMinute = 3 * 60 + 40
const dayMs = 24 * 60 * 60_000

export function pastActors(app: App): Actor[] {
  return [
    {
      name: 'past',
      isQuiet: true,
      async runDue(now) {
        // put off first: what cannot be moved today is tried tomorrow, and stops nothing meanwhile
        if (!(await app.db.everywhere((tx) => takeLook(tx, now, nextNight(now))))) return 0
        const moved = await app.db.everywhere((tx) => moveBatch(tx, longOver(now), callsAtOnce))
        const soon = new Date(now.getTime() + restMs)
        if (moved > 0) await app.db.everywhere((tx) => putLookOff(tx, soon))
        return 1
      },
      nextAt: () => app.db.look((tx) => nextLook(tx)),
    },
  ]
}

/** A day later than pages begin to look for calls in the past, because the clocks of two machines differ. */
const longOver = (now: Date): Date => new Date(livingSince(now).getTime() - dayMs)

function nextNight(now: Date): Date {
  const today = Math.floor(now.getTime() / dayMs) * dayMs + lookAtMinute * 60_000
  return new Date(today > now.getTime() ? today : today + dayMs)
}
