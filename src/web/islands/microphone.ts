// Island / microphone: opens the microphone and hands on what it hears. Called by voice-recorder.ts.

export interface Microphone {
  readonly sampleRate: number
  close(): void
}

export type MicrophoneTrouble = 'none' | 'refused' | 'broken'

/**
 * Must be called straight from a click: Safari lets sound begin only then. The browser's own clean-up of voices (echo, noise,
 * gain) is off, because it cuts the beginnings of words and pumps the room's noise up in the pauses.
 * @param worklet address of voice-worklet.js
 * @param hear gets each piece of sound, about twenty a second
 */
export async function openMicrophone(
  worklet: string,
  hear: (piece: Float32Array) => void,
): Promise<Microphone | MicrophoneTrouble> {
  const audio = new AudioContext()
  let stream: MediaStream | undefined
  const close = () => {
    for (const track of stream?.getTracks() ?? []) track.stop()
    if (audio.state !== 'closed') void audio.close()
  }
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    })
    await Promise.all([audio.audioWorklet.addModule(worklet), audio.resume()])
    const tap = new AudioWorkletNode(audio, 'voice-tap', {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
    })
    tap.port.onmessage = (message: MessageEvent<Float32Array>) => hear(message.data)
    audio.createMediaStreamSource(stream).connect(tap)
    return { sampleRate: audio.sampleRate, close }
  } catch (error) {
    close()
    return troubleOf(error)
  }
}

function troubleOf(error: unknown): MicrophoneTrouble {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none'
  return name === 'NotAllowedError' || name === 'SecurityError' ? 'refused' : 'broken'
}
