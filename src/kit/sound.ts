// Kit / sound: what a recording must be, and how it is made fit for the telephone. Pure, no dependency; runs in the
// browser while somebody records (web/islands/) and again on the server, which trusts no browser.
//
// Sound here is always one channel of samples from −1 to 1 at a given rate. Levels are decibels below full scale (dBFS).

export interface Pcm {
  readonly sampleRate: number
  readonly samples: Float32Array
}

export type SoundTrouble = 'not a wav' | 'silent' | 'clipped' | 'too short' | 'too long'

export const recordingRate = 16_000
export const telephoneRate = 8_000
export const longestSeconds = 60
export const shortestSeconds = 1

/** Below this loudness of its loud parts a recording is taken for silence: a quiet room measures −60 and less, faint speech −45. */
const silentBelowDb = -50
/** A recording is clipped when more than this share of its samples stands in flat tops at full scale. */
const clippedShare = 0.001
const flatTop = 0.99
const flatTopRun = 3
/** Speech on the telephone is brought to about this loudness, so that no message shouts and none whispers. */
const telephoneLoudnessDb = -19

// ------------------------------------------------------------------------------------------------------------ verdict

export type Verdict =
  | { ok: true; seconds: number; loudnessDb: number }
  | { ok: false; trouble: SoundTrouble; seconds: number; loudnessDb: number }

/**
 * May this recording be a message? Judge it after `trimSilence`, so that a long pause before the first word does not count.
 */
export function judge(sound: Pcm): Verdict {
  const seconds = sound.samples.length / sound.sampleRate
  const loudnessDb = loudness(sound)
  const trouble = troubleOf(sound, seconds, loudnessDb)
  return trouble ? { ok: false, trouble, seconds, loudnessDb } : { ok: true, seconds, loudnessDb }
}

function troubleOf(sound: Pcm, seconds: number, loudnessDb: number): SoundTrouble | null {
  if (loudnessDb < silentBelowDb) return 'silent'
  if (seconds < shortestSeconds) return 'too short'
  if (seconds > longestSeconds) return 'too long'
  return shareClipped(sound.samples) > clippedShare ? 'clipped' : null
}

/** The share of samples that lie in runs of three or more at full scale: one sample may touch it by chance. */
function shareClipped(samples: Float32Array): number {
  let clipped = 0
  let run = 0
  for (const sample of samples) {
    run = Math.abs(sample) >= flatTop ? run + 1 : 0
    if (run === flatTopRun) clipped += flatTopRun
    else if (run > flatTopRun) clipped++
  }
  return samples.length ? clipped / samples.length : 0
}

/** Root mean square of a stretch of samples as dBFS; −Infinity for digital silence. */
export function levelDb(samples: Float32Array, from = 0, to = samples.length): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += samples[i]! ** 2
  return to > from ? 10 * Math.log10(sum / (to - from)) : -Infinity
}

/**
 * How loud a recording is to a listener, in dBFS: the mean level of its blocks of 0.4 s, without the pauses. The two
 * gates (−70, then 10 dB below the mean) are those of ITU-R BS.1770-4; its ear-shaped filter is left out, because speech
 * differs by less than a decibel with and without it.
 */
export function loudness(sound: Pcm): number {
  const { samples } = sound
  const block = Math.min(samples.length, Math.round(sound.sampleRate * 0.4))
  if (block === 0) return -Infinity
  const powers: number[] = []
  for (let from = 0; from + block <= samples.length; from += Math.max(1, block >> 2)) {
    powers.push(10 ** (levelDb(samples, from, from + block) / 10))
  }
  const heard = powers.filter((power) => power > 10 ** -7)
  const loud = heard.filter((power) => power > mean(heard) / 10)
  return loud.length ? 10 * Math.log10(mean(loud)) : -Infinity
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

// -------------------------------------------------------------------------------------------------------------- shape

/**
 * Cut the quiet from both ends, leaving 0.15 s of air. "Quiet" is 30 dB under the loudness of the whole, so that a noisy
 * room is trimmed too. A recording with nothing in it comes back as it is.
 */
export function trimSilence(sound: Pcm): Pcm {
  const { samples, sampleRate } = sound
  const step = Math.round(sampleRate * 0.02)
  const threshold = Math.max(loudness(sound) - 30, -60)
  const isLoud = (from: number) => levelDb(samples, from, Math.min(from + step, samples.length)) > threshold
  let first = 0
  while (first < samples.length && !isLoud(first)) first += step
  if (first >= samples.length) return sound
  let last = first
  for (let from = first; from < samples.length; from += step) if (isLoud(from)) last = from + step
  const air = Math.round(sampleRate * 0.15)
  return {
    sampleRate,
    samples: samples.slice(Math.max(0, first - air), Math.min(samples.length, last + air)),
  }
}

/**
 * Bring a recording to the loudness of the telephone. Never raised so far that its peaks (all but one sample in a
 * thousand) pass 0.9; what still does is rounded off rather than cut.
 */
export function normalise(sound: Pcm, targetDb = telephoneLoudnessDb): Pcm {
  const wanted = 10 ** ((targetDb - loudness(sound)) / 20)
  if (!Number.isFinite(wanted)) return sound
  const sizes = sound.samples.map(Math.abs).sort()
  const peak = sizes[Math.floor((sizes.length - 1) * 0.999)]!
  const gain = peak > 0 ? Math.min(wanted, 0.9 / peak) : wanted
  return { sampleRate: sound.sampleRate, samples: sound.samples.map((sample) => soften(sample * gain)) }
}

/** Straight up to 0.9, then bending towards 1 and never reaching it. */
function soften(sample: number): number {
  const size = Math.abs(sample)
  return size <= 0.9 ? sample : Math.sign(sample) * (0.9 + 0.099 * Math.tanh((size - 0.9) / 0.099))
}

/**
 * The same sound at another rate. Everything above half of the lower rate is taken out first (windowed sinc, 24 lobes,
 * about 70 dB), so that nothing folds down into the speech.
 */
export function resample(sound: Pcm, rate: number): Pcm {
  const { samples, sampleRate } = sound
  if (sampleRate === rate) return sound
  const ratio = sampleRate / rate
  const cutoff = 0.94 * Math.min(1, 1 / ratio)
  const reach = Math.ceil(12 / cutoff)
  const filterAt = filterBank(cutoff, reach)
  const output = new Float32Array(Math.floor(samples.length / ratio))
  for (let i = 0; i < output.length; i++) {
    const centre = i * ratio
    const whole = Math.floor(centre)
    const taps = filterAt(centre - whole)
    let sum = 0
    for (let k = 0; k < taps.length; k++) sum += taps[k]! * (samples[whole - reach + 1 + k] ?? 0)
    output[i] = sum
  }
  return { sampleRate: rate, samples: output }
}

/** The filter for each position between two samples, made once per position (1/640 of a sample apart: exact for all usual rates). */
function filterBank(cutoff: number, reach: number): (fraction: number) => Float32Array {
  const known = new Map<number, Float32Array>()
  return (fraction) => {
    const phase = Math.round(fraction * 640)
    const found = known.get(phase)
    if (found) return found
    const taps = new Float32Array(2 * reach)
    let sum = 0
    for (let k = 0; k < taps.length; k++) {
      const distance = k - reach + 1 - phase / 640
      taps[k] = sinc(distance * cutoff) * blackman(distance / reach)
      sum += taps[k]!
    }
    for (let k = 0; k < taps.length; k++) taps[k]! /= sum
    known.set(phase, taps)
    return taps
  }
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))
const blackman = (x: number): number =>
  Math.abs(x) >= 1 ? 0 : 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x)

// -------------------------------------------------------------------------------------------------------------- files

/**
 * Read a WAV file: PCM of 8, 16, 24 or 32 bit, or 32 bit floating point, any rate from 8 to 192 kHz, any number of
 * channels (mixed into one). Null for everything else, also for one cut short before its first sample.
 * Layout: "Multimedia Programming Interface and Data Specifications 1.0" (IBM, Microsoft, 1991) and its WAVE_FORMAT_EXTENSIBLE.
 */
export function parseWav(bytes: Uint8Array): Pcm | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 44 || ascii(view, 0) !== 'RIFF' || ascii(view, 8) !== 'WAVE') return null
  let format: WavFormat | null = null
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = ascii(view, at)
    const size = view.getUint32(at + 4, true)
    if (name === 'fmt ' && size >= 16 && at + 8 + size <= bytes.length)
      format = readFormat(view, at + 8, size)
    // Some recorders write the header first and never come back to fill in the size: then the sound is all that follows.
    if (name === 'data')
      return format && readSamples(view, at + 8, Math.min(size, bytes.length - at - 8), format)
    at += 8 + size + (size % 2)
  }
  return null
}

interface WavFormat {
  channels: number
  sampleRate: number
  /** bytes of one sample */
  width: number
  floating: boolean
}

function readFormat(view: DataView, at: number, size: number): WavFormat | null {
  const extensible = view.getUint16(at, true) === 0xfffe && size >= 26
  const code = view.getUint16(extensible ? at + 24 : at, true)
  const channels = view.getUint16(at + 2, true)
  const sampleRate = view.getUint32(at + 4, true)
  const bits = view.getUint16(at + 14, true)
  const known = (code === 1 && [8, 16, 24, 32].includes(bits)) || (code === 3 && bits === 32)
  if (!known || channels < 1 || channels > 8 || sampleRate < 8_000 || sampleRate > 192_000) return null
  return { channels, sampleRate, width: bits / 8, floating: code === 3 }
}

function readSamples(view: DataView, at: number, size: number, format: WavFormat): Pcm | null {
  const frame = format.width * format.channels
  const frames = Math.floor(size / frame)
  if (frames < 1) return null
  const read = sampleReader(view, format)
  const samples = new Float32Array(frames)
  for (let i = 0; i < frames; i++) {
    let sum = 0
    for (let channel = 0; channel < format.channels; channel++)
      sum += read(at + i * frame + channel * format.width)
    samples[i] = sum / format.channels
  }
  return { sampleRate: format.sampleRate, samples }
}

function sampleReader(view: DataView, { width, floating }: WavFormat): (at: number) => number {
  if (floating) return (at) => finite(view.getFloat32(at, true))
  if (width === 1) return (at) => (view.getUint8(at) - 128) / 128
  if (width === 2) return (at) => view.getInt16(at, true) / 0x8000
  if (width === 3) return (at) => (view.getInt8(at + 2) * 0x10000 + view.getUint16(at, true)) / 0x800000
  return (at) => view.getInt32(at, true) / 0x80000000
}

const finite = (value: number): number => (Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0)

/** A WAV file of 16 bit PCM, one channel. */
export function encodeWav(sound: Pcm): Uint8Array<ArrayBuffer> {
  const { samples, sampleRate } = sound
  const body = new Uint8Array(samples.length * 2)
  const view = new DataView(body.buffer)
  for (let i = 0; i < samples.length; i++) view.setInt16(i * 2, toInt16(samples[i]!), true)
  return wavFile(body, { code: 1, sampleRate, bits: 16 })
}

/** A WAV file of the telephone: 8 kHz, µ-law, one channel. Resamples where needed. */
export function encodeTelephoneWav(sound: Pcm): Uint8Array<ArrayBuffer> {
  const { samples } = resample(sound, telephoneRate)
  return wavFile(muLawEncode(samples), { code: 7, sampleRate: telephoneRate, bits: 8 })
}

function wavFile(
  body: Uint8Array,
  format: { code: number; sampleRate: number; bits: number },
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(44 + body.length + (body.length % 2))
  const view = new DataView(bytes.buffer)
  const frame = format.bits / 8
  putAscii(view, 0, 'RIFF')
  view.setUint32(4, bytes.length - 8, true)
  putAscii(view, 8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, format.code, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, format.sampleRate, true)
  view.setUint32(28, format.sampleRate * frame, true)
  view.setUint16(32, frame, true)
  view.setUint16(34, format.bits, true)
  putAscii(view, 36, 'data')
  view.setUint32(40, body.length, true)
  bytes.set(body, 44)
  return bytes
}

/** Samples as µ-law bytes. Source: ITU-T G.711 (segments of 14 bit magnitude with a bias of 33, all bits inverted). */
export function muLawEncode(samples: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(samples.length)
  for (let i = 0; i < samples.length; i++) bytes[i] = muLawByte(toInt16(samples[i]!))
  return bytes
}

const muLawBias = 0x84
const muLawLargest = 32_635

function muLawByte(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const size = Math.min(Math.abs(sample), muLawLargest) + muLawBias
  const segment = 31 - Math.clz32(size) - 7
  return ~(sign | (segment << 4) | ((size >> (segment + 3)) & 0x0f)) & 0xff
}

/** µ-law bytes as samples. */
export function muLawDecode(bytes: Uint8Array): Float32Array {
  const samples = new Float32Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) {
    const byte = ~bytes[i]! & 0xff
    const size = ((((byte & 0x0f) << 3) + muLawBias) << ((byte >> 4) & 7)) - muLawBias
    samples[i] = (byte & 0x80 ? -size : size) / 0x8000
  }
  return samples
}

const toInt16 = (sample: number): number => Math.round(Math.max(-1, Math.min(1, sample)) * 0x7fff)

const ascii = (view: DataView, at: number): string =>
  String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))

function putAscii(view: DataView, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i))
}
