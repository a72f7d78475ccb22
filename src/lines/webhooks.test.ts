// What the provider tells and asks us, through the real routes, on a real PostgreSQL. Most tests use a telephone that reads events
// as they are; the last use the Twilio adapter and real signatures.
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { expect, test } from 'vitest'
import { lineId, linesWorld } from '../../test/support/lines.ts'
import { type LineEnd, type PhoneEvent, phonesBy } from '../outside/phone/port.ts'
import { twilioPhone } from '../outside/phone/twilio.ts'
import { addOptOut } from './opt-outs/store.ts'
import { lineRoutes } from './webhooks.ts'

const nine = new Date('2026-11-24T09:00:00Z')
const at = (seconds: number) => new Date(nine.getTime() + seconds * 1000)

async function rung(wanted: Parameters<typeof linesWorld>[0] = {}) {
  const world = await linesWorld(wanted)
  const id = await world.ring({ serviceId: '00000000-0000-7000-8000-0000000000c1' })
  await world.settle()
  return { ...world, id, sid: world.app.phone.calls[0]!.sid }
}
const over = (sid: string, how: LineEnd, sequence = 3): PhoneEvent => ({
  kind: 'state',
  sid,
  state: { kind: 'ended', how, seconds: 1 },
  sequence,
  code: null,
})
const base = `https://callassist.example.org/lines/${lineId}`

test('what was recorded is told at its end and when its file is ready, and only the first is answered', async () => {
  const { hook, owner, exchanges, id, sid } = await rung()
  await hook('voice', id, { kind: 'answered', sid })
  const tape = { recordingSid: 'RE1', seconds: 7, isFileReady: false }
  const said = await hook('keys', id, { kind: 'recorded', sid, ...tape }, '?keys=0&silences=0')
  expect(await said.text()).toContain('recorded')
  await hook('status', id, over(sid, 'completed'))
  const ready = await hook('recording', id, { kind: 'recorded', sid, ...tape, isFileReady: true })
  expect(await ready.text()).toBe('nothing')
  expect(owner.told.flatMap((told) => told.tape ?? [])).toMatchObject([
    { ...tape, lineId },
    { ...tape, isFileReady: true },
  ])
  expect((await exchanges(id)).map(({ did }) => did)).toEqual(
    expect.arrayContaining([
      'the provider told of a recording of 7 seconds',
      'the provider told: the file of a recording is ready',
    ]),
  )
})

test('a whole call: the owner is asked what to say, hears each key, and is told of the end', async () => {
  const { app, hook, owner, row, exchanges, id, sid } = await rung()
  await hook('status', id, { kind: 'state', sid, state: { kind: 'ringing' }, sequence: 1, code: null })
  app.pass(8)
  const said = await hook('voice', id, { kind: 'answered', sid })
  expect(said.status).toBe(200)
  expect(await said.json()).toEqual([
    { do: 'gather', sounds: [{ do: 'say', text: 'hello' }], waitSeconds: 6 },
  ])
  await hook('status', id, { kind: 'state', sid, state: { kind: 'in progress' }, sequence: 2, code: null })
  app.pass(4)
  expect(await (await hook('keys', id, { kind: 'silent', sid }, '?keys=0&silences=0')).text()).toContain(
    'are you there?',
  )
  expect(
    await (await hook('keys', id, { kind: 'keyed', sid, key: '*' }, '?keys=0&silences=1')).text(),
  ).toContain('key *')
  expect(
    await (await hook('keys', id, { kind: 'keyed', sid, key: '1' }, '?keys=1&silences=0')).text(),
  ).toContain('key 1')
  app.pass(4)
  expect(await (await hook('status', id, over(sid, 'completed'))).text()).toBe('nothing')

  const { owner_id: ownerId, part_id: partId } = await row(id)
  const heard = { organisationId: app.scope.organisationId, outgoingId: id, ownerId, partId }
  expect(owner.told).toEqual([
    { what: 'answered', heard: { ...heard, keys: '', silences: 0, rangAt: nine } },
    { what: 'silent', heard: { ...heard, keys: '', silences: 1, rangAt: nine } },
    { what: 'keyed', heard: { ...heard, keys: '*', silences: 0, rangAt: nine }, key: '*' },
    { what: 'keyed', heard: { ...heard, keys: '*1', silences: 0, rangAt: nine }, key: '1' },
  ])
  expect(owner.ended_).toEqual([
    {
      ...heard,
      kind: 'call',
      result: 'acknowledged',
      code: null,
      keys: '*1',
      rangAt: nine,
      answeredAt: at(8),
    },
  ])
  expect(await exchanges(id)).toEqual([
    { did: 'asked the provider for a call', answered: `taken as ${sid}` },
    { did: 'the provider told: ringing (report 1)', answered: 'heard' },
    { did: 'the provider asked what to say', answered: 'answered with what to say' },
    { did: 'the provider told: in progress (report 2)', answered: 'heard' },
    { did: 'the provider told of no key', answered: 'answered with what to say' },
    { did: 'the provider told of a key', answered: 'answered with what to say' },
    { did: 'the provider told of a key', answered: 'answered with what to say' },
    { did: 'the provider told: ended, completed (report 3)', answered: 'heard' },
  ])
})

test('the same webhook five times: one key, one end, five equal answers', async () => {
  const { hook, owner, row, id, sid } = await rung()
  const times = async (kind: string, event: PhoneEvent, query = '') => {
    const answers = []
    for (let time = 0; time < 5; time++) answers.push(await (await hook(kind, id, event, query)).text())
    expect(new Set(answers).size).toBe(1)
  }
  await times('status', { kind: 'state', sid, state: { kind: 'ringing' }, sequence: 1, code: null })
  await times('voice', { kind: 'answered', sid })
  await times('keys', { kind: 'keyed', sid, key: '1' }, '?keys=0&silences=0')
  await times('status', over(sid, 'completed'))
  expect(await row(id)).toMatchObject({ keys: '1', state: 'ended', result: 'acknowledged' })
  expect(owner.ended_).toHaveLength(1)
  const keyed = owner.told.filter(({ what }) => what === 'keyed').map(({ heard, key }) => [key, heard.keys])
  expect(keyed).toEqual(Array(5).fill(['1', '1']))
})

test('five at the same moment: one end', async () => {
  const { hook, owner, id, sid } = await rung()
  await Promise.all(Array.from({ length: 5 }, () => hook('status', id, over(sid, 'busy'))))
  expect(owner.ended_).toMatchObject([{ result: 'busy' }])
})

test('callbacks in the wrong order, and after the end', async () => {
  const { app, hook, owner, row, id, sid } = await rung()
  await hook('status', id, { kind: 'state', sid, state: { kind: 'in progress' }, sequence: 2, code: null })
  app.pass(1)
  await hook('status', id, { kind: 'state', sid, state: { kind: 'ringing' }, sequence: 1, code: null })
  await hook('voice', id, { kind: 'answered', sid })
  await hook('status', id, over(sid, 'completed'))
  app.pass(1)
  await hook('status', id, { kind: 'state', sid, state: { kind: 'queued' }, sequence: 0, code: null })
  await hook('machine', id, { kind: 'machine', sid, verdict: 'machine' })
  expect(await row(id)).toMatchObject({
    state: 'ended',
    result: 'answered without a key',
    rang_at: nine,
    ended_at: at(1),
    wake_at: null,
  })
  expect(owner.ended_).toHaveLength(1)
  // the end overtook the key: a person is a person
  await hook('keys', id, { kind: 'keyed', sid, key: '1' }, '?keys=0&silences=0')
  expect(owner.told.at(-1)).toMatchObject({ what: 'keyed', key: '1', heard: { keys: '1' } })
  expect(await row(id)).toMatchObject({ keys: '1', result: 'acknowledged' })
})

test('a webhook overtakes the answer to our request, or stands in for it', async () => {
  const { app, ring, settle, hook, row } = await linesWorld()
  app.phone.answer = () => ({ kind: 'unknown', reason: 'ECONNRESET' })
  const place = app.phone.placeCall
  const early = await ring()
  app.phone.placeCall = async (call) => {
    await hook('status', early, {
      kind: 'state',
      sid: 'CA7',
      state: { kind: 'ringing' },
      sequence: 1,
      code: null,
    })
    return place(call)
  }
  await settle()
  expect(await row(early)).toMatchObject({ state: 'ringing', provider_sid: 'CA7' })
  app.phone.placeCall = place
  app.pass(1)
  const unknown = await ring({ to: '+441632960102' })
  await settle()
  expect(await row(unknown)).toMatchObject({ state: 'unknown' })
  await hook('voice', unknown, { kind: 'answered', sid: 'CA8' })
  expect(await row(unknown)).toMatchObject({ state: 'answered', provider_sid: 'CA8', result_code: null })
})

test('when our words cannot be made, the provider asks for the fallback, and the call counts as ours to answer for', async () => {
  const { hook, owner, row, id, sid } = await rung()
  owner.trouble = new Error('a bug in the owner')
  expect((await hook('voice', id, { kind: 'answered', sid })).status).toBe(500)
  const fallback = await hook('fallback', id, { kind: 'answered', sid })
  expect(await fallback.text()).toContain('It is our fault, not yours')
  await hook('status', id, over(sid, 'completed'))
  expect(await row(id)).toMatchObject({ state: 'ended', result: 'not placed' })
  expect(owner.ended_).toMatchObject([{ result: 'not placed' }])
})

test('the fallback is spoken even when it cannot be noted: the database is away, the token unknown', async () => {
  const { app, hook, routes, id, sid } = await rung()
  const unknown = await routes.request(`/${lineId}/fallback/no-token`, {
    method: 'POST',
    headers: { 'X-Twilio-Signature': 'signed' },
    body: new URLSearchParams({ event: '{"kind":"answered","sid":"CA1"}' }),
  })
  expect(await unknown.text()).toContain('It is our fault, not yours')
  const look = app.db.look
  const isAway = () => Promise.reject(new Error('the database is away'))
  Object.assign(app.db, { look: isAway })
  const path = `/${lineId}/fallback/00000000-0000-4000-8000-000000000000`
  const away = await routes.request(path, {
    method: 'POST',
    headers: { 'X-Twilio-Signature': 'signed' },
    body: new URLSearchParams({ event: JSON.stringify({ kind: 'answered', sid }) }),
  })
  expect(await away.text()).toContain('It is our fault, not yours')
  Object.assign(app.db, { look })
  expect((await hook('fallback', id, { kind: 'answered', sid })).status).toBe(200)
})

test('when the owner fails, nothing of the key is saved, and the provider may tell it again', async () => {
  const { hook, owner, row, id, sid } = await rung()
  await hook('voice', id, { kind: 'answered', sid })
  owner.trouble = new Error('a bug in the owner')
  expect((await hook('keys', id, { kind: 'keyed', sid, key: '1' }, '?keys=0&silences=0')).status).toBe(500)
  expect(await row(id)).toMatchObject({ keys: '' })
  expect((await hook('keys', id, { kind: 'keyed', sid, key: '1' }, '?keys=0&silences=0')).status).toBe(200)
  expect(await row(id)).toMatchObject({ keys: '1' })
})

test('a call that was counted as over and is answered all the same hears a kind sentence', async () => {
  const { hook, id, sid } = await rung()
  await hook('status', id, over(sid, 'failed'))
  expect(await (await hook('voice', id, { kind: 'answered', sid })).text()).toContain(
    'there is nothing you need to do',
  )
})

test('pages and workers are told after each change, and only then', async () => {
  const { app, hook, id, sid } = await rung()
  const heard: { work?: boolean; services?: readonly string[] }[] = []
  app.bell.listen((change) => heard.push(change))
  await hook('status', id, { kind: 'state', sid, state: { kind: 'ringing' }, sequence: 1, code: null })
  await hook('status', id, { kind: 'state', sid, state: { kind: 'ringing' }, sequence: 1, code: null })
  await hook('status', id, over(sid, 'no answer'))
  // pages follow a service, or what the call was made for itself
  const services = [expect.any(String), '00000000-0000-7000-8000-0000000000c1']
  expect(heard).toEqual([
    { work: false, services },
    { work: true, services },
  ])
})

test('unsigned, unknown and unreadable webhooks change nothing', async () => {
  const warned: string[] = []
  const log = { info: () => {}, warn: (what: string) => void warned.push(what), error: () => {} }
  const { routes, hook, row, rows, id, sid } = await rung({ log })
  const { token } = await row(id)
  const before = await rows()
  const post = (
    path: string,
    headers: Record<string, string> = { 'X-Twilio-Signature': 'signed' },
    event: unknown = over(sid, 'busy'),
  ) =>
    routes.request(`/${lineId}/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams({ event: JSON.stringify(event) }).toString(),
    })
  for (const kind of ['voice', 'keys', 'status', 'machine', 'fallback', 'text-status']) {
    expect((await post(`${kind}/${token}`, {})).status).toBe(403)
    expect((await post(`${kind}/${token}`, { 'X-Twilio-Signature': 'forged' })).status).toBe(403)
  }
  expect((await post('text-in', {})).status).toBe(403)
  expect((await post('ring-in', { 'X-Twilio-Signature': 'forged' })).status).toBe(403)
  expect(warned).toHaveLength(14)
  expect(new Set(warned)).toEqual(new Set(['a webhook was refused: its signature is wrong or missing']))

  expect((await post('postcard/x')).status).toBe(404)
  expect((await routes.request(`/${lineId}/status/${token}`)).status).toBe(404)
  expect(await (await post('status/no-token')).text()).toBe('nothing')
  expect(await (await post('status/00000000-0000-4000-8000-000000000000')).text()).toBe('nothing')
  const voice = await post('voice/00000000-0000-4000-8000-000000000000', undefined, { kind: 'answered', sid })
  expect(await voice.text()).toContain('there is nothing you need to do')
  expect(await (await post(`status/${token}`, undefined, null)).text()).toBe('nothing')
  const huge = await routes.request(`/${lineId}/status/${token}`, {
    method: 'POST',
    headers: { 'X-Twilio-Signature': 'signed', 'Content-Length': '70000' },
    body: 'x'.repeat(70_000),
  })
  expect(huge.status).toBe(413)
  expect(await rows()).toEqual(before)
  expect(
    await (await hook('text-status', id, { kind: 'text state', sid, state: 'delivered', code: null })).text(),
  ).toBe('nothing')
  expect(await rows()).toEqual(before)
})

test('a text that comes in is shown to the listeners in order until one answers', async () => {
  const asked: string[] = []
  const { routes } = await linesWorld({
    textListeners: [
      async (_app, text) => {
        asked.push(`first ${text.lineId} ${text.from} ${text.body}`)
        return null
      },
      async (_app, { body }) => {
        asked.push('second')
        return body === 'OK' ? 'Thank you, Ben.' : null
      },
      async () => {
        asked.push('third')
        return null
      },
    ],
  })
  let texts = 0
  const post = (line: string, body: string, sid = `SM${++texts}`) =>
    routes.request(`/${line}/text-in`, {
      method: 'POST',
      headers: { 'X-Twilio-Signature': 'signed', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        event: JSON.stringify({
          kind: 'text in',
          sid,
          from: '+447700900201',
          to: '+441632960001',
          body,
        }),
      }).toString(),
    })
  expect(await (await post('main', 'OK')).json()).toEqual({ reply: 'Thank you, Ben.' })
  expect(asked).toEqual([`first ${lineId} +447700900201 OK`, 'second'])
  // the provider tells of it twice, at once or late
  const again = await Promise.all([post('main', 'OK', 'SM1'), post('main', 'OK', 'SM1')])
  expect(await Promise.all(again.map((answer) => answer.text()))).toEqual(['nothing', 'nothing'])
  expect(asked).toHaveLength(2)
  expect(await (await post(lineId, 'Who is this?')).text()).toBe('nothing')
  // everybody is asked twice: first for what waits, then for what does not
  const all = [`first ${lineId} +447700900201 Who is this?`, 'second', 'third']
  expect(asked.slice(2)).toEqual([...all, ...all])
  // nobody can have signed for a line that there is not
  expect((await post('no such line', 'OK')).status).toBe(403)
})

test('whoever asked for no more texts is heard, and answered no more', async () => {
  const heardOf: string[] = []
  const { app, routes } = await linesWorld({
    textListeners: [
      async (_app, { body }) => {
        heardOf.push(body)
        return 'Thank you, Ben.'
      },
    ],
  })
  const from = '+447700900201'
  const optOut = { number: from, why: 'opted out' as const, word: 'please stop', lineId }
  await app.db.in(app.scope, (tx) => addOptOut(tx, optOut, app.clock.now()))
  const event = { kind: 'text in', sid: 'SM1', from, to: '+441632960001', body: 'OK' }
  const response = await routes.request('/main/text-in', {
    method: 'POST',
    headers: { 'X-Twilio-Signature': 'signed', 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ event: JSON.stringify(event) }).toString(),
  })
  expect(await response.text()).toBe('nothing')
  expect(heardOf).toEqual(['OK'])
})

test('a text that could not be acted upon is acted upon when it comes again', async () => {
  let tries = 0
  const { routes } = await linesWorld({
    textListeners: [
      async () => {
        if (++tries === 1) throw new Error('the database is away')
        return 'Thank you, Ben.'
      },
    ],
  })
  const event = { kind: 'text in', sid: 'SM1', from: '+447700900201', to: '+441632960001', body: 'OK' }
  const post = () =>
    routes.request('/main/text-in', {
      method: 'POST',
      headers: { 'X-Twilio-Signature': 'signed', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ event: JSON.stringify(event) }).toString(),
    })
  expect((await post()).status).toBe(500)
  expect(await (await post()).json()).toEqual({ reply: 'Thank you, Ben.' })
  expect(await (await post()).text()).toBe('nothing')
})

test('whoever rings the line hears who we are and what to do', async () => {
  const { routes } = await linesWorld()
  const response = await routes.request('/main/ring-in', {
    method: 'POST',
    headers: { 'X-Twilio-Signature': 'signed' },
    body: new URLSearchParams({ event: '{"kind":"ring in","sid":"CA1","from":"","to":""}' }),
  })
  const script = (await response.json()) as { do: string; sounds?: { text: string }[] }[]
  expect(script.map((verb) => verb.do)).toEqual(['gather'])
  expect(script[0]!.sounds![0]!.text).toContain('This is CallAssist.')
})

test('by Twilio: the whole path from a signed request to TwiML, and every forgery refused', async () => {
  const world = await rung()
  const authToken = 't'.repeat(32)
  const first = twilioPhone({ accountSid: `AC${'a'.repeat(32)}`, authToken })
  const app = { ...world.app, phones: phonesBy({ first }) }
  const routes = lineRoutes(app)
  const { token } = await world.row(world.id)
  const post = (
    path: string,
    params: Record<string, string>,
    { signedPath = path, signedParams = params, key = authToken } = {},
  ) =>
    // mounted as pages.ts mounts it; the public address differs from the one asked, as behind a proxy
    routes.request(`http://127.0.0.1:3000/${path}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'X-Twilio-Signature': getExpectedTwilioSignature(
          key,
          `https://callassist.example.org/${signedPath}`,
          signedParams,
        ),
      },
      body: new URLSearchParams(params).toString(),
    })
  const common = {
    CallSid: world.sid,
    AccountSid: `AC${'a'.repeat(32)}`,
    From: '+441632960001',
    To: '+441632960101',
    Direction: 'outbound-api',
  }

  const said = await post(`${lineId}/voice/${token}`, { ...common, CallStatus: 'in-progress' })
  expect(said.headers.get('Content-Type')).toBe('text/xml; charset=utf-8')
  const twiml = await said.text()
  expect(twiml).toContain('<Response><Gather')
  expect(twiml).toContain(`action="${base}/keys/${token}?keys=0&amp;silences=0"`)
  const next = await post(`${lineId}/keys/${token}?keys=0&silences=0`, {
    ...common,
    Digits: '1',
    FinishedOnKey: '',
  })
  expect(await next.text()).toContain(`action="${base}/keys/${token}?keys=1&amp;silences=0"`)
  expect(await world.row(world.id)).toMatchObject({ state: 'answered', keys: '1' })

  const before = await world.rows()
  const ended = { ...common, CallStatus: 'completed', CallDuration: '9', SequenceNumber: '3' }
  const path = `${lineId}/status/${token}`
  expect((await post(path, ended, { signedParams: { ...ended, CallStatus: 'ringing' } })).status).toBe(403)
  expect((await post(path, { ...ended, Extra: '1' }, { signedParams: ended })).status).toBe(403)
  expect(
    (await post(path, ended, { signedPath: `${lineId}/status/${token.replace(/.$/, 'x')}` })).status,
  ).toBe(403)
  expect((await post(path, ended, { key: 'x'.repeat(32) })).status).toBe(403)
  expect(
    (
      await post(
        `${lineId}/keys/${token}?keys=1&silences=0`,
        { ...common, Digits: '1' },
        { signedPath: `${lineId}/keys/${token}?keys=0&silences=0` },
      )
    ).status,
  ).toBe(403)
  expect(await world.rows()).toEqual(before)
  const answer = await post(path, ended)
  expect(await answer.text()).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>')
  expect(await world.row(world.id)).toMatchObject({ state: 'ended', result: 'acknowledged' })
})

test('a report that we have no word for changes nothing, and is kept for the operators', async () => {
  const { hook, id, row, exchanges } = await rung()
  const before = await row(id)
  await hook('status', id, { kind: 'unreadable', sid: before.provider_sid!, said: 'mislaid' })
  expect(await row(id)).toEqual(before)
  expect((await exchanges(id)).at(-1)).toEqual({
    did: 'the provider told something that we have no word for: mislaid',
    answered: 'heard before',
  })
})
