// The exchange held against the provider's own description: whatever the official SDK asks and whatever the exchange answers goes
// through a validator in between (telephony.md §2). What the description leaves open (the form of dates and numbers) is checked by
// formats of our own.
import { existsSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type NextFunction, type Request, type Response } from 'express'
import * as OpenApiValidator from 'express-openapi-validator'
import twilio from 'twilio'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { account, ada, ben, line, openRig, person, type Rig, twiml } from '../../src/exchange/rig.ts'
import { contractFile } from '../support/contracts.ts'

const apiSpec = contractFile('twilio_api_v2010.json')
const isThere = existsSync(apiSpec)
if (!isThere) console.warn('NOT RUN: the Twilio API contract is not on this machine')

const form = (pattern: RegExp) =>
  ({ type: 'string', validate: (value: string) => pattern.test(value) }) as const
const formats = {
  'phone-number': form(/^\+[1-9][0-9]{6,14}$/),
  endpoint: form(/^\+[1-9][0-9]{6,14}$/),
  'http-method': form(/^(GET|POST)$/),
  'date-time-rfc-2822': form(
    /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} \+0000$/,
  ),
  currency: form(/^[A-Z]{3}$/),
  twiml: form(/^<\?xml/),
  'uri-map': form(/./),
  'phone-number-capabilities': form(/./),
}

/** What went through the validator: method and path, identifiers made alike. */
const seen = new Set<string>()
/** What it found wrong. */
const faults: string[] = []
let rig: Rig
let server: Server
let client: twilio.Twilio

/** An express application in front of the exchange: the validator's settings are those of telephony.md §2. */
function front(): express.Express {
  const app = express()
  app.use(
    express.urlencoded({
      extended: false,
      verify: (request, _, raw) => Object.assign(request, { raw: raw.toString() }),
    }),
  )
  app.use(
    OpenApiValidator.middleware({
      apiSpec,
      formats,
      validateRequests: { coerceTypes: 'array', allowUnknownQueryParameters: false },
      validateResponses: true,
      validateSecurity: { handlers: { accountSid_authToken: () => true } },
    }),
  )
  app.use(async (request: Request & { raw?: string }, response: Response) => {
    const answer = await rig.exchange.rest.request(request.originalUrl, {
      method: request.method,
      headers: { authorization: request.headers.authorization ?? '' },
      ...(request.method === 'POST' ? { body: request.raw ?? '' } : {}),
    })
    seen.add(
      `${request.method} ${request.path.replace(/^.*?Accounts\/AC\w+\//, '').replaceAll(/[A-Z]{2}[0-9a-f]{32}/g, 'SID')} ${answer.status}`,
    )
    if (answer.status === 204) response.status(204).end()
    // refusals are not in the description: they go past the validator and are checked by the tests
    else if (answer.status >= 400)
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
    else response.status(answer.status).json(await answer.json())
  })
  app.use(
    (
      error: Error & { status?: number; errors?: unknown },
      request: Request,
      response: Response,
      _next: NextFunction,
    ) => {
      faults.push(
        `${request.method} ${request.originalUrl}: ${JSON.stringify(error.errors ?? error.message)}`,
      )
      if (!response.headersSent) response.writeHead(error.status ?? 500).end('{}')
    },
  )
  return app
}

beforeAll(async () => {
  if (!isThere) return
  const speaks = { answer: { afterSeconds: 2, speak: [{ text: 'Hello Mum.', atSecond: 3 }] } }
  rig = await openRig({
    phones: {
      [ada]: [person(2, [['1', 3]]), speaks, 'unreachable'],
      [ben]: [{ voicemail: { afterSeconds: 5 } }],
    },
  })
  server = front().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  client = twilio(account.sid, account.authToken, { timeout: 10_000 })
  client.api.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  server?.close()
  await rig?.close()
})

const everything = () => ({
  from: line,
  url: `${rig.url}/voice?token=abc#rc=3&rp=ct,rt,5xx`,
  method: 'POST',
  fallbackUrl: `${rig.url}/fallback`,
  fallbackMethod: 'POST',
  statusCallback: `${rig.url}/status?token=abc#rc=3&rp=ct,rt,5xx`,
  statusCallbackMethod: 'POST',
  statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
  timeout: 30,
  timeLimit: 600,
  machineDetection: 'Enable',
  asyncAmd: 'true',
  asyncAmdStatusCallback: `${rig.url}/machine`,
})

test.runIf(isThere)('calls: create, fetch, list, change, delete, and what happened to them', async () => {
  rig.answers['/voice'] = twiml(
    '<Gather numDigits="1" action="/keys"><Say>Hello.</Say></Gather><Record action="/recorded"/>',
  )
  const first = await client.calls.create({ ...everything(), to: ada })
  expect(first.status).toBe('queued')
  await rig.to(30)
  const second = await client.calls.create({ ...everything(), to: ada, statusCallbackEvent: ['completed'] })
  await rig.to(40)
  expect((await client.calls(second.sid).fetch()).status).toBe('in-progress')
  expect(
    (await client.calls(second.sid).update({ twiml: twiml('<Record action="/recorded" timeout="4"/>') }))
      .status,
  ).toBe('in-progress')
  await client.calls(second.sid).update({ status: 'completed' })
  const machine = await client.calls.create({ ...everything(), to: ben })
  const gone = await client.calls.create({ from: line, to: ada, twiml: twiml('<Say>Hello.</Say>') })
  await client.calls(gone.sid).update({ status: 'canceled' })
  await rig.to(200)
  const unreachable = await client.calls.create({ ...everything(), to: ada })
  await rig.to(400)
  expect((await client.calls(machine.sid).fetch()).answeredBy).toBe('machine_start')
  expect((await client.calls(unreachable.sid).fetch()).status).toBe('failed')
  expect(
    await client.calls.list({
      to: ada,
      from: line,
      status: 'completed',
      startTimeAfter: new Date('2026-11-24T00:00:00Z'),
      pageSize: 1,
      limit: 9,
    }),
  ).toHaveLength(2)
  expect(
    await client.calls.list({
      startTimeBefore: new Date('2026-11-24T00:00:00Z'),
      endTimeAfter: new Date('2026-11-24T00:00:00Z'),
    }),
  ).toEqual([])
  expect((await client.calls(first.sid).events.list()).length).toBeGreaterThan(4)
  const notes = await client.calls(first.sid).notifications.list({ log: 0 })
  expect(notes).toEqual([])
  expect(await client.calls(gone.sid).remove()).toBe(true)
  expect(faults).toEqual([])
})

test.runIf(isThere)('notifications: what went wrong with a call', async () => {
  rig.answers['/voice'] = 500
  rig.answers['/fallback'] = 404
  const call = await client.calls.create({ ...everything(), to: ben })
  await rig.to(500)
  const notes = await client
    .calls(call.sid)
    .notifications.list({ log: 0, messageDateAfter: new Date('2026-11-01T00:00:00Z') })
  expect(notes.map(({ errorCode }) => errorCode)).toEqual(['11200', '11200'])
  expect((await client.calls(call.sid).notifications(notes[0]!.sid).fetch()).requestUrl).toContain('/voice')
  expect(faults).toEqual([])
})

test.runIf(isThere)('recordings: of the account and of one call', async () => {
  const speaker = '+441632960102'
  await rig.close()
  rig = await openRig({
    phones: { [speaker]: [{ answer: { afterSeconds: 1, speak: [{ text: 'Hello Mum.', atSecond: 2 }] } }] },
  })
  rig.answers['/voice'] = twiml('<Record action="/recorded"/>')
  const sids: string[] = []
  for (const at of [0, 100]) {
    await rig.to(at)
    sids.push((await client.calls.create({ ...everything(), to: speaker })).sid)
  }
  await rig.to(300)
  const all = await client.recordings.list({ dateCreatedAfter: new Date('2026-11-01T00:00:00Z') })
  expect(all.filter(({ status }) => status === 'completed').map(({ callSid }) => callSid)).toEqual([
    sids[1],
    sids[0],
  ])
  const [one] = await client.calls(sids[0]!).recordings.list()
  expect((await client.calls(sids[0]!).recordings(one!.sid).fetch()).duration).toBe('1')
  expect((await client.recordings(one!.sid).fetch()).mediaUrl).toContain(one!.sid)
  expect(await client.calls(sids[0]!).recordings(one!.sid).remove()).toBe(true)
  const [other] = await client.recordings.list({ callSid: sids[1]! })
  expect(await client.recordings(other!.sid).remove()).toBe(true)
  expect(faults).toEqual([])
})

test.runIf(isThere)('messages: create, fetch, list, change, delete', async () => {
  const asked = { from: line, statusCallback: `${rig.url}/text-status`, validityPeriod: 600 }
  const text = await client.messages.create({
    ...asked,
    to: ben,
    body: 'Ada did not answer the call at 9:30am. Reply OK.',
  })
  const landline = await client.messages.create({ ...asked, to: ada, body: 'Hello' })
  const gone = await client.messages.create({ ...asked, to: ben, body: 'Later' })
  await client.messages(gone.sid).update({ status: 'canceled' })
  rig.answers['/text-in'] = twiml('<Message>Thank you.</Message>')
  rig.exchange.textFrom(ben, line, 'OK')
  await rig.to(500)
  expect((await client.messages(text.sid).fetch()).status).toBe('delivered')
  expect((await client.messages(landline.sid).fetch()).errorCode).toBe(30006)
  expect(
    (await client.messages.list({ to: ben, from: line, pageSize: 1 })).map(({ direction }) => direction),
  ).toEqual(['outbound-reply', 'outbound-api', 'outbound-api'])
  expect(await client.messages.list({ dateSentAfter: new Date('2026-11-25T00:00:00Z') })).toEqual([])
  await client.messages(text.sid).update({ body: '' })
  expect((await client.messages(text.sid).fetch()).body).toBe('')
  expect(await client.messages(text.sid).remove()).toBe(true)
  expect(faults).toEqual([])
})

test.runIf(isThere)("the account's numbers and its balance", async () => {
  const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: line })
  expect(number).toMatchObject({
    phoneNumber: line,
    voiceUrl: `${rig.url}/ring-in`,
    smsUrl: `${rig.url}/text-in`,
    friendlyName: 'main',
  })
  const changed = await client.incomingPhoneNumbers(number!.sid).update({
    voiceUrl: `${rig.url}/elsewhere`,
    voiceMethod: 'GET',
    voiceFallbackUrl: `${rig.url}/fallback`,
    smsUrl: `${rig.url}/texts`,
  })
  expect(changed).toMatchObject({
    voiceUrl: `${rig.url}/elsewhere`,
    voiceMethod: 'GET',
    smsUrl: `${rig.url}/texts`,
    voiceFallbackUrl: `${rig.url}/fallback`,
  })
  expect((await client.incomingPhoneNumbers(number!.sid).fetch()).voiceMethod).toBe('GET')
  rig.exchange.ringIn(ben, line, {})
  await rig.to(600)
  expect(rig.on('/elsewhere')).toMatchObject([{ method: 'GET', params: { From: ben } }])
  expect((await client.balance.fetch()).currency).toBe('GBP')
  expect(faults).toEqual([])
})

test.runIf(isThere)('a refusal has the shape the SDK expects', async () => {
  await expect(
    client.calls.create({ ...everything(), from: '+441632960999', to: ada }),
  ).rejects.toMatchObject({
    status: 400,
    code: 21210,
    moreInfo: expect.stringContaining('21210'),
  })
  await expect(client.calls(`CA${'0'.repeat(32)}`).fetch()).rejects.toMatchObject({
    status: 404,
    code: 20404,
  })
  expect(faults).toEqual([])
})

test.runIf(isThere)('every operation the exchange offers went through the validator', () => {
  for (const operation of [
    'POST Calls.json 201',
    'GET Calls.json 200',
    'GET Calls/SID.json 200',
    'POST Calls/SID.json 200',
    'DELETE Calls/SID.json 204',
    'GET Calls/SID/Events.json 200',
    'GET Calls/SID/Notifications.json 200',
    'GET Calls/SID/Notifications/SID.json 200',
    'GET Calls/SID/Recordings.json 200',
    'GET Calls/SID/Recordings/SID.json 200',
    'DELETE Calls/SID/Recordings/SID.json 204',
    'GET Recordings.json 200',
    'GET Recordings/SID.json 200',
    'DELETE Recordings/SID.json 204',
    'POST Messages.json 201',
    'GET Messages.json 200',
    'GET Messages/SID.json 200',
    'POST Messages/SID.json 200',
    'DELETE Messages/SID.json 204',
    'GET IncomingPhoneNumbers.json 200',
    'GET IncomingPhoneNumbers/SID.json 200',
    'POST IncomingPhoneNumbers/SID.json 200',
    'GET Balance.json 200',
  ]) {
    expect(seen).toContain(operation)
  }
})
