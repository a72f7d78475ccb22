// The story of somebody who is not rung but written to: set up in the wizard, tried, answered on the practice phone, seen on the page;
// then the receiver says STOP, and the page says what that means.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { words as phoneWords } from '../../../src/exchange/words-of-pages.ts'
import { findPreset } from '../../../src/messages/messages.ts'
import { words as serviceWords } from '../../../src/services/words.ts'
import { words as setupWords } from '../../../src/setup/words.ts'
import { summaryWords } from '../../../src/setup/words-of-summary.ts'
import { browser } from '../../support/browser.ts'
import { type RunningCallAssist, startRunning } from '../../support/running.ts'
import { pointer } from './hands.ts'
import { inspector } from './inspect.ts'
import { openPhones } from './phones.ts'
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

const ada = { name: 'Ada', isSelf: false }

test('set up by text, answered with Y on the telephone, and seen on the page', async () => {
  const visitor = await visit(chrome, running)
  pictureWhenFailed(visitor)
  const { page, context } = visitor
  const pages = inspector()
  await signIn(visitor, 'cara@example.org', '/setup')

  await setUp(
    pointer(page),
    {
      yourName: 'Cara Hartley',
      receiver: 'Ada',
      number: '07700 900301',
      by: setupWords.by.text,
      time: '9.30',
      message: preset(findPreset('are-you-ok')!.title),
      yourNumber: '07700 900101',
      other: { name: 'Ben Hartley', phone: '07700 900102', email: 'ben@example.org' },
      notes: '',
    },
    async (question) => {
      if (question !== setupWords.by.question(ada) && question !== summaryWords.check.title) return
      await pages.look(page, `by text ${question}`)
      if (question !== summaryWords.check.title) return
      const text = await page.locator('main').innerText()
      expect(text).toContain('The text says: “Are you all right today?”')
    },
  )
  await page.getByRole('link', { name: summaryWords.done.tryButton(ada) }).click()
  await arrive(page, serviceWords.serviceTitle('Ada'))

  // the phones in a second window, the service in the first
  const phones = await openPhones(await context.newPage())
  await page.getByRole('button', { name: serviceWords.textNow }).click()
  await phones
    .of('Ada')
    .getByText('CallAssist test for Ada: Are you all right today? Reply Y to show that this works.')
    .waitFor()
  await page.getByText('We sent Ada a text and wait for the reply').first().waitFor()
  await pages.look(page, 'by text waiting', ['phone'])
  await phones.of('Ada').getByLabel(phoneWords.replyLabel).fill('Y')
  await phones.press('Ada', phoneWords.sendText)
  await page.getByText(/^Test Ada answered by text at/).waitFor()
  await phones.of('Ada').getByText('CallAssist: Thank you, Ada. Your answer has reached us.').waitFor()

  await page
    .getByRole('link', { name: new RegExp(serviceWords.details) })
    .first()
    .click()
  await page.getByText(/^Text 1, .*: it was answered\.$/).waitFor()
  await pages.look(page, 'by text the call')
  await page.goBack()

  await phones.of('Ada').getByLabel(phoneWords.replyLabel).fill('stop')
  await phones.press('Ada', phoneWords.sendText)
  await page.getByText('This number has asked for no more texts, so we ring instead of writing.').waitFor()
  await page.getByRole('button', { name: serviceWords.ringNow }).waitFor()
  await pages.look(page, 'by text stopped')
  expect(pages.found).toEqual([])
  await visitor.leave()
})
