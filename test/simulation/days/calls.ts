// Simulation / days / calls: what src/calls/advance.ts, sweep.ts, texts.ts and telephone.ts do around the machine, over rows in memory.
// The machine is production's own; that these shells do the same is held by days-differential.test.ts.
import {
  type CallEffect,
  type CallEvent,
  type CallPlan,
  type CallState,
  decide,
  type Found,
} from '../../../src/calls/machine.ts'
import { isNumbersFault, textTroubleOf } from '../../../src/lines/text-trouble.ts'
import type { Result } from '../../../src/lines/types.ts'
import { allClear, openAlert } from './alerts.ts'
import { cancelOutgoing, enqueue } from './lines.ts'
import type { Tx } from './memory.ts'
import {
  type Attempt,
  after,
  type Call,
  databaseGone,
  inTx,
  killed,
  lookSoon,
  newId,
  nowOf,
  type Outgoing,
  type Process,
  type Service,
  type World,
} from './world.ts'

const priorities = { newCall: 3, retry: 2 } as const
const patienceSeconds = 4 * 60
const batch = 200
const troublesAtMost = 5
const firstDelayMs = 2000
const longestDelayMs = 60_000

/** The only way a call changes. */
export function advanceCall(world: World, tx: Tx, call: Call, event: CallEvent): CallState {
  const now = nowOf(world)
  const before = stateOf(call)
  const plan = planOf(call, event.kind === 'woke' ? reasonToSkip(call) : null)
  const { state, effects } = decide(before, event, plan, now)
  noteAttempt(tx, call, event, now)
  if (state === before) return state
  saveState(world, tx, call, state)
  for (const effect of effects) act(world, tx, call, event, effect)
  tx.afterCommit(() => world.rules.callChanged(call, before, event, now))
  return state
}

/** The machine's view of a row and its attempts. */
function stateOf(call: Call): CallState {
  const { attempt, attempts } = call
  if (call.state === 'closed') {
    const acknowledged = call.acknowledged_at && {
      at: call.acknowledged_at,
      byPersonId: call.acknowledged_by,
    }
    return {
      is: 'closed',
      outcome: call.outcome!,
      at: call.outcome_at!,
      acknowledged,
      skipReason: call.skip_reason,
    }
  }
  const wakeAt = call.wake_at!
  if (call.state === 'waiting') return { is: 'waiting', wakeAt }
  const reached = attempts.some(
    ({ result }) => result !== null && result !== 'not placed' && result !== 'cancelled',
  )
  if (call.state === 'resting') return { is: 'resting', attempt, reached, wakeAt }
  return { is: 'ringing', attempt, startedAt: attempts[attempt - 1]!.started_at, reached, wakeAt }
}

function planOf(call: Call, skip: string | null): CallPlan {
  const { service } = call
  return {
    isTest: call.is_test,
    by: call.by,
    attempts: service.attempts,
    gapMs: service.gapMinutes * 60_000,
    ringMs: service.ringSeconds * 1000,
    phones: service.phones.length,
    mobiles: call.by === 'call' ? 0 : mobilesOf(service).length,
    usefulUntil: call.useful_until,
    skip,
  }
}

const mobilesOf = ({ phones }: Service) => phones.filter(({ isMobile }) => isMobile)

const reasonToSkip = (call: Call): string | null =>
  call.service.pauses.has(call.local_date) ? 'paused' : null

export function saveState(world: World, tx: Tx, call: Call, state: CallState): void {
  const isClosed = state.is === 'closed'
  tx.set(call, 'state', state.is)
  wakes(world, tx, call, isClosed ? null : state.wakeAt)
  tx.set(call, 'outcome', isClosed ? state.outcome : null)
  tx.set(call, 'outcome_at', isClosed ? state.at : null)
  tx.set(call, 'acknowledged_at', isClosed ? (state.acknowledged?.at ?? null) : null)
  tx.set(call, 'acknowledged_by', isClosed ? (state.acknowledged?.byPersonId ?? null) : null)
  tx.set(call, 'skip_reason', isClosed ? state.skipReason : null)
  if (state.is === 'ringing') tx.set(call, 'attempt', state.attempt)
  tx.set(call, 'troubles', 0)
}

function wakes(world: World, tx: Tx, call: Call, at: Date | null): void {
  tx.set(call, 'wake_at', at)
  if (at === null) return
  tx.afterCommit(() => {
    world.callWakes.note(call)
    lookSoon(world, at.getTime() - world.aheadMs)
  })
}

function noteAttempt(tx: Tx, call: Call, event: CallEvent, now: Date): void {
  if (event.kind === 'attemptEnded') endAttempt(tx, call, event.attempt, event.found, now)
  if (event.kind === 'helpRequested' && event.attempt !== null)
    mark(tx, call, event.attempt, 'help requested')
  if (event.kind === 'acknowledged' && 'attempt' in event && event.attempt !== null)
    mark(tx, call, event.attempt, 'acknowledged')
}

function mark(tx: Tx, call: Call, number: number, result: 'acknowledged' | 'help requested'): void {
  const attempt = call.attempts[number - 1]
  if (attempt && attempt.result !== 'help requested') tx.set(attempt, 'result', result)
}

function endAttempt(tx: Tx, call: Call, number: number, found: Found, at: Date): void {
  const attempt = call.attempts[number - 1]
  if (!attempt || (attempt.ended_at !== null && attempt.result !== 'cancelled')) return
  tx.set(attempt, 'ended_at', at)
  if (attempt.result !== 'acknowledged' && attempt.result !== 'help requested')
    tx.set(attempt, 'result', found)
}

function act(world: World, tx: Tx, call: Call, event: CallEvent, effect: CallEffect): void {
  switch (effect.do) {
    case 'ring':
    case 'text':
      begin(world, tx, call, effect)
      return
    case 'cancelAttempt': {
      const attempt = call.attempts[effect.attempt - 1]
      if (!attempt) throw new Error('an attempt to be cancelled has no row')
      endAttempt(tx, call, effect.attempt, event.kind === 'woke' ? 'not placed' : 'cancelled', nowOf(world))
      cancelOutgoing(world, tx, attempt.outgoing)
      return
    }
    case 'openAlert':
      openAlert(world, tx, call, effect.reason)
      return
    case 'allClear':
      allClear(world, tx, call, effect.byPersonId)
  }
}

/** The attempt's row and its outgoing. */
function begin(world: World, tx: Tx, call: Call, effect: CallEffect & { do: 'ring' | 'text' }): void {
  const { service } = call
  const now = nowOf(world)
  const to = effect.do === 'ring' ? service.phones[effect.phone] : mobilesOf(service)[effect.phone]
  if (!to) throw new Error('the receiver has no such number')
  const outgoing = enqueue(world, tx, {
    kind: effect.do === 'ring' ? 'call' : 'text',
    owner: { room: 'calls', call, attempt: effect.attempt },
    purpose: 'call',
    to,
    priority: effect.attempt === 1 ? priorities.newCall : priorities.retry,
    ringSeconds: service.ringSeconds,
    usefulUntil: effect.usefulUntil,
    patienceSeconds,
    voicemailWords: effect.do === 'ring' && service.voicemailWords,
    notBefore: now,
  })
  const attempt: Attempt = {
    organisation_id: '',
    id: newId(world),
    call_id: call.id,
    number: effect.attempt,
    way: effect.do === 'ring' ? 'call' : 'text',
    to_number: to.number,
    outgoing_id: outgoing.id,
    started_at: now,
    ended_at: null,
    result: null,
    outgoing,
  }
  tx.add(call.attempts, attempt)
}

// ── the telephone, and texts ────────────────────────────────────────────────────────────────────────────────────

/** What the person who listens is told about a call, as it stands. */
export type Standing = 'open' | 'stale' | 'acknowledged' | 'help requested' | 'over'

export function standingOfCall(call: Call, now: Date): Standing {
  if (call.outcome === 'help requested') return 'help requested'
  if (call.acknowledged_at !== null) return 'acknowledged'
  if (call.outcome !== null) return 'over'
  return now < call.useful_until ? 'open' : 'stale'
}

/** @returns how it stands after the key; null: it only repeats */
export function callKeyed(world: World, tx: Tx, call: Call, attempt: number, key: string): Standing | null {
  if (key === '*') return null
  advanceCall(
    world,
    tx,
    call,
    key === call.service.helpKey
      ? { kind: 'helpRequested', attempt }
      : { kind: 'acknowledged', by: 'key', attempt },
  )
  return standingOfCall(call, nowOf(world))
}

/** What became of an outgoing of a call's, in the transaction in which that is saved. */
export function attemptEnded(world: World, tx: Tx, { owner, life }: Outgoing): void {
  if (owner.room !== 'calls') throw new Error('an attempt of somebody else’s')
  const found = foundBy(life.result!, life.resultCode)
  advanceCall(world, tx, owner.call, {
    kind: 'attemptEnded',
    attempt: owner.attempt,
    found,
    rangAt: life.rangAt,
  })
}

function foundBy(result: Result, code: string | null): Found {
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

// ── the sweeper ─────────────────────────────────────────────────────────────────────────────────────────────────

export const dueCalls = (world: World): Call[] =>
  world.database.isDown ? [] : world.callWakes.due(nowOf(world).getTime(), batch)

/**
 * All that a sweeper listed, each looked at again under its lock: many in one transaction, and in transactions of their own what
 * concerns more than its own rows, what was in trouble before, and all when together they fail.
 * @returns what is left for those
 */
export function wakeMany(world: World, who: Process, due: readonly Call[]): Call[] {
  const well = due.filter(({ troubles }) => troubles === 0)
  if (well.length < 2) return [...due]
  let left = well
  try {
    left = inTx(world, who, (tx) =>
      well.filter((call) => isDue(world, call) && !wakeTogether(world, tx, call)),
    )
  } catch (error) {
    if (error === killed) throw error
    if (error !== databaseGone) world.rules.crashed(error)
  }
  return [...left, ...due.filter(({ troubles }) => troubles > 0)]
}

const isDue = (world: World, { wake_at }: Call): boolean => wake_at !== null && wake_at <= nowOf(world)

/** @returns false when it is left as it was: to lock what else it concerns is not for many at once */
function wakeTogether(world: World, tx: Tx, call: Call): boolean {
  const { effects } = decide(stateOf(call), { kind: 'woke' }, planOf(call, reasonToSkip(call)), nowOf(world))
  if (!effects.every((effect) => effect.do === 'ring' || effect.do === 'text')) return false
  advanceCall(world, tx, call, { kind: 'woke' })
  return true
}

/** One in a transaction of its own. */
export function wakeCall(world: World, who: Process, call: Call): boolean {
  try {
    return inTx(world, who, (tx) => {
      if (!isDue(world, call)) return false
      advanceCall(world, tx, call, { kind: 'woke' })
      return true
    })
  } catch (error) {
    if (error === killed) throw error
    if (error !== databaseGone) world.rules.crashed(error)
    return setAside(world, who, call)
  }
}

function setAside(world: World, who: Process, call: Call): boolean {
  try {
    const troubles = inTx(world, who, (tx) => {
      if (!isDue(world, call)) return 0
      const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** call.troubles)
      if (call.state !== 'closed') {
        wakes(world, tx, call, after(nowOf(world), delayMs))
        tx.set(call, 'troubles', call.troubles + 1)
      }
      return call.troubles + 1
    })
    if (troubles >= troublesAtMost) inTx(world, who, (tx) => advanceCall(world, tx, call, { kind: 'gaveUp' }))
    return true
  } catch (error) {
    if (error === killed) throw error
    return false
  }
}
