// People of the stories: each has a browser window of their own, signs in with a code from the inbox, and is watched: a page that
// throws, breaks its own security policy or asks another machine for something fails the story.
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect, onTestFailed, type TestContext } from 'vitest'
import { words as signinWords } from '../../../src/signin/words.ts'
import type { RunningCallAssist } from '../../support/running.ts'

export const phoneSize = { width: 390, height: 844 }
export const deskSize = { width: 1280, height: 900 }

export interface Visitor {
  readonly page: Page
  readonly context: BrowserContext
  readonly home: string
  /** Leaves. @throws when anything went wrong in one of the pages */
  leave(): Promise<void>
}

type ContextOptions = Parameters<Browser['newContext']>[0]

export async function visit(
  chrome: Browser,
  { url }: Pick<RunningCallAssist, 'url'>,
  options: ContextOptions = {},
): Promise<Visitor> {
  const context = await chrome.newContext({ viewport: phoneSize, baseURL: url, ...options })
  context.setDefaultTimeout(20_000)
  const troubles: string[] = []
  context.on('weberror', (error) => troubles.push(`thrown: ${error.error().message}`))
  context.on('console', (message) => {
    if (message.type() === 'error' && !isAnsweredRefusal(message.text())) troubles.push(message.text())
  })
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== url) troubles.push(`asked for: ${request.url()}`)
  })
  const page = await context.newPage()
  return {
    page,
    context,
    home: url,
    async leave() {
      await context.close()
      expect(troubles).toEqual([])
    },
  }
}

/**
 * For a person to look at, as `picture` does, what stands in this visitor's windows when the test fails.
 * @param running the context of the test, where several run at once
 */
export function pictureWhenFailed(
  { context }: Visitor,
  running: Pick<TestContext, 'onTestFailed'> = { onTestFailed },
): void {
  running.onTestFailed(async () => {
    for (const [i, open] of context.pages().entries()) await picture(open, `failed-${i}`)
  })
}

/** A picture of the whole page for a person to look at, when the setting STORY_PICTURES names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.STORY_PICTURES
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

/** The browser notes every answer from 400 on as an error; ours are pages that say what to do. */
const isAnsweredRefusal = (text: string) =>
  /^Failed to load resource: the server responded with a status of 4/.test(text)

/** The page with this heading is there, whole. */
export async function arrive(page: Page, heading: string | RegExp): Promise<void> {
  const name = typeof heading === 'string' ? { name: heading, exact: true } : { name: heading }
  await page.getByRole('heading', { level: 1, ...name }).waitFor()
}

/** Signs in, with the code from the inbox. Ends on the page to which signing in leads. */
export async function signIn(visitor: Visitor, email: string, next = '/services'): Promise<void> {
  const { page } = visitor
  await page.goto(`/signin?next=${next}`)
  await page.getByLabel(signinWords.emailLabel).fill(email)
  await page.getByRole('button', { name: signinWords.sendCode }).click()
  await arrive(page, signinWords.codeLabel)
  await page.getByLabel(signinWords.codeLabel).fill(await codeFor(visitor, email))
  await page.getByRole('button', { name: signinWords.signIn, exact: true }).click()
  await page.waitForURL((address) => !address.pathname.startsWith('/signin'))
}

/** The newest code that the inbox of the practice phones shows for this address. */
export async function codeFor({ context }: Visitor, email: string): Promise<string> {
  const page = await context.newPage()
  try {
    await page.goto('/exchange')
    const code = page.locator('.app-mail', { hasText: email }).first().locator('.app-mail__code strong')
    // without scripts the page does not follow by itself
    for (let looks = 0; looks < 50 && (await code.count()) === 0; looks++) {
      await page.waitForTimeout(100)
      await page.reload()
    }
    return (await code.innerText()).replaceAll(/\D/g, '')
  } finally {
    await page.close()
  }
}
