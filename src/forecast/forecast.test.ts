// The coming day on real rows: who is warned of what, how often, and what the page shows.
import { expect, onTestFinished, test } from 'vitest'
import { addService, type TestApp, testApp } from '../../test/support/app.ts'
import { insertCalls } from '../calls/calls.ts'
import { silentLog } from '../kit/log.ts'
import { ensureOperator } from '../organisations/organisations.ts'
import { addPause } from '../services/services.ts'
import type { Assets } from '../web/assets.ts'
import { createWeb } from '../web/server.ts'
import { forecastActors } from './forecast.ts'
import { forecastRoutes } from './pages.tsx'

async function world(): Promise<TestApp> {
  const app = await testApp({ at: '2026-11-24T15:20:00Z' })
  onTestFinished(() => app.close())
  await ensureOperator(app, 'desk@example.org')
  return app
}

/** So many calls of one service, all due at `dueAt`. */
async function plan(app: TestApp, count: number, dueAt: string): Promise<string> {
  const { scope, serviceId, scheduleId } = await addService(app, { receiver: { name: 'Ada' } })
  const slots = Array.from({ length: count }, (_, place) => ({
    dueAt: new Date(dueAt),
    localDate: dueAt.slice(0, 10),
    localTime: `${String(Math.floor(place / 60)).padStart(2, '0')}:${String(place % 60).padStart(2, '0')}`,
  }))
  await app.db.in(scope, (tx) => insertCalls(app, tx, { serviceId, scheduleId, usefulForMinutes: 60 }, slots))
  return serviceId
}

const warnings = async (app: TestApp) =>
  (
    await app.db.everywhere(({ sql }) =>
      sql.selectFrom('email').selectAll().where('owner_room', '=', 'forecast').execute(),
    )
  ).map(({ subject, to_address }) => ({ subject, to_address }))

/** @param who as whom the page is asked for; null: a stranger */
async function see(
  app: TestApp,
  who: { isOperator: boolean } | null,
): Promise<{ status: number; text: string }> {
  const assets: Assets = { url: (name) => `/assets/${name}`, has: () => true, serve: (c) => c.text('') }
  const web = createWeb({ assets, log: silentLog, publicUrl: null, practice: false })
  web.route('/', forecastRoutes(app, { whoIs: async () => who }))
  const answer = await web.request('/forecast')
  const html = await answer.text()
  return { status: answer.status, text: html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ') }
}

test('a peak that is too late is told of once, the evening before; one that is nearly on time never', async () => {
  const app = await world()
  await plan(app, 400, '2026-11-25T09:00:00Z')
  await plan(app, 200, '2026-11-25T12:00:00Z')
  const [actor] = forecastActors(app)
  expect(await actor!.runDue(app.clock.now())).toBe(1)
  expect(await actor!.nextAt()).toEqual(new Date('2026-11-24T16:00:00Z'))
  const told = [
    {
      subject: expect.stringMatching(/^Calls will be late tomorrow.* at 9am: the last one by [78] minutes/),
      to_address: 'desk@example.org',
    },
  ]
  expect(await warnings(app)).toEqual(told)
  app.at('2026-11-24T16:00:00Z')
  // another process looks at the same time
  const both = await Promise.all([
    actor!.runDue(app.clock.now()),
    forecastActors(app)[0]!.runDue(app.clock.now()),
  ])
  expect(both.toSorted()).toEqual([0, 1])
  expect(await warnings(app)).toEqual(told)
})

test('the page says how late each peak will be, and what to do about it', async () => {
  const app = await world()
  await plan(app, 400, '2026-11-25T09:00:00Z')
  const { status, text } = await see(app, { isOperator: true })
  expect(status).toBe(200)
  expect(text).toContain('Line main, 01632 960001')
  expect(text).toMatch(/Of the calls due tomorrow.* at 9am the last will be [78] minutes late/)
  expect(text).toContain('What you can do')
  expect(text).toContain('It works.')
  expect(text).toContain('One call a second, at most 50 at once. Nothing waits at it now.')
  expect(text).toContain('too few past calls')
})

test('a quiet day says so; days without calls, paused ones, are not counted', async () => {
  const app = await world()
  expect((await see(app, { isOperator: true })).text).toContain('No calls are planned on this line')
  const serviceId = await plan(app, 400, '2026-11-25T09:00:00Z')
  await app.db.in(app.scope, (tx) =>
    addPause(app, tx, serviceId, { from: '2026-11-25', to: '2026-11-26', reason: 'away', createdBy: null }),
  )
  await plan(app, 3, '2026-11-25T10:00:00Z')
  const { text } = await see(app, { isOperator: true })
  expect(text).toContain('Every call can be made on time')
  expect(text).not.toContain('What you can do')
})

test('a line that has failed is shown as failed', async () => {
  const app = await world()
  await app.db.everywhere(({ sql }) =>
    sql
      .updateTable('line')
      .set({ health: 'failed', health_since: new Date('2026-11-24T15:03:00Z') })
      .execute(),
  )
  expect((await see(app, { isOperator: true })).text).toContain(
    'It has failed: since 3:03pm its provider does not answer',
  )
})

test('only for those who watch a queue', async () => {
  const app = await world()
  expect((await see(app, { isOperator: false })).status).toBe(404)
  expect((await see(app, null)).status).toBe(303)
})
