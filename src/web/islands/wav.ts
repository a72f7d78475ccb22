// Island / wav: the pure half of the voice recorder: from the pieces a microphone gave to a file, a verdict and a preview.
// The rules themselves are in kit/sound.ts, which the server applies again.
import {
  encodeWav,
  judge,
  levelDb,
  normalise,
  recordingRate,
  resample,
  telephoneRate,
  trimSilence,
  type Verdict,
} from '../../kit/sound.ts'

export interface Finished {
  verdict: Verdict
  /** What is sent: 16 kHz, 16 bit, one channel, trimmed at both ends. */
  file: Uint8Array<ArrayBuffer>
  /** What is listened to: the same as loud and as narrow as the telephone will play it. */
  preview: Uint8Array<ArrayBuffer>
}

/** @param sampleRate of the microphone, in Hz */
export function finishRecording(pieces: readonly Float32Array[], sampleRate: number): Finished {
  // Judged before its rate is changed: the filter would round off the flat tops of a clipped recording.
  const trimmed = trimSilence({ sampleRate, samples: join(pieces) })
  const sound = resample(trimmed, recordingRate)
  return {
    verdict: judge(trimmed),
    file: encodeWav(sound),
    preview: encodeWav(normalise(resample(sound, telephoneRate))),
  }
}

/** One stretch of sound out of its pieces. */
export function join(pieces: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** How full the level meter is, 0 to 1, for the last piece: −50 dBFS and less is empty, −5 and more is full and too loud. */
export function meterLevel(piece: Float32Array): number {
  return Math.min(1, Math.max(0, (levelDb(piece) + 50) / 45))
}
