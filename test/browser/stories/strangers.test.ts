// What the pages do with people who are not who they should be, with codes that are no good, and with buttons that are pressed twice.
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultPreset, findPreset } from '../../../src/messages/messages.ts'
import { words as serviceWords } from '../../../src/services/words.ts'
import { words as setupWords } from '../../../src/setup/words.ts'
import { summaryWords } from '../../../src/setup/words-of-summary.ts'
import { words as signinWords } from '../../../src/signin/words.ts'
import { troubleWords } from '../../../src/web/words.ts'
import { browser } from '../../support/browser.ts'
import { type RunningCallAssist, startRunning } from '../../support/running.ts'
import { pointer } from './hands.ts'
import { arrive, codeFor, pictureWhenFailed, signIn, type Visitor, visit } from './visitor.ts'
import { preset, setUp } from './wizard.ts'

let running: RunningCallAssist
let chrome: Browser
/** She set up the calls to Ada. */
let cara: Visitor
/** of the calls to Ada: '/setup/ID', '/services/ID', '/services/ID/calls/ID' */
let setupPath = ''
let servicePath = ''
let callPath = ''

const ada = { name: 'Ada', isSelf: false }

beforeAll(async () => {
  ;[running, chrome] = await Promise.all([startRunning(), browser()])
  cara = await visit(chrome, running)
  await signIn(cara, 'cara@example.org', '/setup')
})

afterAll(async () => {
  await cara?.leave()
  await chrome?.close()
  await running?.stop()
})

const pathOf = (page: Page) => new URL(page.url()).pathname

test('pressed twice, in two windows and fast, the last button sets up one service and rings one test call', async () => {
  pictureWhenFailed(cara)
  const { page, context } = cara
  const wish = {
    yourName: 'Cara Hartley',
    receiver: 'Ada',
    number: '01632 960101',
    time: '9.30',
    message: preset(findPreset(defaultPreset('check-in'))!.title),
    yourNumber: '07700 900101',
    other: { name: 'Ben Hartley', phone: '07700 900102', email: 'ben@example.org' },
    notes: '',
  }
  const second = await context.newPage()
  await setUp(pointer(page), wish, async (question) => {
    if (question !== summaryWords.check.title) return
    setupPath = pathOf(page).replace('/check', '')
    await second.goto(`${setupPath}/check`)
  })
  await pointer(second).press(summaryWords.check.start)
  await arrive(second, summaryWords.done.title(ada))
  await second.goto('/services')
  expect(await second.getByRole('link', { name: /Ada/ }).count()).toBe(1)
  await second.close()

  await pointer(page).press(summaryWords.done.tryButton(ada))
  await arrive(page, serviceWords.serviceTitle('Ada'))
  servicePath = pathOf(page)
  await page.getByRole('button', { name: serviceWords.ringNow }).dblclick()
  await page.getByText('telephone is ringing now').first().waitFor()
  await page.reload()
  expect(await page.locator('.app-timeline__item').count()).toBe(1)
  callPath = (await page.getByRole('link', { name: serviceWords.details }).getAttribute('href'))!
})

test.concurrent('what belongs to others is not there', async (context) => {
  const dan = await visit(chrome, running)
  pictureWhenFailed(dan, context)
  await signIn(dan, 'dan@example.org')
  const inside = [
    servicePath,
    callPath,
    ...['calls', 'pause', 'change', 'live'].map((end) => `${servicePath}/${end}`),
    setupPath,
    ...['check', 'done', 'numbers', 'alerts'].map((end) => `${setupPath}/${end}`),
    '/queue',
    '/status',
    '/forecast',
    '/outages',
  ]
  for (const path of inside) expect([path, (await dan.page.request.get(path)).status()]).toEqual([path, 404])
  const deeds = [
    `${servicePath}/test-calls`,
    `${servicePath}/pause`,
    `${servicePath}/pause?_method=DELETE`,
    `${callPath}/acknowledgement`,
    `${setupPath}/numbers`,
    `${setupPath}?_method=DELETE`,
  ]
  for (const path of deeds)
    expect([path, (await dan.page.request.post(path, { form: {} })).status()]).toEqual([path, 404])
  await dan.page.goto(servicePath)
  await arrive(dan.page, troubleWords(404).title)
  expect(await dan.page.locator('main').innerText()).not.toContain('Ada')
  await dan.leave()
})

test.concurrent('whoever is signed out signs in and comes back to the page that was asked for', async (context) => {
  const somebody = await visit(chrome, running)
  pictureWhenFailed(somebody, context)
  const { page } = somebody
  for (const path of [
    servicePath,
    `${servicePath}/calls`,
    `${setupPath}/done`,
    '/queue',
    '/status',
    '/setup',
  ]) {
    await page.goto(path)
    expect(pathOf(page)).toBe('/signin')
  }
  await page.goto(servicePath)
  await page.getByLabel(signinWords.emailLabel).fill('cara@example.org')
  await page.getByRole('button', { name: signinWords.sendCode }).click()
  await arrive(page, signinWords.codeLabel)
  await page.getByLabel(signinWords.codeLabel).fill(await codeFor(somebody, 'cara@example.org'))
  await page.getByRole('button', { name: signinWords.signIn, exact: true }).click()
  await arrive(page, serviceWords.serviceTitle('Ada'))
  expect(pathOf(page)).toBe(servicePath)
  await page.getByRole('button', { name: /Sign out/ }).click()
  await page.waitForURL('**/')
  await page.goto(servicePath)
  expect(pathOf(page)).toBe('/signin')
  await somebody.leave()
})

test.concurrent('a code that is wrong, too old or used up says what to do, and lets nobody in', async (context) => {
  const email = 'erna@example.org'
  const erna = await visit(chrome, running)
  pictureWhenFailed(erna, context)
  const { page } = erna
  const ask = async () => {
    await page.goto('/signin')
    await page.getByLabel(signinWords.emailLabel).fill(email)
    await page.getByRole('button', { name: signinWords.sendCode }).click()
    await arrive(page, signinWords.codeLabel)
  }
  const enter = async (typed: string) => {
    await page.getByLabel(signinWords.codeLabel).fill(typed)
    await page.getByRole('button', { name: signinWords.signIn, exact: true }).click()
  }
  const refused = (says: string) => page.locator('.govuk-error-summary', { hasText: says }).waitFor()

  await ask()
  const code = await codeFor(erna, email)
  await enter('12')
  await refused(signinWords.codeMissing)
  const wrong = code === '123456' ? '654321' : '123456'
  await enter(wrong)
  await refused(signinWords.refused.wrong)
  expect(await page.getByLabel(signinWords.codeLabel).inputValue()).toBe(wrong)
  expect(await page.title()).toMatch(/^Error: /)

  await letCodesGrowOld(email)
  await enter(code)
  await refused(signinWords.refused.expired)

  await ask()
  const newer = await codeFor(erna, email)
  await enter(`${newer.slice(0, 3)} ${newer.slice(3)}`)
  await page.waitForURL('**/services')
  const thief = await visit(chrome, running)
  await thief.page.goto('/signin')
  await thief.page.getByLabel(signinWords.emailLabel).fill(email)
  await thief.page.getByRole('button', { name: signinWords.sendCode }).click()
  await arrive(thief.page, signinWords.codeLabel)
  await thief.page.getByLabel(signinWords.codeLabel).fill(newer)
  await thief.page.getByRole('button', { name: signinWords.signIn, exact: true }).click()
  await thief.page.locator('.govuk-error-summary', { hasText: signinWords.refused.wrong }).waitFor()
  await thief.leave()
  await erna.leave()
})

/** Codes live by real time, which no test waits for. */
async function letCodesGrowOld(email: string): Promise<void> {
  const client = new pg.Client({ connectionString: running.connectionString })
  await client.connect()
  const { rowCount } = await client.query(
    `update signin.verification set "expiresAt" = "expiresAt" - interval '1 hour' where strpos(identifier, $1) > 0`,
    [email],
  )
  expect(rowCount).toBeGreaterThan(0)
  await client.end()
}

test.concurrent('a page that was left open too long keeps what was typed, and says what has changed', async (test) => {
  pictureWhenFailed(cara, test)
  const { page, context } = cara
  await page.goto(`${servicePath}/change`)
  await page.waitForURL('**/check')
  const base = pathOf(page).replace('/check', '')
  await page.goto(`${base}/notes?from=check`)
  const older = await context.newPage()
  await older.goto(`${base}/notes?from=check`)
  const label = setupWords.notes.question(ada)
  await pointer(page).type(label, 'The key is with Joan.')
  await pointer(page).press(setupWords.continue)
  await page.waitForURL('**/check')

  await pointer(older).type(label, 'Ring at number 3.')
  await pointer(older).press(setupWords.continue)
  await older.locator('.govuk-error-summary', { hasText: setupWords.stale }).waitFor()
  expect(await older.getByLabel(label, { exact: true }).inputValue()).toBe('Ring at number 3.')
  await pointer(older).press(setupWords.continue)
  await older.waitForURL('**/check')
  await older.getByText('Ring at number 3.').waitFor()
  await older.close()
})
