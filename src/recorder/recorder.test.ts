// Takes through the real routes of the lines, on a real PostgreSQL, with a telephone network that does as told.
import { expect, onTestFinished, test, vi } from 'vitest'
import { addService, lineNumber, type TestApp, testApp } from '../../test/support/app.ts'
import { speech } from '../../test/support/speech.ts'
import { isUuid } from '../kit/ids.ts'
import { lineActors, lineRoutes } from '../lines/lines.ts'
import { createMessage, messageOf, recordingById } from '../messages/messages.ts'
import { OutsideTrouble, type PhoneEvent, type Script } from '../outside/phone/port.ts'
import { settle } from '../queue/loop.ts'
import { changeSchedule } from '../schedules/schedules.ts'
import {
  areCodesPaused,
  digitsOf,
  hear,
  makeCode,
  recorderActors,
  ringForRecording,
  tryCode,
} from './recorder.ts'
import { findTake, tapesOf } from './store.ts'
import { recorderOwner } from './telephone.ts'
import { spoken } from './words.ts'

const ben = '+447700900201'
const lineId = '00000000-0000-7000-8000-00000000000a'

async function world() {
  const app = await testApp({ at: '2026-11-24T09:00:00Z', owners: { recorder: recorderOwner } })
  onTestFinished(() => app.close())
  const ada = await addService(app, {
    stakeholders: [{ name: 'Ben', phone: ben, roles: ['creator', 'recorder'] }],
  })
  const messageId = await app.db.in(ada.scope, async (tx) => {
    const id = await createMessage(app, tx, {
      serviceId: ada.serviceId,
      kind: 'recording',
      recordingId: null,
    })
    await changeSchedule(app, tx, ada.scheduleId, {
      localTime: '09:30',
      days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
      messageId: id,
    })
    return id
  })
  const actors = [...recorderActors(app, { inFlight: 1 }), ...lineActors(app, { inFlight: 1 })]
  const wanted = {
    serviceId: ada.serviceId,
    messageId,
    usePath: null,
    kind: 'check-in' as const,
    receiverName: 'Ada',
    askedBy: ada.people.Ben!,
  }
  const within = <T>(work: Parameters<typeof app.db.in<T>>[1]) => app.db.in(ada.scope, work)
  return {
    app,
    ...ada,
    messageId,
    within,
    work: () => settle(app.clock, actors),
    ring: (toNumber = ben) => within((tx) => ringForRecording(app, tx, { ...wanted, toNumber }, null)),
    take: async (id: string) => (await findTake(app, id))!,
    tapes: (id: string) => within((tx) => tapesOf(tx, id)),
    message: () => within((tx) => messageOf(tx, messageId)),
  }
}
type World = Awaited<ReturnType<typeof world>>

/** A telephone call for recording, as its provider sees it: what is told, and what is said then. */
async function phoned({ app, ring, work }: World) {
  const rung = await ring()
  if (!rung.ok) throw new Error(rung.reason)
  await work()
  const { sid, urls } = app.phone.calls.at(-1)!
  const routes = lineRoutes(app)
  const told = async (kind: string, event: PhoneEvent, query = '') => {
    const answer = await routes.request(
      `${new URL(urls.voice).pathname.replace('/lines', '').replace('voice', kind)}${query}`,
      {
        method: 'POST',
        headers: { 'X-Twilio-Signature': 'signed', 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ event: JSON.stringify(event) }).toString(),
      },
    )
    expect(answer.status).toBe(200)
    const text = await answer.text()
    return text === 'nothing' ? [] : (JSON.parse(text) as Script)
  }
  let [keys, silences, tapes] = [0, 0, 0]
  const turn = () => `?keys=${keys}&silences=${silences}`
  return {
    takeId: rung.takeId,
    answer: () => told('voice', { kind: 'answered', sid }),
    async press(key: string) {
      const script = await told('keys', { kind: 'keyed', sid, key }, turn())
      keys++
      silences = 0
      return script
    },
    async beSilent() {
      const script = await told('keys', { kind: 'silent', sid }, turn())
      silences++
      return script
    },
    /** Speak after the beep. Without `wav` the provider's file is not ready yet. */
    async speak(wav: Uint8Array | null) {
      const recordingSid = `RE${++tapes}`
      if (wav) app.phone.recordings.set(recordingSid, wav)
      const event = { kind: 'recorded', sid, recordingSid, seconds: 3, isFileReady: false } as const
      return { recordingSid, script: await told('keys', event, turn()) }
    },
    ready: (recordingSid: string) =>
      told('recording', { kind: 'recorded', sid, recordingSid, seconds: 3, isFileReady: true }),
    hangUp: () =>
      told('status', {
        kind: 'state',
        sid,
        state: { kind: 'ended', how: 'completed', seconds: 40 },
        sequence: 3,
        code: null,
      }),
  }
}

/** Everything that is said in a script, one line each; '[play]' for a recording, '[beep]' where it records. */
function heard(script: Script): string[] {
  return script.flatMap((verb) => {
    if (verb.do === 'gather') return verb.sounds.flatMap((sound) => heard([sound]))
    if (verb.do === 'say') return [verb.text]
    if (verb.do === 'play') return ['[play]']
    return verb.do === 'record' ? ['[beep]'] : []
  })
}

test('rung, spoken, listened to, kept: it is the message, encrypted, and the provider has forgotten it', async () => {
  const w = await world()
  const call = await phoned(w)
  expect(w.app.phone.calls).toMatchObject([{ from: lineNumber, to: ben }])
  expect(heard(await call.answer())).toEqual([spoken.welcome('Ada')])
  expect(heard(await call.press('5'))).toEqual([spoken.speak(), '[beep]'])
  const { script, recordingSid } = await call.speak(speech())
  expect(heard(script)).toEqual([spoken.oneMoment(false)])
  await w.work()
  expect(heard(await call.beSilent())).toEqual([spoken.thisIsIt(), '[play]', spoken.choose()])
  expect(heard(await call.press('1'))).toEqual([spoken.kept()])
  await call.hangUp()
  await w.work()

  const { state } = await w.take(call.takeId)
  expect(state).toMatchObject({ is: 'over', ending: 'kept' })
  expect(await w.message()).toMatchObject({
    recordingMissing: false,
    recording: { id: state.recordingId, recorderName: 'Ben' },
  })
  expect(await w.tapes(call.takeId)).toMatchObject([
    { state: 'forgotten', found: 'good', providerSid: recordingSid },
  ])
  expect(w.app.phone.recordings.size).toBe(0)
})

test('what is too quiet is said while they are still there, and recorded again', async () => {
  const w = await world()
  const call = await phoned(w)
  await call.answer()
  await call.press('1')
  await call.speak(speech({ peak: 0.001 }))
  await w.work()
  expect(heard(await call.beSilent())).toEqual([spoken.refused('silent'), '[beep]'])
  await call.speak(speech())
  await w.work()
  expect(heard(await call.beSilent())).toContain('[play]')
  expect(await w.tapes(call.takeId)).toMatchObject([{ found: 'silent' }, { found: 'good' }])
})

test('a file that is late is asked for again, said to be late, kept unheard, and used when it comes', async () => {
  const w = await world()
  const call = await phoned(w)
  await call.answer()
  await call.press('1')
  const { recordingSid } = await call.speak(null)
  let said: string[] = []
  for (let n = 0; n < 9; n++) {
    w.app.pass(3)
    await w.work()
    said = heard(await call.beSilent())
  }
  expect(said).toEqual([spoken.late()])
  expect(heard(await call.press('1'))).toEqual([spoken.keptUnheard()])
  await call.hangUp()
  expect(await w.message()).toMatchObject({ recordingMissing: true })
  w.app.phone.recordings.set(recordingSid, speech())
  await call.ready(recordingSid)
  await w.work()
  expect(await w.message()).toMatchObject({ recordingMissing: false })
  expect((await w.take(call.takeId)).state.ending).toBe('kept')
})

test('whoever hangs up after speaking has spoken: it is there, and used by nobody who did not choose it', async () => {
  const w = await world()
  const call = await phoned(w)
  await call.answer()
  await call.press('1')
  await call.hangUp()
  const { recordingSid } = await call.speak(speech())
  await call.ready(recordingSid)
  await w.work()
  const { state } = await w.take(call.takeId)
  expect(state.recordingId).not.toBeNull()
  expect(await w.message()).toMatchObject({ recordingMissing: true })
})

test('again erases the first once the second is good', async () => {
  const w = await world()
  const call = await phoned(w)
  await call.answer()
  await call.press('1')
  await call.speak(speech())
  await w.work()
  await call.beSilent()
  const first = (await w.take(call.takeId)).state.recordingId!
  expect(heard(await call.press('2'))).toEqual([spoken.speakAgain(), '[beep]'])
  await call.speak(speech({ seconds: 4 }))
  await w.work()
  expect(await w.within((tx) => recordingById(tx, first))).toBeNull()
  expect((await w.take(call.takeId)).state.recordingId).not.toBe(first)
})

test('a provider that does not forget is asked until it has, and everything else goes on', async () => {
  const w = await world()
  const call = await phoned(w)
  await call.answer()
  await call.press('1')
  const forget = vi.spyOn(w.app.phone, 'deleteRecording')
  forget.mockRejectedValue(new OutsideTrouble('HTTP 500', true))
  await call.speak(speech())
  await w.work()
  expect(await w.tapes(call.takeId)).toMatchObject([{ state: 'to forget', tries: 1, trouble: 'HTTP 500' }])
  expect(heard(await call.beSilent())).toContain('[play]')
  w.app.pass(3600)
  await w.work()
  expect(forget.mock.calls.length).toBeGreaterThan(1)
  forget.mockRestore()
  w.app.pass(3600)
  await w.work()
  expect(await w.tapes(call.takeId)).toMatchObject([{ state: 'forgotten', trouble: null }])
})

test('the same told twice: one tape, one recording, the same answer', async () => {
  const w = await world()
  const call = await phoned(w)
  await call.answer()
  expect(heard(await call.answer())).toEqual([spoken.welcome('Ada')])
  await call.press('1')
  const { recordingSid, script } = await call.speak(speech())
  expect(heard(script)).toEqual([spoken.oneMoment(false)])
  await call.ready(recordingSid)
  await call.ready(recordingSid)
  await w.work()
  expect(await w.tapes(call.takeId)).toHaveLength(1)
})

test('nobody answers: the take says what the line found', async () => {
  const w = await world()
  const call = await phoned(w)
  w.app.pass(300)
  w.app.phone.known.set(w.app.phone.calls[0]!.sid, {
    sid: w.app.phone.calls[0]!.sid,
    to: ben,
    from: lineNumber,
    createdAt: null,
    state: { kind: 'ended', how: 'no answer', seconds: 0 },
    answeredBy: null,
  })
  await w.work()
  expect((await w.take(call.takeId)).state).toMatchObject({ is: 'over', ending: 'rang out' })
})

test('a number is rung for recordings six times an hour at most, whoever asks', async () => {
  const w = await world()
  for (let n = 0; n < 6; n++) expect((await w.ring()).ok).toBe(true)
  expect(await w.ring()).toEqual({ ok: false, reason: expect.stringContaining('Wait an hour') })
  expect((await w.ring('+447700900299')).ok).toBe(true)
  w.app.pass(3601)
  expect((await w.ring()).ok).toBe(true)
})

// ── codes ───────────────────────────────────────────────────────────────────────────────────────────────────────

const makes = ({ app, within, serviceId, messageId, people }: World) =>
  within((tx) => makeCode(app, tx, { serviceId, messageId, personId: people.Ben!, createdBy: people.Ben! }))

test('a code opens one take for its message, on a call that came in', async () => {
  const w = await world()
  const code = digitsOf(w.app, (await makes(w)).id)
  expect(code).toMatch(/^\d{6}$/)
  const tried = await tryCode(w.app, { code, from: ben })
  if (!tried.ok) throw new Error(tried.why)
  const say = (heardNow: Parameters<typeof hear>[3]) =>
    w.within((tx) => hear(w.app, tx, tried.takeId, heardNow)).then(heard)
  expect(await say({ kind: 'answered' })).toEqual([spoken.welcome('Ada')])
  expect(await say({ kind: 'keyed', key: '1' })).toContain('[beep]')
  w.app.phone.recordings.set('RE7', speech())
  await say({ kind: 'recorded', lineId, recordingSid: 'RE7', seconds: 3, isFileReady: false })
  await w.work()
  expect(await say({ kind: 'silent' })).toContain('[play]')
  expect(await say({ kind: 'keyed', key: '1' })).toEqual([spoken.kept()])
  await say({ kind: 'ended', found: 'answered without a key' })
  expect(await w.message()).toMatchObject({ recordingMissing: false })
  // it was for this one message, and that is recorded
  expect(await tryCode(w.app, { code, from: ben })).toEqual({ ok: false, why: 'wrong' })
})

test('codes: 14 days, the newest only, and the database alone tells none', async () => {
  const w = await world()
  const [first, second] = [await makes(w), await makes(w)]
  const rows = await w.app.db.look((tx) => tx.sql.selectFrom('recorder_code').selectAll().execute())
  expect(JSON.stringify(rows)).not.toContain(digitsOf(w.app, second.id))
  expect(await tryCode(w.app, { code: digitsOf(w.app, first.id), from: ben })).toMatchObject({ ok: false })
  w.app.pass(14 * 86_400 - 1)
  expect(await tryCode(w.app, { code: digitsOf(w.app, second.id), from: ben })).toMatchObject({ ok: true })
  w.app.pass(1)
  expect(await tryCode(w.app, { code: digitsOf(w.app, second.id), from: ben })).toMatchObject({ ok: false })
})

test('five wrong codes from one number, and nobody there is listened to for an hour', async () => {
  const w = await world()
  const code = digitsOf(w.app, (await makes(w)).id)
  const wrong = code === '000000' ? '000001' : '000000'
  const tries = []
  for (let n = 0; n < 5; n++) tries.push(await tryCode(w.app, { code: wrong, from: ben }))
  expect(tries.map((tried) => !tried.ok && tried.why)).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'paused'])
  expect(await tryCode(w.app, { code, from: ben })).toEqual({ ok: false, why: 'paused' })
  expect(await areCodesPaused(w.app, null)).toBe(false)
  expect(await tryCode(w.app, { code, from: '+447700900299' })).toMatchObject({ ok: true })
  w.app.pass(3601)
  const later = await tryCode(w.app, { code, from: ben })
  expect(later.ok && isUuid(later.takeId)).toBe(true)
})

test('whoever forges a new number for each try is stopped too', async () => {
  const w = await world()
  for (let n = 0; n < 100; n++)
    await tryCode(w.app, { code: 'nonsense', from: `+4477009002${String(n).padStart(2, '0')}` })
  expect(await areCodesPaused(w.app, '+447700900999')).toBe(true)
})

test('a code whose message nobody hears any more opens nothing', async () => {
  const w = await world()
  const code = digitsOf(w.app, (await makes(w)).id)
  await w.within((tx) =>
    tx.sql
      .updateTable('service')
      .set({ ended_at: w.app.clock.now() })
      .where('id', '=', w.serviceId)
      .execute(),
  )
  expect(await tryCode(w.app, { code, from: ben })).toEqual({ ok: false, why: 'wrong' })
})

test('another organisation sees neither take nor tape', async () => {
  const w = await world()
  const call = await phoned(w)
  const other = await addService(w.app as TestApp, {
    organisationId: '00000000-0000-7000-8000-0000000000ff',
    schedule: null,
  })
  await expect(
    w.app.db.in(other.scope, (tx) => hear(w.app, tx, call.takeId, { kind: 'keyed', key: '1' })),
  ).rejects.toThrow('no such take')
})
