// What people text back, on real PostgreSQL: who they are, which alert they mean, and what they are answered.
import { afterEach, expect, test } from 'vitest'
import { alertsApp, lastNotification, live, missedCall, textFrom } from '../../test/support/alerts.ts'
import { addService, type ServiceAdded, type TestApp } from '../../test/support/app.ts'
import { acceptAlert, alertsOfService } from './alerts.ts'

let app: TestApp
afterEach(() => app.close())

const start = { at: '2026-11-24T09:30:00Z' }
const bensNumber = '+447700900201'
const ben = { name: 'Ben', phone: bensNumber, channels: ['text' as const] }

const stateOf = async ({ scope, serviceId }: ServiceAdded) =>
  (await app.db.in(scope, (tx) => alertsOfService(tx, serviceId, { limit: 1 })))[0]!.state

async function adaAndBert() {
  const ada = await addService(app, { stakeholders: [ben], accessNotes: 'Key safe 2580' })
  const bert = await addService(app, {
    receiver: { name: 'Bert' },
    stakeholders: [ben],
    alertStepMinutes: 60,
  })
  await missedCall(app, ada)
  await missedCall(app, bert)
  return [ada, bert] as const
}

const states = async (...services: readonly ServiceAdded[]) =>
  Promise.all(services.map((service) => stateOf(service)))

test('two alerts wait: OK alone is not guessed at; a code, a name or ALL says which', async () => {
  app = await alertsApp(start)
  const [ada, bert] = await adaAndBert()
  const list = 'Reply OK 38 for Ada, OK 49 for Bert, or OK ALL for both. Or just the name.'
  expect((await lastNotification(app, 'Ben', 'text')).body).toBe(
    'CallAssist: Ada did not answer the 9:30am call. Bert did not answer the 9:40am call. Reply OK 38 for Ada, OK 49 for Bert, or OK ALL for both.',
  )
  expect(await textFrom(app, bensNumber, 'OK')).toBe(`CallAssist: Whom will you see to? ${list}`)
  expect(await textFrom(app, bensNumber, 'OK, where is she?')).toBe(
    'CallAssist: We did not understand that. If you will see to it, reply OK 38 for Ada, OK 49 for Bert, or OK ALL for both. In an emergency ring 999.',
  )
  expect(await textFrom(app, bensNumber, 'ok 72')).toContain(list)
  expect(await states(ada, bert)).toEqual(['open', 'open'])
  expect(await textFrom(app, bensNumber, 'ok38')).toBe(
    'CallAssist: Thank you, Ben. You are seeing to Ada. How to get in: Key safe 2580. Reply FINE when all is well. 1 more alert waits. Reply OK again for Bert.',
  )
  expect(await states(ada, bert)).toEqual(['accepted', 'open'])
  // one is left: now a mere OK can mean nothing else
  expect(await textFrom(app, bensNumber, 'ok')).toBe(
    'CallAssist: Thank you, Ben. You are seeing to Bert. When all is well reply FINE 38 for Ada, FINE 49 for Bert, or FINE ALL for both.',
  )
  expect(await textFrom(app, bensNumber, 'fine')).toBe(
    'CallAssist: Who is all right? Reply FINE 38 for Ada, FINE 49 for Bert, or FINE ALL for both.',
  )
  expect(await textFrom(app, bensNumber, 'Bert is fine')).toContain('that Bert is all right.')
  expect(await states(ada, bert)).toEqual(['accepted', 'closed'])
  // an old code still says how that one ended
  expect(await textFrom(app, bensNumber, 'OK 49')).toContain('All is well: Ben says that Bert is all right.')
})

test.each(['OK ALL', 'both', 'OK 38, OK 49', 'ok ada and bert'])('%s takes both', async (body) => {
  app = await alertsApp(start)
  const [ada, bert] = await adaAndBert()
  const answer = await textFrom(app, bensNumber, body)
  expect(answer).toMatch(/You are seeing to Ada and Bert\. How to get in to Ada: Key safe 2580\./)
  expect(answer).toContain('or FINE ALL for both.')
  expect(await states(ada, bert)).toEqual(['accepted', 'accepted'])
  expect(await textFrom(app, bensNumber, 'OK ALL')).toContain('You are seeing to')
  expect(await textFrom(app, bensNumber, 'FINE ALL')).toContain('Ada and Bert are all right')
  expect(await states(ada, bert)).toEqual(['closed', 'closed'])
})

test('whoever only ever writes OK is told the choice three times, and a name still works after that', async () => {
  app = await alertsApp(start)
  const [ada, bert] = await adaAndBert()
  const answers = []
  for (let times = 0; times < 5; times++) answers.push(await textFrom(app, bensNumber, 'OK'))
  expect(answers.map((answer) => answer !== null)).toEqual([true, true, true, false, false])
  expect(await textFrom(app, bensNumber, 'Ada')).toContain('You are seeing to Ada.')
  expect(await states(ada, bert)).toEqual(['accepted', 'open'])
})

test('of two organisations too, each in its own', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: [ben] })
  const far = await addService(app, {
    organisationId: '00000000-0000-7000-8000-0000000000ff',
    receiver: { name: 'Faye' },
    stakeholders: [ben],
    lineId: '00000000-0000-7000-8000-00000000000a',
  })
  await missedCall(app, ada)
  await missedCall(app, far)
  expect(await textFrom(app, bensNumber, '1')).toBe(
    'CallAssist: Whom will you see to? Reply OK 38 for Ada, OK 95 for Faye, or OK ALL for both. Or just the name.',
  )
  expect(await textFrom(app, bensNumber, '95')).toContain('You are seeing to Faye.')
  expect(await textFrom(app, bensNumber, '1')).toContain('You are seeing to Ada.')
  expect([await stateOf(ada), await stateOf(far)]).toEqual(['accepted', 'accepted'])
})

test('FINE closes what the sender has accepted, and nothing else', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: [ben, { name: 'Cara', phone: '+447700900202' }] })
  await missedCall(app, ada)
  expect(await textFrom(app, bensNumber, 'FINE')).toContain('Reply just OK if you will see to Ada.')
  expect(await stateOf(ada)).toBe('open')
  await textFrom(app, bensNumber, 'OK')
  expect(await textFrom(app, '+447700900202', 'fine')).toBeNull()
  expect(await stateOf(ada)).toBe('accepted')
  expect(await textFrom(app, bensNumber, "She's fine now")).toBe(
    'CallAssist: Thank you. We are telling everybody that Ada is all right.',
  )
  expect(await stateOf(ada)).toBe('closed')
})

test('what is not understood is asked back three times, then left', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: [ben] })
  await missedCall(app, ada)
  for (let times = 0; times < 3; times++)
    expect(await textFrom(app, bensNumber, 'I am driving and will answer later')).toBe(
      'CallAssist: We did not understand that. Reply just OK if you will see to Ada. In an emergency ring 999.',
    )
  expect(await textFrom(app, bensNumber, 'I am driving and will answer later')).toBeNull()
  expect(await stateOf(ada)).toBe('open')
  expect(await textFrom(app, bensNumber, 'ok')).toContain('Thank you, Ben.')
  expect(await textFrom(app, bensNumber, 'thanks')).toBeNull()
  // something has happened since: it is counted anew
  expect(await textFrom(app, bensNumber, 'where is the key?')).toContain('Reply FINE when all is well.')
})

test('a telephone that answers every text by itself does not talk with us for ever', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: [ben, { name: 'Cara', phone: '+447700900202' }] })
  await missedCall(app, ada)
  const answers = []
  for (let times = 0; times < 10; times++) answers.push(await textFrom(app, bensNumber, 'OK'))
  expect(answers.map((answer) => answer !== null)).toEqual([true, true, true, true, ...Array(6).fill(false)])
  // nobody else is kept from an answer by that
  expect(await textFrom(app, '+447700900202', 'OK')).toContain('Ben has already said')
})

test('a stranger, and somebody who was never told, get no answer from this room', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, {
    stakeholders: [ben, { name: 'Cara', phone: '+447700900202', step: 2 }],
  })
  await missedCall(app, ada)
  expect(await textFrom(app, '+447700900999', 'OK')).toBeNull()
  expect(await textFrom(app, '+447700900202', 'OK')).toBeNull()
  expect(await stateOf(ada)).toBe('open')
})

test('after it was handed over OK still counts; after its end it says how it ended, for a day', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: [ben], alertRounds: 1 })
  await missedCall(app, ada)
  await live(app, 6)
  expect(await stateOf(ada)).toBe('handed over')
  expect(await textFrom(app, bensNumber, 'Ok thanks')).toContain('You are seeing to Ada.')
  await textFrom(app, bensNumber, 'fine')
  expect(await textFrom(app, bensNumber, 'OK')).toContain('All is well: Ben says that Ada is all right.')
  app.pass(25 * 60 * 60)
  expect(await textFrom(app, bensNumber, 'OK')).toBeNull()
})

test('somebody accepts in the moment between: the sender hears who it was', async () => {
  app = await alertsApp(start)
  const ada = await addService(app, { stakeholders: [ben, { name: 'Cara', phone: '+447700900202' }] })
  await missedCall(app, ada)
  const [alert] = await app.db.in(ada.scope, (tx) => alertsOfService(tx, ada.serviceId, { limit: 1 }))
  const [answer] = await Promise.all([
    textFrom(app, bensNumber, 'OK'),
    app.db.in(ada.scope, (tx) => acceptAlert(app, tx, alert!.id, ada.people.Cara!, 'page')),
  ])
  expect(answer).toMatch(/Thank you, Ben|Cara has already said/)
  expect(await stateOf(ada)).toBe('accepted')
})
