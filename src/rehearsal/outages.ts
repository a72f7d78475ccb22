// Rehearsal / outages: what it means that CallAssist is away: no actor of ours runs, and nothing of ours answers over HTTP, while the
// exchange, the telephones and the mail room live on. Pure but for the actor that it wraps. Called by run.ts.
import type { Clock } from '../outside/clock.ts'
import type { Actor } from '../queue/actor.ts'
import type { Scenario } from './scenario.ts'

export interface Outage {
  /** the first instant of it */
  from: Date
  /** the first instant after it */
  to: Date
  /** pages and webhooks still answer */
  hasWeb: boolean
}

export function outagesOf({ actions }: Pick<Scenario, 'actions'>): Outage[] {
  return actions.flatMap((action) =>
    action.do === 'outage'
      ? [{ from: action.at, to: new Date(action.at.getTime() + action.minutes * 60_000), hasWeb: action.web }]
      : [],
  )
}

const at = (outages: readonly Outage[], now: Date): Outage | undefined =>
  outages.find(({ from, to }) => from <= now && now < to)

export const isWebAway = (outages: readonly Outage[], now: Date): boolean =>
  at(outages, now)?.hasWeb === false

/** The same actor, away during the outages: what was due meanwhile is due at their end. */
export function awayDuring(outages: readonly Outage[], clock: Clock, actor: Actor): Actor {
  return {
    ...actor,
    runDue: async (now) => (at(outages, now) ? 0 : actor.runDue(now)),
    async nextAt() {
      const wanted = await actor.nextAt()
      if (!wanted) return null
      const now = clock.now()
      return at(outages, wanted > now ? wanted : now)?.to ?? wanted
    },
  }
}
