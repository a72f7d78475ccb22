// The messages left by telephone, for whoever watches the queue: who sees them, what is heard, who dealt with it.
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { families } from '../../test/support/app.ts'
import { ringInWorld } from '../../test/support/ringin.ts'
import { createPerson } from '../people/people.ts'
import type { WebEnv } from '../web/env.ts'
import { createWeb } from '../web/server.ts'
import { ringInRoutes } from './pages.tsx'
import { ringInSentence } from './words-of-pages.ts'

const assets = { url: (name: string) => `/assets/${name}`, has: () => true, serve: () => new Response() }

test('only whoever watches the queue sees them, and one person deals with each', async () => {
  const world = await ringInWorld()
  const { app, ring, rows } = world
  const caller = await ring('+447700900299')
  await caller.keys('1')
  await caller.speaks('RE9', 21)
  const person = (name: string) =>
    app.db.in(families, (tx) => createPerson(app, tx, { name, phone: null, email: null }))
  const [dora, eve] = [await person('Dora'), await person('Eve')]
  let who: { organisationId: string; personId: string } | null = null
  const web = createWeb({ assets, log: app.log, publicUrl: null, practice: true })
  web.route('/', new Hono<WebEnv>().route('/', ringInRoutes(app, { whoIs: async () => who })))

  expect((await web.request('/queue/messages')).headers.get('location')).toBe('/signin?next=/queue/messages')
  who = { ...families, personId: dora }
  const html = await (await web.request('/queue/messages')).text()
  expect(html).toContain('07700')
  expect(html).toContain('The telephone company has not given it to us yet.')
  const [message] = await rows('left_message')
  const base = `/queue/messages/${message!.id}`
  expect((await web.request(`${base}/sound.wav`)).status).toBe(404)
  who = { organisationId: '00000000-0000-7000-8000-0000000000dd', personId: dora }
  expect((await web.request(`${base}/dealt-with`, { method: 'POST' })).status).toBe(404)
  for (const personId of [dora, eve]) {
    who = { ...families, personId }
    expect((await web.request(`${base}/dealt-with`, { method: 'POST' })).status).toBe(303)
  }
  expect(await (await web.request('/queue/messages')).text()).toContain('Dora dealt with it today at 8am.')
})

test('a ring-in as a sentence', () => {
  const at = new Date('2026-11-24T09:20:00Z')
  const said = (done: Parameters<typeof ringInSentence>[0]['done'], isWithheld = false) =>
    ringInSentence({ id: '', startedAt: at, endedAt: null, isWithheld, done }, 'Ada', 'Europe/London')
  expect(said([{ did: 'checked in', dueAt: ['2026-11-24T09:30:00Z'] }])).toBe(
    'Ada rang in at 9:20am, pressed a key, and checked in for the 9:30am call.',
  )
  expect(said([{ did: 'typed a wrong PIN' }, { did: 'granted', wish: { do: 'pause', days: 3 } }], true)).toBe(
    'Ada rang in at 9:20am, with the number withheld, typed a wrong PIN and gave the PIN, and paused the calls for 3 days.',
  )
  expect(said([])).toBe("Ada's number rang in at 9:20am. No key was pressed.")
})
