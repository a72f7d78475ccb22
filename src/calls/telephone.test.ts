// The telephone's words and keys on a real PostgreSQL, as lines tells them to the owner.
import { expect, test } from 'vitest'
import { callsWorld, heardIn } from '../../test/support/calls.ts'
import { spoken } from '../messages/messages.ts'
import { acknowledge } from './calls.ts'
import { nextOf, standingOf } from './telephone.ts'

async function ringing(wanted: Parameters<typeof callsWorld>[0] = {}) {
  const world = await callsWorld({ message: { say: 'Time for your walk.' }, ...wanted })
  const id = await world.plan('2026-11-24T09:30:00Z')
  world.app.at('2026-11-24T09:30:00Z')
  await world.sweep()
  world.app.pass(10)
  return { ...world, id }
}

test('answered: greeting, message and prompt at once; a key at any moment acknowledges and is confirmed', async () => {
  const { answers, call, ends, id, presses } = await ringing()
  expect(heardIn(await answers(id))).toEqual([
    spoken.greeting('Ada'),
    'Time for your walk.',
    spoken.prompt('check-in', null),
    spoken.again(),
  ])
  expect(heardIn(await presses(id, '7'))).toEqual([spoken.confirmation('check-in', 'Ada')])
  await ends(id, 'acknowledged')
  expect(await call(id)).toMatchObject({ outcome: 'acknowledged', attempts: [{ result: 'acknowledged' }] })
})

test('the star proves nothing: a line that calls it acknowledged is not believed', async () => {
  const { call, ends, id, presses } = await ringing()
  expect(heardIn(await presses(id, '*'))).toContain('Time for your walk.')
  expect(await call(id)).toMatchObject({ state: 'ringing' })
  await ends(id, 'acknowledged')
  expect(await call(id)).toMatchObject({ state: 'resting', attempts: [{ result: 'answered without a key' }] })
})

test('help: before and just after a key, and the attempt says so', async () => {
  for (const keys of [['9'], ['1', '9'], ['9', '1']]) {
    const { call, desk, ends, id, presses } = await ringing({ helpKey: '9' })
    let pressed = ''
    for (const key of keys) {
      pressed += key
      await presses(id, key, pressed)
    }
    await ends(id, 'acknowledged')
    expect(await call(id)).toMatchObject({
      outcome: 'help requested',
      attempts: [{ result: 'help requested' }],
    })
    expect(desk.opened).toMatchObject([{ reason: 'help requested' }])
    expect(desk.cleared).toEqual([])
  }
})

test('silence: one friendly repeat, then goodbye and what follows', async () => {
  const { answers, ends, id, isSilent, call } = await ringing()
  await answers(id)
  expect(heardIn(await isSilent(id, 1))).toEqual([spoken.stillThere('check-in', null)])
  expect(heardIn(await isSilent(id, 2))).toEqual([spoken.goodbye('ring again')])
  await ends(id, 'answered without a key')
  expect(await call(id)).toMatchObject({ state: 'resting', attempts: [{ result: 'answered without a key' }] })
})

test('answered when its time of use is over: nothing of the message', async () => {
  const { answers, app, id } = await ringing({ usefulForMinutes: 1 })
  app.at('2026-11-24T09:30:59Z')
  expect(heardIn(await answers(id))).toContain('Time for your walk.')
  app.at('2026-11-24T09:31:00Z')
  expect(heardIn(await answers(id))).toEqual([spoken.notNeeded()])
})

test('answered after a stakeholder spoke for her: a kind sentence, and nothing is asked', async () => {
  const { answers, app, id, service } = await ringing({ stakeholders: [{ name: 'Ben' }] })
  await app.db.in(service.scope, (tx) => acknowledge(app, tx, id, service.people.Ben!))
  expect(heardIn(await answers(id))).toEqual([spoken.notNeeded()])
})

test('a key that comes after the end of the last attempt: missed, acknowledged late, all-clear', async () => {
  const { app, call, desk, ends, id, presses } = await ringing({ attempts: 1 })
  await ends(id, 'answered without a key')
  app.pass(2)
  await presses(id, '1')
  expect(await call(id)).toMatchObject({
    outcome: 'missed',
    acknowledgedAt: app.clock.now(),
    acknowledgedBy: null,
  })
  expect(desk.opened).toMatchObject([{ reason: 'missed' }])
  expect(desk.cleared).toEqual([{ callId: id, byPersonId: null }])
})

test('what follows is said as the machine will do it', () => {
  const on = (clock: string) => new Date(`2026-11-24T${clock}Z`)
  const attempt = (number: number, rangAt: Date | null = null) =>
    ({ number, startedAt: on('09:00:00'), rangAt }) as Parameters<typeof nextOf>[0]['attempts'][number]
  const call = (attempts: ReturnType<typeof attempt>[], isTest = false) => ({
    isTest,
    by: 'call' as const,
    attempts,
    usefulUntil: on('09:06:00'),
  })
  const plan = { attempts: 2, gapMinutes: 5, mobiles: 1 }
  expect(nextOf(call([attempt(1)]), plan)).toBe('ring again')
  expect(nextOf(call([attempt(1, on('09:01:00'))]), plan)).toBe('tell somebody')
  expect(nextOf(call([attempt(1), attempt(2)]), plan)).toBe('tell somebody')
  expect(nextOf(call([attempt(1)], true), plan)).toBe('nothing')
  expect(nextOf({ ...call([attempt(1)]), by: 'call then text' }, plan)).toBe('send a text')
  expect(nextOf({ ...call([attempt(1)]), by: 'call then text' }, { ...plan, mobiles: 0 })).toBe('ring again')
})

test('how a call stands for who answers it', () => {
  const usefulUntil = new Date('2026-11-24T10:30:00Z')
  const early = new Date('2026-11-24T10:29:59Z')
  const stand = (outcome: Parameters<typeof standingOf>[0]['outcome'], isAcknowledged = false, now = early) =>
    standingOf({ outcome, isAcknowledged }, usefulUntil, now)
  expect(stand(null)).toBe('open')
  expect(stand(null, false, usefulUntil)).toBe('stale')
  expect(stand('acknowledged', true)).toBe('acknowledged')
  expect(stand('missed', true)).toBe('acknowledged')
  expect(stand('missed')).toBe('over')
  expect(stand('skipped')).toBe('over')
  expect(stand('help requested', true)).toBe('help requested')
})
