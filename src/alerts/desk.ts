// Alerts / desk: where calls raise their alerts and take them back, in the transaction that closes the call. Registered in
// wiring.ts. The call's row is locked before, then the beginnings of alerts about this receiver, then the alert; so two of these never
// meet over one alert.
import type { App } from '../app.ts'
import type { AlertDesk } from '../calls/calls.ts'
import type { Tx } from '../db/db.ts'
import { separately } from '../db/savepoints.ts'
import { advanceLocked } from './advance.ts'
import { callOf } from './facts.ts'
import { type Failed, joining, joiningMs } from './joining.ts'
import { raised as open, type Reason } from './machine.ts'
import {
  insertAlert,
  insertAlertCall,
  lockAlertOfCall,
  lockBeginning,
  lockUnfinished,
  recordEvent,
} from './store.ts'

export const alertDesk: AlertDesk = {
  async open(app, tx, raised) {
    const known = await lockAlertOfCall(tx, raised.callId)
    if (!known) {
      await lockBeginning(tx, raised.serviceId)
      if (!(await join(app, tx, raised))) await openNew(app, tx, raised)
    } else if (raised.reason === 'help requested') await advanceLocked(app, tx, known, { kind: 'help asked' })
  },

  async allClear(app, tx, { callId, byPersonId }) {
    const alert = await lockAlertOfCall(tx, callId)
    if (alert) await advanceLocked(app, tx, alert, { kind: 'cleared', by: byPersonId })
  },
}

interface Raised {
  serviceId: string
  callId: string
  reason: Reason
}

/** Where people are told of this person already, this call may be one more of which they hear. @returns whether it is */
async function join(app: App, tx: Tx, { serviceId, callId, reason }: Raised): Promise<boolean> {
  const now = app.clock.now()
  if (reason === 'help requested') return false
  const alert = await lockUnfinished(tx, serviceId, new Date(now.getTime() - joiningMs))
  if (!alert) return false
  const known = { state: alert.state, reason: alert.reason, openedAt: alert.opened_at }
  const how = joining({ reason, lastTriedAt: await lastTried(tx, callId) }, known, now)
  if (how === null) return false
  await insertAlertCall(tx, alert.id, callId, now)
  await advanceLocked(app, tx, alert, { kind: 'joined', reason, isNews: how === 'as news' })
  return true
}

async function lastTried(tx: Tx, callId: string): Promise<Failed['lastTriedAt']> {
  const { attempts } = await callOf(tx, callId)
  const times = attempts.map(({ rangAt, startedAt }) => (rangAt ?? startedAt).getTime())
  return times.length === 0 ? null : new Date(Math.max(...times))
}

/**
 * The alert's row always comes with the call's outcome. Should telling its first step fail, the row stays due and the sweeper
 * tries again, rather than that the call could not be closed.
 */
async function openNew(app: App, tx: Tx, { serviceId, callId, reason }: Raised): Promise<void> {
  const now = app.clock.now()
  const alert = await insertAlert(tx, { serviceId, callId, state: open(reason, now), now })
  await recordEvent(tx, alert.id, { at: now, event: { kind: 'opened', reason }, from: 'none', to: 'open' })
  const error = await separately(tx, () => advanceLocked(app, tx, alert, { kind: 'woke' }))
  if (error)
    app.log.error('a new alert could not tell its first step', error, { room: 'alerts', alert: alert.id })
  tx.afterCommit(() => app.bell.ring({ work: true, services: [serviceId] }))
}
