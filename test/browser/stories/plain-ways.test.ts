// The same way from the home page to the answered call for people whose browser runs no scripts, and for people without a pointer.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { words as phoneWords } from '../../../src/exchange/words-of-pages.ts'
import { defaultPreset, findPreset } from '../../../src/messages/messages.ts'
import { words as serviceWords } from '../../../src/services/words.ts'
import { words as setupWords } from '../../../src/setup/words.ts'
import { summaryWords } from '../../../src/setup/words-of-summary.ts'
import { words as signinWords } from '../../../src/signin/words.ts'
import { homeWords } from '../../../src/website/words.ts'
import { browser } from '../../support/browser.ts'
import { type RunningCallAssist, startRunning } from '../../support/running.ts'
import { type Hands, keyboard, pointer } from './hands.ts'
import { openPhones } from './phones.ts'
import { writeVoice } from './sound.ts'
import { arrive, codeFor, deskSize, pictureWhenFailed, type Visitor, visit } from './visitor.ts'
import { preset, setUp } from './wizard.ts'

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

async function fromHomeToWizard(visitor: Visitor, hands: Hands, email: string): Promise<void> {
  const { page } = visitor
  await page.goto('/')
  await hands.press(homeWords.setUp)
  await arrive(page, signinWords.emailLabel)
  await hands.type(signinWords.emailLabel, email)
  await hands.press(signinWords.sendCode)
  await arrive(page, signinWords.codeLabel)
  await hands.type(signinWords.codeLabel, await codeFor(visitor, email))
  await hands.press(signinWords.signIn)
}

const toCalls = (name: string) => summaryWords.done.tryButton({ name, isSelf: false })

test.concurrent('without JavaScript, from the home page to the pressed key, with a sound file for the recording', async (context) => {
  const visitor = await visit(chrome, running, { javaScriptEnabled: false })
  pictureWhenFailed(visitor, context)
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
  await hands.press(toCalls('Edwin'))
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

test.concurrent('by keyboard alone, from the home page to the pressed key', async (context) => {
  const visitor = await visit(chrome, running, { viewport: deskSize })
  pictureWhenFailed(visitor, context)
  const { page } = visitor
  const hands = keyboard(page)
  await fromHomeToWizard(visitor, hands, 'gwen@example.org')
  await setUp(hands, {
    yourName: 'Gwen Lowe',
    receiver: 'Bert',
    number: '01632 960131',
    time: '18:00',
    message: preset(findPreset(defaultPreset('check-in'))!.title),
    yourNumber: '07700 900131',
    other: { name: 'Hal Lowe', phone: '07700 900132', email: 'hal@example.org' },
    notes: 'Ring twice.',
  })
  await hands.press(toCalls('Bert'))
  await arrive(page, serviceWords.serviceTitle('Bert'))
  await hands.press(serviceWords.ringNow)
  await page.getByText('telephone is ringing now').first().waitFor()

  const phones = await openPhones(await visitor.context.newPage())
  await phones.is('Bert', 'ringing')
  await keyboard(phones.page).press(/^Answer.*Bert/)
  await phones.is('Bert', 'talking')
  await phones.hears('Bert', /Hello Bert/)
  // the keys of the keyboard are those of the telephone in focus
  await phones.page.keyboard.press('7')
  await phones.hears('Bert', /^Pressed 7/)
  await keyboard(phones.page).press(/^Hang up/)
  await phones.is('Bert', 'idle')
  await page.getByText(/^Test Bert answered .*pressed 7\.$/).waitFor()
  await visitor.leave()
})
