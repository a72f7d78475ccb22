// The alerts room on real PostgreSQL: opened with the call's outcome, told step by step, accepted by one, handed over, cleared.
import { afterEach, expect, test } from 'vitest'
import {
  alertsApp,
  lastNotification,
  live,
  missedCall,
  phone,
  settleAlerts,
  textFrom,
  toldSoFar,
} from '../../test/support/alerts.ts'
import { addService, type ServiceAdded, type TestApp } from '../../test/support/app.ts'
import { acknowledge, acknowledgeByRingIn, insertCalls } from '../calls/calls.ts'
import { localDateOf, localTimeOf } from '../kit/local-time.ts'
import { findOrCreateByEmail } from '../people/people.ts'
import {
  type AlertView,
  acceptAlert,
  alertActors,
  alertsOfService,
  closeAlert,
  linkHolder,
  unfinishedAlerts,
} from './alerts.ts'

let app: TestApp
afterEach(() => app.close())

const start = { at: '2026-11-24T09:30:00Z' }
const everyChannel = ['call', 'text', 'email'] as const
const benAndCara = [
  { name: 'Ben', phone: '+447700900201', step: 1, channels: [...everyChannel] },
  { name: 'Cara', phone: '+447700900202', step: 2, channels: ['text' as const, 'email' as const] },
]

async function alertOf({
  scope,
  serviceId,
}: {
  scope: { organisationId: string }
  serviceId: string
}): Promise<AlertView> {
  const [alert] = await app.db.in(scope, (tx) => alertsOfService(tx, serviceId, { limit: 1 }))
  return alert!
}

test('a missed call opens its alert and tells the first step in the same commit', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: benAndCara, accessNotes: 'Key safe by the back door' })
  const callId = await missedCall(app, ada)
  const alert = await alertOf(ada)
  expect(alert).toMatchObject({
    callId,
    reason: 'missed',
    state: 'open',
    step: 1,
    round: 1,
    receiverName: 'Ada',
  })
  // five minutes between attempts: the last rang at 9:40, and the alert is not a second later than its end
  expect(alert.openedAt).toEqual(new Date('2026-11-24T09:40:00Z'))
  expect(await toldSoFar(app)).toEqual(['alert Ben call', 'alert Ben text', 'alert Ben email'])
  expect((await lastNotification(app, 'Ben', 'text')).body).toBe(
    'CallAssist: Ada did not answer the 9:30am call. We rang 3 times. Reply OK if you will see to it.',
  )
})

test('what is written holds no word of the message, and only the e-mail says how to get in', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, {
    stakeholders: benAndCara,
    accessNotes: 'Key safe by the back door',
    message: { say: 'Time for your warfarin' },
  })
  await missedCall(app, ada)
  const text = await lastNotification(app, 'Ben', 'text')
  const email = await lastNotification(app, 'Ben', 'email')
  expect(`${text.body} ${email.subject} ${email.plain} ${email.html}`).not.toMatch(/warfarin|tablet|medic/i)
  expect(text.body).not.toContain('Key safe')
  expect(email.subject).toBe('Ada did not answer the call at 9:30am: will you see to it?')
  expect(email.plain).toContain('Key safe by the back door')
  expect(email.plain).toContain('The call was due today at 9:30am. We rang three times.')
  expect(email.plain).toContain('9:35am: nobody picked up')
  expect(email.plain).toContain(`https://callassist.example.org/alerts/link/${email.link_token}`)
})

test('a call that could not be placed says so and not that she did not answer', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: benAndCara })
  await missedCall(app, ada, 'not placed')
  expect((await alertOf(ada)).reason).toBe('not placed')
  expect((await lastNotification(app, 'Ben', 'text')).body).toContain(
    'We could not place the 9:30am call to Ada',
  )
})

test('two steps, three rounds, five minutes apart; then handed over, and the organisation is reminded every hour', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: benAndCara })
  const desk = await app.db.in(ada.scope, async (tx) => {
    const id = await findOrCreateByEmail(app, tx, { name: 'Desk', phone: null, email: 'desk@example.org' })
    await tx.sql
      .insertInto('member')
      .values({ organisation_id: tx.organisationId, person_id: id, role: 'operator' })
      .execute()
    return id
  })
  await missedCall(app, ada)
  const round = ['alert Ben call', 'alert Ben text', 'alert Ben email', 'alert Cara text', 'alert Cara email']
  await live(app, 29)
  expect(await toldSoFar(app)).toEqual([...round, ...round, ...round])
  expect((await alertOf(ada)).state).toBe('open')
  await live(app, 1)
  expect(await alertOf(ada)).toMatchObject({
    state: 'handed over',
    handedOverAt: new Date('2026-11-24T10:10:00Z'),
  })
  expect((await toldSoFar(app)).slice(15)).toEqual(['alert Desk email'])
  expect((await lastNotification(app, 'Desk', 'email')).subject).toBe(
    'Nobody has accepted yet: Ada did not answer the call at 9:30am',
  )
  await live(app, 60)
  expect((await toldSoFar(app)).slice(16)).toEqual(['reminder Desk email'])
  expect((await lastNotification(app, 'Desk', 'email')).subject).toContain(
    'Still waiting after 1 hour 30 minutes',
  )
  const queue = await app.db.in(ada.scope, (tx) => unfinishedAlerts(tx))
  expect(queue.map(({ state, receiverName }) => [receiverName, state])).toEqual([['Ada', 'handed over']])
  // a person can still take it from the queue; all who were told hear who it is
  await app.db.in(ada.scope, (tx) => acceptAlert(app, tx, queue[0]!.id, desk, 'page'))
  expect((await toldSoFar(app)).slice(17)).toEqual([
    'accepted Ben text',
    'accepted Ben email',
    'accepted Cara text',
    'accepted Cara email',
  ])
})

test('no alert receivers: handed over at once, to the desk of CallAssist where nobody else watches', async () => {
  app = await alertsApp(start)
  const ada = await addService(app)
  await missedCall(app, ada)
  expect(await alertOf(ada)).toMatchObject({ state: 'handed over', step: 0 })
  expect(await toldSoFar(app)).toEqual(['alert CallAssist desk email'])
})

test('accepted by key: what rings elsewhere is called off, the others hear who it is, nobody else is woken', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, {
    accessNotes: 'Key under the pot',
    stakeholders: [
      { name: 'Ben', channels: ['call'] },
      { name: 'Cara', channels: ['call'] },
      { name: 'Dov', channels: ['call', 'text'] },
    ],
  })
  await missedCall(app, ada)
  const ben = phone(app, 'Ben')
  expect(await ben.answer()).toBe(
    'This is CallAssist, about Ada. Ada did not answer the call at 9:30am. We rang three times. Press 1 if you will see to it.',
  )
  const thanks = await ben.press('1')
  expect(thanks).toContain('Thank you, Ben.')
  expect(thanks).toContain('Key under the pot')
  await ben.ends('acknowledged')
  const alert = await alertOf(ada)
  expect(alert).toMatchObject({ state: 'accepted', acceptedBy: { name: 'Ben' }, acceptedOver: 'call' })
  const became = alert.told.map(
    ({ name, channel, tells, became: how }) => `${tells} ${name} ${channel}: ${how}`,
  )
  expect(became).toEqual([
    'alert Ben call: answered',
    'alert Cara call: called off',
    'alert Dov call: called off',
    'alert Dov text: called off',
    'accepted Cara call: waiting',
    'accepted Dov text: waiting',
  ])
  expect((await lastNotification(app, 'Dov', 'text')).body).toBe(
    'CallAssist: Ben will see to Ada. There is nothing that you need to do.',
  )
  expect(await phone(app, 'Cara').answer()).toContain(
    'Ben will see to Ada. There is nothing that you need to do.',
  )
  await live(app, 59)
  expect(await toldSoFar(app)).toHaveLength(6)
})

test('an hour later the acceptor is asked how it went, and closes it by key', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, {
    stakeholders: [
      { name: 'Ben', channels: ['call'] },
      { name: 'Cara', channels: ['text'] },
    ],
  })
  await missedCall(app, ada)
  await phone(app, 'Ben').press('1')
  await live(app, 60)
  expect((await toldSoFar(app)).at(-1)).toBe('reminder Ben call')
  expect(await phone(app, 'Ben').answer()).toContain('Press 1 if all is well.')
  expect(await phone(app, 'Ben').press('1')).toContain('We are telling everybody that Ada is all right.')
  expect(await alertOf(ada)).toMatchObject({
    state: 'closed',
    closedHow: 'she is fine',
    closedBy: { name: 'Ben' },
    wakeAt: null,
  })
  expect((await lastNotification(app, 'Cara', 'text')).body).toBe(
    'CallAssist: All is well: Ben says that Ada is all right.',
  )
})

test('accepting twice changes nothing; the second person hears who was quicker', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, {
    stakeholders: [
      { name: 'Ben', phone: '+447700900201' },
      { name: 'Cara', phone: '+447700900202' },
    ],
  })
  await missedCall(app, ada)
  expect(await textFrom(app, '+447700900202', ' ok. ')).toBe(
    'CallAssist: Thank you, Cara. You are seeing to Ada. Reply FINE when all is well.',
  )
  const before = [await alertOf(ada), await toldSoFar(app)]
  expect(await textFrom(app, '+447700900202', 'OK')).toBe(
    'CallAssist: You are seeing to Ada. Reply FINE when all is well.',
  )
  expect(await textFrom(app, '+447700900201', 'YES')).toBe(
    'CallAssist: Cara has already said: I will see to it. There is nothing that you need to do.',
  )
  expect(await phone(app, 'Ben').press('1')).toContain('Cara has already said, I will see to it.')
  expect([await alertOf(ada), await toldSoFar(app)]).toEqual(before)
})

test('two people at once: one has it, the other hears so', async () => {
  app = await alertsApp(start)
  const names = ['Ben', 'Cara', 'Dov', 'Eve']
  const ada = await addService(app, {
    stakeholders: names.map((name) => ({ name, channels: ['text' as const] })),
  })
  await missedCall(app, ada)
  const { id } = await alertOf(ada)
  const standings = await Promise.all(
    names.map((name) => app.db.in(ada.scope, (tx) => acceptAlert(app, tx, id, ada.people[name]!, 'page'))),
  )
  expect(standings.filter(({ is }) => is === 'yours')).toHaveLength(1)
  expect(standings.filter(({ is }) => is === 'accepted')).toHaveLength(3)
  expect((await toldSoFar(app)).filter((told) => told.startsWith('accepted'))).toHaveLength(3)
})

test('a late acknowledgement clears it for everybody who was told', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: benAndCara })
  const callId = await missedCall(app, ada)
  await live(app, 5)
  await app.db.in(ada.scope, (tx) => acknowledge(app, tx, callId, ada.people.Cara!))
  expect(await alertOf(ada)).toMatchObject({
    state: 'closed',
    closedHow: 'all-clear',
    closedBy: { name: 'Cara' },
  })
  expect((await toldSoFar(app)).slice(5)).toEqual(['all-clear Ben text', 'all-clear Ben email'])
  expect((await lastNotification(app, 'Ben', 'email')).subject).toBe('All is well with Ada')
  await live(app, 120)
  expect(await toldSoFar(app)).toHaveLength(7)
  expect(await textFrom(app, '+447700900201', 'OK')).toContain(
    'All is well: Cara says that Ada is all right.',
  )
})

test('"get help" reaches everybody, also those whose turn had not come, and whoever answers takes it over', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: benAndCara })
  await missedCall(app, ada)
  const { id } = await alertOf(ada)
  await app.db.in(ada.scope, (tx) => acceptAlert(app, tx, id, ada.people.Ben!, 'page'))
  await app.db.in(ada.scope, (tx) => closeAlert(app, tx, id, ada.people.Ben!, 'get help'))
  expect((await toldSoFar(app)).slice(3)).toEqual([
    'alert Cara text',
    'alert Cara email',
    'alert CallAssist desk email',
  ])
  expect((await lastNotification(app, 'Cara', 'text')).body).toBe(
    'CallAssist: Ben is seeing to Ada and asks for help. Reply OK if you will help.',
  )
  expect(await app.db.in(ada.scope, (tx) => unfinishedAlerts(tx))).toMatchObject([{ id, said: 'get help' }])
  expect(await textFrom(app, '+447700900202', 'ok')).toContain('Thank you, Cara.')
  expect(await alertOf(ada)).toMatchObject({ state: 'accepted', acceptedBy: { name: 'Cara' }, said: null })
  expect((await lastNotification(app, 'Ben', 'text')).body).toContain('Cara will see to Ada.')
})

test('a channel without its number or address is shown with its reason and stops nothing', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, {
    stakeholders: [{ name: 'Ben', phone: null, channels: [...everyChannel] }],
  })
  await missedCall(app, ada)
  const { told } = await alertOf(ada)
  expect(told.map(({ channel, became, trouble }) => [channel, became, trouble])).toEqual([
    ['call', 'failed', 'no phone number'],
    ['text', 'failed', 'no phone number'],
    ['email', 'waiting', null],
  ])
  await live(app, 1)
})

test('what the line found of a notification is kept', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: [{ name: 'Ben', channels: ['call'] }] })
  await missedCall(app, ada)
  await phone(app, 'Ben').ends('busy')
  expect((await alertOf(ada)).told).toMatchObject([{ became: 'failed', trouble: 'busy' }])
  await live(app, 5)
  await phone(app, 'Ben').ends('voicemail')
  expect((await alertOf(ada)).told[1]).toMatchObject({ became: 'failed', trouble: 'voicemail', round: 2 })
  expect((await alertOf(ada)).state).toBe('open')
})

test('a call to somebody that still waits at the line is replaced by the next round, not doubled', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: [{ name: 'Ben', channels: ['call', 'text'] }] })
  await missedCall(app, ada)
  await live(app, 5)
  const { told } = await alertOf(ada)
  expect(told.map(({ round, channel, became }) => [round, channel, became])).toEqual([
    [1, 'call', 'called off'],
    [1, 'text', 'called off'],
    [2, 'call', 'waiting'],
    [2, 'text', 'waiting'],
  ])
})

test('help asked for in a call that had already alerted changes what is said and hurries on', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: benAndCara })
  const callId = await missedCall(app, ada)
  await app.db.in(ada.scope, (tx) =>
    app.alertDesk.open(app, tx, { serviceId: ada.serviceId, callId, reason: 'help requested' }),
  )
  expect((await toldSoFar(app)).slice(3)).toEqual(['alert Cara text', 'alert Cara email'])
  expect((await lastNotification(app, 'Cara', 'text')).body).toContain(
    'Ada asked for help in the 9:30am call.',
  )
  await app.db.in(ada.scope, (tx) =>
    app.alertDesk.open(app, tx, { serviceId: ada.serviceId, callId, reason: 'help requested' }),
  )
  expect(await toldSoFar(app)).toHaveLength(5)
})

test('help asked for after it was closed opens it anew, with a new clock', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: benAndCara })
  const callId = await missedCall(app, ada)
  await app.db.in(ada.scope, (tx) => app.alertDesk.allClear(app, tx, { callId, byPersonId: null }))
  expect(await alertOf(ada)).toMatchObject({ state: 'closed', closedBy: null })
  app.pass(30)
  await app.db.in(ada.scope, (tx) =>
    app.alertDesk.open(app, tx, { serviceId: ada.serviceId, callId, reason: 'help requested' }),
  )
  expect(await alertOf(ada)).toMatchObject({
    state: 'open',
    reason: 'help requested',
    step: 1,
    round: 1,
    openedAt: app.clock.now(),
    closedAt: null,
  })
})

test('an alert belongs to its organisation: the others see nothing of it', async () => {
  app = await alertsApp(start)
  const other = '00000000-0000-7000-8000-0000000000ff'
  const ada = await addService(app, { stakeholders: benAndCara })
  await addService(app, { organisationId: other })
  await missedCall(app, ada)
  const { id } = await alertOf(ada)
  const stranger = { organisationId: other }
  expect(await app.db.in(stranger, (tx) => unfinishedAlerts(tx))).toEqual([])
  expect(await app.db.in(stranger, (tx) => alertsOfService(tx, ada.serviceId, { limit: 5 }))).toEqual([])
  await expect(
    app.db.in(stranger, (tx) => acceptAlert(app, tx, id, ada.people.Ben!, 'page')),
  ).rejects.toThrow('no such alert')
  // the second lock: row-level security, even without a word about the organisation in the query
  const seen = await app.db.in(stranger, async ({ sql }) => [
    await sql.selectFrom('alert').selectAll().execute(),
    await sql.selectFrom('notification').selectAll().execute(),
    await sql.selectFrom('alert_event').selectAll().execute(),
  ])
  expect(seen).toEqual([[], [], []])
})

test('a link knows its holder for thirty days, and no other link does', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: benAndCara })
  await missedCall(app, ada)
  const { link_token: token } = await lastNotification(app, 'Ben', 'email')
  const longAgo = new Date('2026-01-01T00:00:00Z')
  expect(await linkHolder(app, token, longAgo)).toMatchObject({
    name: 'Ben',
    personId: ada.people.Ben,
    scope: ada.scope,
  })
  expect(await linkHolder(app, token, new Date('2026-11-25T00:00:00Z'))).toBeNull()
  for (const wrong of ['', 'x', `${token}0`, '00000000-0000-4000-8000-000000000000', "' or 1=1"])
    expect(await linkHolder(app, wrong, longAgo)).toBeNull()
})

test('a poisoned alert stops only itself, steps aside, and after a while stands in the queue', async () => {
  const errors: string[] = []
  app = await alertsApp({
    ...start,
    log: { info() {}, warn() {}, error: (what) => errors.push(what) },
  })
  const ada = await addService(app, {
    receiver: { name: 'Ada' },
    stakeholders: [{ name: 'Ben' }],
    alertRounds: 10,
  })
  const bert = await addService(app, { receiver: { name: 'Bert' }, stakeholders: [{ name: 'Cara' }] })
  await missedCall(app, ada)
  await missedCall(app, bert)
  const { round, told } = await alertOf(ada)
  // a zone that no clock knows: the bug of some other day
  await app.db.in(ada.scope, ({ sql }) =>
    sql.updateTable('service').set({ time_zone: 'Nowhere/Land' }).where('id', '=', ada.serviceId).execute(),
  )
  await live(app, 10)
  expect((await alertOf(bert)).round).toBeGreaterThan(1)
  expect(await alertOf(ada)).toMatchObject({ state: 'handed over', round, told })
  expect(errors).toContain('an alert could not be advanced')
})

test('telling the first step fails: the call is closed and the alert stands all the same, and is told later', async () => {
  const errors: string[] = []
  app = await alertsApp({ ...start, log: { info() {}, warn() {}, error: (what) => errors.push(what) } })
  const ada = await addService(app, { stakeholders: [{ name: 'Ben', channels: ['email'] }] })
  const broken = { ...app, config: { ...app.config, publicUrl: 'nowhere' } }
  const callId = await missedCall(broken as TestApp, ada)
  expect(callId).toBeTruthy()
  expect(errors).toContain('a new alert could not tell its first step')
  expect(await alertOf(ada)).toMatchObject({ state: 'open', step: 0, told: [] })
  app.pass(60)
  await settleAlerts(app)
  expect(await toldSoFar(app)).toEqual(['alert Ben email'])
})

test('two sweepers at once tell each step once', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: benAndCara })
  await missedCall(app, ada)
  app.pass(300)
  const sweepers = Array.from({ length: 4 }, () => alertActors(app)[0]!)
  await Promise.all(sweepers.map((sweeper) => sweeper.runDue(app.clock.now())))
  expect((await toldSoFar(app)).slice(3)).toEqual(['alert Cara text', 'alert Cara email'])
})

// ── numbers that nobody has confirmed ──────────────────────────────────────────────────────────────────────────────

const unproved = [
  { name: 'Ben', phone: '+447700900201', step: 1, channels: [...everyChannel], isConfirmed: false },
]

test('an unconfirmed number is rung and asked who is there before a word of anybody, and gets no text', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: unproved })
  await missedCall(app, ada)
  expect(await toldSoFar(app)).toEqual(['alert Ben call', 'alert Ben email'])
  expect(await textFrom(app, '+447700900201', 'OK')).toBeNull()
  const ben = phone(app, 'Ben')
  expect(await ben.answer()).toBe(
    'Hello. This is CallAssist, with an urgent message for Ben. If you are Ben, press 1. If you are not, press 2, and we will not ring this number again.',
  )
  expect(await ben.waits(1)).not.toContain('Ada')
  expect(await ben.press('7')).not.toContain('Ada')
  expect(await ben.press('1')).toContain('Ada did not answer')
  expect((await alertOf(ada)).state).toBe('open')
  expect(await ben.press('1')).toContain('You are seeing to Ada')
  expect(await alertOf(ada)).toMatchObject({ state: 'accepted', acceptedBy: { name: 'Ben' } })
  // who has answered to their name is at that number
  expect(await textFrom(app, '+447700900201', 'FINE')).toContain('Ada')
})

test.each([
  ['2', 'somebody else', true],
  ['', 'did not say who', false],
])('whoever answers has pressed %j: %s, and the next is told at once: %s', async (keys, result, isAtOnce) => {
  app = await alertsApp(start)
  const stakeholders = [
    { ...unproved[0]!, channels: ['call' as const] },
    { name: 'Cara', step: 2, channels: ['call' as const] },
  ]
  const ada = await addService(app, { stakeholders })
  await missedCall(app, ada)
  const ben = phone(app, 'Ben')
  await ben.answer()
  if (keys !== '') await ben.press(keys)
  await ben.ends(keys === '' ? 'answered without a key' : 'acknowledged')
  await settleAlerts(app)
  const alert = await alertOf(ada)
  expect(alert.told[0]).toMatchObject({ name: 'Ben', became: 'failed', trouble: result })
  expect((await toldSoFar(app)).slice(1)).toEqual(isAtOnce ? ['alert Cara call'] : [])
})

test('somebody there is not Ben: nothing is said, the number is used no more, and nobody left means handed over', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, {
    stakeholders: [{ ...unproved[0]!, email: null, channels: ['call', 'text'] }],
  })
  await missedCall(app, ada)
  const ben = phone(app, 'Ben')
  await ben.answer()
  expect(await ben.press('2')).not.toContain('Ada')
  await live(app, 6)
  expect((await alertOf(ada)).state).toBe('handed over')
  const calls = await app.db.look(({ sql }) =>
    sql.selectFrom('outgoing').select('id').where('purpose', '=', 'alert').execute(),
  )
  expect(calls).toHaveLength(1)
})

/** Calls due now and every hour before, found only now, as after a night without CallAssist. @returns their ids, in order */
async function callsOf(ada: ServiceAdded, hours: number): Promise<string[]> {
  const now = app.clock.now().getTime()
  const slots = Array.from({ length: hours }, (_, n) => {
    const dueAt = new Date(now - (hours - n) * 3_600_000)
    return {
      dueAt,
      localDate: localDateOf(dueAt, 'Europe/London'),
      localTime: localTimeOf(dueAt, 'Europe/London'),
    }
  })
  const { serviceId, scheduleId, scope } = ada
  await app.db.in(scope, (tx) => insertCalls(app, tx, { serviceId, scheduleId, usefulForMinutes: 60 }, slots))
  return app.db.in(scope, async ({ sql }) => {
    const rows = await sql
      .selectFrom('call')
      .select('id')
      .where('service_id', '=', serviceId)
      .orderBy('due_at')
      .execute()
    return rows.map(({ id }) => id)
  })
}

test('after an outage the calls to one person are one alert, told once, which names them all', async () => {
  app = await alertsApp({ at: '2026-11-24T15:30:00Z' })
  const ada = await addService(app, { stakeholders: benAndCara })
  const callIds = await callsOf(ada, 3)
  await settleAlerts(app)
  const alerts = await app.db.in(ada.scope, (tx) => alertsOfService(tx, ada.serviceId, { limit: 10 }))
  expect(alerts).toHaveLength(1)
  expect(alerts[0]!.calls?.map(({ callId, became }) => [callId, became])).toEqual(
    callIds.map((id) => [id, 'not placed']),
  )
  expect(await toldSoFar(app)).toEqual(['alert Ben call', 'alert Ben text', 'alert Ben email'])
  const says = 'three calls to Ada, at 12:30pm, 1:30pm and 2:30pm'
  expect(JSON.stringify(await phone(app, 'Ben').answer())).toContain(says)
  const written = await app.db.in(ada.scope, async ({ sql }) => ({
    text: (
      await sql.selectFrom('outgoing').select('body').where('kind', '=', 'text').executeTakeFirstOrThrow()
    ).body,
    email: await sql.selectFrom('email').select(['subject', 'plain']).executeTakeFirstOrThrow(),
  }))
  for (const words of [written.text, written.email.subject, written.email.plain])
    expect(words).toContain(says)
  // each of its pages finds it
  for (const callId of callIds)
    expect(await app.db.in(ada.scope, (tx) => alertsOfService(tx, ada.serviceId, { callId }))).toMatchObject([
      { id: alerts[0]!.id },
    ])
})

test('a sign of life for one of them is the all-clear for all', async () => {
  app = await alertsApp({ at: '2026-11-24T15:30:00Z' })
  const ada = await addService(app, { stakeholders: benAndCara })
  const callIds = await callsOf(ada, 2)
  await settleAlerts(app)
  const ben = await app.db.in(ada.scope, (tx) =>
    findOrCreateByEmail(app, tx, { name: 'Ben', phone: null, email: 'ben@example.org' }),
  )
  await app.db.in(ada.scope, (tx) => acknowledge(app, tx, callIds[1]!, ben))
  expect(await alertOf(ada)).toMatchObject({ state: 'closed', closedHow: 'all-clear' })
})

test('two calls to one person that end at one moment, side by side, are one alert', async () => {
  app = await alertsApp({ at: '2026-11-24T15:30:00Z' })
  const ada = await addService(app, { stakeholders: benAndCara })
  await callsOf(ada, 6)
  await Promise.all([settleAlerts(app), settleAlerts(app), settleAlerts(app)])
  const { alerts, calls } = await app.db.in(ada.scope, async ({ sql }) => ({
    alerts: await sql.selectFrom('alert').select('id').execute(),
    calls: await sql.selectFrom('alert_call').select('call_id').execute(),
  }))
  expect(alerts).toHaveLength(1)
  expect(calls).toHaveLength(6)
})

test('she does not answer the call that came too late: people hear of that too, at once', async () => {
  app = await alertsApp({ at: '2026-11-24T15:30:00Z' })
  const ada = await addService(app, { stakeholders: benAndCara })
  await callsOf(ada, 2)
  await settleAlerts(app)
  app.pass(60)
  const missed = await missedCall(app, ada)
  const alerts = await app.db.in(ada.scope, (tx) => alertsOfService(tx, ada.serviceId, { limit: 10 }))
  expect(alerts).toHaveLength(1)
  expect(alerts[0]).toMatchObject({ reason: 'missed', round: 2, step: 2 })
  expect(alerts[0]!.calls?.at(-1)).toMatchObject({ callId: missed, became: 'missed' })
})

test('whoever answers the next call is known to be well: the alert about calls not placed is over at its next waking', async () => {
  app = await alertsApp({ at: '2026-11-24T15:30:00Z' })
  const ada = await addService(app, { stakeholders: benAndCara })
  await callsOf(ada, 2)
  await settleAlerts(app)
  app.pass(60)
  await app.db.in(ada.scope, async (tx) => {
    const dueAt = app.clock.now()
    const slot = {
      dueAt,
      localDate: localDateOf(dueAt, 'Europe/London'),
      localTime: localTimeOf(dueAt, 'Europe/London'),
    }
    const { serviceId, scheduleId } = ada
    await insertCalls(app, tx, { serviceId, scheduleId, usefulForMinutes: 60 }, [slot])
    const { id } = await tx.sql
      .selectFrom('call')
      .select('id')
      .where('state', '=', 'waiting')
      .executeTakeFirstOrThrow()
    await acknowledgeByRingIn(app, tx, id)
  })
  await live(app, 5)
  expect(await alertOf(ada)).toMatchObject({ state: 'closed', closedHow: 'all-clear', step: 1 })
  expect(await toldSoFar(app)).toContain('all-clear Ben text')
})

test('but not after a miss', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: benAndCara })
  await missedCall(app, ada)
  await app.db.in(ada.scope, ({ sql }) =>
    sql
      .updateTable('call')
      .set({ outcome: 'acknowledged', acknowledged_at: app.clock.now() })
      .where('service_id', '=', ada.serviceId)
      .execute(),
  )
  await live(app, 6)
  expect(await alertOf(ada)).toMatchObject({ state: 'open', step: 2 })
})
