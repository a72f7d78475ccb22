// Confirming a number, from the page over the line back to the page, on a real PostgreSQL with a telephone network that does as told.
import type { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { addService, testApp } from '../../test/support/app.ts'
import { lineActors, lineRoutes } from '../lines/lines.ts'
import type { PhoneEvent, Script } from '../outside/phone/port.ts'
import { personsEverywhere, replacePerson } from '../people/people.ts'
import { settle } from '../queue/loop.ts'
import { alertReceivers, stakeholdersOf } from '../services/services.ts'
import type { Signin } from '../signin/signin.ts'
import type { Assets } from '../web/assets.ts'
import type { WebEnv } from '../web/env.ts'
import { createWeb } from '../web/server.ts'
import { judge } from './judge.ts'
import { verificationRoutes } from './pages.tsx'
import { verificationOwner } from './verification.ts'
import { words } from './words.ts'

const assets: Assets = {
  url: (name) => `/assets/${name}`,
  has: () => true,
  serve: (c) => c.notFound() as Response,
}
const everyWay = ['call', 'text', 'email'] as const

async function world() {
  const app = await testApp({ at: '2026-11-24T09:00:00Z', owners: { verification: verificationOwner } })
  onTestFinished(() => app.close())
  const ada = await addService(app, {
    stakeholders: [
      { name: 'Susan', roles: ['creator'], phone: '+447700900200' },
      { name: 'Ben', phone: '+447700900201', channels: [...everyWay], isConfirmed: false },
      { name: 'Cara', phone: '+441632960202', channels: ['call'], isConfirmed: false },
    ].map((one) => ({ roles: ['alert receiver' as const], ...one })) as never,
  })
  let email: string | null = 'susan@example.org'
  const signin = {
    whoIs: async () => (email ? { email, persons: await personsEverywhere(app, email) } : null),
  } as unknown as Signin
  const web: Hono<WebEnv> = createWeb({ assets, log: app.log, publicUrl: null, practice: false })
  web.route('/', verificationRoutes(app, signin))
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await web.request(path, init)
    return { status: response.status, to: response.headers.get('location'), html: await response.text() }
  }
  const actors = lineActors(app, { inFlight: 1 })
  const routes = lineRoutes(app)
  const base = `/services/${ada.serviceId}/numbers`
  return {
    app,
    ...ada,
    base,
    ben: `${base}/${ada.people.Ben}`,
    cara: `${base}/${ada.people.Cara}`,
    get: (path: string) => ask(path),
    post: (path: string, fields: Record<string, string> = {}) =>
      ask(path, { method: 'POST', body: new URLSearchParams(fields) }),
    as(who: string | null) {
      email = who
    },
    work: () => settle(app.clock, actors),
    async told(event: Partial<PhoneEvent>, kind = 'voice', query = '') {
      const { sid, urls } = app.phone.calls.at(-1)!
      const path = new URL(urls.voice).pathname.replace('/lines', '').replace('voice', kind)
      const answer = await routes.request(`${path}${query}`, {
        method: 'POST',
        headers: { 'X-Twilio-Signature': 'signed', 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ event: JSON.stringify({ ...event, sid }) }).toString(),
      })
      return JSON.parse(await answer.text()) as Script
    },
    person: async (name: string) =>
      (await app.db.in(ada.scope, (tx) => stakeholdersOf(tx, ada.serviceId))).find(
        (one) => one.name === name,
      )!,
  }
}
const codeIn = (text: string) => /\b(\d{4})\b/.exec(text)![1]!

test('a mobile by text: sent, typed, confirmed; the text is kept nowhere', async () => {
  const w = await world()
  expect((await w.get(w.base)).html).toContain(words.notConfirmed)
  expect((await w.post(`${w.ben}/codes/text`)).to).toBe(w.ben)
  await w.work()
  const { to, body } = w.app.phone.texts[0]!
  expect(to).toBe('+447700900201')
  expect(body).toContain('Susan')
  expect(body).not.toContain('Ada')
  const wrong = codeIn(body) === '0000' ? '0001' : '0000'
  const page = await w.post(`${w.ben}/confirmation`, { code: wrong })
  expect(page.status).toBe(422)
  expect(page.html).toContain(words.refused.wrong)
  expect(page.html).toContain(`value="${wrong}"`)
  const done = await w.post(`${w.ben}/confirmation`, { code: ` ${codeIn(body)} ` })
  expect(done.to).toBe(`${w.base}?done=${w.people.Ben}`)
  expect((await w.get(done.to!)).html).toContain('is confirmed.')
  expect(await w.person('Ben')).toMatchObject({ isConfirmed: true })
  const receivers = await w.app.db.in(w.scope, (tx) => alertReceivers(tx, w.serviceId))
  expect(receivers.find(({ name }) => name === 'Ben')!.channels).toEqual([...everyWay])
  w.app.pass(200)
  await w.work()
  const bodies = await w.app.db.look(({ sql }) => sql.selectFrom('outgoing').select('body').execute())
  expect(bodies).toEqual([{ body: '' }])
})

test('a landline by a call: the digits one by one, twice, again with star, and nothing about anybody', async () => {
  const w = await world()
  expect((await w.get(w.cara)).html).not.toContain(words.sendText)
  expect((await w.post(`${w.cara}/codes/text`)).html).toContain(words.landline)
  await w.post(`${w.cara}/codes/call`)
  await w.work()
  expect(w.app.phone.calls).toMatchObject([{ to: '+441632960202' }])
  const [gather] = await w.told({ kind: 'answered' })
  if (gather?.do !== 'gather') throw new Error('nothing is asked')
  const said = gather.sounds.flatMap((sound) => (sound.do === 'say' ? [sound.text] : []))
  const digits = said.filter((text) => /^\d\.$/.test(text)).map((text) => text[0]!)
  expect(digits).toHaveLength(8)
  expect(digits.slice(0, 4)).toEqual(digits.slice(4))
  expect(said.join(' ')).not.toContain('Ada')
  expect(await w.told({ kind: 'keyed', key: '*' } as never, 'keys', '?keys=0&silences=0')).toEqual([gather])
  expect((await w.told({ kind: 'keyed', key: '5' } as never, 'keys', '?keys=1&silences=0')).at(-1)).toEqual({
    do: 'hang up',
  })
  await w.post(`${w.cara}/confirmation`, { code: digits.slice(0, 4).join('') })
  expect(await w.person('Cara')).toMatchObject({ isConfirmed: true })
})

test('a changed number is not confirmed, and an old code confirms no new number', async () => {
  const w = await world()
  await w.post(`${w.ben}/codes/text`)
  await w.work()
  const code = codeIn(w.app.phone.texts[0]!.body)
  const change = (phone: string) =>
    w.app.db.in(w.scope, (tx) =>
      replacePerson(tx, w.people.Ben!, { name: 'Ben', phone, email: 'ben@example.org' }),
    )
  await change('+447700900299')
  expect((await w.post(`${w.ben}/confirmation`, { code })).html).toContain(words.refused.none)
  await change('+447700900201')
  await w.post(`${w.ben}/confirmation`, { code })
  expect(await w.person('Ben')).toMatchObject({ isConfirmed: true })
  await change('+447700900299')
  expect(await w.person('Ben')).toMatchObject({ isConfirmed: false })
})

test('five tries, 30 minutes, and the newest code only', async () => {
  const w = await world()
  await w.post(`${w.ben}/codes/text`)
  await w.work()
  const first = codeIn(w.app.phone.texts[0]!.body)
  for (let n = 0; n < 5; n++) await w.post(`${w.ben}/confirmation`, { code: 'none' })
  expect((await w.post(`${w.ben}/confirmation`, { code: first })).html).toContain(words.refused['too often'])
  w.app.pass(60)
  await w.post(`${w.ben}/codes/text`)
  await w.work()
  const second = codeIn(w.app.phone.texts[1]!.body)
  if (first !== second) expect((await w.post(`${w.ben}/confirmation`, { code: first })).status).toBe(422)
  w.app.pass(30 * 60)
  expect((await w.post(`${w.ben}/confirmation`, { code: second })).html).toContain('more than 30 minutes old')
})

test('a number is troubled three times an hour at most, and told what to do', async () => {
  const w = await world()
  for (let n = 0; n < 3; n++) expect((await w.post(`${w.ben}/codes/text`)).status).toBe(303)
  expect((await w.post(`${w.ben}/codes/call`)).html).toContain('Wait an hour')
  w.app.pass(3601)
  for (let n = 0; n < 2; n++) expect((await w.post(`${w.ben}/codes/text`)).status).toBe(303)
  w.app.pass(3601)
  expect((await w.post(`${w.ben}/codes/text`)).html).toContain('Try again tomorrow')
})

test('a stranger signs in; somebody without a role, and a person of another service, find nothing', async () => {
  const w = await world()
  const other = await addService(w.app, { stakeholders: [{ name: 'Olive', isConfirmed: false }] })
  const foreign = `${w.base}/${other.people.Olive}`
  expect((await w.get(foreign)).status).toBe(404)
  expect((await w.post(`${foreign}/codes/text`)).status).toBe(404)
  for (const who of ['olive@example.org', 'nobody@example.org']) {
    w.as(who)
    for (const path of [w.base, w.ben]) expect((await w.get(path)).status).toBe(404)
    expect((await w.post(`${w.ben}/confirmation`, { code: '1234' })).status).toBe(404)
  }
  w.as(null)
  expect((await w.get(w.base)).to).toContain('/signin?next=')
})

test('a code is judged by its time, its tries and its digits, in this order', () => {
  const now = new Date('2026-11-24T09:00:00Z')
  const sent = { sentAt: now, tries: 0, digits: '4829' }
  const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
  expect(judge(null, '4829', now)).toBe('none')
  expect(judge(sent, '48 29', at(29.9))).toBe('right')
  expect(judge(sent, '4828', at(1))).toBe('wrong')
  expect(judge(sent, '4829', at(30))).toBe('too late')
  expect(judge({ ...sent, tries: 5 }, '4829', at(1))).toBe('too often')
  expect(judge(sent, '', at(1))).toBe('wrong')
})
