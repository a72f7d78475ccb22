// Calls / telephone: what lines tells this room about its calls, carried out by advance() and answered with the scripts
// of voice.ts. Registered as an owner in wiring.ts; lines calls it within its own transactions. What is told of many at once is heard by the
// steps of one.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import {
  type Ended,
  type Heard,
  isNumbersFault,
  type OutgoingOwner,
  type Told,
  textTroubleOf,
} from '../lines/lines.ts'
import { soundsOfAll } from '../messages/messages.ts'
import type { Script, Sound } from '../outside/phone/port.ts'
import type { ServicePlan } from '../services/services.ts'
import { advanceFrom, advanceTogether, type Facts, factsOf } from './advance.ts'
import { type CallEvent, type CallState, type Found, type Outcome, waysOf } from './machine.ts'
import { type CallRow, lockCall, lockFree, stateOf } from './store.ts'
import { type AttemptView, type CallView, messagesOf } from './views/store.ts'
import { afterKey, afterSilence, greeting, type Hearing, keyMeans, type Standing } from './voice.ts'

export const callsOwner: OutgoingOwner = {
  async lock(tx, callId) {
    await lockCall(tx, callId)
  },

  answered: (app, tx, heard) => hear(app, tx, { kind: 'answered', heard }),

  keyed: (app, tx, heard, key) => hear(app, tx, { kind: 'keyed', heard, key }),

  silent: (app, tx, heard) => hear(app, tx, { kind: 'silent', heard }),

  async ended(app, tx, ended) {
    await hear(app, tx, { kind: 'ended', ended })
  },

  async take(tx, callIds) {
    const calls = new Map((await lockFree(tx, callIds)).map((call) => [call.id, call]))
    return {
      has: (callId) => calls.has(callId),
      hear: (app, told) => hearTogether(app, tx, calls, told),
    }
  },
}

/** @returns what is said next; of an end, nothing */
async function hear(app: App, tx: Tx, told: Told): Promise<Script> {
  const call = await lockCall(tx, whoseOf(told).ownerId)
  if (!call) throw new Error('no such call in this organisation')
  const [on] = await listenAll(tx, new Map([[call.id, call]]), [told])
  const event = eventOf(on!)
  return scriptOf(app, on!, event && (await advanceFrom(app, tx, { ...on!, event })))
}

async function hearTogether(
  app: App,
  tx: Tx,
  calls: ReadonlyMap<string, CallRow>,
  told: readonly Told[],
): Promise<(Script | 'alone')[]> {
  const all = await listenAll(tx, calls, told)
  const happenings = all.flatMap((on) => {
    const event = eventOf(on)
    return event ? [{ ...on, event }] : []
  })
  const states = await advanceTogether(app, tx, happenings)
  const after = new Map(happenings.map(({ call }, place) => [call.id, states[place]!]))
  return all.map((on) => {
    const state = after.get(on.call.id)
    return state === null ? 'alone' : scriptOf(app, on, state ?? null)
  })
}

/** What is told, about which attempt of which call, and what it depends on. */
interface Listening {
  told: Told
  call: CallRow
  facts: Facts
  attempt: number
  /** the message; null: there is none, or nobody listens to it */
  message: { kind: Hearing['kind']; sounds: readonly Sound[] } | null
}

const whoseOf = (told: Told): Heard | Ended => (told.kind === 'ended' ? told.ended : told.heard)

async function listenAll(
  tx: Tx,
  calls: ReadonlyMap<string, CallRow>,
  told: readonly Told[],
): Promise<Listening[]> {
  const rows = told.map((one) => calls.get(whoseOf(one).ownerId)!)
  const facts = await factsOf(tx, rows, null)
  const isHeard = rows.filter((_, place) => told[place]!.kind !== 'ended')
  const messages = await messagesFor(tx, isHeard, facts)
  return told.map((one, place) => {
    const call = rows[place]!
    const { partId } = whoseOf(one)
    const attempt = facts.get(call.id)!.attempts.find(({ id }) => id === partId)
    if (!attempt) throw new Error('no such attempt in this organisation')
    return {
      told: one,
      call,
      facts: facts.get(call.id)!,
      attempt: attempt.number,
      message: messages.get(call.id) ?? null,
    }
  })
}

async function messagesFor(
  tx: Tx,
  calls: readonly CallRow[],
  facts: ReadonlyMap<string, Facts>,
): Promise<Map<string, Listening['message']>> {
  const messages = await messagesOf(
    tx,
    calls.map((call) => ({ serviceId: call.service_id, scheduleId: call.schedule_id })),
  )
  const known = calls.flatMap(({ id }, place) => {
    const message = messages[place]
    return message ? [{ ...message, id, receiverName: facts.get(id)!.service.receiverName }] : []
  })
  const sounds = await soundsOfAll(tx, known)
  return new Map(known.map(({ id, kind }, place) => [id, { kind, sounds: sounds[place]! }]))
}

/** What it means for the call; null: nothing. */
function eventOf({ told, attempt, facts }: Listening): CallEvent | null {
  if (told.kind === 'ended')
    return { kind: 'attemptEnded', attempt, found: foundBy(told.ended), rangAt: told.ended.rangAt }
  if (told.kind !== 'keyed') return null
  const meaning = keyMeans(told.key, facts.service.helpKey)
  if (meaning === 'again') return null
  return meaning === 'help'
    ? { kind: 'helpRequested', attempt }
    : { kind: 'acknowledged', by: 'key', attempt }
}

/** @param after how the call stands now; null: as before */
function scriptOf(app: App, on: Listening, after: CallState | null): Script {
  const { told, call, facts } = on
  if (told.kind === 'ended') return []
  const hearing = hearingOf(on, told.heard, after ?? stateOf(call, facts.attempts), app.clock.now())
  switch (told.kind) {
    case 'answered':
      return greeting(hearing)
    case 'keyed':
      return afterKey(hearing, told.heard.keys)
    case 'silent':
      return afterSilence(hearing, told.heard.silences)
  }
}

/** How things stand for the person who listens at this moment. */
function hearingOf(
  { call, facts: { service, attempts, mobiles }, message }: Listening,
  heard: Heard,
  state: CallState,
  now: Date,
): Hearing {
  const { is_test: isTest, by, useful_until: usefulUntil } = call
  const tried = attempts.map(({ id, number, started_at, rang_at }) => ({
    number,
    startedAt: started_at,
    rangAt: id === heard.partId ? heard.rangAt : rang_at,
  }))
  return {
    receiverName: service.receiverName,
    helpKey: service.helpKey,
    kind: message?.kind ?? 'both',
    sounds: message?.sounds ?? [],
    isTest,
    standing: standingOf(endingOf(state), usefulUntil, now),
    next: nextOf({ isTest, by, attempts: tried, usefulUntil }, { ...service, mobiles: mobiles.length }),
  }
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
  call: Pick<CallView, 'isTest' | 'by' | 'usefulUntil'> & {
    attempts: readonly Pick<AttemptView, 'number' | 'startedAt' | 'rangAt'>[]
  },
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
