// Outside / phone / Twilio words: what Twilio's statuses, SIP codes and error numbers mean in ours. Pure tables. Called by
// twilio.ts. Rules and sources: reference/telephony.md §1.2 to §1.11; what nobody listed is kept and counts as our fault.
import type { Asked, LineEnd, LineState, MachineVerdict, RefusedResult, TextState } from './port.ts'

interface Meaning {
  /** for an operator's eyes; never Twilio's own sentence, which may quote a telephone number */
  means: string
  result: RefusedResult
  /** true: certainly not processed, and it may go through a little later */
  temporary: boolean
  /** the account or the line's number is not let in at all: every call and text would fare like this one */
  shutOut?: true
}

const ours = (means: string): Meaning => ({ means, result: 'not placed', temporary: false })
const numbers = (means: string): Meaning => ({ means, result: 'unreachable number', temporary: false })
const later = (means: string): Meaning => ({ means, result: 'not placed', temporary: true })
const shutOut = (means: string): Meaning => ({ means, result: 'not placed', temporary: true, shutOut: true })

/** Error numbers that have a meaning for what comes next (telephony.md §1.10). */
const errors: Readonly<Record<number, Meaning>> = {
  10001: shutOut('the account is not active'),
  20003: shutOut('the account was not let in'),
  30002: shutOut('the account is suspended'),
  20429: later('too many requests'),
  10004: later('too many calls at once'),
  21611: later('too many texts are waiting'),
  22005: later('the provider’s queue is full'),
  30001: later('the provider’s queue is full'),
  21201: ours('our request named no number to ring'),
  21205: ours('our request had a bad address'),
  21208: ours('our request had a bad ringing time'),
  21213: ours('our request named no line'),
  21210: shutOut('the line’s number is not ours to show'),
  21212: shutOut('the line’s number is not valid'),
  21219: ours('a trial account may not ring this number'),
  13227: ours('this country is not switched on'),
  21215: ours('this country is not switched on'),
  21408: ours('this country is not switched on'),
  13223: numbers('the number is not valid'),
  21211: numbers('the number is not valid'),
  21217: numbers('the number is not valid'),
  13224: numbers('the number cannot be reached'),
  21214: numbers('the number cannot be reached'),
  13225: numbers('the number is blocked'),
  21202: numbers('the number is a premium one'),
  21216: numbers('the number is blocked'),
  32017: ours('a carrier blocked the line’s number'),
  11200: ours('our server did not answer'),
  11205: ours('our server could not be reached'),
  11210: ours('our server’s address could not be found'),
  12100: ours('our answer was no XML'),
  12200: ours('our answer had an unknown verb'),
  12300: ours('our answer had the wrong type'),
  13420: ours('our sound had the wrong type'),
  21617: ours('the text is longer than 1,600 characters'),
  21610: numbers('this number wants no texts from this line'),
  21612: numbers('there is no way for a text to this number'),
  21614: numbers('this number takes no texts'),
  30005: numbers('the number is not known'),
  30006: numbers('this number takes no texts'),
  30003: ours('the handset is switched off'),
  30008: ours('the text was lost for an unknown reason'),
  30004: ours('the text was blocked'),
  30007: ours('the text was filtered'),
  30042: ours('the sender was not accepted'),
  30450: ours('texts to this number are blocked for some minutes'),
}

/** Why a text did not arrive: the error numbers of a delivery report and of a refusal (telephony.md §1.10). */
const textErrors: Readonly<
  Record<number, 'opted out' | 'takes no texts' | 'unknown number' | 'switched off' | 'blocked'>
> = {
  21610: 'opted out',
  21612: 'takes no texts',
  21614: 'takes no texts',
  30006: 'takes no texts',
  21211: 'unknown number',
  21217: 'unknown number',
  30005: 'unknown number',
  30003: 'switched off',
  30008: 'switched off',
  30004: 'blocked',
  30007: 'blocked',
  30042: 'blocked',
  30450: 'blocked',
}

/** What the error number of a text means for people; one that nobody listed counts as our fault. */
export function meaningForTexts(code: number | null) {
  return (code !== null && textErrors[code]) || 'our fault'
}

/** Sentence for operators about an error number of Twilio's. */
export function meaningOf(code: number | null): string {
  return (code !== null && errors[code]?.means) || 'an error we have no word for'
}

/**
 * What came of asking, from Twilio's refusal.
 * 429 was certainly not processed; 5xx, 408 and what they stand for may have been (telephony.md §1.9, §1.11).
 */
export function refusal(httpStatus: number, code: number | null): Asked {
  const named = code === null ? `HTTP ${httpStatus}` : String(code)
  if (httpStatus === 429)
    return {
      kind: 'refused',
      temporary: true,
      result: 'not placed',
      code: named,
      reason: 'too many requests',
    }
  if (httpStatus >= 500 || httpStatus === 408)
    return { kind: 'unknown', reason: `HTTP ${httpStatus}${code === null ? '' : ` ${code}`}` }
  const meaning = (code !== null && errors[code]) || ours('an error we have no word for')
  return {
    kind: 'refused',
    temporary: meaning.temporary,
    result: meaning.result,
    code: named,
    reason: meaning.means,
    ...(meaning.shutOut && { trouble: 'shut out' }),
  }
}

/** System errors that come before a byte of the request has left. Everything else may have been processed. */
const neverLeft = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
])

/** What came of asking when no answer came at all. @param code Node's, such as ECONNRESET; @param phase Node's `syscall` */
export function noAnswer(code: string | null, phase: string | null): Asked {
  const named = code ?? 'no answer'
  // a time-out while connecting: Twilio cannot have read what was never sent
  if (code !== null && (neverLeft.has(code) || (code === 'ETIMEDOUT' && phase === 'connect'))) {
    return {
      kind: 'refused',
      temporary: true,
      result: 'not placed',
      code: named,
      reason: 'the provider could not be reached',
      trouble: 'not there',
    }
  }
  return { kind: 'unknown', reason: named }
}

/** SIP codes by which the far end says "no, thank you" (RFC 3261 §21.6.2, RFC 8197, RFC 8688). */
const sipRejected = new Set([603, 607, 608])
/** SIP codes by which the network says that there is no such number (RFC 3261 §21.4.5, .11, .21, §21.6.3). */
const sipNoSuchNumber = new Set([404, 410, 484, 604])
const sipBusy = new Set([486, 600])

/**
 * Twilio's call status in our words, or null when it is none we know.
 * @param code a SIP response code (three digits) or an error number (five), when the webhook carried one
 * @param seconds how long the call lasted
 */
export function callState(status: string, code: number | null, seconds: number): LineState | null {
  switch (status) {
    case 'queued':
    case 'initiated':
      return { kind: 'queued' }
    case 'ringing':
      return { kind: 'ringing' }
    case 'in-progress':
    case 'answered':
      return { kind: 'in progress' }
  }
  const how = endOf(status, code)
  return how && { kind: 'ended', how, seconds }
}

function endOf(status: string, code: number | null): LineEnd | null {
  switch (status) {
    case 'completed':
      return 'completed'
    case 'canceled':
      return 'cancelled'
    case 'busy':
    case 'no-answer':
      if (code !== null && sipRejected.has(code)) return 'rejected'
      return status === 'busy' ? 'busy' : 'no answer'
    case 'failed':
      return failedHow(code)
    default:
      return null
  }
}

function failedHow(code: number | null): LineEnd {
  if (code === null) return 'failed'
  if (sipRejected.has(code)) return 'rejected'
  if (sipBusy.has(code)) return 'busy'
  if (sipNoSuchNumber.has(code)) return 'unreachable'
  return errors[code]?.result === 'unreachable number' ? 'unreachable' : 'failed'
}

const textStates: Readonly<Record<string, TextState>> = {
  accepted: 'queued',
  scheduled: 'queued',
  queued: 'queued',
  sending: 'queued',
  sent: 'sent',
  delivered: 'delivered',
  partially_delivered: 'delivered',
  read: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
}

/** Twilio's message status in our words, or null when it is none we know. */
export function textState(status: string): TextState | null {
  return textStates[status] ?? null
}

/** What machine detection said. Only a key proves a human, and what is not surely a machine may be one (telephony.md §1.4). */
export function machineVerdict(answeredBy: string): MachineVerdict {
  if (answeredBy === 'human') return 'human'
  return answeredBy.startsWith('machine_') || answeredBy === 'machine' || answeredBy === 'fax'
    ? 'machine'
    : 'unknown'
}
