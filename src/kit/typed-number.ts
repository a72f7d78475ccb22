// Kit / typed number: takes off what people type and paste around a telephone number (labels, brackets, dots, odd
// digits and dashes), and says what is wrong when what is left is not digits. Pure. Called by phone-number.ts alone,
// which decides what the digits mean.

import { cleanLine, withPlainDigits } from './typed-text.ts'

export type TidiedNumber = { ok: true; digits: string } | { ok: false; reason: string }

/** "+44 (0)1632", "(0044) (0) 1632": a nought that is dialled at home only. */
const BRACKETED_ZERO = /^([([\s]*(?:\+|00)?[\s(]*[1-9]\d{0,2}[)\]]?)[\s.-]*\(0\)/

/** Gives the digits alone, with a leading '+' where an international prefix was typed ("+", "00"). */
export function tidiedNumber(typed: string): TidiedNumber {
  if (typed.length > 500)
    return refused('This is too long for a telephone number. Please type the number alone.')
  const text = withoutLabel(plain(typed))
  if (text === '') return refused('Please type a telephone number, such as 01632 960101.')
  const fault = faultOf(text)
  if (fault !== null) return refused(fault)
  const digits = text
    .replace(BRACKETED_ZERO, '$1')
    .replace(/[^\d+]/g, '')
    .replace(/^00(?=[1-9])/, '+')
  return { ok: true, digits: digits.replace(/^\+440/, '+44') }
}

/** Ordinary digits, dashes, brackets and spaces for all their look-alikes; no control or invisible characters. */
function plain(typed: string): string {
  return withPlainDigits(cleanLine(typed).normalize('NFKC')).replace(/[\p{Pd}\u2212]/gu, '-')
}

/** Without "Tel:", "Mobile", "home -", "tel:" of a link, and a full stop at the end. */
function withoutLabel(text: string): string {
  return text
    .replace(
      /^(?:(?:my|her|his|their|tel|telephone|phone|mob|mobile|cell|home|work|landline|number|no|call|t|m)(?![a-z])[\s.:#-]*)+/i,
      '',
    )
    .replace(/[\s.,;:]+$/, '')
}

const EXTENSION = /(?:(?<![a-z])(?:extension|extn?|x)|#)[\s.:=]*\d+$/i

function faultOf(text: string): string | null {
  if (EXTENSION.test(text)) {
    return 'We cannot dial an extension. Please give a number that rings this telephone directly.'
  }
  if (
    text.split(/[/,;&|]|\bor\b|\band\b/i).filter((part) => part.replace(/\D/g, '').length >= 6).length > 1
  ) {
    return 'Please give one number here. You can add another one afterwards.'
  }
  if (/[oil]/i.test(text) && /^[\doil\s()+.-]+$/i.test(text)) {
    return 'There is a letter among the digits. Please type 0 for nought and 1 for one.'
  }
  if (/@/.test(text))
    return 'This is an e-mail address. Please type a telephone number, such as 01632 960101.'
  if (/\p{L}/u.test(text)) return 'A telephone number has digits only. Please leave out the letters.'
  if (!/\d/.test(text)) return 'Please type a telephone number, such as 01632 960101.'
  if (/[^\d\s()+./\-[\]]/.test(text) || /.\+/.test(text.replace(/^[([]+/, ''))) {
    return 'A telephone number has digits only. Please leave out the other signs.'
  }
  return null
}

function refused(reason: string): TidiedNumber {
  return { ok: false, reason }
}
