import { expect, test } from 'vitest'
import type { Actor } from './actor.ts'
import { drowsy } from './drowsy.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 9, minute))

function world(due: Date[]) {
  let commits = 0
  let asked = 0
  const actor: Actor = {
    name: 'rows',
    async runDue(now) {
      asked++
      if (!due[0] || due[0] > now) return 0
      due.shift()
      commits++
      return 1
    },
    nextAt: async () => due[0] ?? null,
  }
  return {
    sleeper: drowsy(actor, () => commits),
    asked: () => asked,
    write(wakeAt: Date) {
      due.push(wakeAt)
      commits++
    },
  }
}

test('is not asked before its time', async () => {
  const { sleeper, asked } = world([at(10)])
  expect(await sleeper.runDue(at(0))).toBe(0)
  expect(await sleeper.runDue(at(5))).toBe(0)
  expect(asked()).toBe(0)
  expect(await sleeper.runDue(at(10))).toBe(1)
  expect(await sleeper.nextAt()).toBe(null)
})

test('is asked again as soon as anything was written', async () => {
  const { sleeper, write } = world([])
  expect(await sleeper.runDue(at(0))).toBe(0)
  write(at(3))
  expect(await sleeper.nextAt()).toEqual(at(3))
  expect(await sleeper.runDue(at(3))).toBe(1)
})

test('one that knows its next time by heart, and writes nothing, goes on to it', async () => {
  let next = at(0)
  const sleeper = drowsy(
    {
      name: 'hourly',
      async runDue() {
        next = at(60)
        return 0
      },
      nextAt: async () => next,
    },
    () => 0,
  )
  expect(await sleeper.nextAt()).toEqual(at(0))
  expect(await sleeper.runDue(at(0))).toBe(0)
  expect(await sleeper.nextAt()).toEqual(at(60))
})
