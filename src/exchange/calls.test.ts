import { afterEach, expect, test } from 'vitest'
import { ada, ben, line, openRig, person, type Rig, twiml } from './rig.ts'

let rig: Rig
afterEach(() => rig?.close())

const spoken = twiml('<Say>Good morning Ada.</Say>')
/** what estimatedVoice takes for a text, in seconds */
const saySeconds = (text: string) => (350 + 68 * text.length) / 1000

test('a number not listed rings out exactly at the time-out', async () => {
  rig = await openRig()
  const sid = await rig.call()
  await rig.to(29.999)
  expect((await rig.client.calls(sid).fetch()).status).toBe('ringing')
  await rig.to(60)
  const call = await rig.client.calls(sid).fetch()
  expect(call).toMatchObject({
    status: 'no-answer',
    direction: 'outbound-api',
    duration: '0',
    price: null as never,
  })
  expect(call.endTime!.getTime() - call.startTime!.getTime()).toBe(30_000)
  expect(
    rig.on('/status').map(({ params, second }) => [params.CallStatus, params.SequenceNumber, second]),
  ).toEqual([
    ['initiated', '0', 0],
    ['ringing', '1', 0],
    ['no-answer', '2', 30],
  ])
  expect(rig.on('/status').at(-1)!.params).toMatchObject({
    SipResponseCode: '487',
    CallDuration: '0',
    CallbackSource: 'call-progress-events',
  })
  expect(rig.on('/voice')).toEqual([])
  expect(rig.rings()).toMatchObject([
    { result: 'no-answer', at: '2026-11-24T09:30:00.000Z', endedAt: '2026-11-24T09:30:30.000Z', heard: [] },
  ])
})

test.each([
  ['busy', 'busy', '486', 'busy', undefined],
  ['rejected', 'busy', '603', 'rejected', undefined],
  ['unreachable', 'failed', '404', 'unreachable', '13224'],
] as const)('a number that is %s', async (behaviour, status, sip, result, error) => {
  rig = await openRig({ phones: { [ada]: [behaviour] } })
  const sid = await rig.call()
  await rig.to(1)
  expect((await rig.client.calls(sid).fetch()).status).toBe(status)
  const last = rig.on('/status').at(-1)!.params
  expect(last).toMatchObject({ CallStatus: status, SipResponseCode: sip })
  expect(last.ErrorCode).toBe(error)
  expect(rig.on('/status').map(({ params }) => params.CallStatus)).toEqual(['initiated', status])
  expect(rig.rings()).toMatchObject([{ result, answeredAt: null }])
})

test('a person answers, hears the message, and the call ends with the document', async () => {
  rig = await openRig({ phones: { [ada]: [person(8)] } })
  rig.answers['/voice'] = spoken
  const sid = await rig.call()
  await rig.to(100)
  const talked = saySeconds('Good morning Ada.')
  expect(rig.asked.map(({ path, params, second }) => [path, params.CallStatus, second])).toEqual([
    ['/status', 'initiated', 0],
    ['/status', 'ringing', 0],
    ['/voice', 'in-progress', 8],
    ['/status', 'in-progress', 8],
    ['/status', 'completed', 8 + talked],
  ])
  expect(rig.on('/voice')[0]!.params).toMatchObject({
    CallSid: sid,
    From: line,
    To: ada,
    Direction: 'outbound-api',
    ApiVersion: '2010-04-01',
  })
  expect(rig.on('/status').at(-1)!.params).toMatchObject({
    CallDuration: String(Math.round(talked)),
    Duration: '1',
    SipResponseCode: '200',
    SequenceNumber: '3',
  })
  expect(rig.rings()).toMatchObject([
    {
      result: 'answered',
      answeredAt: '2026-11-24T09:30:08.000Z',
      heard: ['Good morning Ada.'],
      callSid: sid,
    },
  ])
})

test('the price comes a minute after the end, negative', async () => {
  rig = await openRig({ phones: { [ada]: [person(1)] } })
  rig.answers['/voice'] = spoken
  const sid = await rig.call()
  await rig.to(30)
  expect((await rig.client.calls(sid).fetch()).price).toBeNull()
  await rig.to(120)
  expect((await rig.client.calls(sid).fetch()).price).toBe('-0.01550')
  expect(Number((await rig.client.balance.fetch()).balance)).toBeLessThan(1000)
})

test('the person hangs up first', async () => {
  rig = await openRig({ phones: { [ada]: [person(2, [], 1)] } })
  rig.answers['/voice'] = twiml(
    '<Say>A long message. It has several sentences. This one is not heard any more.</Say>',
  )
  await rig.call()
  await rig.to(30)
  expect(rig.on('/status').at(-1)).toMatchObject({
    second: 3,
    params: { CallStatus: 'completed', CallDuration: '1' },
  })
  expect(rig.rings()[0]!.heard).toEqual(['A long message.'])
})

test('a person who is left with silence hangs up after a minute', async () => {
  rig = await openRig({ phones: { [ada]: [{ answer: { afterSeconds: 1 } }] } })
  rig.answers['/voice'] = twiml('<Pause length="200"/>')
  await rig.call()
  await rig.to(300)
  expect(rig.on('/status').at(-1)).toMatchObject({ second: 61 })
})

test('a machine takes the call and hears the message to its end', async () => {
  rig = await openRig({ phones: { [ada]: [{ voicemail: { afterSeconds: 20 } }] } })
  rig.answers['/voice'] = twiml(
    '<Gather numDigits="1" finishOnKey="" action="/keys" actionOnEmptyResult="true" timeout="5"><Say>Hello.</Say></Gather>',
  )
  rig.answers['/keys'] = twiml('<Hangup/>')
  await rig.call()
  await rig.to(60)
  expect(rig.rings()).toMatchObject([
    { result: 'voicemail', answeredAt: '2026-11-24T09:30:20.000Z', heard: ['Hello.'], keys: [] },
  ])
  expect(rig.on('/keys')).toMatchObject([{ second: 20 + saySeconds('Hello.') + 5, params: { Digits: '' } }])
})

test('an answer at the very second of the time-out comes too late', async () => {
  rig = await openRig({ phones: { [ada]: [person(30)], [ben]: [person(29)] } })
  await rig.call(ada)
  await rig.call(ben)
  await rig.to(60)
  expect(rig.rings().map(({ result }) => result)).toEqual(['no-answer', 'answered'])
})

test('each ring has its entry, the last repeats', async () => {
  rig = await openRig({ phones: { [ada]: ['busy', 'no-answer', person(3, [], 5)] } })
  for (const at of [0, 100, 200, 300]) {
    await rig.to(at)
    await rig.call()
  }
  await rig.to(400)
  expect(rig.rings().map(({ result }) => result)).toEqual(['busy', 'no-answer', 'answered', 'answered'])
})

test('by default the end alone is told', async () => {
  rig = await openRig({ phones: { [ada]: ['busy'] } })
  await rig.call(ada, { statusCallbackEvent: undefined })
  await rig.to(5)
  expect(rig.on('/status')).toMatchObject([{ params: { CallStatus: 'busy', SequenceNumber: '0' } }])
})

test('the provider queues calls at the rate of the line', async () => {
  rig = await openRig({
    lines: [{ name: 'main', number: line, callsPerSecond: 2, textsPerSecond: 1, concurrentCalls: 50 }],
  })
  const sids: string[] = []
  for (const n of [1, 2, 3, 4, 5]) sids.push(await rig.call(`+44163296011${n}`))
  await rig.to(0)
  expect((await rig.client.calls(sids[4]!).fetch()).status).toBe('queued')
  expect((await rig.client.calls(sids[4]!).fetch()).startTime).toBeNull()
  await rig.to(10)
  expect(rig.rings().map(({ at }) => Date.parse(at) - Date.parse('2026-11-24T09:30:00Z'))).toEqual([
    0, 500, 1000, 1500, 2000,
  ])
  expect((await rig.client.calls(sids[4]!).fetch()).queueTime).toBe('2000')
})

test('a call that is queued can be cancelled, and those behind move up', async () => {
  rig = await openRig()
  const sids = [await rig.call(ada), await rig.call(ben), await rig.call('+441632960102')]
  await rig.client.calls(sids[1]!).update({ status: 'canceled' })
  await rig.to(5)
  expect((await rig.client.calls(sids[1]!).fetch()).status).toBe('canceled')
  expect(rig.rings().map(({ to, at }) => [to, at.slice(17, 19)])).toEqual([
    [ada, '00'],
    ['+441632960102', '01'],
  ])
})

test('beyond its concurrency the line refuses, and what was queued fails', async () => {
  rig = await openRig({
    lines: [{ name: 'main', number: line, callsPerSecond: 1, textsPerSecond: 1, concurrentCalls: 2 }],
  })
  await rig.call('+441632960111')
  await rig.call('+441632960112')
  const third = await rig.call('+441632960113')
  await rig.to(5)
  await expect(rig.call('+441632960114')).rejects.toMatchObject({ status: 429, code: 10004 })
  expect((await rig.client.calls(third).fetch()).status).toBe('failed')
  expect(rig.on('/status').at(-1)!.params).toMatchObject({
    CallSid: third,
    CallStatus: 'failed',
    ErrorCode: '10004',
  })
  expect(rig.rings()).toHaveLength(2)
  await rig.to(40)
  await expect(rig.call('+441632960114')).resolves.toMatch(/^CA[0-9a-f]{32}$/)
})

test('after a day in the queue a call fails: 22005', async () => {
  rig = await openRig({
    lines: [
      { name: 'main', number: line, callsPerSecond: 1 / 90_000, textsPerSecond: 1, concurrentCalls: 5 },
    ],
  })
  await rig.call(ada)
  const waits = await rig.call(ben)
  await rig.to(100_000)
  expect(rig.on('/status').at(-1)).toMatchObject({
    second: 86_400,
    params: { CallSid: waits, CallStatus: 'failed', ErrorCode: '22005' },
  })
  expect(rig.rings()).toHaveLength(1)
})

test('a second call to a number that rings finds it busy, and the ledger says so', async () => {
  rig = await openRig({ phones: { [ada]: ['no-answer', person(1)] } })
  await rig.call()
  await rig.call()
  await rig.to(10)
  expect(rig.rings()).toMatchObject([
    { clash: false, result: null },
    { clash: true, result: 'busy' },
  ])
  await rig.to(50)
  await rig.call()
  await rig.to(60)
  expect(rig.rings()[2]).toMatchObject({ clash: false, result: 'answered' })
})

test('the customer ends a call that rings, and one that talks', async () => {
  rig = await openRig({ phones: { [ben]: [person(1)] } })
  rig.answers['/voice'] = twiml('<Pause length="50"/>')
  const rings = await rig.call(ada)
  const talks = await rig.call(ben)
  await rig.to(5)
  await rig.client.calls(talks).update({ status: 'canceled' })
  expect((await rig.client.calls(talks).fetch()).status).toBe('in-progress')
  expect((await rig.client.calls(rings).update({ status: 'completed' })).status).toBe('canceled')
  expect((await rig.client.calls(talks).update({ status: 'completed' })).status).toBe('completed')
  await expect(rig.client.calls(talks).update({ status: 'completed' })).rejects.toMatchObject({
    status: 400,
    code: 21220,
  })
  await rig.to(100)
  expect(rig.rings().map(({ result, endedAt }) => [result, endedAt?.slice(17, 19)])).toEqual([
    ['no-answer', '05'],
    ['answered', '05'],
  ])
  expect(rig.on('/status').filter(({ params }) => params.CallStatus === 'canceled')).toHaveLength(1)
})

test('the customer may end a call from inside its own webhook', async () => {
  rig = await openRig({ phones: { [ada]: [person(3)] } })
  rig.answers['/voice'] = async ({ params }) => {
    await rig.client.calls(params.CallSid!).update({ status: 'completed' })
    return spoken
  }
  await rig.call()
  await rig.to(30)
  expect(rig.rings()).toMatchObject([{ result: 'answered', endedAt: '2026-11-24T09:30:03.000Z', heard: [] }])
})

test('the customer sends a call that talks to another document', async () => {
  rig = await openRig({ phones: { [ada]: [person(1)] } })
  rig.answers['/voice'] = twiml('<Say>First sentence. Second sentence. Third sentence.</Say>')
  rig.answers['/other'] = twiml('<Say>Something else.</Say>')
  const sid = await rig.call()
  await rig.to(2)
  await rig.client.calls(sid).update({ url: `${rig.url}/other` })
  await rig.to(30)
  expect(rig.rings()[0]!.heard).toEqual(['First sentence.', 'Something else.'])
  const again = await rig.call()
  await rig.to(32)
  await rig.client.calls(again).update({ twiml: twiml('<Say>Given at once.</Say>') })
  await rig.to(60)
  expect(rig.rings()[1]!.heard).toEqual(['First sentence.', 'Given at once.'])
})

test('a call that rings cannot be sent to another document', async () => {
  rig = await openRig()
  const sid = await rig.call()
  await rig.to(2)
  await expect(rig.client.calls(sid).update({ url: `${rig.url}/other` })).rejects.toMatchObject({
    code: 21220,
  })
})

test('a document given with the call is carried out without asking', async () => {
  rig = await openRig({ phones: { [ada]: [person(1)] } })
  await rig.call(ada, { url: undefined, twiml: twiml('<Say>Hello.</Say>') })
  await rig.to(10)
  expect(rig.rings()[0]!.heard).toEqual(['Hello.'])
  expect(rig.on('/voice')).toEqual([])
})

test.each([
  [{ to: undefined }, 21201],
  [{ to: '12' }, 21211],
  [{ from: undefined }, 21213],
  [{ from: 'nobody' }, 21212],
  [{ from: '+441632960999' }, 21210],
  [{ url: undefined }, 21205],
  [{ url: 'ftp://example.org/' }, 21205],
  [{ timeout: 0 }, 21208],
  [{ timeout: 601 }, 21208],
  [{ statusCallback: 'nowhere' }, 21609],
  [{ statusCallbackEvent: ['ended'] }, 21626],
  [{ machineDetection: 'Perhaps' }, 20001],
  [{ record: true }, 20001],
] as const)('a call with %j is refused with %i', async (wrong, code) => {
  rig = await openRig()
  const form = new URLSearchParams({ From: line, To: ada, Url: `${rig.url}/voice`, Timeout: '30' })
  for (const [name, value] of Object.entries(wrong)) {
    const key = name[0]!.toUpperCase() + name.slice(1)
    form.delete(key)
    if (value !== undefined) form.set(key, String(value))
  }
  const login = `Basic ${Buffer.from(`${rig.client.accountSid}:${rig.client.password}`).toString('base64')}`
  const answer = await fetch(
    `${rig.client.api.baseUrl}/2010-04-01/Accounts/${rig.client.accountSid}/Calls.json`,
    {
      method: 'POST',
      body: form,
      headers: { authorization: login },
    },
  )
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({
    code,
    status: 400,
    more_info: `https://www.twilio.com/docs/errors/${code}`,
  })
  expect(rig.rings()).toEqual([])
})

test('a wrong token is refused as the provider does', async () => {
  rig = await openRig()
  rig.client.password = 'wrong'
  await expect(rig.call()).rejects.toMatchObject({ status: 401, code: 20003, message: 'Authenticate' })
})

test('an unknown call is not found', async () => {
  rig = await openRig()
  await expect(rig.client.calls(`CA${'0'.repeat(32)}`).fetch()).rejects.toMatchObject({
    status: 404,
    code: 20404,
  })
})

test('calls are listed newest first, filtered and in pages', async () => {
  rig = await openRig({
    lines: [{ name: 'main', number: line, callsPerSecond: 100, textsPerSecond: 1, concurrentCalls: 200 }],
    phones: { [ben]: ['busy'] },
  })
  for (let n = 0; n < 7; n++) await rig.call(n % 2 === 0 ? ada : ben)
  await rig.to(90)
  expect((await rig.client.calls.list({ to: ben, from: line })).map(({ status }) => status)).toEqual([
    'busy',
    'busy',
    'busy',
  ])
  expect(await rig.client.calls.list({ status: 'queued' })).toEqual([])
  const all = await rig.client.calls.list({ pageSize: 2, limit: 100 })
  expect(all).toHaveLength(7)
  expect(new Set(all.map(({ sid }) => sid)).size).toBe(7)
  expect(await rig.client.calls.list({ startTimeAfter: new Date('2026-11-25T00:00:00Z') })).toEqual([])
  expect(
    await rig.client.calls.list({ startTimeAfter: new Date('2026-11-24T00:00:00Z'), limit: 3 }),
  ).toHaveLength(3)
  await rig.client.calls(all[0]!.sid).remove()
  expect(await rig.client.calls.list()).toHaveLength(6)
})

test('machines are told from people while the message already plays', async () => {
  rig = await openRig({ phones: { [ada]: [{ voicemail: { afterSeconds: 5 } }], [ben]: [person(5)] } })
  rig.answers['/voice'] = twiml('<Pause length="20"/>')
  const detection = {
    machineDetection: 'Enable',
    asyncAmd: 'true',
    asyncAmdStatusCallback: `${rig.url}/machine`,
  }
  const machine = await rig.call(ada, detection)
  await rig.call(ben, detection)
  await rig.to(60)
  expect(rig.on('/voice').map(({ second }) => second)).toEqual([5, 6])
  expect(
    rig
      .on('/machine')
      .map(({ params, second }) => [params.AnsweredBy, params.MachineDetectionDuration, second]),
  ).toEqual([
    ['human', '1800', 7.8],
    ['machine_start', '4000', 9],
  ])
  expect((await rig.client.calls(machine).fetch()).answeredBy).toBe('machine_start')
})

test('synchronous detection makes the call wait', async () => {
  rig = await openRig({ phones: { [ada]: [{ voicemail: { afterSeconds: 5 } }] } })
  await rig.call(ada, { machineDetection: 'DetectMessageEnd' })
  await rig.to(60)
  expect(rig.on('/voice')).toMatchObject([{ second: 14, params: { AnsweredBy: 'machine_end_beep' } }])
})

test('asynchronous detection without an address is noted as 21262', async () => {
  rig = await openRig({ phones: { [ada]: [person(1)] } })
  const sid = await rig.call(ada, { machineDetection: 'Enable', asyncAmd: 'true' })
  await rig.to(10)
  expect(
    (await rig.client.calls(sid).notifications.list()).map(({ errorCode, log }) => [errorCode, log]),
  ).toEqual([['21262', '1']])
})

test('what was asked about a call can be looked up until a quarter of an hour after its end', async () => {
  rig = await openRig({ phones: { [ada]: ['busy'] } })
  const sid = await rig.call()
  await rig.to(60)
  const events = await rig.client.calls(sid).events.list()
  expect(events).toHaveLength(2)
  expect(events[0]!.request).toMatchObject({
    url: `${rig.url}/status`,
    method: 'POST',
    parameters: { CallSid: sid },
  })
  await rig.to(1000)
  await rig.call(ben)
  expect(await rig.client.calls(sid).events.list()).toEqual([])
})

test('the same seed and the same inputs give the same story', async () => {
  const story = async () => {
    const one = await openRig({
      seed: 'story',
      phones: { [ada]: ['busy', person(4, [['1', 2]])], [ben]: [{ voicemail: { afterSeconds: 3 } }] },
    })
    one.answers['/voice'] = twiml('<Gather numDigits="1" action="/keys"><Say>Press a key.</Say></Gather>')
    for (const to of [ada, ben, ada]) await one.call(to)
    await one.to(90)
    await one.close()
    const told = one.asked.map(({ path, params, second }) => [
      path,
      params.CallSid,
      params.CallStatus,
      params.Digits,
      second,
    ])
    const entries = one.exchange.ledger
      .entries()
      .map((entry) => ({ ...entry, voiceUrl: null, statusUrl: null }))
    return JSON.stringify([told, entries])
  }
  const first = await story()
  expect(await story()).toBe(first)
  expect(first).toContain('"1"')
})
