// Calls and lines together, on a clock that jumps from event to event, while the provider never reports anything by itself.
import { expect, test } from 'vitest'
import { callsWorld } from '../../test/support/calls.ts'
import { lineActors } from '../lines/lines.ts'
import type { LineState } from '../outside/phone/port.ts'
import { liveUntil } from '../queue/loop.ts'
import { acknowledge, callActors } from './calls.ts'

/** The provider knows how each call goes, and every report of it gets lost. */
async function silentWorld() {
  const world = await callsWorld({ stakeholders: [{ name: 'Ben' }] })
  const { app } = world
  app.phone.answer = (wanted, sid) => {
    const placedMs = app.clock.now().getTime()
    const rings = (): LineState =>
      app.clock.now().getTime() < placedMs + 30_000
        ? { kind: 'ringing' }
        : { kind: 'ended', how: 'no answer', seconds: 0 }
    app.phone.known.set(sid, {
      sid,
      to: wanted.to,
      from: wanted.from,
      createdAt: app.clock.now(),
      answeredBy: null,
      get state() {
        return rings()
      },
    })
    return { kind: 'placed', sid }
  }
  const actors = [...callActors(app), ...lineActors(app, { inFlight: 1 })]
  return { ...world, live: (until: string) => liveUntil(app.clock, actors, new Date(until)) }
}

test('three attempts five minutes apart, and the alert within a minute of the last', async () => {
  const { app, call, desk, live, plan } = await silentWorld()
  const id = await plan('2026-11-24T09:30:00Z')
  await live('2026-11-24T10:00:00Z')
  const { attempts, outcome, outcomeAt } = await call(id)
  expect(outcome).toBe('missed')
  expect(attempts.map(({ startedAt }) => startedAt.toISOString().slice(11, 19))).toEqual([
    '09:30:00',
    '09:35:00',
    '09:40:00',
  ])
  expect(attempts.map(({ result, lineState }) => [result, lineState])).toEqual(
    Array(3).fill(['rang out', 'ended']),
  )
  expect(outcomeAt!.getTime()).toBeLessThanOrEqual(new Date('2026-11-24T09:41:30Z').getTime())
  expect(desk.opened).toMatchObject([{ callId: id, reason: 'missed' }])
  expect(app.phone.calls).toHaveLength(3)
})

test('a stakeholder speaks while it rings: the telephone is put down and never rings again', async () => {
  const { app, call, desk, live, plan, service } = await silentWorld()
  const id = await plan('2026-11-24T09:30:00Z')
  await live('2026-11-24T09:30:05Z')
  await app.db.in(service.scope, (tx) => acknowledge(app, tx, id, service.people.Ben!))
  await live('2026-11-24T11:00:00Z')
  expect(await call(id)).toMatchObject({ outcome: 'acknowledged', attempts: [{ lineState: 'ended' }] })
  expect(app.phone.calls).toHaveLength(1)
  expect(new Set(app.phone.hungUp)).toEqual(new Set([app.phone.calls[0]!.sid]))
  expect(desk.opened).toEqual([])
})
