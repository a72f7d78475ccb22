// Exchange / xml: reads a small XML document as strictly as the provider does. Elements, attributes, text, CDATA, comments and
// the five named and all numbered entities; no document types (nothing sends them, and they are how XML is attacked).
// Pure. Called by twiml.ts.

export interface Element {
  name: string
  attributes: Readonly<Record<string, string>>
  children: (Element | string)[]
}

/** Where the document stops being XML. */
export class XmlFault extends Error {}

/**
 * @returns the root element
 * @throws XmlFault saying what is wrong and at which character
 */
export function parseXml(source: string): Element {
  const text = source.replace(/^\uFEFF/, '')
  let at = 0
  const fault = (what: string) => new XmlFault(`${what} at character ${at}`)
  const looking = (what: string) => text.startsWith(what, at)

  function past(end: string): string {
    const found = text.indexOf(end, at)
    if (found < 0) throw fault(`no ${end}`)
    const between = text.slice(at, found)
    at = found + end.length
    return between
  }

  function space(): void {
    while (/\s/.test(text.charAt(at))) at++
  }

  /** White space, comments and processing instructions around the root. */
  function miscellany(): void {
    for (;;) {
      space()
      if (looking('<!--')) past('-->')
      else if (looking('<?')) past('?>')
      else return
    }
  }

  function name(): string {
    const found = /^[A-Za-z_][\w.:-]*/.exec(text.slice(at, at + 100))
    if (!found) throw fault('no name')
    at += found[0].length
    return found[0]
  }

  function attributes(): Record<string, string> {
    const found: Record<string, string> = {}
    for (;;) {
      space()
      if (looking('>') || looking('/>')) return found
      const key = name()
      space()
      if (!looking('=')) throw fault('no = after an attribute')
      at++
      space()
      const quote = text.charAt(at)
      if (quote !== '"' && quote !== "'") throw fault('no quote around a value')
      at++
      const value = past(quote)
      if (value.includes('<')) throw fault('a < inside a value')
      if (key in found) throw fault(`twice the attribute ${key}`)
      found[key] = unescaped(value, fault)
    }
  }

  function element(): Element {
    if (!looking('<')) throw fault('no element')
    at++
    const made: Element = { name: name(), attributes: attributes(), children: [] }
    if (looking('/>')) {
      at += 2
      return made
    }
    at++
    children(made)
    return made
  }

  function children(parent: Element): void {
    for (;;) {
      const next = text.indexOf('<', at)
      if (next < 0) throw fault(`${parent.name} is not closed`)
      if (next > at) parent.children.push(unescaped(text.slice(at, next), fault))
      at = next
      if (looking('</')) {
        at += 2
        if (name() !== parent.name) throw fault(`${parent.name} is closed by another name`)
        space()
        if (!looking('>')) throw fault('no > after a name')
        at++
        return
      }
      if (looking('<!--')) past('-->')
      else if (looking('<![CDATA[')) {
        at += 9
        parent.children.push(past(']]>'))
      } else if (looking('<?')) past('?>')
      else parent.children.push(element())
    }
  }

  miscellany()
  const root = element()
  miscellany()
  if (at < text.length) throw fault('something after the end')
  return root
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescaped(text: string, fault: (what: string) => XmlFault): string {
  if (!text.includes('&')) return text
  return text.replaceAll(/&([^;&\s]*);?/g, (whole, entity: string) => {
    const numbered = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(entity)
    const code = numbered ? Number.parseInt(numbered[1] ?? numbered[2]!, numbered[1] ? 16 : 10) : null
    const meant = code !== null && code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : named[entity]
    if (meant === undefined || !whole.endsWith(';')) throw fault(`${whole} is no entity`)
    return meant
  })
}

/** All the text inside, tags left out. */
export function textOf(element: Element): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('')
}
