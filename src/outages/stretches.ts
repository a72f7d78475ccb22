// Outages / stretches: from calls that were decided late to the stretches in which nobody was at work. Pure. Called by look.ts.

/** A call that was decided late. Instants; `decidedAt` null: not yet. */
export interface Late {
  dueAt: Date
  decidedAt: Date | null
}

/** `to`: when the first call was decided again; null: it goes on. */
export interface Stretch {
  from: Date
  to: Date | null
}

/** Half a minute: less is a moment's load, or a restart, and nobody notices. */
export const noticedMs = 30_000

/** Each run of calls whose waiting overlaps is one stretch, from the first due time to the first decision. @param late in any order */
export function stretchesOf(late: readonly Late[]): Stretch[] {
  const runs: Late[][] = []
  let waitsUntil = Number.NEGATIVE_INFINITY
  for (const call of late.toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime())) {
    if (call.dueAt.getTime() > waitsUntil) runs.push([])
    runs.at(-1)!.push(call)
    waitsUntil = Math.max(waitsUntil, call.decidedAt?.getTime() ?? Number.POSITIVE_INFINITY)
  }
  return runs.map((run) => ({ from: run[0]!.dueAt, to: firstDecision(run) }))
}

function firstDecision(run: readonly Late[]): Date | null {
  const decided = run.flatMap(({ decidedAt }) => decidedAt?.getTime() ?? [])
  return decided.length === 0 ? null : new Date(Math.min(...decided))
}

/**
 * What is left of a stretch when the last sign of work in it is known: a peak that only took long leaves nothing.
 * @param lastWork null: nothing was done between its ends
 */
export function unworked({ from, to }: Stretch, lastWork: Date | null, now: Date): Stretch | null {
  const since = lastWork && lastWork > from ? lastWork : from
  return (to ?? now).getTime() - since.getTime() > noticedMs ? { from: since, to } : null
}
