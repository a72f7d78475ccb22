// What the provider does wrong, as its customer sees it through the official SDK; and that it does so again in the same way.
import twilio from 'twilio'
import { afterEach, expect, test } from 'vitest'
import type { Doors, Fault } from './exchange.ts'
import { account, ada, began, ben, line, openRig, person, type Rig, twiml } from './rig.ts'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** A rig whose SDK comes in by the door of the main line. `faults` are on for the first ten minutes unless they say otherwise. */
async function faulty(...faults: Partial<Fault>[]): Promise<Rig & { doors: Doors }> {
  const until = new Date(began.getTime() + 600_000)
  const rig = await openRig({
    faults: faults.map((fault) => ({ from: began, to: until, ...fault }) as Fault),
  })
  open.push(() => rig.close())
  const doors = await rig.exchange.openDoors()
  open.push(() => doors.close())
  const client = twilio(account.sid, account.authToken, { timeout: 500 })
  client.api.baseUrl = doors.urlOf('main')
  rig.answers['/voice'] = twiml('<Say>Hello.</Say><Pause length="20"/>')
  return { ...rig, client, call: (to = ada, more = {}) => rig.callBy(client, to, more), doors }
}

const failure = (asked: Promise<unknown>) =>
  asked.then(
    () => 'answered',
    (error: { status?: number; code?: unknown }) => ({ status: error.status, code: error.code }),
  )
const statuses = (rig: Rig) => rig.on('/status').map(({ params, second }) => `${params.CallStatus} ${second}`)

test('down: connections are refused, nothing is done, and afterwards it is there again', async () => {
  const rig = await faulty({ kind: 'down' })
  await rig.doors.actor.runDue(began)
  expect(await failure(rig.call())).toEqual({ status: undefined, code: 'ECONNREFUSED' })
  await rig.to(600)
  expect(rig.rings()).toEqual([])
  await rig.doors.actor.runDue(rig.clock.now())
  expect(await rig.call()).toMatch(/^CA/)
})

test('who comes in the moment of the fall, before the door is shut, has the connection broken', async () => {
  const rig = await faulty({ kind: 'down' })
  expect(await failure(rig.call())).toEqual({ status: undefined, code: 'ECONNRESET' })
  await rig.to(60)
  expect(rig.rings()).toEqual([])
})

test('a door serves its own line, and is shut alone', async () => {
  const rig = await openRig({
    lines: [
      { name: 'main', number: line, callsPerSecond: 1, textsPerSecond: 1, concurrentCalls: 5 },
      { name: 'second', number: '+441632960002', callsPerSecond: 1, textsPerSecond: 1, concurrentCalls: 5 },
    ],
    faults: [{ kind: 'down', line: 'main', from: began, to: new Date(began.getTime() + 1000) }],
  })
  open.push(() => rig.close())
  const doors = await rig.exchange.openDoors()
  open.push(() => doors.close())
  await doors.actor.runDue(began)
  const client = twilio(account.sid, account.authToken)
  const by = async (name: string, from: string) => {
    client.api.baseUrl = doors.urlOf(name)
    return failure(client.calls.create({ from, to: ada, url: `${rig.url}/voice` }))
  }
  expect(await by('main', line)).toEqual({ status: undefined, code: 'ECONNREFUSED' })
  expect(await by('second', '+441632960002')).toBe('answered')
  expect(await client.calls.list()).toMatchObject([{ from: '+441632960002' }])
  // each knows its own calls only
  client.api.baseUrl = doors.urlOf('second')
  const { sid } = (await client.calls.list())[0]!
  await rig.to(1)
  await doors.actor.runDue(rig.clock.now())
  client.api.baseUrl = doors.urlOf('main')
  expect(await failure(client.calls(sid).fetch())).toEqual({ status: 404, code: 20404 })
})

test.each<[Partial<Fault>, object]>([
  [
    { kind: 'errors', status: 500, share: 1 },
    { status: 500, code: 20500 },
  ],
  [
    { kind: 'errors', status: 503, share: 1 },
    { status: 503, code: 20503 },
  ],
  [
    { kind: 'errors', status: 400, code: 21215, share: 1 },
    { status: 400, code: 21215 },
  ],
  [
    { kind: '429', share: 1 },
    { status: 429, code: 20429 },
  ],
])('%o: before anything is done', async (fault, answer) => {
  const rig = await faulty(fault)
  expect(await failure(rig.call())).toEqual(answer)
  expect(await failure(rig.client.calls.list())).toEqual(answer)
  await rig.to(600)
  expect(rig.rings()).toEqual([])
  expect(rig.exchange.faults.done()[fault.kind!]).toBe(2)
  expect(await failure(rig.call())).toBe('answered')
})

test.each<['reset' | 'silence' | '500', object]>([
  ['reset', { status: undefined, code: 'ECONNRESET' }],
  ['silence', { status: undefined, code: 'ECONNABORTED' }],
  ['500', { status: 500, code: 20500 }],
])('a lost response, by %s: the call is made and told of, the answer never comes', async (how, answer) => {
  const rig = await faulty({ kind: 'lost response', how, share: 1 })
  expect(await failure(rig.call())).toEqual(answer)
  await rig.to(60)
  expect(rig.rings()).toMatchObject([{ to: ada, result: 'no-answer' }])
  expect(statuses(rig)).toEqual(['initiated 0', 'ringing 0', 'no-answer 30'])
  // what is only looked at is answered
  expect(await rig.client.calls.list()).toHaveLength(1)
})

test('a lost response of a text: the text arrives once', async () => {
  const rig = await faulty({ kind: 'lost response', how: 'reset', share: 1 })
  expect(await failure(rig.client.messages.create({ from: line, to: ben, body: 'Hello' }))).toEqual({
    status: undefined,
    code: 'ECONNRESET',
  })
  await rig.to(60)
  expect(rig.exchange.ledger.entries()).toMatchObject([{ kind: 'text', to: ben, result: 'delivered' }])
})

test('half of the time is about half of the time, and the same half again', async () => {
  const answers = async () => {
    const rig = await faulty({ kind: 'errors', status: 500, share: 0.5 })
    const all = []
    for (let asked = 0; asked < 60; asked++) all.push(await failure(rig.client.calls.list()))
    return all.map((answer) => answer === 'answered')
  }
  const first = await answers()
  expect(await answers()).toEqual(first)
  const right = first.filter(Boolean).length
  expect(right).toBeGreaterThan(15)
  expect(right).toBeLessThan(45)
})

test('callbacks lost, all of them: the call goes its way and nobody is told; what shall be said is asked all the same', async () => {
  const rig = await faulty({ kind: 'callbacks', lose: 1, duplicate: 0, reorder: false, delaySeconds: 0 })
  rig.exchange.addHandset(ada)
  await rig.call()
  await rig.to(120)
  expect(rig.rings()).toMatchObject([{ result: 'no-answer' }])
  expect(rig.on('/status')).toEqual([])
})

test('callbacks late by a minute and a half, each of them twice', async () => {
  const rig = await faulty({ kind: 'callbacks', lose: 0, duplicate: 1, reorder: false, delaySeconds: 90 })
  await rig.call()
  await rig.to(200)
  const told = rig.on('/status')
  expect(told).toHaveLength(6)
  expect(told.every(({ second }) => second >= 90)).toBe(true)
  expect(told.map(({ params }) => params.SequenceNumber).sort()).toEqual(['0', '0', '1', '1', '2', '2'])
  // what is told is what was, not what is by now
  expect(told.filter(({ params }) => params.CallStatus === 'ringing')).toHaveLength(2)
})

test('callbacks out of order', async () => {
  const rig = await openRig({
    phones: { [ada]: ['busy'] },
    faults: [
      {
        kind: 'callbacks',
        lose: 0,
        duplicate: 0,
        reorder: true,
        delaySeconds: 0,
        from: began,
        to: new Date(began.getTime() + 600_000),
      },
    ],
  })
  open.push(() => rig.close())
  for (let calls = 0; calls < 10; calls++) {
    await rig.call()
    await rig.to((calls + 1) * 20)
  }
  const order = rig.on('/status').map(({ params }) => `${params.CallSid} ${params.SequenceNumber}`)
  expect(order).toHaveLength(20)
  const isOvertaken = (sid: string) => order.indexOf(`${sid} 1`) < order.indexOf(`${sid} 0`)
  const overtaken = rig.rings().filter(({ callSid }) => isOvertaken(callSid)).length
  expect(overtaken).toBeGreaterThan(0)
  expect(overtaken).toBeLessThan(10)
})

test('an early callback is there before the answer, and comes once', async () => {
  const rig = await faulty({ kind: 'early callbacks', share: 1 })
  const asked = rig.call()
  const sid = await asked
  expect(rig.on('/status')).toMatchObject([
    { params: { CallSid: sid, CallStatus: 'initiated', SequenceNumber: '0' } },
  ])
  await rig.to(60)
  expect(statuses(rig)).toEqual(['initiated 0', 'ringing 0', 'no-answer 30'])
})

test('late callbacks come after the end', async () => {
  const rig = await faulty({ kind: 'late callbacks', share: 1 })
  await rig.call()
  await rig.to(300)
  expect(statuses(rig)).toEqual(['no-answer 30', 'initiated 120', 'ringing 120'])
})

test('a bad signature is none of this account, and only reports carry it', async () => {
  const rig = await openRig({
    phones: { [ada]: [person(2, [], 9)] },
    faults: [{ kind: 'bad signature', share: 1, from: began, to: new Date(began.getTime() + 600_000) }],
  })
  open.push(() => rig.close())
  await rig.call()
  await rig.to(60)
  const isGood = ({ url, params, signature }: Rig['asked'][number]) =>
    twilio.validateRequest(account.authToken, signature, url, params)
  expect(rig.on('/status').map(isGood)).toEqual([false, false, false, false])
  expect(rig.on('/voice').map(isGood)).toEqual([true])
})

test('a list that lags leaves out what is young; a call that is named is there', async () => {
  const rig = await faulty({ kind: 'list lags', seconds: 45 })
  const sid = await rig.call()
  await rig.to(44)
  expect(await rig.client.calls.list()).toEqual([])
  expect((await rig.client.calls(sid).fetch()).status).toBe('no-answer')
  await rig.to(45)
  expect(await rig.client.calls.list()).toMatchObject([{ sid }])
})

test('a slow queue: dialled a minute later, unless it is put down before', async () => {
  const rig = await faulty({ kind: 'slow queue', seconds: 60 })
  await rig.call()
  const second = await rig.call(ben)
  await rig.to(30)
  expect((await rig.client.calls(second).fetch()).status).toBe('queued')
  await rig.client.calls(second).update({ status: 'completed' })
  await rig.to(120)
  expect(rig.rings()).toMatchObject([{ to: ada, at: '2026-11-24T09:31:00.000Z', result: 'no-answer' }])
})

test('a wrong machine: a person is taken for one, and one for a person', async () => {
  const rig = await openRig({
    phones: { [ada]: [person(2, [], 20), { voicemail: { afterSeconds: 5 } }] },
    faults: [{ kind: 'wrong machine', share: 1, from: began, to: new Date(began.getTime() + 600_000) }],
  })
  open.push(() => rig.close())
  rig.answers['/voice'] = twiml('<Pause length="30"/>')
  const detection = {
    machineDetection: 'Enable',
    asyncAmd: 'true',
    asyncAmdStatusCallback: `${rig.url}/machine`,
  }
  await rig.call(ada, detection)
  await rig.to(40)
  await rig.call(ada, detection)
  await rig.to(140)
  expect(rig.on('/machine').map(({ params }) => params.AnsweredBy)).toEqual(['machine_start', 'human'])
})

test('faults are switched on and off by hand, and their number is known', async () => {
  const rig = await faulty()
  const { faults } = rig.exchange
  faults.add({ kind: '429', share: 1, line: 'main', from: began, to: new Date(began.getTime() + 60_000) })
  expect(faults.list(began.getTime())).toHaveLength(1)
  expect(await failure(rig.call())).toEqual({ status: 429, code: 20429 })
  faults.clear('main')
  expect(await failure(rig.call())).toBe('answered')
  expect(faults.done()).toMatchObject({ '429': 1, down: 0 })
})
