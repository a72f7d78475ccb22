// A voice for the browser's make-believe microphone, and how to know it again after the telephone has had it: three tones in turn.
import { writeFile } from 'node:fs/promises'
import { encodeWav, type Pcm } from '../../../src/kit/sound.ts'

/** In hertz, half a second each, again and again. */
export const tones = [500, 750, 1100] as const
const toneSeconds = 0.5

export async function writeVoice(path: string, seconds: number): Promise<void> {
  const sampleRate = 48_000
  const samples = Float32Array.from({ length: sampleRate * seconds }, (_, i) => {
    const tone = tones[Math.floor(i / sampleRate / toneSeconds) % tones.length]!
    return 0.25 * Math.sin((2 * Math.PI * tone * i) / sampleRate)
  })
  await writeFile(path, encodeWav({ sampleRate, samples }))
}

/**
 * What of that voice is in a sound.
 * @returns `tones` in their order, each named once while it lasts; `share` of the whole length in which one of them is heard
 */
export function voiceIn({ sampleRate, samples }: Pcm): { tones: number[]; share: number } {
  const length = Math.round(sampleRate * 0.05)
  const pieces = Array.from({ length: Math.floor(samples.length / length) }, (_, i) =>
    samples.subarray(i * length, (i + 1) * length),
  )
  const heard = pieces.flatMap((piece) => tones.find((tone) => shareOf(piece, tone, sampleRate) > 0.7) ?? [])
  return { tones: heard.filter((tone, i) => tone !== heard[i - 1]), share: heard.length / pieces.length }
}

/** The share of steps from one tone to the next that go the right way. A busy machine records with gaps. */
export function inTurn(heard: readonly number[]): number {
  const order: readonly number[] = tones
  const after = (tone: number) => order[(order.indexOf(tone) + 1) % order.length]
  const steps = heard.slice(1)
  return steps.filter((tone, i) => tone === after(heard[i]!)).length / steps.length
}

/** The share of the energy of `samples` that lies at one frequency: Goertzel's algorithm. */
function shareOf(samples: Float32Array, frequency: number, sampleRate: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * frequency) / sampleRate)
  let [last, before, energy] = [0, 0, 0]
  for (const sample of samples) {
    ;[last, before] = [sample + factor * last - before, last]
    energy += sample ** 2
  }
  const power = last ** 2 + before ** 2 - factor * last * before
  return energy === 0 ? 0 : (2 * power) / (samples.length * energy)
}
