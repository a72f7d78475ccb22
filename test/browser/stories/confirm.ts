// Confirming telephone numbers, as the stories do it: the code is read from the text on the practice phone, as the person would.
import { words } from '../../../src/verification/words.ts'
import type { Hands } from './hands.ts'
import { openPhones } from './phones.ts'
import { arrive } from './visitor.ts'

/** From "Confirm the telephone numbers" to "Every number is confirmed". @param look is called on every page */
export async function confirmByText(
  hands: Hands,
  names: readonly string[],
  you: string,
  look: (page: string) => Promise<void> = async () => {},
): Promise<void> {
  const { page } = hands
  await arrive(page, words.title)
  await look(words.title)
  for (const name of names) {
    const title = name === you ? words.yourTitle : words.oneTitle(name)
    const row = page.locator('.govuk-summary-list__row', { hasText: name })
    await row.getByRole('link', { name: words.confirm }).click()
    await arrive(page, title)
    await look(title)
    const phones = await openPhones(await page.context().newPage())
    const texts = phones.of(name).getByText(/^CallAssist: \d{4} is the code/)
    const before = await texts.count()
    await hands.press(words.sendText)
    await page.getByLabel(words.code).waitFor()
    await look(`${title}, sent`)
    // the newest stands first
    await texts.nth(before).waitFor({ state: 'attached' })
    const code = /\d{4}/.exec((await texts.first().textContent()) ?? '')![0]
    await phones.page.close()
    await hands.type(words.code, code)
    await hands.press(words.check)
    await arrive(page, words.title)
    await page.getByRole('alert').getByText('is confirmed.').waitFor()
  }
}
