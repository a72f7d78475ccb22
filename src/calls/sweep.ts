// Calls / sweep: finds the calls whose time has come and wakes each in a transaction of its own, so that a poisoned row
// stops only itself. An actor of the worker; several may sweep at once.
import type { App } from '../app.ts'
import type { Actor } from '../queue/actor.ts'
import { advanceLocked } from './advance.ts'
import { type Due, dueCalls, lockCall, nextWake, putAside } from './store.ts'

/** So many rows are woken in one go; the other actors want their turn too. */
const batch = 200
/** So often in a row a row may fail before the call is given up, which alerts. */
const troublesAtMost = 5
const firstDelayMs = 2000
const longestDelayMs = 60_000

export function callActors(app: App): Actor[] {
  return [
    {
      name: 'calls',
      async runDue(now) {
        const due = await app.db.look((tx) => dueCalls(tx, now, batch))
        let done = 0
        for (const row of due) if (await wake(app, row)) done++
        return done
      },
      nextAt: () => app.db.look((tx) => nextWake(tx)),
    },
  ]
}

/** @returns whether something was done: not when another sweeper has the row or has just dealt with it */
async function wake(app: App, due: Due): Promise<boolean> {
  try {
    return await app.db.in(due, async (tx) => {
      const call = await lockCall(tx, due.callId, 'skip')
      if (!call?.wake_at || call.wake_at > app.clock.now()) return false
      await advanceLocked(app, tx, call, { kind: 'woke' })
      return true
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
