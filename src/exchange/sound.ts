// Exchange / sound: reads how long a sound file lasts, and makes simple WAV files. Pure. Called by speaking.ts for what is
// played, by recording.ts for what callers say, by voice.ts.

/** One channel of 16-bit sound. */
export interface Pcm {
  rate: number
  samples: Int16Array
}

/** What `<Play>` accepts, by the type its server gives (telephony.md §1.5). */
const readers: Readonly<Record<string, (bytes: Uint8Array) => number | null>> = {
  'audio/wav': wavSeconds,
  'audio/wave': wavSeconds,
  'audio/x-wav': wavSeconds,
  'audio/mpeg': mp3Seconds,
  'audio/aiff': aiffSeconds,
  'audio/x-aiff': aiffSeconds,
  'audio/x-aifc': aiffSeconds,
  'audio/gsm': (bytes) => bytes.length / 1650,
  'audio/x-gsm': (bytes) => bytes.length / 1650,
  'audio/ulaw': (bytes) => bytes.length / 8000,
}

/**
 * How long a sound lasts, in milliseconds.
 * @param contentType as its server gave it, parameters and all
 * @returns null when it is of no type that can be played, or is not what its type says
 */
export function playingMs(contentType: string | null, bytes: Uint8Array): number | null {
  const read = readers[(contentType ?? '').split(';')[0]!.trim().toLowerCase()]
  const seconds = read ? read(bytes) : null
  return seconds === null || !Number.isFinite(seconds) ? null : Math.round(seconds * 1000)
}

interface WavParts {
  format: number
  channels: number
  rate: number
  bytesPerSecond: number
  bits: number
  data: Uint8Array
}

function readWav(bytes: Uint8Array): WavParts | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 12 || tag(bytes, 0) !== 'RIFF' || tag(bytes, 8) !== 'WAVE') return null
  let format: Omit<WavParts, 'data'> | null = null
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true)
    const body = at + 8
    if (tag(bytes, at) === 'fmt ' && body + 16 <= bytes.length) {
      format = {
        format: view.getUint16(body, true),
        channels: view.getUint16(body + 2, true),
        rate: view.getUint32(body + 4, true),
        bytesPerSecond: view.getUint32(body + 8, true),
        bits: view.getUint16(body + 14, true),
      }
    }
    // a size beyond the end is what streaming writers leave: take what is there
    if (tag(bytes, at) === 'data')
      return format && { ...format, data: bytes.subarray(body, Math.min(bytes.length, body + size)) }
    at = body + size + (size % 2)
  }
  return null
}

function wavSeconds(bytes: Uint8Array): number | null {
  const wav = readWav(bytes)
  return wav && wav.bytesPerSecond > 0 ? wav.data.length / wav.bytesPerSecond : null
}

/** The first channel of a 16-bit PCM WAV; null when it is anything else. */
export function decodeWav(bytes: Uint8Array): Pcm | null {
  const wav = readWav(bytes)
  if (wav?.format !== 1 || wav.bits !== 16 || wav.channels < 1) return null
  const view = new DataView(wav.data.buffer, wav.data.byteOffset, wav.data.byteLength)
  const samples = new Int16Array(Math.floor(wav.data.length / (2 * wav.channels)))
  for (let n = 0; n < samples.length; n++) samples[n] = view.getInt16(2 * wav.channels * n, true)
  return { rate: wav.rate, samples }
}

export function encodeWav({ rate, samples }: Pcm): Uint8Array {
  const bytes = new Uint8Array(44 + samples.length * 2)
  const view = new DataView(bytes.buffer)
  const text = (at: number, letters: string) => {
    for (let n = 0; n < letters.length; n++) bytes[at + n] = letters.charCodeAt(n)
  }
  text(0, 'RIFF')
  view.setUint32(4, bytes.length - 8, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, rate, true)
  view.setUint32(28, rate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  text(36, 'data')
  view.setUint32(40, samples.length * 2, true)
  for (let n = 0; n < samples.length; n++) view.setInt16(44 + 2 * n, samples[n]!, true)
  return bytes
}

/** A soft hum of the length given: stands for speech where nobody listens. */
export function hum(ms: number, rate = 8000): Pcm {
  const samples = new Int16Array(Math.round((ms * rate) / 1000))
  for (let n = 0; n < samples.length; n++)
    samples[n] = Math.round(6000 * Math.sin((2 * Math.PI * 220 * n) / rate))
  return { rate, samples }
}

/** The pieces laid on silence at their places, as the telephone carries it: 8 kHz. What sticks out at either end is cut. */
export function layOnSilence(lengthMs: number, pieces: readonly { atMs: number; sound: Pcm }[]): Pcm {
  const rate = 8000
  const samples = new Int16Array(Math.max(0, Math.round((lengthMs * rate) / 1000)))
  for (const { atMs, sound } of pieces) {
    const start = Math.round((atMs * rate) / 1000)
    const length = Math.round((sound.samples.length * rate) / sound.rate)
    for (let n = Math.max(0, -start); n < length && start + n < samples.length; n++) {
      samples[start + n] = meanOf(sound, n / rate, (n + 1) / rate)
    }
  }
  return { rate, samples }
}

/** The mean of the samples between two instants in seconds: a filter just good enough to halve the rate of a voice. */
function meanOf({ rate, samples }: Pcm, from: number, to: number): number {
  const first = Math.floor(from * rate)
  const last = Math.max(first, Math.ceil(to * rate) - 1)
  let sum = 0
  let count = 0
  for (let n = first; n <= last && n < samples.length; n++, count++) sum += samples[n]!
  return count === 0 ? 0 : Math.round(sum / count)
}

/** kbit/s by the four bits of an MPEG frame header, for layer 3 of version 1 and of version 2 and 2.5. */
const mp3Rates = {
  v1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  v2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
}

/** By the bit rate of the first frame: right for constant bit rates, near enough for others. */
function mp3Seconds(bytes: Uint8Array): number | null {
  let at = 0
  if (bytes.length > 10 && tag(bytes, 0).startsWith('ID3')) {
    at = 10 + ((bytes[6]! << 21) | (bytes[7]! << 14) | (bytes[8]! << 7) | bytes[9]!)
  }
  for (; at + 4 <= bytes.length; at++) {
    if (bytes[at] !== 0xff || (bytes[at + 1]! & 0xe0) !== 0xe0) continue
    const version = (bytes[at + 1]! >> 3) & 3
    const kbits = (version === 3 ? mp3Rates.v1 : mp3Rates.v2)[bytes[at + 2]! >> 4]
    if (((bytes[at + 1]! >> 1) & 3) === 1 && kbits) return ((bytes.length - at) * 8) / (kbits * 1000)
  }
  return null
}

function aiffSeconds(bytes: Uint8Array): number | null {
  if (bytes.length < 12 || tag(bytes, 0) !== 'FORM' || !tag(bytes, 8).startsWith('AIF')) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4)
    if (tag(bytes, at) === 'COMM' && at + 26 <= bytes.length) {
      // the rate is an 80-bit float: exponent, then a mantissa with its leading one written out
      const exponent = (view.getUint16(at + 16) & 0x7fff) - 16383
      const rate = view.getUint32(at + 18) * 2 ** (exponent - 31)
      return rate > 0 ? view.getUint32(at + 10) / rate : null
    }
    at += 8 + size + (size % 2)
  }
  return null
}

const tag = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4))
