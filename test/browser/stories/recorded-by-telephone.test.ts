// The story of somebody who records by telephone: rung from the wizard, spoken into the handset, listened to, kept, used, and heard in a
// call; and of a recorder who is given a code, rings the line, and needs no page.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { words as phoneWords } from '../../../src/exchange/words-of-pages.ts'
import { shown } from '../../../src/messages/messages.ts'
import { spoken, standing, words } from '../../../src/recorder/words.ts'
import { spoken as ringInWords } from '../../../src/ringin/words.ts'
import { words as serviceWords } from '../../../src/services/words.ts'
import { words as setupWords } from '../../../src/setup/words.ts'
import { summaryWords } from '../../../src/setup/words-of-summary.ts'
import { axe, browser } from '../../support/browser.ts'
import { type RunningCallAssist, startRunning } from '../../support/running.ts'
import { type Hands, pointer } from './hands.ts'
import { openPhones, type Phones } from './phones.ts'
import { writeVoice } from './sound.ts'
import { arrive, deskSize, picture, pictureWhenFailed, signIn, visit } from './visitor.ts'
import { setUp } from './wizard.ts'

let running: RunningCallAssist
let chrome: Browser
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callassist-voice-'))
  const microphone = join(folder, 'voice.wav')
  await writeVoice(microphone, 60)
  ;[running, chrome] = await Promise.all([startRunning(), browser({ microphone })])
})

afterAll(async () => {
  await chrome?.close()
  await running?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** A telephone of nobody that CallAssist knows, by the end of its number. */
const handset = (phones: Phones, end: string): Locator =>
  phones.page.getByRole('article', { name: new RegExp(`^Telephone .*${end}$`) })
const key = (phone: Locator, name: string) =>
  phone.getByRole('button', { name: new RegExp(`^${name === '#' ? '# hash' : name}(?!\\w)`) }).click()
const says = (page: Page, text: string) => page.getByRole('heading', { level: 2, name: text }).waitFor()

test('rung from the wizard, spoken into the telephone, kept at key 1, used, and heard in a call', async () => {
  const visitor = await visit(chrome, running, { permissions: ['microphone'] })
  pictureWhenFailed(visitor)
  const { page, context } = visitor
  await signIn(visitor, 'iris@example.org', '/setup')
  const phones = await openPhones(await context.newPage())

  await setUp(pointer(page), {
    yourName: 'Iris Vale',
    receiver: 'Jack',
    number: '01632 960141',
    time: '9:30am',
    message: (hands) => recordByTelephone(hands, phones),
    yourNumber: '07700 900141',
    other: { name: 'Kit Vale', phone: '07700 900142', email: 'kit@example.org' },
    notes: 'None.',
  })
  await page.getByRole('link', { name: summaryWords.done.tryButton({ name: 'Jack', isSelf: false }) }).click()
  await arrive(page, serviceWords.serviceTitle('Jack'))
  await page.getByRole('button', { name: serviceWords.ringNow }).click()
  await phones.is('Jack', 'ringing')
  await phones.press('Jack', phoneWords.answer)
  await phones.hears('Jack', phoneWords.recordingIsHeard)
  await phones.press('Jack', '5')
  await page.getByText(/^Test Jack answered .*pressed 5\.$/).waitFor()
  await visitor.leave()
})

async function recordByTelephone(hands: Hands, phones: Phones): Promise<void> {
  const { page } = hands
  const r = { name: 'Jack', isSelf: false }
  await hands.choose(setupWords.heard.recording)
  await hands.press(setupWords.continue)
  await arrive(page, setupWords.recording.question(r))
  await picture(page, 'wizard-recording')
  await hands.type(words.number, '07700 900141')
  await hands.press(words.ring)
  await arrive(page, words.title)
  const phone = handset(phones, '900141')
  await phones.page.locator('.app-phone[data-state=ringing]').and(phone).waitFor()
  await says(page, standing.rings)
  expect(await axe(page)).toEqual([])
  await picture(page, 'take-ringing')

  await phone.getByRole('button', { name: /^Answer/ }).click()
  await says(page, standing.asking)
  await key(phone, '5')
  await says(page, standing.recording)
  await phone.getByRole('button', { name: new RegExp(phoneWords.ownVoice) }).click()
  await phone.getByText(phoneWords.ownVoiceOn).waitFor()
  await picture(phones.page, 'handset-recording')
  expect(await axe(phones.page)).toEqual([])
  await page.waitForTimeout(2500)
  await key(phone, '#')
  await phone.getByText(spoken.thisIsIt()).first().waitFor({ state: 'attached' })
  await says(page, standing.listening)
  await picture(page, 'take-listening')
  await key(phone, '1')
  await says(page, standing.kept)
  expect(await axe(page)).toEqual([])
  await picture(page, 'take-kept')
  await hands.press(words.use)
}

test('a recorder with a code: made on the page of the service, shown with what to do', async () => {
  const visitor = await visit(chrome, running, { viewport: deskSize })
  pictureWhenFailed(visitor)
  const { page } = visitor
  const hands = pointer(page)
  await signIn(visitor, 'lena@example.org', '/setup')
  await setUp(hands, {
    yourName: 'Lena Poe',
    receiver: 'Mary',
    number: '01632 960151',
    time: '1pm',
    message: async ({ choose, press }) => {
      await choose(setupWords.heard.recording)
      await press(setupWords.continue)
      await arrive(page, setupWords.recording.question({ name: 'Mary', isSelf: false }))
      await press(setupWords.recording.later)
    },
    yourNumber: '07700 900151',
    other: { name: 'Ned Poe', phone: '07700 900152', email: 'ned@example.org' },
    notes: 'None.',
  })
  await hands.press(summaryWords.done.record)
  await arrive(page, words.recordings('Mary'))
  const recordings = page.url()
  expect(await axe(page)).toEqual([])
  await picture(page, 'recordings')
  await hands.press(/^Record it/)
  await arrive(page, words.recordQuestion('Mary'))
  expect(await axe(page)).toEqual([])
  await picture(page, 'record')
  await hands.type(words.otherName, 'Olive')
  await hands.type(words.otherEmail, 'olive@example.org')
  await hands.press(words.makeCode)
  await arrive(page, words.codeTitle('Olive'))
  const code = (await page.locator('main strong').innerText()).replaceAll(/\D/g, '')
  expect(await axe(page)).toEqual([])
  await picture(page, 'code')
  const phones = await openPhones(page)
  await expect
    .poll(() => phones.hasMail('olive@example.org', words.mail.subject('Lena Poe', 'Mary')))
    .toBe(true)

  // Olive rings from the telephone of Ned, who is told of alerts and has none now
  const ned = phones.of('Ned Poe')
  await ned.getByText(phoneWords.use).click()
  await phones.press('Ned Poe', phoneWords.ringIn)
  // a key counts before all of it is said
  await phones.hears('Ned Poe', /This is CallAssist/)
  await key(ned, '3')
  await phones.hears('Ned Poe', ringInWords.code())
  for (const digit of code) await key(ned, digit)
  await phones.hears('Ned Poe', /Then press any key to begin/)
  await key(ned, '1')
  await ned
    .getByLabel(phoneWords.sayWords)
    .fill('Hello Mary, it is me, Olive. It is time for your lunch. Enjoy it.')
  await phones.press('Ned Poe', phoneWords.say)
  await page.waitForTimeout(6000)
  await key(ned, '#')
  await phones.hears('Ned Poe', spoken.thisIsIt())
  await key(ned, '1')
  await phones.hears('Ned Poe', /Your recording is kept/)
  await page.goto(recordings)
  await page.getByText(shown.recording('Olive')).waitFor()
  await visitor.leave()
})
