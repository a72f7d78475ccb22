// Simulation / the rules a call must obey, written a second time and the other way round: from what was done, not from
// what to do. Keeps its own history and never asks the machine why. Called by calls-lives.ts at every step.
import type { CallEffect, CallEvent, CallPlan, CallState, Step } from '../../src/calls/machine.ts'

/** What one life has seen so far. */
export interface History {
  /** attempts of both ways */
  rings: { way: 'call' | 'text'; startMs: number; endedMs: number | null; wasReached: boolean }[]
  alarms: string[]
  allClears: number
}

export const newHistory = (): History => ({ rings: [], alarms: [], allClears: 0 })

export interface Moment {
  before: CallState
  event: CallEvent
  plan: CallPlan
  nowMs: number
  step: Step
}

/**
 * Judge one step and remember it.
 * @returns the rules it broke, in words; empty when all is well
 */
export function judge(history: History, moment: Moment): string[] {
  const broken = [
    ...judgeRings(history, moment),
    ...judgeCancelling(moment),
    ...judgeAlarms(history, moment),
    ...judgeWaking(history, moment),
    ...judgeClosing(history, moment),
    ...judgeMustMove(history, moment),
  ]
  remember(history, moment)
  return broken
}

/** Judge a life when nothing more will happen. */
export function judgeEnd(history: History, state: CallState, plan: CallPlan): string[] {
  if (state.is !== 'closed') return ['a life ended without an outcome']
  const isAlarm = isAlarming(state.outcome) && !plan.isTest
  return [
    ...when(isAlarm && history.alarms.at(-1) !== state.outcome, `${state.outcome} without its alert`),
    ...when(!isAlarm && history.alarms.length > 0, `an alert although ${state.outcome}`),
    ...when(history.alarms.length > new Set(history.alarms).size, 'the same alert twice'),
    ...when(
      history.alarms.filter((reason) => reason !== 'help requested').length > 1,
      'two alerts for one ending',
    ),
    ...when(history.allClears > 1, 'two all-clears'),
  ]
}

const when = (isBroken: boolean, rule: string): string[] => (isBroken ? [rule] : [])
const only = <K extends CallEffect['do']>(effects: readonly CallEffect[], kind: K) =>
  effects.filter((effect): effect is Extract<CallEffect, { do: K }> => effect.do === kind)
const isAlarming = (outcome: string) =>
  outcome === 'missed' || outcome === 'not placed' || outcome === 'help requested'
/** The ways that attempts may have, one after the other, with a letter for each: c or t. */
function waysIn({ by, isTest, attempts, mobiles }: CallPlan): string {
  const plain = 'c'.repeat(attempts)
  const mixed = 'c'.repeat(attempts === 1 ? 1 : attempts - 1)
  const all = {
    call: plain,
    text: attempts === 1 ? 't' : 'tt',
    'call then text': `${mixed}t`,
    'text then call': `t${mixed}`,
  }
  const wanted = mobiles === 0 ? plain : all[by]
  if (!isTest) return wanted
  return by === 'text' && mobiles > 0 ? 't' : 'c'
}
const mostRings = (plan: CallPlan) => waysIn(plan).length
const tried = (effects: readonly CallEffect[]) => [...only(effects, 'ring'), ...only(effects, 'text')]
const isOwn = (event: CallEvent, attempt: number) => 'attempt' in event && event.attempt === attempt
/** Somebody who rings in or writes is well now: early enough for a call that is due within two hours, not for a later one. */
function isProof(
  history: History,
  { before, event, nowMs }: Pick<Moment, 'before' | 'event' | 'nowMs'>,
): boolean {
  if (event.kind !== 'acknowledged') return false
  if ('attempt' in event && event.attempt !== null) return event.attempt <= history.rings.length
  return (
    event.by === 'stakeholder' || before.is !== 'waiting' || nowMs >= before.wakeAt.getTime() - 2 * 3600_000
  )
}

function judgeRings({ rings }: History, { before, event, plan, nowMs, step }: Moment): string[] {
  const placed = tried(step.effects)
  if (placed.length === 0)
    return when(step.state.is === 'ringing' && step.state !== before, 'ringing without a ring')
  const ring = placed[0]!
  const last = rings.at(-1)
  return [
    ...when(placed.length > 1, 'two rings at once'),
    ...when(step.state.is !== 'ringing', 'a ring, but not ringing'),
    ...when(
      event.kind !== 'woke' || before.is === 'closed' || nowMs < before.wakeAt.getTime(),
      'a ring before its time',
    ),
    ...when(plan.skip !== null, 'a ring while paused'),
    ...when(nowMs >= plan.usefulUntil.getTime(), 'a ring that is no longer useful'),
    ...when(ring.usefulUntil.getTime() !== plan.usefulUntil.getTime(), 'a ring that may wait too long'),
    ...when(ring.attempt !== rings.length + 1, 'attempts out of order'),
    ...when(rings.length + 1 > mostRings(plan), 'too many rings'),
    ...when(letterOf(ring) !== waysIn(plan)[ring.attempt - 1], 'the wrong way'),
    ...when(ring.phone !== turnOf(ring, plan), 'the wrong number'),
    ...when(last !== undefined && last.endedMs === null, 'a ring while another has not ended'),
    ...when(last !== undefined && nowMs < last.startMs + plan.gapMs, 'a ring within the gap'),
  ]
}

const letterOf = (effect: CallEffect) => (effect.do === 'ring' ? 'c' : 't')

/** Of two numbers every other attempt of its way takes the second. */
function turnOf(effect: Extract<CallEffect, { do: 'ring' | 'text' }>, plan: CallPlan): number {
  const letter = letterOf(effect)
  const before = [...waysIn(plan).slice(0, effect.attempt - 1)].filter((one) => one === letter).length
  const numbers = letter === 'c' ? plan.phones : plan.mobiles
  return numbers === 2 && before % 2 === 1 ? 1 : 0
}

function judgeCancelling({ before, event, step }: Moment): string[] {
  const cancelled = only(step.effects, 'cancelAttempt')
  const isLeftRinging = before.is === 'ringing' && step.state !== before && !isOwn(event, before.attempt)
  if (!isLeftRinging) return when(cancelled.length > 0, 'cancelled what need not be')
  return when(cancelled.length !== 1 || cancelled[0]!.attempt !== before.attempt, 'left a telephone ringing')
}

function judgeAlarms(history: History, { before, event, plan, step }: Moment): string[] {
  const opened = only(step.effects, 'openAlert')
  const cleared = only(step.effects, 'allClear')
  const outcomeBefore = before.is === 'closed' ? before.outcome : null
  const outcome = step.state.is === 'closed' ? step.state.outcome : null
  const isNew = outcome !== null && outcome !== outcomeBefore
  const isLateProof =
    before.is === 'closed' &&
    event.kind === 'acknowledged' &&
    before.acknowledged === null &&
    (before.outcome === 'missed' || before.outcome === 'not placed')
  const isRecorded = step.state.is === 'closed' && step.state.acknowledged !== null
  const by = event.kind === 'acknowledged' && event.by === 'stakeholder' ? event.personId : null
  return [
    ...when(plan.isTest && opened.length + cleared.length > 0, 'a test call alarmed somebody'),
    ...when(
      opened.some((alert) => alert.reason !== outcome),
      'an alert for another reason',
    ),
    ...when(
      isNew && isAlarming(outcome) && !plan.isTest && opened.length !== 1,
      'an alarming outcome without its alert',
    ),
    ...when(!isNew && opened.length > 0, 'an alert without a new outcome'),
    ...when(isLateProof && !isRecorded, 'a late acknowledgement was dropped'),
    ...when(isLateProof && !plan.isTest && cleared.length !== 1, 'a late acknowledgement without all-clear'),
    ...when(!isLateProof && cleared.length > 0, 'an all-clear out of the blue'),
    ...when(
      cleared.some((clear) => clear.byPersonId !== by),
      'an all-clear by somebody else',
    ),
    ...when(history.alarms.length === 0 && cleared.length > 0, 'an all-clear before any alarm'),
  ]
}

function judgeWaking(history: History, { plan, nowMs, step, before }: Moment): string[] {
  const { state } = step
  if (state.is === 'closed') return when('wakeAt' in state, 'closed but awake')
  if (state === before) return []
  const wakeMs = state.wakeAt.getTime()
  const usefulMs = plan.usefulUntil.getTime()
  return [
    ...when(!Number.isFinite(wakeMs), 'open but never wakes'),
    ...when(state.is === 'resting' && (wakeMs < nowMs || wakeMs > usefulMs), 'rests into uselessness'),
    ...when(
      state.is === 'resting' && wakeMs === usefulMs && !isText(history),
      'rests until an attempt is useless',
    ),
    ...when(
      state.is === 'ringing' && wakeMs < usefulMs + plan.ringMs,
      'gives up an attempt that may still talk',
    ),
    ...when(
      state.is === 'ringing' && wakeMs > usefulMs + plan.ringMs + 15 * 60_000,
      'waits too long in silence',
    ),
  ]
}

function judgeClosing(history: History, { before, event, plan, nowMs, step: { state } }: Moment): string[] {
  if (state.is !== 'closed') return when(before.is === 'closed', 'a closed call was opened again')
  if (before.is === 'closed') {
    const isHelp = state.outcome === 'help requested' && event.kind === 'helpRequested'
    return [
      ...when(state.outcome !== before.outcome && !isHelp, 'an outcome was rewritten'),
      ...when(
        before.acknowledged !== null && state.acknowledged !== before.acknowledged,
        'an acknowledgement was rewritten',
      ),
    ]
  }
  const byPersonId = event.kind === 'acknowledged' && event.by === 'stakeholder' ? event.personId : null
  const isAcknowledged = state.outcome === 'acknowledged'
  return [
    ...when(state.at.getTime() !== nowMs, 'an outcome at another time'),
    ...when(isAcknowledged !== (state.acknowledged !== null), 'acknowledged, but by whom?'),
    ...when(isAcknowledged && state.acknowledged?.byPersonId !== byPersonId, 'acknowledged by somebody else'),
    ...when((state.outcome === 'skipped') !== (state.skipReason !== null), 'skipped, but why?'),
    ...when(
      state.outcome !== rightOutcome(history, { before, event, plan, nowMs }),
      `${state.outcome} is not how it ended`,
    ),
  ]
}

/** What a call that closes in this moment must be called, or null when it must not close. */
function rightOutcome(history: History, { before, event, plan, nowMs }: Omit<Moment, 'step'>): string | null {
  const found = (more: boolean) =>
    more || history.rings.some((ring) => ring.wasReached) ? 'missed' : 'not placed'
  switch (event.kind) {
    case 'helpRequested':
      return 'help requested'
    case 'acknowledged':
      return isProof(history, { before, event, nowMs }) ? 'acknowledged' : null
    case 'skipped':
      return 'skipped'
    case 'gaveUp':
      return 'not placed'
    case 'attemptEnded': {
      if (before.is !== 'ringing' || event.attempt !== before.attempt) return null
      const startMs = event.rangAt?.getTime() ?? history.rings.at(-1)!.startMs
      const nextMs = Math.max(nowMs, startMs + plan.gapMs)
      // what arrived may still be answered
      if (event.found === 'no reply' && nowMs < plan.usefulUntil.getTime()) return null
      const isLast = history.rings.length >= mostRings(plan) || nextMs >= plan.usefulUntil.getTime()
      return isLast ? found(isReached(event.found)) : null
    }
    case 'woke':
      if (before.is === 'closed' || nowMs < before.wakeAt.getTime()) return null
      if (before.is !== 'ringing' && plan.skip !== null) return 'skipped'
      return nowMs >= plan.usefulUntil.getTime() || isUsedUp(history, before, plan) ? found(false) : null
  }
}

const isText = ({ rings }: History) => rings.at(-1)?.way === 'text'
/** The last text was given its time. */
const isUsedUp = (history: History, before: CallState, plan: CallPlan) =>
  before.is === 'resting' && history.rings.length >= mostRings(plan)

const isReached = (found: string) => found !== 'not placed' && found !== 'cancelled'

function judgeMustMove(history: History, { before, event, plan, nowMs, step }: Moment): string[] {
  const isSame = step.state === before
  if (isSame) {
    const isDue = before.is !== 'closed' && event.kind === 'woke' && nowMs >= before.wakeAt.getTime()
    const isItsEnd =
      before.is === 'ringing' && event.kind === 'attemptEnded' && event.attempt === before.attempt
    const isHelp =
      event.kind === 'helpRequested' && !(before.is === 'closed' && before.outcome === 'help requested')
    return [
      ...when(step.effects.length > 0, 'effects without a change'),
      ...when(isDue, 'slept on'),
      ...when(isItsEnd, 'an end was not heard'),
      ...when(isHelp, 'help was not heard'),
      ...when(
        before.is !== 'closed' && isProof(history, { before, event, nowMs }),
        'an acknowledgement was not heard',
      ),
      ...when(
        before.is !== 'closed' && (event.kind === 'skipped' || event.kind === 'gaveUp'),
        'an order was not heard',
      ),
    ]
  }
  if (step.state.is !== 'resting') return []
  const isItsEnd =
    before.is === 'ringing' && event.kind === 'attemptEnded' && event.attempt === before.attempt
  if (!isItsEnd) return ['rests for no reason']
  const startMs = event.rangAt?.getTime() ?? history.rings.at(-1)!.startMs
  const gapMs = Math.max(nowMs, startMs + plan.gapMs)
  const rightMs = event.found === 'no reply' ? Math.min(gapMs, plan.usefulUntil.getTime()) : gapMs
  const isLast = history.rings.length >= mostRings(plan)
  return [
    ...when(
      step.state.wakeAt.getTime() !== rightMs,
      'the next attempt is not a gap after the start of this one',
    ),
    ...when(isLast && event.found !== 'no reply', 'rests although no attempt is left'),
  ]
}

function remember(history: History, { before, event, nowMs, step }: Moment): void {
  const last = history.rings.at(-1)
  const isItsEnd =
    before.is === 'ringing' && event.kind === 'attemptEnded' && event.attempt === before.attempt
  if (isItsEnd && last) {
    last.endedMs = nowMs
    last.startMs = event.rangAt?.getTime() ?? last.startMs
    last.wasReached = isReached(event.found)
  }
  for (const effect of step.effects) {
    if (effect.do === 'ring' || effect.do === 'text')
      history.rings.push({
        way: effect.do === 'ring' ? 'call' : 'text',
        startMs: nowMs,
        endedMs: null,
        wasReached: false,
      })
    if (effect.do === 'openAlert') history.alarms.push(effect.reason)
    if (effect.do === 'allClear') history.allClears++
    if (effect.do === 'cancelAttempt' && last) last.endedMs ??= nowMs
  }
}
