// Outages on real rows: calls that fell due while nobody was at work, and what the page says of them afterwards.
import { expect, onTestFinished, test } from 'vitest'
import { alertsApp, phone, settleAlerts } from '../../test/support/alerts.ts'
import { addService, type ServiceAdded, type TestApp } from '../../test/support/app.ts'
import { insertCalls } from '../calls/calls.ts'
import { localDateOf, localTimeOf } from '../kit/local-time.ts'
import { silentLog } from '../kit/log.ts'
import type { Assets } from '../web/assets.ts'
import { createWeb } from '../web/server.ts'
import { recentOutages } from './outages.ts'
import { outageRoutes } from './pages.tsx'

const zone = 'Europe/London'
const ben = [{ name: 'Ben', phone: '+447700900201', step: 1, channels: ['call' as const] }]

async function world(): Promise<TestApp> {
  const app = await alertsApp({ at: '2026-11-24T08:00:00Z' })
  onTestFinished(() => app.close())
  return app
}

async function plan(app: TestApp, { scope, serviceId, scheduleId }: ServiceAdded, ...times: string[]) {
  const slots = times.map((time) => {
    const dueAt = new Date(`2026-11-24T${time}:00Z`)
    return { dueAt, localDate: localDateOf(dueAt, zone), localTime: localTimeOf(dueAt, zone) }
  })
  await app.db.in(scope, (tx) => insertCalls(app, tx, { serviceId, scheduleId, usefulForMinutes: 60 }, slots))
}

/** Nothing is done until then. */
async function awayUntil(app: TestApp, time: string): Promise<void> {
  app.pass((Date.parse(`2026-11-24T${time}:00Z`) - app.clock.now().getTime()) / 1000)
}

async function see(app: TestApp, who: { organisationId: string; isOperator: boolean } | null) {
  const assets: Assets = { url: (name) => `/assets/${name}`, has: () => true, serve: (c) => c.text('') }
  const web = createWeb({ assets, log: silentLog, publicUrl: null, practice: false })
  web.route('/', outageRoutes(app, { whoIs: async () => who }))
  const answer = await web.request('/outages')
  const html = await answer.text()
  return {
    status: answer.status,
    text: html
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .replaceAll('&quot;', '"'),
  }
}

test('three hours away: who was called late, who not at all, and what followed', async () => {
  const app = await world()
  const ada = await addService(app, { receiver: { name: 'Ada' }, stakeholders: ben })
  const bert = await addService(app, { receiver: { name: 'Bert', phones: ['+441632960102'] } })
  await plan(app, ada, '09:00', '10:15', '11:40')
  await plan(app, bert, '11:50')
  await awayUntil(app, '12:00')
  await settleAlerts(app)
  await phone(app, 'Ben').press('1')
  const [outage, ...others] = await app.db.in(ada.scope, (tx) => recentOutages(tx, app.clock.now()))
  expect(others).toEqual([])
  expect(outage).toMatchObject({
    from: new Date('2026-11-24T09:00:00Z'),
    to: new Date('2026-11-24T12:00:00Z'),
    due: 4,
    late: 2,
    latestMs: 20 * 60_000,
    notPlaced: 2,
    underWay: 0,
  })
  const page = await see(app, { ...ada.scope, isOperator: true })
  expect(page.text).toContain('No call was begun from today at 9am until today at midday.')
  expect(page.text).toContain('2 calls were made late, by 20 minutes at most.')
  expect(page.text).toContain('2 calls were not made at all')
  expect(page.text).toContain(
    'Ada 9am and 10:15am not made; 11:40am made 20 minutes late, not over yet. Ben said "I will see to it" today at midday.',
  )
})

test('one that goes on is said to, and a quiet month has none', async () => {
  const app = await world()
  const ada = await addService(app, { stakeholders: ben })
  expect((await see(app, { ...ada.scope, isOperator: true })).text).toContain('There was none.')
  await plan(app, ada, '08:30')
  await awayUntil(app, '08:40')
  const page = await see(app, { ...ada.scope, isOperator: true })
  expect(page.text).toContain('No call has been begun since today at 8:30am.')
  expect(page.text).toContain('1 call waits still.')
})

test('calls made on time are no outage', async () => {
  const app = await world()
  const ada = await addService(app, { stakeholders: ben })
  await plan(app, ada, '08:30')
  await awayUntil(app, '08:30')
  await settleAlerts(app)
  await awayUntil(app, '09:30')
  expect(await app.db.in(ada.scope, (tx) => recentOutages(tx, app.clock.now()))).toEqual([])
})

test('only those who watch a queue see it, and only their own people', async () => {
  const app = await world()
  const ada = await addService(app, { stakeholders: ben })
  await plan(app, ada, '08:30')
  await awayUntil(app, '12:00')
  await settleAlerts(app)
  expect((await see(app, null)).status).toBe(303)
  expect((await see(app, { ...ada.scope, isOperator: false })).status).toBe(404)
  const other = { organisationId: '00000000-0000-7000-8000-0000000000ff', isOperator: true }
  expect((await see(app, other)).text).not.toContain('Ada')
})
