// The practice phones in a real browser: whatever can happen on a telephone, with sound and without, with JavaScript and without.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { readClockPosition } from '../../src/queue/store.ts'
import { axe, browser } from '../support/browser.ts'
import { ada, ben, cara, type Harness, openHarness } from './exchange-harness.ts'

let chrome: Browser
let at: Harness
const contexts: BrowserContext[] = []
/** for what takes a call a while */
const patience = { timeout: 30_000 }

beforeAll(async () => {
  at = await openHarness()
  chrome = await browser()
})

afterAll(async () => {
  await chrome.close()
  await at.close()
})

/** Every test begins with all telephones quiet. */
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close()
  for (const { number, state } of at.exchange.handsets()) {
    if (state === 'ringing') at.exchange.reject(number)
    else if (state !== 'idle') at.exchange.hangUp(number)
    at.exchange.setMode(number, 'normal')
  }
  await expect.poll(() => at.exchange.handsets().every(({ state }) => state === 'idle'), patience).toBe(true)
})

type ContextOptions = Parameters<Browser['newContext']>[0]

/** What the page made to sound, in order, as `note` in the page wrote it down. */
interface Sounded {
  loops: boolean
  seconds: number
  offset: number
  stopped: boolean
}

/** Runs in the page before its own scripts: notes what is made to sound. */
function note(): void {
  const heard: Sounded[] = []
  const notes = new Map<AudioBufferSourceNode, Sounded>()
  Object.assign(window, { heard })
  const { start, stop } = AudioBufferSourceNode.prototype
  AudioBufferSourceNode.prototype.start = function (when, offset = 0, ...more) {
    const sounded = { loops: this.loop, seconds: this.buffer?.duration ?? 0, offset, stopped: false }
    heard.push(sounded)
    notes.set(this, sounded)
    start.call(this, when, offset, ...more)
  }
  AudioBufferSourceNode.prototype.stop = function (...when) {
    const sounded = notes.get(this)
    if (sounded) sounded.stopped = true
    stop.call(this, ...when)
  }
}

const sounded = (page: Page) => page.evaluate(() => (window as unknown as { heard: Sounded[] }).heard)

/** A fresh visitor, who fails the test when a page breaks its own security policy or throws. */
async function visit(path = '/exchange', options: ContextOptions = {}): Promise<Page> {
  const context = await chrome.newContext({ viewport: { width: 390, height: 844 }, ...options })
  contexts.push(context)
  const page = await context.newPage()
  page.on('pageerror', (error) => {
    throw error
  })
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) throw new Error(message.text())
  })
  if (options?.javaScriptEnabled === false) await page.goto(at.home + path)
  else {
    await page.addInitScript(note)
    const listening = page.waitForResponse('**/exchange/events')
    await page.goto(at.home + path)
    if (path.startsWith('/exchange?') || path === '/exchange') await listening
  }
  return page
}

const phone = (page: Page, { title }: { title: string }): Locator =>
  page.getByRole('article', { name: title, exact: true })
const press = (where: Locator, name: string) =>
  where.getByRole('button', { name: new RegExp(`^${name}`) }).click()
const focused = (page: Page) => page.evaluate(() => document.activeElement?.outerHTML.slice(0, 150) ?? '')
const ringsOf = ({ number }: { number: string }) =>
  at.exchange.ledger.rings().filter((ring) => ring.to === number)
const announced = (page: Page) => page.locator('exchange-phones + p[role=status]').textContent()

// ------------------------------------------------------------------------------------------------------------ with sound

test('a telephone rings, is answered, is heard as it speaks, and a key ends it', async () => {
  const page = await visit()
  const adas = phone(page, ada)
  await page.getByRole('button', { name: 'Turn sound on' }).first().click()
  await page.getByRole('button', { name: 'Turn sound off' }).waitFor()
  await at.ring(ada.number)
  await adas.getByText('Incoming call').waitFor()
  expect(await page.title()).toBe("☎ Ada's telephone is ringing")
  expect(await announced(page)).toBe("Ada's telephone is ringing.")
  expect(await page.getByRole('article').first().getAttribute('data-state')).toBe('ringing')
  await expect.poll(async () => (await sounded(page)).map(({ loops }) => loops), patience).toEqual([true])
  expect(await axe(page)).toEqual([])

  await press(adas, 'Answer')
  await adas.getByText('Good morning Ada.').first().waitFor()
  expect(await focused(page)).toContain('data-state="talking"')
  await adas.getByText('A recorded voice').first().waitFor()
  await adas.getByText('It is waiting for a key.').waitFor()
  await expect.poll(async () => (await sounded(page)).length, patience).toBe(3)
  const [bell, spoken, recorded] = await sounded(page)
  expect(bell).toMatchObject({ loops: true, stopped: true })
  expect(spoken!.seconds).toBeCloseTo((350 + 68 * 'Good morning Ada.'.length) / 1000, 1)
  expect(spoken!.offset).toBe(0)
  expect(recorded).toMatchObject({ loops: false, offset: 0, stopped: false })
  expect(recorded!.seconds).toBeCloseTo(30, 1)
  expect(await axe(page)).toEqual([])

  await adas.getByRole('button', { name: '5', exact: true }).focus()
  await page.keyboard.press('Enter')
  await adas.getByText('Pressed 5.').first().waitFor()
  expect(await focused(page)).toContain('value="5"')
  await expect.poll(async () => (await sounded(page))[2]!.stopped, patience).toBe(true)
  expect(at.keys.at(-1)).toBe('5')
  await adas.getByText(/^Last call, .*: answered after .* Pressed 5\.$/).waitFor()
  expect(await focused(page)).toContain('data-state="idle"')
  expect(await page.title()).toBe('Practice phones – CallAssist')
  expect(await announced(page)).toContain('Pressed 5')
  expect(await page.locator('#ledger tbody tr').first().textContent()).toMatch(/Ada's telephone.*Pressed 5/)
  await adas.getByText('What was heard').click()
  expect(await adas.locator('.app-captions li').allTextContents()).toEqual([
    'Good morning Ada.',
    ' A recorded voice',
    'Thank you.',
    'Goodbye.',
  ])
  expect(await axe(page)).toEqual([])
})

test('a page opened in the middle of a call joins in where the call is', async () => {
  await at.ring(ada.number)
  await expect.poll(() => at.exchange.answer(ada.number), patience).toBe(true)
  await expect.poll(() => phoneAt(ada.number)?.call?.audio.at(-1)?.kind, patience).toBe('play')
  const began = new Date(phoneAt(ada.number)!.call!.audio.at(-1)!.startedAt).getTime()
  await expect.poll(() => at.app.clock.now().getTime() - began, patience).toBeGreaterThan(2000)
  const page = await visit()
  await phone(page, ada).getByRole('button', { name: 'Turn sound on' }).click()
  await expect.poll(async () => (await sounded(page)).length, patience).toBe(1)
  expect((await sounded(page))[0]!.offset).toBeGreaterThan(1.9)
  expect(await phone(page, ada).getByRole('button', { name: 'Turn sound on' }).count()).toBe(0)
  await press(phone(page, ada), 'Hang up')
  await expect.poll(async () => (await sounded(page))[0]!.stopped, patience).toBe(true)
  await phone(page, ada).getByText('No key was pressed').waitFor()
})

const phoneAt = (number: string) => at.exchange.handsets().find((handset) => handset.number === number)

// ------------------------------------------------------------------------------------------------------- what can happen

test('the keys of the keyboard press those of the telephone in focus, and nothing else', async () => {
  const page = await visit()
  await at.ring(ada.number)
  await press(phone(page, ada), 'Answer')
  await phone(page, ada).locator('[data-keypad]').waitFor()
  await page.keyboard.press('#')
  await phone(page, ada).getByText('Pressed #.').first().waitFor()
  expect(at.keys.at(-1)).toBe('#')
})

test('let it ring: the bell is silent, and it rings out', async () => {
  const page = await visit()
  await page.getByRole('button', { name: 'Turn sound on' }).first().click()
  await at.ring(ada.number)
  await press(phone(page, ada), 'Let it ring')
  await phone(page, ada).getByText('You are letting it ring. It stops by itself.').waitFor()
  await expect.poll(async () => (await sounded(page))[0]!.stopped, patience).toBe(true)
  expect(
    await phone(page, ada)
      .getByRole('button', { name: /^Answer/ })
      .count(),
  ).toBe(1)
  await page.getByRole('button', { name: '+1 minute' }).click()
  await phone(page, ada).getByText('it rang for 30 seconds and nobody answered.').waitFor()
  expect(ringsOf(ada).at(-1)!.result).toBe('no-answer')
})

test('a telephone can be turned away, be engaged, have an answerphone, be dead, and be set back', async () => {
  const page = await visit()
  const adas = phone(page, ada)
  await at.ring(ada.number)
  await press(adas, 'Turn it away')
  await adas.getByText('it was turned away.').waitFor()

  await at.ring(ada.number)
  await press(adas, 'Is engaged')
  await adas.getByText('it was engaged.').waitFor()
  expect(await adas.getByText('It is engaged for every call, until you set it back.').count()).toBe(1)
  await at.ring(ada.number)
  await expect.poll(() => ringsOf(ada).at(-1)!.endedAt, patience).not.toBe(null)
  expect(
    ringsOf(ada)
      .slice(-3)
      .map(({ result }) => result),
  ).toEqual(['rejected', 'busy', 'busy'])

  await adas.getByText('Use this telephone').click()
  await press(adas, 'Has a dead line')
  await adas.getByRole('button', { name: /^Has a dead line/, pressed: true }).waitFor()
  await at.ring(ada.number)
  await adas.getByText('it did not get through.').waitFor()
  await press(adas, 'Set it back to ring')
  await adas.getByRole('button', { name: /^Rings/, pressed: true }).waitFor()

  await at.ring(ada.number)
  await press(adas, 'Has an answerphone')
  await adas.getByText('Good morning Ada.').first().waitFor()
  expect(ringsOf(ada).at(-1)!.result).toBe('voicemail')
})

test('a telephone rings CallAssist', async () => {
  const page = await visit()
  const bens = phone(page, ben)
  await bens.getByText('Use this telephone').click()
  await press(bens, 'Ring CallAssist from here')
  await bens.getByText('Good morning Ada.').first().waitFor()
  await press(bens, 'Hang up')
  await bens.getByText(/^Rang CallAssist, .*: they talked for/).waitFor()
  await page.locator('#ledger').getByText("Ben's telephone, 07700 900201, rang CallAssist").first().waitFor()
})

test('texts come in by themselves, are answered, and an empty one is not sent', async () => {
  const page = await visit()
  const bens = phone(page, ben)
  await at.text(ben.number, 'Ada did not answer. Reply OK if you will see to it.')
  await bens.getByText('Ada did not answer. Reply OK').waitFor()
  expect(await announced(page)).toBe("Ben's telephone has a new text.")
  await press(bens, 'Send')
  await bens.getByText('Write the text first, for example OK').waitFor()
  expect(await focused(page)).toContain('govuk-input--error')
  await page.keyboard.type('OK')
  await page.keyboard.press('Enter')
  await expect.poll(() => at.textsIn, patience).toEqual(['OK'])
  await bens.getByText('To CallAssist, today at').waitFor()
  expect(await bens.getByRole('textbox').inputValue()).toBe('')
  expect(await bens.getByText('Write the text first').count()).toBe(0)
})

test('what rings comes first, and whoever is busy with another telephone keeps their place', async () => {
  const page = await visit()
  const caras = phone(page, cara)
  await caras.getByText('Use this telephone').click()
  const field = caras.getByRole('textbox')
  await field.fill('half a thou')
  await field.focus()
  await at.ring(ada.number)
  await phone(page, ada).getByText('Incoming call').waitFor()
  expect(await page.getByRole('article').first().getAttribute('data-state')).toBe('ringing')
  await page.keyboard.type('ght')
  expect(await field.inputValue()).toBe('half a thought')
  await page.getByRole('link', { name: "Ada's telephone is ringing: go to it" }).click()
  expect(page.url()).toMatch(/#handset-[0-9a-f]{12}$/)
})

// -------------------------------------------------------------------------------------------------------- clock and inbox

test('the clock is moved on, says so, and stays there', async () => {
  const page = await visit()
  const ahead = async () => at.app.clock.aheadMs()
  const before = await ahead()
  await page.getByRole('button', { name: '+5 minutes' }).click()
  await expect.poll(ahead, patience).toBeGreaterThan(before + 299_000)
  await expect.poll(() => readClockPosition(at.app.db), patience).toBe(Math.max(0, Math.round(await ahead())))
  await at.ring(ada.number)
  const next = page.getByRole('button', { name: /^To the next event: / })
  await next.click()
  await phone(page, ada).getByText('it rang for 30 seconds and nobody answered.').waitFor()
  await next.waitFor({ state: 'detached' })
  expect(await page.getByText('Nothing is planned.').count()).toBe(1)
})

test('an e-mail comes by itself: its code is seen at once, its links open, its looks stand in a frame', async () => {
  const page = await visit()
  await at.mail.send({
    id: '01920000-0000-7000-8000-000000000001',
    to: { name: 'Ben', address: 'ben@example.org' },
    subject: '123456 is your CallAssist code',
    text: `Type it on the page.\n${at.home}/exchange?all=1`,
    html: `<html><head><title>Code</title></head><body style="color:red"><p style="color:green">Type it.</p><a href="${at.home}/exchange?all=1">Open</a><script>parent.document.title = 'broken in'</script></body></html>`,
  })
  const mail = page.locator('.app-mail').first()
  await mail.getByText('123456', { exact: true }).waitFor()
  expect(await announced(page)).toBe('New e-mail to Ben: 123456 is your CallAssist code.')
  await mail.getByText('Read it').click()
  const opened = page.waitForEvent('popup')
  await mail.getByRole('link', { name: `${at.home}/exchange?all=1` }).click()
  expect((await opened).url()).toBe(`${at.home}/exchange?all=1`)
  await mail.getByRole('link', { name: /^See it as an e-mail program shows it/ }).click()
  const frame = page.frameLocator('iframe')
  expect(await frame.getByText('Type it.').evaluate((element) => getComputedStyle(element).color)).toBe(
    'rgb(0, 128, 0)',
  )
  expect(await page.title()).toBe('123456 is your CallAssist code – CallAssist')
  const popup = page.waitForEvent('popup')
  await frame.getByText('Open').click()
  expect((await popup).url()).toBe(`${at.home}/exchange?all=1`)
  expect(await axe(page)).toEqual([])
})

// ----------------------------------------------------------------------------------------------------- without JavaScript

test('without JavaScript all of it works', async () => {
  const page = await visit('/exchange', { javaScriptEnabled: false })
  const adas = phone(page, ada)
  const again = () => page.getByRole('link', { name: 'Load the page again' }).click()
  expect(await page.getByRole('button', { name: 'Turn sound on' }).count()).toBe(0)
  await at.ring(ada.number)
  await expect.poll(() => phoneAt(ada.number)?.state, patience).toBe('ringing')
  await again()
  await press(adas, 'Answer')
  expect(page.url()).toMatch(/\/exchange#handset-[0-9a-f]{12}$/)
  expect(await adas.getAttribute('data-state')).toBe('talking')
  expect(await adas.locator('.app-captions li').first().textContent()).toBe('Good morning Ada.')
  await press(adas, '7')
  expect(await adas.getByText('Pressed 7').count()).toBe(1)
  await press(adas, 'Hang up')
  expect(await adas.getByText(/^Last call, .* Pressed 7\.$/).count()).toBe(1)

  await adas.getByText('Use this telephone').click()
  await press(adas, 'Send')
  expect(await page.title()).toBe('Error: Practice phones – CallAssist')
  expect(await adas.getByText('Write the text first, for example OK').count()).toBe(1)
  await adas.getByRole('textbox').fill('STOP'.repeat(100))
  await press(adas, 'Send')
  expect(await adas.getByText('Use 300 characters or fewer. You used 400.').count()).toBe(1)
  await adas.getByRole('textbox').fill('Hello')
  await press(adas, 'Send')
  expect(at.textsIn.at(-1)).toBe('Hello')
  await adas.getByText('Use this telephone').click()
  await press(adas, 'Is engaged')
  expect(await adas.getByText('It is engaged for every call').count()).toBe(1)
  await page.getByRole('button', { name: '+1 minute' }).click()
  expect(page.url()).toBe(`${at.home}/exchange#clock`)
})

// ------------------------------------------------------------------------------------------------------- fit for everyone

test('it fits every screen, axe finds nothing, and nothing is too small to press', async () => {
  await at.ring(ada.number)
  await at.text(cara.number, `A text with a long address: https://example.org/${'x'.repeat(120)}`)
  await at.ring(ben.number)
  await expect.poll(() => at.exchange.answer(ben.number), patience).toBe(true)
  const page = await visit()
  for (const details of await page.locator('summary').all()) await details.click()
  for (const width of [320, 390, 700, 1100, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      `${width}`,
    ).toBeLessThanOrEqual(0)
    // the bar that says what rings must not lie on anything that axe measures
    await page.evaluate(() => scrollTo(0, 0))
    expect(await axe(page)).toEqual([])
  }
  expect(await tooSmall(page)).toEqual([])
  await page.setViewportSize({ width: 640, height: 900 })
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '32px'))
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  expect(await page.locator('h1').count()).toBe(1)
})

const tooSmall = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('button, .govuk-button, input:not([type=hidden]), summary')]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44)
      .map((element) => element.outerHTML.slice(0, 100)),
  )

test('nothing shakes for those who asked for less motion', async () => {
  await at.ring(ada.number)
  const names: string[] = []
  for (const reducedMotion of ['no-preference', 'reduce'] as const) {
    const page = await visit('/exchange', { reducedMotion })
    await phone(page, ada).getByText('Incoming call').waitFor()
    names.push(
      await page.locator('.app-phone__screen').evaluate((screen) => getComputedStyle(screen).animationName),
    )
  }
  expect(names).toEqual(['tilt', 'none'])
})

test('no address carries a number, strangers find nothing, and other sites can press nothing', async () => {
  const page = await visit()
  const addresses = await page.evaluate(() =>
    [...document.querySelectorAll('[href], [action], [src], [id]')].flatMap((element) =>
      ['href', 'action', 'src', 'id'].map((name) => element.getAttribute(name) ?? ''),
    ),
  )
  for (const { number } of [ada, ben, cara]) expect(addresses.join(' ')).not.toContain(number.slice(3))
  const post = (path: string, headers = {}) =>
    fetch(at.home + path, { method: 'POST', headers, redirect: 'manual' })
  expect((await post('/exchange/handsets/000000000000/answer')).status).toBe(404)
  expect((await post('/exchange/clock')).status).toBe(422)
  expect((await post('/exchange/clock', { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
  expect((await fetch(`${at.home}/exchange/sounds/play-nothing`)).status).toBe(404)
  expect((await fetch(`${at.home}/exchange/mails/000000000000`)).status).toBe(404)
})

test('its script is small', async () => {
  const page = await visit()
  const script = await page.getAttribute('script[src]', 'src')
  const file = fileURLToPath(new URL(`../../dist${script}`, import.meta.url))
  expect(brotliCompressSync(await readFile(file)).length).toBeLessThan(8_000)
  expect(await page.locator('script[src]').count()).toBe(1)
})
