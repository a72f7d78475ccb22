// Queue / drowsy: spares an actor whose work lies in rows the asking, while nothing was written and its time has not come. Only for
// a single process on a clock that is moved (rehearsals): there every write is this process's own, so nothing can be missed.
import type { Actor } from './actor.ts'

/**
 * @param commits how many transactions this process has committed so far
 */
export function drowsy(actor: Actor, commits: () => number): Actor {
  let known: { commits: number; nextAt: Date | null } | null = null

  async function nextAt(): Promise<Date | null> {
    if (known?.commits !== commits()) known = { commits: commits(), nextAt: await actor.nextAt() }
    return known.nextAt
  }

  return {
    name: actor.name,
    async runDue(now) {
      const at = await nextAt()
      if (!at || at > now) return 0
      // it may know its next time by heart, and have written nothing
      known = null
      return actor.runDue(now)
    },
    nextAt,
    ...(actor.finish && { finish: () => actor.finish!() }),
  }
}
