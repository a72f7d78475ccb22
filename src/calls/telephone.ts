// Calls / telephone: what lines tells this room about its calls, carried out by advance() and answered with the scripts
// of voice.ts. Registered as an owner in wiring.ts; lines calls it within its own transactions.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { Ended, Heard, OutgoingOwner } from '../lines/lines.ts'
import { soundsOf } from '../messages/messages.ts'
import { type ServicePlan, servicePlan } from '../services/services.ts'
import { advance } from './advance.ts'
import type { Found } from './machine.ts'
import { attemptNumber, lockCall } from './store.ts'
import { type CallView, callById, messageOf } from './views/store.ts'
import { afterKey, afterSilence, greeting, type Hearing, keyMeans, type Standing } from './voice.ts'

export const callsOwner: OutgoingOwner = {
  async lock(tx, callId) {
    await lockCall(tx, callId)
  },

  async answered(app, tx, heard) {
    return greeting(await hearing(app, tx, heard))
  },

  async keyed(app, tx, heard, key) {
    const { helpKey } = await serviceOf(tx, heard.ownerId)
    const attempt = await attemptNumber(tx, heard.partId)
    const meaning = keyMeans(key, helpKey)
    if (meaning === 'help') await advance(app, tx, heard.ownerId, { kind: 'helpRequested', attempt })
    if (meaning === 'heard')
      await advance(app, tx, heard.ownerId, { kind: 'acknowledged', by: 'key', attempt })
    return afterKey(await hearing(app, tx, heard), heard.keys)
  },

  async silent(app, tx, heard) {
    return afterSilence(await hearing(app, tx, heard), heard.silences)
  },

  async ended(app, tx, ended) {
    const attempt = await attemptNumber(tx, ended.partId)
    const { ownerId, rangAt } = ended
    await advance(app, tx, ownerId, { kind: 'attemptEnded', attempt, found: foundBy(ended), rangAt })
  },
}

async function serviceOf(tx: Tx, callId: string): Promise<ServicePlan> {
  return servicePlan(tx, (await viewOf(tx, callId)).serviceId)
}

async function viewOf(tx: Tx, callId: string): Promise<CallView> {
  const call = await callById(tx, callId)
  if (!call) throw new Error('no such call in this organisation')
  return call
}

/** How things stand for the person who listens at this moment. */
async function hearing(app: App, tx: Tx, heard: Heard): Promise<Hearing> {
  const call = await viewOf(tx, heard.ownerId)
  const service = await servicePlan(tx, call.serviceId)
  const message = await messageOf(tx, call)
  return {
    receiverName: service.receiverName,
    helpKey: service.helpKey,
    kind: message?.kind ?? 'both',
    sounds: message ? await soundsOf(tx, message.messageId, service.receiverName) : [],
    isTest: call.isTest,
    standing: standingOf(call, app.clock.now()),
    next: nextOf(call, service),
  }
}

export function standingOf(
  call: Pick<CallView, 'outcome' | 'acknowledgedAt' | 'usefulUntil'>,
  now: Date,
): Standing {
  if (call.outcome === 'help requested') return 'help requested'
  if (call.acknowledgedAt !== null) return 'acknowledged'
  if (call.outcome !== null) return 'over'
  return now < call.usefulUntil ? 'open' : 'stale'
}

/** What the machine will do when this attempt ends without a key: said to the person, so that it is no surprise. */
export function nextOf(
  call: Pick<CallView, 'isTest' | 'attempts' | 'usefulUntil'>,
  service: Pick<ServicePlan, 'attempts' | 'gapMinutes'>,
): Hearing['next'] {
  if (call.isTest) return 'nothing'
  const last = call.attempts.at(-1)
  if (!last || last.number >= service.attempts) return 'tell somebody'
  const nextAt = (last.rangAt ?? last.startedAt).getTime() + service.gapMinutes * 60_000
  return nextAt < call.usefulUntil.getTime() ? 'ring again' : 'tell somebody'
}

/**
 * What the line found. A line may call a call with any key acknowledged; whether it was has been decided, key by key,
 * when they were pressed, so without that it was answered without a key that counts.
 */
function foundBy({ result }: Ended): Found {
  switch (result) {
    case 'acknowledged':
    case 'help requested':
      return 'answered without a key'
    case 'sent':
    case 'delivered':
    case 'not delivered':
      throw new Error('calls sends no texts')
    default:
      return result
  }
}
