// Alerts / machine: decides what one alert does next. Pure. Only advance.ts and the simulation call it.
//
// The rules, on one page:
//
//  1. An alert begins *open* before step 1 of round 1 and wakes at once. Nobody to be told: *handed over* at once.
//  2. Waking while open tells the next step, or the first step of the next round; the next waking is `stepMinutes` later.
//     After the last step of the last round and its delay: handed over. One waking tells at most one step, so that an
//     outage is followed by no flood.
//  3. A person who says "I will see to it" makes it *accepted*, also when it was handed over. What is still ringing is
//     called off and everybody else who was told hears who it is.
//  4. A second person who accepts is noted and answered with the first one's name, and nothing changes; unless the first
//     has called for help: then the second takes it over.
//  5. The acceptor is asked how it went after an hour, then every four hours. The organisation is reminded of an alert
//     handed over every hour. No timer ever ends an alert.
//  6. Anybody who was told may say how it ended:
//       "she is fine"  closes it, and everybody else who was told hears it;
//       "I am going"   keeps it accepted and asks again an hour later (from somebody else: noted);
//       "get help"     keeps it accepted, asks everybody else to help, once, and the acceptor again an hour later.
//     Who says one of the last two of an alert that nobody has accepted accepts it by that.
//  7. The receiver, or a stakeholder speaking for them, acknowledges late: closed with the all-clear, of all its calls. But a key of
//     the receiver's in one call never takes back help that they asked for in another.
//  8. Help asked for the first time always acts: open tells the next step now; accepted tells the acceptor; handed over tells
//     the organisation; closed opens anew. From then on the alert's reason is *help requested*; asking again is noted only.
//  9. Trouble of our own that keeps an open alert from telling anybody hands it over.
// 10. A repeat changes nothing, in any order: it gives back the very same state.
// 11. Nobody of the step told last has been told, or can be any more (every call, text and e-mail of it was held back or has
//     certainly failed): it wakes at once, and goes on to the next without the delay.
// 12. Another call joins (joining.ts): noted, and one that was missed makes *not placed* into *missed*. Where that is news it acts as
//     help does: open tells the next step now, handed over tells the organisation.

export type Reason = 'missed' | 'not placed' | 'help requested'
export type Over = 'call' | 'text' | 'email' | 'page'
/** What a person says of it after seeing to it. */
export type Said = 'she is fine' | 'I am going' | 'get help'

interface Everywhere {
  readonly reason: Reason
  /** The step told last, from 1; 0 before the first. */
  readonly step: number
  readonly round: number
}
export type Open = Everywhere & { readonly is: 'open'; readonly wakeAt: Date }
export type Accepted = Everywhere & {
  readonly is: 'accepted'
  readonly by: string
  readonly over: Over
  readonly at: Date
  /** What the acceptor said of it since. */
  readonly said: 'I am going' | 'get help' | null
  readonly wakeAt: Date
}
export type HandedOver = Everywhere & { readonly is: 'handed over'; readonly at: Date; readonly wakeAt: Date }
export type Closed = Everywhere & {
  readonly is: 'closed'
  readonly how: 'she is fine' | 'all-clear'
  /** Null: the receiver. */
  readonly by: string | null
  readonly at: Date
}
export type AlertState = Open | Accepted | HandedOver | Closed

export type AlertEvent =
  | { readonly kind: 'woke' }
  | { readonly kind: 'accepted'; readonly by: string; readonly over: Over }
  | { readonly kind: 'said'; readonly what: Said; readonly by: string; readonly over: Over }
  | { readonly kind: 'help asked' }
  /** Acknowledged late. `by` null: by the receiver. */
  | { readonly kind: 'cleared'; readonly by: string | null }
  /** Advancing this alert failed again and again. */
  | { readonly kind: 'gaveUp' }
  /** Another call to the same person ended so. `isNews`: its telephone has rung since this alert began. */
  | { readonly kind: 'joined'; readonly reason: 'missed' | 'not placed'; readonly isNews: boolean }
  /** Of this step in this round nobody has been told, or can be any more. */
  | { readonly kind: 'nobody told'; readonly step: number; readonly round: number }

export type Effect =
  | { readonly do: 'notifyStep'; readonly step: number; readonly round: number }
  | { readonly do: 'cancelNotifications' }
  | { readonly do: 'tellOthers'; readonly acceptor: string }
  | { readonly do: 'callForHelp'; readonly by: string }
  | { readonly do: 'remind'; readonly acceptor: string; readonly because: 'no word yet' | 'help asked' }
  /** Everybody who was told, except the one who said it. */
  | { readonly do: 'allClear'; readonly except: string | null }
  | { readonly do: 'handOver' }
  | { readonly do: 'remindOrganisation' }

export interface AlertPlan {
  /** How many steps have somebody who can be reached. */
  readonly steps: number
  readonly stepMinutes: number
  readonly rounds: number
}

export interface Step {
  readonly state: AlertState
  readonly effects: readonly Effect[]
  /** It changes nothing, but a person did it: the history keeps it. */
  readonly isNoted?: true
}

interface Who {
  readonly by: string
  readonly over: Over
}

const firstReminderMinutes = 60
const laterReminderMinutes = 240
const queueReminderMinutes = 60

/** A new alert. Wakes at once; its first waking tells step 1. */
export function raised(reason: Reason, now: Date): Open {
  return { is: 'open', reason, step: 0, round: 1, wakeAt: now }
}

/** @param plan as it is now; it may have changed since the last event */
export function decide(state: AlertState, event: AlertEvent, plan: AlertPlan, now: Date): Step {
  if (event.kind === 'help asked') return helpAsked(state, plan, now)
  if (state.is === 'closed') return stay(state)
  switch (event.kind) {
    case 'woke':
      return state.wakeAt > now ? stay(state) : woke(state, plan, now)
    case 'accepted':
      return accept(state, event, now)
    case 'said':
      return said(state, event, now)
    case 'cleared':
      return clear(state, event.by, now)
    case 'joined':
      return join(state, event, plan, now)
    case 'gaveUp':
      return state.is === 'open' ? handOver(state, now) : stay(state)
    case 'nobody told':
      return hurry(state, event, now)
  }
}

function woke(state: Open | Accepted | HandedOver, plan: AlertPlan, now: Date): Step {
  switch (state.is) {
    case 'open':
      return nextStep(state, plan, now)
    case 'accepted':
      return remind(state, 'no word yet', laterReminderMinutes, now)
    case 'handed over':
      return remindOrganisation(state, now)
  }
}

function nextStep(state: Open, plan: AlertPlan, now: Date): Step {
  const isRoundOver = state.step >= plan.steps
  const step = isRoundOver ? 1 : state.step + 1
  const round = isRoundOver ? state.round + 1 : state.round
  if (plan.steps === 0 || round > plan.rounds) return handOver(state, now)
  return {
    state: { ...state, step, round, wakeAt: later(now, plan.stepMinutes) },
    effects: [{ do: 'notifyStep', step, round }],
  }
}

/** The step told last, and no earlier one, reached nobody: what comes next is not waited for. */
function hurry(
  state: Open | Accepted | HandedOver,
  event: AlertEvent & { kind: 'nobody told' },
  now: Date,
): Step {
  const isThat = state.step === event.step && state.round === event.round
  if (state.is !== 'open' || !isThat || state.wakeAt <= now) return stay(state)
  return { state: { ...state, wakeAt: now }, effects: [] }
}

function handOver(state: Open, now: Date): Step {
  return {
    state: { ...common(state), is: 'handed over', at: now, wakeAt: later(now, queueReminderMinutes) },
    effects: [{ do: 'handOver' }],
  }
}

function accept(state: Open | Accepted | HandedOver, who: Who, now: Date): Step {
  if (state.is === 'accepted') {
    if (state.by === who.by) return stay(state)
    if (state.said !== 'get help') return noted(state)
  }
  return {
    state: takenBy(state, who, now),
    effects: [{ do: 'cancelNotifications' }, { do: 'tellOthers', acceptor: who.by }],
  }
}

function said(state: Open | Accepted | HandedOver, event: AlertEvent & { kind: 'said' }, now: Date): Step {
  switch (event.what) {
    case 'she is fine':
      return close(state, 'she is fine', event.by, now)
    case 'I am going':
      return goes(state, event, now)
    case 'get help':
      return callForHelp(state, event, now)
  }
}

function goes(state: Open | Accepted | HandedOver, who: Who, now: Date): Step {
  if (state.is === 'accepted') {
    if (state.by !== who.by) return noted(state)
    return { state: { ...state, said: 'I am going', wakeAt: later(now, firstReminderMinutes) }, effects: [] }
  }
  return {
    state: { ...takenBy(state, who, now), said: 'I am going' },
    effects: [{ do: 'cancelNotifications' }, { do: 'tellOthers', acceptor: who.by }],
  }
}

function callForHelp(state: Open | Accepted | HandedOver, who: Who, now: Date): Step {
  if (state.is === 'accepted') {
    if (state.said === 'get help') return stay(state)
    const wakeAt = later(now, firstReminderMinutes)
    return { state: { ...state, said: 'get help', wakeAt }, effects: [{ do: 'callForHelp', by: who.by }] }
  }
  return {
    state: { ...takenBy(state, who, now), said: 'get help' },
    effects: [{ do: 'cancelNotifications' }, { do: 'callForHelp', by: who.by }],
  }
}

function close(state: AlertState, how: Closed['how'], by: string | null, now: Date): Step {
  return {
    state: { ...common(state), is: 'closed', how, by, at: now },
    effects: [{ do: 'cancelNotifications' }, { do: 'allClear', except: by }],
  }
}

/** A sign of life; but whoever asked for help is only well when a person says so. */
function clear(state: Open | Accepted | HandedOver, by: string | null, now: Date): Step {
  if (state.reason === 'help requested' && by === null) return noted(state)
  return close(state, 'all-clear', by, now)
}

function join(
  before: Open | Accepted | HandedOver,
  { reason, isNews }: AlertEvent & { kind: 'joined' },
  plan: AlertPlan,
  now: Date,
): Step {
  if (reason === 'not placed' || before.reason !== 'not placed') return noted(before)
  const state = { ...before, reason }
  if (isNews && state.is === 'open') return nextStep(state, plan, now)
  if (isNews && state.is === 'handed over') return remindOrganisation(state, now)
  return { state, effects: [] }
}

function helpAsked(before: AlertState, plan: AlertPlan, now: Date): Step {
  if (before.reason === 'help requested') return noted(before)
  const state: AlertState = { ...before, reason: 'help requested' }
  switch (state.is) {
    case 'open':
      return nextStep(state, plan, now)
    case 'accepted':
      return remind(state, 'help asked', firstReminderMinutes, now)
    case 'handed over':
      return remindOrganisation(state, now)
    case 'closed':
      return nextStep(raised('help requested', now), plan, now)
  }
}

function remind(
  state: Accepted,
  because: 'no word yet' | 'help asked',
  againInMinutes: number,
  now: Date,
): Step {
  return {
    state: { ...state, wakeAt: later(now, againInMinutes) },
    effects: [{ do: 'remind', acceptor: state.by, because }],
  }
}

function remindOrganisation(state: HandedOver, now: Date): Step {
  return {
    state: { ...state, wakeAt: later(now, queueReminderMinutes) },
    effects: [{ do: 'remindOrganisation' }],
  }
}

function stay(state: AlertState): Step {
  return { state, effects: [] }
}

/** For the history only. */
function noted(state: AlertState): Step {
  return { state, effects: [], isNoted: true }
}

function takenBy(state: AlertState, { by, over }: Who, now: Date): Accepted {
  const wakeAt = later(now, firstReminderMinutes)
  return { ...common(state), is: 'accepted', by, over, at: now, said: null, wakeAt }
}

function common({ reason, step, round }: Everywhere): Everywhere {
  return { reason, step, round }
}

function later(now: Date, minutes: number): Date {
  return new Date(now.getTime() + minutes * 60_000)
}
