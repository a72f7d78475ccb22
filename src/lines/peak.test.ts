// The peak of a morning: calls due at nine on a line of one call a second, on a real PostgreSQL and a clock that stands still
// between events. A whole hour of it: PEAK=3600 npm test -- src/lines/peak
import { expect, test } from 'vitest'
import { linesWorld } from '../../test/support/lines.ts'
import { newId } from '../kit/ids.ts'
import { priorities } from './lines.ts'

const nine = Date.parse('2026-11-24T09:00:00Z')
const due = Number(process.env.PEAK ?? 600)

test(`${due} calls due at nine: the line is used to its rate until the last, never above it, and alerts leave at once`, {
  timeout: 240_000,
}, async () => {
  const { app, ring, ringMany, live, owner } = await linesWorld()
  const left: { to: string; at: number }[] = []
  app.phone.answer = ({ to }, sid) => {
    left.push({ to, at: app.clock.now().getTime() - nine })
    // it is over when somebody looks
    app.phone.known.set(sid, {
      sid,
      to,
      from: '+441632960001',
      createdAt: app.clock.now(),
      state: { kind: 'ended', how: 'completed', seconds: 20 },
      answeredBy: null,
    })
    return { kind: 'placed', sid }
  }
  // as many as the ranges for drama have; at a longer peak each is rung again, half an hour later
  const numbers = Array.from({ length: due }, (_, place) => drama(place % 1800))
  await ringMany(
    numbers.map((to) => ({
      to,
      ownerId: newId(app.clock.now()),
      usefulUntil: new Date(nine + 2 * 3_600_000),
    })),
  )
  const alerts: { to: string; raisedAt: number }[] = []
  for (let quarter = 0; quarter < 4; quarter++) {
    await live(due / 8)
    const to = `+44770090099${quarter}`
    alerts.push({ to, raisedAt: app.clock.now().getTime() - nine })
    await ring({ to, purpose: 'alert', ownerRoom: 'alerts', priority: priorities.alert })
    await live(due / 8)
  }
  await live(60)

  expect(left).toHaveLength(due + alerts.length)
  expect(left.map(({ to }) => to).sort()).toEqual([...numbers, ...alerts.map(({ to }) => to)].sort())
  for (const [place, { at }] of left.entries())
    if (place > 0) expect(at - left[place - 1]!.at).toBeGreaterThanOrEqual(1000)
  const used = (left.length - 1) / (left.at(-1)!.at / 1000)
  expect(used).toBeGreaterThanOrEqual(0.99)
  expect(used).toBeLessThanOrEqual(1)
  for (const { to, raisedAt } of alerts)
    expect(left.find((each) => each.to === to)!.at - raisedAt).toBeLessThanOrEqual(5000)
  expect(owner.ended_.length).toBeGreaterThan(due - 60)
})

const drama = (place: number): string =>
  place < 900
    ? `+441632960${String(place).padStart(3, '0')}`
    : `+447700900${String(place - 900).padStart(3, '0')}`
