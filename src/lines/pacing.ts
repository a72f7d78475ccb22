// Lines / pacing: when the next call or text of a line may go out, and which of the waiting goes first. Pure. Called by
// dispatch.ts; the same order stands in dispatching/store.ts as SQL.

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

/** A fast line reserves its slots of so long ahead together: looking at the database for each would take longer than its interval. */
const aheadMs = 50
/** Reserved slots begin by timers, which may be some ms late: so that no second holds one too many, they lie this much apart. */
const slack = 1.02

/**
 * The next departures of a line, no more than `atMost`, and never closer together than its rate allows. One, and not before its time;
 * of a line whose slots lie closer than 50 ms those of the next 50 ms.
 * @returns `departures`, none while the line is not free; `nextAfter`, to be kept once so many of them are used; `lookAt`, when to ask again
 */
export function slots(
  next: Date,
  now: Date,
  perSecond: number,
  atMost: number,
): { departures: Date[]; nextAfter(used: number): Date; lookAt: Date } {
  const interval = (1000 / perSecond) * slack
  if (atMost === 1 || interval >= aheadMs) {
    const one = slot(next, now, perSecond)
    const isFree = one.at <= now
    return {
      departures: isFree ? [one.at] : [],
      nextAfter: () => one.next,
      lookAt: isFree ? one.next : one.at,
    }
  }
  const first = Math.max(next.getTime(), now.getTime())
  const count = Math.floor((now.getTime() + aheadMs - first) / interval) + 1
  const departures = Array.from({ length: Math.max(0, Math.min(count, atMost)) }, (_, place) =>
    later(first, place * interval),
  )
  const nextAfter = (used: number) => later(first, Math.ceil(used * interval))
  return { departures, nextAfter, lookAt: later(nextAfter(departures.length).getTime(), -aheadMs / 2) }
}

const later = (ms: number, by: number): Date => new Date(ms + by)

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
