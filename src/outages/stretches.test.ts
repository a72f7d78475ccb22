import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Late, noticedMs, stretchesOf, unworked } from './stretches.ts'

const start = Date.parse('2026-11-24T09:00:00Z')
const at = (minutes: number) => new Date(start + minutes * 60_000)
const late = (due: number, decided: number | null): Late => ({
  dueAt: at(due),
  decidedAt: decided === null ? null : at(decided),
})

test('calls that waited together are one outage, from the first due time to the first decision', () => {
  expect(stretchesOf([late(30, 180), late(0, 181), late(179, 180)])).toEqual([{ from: at(0), to: at(180) }])
})

test('two outages of one day are two, and one that goes on has no end', () => {
  expect(stretchesOf([late(0, 20), late(60, 80), late(100, null)])).toEqual([
    { from: at(0), to: at(20) },
    { from: at(60), to: at(80) },
    { from: at(100), to: null },
  ])
})

test('every call that was decided late lies in exactly one stretch', () => {
  const call = fc.tuple(fc.integer({ min: 0, max: 600 }), fc.option(fc.integer({ min: 1, max: 300 })))
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 30 }), (calls) => {
      const all = calls.map(([due, waited]) => late(due, waited === null ? null : due + waited))
      const stretches = stretchesOf(all)
      for (const { dueAt } of all) {
        const begun = stretches.filter(({ from }) => from <= dueAt)
        expect(begun.length).toBeGreaterThan(0)
      }
      for (const [place, { from, to }] of stretches.entries()) {
        if (to) expect(to.getTime()).toBeGreaterThan(from.getTime())
        const next = stretches[place + 1]
        if (next) expect(next.from.getTime()).toBeGreaterThan(to!.getTime())
      }
    }),
  )
})

test('a peak in which calls were made all the time is none, and an outage begins after the last call made', () => {
  const now = at(600)
  expect(unworked({ from: at(0), to: at(1) }, at(0.9), now)).toBe(null)
  expect(unworked({ from: at(0), to: at(20) }, at(2), now)).toEqual({ from: at(2), to: at(20) })
  expect(unworked({ from: at(0), to: at(20) }, null, now)).toEqual({ from: at(0), to: at(20) })
  expect(unworked({ from: at(0), to: null }, null, new Date(start + noticedMs))).toBe(null)
  expect(unworked({ from: at(0), to: null }, null, at(5))).toEqual({ from: at(0), to: null })
})
