// What receivers text to us, on real PostgreSQL: which call they mean, what becomes of it, and what they are answered.
import { expect, onTestFinished, test } from 'vitest'
import { alertsApp, missedCall, settleAlerts, textFrom } from '../../test/support/alerts.ts'
import { addService } from '../../test/support/app.ts'
import { callsWorld } from '../../test/support/calls.ts'
import { alertTextListener } from '../alerts/alerts.ts'
import type { By } from '../db/tables.ts'
import { callTextListener, insertCalls, ringNow } from './calls.ts'

const ada = '+447700900301'

async function world(by: By = 'text', kind: 'check-in' | 'reminder' = 'check-in') {
  const calls = await callsWorld(
    {
      receiver: { phones: [ada] },
      message: { say: 'Time for your tablets' },
      schedule: { kind, by },
      stakeholders: [{ name: 'Ben' }],
    },
    { textListeners: [callTextListener] },
  )
  const id = await calls.plan('2026-11-24T09:30:00Z')
  calls.app.at('2026-11-24T09:30:00Z')
  await calls.sweep()
  return { ...calls, id, says: (body: string) => textFrom(calls.app, ada, body) }
}

test('a text is sent in place of a ring, with the message and how to answer', async () => {
  const { rows } = await world()
  expect(await rows('outgoing')).toMatchObject([
    {
      kind: 'text',
      purpose: 'call',
      to_number: ada,
      useful_until: new Date('2026-11-24T10:30:00Z'),
      body: 'CallAssist for Ada: Time for your tablets. Reply Y if you are all right, or N if you need somebody.',
    },
  ])
  const reminder = await world('text', 'reminder')
  expect((await reminder.rows('outgoing'))[0]!.body).toBe(
    'CallAssist for Ada: Time for your tablets. Reply Y when you have read this, or N if you need somebody.',
  )
})

test('Y acknowledges, once', async () => {
  const { app, call, desk, ends, id, says } = await world()
  await ends(id, 'no reply')
  expect(await call(id)).toMatchObject({ state: 'resting', attempts: [{ way: 'text', result: 'no reply' }] })
  app.pass(120)
  expect(await says(' y ')).toBe('CallAssist: Thank you, Ada. Now we know that you are all right.')
  expect(await call(id)).toMatchObject({
    outcome: 'acknowledged',
    acknowledgedAt: app.clock.now(),
    acknowledgedBy: null,
    attempts: [{ result: 'acknowledged' }],
  })
  expect(desk.opened).toEqual([])
  expect(await says('Y')).toContain('There is nothing that you need to answer now.')
  expect(await says('thanks')).toBeNull()
})

test('the reminder says that it is one, and after that nobody is written to again', async () => {
  const { app, call, desk, ends, id, rows, sweep } = await world()
  await ends(id, 'no reply')
  app.at('2026-11-24T09:35:00Z')
  await sweep()
  expect((await rows('outgoing')).map(({ body }) => body)[1]).toMatch(/^CallAssist for Ada, once more: /)
  await ends(id, 'no reply')
  app.at('2026-11-24T09:40:00Z')
  await sweep()
  expect(await call(id)).toMatchObject({ outcome: 'missed', attempts: [{}, {}] })
  expect(desk.opened).toMatchObject([{ callId: id, reason: 'missed' }])
})

test('a late Y gives everybody the all-clear', async () => {
  const { app, call, desk, ends, id, says, sweep } = await world()
  await ends(id, 'unreachable number')
  app.at('2026-11-24T09:35:00Z')
  await sweep()
  await ends(id, 'unreachable number')
  expect(await call(id)).toHaveProperty('outcome', 'missed')
  app.at('2026-11-24T12:00:00Z')
  expect(await says('ok')).toBe(
    'CallAssist: Thank you, Ada. We are telling everybody that you have answered.',
  )
  expect(await call(id)).toMatchObject({ outcome: 'missed', acknowledgedAt: app.clock.now() })
  expect(desk.cleared).toEqual([{ callId: id, byPersonId: null }])
})

test.each(['N', 'I have fallen', 'yes but I feel ill'])('%j asks for somebody', async (body) => {
  const { call, desk, id, says } = await world()
  expect(await says(body)).toContain('we are telling the people who look out for you that you need somebody')
  expect(await call(id)).toHaveProperty('outcome', 'help requested')
  expect(desk.opened).toMatchObject([{ callId: id, reason: 'help requested' }])
})

test('a telephone that cries by itself at every answer is not answered for ever', async () => {
  const { desk, says } = await world()
  const answers = []
  for (let times = 0; times < 8; times++) answers.push(await says('I am away. In an emergency ring my son'))
  expect(answers.map((answer) => answer !== null)).toEqual([true, true, true, true, ...Array(4).fill(false)])
  expect(desk.opened).toHaveLength(1)
})

test('HELP alone asks for somebody too, but the network has answered it already', async () => {
  const { call, id, says } = await world()
  expect(await says('HELP')).toBeNull()
  expect(await call(id)).toHaveProperty('outcome', 'help requested')
})

test('help is heard after Y as well, and again when that is over', async () => {
  const { app, call, desk, id, says, service } = await world()
  await says('Y')
  app.pass(3600)
  expect(await says('please help')).toContain('need somebody')
  // the same cry, a moment later
  expect(await says('help!!')).toContain('need somebody')
  expect(await call(id)).toHaveProperty('outcome', 'acknowledged')
  expect(desk.opened).toMatchObject([{ serviceId: service.serviceId, reason: 'help requested' }])
  app.pass(2 * 3600)
  expect(await says('I have fallen again')).toContain('need somebody')
  expect(desk.opened).toHaveLength(2)
})

test('a cry for help is never taken for an answer to a test', async () => {
  const { app, desk, says, service, sweep } = await world()
  await says('Y')
  await app.db.in(service.scope, (tx) => ringNow(app, tx, service.serviceId))
  await sweep()
  expect(await says('I have fallen')).toContain('we are telling the people who look out for you')
  expect(desk.opened).toMatchObject([{ reason: 'help requested' }])
  // N, which the test text may be answered with, tells nobody
  expect(await says('N')).toBe('CallAssist: Your N has reached us. As this is a test, nobody is told.')
  expect(desk.opened).toHaveLength(1)
})

test('a missed call waits for a word, whatever test came after it', async () => {
  const { app, call, desk, ends, id, says, service, sweep } = await world()
  for (const at of ['2026-11-24T09:35:00Z', '2026-11-24T09:40:00Z']) {
    await ends(id, 'unreachable number')
    app.at(at)
    await sweep()
  }
  expect(await call(id)).toHaveProperty('outcome', 'missed')
  await app.db.in(service.scope, (tx) => ringNow(app, tx, service.serviceId))
  await sweep()
  expect(await says('Y')).toBe('CallAssist: Thank you, Ada. Your answer has reached us.')
  expect(await says('Y')).toContain('We are telling everybody that you have answered.')
  expect(desk.cleared).toEqual([{ callId: id, byPersonId: null }])
})

test('what is neither is asked back three times, then left; the call goes on', async () => {
  const { call, id, rows, says } = await world()
  for (let times = 0; times < 3; times++)
    expect(await says('I am driving and will answer later')).toBe(
      'CallAssist: We did not understand that. Reply Y if you are all right, or N if you need somebody. In an emergency ring 999.',
    )
  expect(await says('I am driving and will answer later')).toBeNull()
  expect(await call(id)).toMatchObject({ state: 'ringing', outcome: null })
  expect((await rows('call_event')).map(({ event }) => (event as { kind: string }).kind)).toEqual([
    'woke',
    'answeredIdly',
    'answeredIdly',
    'answeredIdly',
  ])
  expect(await says('y')).toContain('Thank you, Ada.')
})

test('a text that was not asked for answers the call that rings', async () => {
  const { call, id, says } = await world('call')
  expect(await says("I'm fine thanks")).toContain('Thank you, Ada.')
  expect(await call(id)).toMatchObject({ outcome: 'acknowledged', attempts: [{ result: 'cancelled' }] })
  // no text of ours offered N, and nothing is asked any more
  expect(await says('no')).toContain('There is nothing that you need to answer now.')
})

test('of two who share a telephone the one tried last is meant, and the other is named', async () => {
  const { app, call, id, plan, says, sweep } = await world()
  const bert = await addService(app, {
    receiver: { name: 'Bert', phones: [ada] },
    schedule: { by: 'text' },
  })
  const his = await plan('2026-11-24T09:32:00Z', bert)
  app.at('2026-11-24T09:32:00Z')
  await sweep()
  expect(await says('Y')).toBe(
    'CallAssist: Thank you, Bert. Now we know that you are all right. Reply Y again for Ada.',
  )
  expect([(await call(his)).outcome, (await call(id)).outcome]).toEqual(['acknowledged', null])
  expect(await says('Y')).toBe('CallAssist: Thank you, Ada. Now we know that you are all right.')
})

test('a cry for help is heard on a day without calls too, of a stranger not', async () => {
  const { app, desk, service, says } = await world()
  app.pass(25 * 3600)
  expect(await says('help me please')).toContain('we are telling the people who look out for you')
  expect(desk.opened).toMatchObject([{ serviceId: service.serviceId, reason: 'help requested' }])
  expect(await textFrom(app, '+447700900999', 'help me please')).toBeNull()
  expect(desk.opened).toHaveLength(1)
})

test('a stranger, and a receiver who was not called for a day, get no answer from this room', async () => {
  const { app, says } = await world()
  expect(await textFrom(app, '+447700900999', 'Y')).toBeNull()
  app.pass(25 * 3600)
  expect(await says('Y')).toBeNull()
})

test('a receiver without a number that takes texts is rung', async () => {
  const { app, plan, rows, sweep } = await callsWorld({ schedule: { by: 'text' } })
  await plan('2026-11-24T09:30:00Z')
  app.at('2026-11-24T09:30:00Z')
  await sweep()
  expect(await rows('outgoing')).toMatchObject([{ kind: 'call', to_number: '+441632960101' }])
})

test('who is called and told of alerts alike: Y and N are about the call, OK about the alert that waits', async () => {
  const app = await alertsApp({
    at: '2026-11-24T09:00:00Z',
    textListeners: [callTextListener, alertTextListener],
  })
  onTestFinished(() => app.close())
  const told = { name: 'Cleo', phone: ada, channels: ['text' as const] }
  const bert = await addService(app, { receiver: { name: 'Bert' }, stakeholders: [told] })
  const cleo = await addService(app, {
    receiver: { name: 'Cleo', phones: [ada] },
    schedule: { by: 'text' },
    gapMinutes: 60,
  })
  await missedCall(app, bert)
  const slot = { dueAt: app.clock.now(), localDate: '2026-11-24', localTime: '09:00' }
  const about = {
    serviceId: cleo.serviceId,
    scheduleId: cleo.scheduleId,
    usefulForMinutes: 60,
    by: 'text' as const,
  }
  await app.db.in(cleo.scope, (tx) => insertCalls(app, tx, about, [slot]))
  await settleAlerts(app)
  expect(await textFrom(app, ada, 'OK')).toContain('You are seeing to Bert.')
  expect(await textFrom(app, ada, 'Y')).toContain('Now we know that you are all right.')
  // nothing of hers waits any more: fine is about Bert again
  expect(await textFrom(app, ada, 'fine')).toContain('Bert is all right')
})

test('with no alert that waits OK is about the call', async () => {
  const { call, id, says } = await world()
  expect(await says('OK')).toContain('Thank you, Ada.')
  expect(await call(id)).toHaveProperty('outcome', 'acknowledged')
})
