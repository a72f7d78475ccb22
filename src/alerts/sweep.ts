// Alerts / sweep: finds the alerts whose time has come and wakes each in a transaction of its own, so that a poisoned row
// stops only itself. An actor of the worker; several may sweep at once.
import type { App } from '../app.ts'
import { hasAnsweredSince } from '../calls/calls.ts'
import type { Tx } from '../db/db.ts'
import type { Actor } from '../queue/actor.ts'
import { advanceLocked } from './advance.ts'
import type { AlertEvent } from './machine.ts'
import { type AlertRow, type Due, dueAlerts, lockAlert, nextWake, putAside } from './store.ts'

/** So many rows are woken in one go; the other actors want their turn too. */
const batch = 200
/** So often in a row an open alert may fail before it is handed over. */
const troublesAtMost = 5
const firstDelayMs = 2000
const longestDelayMs = 60_000

export function alertActors(app: App): Actor[] {
  return [
    {
      name: 'alerts',
      async runDue(now) {
        const due = await app.db.look((tx) => dueAlerts(tx, now, batch))
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
      const alert = await lockAlert(tx, due.alertId, 'skip')
      if (!alert?.wake_at || alert.wake_at > app.clock.now()) return false
      await advanceLocked(app, tx, alert, await whatWakes(tx, alert))
      return true
    })
  } catch (error) {
    app.log.error('an alert could not be advanced', error, { room: 'alerts', alert: due.alertId })
    return setAside(app, due)
  }
}

/**
 * "We do not know how Ada is" stops being true when she answers another call: then its waking is the all-clear. Of what she has missed, or
 * asked for, her next answer says nothing.
 */
async function whatWakes(tx: Tx, alert: AlertRow): Promise<AlertEvent> {
  const isKnown =
    alert.reason === 'not placed' && (await hasAnsweredSince(tx, alert.service_id, alert.opened_at))
  return isKnown ? { kind: 'cleared', by: null } : { kind: 'woke' }
}

/** In transactions of their own: the one that failed is rolled back and can record nothing. */
async function setAside(app: App, due: Due): Promise<boolean> {
  try {
    const troubles = await countTrouble(app, due)
    if (troubles >= troublesAtMost) await giveUp(app, due)
    return true
  } catch (error) {
    app.log.error('an alert could not be set aside; it stays due', error, {
      room: 'alerts',
      alert: due.alertId,
    })
    return false
  }
}

async function countTrouble(app: App, due: Due): Promise<number> {
  return app.db.in(due, async (tx) => {
    const alert = await lockAlert(tx, due.alertId)
    if (!alert) throw new Error('a due alert is gone')
    // it was saved after all, and only the word of that was lost: its next waking is not ours to move
    if (!alert.wake_at || alert.wake_at > app.clock.now()) return 0
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(alert.troubles, 10))
    await putAside(tx, due.alertId, new Date(app.clock.now().getTime() + delayMs))
    return alert.troubles + 1
  })
}

/** The queue has it from now on, even if nobody can be written to about that. */
async function giveUp(app: App, due: Due): Promise<void> {
  try {
    await app.db.in(due, async (tx) => {
      const alert = await lockAlert(tx, due.alertId)
      if (alert) await advanceLocked(app, tx, alert, { kind: 'gaveUp' })
    })
    app.log.warn('an alert was handed over after repeated trouble', { room: 'alerts', alert: due.alertId })
  } catch (error) {
    app.log.error('an alert could not even be handed over', error, { room: 'alerts', alert: due.alertId })
  }
}
