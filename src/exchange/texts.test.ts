import { afterEach, expect, test } from 'vitest'
import { ada, ben, line, openRig, type Rig, twiml } from './rig.ts'

let rig: Rig
afterEach(() => rig?.close())

const send = (body: string, more: Record<string, unknown> = {}) =>
  rig.client.messages.create({ from: line, to: ben, body, statusCallback: `${rig.url}/text-status`, ...more })

test('a text is queued, sent, delivered, and each is told', async () => {
  rig = await openRig()
  const { sid, status } = await send('Ada did not answer.')
  expect([sid, status]).toEqual([expect.stringMatching(/^SM[0-9a-f]{32}$/), 'queued'])
  await rig.to(10)
  expect(
    rig.on('/text-status').map(({ params, second }) => [params.MessageStatus, params.MessageSid, second]),
  ).toEqual([
    ['sent', sid, 0],
    ['delivered', sid, 1.5],
  ])
  expect(await rig.client.messages(sid).fetch()).toMatchObject({
    status: 'delivered',
    numSegments: '1',
    errorCode: null,
    direction: 'outbound-api',
  })
  expect(rig.exchange.ledger.entries()).toMatchObject([
    {
      kind: 'text',
      to: ben,
      body: 'Ada did not answer.',
      result: 'delivered',
      automatic: false,
      statusUrl: `${rig.url}/text-status`,
    },
  ])
  expect(rig.exchange.handsets()).toMatchObject([
    { number: ben, texts: [{ way: 'in', body: 'Ada did not answer.' }] },
  ])
})

test('texts leave at the rate of the line', async () => {
  rig = await openRig()
  for (const n of [1, 2, 3]) await send(`Text ${n}`)
  await rig.to(10)
  expect(rig.exchange.ledger.entries().map(({ at }) => at.slice(17, 19))).toEqual(['00', '01', '02'])
})

test('a landline gets no text: undelivered, 30006', async () => {
  rig = await openRig()
  const { sid } = await send('Hello', { to: ada })
  await rig.to(10)
  expect(rig.on('/text-status').at(-1)!.params).toMatchObject({
    MessageStatus: 'undelivered',
    ErrorCode: '30006',
  })
  expect(await rig.client.messages(sid).fetch()).toMatchObject({ status: 'undelivered', errorCode: 30006 })
  expect(rig.exchange.ledger.entries()).toMatchObject([{ result: 'undelivered' }])
})

test('a text that waits longer than it is worth is not sent: 30036', async () => {
  rig = await openRig({
    lines: [{ name: 'main', number: line, callsPerSecond: 1, textsPerSecond: 0.1, concurrentCalls: 5 }],
  })
  await send('First')
  const { sid } = await send('Second', { validityPeriod: 5 })
  await rig.to(30)
  expect(await rig.client.messages(sid).fetch()).toMatchObject({
    status: 'failed',
    errorCode: 30036,
    price: null as never,
  })
  expect(rig.exchange.ledger.entries()).toHaveLength(1)
})

test('a queued text can be cancelled', async () => {
  rig = await openRig()
  await send('First')
  const { sid } = await send('Second')
  await rig.to(0.5)
  expect((await rig.client.messages(sid).update({ status: 'canceled' })).status).toBe('canceled')
  await rig.to(10)
  expect(rig.exchange.ledger.entries()).toHaveLength(1)
  await expect(rig.client.messages(sid).update({ status: 'canceled' })).rejects.toMatchObject({ status: 409 })
})

test('people reply as their behaviour says, one entry a text, the last repeating', async () => {
  rig = await openRig({ texts: { [ben]: [null, { reply: 'OK', afterSeconds: 40 }] } })
  await send('One')
  await rig.to(100)
  expect(rig.on('/text-in')).toEqual([])
  await send('Two')
  await rig.to(200)
  expect(rig.on('/text-in')).toMatchObject([
    { second: 141.5, params: { From: ben, To: line, Body: 'OK', NumMedia: '0', SmsStatus: 'received' } },
  ])
  expect(rig.exchange.ledger.entries().map(({ kind }) => kind)).toEqual(['text', 'text', 'text in'])
})

test('the answer to a text that comes in is sent', async () => {
  rig = await openRig()
  rig.answers['/text-in'] = ({ params }) => twiml(`<Message>You wrote ${params.Body}</Message>`)
  expect(rig.exchange.textFrom(ben, line, 'hello')).toBe(true)
  expect(rig.exchange.textFrom(ben, '+441632960777', 'hello')).toBe(false)
  await rig.to(10)
  expect(rig.exchange.ledger.entries()).toMatchObject([
    { kind: 'text in', from: ben, body: 'hello' },
    { kind: 'text', to: ben, body: 'You wrote hello', automatic: false },
  ])
  const [reply, came] = await rig.client.messages.list()
  expect(came).toMatchObject({ direction: 'inbound', status: 'received', from: ben })
  expect(reply).toMatchObject({ direction: 'outbound-reply', status: 'delivered' })
})

test.each(['STOP', ' stop ', 'Unsubscribe', 'CANCEL'])(
  'after %j nothing more is sent, until START',
  async (word) => {
    rig = await openRig()
    rig.answers['/text-in'] = twiml('<Message>An answer nobody gets</Message>')
    rig.exchange.textFrom(ben, line, word)
    await rig.to(10)
    expect(rig.on('/text-in')).toHaveLength(1)
    expect(rig.exchange.ledger.entries()).toMatchObject([
      { kind: 'text in' },
      { kind: 'text', automatic: true, to: ben },
    ])
    await expect(send('Hello')).rejects.toMatchObject({ status: 400, code: 21610 })
    rig.answers['/text-in'] = twiml('')
    rig.exchange.textFrom(ben, line, 'yes')
    await rig.to(20)
    await expect(send('Hello')).resolves.toMatchObject({ status: 'queued' })
    expect(
      rig.exchange.ledger.entries().filter((entry) => entry.kind === 'text' && entry.automatic),
    ).toHaveLength(2)
  },
)

test('stop inside a sentence is for the customer to understand; YES without a STOP is answered by nobody', async () => {
  rig = await openRig()
  rig.exchange.textFrom(ben, line, 'please stop')
  rig.exchange.textFrom(ben, line, 'YES')
  await rig.to(10)
  expect(rig.on('/text-in')).toHaveLength(2)
  expect(rig.exchange.ledger.entries()).toHaveLength(2)
  await expect(send('Hello')).resolves.toMatchObject({ status: 'queued' })
})

test.each([
  [{ to: '123' }, 21211],
  [{ from: '+441632960999' }, 21606],
  [{ body: '' }, 21602],
  [{ body: 'x'.repeat(1601) }, 21617],
  [{ validityPeriod: 40_000 }, 90007],
  [{ mediaUrl: ['https://example.org/a.png'] }, 20001],
] as const)('a text with %j is refused with %i', async (wrong, code) => {
  rig = await openRig()
  await expect(send('Hello', wrong)).rejects.toMatchObject({ status: 400, code })
})
