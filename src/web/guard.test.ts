// Web / guard: to the letter, what each answer says to browsers, and which requests pass without saying where they come from.
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import type { WebEnv } from './env.ts'
import { isMachinePath, ownNameOnly, relaxCsp, sameOriginOnly, securityHeaders } from './guard.ts'

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self' blob:; " +
  "connect-src 'self'; frame-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"

const guarded = () => new Hono<WebEnv>().use(securityHeaders(null))

test('each answer says all of it', async () => {
  const { headers } = await guarded()
    .get('/', (c) => c.text(''))
    .request('/')
  expect(headers.get('content-security-policy')).toBe(policy)
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
})

test('what is loosened twice stays loosened, and a directive without a value stands alone', async () => {
  const { headers } = await guarded()
    .get('/', (c) => {
      relaxCsp(c, { 'frame-src': "'self'" })
      relaxCsp(c, { 'font-src': '', sandbox: '' })
      return c.text('')
    })
    .request('/')
  expect(headers.get('content-security-policy')).toBe(
    `${policy.replace("frame-src 'none'", "frame-src 'self'").replace("font-src 'self'", 'font-src')}; sandbox`,
  )
})

test('an answer may say itself how long it is kept', async () => {
  const kept = 'public, max-age=60'
  const { headers } = await guarded()
    .get('/', (c) => c.text('', 200, { 'Cache-Control': kept }))
    .request('/')
  expect(headers.get('cache-control')).toBe(kept)
})

test('reading is allowed from anywhere, and so is what machines send', async () => {
  const app = new Hono<WebEnv>().use(sameOriginOnly(null)).all('*', (c) => c.text('', 200))
  const from = async (method: string, path = '/') =>
    (await app.request(path, { method, headers: { 'sec-fetch-site': 'cross-site' } })).status
  for (const method of ['GET', 'HEAD', 'OPTIONS']) expect(await from(method)).toBe(200)
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) expect(await from(method)).toBe(403)
  expect(await from('POST', '/lines/main/text-in')).toBe(200)
})

test('an old browser without a Host header is judged by the address itself', async () => {
  const app = new Hono<WebEnv>().use(sameOriginOnly(null)).post('/', (c) => c.text(''))
  const post = async (origin: string) =>
    (await app.request('http://ours.example.org/', { method: 'POST', headers: { origin } })).status
  expect(await post('http://ours.example.org')).toBe(200)
  expect(await post('http://evil.example.org')).toBe(403)
})

test('the paths of machines, and none that begin like them', () => {
  for (const path of ['/lines/main/text-in', '/lines', '/exchange/provider/x', '/exchange/provider'])
    expect(isMachinePath(path)).toBe(true)
  for (const path of ['/linesman', '/exchange', '/exchange/handsets', '/', '/x/lines/'])
    expect(isMachinePath(path)).toBe(false)
})

test('a laptop answers to its own names and to numbers', async () => {
  const app = new Hono<WebEnv>().use(ownNameOnly('https://calls.example.org')).get('/', (c) => c.text(''))
  const asked = async (host: string) => (await app.request('/', { headers: { host } })).status
  for (const host of [
    'localhost:3000',
    'pages.localhost',
    '127.0.0.1:3000',
    '[::1]:3000',
    'calls.example.org',
  ])
    expect(await asked(host)).toBe(200)
  for (const host of ['evil.example.org', 'localhost.example.org', 'notlocalhost', 'a b', ''])
    expect(await asked(host)).toBe(421)
})

test('without a Host header the address itself says it', async () => {
  const app = new Hono<WebEnv>().use(ownNameOnly(null)).get('/', (c) => c.text(''))
  expect((await app.request('http://localhost/')).status).toBe(200)
  expect((await app.request('http://evil.example.org/')).status).toBe(421)
})
