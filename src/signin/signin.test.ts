// Signing in on a real database: the right code, the wrong one, too many, an old one, one used twice; and leaving.
import { Hono } from 'hono'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { families, type TestApp, testApp } from '../../test/support/app.ts'
import { createPerson } from '../people/people.ts'
import type { WebEnv } from '../web/env.ts'
import { createWeb } from '../web/server.ts'
import { signinRoutes } from './pages.tsx'
import { createSignin, type Signin } from './signin.ts'

let app: TestApp
let signin: Signin
let web: Hono<WebEnv>
let cookies: Map<string, string>

const assets = { url: (name: string) => `/assets/${name}`, has: () => true, serve: () => new Response() }

beforeEach(async () => {
  app = await testApp()
  signin = createSignin(app)
  cookies = new Map()
  web = createWeb({ assets, log: app.log, publicUrl: app.config.publicUrl, practice: true })
  web.use(signin.viewer)
  web.route('/', signinRoutes(app, signin))
  web.route(
    '/',
    new Hono<WebEnv>().get('/who', async (c) => c.json(await signin.whoIs(c))),
  )
})
afterEach(async () => {
  await signin.auth.close()
  await app.close()
})

async function ask(path: string, fields?: Record<string, string>) {
  const response = await web.request(`https://callassist.example.org${path}`, {
    headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    ...(fields && { method: 'POST', body: new URLSearchParams(fields) }),
  })
  for (const cookie of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!
    if (value === '' || /max-age=0/i.test(cookie)) cookies.delete(name!)
    else cookies.set(name!, value!)
  }
  return { status: response.status, location: response.headers.get('location'), html: await response.text() }
}

/** The code of the newest e-mail. */
async function mailedCode(): Promise<string> {
  const { subject } = await app.db.in(families, ({ sql }) =>
    sql.selectFrom('email').select('subject').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow(),
  )
  return subject.slice(0, 6)
}

async function expireCodes(): Promise<void> {
  const client = new pg.Client({ connectionString: app.db.connectionString })
  await client.connect()
  await client.query(`update signin.verification set "expiresAt" = "expiresAt" - interval '11 minutes'`)
  await client.end()
}

test('a code by e-mail signs in, as everybody with that address, and works once', async () => {
  await app.db.in(families, (tx) =>
    createPerson(app, tx, { name: 'Ben', phone: null, email: 'ben@example.org' }),
  )
  expect(await ask('/signin', { email: ' Ben@Example.org ', next: '/services' })).toMatchObject({
    status: 303,
    location: '/signin/code',
  })
  const code = await mailedCode()
  expect((await ask('/signin/code')).html).toContain('ben@example.org')
  const spaced = `${code.slice(0, 3)} ${code.slice(3)}`
  expect(await ask('/signin/code', { code: spaced })).toMatchObject({ status: 303, location: '/services' })
  expect(JSON.parse((await ask('/who')).html)).toMatchObject({
    email: 'ben@example.org',
    persons: [{ name: 'Ben' }],
  })

  await ask('/signout', {})
  expect((await ask('/who')).html).toBe('null')
  await ask('/signin', { email: 'ben@example.org', next: '/services' })
  expect((await ask('/signin/code', { code })).status).toBe(422)
})

test('the address and the code are in no link', async () => {
  const { location } = await ask('/signin', { email: 'ben@example.org', next: '/services' })
  expect(location).toBe('/signin/code')
})

test('a wrong code is refused, and after five tries the right one too', async () => {
  await ask('/signin', { email: 'ben@example.org', next: '/services' })
  const code = await mailedCode()
  const wrong = code === '000000' ? '111111' : '000000'
  for (let i = 0; i < 5; i++)
    expect((await ask('/signin/code', { code: wrong })).html).toContain('That is not the code we sent')
  expect((await ask('/signin/code', { code })).html).toContain('That was tried too often')
  expect((await ask('/who')).html).toBe('null')
})

test('twenty codes a day are sent to one address, whoever asks from wherever', async () => {
  const wish = { email: 'ben@example.org', next: '/services' }
  const counted = async (change: string) => {
    const client = new pg.Client({ connectionString: app.db.connectionString })
    await client.connect()
    await client.query(`update signin."rateLimit" set ${change} where key = 'codes for ben@example.org'`)
    await client.end()
  }
  await ask('/signin', wish)
  await counted('count = 19')
  expect((await ask('/signin', wish)).status).toBe(303)
  const refused = await ask('/signin', wish)
  expect(refused.status).toBe(422)
  expect(refused.html).toContain('twenty codes')
  expect((await ask('/signin', { ...wish, email: 'cara@example.org' })).status).toBe(303)
  // whoever uses them up keeps nobody away from a device on which they have signed in before
  await counted('count = 19')
  await ask('/signin', wish)
  expect((await ask('/signin/code', { code: await mailedCode() })).status).toBe(303)
  await ask('/signout', {})
  const device = new Map(cookies)
  expect((await ask('/signin', wish)).status).toBe(303)
  cookies.clear()
  // the newest is still good, and tomorrow there are others
  expect((await ask('/signin', wish)).status).toBe(422)
  for (const [name, value] of device)
    cookies.set(
      name,
      value.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
    )
  expect((await ask('/signin', wish)).status).toBe(422)
  await counted(`"lastRequest" = "lastRequest" - 86400000`)
  expect((await ask('/signin', wish)).status).toBe(303)
})

test.each([
  ['203.0.113.9', '203.0.113.9', '203.0.113.10'],
  ['2001:db8:1:2::9', '2001:db8:1:2:3::9', '2001:db8:1:3::9'],
])('the library counts by the address that asks: %s', async (one, same, other) => {
  const send = async (remoteAddress: string) => {
    const body = new URLSearchParams({ email: 'ben@example.org', next: '/services' })
    const env = { incoming: { socket: { remoteAddress } } }
    return (await web.request('https://callassist.example.org/signin', { method: 'POST', body }, env)).status
  }
  for (let time = 0; time < 10; time++) expect(await send(one)).toBe(303)
  expect(await send(same)).toBe(422)
  expect(await send(other)).toBe(303)
})

test('a code is no longer good after ten minutes, and the page says what to do', async () => {
  await ask('/signin', { email: 'ben@example.org', next: '/services' })
  await expireCodes()
  const refused = await ask('/signin/code', { code: await mailedCode() })
  expect(refused.status).toBe(422)
  expect(refused.html).toContain('That code is no longer good. Ask for a new one below')
})

test.each([
  ['', 'Please type an e-mail address'],
  ['ben', 'An e-mail address has an @ in it'],
])('the address "%s" is refused, and stays in the form', async (email, says) => {
  const { status, html } = await ask('/signin', { email, next: '/services' })
  expect(status).toBe(422)
  expect(html).toContain(says)
  if (email) expect(html).toContain(`value="${email}"`)
})

test('a code that is none is refused without counting as a try', async () => {
  await ask('/signin', { email: 'ben@example.org', next: '/services' })
  for (let i = 0; i < 8; i++)
    expect((await ask('/signin/code', { code: 'abc' })).html).toContain('Enter the code of six digits')
  expect((await ask('/signin/code', { code: await mailedCode() })).status).toBe(303)
})

test('signing in leads only to pages of our own', async () => {
  await ask('/signin', { email: 'ben@example.org', next: '//elsewhere.example.org/' })
  expect((await ask('/signin/code', { code: await mailedCode() })).location).toBe('/services')
})
