import { expect, test } from 'vitest'
import { seeded } from './seeded.ts'

const draw = (source: { next(): number }, count: number) => Array.from({ length: count }, () => source.next())

test('the same seed tells the same story, another seed another one', () => {
  expect(draw(seeded(7), 50)).toEqual(draw(seeded(7), 50))
  expect(draw(seeded('heatwave'), 50)).toEqual(draw(seeded('heatwave'), 50))
  expect(draw(seeded(7), 5)).not.toEqual(draw(seeded(8), 5))
})

test('the sequence of seed 1 never changes, because rehearsals are kept by their seed', () => {
  const source = seeded(1)
  expect(Array.from({ length: 6 }, () => source.int(0, 999))).toMatchInlineSnapshot(`
    [
      692,
      639,
      404,
      868,
      703,
      310,
    ]
  `)
})

test('draws lie in [0, 1) and spread evenly', () => {
  const draws = draw(seeded(3), 20_000)
  expect(Math.min(...draws)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...draws)).toBeLessThan(1)
  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => draws.filter((it) => Math.floor(it * 10) === tenth).length,
  )
  for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200)
})

test('first draws of neighbouring seeds are as different as any', () => {
  const firsts = Array.from({ length: 2000 }, (_, seed) => seeded(seed).next())
  const mean = firsts.reduce((sum, it) => sum + it, 0) / firsts.length
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.03)
  expect(new Set(firsts).size).toBeGreaterThan(1990)
})

test('int holds both ends, bool its share, pick and shuffle their items', () => {
  const source = seeded(11)
  const ints = new Set(Array.from({ length: 300 }, () => source.int(3, 6)))
  expect([...ints].sort()).toEqual([3, 4, 5, 6])
  expect(Array.from({ length: 100 }, () => source.bool(0)).some(Boolean)).toBe(false)
  expect(Array.from({ length: 100 }, () => source.bool(1)).every(Boolean)).toBe(true)
  const trues = Array.from({ length: 4000 }, () => source.bool(0.25)).filter(Boolean).length
  expect(Math.abs(trues - 1000)).toBeLessThan(120)
  const cards = ['a', 'b', 'c', 'd', 'e']
  expect(source.shuffle(cards).sort()).toEqual(cards)
  expect(new Set(Array.from({ length: 200 }, () => source.pick(cards))).size).toBe(5)
  expect(cards).toEqual(['a', 'b', 'c', 'd', 'e'])
})

test('asking for the impossible is a bug', () => {
  expect(() => seeded(1).pick([])).toThrow('nothing to pick from')
  expect(() => seeded(1).int(5, 4)).toThrow('no whole number')
  expect(() => seeded(1).int(Number.NaN, 4)).toThrow('no whole number')
})

test('a fork depends on the seed and its name, not on what was drawn before', () => {
  const fresh = seeded(5)
  const used = seeded(5)
  draw(used, 100)
  expect(draw(fresh.fork('phones'), 10)).toEqual(draw(used.fork('phones'), 10))
  expect(draw(fresh.fork('phones'), 10)).not.toEqual(draw(fresh.fork('texts'), 10))
})
