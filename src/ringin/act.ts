// Ringin / act: carries out what was decided in a call that came in, in the transaction in which it is saved, and says what is kept of it.
// Called by advance.ts.
import { acceptAlert, alertById, alertsOfService, closeAlert } from '../alerts/alerts.ts'
import type { App } from '../app.ts'
import { acknowledgeByRingIn, askForHelpByRingIn } from '../calls/calls.ts'
import type { Tx } from '../db/db.ts'
import { servicePlan } from '../services/services.ts'
import type { Deed } from './deeds.ts'
import { type Known, servicesTyped } from './facts.ts'
import { grant } from './grant.ts'
import { keepMessage } from './left-messages.ts'
import { tellAcceptor } from './news.ts'
import { type Incoming, insertRingBack, insertWrongPin } from './store.ts'
import type { Effect, Talk } from './types.ts'

/** Time to put the telephone down, should nobody tell us that it was. */
const untilRungBackMs = 30_000

export interface Acting {
  incoming: Incoming
  /** after the decision */
  talk: Talk
  before: Known
}

/** @returns what is kept of it */
export async function act(app: App, tx: Tx, acting: Acting, effect: Effect): Promise<Deed | null> {
  const { incoming, talk, before } = acting
  const now = app.clock.now()
  switch (effect.do) {
    case 'acknowledge': {
      for (const call of before.toAcknowledge) await acknowledgeByRingIn(app, tx, call.id)
      const dueAt = before.toAcknowledge.map((call) => call.dueAt.toISOString())
      return { did: before.facts.receiver?.today === 'early' ? 'checked in' : 'acknowledged', dueAt }
    }
    case 'ask for help': {
      const serviceId = serviceOf(talk)
      await askForHelpByRingIn(app, tx, serviceId, await callForHelp(tx, serviceId, before))
      return { did: 'asked for help' }
    }
    case 'grant':
      await grant(app, tx, serviceOf(talk), effect.wish)
      return { did: 'granted', wish: effect.wish }
    case 'ring back': {
      const serviceId = serviceOf(talk)
      const { phones } = await servicePlan(tx, serviceId)
      // only ever a number that we know; of two the one they say they are at
      const to = phones.find((phone) => phone === incoming.from) ?? phones[0]!
      const wakeAt = new Date(now.getTime() + untilRungBackMs)
      await insertRingBack(tx, now, { serviceId, incomingId: incoming.id, wish: effect.wish, to, wakeAt })
      tx.afterCommit(() => app.bell.ring({ work: true }))
      return { did: 'asked to be rung back', wish: effect.wish }
    }
    case 'count wrong pin': {
      const typed = incoming.talk.typed === null ? [] : await servicesTyped(app, incoming.talk.typed)
      const serviceId = incoming.talk.serviceId ?? typed[0]?.serviceId ?? null
      await insertWrongPin(tx, now, { serviceId, from: incoming.from })
      return { did: 'typed a wrong PIN' }
    }
    case 'keep message':
      await keepMessage(app, tx, incoming.id, effect)
      return { did: 'left a message' }
    case 'recognise':
      return null
    case 'accept': {
      const { alertId, personId, receiverName } = alertOf(incoming, before)
      const standing = await acceptAlert(app, tx, alertId, personId, 'call')
      const alert = await alertById(tx, alertId)
      if (alert && standing.is === 'yours') await tellAcceptor(app, tx, alert.serviceId, personId)
      return { did: 'accepted', receiverName }
    }
    case 'say': {
      const { alertId, personId, receiverName } = alertOf(incoming, before)
      await closeAlert(app, tx, alertId, personId, effect.what, 'call')
      return { did: 'said', what: effect.what, receiverName }
    }
    case 'begin take':
      return { did: 'began to record' }
    case 'go on with take':
      return null
  }
}

/**
 * Which call a cry for help is about: one that is open, or one whose alert is being told right now. Never an older one: its alert is
 * in somebody's hands, and a second cry must be heard all the same.
 */
async function callForHelp(
  tx: Tx,
  serviceId: string,
  { facts, toAcknowledge }: Known,
): Promise<string | null> {
  if (facts.receiver?.today === 'open') {
    const open = toAcknowledge.find(({ state }) => state !== 'closed')
    if (open) return open.id
  }
  const alerts = await alertsOfService(tx, serviceId, { limit: 5 })
  return alerts.find(({ state }) => state === 'open')?.callId ?? null
}

function alertOf(
  { talk }: Incoming,
  { alert, personId }: Known,
): { alertId: string; personId: string; receiverName: string } {
  const [alertId] = talk.alertIds
  if (!alertId || !alert || !personId) throw new Error('no alert is spoken of')
  return { alertId, personId, receiverName: alert.receiverName }
}

function serviceOf({ serviceId }: Talk): string {
  if (!serviceId) throw new Error('nobody is known yet')
  return serviceId
}
