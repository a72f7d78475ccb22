// The web layer in a real browser: every component once, a form with errors, the live page, the recorder, the home page.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { silentLog } from '../../src/kit/log.ts'
import { encodeWav, judge, parseWav } from '../../src/kit/sound.ts'
import { type Listening, listen } from '../../src/outside/server.ts'
import { loadAssets } from '../../src/web/assets.ts'
import { createWeb } from '../../src/web/server.ts'
import { websiteRoutes } from '../../src/website/website.ts'
import { axe, browser } from '../support/browser.ts'
import { type Sampler, sampler } from './web-sampler.tsx'

const assetFolder = fileURLToPath(new URL('../../dist/assets', import.meta.url))
const pages = ['/', '/components', '/panel', '/form', '/live', '/record', '/nowhere']
const phone = { width: 390, height: 664 }

let chrome: Browser
let server: Listening
let home = ''
let pieces: Sampler
let folder = ''
const contexts: BrowserContext[] = []

beforeAll(async () => {
  pieces = sampler()
  const web = createWeb({
    assets: loadAssets(assetFolder),
    log: silentLog,
    publicUrl: null,
    practice: true,
    helpNumber: '01632 960 000',
  })
  web.route('/', pieces.routes)
  web.route('/', websiteRoutes({ hasExchange: true }))
  server = await listen('127.0.0.1', 0)
  server.answerWith(web.fetch)
  home = `http://127.0.0.1:${server.port}`
  folder = await mkdtemp(join(tmpdir(), 'callassist-voice-'))
  chrome = await browser()
})

afterAll(async () => {
  await chrome.close()
  await server.close()
  await rm(folder, { recursive: true })
})

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close()
})

type ContextOptions = Parameters<Browser['newContext']>[0]

/** A page of a fresh visitor, which fails the test when it breaks its own security policy or throws. */
async function visit(path: string, options: ContextOptions = {}, from = chrome): Promise<Page> {
  const context = await from.newContext({ viewport: phone, ...options })
  contexts.push(context)
  const page = await context.newPage()
  page.on('pageerror', (error) => {
    throw error
  })
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) throw new Error(message.text())
  })
  await page.goto(home + path)
  return page
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120) ?? '')
const overflow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)

// ----------------------------------------------------------------------------------------------------------- every page

test.each(pages)(
  '%s has nothing that axe finds, fits small screens and large text, and works by keyboard',
  async (path) => {
    const page = await visit(path)
    expect(await page.locator('h1').count()).toBe(1)
    expect(await axe(page)).toEqual([])
    expect(await tooSmall(page)).toEqual([])
    await everyControlIsReached(page)
    await page.setViewportSize({ width: 1280, height: 900 })
    expect(await axe(page)).toEqual([])
    await page.setViewportSize({ width: 320, height: 640 })
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    await page.setViewportSize({ width: 640, height: 900 })
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '32px'))
    expect(await overflow(page)).toBeLessThanOrEqual(0)
  },
)

/** What can be pressed but is less than 44 px high. */
const tooSmall = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('button, .govuk-button, input:not([type=hidden]), select, summary')]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44)
      .map((element) => element.outerHTML.slice(0, 100)),
  )

/** Tab goes through every control once, the skip link first, and each shows that it has the focus. */
async function everyControlIsReached(page: Page): Promise<void> {
  await page.keyboard.press('Tab')
  expect(await focused(page)).toContain('govuk-skip-link')
  const reached = new Set<number>()
  for (;;) {
    const { place, shown, html } = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement
      const box = element.matches('input[type=radio], input[type=checkbox]')
        ? element.nextElementSibling!
        : element
      const styles = [getComputedStyle(element), getComputedStyle(box, '::before')]
      return {
        place: element === document.body ? -1 : [...document.querySelectorAll('*')].indexOf(element),
        shown: styles.some(
          (s) => (s.outlineStyle !== 'none' && s.outlineWidth !== '0px') || s.boxShadow !== 'none',
        ),
        html: element.outerHTML.slice(0, 120),
      }
    })
    if (place === -1 || reached.has(place)) break
    expect(shown, html).toBe(true)
    reached.add(place)
    await page.keyboard.press('Tab')
  }
  expect(reached.size).toBe(await page.evaluate(stops))
}

/** How many stops the Tab key should make; the radios of one question are one. Runs in the page. */
function stops(): number {
  const controls = 'a[href], button, input:not([type=hidden]), select, textarea, summary'
  const seen = [...document.querySelectorAll<HTMLInputElement>(controls)].filter((e) => e.checkVisibility())
  const radios = seen.filter((e) => e.type === 'radio')
  return seen.length - radios.length + new Set(radios.map((e) => e.name)).size
}

test('a first visit of the home page weighs at most 75 KB, its script at most 20 KB', async () => {
  const page = await visit('/nowhere')
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const sizes = new Map<string, number>()
  const kinds = new Map<string, string>()
  session.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type))
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
    sizes.set(requestId, encodedDataLength),
  )
  await session.send('Network.clearBrowserCache')
  await page.goto(`${home}/`, { waitUntil: 'networkidle' })
  const total = (kind?: string) =>
    [...sizes].reduce((sum, [id, size]) => (!kind || kinds.get(id) === kind ? sum + size : sum), 0)
  expect(total()).toBeLessThan(75_000)
  expect(total('Font')).toBeGreaterThan(20_000)
  expect(total('Font')).toBeLessThan(35_000)
  expect(total('Script')).toBeLessThan(20_000)
})

test('on a phone the home page shows what it does and both ways in without scrolling', async () => {
  const page = await visit('/')
  for (const words of ['Set up a call', 'Look around with an example']) {
    const box = await page.getByText(words, { exact: true }).boundingBox()
    expect(box!.y + box!.height).toBeLessThanOrEqual(phone.height)
  }
})

test('the fonts that are loaded early are the ones that are used', async () => {
  const page = await visit('/')
  const warnings: string[] = []
  page.on('console', (message) => warnings.push(message.text()))
  await page.reload({ waitUntil: 'networkidle' })
  const fonts = await page.evaluate(() =>
    [...document.fonts]
      .filter((font) => font.status === 'loaded')
      .map((font) => `${font.family} ${font.weight}`),
  )
  expect(fonts.sort()).toEqual(['Lexend 400', 'Lexend 700'])
  expect(warnings).toEqual([])
})

// ----------------------------------------------------------------------------------------------------------------- forms

test('errors: the summary takes focus, its links lead to the fields, and what was typed is kept', async () => {
  const page = await visit('/form')
  await page.fill('#time', 'half ten')
  await page.check('#second-2')
  await page.getByRole('button', { name: 'Save and continue' }).press('Enter')
  await page.waitForURL('**/form')
  expect(await page.title()).toBe('Error: When should we ring? – CallAssist')
  expect(await focused(page)).toContain('govuk-error-summary')
  expect(await page.inputValue('#time')).toBe('half ten')
  expect(await page.isChecked('#second-2')).toBe(true)
  expect(await axe(page)).toEqual([])
  await page.getByRole('link', { name: 'Choose at least one day' }).press('Enter')
  expect(await focused(page)).toContain('id="days"')
  await page.getByRole('link', { name: 'Enter the time of the call' }).press('Enter')
  expect(await focused(page)).toContain('id="time"')
  expect(await page.getByText('What time?').isVisible()).toBe(true)
})

test('a question that a choice reveals is there exactly when it is chosen', async () => {
  for (const javaScriptEnabled of [true, false]) {
    const page = await visit('/form', { javaScriptEnabled })
    expect(await page.isVisible('#secondTime')).toBe(false)
    await page.check('#second-2')
    expect(await page.isVisible('#secondTime')).toBe(true)
    await page.check('#second')
    expect(await page.isVisible('#secondTime')).toBe(false)
  }
})

test('without JavaScript forms, errors and the upload work', async () => {
  const page = await visit('/form', { javaScriptEnabled: false })
  await page.fill('#time', '25:00')
  await page.click('text=Save and continue')
  expect(await page.textContent('.govuk-error-summary')).toContain('Enter the time of the call')
  expect(await page.inputValue('#time')).toBe('25:00')
  await page.goto(`${home}/record`)
  const tone = await voice('plain.wav', 0.2)
  await page.setInputFiles('#recording', tone)
  await page.click('text=Send this file')
  expect(await page.textContent('h1')).toBe('Your recording is saved')
})

test('a page on paper has its content and nothing to press', async () => {
  const page = await visit('/components')
  await page.emulateMedia({ media: 'print' })
  expect(await page.isVisible('.app-status')).toBe(true)
  expect(await page.isVisible('.govuk-button >> nth=0')).toBe(false)
  expect(await page.isVisible('.app-header__nav')).toBe(false)
})

// ------------------------------------------------------------------------------------------------------------------ live

async function livePage(): Promise<Page> {
  pieces.change({ mood: 'waiting', title: 'Ada’s phone is ringing', rows: ['First try'], canRing: true })
  const page = await visit('/live')
  await expect.poll(() => pieces.listeners.size).toBeGreaterThan(0)
  return page
}

test('a live page follows what happens, and leaves focus, typing and open details alone', async () => {
  const page = await livePage()
  await page.click('summary')
  await page.fill('#note', 'half a thou')
  await page.focus('#note')
  pieces.change({ mood: 'good', title: 'Ada answered at 9:31am', rows: ['Second try', 'First try'] })
  await page.getByText('Ada answered at 9:31am').first().waitFor()
  expect(await page.locator('.app-timeline__item').allTextContents()).toEqual([
    '9:30am Second try',
    '9:30am First try',
  ])
  expect(await page.locator('.app-status--good').count()).toBe(1)
  expect(await page.getAttribute('details', 'open')).not.toBeNull()
  expect(await page.inputValue('#note')).toBe('half a thou')
  expect(await focused(page)).toContain('id="note"')
  expect(await page.textContent('p[role=status]')).toBe('Ada answered at 9:31am')
})

test('when the button in focus goes away, focus stays in the live part', async () => {
  const page = await livePage()
  await page.focus('text=Ring now')
  pieces.change({ canRing: false, title: 'Paused' })
  await page.getByRole('button', { name: 'Ring now' }).waitFor({ state: 'detached' })
  expect(await focused(page)).toContain('<live-region')
})

test('what changes before a live page begins to listen is not lost', async () => {
  pieces.change({ title: 'Ada’s phone is about to ring' })
  const context = await chrome.newContext({ viewport: phone })
  contexts.push(context)
  const page = await context.newPage()
  const listening = Promise.withResolvers<void>()
  await page.route('**/live/events', async (route) => {
    await listening.promise
    await route.continue()
  })
  await page.goto(`${home}/live`)
  pieces.change({ title: 'Ada’s phone is ringing' })
  listening.resolve()
  await page.getByText('Ada’s phone is ringing').first().waitFor()
})

test('a live page survives a broken link and a server that restarts, and catches up on what it missed', async () => {
  const page = await livePage()
  const refused = page.waitForResponse(
    (answer) => answer.url().endsWith('/live/events') && answer.status() === 503,
  )
  pieces.breakLinks()
  await refused
  pieces.change({ title: 'Answered while you were away' })
  pieces.mendLinks()
  await page.getByText('Answered while you were away').first().waitFor({ timeout: 15_000 })
  await expect.poll(() => pieces.listeners.size).toBe(1)
})

// -------------------------------------------------------------------------------------------------------------- recorder

/** A WAV file of a voice-like tone with pauses at both ends, for the browser's make-believe microphone. */
async function voice(name: string, amplitude: number): Promise<string> {
  const sampleRate = 48_000
  const samples = Float32Array.from({ length: sampleRate * 6 }, (_, i) => {
    const clipped = Math.max(-1, Math.min(1, amplitude * Math.sin((2 * Math.PI * 220 * i) / sampleRate)))
    return clipped
  })
  const path = join(folder, name)
  await writeFile(path, encodeWav({ sampleRate, samples }))
  return path
}

async function record(page: Page, seconds: number): Promise<void> {
  await page.getByRole('button', { name: 'Record my voice' }).click()
  await page.getByText('Get ready… 3').waitFor()
  await page.getByText('Speak now').waitFor()
  await page.getByText(new RegExp(`^[${seconds}-9] of 60 seconds`)).waitFor()
  expect(
    await page.evaluate(() =>
      getComputedStyle(document.querySelector('.app-recorder__level')!).getPropertyValue('--level'),
    ),
  ).not.toBe('')
  await page.getByRole('button', { name: 'Stop' }).click()
}

test('a voice is recorded, heard as the telephone plays it, and sent', async () => {
  const withMicrophone = await browser({ microphone: await voice('voice.wav', 0.2) })
  try {
    const page = await visit('/record', { permissions: ['microphone'] }, withMicrophone)
    await record(page, 2)
    await page.getByText(/Your recording is \d seconds? long/).waitFor()
    expect(await focused(page)).toContain('Use this recording')
    expect(await axe(page)).toEqual([])
    await page.evaluate(() => document.querySelector('audio')!.play())
    await page.waitForFunction(() => document.querySelector('audio')!.currentTime > 0)
    await page.getByRole('button', { name: 'Use this recording' }).click()
    await page.getByText('Your recording is saved').waitFor()
    const sound = parseWav(pieces.received.at(-1)!)!
    expect(sound.sampleRate).toBe(16_000)
    expect(judge(sound)).toMatchObject({ ok: true })
  } finally {
    await withMicrophone.close()
  }
})

test.each([
  ['silence', 0, 'We could hardly hear anything.'],
  ['shouting', 4, 'The recording is too loud and crackles.'],
])('a recording of %s is refused with the reason, and can be made again', async (name, amplitude, reason) => {
  const withMicrophone = await browser({ microphone: await voice(`${name}.wav`, amplitude) })
  try {
    const page = await visit('/record', { permissions: ['microphone'] }, withMicrophone)
    await record(page, 1)
    await page.getByText(reason).waitFor()
    expect(await page.getByRole('button', { name: 'Use this recording' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Record again' }).click()
    await page.getByText('Get ready… 3').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    expect(await page.isVisible('text=Record my voice')).toBe(true)
  } finally {
    await withMicrophone.close()
  }
})

test('without a microphone, or when it is refused, the page says so and offers the file', async () => {
  const page = await visit('/record')
  expect(await page.isVisible('#recording')).toBe(false)
  await page.getByRole('button', { name: 'Record my voice' }).click()
  await page.getByText(/does not let us use the microphone|We found no microphone/).waitFor()
  expect(await page.isVisible('#recording')).toBe(true)
  await page.setInputFiles('#recording', await voice('file.wav', 0.2))
  await page.click('text=Send this file')
  await page.getByText('Your recording is saved').waitFor()
})
