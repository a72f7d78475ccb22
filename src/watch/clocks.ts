// Watch / clocks: whether the system's clock jumped, and whether the application's was moved on purpose, from look to look. Called by
// round.ts once a look.
import type { Clock, MovableClock } from '../outside/clock.ts'

/** Wall clock and monotonic clock drift apart by milliseconds an hour. Further than this within one look, one of them was moved. */
const jumpMs = 5000
/** A jump is over in a moment; it counts for so long. */
const jumpRemainsMs = 5 * 60_000
/** How much a clock that runs can seem to move between two looks. */
const heldMs = 500

export interface Clocks {
  /** the system's clock, not the application's: that one may be moved on purpose */
  wall: Clock
  monotonicMs: () => number
  /** the application's clock, where it can be moved; null in production */
  movable: Pick<MovableClock, 'aheadMs'> | null
}

/** When the wall clock last went another way than the monotonic one; null once that is past. */
export function jumpWatcher({ wall, monotonicMs }: Clocks): () => Date | null {
  let last = { wall: wall.now().getTime(), ms: monotonicMs() }
  let jumped: { at: Date; ms: number } | null = null
  return () => {
    const now = { wall: wall.now().getTime(), ms: monotonicMs() }
    const apart = now.wall - last.wall - (now.ms - last.ms)
    last = now
    if (Math.abs(apart) > jumpMs) jumped = { at: new Date(now.wall), ms: now.ms }
    if (jumped && now.ms - jumped.ms > jumpRemainsMs) jumped = null
    return jumped?.at ?? null
  }
}

/** Was the application's clock moved on purpose since the last look? */
export function moveWatcher({ movable }: Clocks): () => boolean {
  let last = movable?.aheadMs() ?? 0
  return () => {
    const ahead = movable?.aheadMs() ?? 0
    const isMoved = Math.abs(ahead - last) > heldMs
    last = ahead
    return isMoved
  }
}
