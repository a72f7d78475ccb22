// Calls / telephone: what lines tells this room about its calls, carried out by advance() and answered with the scripts
// of voice.ts. Registered as an owner in wiring.ts; lines calls it within its own transactions.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { type Ended, type Heard, isNumbersFault, type OutgoingOwner, textTroubleOf } from '../lines/lines.ts'
import { soundsOf } from '../messages/messages.ts'
import { type ServicePlan, servicePlan } from '../services/services.ts'
import { advance, mobilesOf } from './advance.ts'
import { type CallState, type Found, type Outcome, waysOf } from './machine.ts'
import { attemptNumber, lockCall } from './store.ts'
import { type CallView, callById, messageOf } from './views/store.ts'
import { afterKey, afterSilence, greeting, type Hearing, keyMeans, type Standing } from './voice.ts'

export const callsOwner: OutgoingOwner = {
  async lock(tx, callId) {
    await lockCall(tx, callId)
  },

  async answered(app, tx, heard) {
    return greeting((await listen(app, tx, heard)).hearing)
  },

  async keyed(app, tx, heard, key) {
    const { attempt, call, hearing } = await listen(app, tx, heard)
    const meaning = keyMeans(key, hearing.helpKey)
    if (meaning === 'again') return afterKey(hearing, heard.keys)
    const state = await advance(
      app,
      tx,
      call.id,
      meaning === 'help' ? { kind: 'helpRequested', attempt } : { kind: 'acknowledged', by: 'key', attempt },
    )
    return afterKey(
      { ...hearing, standing: standingOf(endingOf(state), call.usefulUntil, app.clock.now()) },
      heard.keys,
    )
  },

  async silent(app, tx, heard) {
    return afterSilence((await listen(app, tx, heard)).hearing, heard.silences)
  },

  async ended(app, tx, ended) {
    const attempt = await attemptNumber(tx, ended.partId)
    const { ownerId, rangAt } = ended
    await advance(app, tx, ownerId, { kind: 'attemptEnded', attempt, found: foundBy(ended), rangAt })
  },
}

/** How things stand for the person who listens at this moment, and in which attempt. */
async function listen(
  app: App,
  tx: Tx,
  heard: Heard,
): Promise<{ call: CallView; attempt: number; hearing: Hearing }> {
  const call = await callById(tx, heard.ownerId)
  const attempt = call?.attempts.find(({ id }) => id === heard.partId)
  if (!call || !attempt) throw new Error('no such attempt in this organisation')
  const service = await servicePlan(tx, call.serviceId)
  const message = await messageOf(tx, call)
  const hearing: Hearing = {
    receiverName: service.receiverName,
    helpKey: service.helpKey,
    kind: message?.kind ?? 'both',
    sounds: message ? await soundsOf(tx, message.messageId, service.receiverName) : [],
    isTest: call.isTest,
    standing: standingOf(
      { outcome: call.outcome, isAcknowledged: call.acknowledgedAt !== null },
      call.usefulUntil,
      app.clock.now(),
    ),
    next: nextOf(call, { ...service, mobiles: await mobilesFor(tx, call, service) }),
  }
  return { call, attempt: attempt.number, hearing }
}

/** How many numbers take texts: nobody needs to know where no text is sent. */
async function mobilesFor(tx: Tx, { by }: CallView, service: ServicePlan): Promise<number> {
  return by === 'call' ? 0 : ((await mobilesOf(tx, [service])).get(service.serviceId)?.length ?? 0)
}

interface Ending {
  outcome: Outcome | null
  /** whether anybody has spoken, also after a miss */
  isAcknowledged: boolean
}

export function standingOf({ outcome, isAcknowledged }: Ending, usefulUntil: Date, now: Date): Standing {
  if (outcome === 'help requested') return 'help requested'
  if (isAcknowledged) return 'acknowledged'
  if (outcome !== null) return 'over'
  return now < usefulUntil ? 'open' : 'stale'
}

function endingOf(state: CallState): Ending {
  if (state.is !== 'closed') return { outcome: null, isAcknowledged: false }
  return { outcome: state.outcome, isAcknowledged: state.acknowledged !== null }
}

/** What the machine will do when this attempt ends without a key: said to the person, so that it is no surprise. */
export function nextOf(
  call: Pick<CallView, 'isTest' | 'by' | 'attempts' | 'usefulUntil'>,
  service: Pick<ServicePlan, 'attempts' | 'gapMinutes'> & { mobiles: number },
): Hearing['next'] {
  if (call.isTest) return 'nothing'
  const last = call.attempts.at(-1)
  const next = last && waysOf({ ...service, ...call, attempts: service.attempts })[last.number]
  if (!next) return 'tell somebody'
  const nextAt = (last.rangAt ?? last.startedAt).getTime() + service.gapMinutes * 60_000
  if (nextAt >= call.usefulUntil.getTime()) return 'tell somebody'
  return next === 'call' ? 'ring again' : 'send a text'
}

/**
 * What the line found. A line may call a call with any key acknowledged; whether it was has been decided, key by key,
 * when they were pressed, so without that it was answered without a key that counts.
 */
function foundBy({ result, code }: Ended): Found {
  switch (result) {
    case 'acknowledged':
    case 'help requested':
      return 'answered without a key'
    case 'sent':
    case 'delivered':
      return 'no reply'
    case 'not delivered':
      return isNumbersFault(textTroubleOf(code)) ? 'unreachable number' : 'not placed'
    default:
      return result
  }
}
