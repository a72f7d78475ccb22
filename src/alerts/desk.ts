// Alerts / desk: where calls raise their alerts and take them back, in the transaction that closes the call. Registered in
// wiring.ts. The call's row is locked before; so two of these never meet over one alert.
import type { App } from '../app.ts'
import type { AlertDesk } from '../calls/calls.ts'
import type { Tx } from '../db/db.ts'
import { advanceLocked } from './advance.ts'
import { raised as open, type Reason } from './machine.ts'
import { insertAlert, lockAlertOfCall, recordEvent, separately } from './store.ts'

export const alertDesk: AlertDesk = {
  async open(app, tx, { serviceId, callId, reason }) {
    const known = await lockAlertOfCall(tx, callId)
    if (!known) return openNew(app, tx, serviceId, callId, reason)
    if (reason === 'help requested') await advanceLocked(app, tx, known, { kind: 'help asked' })
  },

  async allClear(app, tx, { callId, byPersonId }) {
    const alert = await lockAlertOfCall(tx, callId)
    if (alert) await advanceLocked(app, tx, alert, { kind: 'cleared', by: byPersonId })
  },
}

/**
 * The alert's row always comes with the call's outcome. Should telling its first step fail, the row stays due and the sweeper
 * tries again, rather than that the call could not be closed.
 */
async function openNew(app: App, tx: Tx, serviceId: string, callId: string, reason: Reason): Promise<void> {
  const now = app.clock.now()
  const alert = await insertAlert(tx, { serviceId, callId, state: open(reason, now), now })
  await recordEvent(tx, alert.id, { at: now, event: { kind: 'opened', reason }, from: 'none', to: 'open' })
  const error = await separately(tx, () => advanceLocked(app, tx, alert, { kind: 'woke' }))
  if (error)
    app.log.error('a new alert could not tell its first step', error, { room: 'alerts', alert: alert.id })
  tx.afterCommit(() => app.bell.ring({ work: true, services: [serviceId] }))
}
