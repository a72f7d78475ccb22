// The same way from the home page to the answered call for people whose browser runs no scripts.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { words as phoneWords } from '../../../src/exchange/words-of-pages.ts'
import { words as serviceWords } from '../../../src/services/words.ts'
import { words as setupWords } from '../../../src/setup/words.ts'
import { summaryWords } from '../../../src/setup/words-of-summary.ts'
import { browser } from '../../support/browser.ts'
import { type RunningCallAssist, startRunning } from '../../support/running.ts'
import { type Hands, pointer } from './hands.ts'
import { openPhones } from './phones.ts'
import { writeVoice } from './sound.ts'
import { arrive, pictureWhenFailed, visit } from './visitor.ts'
import { fromHomeToWizard } from './way-in.ts'
import { setUp } from './wizard.ts'

let running: RunningCallAssist
let chrome: Browser
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callassist-voice-'))
  ;[running, chrome] = await Promise.all([startRunning(), browser()])
})

afterAll(async () => {
  await chrome?.close()
  await running?.stop()
  await rm(folder, { recursive: true, force: true })
})

test('without JavaScript, from the home page to the pressed key, with a sound file for the recording', async () => {
  const visitor = await visit(chrome, running, { javaScriptEnabled: false })
  pictureWhenFailed(visitor)
  const { page } = visitor
  const hands = pointer(page)
  await fromHomeToWizard(visitor, hands, 'dora@example.org')
  await setUp(hands, {
    yourName: 'Dora Finch',
    receiver: 'Edwin',
    number: '01632 960121',
    time: '12:15pm',
    message: sendFile,
    yourNumber: '07700 900121',
    other: { name: 'Fred Marsh', phone: '07700 900122', email: 'fred@example.org' },
    notes: 'The dog is friendly.',
  })
  await hands.press(summaryWords.done.tryButton({ name: 'Edwin', isSelf: false }))
  await arrive(page, serviceWords.serviceTitle('Edwin'))
  const service = page.url()
  await hands.press(serviceWords.ringNow)

  const phones = await openPhones(page)
  const edwin = phones.of('Edwin')
  await again(page, async () => (await edwin.getAttribute('data-state')) === 'ringing')
  await phones.press('Edwin', phoneWords.answer)
  await again(page, async () => (await edwin.getByText(phoneWords.recordingIsHeard).count()) > 0)
  await phones.press('Edwin', '5')
  await again(page, async () => (await edwin.getByText(/^Pressed 5/).count()) > 0)
  await phones.press('Edwin', phoneWords.hangUp)
  await again(page, async () => (await edwin.getAttribute('data-state')) === 'idle')
  await edwin.getByText(/Pressed 5\./).waitFor()
  await edwin.getByText(phoneWords.heardThen).click()
  const recording = await edwin.getByLabel(phoneWords.listenAgain).getAttribute('src')
  expect((await page.request.get(recording!)).status()).toBe(200)
  await phones.move('next')
  await page
    .getByText(/12:15pm/)
    .first()
    .waitFor()

  await page.goto(service)
  await page.getByText(/^Test Edwin answered .*pressed 5\.$/).waitFor()
  await visitor.leave()
})

async function sendFile({ page, press, choose }: Hands, receiver: string): Promise<void> {
  await choose(setupWords.heard.recording)
  await press(setupWords.continue)
  await arrive(page, setupWords.recording.question({ name: receiver, isSelf: false }))
  const file = join(folder, 'voice.wav')
  await writeVoice(file, 4)
  await page.getByLabel(setupWords.recording.file).setInputFiles(file)
  await press(setupWords.recording.send)
  await arrive(page, setupWords.listen.question)
  await press(setupWords.listen.keep)
}

/** Loads the page again until it is so: without scripts it does not follow by itself. */
async function again(page: Page, so: () => Promise<boolean>): Promise<void> {
  for (let loads = 0; loads < 50; loads++) {
    if (await so()) return
    await page.waitForTimeout(300)
    await page.reload()
  }
  throw new Error('the page was loaded again and again, and it is still not so')
}
