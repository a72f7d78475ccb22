import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/support/app.ts'
import { enqueueEmail, mailActors } from '../mail/mail.ts'
import type { Actor } from '../queue/actor.ts'
import { startLoop } from '../queue/loop.ts'
import { readClockPosition } from '../queue/store.ts'
import { type ClockDesk, moveClock, nextToWaitFor } from './clock-desk.ts'

let app: TestApp
let desk: ClockDesk
let undo: (() => Promise<void>)[]

beforeEach(async () => {
  app = await testApp({ at: '2026-11-24T09:30:00Z' })
  undo = [() => app.close()]
})

afterEach(async () => {
  for (const step of undo.reverse()) await step()
})

/** A desk whose clock stands still until it is moved. */
function open(actors: readonly Actor[]): void {
  const loop = startLoop(app, actors)
  undo.push(() => loop.stop())
  desk = { clock: app.clock, loop, actors }
}

/** Acts at these seconds after half past nine, and notes at which it did. */
function actorAt(seconds: readonly number[], acted: number[]): Actor {
  const start = app.clock.now().getTime()
  const waiting = [...seconds]
  return {
    name: 'calls',
    async runDue(now) {
      const due = waiting.filter((second) => start + second * 1000 <= now.getTime())
      waiting.splice(0, due.length)
      if (due.length > 0) acted.push((now.getTime() - start) / 1000)
      return due.length
    },
    nextAt: async () => (waiting.length > 0 ? new Date(start + waiting[0]! * 1000) : null),
  }
}

test('everything on the way happens at its own instant, and the position outlives the process', async () => {
  const acted: number[] = []
  open([actorAt([20, 40, 299, 301], acted)])
  const before = app.clock.aheadMs()
  expect(await moveClock(desk, app.db, { minutes: 5 })).toBe(true)
  expect(acted).toEqual([20, 40, 299])
  expect(app.clock.aheadMs() - before).toBeGreaterThan(290_000)
  expect(await readClockPosition(app.db)).toBe(Math.max(0, Math.round(app.clock.aheadMs())))
})

test('the next event is at least a second away: what comes by itself in a moment is lived through', async () => {
  const acted: number[] = []
  open([actorAt([0.2, 0.4, 86_400, 90_000], acted)])
  expect(await moveClock(desk, app.db, 'next')).toBe(true)
  expect(acted).toEqual([0.2, 0.4, 86_400])
  expect((await nextToWaitFor(desk))?.at.toISOString()).toBe('2026-11-25T10:30:00.000Z')
})

test('what only looks and tidies up is lived through, and not waited for', async () => {
  const [acted, looked]: [number[], number[]] = [[], []]
  open([{ ...actorAt([10, 70, 130], looked), name: 'forecast', isQuiet: true }, actorAt([100], acted)])
  expect(await nextToWaitFor(desk)).toMatchObject({ actor: 'calls' })
  expect(await moveClock(desk, app.db, 'next')).toBe(true)
  expect([looked, acted]).toEqual([[10, 70], [100]])
})

test('with nothing planned the clock does not jump', async () => {
  open([])
  expect(await nextToWaitFor(desk)).toBeNull()
  expect(await moveClock(desk, app.db, 'next')).toBe(true)
  expect(app.clock.now().getTime()).toBeLessThan(new Date('2026-11-24T09:31:00Z').getTime())
})

test('an e-mail that is being sent beside the loop is not sent again for every minute that is skipped', async () => {
  const { send } = app.mail
  let sent = 0
  const slow = {
    ...app,
    mail: {
      send: async (email: Parameters<typeof send>[0]) => {
        sent++
        // a server that takes its time, in turns of this process
        for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
        return send.call(app.mail, email)
      },
    },
  }
  await app.db.in(app.scope, (tx) =>
    enqueueEmail(app, tx, {
      purpose: 'alert',
      ownerRoom: 'alerts',
      ownerId: null,
      partId: null,
      serviceId: null,
      to: { name: 'Ben', address: 'ben@example.org' },
      subject: 'Ada did not answer',
      blocks: [{ kind: 'paragraph', text: 'Please see to it.' }],
      usefulUntil: new Date('2026-11-24T12:00:00Z'),
    }),
  )
  open(mailActors(slow, { inFlight: 20 }))
  await moveClock(desk, app.db, { minutes: 5 })
  expect(sent).toBe(1)
})
