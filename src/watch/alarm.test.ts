// The life of an alarm, whatever is seen and whoever can be reached: no false alarm, none told twice, none kept to oneself.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { afterLook, keyOf, looked, tidingOf, told } from './alarm.ts'
import { type Alarm, kinds, type Tiding, type Trouble } from './types.ts'

const at = (seconds: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + seconds * 1000)
const trouble: Trouble = { kind: 'workers', subject: '', since: at(0) }
const hour = 3600

interface Lived {
  bad: boolean
  /** what was wanted to be told; null: nothing */
  tiding: Tiding | null
  reached: boolean
}

/** Looks every ten seconds: is there trouble, and can anybody be reached? */
function live(looks: readonly { bad: boolean; reached: boolean }[]): Lived[] {
  let alarm: Alarm | null = null
  return looks.map(({ bad, reached }, place) => {
    alarm = looked(alarm, bad ? { ...trouble, since: at(place * 10) } : null)
    const tiding: Tiding | null = alarm && tidingOf(alarm, at(place * 10))
    if (alarm && tiding && reached) alarm = told(alarm, at(place * 10))
    return { bad, tiding, reached }
  })
}

const looks = fc.array(fc.record({ bad: fc.boolean(), reached: fc.boolean() }), { maxLength: 200 })
const longLooks = fc
  .array(fc.record({ bad: fc.boolean(), length: fc.integer({ min: 1, max: 500 }) }), { maxLength: 8 })
  .map((runs) => runs.flatMap(({ bad, length }) => Array.from({ length }, () => ({ bad, reached: true }))))

test('what was seen in one look alone is told to nobody', () => {
  fc.assert(
    fc.property(looks, (given) => {
      const apart = given.map((look, place) => ({ ...look, bad: look.bad && place % 2 === 0 }))
      expect(live(apart).map(({ tiding }) => tiding)).toEqual(apart.map(() => null))
    }),
  )
})

test('what is seen twice in a row is told of at once, and again at every look until somebody is reached', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 100 }), (reached) => {
      const lived = live(reached.map((one) => ({ bad: true, reached: one })))
      const first = reached.indexOf(true, 1)
      const until = first === -1 ? reached.length : first + 1
      expect(lived.map(({ tiding }) => tiding)).toEqual(
        reached.map((_, place) => (place > 0 && place < until ? 'new' : null)),
      )
    }),
  )
})

test('between two beginnings that somebody heard of stands an end, and nobody hears of the end of what they never heard of', () => {
  fc.assert(
    fc.property(fc.oneof(looks, longLooks), (given) => {
      const heard = live(given).flatMap(({ tiding, reached }) => (tiding && reached ? [tiding] : []))
      let isTold = false
      for (const tiding of heard) {
        expect(tiding === 'new').toBe(!isTold)
        isTold = tiding !== 'over'
      }
    }),
  )
})

test('an end is told after three good looks in a row, and not before', () => {
  fc.assert(
    fc.property(fc.oneof(looks, longLooks), (given) => {
      const lived = live(given)
      for (const [place, { tiding }] of lived.entries())
        if (tiding === 'over') expect(lived.slice(place - 2, place + 1).every(({ bad }) => !bad)).toBe(true)
    }),
  )
})

test('it is told again after every hour, and no sooner', () => {
  const lived = live(Array.from({ length: 2 * 360 + 50 }, () => ({ bad: true, reached: true })))
  const toldAt = lived.flatMap(({ tiding }, place) => (tiding ? [`${tiding} ${place * 10}`] : []))
  expect(toldAt).toEqual(['new 10', `again ${10 + hour}`, `again ${10 + 2 * hour}`])
})

test('a flutter is one alarm: good for a look or two, and bad again', () => {
  const flutter = [true, true, false, true, false, false, true, true, false, false, false]
  const lived = live(flutter.map((bad) => ({ bad, reached: true })))
  expect(lived.flatMap(({ tiding }) => tiding ?? [])).toEqual(['new', 'over'])
})

test('a look that can say nothing about a kind leaves its alarms as they are', () => {
  const alarm: Alarm = { ...trouble, state: 'raised', good: 1, toldAt: at(20) }
  const alarms = new Map([[keyOf(alarm), alarm]])
  const blind = afterLook(alarms, { troubles: [], judged: new Set(['database gone']) })
  expect(blind.get(keyOf(alarm))).toBe(alarm)
  const good = afterLook(alarms, { troubles: [], judged: new Set(kinds) })
  expect(good.get(keyOf(alarm))).toMatchObject({ good: 2 })
})

test('each line has an alarm of its own', () => {
  const of = (subject: string): Trouble => ({ kind: 'provider', subject, since: at(0) })
  const judged = new Set(kinds)
  let alarms: ReadonlyMap<string, Alarm> = new Map()
  alarms = afterLook(alarms, { troubles: [of('main')], judged })
  alarms = afterLook(alarms, { troubles: [of('main'), of('second')], judged })
  expect([...alarms.values()].map(({ subject, state }) => `${subject} ${state}`)).toEqual([
    'main raised',
    'second seen',
  ])
})
