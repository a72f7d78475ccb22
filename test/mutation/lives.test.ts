// A few hundred lives of each machine, as one more judge of mutants; the many are lived in test/simulation.
import { expect, test } from 'vitest'
import { decide as decideAlert, raised } from '../../src/alerts/machine.ts'
import { noticesOf } from '../../src/alerts/who.ts'
import { decide } from '../../src/calls/machine.ts'
import { live as liveAlerts } from '../simulation/alerts-lives.ts'
import { live as liveCalls } from '../simulation/calls-lives.ts'

test('lives of calls', () => expect(liveCalls(decide, 'mutation', 300).broken).toBe(null))
test('lives of alerts', () =>
  expect(liveAlerts({ decide: decideAlert, raised, noticesOf }, 'mutation', 300).broken).toBe(null))
