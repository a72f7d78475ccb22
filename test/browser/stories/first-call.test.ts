// The story of a newcomer, from the home page to the first answered call: set up, recorded in the browser, rung, heard, a key pressed.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { words as phoneWords } from '../../../src/exchange/words-of-pages.ts'
import { type Pcm, telephoneRate } from '../../../src/kit/sound.ts'
import { words as serviceWords } from '../../../src/services/words.ts'
import { words as setupWords } from '../../../src/setup/words.ts'
import { summaryWords } from '../../../src/setup/words-of-summary.ts'
import { words as signinWords } from '../../../src/signin/words.ts'
import { recorderWords } from '../../../src/web/words.ts'
import { homeWords } from '../../../src/website/words.ts'
import { browser } from '../../support/browser.ts'
import { type RunningCallAssist, startRunning } from '../../support/running.ts'
import { type Hands, pointer } from './hands.ts'
import { openPhones } from './phones.ts'
import { inTurn, tones, voiceIn, writeVoice } from './sound.ts'
import { arrive, codeFor, pictureWhenFailed, visit } from './visitor.ts'
import { setUp } from './wizard.ts'

let running: RunningCallAssist
let chrome: Browser
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callassist-voice-'))
  const microphone = join(folder, 'voice.wav')
  await writeVoice(microphone, 60)
  ;[running, chrome] = await Promise.all([startRunning(), browser({ microphone })])
})

afterAll(async () => {
  await chrome?.close()
  await running?.stop()
  await rm(folder, { recursive: true, force: true })
})

const cara = {
  yourName: 'Cara Hartley',
  receiver: 'Ada',
  number: '01632 960101',
  time: 'half past nine',
  yourNumber: '07700 900101',
  other: { name: 'Ben Hartley', phone: '07700 900102', email: 'ben@example.org' },
  notes: 'The key is with Joan at number 3.',
}

test('from the home page to hearing the recorded voice and pressing a key', async () => {
  const visitor = await visit(chrome, running, { permissions: ['microphone'] })
  pictureWhenFailed(visitor)
  const { page, context } = visitor

  await page.goto('/')
  await page.getByRole('link', { name: homeWords.setUp }).first().click()
  await arrive(page, signinWords.emailLabel)
  await page.getByLabel(signinWords.emailLabel).fill('Cara@Example.org')
  await page.getByRole('button', { name: signinWords.sendCode }).click()
  await arrive(page, signinWords.codeLabel)
  await page.getByLabel(signinWords.codeLabel).fill(await codeFor(visitor, 'cara@example.org'))
  await page.getByRole('button', { name: signinWords.signIn, exact: true }).click()

  let seconds = 0
  const message = async (hands: Hands) => {
    seconds = await recordVoice(hands)
  }
  const seen: string[] = []
  await setUp(pointer(page), { ...cara, message }, async (question) => {
    seen.push(question)
    if (question === summaryWords.check.title) await checkAnswers(page)
  })
  expect(seen.length).toBeGreaterThan(14)

  // the phones in a second window, the service in the first
  await page.getByRole('link', { name: summaryWords.done.tryButton({ name: 'Ada', isSelf: false }) }).click()
  await arrive(page, serviceWords.serviceTitle('Ada'))
  const phones = await openPhones(await context.newPage())
  await phones.page.getByRole('button', { name: phoneWords.soundOn }).first().click()
  const recordings: string[] = []
  phones.page.on('response', (answer) => {
    if (answer.ok() && answer.url().includes('/exchange/sounds/play-')) recordings.push(answer.url())
  })
  await page.getByRole('button', { name: serviceWords.ringNow }).click()

  await phones.is('Ada', 'ringing')
  await page.getByText('telephone is ringing now').first().waitFor()
  await phones.press('Ada', phoneWords.answer)
  await phones.hears('Ada', /Hello Ada/)
  await phones.hears('Ada', phoneWords.recordingIsHeard)

  await expect.poll(() => recordings.length).toBe(1)
  const heard = await asHeard(phones.page, recordings[0]!)
  expect(heard.samples.length / heard.sampleRate).toBeCloseTo(seconds, 0)
  const voice = voiceIn(heard)
  expect(voice.share).toBeGreaterThan(0.8)
  expect(new Set(voice.tones)).toEqual(new Set(tones))
  expect(inTurn(voice.tones)).toBeGreaterThan(0.7)

  await phones.press('Ada', '5')
  await page.getByText(/^Test Ada answered .*pressed 5\.$/).waitFor()
  await phones.is('Ada', 'idle')
  await phones
    .of('Ada')
    .getByText(/Answered after .* Pressed 5\./i)
    .waitFor()
  await visitor.leave()
})

/** A sound as the browser plays it, at the rate of the telephone. */
async function asHeard(page: Page, url: string): Promise<Pcm> {
  const samples = await page.evaluate(async (address) => {
    const file = await (await fetch(address)).arrayBuffer()
    const audio = new OfflineAudioContext(1, 1, 8000)
    return [...(await audio.decodeAudioData(file)).getChannelData(0)]
  }, url)
  return { sampleRate: telephoneRate, samples: Float32Array.from(samples) }
}

/** @returns how long the page says the recording is */
async function recordVoice({ page, press, choose }: Hands): Promise<number> {
  await choose(setupWords.heard.recording)
  await press(setupWords.continue)
  await arrive(page, setupWords.recording.question({ name: 'Ada', isSelf: false }))
  await press(recorderWords.record)
  await page.getByText(recorderWords.speakNow).waitFor()
  await page.getByText(/^[3-9] of 60 seconds/).waitFor()
  await press(recorderWords.stop)
  const says = await page.getByText(/^Your recording is \d+ seconds? long/).innerText()
  await press(recorderWords.use)
  await arrive(page, setupWords.listen.question)
  await press(setupWords.listen.keep)
  return Number(/\d+/.exec(says)![0])
}

async function checkAnswers(page: Page): Promise<void> {
  const text = (await page.locator('main').innerText()).replaceAll('\u00a0', ' ')
  const entered = [
    'Cara Hartley',
    '01632 960101',
    'A recording of a familiar voice',
    '07700 900101',
    'Ben Hartley',
    'ben@example.org',
    'The key is with Joan at number 3.',
    'Today at 9:30am',
  ]
  expect(entered.filter((told) => !text.includes(told))).toEqual([])
  expect(text).toMatch(/Tomorrow, Tuesday \d+ \w+, at 9:30am/)
}
