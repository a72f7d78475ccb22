// Queue / drowsy: spares an actor whose work lies in rows the asking, while nothing was written and its time has not come. Only for
// a single process on a clock that is moved (rehearsals): there every write is this process's own, so nothing can be missed.
import type { Actor } from './actor.ts'

/**
 * @param commits how many transactions this process has committed so far
 */
export function drowsy(actor: Actor, commits: () => number): Actor {
  let known: { commits: number; nextAt: Date | null } | null = null
  const isFresh = () => known !== null && known.commits === commits()

  async function look(): Promise<Date | null> {
    const nextAt = await actor.nextAt()
    known = { commits: commits(), nextAt }
    return nextAt
  }

  return {
    name: actor.name,
    async runDue(now) {
      if (isFresh() && !(known?.nextAt && known.nextAt <= now)) return 0
      known = null
      const done = await actor.runDue(now)
      if (done === 0) await look()
      return done
    },
    nextAt: async () => (isFresh() ? known!.nextAt : look()),
    ...(actor.finish && { finish: () => actor.finish!() }),
  }
}
