// Exchange / pacer: the provider's own queue of one line. Lets things begin at most so many a second, first come first
// served. Pure apart from the timeline it is given. Called for calls (calls.ts) and for texts (texts.ts).
import type { Appointment, Timeline } from './timeline.ts'

export interface Pacer<T> {
  /** Begins at once when the line is free, otherwise when its turn comes. */
  push(item: T, at: number): void
  /** Out of the queue, so that those behind move up. False when it is not in the queue (any more). */
  remove(item: T): boolean
  /** How long something pushed at `at` would wait, in milliseconds. */
  waitMs(at: number): number
}

/**
 * @param perSecond beginnings per second, on the average and in every second
 * @param begin called for each item in turn, with the instant of its turn
 */
export function createPacer<T>(
  timeline: Timeline,
  perSecond: number,
  begin: (item: T, at: number) => void,
): Pacer<T> {
  const gapMs = 1000 / perSecond
  const waiting: T[] = []
  let freeAt = 0
  let turn: Appointment | null = null

  function arrange(at: number): void {
    if (turn || waiting.length === 0) return
    turn = timeline.add(Math.max(at, instantOf(freeAt)), (now) => {
      turn = null
      const item = waiting.shift()
      if (item === undefined) return
      // the exact, not the rounded-up instant is carried on, so that roundings do not add up
      freeAt = (now === instantOf(freeAt) ? freeAt : now) + gapMs
      begin(item, now)
      arrange(now)
    })
  }

  return {
    push(item, at) {
      waiting.push(item)
      arrange(at)
    },
    remove(item) {
      const place = waiting.indexOf(item)
      if (place < 0) return false
      waiting.splice(place, 1)
      if (waiting.length === 0) {
        turn?.cancel()
        turn = null
      }
      return true
    },
    waitMs: (at) => Math.max(0, instantOf(freeAt) - at) + Math.round(waiting.length * gapMs),
  }
}

/** The whole millisecond of an exact instant: never before it, and not pushed to the next one by what thirds leave over. */
const instantOf = (exact: number): number => Math.ceil(exact - 1e-6)
