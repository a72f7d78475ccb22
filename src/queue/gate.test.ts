import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gate } from './gate.ts'

const soon = () => new Promise(setImmediate)

test('many go on side by side; who wants to be alone waits for them, and the next wait for that one', async () => {
  const { beside, alone } = gate()
  const heard: string[] = []
  const [slow, quick, still] = [0, 0, 0].map(() => Promise.withResolvers<void>())
  const all = [
    beside(async () => {
      await slow!.promise
      heard.push('slow')
    }),
    beside(async () => {
      await quick!.promise
      heard.push('quick')
    }),
    alone(async () => {
      heard.push('alone')
      await still!.promise
    }),
    beside(async () => void heard.push('after')),
  ]
  quick!.resolve()
  await soon()
  expect(heard).toEqual(['quick'])
  slow!.resolve()
  await soon()
  expect(heard).toEqual(['quick', 'slow', 'alone'])
  still!.resolve()
  await Promise.all(all)
  expect(heard).toEqual(['quick', 'slow', 'alone', 'after'])
})

test('what fails is told to whoever began it, and keeps nobody out', async () => {
  const { beside, alone } = gate()
  const fails = async () => {
    throw new Error('broken')
  }
  const outcomes = await Promise.allSettled([
    beside(fails),
    alone(fails),
    beside(async () => 1),
    alone(async () => 2),
  ])
  expect(outcomes.map((each) => (each.status === 'fulfilled' ? each.value : 'failed'))).toEqual([
    'failed',
    'failed',
    1,
    2,
  ])
})

test('whatever comes when: nothing goes on while somebody is alone, and everything is done', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ isAlone: fc.boolean(), after: fc.nat(2), lasts: fc.nat(4) }), { maxLength: 40 }),
      async (given) => {
        const { beside, alone } = gate()
        let [besides, alones] = [0, 0]
        const done: Promise<void>[] = []
        for (const { isAlone, after, lasts } of given) {
          for (let turn = 0; turn < after; turn++) await soon()
          const work = async () => {
            if (isAlone) alones++
            else besides++
            for (let turn = 0; turn < lasts; turn++) {
              expect(alones === 0 || (alones === 1 && besides === 0)).toBe(true)
              await soon()
            }
            if (isAlone) alones--
            else besides--
          }
          done.push(isAlone ? alone(work) : beside(work))
        }
        await Promise.all(done)
        expect([besides, alones]).toEqual([0, 0])
      },
    ),
    { numRuns: 50 },
  )
})
