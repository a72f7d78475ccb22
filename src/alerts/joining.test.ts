import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joining, type Known } from './joining.ts'

const opened = new Date('2026-11-24T12:00:00Z')
const after = (minutes: number) => new Date(opened.getTime() + minutes * 60_000)
const alert: Known = { state: 'open', reason: 'not placed', openedAt: opened }
const unplaced = { reason: 'not placed' as const, lastTriedAt: null }
const missedAt = (minutes: number) => ({ reason: 'missed' as const, lastTriedAt: after(minutes) })

test('a call that could not be placed joins what people are told already, whoever has it in hand', () => {
  for (const state of ['open', 'accepted', 'handed over'] as const)
    for (const reason of ['missed', 'not placed', 'help requested'] as const)
      expect(joining(unplaced, { ...alert, state, reason }, after(30))).toBe('quietly')
})

test('not what is over, and not after an hour', () => {
  expect(joining(unplaced, { ...alert, state: 'closed' }, after(1))).toBe(null)
  expect(joining(unplaced, alert, after(59.9))).toBe('quietly')
  expect(joining(unplaced, alert, after(60))).toBe(null)
})

test('what was missed before the alert began is no news; what rang since is', () => {
  expect(joining(missedAt(-180), alert, after(0))).toBe('quietly')
  expect(joining(missedAt(0), alert, after(10))).toBe('as news')
  expect(joining(missedAt(5), { ...alert, state: 'handed over' }, after(10))).toBe('as news')
})

test('whoever has said that they will see to it did not know that she does not answer: that is an alert of its own', () => {
  expect(joining(missedAt(5), { ...alert, state: 'accepted' }, after(10))).toBe(null)
  expect(joining(missedAt(5), { ...alert, reason: 'missed' }, after(10))).toBe(null)
})

test('help never joins, and what is news is never quiet', () => {
  const known = fc.record({
    state: fc.constantFrom<Known['state'][]>('open', 'accepted', 'handed over', 'closed'),
    reason: fc.constantFrom<Known['reason'][]>('missed', 'not placed', 'help requested'),
    openedAt: fc.constant(opened),
  })
  const tried = fc.option(fc.integer({ min: -2000, max: 120 }).map(after))
  fc.assert(
    fc.property(known, tried, fc.integer({ min: 0, max: 120 }), (alert, lastTriedAt, minutes) => {
      expect(joining({ reason: 'help requested', lastTriedAt }, alert, after(minutes))).toBe(null)
      const missed = joining({ reason: 'missed', lastTriedAt }, alert, after(minutes))
      if (missed === 'quietly') expect(lastTriedAt!.getTime()).toBeLessThan(opened.getTime())
      if (missed === 'as news') expect(alert.state === 'open' || alert.state === 'handed over').toBe(true)
    }),
  )
})
