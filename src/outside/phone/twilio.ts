// Outside / phone / Twilio: the adapter. Asks Twilio through its official SDK, checks and translates its webhooks. Only the base
// address differs between the real Twilio and the exchange. Built by app.ts; rules and sources: reference/telephony.md §1, §2.
import type { Twilio } from 'twilio'
import type RequestClient from 'twilio/lib/base/RequestClient.js'
import type { CallContextUpdateOptions, CallInstance } from 'twilio/lib/rest/api/v2010/account/call.js'
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js'
import { type Log, silentLog } from '../../kit/log.ts'
import { getFromElsewhere } from '../elsewhere.ts'
import {
  type Asked,
  type CallToPlace,
  type Found,
  OutsideTrouble,
  type Phone,
  type PhoneEvent,
  type TextToSend,
  type WebhookKind,
} from './port.ts'
import { callState, machineVerdict, noAnswer, refusal, textState } from './twilio-words.ts'
import { cleanText, longestText, renderReply, renderScript } from './twiml.ts'

export interface TwilioSettings {
  accountSid: string
  /** The primary one: it signs the webhooks. */
  authToken: string
  /** Where the API is, without its version; Twilio's own when not given. */
  apiUrl?: string | undefined
  /** How long an answer is waited for, in milliseconds; 10 seconds when not given. */
  timeoutMs?: number
  log?: Log
}

/** Retries of a report that did not arrive: a 500 or a slow answer is not retried unless asked for (telephony.md §1.8). */
const retried = '#rc=3&rp=ct,rt,5xx'
/** How long the provider may keep an undelivered text, in seconds (telephony.md §1.6). */
const longestValidity = 36_000
/** Candidates that `findCalls` looks at; a line rings one number a few times a day. */
const candidatesAtMost = 50

const alreadyOver = 21_220
const usualTimeoutMs = 10_000
/** Ten minutes of a telephone call, in bytes: nobody records longer here. */
const largestRecording = 10 * 1024 * 1024

/** The telephone network by Twilio, or by whoever speaks its language at `apiUrl`. The SDK is loaded at the first request. */
export function twilioPhone(settings: TwilioSettings): Phone {
  const log = settings.log ?? silentLog
  let client: Promise<Twilio> | undefined
  const twilio = () => {
    client ??= createClient(settings)
    return client
  }

  async function ask(request: (client: Twilio) => Promise<{ sid: string }>): Promise<Asked> {
    try {
      const { sid } = await request(await twilio())
      // an answer that names nothing is no proof of anything
      return sid ? { kind: 'placed', sid } : { kind: 'unknown', reason: 'an answer without a name' }
    } catch (error) {
      return whatWentWrong(error)
    }
  }

  async function change(sid: string, wanted: CallContextUpdateOptions): Promise<void> {
    try {
      await (await twilio()).calls(sid).update(wanted)
    } catch (error) {
      if (codeOf(error) === alreadyOver || statusOf(error) === 404) return
      throw trouble(error)
    }
  }

  return {
    placeCall: ({ from, to, ringSeconds, urls }: CallToPlace) =>
      ask((client) =>
        client.calls.create({
          from,
          to,
          timeout: ringSeconds,
          url: urls.voice,
          method: 'POST',
          fallbackUrl: urls.fallback,
          fallbackMethod: 'POST',
          statusCallback: urls.status + retried,
          statusCallbackMethod: 'POST',
          statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
          machineDetection: 'Enable',
          asyncAmd: 'true',
          asyncAmdStatusCallback: urls.machine + retried,
          asyncAmdStatusCallbackMethod: 'POST',
        }),
      ),

    async sendText({ from, to, body, validForSeconds, statusUrl }: TextToSend) {
      const text = cleanText(body)
      if (text.length > longestText) return refusal(400, 21_617)
      return ask((client) =>
        client.messages.create({
          from,
          to,
          body: text,
          validityPeriod: Math.min(longestValidity, Math.max(1, Math.floor(validForSeconds))),
          ...(statusUrl !== null && { statusCallback: statusUrl + retried }),
        }),
      )
    },

    async lookUpCall(sid) {
      try {
        return found(await (await twilio()).calls(sid).fetch())
      } catch (error) {
        if (statusOf(error) === 404) return null
        throw trouble(error)
      }
    },

    async findCalls({ from, to, createdAfter, asOf }) {
      try {
        const client = await twilio()
        // no StartTime: it is empty until the call is dialled (telephony.md §1.11)
        const calls = await client.calls.list({ from, to, limit: candidatesAtMost })
        const behindMs = Math.max(0, asOf.getTime() - (theirNow(client) ?? asOf.getTime()))
        // Twilio's times have no fractions of a second
        const after = Math.floor((createdAfter.getTime() - behindMs) / 1000) * 1000
        return calls
          .map(found)
          .filter(({ createdAt }) => createdAt === null || createdAt.getTime() >= after)
          .sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))
      } catch (error) {
        throw trouble(error)
      }
    },

    async isThere() {
      try {
        await (await twilio()).balance.fetch()
        return true
      } catch {
        return false
      }
    },

    redirect: (sid, url) => change(sid, { url, method: 'POST' }),
    hangUp: (sid) => change(sid, { status: 'completed' }),

    async fetchRecording(recordingSid) {
      const bytes = await fetchMedia(settings, recordingSid)
      // cut off on the way, or not one: asked for again, and given up by whoever asks
      if (bytes.length === 0 || bytes.length > largestRecording)
        throw new OutsideTrouble(`a recording of ${bytes.length} bytes`, true)
      return bytes
    },

    async deleteRecording(recordingSid) {
      try {
        await (await twilio()).recordings(recordingSid).remove()
      } catch (error) {
        if (statusOf(error) === 404) return
        throw trouble(error)
      }
    },

    isSigned: ({ signature, url, params }) =>
      signature !== null && validateRequest(settings.authToken, signature, url, withRepeats(params)),
    read(kind, params) {
      const event = readEvent(kind, params)
      if (!event)
        log.warn('a webhook we cannot read', {
          kind,
          status: params.get('CallStatus') ?? params.get('MessageStatus'),
        })
      return event
    },
    render: (script, where) =>
      renderScript(script, {
        ...where,
        ...(where.recordingUrl && { recordingUrl: where.recordingUrl + retried }),
      }),
    reply: renderReply,
    nothing: '<?xml version="1.0" encoding="UTF-8"?><Response/>',
    contentType: 'text/xml; charset=utf-8',
  }
}

/** A quarter of a second to load, so not before it is needed. */
async function createClient({
  accountSid,
  authToken,
  apiUrl,
  timeoutMs = usualTimeoutMs,
}: TwilioSettings): Promise<Twilio> {
  const { default: twilio } = await import('twilio')
  const client = twilio(accountSid, authToken, { timeout: timeoutMs, autoRetry: false })
  if (apiUrl) client.api.baseUrl = apiUrl.replace(/\/+$/, '')
  return client
}

/**
 * The SDK has no way to fetch the sound. Its address is made from the recording's name: what a webhook gives as RecordingUrl is never
 * asked. 404: not there yet, or never (telephony.md §1.5).
 * @throws OutsideTrouble
 */
async function fetchMedia(settings: TwilioSettings, recordingSid: string): Promise<Uint8Array> {
  const { accountSid, authToken, apiUrl, timeoutMs } = settings
  const base = (apiUrl ?? 'https://api.twilio.com').replace(/\/+$/, '')
  const url = `${base}/2010-04-01/Accounts/${accountSid}/Recordings/${encodeURIComponent(recordingSid)}.wav`
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
  const signal = AbortSignal.timeout(timeoutMs ?? usualTimeoutMs)
  let answer: Response
  try {
    answer = await fetch(url, { headers: { authorization }, redirect: 'manual', signal })
  } catch {
    throw new OutsideTrouble('the recording could not be asked for', true)
  }
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer().catch(() => new ArrayBuffer(0)))
  await answer.body?.cancel()
  const elsewhere = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : null
  if (elsewhere !== null && URL.canParse(elsewhere, url))
    return fromElsewhere(new URL(elsewhere, url), signal)
  const isTemporary = answer.status === 404 || answer.status === 429 || answer.status >= 500
  throw new OutsideTrouble(`HTTP ${answer.status} for the recording`, isTemporary)
}

/** The provider keeps it in another place, which it names: asked without our login, and only where it is not in a network of our own. */
async function fromElsewhere(url: URL, signal: AbortSignal): Promise<Uint8Array> {
  try {
    return await getFromElsewhere(url, { signal, bytes: largestRecording })
  } catch {
    throw new OutsideTrouble('the recording could not be had from where the provider keeps it', true)
  }
}

/** What the provider's clock showed when it answered last, in ms; null: it did not say. */
function theirNow(client: Twilio): number | null {
  const { lastResponse } = client.httpClient as RequestClient
  const headers = lastResponse?.headers as Record<string, unknown> | undefined
  const at = Date.parse(String(headers?.date))
  return Number.isNaN(at) ? null : at
}

function found(call: CallInstance): Found {
  const state = callState(call.status, null, Number(call.duration) || 0)
  // a status nobody listed: the call exists, and more cannot be said
  return {
    sid: call.sid,
    from: call.from,
    to: call.to,
    createdAt:
      call.dateCreated instanceof Date && !Number.isNaN(call.dateCreated.getTime()) ? call.dateCreated : null,
    state: state ?? { kind: 'queued' },
    answeredBy: call.answeredBy ? machineVerdict(call.answeredBy) : null,
  }
}

function readEvent(kind: WebhookKind, params: URLSearchParams): PhoneEvent | null {
  const isText = kind === 'text-status' || kind === 'text-in'
  const sid = params.get(isText ? 'MessageSid' : 'CallSid')
  if (!sid) return null
  switch (kind) {
    case 'voice':
      return { kind: 'answered', sid }
    case 'keys':
      return readRecorded(sid, params, false) ?? readKey(sid, params.get('Digits') ?? '')
    case 'status': {
      const code = params.get('SipResponseCode') || params.get('ErrorCode')
      const state = callState(
        params.get('CallStatus') ?? '',
        whole(code),
        whole(params.get('CallDuration')) ?? 0,
      )
      if (!state) return unreadable(sid, params.get('CallStatus'))
      const sequence = whole(params.get('SequenceNumber'))
      return { kind: 'state', sid, state, sequence, code: code || null }
    }
    case 'machine':
      return { kind: 'machine', sid, verdict: machineVerdict(params.get('AnsweredBy') ?? '') }
    case 'recording':
      return params.get('RecordingStatus') === 'completed' ? readRecorded(sid, params, true) : null
    case 'text-status': {
      const state = textState(params.get('MessageStatus') ?? '')
      if (!state) return unreadable(sid, params.get('MessageStatus'))
      return { kind: 'text state', sid, state, code: params.get('ErrorCode') || null }
    }
    case 'text-in':
      return {
        kind: 'text in',
        sid,
        from: params.get('From') ?? '',
        to: params.get('To') ?? '',
        body: params.get('Body') ?? '',
      }
    case 'ring-in':
      return { kind: 'ring in', sid, from: numberShown(params.get('From')), to: params.get('To') ?? '' }
    case 'ring-in-keys': {
      const recorded = readRecorded(sid, params, false)
      const keys = params.get('Digits') ?? ''
      return recorded ?? { kind: 'ring-in keys', sid, keys: /^[0-9*#A-D]{1,32}$/.test(keys) ? keys : '' }
    }
  }
}

/** What stands for a number that was withheld: ANONYMOUS, RESTRICTED, BLOCKED, UNAVAILABLE and UNKNOWN as keys of a telephone. */
const notNumbers = new Set(['+266696687', '+7378742833', '+2562533', '+86282452253', '+8656696'])

/** In E.164; null: withheld, or no number that could be rung. */
function numberShown(from: string | null): string | null {
  return from && /^\+[1-9]\d{6,14}$/.test(from) && !notNumbers.has(from) ? from : null
}

/** The end of a recording, by whatever key or hang-up; null when the webhook is not about one. */
function readRecorded(sid: string, params: URLSearchParams, isFileReady: boolean): PhoneEvent | null {
  const recordingSid = params.get('RecordingSid') ?? ''
  if (!/^RE[0-9a-zA-Z-]{8,64}$/.test(recordingSid)) return null
  return {
    kind: 'recorded',
    sid,
    recordingSid,
    seconds: whole(params.get('RecordingDuration')) ?? 0,
    isFileReady,
  }
}

/** A status that nobody listed is kept; what is no status at all is not. */
const unreadable = (sid: string, status: string | null): PhoneEvent | null =>
  status && /^[a-z][a-z_-]{0,39}$/i.test(status) ? { kind: 'unreadable', sid, said: status } : null

/** A telephone has twelve keys, and old exchanges four more. Anything else (such as "hangup") is no key. */
function readKey(sid: string, digits: string): PhoneEvent | null {
  if (digits === '') return { kind: 'silent', sid }
  return /^[0-9*#A-D]/.test(digits) && digits.length <= 32 ? { kind: 'keyed', sid, key: digits[0]! } : null
}

/** As the SDK wants them: a list where a name is repeated. */
function withRepeats(params: URLSearchParams): Record<string, string | string[]> {
  const values = (name: string) => {
    const all = params.getAll(name)
    return all.length === 1 ? all[0]! : all
  }
  return Object.fromEntries([...new Set(params.keys())].map((name) => [name, values(name)]))
}

/** The SDK throws Twilio's refusals with `status` and `code`, and what the network does as axios has it. */
function whatWentWrong(error: unknown): Asked {
  const status = statusOf(error)
  if (status !== null) return refusal(status, codeOf(error))
  const { code, cause } = error as { code?: unknown; cause?: { syscall?: unknown } }
  return noAnswer(text(code), text(cause?.syscall))
}

/** For questions, where an unknown answer is no danger: ask again later. */
function trouble(error: unknown): OutsideTrouble {
  const asked = whatWentWrong(error)
  if (asked.kind === 'refused')
    return new OutsideTrouble(
      `${asked.code}: ${asked.reason}`,
      asked.temporary && asked.trouble !== 'shut out',
    )
  return new OutsideTrouble(asked.kind === 'unknown' ? asked.reason : 'nonsense', true)
}

function statusOf(error: unknown): number | null {
  const { status } = error as { status?: unknown }
  return typeof status === 'number' ? status : null
}

function codeOf(error: unknown): number | null {
  const { code } = error as { code?: unknown }
  return typeof code === 'number' ? code : null
}

const text = (given: unknown): string | null => (typeof given === 'string' ? given : null)
const whole = (given: string | null): number | null =>
  given && /^[0-9]{1,9}$/.test(given) ? Number(given) : null
