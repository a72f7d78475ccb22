// The story of a bad morning: Ada and Bert do not answer, and Ben is told of both in one call. He takes one and then the other, while
// the pages of both say how it stands; and in the text that came with it each has a code.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { words as phoneWords } from '../../../src/exchange/words-of-pages.ts'
import { defaultPreset, findPreset } from '../../../src/messages/messages.ts'
import { words as serviceWords } from '../../../src/services/words.ts'
import { summaryWords } from '../../../src/setup/words-of-summary.ts'
import { words as verificationWords } from '../../../src/verification/words.ts'
import { browser } from '../../support/browser.ts'
import { type RunningCallAssist, startRunning } from '../../support/running.ts'
import { confirmByText } from './confirm.ts'
import { pointer } from './hands.ts'
import { inspector } from './inspect.ts'
import { openPhones, type Phones } from './phones.ts'
import { arrive, deskSize, picture, pictureWhenFailed, signIn, type Visitor, visit } from './visitor.ts'
import { preset, setUp } from './wizard.ts'

let running: RunningCallAssist
let chrome: Browser
/** who set both up, and looks at their pages while the telephones ring */
let cara: Visitor
let phones: Phones
const pages: Record<'Ada' | 'Bert', Page> = {} as never

beforeAll(async () => {
  ;[running, chrome] = await Promise.all([startRunning(), browser()])
  cara = await visit(chrome, running, { viewport: deskSize })
  await signIn(cara, 'cara@example.org', '/setup')
  for (const [receiver, number] of [
    ['Ada', '01632 960101'],
    ['Bert', '01632 960102'],
  ] as const) {
    const page = receiver === 'Ada' ? cara.page : await cara.context.newPage()
    await page.goto('/setup')
    await setUp(pointer(page), {
      yourName: 'Cara Hartley',
      isKnown: receiver === 'Bert',
      receiver,
      number,
      time: '9.30',
      message: preset(findPreset(defaultPreset('check-in'))!.title),
      yourNumber: '07700 900101',
      other: { name: 'Ben Hartley', phone: '07700 900102', email: 'ben@example.org' },
      notes: `The key of ${receiver} is with Joan.`,
    })
    await pointer(page).press(summaryWords.done.confirmButton)
    const told = receiver === 'Ada' ? ['Cara Hartley', 'Ben Hartley'] : ['Ben Hartley']
    await confirmByText(pointer(page), told, 'Cara Hartley')
    await pointer(page).press(verificationWords.toService(receiver))
    await arrive(page, serviceWords.serviceTitle(receiver))
    pages[receiver] = page
  }
  phones = await openPhones(await cara.context.newPage())
})

afterAll(async () => {
  await cara?.leave()
  await chrome?.close()
  await running?.stop()
})

/** What the page of the calls to somebody says by itself, without being loaded again. */
const says = (receiver: 'Ada' | 'Bert', text: RegExp) =>
  pages[receiver].locator('.app-status', { hasText: text }).first().waitFor()

test('one call about two, accepted one by one', async () => {
  pictureWhenFailed(cara)
  await phones.moveUntil(async () => (await phones.stateOf('Ben Hartley')) === 'ringing')
  await phones.is('Ben Hartley', 'ringing')
  // Bert's call is missed a second after Ada's, while the telephone rings already
  await says('Bert', /Bert did not answer the 9:30am call\. We are finding somebody/)
  await says('Bert', /we told Ben Hartley by .*, together with the alert about Ada\./)

  await phones.press('Ben Hartley', phoneWords.answer)
  await phones.hears('Ben Hartley', 'This is CallAssist, about two people: Ada and Bert.')
  await phones.hears('Ben Hartley', 'Press 1 if you will see to Ada, or 2 if you cannot.')
  await phones.press('Ben Hartley', '1')
  await phones.hears('Ben Hartley', 'You are seeing to Ada.')
  await says('Ada', /Ben Hartley is seeing to it/)
  await says('Bert', /We are finding somebody/)
  await phones.hears('Ben Hartley', 'How to get in: The key of Ada is with Joan.')
  await phones.hears('Ben Hartley', 'Now, Bert.')
  await phones.hears('Ben Hartley', 'Press 1 if you will see to Bert, or 2 if you cannot.')
  await phones.press('Ben Hartley', '1')
  await phones.hears('Ben Hartley', 'You are seeing to Bert.')
  await says('Bert', /Ben Hartley is seeing to it/)
  await phones.press('Ben Hartley', phoneWords.hangUp)
  await phones.is('Ben Hartley', 'idle')
  await phones.is('Cara Hartley', 'idle')
  await phones.hears(
    'Ben Hartley',
    /Ada and Bert did not answer the 9:30am call.* reply OK \d\d for Ada, OK \d\d for Bert, or OK ALL for both/,
  )

  // one call, whatever it was about
  expect(await phones.page.locator('#ledger tr', { hasText: /Ben Hartley's telephone/ }).count()).toBe(1)
})

test('the pages of both say that they were told together, to somebody who has to do with both', async () => {
  const eyes = inspector()
  for (const [receiver, other] of [
    ['Ada', 'Bert'],
    ['Bert', 'Ada'],
  ] as const) {
    await says(receiver, new RegExp(`we told Ben Hartley by .*, together with the alert about ${other}\\.`))
    await says(receiver, /Ben Hartley said .I will see to it. by pressing a key/)
    await eyes.look(pages[receiver], `bundle ${receiver}`)
  }
  expect(eyes.found).toEqual([])
  await picture(phones.page, 'bundle phones')
})
