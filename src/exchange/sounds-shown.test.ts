import { expect, test } from 'vitest'
import type { AudioItem, HandsetCall } from './exchange.ts'
import { soundsOf } from './sounds-shown.ts'

const sound = (id: string, second: number, stopped: number | null): AudioItem => ({
  id,
  kind: 'say',
  text: id,
  url: `/exchange/sounds/${id}`,
  startedAt: at(second).toISOString(),
  durationMs: 4000,
  stoppedAt: stopped === null ? null : at(stopped).toISOString(),
})
const at = (second: number) => new Date(Date.UTC(2026, 10, 24, 9, 30) + second * 1000)
const shown = (audio: AudioItem[], second: number) =>
  soundsOf({ audio } as unknown as HandsetCall, at(second)).map(([key, , ago, brokenOff]) => [
    key.split(' ')[0],
    ago,
    brokenOff,
  ])

test('what sounds is shown with how long ago it began, and for a moment after its end', () => {
  expect(shown([sound('one', 0, null)], 1)).toEqual([['one', 1000, false]])
  expect(shown([sound('one', 0, 4), sound('two', 4, null)], 5)).toEqual([
    ['one', 5000, false],
    ['two', 1000, false],
  ])
  expect(shown([sound('one', 0, 4), sound('two', 4, null)], 6.5)).toEqual([['two', 2500, false]])
  expect(soundsOf(null, at(0))).toEqual([])
})

test('what was interrupted is shown as broken off, what came to its end is not', () => {
  expect(shown([sound('one', 0, 2)], 2.1)).toEqual([['one', 2100, true]])
  expect(shown([sound('one', 0, 3.999)], 4)).toEqual([['one', 4000, false]])
})

test('the same sentence said again is another sound', () => {
  const [one, two] = soundsOf(
    { audio: [sound('one', 0, 4), sound('one', 4, null)] } as unknown as HandsetCall,
    at(4.5),
  )
  expect(one![0]).not.toBe(two![0])
})
