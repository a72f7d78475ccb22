// The practice phones in a story: what stands on each telephone, its buttons, and the clock.
import type { Locator, Page } from 'playwright-core'
import { phoneTitle, words } from '../../../src/exchange/words-of-pages.ts'
import { arrive } from './visitor.ts'

export interface Phones {
  readonly page: Page
  /** The telephone of this person. */
  of(name: string): Locator
  /** Waits until it rings, talks, or is quiet again. */
  is(name: string, state: 'ringing' | 'talking' | 'idle'): Promise<void>
  /** Presses a button on a telephone, or a key of its keypad. */
  press(name: string, button: string): Promise<void>
  /** Waits until this was said, as it comes. */
  hears(name: string, text: string | RegExp): Promise<void>
  /** Presses one of the buttons of the clock, and waits until it has arrived. */
  move(by: 1 | 5 | 'next'): Promise<void>
  /** Presses "To the next event" until it is so. */
  moveUntil(so: () => Promise<boolean>): Promise<void>
  /** How this telephone stands for the telephone network, however far the page has followed. */
  stateOf(name: string): Promise<string | null>
  /** Whether an e-mail to this address with these words in its subject has come, however far the page has followed. */
  hasMail(address: string, subject: string): Promise<boolean>
}

/** More than any story needs from one thing to the next. */
const movesAtMost = 60

export async function openPhones(page: Page): Promise<Phones> {
  await page.goto('/exchange')
  await arrive(page, words.title)

  const of = (name: string) => page.getByRole('article', { name: phoneTitle([name], ''), exact: true })

  async function move(by: 1 | 5 | 'next'): Promise<void> {
    const arrived = page.waitForResponse(
      (answer) =>
        answer.request().method() === 'POST' && new URL(answer.url()).pathname === '/exchange/clock',
    )
    await page.locator(`#clock button[value="${by}"]`).click()
    await arrived
  }

  const phones: Phones = {
    page,
    of,
    is: (name, state) => page.locator(`.app-phone[data-state=${state}]`).and(of(name)).waitFor(),
    press: (name, button) =>
      of(name)
        .getByRole('button', { name: new RegExp(`^${escaped(button)}(?!\\w)`) })
        .first()
        .click(),
    hears: (name, text) => of(name).getByText(text).first().waitFor({ state: 'attached' }),
    move,
    async moveUntil(so) {
      for (let moves = 0; moves < movesAtMost; moves++) {
        if (await so()) return
        await move('next')
      }
      throw new Error(`the clock was moved ${movesAtMost} times, and it is still not so`)
    },
    async stateOf(name) {
      const title = phoneTitle([name], '')
      const cards = await page.evaluate(onServer, '.app-phone')
      return cards.find(({ heading }) => heading === title)?.state ?? null
    },
    async hasMail(address, subject) {
      const mails = await page.evaluate(onServer, '.app-mail')
      return mails.some(({ heading, text }) => heading.includes(subject) && text.includes(address))
    },
  }
  return phones
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** What a fresh page would show. Runs in the page. */
async function onServer(
  selector: string,
): Promise<{ heading: string; state: string | null; text: string }[]> {
  const html = await (await fetch('/exchange?all=1')).text()
  const found = new DOMParser().parseFromString(html, 'text/html').querySelectorAll<HTMLElement>(selector)
  return [...found].map((element) => ({
    heading: element.querySelector('h3')?.textContent?.trim() ?? '',
    state: element.dataset.state ?? null,
    text: element.textContent ?? '',
  }))
}
