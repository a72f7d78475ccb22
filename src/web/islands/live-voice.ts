// Island part / live-voice: sends what the microphone hears to an address, a quarter of a second at a time and in order. Called by
// exchange-phones.ts for the practice phones.
import { encodeWav, recordingRate, resample } from '../../kit/sound.ts'
import { openMicrophone } from './microphone.ts'
import { join } from './wav.ts'

export interface LiveVoice {
  stop(): void
}

const pieceSeconds = 0.25

/** Must be called straight from a click. @returns null when there is no microphone, or it is refused */
export async function liveVoice(worklet: string, address: string): Promise<LiveVoice | null> {
  let heard: Float32Array[] = []
  let count = 0
  let sampleRate = 0
  let turn: Promise<unknown> = Promise.resolve()
  const opened = await openMicrophone(worklet, (piece) => {
    heard.push(piece)
    count += piece.length
    if (sampleRate && count >= pieceSeconds * sampleRate) send()
  })
  if (typeof opened === 'string') return null
  sampleRate = opened.sampleRate

  function send(): void {
    const body = encodeWav(resample({ sampleRate, samples: join(heard) }, recordingRate))
    heard = []
    count = 0
    turn = turn
      .then(() => fetch(address, { method: 'POST', body, headers: { 'Content-Type': 'audio/wav' } }))
      .catch(() => {})
  }
  return { stop: () => opened.close() }
}
