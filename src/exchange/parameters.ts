// Exchange / parameters: reads what the customer asks for, checks it as the provider does, and refuses with the provider's codes
// (telephony.md §1.10). Pure. Called by the rest*.ts files.
import type { Asked, Detection, Place, StatusEvent } from './network.ts'
import type { Method } from './twiml.ts'

/** A request refused. The customer gets it as JSON. */
export class Refused extends Error {
  readonly status: 400 | 401 | 404 | 409 | 429 | 501
  readonly code: number
  constructor(code: number, message: string, status: 400 | 401 | 404 | 409 | 429 | 501 = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

export const notFound = (what: string): Refused =>
  new Refused(20404, `The requested resource ${what} was not found`, 404)

const e164 = /^\+[1-9][0-9]{6,14}$/

/** @param codes the provider's codes for a number that is missing and for one that is none */
export function numberIn(
  form: URLSearchParams,
  name: 'To' | 'From',
  codes: { missing: number; invalid: number },
): string {
  const number = form.get(name)?.trim()
  if (!number) throw new Refused(codes.missing, `No '${name}' number is given`)
  if (!e164.test(number)) throw new Refused(codes.invalid, `The '${name}' number is not a valid phone number`)
  return number
}

/** Everything of a new call but who calls whom. Codes 21205 no address for what to say, 21208 the time-out, 21609 the status address. */
export function askedIn(form: URLSearchParams): Asked {
  refuseUnprovided(form, ['Record', 'ApplicationSid', 'SendDigits', 'Byoc', 'CallToken'])
  const voice = placeIn(form, 'Url', 'Method', 21205)
  const twiml = voice ? null : form.get('Twiml') || null
  if (!voice && twiml === null) throw new Refused(21205, 'Neither Url nor Twiml is given')
  if (twiml !== null && twiml.length > 4000) throw new Refused(20001, 'Twiml is longer than 4000 characters')
  return {
    voice,
    twiml,
    fallback: placeIn(form, 'FallbackUrl', 'FallbackMethod', 21205),
    status: placeIn(form, 'StatusCallback', 'StatusCallbackMethod', 21609),
    statusEvents: eventsIn(form),
    timeoutSeconds: wholeIn(form, 'Timeout', 60, { from: 1, to: 600, code: 21208 }),
    timeLimitSeconds: wholeIn(form, 'TimeLimit', 4 * 3600, { from: 1, to: 24 * 3600, code: 20001 }),
    detection: detectionIn(form),
  }
}

/** What the exchange does not provide is refused rather than quietly left out. */
export function refuseUnprovided(form: URLSearchParams, names: readonly string[]): void {
  const asked = names.find((name) => form.has(name) && form.get(name) !== 'false')
  if (asked !== undefined) throw new Refused(20001, `${asked} is not provided by the exchange`)
}

/** An address and its method; null when it is not given. */
export function placeIn(
  form: URLSearchParams,
  urlName: string,
  methodName: string,
  code: number,
): Place | null {
  const url = form.get(urlName)?.trim()
  if (!url) return null
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw new Refused(code, `${urlName} is not a valid URL`)
  return { url, method: methodIn(form, methodName) }
}

function methodIn(form: URLSearchParams, name: string): Method {
  const method = (form.get(name) ?? 'POST').toUpperCase()
  if (method !== 'GET' && method !== 'POST') throw new Refused(20001, `${name} must be GET or POST`)
  return method
}

/** A whole number within bounds, `otherwise` when it is not given. */
export function wholeIn(
  form: URLSearchParams,
  name: string,
  otherwise: number,
  bounds: { from: number; to: number; code: number },
): number {
  const given = form.get(name)
  if (given === null || given === '') return otherwise
  const value = Number(given)
  if (Number.isInteger(value) && value >= bounds.from && value <= bounds.to) return value
  throw new Refused(bounds.code, `${name} must be a whole number from ${bounds.from} to ${bounds.to}`)
}

const knownEvents: readonly StatusEvent[] = ['initiated', 'ringing', 'answered', 'completed']

/** One parameter per event; without any, the end alone is told. */
function eventsIn(form: URLSearchParams): readonly StatusEvent[] {
  const given = form.getAll('StatusCallbackEvent').filter((event) => event !== '')
  if (given.length === 0) return ['completed']
  const unknown = given.find((event) => !(knownEvents as readonly string[]).includes(event))
  if (unknown !== undefined) throw new Refused(21626, 'StatusCallbackEvent holds an unknown event')
  return given as StatusEvent[]
}

function detectionIn(form: URLSearchParams): Detection | null {
  const kind = form.get('MachineDetection')
  if (!kind) return null
  if (kind !== 'Enable' && kind !== 'DetectMessageEnd')
    throw new Refused(20001, 'MachineDetection is neither Enable nor DetectMessageEnd')
  const timeoutMs = wholeIn(form, 'MachineDetectionTimeout', 30, { from: 3, to: 59, code: 20001 }) * 1000
  const report = placeIn(form, 'AsyncAmdStatusCallback', 'AsyncAmdStatusCallbackMethod', 21609)
  return {
    untilEnd: kind === 'DetectMessageEnd',
    timeoutMs,
    async: form.get('AsyncAmd') === 'true' ? { report } : null,
  }
}

/**
 * Whether an instant passes the filters `NAME`, `NAME<` and `NAME>` of a list: on that day, or for the two others not after
 * and not before it. Without filters everything passes; with one, an instant that is not there yet does not.
 */
export function passesDates(query: URLSearchParams, name: string, at: number | null): boolean {
  const read = (sign: string) => {
    const given = query.get(name + sign)
    if (given === null) return null
    const instant = Date.parse(given)
    if (Number.isNaN(instant)) throw new Refused(20001, `${name}${sign} is not a date`)
    return { instant, wholeDay: !given.includes('T') }
  }
  const on = read('')
  const notAfter = read('<')
  const notBefore = read('>')
  if (!on && !notAfter && !notBefore) return true
  if (at === null) return false
  const day = (instant: number) => Math.floor(instant / 86_400_000)
  if (on && day(at) !== day(on.instant)) return false
  if (notAfter && (notAfter.wholeDay ? day(at) > day(notAfter.instant) : at > notAfter.instant)) return false
  return !(notBefore && at < notBefore.instant)
}
