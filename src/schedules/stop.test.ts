// Stopping the calls of a service, and starting them again, on a real PostgreSQL.
import { expect, test } from 'vitest'
import { callsWorld } from '../../test/support/calls.ts'
import { callActors } from '../calls/calls.ts'
import { servicePlan } from '../services/services.ts'
import { scheduleActors, startCallsAgain, stopCalls } from './schedules.ts'

async function world() {
  const made = await callsWorld({ schedule: { time: '09:30' } }, { at: '2026-11-24T08:00:00Z' })
  const { app, service } = made
  const act = async () => {
    for (const actor of [...scheduleActors(app), ...callActors(app)]) await actor.runDue(app.clock.now())
  }
  const calls = async () =>
    (await made.rows('call')).map(
      (row) => `${(row.due_at as Date).toISOString().slice(8, 16)} ${row.outcome ?? row.state}`,
    )
  return {
    ...made,
    act,
    calls,
    within: (work: Parameters<typeof app.db.in<boolean>>[1]) => app.db.in(service.scope, work),
  }
}

test('stopped: what rests is skipped at once, what is planned when its time comes, and nothing more is planned', async () => {
  const { act, app, calls, ends, plan, rows, service, within } = await world()
  const id = await plan('2026-11-24T09:30:00Z')
  app.at('2026-11-24T09:30:00Z')
  await act()
  await ends(id, 'rang out')
  await plan('2026-11-25T09:30:00Z')
  expect(await within((tx) => stopCalls(app, tx, service.serviceId))).toBe(true)
  expect(await within((tx) => stopCalls(app, tx, service.serviceId))).toBe(false)
  expect(await calls()).toEqual(['24T09:30 skipped', '25T09:30 waiting'])
  app.at('2026-11-25T09:30:00Z')
  await act()
  app.at('2026-11-27T09:30:00Z')
  await act()
  expect(await calls()).toEqual(['24T09:30 skipped', '25T09:30 skipped'])
  expect((await rows('outgoing')).length).toBe(1)
})

test('a telephone that rings when the calls are stopped is put down', async () => {
  const { act, app, call, plan, rows, service, within } = await world()
  const id = await plan('2026-11-24T09:30:00Z')
  app.at('2026-11-24T09:30:00Z')
  await act()
  await within((tx) => stopCalls(app, tx, service.serviceId))
  expect(await call(id)).toMatchObject({ outcome: 'skipped', skipReason: 'The calls were stopped' })
  expect(await rows('outgoing')).toMatchObject([{ state: 'ended', result: 'cancelled' }])
})

test('started again: the next call is planned, and what fell due meanwhile is not made up for', async () => {
  const { act, app, calls, service, within } = await world()
  await within((tx) => stopCalls(app, tx, service.serviceId))
  app.at('2026-11-30T12:00:00Z')
  await act()
  expect(await within((tx) => startCallsAgain(app, tx, service.serviceId))).toBe(true)
  expect(await within((tx) => startCallsAgain(app, tx, service.serviceId))).toBe(false)
  const plan = await app.db.in(service.scope, (tx) => servicePlan(tx, service.serviceId))
  expect(plan.endedAt).toBeNull()
  expect(await calls()).toEqual(['01T09:30 waiting'])
})
