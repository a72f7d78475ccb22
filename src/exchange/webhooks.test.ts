import { existsSync, readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import twilio from 'twilio'
import { afterEach, expect, test } from 'vitest'
import { account, ada, openRig, person, type Rig, twiml } from './rig.ts'
import { type Came, keepAliveTransport, type Outgoing } from './transport.ts'
import { absolute, createWebhooks, overrides, signature } from './webhooks.ts'

let rig: Rig | null = null
let server: Server | null = null
afterEach(async () => {
  await rig?.close()
  rig = null
  server?.closeAllConnections()
  server?.close()
  server = null
})

const file = join(
  process.env.CONTRACTS_DIR ?? fileURLToPath(new URL('../../../shared/contracts', import.meta.url)),
  'webhook-signature-vectors.json',
)
if (!existsSync(file))
  console.warn('NOT RUN: the signature vectors of the shared contract are not on this machine')

test.runIf(existsSync(file))('signatures are those of the published vectors', () => {
  const { token, params, vectors } = JSON.parse(readFileSync(file, 'utf8'))
  for (const vector of vectors) {
    // one vector shows what a receiver must put up with (a raw apostrophe), not what is signed
    if (vector.name.startsWith('apostrophe')) continue
    const given: Record<string, string | string[]> = vector.params === 'default' ? params : vector.params
    const pairs = Object.entries(given).flatMap(([name, value]) =>
      [value].flat().map((each): [string, string] => [name, each]),
    )
    expect(signature(token, vector.signedUrl ?? vector.url, pairs), vector.name).toBe(vector.signature)
  }
  expect(vectors.length).toBeGreaterThan(8)
})

test('the official SDK accepts every webhook of a call, and none that was changed', async () => {
  rig = await openRig({ phones: { [ada]: [person(1, [['1', 2]])] } })
  const base = `${rig.url}/voice?token=a%20b&who=it's`
  rig.answers['/voice'] = twiml(
    '<Gather numDigits="1" action="/keys?x=1" method="GET"><Say>Hello, is that Ada &amp; co?</Say></Gather>',
  )
  rig.exchange.textFrom('+447700900201', '+441632960001', 'It’s amazing & 100 % + æ')
  await rig.call(ada, { url: `${base}#rc=2&rp=all` })
  await rig.to(30)
  expect(new Set(rig.asked.map(({ path }) => path))).toEqual(
    new Set(['/voice', '/status', '/keys', '/text-in']),
  )
  for (const { url, method, params, signature: signed } of rig.asked) {
    const sent = method === 'POST' ? params : {}
    expect(url).not.toContain('#')
    expect(twilio.validateRequest(account.authToken, signed, url, sent), url).toBe(true)
    expect(twilio.validateRequest(account.authToken, signed, url, { ...sent, Digits: '9' })).toBe(false)
  }
  expect(rig.on('/keys')).toMatchObject([{ method: 'GET', params: { x: '1', Digits: '1' } }])
})

test('each webhook has a token of its own', async () => {
  rig = await openRig()
  await rig.call()
  await rig.to(60)
  const tokens = rig.asked.map(({ token }) => token)
  expect(new Set(tokens).size).toBe(tokens.length)
  expect(tokens[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
})

test('a status callback that fails is noted and not repeated, unless its address asks for it', async () => {
  rig = await openRig({ phones: { [ada]: ['busy'] } })
  rig.answers['/status'] = 500
  const once = await rig.call(ada, { statusCallbackEvent: ['completed'] })
  await rig.to(5)
  expect(rig.on('/status')).toHaveLength(1)
  expect((await rig.client.calls(once).notifications.list()).map(({ errorCode }) => errorCode)).toEqual([
    '15003',
  ])
  await rig.call(ada, {
    statusCallbackEvent: ['completed'],
    statusCallback: `${rig.url}/status?again#rc=3&rp=5xx`,
  })
  await rig.to(10)
  const repeated = rig.asked.filter(({ url }) => url.includes('again'))
  expect(repeated).toHaveLength(4)
  expect(new Set(repeated.map(({ token }) => token)).size).toBe(1)
})

test('overrides out of bounds count as not given', () => {
  expect(overrides('#rc=9&ct=50&tt=1000&rp=4xx, rt')).toEqual({
    retries: 1,
    policy: new Set(['4xx', 'rt']),
    limits: { connectMs: 5000, readMs: 15_000, totalMs: 1000 },
  })
  expect(overrides('').policy).toEqual(new Set(['ct']))
})

/** Webhooks over a transport that answers as told and keeps what was sent. */
function scripted(answers: Came[]) {
  const sent: Outgoing[] = []
  const transport = {
    send: async (request: Outgoing) => {
      sent.push(request)
      return answers[Math.min(sent.length, answers.length) - 1]!
    },
    close() {},
  }
  return { sent, webhooks: createWebhooks(account, transport, () => 'token') }
}
const answer = (status: number, headers: Record<string, string> = {}): Came => ({
  kind: 'answer',
  status,
  headers,
  bytes: new Uint8Array(),
})
const hook = (url: string) => ({ url, method: 'POST' as const, params: { A: '1' } })

test('nobody there is tried twice and is 11205; a bad answer once and is 11200; silence once', async () => {
  const nobody = scripted([{ kind: 'failure', why: 'connect', detail: 'ECONNREFUSED' }])
  expect(await nobody.webhooks.deliver(hook('http://example.org/'))).toMatchObject({
    code: 11205,
    status: null,
  })
  expect(nobody.sent).toHaveLength(2)
  const bad = scripted([answer(503)])
  expect(await bad.webhooks.deliver(hook('http://example.org/'))).toMatchObject({ code: 11200, status: 503 })
  expect(bad.sent).toHaveLength(1)
  const silent = scripted([{ kind: 'failure', why: 'read', detail: 'no answer in time' }])
  expect(await silent.webhooks.deliver(hook('http://example.org/'))).toMatchObject({ code: 11200 })
  expect(silent.sent).toHaveLength(1)
})

test('a redirect becomes a GET without its parameters, signed anew; 307 keeps both', async () => {
  const moved = scripted([answer(302, { location: '/elsewhere' }), answer(200)])
  await moved.webhooks.deliver(hook('http://example.org/a?b=c'))
  expect(moved.sent.map(({ method, url, body }) => [method, url.href, body])).toEqual([
    ['POST', 'http://example.org/a?b=c', 'A=1'],
    ['GET', 'http://example.org/elsewhere', null],
  ])
  expect(moved.sent[1]!.headers['x-twilio-signature']).toBe(
    signature(account.authToken, 'http://example.org/elsewhere', []),
  )
  const kept = scripted([answer(307, { location: 'https://example.org/b' }), answer(200)])
  await kept.webhooks.deliver(hook('http://example.org/a'))
  expect(kept.sent[1]).toMatchObject({ method: 'POST', body: 'A=1' })
})

test('redirects that go round end', async () => {
  const round = scripted([answer(302, { location: '/a' })])
  expect(await round.webhooks.deliver(hook('http://example.org/a'))).toMatchObject({
    code: 11200,
    reason: 'answered 302',
  })
  expect(round.sent).toHaveLength(6)
})

test('a name and password in an address belong to the signature and go as a login', async () => {
  const login = scripted([answer(200)])
  await login.webhooks.deliver(hook('http://user:p%40ss@example.org/a'))
  expect(login.sent[0]!.url.href).toBe('http://example.org/a')
  expect(login.sent[0]!.headers.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`)
  expect(login.sent[0]!.headers['x-twilio-signature']).toBe(
    signature(account.authToken, 'http://user:p%40ss@example.org/a', [['A', '1']]),
  )
})

test.each(['', 'nowhere', 'ftp://example.org/', 'http://'])('%j is no address: 11100', async (url) => {
  const none = scripted([answer(200)])
  expect(await none.webhooks.deliver(hook(url))).toMatchObject({ code: 11100 })
  expect(none.sent).toEqual([])
})

test('relative addresses start from the document, absolute ones stay as written', () => {
  expect(absolute('/keys', 'http://example.org/a/b?c')).toBe('http://example.org/keys')
  expect(absolute('keys', 'http://example.org/a/b?c')).toBe('http://example.org/a/keys')
  expect(absolute("http://example.org/?it's", 'http://example.org/')).toBe("http://example.org/?it's")
  expect(absolute('keys', undefined)).toBeNull()
})

const limits = { connectMs: 500, readMs: 80, totalMs: 1000, bytes: 1000 }
async function openServer(listener: RequestListener): Promise<URL> {
  server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server!.once('listening', resolve))
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

test('over the network: a late answer, too large a one, a broken line, nobody', async () => {
  const url = await openServer((request, response) => {
    if (request.url === '/large') response.end('x'.repeat(2000))
    else if (request.url === '/broken') request.socket.destroy()
    else if (request.url === '/good') response.end('good')
  })
  const transport = keepAliveTransport()
  const send = (path: string) =>
    transport.send({ url: new URL(path, url), method: 'POST', headers: {}, body: 'A=1', limits })
  expect(await send('/good')).toMatchObject({ kind: 'answer', status: 200 })
  expect(await send('/late')).toEqual(expect.objectContaining({ kind: 'failure', why: 'read' }))
  expect(await send('/large')).toEqual(expect.objectContaining({ kind: 'failure', why: 'size' }))
  expect(await send('/broken')).toEqual(expect.objectContaining({ kind: 'failure', why: 'read' }))
  expect(
    await transport.send({
      url: new URL('http://127.0.0.1:9/'),
      method: 'GET',
      headers: {},
      body: null,
      limits,
    }),
  ).toEqual(expect.objectContaining({ kind: 'failure', why: 'connect' }))
  transport.close()
})

test('a kept connection that was closed meanwhile is replaced without a word', async () => {
  let connections = 0
  const url = await openServer((_, response) => response.end('good'))
  server!.on('connection', () => connections++)
  const transport = keepAliveTransport()
  const send = () => transport.send({ url, method: 'POST', headers: {}, body: 'A=1', limits })
  await send()
  await send()
  expect(connections).toBe(1)
  server!.closeAllConnections()
  expect(await send()).toMatchObject({ kind: 'answer', status: 200 })
  transport.close()
})

test('webhooks can leave over a fetch instead', async () => {
  const urls: string[] = []
  rig = await openRig({
    phones: { [ada]: [person(1)] },
    fetch: async (input) => {
      urls.push(String(input))
      return new Response(twiml('<Say>By fetch.</Say>'), { headers: { 'content-type': 'text/xml' } })
    },
  })
  await rig.call(ada, {
    url: 'http://calls.example.org/voice',
    statusCallback: 'http://calls.example.org/status',
  })
  await rig.to(30)
  expect(urls.filter((url) => url.endsWith('/voice'))).toHaveLength(1)
  expect(rig.rings()[0]!.heard).toEqual(['By fetch.'])
})
