import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ada, ben, line, openRig, person, type Rig, twiml } from './rig.ts'

let dataDir: string
const rigs: Rig[] = []
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'callassist-exchange-'))
})
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close()
  await rm(dataDir, { recursive: true })
})

/** Starting again on the same folder without closing the first is what a kill looks like. */
async function start(given: Parameters<typeof openRig>[0] = {}): Promise<Rig> {
  const rig = await openRig({ dataDir, default: 'handset', ...given })
  rigs.push(rig)
  return rig
}

test('the history is there again after a kill', async () => {
  const first = await start({ phones: { [ada]: [person(2, [['1', 3]])] } })
  first.answers['/voice'] = twiml('<Gather numDigits="1" action="/keys"><Say>Hello Ada.</Say></Gather>')
  const sid = await first.call()
  await first.client.messages.create({ from: line, to: ben, body: 'Ada is well.' })
  first.exchange.textFrom(ben, line, 'STOP')
  first.exchange.setMode(ben, 'engaged')
  await first.to(60)
  const entries = JSON.stringify(first.exchange.ledger.entries())

  const second = await start()
  expect(JSON.parse(entries)).toHaveLength(4)
  expect(JSON.stringify(second.exchange.ledger.entries())).toBe(entries)
  expect((await second.client.calls(sid).fetch()).status).toBe('completed')
  expect(await second.client.messages.list()).toHaveLength(3)
  const handset = second.exchange.handsets().find(({ number }) => number === ben)!
  expect(handset.mode).toBe('engaged')
  expect(handset.texts.map(({ body }) => body.slice(0, 4)).sort()).toEqual(['Ada ', 'STOP', 'You '])
  await expect(second.client.messages.create({ from: line, to: ben, body: 'Again' })).rejects.toMatchObject({
    code: 21610,
  })
  expect(await second.call()).not.toBe(sid)
  await second.to(5)
  expect(second.on('/status').some(({ params }) => params.CallSid === sid)).toBe(false)
})

test('calls alive at a kill end as failed, and the customer is told in the right number', async () => {
  const first = await start()
  first.answers['/voice'] = twiml('<Pause length="500"/>')
  const told = (rig: Rig) => `${rig.url}/status`
  const talks = await first.call(ada)
  const rings = await first.call(ben)
  await first.to(3)
  first.exchange.answer(ada)
  const queued = await first.call('+441632960103')
  await first.to(3)

  const second = await start()
  // the customer listens where it did before: the first rig's server still runs
  expect(told(first)).not.toBe(told(second))
  for (const sid of [talks, rings, queued])
    expect((await second.client.calls(sid).fetch()).status).toBe('failed')
  const before = first.on('/status').length
  await second.to(1)
  const ends = first.on('/status').slice(before)
  expect(ends.map(({ params }) => [params.CallSid, params.CallStatus, params.SequenceNumber])).toEqual([
    [talks, 'failed', '3'],
    [rings, 'failed', '2'],
    [queued, 'failed', '2'],
  ])
  expect(second.rings().map(({ result, endedAt }) => [result, endedAt !== null])).toEqual([
    ['answered', true],
    ['no-answer', true],
    ['no-answer', true],
  ])
  expect(second.exchange.handsets().every(({ state }) => state === 'idle')).toBe(true)

  const third = await start()
  const again = first.on('/status').length
  await third.to(1)
  expect(first.on('/status')).toHaveLength(again)
})

test('an end of which nobody could be told is told after the next start', async () => {
  const first = await start({ phones: { [ada]: ['busy'] } })
  let reached = false
  first.answers['/status'] = async () => {
    // the process dies while this request is under way: it never hears the answer
    if (!reached) await new Promise((resolve) => setTimeout(resolve, 100))
    return 200
  }
  const sid = await first.call(ada, { statusCallbackEvent: ['completed'] })
  const dying = first.to(1)
  await expect.poll(() => first.on('/status').length).toBe(1)
  const second = await start()
  reached = true
  await second.to(1)
  await dying
  expect(
    first.on('/status').map(({ params }) => [params.CallSid, params.CallStatus, params.SequenceNumber]),
  ).toEqual([
    [sid, 'busy', '0'],
    [sid, 'busy', '0'],
  ])
})

test('texts under way at a kill go on', async () => {
  const first = await start()
  const status = { statusCallback: `${first.url}/text-status` }
  await first.client.messages.create({ from: line, to: ben, body: 'One', ...status })
  await first.client.messages.create({ from: line, to: ben, body: 'Two', ...status })
  await first.to(0.5)
  const second = await start()
  await second.to(10)
  expect((await second.client.messages.list()).map(({ status }) => status)).toEqual([
    'delivered',
    'delivered',
  ])
  expect(
    second.exchange.ledger.entries().map((entry) => entry.kind === 'text' && [entry.body, entry.result]),
  ).toEqual([
    ['One', 'delivered'],
    ['Two', 'delivered'],
  ])
})

test('a text that came in and was not passed on is passed on', async () => {
  const first = await start()
  first.exchange.textFrom(ben, line, 'OK')
  let alive = true
  first.answers['/text-in'] = async () => {
    if (alive) await new Promise((resolve) => setTimeout(resolve, 50))
    return twiml('')
  }
  const dying = first.to(1)
  await expect.poll(() => first.on('/text-in').length).toBe(1)
  const second = await start()
  alive = false
  await second.to(1)
  await dying
  expect(second.on('/text-in')).toMatchObject([{ params: { Body: 'OK', From: ben } }])
})

test('a line cut short by a kill, or rubbish, is left out', async () => {
  const first = await start({ phones: { [ada]: ['busy'] } })
  const sid = await first.call()
  await first.to(5)
  await appendFile(join(dataDir, 'exchange.jsonl'), '{"kind":"call","id":"CA12')
  const second = await start()
  expect((await second.client.calls(sid).fetch()).status).toBe('busy')
  await writeFile(join(dataDir, 'exchange.jsonl'), 'no JSON at all\n')
  const third = await start()
  expect(await third.client.calls.list()).toEqual([])
})

test('a recording outlives a kill, and stays away once it is deleted', async () => {
  const speaking = { answer: { afterSeconds: 0, speak: [{ text: 'Hello.', atSecond: 1 }] } }
  const first = await start({ phones: { [ada]: [speaking] } })
  first.answers['/voice'] = twiml('<Record action="/recorded"/>')
  await first.call()
  await first.to(30)
  const second = await start()
  await second.to(31)
  const [recording] = await second.client.recordings.list()
  const path = `${second.client.api.baseUrl}/2010-04-01/Accounts/${second.client.accountSid}/Recordings/${recording!.sid}.wav`
  const login = {
    authorization: `Basic ${Buffer.from(`${second.client.accountSid}:${second.client.password}`).toString('base64')}`,
  }
  expect((await fetch(path, { headers: login })).headers.get('content-type')).toBe('audio/x-wav')
  await second.client.recordings(recording!.sid).remove()
  const third = await start()
  expect(await third.client.recordings.list()).toEqual([])
})
