// Queue / gate: lets many go on side by side, until somebody must be alone. Knows nothing of what they do. Called by loop.ts.

export interface Gate {
  /** Begin `work` as soon as nobody is alone or waits to be. */
  beside<T>(work: () => Promise<T>): Promise<T>
  /** Begin `work` once all that goes on is over; nothing else goes on meanwhile. Several are alone one after the other. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

export function gate(): Gate {
  const going = new Set<Promise<unknown>>()
  let wanted = 0
  let lastAlone: Promise<unknown> = Promise.resolve()
  return {
    async beside(work) {
      while (wanted > 0) await lastAlone
      const mine = work()
      going.add(mine)
      try {
        return await mine
      } finally {
        going.delete(mine)
      }
    },
    alone(work) {
      wanted++
      const mine = lastAlone
        .then(() => Promise.allSettled(going))
        .then(work)
        .finally(() => wanted--)
      lastAlone = mine.catch(() => {})
      return mine
    },
  }
}
