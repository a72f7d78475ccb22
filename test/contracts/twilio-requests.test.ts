// Every request our adapter makes, held against Twilio's API contract. What the contract's validator cannot see (unknown body
// fields, the form of numbers) is checked here by hand (telephony.md §2).
import { existsSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type NextFunction, type Request, type Response } from 'express'
import * as OpenApiValidator from 'express-openapi-validator'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../../src/kit/log.ts'
import type { PhoneProvider } from '../../src/outside/phone/port.ts'
import { twilioPhone } from '../../src/outside/phone/twilio.ts'
import { contractFile } from '../support/contracts.ts'

const apiSpec = contractFile('twilio_api_v2010.json')
const isThere = existsSync(apiSpec)
if (!isThere) console.warn('NOT RUN: the Twilio API contract is not on this machine')

/** Formats that the validator would ignore; those of answers only are taken as they are. */
const numberE164 = {
  type: 'string',
  validate: (value: string) => /^\+[1-9][0-9]{7,14}$/.test(value),
} as const
const method = { type: 'string', validate: (value: string) => value === 'POST' } as const
const anyText = { type: 'string', validate: () => true } as const
const formats = {
  'phone-number': numberE164,
  endpoint: numberE164,
  'http-method': method,
  'date-time-rfc-2822': anyText,
  currency: anyText,
  'uri-map': anyText,
  'phone-number-capabilities': anyText,
  twiml: anyText,
}

const account = { accountSid: `AC${'a'.repeat(32)}`, authToken: 't'.repeat(32) }
const base = 'https://calls.example.org/lines/018f0000-0000-7000-8000-000000000001'
const token = '018f0000-0000-4000-8000-000000000002'
const call = {
  from: '+441632960001',
  to: '+441632960101',
  ringSeconds: 30,
  urls: {
    voice: `${base}/voice/${token}`,
    status: `${base}/status/${token}`,
    fallback: `${base}/fallback/${token}`,
    machine: `${base}/machine/${token}`,
  },
}
const text = {
  from: '+441632960001',
  to: '+447700900201',
  body: 'Ada did not answer.\nReply OK.',
  validForSeconds: 90_000.5,
  statusUrl: `${base}/text-status/${token}`,
}
const callSid = `CA${'1'.repeat(32)}`

let server: Server
let bodies: Record<string, string | string[]>[] = []
let phone: ReturnType<typeof twilioPhone>
/** the adapter's methods that the tests of this file have used */
const asked = new Set<string>()

beforeAll(async () => {
  if (!isThere) return
  const app = express()
  app.use(express.urlencoded({ extended: false }))
  app.use(
    OpenApiValidator.middleware({
      apiSpec,
      formats,
      validateRequests: { coerceTypes: 'array', allowUnknownQueryParameters: false },
      validateSecurity: {
        handlers: {
          accountSid_authToken: (request: Request) =>
            request.headers.authorization ===
            `Basic ${Buffer.from(`${account.accountSid}:${account.authToken}`).toString('base64')}`,
        },
      },
    }),
  )
  app.use((request: Request, response: Response) => {
    bodies.push(request.body ?? {})
    if (request.method === 'DELETE') response.status(204).end()
    else if (request.path.endsWith('Messages.json')) response.status(201).json({ sid: `SM${'1'.repeat(32)}` })
    else if (request.method === 'GET' && request.path.endsWith('Calls.json'))
      response.json({ calls: [], next_page_uri: null })
    else
      response
        .status(request.path.endsWith('Calls.json') ? 201 : 200)
        .json({ sid: callSid, status: 'queued' })
  })
  app.use(
    (
      error: { status?: number; message: string },
      _request: Request,
      response: Response,
      _next: NextFunction,
    ) => {
      response
        .status(error.status ?? 500)
        .json({ code: 1, message: error.message, status: error.status ?? 500 })
    },
  )
  server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  phone = new Proxy(twilioPhone({ ...account, apiUrl, timeoutMs: 10_000, log: silentLog }), {
    get(adapter, method: keyof PhoneProvider) {
      asked.add(method)
      return adapter[method]
    },
  })
})
beforeEach(() => {
  bodies = []
})
afterAll(() => {
  server?.closeAllConnections()
  server?.close()
})

test.runIf(isThere)('asking for a call', async () => {
  expect(await phone.placeCall(call)).toEqual({ kind: 'placed', sid: callSid })
  expect(bodies).toEqual([
    {
      To: '+441632960101',
      From: '+441632960001',
      Timeout: 30,
      Url: `${base}/voice/${token}`,
      Method: 'POST',
      FallbackUrl: `${base}/fallback/${token}`,
      FallbackMethod: 'POST',
      StatusCallback: `${base}/status/${token}#rc=3&rp=ct,rt,5xx`,
      StatusCallbackMethod: 'POST',
      StatusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
      MachineDetection: 'Enable',
      AsyncAmd: 'true',
      AsyncAmdStatusCallback: `${base}/machine/${token}#rc=3&rp=ct,rt,5xx`,
      AsyncAmdStatusCallbackMethod: 'POST',
    },
  ])
})

test.runIf(isThere)('sending a text', async () => {
  expect(await phone.sendText(text)).toEqual({ kind: 'placed', sid: `SM${'1'.repeat(32)}` })
  expect(bodies).toEqual([
    {
      To: '+447700900201',
      From: '+441632960001',
      Body: 'Ada did not answer.\nReply OK.',
      ValidityPeriod: 36_000,
      StatusCallback: `${base}/text-status/${token}#rc=3&rp=ct,rt,5xx`,
    },
  ])
  expect(await phone.sendText({ ...text, validForSeconds: 0.2 })).toMatchObject({ kind: 'placed' })
  expect(bodies[1]).toMatchObject({ ValidityPeriod: 1 })
})

test.runIf(isThere)('looking one call up, searching, hanging up', async () => {
  expect(await phone.lookUpCall(callSid)).toMatchObject({ sid: callSid })
  expect(
    await phone.findCalls({
      from: call.from,
      to: call.to,
      createdAfter: new Date('2026-11-24T09:00:00Z'),
      asOf: new Date('2026-11-24T09:00:30Z'),
    }),
  ).toEqual([])
  await phone.hangUp(callSid)
  expect(bodies.at(-1)).toEqual({ Status: 'completed' })
})

test.runIf(isThere)('forgetting a recording', async () => {
  await phone.deleteRecording(`RE${'1'.repeat(32)}`)
  expect(bodies).toEqual([{}])
  await expect(phone.deleteRecording('RE1')).rejects.toMatchObject({ temporary: false })
})

test.runIf(isThere)('asking whether it is there, and letting a call go on elsewhere', async () => {
  expect(await phone.isThere()).toBe(true)
  await phone.redirect(callSid, `${base}/voicemail/${token}`)
  expect(bodies.at(-1)).toEqual({ Url: `${base}/voicemail/${token}`, Method: 'POST' })
})

/**
 * Every request there is, and whether the description has it. Another method of the port does not compile before it stands here, and what
 * stands here must have been asked above.
 */
const inTheDescription: Record<keyof PhoneProvider, boolean> = {
  placeCall: true,
  sendText: true,
  lookUpCall: true,
  findCalls: true,
  isThere: true,
  redirect: true,
  hangUp: true,
  deleteRecording: true,
  // the sound itself is not described; twilio-exchange.test.ts fetches one
  fetchRecording: false,
}

test.runIf(isThere)('every request that we make was held against the description', () => {
  const wanted = Object.entries(inTheDescription).filter(([, isIn]) => isIn)
  expect([...asked].sort()).toEqual(wanted.map(([method]) => method).sort())
})

test.runIf(isThere)(
  'the contract bites: a wrong name, a wrong token and a wrong type are refused',
  async () => {
    await expect(phone.lookUpCall('CA1')).rejects.toMatchObject({ temporary: false })
    expect(await phone.placeCall({ ...call, ringSeconds: Number.NaN })).toMatchObject({
      kind: 'refused',
      temporary: false,
    })
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const stranger = twilioPhone({
      ...account,
      authToken: 'x'.repeat(32),
      apiUrl,
      timeoutMs: 10_000,
      log: silentLog,
    })
    expect(await stranger.placeCall(call)).toMatchObject({ kind: 'refused', temporary: false, code: '1' })
    expect(await phone.placeCall({ ...call, to: '01632 960101' })).toMatchObject({
      kind: 'refused',
      temporary: false,
    })
    expect(bodies).toEqual([])
  },
)
