// What every page must be, whatever stands on it: nothing that axe finds on a phone and on a desk, one heading, a title, no need to
// scroll sideways on the smallest phone, few scripts. Looks at a page as it stands, and at pictures of it when asked (`picture`).
import type { Page } from 'playwright-core'
import { axe } from '../../support/browser.ts'
import { deskSize, phoneSize, picture } from './visitor.ts'

/** Compressed, as they come over the line. */
const scriptBytesAtMost = 20_000
const smallest = { width: 320, height: 640 }
const sizes = { phone: phoneSize, desk: deskSize }

export type Screen = keyof typeof sizes
const screens: readonly Screen[] = ['phone', 'desk']

export interface Inspector {
  /**
   * @param name tells this page from the others in what is found, and in pictures
   * @param on which screens axe looks at it; both unless told
   */
  look(page: Page, name: string, on?: readonly Screen[]): Promise<void>
  /** Everything that was found, page by page. */
  readonly found: readonly string[]
  /** how many pages were looked at */
  count(): number
}

export function inspector(): Inspector {
  const found: string[] = []
  let looked = 0

  async function look(page: Page, name: string, on = screens): Promise<void> {
    looked++
    const note = (what: string) => found.push(`${name}: ${what}`)
    const before = page.viewportSize()!
    for (const screen of screens) {
      await page.setViewportSize(sizes[screen])
      const violations = on.includes(screen) ? await axe(page) : []
      for (const { rule, help, where } of violations)
        note(`${screen}: ${rule}, ${help}: ${where.join(' | ')}`)
      await picture(page, `${name.replaceAll(/\W+/g, '-')}-${screen}`)
    }
    await page.setViewportSize(smallest)
    const { headings, sideways, scriptBytes, title } = await page.evaluate(measure)
    if (headings !== 1) note(`${headings} headings of the first level`)
    if (sideways > 0) note(`${sideways} px too wide for the smallest phone`)
    if (scriptBytes > scriptBytesAtMost) note(`${scriptBytes} bytes of scripts`)
    // a title with a telephone in front says that one rings
    if (!/^(?:☎ .|.* – CallAssist$)/.test(title)) note(`its title is "${title}"`)
    await page.setViewportSize(before)
  }

  return { look, found, count: () => looked }
}

/** Runs in the page. */
function measure() {
  const loaded = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
  return {
    headings: document.querySelectorAll('h1').length,
    sideways: document.documentElement.scrollWidth - innerWidth,
    scriptBytes: loaded
      .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    title: document.title,
  }
}
