// Our Twilio adapter and lines against the exchange, over real HTTP on a clock that jumps: what the exchange saw, and what our rows
// and their owner say of it.
import { Hono } from 'hono'
import { afterEach, expect, test } from 'vitest'
import {
  type BehavioursGiven,
  createExchange,
  type Exchange,
  estimatedVoice,
} from '../../src/exchange/exchange.ts'
import { silentLog } from '../../src/kit/log.ts'
import { lineActors, lineRoutes } from '../../src/lines/lines.ts'
import type { MovableClock } from '../../src/outside/clock.ts'
import { twilioPhone } from '../../src/outside/phone/twilio.ts'
import { listen } from '../../src/outside/server.ts'
import { liveUntil } from '../../src/queue/loop.ts'
import { lineNumber, type TestAppWanted } from '../support/app.ts'
import { type LinesWorld, linesWorld } from '../support/lines.ts'

const account = { sid: `AC${'0'.repeat(31)}3`, authToken: 'the-exchange-of-a-test' }
const ada = '+441632960101'
const ben = '+447700900201'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

interface World extends LinesWorld {
  exchange: Exchange
  /** From one event to the next, so many seconds on. */
  pass(seconds: number): Promise<void>
}

/** What happens to an answer of the provider's on its way to us. */
type OnTheWay = (answer: Response, request: Request) => Response | Promise<Response>

async function world(
  behaviours: BehavioursGiven,
  wanted: TestAppWanted = {},
  onTheWay: OnTheWay = (answer) => answer,
): Promise<World> {
  const web = await listen('127.0.0.1', 0)
  open.push(() => web.close())
  const publicUrl = `http://127.0.0.1:${web.port}`
  const lines = await linesWorld(wanted)
  const clock: MovableClock = lines.app.clock
  const exchange = createExchange({
    clock,
    log: silentLog,
    account,
    lines: [{ name: 'main', number: lineNumber, callsPerSecond: 1, textsPerSecond: 1, concurrentCalls: 50 }],
    webhooks: { voiceUrl: `${publicUrl}/lines/main/ring-in`, smsUrl: `${publicUrl}/lines/main/text-in` },
    seed: 1,
    voice: estimatedVoice(),
    ...behaviours,
  })
  open.push(() => exchange.close())
  const app = Object.assign(lines.app, {
    config: { ...lines.app.config, publicUrl },
    phone: twilioPhone({
      accountSid: account.sid,
      authToken: account.authToken,
      apiUrl: `${publicUrl}/exchange/provider`,
    }),
  })
  const server = new Hono()
  server.route('/lines', lineRoutes(app))
  server.all('/exchange/provider/*', async (c) => {
    const answer = await exchange.rest.fetch(
      new Request(c.req.url.replace('/exchange/provider', ''), c.req.raw),
    )
    return onTheWay(answer, c.req.raw)
  })
  web.answerWith(server.fetch)
  const actors = [...lineActors(app, { inFlight: 1 }), exchange.actor]
  return {
    ...lines,
    actors,
    exchange,
    pass: (seconds) => liveUntil(clock, actors, new Date(clock.now().getTime() + seconds * 1000)),
  }
}

test.each<[string, NonNullable<BehavioursGiven['phones']>[string][number], string, string]>([
  ['rings out', 'no-answer', 'rang out', 'no-answer'],
  ['is engaged', 'busy', 'busy', 'busy'],
  ['pushes the call away', 'rejected', 'rejected', 'rejected'],
  ['does not exist', 'unreachable', 'unreachable number', 'unreachable'],
  ['has an answerphone', { voicemail: { afterSeconds: 20 } }, 'voicemail', 'voicemail'],
  [
    'is answered, and nobody presses',
    { answer: { afterSeconds: 5, hangUpAtSecond: 9 } },
    'answered without a key',
    'answered',
  ],
  [
    'is answered, and a key is pressed',
    { answer: { afterSeconds: 5, press: [{ key: '#', atSecond: 4 }], hangUpAtSecond: 9 } },
    'acknowledged',
    'answered',
  ],
])('a telephone that %s', async (_name, behaviour, result, rang) => {
  const { exchange, ring, pass, owner, row } = await world({ phones: { [ada]: [behaviour] } })
  const id = await ring()
  await pass(120)
  expect(exchange.ledger.rings()).toMatchObject([{ from: lineNumber, to: ada, result: rang, clash: false }])
  const [ringing] = exchange.ledger.rings()
  expect(owner.ended_).toMatchObject([{ outgoingId: id, kind: 'call', result }])
  expect(await row(id)).toMatchObject({
    state: 'ended',
    result,
    provider_sid: ringing!.callSid,
    wake_at: null,
  })
  expect((await row(id)).ended_at).toEqual(new Date(ringing!.endedAt!))
})

test('the first words are heard at once, every key reaches its owner, and each is answered', async () => {
  const press = [
    { key: '*', atSecond: 0.5 },
    { key: '5', atSecond: 3 },
  ]
  const { exchange, ring, pass, owner } = await world({
    phones: { [ada]: [{ answer: { afterSeconds: 8, press, hangUpAtSecond: 5 } }] },
  })
  await ring()
  await pass(60)
  const [rung] = exchange.ledger.rings()
  expect(rung!.heard).toEqual(['hello', 'key *', 'key 5'])
  expect(rung!.keys.map(({ key, taken }) => [key, taken])).toEqual([
    ['*', true],
    ['5', true],
  ])
  expect(owner.told.map(({ what, heard }) => [what, heard.keys])).toEqual([
    ['answered', ''],
    ['keyed', '*'],
    ['keyed', '*5'],
  ])
  expect(owner.ended_).toMatchObject([
    {
      result: 'acknowledged',
      keys: '*5',
      rangAt: new Date(rung!.at),
      answeredAt: new Date(rung!.answeredAt!),
    },
  ])
})

test('what is said after the beep is recorded, told, fetched and forgotten; silence is told too', async () => {
  const speak = [{ text: 'Hello Mum, it is time for your lunch now, with love from me.', atSecond: 3 }]
  const { exchange, app, ring, pass, owner } = await world({
    phones: {
      [ada]: [
        { answer: { afterSeconds: 1, speak, press: [{ key: '#', atSecond: 10 }], hangUpAtSecond: 20 } },
        { answer: { afterSeconds: 1, hangUpAtSecond: 12 } },
      ],
    },
  })
  owner.answered = async () => [{ do: 'record', maxSeconds: 60 }]
  await ring()
  await pass(60)
  const [told, ready] = owner.told
  expect(told).toMatchObject({ what: 'recorded', tape: { isFileReady: false } })
  expect(ready).toMatchObject({ what: 'recorded', tape: { ...told!.tape, isFileReady: true } })
  expect(exchange.ledger.rings()[0]!.heard[0]).toBe('recorded')
  const wav = await app.phone.fetchRecording(told!.tape!.recordingSid)
  expect(new TextDecoder().decode(wav.subarray(0, 4))).toBe('RIFF')
  await app.phone.deleteRecording(told!.tape!.recordingSid)
  await app.phone.deleteRecording(told!.tape!.recordingSid)
  await expect(app.phone.fetchRecording(told!.tape!.recordingSid)).rejects.toMatchObject({ temporary: true })

  owner.told.length = 0
  await ring()
  await pass(60)
  expect(owner.told.map(({ what }) => what).slice(0, 1)).toEqual(['silent'])
})

test('silence after a prompt comes back, and another prompt follows', async () => {
  const { exchange, ring, pass, owner } = await world({
    phones: { [ada]: [{ answer: { afterSeconds: 1, hangUpAtSecond: 20 } }] },
  })
  await ring()
  await pass(60)
  expect(owner.told.map(({ what, heard }) => [what, heard.silences]).slice(0, 3)).toEqual([
    ['answered', 0],
    ['silent', 1],
    ['silent', 2],
  ])
  expect(exchange.ledger.rings()[0]!.heard.slice(0, 2)).toEqual(['hello', 'are you there?'])
})

test('an answerphone is put down, so that nothing is left on it', async () => {
  const { exchange, ring, pass } = await world({ phones: { [ada]: [{ voicemail: { afterSeconds: 10 } }] } })
  await ring()
  await pass(60)
  const [rung] = exchange.ledger.rings()
  const talkedFor = new Date(rung!.endedAt!).getTime() - new Date(rung!.answeredAt!).getTime()
  expect(talkedFor).toBeLessThan(10_000)
})

test('a call no longer wanted stops ringing at once', async () => {
  const { exchange, ring, pass, cancel, owner, app } = await world({ phones: { [ada]: ['no-answer'] } })
  const id = await ring()
  await pass(10)
  await cancel(id)
  await pass(1)
  expect(exchange.ledger.rings()[0]!.endedAt).toBe('2026-11-24T09:00:10.000Z')
  expect(owner.ended_).toMatchObject([{ outgoingId: id, result: 'cancelled' }])
  expect(app.clock.now()).toEqual(new Date('2026-11-24T09:00:11Z'))
})

test('a text arrives, is reported, and its answer finds a listener, whose thanks arrive', async () => {
  const { exchange, text, pass, owner } = await world(
    { texts: { [ben]: [{ reply: 'OK', afterSeconds: 30 }] } },
    {
      textListeners: [async (_app, { from, body }) => (from === ben && body === 'OK' ? 'Thank you.' : null)],
    },
  )
  const id = await text({ body: 'Ada did not answer.\nReply OK.' })
  await pass(60)
  expect(exchange.ledger.entries()).toMatchObject([
    { kind: 'text', to: ben, body: 'Ada did not answer.\nReply OK.', result: 'delivered' },
    { kind: 'text in', from: ben, body: 'OK' },
    { kind: 'text', to: ben, body: 'Thank you.' },
  ])
  expect(owner.ended_).toMatchObject([{ outgoingId: id, kind: 'text', result: 'delivered' }])
})

test('the provider makes the call and its answer is lost: one ring, adopted, told to its end', async () => {
  let lost = 0
  const { exchange, ring, pass, owner, exchanges } = await world(
    { phones: { [ada]: ['no-answer'] } },
    {},
    (answer, request) =>
      request.method === 'POST' && lost++ === 0
        ? new Response('<html>bad gateway</html>', { status: 502 })
        : answer,
  )
  const id = await ring()
  await pass(180)
  expect(exchange.ledger.rings()).toHaveLength(1)
  expect(owner.ended_).toMatchObject([{ outgoingId: id, result: 'rang out' }])
  expect((await exchanges(id))[0]).toEqual({
    did: 'asked the provider for a call',
    answered: 'no telling: HTTP 502',
  })
})

test('the same with every callback lost too: found in the provider’s list, looked up, told to its end', async () => {
  const { app, exchange, ring, pass, owner, exchanges } = await world(
    { phones: { [ada]: ['busy', { answer: { afterSeconds: 5, hangUpAtSecond: 30 } }] } },
    {},
    (answer, request) => (request.method === 'POST' ? new Response('', { status: 500 }) : answer),
  )
  app.phone.isSigned = () => false // our server turns every callback away
  const first = await ring()
  await pass(180)
  const second = await ring()
  await pass(180)
  expect(exchange.ledger.rings()).toHaveLength(2)
  expect((await exchanges(first)).at(-1)).toEqual({
    did: 'searched the provider’s calls',
    answered: expect.stringMatching(/^found CA.*: ended, busy$/),
  })
  // the second was answered, but nobody heard a word of ours: our outage, not hers
  expect(owner.ended_).toMatchObject([
    { outgoingId: first, result: 'busy' },
    { outgoingId: second, result: 'not placed' },
  ])
})

/** As a provider answers whose clock is an hour behind ours. */
async function anHourBehind(answer: Response): Promise<Response> {
  const earlier = (date: string) => new Date(Date.parse(date) - 3_600_000).toUTCString()
  const body = (await answer.text()).replaceAll(
    /(?<=")\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000(?=")/g,
    (date) => earlier(date).replace('GMT', '+0000'),
  )
  const headers = { 'content-type': 'application/json', date: earlier(answer.headers.get('date')!) }
  return new Response(body, { status: answer.status, headers })
}

test('and found though its clock is an hour behind ours', async () => {
  const { app, exchange, ring, pass, owner } = await world(
    { phones: { [ada]: ['busy'] } },
    {},
    (answer, request) =>
      request.method === 'POST' ? new Response('', { status: 500 }) : anHourBehind(answer),
  )
  app.phone.isSigned = () => false
  const id = await ring()
  await pass(180)
  expect(exchange.ledger.rings()).toHaveLength(1)
  expect(owner.ended_).toMatchObject([{ outgoingId: id, result: 'busy' }])
})

test('fifty calls wait their turn and ring one each second', async () => {
  const { exchange, ring, pass } = await world({})
  for (let place = 0; place < 50; place++) await ring({ to: `+4416329602${String(place).padStart(2, '0')}` })
  await pass(120)
  const instants = exchange.ledger.rings().map(({ at }) => new Date(at).getTime())
  expect(instants).toHaveLength(50)
  for (const [place, instant] of instants.entries())
    if (place > 0) expect(instant - instants[place - 1]!).toBeGreaterThanOrEqual(1000)
  expect(instants.at(-1)! - instants[0]!).toBe(49_000)
})
