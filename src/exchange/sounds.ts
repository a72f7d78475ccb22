// Exchange / sounds: the latest things heard on any telephone, so that a page can play the true audio. Spoken texts are made into
// sound only when somebody listens. Called by speaking.ts; read by the pages through exchange.ts.
import { createHash } from 'node:crypto'
import type { SoundShelf } from './network.ts'
import type { Voice } from './voice.ts'

const textsKept = 1000
const soundsKept = 50

export function createSoundShelf(voice: Voice): SoundShelf {
  const texts = new Map<string, string>()
  const sounds = new Map<string, { contentType: string; bytes: Uint8Array }>()
  return {
    keepSaid(text) {
      const id = `say-${digest(text)}`
      keep(texts, id, text, textsKept)
      return id
    },
    keepPlayed(callSid, contentType, bytes) {
      // the call's identifier makes the address as hard to guess as the customer's own
      const id = `play-${digest(callSid, bytes)}`
      keep(sounds, id, { contentType, bytes }, soundsKept)
      return id
    },
    async get(id) {
      const text = texts.get(id)
      if (text !== undefined) return { contentType: 'audio/wav', bytes: await voice.wav(text) }
      return sounds.get(id) ?? null
    },
  }
}

function keep<T>(shelf: Map<string, T>, id: string, thing: T, atMost: number): void {
  shelf.delete(id)
  shelf.set(id, thing)
  if (shelf.size > atMost) shelf.delete(shelf.keys().next().value ?? '')
}

function digest(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex').slice(0, 24)
}
