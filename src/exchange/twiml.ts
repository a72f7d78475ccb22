// Exchange / twiml: reads TwiML, the provider's language of what to say and ask, into plain verbs with every default filled in
// (telephony.md §1.5). Pure. Called by documents.ts for calls and by texts.ts for answers to texts.
import { type Element, parseXml, textOf, XmlFault } from './xml.ts'

export type Method = 'GET' | 'POST'

export type Sound =
  | { do: 'say'; text: string }
  | { do: 'play'; url: string }
  | { do: 'pause'; seconds: number }

export interface GatherVerb {
  do: 'gather'
  sounds: readonly Sound[]
  /** counted from the end of the sounds, and again from every key */
  timeoutSeconds: number
  numDigits: number
  /** '' : no key is special */
  finishOnKey: string
  /** null: this document again */
  action: string | null
  method: Method
  actionOnEmptyResult: boolean
}

export interface RecordVerb {
  do: 'record'
  action: string | null
  method: Method
  timeoutSeconds: number
  finishOnKey: string
  maxLengthSeconds: number
  playBeep: boolean
  trim: boolean
  statusUrl: string | null
  statusMethod: Method
  statusEvents: readonly string[]
}

export type Verb =
  | Sound
  | GatherVerb
  | RecordVerb
  | { do: 'redirect'; url: string | null; method: Method }
  | { do: 'hang up' }
  | { do: 'reject'; reason: 'rejected' | 'busy' }
  | { do: 'message'; body: string; to: string | null; statusUrl: string | null }

/** A document read: `warnings` name what was left out because nobody knows it. Or the provider's error code and why. */
export type Twiml =
  | { ok: true; verbs: readonly Verb[]; warnings: readonly string[] }
  | { ok: false; code: number; reason: string }

/** The largest answer the provider reads, in bytes (telephony.md §1.5). */
export const largestTwiml = 64 * 1024
/** The longest text one `<Say>` may hold. */
const longestSay = 4096
const loopAtMost = 1000

/** Codes: 12100 when it is no XML or not a `<Response>`. */
export function parseTwiml(source: string): Twiml {
  const warnings: string[] = []
  try {
    const root = parseXml(source)
    if (root.name !== 'Response')
      return { ok: false, code: 12100, reason: `the root is ${root.name}, not Response` }
    return { ok: true, verbs: elements(root).flatMap((element) => verbsOf(element, warnings)), warnings }
  } catch (fault) {
    if (fault instanceof XmlFault) return { ok: false, code: 12100, reason: fault.message }
    throw fault
  }
}

function verbsOf(element: Element, warnings: string[]): Verb[] {
  const a = element.attributes
  switch (element.name) {
    case 'Gather':
      return [gather(element, warnings)]
    case 'Record':
      return [record(element)]
    case 'Redirect':
      return [{ do: 'redirect', url: textOf(element).trim() || null, method: method(a.method) }]
    case 'Hangup':
      return [{ do: 'hang up' }]
    case 'Reject':
      return [{ do: 'reject', reason: a.reason === 'busy' ? 'busy' : 'rejected' }]
    case 'Message':
    case 'Sms':
      return [
        { do: 'message', body: messageBody(element), to: a.to ?? null, statusUrl: a.statusCallback ?? null },
      ]
    default:
      return soundsOf(element, warnings)
  }
}

function soundsOf(element: Element, warnings: string[]): Sound[] {
  switch (element.name) {
    case 'Say': {
      const text = textOf(element).replaceAll(/\s+/g, ' ').trim()
      if (text.length > longestSay) {
        warnings.push(`Say holds ${text.length} characters, more than ${longestSay}`)
        return []
      }
      return text === '' ? [] : repeated({ do: 'say', text }, element.attributes.loop)
    }
    case 'Play': {
      const url = textOf(element).trim()
      return url === '' ? [] : repeated({ do: 'play', url }, element.attributes.loop)
    }
    case 'Pause':
      return [{ do: 'pause', seconds: count(element.attributes.length, 1) }]
    default:
      warnings.push(`${element.name} is not known here`)
      return []
  }
}

/** `loop="0"` goes on until somebody hangs up, a thousand times at most. */
function repeated(sound: Sound, loop: string | undefined): Sound[] {
  const times = count(loop, 1)
  return Array<Sound>(times === 0 ? loopAtMost : Math.min(times, loopAtMost)).fill(sound)
}

function gather(element: Element, warnings: string[]): GatherVerb {
  const a = element.attributes
  return {
    do: 'gather',
    sounds: elements(element).flatMap((child) => soundsOf(child, warnings)),
    timeoutSeconds: count(a.timeout, 5),
    numDigits: count(a.numDigits, 0) || Number.POSITIVE_INFINITY,
    finishOnKey: a.finishOnKey ?? '#',
    action: a.action?.trim() || null,
    method: method(a.method),
    actionOnEmptyResult: a.actionOnEmptyResult === 'true',
  }
}

function record(element: Element): RecordVerb {
  const a = element.attributes
  return {
    do: 'record',
    action: a.action?.trim() || null,
    method: method(a.method),
    timeoutSeconds: count(a.timeout, 5),
    finishOnKey: a.finishOnKey ?? '1234567890*#',
    maxLengthSeconds: count(a.maxLength, 3600) || 3600,
    playBeep: a.playBeep !== 'false',
    trim: a.trim !== 'do-not-trim',
    statusUrl: a.recordingStatusCallback?.trim() || null,
    statusMethod: method(a.recordingStatusCallbackMethod),
    statusEvents: (a.recordingStatusCallbackEvent ?? 'completed').split(/\s+/),
  }
}

/** The text stands in the element itself or in its `<Body>`. */
function messageBody(element: Element): string {
  const body = elements(element).find((child) => child.name === 'Body')
  return textOf(body ?? element).trim()
}

const elements = (parent: Element): Element[] => parent.children.filter((child) => typeof child !== 'string')

const method = (given: string | undefined): Method => (given?.toUpperCase() === 'GET' ? 'GET' : 'POST')

/** A whole number of an attribute; anything else counts as not given. */
const count = (given: string | undefined, otherwise: number): number =>
  given !== undefined && /^[0-9]{1,6}$/.test(given.trim()) ? Number(given) : otherwise
