// Siege / leap: lets everybody's clock leap over times in which nothing is due and nothing is under way. So a week passes in minutes, and
// blows fall where something happens. Called by siege.ts.

import type { Actor } from '../../src/queue/actor.ts'
import { nextEvent } from '../../src/queue/loop.ts'
import { workActors } from '../../src/wiring.ts'
import type { SharedClock } from './clock.ts'
import type { Outside } from './outside.ts'

/** A leap ends so long before the next event, and a wait shorter than this one is waited for. */
const soonMs = 12_000
const beforeMs = 3000

export interface Leaper {
  /** When next something is due; null when something is due now or under way, or PostgreSQL cannot be asked. */
  idleUntil(): Promise<Date | null>
  /** Leap to just before `at`. */
  leapTo(at: Date): void
}

export const isSoon = (at: Date, now: Date): boolean => at.getTime() - now.getTime() < soonMs

export function leaper(outside: Outside, clock: SharedClock, besides: readonly Actor[]): Leaper {
  const { app, exchange, doors } = outside
  const actors = [...workActors(app, { inFlight: 1 }).filter((actor) => !actor.isQuiet), ...besides]

  /** Somebody asks the provider just now, or will look for what came of it. */
  const isAsking = () =>
    app.db.look(async ({ sql }) => {
      const row = await sql
        .selectFrom('outgoing')
        .select('id')
        .where('state', 'in', ['claimed', 'unknown'])
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    })

  return {
    async idleUntil() {
      try {
        if (await isAsking()) return null
        const next = await nextEvent([...actors, exchange.actor, doors.actor])
        if (!next) return new Date(8.64e15)
        return next > app.clock.now() ? next : null
      } catch {
        return null
      }
    },
    leapTo: (at) => clock.leap(at.getTime() - app.clock.now().getTime() - beforeMs),
  }
}
