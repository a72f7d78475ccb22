// Calls / sweep: finds the calls whose time has come and wakes them, many in one transaction. When that fails, each in one of its own,
// so that a poisoned row stops only itself. An actor of the worker; several may sweep at once.
import type { App } from '../app.ts'
import type { Actor } from '../queue/actor.ts'
import { bellAlarm } from '../queue/alarm.ts'
import { advanceLocked, wakeTogether } from './advance.ts'
import { type Due, dueCalls, lockCall, lockDue, nextWake, putAside } from './store.ts'

/** So many rows are woken in one transaction. */
const batch = 200
/** Fewer are not worth a transaction of their own beside another. */
const smallestPart = 50
/** What is due so soon is waited for by an alarm: longer than the loop sleeps. */
const aheadMs = 200
/** So often in a row a row may fail before the call is given up, which alerts. */
const troublesAtMost = 5
const firstDelayMs = 2000
const longestDelayMs = 60_000

/** @param atOnce so many transactions may be under way: while one is being saved another is decided. 1 makes a rehearsal repeatable */
export function callActors(app: App, { atOnce = 1 }: { atOnce?: number } = {}): Actor[] {
  const alarm = bellAlarm(app)
  const inOneGo = batch * atOnce
  // after a quiet time a few at first, so that the lines begin with them while the others are woken
  const atFirst = atOnce > 1 ? smallestPart : batch
  let atMost = atFirst
  return [
    {
      name: 'calls',
      async runDue(now) {
        const soon = await app.db.look((tx) => dueCalls(tx, new Date(now.getTime() + aheadMs), atMost))
        const due = soon.filter(({ wakeAt }) => wakeAt <= now)
        atMost = due.length > 0 ? inOneGo : atFirst
        const next = soon[due.length]
        if (next) alarm.set(next.wakeAt, now)
        let done = 0
        for (const ofOne of Map.groupBy(due, (row) => row.organisationId).values())
          done += await wakeAll(app, ofOne, atOnce)
        return done
      },
      nextAt: () => app.db.look((tx) => nextWake(tx)),
      finish: async () => alarm.clear(),
    },
  ]
}

/**
 * Many in one transaction, and then each that could not be woken so in one of its own.
 * @param due of one organisation
 * @returns of how many something was done: not of what another sweeper has, or has just dealt with
 */
async function wakeAll(app: App, due: readonly Due[], atOnce: number): Promise<number> {
  // what was in trouble before would only spoil it for the others
  const [well, troubled] = [
    due.filter(({ troubles }) => troubles === 0),
    due.filter(({ troubles }) => troubles > 0),
  ]
  const together = await Promise.all(partsOf(well, atOnce).map((part) => wakeMany(app, part)))
  let done = together.reduce((sum, { woken }) => sum + woken, 0)
  const left = together.flatMap((part) => part.left)
  for (const row of [...left, ...troubled]) if (await wake(app, row)) done++
  return done
}

/** As equal as can be, in their order, and none too small to be worth a transaction. */
function partsOf(due: readonly Due[], atMost: number): Due[][] {
  const parts = Math.max(1, Math.min(atMost, Math.floor(due.length / smallestPart)))
  const size = Math.ceil(due.length / parts)
  return Array.from({ length: parts }, (_, part) => due.slice(part * size, (part + 1) * size))
}

/** When this fails nothing has happened, and only what is poisoned fails again by itself. */
async function wakeMany(app: App, due: readonly Due[]): Promise<{ woken: number; left: readonly Due[] }> {
  if (due.length < 2) return { woken: 0, left: due }
  try {
    return await app.db.in(due[0]!, async (tx) => {
      const ids = due.map(({ callId }) => callId)
      const calls = await lockDue(tx, ids, app.clock.now())
      const left = new Set((await wakeTogether(app, tx, calls)).map(({ id }) => id))
      return { woken: calls.length - left.size, left: due.filter(({ callId }) => left.has(callId)) }
    })
  } catch (error) {
    const code = (error as { code?: string }).code ?? null
    app.log.warn('calls are woken one by one, because together they failed', { room: 'calls', code })
    return { woken: 0, left: due }
  }
}

/** @returns whether something was done: not when another sweeper has the row or has just dealt with it */
async function wake(app: App, due: Due): Promise<boolean> {
  try {
    return await app.db.in(due, async (tx) => {
      const [call] = await lockDue(tx, [due.callId], app.clock.now())
      if (call) await advanceLocked(app, tx, call, { kind: 'woke' })
      return call !== undefined
    })
  } catch (error) {
    app.log.error('a call could not be advanced', error, { room: 'calls', call: due.callId })
    return setAside(app, due)
  }
}

/** In transactions of their own: the one that failed is rolled back and can record nothing. */
async function setAside(app: App, due: Due): Promise<boolean> {
  try {
    const troubles = await countTrouble(app, due)
    if (troubles >= troublesAtMost) await giveUp(app, due)
    return true
  } catch (error) {
    app.log.error('a call could not be set aside; it stays due', error, { room: 'calls', call: due.callId })
    return false
  }
}

async function countTrouble(app: App, due: Due): Promise<number> {
  return app.db.in(due, async (tx) => {
    const call = await lockCall(tx, due.callId)
    if (!call) throw new Error('a due call is gone')
    // it was saved after all, and only the word of that was lost: its next waking is not ours to move
    if (!call.wake_at || call.wake_at > app.clock.now()) return 0
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** call.troubles)
    await putAside(tx, due.callId, new Date(app.clock.now().getTime() + delayMs))
    return call.troubles + 1
  })
}

/** When even this fails the row has been pushed on already and comes back, for as long as it takes. */
async function giveUp(app: App, due: Due): Promise<void> {
  try {
    await app.db.in(due, async (tx) => {
      const call = await lockCall(tx, due.callId)
      if (call) await advanceLocked(app, tx, call, { kind: 'gaveUp' })
    })
    app.log.warn('a call was given up after repeated trouble', { room: 'calls', call: due.callId })
  } catch (error) {
    app.log.error('a call could not even be given up', error, { room: 'calls', call: due.callId })
  }
}
