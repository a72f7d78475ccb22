// Exchange / webhooks: signed requests to the customer's server, as the provider sends them (telephony.md §1.7, §1.8): form
// parameters, X-Twilio-Signature, a token that stays the same over retries, overrides in the address's fragment, redirects,
// 15 seconds in all. Never throws for what the customer's server does. Called by telling.ts, documents.ts, speaking.ts, texts.ts.
import { createHmac } from 'node:crypto'
import type { Came, Limits, Transport } from './transport.ts'
import type { Method } from './twiml.ts'

/** In order, as sent; names may repeat. */
export type Params = Readonly<Record<string, string>>

export interface Hook {
  url: string
  method: Method
  params: Params
  /** the largest answer that is of use, in bytes */
  answerBytes?: number
  /** with a signature that is none */
  forged?: boolean
}

/** What came of it. `code` is the provider's error code, null when an answer below 400 came. */
export interface Delivered {
  /** the address really asked, without its fragment */
  url: string
  status: number | null
  contentType: string | null
  bytes: Uint8Array
  code: number | null
  reason: string
  tookMs: number
}

export interface Webhooks {
  deliver(hook: Hook): Promise<Delivered>
}

/** Signs as somebody who does not know the account's token. */
const forger = { authToken: 'not the token of this account' }

const notTheCustomer: Came = { kind: 'failure', why: 'connect', detail: 'no address of the customer' }

const mebibyte = 1024 * 1024
const redirectsAtMost = 5

/**
 * The provider's signature: base64 of HMAC-SHA1, keyed with the account's token, over the address followed by every name and
 * value, sorted by name; values of a repeated name once each, sorted (telephony.md §1.7).
 * @param url without its fragment
 */
export function signature(
  authToken: string,
  url: string,
  params: Iterable<readonly [string, string]>,
): string {
  const byName = new Map<string, Set<string>>()
  for (const [name, value] of params) {
    const values = byName.get(name)
    if (values) values.add(value)
    else byName.set(name, new Set([value]))
  }
  let signed = url
  for (const name of [...byName.keys()].sort()) {
    for (const value of [...byName.get(name)!].sort()) signed += name + value
  }
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64')
}

/** The overrides an address carries in its fragment: `#rc=3&rp=ct,rt,5xx`. What is out of bounds counts as not given. */
export function overrides(fragment: string): {
  retries: number
  policy: ReadonlySet<string>
  limits: Omit<Limits, 'bytes'>
} {
  const given = new URLSearchParams(fragment.replace(/^#/, ''))
  const whole = (name: string, low: number, high: number, otherwise: number) => {
    const value = Number(given.get(name) ?? Number.NaN)
    return Number.isInteger(value) && value >= low && value <= high ? value : otherwise
  }
  return {
    retries: whole('rc', 0, 5, 1),
    policy: new Set((given.get('rp') ?? 'ct').split(',').map((each) => each.trim())),
    limits: {
      connectMs: whole('ct', 100, 10_000, 5000),
      readMs: whole('rt', 100, 15_000, 15_000),
      totalMs: whole('tt', 100, 15_000, 15_000),
    },
  }
}

/**
 * @param token a new idempotency token for each webhook
 * @param customer where the customer is, the only place that is asked, whatever a request, a document or a redirect names: the exchange
 *   stands beside things that listen on its machine alone. Null asks any, for tests with customers of their own
 */
export function createWebhooks(
  account: { authToken: string },
  transport: Transport,
  token: () => string,
  customer: string | null = null,
): Webhooks {
  const isCustomers = (url: URL) => customer === null || url.origin === new URL(customer).origin

  async function attempt(
    hook: Hook,
    url: URL,
    limits: Limits,
    idempotency: string,
  ): Promise<{ came: Came; url: URL }> {
    let here = url
    let { method } = hook
    for (let hop = 0; ; hop++) {
      if (!isCustomers(here)) return { came: notTheCustomer, url: here }
      const asked = method === 'GET' && hop === 0 ? withParams(here, hook.params) : here
      const body = method === 'POST' ? new URLSearchParams(hook.params).toString() : null
      const came = await transport.send({
        ...request(hook.forged ? forger : account, asked, body, hook.params, idempotency),
        method,
        limits,
      })
      const next =
        came.kind === 'answer' && came.status >= 300 && came.status < 400 ? came.headers.location : undefined
      if (next === undefined || hop === redirectsAtMost || !URL.canParse(next, asked))
        return { came, url: asked }
      // a redirect becomes a GET and loses its parameters, unless its status says otherwise
      if (came.kind === 'answer' && came.status !== 307 && came.status !== 308) method = 'GET'
      here = new URL(next, asked)
      here.hash = ''
    }
  }

  return {
    async deliver(hook) {
      const began = performance.now()
      if (!/^https?:/.test(hook.url) || !URL.canParse(hook.url)) return result(hook.url, null, began)
      const url = new URL(hook.url)
      const { retries, policy, limits } = overrides(url.hash)
      url.hash = ''
      const idempotency = token()
      for (let tried = 0; ; tried++) {
        const left = Math.max(1, limits.totalMs - (performance.now() - began))
        const bytes = hook.answerBytes ?? mebibyte
        const got = await attempt(hook, url, { ...limits, totalMs: left, bytes }, idempotency)
        if (tried >= retries || !isRetried(got.came, policy)) return result(got.url.href, got.came, began)
      }
    },
  }
}

function request(
  account: { authToken: string },
  url: URL,
  body: string | null,
  params: Params,
  idempotency: string,
) {
  const headers: Record<string, string> = {
    accept: '*/*',
    'user-agent': 'TwilioProxy/1.1',
    'i-twilio-idempotency-token': idempotency,
    'x-twilio-signature': signature(account.authToken, url.href, body === null ? [] : Object.entries(params)),
  }
  if (body !== null) headers['content-type'] = 'application/x-www-form-urlencoded; charset=UTF-8'
  if (url.username === '' && url.password === '') return { url, headers, body }
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  headers.authorization = `Basic ${Buffer.from(login).toString('base64')}`
  return { url: bare, headers, body }
}

function withParams(url: URL, params: Params): URL {
  const made = new URL(url)
  for (const [name, value] of Object.entries(params)) made.searchParams.append(name, value)
  return made
}

function isRetried(came: Came, policy: ReadonlySet<string>): boolean {
  if (came.kind === 'answer' && came.status < 400) return false
  if (policy.has('all')) return true
  if (came.kind === 'answer') return policy.has(came.status >= 500 ? '5xx' : '4xx')
  return policy.has(came.why === 'connect' ? 'ct' : 'rt')
}

/**
 * An address as written in a document that came from `from`. Null when it is none. An absolute one stays exactly as written, so
 * that it is asked, and signed, as its owner wrote it.
 */
export function absolute(url: string, from: string | undefined): string | null {
  if (URL.canParse(url)) return url
  return URL.canParse(url, from) ? new URL(url, from).href : null
}

/** 11100 no address, 11205 nobody there, 11200 everything else, 11750 too large (telephony.md §1.8). */
function result(url: string, came: Came | null, began: number): Delivered {
  const base = {
    url,
    status: null,
    contentType: null,
    bytes: new Uint8Array(),
    tookMs: Math.round(performance.now() - began),
  }
  if (!came) return { ...base, code: 11100, reason: 'the address is none' }
  if (came.kind === 'failure') {
    const code = came.why === 'connect' ? 11205 : came.why === 'size' ? 11750 : 11200
    return { ...base, code, reason: came.detail }
  }
  const failed = came.status >= 300 || came.status < 200
  return {
    ...base,
    status: came.status,
    contentType: came.headers['content-type'] ?? null,
    bytes: came.bytes,
    code: failed ? 11200 : null,
    reason: failed ? `answered ${came.status}` : '',
  }
}
