// Outside / sound: turns an uploaded sound file of any common kind (mp3, m4a, webm, ogg …) into WAV, by ffmpeg where the
// machine has it. Called by messages/recordings.ts for whatever is not a WAV already.
//
// The file comes from anybody, so ffmpeg is kept on a short lead: only sound formats, no address but ours, a time limit. And
// it never lies on a disk unencrypted: ffmpeg reads it over loopback, because some formats cannot be read from a pipe.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

const formats = 'mp3,aac,mov,matroska,ogg,flac,wav,w64,amr,aiff,caf,asf,au'
const secondsAtMost = 15
/** A little more than a message may last, so that a longer one is seen to be too long. */
const soundSecondsAtMost = 90
const sampleRate = 16_000
const bytesAtMost = soundSecondsAtMost * sampleRate * 2 + 4096

export type Converted = { ok: true; wav: Uint8Array } | { ok: false; why: 'no converter' | 'not a sound' }

/**
 * The first sound track of a file as WAV: one channel, 16 kHz, 16 bit, cut after 90 s.
 * @param program the ffmpeg to use; by default the one on the PATH
 */
export async function convertToWav(bytes: Uint8Array, program = 'ffmpeg'): Promise<Converted> {
  const offered = await offer(bytes)
  try {
    return await run(program, [
      '-hide_banner',
      '-nostdin',
      ...['-loglevel', 'fatal'],
      ...['-protocol_whitelist', 'http,tcp'],
      ...['-format_whitelist', formats],
      ...['-i', offered.url],
      ...['-map', '0:a:0', '-t', String(soundSecondsAtMost)],
      ...['-ac', '1', '-ar', String(sampleRate), '-c:a', 'pcm_s16le', '-map_metadata', '-1'],
      ...['-f', 'wav', 'pipe:1'],
    ])
  } finally {
    offered.close()
  }
}

function run(program: string, options: string[]): Promise<Converted> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let length = 0
    const child = spawn(program, options, {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH },
      timeout: secondsAtMost * 1000,
      killSignal: 'SIGKILL',
    })
    child.stdout.on('data', (piece: Buffer) => {
      length += piece.length
      if (length > bytesAtMost) child.kill('SIGKILL')
      else pieces.push(piece)
    })
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve({
        ok: false,
        why: error.code === 'ENOENT' || error.code === 'EACCES' ? 'no converter' : 'not a sound',
      }),
    )
    child.on('close', (code) =>
      resolve(
        code === 0 && length > 0
          ? { ok: true, wav: new Uint8Array(Buffer.concat(pieces)) }
          : { ok: false, why: 'not a sound' },
      ),
    )
  })
}

/** The bytes at an address that only this machine reaches and nobody can guess, and parts of them on request (RFC 9110 §14). */
async function offer(bytes: Uint8Array): Promise<{ url: string; close(): void }> {
  const path = `/${randomUUID()}`
  const server: Server = createServer((request, response) => {
    if (request.url !== path) return response.writeHead(404).end()
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    if (from >= bytes.length)
      return response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end()
    response.writeHead(request.headers.range ? 206 : 200, {
      'Accept-Ranges': 'bytes',
      'Content-Length': bytes.length - from,
      'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
    })
    return response.end(bytes.subarray(from))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
