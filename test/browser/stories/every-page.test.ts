// Every page there is, in every state in which people meet it, looked at with the eyes of inspect.ts: on the way through setting up, in
// a day with a missed call, and in the example. With STORY_PICTURES=FOLDER each is also painted for a person to look at.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { words as alertWords } from '../../../src/alerts/views/words.ts'
import { words as exampleWords } from '../../../src/example/words.ts'
import { words as phoneWords } from '../../../src/exchange/words-of-pages.ts'
import { words as forecastWords } from '../../../src/forecast/words.ts'
import { words as outageWords } from '../../../src/outages/words.ts'
import { systemClock } from '../../../src/outside/clock.ts'
import { words as serviceWords } from '../../../src/services/words.ts'
import { words as setupWords } from '../../../src/setup/words.ts'
import { summaryWords } from '../../../src/setup/words-of-summary.ts'
import { words as signinWords } from '../../../src/signin/words.ts'
import { words as watchWords } from '../../../src/watch/words.ts'
import { homeWords } from '../../../src/website/words.ts'
import { browser } from '../../support/browser.ts'
import { type RunningCallAssist, startRunning } from '../../support/running.ts'
import { type Hands, pointer } from './hands.ts'
import { type Inspector, inspector } from './inspect.ts'
import { openPhones, type Phones } from './phones.ts'
import { writeVoice } from './sound.ts'
import { arrive, deskSize, pictureWhenFailed, signIn, type Visitor, visit } from './visitor.ts'
import { setUp } from './wizard.ts'

let running: RunningCallAssist
let chrome: Browser
let cara: Visitor
let phones: Phones
let folder = ''
let servicePath = ''

const ada = { name: 'Ada', isSelf: false }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callassist-voice-'))
  ;[running, chrome] = await Promise.all([startRunning(), browser()])
  cara = await visit(chrome, running)
  await signIn(cara, 'cara@example.org', '/setup')
})

afterAll(async () => {
  await cara?.leave()
  await chrome?.close()
  await running?.stop()
  await rm(folder, { recursive: true, force: true })
})

const pathOf = (page: Page) => new URL(page.url()).pathname

/** Sends a form as it stands and looks at what is said about it. */
async function refused(page: Page, button: string, eyes: Inspector, name: string): Promise<void> {
  await pointer(page).press(button)
  await page.locator('.govuk-error-summary').waitFor()
  await eyes.look(page, `${name} (refused)`, ['phone'])
}

test('the first visit of the home page is light', async () => {
  const stranger = await visit(chrome, running)
  const { page } = stranger
  await page.goto('/', { waitUntil: 'networkidle' })
  const bytes = await page.evaluate(() =>
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce(
      (sum, entry) => sum + (entry as PerformanceResourceTiming).transferSize,
      0,
    ),
  )
  expect(bytes).toBeGreaterThan(20_000)
  expect(bytes).toBeLessThan(75_000)
  await stranger.leave()
})

// on a telephone, and after mistakes: ../setup.test.ts
test('setting up', async () => {
  pictureWhenFailed(cara)
  const { page } = cara
  const eyes = inspector()
  const wish = {
    yourName: 'Cara Hartley',
    receiver: 'Ada',
    number: '01632 960101',
    time: '9.30',
    message: (hands: Hands) => everyMessage(hands, eyes),
    yourNumber: '07700 900101',
    other: { name: 'Ben Hartley', phone: '07700 900102', email: 'ben@example.org' },
    notes: 'The key is with Joan at number 3.\nThe dog is friendly.',
  }
  let seen = 0
  await setUp(pointer(page), wish, async (question) => {
    await eyes.look(page, `setup ${String(++seen).padStart(2, '0')} ${question}`, ['desk'])
    if (question === summaryWords.check.title) await besidesChecking(page, eyes)
  })
  await pointer(page).press(summaryWords.done.tryButton(ada))
  await arrive(page, serviceWords.serviceTitle('Ada'))
  servicePath = pathOf(page)
  await page.goto(`${servicePath}/change`)
  await eyes.look(page, 'setup change')
  await page.goto('/setup')
  await eyes.look(page, 'setup another')
  expect(eyes.found).toEqual([])
})

/** All three kinds of message, the recording last. */
async function everyMessage({ page, press, choose }: Hands, eyes: Inspector): Promise<void> {
  const question = page.url()
  const choice = async (label: string, heading: string, name: string) => {
    await page.goto(question)
    await choose(label)
    await press(setupWords.continue)
    await arrive(page, heading)
    await eyes.look(page, name)
  }
  await choice(setupWords.heard.preset, setupWords.preset.question, 'setup preset')
  await choice(setupWords.heard.spoken, setupWords.text.question, 'setup spoken')
  await choice(setupWords.heard.recording, setupWords.recording.question(ada), 'setup recording')
  await page.getByText('Send a sound file instead').click()
  await refused(page, setupWords.recording.send, eyes, 'setup recording')
  const file = join(folder, 'voice.wav')
  await writeVoice(file, 4)
  await page.getByLabel(setupWords.recording.file).setInputFiles(file)
  await press(setupWords.recording.send)
  await arrive(page, setupWords.listen.question)
  await eyes.look(page, 'setup listen')
  await press(setupWords.listen.keep)
}

async function besidesChecking(page: Page, eyes: Inspector): Promise<void> {
  const check = page.url()
  await page.goto(check.replace('/check', '/delivery?from=check'))
  await arrive(page, setupWords.delivery.question)
  await eyes.look(page, 'setup delivery')
  await page.goto('/services')
  await eyes.look(page, 'services, one set-up begun')
  await page.goto('/setup')
  await eyes.look(page, 'setup begun')
  await page.goto(check)
}

test('a day of calls', async () => {
  pictureWhenFailed(cara)
  const { page } = cara
  const eyes = inspector()
  await page.goto(servicePath)
  await eyes.look(page, 'service, no call yet')
  phones = await openPhones(await cara.context.newPage())
  await eyes.look(phones.page, 'exchange, all quiet')

  await pointer(page).press(serviceWords.ringNow)
  await phones.is('Ada', 'ringing')
  await page.getByText('telephone is ringing now').first().waitFor()
  await eyes.look(page, 'service, a test rings')
  await phones.press('Ada', phoneWords.answer)
  await phones.hears('Ada', phoneWords.recordingIsHeard)
  await eyes.look(phones.page, 'exchange, talking')
  await phones.press('Ada', '5')
  await phones.hears('Ada', /^Pressed 5/)
  await phones.press('Ada', phoneWords.hangUp)
  await phones.is('Ada', 'idle')
  await eyes.look(page, 'service, a test answered')

  await page.goto(`${servicePath}/pause`)
  await eyes.look(page, 'pause')
  await refused(page, serviceWords.pauseSave, eyes, 'pause')
  const nextYear = String(systemClock().now().getUTCFullYear() + 1)
  for (const [field, day] of [
    ['from', '1'],
    ['to', '8'],
  ] as const) {
    const date = { day, month: '3', year: nextYear }
    for (const [part, typed] of Object.entries(date)) await page.fill(`#${field}-${part}`, typed)
  }
  await pointer(page).press(serviceWords.pauseSave)
  await arrive(page, serviceWords.serviceTitle('Ada'))
  await eyes.look(page, 'service, a pause to come')
  await pointer(page).press(serviceWords.takeBack)
  await page.getByRole('button', { name: serviceWords.takeBack }).waitFor({ state: 'detached' })

  await phones.moveUntil(async () => (await phones.stateOf('Ada')) === 'ringing')
  await page.getByText('telephone is ringing now').first().waitFor()
  await eyes.look(page, 'service, a call rings')
  await phones.moveUntil(async () => (await phones.stateOf('Ada')) !== 'ringing')
  await page
    .getByText(/No answer yet/)
    .first()
    .waitFor()
  await eyes.look(page, 'service, between two rings')
  await phones.moveUntil(async () => (await phones.stateOf('Cara Hartley')) === 'ringing')
  await phones.is('Ben Hartley', 'ringing')
  await eyes.look(phones.page, 'exchange, two ring')
  await eyes.look(page, 'service, an open alert')
  await page.goto('/services')
  await eyes.look(page, 'services, an open alert')
  expect(eyes.found).toEqual([])
})

test.concurrent('an alert', async (context) => {
  pictureWhenFailed(cara, context)
  const { page } = cara
  const eyes = inspector()
  const mail = phones.page.locator('.app-mail', { hasText: 'ben@example.org' }).first()
  await mail.getByText(phoneWords.readMail).click()
  await eyes.look(phones.page, 'exchange, an e-mail is read')
  const link = (await mail.getByRole('link', { name: /\/alerts\/link\// }).getAttribute('href'))!
  const looks = await mail.getByRole('link', { name: phoneWords.asItLooks }).getAttribute('href')
  await phones.page.goto(looks!)
  await eyes.look(phones.page, 'e-mail of an alert')

  const desk = await visit(chrome, running, { viewport: deskSize })
  await signIn(desk, 'desk@example.org', '/queue')
  await arrive(desk.page, alertWords.queueTitle)
  await eyes.look(desk.page, 'queue')
  await desk.page.getByRole('link', { name: alertWords.toStatus }).click()
  await arrive(desk.page, watchWords.title)
  await eyes.look(desk.page, 'status')
  // and from there to the coming day, where Ada's calls are counted
  await desk.page.getByRole('link', { name: watchWords.toForecast }).click()
  await arrive(desk.page, forecastWords.title)
  await desk.page.getByText(/^Every call (can be made on time|is made within)/).waitFor()
  await eyes.look(desk.page, 'forecast')
  await desk.page.getByRole('link', { name: forecastWords.toOutages }).click()
  await arrive(desk.page, outageWords.title)
  await eyes.look(desk.page, 'outages')
  await desk.page.goto('/queue')

  const ben = await visit(chrome, running)
  await ben.page.goto(link)
  await eyes.look(ben.page, 'alert behind the link, open')
  await pointer(ben.page).press(alertWords.accept)
  await ben.page.getByText(alertWords.yours('Ada')).waitFor()
  await eyes.look(ben.page, 'alert behind the link, accepted')
  await page.goto(servicePath)
  await eyes.look(page, 'service, an accepted alert')
  await desk.page.reload()
  await eyes.look(desk.page, 'queue, nothing waits')
  await pointer(ben.page).press(alertWords.fine('Ada'))
  await ben.page
    .getByText(/All is well/)
    .first()
    .waitFor()
  await eyes.look(ben.page, 'alert behind the link, closed')
  await page.reload()
  await eyes.look(page, 'service, a closed alert')

  await page.goto(`${servicePath}/calls`)
  await eyes.look(page, 'all calls')
  const oneCall = await page.getByRole('link', { name: serviceWords.details }).first().getAttribute('href')
  await page.goto(oneCall!)
  await eyes.look(page, 'one call')
  await desk.page.goto(oneCall!)
  await desk.page.getByText(serviceWords.exchanges).click()
  await eyes.look(desk.page, 'one call, for the desk')
  await signIn(ben, 'ben@example.org', `${servicePath}/change`)
  await arrive(ben.page, summaryWords.notYours.title)
  await eyes.look(ben.page, 'change, by somebody else')
  await ben.leave()
  await desk.leave()
  expect(eyes.found).toEqual([])
})

test.concurrent('the public pages, and the example', async (context) => {
  const visitor = await visit(chrome, running)
  pictureWhenFailed(visitor, context)
  const { page } = visitor
  const eyes = inspector()
  await page.goto('/')
  await eyes.look(page, 'home')

  // the page that waits loads itself again, which would come in between
  await page.route('**/example', async (route) => {
    const answer = await route.fetch({ maxRedirects: 0 })
    const { refresh: _, ...headers } = answer.headers()
    await route.fulfill({ response: answer, headers })
  })
  await pointer(page).press(homeWords.lookAround)
  await arrive(page, exampleWords.title)
  await eyes.look(page, 'example, being made')
  await page.unroute('**/example')
  await page.goto('/example')

  const stranger = await visit(chrome, running)
  await stranger.page.goto('/signin')
  await eyes.look(stranger.page, 'signin')
  await refused(stranger.page, signinWords.sendCode, eyes, 'signin')
  await stranger.page.getByLabel(signinWords.emailLabel).fill('new@example.org')
  await pointer(stranger.page).press(signinWords.sendCode)
  await arrive(stranger.page, signinWords.codeLabel)
  await eyes.look(stranger.page, 'signin code')
  await refused(stranger.page, signinWords.signIn, eyes, 'signin code')
  await signIn(stranger, 'new@example.org')
  await eyes.look(stranger.page, 'services, none')
  await stranger.page.goto('/no/such/page')
  await eyes.look(stranger.page, 'no such page')
  await stranger.leave()

  await page.waitForURL('**/services', { timeout: 100_000 })
  await eyes.look(page, 'example, services')
  await page.goto(
    (await page
      .getByRole('link', { name: /Ada Hartley/ })
      .first()
      .getAttribute('href'))!,
  )
  await arrive(page, serviceWords.serviceTitle('Ada Hartley'))
  await eyes.look(page, 'example, service')
  await pointer(page).press(serviceWords.seeAll)
  await arrive(page, serviceWords.allCalls('Ada Hartley'))
  await eyes.look(page, 'example, all calls')
  await pointer(page).press(serviceWords.older)
  await page.waitForURL('**/calls?before=*')
  await eyes.look(page, 'example, older calls')
  await page.goto('/')
  await eyes.look(page, 'home, signed in')
  await visitor.leave()
  expect(eyes.found).toEqual([])
})
