// How a person works a page: with a pointer, or with the keyboard alone. The same stories are told with both.
import type { Locator, Page } from 'playwright-core'

export interface Hands {
  readonly page: Page
  /** A button or a link below the header, by its whole name. */
  press(name: string | RegExp): Promise<void>
  /** One answer of a question, or one tick. */
  choose(label: string): Promise<void>
  type(label: string, text: string): Promise<void>
}

const labelled = (page: Page, label: string) => page.getByLabel(label, { exact: true })

const pressable = (page: Page, name: string | RegExp) => {
  const by = typeof name === 'string' ? { name, exact: true } : { name }
  const main = page.getByRole('main')
  return main.getByRole('button', by).or(main.getByRole('link', by)).first()
}

export function pointer(page: Page): Hands {
  return {
    page,
    press: (name) => pressable(page, name).click(),
    choose: (label) => labelled(page, label).check(),
    type: (label, text) => labelled(page, label).fill(text),
  }
}

/** Tab, arrows, space and Enter, as a person uses them who cannot use a pointer. */
export function keyboard(page: Page): Hands {
  return {
    page,
    async press(name) {
      await tabTo(page, pressable(page, name))
      await page.keyboard.press('Enter')
    },
    async choose(label) {
      const answer = labelled(page, label)
      if ((await answer.getAttribute('type')) === 'radio') return chooseRadio(page, answer)
      await tabTo(page, answer)
      if (!(await answer.isChecked())) await page.keyboard.press('Space')
    },
    async type(label, text) {
      await tabTo(page, labelled(page, label))
      await page.keyboard.press('ControlOrMeta+a')
      await page.keyboard.type(text)
    },
  }
}

const tabsAtMost = 120

async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  for (let tabs = 0; tabs < tabsAtMost; tabs++) {
    if (await hasFocus(target)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not reach ${target}`)
}

/** Tab comes to the one answer of a question that is chosen, or to the first; the arrows go on from there, choosing. */
async function chooseRadio(page: Page, answer: Locator): Promise<void> {
  const group = page.locator(`input[name="${await answer.getAttribute('name')}"]:visible`)
  const checked = page.locator(`input[name="${await answer.getAttribute('name')}"]:checked`)
  await tabTo(page, (await checked.count()) > 0 ? checked : group.first())
  for (let steps = 0; !(await hasFocus(answer)) && steps < (await group.count()); steps++)
    await page.keyboard.press('ArrowDown')
  if (!(await answer.isChecked())) await page.keyboard.press('Space')
}

const hasFocus = (target: Locator) => target.evaluate((element) => element === document.activeElement)
