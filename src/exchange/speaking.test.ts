import { readFile } from 'node:fs/promises'
import { afterEach, expect, test } from 'vitest'
import { ada, ben, openRig, person, type Rig, twiml, wavAnswer } from './rig.ts'
import { encodeWav, hum } from './sound.ts'

let rig: Rig
afterEach(() => rig?.close())

const greeting = 'Good morning Ada. This is CallAssist. Press any key.'
const greetingSeconds = (350 + 68 * greeting.length) / 1000
const gather = (more = 'numDigits="1" finishOnKey="" actionOnEmptyResult="true"') =>
  twiml(
    `<Gather ${more} timeout="5" action="/keys"><Say>${greeting}</Say></Gather><Say>After the gather.</Say>`,
  )

async function answeredBy(press: [string, number][], document: string) {
  rig = await openRig({ phones: { [ada]: [person(0, press)] } })
  rig.answers['/voice'] = document
  rig.answers['/keys'] = twiml('<Say>Thank you.</Say><Hangup/>')
  await rig.call()
  await rig.to(200)
  return rig.rings()[0]!
}

test('a key while the message plays stops it and reaches the action at once', async () => {
  const ring = await answeredBy([['1', 2]], gather())
  expect(rig.on('/keys')).toMatchObject([
    { second: 2, method: 'POST', params: { Digits: '1', FinishedOnKey: '', CallStatus: 'in-progress' } },
  ])
  expect(ring.heard).toEqual(['Good morning Ada.', 'This is CallAssist.', 'Thank you.'])
  expect(ring.keys).toEqual([{ key: '1', at: '2026-11-24T09:30:02.000Z', taken: true }])
})

test('a key after the message, before the time-out, counts', async () => {
  const ring = await answeredBy([['#', 8]], gather())
  expect(greetingSeconds).toBeLessThan(8)
  expect(rig.on('/keys')).toMatchObject([{ second: 8, params: { Digits: '#' } }])
  expect(ring.heard).toEqual(['Good morning Ada.', 'This is CallAssist.', 'Press any key.', 'Thank you.'])
})

test('silence is told when asked for, so many seconds after the end of the sound', async () => {
  await answeredBy([], gather())
  expect(rig.on('/keys')).toMatchObject([{ second: greetingSeconds + 5, params: { Digits: '' } }])
})

test('silence otherwise goes on to the next verb without telling', async () => {
  const ring = await answeredBy([], gather('numDigits="1"'))
  expect(rig.on('/keys')).toEqual([])
  expect(ring.heard.at(-1)).toBe('After the gather.')
})

test('the finishing key pressed first counts as silence', async () => {
  const ring = await answeredBy([['#', 1]], gather('numDigits="3"'))
  expect(rig.on('/keys')).toEqual([])
  expect(ring.heard).toEqual(['Good morning Ada.', 'After the gather.'])
})

test('several keys are gathered until the finishing key, the number or a pause', async () => {
  await answeredBy([['4', 1], ['2', 5], ['#', 9]], gather('')) // biome-ignore format: keys belong on one line
  expect(rig.on('/keys')).toMatchObject([{ second: 9, params: { Digits: '42', FinishedOnKey: '#' } }])
  await rig.close()
  await answeredBy([['4', 1], ['2', 5]], gather('')) // biome-ignore format: keys belong on one line
  expect(rig.on('/keys')).toMatchObject([{ second: 10, params: { Digits: '42', FinishedOnKey: '' } }])
  await rig.close()
  await answeredBy([['4', 1], ['2', 2], ['7', 3]], gather('numDigits="2"')) // biome-ignore format: keys belong on one line
  expect(rig.on('/keys')).toMatchObject([{ second: 2, params: { Digits: '42' } }])
})

test('a key that nothing listens for is lost, but was pressed', async () => {
  const ring = await answeredBy([['1', 2]], twiml(`<Say>${greeting}</Say>`))
  expect(ring.keys).toEqual([{ key: '1', at: '2026-11-24T09:30:02.000Z', taken: false }])
  expect(ring.heard).toHaveLength(3)
})

test('a gather without action asks for its own document again', async () => {
  rig = await openRig({ phones: { [ada]: [person(0, [['1', 1]])] } })
  let times = 0
  rig.answers['/voice'] = ({ params }) =>
    times++ === 0
      ? twiml('<Gather numDigits="1"><Say>Hello.</Say></Gather>')
      : twiml(`<Say>You pressed ${params.Digits}.</Say>`)
  await rig.call()
  await rig.to(60)
  expect(rig.rings()[0]!.heard).toEqual(['Hello.', 'You pressed 1.'])
})

test('a recording is fetched, played for as long as it lasts, and named in the ledger', async () => {
  rig = await openRig({ phones: { [ada]: [person(0)] } })
  rig.answers['/recording.wav'] = () => wavAnswer(encodeWav(hum(3200)))
  rig.answers['/voice'] = twiml('<Say>Hello.</Say><Play>/recording.wav?v=1</Play><Say>Goodbye.</Say>')
  await rig.call()
  await rig.to(60)
  expect(rig.rings()[0]!.heard).toEqual(['Hello.', `recording:${rig.url}/recording.wav?v=1`, 'Goodbye.'])
  const said = (350 + 68 * 6 + 350 + 68 * 8) / 1000
  expect(rig.on('/status').at(-1)!.second).toBeCloseTo(said + 3.2, 3)
  expect(rig.on('/recording.wav')).toMatchObject([{ method: 'GET' }])
})

test.each([
  ['missing', 404, '11200'],
  ['no sound', '<html/>', '13420'],
  [
    'not what its type says',
    () => new Response('RIFF', { headers: { 'content-type': 'audio/wav' } }),
    '13420',
  ],
] as const)('a recording that is %s is left out and noted', async (_, answer, code) => {
  rig = await openRig({ phones: { [ada]: [person(0)] } })
  rig.answers['/recording.wav'] = answer
  rig.answers['/voice'] = twiml('<Play>/recording.wav</Play><Say>Goodbye.</Say>')
  const sid = await rig.call()
  await rig.to(60)
  expect(rig.rings()[0]!.heard).toEqual(['Goodbye.'])
  expect((await rig.client.calls(sid).notifications.list()).map(({ errorCode }) => errorCode)).toEqual([code])
})

test('redirects are followed, relative ones too, by the method they name', async () => {
  rig = await openRig({ phones: { [ada]: [person(0)] } })
  rig.answers['/voice'] = twiml(
    '<Say>One.</Say><Redirect method="GET">next/two?a=1&amp;b=2</Redirect><Say>Never.</Say>',
  )
  rig.answers['/next/two'] = twiml('<Pause length="2"/><Say>Two.</Say>')
  await rig.call()
  await rig.to(60)
  expect(rig.on('/next/two')).toMatchObject([
    { method: 'GET', params: { a: '1', b: '2', CallStatus: 'in-progress' } },
  ])
  expect(rig.rings()[0]!.heard).toEqual(['One.', 'Two.'])
})

test('documents that go round at one instant are broken off', async () => {
  rig = await openRig({ phones: { [ada]: [person(0)] } })
  rig.answers['/voice'] = twiml('<Redirect>/voice</Redirect>')
  const sid = await rig.call()
  await rig.to(60)
  expect(rig.on('/voice')).toHaveLength(50)
  expect(rig.rings()[0]!.heard[0]).toBe('We are sorry.')
  expect((await rig.client.calls(sid).notifications.list())[0]!.errorCode).toBe('12200')
})

test.each([
  ['answers 500', 500, '11200'],
  ['sends no XML', '<Response><Say>Hello', '12100'],
  [
    'sends something else',
    () => new Response('{}', { headers: { 'content-type': 'application/json' } }),
    '12300',
  ],
  ['sends too much', `<Response>${' '.repeat(65 * 1024)}</Response>`, '11750'],
] as const)('when the customer %s, the fallback is asked and told why', async (_, answer, code) => {
  rig = await openRig({ phones: { [ada]: [person(0)] } })
  rig.answers['/voice'] = answer
  rig.answers['/fallback'] = twiml('<Say>Plan B.</Say>')
  const sid = await rig.call(ada, { fallbackUrl: `${rig.url}/fallback` })
  await rig.to(60)
  expect(rig.on('/fallback')).toMatchObject([
    { params: { ErrorCode: code, ErrorUrl: `${rig.url}/voice`, CallSid: sid } },
  ])
  expect(rig.rings()[0]!.heard).toEqual(['Plan B.'])
  expect((await rig.client.calls(sid).notifications.list())[0]!.errorCode).toBe(code)
})

test('without a fallback the person hears an apology', async () => {
  rig = await openRig({ phones: { [ada]: [person(0)] } })
  await rig.call(ada, { url: 'http://127.0.0.1:9/voice#rc=0' })
  await rig.to(60)
  expect(rig.rings()[0]!.heard).toEqual(['We are sorry.', 'An application error has occurred.', 'Goodbye.'])
  expect(rig.rings()[0]!.result).toBe('answered')
})

test('verbs that nobody knows are left out and noted', async () => {
  rig = await openRig({ phones: { [ada]: [person(0)] } })
  rig.answers['/voice'] = twiml('<Dance/><Say>Hello.</Say>')
  const sid = await rig.call()
  await rig.to(60)
  expect(rig.rings()[0]!.heard).toEqual(['Hello.'])
  expect(
    (await rig.client.calls(sid).notifications.list()).map(({ errorCode, log }) => [errorCode, log]),
  ).toEqual([['12200', '1']])
})

test('a call has its longest time', async () => {
  rig = await openRig({ phones: { [ada]: [person(0, [], 9999)] } })
  rig.answers['/voice'] = twiml('<Pause length="500"/>')
  await rig.call(ada, { timeLimit: 90 })
  await rig.to(600)
  expect(rig.on('/status').at(-1)).toMatchObject({
    second: 90,
    params: { CallStatus: 'completed', CallDuration: '90' },
  })
})

test('a telephone rings the line, is answered by the first document, and its keys count', async () => {
  rig = await openRig()
  rig.answers['/ring-in'] = twiml(
    '<Gather numDigits="1" action="/keys"><Say>Press 1 if you are well.</Say></Gather>',
  )
  rig.answers['/keys'] = twiml('<Say>Thank you.</Say>')
  expect(rig.exchange.ringIn(ada, '+441632960001', { press: [{ key: '1', atSecond: 6 }] })).toBe(true)
  expect(rig.exchange.ringIn(ada, '+441632960777')).toBe(false)
  await rig.to(60)
  expect(rig.on('/ring-in')).toMatchObject([
    { params: { Direction: 'inbound', From: ada, To: '+441632960001', CallStatus: 'ringing' } },
  ])
  expect(rig.on('/keys')).toMatchObject([{ second: 6, params: { Digits: '1' } }])
  expect(rig.on('/ring-in-status')).toMatchObject([
    { params: { CallStatus: 'completed', Direction: 'inbound' } },
  ])
  expect(rig.rings()).toMatchObject([
    {
      way: 'in',
      from: ada,
      to: '+441632960001',
      result: 'answered',
      heard: ['Press 1 if you are well.', 'Thank you.'],
    },
  ])
  const [call] = await rig.client.calls.list()
  expect(call).toMatchObject({ direction: 'inbound', status: 'completed' })
})

test('the customer may turn a call away', async () => {
  rig = await openRig()
  rig.answers['/ring-in'] = twiml('<Reject reason="busy"/>')
  rig.exchange.ringIn(ada, '+441632960001', {})
  await rig.to(10)
  expect(rig.rings()).toMatchObject([{ way: 'in', result: 'busy', answeredAt: null }])
  expect((await rig.client.calls.list())[0]!.status).toBe('busy')
})

test('a telephone that rings the line is busy for the line', async () => {
  rig = await openRig()
  rig.answers['/ring-in'] = twiml('<Pause length="20"/>')
  rig.exchange.ringIn(ben, '+441632960001', {})
  await rig.to(1)
  await rig.call(ben)
  await rig.to(5)
  expect(rig.rings().map(({ way, result, clash }) => [way, result, clash])).toEqual([
    ['in', 'answered', false],
    ['out', 'busy', true],
  ])
})

test('the caller is recorded until silence, and the recording is listed, fetched and deleted', async () => {
  const speaking = {
    answer: {
      afterSeconds: 0,
      speak: [{ text: 'Hello Mum, time for your tablets.', atSecond: 4 }],
      hangUpAtSecond: 100,
    },
  }
  rig = await openRig({ phones: { [ada]: [speaking] } })
  const document =
    '<Say>Speak after the beep.</Say><Record timeout="3" maxLength="60" action="/recorded" recordingStatusCallback="/ready"/><Say>Nothing.</Say>'
  rig.answers['/voice'] = twiml(document)
  rig.answers['/recorded'] = twiml('<Say>Kept.</Say>')
  const sid = await rig.call()
  await rig.to(60)
  const spokenSeconds = (350 + 68 * 33) / 1000
  const [recorded] = rig.on('/recorded')
  expect(recorded!.second).toBeCloseTo(4 + spokenSeconds + 3, 2)
  expect(recorded!.params).toMatchObject({
    RecordingDuration: '3',
    Digits: '',
    RecordingSid: expect.stringMatching(/^RE[0-9a-f]{32}$/) as never,
  })
  expect(rig.on('/ready')).toMatchObject([
    { params: { RecordingStatus: 'completed', RecordingDuration: '3', CallSid: sid } },
  ])
  expect(rig.rings()[0]!.heard.at(-1)).toBe('Kept.')
  const [listed] = await rig.client.recordings.list({ callSid: sid })
  expect(listed).toMatchObject({ duration: '3', status: 'completed', source: 'RecordVerb' })
  const login = {
    authorization: `Basic ${Buffer.from(`${rig.client.accountSid}:${rig.client.password}`).toString('base64')}`,
  }
  const media = await fetch(`${recorded!.params.RecordingUrl}.wav`, { headers: login })
  const bytes = new Uint8Array(await media.arrayBuffer())
  expect(bytes.length).toBe(44 + 2 * 8 * Math.round(spokenSeconds * 1000))
  expect((await fetch(`${recorded!.params.RecordingUrl}.wav`)).status).toBe(401)
  expect((await fetch(`${recorded!.params.RecordingUrl}.mp3`, { headers: login })).status).toBe(501)
  expect(await rig.client.recordings(listed!.sid).remove()).toBe(true)
  expect(await rig.client.recordings.list()).toEqual([])
  expect((await fetch(`${recorded!.params.RecordingUrl}.wav`, { headers: login })).status).toBe(404)
})

test('an empty recording is none: the next verb has its turn', async () => {
  rig = await openRig({ phones: { [ada]: [person(0)] } })
  rig.answers['/voice'] = twiml(
    '<Record timeout="4" action="/recorded" recordingStatusCallback="/ready" recordingStatusCallbackEvent="completed absent"/><Say>We heard nothing.</Say>',
  )
  await rig.call()
  await rig.to(60)
  expect(rig.on('/recorded')).toEqual([])
  expect(rig.on('/ready')).toMatchObject([
    { second: 4.5, params: { RecordingStatus: 'absent', ErrorCode: '16102' } },
  ])
  expect(rig.rings()[0]!.heard).toEqual(['We heard nothing.'])
})

test('a hang-up ends the recording, and its action is told', async () => {
  const speaking = {
    answer: { afterSeconds: 0, speak: [{ text: 'A message.', atSecond: 1 }], hangUpAtSecond: 3 },
  }
  rig = await openRig({ phones: { [ada]: [speaking] } })
  rig.answers['/voice'] = twiml('<Record action="/recorded"/>')
  await rig.call()
  await rig.to(60)
  expect(rig.on('/recorded')).toMatchObject([
    { second: 3, params: { Digits: 'hangup', RecordingDuration: '1' } },
  ])
})

test('nothing of the exchange reads the time or sets a timer but the transport and the live page', async () => {
  const { readdir } = await import('node:fs/promises')
  const here = new URL('.', import.meta.url)
  const files = (await readdir(here)).filter(
    (name) => /\.tsx?$/.test(name) && !/\.test\.|^(rig|transport|watch)\.ts$/.test(name),
  )
  for (const name of files) {
    const source = await readFile(new URL(name, here), 'utf8')
    expect(source, name).not.toMatch(/setTimeout|setInterval|Date\.now|new Date\(\)/)
  }
})
