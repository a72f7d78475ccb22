// Outside / clock: the only file that reads the time. Everything else is given a Clock, so that a whole
// day can be rehearsed in seconds on the production code (docs/decisions/0002).

export interface Clock {
  /** The current instant of this application. In a rehearsal it stands still between events. */
  now(): Date
}

/** A clock that can be moved, never backwards. Exists on a laptop, in rehearsals and in tests only. */
export interface MovableClock extends Clock {
  /** Stand still at `instant`. Throws when `instant` lies before the present of this clock. */
  holdAt(instant: Date): void
  /** Stand still where it stands. */
  hold(): void
  /** Run on in real time from wherever the clock stands. */
  run(): void
  /** How far this clock is ahead of real time, in milliseconds. */
  aheadMs(): number
}

export function systemClock(): Clock {
  return { now: () => new Date() }
}

/**
 * A movable clock.
 * @param start held at this instant; without it the clock runs in real time, `aheadMs` ahead.
 */
export function movableClock({ start, aheadMs = 0 }: { start?: Date; aheadMs?: number } = {}): MovableClock {
  let held: number | null = start ? start.getTime() : null
  let ahead = aheadMs
  const read = () => held ?? Date.now() + ahead
  return {
    now: () => new Date(read()),
    holdAt(instant) {
      const at = instant.getTime()
      if (at < read()) throw new Error('the clock cannot be moved backwards')
      held = at
    },
    hold() {
      held = read()
    },
    run() {
      if (held === null) return
      ahead = held - Date.now()
      held = null
    },
    aheadMs: () => read() - Date.now(),
  }
}

/** Monotonic milliseconds, for "how long ago in this process" only. Never stored, never compared between nodes. */
export function monotonicMs(): number {
  return performance.now()
}
