import { HTTPException } from 'hono/http-exception'
import { expect, test, vi } from 'vitest'
import { type Fields, type Log, silentLog } from '../kit/log.ts'
import { redirect303, sendPage } from './answer.ts'
import type { Assets } from './assets.ts'
import { eventStream, type Send } from './events.ts'
import { TextInput } from './fields.tsx'
import { onlyOnce, readForm } from './form.ts'
import { Button, Form } from './forms.tsx'
import { relaxCsp } from './guard.ts'
import { createWeb } from './server.ts'

const assets: Assets = {
  url: (name) => `/assets/${name}`,
  has: () => true,
  serve: (c) => c.text('an asset', 200, { 'Cache-Control': 'public, max-age=31536000, immutable' }),
}

const web = (options: { log?: Log; publicUrl?: string | null; practice?: boolean } = {}) =>
  createWeb({ assets, log: silentLog, publicUrl: null, practice: false, ...options })

const post = (body: string | FormData | URLSearchParams, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers:
    typeof body === 'string' ? { 'content-type': 'application/x-www-form-urlencoded', ...headers } : headers,
  body,
})

// -------------------------------------------------------------------------------------------------------------- pages

function nameRoutes(app = web()) {
  app.post('/name', async (c) => {
    const form = await readForm(c, { max: { name: 20 } })
    const errors = [...form.errors, ...(form.text('name') ? [] : [{ field: 'name', text: 'Enter a name' }])]
    if (errors.length === 0) return redirect303(c, '/done')
    return sendPage(
      c,
      { title: 'Your name', errors },
      <Form action="/name">
        <TextInput name="name" label="Your name" heading value={form.text('name')} errors={errors} />
        <Button>Continue</Button>
      </Form>,
    )
  })
  return app
}

test('a page with errors says so first, with 422, a focused summary, and what was typed', async () => {
  const answer = await nameRoutes().request('/name', post(`name=${'x'.repeat(10_000)}`))
  const html = await answer.text()
  expect(answer.status).toBe(422)
  expect(html).toContain('<title>Error: Your name – CallAssist</title>')
  expect(html).toContain('src="/assets/focus-errors.js"')
  expect(html).toContain('<a href="#name">Use 20 characters or fewer. You used 10,000.</a>')
  expect(html).toContain(`value="${'x'.repeat(10_000)}"`)
  expect(html.match(/<h1/g)).toHaveLength(1)
})

test('a good form is answered with a redirect that cannot lead elsewhere', async () => {
  const answer = await nameRoutes().request('/name', post('name=Ada'))
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/done'])
  const app = web()
  app.get('/leave', (c) => redirect303(c, '//elsewhere.example.org'))
  expect((await app.request('/leave')).status).toBe(500)
})

test('pages carry the headers that keep them private and unframed', async () => {
  const app = web()
  app.get('/', (c) => sendPage(c, { title: 'Home' }, <h1>Home</h1>))
  const { headers } = await app.request('/')
  expect(headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self';.*frame-ancestors 'none'/,
  )
  expect(headers.get('content-security-policy')).not.toContain('unsafe')
  expect(headers.get('cache-control')).toBe('private, no-store')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('referrer-policy')).toBe('same-origin')
  expect(headers.get('permissions-policy')).toBe('microphone=(), camera=(), geolocation=(), payment=()')
})

test('only a page that records may use the microphone', async () => {
  const app = web()
  app.get('/record', (c) => sendPage(c, { title: 'Record', scripts: ['voice-recorder'] }, <h1>Record</h1>))
  app.get('/other', (c) => sendPage(c, { title: 'Other', scripts: ['running-clock'] }, <h1>Other</h1>))
  const policy = async (path: string) => (await app.request(path)).headers.get('permissions-policy')
  expect(await policy('/record')).toContain('microphone=(self)')
  expect(await policy('/other')).toContain('microphone=()')
})

test('where it is reached by https, it never is by http again', async () => {
  const secured = async (publicUrl: string | null) =>
    (await web({ publicUrl }).request('/')).headers.get('strict-transport-security')
  expect(await secured('https://calls.example.org')).toBe('max-age=31536000')
  expect(await secured('http://localhost:3000')).toBeNull()
  expect(await secured(null)).toBeNull()
})

test('a room can loosen the policy of one answer, and of no other', async () => {
  const app = web()
  app.get('/mail', (c) => {
    relaxCsp(c, { 'frame-ancestors': "'self'" })
    return c.html('<p>An e-mail</p>')
  })
  app.get('/other', (c) => c.html('<p>Other</p>'))
  expect((await app.request('/mail')).headers.get('content-security-policy')).toContain(
    "frame-ancestors 'self'",
  )
  expect((await app.request('/other')).headers.get('content-security-policy')).toContain(
    "frame-ancestors 'none'",
  )
})

test('pages are compressed for browsers that can, and only for them', async () => {
  const app = web()
  app.get('/', (c) => sendPage(c, { title: 'Home' }, <h1>Home</h1>))
  const coding = async (accepted: string) =>
    (await app.request('/', { headers: { 'accept-encoding': accepted } })).headers.get('content-encoding')
  expect(await coding('gzip, deflate, br')).toBe('br')
  expect(await coding('gzip, br;q=0')).toBe('gzip')
  expect(await coding('identity')).toBeNull()
})

test('the frame links only to pages that exist, and shows the practice banner only in practice', async () => {
  const bare = web()
  bare.get('/', (c) => sendPage(c, { title: 'Home' }, <h1>Home</h1>))
  const plain = await (await bare.request('/')).text()
  expect(plain).not.toContain('Privacy')
  expect(plain).not.toContain('/exchange')
  const full = createWeb({
    assets,
    log: silentLog,
    publicUrl: null,
    practice: true,
    helpNumber: '01632 960000',
    places: { privacy: '/privacy' },
  })
  full.use(async (c, next) => {
    c.set('viewer', { name: 'Ben' })
    await next()
  })
  full.get('/', (c) => sendPage(c, { title: 'Home' }, <h1>Home</h1>))
  const shown = await (await full.request('/')).text()
  expect(shown).toContain('href="/privacy"')
  expect(shown).toContain('href="/exchange"')
  expect(shown).toContain('01632 960000')
  expect(shown).toContain('Signed in as Ben')
})

// ------------------------------------------------------------------------------------------------------------- guards

test.each<[string, Record<string, string>, number]>([
  ['from our own page', { 'sec-fetch-site': 'same-origin', origin: 'null' }, 303],
  ['typed or reloaded by the visitor', { 'sec-fetch-site': 'none' }, 303],
  ['from another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example.org' }, 403],
  ['from a sister site', { 'sec-fetch-site': 'same-site', origin: 'https://www.example.org' }, 403],
  ['by an old browser from our own page', { origin: 'http://localhost', host: 'localhost' }, 303],
  ['by an old browser through the proxy', { origin: 'https://calls.example.org', host: '10.0.0.1' }, 303],
  ['by an old browser from another site', { origin: 'https://evil.example.org', host: 'localhost' }, 403],
  ['by an old browser that hides where from', { origin: 'null', host: 'localhost' }, 403],
  ['by no browser', {}, 303],
])('a form sent %s', async (_, headers, status) => {
  const app = web({ publicUrl: 'https://calls.example.org' })
  app.post('/change', (c) => redirect303(c, '/'))
  expect((await app.request('/change', post('', headers))).status).toBe(status)
})

test.each<[string, boolean, number]>([
  ['localhost:3000', true, 200],
  ['callassist.localhost', true, 200],
  ['127.0.0.1:3000', true, 200],
  ['[::1]:3000', true, 200],
  ['192.168.1.7', true, 200],
  ['calls.example.org', true, 200],
  ['rebound.example.org', true, 421],
  ['localhost.example.org', true, 421],
  ['127.0.0.1.example.org:3000', true, 421],
  ['a b', true, 421],
  ['rebound.example.org', false, 200],
])('asked for as %s, on a laptop %s', async (host, practice, status) => {
  const app = web({ publicUrl: 'https://calls.example.org', practice })
  app.get('/exchange', (c) => c.text('everybody’s inbox'))
  const answer = await app.request('/exchange', { headers: { host } })
  expect(answer.status).toBe(status)
  // nor does the page that says so lead to one that says it again
  if (status === 421) expect(await answer.text()).not.toContain('Go to the home page')
  // the page that says so has its looks
  expect((await app.request('/icon.svg', { headers: { host } })).status).toBe(200)
})

test('webhooks of the provider need no origin, because their signature is checked', async () => {
  const app = web()
  app.post('/lines/main/voice', (c) => c.text('heard'))
  expect((await app.request('/lines/main/voice', post('', { 'sec-fetch-site': 'cross-site' }))).status).toBe(
    200,
  )
})

test('a form may hold 64 KB and an upload 12 MB, by length or by stream', async () => {
  const app = web()
  app.post('/form', async (c) => c.text(String((await readForm(c)).text('a').length)))
  const big = `a=${'x'.repeat(70_000)}`
  expect((await app.request('/form', post(big))).status).toBe(413)
  const stream = new Blob([big]).stream()
  expect(
    (await app.request('/form', { ...post(''), body: stream, duplex: 'half' } as RequestInit)).status,
  ).toBe(413)
  const upload = (bytes: number) => {
    const body = new FormData()
    body.set('recording', new File([new Uint8Array(bytes)], 'a.wav'))
    return post(body)
  }
  expect((await app.request('/form', upload(1_000_000))).status).toBe(200)
  expect((await app.request('/form', upload(13_000_000))).status).toBe(413)
})

test('a form can delete, and nothing else can be made of a POST', async () => {
  const app = web()
  app.delete('/services/:id/pause', (c) => redirect303(c, `/services/${c.req.param('id')}`))
  expect((await app.request('/services/7/pause?_method=DELETE', post('why=back'))).status).toBe(303)
  expect((await app.request('/services/7/pause?_method=PATCH', post(''))).status).toBe(404)
  expect((await app.request('/services/7/pause?_method=DELETE')).status).toBe(404)
  const foreign = post('', { 'sec-fetch-site': 'cross-site' })
  expect((await app.request('/services/7/pause?_method=DELETE', foreign)).status).toBe(403)
})

// ------------------------------------------------------------------------------------------------------------- trouble

test('trouble is a page with one heading and a way on', async () => {
  const app = web()
  app.get('/closed', () => {
    throw new HTTPException(403)
  })
  for (const [path, status] of [
    ['/nowhere', 404],
    ['/closed', 403],
  ] as const) {
    const answer = await app.request(path)
    const html = await answer.text()
    expect(answer.status).toBe(status)
    expect(html.match(/<h1/g)).toHaveLength(1)
    expect(html).toContain('Go to the home page')
  }
})

test('a bug shows a number to quote, and neither page nor log say whose data it was', async () => {
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const app = web({ log })
  app.get('/people/:id', () => {
    throw new Error('no person Ada 01632 960101')
  })
  const answer = await app.request('/people/secret-token')
  const html = await answer.text()
  expect(answer.status).toBe(500)
  expect(html).not.toContain('Ada')
  const fields = log.error.mock.calls[0]![2] as Fields
  expect(fields).toMatchObject({ method: 'GET', route: '/people/:id' })
  expect(html).toContain(fields.reference)
  expect(log.info.mock.calls[0]![1]).toMatchObject({ route: '/people/:id', status: 500 })
  expect(JSON.stringify(log.info.mock.calls)).not.toContain('secret-token')
})

// --------------------------------------------------------------------------------------------------------------- forms

test('what is typed is cleaned: space, control and invisible characters', async () => {
  const app = web()
  app.post('/form', async (c) => {
    const form = await readForm(c, { lines: ['notes'] })
    return c.json({
      name: form.text('name'),
      notes: form.text('notes'),
      days: form.all('days'),
      missing: form.text('missing'),
      pressed: form.has('up'),
    })
  })
  const body = new URLSearchParams([
    ['name', '  Ada\u0000\u202e   Lovelace\r\n'],
    ['notes', 'Key safe\r\nby the door\u0007'],
    ['days', 'mon'],
    ['days', 'tue'],
    ['up', ''],
    ['__proto__', 'x'],
  ])
  expect(await (await app.request('/form', post(body))).json()).toEqual({
    name: 'Ada Lovelace',
    notes: 'Key safe\nby the door',
    days: ['mon', 'tue'],
    missing: '',
    pressed: true,
  })
})

test('a file that was chosen is read, one that was not is null', async () => {
  const app = web()
  app.post('/form', async (c) => {
    const form = await readForm(c)
    return c.json({ bytes: form.file('recording')?.bytes.length, other: form.file('other') })
  })
  const body = new FormData()
  body.set('recording', new File([Uint8Array.of(1, 2, 3)], 'voice.wav'))
  body.set('other', new File([], ''))
  expect(await (await app.request('/form', post(body))).json()).toEqual({ bytes: 3, other: null })
})

test('a broken upload is a refusal, not a crash', async () => {
  const app = web()
  app.post('/form', async (c) => c.text((await readForm(c)).text('a')))
  const answer = await app.request(
    '/form',
    post('garbage', { 'content-type': 'multipart/form-data; boundary=x' }),
  )
  expect(answer.status).toBe(422)
})

test('a form pressed twice acts once, and both presses lead to the same place', async () => {
  const app = web()
  let rung = 0
  app.post('/ring', async (c) => onlyOnce(c, await readForm(c), async () => `/calls/${++rung}`))
  const press = (id: string) => app.request('/ring', post(`formId=${id}`))
  const id = crypto.randomUUID()
  const answers = await Promise.all([press(id), press(id), press(id)])
  expect(answers.map((a) => a.headers.get('location'))).toEqual(['/calls/1', '/calls/1', '/calls/1'])
  expect((await press(crypto.randomUUID())).headers.get('location')).toBe('/calls/2')
  expect(rung).toBe(2)
})

test('a form whose work failed may be sent again', async () => {
  const app = web()
  let tries = 0
  app.post('/ring', async (c) =>
    onlyOnce(c, await readForm(c), async () => {
      if (++tries === 1) throw new Error('the database went away')
      return '/done'
    }),
  )
  const body = `formId=${crypto.randomUUID()}`
  expect((await app.request('/ring', post(body))).status).toBe(500)
  expect((await app.request('/ring', post(body))).status).toBe(303)
})

// -------------------------------------------------------------------------------------------------------------- events

test('an event stream tells what changed, hears where it was, and stops when the browser leaves', async () => {
  const app = web()
  let say: Send = () => {}
  let last: string | null = ''
  let stopped = 0
  app.get('/events', (c) =>
    eventStream(c, (send, lastEventId) => {
      say = send
      last = lastEventId
      return () => void stopped++
    }),
  )
  const answer = await app.request('/events', { headers: { 'last-event-id': '41' } })
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  expect(answer.headers.get('content-encoding')).toBeNull()
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  const read = async () => (await reader.read()).value
  expect(await read()).toBe('retry: 2000\n\n')
  say({ id: '42', data: 'a\nb' })
  expect(await read()).toBe('id: 42\nevent: change\ndata: a\ndata: b\n\n')
  expect(last).toBe('41')
  await reader.cancel()
  expect(stopped).toBe(1)
  say({ data: 'after' })
})

test('a browser that stopped reading is let go', async () => {
  const app = web()
  let say: Send = () => {}
  let stopped = 0
  app.get('/events', (c) =>
    eventStream(c, (send) => {
      say = send
      return () => void stopped++
    }),
  )
  await app.request('/events')
  for (let i = 0; i < 200; i++) say({ id: String(i) })
  expect(stopped).toBe(1)
})
