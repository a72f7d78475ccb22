import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { bellAlarm } from './alarm.ts'
import { localBell } from './bell.ts'

const at = (ms: number) => new Date(Date.UTC(2026, 10, 24, 9) + ms)

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function world() {
  const bell = localBell()
  const rings: number[] = []
  let passed = 0
  bell.listen(() => rings.push(passed))
  return {
    alarm: bellAlarm({ bell }),
    rings,
    pass(ms: number) {
      for (const until = passed + ms; passed < until; ) {
        passed++
        vi.advanceTimersByTime(1)
      }
    },
  }
}

test('rings at its instant, once, and an instant that has passed at once', () => {
  const { alarm, rings, pass } = world()
  alarm.set(at(30), at(0))
  pass(100)
  expect(rings).toEqual([30])
  alarm.set(at(50), at(100))
  pass(1)
  expect(rings).toEqual([30, 101])
})

test('the earliest of what was set counts, and is not put off', () => {
  const { alarm, rings, pass } = world()
  alarm.set(at(80), at(0))
  alarm.set(at(40), at(0))
  pass(20)
  alarm.set(at(60), at(20))
  pass(100)
  expect(rings).toEqual([40])
})

test('cleared, it does not ring', () => {
  const { alarm, rings, pass } = world()
  alarm.set(at(30), at(0))
  alarm.clear()
  pass(100)
  expect(rings).toEqual([])
})
