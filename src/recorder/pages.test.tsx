// The pages of recording by telephone, without a browser: who sees what, and what each button does.
import type { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { addService, families, lineNumber, testApp } from '../../test/support/app.ts'
import { speech } from '../../test/support/speech.ts'
import { lineActors } from '../lines/lines.ts'
import { mailActors } from '../mail/mail.ts'
import { createMessage, messageOf } from '../messages/messages.ts'
import { ensureOperator } from '../organisations/organisations.ts'
import { personsEverywhere } from '../people/people.ts'
import { settle } from '../queue/loop.ts'
import { changeSchedule } from '../schedules/schedules.ts'
import { stakeholdersOf } from '../services/services.ts'
import type { Signin } from '../signin/signin.ts'
import type { Assets } from '../web/assets.ts'
import type { WebEnv } from '../web/env.ts'
import { createWeb } from '../web/server.ts'
import { recorderRoutes } from './pages.tsx'
import { hear, recorderActors, recorderOwner } from './recorder.ts'

const assets: Assets = {
  url: (name) => `/assets/${name}`,
  has: () => true,
  serve: (c) => c.notFound() as Response,
}
const lineId = '00000000-0000-7000-8000-00000000000a'

async function world() {
  const app = await testApp({ at: '2026-11-24T09:00:00Z', owners: { recorder: recorderOwner } })
  onTestFinished(() => app.close())
  await ensureOperator(app, 'desk@example.org')
  const ada = await addService(app, {
    stakeholders: [
      { name: 'Ben', phone: '+447700900201', roles: ['creator'] },
      { name: 'Cara', roles: ['alert receiver'], step: 1, channels: ['email'] },
    ],
  })
  const messageId = await app.db.in(ada.scope, async (tx) => {
    const wanted = { serviceId: ada.serviceId, kind: 'recording', recordingId: null } as const
    const id = await createMessage(app, tx, wanted)
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
    await changeSchedule(app, tx, ada.scheduleId, { localTime: '09:30', days: [...days], messageId: id })
    return id
  })
  let email: string | null = 'ben@example.org'
  const signin = {
    whoIs: async () => (email ? { email, persons: await personsEverywhere(app, email) } : null),
  } as unknown as Signin
  const web: Hono<WebEnv> = createWeb({ assets, log: app.log, publicUrl: null, practice: false })
  web.route('/', recorderRoutes(app, signin))
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await web.request(path, init)
    const html = await response.text()
    return { status: response.status, to: response.headers.get('location'), html }
  }
  const actors = [
    ...recorderActors(app, { inFlight: 1 }),
    ...lineActors(app, { inFlight: 1 }),
    ...mailActors(app, { inFlight: 1 }),
  ]
  const base = `/services/${ada.serviceId}/recordings`
  return {
    app,
    ...ada,
    messageId,
    base,
    at: `${base}/${messageId}`,
    get: (path: string) => ask(path),
    post(path: string, fields: Record<string, string | File> = {}) {
      const body = new FormData()
      for (const [name, value] of Object.entries(fields)) body.append(name, value)
      return ask(path, { method: 'POST', body })
    },
    as(who: string | null) {
      email = who
    },
    work: () => settle(app.clock, actors),
    message: () => app.db.in(ada.scope, (tx) => messageOf(tx, messageId)),
    /** The telephone of this take is answered, something is said, and the call is over without a choice. */
    async speakInto(takeId: string) {
      const say = (heard: Parameters<typeof hear>[3]) =>
        app.db.in(ada.scope, (tx) => hear(app, tx, takeId, heard))
      await say({ kind: 'answered' })
      await say({ kind: 'keyed', key: '1' })
      app.phone.recordings.set('RE1', speech())
      await say({ kind: 'recorded', lineId, recordingSid: 'RE1', seconds: 3, isFileReady: true })
      await say({ kind: 'ended', found: 'answered without a key' })
      await settle(app.clock, actors)
    },
  }
}

const takeIn = (location: string | null) => /^\/takes\/([0-9a-f-]{36})$/.exec(location ?? '')?.[1] ?? ''

test('rung from the page, spoken, listened to on the page, used', async () => {
  const w = await world()
  expect((await w.get(w.base)).html).toContain('There is no recording yet')
  expect((await w.get(w.at)).html).toContain('value="07700 900201"')
  const { to } = await w.post(`${w.at}/takes`, { number: '07700 900201' })
  const takeId = takeIn(to)
  await w.work()
  expect(w.app.phone.calls).toMatchObject([{ to: '+447700900201', from: lineNumber }])
  expect((await w.get(to!)).html).toContain('We are about to ring you')
  await w.speakInto(takeId)
  const page = await w.get(to!)
  expect(page.html).toContain('Use this recording')
  const sound = /src="([^"]+\/recordings\/[^"]+)"/.exec(page.html)![1]!
  expect((await w.get(sound)).status).toBe(200)
  expect(await w.message()).toMatchObject({ recordingMissing: true })
  const used = await w.post(`/takes/${takeId}/use`)
  expect(used.to).toBe(`${w.base}?new=1`)
  expect(await w.message()).toMatchObject({ recordingMissing: false, recording: { recorderName: 'Ben' } })
  expect((await w.get(to!)).html).toContain('Your recording is in use')
})

test('pressing twice rings once', async () => {
  const w = await world()
  const formId = '018f0000-0000-7000-8000-0000000000f1'
  const first = await w.post(`${w.at}/takes`, { number: '07700 900201', formId })
  expect(await w.post(`${w.at}/takes`, { number: '07700 900201', formId })).toMatchObject({ to: first.to })
  await w.work()
  expect(w.app.phone.calls).toHaveLength(1)
})

test('a number that cannot be rung is refused beside its field, and what was typed stays', async () => {
  const w = await world()
  const page = await w.post(`${w.at}/takes`, { number: '0900 123456' })
  expect(page.status).toBe(422)
  expect(page.html).toContain('premium rate')
  expect(page.html).toContain('value="0900 123456"')
})

test('a file is used at once, a silent one refused', async () => {
  const w = await world()
  const file = (wav: Uint8Array<ArrayBuffer>) => ({
    recording: new File([wav], 'a.wav', { type: 'audio/wav' }),
  })
  expect((await w.post(w.at, file(speech({ peak: 0 })))).html).toContain('could hardly hear')
  expect((await w.post(w.at)).html).toContain('Choose a sound file first')
  expect((await w.post(w.at, file(speech()))).to).toBe(`${w.base}?new=1`)
  expect(await w.message()).toMatchObject({ recordingMissing: false })
  expect((await w.get(`${w.at}/sound`)).status).toBe(200)
})

test('who has another role sees what is heard and records nothing; a stranger signs in; others find nothing', async () => {
  const w = await world()
  const { to } = await w.post(`${w.at}/takes`, { number: '07700 900201' })
  w.as('cara@example.org')
  const list = await w.get(w.base)
  expect(list.status).toBe(200)
  expect(list.html).not.toContain('Record it')
  for (const path of [w.at, `${w.at}/sound`, to!, `${to}/live`])
    expect((await w.get(path)).status, path).toBe(404)
  for (const path of [w.at, `${w.at}/takes`, `${w.at}/recorder-codes`, `${to}/use`, `${to}/again`])
    expect((await w.post(path, { number: '07700 900201' })).status, path).toBe(404)
  w.as(null)
  for (const path of [w.base, w.at, to!]) expect((await w.get(path)).to, path).toContain('/signin?next=')
  w.as('nobody@example.org')
  for (const path of [w.base, w.at, to!]) expect((await w.get(path)).status, path).toBe(404)
})

test('operators see what passed with the telephone company, and hear nothing', async () => {
  const w = await world()
  const { to } = await w.post(`${w.at}/takes`, { number: '07700 900201' })
  await w.work()
  await w.speakInto(takeIn(to))
  const own = await w.get(to!)
  expect(own.html).not.toContain('With the telephone company')
  const sound = /src="([^"]+\/recordings\/[^"]+)"/.exec(own.html)![1]!
  w.as('desk@example.org')
  const page = await w.get(to!)
  expect(page.html).toContain('With the telephone company')
  expect(page.html).toContain('Recorded 3 seconds: good, forgotten')
  expect((await w.get(sound)).status).toBe(404)
})

test('somebody else records: they get a role, a code, an e-mail and a text, and the page shows the code again', async () => {
  const w = await world()
  const told = { name: 'Dora', email: 'dora@example.org', mobile: '07700 900333' }
  const { to } = await w.post(`${w.at}/recorder-codes`, told)
  await w.work()
  const page = await w.get(to!)
  const code = /(\d{3}) (\d{3})<\/strong>/.exec(page.html)!.slice(1).join('')
  expect(page.html).toContain('We have sent it by e-mail and text.')
  expect(w.app.phone.texts.at(-1)!.body).toContain(`Ring 01632 960001, press 3 and type ${code}.`)
  expect(w.app.mail.sent.at(-1)!.text).toContain(`${code.slice(0, 3)} ${code.slice(3)}`)
  const people = await w.app.db.in(w.scope, (tx) => stakeholdersOf(tx, w.serviceId))
  expect(people.find(({ name }) => name === 'Dora')).toMatchObject({
    roles: ['recorder'],
    email: 'dora@example.org',
  })
  // what was told is kept nowhere
  const kept = await w.app.db.in(families, async ({ sql }) => [
    await sql.selectFrom('email').select(['html', 'plain']).execute(),
  ])
  expect(JSON.stringify(kept)).not.toContain(code.slice(3))
  expect((await w.get(w.base)).html).toContain('A code for Dora')
  await w.post(`${to!.split('?')[0]}?_method=DELETE`)
  expect((await w.get(to!)).status).toBe(404)
  // who records may record, and nothing else
  w.as('dora@example.org')
  expect((await w.get(w.at)).status).toBe(200)
  expect((await w.get(w.at)).html).not.toContain('Let somebody else')
  expect((await w.post(`${w.at}/recorder-codes`, told)).status).toBe(404)
})

test('a code for nobody, a wrong address and a landline are refused', async () => {
  const w = await world()
  const page = await w.post(`${w.at}/recorder-codes`, { name: '', email: 'nonsense', mobile: '01632 960333' })
  expect(page.status).toBe(422)
  for (const field of ['name', 'email', 'mobile']) expect(page.html).toContain(`href="#${field}"`)
})
