// Lines / pacing: when the next call or text of a line may go out, and which of the waiting goes first. Pure. Called by
// dispatch.ts; the same order stands in store.ts as SQL.

/**
 * The generic cell rate algorithm without a burst: two departures are never closer than one interval, whatever lies between.
 * @param next when the line may send again, as kept in its row
 * @param perSecond departures in a second, above 0
 * @returns `at`, the earliest departure (now, when the line is free), and `next` to be kept once something departs then
 */
export function slot(next: Date, now: Date, perSecond: number): { at: Date; next: Date } {
  const at = next > now ? next : now
  // rounded up: a thousandth too late is never too fast
  return { at, next: new Date(at.getTime() + Math.ceil(1000 / perSecond)) }
}

export interface Waiting {
  priority: number
  usefulUntil: Date
  id: string
}

/**
 * Negative when `a` goes before `b`: alerts, then help, then retries, then new calls; among equals what is of use for the
 * shortest time; then in the order of asking, which is the order of ids.
 */
export function compareWaiting(a: Waiting, b: Waiting): number {
  return (
    a.priority - b.priority ||
    a.usefulUntil.getTime() - b.usefulUntil.getTime() ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  )
}
