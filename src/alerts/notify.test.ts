// Telling people on real PostgreSQL: what is held back, what has certainly failed, and how the alert goes on without delay.
import { afterEach, expect, test } from 'vitest'
import {
  alertsApp,
  lastNotification,
  live,
  raiseAlert,
  settleAlerts,
  toldSoFar,
} from '../../test/support/alerts.ts'
import { addService, type ServiceAdded, type TestApp } from '../../test/support/app.ts'
import type { Channel } from '../db/tables.ts'
import type { Ended } from '../lines/lines.ts'
import { alertsOfService } from './alerts.ts'

let app: TestApp
afterEach(() => app.close())

const start = { at: '2026-11-24T09:00:00Z' }
const ben = (...channels: Channel[]) => ({ name: 'Ben', phone: '+447700900201', step: 1, channels })
const cara = (...channels: Channel[]) => ({ name: 'Cara', phone: '+447700900202', step: 2, channels })

const viewOf = async ({ scope, serviceId }: ServiceAdded) =>
  (await app.db.in(scope, (tx) => alertsOfService(tx, serviceId, { limit: 1 })))[0]!

/** The last call or text to somebody leaves, and ends so. */
async function ends(
  name: string,
  channel: 'call' | 'text',
  result: Ended['result'],
  code: string | null = null,
) {
  const notification = await lastNotification(app, name, channel)
  const scope = { organisationId: notification.organisation_id }
  await app.db.in(scope, async (tx) => {
    const outgoingId = notification.outgoing_id!
    await app.owners.alerts.lock(tx, notification.alert_id, outgoingId)
    const now = app.clock.now()
    await tx.sql
      .updateTable('outgoing')
      .set({ state: 'ended', placed_at: now, ended_at: now, result, result_code: code })
      .where('id', '=', outgoingId)
      .execute()
    await app.owners.alerts.ended(app, tx, {
      organisationId: tx.organisationId,
      outgoingId,
      ownerId: notification.alert_id,
      partId: notification.id,
      kind: channel,
      result,
      code,
      keys: '',
      rangAt: now,
      answeredAt: null,
    })
  })
}

/** So many alerts of other services ring Ben one after the other, a few minutes apart. */
async function badDay(calls: number): Promise<void> {
  for (let times = 0; times < calls; times++) {
    await raiseAlert(
      app,
      await addService(app, { stakeholders: [ben('call')], alertRounds: 1, alertStepMinutes: 60 }),
    )
    await ends('Ben', 'call', 'rang out')
    app.pass(4 * 60)
  }
}

test('rung six times in an hour, Ben is not rung again: Cara is told at once, and the page says why', async () => {
  app = await alertsApp(start)
  await badDay(6)
  const ada = await addService(app, { stakeholders: [ben('call'), cara('text')] })
  await raiseAlert(app, ada)
  await settleAlerts(app)
  const alert = await viewOf(ada)
  expect(alert.told).toMatchObject([
    { name: 'Ben', channel: 'call', became: 'failed', trouble: 'held back: hour', step: 1 },
    { name: 'Cara', channel: 'text', became: 'waiting', step: 2 },
  ])
  expect(alert.told[1]!.at).toEqual(alert.told[0]!.at)
  // who was not told need not hear that it is over
  await live(app, 1)
  expect((await viewOf(ada)).state).toBe('open')
})

test('an e-mail is not held back, so the step keeps its delay', async () => {
  app = await alertsApp(start)
  await badDay(6)
  const ada = await addService(app, { stakeholders: [ben('call', 'email'), cara('text')] })
  await raiseAlert(app, ada)
  await settleAlerts(app)
  expect((await viewOf(ada)).told.map(({ name, channel }) => `${name} ${channel}`)).toEqual([
    'Ben call',
    'Ben email',
  ])
})

test('when everybody has been rung often enough it is handed over at once', async () => {
  app = await alertsApp(start)
  await badDay(6)
  const ada = await addService(app, { stakeholders: [ben('call')], alertRounds: 3 })
  await raiseAlert(app, ada)
  await settleAlerts(app)
  expect(await viewOf(ada)).toMatchObject({ state: 'handed over', handedOverAt: app.clock.now(), round: 3 })
  expect((await toldSoFar(app)).at(-1)).toBe('alert CallAssist desk email')
})

test('an hour after the first of them he is rung again; what joins a call that rings is not held back', async () => {
  app = await alertsApp(start)
  await badDay(6)
  app.pass(37 * 60)
  await raiseAlert(app, await addService(app, { stakeholders: [ben('call')] }))
  expect(await lastNotification(app, 'Ben', 'call')).toMatchObject({ result: null, line_state: 'waiting' })
  // six again in this hour, and one of them rings now
  const bert = await addService(app, { receiver: { name: 'Bert' }, stakeholders: [ben('call')] })
  await raiseAlert(app, bert)
  expect((await viewOf(bert)).told[0]).toMatchObject({ became: 'waiting', trouble: null })
})

test('two at the very same moment do not both take the last place', async () => {
  app = await alertsApp(start)
  await badDay(5)
  const services = []
  for (const name of ['Ada', 'Bert', 'Cleo', 'Dov', 'Eve', 'Finn'])
    services.push(await addService(app, { receiver: { name }, stakeholders: [ben('call')] }))
  await Promise.all(services.map((added) => raiseAlert(app, added)))
  // five share one call; the sixth would need a call of its own
  const told = (await Promise.all(services.map(viewOf))).map((alert) => alert.told[0]!)
  expect(told.filter(({ became }) => became === 'waiting')).toHaveLength(5)
  expect(told.filter(({ trouble }) => trouble === 'held back: hour')).toHaveLength(1)
})

test('of another organisation nothing is counted', async () => {
  app = await alertsApp(start)
  await badDay(6)
  const far = await addService(app, {
    organisationId: '00000000-0000-7000-8000-0000000000ff',
    lineId: '00000000-0000-7000-8000-00000000000a',
    stakeholders: [ben('call')],
  })
  await raiseAlert(app, far)
  expect((await viewOf(far)).told[0]).toMatchObject({ became: 'waiting' })
})

test.each<[Ended['result'], string]>([
  ['unreachable number', '21610'],
  ['not delivered', '30003'],
  ['not delivered', '30006'],
])(
  'a text that ends as %s (%s) was all there was of the step: the next is told at once',
  async (result, code) => {
    app = await alertsApp(start)
    const ada = await addService(app, { stakeholders: [ben('text'), cara('call')] })
    await raiseAlert(app, ada)
    app.pass(20)
    await ends('Ben', 'text', result, code)
    await settleAlerts(app)
    expect(
      (await viewOf(ada)).told.map(({ name, channel, at }) => [name, channel, at.toISOString()]),
    ).toEqual([
      ['Ben', 'text', '2026-11-24T09:00:00.000Z'],
      ['Cara', 'call', '2026-11-24T09:00:20.000Z'],
    ])
  },
)

test.each<[Ended['result'], Channel[]]>([
  // it may have been read, seen, or may be of use to try again
  ['sent', ['text']],
  ['not placed', ['text']],
  // somebody else of the step, or another channel, has been told
  ['not delivered', ['text', 'email']],
  ['not delivered', ['text', 'call']],
])('a text that ends as %s, told over %j: the delay is kept', async (result, channels) => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: [ben(...channels), cara('call')] })
  await raiseAlert(app, ada)
  await ends('Ben', 'text', result)
  await settleAlerts(app)
  expect((await viewOf(ada)).told.every(({ name }) => name === 'Ben')).toBe(true)
})

test('a report of an earlier round does not hurry the one that is told now', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: [ben('text')] })
  await raiseAlert(app, ada)
  const first = await lastNotification(app, 'Ben', 'text')
  await app.db.everywhere(({ sql }) =>
    sql.updateTable('outgoing').set({ state: 'placed' }).where('id', '=', first.outgoing_id).execute(),
  )
  await live(app, 5)
  expect((await viewOf(ada)).round).toBe(2)
  await app.db.in(ada.scope, async (tx) => {
    await app.owners.alerts.lock(tx, first.alert_id, first.outgoing_id!)
    await app.owners.alerts.ended(app, tx, {
      organisationId: tx.organisationId,
      outgoingId: first.outgoing_id!,
      ownerId: first.alert_id,
      partId: first.id,
      kind: 'text',
      result: 'not delivered',
      code: '30008',
      keys: '',
      rangAt: null,
      answeredAt: null,
    })
  })
  await settleAlerts(app)
  expect((await viewOf(ada)).round).toBe(2)
})
