import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gather } from './gather.ts'

const soon = () => new Promise(setImmediate)

test('what comes in one turn, or while others are being saved, is saved together, and each hears of its own', async () => {
  const batches: number[][] = []
  const double = gather(
    async (items: readonly number[]) => {
      batches.push([...items])
      await soon()
      return items.map((item) => item * 2)
    },
    () => '',
  )
  const first = [double(1), double(2)]
  await soon()
  const second = [double(3), double(4), double(5)]
  expect(await Promise.all([...first, ...second])).toEqual([2, 4, 6, 8, 10])
  expect(batches).toEqual([
    [1, 2],
    [3, 4, 5],
  ])
})

test('when saving fails all of those have failed, and the next are saved', async () => {
  let isBroken = true
  const save = gather(
    async (items: readonly string[]) => {
      if (isBroken) throw new Error('no database')
      return items
    },
    () => '',
  )
  const outcomes = await Promise.allSettled([save('a'), save('b')])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  isBroken = false
  expect(await save('c')).toBe('c')
})

test('whatever comes when: each is saved once, with its own kind, and in its order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ key: fc.constantFrom('x', 'y'), turns: fc.nat(2) }), { maxLength: 300 }),
      async (given) => {
        const batches: number[][] = []
        const save = gather(
          async (items: readonly number[]) => {
            batches.push([...items])
            await soon()
            return items
          },
          (item) => given[item]!.key,
        )
        const saved: Promise<number>[] = []
        for (const [place, { turns }] of given.entries()) {
          saved.push(save(place))
          for (let turn = 0; turn < turns; turn++) await soon()
        }
        expect(await Promise.all(saved)).toEqual(given.map((_, place) => place))
        for (const key of ['x', 'y']) {
          const ofKey = batches.filter(([first]) => given[first!]!.key === key)
          expect(ofKey.flat()).toEqual(given.flatMap((each, place) => (each.key === key ? [place] : [])))
        }
        expect(Math.max(0, ...batches.map(({ length }) => length))).toBeLessThanOrEqual(100)
      },
    ),
    { numRuns: 30 },
  )
})

test('what is to stay apart is never done together, and several may be under way: each once, and of the same in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ owner: fc.nat(3), turns: fc.nat(2), takes: fc.nat(3) }), { maxLength: 200 }),
      async (given) => {
        const begun: number[] = []
        let underWay = 0
        let most = 0
        const save = gather(
          async (items: readonly number[]) => {
            most = Math.max(most, ++underWay)
            begun.push(...items)
            expect(new Set(items.map((item) => given[item]!.owner)).size).toBe(items.length)
            for (let turn = 0; turn < given[items[0]!]!.takes; turn++) await soon()
            underWay--
            return items
          },
          () => '',
          { apartBy: (item) => String(given[item]!.owner), atOnce: 2 },
        )
        const saved: Promise<number>[] = []
        for (const [place, { turns }] of given.entries()) {
          saved.push(save(place))
          for (let turn = 0; turn < turns; turn++) await soon()
        }
        expect(await Promise.all(saved)).toEqual(given.map((_, place) => place))
        expect(begun.toSorted((a, b) => a - b)).toEqual(given.map((_, place) => place))
        for (const owner of [0, 1, 2, 3]) {
          const ofOwner = begun.filter((item) => given[item]!.owner === owner)
          expect(ofOwner).toEqual(ofOwner.toSorted((a, b) => a - b))
        }
        expect(most).toBeLessThanOrEqual(2)
      },
    ),
    { numRuns: 30 },
  )
})
