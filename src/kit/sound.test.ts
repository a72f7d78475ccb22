import { expect, test } from 'vitest'
import {
  encodeTelephoneWav,
  encodeWav,
  judge,
  levelDb,
  loudness,
  muLawDecode,
  muLawEncode,
  normalise,
  type Pcm,
  parseWav,
  resample,
  trimSilence,
} from './sound.ts'

/** A tone. @param amplitude of its peaks, 0 to 1 */
function tone(seconds: number, { hertz = 440, amplitude = 0.3, sampleRate = 16_000 } = {}): Pcm {
  const samples = Float32Array.from(
    { length: seconds * sampleRate },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / sampleRate),
  )
  return { sampleRate, samples }
}

function after(...sounds: Pcm[]): Pcm {
  return {
    sampleRate: sounds[0]!.sampleRate,
    samples: Float32Array.from(sounds.flatMap((sound) => [...sound.samples])),
  }
}

const quiet = (seconds: number, sampleRate = 16_000) => tone(seconds, { amplitude: 0.0004, sampleRate })

/** The strength of one frequency, as the amplitude of its wave. */
function strengthAt({ samples, sampleRate }: Pcm, hertz: number): number {
  let re = 0
  let im = 0
  samples.forEach((sample, i) => {
    re += sample * Math.cos((2 * Math.PI * hertz * i) / sampleRate)
    im += sample * Math.sin((2 * Math.PI * hertz * i) / sampleRate)
  })
  return (2 * Math.hypot(re, im)) / samples.length
}

test('a clear recording is accepted, with its length and loudness', () => {
  const verdict = judge(tone(5))
  expect(verdict.ok).toBe(true)
  expect(verdict.seconds).toBe(5)
  expect(verdict.loudnessDb).toBeCloseTo(20 * Math.log10(0.3 / Math.SQRT2), 1)
})

test.each([
  ['silent', quiet(5)],
  ['silent', { sampleRate: 16_000, samples: new Float32Array(0) }],
  ['silent', { sampleRate: 16_000, samples: new Float32Array(80_000) }],
  ['too short', tone(0.6)],
  ['too long', tone(61)],
  [
    'clipped',
    {
      sampleRate: 16_000,
      samples: tone(3, { amplitude: 3 }).samples.map((s) => Math.max(-1, Math.min(1, s))),
    },
  ],
] as const)('a recording that is %s is refused', (trouble, sound) => {
  expect(judge(sound)).toMatchObject({ ok: false, trouble })
})

test('exactly 60 seconds may be, and a single peak at full scale is not clipping', () => {
  expect(judge(tone(60)).ok).toBe(true)
  const loudOnce = tone(2)
  loudOnce.samples.fill(1, 1_000, 1_002)
  expect(judge(loudOnce).ok).toBe(true)
})

test('loudness leaves the pauses out', () => {
  const spoken = after(tone(1), quiet(3), tone(1))
  expect(Math.abs(loudness(spoken) - loudness(tone(2)))).toBeLessThan(1)
})

test('trimming takes the silence at both ends, keeps the pauses, and a little air', () => {
  const trimmed = trimSilence(after(quiet(2), tone(1), quiet(1), tone(1), quiet(3)))
  expect(trimmed.samples.length / trimmed.sampleRate).toBeCloseTo(3.3, 1)
})

test('trimming also works in a noisy room, and leaves a recording of nothing as it is', () => {
  const hum = tone(2, { hertz: 50, amplitude: 0.003 })
  expect(trimSilence(after(hum, tone(1), hum)).samples.length / 16_000).toBeCloseTo(1.3, 1)
  expect(trimSilence(quiet(2)).samples).toHaveLength(32_000)
  expect(trimSilence({ sampleRate: 16_000, samples: new Float32Array(0) }).samples).toHaveLength(0)
})

test('a quiet and a loud recording become equally loud', () => {
  expect(loudness(normalise(tone(3, { amplitude: 0.02 })))).toBeCloseTo(-19, 1)
  expect(loudness(normalise(tone(3, { amplitude: 0.9 })))).toBeCloseTo(-19, 1)
})

test('raising a recording never takes its peaks past full scale', () => {
  const spiky = after(
    tone(3, { amplitude: 0.01 }),
    tone(0.05, { amplitude: 0.9 }),
    tone(3, { amplitude: 0.01 }),
  )
  const raised = normalise(spiky)
  expect(Math.max(...raised.samples.map(Math.abs))).toBeLessThan(1)
  expect(normalise({ sampleRate: 8_000, samples: new Float32Array(100) }).samples.every((s) => s === 0)).toBe(
    true,
  )
})

test.each([
  [48_000, 16_000],
  [44_100, 16_000],
  [22_050, 16_000],
  [16_000, 8_000],
  [8_000, 16_000],
])('from %i to %i Hz a tone keeps its pitch, strength and length', (from, to) => {
  const changed = resample(tone(1, { hertz: 1_000, sampleRate: from }), to)
  expect(changed.samples.length).toBeGreaterThanOrEqual(to - 1)
  expect(changed.samples.length).toBeLessThanOrEqual(to)
  expect(strengthAt(changed, 1_000)).toBeCloseTo(0.3, 2)
})

test('what the lower rate cannot hold is taken out and does not fold down', () => {
  const folded = resample(tone(1, { hertz: 6_000, sampleRate: 16_000 }), 8_000)
  expect(levelDb(folded.samples, 200, 7_800)).toBeLessThan(-65)
})

test('a wav file comes back as it was written', () => {
  const sound = tone(1, { sampleRate: 16_000 })
  const bytes = encodeWav(sound)
  expect(bytes).toHaveLength(44 + 32_000)
  const read = parseWav(bytes)!
  expect(read.sampleRate).toBe(16_000)
  expect(Math.max(...read.samples.map((sample, i) => Math.abs(sample - sound.samples[i]!)))).toBeLessThan(
    0.0001,
  )
})

/** A WAV file by hand. */
function wav({
  code = 1,
  channels = 1,
  rate = 8_000,
  bits = 16,
  body = new Uint8Array(4),
  before = [] as number[],
}): Uint8Array {
  const bytes = new Uint8Array(44 + before.length + body.length)
  const view = new DataView(bytes.buffer)
  const put = (at: number, text: string) => bytes.set(new TextEncoder().encode(text), at)
  put(0, 'RIFF')
  view.setUint32(4, bytes.length - 8, true)
  put(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, code, true)
  view.setUint16(22, channels, true)
  view.setUint32(24, rate, true)
  view.setUint32(28, (rate * channels * bits) / 8, true)
  view.setUint16(32, (channels * bits) / 8, true)
  view.setUint16(34, bits, true)
  bytes.set(before, 36)
  put(36 + before.length, 'data')
  view.setUint32(40 + before.length, body.length, true)
  bytes.set(body, 44 + before.length)
  return bytes
}

test('other kinds of wav are read: 8, 24 and 32 bit, floating point, stereo mixed into one', () => {
  expect([...parseWav(wav({ bits: 8, body: Uint8Array.of(128, 192, 0) }))!.samples]).toEqual([0, 0.5, -1])
  expect([...parseWav(wav({ bits: 24, body: Uint8Array.of(0, 0, 0x40, 0, 0, 0xc0) }))!.samples]).toEqual([
    0.5, -0.5,
  ])
  expect([...parseWav(wav({ bits: 32, body: Uint8Array.of(0, 0, 0, 0x40) }))!.samples]).toEqual([0.5])
  const floats = new Uint8Array(Float32Array.of(0.25, Number.NaN, 7).buffer)
  expect([...parseWav(wav({ code: 3, bits: 32, body: floats }))!.samples]).toEqual([0.25, 0, 1])
  expect([...parseWav(wav({ channels: 2, body: Uint8Array.of(0, 0x40, 0, 0x20) }))!.samples]).toEqual([0.375])
})

test('chunks before the sound are passed over', () => {
  const list = [...'LIST'].map((letter) => letter.charCodeAt(0))
  const read = parseWav(wav({ before: [...list, 3, 0, 0, 0, 1, 2, 3, 0], body: Uint8Array.of(0, 0x40) }))
  expect([...read!.samples]).toEqual([0.5])
})

test('a size that a recorder never filled in means: all that follows', () => {
  const bytes = wav({ body: Uint8Array.of(0, 0x40, 0, 0x40) })
  new DataView(bytes.buffer).setUint32(40, 0xffffffff, true)
  expect(parseWav(bytes)!.samples).toHaveLength(2)
})

test.each([
  ['nothing', new Uint8Array(0)],
  ['a picture', Uint8Array.from({ length: 100 }, (_, i) => (i * 37) % 256)],
  ['an MP3 in a WAV', wav({ code: 0x55 })],
  ['no channels', wav({ channels: 0 })],
  ['an absurd rate', wav({ rate: 1 })],
  ['12 bits', wav({ bits: 12 })],
  ['no samples', wav({ body: new Uint8Array(0) })],
  ['a header cut short', wav({}).slice(0, 40)],
])('%s is no recording', (_, bytes) => {
  expect(parseWav(bytes)).toBeNull()
})

test('no bytes whatsoever make the reader throw', () => {
  const good = wav({ body: new Uint8Array(64) })
  for (let at = 0; at < 44; at++) {
    for (const value of [0, 1, 127, 255]) {
      const bytes = good.slice()
      bytes[at] = value
      expect(() => parseWav(bytes)).not.toThrow()
    }
  }
})

test('µ-law has the bytes of G.711 and comes back within its steps', () => {
  expect([...muLawEncode(Float32Array.of(0, 1, -1))]).toEqual([0xff, 0x80, 0x00])
  const sound = tone(0.1)
  const back = muLawDecode(muLawEncode(sound.samples))
  const off = back.map((sample, i) => Math.abs(sample - sound.samples[i]!))
  expect(Math.max(...off)).toBeLessThan(0.02)
})

test('every µ-law byte decodes and encodes to itself', () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i)
  const back = muLawEncode(muLawDecode(all))
  // 0x7f is minus zero, which plain zero stands for.
  expect([...back].filter((byte, i) => byte !== i && i !== 0x7f)).toEqual([])
})

test('the telephone file is 8 kHz µ-law', () => {
  const bytes = encodeTelephoneWav(tone(1))
  const view = new DataView(bytes.buffer)
  expect([view.getUint16(20, true), view.getUint32(24, true), view.getUint32(40, true)]).toEqual([
    7, 8_000, 8_000,
  ])
})
