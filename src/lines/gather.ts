// Lines / gather: what comes while something is being saved is saved together next, so that a busy time costs few commits and a quiet
// one no waiting. Knows nothing of what it gathers. Called by dispatch.ts, answer.ts and webhooks.ts.

/** So many at most are saved together. */
const atMost = 100

interface Waiting<Item, Result> {
  item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * @param work does several at once, and returns what came of each, in their order; when it throws, all of them have failed
 * @param keyOf only items with the same key are done together
 * @param more.apartBy items that have this in common are never done together, but in the order in which they came
 * @param more.atOnce so many times `work` may be under way
 * @returns a function that does one, with others when there are others
 */
export function gather<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  keyOf: (item: Item) => string,
  { apartBy, atOnce = 1 }: { apartBy?: (item: Item) => string; atOnce?: number } = {},
): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = []
  let underWay = 0

  /** The oldest, and what may go with it. */
  function nextBatch(): Waiting<Item, Result>[] {
    const key = keyOf(waiting[0]!.item)
    const taken = new Set<string>()
    const batch: Waiting<Item, Result>[] = []
    const left: Waiting<Item, Result>[] = []
    for (const one of waiting) {
      const apart = apartBy?.(one.item)
      const isWanted =
        batch.length < atMost && keyOf(one.item) === key && (apart === undefined || !taken.has(apart))
      if (apart !== undefined) taken.add(apart)
      if (isWanted) batch.push(one)
      else left.push(one)
    }
    waiting = left
    return batch
  }

  async function workOff(): Promise<void> {
    if (underWay >= atOnce) return
    underWay++
    // whoever comes in the same turn comes along
    await new Promise(setImmediate)
    while (waiting.length > 0) {
      const batch = nextBatch()
      try {
        const results = await work(batch.map(({ item }) => item))
        for (const [place, { resolve }] of batch.entries()) resolve(results[place]!)
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    underWay--
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      void workOff()
    })
}
