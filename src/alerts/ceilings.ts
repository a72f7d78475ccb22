// Alerts / ceilings: how often one number may be rung and texted about alerts, so that a bad day does not ring one person sixty
// times. Pure. Called by notify.ts.
//
// Counted over all services of an organisation: every call and text about alerts that left or still waits; a call about several is
// one. Held back is only what tells a step. Never: an e-mail, what joins a call or text under way, a call for help, news, a reminder.
import type { Channel } from '../db/tables.ts'

const hour = 60 * 60_000
const day = 24 * hour

/** Not more than `most` within `withinMs`. */
export const ceilings = {
  call: {
    hour: { most: 6, withinMs: hour },
    day: { most: 20, withinMs: day },
  },
  text: {
    hour: { most: 12, withinMs: hour },
    day: { most: 40, withinMs: day },
  },
} as const

/** So far back the counting looks. */
export const countedMs = day

/** What became of a notification that was held back. */
export type HeldBack = 'held back: hour' | 'held back: day'

/**
 * Whether one more is too often.
 * @param before when a call or text about alerts was asked for at this number, in any order
 * @returns which ceiling it would break, or null
 */
export function heldBack(channel: Channel, before: readonly Date[], now: Date): HeldBack | null {
  if (channel === 'email') return null
  const since = ({ withinMs }: { withinMs: number }) =>
    before.filter((at) => at.getTime() > now.getTime() - withinMs).length
  const { hour: inHour, day: inDay } = ceilings[channel]
  if (since(inHour) >= inHour.most) return 'held back: hour'
  return since(inDay) >= inDay.most ? 'held back: day' : null
}

/** "six times within an hour", said of what went before. */
export function ceilingOf(
  channel: 'call' | 'text',
  held: HeldBack,
): { most: number; within: 'hour' | 'day' } {
  const within = held === 'held back: hour' ? 'hour' : 'day'
  return { most: ceilings[channel][within].most, within }
}
