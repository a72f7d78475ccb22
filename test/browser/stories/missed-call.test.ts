// The story of a missed call, four mornings in a row: nobody answers, the alert goes out, and somebody says "I will see to it": with a
// key, by text, with the button behind the link of the e-mail; and on the fourth morning nobody does, so the desk must.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { words as alertPageWords } from '../../../src/alerts/views/words.ts'
import { mails } from '../../../src/alerts/words.ts'
import { words as phoneWords } from '../../../src/exchange/words-of-pages.ts'
import { defaultPreset, findPreset } from '../../../src/messages/messages.ts'
import { words as serviceWords } from '../../../src/services/words.ts'
import { summaryWords } from '../../../src/setup/words-of-summary.ts'
import { words as verificationWords } from '../../../src/verification/words.ts'
import { browser } from '../../support/browser.ts'
import { type RunningCallAssist, startRunning } from '../../support/running.ts'
import { confirmByText } from './confirm.ts'
import { pointer } from './hands.ts'
import { openPhones, type Phones } from './phones.ts'
import { arrive, deskSize, pictureWhenFailed, signIn, type Visitor, visit } from './visitor.ts'
import { preset, setUp } from './wizard.ts'

let running: RunningCallAssist
let chrome: Browser
/** who set it up, and looks at the page of the calls to Ada while the telephones ring */
let cara: Visitor
let phones: Phones

const notes = 'The key is with Joan at number 3.'

beforeAll(async () => {
  ;[running, chrome] = await Promise.all([startRunning(), browser()])
  cara = await visit(chrome, running, { viewport: deskSize })
  await signIn(cara, 'cara@example.org', '/setup')
  await setUp(pointer(cara.page), {
    yourName: 'Cara Hartley',
    receiver: 'Ada',
    number: '01632 960101',
    time: '9.30',
    message: preset(findPreset(defaultPreset('check-in'))!.title),
    yourNumber: '07700 900101',
    other: { name: 'Ben Hartley', phone: '07700 900102', email: 'ben@example.org' },
    notes,
  })
  await pointer(cara.page).press(summaryWords.done.confirmButton)
  await confirmByText(pointer(cara.page), ['Cara Hartley', 'Ben Hartley'], 'Cara Hartley')
  await pointer(cara.page).press(verificationWords.toService('Ada'))
  await arrive(cara.page, serviceWords.serviceTitle('Ada'))
  phones = await openPhones(await cara.context.newPage())
})

afterAll(async () => {
  await cara?.leave()
  await chrome?.close()
  await running?.stop()
})

beforeEach(() => pictureWhenFailed(cara))

/** The next call rings, and rings, and rings; nobody answers, until the telephones of the alert receivers ring. */
async function missTheCall(): Promise<void> {
  const before = await ringsOfAda()
  await phones.moveUntil(async () => (await phones.stateOf('Ada')) === 'ringing')
  await phones.is('Ada', 'ringing')
  await phones.moveUntil(async () => (await phones.stateOf('Cara Hartley')) === 'ringing')
  await phones.is('Cara Hartley', 'ringing')
  await phones.is('Ben Hartley', 'ringing')
  await expect.poll(async () => (await ringsOfAda()) - before).toBe(3)
}

/** So often the telephone network has rung Ada until it gave up. */
const ringsOfAda = () =>
  phones.page
    .locator('#ledger tr', { hasText: /Ada's telephone.*rang for 30 seconds and nobody answered/ })
    .count()

/** What the top of the page of the calls to Ada says, by itself, without being loaded again. */
const statusSays = (text: RegExp) => cara.page.locator('.app-status', { hasText: text }).first().waitFor()

/** The same of the newest row below it. */
const newestSays = (text: string) =>
  cara.page.locator('.app-timeline__item:first-child', { hasText: text }).waitFor()

const allIsWell = async () => {
  await pointer(cara.page).press(serviceWords.allRightNow('Ada'))
  await newestSays('Cara Hartley told us that Ada is all right')
}

/** The newest e-mail to this address with these words in its subject. */
const mailTo = (page: Page, address: string, subject: string) =>
  page.locator('.app-mail', { hasText: address }).filter({ hasText: subject }).first()

test('accepted with a key: the telephone says what happened, everybody else is told who it is', async () => {
  await missTheCall()
  await statusSays(/Ada did not answer the 9:30am call\./)

  await phones.press('Cara Hartley', phoneWords.answer)
  await phones.hears('Cara Hartley', 'This is CallAssist, about Ada.')
  await phones.hears('Cara Hartley', 'Ada did not answer the call at 9:30am.')
  await phones.hears('Cara Hartley', 'We rang three times.')
  await phones.hears('Cara Hartley', 'Press 1 if you will see to it.')
  await phones.press('Cara Hartley', '1')
  await phones.hears('Cara Hartley', 'Thank you, Cara Hartley.')
  await phones.hears('Cara Hartley', 'You are seeing to Ada.')
  await phones.hears('Cara Hartley', 'We are telling everybody else.')
  await phones.hears('Cara Hartley', `How to get in: ${notes}`)
  await phones.press('Cara Hartley', phoneWords.hangUp)

  await statusSays(/Cara Hartley is seeing to it/)
  await statusSays(/we told Ben Hartley by/)
  await statusSays(/Cara Hartley said .I will see to it. by pressing a key/)
  await phones.is('Ben Hartley', 'idle')
  await phones.hears('Ben Hartley', 'CallAssist: Cara Hartley will see to Ada.')
  await mailTo(phones.page, 'ben@example.org', mails.subject.accepted('Cara Hartley', 'Ada')).waitFor()
  await allIsWell()
})

test('accepted by text', async () => {
  await missTheCall()
  await phones.press('Ben Hartley', phoneWords.turnAway)
  await phones.hears('Ben Hartley', /Reply OK if you will see to it/)
  await phones.of('Ben Hartley').getByLabel(phoneWords.replyLabel).fill('ok, I go round')
  await phones.press('Ben Hartley', phoneWords.sendText)
  await phones.hears('Ben Hartley', /Reply just OK if you will see to Ada/)
  await phones.of('Ben Hartley').getByLabel(phoneWords.replyLabel).fill('Ok')
  await phones.press('Ben Hartley', phoneWords.sendText)
  await phones.hears('Ben Hartley', /Thank you, Ben Hartley\. You are seeing to Ada\./)
  await statusSays(/Ben Hartley is seeing to it/)
  await statusSays(/Ben Hartley said .I will see to it. by text/)
  await phones.hears('Cara Hartley', 'CallAssist: Ben Hartley will see to Ada.')
  await allIsWell()
})

test('accepted with the button behind the link of the e-mail; opening the link accepts nothing', async () => {
  await missTheCall()
  const mail = mailTo(
    phones.page,
    'ben@example.org',
    'Ada did not answer the call at 9:30am: will you see to it?',
  )
  await mail.getByText(phoneWords.readMail).click()
  const link = mail.getByRole('link', { name: /\/alerts\/link\// }).first()
  const address = (await link.getAttribute('href'))!

  // a scanner of the mail server opens every link, more than once
  const ben = await visit(chrome, running)
  for (const method of ['HEAD', 'GET', 'HEAD', 'GET'])
    expect((await ben.context.request.fetch(address, { method })).status()).toBe(200)
  await ben.page.goto(address)
  await arrive(ben.page, 'Ada did not answer the call at 9:30am')
  await ben.page.getByText(notes).first().waitFor()
  await ben.page.getByText(alertPageWords.nobodyYet).waitFor()
  await cara.page.reload()
  await statusSays(/Ada did not answer the 9:30am call\. We are/)

  await pointer(ben.page).press(alertPageWords.accept)
  await ben.page.getByText(alertPageWords.yours('Ada')).waitFor()
  await statusSays(/Ben Hartley is seeing to it/)
  await statusSays(/Ben Hartley said .I will see to it. by the link in the e-mail/)
  await pointer(ben.page).press(alertPageWords.fine('Ada'))
  await ben.page
    .getByText(/All is well/)
    .first()
    .waitFor()
  await newestSays('Ben Hartley told us that Ada is all right')
  await statusSays(/Ada did not answer the 9:30am call\. Ben Hartley told us that Ada is all right\./)
  await mailTo(phones.page, 'cara@example.org', mails.subject.allClear('Ada')).waitFor()
  await ben.leave()
})

test('accepted by nobody: handed over to the desk, which sees its clock run and takes it', async () => {
  await missTheCall()
  await phones.moveUntil(() => phones.hasMail('desk@example.org', 'Nobody has accepted yet'))
  await statusSays(/Nobody has taken it on yet/)

  const desk = await visit(chrome, running, { viewport: deskSize })
  await signIn(desk, 'desk@example.org', '/queue')
  await arrive(desk.page, alertPageWords.queueTitle)
  const item = desk.page.locator('.app-status', { hasText: 'Ada did not answer the call at 9:30am' })
  expect(await item.locator('running-clock').innerText()).toMatch(/^1[4-9] minutes$/)
  await phones.move(5)
  await desk.page.reload()
  expect(await item.locator('running-clock').innerText()).toMatch(/^2[0-4] minutes$/)
  await item.getByRole('button', { name: alertPageWords.accept }).click()
  await desk.page.getByRole('heading', { name: alertPageWords.inYourHands }).waitFor()
  await statusSays(/CallAssist desk is seeing to it/)
  await phones.hears('Cara Hartley', 'CallAssist: CallAssist desk will see to Ada.')
  await item.getByRole('button', { name: alertPageWords.fine('Ada') }).click()
  await desk.page.getByText(alertPageWords.queueEmpty).waitFor()
  await newestSays('CallAssist desk told us that Ada is all right')
  await desk.leave()
})
