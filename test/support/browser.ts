// A real Chromium for a test, and axe's judgement of a page. Close the browser when done: `afterAll(() => chrome.close())`.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { findChromium, installChromium } from './chromium.ts'

export interface BrowserOptions {
  /** A microphone that is granted without asking: `true` beeps, a path plays that WAV file in a circle. */
  microphone?: true | string
}

/** Nothing but this machine exists for the browser, so a page that asks for more is found out and no lookup is made. */
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
]

let path: Promise<string> | null = null

/** @throws when there is no Chromium and none can be got */
export async function browser({ microphone }: BrowserOptions = {}): Promise<Browser> {
  path ??= findChromium().then((found) => found ?? installChromium())
  const args = [...flags]
  if (microphone) args.push('--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream')
  if (typeof microphone === 'string') args.push(`--use-file-for-fake-audio-capture=${microphone}`)
  return chromium.launch({ executablePath: await path, args, chromiumSandbox: process.geteuid?.() !== 0 })
}

export interface Violation {
  rule: string
  impact: string
  help: string
  /** where: a selector and the start of the element */
  where: string[]
}

/** What axe finds wrong with the page as it stands, of WCAG 2.2 AA and of its own best practices. */
export async function axe(page: Page): Promise<Violation[]> {
  source ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  // as a debugger would, because the page's own policy lets no foreign script in
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(await source)
  const results = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } })',
  )) as AxeResults
  return results.violations.map(({ id, impact, help, nodes }) => ({
    rule: id,
    impact: impact ?? 'unknown',
    help,
    where: nodes.map(({ target, html }) => `${target.join(' ')}: ${html.slice(0, 120)}`),
  }))
}

let source: Promise<string> | null = null
