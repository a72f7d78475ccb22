// Alerts / advance: the only way an alert changes. Lock, decide, save, record and act in one transaction, so that a crash
// leaves all of it or nothing. Called by the desk, the sweeper, the telephone, texts and pages.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { separately } from '../db/savepoints.ts'
import { operatorsOf, watchersOf } from '../organisations/organisations.ts'
import { type AlertReceiver, alertReceivers, type ServicePlan, servicePlan } from '../services/services.ts'
import { callsOf, factsOf } from './facts.ts'
import { type AlertEvent, type AlertState, decide, type Effect } from './machine.ts'
import { toldOf } from './notifications/store.ts'
import { cancelUnderway, notify, writeWaitingAnew } from './notify.ts'
import { type AlertRow, lockAlert, recordEvent, saveState, stateOf } from './store.ts'
import { type Fate, noticesOf, reachedNobody, stepsOf } from './who.ts'

/**
 * Tell an alert what happened.
 * @param inNotification the notification over whose call it happened: that one is still talking and is not called off
 * @returns how it stands then; an event that changes nothing is no error
 * @throws when the organisation of `tx` has no such alert
 */
export async function advance(
  app: App,
  tx: Tx,
  alertId: string,
  event: AlertEvent,
  inNotification: string | null = null,
): Promise<AlertState> {
  const alert = await lockAlert(tx, alertId)
  if (!alert) throw new Error('no such alert in this organisation')
  return advanceLocked(app, tx, alert, event, inNotification)
}

/** The same for a row that this transaction has locked already. */
export async function advanceLocked(
  app: App,
  tx: Tx,
  alert: AlertRow,
  event: AlertEvent,
  inNotification: string | null = null,
): Promise<AlertState> {
  const now = app.clock.now()
  const service = await servicePlan(tx, alert.service_id)
  const receivers = await alertReceivers(tx, alert.service_id)
  const plan = {
    steps: stepsOf(receivers).length,
    stepMinutes: service.alertStepMinutes,
    rounds: service.alertRounds,
  }
  const before = stateOf(alert)
  const { state, effects, isNoted } = decide(before, event, plan, now)
  if (state === before && !isNoted) return state

  await saveState(tx, alert.id, state, {
    openedAnew: before.is === 'closed' && state.is !== 'closed' ? now : null,
    remindedAt: effects.some((effect) => effect.do === 'remind') ? now : null,
  })
  await recordEvent(tx, alert.id, { at: now, event, from: before.is, to: state.is })
  if (event.kind === 'joined') await writeWaitingAnew(app, tx, alert.id)
  const carryOut = () => carryOutAll(app, tx, { alert, state, service, receivers, inNotification }, effects)
  // an alert that was given up must stand in the queue even if nobody can be written to about it
  if (event.kind !== 'gaveUp') await carryOut()
  else report(app, alert.id, await separately(tx, carryOut))
  tx.afterCommit(() => app.bell.ring({ work: true, services: [alert.service_id] }))
  return state
}

interface Acting {
  alert: AlertRow
  /** after the event */
  state: AlertState
  service: ServicePlan
  receivers: readonly AlertReceiver[]
  inNotification: string | null
}

/** What must reach somebody of the organisation. */
const toQueue: ReadonlySet<Effect['do']> = new Set(['handOver', 'remindOrganisation', 'callForHelp'])

/** And goes on at once when the step that is told now reaches nobody, because all of it is held back. */
async function carryOutAll(app: App, tx: Tx, acting: Acting, effects: readonly Effect[]): Promise<void> {
  const step = await tell(app, tx, acting, effects)
  const { alert, state } = acting
  if (reachedNobody(step))
    await advance(app, tx, alert.id, { kind: 'nobody told', step: state.step, round: state.round })
}

/** @returns what is known already of each notification of the step that was told, if one was */
async function tell(app: App, tx: Tx, acting: Acting, effects: readonly Effect[]): Promise<Fate[]> {
  if (effects.length === 0) return []
  const { alert, state, service, receivers, inNotification } = acting
  const facts = factsOf(service, await callsOf(tx, alert.id), state.reason)
  const isForQueue = effects.some((effect) => toQueue.has(effect.do))
  const operators = (isForQueue ? await watchersOf(app, tx) : await operatorsOf(tx)).map((operator) => ({
    ...operator,
    channels: ['email' as const],
  }))
  const circle = { receivers, operators, told: await toldOf(tx, alert.id) }
  const step: Fate[] = []
  for (const effect of effects) {
    if (effect.do === 'cancelNotifications') await cancelUnderway(app, tx, alert.id, inNotification)
    const telling = noticesOf(effect, circle)
    if (!telling) continue
    const fates = await notify(app, tx, { alert, state, facts, lineId: service.lineId, effect, ...telling })
    if (effect.do === 'notifyStep') step.push(...fates)
  }
  return step
}

function report(app: App, alertId: string, error: unknown): void {
  if (error) app.log.error('an alert was handed over in silence', error, { room: 'alerts', alert: alertId })
}
