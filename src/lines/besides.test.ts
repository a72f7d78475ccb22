import { expect, test } from 'vitest'
import type { App } from '../app.ts'
import { silentLog } from '../kit/log.ts'
import { localBell } from '../queue/bell.ts'
import { besides } from './besides.ts'

const soon = () => new Promise(setImmediate)

function world(inFlight: number) {
  const bell = localBell()
  let rings = 0
  bell.listen(() => rings++)
  const tasks = besides({ bell, log: silentLog } as unknown as App, inFlight)
  /** Begins a task; the answers end its request, and then itself. */
  function begin() {
    const [request, saving] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    void tasks.start(async (answered) => {
      await request.promise
      answered()
      await saving.promise
    })
    return { answer: request.resolve, save: saving.resolve, fail: request.reject }
  }
  return { tasks, begin, rings: () => rings }
}

test('so many requests are under way at once; what is answered and being saved leaves room for as many again', async () => {
  const { tasks, begin } = world(2)
  const first = [begin(), begin()]
  expect(tasks.room()).toBe(0)
  for (const { answer } of first) answer()
  await soon()
  expect(tasks.room()).toBe(2)
  const second = [begin(), begin()]
  for (const { answer } of second) answer()
  await soon()
  expect(tasks.room()).toBe(0)
  for (const { save } of first) save()
  await soon()
  expect(tasks.room()).toBe(2)
  for (const { save } of second) save()
  await tasks.finish()
  expect(tasks.room()).toBe(2)
})

test('the bell rings when there is room again, for whoever found none, and not else', async () => {
  const { tasks, begin, rings } = world(1 + 1)
  const one = begin()
  expect(tasks.room()).toBe(1)
  one.answer()
  one.save()
  await tasks.finish()
  expect(rings()).toBe(0)
  const [two, three] = [begin(), begin()]
  expect(tasks.room()).toBe(0)
  two.answer()
  await soon()
  expect(rings()).toBe(1)
  three.fail(new Error('broken'))
  two.save()
  await tasks.finish()
  expect(rings()).toBe(1)
  expect(tasks.room()).toBe(2)
})

test('one by one each is waited for, whatever it says of its answer', async () => {
  const { tasks } = world(1)
  const done: string[] = []
  await tasks.start(async (answered) => {
    answered()
    await soon()
    done.push('saved')
  })
  expect(done).toEqual(['saved'])
  expect(tasks.room()).toBe(1)
})
