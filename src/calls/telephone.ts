// Calls / telephone: what lines tells this room about its calls, carried out by advance() and answered with the scripts
// of voice.ts. Registered as an owner in main.ts; lines calls it within its own transactions.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { Ended, Heard, OutgoingOwner } from '../lines/lines.ts'
import { soundsOf } from '../messages/messages.ts'
import { servicePlan } from '../services/services.ts'
import { advance } from './advance.ts'
import type { Found } from './machine.ts'
import { attemptNumber, lockCall } from './store.ts'
import { type CallView, callById, messageIdOf } from './views/store.ts'
import { afterKey, afterSilence, greeting, type Hearing, keyMeans, type Standing } from './voice.ts'

export const callsOwner: OutgoingOwner = {
  async lock(tx, callId) {
    await lockCall(tx, callId)
  },

  async answered(app, tx, heard) {
    return greeting(await hearing(app, tx, heard))
  },

  async keyed(app, tx, heard, key) {
    const { helpKey } = await hearing(app, tx, heard)
    const meaning = keyMeans(key, helpKey)
    const attempt = await attemptNumber(tx, heard.partId)
    if (meaning === 'help') await advance(app, tx, heard.ownerId, { kind: 'helpRequested', attempt })
    if (meaning === 'heard')
      await advance(app, tx, heard.ownerId, { kind: 'acknowledged', by: 'key', attempt })
    const keys = heard.keys.endsWith(key) ? heard.keys : heard.keys + key
    return afterKey(await hearing(app, tx, heard), keys)
  },

  async silent(app, tx, heard) {
    return afterSilence(await hearing(app, tx, heard), heard.silences)
  },

  async ended(app, tx, ended) {
    const attempt = await attemptNumber(tx, ended.partId)
    await advance(app, tx, ended.ownerId, {
      kind: 'attemptEnded',
      attempt,
      found: foundBy(ended),
      rangAt: ended.rangAt,
    })
  },
}

/** How things stand for the person who listens at this moment. */
async function hearing(app: App, tx: Tx, heard: Heard): Promise<Hearing> {
  const call = await callById(tx, heard.ownerId)
  if (!call) throw new Error('no such call in this organisation')
  const { receiverName, helpKey } = await servicePlan(tx, call.serviceId)
  const messageId = await messageIdOf(tx, call)
  const sounds = messageId ? await soundsOf(tx, messageId, receiverName) : []
  return { receiverName, helpKey, sounds, isTest: call.isTest, standing: standingOf(call, app.clock.now()) }
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
