import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Block, renderEmail } from './blocks.tsx'

const url = 'https://calls.example.org/alerts/by-link/019ab1c2?a=1&b=2'
const every: Block[] = [
  { kind: 'heading', text: 'Ada did not answer' },
  { kind: 'paragraph', text: 'We rang three times.\nThe last time at 9:40am.' },
  { kind: 'button', text: 'I will see to it', url },
  { kind: 'list', items: ['9:30am: nobody answered', '9:35am: engaged'] },
  { kind: 'facts', rows: [{ label: 'Telephone', value: '01632 960101' }] },
  { kind: 'code', text: '482913' },
  { kind: 'link', text: 'Everything about this call', url: 'https://calls.example.org/calls/1' },
  { kind: 'small print', text: 'You get this because you are on Ada’s list.' },
]

/** What a reader of the HTML can read, and where its links lead. */
function readable(html: string): string {
  return html
    .replace(/<head>.*?<\/head>/s, '')
    .replaceAll(/<a [^>]*href="([^"]*)"[^>]*>/g, '$1 ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}

/** Words and addresses without the order and the marks that differ between the two. */
const words = (text: string) =>
  text
    .split(/[\s:-]+/)
    .filter((word) => word !== '')
    .sort()

test('the plain text reads like a letter', () => {
  expect(renderEmail('Ada did not answer', every).text).toBe(`Ada did not answer

We rang three times.
The last time at 9:40am.

I will see to it:
${url}

- 9:30am: nobody answered
- 9:35am: engaged

Telephone: 01632 960101

482913

Everything about this call:
https://calls.example.org/calls/1

You get this because you are on Ada’s list.

CallAssist makes telephone calls to people who live alone, and finds somebody when they do not answer.
It is not an emergency service. In an emergency ring 999.
`)
})

const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter((t) => /[a-z]/i.test(t))
const address = fc.webUrl({ withQueryParameters: true }).filter((u) => !/["<>'\s]/.test(u))
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('heading' as const, 'paragraph' as const, 'code' as const, 'small print' as const),
    text,
  }),
  fc.record({ kind: fc.constantFrom('button' as const, 'link' as const), text, url: address }),
  fc.record({ kind: fc.constant('list' as const), items: fc.array(text) }),
  fc.record({ kind: fc.constant('facts' as const), rows: fc.array(fc.record({ label: text, value: text })) }),
)

test('HTML and plain text say the same, whatever is written', () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 6 }), (blocks) => {
      const email = renderEmail('x', blocks)
      expect(words(readable(email.html).replace('CallAssist', ''))).toEqual(words(email.text))
    }),
  )
})

test('what a person typed stays text, and cannot hide, reorder or add a line to the subject', () => {
  const name = '<img src=x onerror=alert(1)>"\u202e\u0007Ada\r\nBcc: eve@example.org'
  const { subject, html, text } = renderEmail(name, [
    { kind: 'paragraph', text: name },
    { kind: 'list', items: [name] },
  ])
  expect(html).not.toContain('<img')
  expect(html).toContain('&lt;img src=x')
  expect(subject).toBe('<img src=x onerror=alert(1)>"Ada Bcc: eve@example.org')
  for (const hidden of ['\u202e', '\u0007', '\r']) expect(html + text).not.toContain(hidden)
})

test('nothing is fetched from outside when an e-mail is opened', () => {
  const { html } = renderEmail('x', every)
  expect(html).not.toMatch(/<(img|link|script|iframe|object|video|audio|form)\b/i)
  expect(html).not.toMatch(/url\(|@import|\bsrc=|background=/i)
})

test.for([
  'javascript:alert(1)',
  'data:text/html,x',
  '//example.org',
  'https://example.org/a b',
  'https://e.org/"onclick="x',
  '',
])('the address %j is refused', (bad) => {
  expect(() => renderEmail('x', [{ kind: 'button', text: 'go', url: bad }])).toThrow()
})

test('an e-mail is small', () => {
  expect(renderEmail('Ada did not answer', every).html.length).toBeLessThan(9_000)
})

/** WCAG 2.2 §1.4.3 relative luminance of #rrggbb. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

test.for([
  ['#221629', '#ffffff'],
  ['#4f4256', '#f5eff8'],
  ['#5b2a6e', '#ffffff'],
  ['#f4f0f8', '#241c2d'],
  ['#cfc5da', '#17121d'],
  ['#e0c9ec', '#241c2d'],
])('%s on %s is used and can be read', ([front, back]) => {
  const { html } = renderEmail('x', every)
  expect(html).toContain(front)
  expect(html).toContain(back)
  const [dark, light] = [luminance(front!), luminance(back!)].sort((a, b) => a - b)
  expect((light! + 0.05) / (dark! + 0.05)).toBeGreaterThan(7)
})
