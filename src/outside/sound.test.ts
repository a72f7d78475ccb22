import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { encodeWav, loudness, parseWav } from '../kit/sound.ts'
import { convertToWav } from './sound.ts'

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0

/** Three seconds of a tone at 440 Hz and −12 dBFS. */
const tone = encodeWav({
  sampleRate: 16_000,
  samples: Float32Array.from({ length: 48_000 }, (_, n) => 0.25 * Math.sin((2 * Math.PI * 440 * n) / 16_000)),
})

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'sound-'))
  onTestFinished(() => rm(made, { recursive: true }))
  return made
}

/** A program that stands where ffmpeg would: `body` is JavaScript with `args` and `url`. */
async function program(body: string): Promise<string> {
  const path = join(await folder(), 'converter.mjs')
  await writeFile(
    path,
    `#!${process.execPath}\nconst args = process.argv.slice(2); const url = args[args.indexOf('-i') + 1]\n${body}`,
  )
  await chmod(path, 0o755)
  return path
}

test('without a converter it says so', async () => {
  expect(await convertToWav(tone, join(await folder(), 'none'))).toEqual({ ok: false, why: 'no converter' })
})

test('the converter is given the file, whole or from any place, and what it writes comes back', async () => {
  const echo = await program(`
    const whole = new Uint8Array(await (await fetch(url)).arrayBuffer())
    const half = await fetch(url, { headers: { range: 'bytes=1000-' } })
    const rest = new Uint8Array(await half.arrayBuffer())
    const beyond = await fetch(url, { headers: { range: 'bytes=' + whole.length + '-' } })
    const elsewhere = await fetch(new URL('/', url))
    const right = half.status === 206 && half.headers.get('content-range') === 'bytes 1000-' + (whole.length - 1) + '/' + whole.length
      && rest.every((byte, n) => byte === whole[n + 1000]) && beyond.status === 416 && elsewhere.status === 404
    if (right) process.stdout.write(whole)`)
  expect(await convertToWav(tone, echo)).toEqual({ ok: true, wav: tone })
})

test('the converter may read nothing but sound from us', async () => {
  const args = await program('process.stdout.write(args.join(" "))')
  const answer = await convertToWav(tone, args)
  const written = answer.ok ? new TextDecoder().decode(answer.wav) : ''
  expect(written).toMatch(
    /-protocol_whitelist http,tcp .*-format_whitelist \S*mp3\S* .*-i http:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]{36} /,
  )
  expect(written).not.toMatch(/hls|concat|file/)
})

test.for([
  ['fails', 'process.exit(1)'],
  ['fails after half a sound', 'process.stdout.write("RIFF"); process.exitCode = 1'],
  ['says nothing', ''],
  [
    'never stops writing',
    'const piece = Buffer.alloc(1e6); const more = () => process.stdout.write(piece, more); more()',
  ],
] as const)('a converter that %s gives no sound', async ([, body]) => {
  expect(await convertToWav(tone, await program(body))).toEqual({ ok: false, why: 'not a sound' })
})

const kinds = [
  ['mp3', ['-c:a', 'libmp3lame']],
  ['m4a', ['-c:a', 'aac']],
  ['webm', ['-c:a', 'libopus']],
  ['ogg', ['-c:a', 'libopus']],
  ['flac', []],
] as const

test.skipIf(!hasFfmpeg).for(kinds)('a real %s file becomes the same sound', async ([kind, options]) => {
  const dir = await folder()
  await writeFile(join(dir, 'in.wav'), tone)
  expect(spawnSync('ffmpeg', ['-i', join(dir, 'in.wav'), ...options, join(dir, `out.${kind}`)]).status).toBe(
    0,
  )
  const answer = await convertToWav(new Uint8Array(await readFile(join(dir, `out.${kind}`))))
  const sound = answer.ok ? parseWav(answer.wav) : null
  expect(sound?.sampleRate).toBe(16_000)
  expect(sound!.samples.length / 16_000).toBeCloseTo(3, 0)
  expect(loudness(sound!)).toBeCloseTo(-15, 0)
})

test.skipIf(!hasFfmpeg)(
  'a playlist, a picture or a letter is not a sound, and nothing it names is fetched',
  async () => {
    const texts = [
      '#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/a.ts\n',
      'ffconcat version 1.0\nfile /etc/passwd\n',
      'Dear Ben',
      '',
    ]
    for (const text of texts) {
      expect(await convertToWav(new TextEncoder().encode(text))).toEqual({ ok: false, why: 'not a sound' })
    }
  },
)
