// What the watch's pages say: to those who watch a queue in plain words, to monitoring in codes; and never anything personal.
import { expect, onTestFinished, test } from 'vitest'
import { type TestApp, testApp } from '../../test/support/app.ts'
import type { Assets } from '../web/assets.ts'
import { createWeb } from '../web/server.ts'
import { watchRoutes } from './pages.tsx'
import type { Alarm, Standing } from './types.ts'

const at = '2026-11-24T09:10:00Z'
const workers: Alarm = {
  kind: 'workers',
  subject: '',
  since: new Date('2026-11-24T09:03:00Z'),
  state: 'raised',
  good: 0,
  toldAt: null,
}
const well: Standing = { lookedAt: new Date(at), ageMs: 4000, alarms: [], rows: null }

async function ask(
  path: string,
  standing: Standing | Error,
  who: { isOperator: boolean } | null = { isOperator: true },
): Promise<{ status: number; body: string; text: string }> {
  const app: TestApp = await testApp({ at })
  onTestFinished(() => app.close())
  const assets: Assets = { url: (name) => `/assets/${name}`, has: () => true, serve: (c) => c.text('') }
  const web = createWeb({ assets, log: app.log, publicUrl: null, practice: false })
  const known = async () => {
    if (standing instanceof Error) throw standing
    return standing
  }
  web.route('/', watchRoutes(app, { whoIs: async () => who, standing: known, isAlone: false }))
  const answer = await web.request(path)
  const body = await answer.text()
  return { status: answer.status, body, text: body.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ') }
}

test('all is well', async () => {
  const { text } = await ask('/status', well)
  expect(text).toContain('Everything works')
  expect(text).toContain('The workers They go round.')
  expect(text).toContain('Last looked at today at 9:10am.')
  const health = await ask('/health', well)
  expect(health.status).toBe(200)
  expect(JSON.parse(health.body)).toEqual({
    well: true,
    watching: true,
    lookedAt: '2026-11-24T09:10:00.000Z',
    troubles: [],
  })
})

test('what is not well says since when, what it means and what to do', async () => {
  const { text } = await ask('/status', { ...well, alarms: [workers] })
  expect(text).toContain('1 thing is not well')
  expect(text).toContain('No worker works Since today at 9:03am. Nobody could be told of it yet')
  expect(text).toContain('What it means: Calls that fall due are not made')
  expect(text).toContain('What to do: Restart the process')
  expect(text).toContain('The workers Not well: see above.')
  const health = await ask('/health', { ...well, alarms: [workers] })
  expect(health.status).toBe(503)
  expect(JSON.parse(health.body)).toMatchObject({
    well: false,
    troubles: [{ kind: 'workers', subject: '', since: '2026-11-24T09:03:00.000Z' }],
  })
})

test.each([
  ['nobody ever looked', { ...well, lookedAt: null, ageMs: null }],
  ['nobody has looked for a minute', { ...well, ageMs: 61_000 }],
  ['it cannot be read', new Error('no database')],
])('%s: that is no good news', async (_, standing) => {
  const { text } = await ask('/status', standing)
  expect(text).toContain('Nobody knows: the watch does not look')
  expect(text).not.toContain('Everything works')
  expect(text).not.toContain('They go round')
  const { status, body } = await ask('/health', standing)
  expect(status).toBe(503)
  expect(JSON.parse(body)).toMatchObject({ well: false, watching: false })
})

test('the page is for those who watch a queue', async () => {
  expect((await ask('/status', well, { isOperator: false })).status).toBe(404)
  expect((await ask('/status', well, null)).status).toBe(303)
})

test('metrics are in the format of Prometheus', async () => {
  const { status, body } = await ask('/metrics', { ...well, alarms: [workers] }, null)
  expect(status).toBe(200)
  expect(body).toContain('# TYPE callassist_alarm gauge\n')
  expect(body).toContain('callassist_alarm{kind="workers"} 1\n')
  expect(body).toContain('callassist_alarm{kind="database gone"} 0\n')
  expect(body).toContain('callassist_watch_look_age_seconds 4\n')
  for (const line of body.trimEnd().split('\n'))
    expect(line).toMatch(/^(#.*|[a-z_]+(\{[a-z]+="[^"]*"\})? \d+(\.\d+)?)$/)
})
