// Services / pages on a real database: who sees what, ring now once, what a stakeholder can say, and the pause.
import { Hono } from 'hono'
import { afterEach, expect, test } from 'vitest'
import { addService, families, type TestApp, testApp } from '../../test/support/app.ts'
import { callActors } from '../calls/calls.ts'
import { createPerson } from '../people/people.ts'
import type { SignedIn, Signin } from '../signin/signin.ts'
import type { WebEnv } from '../web/env.ts'
import { createWeb } from '../web/server.ts'
import { serviceRoutes } from './pages.tsx'

let open: TestApp | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

const assets = { url: (name: string) => `/assets/${name}`, has: () => true, serve: () => new Response() }

/** Ada's service with Ben as creator; `as` asks as somebody, null as a stranger. */
async function world() {
  const app = await testApp({ at: '2026-11-24T08:00:00Z' })
  open = app
  const ada = await addService(app, { receiver: { name: 'Ada' }, stakeholders: [{ name: 'Ben', step: 1 }] })
  const susan = await app.db.in(families, (tx) =>
    createPerson(app, tx, { name: 'Susan', phone: null, email: 'susan@example.org' }),
  )
  let who: SignedIn | null = null
  const signin = { whoIs: async () => who } as unknown as Signin
  const web = createWeb({ assets, log: app.log, publicUrl: null, practice: true })
  web.route('/', new Hono<WebEnv>().route('/', serviceRoutes(app, signin)))
  const person = (id: string, name: string): SignedIn => ({
    email: `${name}@example.org`,
    persons: [{ organisationId: families.organisationId, id, name }],
  })
  const as = (someone: SignedIn | null) => ({
    id: someone?.persons[0]?.id ?? '',
    async get(path: string) {
      who = someone
      const response = await web.request(path)
      return {
        status: response.status,
        location: response.headers.get('location'),
        html: await response.text(),
      }
    },
    async post(path: string, fields: Record<string, string> = {}) {
      who = someone
      const response = await web.request(path, { method: 'POST', body: new URLSearchParams(fields) })
      return {
        status: response.status,
        location: response.headers.get('location'),
        html: await response.text(),
      }
    },
  })
  return {
    app,
    page: `/services/${ada.serviceId}`,
    ben: as(person(ada.people.Ben!, 'Ben')),
    susan: as(person(susan, 'Susan')),
    nobody: as(null),
  }
}

test('a stranger is sent to sign in and comes back', async () => {
  const { page, nobody } = await world()
  expect(await nobody.get(page)).toMatchObject({ status: 303, location: `/signin?next=${page}` })
  expect(await nobody.post(`${page}/test-calls`)).toMatchObject({
    status: 303,
    location: `/signin?next=${page}/test-calls`,
  })
})

test("somebody else's service is not found, whatever is asked of it", async () => {
  const { app, page, susan } = await world()
  for (const path of ['', '/calls', '/pause', '/live', `/calls/${crypto.randomUUID()}`])
    expect((await susan.get(page + path)).status).toBe(404)
  for (const path of ['/test-calls', '/pause', '/pause?_method=DELETE'])
    expect((await susan.post(page + path)).status).toBe(404)
  expect((await susan.get('/services/not-an-id')).status).toBe(404)
  expect((await susan.get('/services')).html).not.toContain('Ada')
  expect(app.phone.calls).toHaveLength(0)
})

test('the page says what comes, who is told and how it is set up', async () => {
  const { page, ben } = await world()
  const { status, html } = await ben.get(page)
  expect(status).toBe(200)
  for (const words of [
    'Ada today',
    'Who is told if Ada does not answer',
    'Ben',
    'We ring three times at most, 5 minutes apart.',
  ])
    expect(html).toContain(words)
})

test('pressing "Ring now" twice makes one test call, marked as a test', async () => {
  const { app, page, ben } = await world()
  const formId = crypto.randomUUID()
  await Promise.all([ben.post(`${page}/test-calls`, { formId }), ben.post(`${page}/test-calls`, { formId })])
  const calls = await app.db.in(families, ({ sql }) =>
    sql.selectFrom('call').select(['id', 'is_test']).where('is_test', '=', true).execute(),
  )
  expect(calls).toHaveLength(1)
  for (const actor of callActors(app)) await actor.runDue(app.clock.now())
  expect((await ben.get(page)).html).toContain('We ring Ada as soon as the line is free.')
})

test('a pause is refused with what was typed kept, then saved, shown and taken back', async () => {
  const { page, ben } = await world()
  const typed = {
    'from-day': '3',
    'from-month': '12',
    'from-year': '2026',
    'to-day': '1',
    'to-month': '12',
    'to-year': '2026',
    reason: 'staying with us',
  }
  const refused = await ben.post(`${page}/pause`, typed)
  expect(refused.status).toBe(422)
  expect(refused.html).toContain('The last day must not be before the first')
  expect(refused.html).toContain('value="staying with us"')
  expect((await ben.post(`${page}/pause`, { ...typed, 'to-day': '31', 'to-month': '2' })).html).toContain(
    'Enter a real date',
  )
  expect(await ben.post(`${page}/pause`, { ...typed, 'to-day': '9' })).toMatchObject({
    status: 303,
    location: page,
  })
  expect((await ben.get(page)).html).toContain(
    'Calls will be paused from Thursday 3 December to Wednesday 9 December: staying with us.',
  )
  expect((await ben.get(page)).html).toContain('Do not pause the calls')
  await ben.post(`${page}/pause?_method=DELETE`)
  expect((await ben.get(page)).html).not.toContain('will be paused')
  await ben.post(`${page}/pause`, { ...typed, 'from-day': '24', 'from-month': '11', 'to-day': '9' })
  const paused = (await ben.get(page)).html
  expect(paused).toContain('Calls are paused from Tuesday 24 November to Wednesday 9 December')
  expect(paused).toContain('Start the calls again now')
})

test('whoever watches the queue finds it from their list', async () => {
  const { app, ben, susan } = await world()
  await app.db.in(families, ({ sql }) =>
    sql
      .insertInto('member')
      .values({ organisation_id: families.organisationId, person_id: susan.id, role: 'operator' })
      .execute(),
  )
  expect((await susan.get('/services')).html).toContain('href="/queue"')
  expect((await ben.get('/services')).html).not.toContain('href="/queue"')
})

test('stopped for good after a page of its own has asked, and started again', async () => {
  const { page, ben, susan } = await world()
  expect((await ben.get(page)).html).toContain(`href="${page}/stop"`)
  const asked = await ben.get(`${page}/stop`)
  expect(asked.html).toContain('Stop the calls to Ada for good?')
  expect((await ben.get(page)).html).not.toContain('These calls have been stopped')
  expect((await susan.post(`${page}/stop`)).status).toBe(404)
  expect(await ben.post(`${page}/stop`)).toMatchObject({ status: 303, location: page })
  const stopped = (await ben.get(page)).html
  expect(stopped).toContain('These calls have been stopped')
  expect(stopped).toContain('The calls to Ada were stopped today at 8am.')
  expect(stopped).not.toContain('Ring now, as a test')
  await ben.post(`${page}/stop?_method=DELETE`)
  expect((await ben.get(page)).html).not.toContain('have been stopped')
})

test('a PIN is refused with a reason, saved as a hash, and taken away', async () => {
  const { app, page, ben } = await world()
  const hashes = () =>
    app.db.in(families, async ({ sql }) =>
      (await sql.selectFrom('service').select('pin_hash').execute()).map((row) => row.pin_hash),
    )
  for (const [typed, why] of [
    ['123', 'four to eight digits'],
    ['wedding', 'four to eight digits'],
    ['1111', 'harder to guess'],
    ['2345', 'harder to guess'],
  ] as const) {
    const refused = await ben.post(`${page}/pin`, { pin: typed })
    expect(refused.status).toBe(422)
    expect(refused.html).toContain(why)
  }
  expect(await hashes()).toEqual([null])
  expect(await ben.post(`${page}/pin`, { pin: '19 61' })).toMatchObject({ status: 303, location: page })
  const [hash] = await hashes()
  expect(hash).toMatch(/^[\w-]{43}$/)
  expect((await ben.get(page)).html).toContain('There is one')
  await ben.post(`${page}/pin?_method=DELETE`)
  expect(await hashes()).toEqual([null])
})
