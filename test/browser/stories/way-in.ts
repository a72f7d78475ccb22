// From the home page through sign-in to the first question of the wizard, by whichever hands.
import { words as signinWords } from '../../../src/signin/words.ts'
import { homeWords } from '../../../src/website/words.ts'
import type { Hands } from './hands.ts'
import { arrive, codeFor, type Visitor } from './visitor.ts'

export async function fromHomeToWizard(visitor: Visitor, hands: Hands, email: string): Promise<void> {
  const { page } = visitor
  await page.goto('/')
  await hands.press(homeWords.setUp)
  await arrive(page, signinWords.emailLabel)
  await hands.type(signinWords.emailLabel, email)
  await hands.press(signinWords.sendCode)
  await arrive(page, signinWords.codeLabel)
  await hands.type(signinWords.codeLabel, await codeFor(visitor, email))
  await hands.press(signinWords.signIn)
}
