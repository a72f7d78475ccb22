// The pages of alerts over HTTP: opening a link accepts nothing, its button does; the queue is for those who watch it.
import { afterEach, expect, test } from 'vitest'
import {
  alertsApp,
  lastNotification,
  live,
  missedCall,
  phone,
  raiseAlert,
  toldSoFar,
} from '../../test/support/alerts.ts'
import { addService, type ServiceAdded, type TestApp } from '../../test/support/app.ts'
import { silentLog } from '../kit/log.ts'
import type { Assets } from '../web/assets.ts'
import { createWeb } from '../web/server.ts'
import { alertsOfService } from './alerts.ts'
import { alertRoutes, type Watcher } from './pages.tsx'

let app: TestApp
afterEach(() => app.close())

const start = { at: '2026-11-24T09:30:00Z' }
const assets: Assets = { url: (name) => `/assets/${name}`, has: () => true, serve: (c) => c.text('') }

function web(watcher: Watcher | null = null) {
  const all = createWeb({ assets, log: silentLog, publicUrl: null, practice: false })
  all.route('/', alertRoutes(app, { whoIs: async () => watcher }))
  return {
    async get(path: string, method = 'GET') {
      const answer = await all.request(path, { method })
      return { status: answer.status, headers: answer.headers, html: await answer.text() }
    },
    async post(path: string, fields: Record<string, string> = {}) {
      const answer = await all.request(path, { method: 'POST', body: new URLSearchParams(fields) })
      return { status: answer.status, to: answer.headers.get('location') }
    },
  }
}

const contacts = [
  { name: 'Ben', phone: '+447700900201' },
  { name: 'Cara', phone: '+447700900202', channels: ['text' as const, 'email' as const] },
]

async function adaMissed(
  more: Parameters<typeof addService>[1] = {},
): Promise<{ ada: ServiceAdded; ben: string; cara: string }> {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: contacts, accessNotes: 'Key safe 2580', ...more })
  await missedCall(app, ada)
  const link = async (name: string) =>
    `/alerts/link/${(await lastNotification(app, name, 'email')).link_token}`
  return { ada, ben: await link('Ben'), cara: await link('Cara') }
}

const alertOf = async ({ scope, serviceId }: ServiceAdded) =>
  (await app.db.in(scope, (tx) => alertsOfService(tx, serviceId, { limit: 1 })))[0]!

test('opening the link shows everything and accepts nothing, however often a scanner looks', async () => {
  const { ada, ben } = await adaMissed()
  for (const method of ['HEAD', 'GET', 'GET']) {
    const { status, headers, html } = await web().get(ben, method)
    expect(status).toBe(200)
    expect(headers.get('referrer-policy')).toMatch(/^(no-referrer|same-origin)$/)
    expect(headers.get('cache-control')).toContain('no-store')
    if (method === 'HEAD') continue
    expect(html).toContain('<h1 class="govuk-heading-l">Ada did not answer the call at 9:30am</h1>')
    expect(html).toContain('Nobody has said yet that they will see to it')
    expect(html).toContain('The call was due today at 9:30am.')
    expect(html).toContain('9:35am: nobody picked up')
    expect(html).toContain('Key safe 2580')
    expect(html).toContain('href="tel:+441632960101"')
    expect(html).toContain('a text to Cara is on its way')
    expect(html).toContain(`action="${ben}/acceptance"`)
    expect(html.match(/<h1/g)).toHaveLength(1)
  }
  expect((await alertOf(ada)).state).toBe('open')
  expect((await web().get(`${ben}/acceptance`)).status).toBe(404)
  expect((await alertOf(ada)).state).toBe('open')
})

test('the button accepts, once; then the page asks how it went, and the others hear who it is', async () => {
  const { ada, ben, cara } = await adaMissed()
  expect(await web().post(`${ben}/acceptance`)).toEqual({ status: 303, to: ben })
  expect(await alertOf(ada)).toMatchObject({
    state: 'accepted',
    acceptedBy: { name: 'Ben' },
    acceptedOver: 'email',
  })
  const told = await toldSoFar(app)
  expect(await web().post(`${ben}/acceptance`)).toEqual({ status: 303, to: ben })
  expect(await toldSoFar(app)).toEqual(told)
  const mine = (await web().get(ben)).html
  expect(mine).toContain('You are seeing to Ada')
  for (const how of ['she is fine', 'I am going', 'get help']) expect(mine).toContain(`value="${how}"`)
  // a page that was opened before: the button comes too late, and the page says who was quicker
  expect(await web().post(`${cara}/acceptance`)).toEqual({ status: 303, to: cara })
  const hers = (await web().get(cara)).html
  expect(hers).toContain('Ben has been seeing to Ada since 9:40am.')
  expect(hers).not.toContain(`action="${cara}/acceptance"`)
  expect((await alertOf(ada)).acceptedBy?.name).toBe('Ben')
})

test('how it went: on the way, help, all right; then the notes are gone from every page', async () => {
  const { ada, ben, cara } = await adaMissed()
  await web().post(`${ben}/acceptance`)
  await web().post(`${ben}/outcome`, { how: 'I am going' })
  expect((await web().get(ben)).html).toContain(
    'You told us that you are on your way. We will ask you again at 10:40am.',
  )
  await web().post(`${ben}/outcome`, { how: 'get help' })
  expect((await web().get(ben)).html).toContain('We have asked everybody else to help.')
  expect((await web().get(cara)).html).toContain('I will help')
  expect(await web().post(`${ben}/outcome`, { how: 'she is fine' })).toEqual({ status: 303, to: ben })
  expect(await alertOf(ada)).toMatchObject({ state: 'closed', closedBy: { name: 'Ben' } })
  for (const link of [ben, cara]) {
    const { html } = await web().get(link)
    expect(html).toContain('All is well: Ben says that Ada is all right.')
    expect(html).not.toContain('Key safe')
    expect(html).not.toContain('<form action="/alerts')
  }
  // a form that was open all the while
  expect((await web().post(`${cara}/acceptance`)).status).toBe(303)
  expect((await alertOf(ada)).state).toBe('closed')
})

test('anybody who was told may say that she is all right', async () => {
  const { ada, ben, cara } = await adaMissed()
  await web().post(`${ben}/acceptance`)
  await web().post(`${cara}/outcome`, { how: 'she is fine' })
  expect(await alertOf(ada)).toMatchObject({ state: 'closed', closedBy: { name: 'Cara' } })
})

test('a wrong link, an old one, and a form that is none of ours are refused', async () => {
  const { ada, ben } = await adaMissed()
  for (const path of ['/alerts/link/x', '/alerts/link/00000000-0000-4000-8000-000000000000'])
    for (const end of ['', '/acceptance', '/outcome', '/live'])
      expect(
        (end === '' || end === '/live' ? await web().get(path + end) : await web().post(path + end)).status,
      ).toBe(404)
  expect((await web().post(`${ben}/outcome`, { how: 'closed' })).status).toBe(422)
  expect((await web().post(`${ben}/outcome`)).status).toBe(422)
  app.pass(31 * 24 * 60 * 60)
  expect((await web().get(ben)).status).toBe(404)
  expect((await web().post(`${ben}/acceptance`)).status).toBe(404)
  expect((await alertOf(ada)).state).toBe('open')
})

test('names and notes are shown as text, whatever stands in them', async () => {
  const { ben } = await adaMissed({
    receiver: { name: '<b>Ada</b>' },
    accessNotes: '<script>alert(1)</script>\nsecond line',
  })
  const { html } = await web().get(ben)
  expect(html).not.toContain('<b>Ada</b>')
  expect(html).not.toContain('<script>alert')
  expect(html).toContain('second line')
})

async function deskOf({ scope }: ServiceAdded): Promise<Watcher> {
  const { person_id: personId } = await app.db.in(scope, ({ sql }) =>
    sql.selectFrom('member').select('person_id').executeTakeFirstOrThrow(),
  )
  return { ...scope, personId, isOperator: true }
}

test('the queue: what nobody has, the oldest first, with its clock; accepted and closed from there', async () => {
  const { ada } = await adaMissed({ alertRounds: 1 })
  await live(app, 5)
  const bert = await addService(app, { receiver: { name: 'Bert' }, stakeholders: [{ name: 'Dov' }] })
  await missedCall(app, bert)
  const watcher = await deskOf(ada)
  const desk = web(watcher)
  const { html } = await desk.get('/queue')
  expect(html).toContain('Alerts that wait for somebody')
  expect(html.indexOf('Ada did not answer')).toBeLessThan(html.indexOf('Bert did not answer'))
  expect(html).toMatch(/<running-clock data-elapsed="900">15 minutes<\/running-clock>/)
  expect(html).toContain('Nobody who was told has said that they will see to it.')
  expect(html).toContain('The next person is told at')
  expect(html).toContain('Key safe 2580')
  const { id } = await alertOf(ada)
  expect(await desk.post(`/queue/${id}/acceptance`)).toEqual({ status: 303, to: '/queue' })
  expect(await alertOf(ada)).toMatchObject({
    state: 'accepted',
    acceptedOver: 'page',
    acceptedBy: { personId: watcher.personId },
  })
  expect((await desk.get('/queue')).html).toContain('In your hands')
  await desk.post(`/queue/${id}/outcome`, { how: 'she is fine' })
  expect((await alertOf(ada)).state).toBe('closed')
  expect((await desk.get('/queue')).html).not.toContain('Ada did not answer')
})

test('the queue is closed to strangers, and to operators of another organisation', async () => {
  const { ada } = await adaMissed()
  const { id } = await alertOf(ada)
  expect(await web().post(`/queue/${id}/acceptance`)).toEqual({ status: 303, to: '/signin?next=/queue' })
  expect((await web().get('/queue')).status).toBe(303)
  expect((await web().get('/queue/live')).status).toBe(401)
  const other = await addService(app, {
    organisationId: '00000000-0000-7000-8000-0000000000ff',
    stakeholders: [{ name: 'Eve' }],
  })
  const stranger = web({ ...other.scope, personId: other.people.Eve!, isOperator: true })
  expect((await stranger.get('/queue')).html).toContain('Nothing waits.')
  expect((await stranger.post(`/queue/${id}/acceptance`)).status).toBe(404)
  expect((await stranger.post(`/queue/${id}/outcome`, { how: 'she is fine' })).status).toBe(404)
  expect((await stranger.post('/queue/nonsense/acceptance')).status).toBe(404)
  const noOperator = web({ ...ada.scope, personId: ada.people.Ben!, isOperator: false })
  expect((await noOperator.get('/queue')).status).toBe(404)
  expect((await alertOf(ada)).state).toBe('open')
})

test('told of two in one call: only who has to do with both is shown it', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: contacts })
  const bert = await addService(app, {
    receiver: { name: 'Bert' },
    stakeholders: [{ name: 'Ben', phone: '+447700900201' }],
  })
  // one person, entered once
  await app.db.everywhere(({ sql }) =>
    sql
      .updateTable('stakeholder')
      .set({ person_id: ada.people.Ben! })
      .where('person_id', '=', bert.people.Ben!)
      .execute(),
  )
  await raiseAlert(app, ada)
  await raiseAlert(app, bert)
  await phone(app, 'Ben').ends('rang out')
  const pageOf = async (personId: string) => {
    const { link_token: token } = await app.db.everywhere(({ sql }) =>
      sql
        .selectFrom('notification as n')
        .innerJoin('alert as a', 'a.id', 'n.alert_id')
        .select('n.link_token')
        .where('n.person_id', '=', personId)
        .where('a.service_id', '=', ada.serviceId)
        .where('n.channel', '=', 'email')
        .executeTakeFirstOrThrow(),
    )
    return (await web().get(`/alerts/link/${token}`)).html
  }
  expect(await pageOf(ada.people.Ben!)).toContain(
    'we rang Ben, together with the alert about Bert, nobody picked up',
  )
  expect(await pageOf(ada.people.Cara!)).toContain('we rang Ben, nobody picked up')
  expect(await pageOf(ada.people.Cara!)).not.toContain('Bert')
  const watcher = { organisationId: ada.scope.organisationId, personId: ada.people.Cara!, isOperator: true }
  expect((await web(watcher).get('/queue')).html).toContain('together with the alert about Bert')
})

test('what was held back, and why a text did not arrive, stands there in words', async () => {
  const { ada, ben } = await adaMissed()
  const results: [string, string, string | null, string][] = [
    ['call', 'held back: hour', null, 'Ben was not rung again, after 6 calls about alerts within an hour'],
    ['call', 'not heard', null, 'we rang Ben, who put the telephone down before we came to this'],
    ['text', 'held back: day', null, 'Ben was not texted again, after 40 texts about alerts within a day'],
    ['text', 'not delivered', '30003', 'did not arrive: the telephone was switched off or out of reach'],
    ['text', 'unreachable number', 'opted out', 'did not arrive: this number asked for no more texts'],
    ['text', 'unreachable number', '30006', 'did not arrive: this number takes no texts, as with a landline'],
    ['text', 'sent', null, 'we texted Ben'],
    ['text', 'delivered', null, 'we texted Ben, and the text arrived'],
  ]
  for (const [channel, result, code, words] of results) {
    const { id, outgoing_id } = await lastNotification(app, 'Ben', channel as 'call' | 'text')
    await app.db.everywhere(async ({ sql }) => {
      await sql
        .updateTable('notification')
        .set({ result, ended_at: app.clock.now() })
        .where('id', '=', id)
        .execute()
      await sql.updateTable('outgoing').set({ result_code: code }).where('id', '=', outgoing_id).execute()
    })
    expect((await web().get(ben)).html).toContain(words)
  }
  expect((await alertOf(ada)).state).toBe('open')
})
