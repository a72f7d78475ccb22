// Kit / phone number: what a person typed for a telephone, read as a number that we can and may ring, or refused
// with a sentence that helps; and numbers as people write and say them. Pure. Called by the wizard, the scenario
// reader, and every words.ts.
//
// The library knows which numbers exist; what may be rung is ours to say, by the first digits of Ofcom's National
// Telephone Numbering Plan (ofcom.org.uk, "National Telephone Numbering Plan"). A care call rings a person's own
// telephone: never a number that costs the caller extra, and never a service.

import {
  type CountryCode,
  getCountryCallingCode,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import { isDramaNumber } from './drama-numbers.ts'
import { listOf, spokenDigits } from './plain-words.ts'
import { tidiedNumber } from './typed-number.ts'

export type { CountryCode }

/** `mobile` takes texts; `landline` is everything else that rings a person: also 03 and internet telephones. */
export type NumberKind = 'landline' | 'mobile'

export type ReadNumber =
  | {
      ok: true
      /** '+441632960101': what is stored and dialled */
      e164: string
      /** '01632 960101': what is shown back in the form, with ordinary spaces */
      national: string
      kind: NumberKind
    }
  | {
      ok: false
      /** a sentence that says what to do */
      reason: string
    }

export interface ReadNumberOptions {
  /** the country whose national numbers may be typed without a country code; 'GB' if not given */
  country?: CountryCode
  /** the countries that our line may ring; the United Kingdom, Jersey, Guernsey and the Isle of Man if not given */
  line?: readonly CountryCode[]
}

const HOME: readonly CountryCode[] = ['GB', 'JE', 'GG', 'IM']

/** Reads a typed or pasted telephone number. Never throws. */
export function readNumber(typed: string, options: ReadNumberOptions = {}): ReadNumber {
  const { country = 'GB', line = HOME } = options
  const tidied = tidiedNumber(typed)
  if (!tidied.ok) return tidied
  const digits = tidied.digits
  const national = britishPart(digits, country)
  const reason = national === null ? null : britishReason(national, digits)
  if (reason !== null) return refused(reason)
  const number = parsePhoneNumberFromString(national === null ? digits : `+44${national}`, country)
  if (number === undefined) return refused(SHAPE)
  return judged(number, line)
}

/**
 * Why this number may not be rung or texted, whoever put it where it stands; null when it may.
 * @param e164 as it would be dialled
 * @param countries those that may be reached
 */
export function whyNotRung(e164: string, countries: readonly CountryCode[]): string | null {
  const read = readNumber(e164, { line: countries })
  return read.ok ? null : read.reason
}

/** '01632 960101' with spaces that do not break, for pages. Takes a number that `readNumber` gave. */
export function displayNumber(e164: string): string {
  return nationalNumber(e164).replaceAll(' ', '\u00a0')
}

/**
 * '01632 960101' with ordinary spaces: for forms, texts and e-mails. (The unbreakable space would turn a text message
 * into the long and dear alphabet.) Numbers of other countries in their international form. What is no number is
 * given back as it is.
 */
export function nationalNumber(e164: string): string {
  const number = parsePhoneNumberFromString(e164)
  if (number === undefined) return e164
  return number.countryCallingCode === '44' ? number.formatNational() : number.formatInternational()
}

/** For a voice: "0 1 6 3 2, 9 6 0, 1 0 1". */
export function spokenNumber(e164: string): string {
  return spokenDigits(nationalNumber(e164))
}

/** True when the number takes texts. */
export function isMobile(e164: string): boolean {
  const number = parsePhoneNumberFromString(e164)
  return number !== undefined && kindOf(number) === 'mobile'
}

/** True when the number rings a person but takes no texts. */
export function isLandline(e164: string): boolean {
  const number = parsePhoneNumberFromString(e164)
  return number !== undefined && kindOf(number) === 'landline'
}

const SHAPE = 'Please type a whole telephone number with its area code, such as 01632 960101 or 07700 900201.'

/**
 * The digits after +44 or after the leading 0, or null for a number of another country. A number of ten digits that
 * lost its 0 in a spreadsheet, and "44 7700…" without the plus, are understood; the number is shown back.
 */
function britishPart(digits: string, country: CountryCode): string | null {
  const isAbroad = digits.startsWith('+')
    ? !digits.startsWith('+44')
    : getCountryCallingCode(country) !== '44'
  if (isAbroad) return null
  return digits
    .replace(/^\+44/, '')
    .replace(/^44(?=\d{10}$)/, '')
    .replace(/^0+(?=[1-9])/, '')
}

/** Why a British number cannot be rung, by its length and first digits, or null when the library shall decide. */
function britishReason(national: string, digits: string): string | null {
  const short = shortCodeReason(national)
  if (short !== null) return short
  const isLocal = /^[1-9]/.test(digits) && national.length < 10
  if (isLocal)
    return 'Please type the whole number with its area code, which begins with 0, such as 01632 960101.'
  const service = serviceReason(national)
  if (service !== null) return service
  if (national.length < 9) return tooShort(national)
  if (national.length <= 10) return null
  return `This number is too long. A number has 11 digits as a rule, and this one has ${national.length + 1}.`
}

function tooShort(national: string): string {
  return `This number is too short. A number has 11 digits as a rule, and this one has ${national.length + 1}.`
}

const EMERGENCY = ['999', '112', '911', '18000']
const SHORT_CODES = /^(?:1\d\d|14\d\d|15\d\d|116\d{3}|118\d{3}|18\d{3}|[678]\d{4})$/

function shortCodeReason(national: string): string | null {
  if (EMERGENCY.includes(national)) {
    return `CallAssist never rings ${national} or any emergency service. Please give the number of a person.`
  }
  if (!SHORT_CODES.test(national)) return null
  return `${national} is a service number, not a person's telephone. Please give the whole number of a person.`
}

/** Ranges that cost extra or ring no person. First match counts. */
const SERVICES: [RegExp, (start: string) => string][] = [
  [/^9/, (start) => `Numbers that begin ${start} are premium rate, and CallAssist never rings them.`],
  [/^87/, (start) => `Numbers that begin ${start} cost extra to ring, and CallAssist never rings them.`],
  [/^84/, (start) => `Numbers that begin ${start} cost extra to ring, and CallAssist never rings them.`],
  [
    /^70/,
    () =>
      'Numbers that begin 070 are forwarding numbers that cost extra to ring. A mobile begins 071 to 079.',
  ],
  [/^76(?!24)/, () => 'Numbers that begin 076 are pagers, which cannot be spoken to.'],
  // A free number is paid for by the organisation that has it, and ends in a menu: nobody there could press a key.
  [/^(?:80|500)/, (start) => `Numbers that begin ${start} belong to services, not to a person's telephone.`],
  [/^55/, () => 'Numbers that begin 055 belong inside organisations and cannot be rung from our line.'],
  [/^(?:4|6|5[^056]|8[^0478])/, (start) => `No telephone number begins ${start}. Please check the number.`],
]

function serviceReason(national: string): string | null {
  const found = SERVICES.find(([pattern]) => pattern.test(national))
  if (found === undefined) return null
  const start = `0${national.slice(0, national.startsWith('9') ? 1 : 3)}`
  const reason = found[1](start)
  return reason.includes('check the number')
    ? reason
    : `${reason} Please give the person's own landline or mobile.`
}

/** Does the number exist, and may our line ring it? */
function judged(number: PhoneNumber, line: readonly CountryCode[]): ReadNumber {
  const isDrama = isDramaNumber(number.number)
  if (!isDrama && !number.isValid()) {
    if (number.countryCallingCode === '44' && number.nationalNumber.length === 9) {
      return refused(tooShort(number.nationalNumber))
    }
    return refused(
      'No telephone has this number. Please check it digit by digit against where you have it from.',
    )
  }
  const country = isDrama ? 'GB' : number.country
  if (country === undefined || !line.includes(country)) return refused(notReachable(number, line))
  const kind = kindOf(number)
  if (kind === null) {
    return refused(
      "This number belongs to a service, not to a person. Please give the person's own landline or mobile.",
    )
  }
  return { ok: true, e164: number.number, national: nationalNumber(number.number), kind }
}

function notReachable(number: PhoneNumber, line: readonly CountryCode[]): string {
  const there = number.country
    ? countryInWords(number.country)
    : `numbers that begin +${number.countryCallingCode}`
  return `Our telephone line cannot ring ${there}. It can ring ${listOf(line.map(countryInWords))}.`
}

function countryInWords(country: CountryCode): string {
  if (country === 'GB') return 'the United Kingdom'
  if (country === 'IM') return 'the Isle of Man'
  return new Intl.DisplayNames('en-GB', { type: 'region' }).of(country) ?? country
}

/** Null for what rings no person. Where a country does not tell landline from mobile, no texts are promised. */
function kindOf(number: PhoneNumber): NumberKind | null {
  if (isDramaNumber(number.number)) return number.nationalNumber.startsWith('7') ? 'mobile' : 'landline'
  switch (number.getType()) {
    case 'MOBILE':
      return 'mobile'
    case 'FIXED_LINE':
    case 'FIXED_LINE_OR_MOBILE':
    case 'VOIP':
    case 'UAN':
      return 'landline'
    default:
      return null
  }
}

function refused(reason: string): ReadNumber {
  return { ok: false, reason }
}
