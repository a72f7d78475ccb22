// The story of numbers that nobody has confirmed: they hold back, plainly; one is confirmed by a text, one by a call; and until then a
// telephone first asks who is there.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { words as phoneWords } from '../../../src/exchange/words-of-pages.ts'
import { defaultPreset, findPreset } from '../../../src/messages/messages.ts'
import { words as serviceWords } from '../../../src/services/words.ts'
import { summaryWords } from '../../../src/setup/words-of-summary.ts'
import { words } from '../../../src/verification/words.ts'
import { axe, browser } from '../../support/browser.ts'
import { type RunningCallAssist, startRunning } from '../../support/running.ts'
import { confirmByText } from './confirm.ts'
import { pointer } from './hands.ts'
import { openPhones } from './phones.ts'
import { arrive, picture, pictureWhenFailed, signIn, visit } from './visitor.ts'
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

test('a mobile is confirmed by a text, a landline by a call; an unconfirmed one is asked who is there', async () => {
  const visitor = await visit(chrome, running)
  pictureWhenFailed(visitor)
  const { page, context } = visitor
  const hands = pointer(page)
  await signIn(visitor, 'cara@example.org', '/setup')
  await setUp(hands, {
    yourName: 'Cara Hartley',
    receiver: 'Ada',
    number: '01632 960101',
    time: '9.30',
    message: preset(findPreset(defaultPreset('check-in'))!.title),
    yourNumber: '07700 900101',
    other: { name: 'Ben Hartley', phone: '01632 960202', email: 'ben@example.org' },
    notes: 'None.',
  })
  await picture(page, 'done')
  await hands.press(summaryWords.done.confirmButton)
  await confirmByText(hands, ['Cara Hartley'], 'Cara Hartley', async (name) => {
    expect(await axe(page)).toEqual([])
    await picture(page, name)
  })

  // Ben's is not yet: his telephone asks first who is there
  await hands.press(words.toService('Ada'))
  await arrive(page, serviceWords.serviceTitle('Ada'))
  await page.getByText(serviceWords.unproved(['Ben Hartley'])).waitFor()
  expect(await axe(page)).toEqual([])
  await picture(page, 'service')
  const service = page.url()
  const phones = await openPhones(await context.newPage())
  await phones.moveUntil(async () => (await phones.stateOf('Ada')) === 'ringing')
  await phones.moveUntil(async () => (await phones.stateOf('Ben Hartley')) === 'ringing')
  await phones.press('Ben Hartley', phoneWords.answer)
  await phones.hears('Ben Hartley', /If you are Ben Hartley, press 1/)
  await phones.press('Ben Hartley', '2')
  await phones.hears('Ben Hartley', /will not ring this number again/)
  await phones.is('Ben Hartley', 'idle')

  // somebody there said that it is not him; a code proves otherwise
  await page.goto(`${service}/numbers`)
  await arrive(page, words.title)
  await page.getByText(words.denied).waitFor()
  expect(await axe(page)).toEqual([])
  await hands.press(/^Confirm/)
  await arrive(page, words.oneTitle('Ben Hartley'))
  await hands.press(words.sendCall)
  await phones.is('Ben Hartley', 'ringing')
  await phones.press('Ben Hartley', phoneWords.answer)
  await phones.hears('Ben Hartley', 'Once more.')
  const digits = await phones
    .of('Ben Hartley')
    .getByRole('log')
    .getByText(/^\d\.$/)
    .allInnerTexts()
  await hands.type(words.code, digits.slice(0, 4).join(''))
  await hands.press(words.check)
  await page.getByText(words.allDone).waitFor()
  await visitor.leave()
})
