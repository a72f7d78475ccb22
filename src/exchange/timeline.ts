// Exchange / timeline: everything the exchange will do, in order of its instant; at one instant, in the order in which it was
// noted down. Reads no clock and sets no timer: whoever drives the exchange says how late it is, so the same inputs give the
// same story. Called by every part of the exchange that acts by time.

/** Something noted down for later. Cancelling it twice, or after it ran, does nothing. */
export interface Appointment {
  cancel(): void
}

/** @param at the instant this was noted for, in milliseconds since 1970: what follows from it counts from there, not from "now" */
export type Run = (at: number) => void | Promise<void>

export interface Timeline {
  add(at: number, run: Run): Appointment
  /** Runs everything up to and including `now`, one after another, also what is added meanwhile. Returns how many ran. */
  runDue(now: number): Promise<number>
  /** The earliest instant noted down, or null. */
  nextAt(): number | null
  /** `listener` is called when something was noted that comes before all the rest, unless things are running just now. */
  onSooner(listener: () => void): () => void
  /** Forget everything. */
  clear(): void
}

interface Entry extends Appointment {
  at: number
  order: number
  run: Run | null
}

export function createTimeline(): Timeline {
  const heap: Entry[] = []
  const listeners = new Set<() => void>()
  let order = 0
  let running: Promise<number> | null = null
  let busy = false

  /** The next entry that was not cancelled stays on top. */
  function top(): Entry | undefined {
    while (heap[0] && heap[0].run === null) take(heap)
    return heap[0]
  }

  async function drain(now: number): Promise<number> {
    let ran = 0
    busy = true
    for (let next = top(); next && next.at <= now; next = top()) {
      take(heap)
      const run = next.run
      next.run = null
      ran++
      const waiting = run?.(next.at)
      if (waiting) await waiting
    }
    return ran
  }

  return {
    add(at, run) {
      const earliest = top()?.at ?? Number.POSITIVE_INFINITY
      const entry: Entry = {
        at,
        order: order++,
        run,
        cancel: () => {
          entry.run = null
        },
      }
      put(heap, entry)
      if (at < earliest && !busy) for (const listener of listeners) listener()
      return entry
    },
    runDue(now) {
      running ??= drain(now).finally(() => {
        busy = false
        running = null
      })
      return running
    },
    nextAt: () => top()?.at ?? null,
    onSooner(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    clear() {
      for (const entry of heap) entry.run = null
      heap.length = 0
    },
  }
}

const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

/** Put `entry` into the binary heap `heap`. */
function put(heap: Entry[], entry: Entry): void {
  let place = heap.push(entry) - 1
  while (place > 0) {
    const parent = (place - 1) >> 1
    if (!before(entry, heap[parent]!)) break
    heap[place] = heap[parent]!
    place = parent
  }
  heap[place] = entry
}

/** Take the top off the binary heap `heap`. */
function take(heap: Entry[]): void {
  const last = heap.pop()
  if (!last || heap.length === 0) return
  let place = 0
  for (;;) {
    let child = 2 * place + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
    if (!before(heap[child]!, last)) break
    heap[place] = heap[child]!
    place = child
  }
  heap[place] = last
}
