// Forecast / predict: how late the calls of the coming day will be on one line. Pure. Called by ahead.ts.
//
// It lives through the day as the dispatcher will: calls leave at the line's rate, second tries before first ones, and no more at
// once than the line has places. What nobody can know, who answers, it takes from experience: of every hundred first tries so many
// are followed by a second, spread evenly. Alerts are few and go first anyway; they are left out.

/** One call that is planned. */
export interface Coming {
  dueAt: Date
  /** how often it is tried at most */
  attempts: number
  /** from the start of a try to the start of the next */
  gapMs: number
}

/** What past weeks say. */
export interface Experience {
  /** of the first, second, … tries the share that another follows, 0 to 1 */
  goesOn: readonly number[]
  /** how long a try occupies the line */
  tryMs: number
}

export interface Pace {
  callsPerSecond: number
  concurrentCalls: number
}

/** A stretch in which the line never rests: from the first call that is due in it to the last that leaves. */
export interface Peak {
  from: Date
  until: Date
  /** calls due in it */
  calls: number
  /** second and later tries made in it */
  again: number
  /** of the call that leaves latest after its time */
  worstLateMs: number
}

interface Try {
  readyMs: number
  dueMs: number
  number: number
  coming: Coming
}

/** @param coming in any order. @returns peaks in order of time; every call is in exactly one */
export function peaksOf(coming: readonly Coming[], pace: Pace, experience: Experience): Peak[] {
  const first = coming
    .map((one): Try => ({ readyMs: one.dueAt.getTime(), dueMs: one.dueAt.getTime(), number: 1, coming: one }))
    .sort((a, b) => a.readyMs - b.readyMs)
  const again: Try[] = []
  const owed = experience.goesOn.map(() => 0)
  const places = placesOf(pace.concurrentCalls)
  const intervalMs = 1000 / pace.callsPerSecond
  const peaks: { from: number; until: number; calls: number; again: number; worst: number }[] = []
  let freeMs = Number.NEGATIVE_INFINITY
  let next = 0

  for (;;) {
    const earliest = Math.min(
      first[next]?.readyMs ?? Number.POSITIVE_INFINITY,
      again[0]?.readyMs ?? Number.POSITIVE_INFINITY,
    )
    if (earliest === Number.POSITIVE_INFINITY) break
    const now = Math.max(earliest, freeMs, places.freeAt())
    const one =
      again[0] && again[0].readyMs <= now
        ? again.shift()!
        : first[next]!.readyMs <= now
          ? first[next++]!
          : again.shift()!
    freeMs = now + intervalMs
    places.take(now, experience.tryMs)
    note(one, now)
    if (isFollowed(one)) insert(again, { ...one, readyMs: now + one.coming.gapMs, number: one.number + 1 })
  }
  return peaks.map(({ from, until, calls, again, worst }) => ({
    from: new Date(from),
    until: new Date(until),
    calls,
    again,
    worstLateMs: Math.round(worst),
  }))

  /** A second try belongs to the peak in which it is made; one that is made in a quiet minute to the one before. */
  function note(one: Try, now: number): void {
    const last = peaks.at(-1)
    const isNew = one.number === 1 && (!last || one.readyMs > last.until + intervalMs)
    if (isNew) peaks.push({ from: one.dueMs, until: now, calls: 1, again: 0, worst: now - one.dueMs })
    else if (last && one.number === 1) {
      last.calls++
      last.until = now
      last.worst = Math.max(last.worst, now - one.dueMs)
    } else if (last) {
      last.again++
      if (one.readyMs <= last.until + intervalMs) last.until = now
    }
  }

  function isFollowed({ number, coming }: Try): boolean {
    if (number >= coming.attempts) return false
    const share = experience.goesOn[number - 1] ?? experience.goesOn.at(-1) ?? 0
    const place = Math.min(number - 1, owed.length - 1)
    if (place < 0) return false
    owed[place] = owed[place]! + share
    if (owed[place]! < 1) return false
    owed[place] = owed[place]! - 1
    return true
  }
}

/** Keeps the tries in the order in which they are ready; nearly always the new one is the last. */
function insert(tries: Try[], one: Try): void {
  let place = tries.length
  while (place > 0 && tries[place - 1]!.readyMs > one.readyMs) place--
  tries.splice(place, 0, one)
}

/** The line's places. Every try takes as long as any other, so the first to begin is the first to end. */
function placesOf(count: number) {
  const ends: number[] = []
  let first = 0
  return {
    /** the instant from which a place is free */
    freeAt: (): number => (ends.length - first < count ? Number.NEGATIVE_INFINITY : ends[first]!),
    take(now: number, forMs: number): void {
      while (first < ends.length && ends[first]! <= now) first++
      ends.push(now + forMs)
    },
  }
}
