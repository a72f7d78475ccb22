import { Hono } from 'hono'
import { expect, onTestFinished, test, vi } from 'vitest'
import { addService, testApp } from '../../test/support/app.ts'
import { speech } from '../../test/support/speech.ts'
import type { Tx } from '../db/db.ts'
import { encodeWav, judge, loudness, type Pcm, parseWav } from '../kit/sound.ts'
import type { WebEnv } from '../web/env.ts'
import {
  audioUrl,
  createMessage,
  eraseRecording,
  findPreset,
  keepRecording,
  messageOf,
  messageRoutes,
  recordingAudio,
  recordingById,
  recordingMaster,
  setRecording,
  soundsOf,
} from './messages.ts'

const at = '2026-11-24T08:00:00Z'

async function world() {
  const app = await testApp({ at })
  onTestFinished(() => app.close())
  const ada = await addService(app, { schedule: null, stakeholders: [{ name: 'Ben' }] })
  const within = <T>(work: (tx: Tx) => Promise<T>) => app.db.in(ada.scope, work)
  const keep = (wav: Uint8Array, name = 'tablets') =>
    within((tx) => keepRecording(app, tx, { wav, name, recordedBy: ada.people.Ben! }))
  const kept = async (wav = speech()) => {
    const answer = await keep(wav)
    if (!answer.ok) throw new Error(answer.reason)
    return answer.recordingId
  }
  const web = new Hono<WebEnv>().route('/', messageRoutes(app))
  const ask = (url: string) => web.request(url.replace('https://callassist.example.org', ''))
  return { app, ...ada, within, keep, kept, ask }
}

const secondsOf = (sound: Pcm) => sound.samples.length / sound.sampleRate

test('a recording is kept as it was spoken and as the telephone plays it', async () => {
  const { app, scope, within, kept } = await world()
  const id = await kept(speech({ seconds: 3, peak: 0.05, sampleRate: 44_100, before: 2 }))
  const master = parseWav((await recordingMaster(app, scope, id))!)!
  expect(master.sampleRate).toBe(16_000)
  expect(secondsOf(master)).toBeCloseTo(3.1, 1)
  const telephone = (await recordingAudio(app, scope, id))!
  const view = new DataView(telephone.buffer, telephone.byteOffset)
  expect({
    format: view.getUint16(20, true),
    channels: view.getUint16(22, true),
    rate: view.getUint32(24, true),
  }).toEqual({
    format: 7,
    channels: 1,
    rate: 8000,
  })
  expect(telephone.length).toBeCloseTo(44 + 3.1 * 8000, -3)
  expect(loudness(master)).toBeLessThan(-29)
  expect(await within((tx) => recordingById(tx, id))).toEqual({
    id,
    name: 'tablets',
    durationMs: expect.any(Number),
  })
})

test.for([
  ['silence', speech({ peak: 0 }), /could hardly hear/],
  ['half a second', speech({ seconds: 0.5 }), /shorter than one second/],
  ['61 seconds', speech({ seconds: 61.5 }), /longer than 60 seconds/],
  [
    'an hour in a small file',
    new Uint8Array(encodeWav({ sampleRate: 8000, samples: new Float32Array(8000 * 200) })),
    /longer than 60 seconds/,
  ],
  ['crackling', clipped(), /too loud/],
] as const)('%s is refused with what to do, and nothing is kept', async ([, wav, says]) => {
  const { app, keep } = await world()
  const put = vi.spyOn(app.files, 'put')
  expect(await keep(wav)).toMatchObject({ ok: false, reason: expect.stringMatching(says) })
  expect(put).not.toHaveBeenCalled()
})

function clipped(): Uint8Array {
  const samples = Float32Array.from({ length: 48_000 }, (_, n) =>
    Math.max(-1, Math.min(1, 4 * Math.sin(n / 20))),
  )
  return encodeWav({ sampleRate: 16_000, samples })
}

test('60 seconds are fine', async () => {
  const { app, scope, kept } = await world()
  const id = await kept(speech({ seconds: 60 }))
  expect(judge(parseWav((await recordingMaster(app, scope, id))!)!)).toMatchObject({ ok: true })
})

test('what is no WAV is refused, naming the kind that works where nothing else does', async () => {
  const { keep } = await world()
  vi.stubEnv('PATH', '/nowhere')
  expect(await keep(new TextEncoder().encode('ID3 a song'))).toMatchObject({
    ok: false,
    reason: expect.stringContaining('.wav'),
  })
  const broken = speech().subarray(0, 40)
  expect(await keep(broken)).toMatchObject({ ok: false, reason: expect.stringContaining('WAV') })
})

test('what lies in the file store is not the sound, and another secret does not open it', async () => {
  const { app, scope, kept } = await world()
  const stored: Uint8Array[] = []
  const put = app.files.put
  vi.spyOn(app.files, 'put').mockImplementation((key, bytes) => {
    stored.push(bytes)
    return put(key, bytes)
  })
  const id = await kept()
  expect(stored).toHaveLength(2)
  for (const bytes of stored) expect(Buffer.from(bytes).includes('RIFF')).toBe(false)
  const elsewhere = { ...app, config: { ...app.config, secret: 'another secret of thirty-two characters' } }
  expect(await recordingAudio(elsewhere, scope, id)).toBeNull()
  expect(await recordingAudio(app, scope, id)).not.toBeNull()
})

test('the files of two recordings cannot be exchanged', async () => {
  const { app, scope, kept } = await world()
  const [one, two] = [await kept(), await kept()]
  await app.files.put(`recordings/${one}/telephone`, (await app.files.get(`recordings/${two}/telephone`))!)
  expect(await recordingAudio(app, scope, one)).toBeNull()
  await app.files.put(`recordings/${two}/telephone`, (await app.files.get(`recordings/${two}/master`))!)
  expect(await recordingAudio(app, scope, two)).toBeNull()
})

test('an erased recording can be read by nobody, its files are gone, and its schedule plays the preset', async () => {
  const { app, scope, serviceId, within, kept, ask } = await world()
  const id = await kept()
  const message = await within((tx) =>
    createMessage(app, tx, { serviceId, kind: 'recording', recordingId: id, preset: 'lunch' }),
  )
  const url = audioUrl(app, id)
  const backup = {
    master: await app.files.get(`recordings/${id}/master`),
    telephone: await app.files.get(`recordings/${id}/telephone`),
  }
  await within((tx) => eraseRecording(app, tx, id))
  await vi.waitFor(async () => expect(await app.files.get(`recordings/${id}/master`)).toBeNull())
  for (const [part, bytes] of Object.entries(backup)) await app.files.put(`recordings/${id}/${part}`, bytes!)
  expect(await recordingAudio(app, scope, id)).toBeNull()
  expect(await recordingMaster(app, scope, id)).toBeNull()
  expect((await ask(url)).status).toBe(404)
  expect(await within((tx) => soundsOf(tx, message, 'Ada'))).toEqual([
    { do: 'say', text: findPreset('lunch')!.text('Ada') },
  ])
  expect(await within((tx) => messageOf(tx, message))).toMatchObject({
    recordingMissing: true,
    recording: null,
    presetTitle: 'Lunch',
  })
})

test('a message says its preset, its text, or plays its recording; one that is missing says its preset', async () => {
  const { app, serviceId, within, kept } = await world()
  const sounds = async (wanted: object) => {
    const id = await within((tx) =>
      createMessage(app, tx, { serviceId, ...wanted } as Parameters<typeof createMessage>[2]),
    )
    return within((tx) => soundsOf(tx, id, 'Ada'))
  }
  const say = (key: string) => [{ do: 'say', text: findPreset(key)!.text('Ada') }]
  const id = await kept()
  expect(await sounds({ kind: 'preset', preset: 'family-call' })).toEqual(say('family-call'))
  expect(await sounds({ kind: 'spoken', text: 'Time for your tablets' })).toEqual([
    { do: 'say', text: 'Time for your tablets' },
  ])
  expect(await sounds({ kind: 'recording', recordingId: id })).toEqual([{ do: 'play', recordingId: id }])
  expect(await sounds({ kind: 'recording', recordingId: null, preset: 'planned' })).toEqual(say('planned'))
  expect(await sounds({ kind: 'recording', recordingId: null })).toEqual(say('are-you-ok'))
  expect(await within((tx) => soundsOf(tx, serviceId, 'Ada'))).toEqual(say('are-you-ok'))
  await expect(sounds({ kind: 'preset', preset: 'nonsense' })).rejects.toThrow()
  await expect(sounds({ kind: 'spoken', text: '  ' })).rejects.toThrow()
})

test('a recording that comes later takes the place of the preset', async () => {
  const { app, serviceId, within, kept } = await world()
  const message = await within((tx) =>
    createMessage(app, tx, { serviceId, kind: 'recording', recordingId: null, preset: 'lunch' }),
  )
  expect(await within((tx) => messageOf(tx, message))).toMatchObject({
    recordingMissing: true,
    presetTitle: 'Lunch',
  })
  const id = await kept()
  await within((tx) => setRecording(tx, message, id))
  expect(await within((tx) => messageOf(tx, message))).toMatchObject({
    recordingMissing: false,
    recording: { id, name: 'tablets', recorderName: 'Ben' },
  })
  expect(await within((tx) => soundsOf(tx, message, 'Ada'))).toEqual([{ do: 'play', recordingId: id }])
})

test('messages about health are marked', async () => {
  const { app, serviceId, within } = await world()
  const sensitive = async (wanted: object) => {
    const id = await within((tx) =>
      createMessage(app, tx, { serviceId, ...wanted } as Parameters<typeof createMessage>[2]),
    )
    return (await within((tx) => messageOf(tx, id)))!.sensitive
  }
  expect(await sensitive({ kind: 'preset', preset: 'take-morning' })).toBe(true)
  expect(await sensitive({ kind: 'preset', preset: 'lunch' })).toBe(false)
  expect(await sensitive({ kind: 'spoken', text: 'Time for your tablets' })).toBe(true)
  expect(await sensitive({ kind: 'spoken', text: 'Time for lunch' })).toBe(false)
})

test('the provider gets the telephone copy at the signed address, for an hour', async () => {
  const { app, scope, kept, ask } = await world()
  const id = await kept()
  const url = audioUrl(app, id)
  expect(url).toMatch(
    new RegExp(`^https://callassist.example.org/recordings/${id}/telephone.wav\\?e=\\d+&s=[\\w-]{43}$`),
  )
  const answer = await ask(url)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('audio/wav')
  expect(answer.headers.get('cache-control')).toContain('no-store')
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(await recordingAudio(app, scope, id))
  app.pass(3599)
  expect((await ask(url)).status).toBe(200)
  app.pass(1)
  expect((await ask(url)).status).toBe(403)
  expect((await ask(audioUrl(app, id))).status).toBe(200)
})

test('no other address opens a recording', async () => {
  const { app, kept, ask } = await world()
  const [id, other] = [await kept(), await kept()]
  const good = new URL(audioUrl(app, id))
  const elsewhere = { ...app, config: { ...app.config, secret: 'another secret of thirty-two characters' } }
  const change = (set: (url: URL) => void) => {
    const url = new URL(good)
    set(url)
    return url.href
  }
  const forged = [
    change((url) => url.searchParams.delete('s')),
    change((url) => url.searchParams.delete('e')),
    change((url) => url.searchParams.set('s', '')),
    change((url) =>
      url.searchParams.set(
        's',
        url.searchParams.get('s')!.replace(/.$/, (end) => (end === 'A' ? 'E' : 'A')),
      ),
    ),
    change((url) => url.searchParams.set('e', String(Number(url.searchParams.get('e')) + 1))),
    change((url) => url.searchParams.set('e', '99999999999')),
    change((url) => url.searchParams.set('e', 'Infinity')),
    good.href.replace(id, other),
    good.href.replace(id, 'x'),
    audioUrl(elsewhere, id),
  ]
  for (const url of forged) expect((await ask(url)).status, url).toBe(403)
  expect((await ask(audioUrl(app, '00000000-0000-7000-8000-00000000dead'))).status).toBe(404)
})

test('another organisation cannot hear a recording, nor see a message', async () => {
  const { app, serviceId, within, kept } = await world()
  const id = await kept()
  const message = await within((tx) =>
    createMessage(app, tx, { serviceId, kind: 'recording', recordingId: id }),
  )
  const other = await addService(app, {
    organisationId: '00000000-0000-7000-8000-0000000000ff',
    schedule: null,
  })
  expect(await recordingAudio(app, other.scope, id)).toBeNull()
  await app.db.in(other.scope, async (tx) => {
    expect(await messageOf(tx, message)).toBeNull()
    expect(await recordingById(tx, id)).toBeNull()
    await eraseRecording(app, tx, id)
  })
  expect(await within((tx) => recordingById(tx, id))).not.toBeNull()
})

test('a recording refused by the rest of its transaction is not kept', async () => {
  const { app, within } = await world()
  let id = ''
  const failing = within(async (tx) => {
    const answer = await keepRecording(app, tx, { wav: speech(), name: 'x', recordedBy: null })
    id = answer.ok ? answer.recordingId : ''
    throw new Error('changed our mind')
  })
  await expect(failing).rejects.toThrow('changed our mind')
  expect(await within((tx) => recordingById(tx, id))).toBeNull()
})
