// Simulation / days / engine: a virtual clock and what is to happen on it, in order of time; and an index of rows that wake. Knows
// nothing of calls. Used by the whole simulation of days.

/** Milliseconds of true time since 1970, as no process of ours can see it. */
export interface Engine {
  now: number
  /** Run `happens` so many milliseconds from now; what is due at one instant happens in the order of asking. */
  after(ms: number, happens: () => void): void
  /** Let everything up to `until` happen. */
  runUntil(until: number): void
}

export function engineAt(start: number): Engine {
  const coming = heap<() => void>()
  const engine: Engine = {
    now: start,
    after: (ms, happens) => coming.push(engine.now + Math.max(0, ms), happens),
    runUntil(until) {
      while (coming.size() > 0 && coming.firstAt() <= until) {
        engine.now = Math.max(engine.now, coming.firstAt())
        coming.pop()()
      }
      engine.now = Math.max(engine.now, until)
    },
  }
  return engine
}

interface Heap<T> {
  size(): number
  firstAt(): number
  push(at: number, item: T): void
  pop(): T
}

/** The earliest first; of two at one instant, the one that was put in first. */
function heap<T>(): Heap<T> {
  const ats: number[] = []
  const orders: number[] = []
  const items: T[] = []
  let made = 0
  const isBefore = (a: number, b: number) =>
    ats[a]! < ats[b]! || (ats[a] === ats[b] && orders[a]! < orders[b]!)
  const swap = (a: number, b: number) => {
    const [at, order, item] = [ats[a]!, orders[a]!, items[a]!]
    ats[a] = ats[b]!
    orders[a] = orders[b]!
    items[a] = items[b]!
    ats[b] = at
    orders[b] = order
    items[b] = item
  }
  return {
    size: () => ats.length,
    firstAt: () => ats[0]!,
    push(at, item) {
      let here = ats.length
      ats.push(at)
      orders.push(made++)
      items.push(item)
      while (here > 0) {
        const above = (here - 1) >> 1
        if (!isBefore(here, above)) return
        swap(here, above)
        here = above
      }
    },
    pop() {
      const first = items[0]!
      const last = ats.length - 1
      swap(0, last)
      ats.pop()
      orders.pop()
      items.pop()
      let here = 0
      for (;;) {
        let least = here
        for (const below of [2 * here + 1, 2 * here + 2])
          if (below < last && isBefore(below, least)) least = below
        if (least === here) return first
        swap(here, least)
        here = least
      }
    },
  }
}

/** Rows by when they wake. A row may stand in it several times; only what its own `wakeOf` says counts. */
export interface WakeIndex<R> {
  note(row: R): void
  /** The rows that are due, the longest overdue first, then by id. They stay in the index. */
  due(now: number, atMost: number): R[]
  /** When the next one wakes; Infinity when none does. */
  next(): number
}

/** @param wakeOf milliseconds, as the row has it now; null when it does not wake */
export function wakeIndex<R extends { readonly id: string }>(
  wakeOf: (row: R) => number | null,
): WakeIndex<R> {
  const entries = heap<R>()
  const note = (row: R) => {
    const at = wakeOf(row)
    if (at !== null) entries.push(at, row)
  }
  return {
    note,
    due(now, atMost) {
      if (entries.size() === 0 || entries.firstAt() > now) return []
      const found = new Set<R>()
      while (entries.size() > 0 && entries.firstAt() <= now && found.size < atMost) {
        const at = entries.firstAt()
        const row = entries.pop()
        if (wakeOf(row) === at) found.add(row)
      }
      for (const row of found) note(row)
      return [...found].sort((a, b) => wakeOf(a)! - wakeOf(b)! || (a.id < b.id ? -1 : 1))
    },
    next() {
      while (entries.size() > 0) {
        const at = entries.firstAt()
        const row = entries.pop()
        if (wakeOf(row) === at) {
          entries.push(at, row)
          return at
        }
      }
      return Number.POSITIVE_INFINITY
    },
  }
}
