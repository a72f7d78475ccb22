// The loop in real time. No test waits for its timer: the bell rings, and what an actor does is over when the test says so.
import { expect, onTestFinished, test } from 'vitest'
import { silentLog } from '../kit/log.ts'
import { systemClock } from '../outside/clock.ts'
import type { Actor } from './actor.ts'
import { localBell } from './bell.ts'
import { type Loop, startLoop } from './loop.ts'

const soon = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
}

interface World {
  loop: Loop
  /** Whose turn began, in order. */
  turns: string[]
  ring(): Promise<void>
  /** From now on this actor's turns last until the answer is called. */
  hold(name: string): () => void
  fail(name: string): void
}

function world(kinds: Readonly<Record<string, Partial<Actor>>>): World {
  const bell = localBell()
  const turns: string[] = []
  const held = new Map<string, Promise<void>>()
  const failing = new Set<string>()
  const actors = Object.entries(kinds).map(
    ([name, kind]): Actor => ({
      ...kind,
      name,
      async runDue() {
        turns.push(name)
        await held.get(name)
        if (failing.has(name)) throw new Error('broken')
        return 0
      },
      nextAt: async () => null,
    }),
  )
  const loop = startLoop({ clock: systemClock(), bell, log: silentLog }, actors)
  onTestFinished(() => loop.stop())
  return {
    loop,
    turns,
    async ring() {
      bell.ring({ work: true })
      await soon()
    },
    hold(name) {
      const { promise, resolve } = Promise.withResolvers<void>()
      held.set(name, promise)
      return () => {
        held.delete(name)
        resolve()
      }
    },
    fail: (name) => void failing.add(name),
  }
}

test('whoever goes beside is not waited for, and waits for nobody; the others take turns', async () => {
  const { turns, ring, hold } = world({ calls: {}, alerts: {}, lines: { goesBeside: true } })
  await soon()
  expect(turns.toSorted()).toEqual(['alerts', 'calls', 'lines'])
  turns.length = 0
  let go = hold('lines')
  await ring()
  await ring()
  expect(turns.filter((name) => name !== 'lines')).toEqual(['calls', 'alerts', 'calls', 'alerts'])
  expect(turns.filter((name) => name === 'lines')).toHaveLength(1)
  go()
  await soon()
  turns.length = 0
  go = hold('calls')
  await ring()
  await ring()
  expect(turns.filter((name) => name === 'lines')).toHaveLength(2)
  expect(turns.filter((name) => name !== 'lines')).toEqual(['calls'])
  go()
})

test('whoever goes last does so once all others have gone round since, also those that go beside', async () => {
  const { turns, ring, hold } = world({
    calls: {},
    lines: { goesBeside: true },
    heartbeat: { goesLast: true },
  })
  await soon()
  expect(turns.at(-1)).toBe('heartbeat')
  for (const name of ['lines', 'calls']) {
    const go = hold(name)
    await ring()
    await ring()
    turns.length = 0
    await ring()
    expect(turns).not.toContain('heartbeat')
    go()
    await soon()
    expect(turns).toContain('heartbeat')
  }
})

test('one that fails stops no other, nor the last', async () => {
  const { turns, ring, fail } = world({
    calls: {},
    alerts: {},
    lines: { goesBeside: true },
    heartbeat: { goesLast: true },
  })
  for (const name of ['calls', 'lines', 'heartbeat']) fail(name)
  await soon()
  turns.length = 0
  await ring()
  expect(turns.toSorted()).toEqual(['alerts', 'calls', 'heartbeat', 'lines'])
})

test('while somebody is alone every actor stands still, and what rang meanwhile is heard after', async () => {
  const { loop, turns, ring, hold } = world({ calls: {}, lines: { goesBeside: true } })
  await soon()
  const go = hold('lines')
  await ring()
  const [still, began] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const alone = loop.alone(async () => {
    began.resolve()
    await still.promise
  })
  turns.length = 0
  await ring()
  go()
  await began.promise
  await ring()
  expect(turns).toEqual([])
  still.resolve()
  await alone
  await soon()
  expect(turns.toSorted()).toEqual(['calls', 'lines'])
})
