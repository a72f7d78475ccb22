// Mail / blocks: makes one e-mail, as HTML and as plain text with the same content, from a few kinds of blocks. Pure.
// Nothing is fetched from outside, so opening an e-mail tells nobody anything and it looks right without the internet.
// Called by mail/store.ts; rooms write their e-mails as blocks and never as HTML.
import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { asText, brand, footer } from './words.ts'

/** A part of an e-mail. Texts are plain; a line break in them stays one. Addresses begin with https:, http:, tel: or mailto:. */
export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'paragraph'; text: string }
  /** the one thing to do; at most one in an e-mail is best */
  | { kind: 'button'; text: string; url: string }
  | { kind: 'link'; text: string; url: string }
  | { kind: 'list'; items: readonly string[] }
  /** what was entered, line by line */
  | { kind: 'facts'; rows: readonly { label: string; value: string }[] }
  /** a sign-in code, large enough to be copied by hand */
  | { kind: 'code'; text: string }
  | { kind: 'small print'; text: string }

export interface RenderedEmail {
  subject: string
  html: string
  text: string
}

/** @throws Error for an address that is none of the four kinds: a bug of the writing room */
export function renderEmail(subject: string, blocks: readonly Block[]): RenderedEmail {
  const tidied = blocks.map(tidyBlock)
  const title = oneLine(subject)
  return {
    subject: title,
    html: `<!doctype html>${renderToString(<Page title={title} blocks={tidied} />)}`,
    text: `${[...tidied.map(plain), footer.join('\n')].filter((part) => part !== '').join('\n\n')}\n`,
  }
}

// ------------------------------------------------------------------------------------------------------------- tidying

/** Control and direction characters can hide or reorder what is read; none belongs in an e-mail. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/g

const tidy = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(unseen, '')
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()

const oneLine = (text: string): string => tidy(text).replaceAll(/\n+/g, ' ')

function tidyBlock(block: Block): Block {
  switch (block.kind) {
    case 'list':
      return { ...block, items: block.items.map(tidy).filter((item) => item !== '') }
    case 'facts':
      return {
        ...block,
        rows: block.rows.map(({ label, value }) => ({ label: oneLine(label), value: tidy(value) })),
      }
    case 'button':
    case 'link':
      return { kind: block.kind, text: oneLine(block.text), url: checkUrl(block.url) }
    case 'heading':
    case 'code':
      return { kind: block.kind, text: oneLine(block.text) }
    default:
      return { kind: block.kind, text: tidy(block.text) }
  }
}

function checkUrl(url: string): string {
  if (!/^(https?:\/\/|tel:|mailto:)[^\s"<>]+$/.test(url)) throw new Error('not an address for an e-mail')
  return url
}

// ---------------------------------------------------------------------------------------------------------- plain text

function plain(block: Block): string {
  switch (block.kind) {
    case 'button':
    case 'link':
      return asText(block.text, block.url)
    case 'list':
      return block.items.map((item) => `- ${item.replaceAll('\n', '\n  ')}`).join('\n')
    case 'facts':
      return block.rows.map(({ label, value }) => `${label}: ${value.replaceAll('\n', '\n  ')}`).join('\n')
    default:
      return block.text
  }
}

// ---------------------------------------------------------------------------------------------------------------- HTML

/**
 * Styles stand on the elements, because some mail programs read nothing else; the sheet only adds the dark colours.
 * No quotes and no angle brackets in it, so that it needs no escaping. Contrast is 7:1 or better both ways.
 */
const sheet = `
:root { color-scheme: light dark; supported-color-schemes: light dark }
@media (prefers-color-scheme: dark) {
  .page { background: #17121d !important }
  .card { background: #241c2d !important; border-color: #3d3149 !important }
  .text { color: #f4f0f8 !important }
  .quiet { color: #cfc5da !important }
  .line { border-color: #4a3d58 !important }
  .link { color: #e0c9ec !important }
  .button { background: #e0c9ec !important }
  .button a { color: #241c2d !important; background: #e0c9ec !important; border-color: #e0c9ec !important }
}
@media (max-width: 480px) {
  .inside { padding: 24px 20px !important }
  .band { padding: 16px 20px !important }
}`

const font = 'font-family:Lexend,Arial,Helvetica,sans-serif'
const body = `${font};font-size:18px;line-height:1.5;color:#221629`
const purple = '#5b2a6e'

function Page({ title, blocks }: { title: string; blocks: readonly Block[] }) {
  return (
    <html lang="en-GB">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        {/* an e-mail's times and numbers must not become links of the mail program's own */}
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no" />
        <title>{title}</title>
        <style>{sheet}</style>
      </head>
      <body class="page" style={`margin:0;padding:0;background:#f5eff8;${body}`}>
        <Columns class="page" style="background:#f5eff8" inside="padding:24px 12px" align="center">
          <Columns
            class="card"
            style="max-width:600px;background:#ffffff;border:1px solid #d9c8e1;border-radius:12px"
          >
            <Band />
            <div class="inside" style="padding:32px 36px">
              {blocks.map(html)}
            </div>
          </Columns>
          <Footer />
        </Columns>
      </body>
    </html>
  )
}

interface ColumnsProps {
  class: string
  style: string
  inside?: string
  align?: 'center'
  children: VNode | VNode[]
}

/** Mail programs for the desk lay out by tables; to a screen reader this one is none. */
function Columns({ class: name, style, inside = 'padding:0', align, children }: ColumnsProps) {
  const table = `width:100%;border-collapse:separate;border-spacing:0;${style}`
  return (
    <table role="presentation" class={name} style={table}>
      <tbody>
        <tr>
          <td style={inside} {...(align && { align })}>
            {children}
          </td>
        </tr>
      </tbody>
    </table>
  )
}

function Band() {
  const style = `${font};padding:18px 36px;background:${purple};border-radius:11px 11px 0 0;color:#ffffff;font-size:20px;font-weight:600`
  return (
    <div class="band" style={style}>
      {brand}
    </div>
  )
}

function Footer() {
  return (
    <div style="max-width:600px;padding:20px 24px 0;text-align:left">
      {footer.map((line) => (
        <p key={line} class="quiet" style={`${small};margin:0 0 6px`}>
          {line}
        </p>
      ))}
    </div>
  )
}

const small = `${font};font-size:15px;line-height:1.5;color:#4f4256`

function html(block: Block): VNode {
  switch (block.kind) {
    case 'heading':
      return (
        <h1 class="text" style={`${body};font-size:26px;line-height:1.25;font-weight:600;margin:0 0 20px`}>
          {block.text}
        </h1>
      )
    case 'paragraph':
      return (
        <p class="text" style={`${body};margin:0 0 20px`}>
          {lines(block.text)}
        </p>
      )
    case 'button':
      return <Button text={block.text} url={block.url} />
    case 'link':
      return (
        <p class="text" style={`${body};margin:0 0 20px`}>
          <a class="link" href={block.url} style={`color:${purple};text-decoration:underline`}>
            {block.text}
          </a>
        </p>
      )
    case 'list':
      return (
        <ul class="text" style={`${body};margin:0 0 20px;padding:0 0 0 24px`}>
          {block.items.map((item) => (
            <li key={item} style="margin:0 0 8px">
              {lines(item)}
            </li>
          ))}
        </ul>
      )
    case 'facts':
      return <Facts rows={block.rows} />
    case 'code':
      return (
        <p class="text" style={`${body};font-size:36px;font-weight:600;letter-spacing:6px;margin:0 0 20px`}>
          {block.text}
        </p>
      )
    case 'small print':
      return (
        <p class="quiet" style={`${small};margin:0 0 16px`}>
          {lines(block.text)}
        </p>
      )
  }
}

/** At least 48 pixels high, and all of it can be pressed. */
function Button({ text, url }: { text: string; url: string }) {
  const style = `${font};display:inline-block;padding:13px 26px;background:${purple};border:1px solid ${purple};border-radius:10px;color:#ffffff;font-size:18px;line-height:1.3;font-weight:600;text-decoration:none`
  return (
    <table role="presentation" style="border-collapse:separate;border-spacing:0;margin:8px 0 28px">
      <tbody>
        <tr>
          <td class="button" style={`background:${purple};border-radius:10px`}>
            <a href={url} style={style}>
              {text}
            </a>
          </td>
        </tr>
      </tbody>
    </table>
  )
}

function Facts({ rows }: { rows: readonly { label: string; value: string }[] }) {
  const cell = `${body};padding:12px 12px 12px 0;border-bottom:1px solid #d9c8e1;vertical-align:top;text-align:left`
  return (
    <table style="width:100%;border-collapse:collapse;margin:0 0 24px">
      <tbody>
        {rows.map(({ label, value }) => (
          <tr key={label}>
            <th scope="row" class="text line" style={`${cell};width:38%;font-weight:600`}>
              {label}
            </th>
            <td class="text line" style={cell}>
              {lines(value)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Line breaks as they were written, and a telephone number never broken over two lines. */
function lines(text: string): (string | VNode)[] {
  const unbroken = text.replaceAll(/(?<=\d) (?=\d)/g, '\u00a0')
  return unbroken.split('\n').flatMap((line, place) => (place === 0 ? [line] : [<br key={place} />, line]))
}
