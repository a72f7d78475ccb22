// The story of somebody who rings us: a PIN is set on the page, the receiver rings in on the practice phone and pauses the calls by it,
// the others learn of it and start the calls again; a stranger with the number withheld leaves a message, and the desk deals with it;
// and the calls are stopped for good, on a page of its own.
import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { words as phoneWords } from '../../../src/exchange/words-of-pages.ts'
import { findPreset } from '../../../src/messages/messages.ts'
import { words as ringInWords } from '../../../src/ringin/words-of-pages.ts'
import { words as serviceWords } from '../../../src/services/words.ts'
import { settingsWords } from '../../../src/services/words-of-settings.ts'
import { summaryWords } from '../../../src/setup/words-of-summary.ts'
import { words as verificationWords } from '../../../src/verification/words.ts'
import { browser } from '../../support/browser.ts'
import { type RunningCallAssist, startRunning } from '../../support/running.ts'
import { confirmByText } from './confirm.ts'
import { pointer } from './hands.ts'
import { inspector } from './inspect.ts'
import { openPhones, type Phones } from './phones.ts'
import { arrive, pictureWhenFailed, signIn, visit } from './visitor.ts'
import { preset, setUp } from './wizard.ts'

let running: RunningCallAssist
let chrome: Browser

beforeAll(async () => {
  ;[running, chrome] = await Promise.all([startRunning(), browser()])
})

afterAll(async () => {
  await chrome?.close()
  await running?.stop()
})

test('rings in, pauses by PIN, and everybody knows; a message from a stranger; stopped for good', async () => {
  const visitor = await visit(chrome, running)
  pictureWhenFailed(visitor)
  const { page, context } = visitor
  const pages = inspector()
  await signIn(visitor, 'nora@example.org', '/setup')
  await setUp(pointer(page), {
    yourName: 'Nora Hartley',
    receiver: 'Olive',
    number: '01632 960151',
    time: '9.30',
    message: preset(findPreset('are-you-ok')!.title),
    yourNumber: '07700 900151',
    other: { name: 'Per Hartley', phone: '07700 900152', email: 'per@example.org' },
    notes: '',
  })
  const hands = pointer(page)
  await hands.press(summaryWords.done.confirmButton)
  await confirmByText(hands, ['Nora Hartley', 'Per Hartley'], 'Nora Hartley')
  await hands.press(verificationWords.toService('Olive'))
  await arrive(page, serviceWords.serviceTitle('Olive'))
  const servicePath = new URL(page.url()).pathname

  await page.getByRole('link', { name: new RegExp(settingsWords.pinChange) }).click()
  await arrive(page, settingsWords.pinTitle('Olive'))
  await page.getByLabel(settingsWords.pinLabel, { exact: true }).fill('1111')
  await page.getByRole('button', { name: settingsWords.pinSave }).click()
  await page.getByText(settingsWords.pinEasy).first().waitFor()
  await pages.look(page, 'ring-in pin refused')
  await page.getByLabel(settingsWords.pinLabel, { exact: true }).fill('19 61')
  await page.getByRole('button', { name: settingsWords.pinSave }).click()
  await arrive(page, serviceWords.serviceTitle('Olive'))
  await page.getByText(settingsWords.pinIsSet).waitFor()

  const phones = await openPhones(await context.newPage())
  await pausesByPin(phones)
  // the others are told at once: who set it up too, since she did not do it
  await phones
    .of('Per Hartley')
    .getByText('Olive has rung us and paused the calls to Olive')
    .first()
    .waitFor()
  await page.getByText(/^Olive rang in at .*, gave the PIN, and paused the calls for 2 days\.$/).waitFor()
  await page.getByText('Olive asked for it by telephone').first().waitFor()
  await pages.look(page, 'ring-in paused')
  await page.getByRole('button', { name: serviceWords.resume }).click()
  await page.getByText('Olive asked for it by telephone').waitFor({ state: 'detached' })

  await page.goto(`${servicePath}/stop`)
  await arrive(page, settingsWords.stopTitle('Olive'))
  await pages.look(page, 'ring-in stop')
  await page.getByRole('button', { name: settingsWords.stopNow }).click()
  await page.getByText(serviceWords.ended).waitFor()
  await pages.look(page, 'ring-in stopped')
  await phones
    .of('Per Hartley')
    .getByText('Nora Hartley has stopped the calls to Olive for good.')
    .first()
    .waitFor()
  await page.getByRole('button', { name: settingsWords.startAgain }).click()
  await page.getByRole('button', { name: serviceWords.ringNow }).waitFor()

  await leavesAMessage(phones)
  const desk = await visit(chrome, running)
  pictureWhenFailed(desk)
  await signIn(desk, 'desk@example.org', '/queue')
  await desk.page.getByRole('link', { name: ringInWords.waiting(1) }).click()
  await arrive(desk.page, ringInWords.messagesTitle)
  await desk.page.locator('audio').waitFor()
  await pages.look(desk.page, 'ring-in message')
  const sound = await desk.page.evaluate(async () => {
    const answer = await fetch(document.querySelector('audio')!.src)
    return { status: answer.status, bytes: (await answer.arrayBuffer()).byteLength }
  })
  expect(sound.status).toBe(200)
  expect(sound.bytes).toBeGreaterThan(10_000)
  await desk.page.getByRole('button', { name: new RegExp(ringInWords.dealtWith) }).click()
  await desk.page.getByText(/dealt with it today at/).waitFor()
  await desk.leave()
  await visitor.leave()
  expect(pages.found).toEqual([])
})

async function pausesByPin(phones: Phones): Promise<void> {
  await phones.of('Olive').getByText(phoneWords.use).click()
  await phones.press('Olive', phoneWords.ringIn)
  await phones.hears('Olive', 'Hello Olive.')
  await phones.press('Olive', '0')
  await phones.hears('Olive', 'To pause your calls for some days, press 2.')
  await phones.press('Olive', '2')
  await phones.hears('Olive', 'For how many days shall we not ring, today included?')
  await phones.press('Olive', '2')
  await phones.press('Olive', '# hash')
  await phones.hears('Olive', 'So that we know that it is you')
  for (const key of ['1', '9', '6', '1', '# hash']) await phones.press('Olive', key)
  await phones.hears('Olive', 'We are telling the people who look out for you.')
  await phones.is('Olive', 'idle')
}

/** From somebody's telephone, who does not say the number. */
async function leavesAMessage(phones: Phones): Promise<void> {
  const phone: Locator = phones.of('Per Hartley')
  await phone.getByText(phoneWords.use).click()
  await phones.press('Per Hartley', phoneWords.ringInWithheld)
  await phones.hears('Per Hartley', 'We ring people to hear that they are well.')
  await phones.press('Per Hartley', '1')
  await phones.hears('Per Hartley', 'When you have finished, press hash, or hang up.')
  await phone.getByLabel(phoneWords.sayWords).fill('Hello, this is Edna. Please ring me about my neighbour.')
  await phones.press('Per Hartley', phoneWords.say)
  await phones.hears('Per Hartley', 'Your message has reached us, and somebody will listen to it.')
  await phones.is('Per Hartley', 'idle')
}
