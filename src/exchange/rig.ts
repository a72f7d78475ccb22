// Exchange / rig: a customer for tests: a small server that answers webhooks as the test says and keeps what it was asked, the
// official SDK pointed at an exchange, and a clock that stands still until the test moves it. Used by tests only.
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import twilio from 'twilio'
import { silentLog } from '../kit/log.ts'
import { type MovableClock, movableClock } from '../outside/clock.ts'
import type { Actor } from '../queue/actor.ts'
import {
  createExchange,
  type Exchange,
  type ExchangeGiven,
  estimatedVoice,
  type RingEntry,
} from './exchange.ts'

export const line = '+441632960001'
export const ada = '+441632960101'
export const ben = '+447700900201'
export const account = { sid: `AC${'0123456789abcdef'.repeat(2)}`, authToken: 'a-token-for-tests' }
export const began = new Date('2026-11-24T09:30:00Z')

/** One webhook that came. `second` counts from the beginning of the test, on its clock. */
export interface Asked {
  path: string
  method: string
  params: Record<string, string>
  second: number
  url: string
  signature: string
  token: string
  headers: Headers
}

/** What to answer: TwiML, a status, a whole response, or what a function makes of the request. */
export type Answer =
  | string
  | number
  | Response
  | ((asked: Asked) => string | number | Response | Promise<string | number | Response>)

export interface Rig {
  clock: MovableClock
  exchange: Exchange
  client: twilio.Twilio
  /** where the customer's server is */
  url: string
  /** every webhook that came, in order */
  asked: Asked[]
  /** those on one path */
  on(path: string): Asked[]
  answers: Record<string, Answer>
  /** Live on to so many seconds after the beginning. */
  to(second: number): Promise<void>
  rings(): RingEntry[]
  /** Place a call with the addresses /voice and /status, told of every event. */
  call(to?: string, more?: Record<string, unknown>): Promise<string>
  /** The same by another client. */
  callBy(client: twilio.Twilio, to: string, more: Record<string, unknown>): Promise<string>
  close(): Promise<void>
}

export async function openRig(given: Partial<ExchangeGiven> = {}): Promise<Rig> {
  const clock = movableClock({ start: began })
  const asked: Asked[] = []
  const answers: Record<string, Answer> = {}
  const second = () => (clock.now().getTime() - began.getTime()) / 1000
  const customer = new Hono()
  let exchange: Exchange | null = null
  customer.all('/exchange/provider/*', (c) =>
    new Hono().route('/exchange/provider', exchange!.rest).fetch(c.req.raw),
  )
  customer.all('*', async (c) => {
    const url = new URL(c.req.url)
    const body = new URLSearchParams(c.req.method === 'POST' ? await c.req.text() : url.search)
    const came: Asked = {
      path: url.pathname,
      method: c.req.method,
      params: Object.fromEntries(body),
      second: second(),
      url: c.req.url,
      signature: c.req.header('x-twilio-signature') ?? '',
      token: c.req.header('i-twilio-idempotency-token') ?? '',
      headers: c.req.raw.headers,
    }
    asked.push(came)
    const answer = answers[url.pathname]
    const made = typeof answer === 'function' ? await answer(came) : answer
    if (made instanceof Response) return made.clone()
    if (typeof made === 'number') return c.body(null, made as 200)
    return c.body(made ?? '<Response/>', 200, { 'content-type': 'text/xml' })
  })
  const server = serve({ fetch: customer.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  exchange = createExchange({
    clock,
    log: silentLog,
    lines: [{ name: 'main', number: line, callsPerSecond: 1, textsPerSecond: 1, concurrentCalls: 50 }],
    account,
    seed: 1,
    voice: estimatedVoice(),
    webhooks: { voiceUrl: `${url}/ring-in`, smsUrl: `${url}/text-in`, statusUrl: `${url}/ring-in-status` },
    publicUrl: `${url}/exchange/provider`,
    ...given,
  })
  const client = twilio(account.sid, account.authToken, { timeout: 10_000 })
  client.api.baseUrl = `${url}/exchange/provider`
  const kept = exchange
  return {
    clock,
    exchange: kept,
    client,
    url,
    asked,
    on: (path) => asked.filter((each) => each.path === path),
    answers,
    to: (at) => live(clock, kept.actor, new Date(began.getTime() + at * 1000)),
    rings: () => kept.ledger.rings(),
    call: (to = ada, more = {}) => callBy(client, to, more),
    callBy,
    async close() {
      await kept.close()
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
    },
  }

  async function callBy(by: twilio.Twilio, to: string, more: object): Promise<string> {
    const statusCallbackEvent = ['initiated', 'ringing', 'answered', 'completed']
    const wanted = {
      from: line,
      to,
      url: `${url}/voice`,
      statusCallback: `${url}/status`,
      statusCallbackEvent,
      timeout: 30,
    }
    return (await by.calls.create({ ...wanted, ...more })).sid
  }
}

/** Live on to `until`, the clock standing still at every event. */
async function live(clock: MovableClock, actor: Actor, until: Date): Promise<void> {
  for (;;) {
    await actor.runDue(clock.now())
    const next = await actor.nextAt()
    if (!next || next > until) break
    if (next > clock.now()) clock.holdAt(next)
  }
  clock.holdAt(until)
}

/** An answering person: after so many seconds, pressing keys at seconds counted from answering. */
export const person = (
  afterSeconds: number,
  press: [key: string, atSecond: number][] = [],
  hangUpAtSecond = 60,
) => ({
  answer: { afterSeconds, press: press.map(([key, atSecond]) => ({ key, atSecond })), hangUpAtSecond },
})

export const twiml = (inside: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Response>${inside}</Response>`

/** `seconds` of quiet as a WAV answer. */
export function wavAnswer(bytes: Uint8Array): Response {
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': 'audio/wav' } })
}
