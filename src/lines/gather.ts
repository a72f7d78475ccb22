// Lines / gather: what comes while something is being saved is saved together next, so that a busy time costs few commits and a quiet
// one no waiting. Knows nothing of what it gathers. Called by dispatch.ts.

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
 * @returns a function that does one, with others when there are others
 */
export function gather<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  keyOf: (item: Item) => string,
): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = []
  let isWorking = false

  async function workOff(): Promise<void> {
    if (isWorking) return
    isWorking = true
    // whoever comes in the same turn comes along
    await new Promise(setImmediate)
    while (waiting.length > 0) {
      const key = keyOf(waiting[0]!.item)
      const batch = waiting.filter(({ item }) => keyOf(item) === key).slice(0, atMost)
      waiting = waiting.filter((one) => !batch.includes(one))
      try {
        const results = await work(batch.map(({ item }) => item))
        for (const [place, { resolve }] of batch.entries()) resolve(results[place]!)
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    isWorking = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      void workOff()
    })
}
