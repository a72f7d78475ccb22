// Every page of the wizard in a real browser, also as it looks after a mistake: on a telephone and on a desk, judged by axe,
// nothing wider than the screen, mistakes said first and in focus; double clicks; without JavaScript. The whole way by
// pointer and by keyboard is told in stories/.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeWav } from '../../src/kit/sound.ts'
import { axe, browser } from '../support/browser.ts'
import { type RunningCallAssist, startRunning } from '../support/running.ts'
import { phoneSize, pictureWhenFailed, signIn, type Visitor, visit } from './stories/visitor.ts'

let running: RunningCallAssist
let chrome: Browser

beforeAll(async () => {
  ;[running, chrome] = await Promise.all([startRunning(), browser()])
})

afterAll(async () => {
  await chrome?.close()
  await running?.stop()
})

interface Way {
  page: Page
  look: (what: string) => Promise<void>
}

const goOn = (page: Page) => page.getByRole('button', { name: 'Continue', exact: true }).click()

/** Press without an answer, and see the mistake said; `fill` then answers. */
async function question({ page, look }: Way, path: string, fill: () => Promise<void>, mistake = true) {
  await page.waitForURL((url) => url.pathname.endsWith(path))
  await look(path)
  if (mistake) {
    await goOn(page)
    await expect.poll(() => page.title()).toMatch(/^Error: /)
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toContain('error-summary')
    await look(`${path} with a mistake`)
  }
  await fill()
  await goOn(page)
}

async function begin(visitor: Visitor, email: string): Promise<string> {
  const { page } = visitor
  await signIn(visitor, email, '/setup')
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.waitForURL(/your-name/)
  return /\/setup\/[0-9a-f-]+/.exec(page.url())![0]
}

/** To the list of calls, one call there. */
async function toCalls(way: Way): Promise<void> {
  const { page } = way
  await question(way, '/your-name', () => page.fill('#name', 'Cara Hartley'))
  await question(way, '/receiver', async () => {
    await page.check('[value=other]')
    await page.fill('#name', 'Ada')
  })
  await question(way, '/numbers', () => page.fill('#first', '01632 960101'))
  await question(way, '/kind', () => page.check('[value=both]'))
  await question(way, '/days', async () => {
    await page.check('[value=one]')
    await way.look('/days with a date')
    await page.check('[value=some]')
    await page.check('[value=tue]')
  })
  await question(way, '/time', () => page.fill('#time', '9.30'))
  await question(way, '/message', () => page.check('[value=preset]'))
  await question(way, '/preset', () => page.check('[value=good-morning]'))
  await page.waitForURL(/\/calls$/)
}

/** From the list of calls to the check page, two people told. */
async function toCheck(way: Way): Promise<void> {
  const { page, look } = way
  await question(way, '/calls', async () => {}, false)
  await question(way, '/alerts', () => page.check('[value=me]'))
  await question(way, '/alerts/me', () => page.fill('#phone', '07700 900101'), false)
  await page.getByRole('button', { name: 'Add another person' }).click()
  await question(way, '/alerts/new', async () => {
    await page.fill('#name', 'Ben Hartley of the house at the corner')
    await page.fill('#phone', '01632 960205')
    await page.fill('#email', 'ben.hartley.of.the.corner@example.org')
  })
  await page.waitForURL(/\/alerts$/)
  await look('/alerts with two people')
  await goOn(page)
  await question(way, '/notes', () => page.fill('#notes', 'The key is with Joan.'), false)
  await page.waitForURL(/\/check$/)
  await look('/check')
}

// The narrow one is a telephone on which letters are enlarged.
const widths = [320, 390, 1280]

test('every page is sound, on a telephone and on a desk', { timeout: 400_000 }, async () => {
  const visitor = await visit(chrome, running)
  pictureWhenFailed(visitor)
  const { page } = visitor
  const seen: Record<string, unknown> = {}
  const look = async (what: string) => {
    const found: unknown[] = await axe(page)
    for (const width of widths) {
      await page.setViewportSize({ width, height: phoneSize.height })
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      if (wide > width) found.push(`${wide} wide on ${width}`)
    }
    await page.setViewportSize(phoneSize)
    if (found.length > 0) seen[what] = found
  }
  const base = await begin(visitor, 'cara@example.org')
  const way = { page, look }
  await toCalls(way)
  await page.getByRole('button', { name: 'Add another call' }).click()
  await question(way, '/kind', () => page.check('[value=reminder]'))
  await page.goto(`${base}/calls`)
  await look('/calls with one not finished')
  await page.getByRole('button', { name: 'Remove this call (Another call)' }).click()
  await page.goto(`${base}/calls/1/message?from=calls`)
  await page.check('[value=recording]')
  await goOn(page)
  await page.waitForURL(/recording/)
  await look('/recording')
  await page.goto(`${base}/calls/1/message?from=calls`)
  await page.check('[value=spoken]')
  await goOn(page)
  await question(way, '/text', () => page.fill('#text', 'Good morning, Mum. It is time to get up.'))
  await page.waitForURL(/\/calls$/)
  await toCheck(way)
  await page.goto(`${base}/delivery?from=check`)
  await page.fill('#attempts', '12')
  await page.getByRole('button', { name: 'Save' }).click()
  await look('/delivery with a mistake')
  await page.goto('/setup')
  await look('/setup with something begun')
  await page.goto(`${base}/drop`)
  await look('/drop')
  await page.goto(`${base}/check`)
  await page.getByRole('button', { name: 'Agree and start the calls' }).click()
  await page.waitForURL(/done/)
  await look('/done')
  expect(seen).toEqual({})
  await visitor.leave()
})

test('double clicks act once, and a person who was moved keeps the focus', async () => {
  const visitor = await visit(chrome, running)
  pictureWhenFailed(visitor)
  const { page } = visitor
  const base = await begin(visitor, 'double@example.org')
  const way = { page, look: async () => {} }
  await toCalls(way)
  await page.getByRole('button', { name: 'Add another call' }).dblclick()
  await page.waitForURL(/kind/)
  await page.goto(`${base}/calls`)
  expect(await page.locator('main h2').allInnerTexts()).toEqual([
    'Tuesdays at 9:30am',
    'Another call',
    'The next three calls',
  ])
  await page.getByRole('button', { name: 'Remove this call (Another call)' }).dblclick()
  await page.waitForLoadState()
  await toCheck(way)
  await page.goto(`${base}/alerts`)
  await page.getByRole('button', { name: 'Move up Ben' }).click()
  const focused = page.locator(':focus, :target')
  await expect.poll(() => focused.first().innerText()).toMatch(/First\s+Ben Hartley/)
  await page.goto(`${base}/check`)
  await page.getByRole('button', { name: 'Agree and start the calls' }).dblclick()
  await page.waitForURL(/done/)
  await page.goto('/services')
  expect(await page.getByText('Ada').count()).toBeGreaterThan(0)
  await visitor.leave()
})

test('without JavaScript a recording is sent as a file, listened to and kept', async () => {
  const visitor = await visit(chrome, running, { javaScriptEnabled: false })
  pictureWhenFailed(visitor)
  const { page } = visitor
  const base = await begin(visitor, 'plain@example.org')
  await page.fill('#name', 'Cara')
  await goOn(page)
  await page.check('[value=other]')
  await page.fill('#name', 'Ada')
  await goOn(page)
  await page.fill('#first', '01632 960101')
  await goOn(page)
  await page.check('[value=check-in]')
  await goOn(page)
  await page.check('[value=one]')
  await page.fill('#date-day', '1')
  await page.fill('#date-month', 'March')
  await goOn(page)
  await page.fill('#time', 'half nine')
  await goOn(page)
  await page.check('[value=recording]')
  await goOn(page)
  await page.getByRole('button', { name: 'Send this file' }).click()
  expect(await page.title()).toMatch(/^Error: /)
  await page.setInputFiles('#recording', {
    name: 'mum.wav',
    mimeType: 'audio/wav',
    buffer: Buffer.from(voice(3)),
  })
  await page.getByRole('button', { name: 'Send this file' }).click()
  await page.waitForURL(/listen/)
  const sound = await page.locator('audio').getAttribute('src')
  const heard = await page.request.get(sound!)
  expect([heard.status(), heard.headers()['content-type']]).toEqual([200, 'audio/wav'])
  await page.getByRole('button', { name: 'Keep this recording' }).click()
  await page.waitForURL(`**${base}/calls`)
  expect(await page.locator('main').innerText()).toContain('A recording of a familiar voice')
  await visitor.leave()
})

/** Something that is no silence: a tone that comes and goes. */
function voice(seconds: number): Uint8Array<ArrayBuffer> {
  const sampleRate = 16_000
  const samples = Float32Array.from(
    { length: sampleRate * seconds },
    (_, i) => 0.2 * Math.sin(i / 12) * (1 + Math.sin(i / 1500)),
  )
  return encodeWav({ sampleRate, samples })
}
