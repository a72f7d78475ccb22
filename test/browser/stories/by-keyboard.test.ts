// The whole way from the home page to the answered call for people without a pointer. In a process of its own: no other story may
// move its clock, or the telephone has rung out before Tab has come to it.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import { defaultPreset, findPreset } from '../../../src/messages/messages.ts'
import { words as serviceWords } from '../../../src/services/words.ts'
import { summaryWords } from '../../../src/setup/words-of-summary.ts'
import { browser } from '../../support/browser.ts'
import { type RunningCallAssist, startRunning } from '../../support/running.ts'
import { keyboard } from './hands.ts'
import { openPhones } from './phones.ts'
import { arrive, deskSize, pictureWhenFailed, visit } from './visitor.ts'
import { fromHomeToWizard } from './way-in.ts'
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

test('by keyboard alone, from the home page to the pressed key', async () => {
  const visitor = await visit(chrome, running, { viewport: deskSize })
  pictureWhenFailed(visitor)
  const { page } = visitor
  const hands = keyboard(page)
  await fromHomeToWizard(visitor, hands, 'gwen@example.org')
  await setUp(hands, {
    yourName: 'Gwen Lowe',
    receiver: 'Bert',
    number: '01632 960131',
    time: '18:00',
    message: preset(findPreset(defaultPreset('check-in'))!.title),
    yourNumber: '07700 900131',
    other: { name: 'Hal Lowe', phone: '07700 900132', email: 'hal@example.org' },
    notes: 'Ring twice.',
  })
  await hands.press(summaryWords.done.tryButton({ name: 'Bert', isSelf: false }))
  await arrive(page, serviceWords.serviceTitle('Bert'))
  await hands.press(serviceWords.ringNow)
  await page.getByText('telephone is ringing now').first().waitFor()

  const phones = await openPhones(await visitor.context.newPage())
  await phones.is('Bert', 'ringing')
  await keyboard(phones.page).press(/^Answer.*Bert/)
  await phones.is('Bert', 'talking')
  await phones.hears('Bert', /Hello Bert/)
  // the keys of the keyboard are those of the telephone in focus
  await phones.page.keyboard.press('7')
  await phones.hears('Bert', /^Pressed 7/)
  await keyboard(phones.page).press(/^Hang up/)
  await phones.is('Bert', 'idle')
  await page.getByText(/^Test Bert answered .*pressed 7\.$/).waitFor()
  await visitor.leave()
})
