// Exchange / documents: fetches what the customer wants said, by the first address or else by the fallback, and reads it
// (telephony.md §1.8). Called by speaking.ts.
import type { Call, Network, Place } from './network.ts'
import { callParams, note, request } from './telling.ts'
import { largestTwiml, parseTwiml, type Verb } from './twiml.ts'
import type { Delivered, Params } from './webhooks.ts'

export interface Fetched {
  /** where it came from: what relative addresses in it start from */
  place: Place
  verbs: readonly Verb[]
}

type Read = { verbs: readonly Verb[] } | { code: number; reason: string }

/**
 * @param extra what this request carries besides the call's own parameters
 * @returns null when neither the address nor the fallback gave a document that can be carried out; the reasons are noted on the call
 */
export async function fetchDocument(
  network: Network,
  call: Call,
  place: Place,
  extra: Params,
): Promise<Fetched | null> {
  const first = await fetchFrom(network, call, place, extra)
  if ('verbs' in first) return { place, verbs: first.verbs }
  const { fallback } = call.asked
  if (!fallback) return null
  const why = { ErrorCode: String(first.code), ErrorUrl: place.url }
  const second = await fetchFrom(network, call, fallback, { ...extra, ...why })
  return 'verbs' in second ? { place: fallback, verbs: second.verbs } : null
}

async function fetchFrom(network: Network, call: Call, place: Place, extra: Params): Promise<Read> {
  const params = { ...callParams(network, call), ...amdParam(call), ...extra }
  const read = readDocument(await request(network, call, place, params, { answerBytes: largestTwiml }))
  if ('code' in read) note(network, call, read.code, 0, read.reason, place)
  else for (const warning of read.warnings) note(network, call, 12200, 1, warning, place)
  return read
}

/** What a document may be sent as; anything else is 12300. */
const xmlType = /^(text|application)\/(xml|html|[\w.-]+\+xml)\b/i

function readDocument(
  done: Delivered,
): { verbs: readonly Verb[]; warnings: readonly string[] } | { code: number; reason: string } {
  if (done.code !== null) return { code: done.code, reason: done.reason }
  if (!xmlType.test(done.contentType ?? ''))
    return { code: 12300, reason: `the type ${done.contentType} is no TwiML` }
  const read = parseTwiml(new TextDecoder().decode(done.bytes))
  return read.ok ? read : { code: read.code, reason: read.reason }
}

/** Only synchronous detection is known before the call is asked what to say. */
function amdParam(call: Call): Params {
  return call.answeredBy !== null && call.asked.detection?.async === null
    ? { AnsweredBy: call.answeredBy }
    : {}
}
