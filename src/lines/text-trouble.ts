// Lines / text trouble: why a text did not arrive, as far as it matters to people, from the code that was kept with it. Pure.
// Used by this room, and by others through its door.
import { meaningForTexts } from '../outside/phone/twilio-words.ts'

export type TextTrouble =
  /** whoever has this number asked for no more texts */
  | 'opted out'
  /** a landline, or another number that cannot take texts */
  | 'takes no texts'
  | 'unknown number'
  | 'switched off'
  | 'blocked'
  | 'our fault'

const own: ReadonlySet<string> = new Set<TextTrouble>(['opted out', 'takes no texts'])

/** @param code the provider's own, or one of ours for what was not sent at all; null when nothing is known */
export function textTroubleOf(code: string | null): TextTrouble {
  if (code !== null && own.has(code)) return code as TextTrouble
  return meaningForTexts(code === null ? null : Number(code))
}

/** Else it was our fault or the telephone company's. */
export function isNumbersFault(trouble: TextTrouble): boolean {
  return trouble !== 'blocked' && trouble !== 'our fault'
}

/** As the end of a sentence: "the text did not arrive: …". */
export const textTroubleInWords: Readonly<Record<TextTrouble, string>> = {
  'opted out': 'this number asked for no more texts',
  'takes no texts': 'this number takes no texts, as with a landline',
  'unknown number': 'there is no such number',
  'switched off': 'the telephone was switched off or out of reach',
  blocked: 'the telephone company held it back',
  'our fault': 'it could not be sent, which is our fault or the telephone company’s',
}
