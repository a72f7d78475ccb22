// Schedules / plan: which slots of a schedule become calls now, and when to look again. Pure. Called by planner.ts and store.ts.
//
// A slot is planned a day before it is due, so that the call is there long before anybody needs it, and no outage shorter than
// a day can delay one. After a longer outage every slot since then is planned all the same: calls decides that some are stale.
import { nextSlots, type Rule, type Slot, slotsBetween, type Weekday } from './recurrence.ts'

/** So long before it is due a slot has its call. */
export const aheadMs = 24 * 60 * 60 * 1000

/** When a schedule's calls are due, as it is stored. */
export type Timing = { localTime: string } & ({ days: readonly Weekday[] } | { onDate: string })

export interface Planned {
  slots: Slot[]
  /** every slot up to here has its call now */
  plannedThrough: Date
  /** when the next slot wants planning; null: there is none left */
  wakeAt: Date | null
}

/**
 * Plan what is to be planned at `now`.
 * @param plannedThrough every slot up to and including this instant has its call already
 * @param zone IANA zone of the receiver
 */
export function plan(timing: Timing, zone: string, plannedThrough: Date, now: Date): Planned {
  const rule = ruleOf(timing)
  const horizon = new Date(Math.max(now.getTime() + aheadMs, plannedThrough.getTime()))
  const [next] = nextSlots(rule, zone, horizon, 1)
  return {
    slots: slotsBetween(rule, zone, plannedThrough, horizon),
    plannedThrough: horizon,
    wakeAt: next ? new Date(next.dueAt.getTime() - aheadMs) : null,
  }
}

/** Where planning begins for a schedule made or changed at `now`: a slot due at this very instant still counts, an earlier one does not. */
export function beginning(now: Date): Date {
  return new Date(now.getTime() - 1)
}

/** The next `count` slots after `now`, for pages: planned or not. */
export function nextSlotsOf(timing: Timing, zone: string, now: Date, count: number): Slot[] {
  return nextSlots(ruleOf(timing), zone, now, count)
}

export function ruleOf(timing: Timing): Rule {
  return 'onDate' in timing
    ? { date: timing.onDate, time: timing.localTime }
    : { days: timing.days, time: timing.localTime }
}
