// Calls / machine: decides what one call does next. Pure: imports nothing, reads no clock. Only advance.ts calls it.
//
// Events are in the past tense, effects are orders. An event that changes nothing gives back the very same state, so a
// webhook that comes twice, late or out of order is harmless. Every open state has a `wakeAt`: silence is an event too.

export type CallState =
  | { is: 'waiting'; wakeAt: Date }
  | { is: 'ringing'; attempt: number; startedAt: Date; reached: boolean; wakeAt: Date }
  | { is: 'resting'; attempt: number; reached: boolean; wakeAt: Date }
  | Closed

export interface Closed {
  is: 'closed'
  outcome: Outcome
  /** when this outcome was decided */
  at: Date
  /** who proved it and when; of a missed call: the late acknowledgement */
  acknowledged: Acknowledged | null
  skipReason: string | null
}

/** `byPersonId` null: the receiver did it, by a key, by a text or by ringing in. */
export interface Acknowledged {
  at: Date
  byPersonId: string | null
}

export type Outcome = 'acknowledged' | 'help requested' | 'missed' | 'not placed' | 'skipped'
export type AlertReason = 'missed' | 'not placed' | 'help requested'

/** How one attempt is made, and how a call's attempts follow each other. */
export type Way = 'call' | 'text'
export type By = 'call' | 'text' | 'call then text' | 'text then call'

/** What became of an attempt that nobody acknowledged. The last two never reached the telephone network. */
export type Found =
  | 'answered without a key'
  /** a text that arrived, or at least left: it may still be answered */
  | 'no reply'
  | 'voicemail'
  | 'rang out'
  | 'busy'
  | 'rejected'
  | 'unreachable number'
  | 'not placed'
  | 'cancelled'

export type CallEvent =
  | { kind: 'woke' }
  | { kind: 'acknowledged'; by: 'key'; attempt: number }
  | { kind: 'acknowledged'; by: 'stakeholder'; personId: string }
  /** the receiver rang us: acknowledges what is open, or checks in early for what is soon due */
  | { kind: 'acknowledged'; by: 'ring-in' }
  /** `attempt`: the text that was answered; null: the receiver wrote to us of their own accord, which is as good as ringing in */
  | { kind: 'acknowledged'; by: 'text'; attempt: number | null }
  /** `attempt` null: the receiver rang us, or wrote of their own accord */
  | { kind: 'helpRequested'; attempt: number | null }
  /** `rangAt`: when the telephone began to ring, null when it never did */
  | { kind: 'attemptEnded'; attempt: number; found: Found; rangAt: Date | null }
  | { kind: 'skipped'; reason: string }
  /** advancing this row failed again and again */
  | { kind: 'gaveUp' }

export type CallEffect =
  /** `phone`: which of the receiver's numbers, from 0 */
  | { do: 'ring'; attempt: number; phone: number; usefulUntil: Date }
  /** `phone`: which of the numbers that take texts, from 0 */
  | { do: 'text'; attempt: number; phone: number; usefulUntil: Date }
  | { do: 'cancelAttempt'; attempt: number }
  | { do: 'openAlert'; reason: AlertReason }
  | { do: 'allClear'; byPersonId: string | null }

export interface CallPlan {
  isTest: boolean
  by: By
  /** in all, whatever their way */
  attempts: number
  /** from the start of an attempt to the start of the next */
  gapMs: number
  ringMs: number
  /** how many numbers the receiver has */
  phones: number
  /** and how many of them take texts. None: every attempt is a call */
  mobiles: number
  /** nothing is rung or sent at this instant or later */
  usefulUntil: Date
  /** why nothing may be rung now (paused, ended), or null */
  skip: string | null
}

export interface Step {
  state: CallState
  effects: readonly CallEffect[]
}

/** A call that was answered is over well within this. Lines ends every outgoing sooner; this is the net below that. */
const talkAtMostMs = 10 * 60_000
/** One, and one that reminds. */
const textsAtMost = 2

/** So long before it is due a call may be acknowledged by ringing in, and then does not ring. */
export const checkInEarlyMs = 2 * 60 * 60_000

export function decide(state: CallState, event: CallEvent, plan: CallPlan, now: Date): Step {
  // help outranks everything, even a call that closed a moment ago
  if (event.kind === 'helpRequested') return askedForHelp(state, event.attempt, plan, now)
  if (state.is === 'closed')
    return event.kind === 'acknowledged' ? acknowledgedLate(state, event, plan, now) : stay(state)

  switch (event.kind) {
    case 'acknowledged':
      if (event.by === 'stakeholder') return close(state, 'acknowledged', now, { byPersonId: event.personId })
      if (event.by === 'ring-in' || event.attempt === null)
        return isTooEarly(state, now) ? stay(state) : close(state, 'acknowledged', now, { byPersonId: null })
      if (event.attempt > attemptOf(state)) return stay(state)
      return close(state, 'acknowledged', now, { byPersonId: null, inAttempt: event.attempt })
    case 'attemptEnded':
      if (state.is !== 'ringing' || state.attempt !== event.attempt) return stay(state)
      return rest(state, event.found, event.rangAt, plan, now)
    case 'woke':
      if (now < state.wakeAt) return stay(state)
      return state.is === 'ringing' ? heardNothing(state, plan, now) : tryNext(state, plan, now)
    case 'skipped':
      return close(state, 'skipped', now, { skipReason: event.reason })
    case 'gaveUp':
      return and(close(state, 'not placed', now), raise('not placed', plan))
  }
}

type Open = Exclude<CallState, Closed>
type Ringing = Extract<CallState, { is: 'ringing' }>

/** The time for an attempt has come: ring or write, unless it may not or need not be any more. */
function tryNext(state: Exclude<Open, Ringing>, plan: CallPlan, now: Date): Step {
  if (plan.skip !== null) return close(state, 'skipped', now, { skipReason: plan.skip })
  const attempt = attemptOf(state) + 1
  if (attempt > attemptsOf(plan) || now >= plan.usefulUntil) return finish(hasReached(state), plan, now)
  const wakeAt = after(plan.usefulUntil, plan.ringMs + talkAtMostMs)
  return {
    state: { is: 'ringing', attempt, startedAt: now, reached: hasReached(state), wakeAt },
    effects: [attemptEffect(attempt, plan)],
  }
}

/** The numbers take turns, the calls' apart from the texts'. */
function attemptEffect(attempt: number, plan: CallPlan): CallEffect {
  const ways = waysOf(plan)
  const way = ways[attempt - 1]!
  const turn = ways.slice(0, attempt - 1).filter((one) => one === way).length
  const { usefulUntil } = plan
  return way === 'call'
    ? { do: 'ring', attempt, phone: turn % plan.phones, usefulUntil }
    : { do: 'text', attempt, phone: turn % plan.mobiles, usefulUntil }
}

/**
 * The attempt found nobody: the next one follows a gap after this one's start, if it is still useful then. A text that
 * arrived has that gap to be answered in, also when it was the last.
 */
function rest(state: Ringing, found: Found, rangAt: Date | null, plan: CallPlan, now: Date): Step {
  const reached = state.reached || (found !== 'not placed' && found !== 'cancelled')
  const wakeAt = later(now, after(rangAt ?? state.startedAt, plan.gapMs))
  const isAnswerable = found === 'no reply' && now < plan.usefulUntil
  if (isAnswerable) {
    const until = earlier(wakeAt, plan.usefulUntil)
    return { state: { is: 'resting', attempt: state.attempt, reached, wakeAt: until }, effects: [] }
  }
  if (state.attempt >= attemptsOf(plan) || wakeAt >= plan.usefulUntil) return finish(reached, plan, now)
  return { state: { is: 'resting', attempt: state.attempt, reached, wakeAt }, effects: [] }
}

/** The line never told us the end: the attempt counts as not placed, and shall not ring any more. */
function heardNothing(state: Ringing, plan: CallPlan, now: Date): Step {
  const step = rest(state, 'not placed', null, plan, now)
  return { state: step.state, effects: [{ do: 'cancelAttempt', attempt: state.attempt }, ...step.effects] }
}

/** No attempt is left: what did they find? Only a telephone that was reached makes a call *missed*. */
function finish(reached: boolean, plan: CallPlan, now: Date): Step {
  const outcome = reached ? 'missed' : 'not placed'
  return { state: closed(outcome, now), effects: raise(outcome, plan) }
}

/** Somebody who rings in the evening before is well in the evening before. */
const isTooEarly = (state: Open, now: Date): boolean =>
  state.is === 'waiting' && now < after(state.wakeAt, -checkInEarlyMs)

function askedForHelp(state: CallState, attempt: number | null, plan: CallPlan, now: Date): Step {
  if (state.is !== 'closed')
    return and(
      close(state, 'help requested', now, attempt === null ? {} : { inAttempt: attempt }),
      raise('help requested', plan),
    )
  if (state.outcome === 'help requested') return stay(state)
  return { state: { ...state, outcome: 'help requested', at: now }, effects: raise('help requested', plan) }
}

/** History is not rewritten: a missed call stays missed, but whoever was alarmed hears the all-clear. */
function acknowledgedLate(
  state: Closed,
  event: Extract<CallEvent, { kind: 'acknowledged' }>,
  plan: CallPlan,
  now: Date,
): Step {
  const wasAlarm = state.outcome === 'missed' || state.outcome === 'not placed'
  if (!wasAlarm || state.acknowledged !== null) return stay(state)
  const byPersonId = event.by === 'stakeholder' ? event.personId : null
  return {
    state: { ...state, acknowledged: { at: now, byPersonId } },
    effects: plan.isTest ? [] : [{ do: 'allClear', byPersonId }],
  }
}

interface Closing {
  byPersonId?: string | null
  skipReason?: string
  /** the attempt in which it happened: that one is not cancelled, it is still talking */
  inAttempt?: number | null
}

function close(state: Open, outcome: Outcome, now: Date, how: Closing = {}): Step {
  const acknowledged = how.byPersonId === undefined ? null : { at: now, byPersonId: how.byPersonId }
  const isStillRinging = state.is === 'ringing' && state.attempt !== how.inAttempt
  return {
    state: { ...closed(outcome, now), acknowledged, skipReason: how.skipReason ?? null },
    effects: isStillRinging ? [{ do: 'cancelAttempt', attempt: state.attempt }] : [],
  }
}

const closed = (outcome: Outcome, at: Date): Closed => ({
  is: 'closed',
  outcome,
  at,
  acknowledged: null,
  skipReason: null,
})
const raise = (reason: AlertReason, plan: CallPlan): CallEffect[] =>
  plan.isTest ? [] : [{ do: 'openAlert', reason }]
const and = (step: Step, effects: readonly CallEffect[]): Step => ({
  state: step.state,
  effects: [...step.effects, ...effects],
})
const stay = (state: CallState): Step => ({ state, effects: [] })

/**
 * The ways of a call's attempts, in order. A text takes the place of a call, so that the alert comes no later for it; of texts
 * alone there are two at most, for a third would only be a nuisance (docs/decisions/0023). A test call tries once.
 */
export function waysOf({
  by,
  isTest,
  attempts,
  mobiles,
}: Pick<CallPlan, 'by' | 'isTest' | 'attempts' | 'mobiles'>): Way[] {
  const calls = (count: number) => Array<Way>(Math.max(1, count)).fill('call')
  if (by === 'call' || mobiles === 0) return calls(isTest ? 1 : attempts)
  if (isTest) return [by === 'text' ? 'text' : 'call']
  switch (by) {
    case 'text':
      return Array<Way>(Math.min(attempts, textsAtMost)).fill('text')
    case 'call then text':
      return [...calls(attempts - 1), 'text']
    case 'text then call':
      return ['text', ...calls(attempts - 1)]
  }
}

const attemptsOf = (plan: CallPlan): number => waysOf(plan).length
const attemptOf = (state: Open): number => (state.is === 'waiting' ? 0 : state.attempt)
const hasReached = (state: Open): boolean => state.is !== 'waiting' && state.reached
const after = (instant: Date, ms: number): Date => new Date(instant.getTime() + ms)
const later = (a: Date, b: Date): Date => (a > b ? a : b)
const earlier = (a: Date, b: Date): Date => (a < b ? a : b)
