// Every route there is, found in the router itself, so that a new one is looked at without being named here: signed in and not, with
// things that exist and with none, asked in every way it answers to. None may lack a header, hold a script or style inline, or fail.
import type { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WebEnv } from '../../src/web/env.ts'
import { addService, type ServiceAdded, type TestApp, testApp } from '../support/app.ts'
import { type WholeSite, wholeSite } from '../support/whole.ts'

const home = 'https://callassist.example.org'
const cara = 'cara@example.org'

let app: TestApp
let ada: ServiceAdded
/** as on a laptop, and with a real provider */
let sites: { practice: WholeSite; real: WholeSite }

beforeAll(async () => {
  app = await testApp()
  ada = await addService(app, {
    stakeholders: [{ name: 'Cara', email: cara, roles: ['creator', 'alert receiver'] }],
  })
  sites = {
    practice: await wholeSite(app, { practice: true }),
    real: await wholeSite(app, { practice: false }),
  }
})
afterAll(async () => {
  await sites.practice.close()
  await sites.real.close()
  await app.close()
})

interface Route {
  method: string
  path: string
}

/** Without what is hung before several routes. */
function routesOf(web: Hono<WebEnv>): Route[] {
  const known = new Map<string, Route>()
  for (const { method, path } of web.routes)
    if (!path.includes('*')) known.set(`${method} ${path}`, { method, path })
  // whoever signs out is out
  return [...known.values()].sort((a, b) => Number(a.path === '/signout') - Number(b.path === '/signout'))
}

const nobodys = '00000000-0000-7000-8000-00000000dead'

/** The address of something that is there, where we know one, of something that might be, and of nothing that could. */
function addressesOf({ path }: Route): string[] {
  const filled = (service: string) =>
    path.replace(/^\/services\/:\w+/, `/services/${service}`).replaceAll(/:\w+(\{[^}]*\})?\??/g, nobodys)
  const nonsense = path.replaceAll(/:\w+(\{[^}]*\})?\??/g, 'no%27id')
  return [...new Set([filled(ada.serviceId), filled(nobodys), nonsense])]
}

/** What every answer says, word for word. */
const everywhere = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
}
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self' blob:; " +
  "connect-src 'self'; frame-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
/** What anybody may keep: it is the same for everybody. */
const isPublic = (path: string) => /^\/(assets\/|icon\.svg$)/.test(path)
/** Where a browser may ask for the microphone. */
const records = (path: string) => /^\/exchange(\/|$)|\/recording$|\/messages\//.test(path)

/** What is wrong with an answer, in words. */
async function wrongWith(path: string, answer: Response): Promise<string[]> {
  const wrong: string[] = []
  const is = (name: string) => answer.headers.get(name)
  for (const [name, value] of Object.entries(everywhere))
    if (is(name) !== value) wrong.push(`${name}: ${is(name)}`)
  if (is('content-security-policy') !== policy) wrong.push(`policy: ${is('content-security-policy')}`)
  const microphone = /microphone=(\(\)|\(self\)), camera=\(\), geolocation=\(\), payment=\(\)/.exec(
    is('permissions-policy') ?? '',
  )?.[1]
  if (microphone === undefined || (microphone !== '()' && !records(path)))
    wrong.push(`permissions: ${is('permissions-policy')}`)
  if (!isPublic(path) && !/no-store/.test(is('cache-control') ?? ''))
    wrong.push(`kept: ${is('cache-control')}`)
  if (answer.status >= 500) wrong.push(`status ${answer.status}`)
  if (/^text\/html/.test(is('content-type') ?? '')) wrong.push(...inline(await answer.text()))
  else await answer.body?.cancel()
  return wrong
}

/** Scripts, styles and handlers that stand in the page itself. */
function inline(html: string): string[] {
  const found = html.match(
    /<script(?![^>]*\ssrc=)[^>]*>|<style[^>]*>|<[^>]*\s(?:style|on\w+)=[^>]*>|javascript:/gi,
  )
  return (found ?? []).map((one) => `inline: ${one}`)
}

async function cookiesOf({ signin }: WholeSite): Promise<string> {
  const cookies = await signin.auth.signInAs(cara)
  return cookies.map((cookie) => cookie.split(';')[0]).join('; ')
}

const waysOf = ({ method }: Route): string[] => (method === 'ALL' ? ['GET', 'POST'] : [method])

test.each(['practice', 'real'] as const)('every route, %s', async (kind) => {
  const site = sites[kind]
  const routes = routesOf(site.web)
  expect(routes.length).toBeGreaterThan(kind === 'practice' ? 90 : 60)
  const troubles: string[] = []
  let asked = 0
  for (const signedIn of [false, true]) {
    const cookie = signedIn ? await cookiesOf(site) : ''
    for (const route of routes) {
      // also in the way that it does not answer to
      for (const method of new Set([...waysOf(route), 'GET', 'POST'])) {
        for (const path of addressesOf(route)) {
          const changes = method !== 'GET'
          const answer = await site.web.request(home + path, {
            method,
            headers: { cookie },
            ...(changes && { body: new URLSearchParams() }),
          })
          asked++
          for (const wrong of await wrongWith(path, answer))
            troubles.push(`${method} ${route.path}${signedIn ? ', signed in' : ''}: ${wrong}`)
        }
      }
    }
  }
  expect(troubles).toEqual([])
  expect(asked).toBeGreaterThan(routes.length * 4)
})

test('what is nowhere, comes from elsewhere or is too much to send says so under the same headers', async () => {
  for (const { web } of Object.values(sites)) {
    const nowhere = await web.request(`${home}/nowhere`)
    expect([nowhere.status, await wrongWith('/nowhere', nowhere)]).toEqual([404, []])
    const foreign = await web.request(`${home}/signin`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams(),
    })
    expect([foreign.status, await wrongWith('/signin', foreign)]).toEqual([403, []])
    const large = await web.request(`${home}/signin`, {
      method: 'POST',
      body: new URLSearchParams({ email: 'x'.repeat(70_000) }),
    })
    expect([large.status, await wrongWith('/signin', large)]).toEqual([413, []])
  }
})

test('no route reads a body that is larger than a form or an upload', async () => {
  const { web } = sites.practice
  const read: string[] = []
  for (const route of routesOf(web).filter(({ method }) => method !== 'GET')) {
    for (const [type, bytes] of [
      ['application/x-www-form-urlencoded', 70 * 1024],
      ['multipart/form-data; boundary=x', 13 * 1024 * 1024],
    ] as const) {
      let given = 0
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          given += 16 * 1024
          controller.enqueue(new Uint8Array(16 * 1024))
          if (given >= bytes * 3) controller.close()
        },
      })
      const init = {
        method: route.method === 'ALL' ? 'POST' : route.method,
        headers: { 'content-type': type },
        body,
      }
      const answer = await web.request(home + addressesOf(route)[0]!, {
        ...init,
        duplex: 'half',
      } as RequestInit)
      await answer.body?.cancel()
      if (given > bytes + 128 * 1024)
        read.push(`${route.method} ${route.path} read ${given} bytes of ${type}`)
    }
  }
  expect(read).toEqual([])
})
