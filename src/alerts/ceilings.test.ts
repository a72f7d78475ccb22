import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ceilingOf, ceilings, heldBack } from './ceilings.ts'

const now = new Date('2026-11-24T12:00:00Z')
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
const everyTen = (times: number) => Array.from({ length: times }, (_, n) => minutesAgo(n * 10))

test('the seventh call within an hour is held back, and the next one after it may go', () => {
  expect(heldBack('call', everyTen(5), now)).toBeNull()
  expect(heldBack('call', everyTen(6), now)).toBe('held back: hour')
  // an hour after the first of them
  expect(heldBack('call', everyTen(6).slice(0, 5).concat(minutesAgo(60)), now)).toBeNull()
})

test('twenty calls and forty texts a day', () => {
  const everyHour = (times: number) => Array.from({ length: times }, (_, n) => minutesAgo(61 + n * 30))
  expect(heldBack('call', everyHour(19), now)).toBeNull()
  expect(heldBack('call', everyHour(20), now)).toBe('held back: day')
  expect(heldBack('text', everyHour(39), now)).toBeNull()
  expect(heldBack('text', everyHour(40), now)).toBe('held back: day')
})

test('an e-mail is never held back', () => expect(heldBack('email', everyTen(60), now)).toBeNull())

test('whatever comes when, no hour and no day sees more than its ceiling', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 30, maxLength: 200 })
  fc.assert(
    fc.property(fc.constantFrom('call' as const, 'text' as const), gaps, (channel, minutes) => {
      const sent: Date[] = []
      let at = now.getTime()
      for (const gap of minutes) {
        at += gap * 60_000
        if (heldBack(channel, sent, new Date(at)) === null) sent.push(new Date(at))
      }
      for (const { most, withinMs } of [ceilings[channel].hour, ceilings[channel].day])
        for (const from of sent)
          expect(
            sent.filter((one) => one >= from && one.getTime() < from.getTime() + withinMs).length,
          ).toBeLessThanOrEqual(most)
    }),
  )
})

test('a page says which ceiling it was', () => {
  expect(ceilingOf('call', 'held back: hour')).toEqual({ most: 6, within: 'hour' })
  expect(ceilingOf('text', 'held back: day')).toEqual({ most: 40, within: 'day' })
})
