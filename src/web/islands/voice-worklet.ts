// Island / voice-worklet: runs in the browser's audio thread and hands the microphone's samples to the page, in pieces of
// about a twentieth of a second. An asset of its own, so that the content security policy needs no exception.

declare class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void

const pieceLength = 2_048

class VoiceTap extends AudioWorkletProcessor {
  private piece = new Float32Array(pieceLength)
  private filled = 0

  /** Called by the browser with 128 samples at a time. */
  process(inputs: Float32Array[][]): boolean {
    for (const sample of inputs[0]?.[0] ?? []) {
      this.piece[this.filled++] = sample
      if (this.filled < pieceLength) continue
      this.port.postMessage(this.piece, [this.piece.buffer])
      this.piece = new Float32Array(pieceLength)
      this.filled = 0
    }
    return true
  }
}

registerProcessor('voice-tap', VoiceTap)
