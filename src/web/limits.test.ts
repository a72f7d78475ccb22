import fc from 'fast-check'
import { HTTPException } from 'hono/http-exception'
import { expect, test } from 'vitest'
import { type Fields, type Log, silentLog } from '../kit/log.ts'
import { redirect303 } from './answer.ts'
import type { Assets } from './assets.ts'
import { eventStream } from './events.ts'
import { createBuckets } from './limits.ts'
import { createWeb } from './server.ts'
import { troubleWords } from './words.ts'

const assets: Assets = {
  url: (name) => `/assets/${name}`,
  has: () => true,
  serve: (c) => c.text('an asset'),
}

interface Asked {
  method?: string
  from?: string
  headers?: Record<string, string>
  body?: BodyInit
}

/** A site with a clock that is moved. */
function site({ practice = false, proxyHops = 0, log = silentLog as Log } = {}) {
  let now = 0
  const web = createWeb({ assets, log, publicUrl: null, practice, proxyHops, now: () => now })
  let accepted = 0
  web.get('/services', (c) => c.text('yours'))
  web.post('/change', (c) => redirect303(c, '/'))
  web.post('/signin', (c) => redirect303(c, '/'))
  web.get('/live', (c) => eventStream(c, () => () => {}))
  web.get('/alerts/link/:token', (c) => c.text('an alert'))
  web.post('/alerts/link/:token/acceptance', (c) => c.text(String(++accepted)))
  web.post('/queue/:id/acceptance', (c) => c.text(String(++accepted)))
  web.post('/lines/main/status/1', (c) =>
    c.req.header('x-twilio-signature') === 'good' ? c.text('heard') : c.text('', 403),
  )
  web.get('/recordings/:id/telephone.wav', (c) => {
    if (c.req.query('s') !== 'good') throw new HTTPException(403)
    return c.text('sound')
  })
  return {
    pass: (seconds: number) => {
      now += seconds * 1000
    },
    ask: (path: string, { from = '203.0.113.9', ...init }: Asked = {}) =>
      web.request(path, init, { incoming: { socket: { remoteAddress: from } } }),
  }
}

type Site = ReturnType<typeof site>

/** How many of so many requests are answered as they should be. */
async function answered({ ask }: Site, times: number, path: string, asked?: Asked): Promise<number> {
  let well = 0
  for (let time = 0; time < times; time++) if ((await ask(path, asked)).status !== 429) well++
  return well
}

const form: Asked = { method: 'POST', body: new URLSearchParams() }
const session = (token: string) => ({ cookie: `a=b; __Secure-callassist.session_token=${token}; c=d` })

test('one address looks 1,500 times within a minute, then waits, and may again', async () => {
  const it = site()
  expect(await answered(it, 1600, '/services')).toBe(1500)
  const refused = await it.ask('/services')
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refused.text()).toContain(troubleWords(429).next)
  expect((await it.ask('/services', { from: '203.0.113.10' })).status).toBe(200)
  it.pass(60)
  expect((await it.ask('/services')).status).toBe(200)
})

test('forms, uploads and signing in have limits of their own', async () => {
  expect(await answered(site(), 400, '/change', form)).toBe(300)
  const upload = new FormData()
  upload.set('recording', new File([Uint8Array.of(1)], 'a.wav'))
  expect(await answered(site(), 100, '/change', { method: 'POST', body: upload })).toBe(60)
  const signin = site()
  expect(await answered(signin, 40, '/signin', form)).toBe(30)
  expect((await signin.ask('/services')).status).toBe(200)
  expect(await answered(site(), 6100, '/icon.svg')).toBe(6000)
})

test('one session has less than its address, which others share', async () => {
  const it = site()
  expect(await answered(it, 100, '/change', { ...form, headers: session('cara') })).toBe(60)
  expect(await answered(it, 100, '/change', { ...form, headers: session('dan') })).toBe(60)
  // and whoever invents sessions is stopped by the address
  let well = 0
  for (let time = 0; time < 300; time++)
    well += await answered(it, 1, '/change', { ...form, headers: session(`${time}`) })
  expect(well).toBeLessThan(300 - 120)
})

test('nobody can keep anybody from accepting: a link is counted by itself, wherever it is opened', async () => {
  const it = site()
  await answered(it, 2000, '/services')
  await answered(it, 400, '/change', form)
  expect(await answered(it, 500, '/alerts/link/a-strangers-guess', form)).toBe(120)
  expect((await it.ask('/alerts/link/bens')).status).toBe(200)
  expect((await it.ask('/alerts/link/bens/acceptance', form)).status).toBe(200)
  expect((await it.ask('/queue/1/acceptance', { ...form, headers: session('cara') })).status).toBe(200)
})

test('what the provider has signed is never limited; what it has not is, and never at its cost', async () => {
  const it = site()
  const signed = { ...form, headers: { 'x-twilio-signature': 'good' } }
  expect(await answered(it, 300, '/lines/main/status/1', form)).toBe(120)
  expect(await answered(it, 3000, '/lines/main/status/1', signed)).toBe(3000)
  expect(await answered(it, 100, '/recordings/1/telephone.wav')).toBe(0)
  expect(await answered(it, 100, '/recordings/1/telephone.wav?s=good')).toBe(100)
})

test('behind a proxy of ours it is the visitor who counts, and not the proxy', async () => {
  const it = site({ proxyHops: 1 })
  const by = (forwarded: string): Asked => ({
    ...form,
    from: '10.0.0.1',
    headers: { 'x-forwarded-for': forwarded },
  })
  expect(await answered(it, 310, '/change', by('203.0.113.9'))).toBe(300)
  expect((await it.ask('/change', by('198.51.100.7, 203.0.113.9'))).status).toBe(429)
  expect((await it.ask('/change', by('203.0.113.10'))).status).toBe(303)
})

test('a proxy that nobody told us of is logged once; a stranger who claims to be one is not', async () => {
  const warned: string[] = []
  const it = site({ log: { ...silentLog, warn: (what) => void warned.push(what) } })
  const headers = { 'x-forwarded-for': '203.0.113.9' }
  await it.ask('/services', { headers, from: '198.51.100.1' })
  expect(warned).toEqual([])
  await answered(it, 3, '/services', { headers, from: '10.0.0.1' })
  expect(warned).toEqual([expect.stringContaining('TRUST_PROXY')])
})

test('on a laptop nobody on this machine waits, but whoever comes from elsewhere does', async () => {
  const it = site({ practice: true })
  expect(await answered(it, 400, '/change', { ...form, from: '127.0.0.1' })).toBe(400)
  expect(await answered(it, 400, '/change', { ...form, from: '::1' })).toBe(400)
  expect(await answered(it, 400, '/change', { ...form, from: '192.168.1.9' })).toBe(300)
  const forwarded = { ...form, from: '127.0.0.1', headers: { 'x-forwarded-for': '203.0.113.9' } }
  expect(await answered(it, 400, '/change', forwarded)).toBe(300)
  expect(await answered(site(), 400, '/change', { ...form, from: '127.0.0.1' })).toBe(300)
})

test('a session follows twenty pages at once, and one that is left makes room', async () => {
  const it = site()
  const asked = { headers: session('cara') }
  const open: Response[] = []
  for (let page = 0; page < 20; page++) open.push(await it.ask('/live', asked))
  expect(open.every(({ status }) => status === 200)).toBe(true)
  expect((await it.ask('/live', asked)).status).toBe(429)
  expect((await it.ask('/live', { headers: session('dan') })).status).toBe(200)
  await open[0]!.body!.cancel()
  expect((await it.ask('/live', asked)).status).toBe(200)
})

test('the log says once that it was too much, and neither whose session nor which address', async () => {
  const written: [string, Fields | undefined][] = []
  const note = (what: string, fields?: Fields) => void written.push([what, fields])
  const it = site({ log: { ...silentLog, info: note, warn: note } })
  await answered(it, 100, '/change', { ...form, headers: session('caras-secret') })
  expect(written.filter(([what]) => what === 'too many requests')).toEqual([
    ['too many requests', { kind: 'change', by: 'session' }],
  ])
  expect(written.filter(([what]) => what === 'request')).toHaveLength(60)
  expect(JSON.stringify(written)).not.toMatch(/203\.0\.113|caras-secret/)
})

test('within any minute nobody gets more than two minutes’ worth, and nobody who keeps to it is ever refused', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 200 }), (gaps) => {
      const buckets = createBuckets()
      const taken: number[] = []
      let now = 0
      for (const gap of gaps) {
        now += gap
        if (buckets.take('a', 10, now).waitSeconds === 0) taken.push(now)
        const within = taken.filter((at) => at > now - 60_000)
        expect(within.length).toBeLessThanOrEqual(20)
      }
    }),
  )
  const steady = createBuckets()
  for (let time = 0; time < 1000; time++) expect(steady.take('a', 10, time * 6000).waitSeconds).toBe(0)
})

test('only so many who ask are remembered, the longest silent forgotten first', () => {
  const buckets = createBuckets(100)
  for (let time = 0; time < 10; time++) buckets.take('busy', 5, time)
  for (let who = 0; who < 1000; who++) {
    buckets.take(`${who}`, 5, 10)
    expect(buckets.take('busy', 5, 10).waitSeconds).toBeGreaterThan(0)
  }
  expect(buckets.size).toBe(100)
})
