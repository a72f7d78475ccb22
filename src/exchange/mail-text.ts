// Exchange / mail text: what the inbox makes of an e-mail's plain text: its links, and the code of six digits in it. Pure.
// Called by views.tsx.
import type { ReceivedMail } from '../outside/mail/room.ts'

export interface TextPart {
  text: string
  /** where it leads, when it is an address */
  url: string | null
}

/** The text in parts, in order, so that every address can become a link. */
export function linked(text: string): TextPart[] {
  const parts: TextPart[] = []
  let from = 0
  for (const match of text.matchAll(/https?:\/\/[^\s<>"]+/g)) {
    const url = match[0].replace(/[.,;:!?)]+$/, '')
    if (match.index > from) parts.push({ text: text.slice(from, match.index), url: null })
    parts.push({ text: url, url })
    from = match.index + url.length
  }
  if (from < text.length) parts.push({ text: text.slice(from), url: null })
  return parts
}

/** The code of six digits with which the subject begins: what a newcomer who signs in looks for. Null when there is none. */
export function signInCode({ subject }: Pick<ReceivedMail, 'subject'>): string | null {
  return /^(\d{6})\b/.exec(subject)?.[1] ?? null
}
