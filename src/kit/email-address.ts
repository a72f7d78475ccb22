// Kit / e-mail address: what a person typed, read as an address that mail can reach, or refused with a sentence that
// helps. Only a message that arrives proves an address; this catches what cannot arrive. Pure. Called by every form
// that asks for an e-mail address.

import { cleanLine } from './typed-text.ts'

export type ReadEmailAddress =
  | {
      ok: true
      /** as typed, with the part after the @ in lower case */
      address: string
    }
  | {
      ok: false
      /** a sentence that says what to do */
      reason: string
      /** what was probably meant */
      suggestion?: string
    }

/** Reads a typed or pasted e-mail address. Never throws. Lengths are those of RFC 5321, section 4.5.3.1. */
export function readEmailAddress(typed: string): ReadEmailAddress {
  if (typed.length > 1000) return refused(TOO_LONG)
  const text = bare(typed)
  if (text === '') return refused('Please type an e-mail address, such as name@example.org.')
  const parts = text.split('@')
  if (parts.length === 1) return refused(`An e-mail address has an @ in it, such as name@example.org.`)
  if (parts.length > 2) return refused('An e-mail address has one @ only. Please give one address here.')
  const [box = '', host = ''] = parts
  if (box === '') return refused('Please type what comes before the @ too.')
  if (host === '') return refused('Please type what comes after the @ too, such as example.org.')
  const reason = signsReason(box, host)
  if (reason !== null) return refused(reason)
  return checkedHost(box, host.toLowerCase())
}

/**
 * What two addresses have in common that reach one person, for looking somebody up: all in lower case. (The part
 * before the @ may tell capitals apart by the rule; no provider that people use does.)
 */
export function sameAddressKey(address: string): string {
  return address.toLowerCase()
}

const TOO_LONG = 'This is too long for an e-mail address. Please type the address alone.'

/** Without "mailto:", a name with angle brackets, "E-mail:", spaces and a full stop at the end. */
function bare(typed: string): string {
  const text = cleanLine(typed).normalize('NFKC')
  const inBrackets = /^[^<>]*<([^<>]+)>$/.exec(text)?.[1] ?? text
  return inBrackets
    .replace(/^(?:mailto|e-?mail(?: address)?) ?: ?/i, '')
    .replace(/ ?(?:\(at\)|\[at\]) ?| ?@ ?/gi, '@')
    .replace(/[\s.,;:>]+$/, '')
    .trim()
}

function signsReason(box: string, host: string): string | null {
  if (box.length > 64 || box.length + host.length > 253) return TOO_LONG
  if (/\s/.test(box + host))
    return 'An e-mail address has no spaces. Please give one address, without a name.'
  const odd = /[^\x21-\x7e]/.exec(box + host)
  if (odd) return `An e-mail address cannot have ${odd[0]} in it. Please check it.`
  if (/[,;]/.test(box + host)) return 'An e-mail address has full stops, no commas. Please give one address.'
  if (/^\.|\.$|\.\./.test(box) || /^\.|\.\./.test(host)) {
    return 'There is a full stop too many in this e-mail address. Please check it.'
  }
  const wrong = /[^\w.!#$%&'*+/=?^`{|}~-]/.exec(box) ?? /[^a-z0-9.-]/i.exec(host)
  return wrong ? `An e-mail address cannot have ${wrong[0]} there. Please check it.` : null
}

/** The part after the @: names of letters, digits and dashes, at least two, the last one of letters. */
function checkedHost(box: string, host: string): ReadEmailAddress {
  const meant = likelyHost(host)
  if (meant !== null) {
    const suggestion = `${box}@${meant}`
    return {
      ok: false,
      reason: `There is no ${host}. Do you mean ${suggestion}? Please type it so.`,
      suggestion,
    }
  }
  const names = host.split('.')
  if (names.length < 2) {
    return refused(
      `The part after the @ has a full stop in it, such as ${host}.org or ${host}.co.uk. Please type it all.`,
    )
  }
  const isSound = names.every((name) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name))
  const isNamed = /^(?:[a-z]{2,}|xn--[a-z0-9-]+)$/.test(names.at(-1)!)
  if (!isSound || !isNamed)
    return refused('The part after the @ is not right yet. It looks like example.org.')
  return { ok: true, address: `${box}@${host}` }
}

/** Endings that no address has, and what they were meant to be. */
const ENDINGS: [RegExp, string][] = [
  [/\.(?:con|cmo|ocm|vom|xom|cim|comm|coom)$/, '.com'],
  [/\.(?:co\.ku|co\.uk\.uk|c\.uk|couk|co\.ukk|co\.k|cp\.uk|vo\.uk)$/, '.co.uk'],
  [/\.(?:ogr|rog|orgg)$/, '.org'],
  [/\.(?:nte|ent|nett)$/, '.net'],
]

/** Slips of the well-known providers, at which nobody has a letter box. */
const PROVIDERS: Record<string, string> = {
  'gmail.co': 'gmail.com',
  'gmail.co.uk': 'gmail.com',
  'gmail.cm': 'gmail.com',
  'gmai.com': 'gmail.com',
  'gmal.com': 'gmail.com',
  'gmial.com': 'gmail.com',
  'gmaill.com': 'gmail.com',
  'gnail.com': 'gmail.com',
  'googlemail.co': 'googlemail.com',
  'hotmial.com': 'hotmail.com',
  'hotmai.com': 'hotmail.com',
  'hotmal.com': 'hotmail.com',
  'hotmil.com': 'hotmail.com',
  'hotmial.co.uk': 'hotmail.co.uk',
  'outlok.com': 'outlook.com',
  'outloook.com': 'outlook.com',
  'yaho.com': 'yahoo.com',
  'yahooo.com': 'yahoo.com',
  'yaho.co.uk': 'yahoo.co.uk',
  'iclod.com': 'icloud.com',
  'icoud.com': 'icloud.com',
  'btinternet.co': 'btinternet.com',
  'btinternet.co.uk': 'btinternet.com',
}

function likelyHost(host: string): string | null {
  const known = PROVIDERS[host]
  if (known !== undefined) return known
  const slip = ENDINGS.find(([pattern]) => pattern.test(host))
  if (slip === undefined) return null
  const mended = host.replace(slip[0], slip[1])
  return PROVIDERS[mended] ?? mended
}

function refused(reason: string): ReadEmailAddress {
  return { ok: false, reason }
}
