import { expect, test } from 'vitest'
import { parseWav } from '../../kit/sound.ts'
import { finishRecording, join, meterLevel } from './wav.ts'

const rate = 48_000
const piece = (amplitude: number, hertz = 300) =>
  Float32Array.from({ length: 2_400 }, (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / rate))
const pieces = (count: number, amplitude: number) => Array.from({ length: count }, () => piece(amplitude))

test('a recording is trimmed, brought to 16 kHz, and previewed as the telephone plays it', () => {
  const { verdict, file, preview } = finishRecording(
    [...pieces(20, 0), ...pieces(40, 0.2), ...pieces(20, 0)],
    rate,
  )
  expect(verdict.ok).toBe(true)
  expect(verdict.seconds).toBeCloseTo(2.3, 1)
  expect(parseWav(file)).toMatchObject({ sampleRate: 16_000 })
  expect(parseWav(file)!.samples.length / 16_000).toBeCloseTo(2.3, 1)
  expect(parseWav(preview)).toMatchObject({ sampleRate: 8_000 })
})

test('clipping is seen before the filter hides it', () => {
  const cut = pieces(60, 4).map((p) => p.map((sample) => Math.max(-1, Math.min(1, sample))))
  expect(finishRecording(cut, rate).verdict).toMatchObject({ ok: false, trouble: 'clipped' })
})

test('silence and nothing at all are refused, not a crash', () => {
  expect(finishRecording(pieces(60, 0.0001), rate).verdict).toMatchObject({ ok: false, trouble: 'silent' })
  expect(finishRecording([], rate).verdict).toMatchObject({ ok: false, trouble: 'silent' })
})

test('pieces are joined in their order', () => {
  expect([...join([Float32Array.of(1, 2), Float32Array.of(), Float32Array.of(3)])]).toEqual([1, 2, 3])
})

test('the meter is empty in silence and full when it is too loud', () => {
  expect(meterLevel(piece(0))).toBe(0)
  expect(meterLevel(piece(0.1))).toBeGreaterThan(0.5)
  expect(meterLevel(piece(1))).toBe(1)
})
