// Schedules / recurrence, the second opinion: finds slots by reading the clock of the place minute by minute, with
// Intl alone, knowing nothing of rules about gaps but what it sees. Slow and independent; used by tests only.

import { type Slot, WEEKDAYS, type Weekday } from './recurrence.ts'

const MINUTE = 60_000

/** As `slotsBetween` for weekdays, found by looking. */
export function scannedSlots(
  days: readonly Weekday[],
  time: string,
  zone: string,
  after: Date,
  throughIncl: Date,
): Slot[] {
  const dates = new Set<string>()
  for (
    let at = after.getTime() - 1440 * MINUTE;
    at <= throughIncl.getTime() + 1440 * MINUTE;
    at += 30 * MINUTE
  ) {
    dates.add(clockAt(at, zone).slice(0, 10))
  }
  return [...dates]
    .sort()
    .filter((date) => days.includes(WEEKDAYS[(new Date(`${date}T12:00Z`).getUTCDay() + 6) % 7]!))
    .map((date) => ({ localDate: date, localTime: time, dueAt: scanned(date, time, zone) }))
    .filter((slot) => slot.dueAt > after && slot.dueAt <= throughIncl)
}

/** The first minute at which the clock shows `date` and `time`; where it never does, as far past the jump as they are. */
function scanned(date: string, time: string, zone: string): Date {
  const wanted = `${date} ${time}`
  const around = Date.parse(`${date}T${time}Z`)
  let before = around - 16 * 60 * MINUTE
  for (let at = before; at <= around + 16 * 60 * MINUTE; at += MINUTE) {
    const clock = clockAt(at, zone)
    if (clock === wanted) return new Date(at)
    // The clock has jumped over the wanted time: go on counting with the clock as it was before the jump.
    if (clock > wanted)
      return new Date(before + (around - Date.parse(`${clockAt(before, zone).replace(' ', 'T')}Z`)))
    before = at
  }
  throw new Error(`${wanted} never comes in ${zone}`)
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** 'YYYY-MM-DD HH:MM' on the clock of `zone`; the Swedish form happens to be this one. */
function clockAt(instant: number, zone: string): string {
  const known = clocks.get(zone)
  const clock =
    known ??
    new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  if (!known) clocks.set(zone, clock)
  return clock.format(instant)
}
