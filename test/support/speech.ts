// Something like speech, for tests of recordings: a tone that swells and falls, with pauses.
import { encodeWav } from '../../src/kit/sound.ts'

/** So many seconds and so loud, after a silence of `before` seconds. */
export function speech({
  seconds = 3,
  peak = 0.3,
  sampleRate = 16_000,
  before = 0,
} = {}): Uint8Array<ArrayBuffer> {
  const samples = Float32Array.from({ length: Math.round((seconds + before) * sampleRate) }, (_, n) => {
    const t = n / sampleRate - before
    return t < 0 ? 0 : peak * Math.abs(Math.sin(2 * Math.PI * 1.5 * t)) * Math.sin(2 * Math.PI * 220 * t)
  })
  return encodeWav({ sampleRate, samples })
}
