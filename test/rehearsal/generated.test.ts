// Generated days (generate.ts) with faults of the provider, each held against the six rules. A failing seed is printed; live it again with
// `SEED=17 npm test -- test/rehearsal/generated.test.ts`, which also prints its scenario and its ledger; several by `SEED=17-40`.
import { expect, test } from 'vitest'
import { generate } from './generate.ts'
import { brokenOf, faultsDone, liveAll } from './generated.ts'

const given = process.env.SEED
const [first = 1, last = first] = given ? given.split('-').map(Number) : [1, 250]
const seeds = Array.from({ length: last - first + 1 }, (_, place) => first + place)

test('whatever people and the provider do, the rules hold', { timeout: 600_000 }, async () => {
  const all = await liveAll(seeds)
  if (seeds.length === 1) {
    console.log(generate(first).json)
    for (const event of all[0]!.rehearsed?.ledger ?? []) console.log(JSON.stringify(event))
  }
  console.log(`${all.length} scenarios, faults done: ${JSON.stringify(faultsDone(all))}`)
  expect(brokenOf(all)).toEqual([])
})
