import { afterEach, expect, test } from 'vitest'
import { account, ada, ben, line, openRig, type Rig, twiml, wavAnswer } from './rig.ts'
import { decodeWav, encodeWav, hum } from './sound.ts'

let rig: Rig
afterEach(() => rig?.close())

const gather =
  '<Gather numDigits="1" finishOnKey="" action="/keys" timeout="20"><Say>Good morning Ada. Press any key.</Say></Gather>'
const live = async () => {
  rig = await openRig({ default: 'handset' })
  rig.answers['/voice'] = twiml(gather)
  rig.answers['/keys'] = ({ params }) => twiml(`<Say>You pressed ${params.Digits}.</Say>`)
}
const handset = (number = ada) => rig.exchange.handsets().find((each) => each.number === number)

test('a handset rings until the time-out when nobody takes it', async () => {
  await live()
  await rig.call()
  await rig.to(10)
  expect(handset()).toMatchObject({
    state: 'ringing',
    mode: 'normal',
    call: { way: 'in', lineName: 'main', lineNumber: line, answeredAt: null },
  })
  await rig.to(40)
  expect(handset()).toMatchObject({ state: 'idle', call: null, lastCall: { result: 'no-answer' } })
})

test('a person answers, sees captions as they are spoken, presses a key, hangs up', async () => {
  await live()
  await rig.call()
  await rig.to(4)
  expect(rig.exchange.press(ada, '1')).toBe(false)
  expect(rig.exchange.hangUp(ada)).toBe(false)
  expect(rig.exchange.answer(ada)).toBe(true)
  await rig.to(4)
  expect(handset()).toMatchObject({
    state: 'talking',
    call: {
      takenBy: 'human',
      listening: true,
      captions: [{ text: 'Good morning Ada.', at: '2026-11-24T09:30:04.000Z' }],
    },
  })
  await rig.to(6)
  expect(handset()!.call!.captions.map(({ text }) => text)).toEqual(['Good morning Ada.', 'Press any key.'])
  expect(handset()!.call!.audio).toMatchObject([
    { kind: 'say', text: 'Good morning Ada. Press any key.', stoppedAt: null },
  ])
  expect(rig.exchange.press(ada, 'x')).toBe(false)
  expect(rig.exchange.press(ada, '*')).toBe(true)
  await rig.to(6.5)
  expect(handset()!.call).toMatchObject({ keys: [{ key: '*', taken: true }], listening: false })
  expect(handset()!.call!.audio).toMatchObject([
    { stoppedAt: '2026-11-24T09:30:06.000Z' },
    { text: 'You pressed *.', stoppedAt: null },
  ])
  expect(rig.exchange.hangUp(ada)).toBe(true)
  await rig.to(10)
  expect(handset()).toMatchObject({
    state: 'idle',
    lastCall: { result: 'answered', endedAt: '2026-11-24T09:30:06.500Z' },
  })
  expect(rig.on('/status').at(-1)).toMatchObject({ second: 6.5, params: { CallStatus: 'completed' } })
})

test('the true audio of what is heard can be fetched', async () => {
  await live()
  const recording = encodeWav(hum(1500))
  rig.answers['/recording.wav'] = () => wavAnswer(recording)
  rig.answers['/voice'] = twiml('<Say>Hello.</Say><Play>/recording.wav</Play>')
  await rig.call()
  await rig.to(1)
  rig.exchange.answer(ada)
  await rig.to(2)
  const [said, played] = handset()!.call!.audio
  expect(said!.url).toBe(`/exchange/audio/${said!.id}`)
  const spoken = await rig.exchange.audioFor(said!.id)
  expect(decodeWav(spoken!.bytes)!.samples.length / 8).toBe(said!.durationMs)
  expect(played).toMatchObject({ kind: 'play', text: null, durationMs: 1500 })
  expect(Buffer.compare((await rig.exchange.audioFor(played!.id))!.bytes, recording)).toBe(0)
  expect(handset()!.call!.captions.map(({ text }) => text)).toEqual(['Hello.', null])
  expect(await rig.exchange.audioFor('say-unknown')).toBeNull()
})

test('a person turns a call away', async () => {
  await live()
  await rig.call()
  await rig.to(2)
  expect(rig.exchange.reject(ada)).toBe(true)
  await rig.to(3)
  expect(rig.on('/status').at(-1)).toMatchObject({
    second: 2,
    params: { CallStatus: 'busy', SipResponseCode: '603' },
  })
  expect(rig.rings()).toMatchObject([{ result: 'rejected' }])
  expect(rig.exchange.reject(ada)).toBe(false)
})

test.each([
  ['engaged', 'busy', '486', 'busy', 0],
  ['dead line', 'failed', '503', 'unreachable', 0],
  ['rings out', 'no-answer', '487', 'no-answer', 30],
  ['answerphone', 'completed', '200', 'voicemail', 37.526],
] as const)('a telephone set to %s', async (mode, status, sip, result, second) => {
  await live()
  rig.exchange.setMode(ada, mode)
  await rig.call()
  await rig.to(100)
  expect(rig.on('/status').at(-1)!.params).toMatchObject({ CallStatus: status, SipResponseCode: sip })
  expect(rig.on('/status').at(-1)!.second).toBeCloseTo(second, 0)
  expect(rig.rings()).toMatchObject([{ result }])
  rig.exchange.setMode(ada, 'normal')
  await rig.call()
  await rig.to(101)
  expect(handset()!.state).toBe('ringing')
})

test('a mode set while it rings takes the call at once', async () => {
  await live()
  for (const [number, mode] of [
    [ada, 'engaged'],
    [ben, 'answerphone'],
    ['+441632960102', 'dead line'],
    ['+441632960103', 'rings out'],
  ] as const) {
    await rig.call(number)
    await rig.to(5 + rig.rings().length)
    rig.exchange.setMode(number, mode)
  }
  await rig.to(100)
  expect(rig.rings().map(({ result }) => result)).toEqual(['busy', 'voicemail', 'unreachable', 'no-answer'])
})

test('a person rings the line, and cannot while being rung', async () => {
  await live()
  rig.answers['/ring-in'] = async () => {
    expect(handset(ben)!.state).toBe('dialling')
    return twiml(gather)
  }
  expect(rig.exchange.ringIn(ben, line)).toBe(true)
  await rig.to(3)
  expect(handset(ben)).toMatchObject({ state: 'talking', call: { way: 'out' } })
  expect(rig.exchange.ringIn(ben, line)).toBe(false)
  rig.exchange.press(ben, '2')
  await rig.to(4)
  rig.exchange.hangUp(ben)
  await rig.to(5)
  expect(rig.rings()).toMatchObject([
    { way: 'in', result: 'answered', keys: [{ key: '2', taken: true }], endedAt: '2026-11-24T09:30:04.000Z' },
  ])
  await rig.call(ben)
  await rig.to(6)
  expect(rig.exchange.ringIn(ben, line)).toBe(false)
})

test('a person speaks to a line that records', async () => {
  await live()
  rig.answers['/voice'] = twiml('<Record timeout="3" action="/recorded"/>')
  await rig.call()
  await rig.to(1)
  rig.exchange.answer(ada)
  await rig.to(2)
  expect(handset()!.call!.recording).toBe(true)
  expect(rig.exchange.speak(ada, 'Hello Mum.')).toBe(true)
  await rig.to(20)
  expect(rig.on('/recorded')).toMatchObject([{ params: { RecordingDuration: '1' } }])
})

test('a live voice comes in pieces, and is recorded without gaps however late each is', async () => {
  await live()
  rig.answers['/voice'] = twiml('<Record timeout="3" finishOnKey="#" action="/recorded"/>')
  await rig.call()
  await rig.to(1)
  rig.exchange.answer(ada)
  await rig.to(2)
  const piece = encodeWav(hum(250))
  for (const second of [3, 3.25, 3.6, 3.8, 4.05, 4.3, 4.7, 4.75]) {
    await rig.to(second)
    expect(rig.exchange.speakLive(ada, piece)).toBe(true)
  }
  expect(rig.exchange.speakLive(ada, new TextEncoder().encode('no sound'))).toBe(false)
  await rig.to(5)
  rig.exchange.press(ada, '#')
  await rig.to(8)
  const [told] = rig.on('/recorded')
  expect(told!.params).toMatchObject({ RecordingDuration: '2', Digits: '#' })
  const { sid, token } = { sid: told!.params.RecordingSid!, token: account.authToken }
  const answer = await rig.exchange.rest.request(
    `/2010-04-01/Accounts/${account.sid}/Recordings/${sid}.wav`,
    {
      headers: { authorization: `Basic ${Buffer.from(`${account.sid}:${token}`).toString('base64')}` },
    },
  )
  const { samples } = decodeWav(new Uint8Array(await answer.arrayBuffer()))!
  expect(samples.length / 8000).toBeCloseTo(2, 1)
  const silent = samples.filter((sample) => sample === 0).length / samples.length
  expect(silent).toBeLessThan(0.05)
})

test('pages are told of every change, and drivers of what comes sooner', async () => {
  await live()
  let changes = 0
  let sooner = 0
  const stop = rig.exchange.onChange(() => changes++)
  const stopSooner = rig.exchange.onSooner(() => sooner++)
  await rig.call()
  expect([changes, sooner]).toEqual([1, 1])
  await rig.to(2)
  const ringing = changes
  expect(ringing).toBeGreaterThan(1)
  rig.exchange.answer(ada)
  expect(sooner).toBe(2)
  await rig.to(3)
  expect(changes).toBeGreaterThan(ringing)
  stop()
  stopSooner()
  const before = changes
  await rig.to(60)
  expect(changes).toBe(before)
})

test('a telephone can stand on the page before anything reaches it', async () => {
  await live()
  rig.exchange.addHandset(ben)
  expect(rig.exchange.handsets()).toMatchObject([
    { number: ben, state: 'idle', call: null, lastCall: null, texts: [] },
  ])
})
