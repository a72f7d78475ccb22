// The adapter against a server that answers as Twilio may on a bad day. Requests are checked against the contract in
// test/contracts/twilio-requests.test.ts, signatures in test/contracts/twilio-signature.test.ts.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../../kit/log.ts'
import { OutsideTrouble } from './port.ts'
import { twilioPhone } from './twilio.ts'

const account = { accountSid: `AC${'a'.repeat(32)}`, authToken: 't'.repeat(32) }
const urls = {
  voice: 'https://example.org/v',
  status: 'https://example.org/s',
  fallback: 'https://example.org/f',
  machine: 'https://example.org/m',
}
const call = { from: '+441632960001', to: '+441632960101', ringSeconds: 30, urls }
const text = {
  from: '+441632960001',
  to: '+447700900201',
  body: 'Hello',
  validForSeconds: 300,
  statusUrl: 'https://example.org/t',
}

let server: Server
let asked: string[] = []
let answer: (response: ServerResponse, request: IncomingMessage) => void = (response) => response.end()
let phone: ReturnType<typeof twilioPhone>

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (piece) => {
      body += piece
    })
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${body}`)
      answer(response, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  phone = twilioPhone({ ...account, apiUrl, timeoutMs: 100, log: silentLog })
})
beforeEach(() => {
  asked = []
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const json = (status: number, body: unknown) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}
const resource = (more: object = {}) => ({
  sid: `CA${'1'.repeat(32)}`,
  from: call.from,
  to: call.to,
  status: 'queued',
  date_created: 'Tue, 24 Nov 2026 09:00:00 +0000',
  duration: null,
  answered_by: null,
  ...more,
})

test('a call is placed', async () => {
  answer = json(201, resource())
  expect(await phone.placeCall(call)).toEqual({ kind: 'placed', sid: `CA${'1'.repeat(32)}` })
  expect(asked).toHaveLength(1)
})

test('a refusal keeps its code, and Twilio’s own sentence, which quotes the number, goes no further', async () => {
  answer = json(400, { code: 21_211, message: `The number ${call.to} is not valid`, status: 400 })
  const refused = await phone.placeCall(call)
  expect(refused).toEqual({
    kind: 'refused',
    temporary: false,
    result: 'unreachable number',
    code: '21211',
    reason: 'the number is not valid',
  })
  expect(JSON.stringify(refused)).not.toContain('960101')
})

test.each([
  [
    400,
    { code: 99_999, message: 'new', status: 400 },
    { kind: 'refused', temporary: false, result: 'not placed', code: '99999' },
  ],
  [
    401,
    { code: 20_003, message: 'no', status: 401 },
    { kind: 'refused', temporary: true, result: 'not placed', code: '20003', trouble: 'shut out' },
  ],
  [429, { code: 20_429, message: 'slow', status: 429 }, { kind: 'refused', temporary: true, code: '20429' }],
  [429, 'slow down', { kind: 'refused', temporary: true, code: 'HTTP 429' }],
  [302, '', { kind: 'refused', temporary: false, result: 'not placed', code: 'HTTP 302' }],
  [
    404,
    '<html>nothing here</html>',
    { kind: 'refused', temporary: false, result: 'not placed', code: 'HTTP 404' },
  ],
  [500, { code: 20_500, message: 'oh', status: 500 }, { kind: 'unknown', reason: 'HTTP 500 20500' }],
  [503, '<html>busy</html>', { kind: 'unknown', reason: 'HTTP 503' }],
  [201, 'not json at all', { kind: 'unknown' }],
  [201, {}, { kind: 'unknown', reason: 'an answer without a name' }],
])('asked for a call, the provider answers %i %j', async (status, body, outcome) => {
  answer = json(status, body)
  expect(await phone.placeCall(call)).toMatchObject(outcome)
  expect(await phone.sendText(text)).toMatchObject(outcome)
  // one request each: what may have been done is never asked again
  expect(asked).toHaveLength(2)
})

test('no answer in time, or a connection that breaks: unknown, and not asked again', async () => {
  answer = () => {}
  expect(await phone.placeCall(call)).toEqual({ kind: 'unknown', reason: 'ECONNABORTED' })
  answer = (_response, request) => request.socket.destroy()
  expect(await phone.placeCall(call)).toEqual({ kind: 'unknown', reason: 'ECONNRESET' })
  answer = (response) => {
    response.writeHead(201, { 'content-type': 'application/json', 'content-length': '1000' })
    response.write('{"sid":')
    response.destroy()
  }
  expect(await phone.placeCall(call)).toMatchObject({ kind: 'unknown' })
  expect(asked).toHaveLength(3)
})

test('a recording is fetched as WAV with the account’s own word, and forgotten on request', async () => {
  const sid = `RE${'1'.repeat(32)}`
  const requests: string[] = []
  answer = (response, request) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization}`)
    response.writeHead(request.method === 'DELETE' ? 204 : 200, { 'content-type': 'audio/x-wav' })
    response.end(request.method === 'DELETE' ? '' : 'RIFF')
  }
  expect(await phone.fetchRecording(sid)).toEqual(new TextEncoder().encode('RIFF'))
  await phone.deleteRecording(sid)
  const proof = `Basic ${Buffer.from(`${account.accountSid}:${account.authToken}`).toString('base64')}`
  const path = `/2010-04-01/Accounts/${account.accountSid}/Recordings/${sid}`
  expect(requests).toEqual([`GET ${path}.wav ${proof}`, `DELETE ${path}.json ${proof}`])
})

test.each([
  [404, true],
  [429, true],
  [503, true],
  [401, false],
])('a recording that cannot be fetched, HTTP %i: may be asked for again: %s', async (status, temporary) => {
  answer = json(status, {})
  await expect(phone.fetchRecording('RE1')).rejects.toMatchObject({ temporary })
})

test('a recording that never comes, comes empty, or is gone already', async () => {
  answer = () => {}
  await expect(phone.fetchRecording('RE1')).rejects.toMatchObject({ temporary: true })
  answer = (response) => response.end()
  await expect(phone.fetchRecording('RE1')).rejects.toMatchObject({ temporary: true })
  answer = json(404, { code: 20_404, message: 'no', status: 404 })
  await expect(phone.deleteRecording('RE1')).resolves.toBeUndefined()
  answer = json(500, {})
  await expect(phone.deleteRecording('RE1')).rejects.toMatchObject({ temporary: true })
})

test('nobody there, or no such host: certainly not done, may be tried again', async () => {
  const closed = createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const { port } = closed.address() as AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  for (const [apiUrl, code] of [
    [`http://127.0.0.1:${port}`, 'ECONNREFUSED'],
    [`http://localhost:${port}`, 'ECONNREFUSED'],
    ['http://callassist.invalid', /^(ENOTFOUND|EAI_AGAIN)$/],
  ] as const) {
    const nobody = twilioPhone({ ...account, apiUrl, timeoutMs: 5000, log: silentLog })
    expect(await nobody.placeCall(call)).toMatchObject({
      kind: 'refused',
      temporary: true,
      result: 'not placed',
      code: typeof code === 'string' ? code : expect.stringMatching(code),
    })
    await expect(nobody.lookUpCall(`CA${'1'.repeat(32)}`)).rejects.toThrow(OutsideTrouble)
  }
})

test('a text that is too long is never sent; control characters are left out', async () => {
  answer = json(201, { sid: `SM${'1'.repeat(32)}` })
  expect(await phone.sendText({ ...text, body: 'x'.repeat(1601) })).toMatchObject({
    kind: 'refused',
    temporary: false,
    code: '21617',
  })
  expect(asked).toEqual([])
  expect(await phone.sendText({ ...text, body: 'Hello\u0000\nBen\u0007' })).toEqual({
    kind: 'placed',
    sid: `SM${'1'.repeat(32)}`,
  })
  expect(asked[0]).toMatch(/Body=Hello%0ABen$/)
})

test('a look at one call', async () => {
  answer = json(200, resource({ status: 'completed', duration: '12', answered_by: 'machine_start' }))
  expect(await phone.lookUpCall('CA1')).toEqual({
    sid: `CA${'1'.repeat(32)}`,
    from: call.from,
    to: call.to,
    createdAt: new Date('2026-11-24T09:00:00Z'),
    state: { kind: 'ended', how: 'completed', seconds: 12 },
    answeredBy: 'machine',
  })
  answer = json(404, { code: 20_404, message: 'none', status: 404 })
  expect(await phone.lookUpCall('CA1')).toBeNull()
  answer = json(503, { code: 20_503, message: 'busy', status: 503 })
  await expect(phone.lookUpCall('CA1')).rejects.toMatchObject({ temporary: true })
  answer = json(401, { code: 20_003, message: 'no', status: 401 })
  await expect(phone.lookUpCall('CA1')).rejects.toMatchObject({ temporary: false })
})

test('a search finds calls from the given second on, newest first', async () => {
  const at = (second: string, sid: string) =>
    resource({ sid, date_created: `Tue, 24 Nov 2026 09:00:${second} +0000` })
  answer = json(200, {
    calls: [
      at('05', 'early'),
      at('10', 'same second'),
      at('30', 'late'),
      resource({ sid: 'timeless', date_created: null }),
    ],
    next_page_uri: null,
  })
  const calls = await phone.findCalls({
    from: call.from,
    to: call.to,
    createdAfter: new Date('2026-11-24T09:00:10.900Z'),
    asOf: new Date('2026-11-24T09:00:40Z'),
  })
  expect(calls.map(({ sid }) => sid)).toEqual(['late', 'same second', 'timeless'])
  expect(asked[0]).toMatch(
    /^GET \/2010-04-01\/Accounts\/AC.+\/Calls\.json\?To=%2B441632960101&From=%2B441632960001&PageSize=50/,
  )
})

test.each([
  ['an hour behind ours', 'Tue, 24 Nov 2026 08:00:40 GMT', ['now', 'same second']],
  ['an hour ahead of ours', 'Tue, 24 Nov 2026 10:00:40 GMT', ['now']],
  ['unknown', '', ['now']],
])('a search by a clock that is %s', async (_, date, sids) => {
  const at = (time: string, sid: string) => resource({ sid, date_created: `Tue, 24 Nov 2026 ${time} +0000` })
  const body = {
    calls: [at('07:00:10', 'early'), at('08:00:10', 'same second'), at('09:00:10', 'now')],
    next_page_uri: null,
  }
  answer = (response) => {
    response.sendDate = false
    response.writeHead(200, { 'content-type': 'application/json', ...(date && { date }) })
    response.end(JSON.stringify(body))
  }
  const calls = await phone.findCalls({
    from: call.from,
    to: call.to,
    createdAfter: new Date('2026-11-24T09:00:10Z'),
    asOf: new Date('2026-11-24T09:00:40Z'),
  })
  expect(calls.map(({ sid }) => sid)).toEqual(sids)
})

test('hanging up a call that is over is no trouble', async () => {
  answer = json(200, resource({ status: 'completed' }))
  await phone.hangUp('CA1')
  expect(asked[0]).toContain('Status=completed')
  answer = json(400, { code: 21_220, message: 'over', status: 400 })
  await phone.hangUp('CA1')
  answer = json(404, { code: 20_404, message: 'none', status: 404 })
  await phone.hangUp('CA1')
  answer = json(500, {})
  await expect(phone.hangUp('CA1')).rejects.toThrow(OutsideTrouble)
})

test.each([
  ['voice', 'CallSid=CA1&CallStatus=in-progress', { kind: 'answered', sid: 'CA1' }],
  ['keys', 'CallSid=CA1&Digits=5', { kind: 'keyed', sid: 'CA1', key: '5' }],
  ['keys', 'CallSid=CA1&Digits=*', { kind: 'keyed', sid: 'CA1', key: '*' }],
  ['keys', 'CallSid=CA1&Digits=%23', { kind: 'keyed', sid: 'CA1', key: '#' }],
  ['keys', 'CallSid=CA1&Digits=', { kind: 'silent', sid: 'CA1' }],
  ['keys', 'CallSid=CA1', { kind: 'silent', sid: 'CA1' }],
  ['keys', 'CallSid=CA1&Digits=hangup', null],
  [
    'keys',
    'CallSid=CA1&Digits=hangup&RecordingSid=RE00000000000000000000000000000001&RecordingDuration=7',
    { kind: 'recorded', sid: 'CA1', recordingSid: `RE${'0'.repeat(31)}1`, seconds: 7, isFileReady: false },
  ],
  [
    'recording',
    'CallSid=CA1&RecordingStatus=completed&RecordingSid=RE00000000000000000000000000000001&RecordingDuration=7',
    { kind: 'recorded', sid: 'CA1', recordingSid: `RE${'0'.repeat(31)}1`, seconds: 7, isFileReady: true },
  ],
  ['recording', 'CallSid=CA1&RecordingStatus=absent&RecordingSid=RE00000000000000000000000000000001', null],
  ['recording', 'CallSid=CA1&RecordingStatus=completed&RecordingSid=..%2F..%2FCalls', null],
  [
    'status',
    'CallSid=CA1&CallStatus=ringing&SequenceNumber=1',
    { kind: 'state', sid: 'CA1', state: { kind: 'ringing' }, sequence: 1, code: null },
  ],
  [
    'status',
    'CallSid=CA1&CallStatus=busy&SequenceNumber=2&SipResponseCode=603&CallDuration=0',
    {
      kind: 'state',
      sid: 'CA1',
      state: { kind: 'ended', how: 'rejected', seconds: 0 },
      sequence: 2,
      code: '603',
    },
  ],
  [
    'status',
    'CallSid=CA1&CallStatus=completed&CallDuration=9',
    {
      kind: 'state',
      sid: 'CA1',
      state: { kind: 'ended', how: 'completed', seconds: 9 },
      sequence: null,
      code: null,
    },
  ],
  ['status', 'CallSid=CA1&CallStatus=vanished', { kind: 'unreadable', sid: 'CA1', said: 'vanished' }],
  ['status', 'CallSid=CA1&CallStatus=%2B441632960101', null],
  ['status', 'CallStatus=ringing', null],
  ['machine', 'CallSid=CA1&AnsweredBy=machine_start', { kind: 'machine', sid: 'CA1', verdict: 'machine' }],
  [
    'text-status',
    'MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30006',
    { kind: 'text state', sid: 'SM1', state: 'failed', code: '30006' },
  ],
  [
    'text-status',
    'MessageSid=SM1&MessageStatus=mislaid',
    { kind: 'unreadable', sid: 'SM1', said: 'mislaid' },
  ],
  [
    'text-in',
    'MessageSid=SM1&From=%2B447700900201&To=%2B441632960001&Body=OK',
    { kind: 'text in', sid: 'SM1', from: '+447700900201', to: '+441632960001', body: 'OK' },
  ],
  [
    'ring-in',
    'CallSid=CA1&From=%2B441632960101&To=%2B441632960001',
    { kind: 'ring in', sid: 'CA1', from: '+441632960101', to: '+441632960001' },
  ],
  // withheld: the keys of ANONYMOUS, or a word
  [
    'ring-in',
    'CallSid=CA1&From=%2B266696687&To=%2B44',
    { kind: 'ring in', sid: 'CA1', from: null, to: '+44' },
  ],
  ['ring-in', 'CallSid=CA1&From=Anonymous&To=%2B44', { kind: 'ring in', sid: 'CA1', from: null, to: '+44' }],
  ['ring-in', 'CallSid=CA1&From=&To=%2B44', { kind: 'ring in', sid: 'CA1', from: null, to: '+44' }],
  ['ring-in-keys', 'CallSid=CA1&Digits=4321', { kind: 'ring-in keys', sid: 'CA1', keys: '4321' }],
  ['ring-in-keys', 'CallSid=CA1&Digits=', { kind: 'ring-in keys', sid: 'CA1', keys: '' }],
  ['ring-in-keys', 'CallSid=CA1&Digits=hangup', { kind: 'ring-in keys', sid: 'CA1', keys: '' }],
] as const)('the webhook %s with %s', (kind, params, event) => {
  expect(phone.read(kind, new URLSearchParams(params))).toEqual(event)
})
