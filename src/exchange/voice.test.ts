import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { silentLog } from '../kit/log.ts'
import { decodeWav } from './sound.ts'
import {
  estimatedMs,
  estimatedVoice,
  type FliteVoice,
  fliteVoice,
  pronounceable,
  speakingMs,
} from './voice.ts'

let voice: FliteVoice | null = null
afterEach(async () => {
  await voice?.close()
  voice = null
})

const text = 'Good morning Ada. Time for your tablets. Press any key.'

test('the offline voice really speaks, without the network', async () => {
  voice = fliteVoice()
  const sound = decodeWav(await voice.wav(text))!
  expect(sound.rate).toBe(16_000)
  const ms = await voice.durationMs(text)
  expect(ms).toBe(Math.round(sound.samples.length / 16))
  // the estimate that stands for it in rehearsals is not far off
  expect(ms).toBeGreaterThan(estimatedMs(text) * 0.7)
  expect(ms).toBeLessThan(estimatedMs(text) * 1.4)
  const loudest = sound.samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  expect(loudest).toBeGreaterThan(3000)
  expect(loudest).toBeLessThanOrEqual(32_767)
  expect(await voice.durationMs(`One more sentence makes it longer. ${text}`)).toBeGreaterThan(ms)
})

test('the server goes on while it speaks', async () => {
  voice = fliteVoice()
  let ticks = 0
  const timer = setInterval(() => ticks++, 5)
  await voice.wav('This is a rather long text, so that making it takes a while. '.repeat(4))
  clearInterval(timer)
  expect(ticks).toBeGreaterThan(5)
})

test('a text is made once, also over a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'callassist-voice-test-'))
  voice = fliteVoice({ folder })
  const [one, two] = await Promise.all([voice.wav(text), voice.wav(text)])
  expect(one).toBe(two)
  expect(await readdir(folder)).toHaveLength(1)
  await voice.close()
  voice = fliteVoice({ folder })
  expect(Buffer.compare(await voice.wav(text), one!)).toBe(0)
  expect(await readdir(folder)).toHaveLength(1)
  await rm(folder, { recursive: true })
})

test.each([
  '',
  '   ',
  '日本語',
  '-o /etc/passwd',
  'naïve “quotes” – and £5.50 for 3 °C; 100% & more',
  '<speak>no markup</speak>',
])('%j does not break it', async (odd) => {
  voice = fliteVoice()
  expect(await voice.durationMs(odd)).toBeGreaterThan(100)
})

test('what flite cannot read is written so that it can', () => {
  expect(pronounceable('CallAssist for Zoë: “£5.50” – it’s due')).toBe(
    'Call Assist for Zoe: "5.50 pounds" , it\'s due',
  )
})

test('when the voice fails its captions go on', async () => {
  const broken = {
    durationMs: () => Promise.reject(new Error('no voice')),
    wav: () => Promise.reject(new Error('no voice')),
  }
  expect(await speakingMs(broken, text, silentLog)).toBe(estimatedMs(text))
})

test('the estimate needs no sound, and its files last as long as it says', async () => {
  const estimated = estimatedVoice()
  expect(estimated.durationMs(text)).toBe(estimatedMs(text))
  expect(decodeWav(await estimated.wav(text))!.samples.length).toBe(8 * estimatedMs(text))
})
