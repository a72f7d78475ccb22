// The other half of the generated days (generated.test.ts), so that they are lived side by side.
import { expect, test } from 'vitest'
import { brokenOf, faultsDone, liveAll } from './generated.ts'

test('whatever people and the provider do, the rules hold', { timeout: 600_000 }, async () => {
  const all = await liveAll(Array.from({ length: 250 }, (_, place) => 251 + place))
  console.log(`${all.length} scenarios, faults done: ${JSON.stringify(faultsDone(all))}`)
  expect(brokenOf(all)).toEqual([])
})
