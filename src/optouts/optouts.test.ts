// STOP and START on real PostgreSQL: the list that lines obey, and everybody who learns of it.
import { afterEach, expect, test } from 'vitest'
import { alertsApp, textFrom } from '../../test/support/alerts.ts'
import { addService, families, recordingOwner, type TestApp } from '../../test/support/app.ts'
import { enqueueText, lineActors, optOutsOf, priorities } from '../lines/lines.ts'
import { mailActors } from '../mail/mail.ts'
import { optOutActors, optOutTextListener } from './optouts.ts'

let app: TestApp
afterEach(() => app.close())

const bensNumber = '+447700900201'
const ben = { name: 'Ben', phone: bensNumber, roles: ['creator' as const, 'alert receiver' as const] }
const cara = { name: 'Cara', phone: '+447700900202', channels: ['text' as const], email: null }

async function start() {
  app = await alertsApp({
    at: '2026-11-24T08:00:00Z',
    textListeners: [optOutTextListener],
    owners: { alerts: recordingOwner() },
  })
}
const reasonFor = async (number: string) =>
  (await app.db.look((tx) => optOutsOf(tx, [number]))).get(number) ?? null
/** Everybody who acts by time has their turns until nobody has anything to do. */
async function settle() {
  const actors = [
    ...optOutActors(app),
    ...lineActors(app, { inFlight: 1 }),
    ...mailActors(app, { inFlight: 1 }),
  ]
  for (let round = 0; round < 20; round++) {
    for (const actor of actors) await actor.runDue(app.clock.now())
    app.pass(1)
  }
}
const textTo = (to: string) =>
  app.db.in(families, (tx) =>
    enqueueText(app, tx, {
      ownerRoom: 'alerts',
      ownerId: '00000000-0000-7000-8000-00000000000f',
      partId: '00000000-0000-7000-8000-00000000000f',
      serviceId: null,
      lineId: null,
      purpose: 'news',
      priority: priorities.alert,
      to,
      body: 'Hello',
      usefulUntil: new Date('2026-11-24T12:00:00Z'),
    }),
  )
const ended = async (id: string) =>
  app.db.in(families, ({ sql }) =>
    sql
      .selectFrom('outgoing')
      .select(['state', 'result', 'result_code as code'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow(),
  )

test('STOP is obeyed at once: also a text that waits already is never asked for', async () => {
  await start()
  const waiting = await textTo(bensNumber)
  expect(await textFrom(app, bensNumber, ' Stop ')).toBeNull()
  const later = await textTo(bensNumber)
  const other = await textTo('+447700900299')
  await settle()
  expect(app.phone.texts.map(({ to }) => to)).toEqual(['+447700900299'])
  expect(await ended(waiting)).toEqual({ state: 'ended', result: 'not delivered', code: 'opted out' })
  expect(await ended(later)).toMatchObject({ code: 'opted out' })
  expect(await ended(other)).toMatchObject({ state: 'placed' })
})

test('everybody who has a part in the service learns at once what it means and how it is undone', async () => {
  await start()
  const ada = await addService(app, { stakeholders: [ben, cara] })
  await addService(app, {
    receiver: { name: 'Emil' },
    stakeholders: [{ name: 'Dora', phone: '+447700900209' }],
  })
  await textFrom(app, bensNumber, 'STOP')
  await settle()
  expect(app.phone.texts.map(({ to, body }) => [to, body])).toEqual([
    [
      cara.phone,
      'CallAssist: Ben gets no more texts from CallAssist. Ben asked for that by text. In an alert about Ada, Ben is still rung and e-mailed. If that was a mistake, Ben can text START to 01632 960001.',
    ],
  ])
  // no text leaves to him: he hears it by e-mail
  expect(app.mail.sent.map(({ to, subject }) => [to, subject])).toEqual([
    [{ name: 'Ben', address: 'ben@example.org' }, 'Ben gets no more texts from CallAssist'],
  ])
  expect(app.mail.sent[0]!.text).toContain('Ben can text START to 01632 960001.')
  expect(app.mail.sent[0]!.text).toContain(`/services/${ada.serviceId}`)
})

test('whose only way was a text cannot be told any more, and that is said', async () => {
  await start()
  await addService(app, { stakeholders: [ben, cara] })
  await textFrom(app, cara.phone, 'please stop texting me')
  await settle()
  expect(app.phone.texts.map(({ to, body }) => [to, body])).toEqual([
    [
      bensNumber,
      expect.stringContaining(
        'In an alert about Ada, Cara cannot be told any more, because a text was the only way.',
      ),
    ],
  ])
  // the last way of all
  expect(app.phone.calls.map(({ to }) => to)).toEqual([cara.phone])
})

test('a receiver by text is rung from then on; of another organisation too', async () => {
  await start()
  await addService(app, {
    organisationId: '00000000-0000-7000-8000-0000000000ff',
    receiver: { name: 'Faye', phones: ['+447700900301'] },
    lineId: '00000000-0000-7000-8000-00000000000a',
    schedule: { by: 'text' },
    stakeholders: [ben],
  })
  await textFrom(app, '+447700900301', 'QUIT')
  await settle()
  expect(app.phone.texts.map(({ to, body }) => [to, body])).toEqual([
    [
      bensNumber,
      expect.stringContaining('At the times at which Faye was written to, CallAssist now rings instead.'),
    ],
  ])
})

test('START takes it off, and is told likewise; twice is once', async () => {
  await start()
  await addService(app, { stakeholders: [ben] })
  for (const word of ['STOP', 'stop', 'STOP']) await textFrom(app, bensNumber, word)
  await settle()
  expect(app.mail.sent.map(({ subject }) => subject)).toEqual(['Ben gets no more texts from CallAssist'])
  expect(await reasonFor(bensNumber)).toBe('opted out')
  expect(await textFrom(app, bensNumber, 'Start')).toBeNull()
  expect(await textFrom(app, bensNumber, 'START')).toBeNull()
  await settle()
  expect(await reasonFor(bensNumber)).toBeNull()
  expect(app.phone.texts.map(({ body }) => body)).toEqual([
    'CallAssist: Ben gets texts from CallAssist again. Ben asked for them by text. In an alert about Ada, Ben is rung, texted and e-mailed.',
  ])
  const again = await textTo(bensNumber)
  await settle()
  expect(await ended(again)).toMatchObject({ state: 'placed' })
})

test('what the network does not understand is answered by us, once', async () => {
  await start()
  expect(await textFrom(app, bensNumber, 'Please stop texting me!')).toBe(
    'CallAssist: You will get no more texts from us. To get them again, text START.',
  )
  expect(await textFrom(app, bensNumber, 'yes.')).toBe(
    'CallAssist: You will get our texts again. To stop them, text STOP.',
  )
  expect(await textFrom(app, bensNumber, 'HELP')).toBeNull()
})

test('what the provider knows we learn: 21610, and a number that takes no texts', async () => {
  await start()
  await addService(app, { stakeholders: [ben, { ...cara, channels: ['call', 'text'] }] })
  const codes: Record<string, string> = { [bensNumber]: '21610', '+447700900202': '21614' }
  app.phone.answer = ({ to }) => ({
    kind: 'refused',
    temporary: false,
    result: 'unreachable number',
    code: codes[to] ?? '21211',
    reason: 'for the test',
  })
  await textTo(bensNumber)
  await textTo('+447700900202')
  await settle()
  expect(await reasonFor(bensNumber)).toBe('opted out')
  expect(await reasonFor('+447700900202')).toBe('takes no texts')
  expect(app.mail.sent.map(({ to, subject }) => `${to.name}: ${subject}`)).toEqual([
    'Ben: Ben gets no more texts from CallAssist',
    'Ben: Cara gets no more texts from CallAssist',
  ])
  expect(app.mail.sent[1]!.text).toContain('The number takes no texts, as with a landline.')
  // a text from it proves the contrary
  expect(await textFrom(app, '+447700900202', 'start')).toContain('You will get our texts again.')
})
