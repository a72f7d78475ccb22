// Kit / seeded: small repeatable randomness for simulations, rehearsals and the exchange. Same seed, same story.
// Deterministic and without IO, but each source carries its place in the sequence. Never for secrets: those come
// from node:crypto.

/** One repeatable sequence of chances. Two made from the same seed tell the same story. */
export interface Seeded {
  /** A number in [0, 1). */
  next(): number
  /** A whole number from `low` to `high`, both included. Throws when `high` is below `low`. */
  int(low: number, high: number): number
  /** True with the probability `share`, 0 to 1; a half if not given. */
  bool(share?: number): boolean
  /** One of `items`, each as likely as the next. Throws when there is none. */
  pick<T>(items: readonly T[]): T
  /** A new array with the same items in another order. */
  shuffle<T>(items: readonly T[]): T[]
  /**
   * A sequence of its own, settled by this one's seed and `name` alone, not by what was drawn before. So one more
   * draw in one place does not change the story everywhere else.
   */
  fork(name: string | number): Seeded
}

/** @param seed any number or text; texts are hashed */
export function seeded(seed: number | string): Seeded {
  const origin = hash(String(seed))
  let state = origin
  const next = () => {
    // splitmix32: a counter of golden-ratio steps, each mixed. Full period of 2^32, enough for any simulation here.
    state = (state + 0x9e3779b9) | 0
    return mix(state) / 2 ** 32
  }
  const int = (low: number, high: number) => {
    if (!(high >= low)) throw new Error(`no whole number from ${low} to ${high}`)
    return low + Math.floor(next() * (high - low + 1))
  }
  return {
    next,
    int,
    bool: (share = 0.5) => next() < share,
    pick: (items) => {
      if (items.length === 0) throw new Error('nothing to pick from')
      return items[int(0, items.length - 1)]!
    },
    shuffle: (items) => {
      const mixed = [...items]
      for (let last = mixed.length - 1; last > 0; last--) {
        const other = int(0, last)
        const held = mixed[last]!
        mixed[last] = mixed[other]!
        mixed[other] = held
      }
      return mixed
    },
    fork: (name) => seeded(`${origin}/${name}`),
  }
}

/** FNV-1a over the UTF-16 units, then mixed, so that neighbouring seeds begin far apart. */
function hash(text: string): number {
  let sum = 0x811c9dc5
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193)
  return mix(sum)
}

/** Spreads every bit of a 32-bit number over all of them. */
function mix(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad)
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97)
  return (bits ^ (bits >>> 15)) >>> 0
}
