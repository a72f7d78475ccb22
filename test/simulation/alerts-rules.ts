// Simulation / the rules an alert must obey, written a second time and the other way round: from what was done and who was
// told, not from what to do. Keeps its own history and never asks the machine why. Called by alerts-lives.ts at every step.
import type { AlertEvent, AlertPlan, AlertState, Effect, Step } from '../../src/alerts/machine.ts'
import type { Circle, Contact, Notice, Tells } from '../../src/alerts/who.ts'

const minute = 60_000

/** What one life has seen so far. */
export interface History {
  /** the steps told since it was last opened */
  steps: { step: number; round: number; atMs: number }[]
  /** of the step told last nobody has been told, or can be */
  hasReachedNobody: boolean
  /** every plan this opening has seen had the same steps */
  stepsSeen: Set<number>
  /** people told to act, with the channels used */
  told: Map<string, Set<string>>
  /** when the alert was accepted or the acceptor last said "I am going"; and reminded */
  askAgainMs: number | null
  wantsHelp: boolean
  hasAskedForHelp: boolean
  proofs: Set<string>
}

export const newHistory = (): History => ({
  steps: [],
  hasReachedNobody: false,
  stepsSeen: new Set(),
  told: new Map(),
  askAgainMs: null,
  wantsHelp: false,
  hasAskedForHelp: false,
  proofs: new Set(),
})

export interface Moment {
  before: AlertState
  event: AlertEvent
  plan: AlertPlan
  circle: Circle
  nowMs: number
  step: Step
  sent: { tells: Tells; notice: Notice }[]
}

/**
 * Judge one step and remember it.
 * @returns the rules it broke, in words; empty when all is well
 */
export function judge(history: History, moment: Moment): string[] {
  if (moment.before.is === 'open') history.stepsSeen.add(moment.plan.steps)
  if (moment.before.reason === 'help requested') history.hasAskedForHelp = true
  const broken = [
    ...judgeStandingStill(history, moment),
    ...judgeWaking(moment),
    ...judgeReason(history, moment),
    ...judgeSteps(history, moment),
    ...judgeHurrying(history, moment),
    ...judgeHandingOver(history, moment),
    ...judgeAccepting(history, moment),
    ...judgeSaying(history, moment),
    ...judgeClosing(moment),
    ...judgeReminding(history, moment),
    ...judgeTelling(history, moment),
  ]
  remember(history, moment)
  return broken
}

/** Judge a life when nothing more will happen. */
export function judgeEnd(history: History, state: AlertState): string[] {
  return [
    ...when(state.is === 'open', 'a life ended without a person and without the queue'),
    ...when(
      state.is === 'accepted' && !history.proofs.has(state.by),
      'accepted by somebody who never said so',
    ),
    ...when(
      state.is === 'closed' && !history.proofs.has(`${state.how}/${state.by}`),
      'closed, but no person did it',
    ),
  ]
}

const when = (isBroken: boolean, rule: string): string[] => (isBroken ? [rule] : [])
const has = (effects: readonly Effect[], kind: Effect['do']) => effects.some((effect) => effect.do === kind)
const isDue = ({ before, event, nowMs }: Moment) =>
  event.kind === 'woke' && before.is !== 'closed' && nowMs >= before.wakeAt.getTime()
const isFirstCry = (history: History, { event }: Moment) =>
  event.kind === 'help asked' && !history.hasAskedForHelp

/** A call that rang in vain since the alert began, which knew only of calls that could not be placed. */
const isNews = ({ before, event }: Moment) =>
  event.kind === 'joined' &&
  event.reason === 'missed' &&
  event.isNews &&
  before.reason === 'not placed' &&
  isFree(before)
/** What cannot wait for the next waking. */
const isPressing = (history: History, moment: Moment) => isFirstCry(history, moment) || isNews(moment)
/** It changes what an alert is about, and not when it wakes. */
const isQuiet = (moment: Moment) =>
  moment.event.kind === 'nobody told' || (moment.event.kind === 'joined' && !isNews(moment))
/** The receiver's key in one call, although they asked for help in another. */
const isOutranked = ({ before, event }: Moment) =>
  event.kind === 'cleared' && event.by === null && before.reason === 'help requested'

function judgeStandingStill(history: History, moment: Moment): string[] {
  const { before, event, step } = moment
  if (step.state !== before) return []
  return [
    ...when(step.effects.length > 0, 'effects without a change'),
    ...when(isDue(moment), 'slept on'),
    ...when(isFirstCry(history, moment), 'help was not heard'),
    ...when(
      event.kind === 'cleared' && before.is !== 'closed' && !isOutranked(moment),
      'a late acknowledgement was not heard',
    ),
    ...when(isNews(moment), 'a call in vain was not heard'),
    ...when(
      event.kind === 'joined' && before.is !== 'closed' && !step.isNoted,
      'a call that joined left no trace',
    ),
    ...when(event.kind === 'accepted' && isFree(before), 'an acceptance was not heard'),
    ...when(
      event.kind === 'accepted' && before.is === 'accepted' && before.by !== event.by && !step.isNoted,
      'a second acceptance was not noted',
    ),
    ...when(
      event.kind === 'said' && event.what === 'she is fine' && before.is !== 'closed',
      'good news was not heard',
    ),
    ...when(event.kind === 'gaveUp' && before.is === 'open', 'gave up in silence'),
  ]
}

const isFree = (state: AlertState) => state.is === 'open' || state.is === 'handed over'

function judgeWaking(moment: Moment): string[] {
  const { before, event, nowMs, step } = moment
  const { state } = step
  if (state.is === 'closed') return when('wakeAt' in state, 'closed but awake')
  if (event.kind === 'joined' && isQuiet(moment)) {
    const isSame = before.is === state.is && before.wakeAt.getTime() === state.wakeAt.getTime()
    return when(!isSame || step.effects.length > 0, 'a call that joined quietly did more than join')
  }
  if (state === before || event.kind === 'nobody told') return []
  const wakeMs = state.wakeAt.getTime()
  return when(!(wakeMs > nowMs && wakeMs <= nowMs + 240 * minute), 'never wakes, or wakes for ever')
}

function judgeReason(history: History, moment: Moment): string[] {
  const { before, event, step } = moment
  const isChanged = step.state.reason !== before.reason
  return [
    ...when(
      isChanged &&
        !(event.kind === 'help asked' && step.state.reason === 'help requested') &&
        !(event.kind === 'joined' && event.reason === 'missed' && before.reason === 'not placed'),
      'another reason',
    ),
    ...when(
      event.kind === 'joined' &&
        event.reason === 'missed' &&
        before.is !== 'closed' &&
        step.state.reason === 'not placed',
      'a miss looks like a call that could not be placed',
    ),
    ...when(isFirstCry(history, moment) && step.state.reason !== 'help requested', 'help is not the reason'),
    ...when(isFirstCry(history, moment) && step.effects.length === 0, 'nobody hears of the help asked for'),
    ...when(
      event.kind === 'help asked' && history.hasAskedForHelp && step.state !== before,
      'help asked again changed something',
    ),
  ]
}

function judgeSteps(history: History, moment: Moment): string[] {
  const { before, plan, circle, nowMs, step, sent } = moment
  const told = step.effects.filter((effect) => effect.do === 'notifyStep')
  if (told.length === 0)
    return when(
      step.state.is === 'open' && step.state !== before && !isQuiet(moment),
      'open, but nobody is told',
    )
  const { step: number, round } = told[0]!
  const isReopened = before.is === 'closed'
  const last = isReopened ? undefined : history.steps.at(-1)
  const right = !last
    ? { step: 1, round: 1 }
    : last.step < plan.steps
      ? { step: last.step + 1, round: last.round }
      : { step: 1, round: last.round + 1 }
  const isTimely =
    !last ||
    nowMs >= last.atMs + plan.stepMinutes * minute ||
    history.hasReachedNobody ||
    isPressing(history, moment)
  return [
    ...when(told.length > 1, 'two steps at once'),
    ...when(step.state.is !== 'open', 'a step is told of an alert that is not open'),
    ...when(!isDue(moment) && !isPressing(history, moment), 'a step before its time'),
    ...when(isReopened && !isFirstCry(history, moment), 'opened anew for nothing'),
    ...when(!isReopened && before.is !== 'open', 'woke somebody although it is in hands'),
    ...when(number !== right.step || round !== right.round, 'steps out of order'),
    ...when(round > plan.rounds || number > plan.steps, 'a step too many'),
    ...when(!isTimely, 'a step within the delay'),
    ...when(
      step.state.is === 'open' && step.state.wakeAt.getTime() !== nowMs + plan.stepMinutes * minute,
      'the next step is not a delay away',
    ),
    ...when(step.state.step !== number || step.state.round !== round, 'forgets which step was told'),
    ...judgeStepTold(circle, number, sent),
  ]
}

/** A step that reached nobody is not waited for; one that reached somebody is, whatever an earlier one did. */
function judgeHurrying(history: History, { before, event, nowMs, step }: Moment): string[] {
  if (event.kind !== 'nobody told') return []
  const last = history.steps.at(-1)
  const isThat = before.is === 'open' && last?.step === event.step && last.round === event.round
  if (!isThat) return when(step.state !== before, 'hurried by what is over')
  return [
    ...when(step.state.is !== 'open', 'a failure decided more than the time'),
    ...when(
      step.state.is === 'open' && step.state.wakeAt.getTime() > nowMs,
      'waits although nobody was told',
    ),
  ]
}

/** Every receiver of the step, over every channel of theirs, exactly once, and nobody else. */
function judgeStepTold({ receivers }: Circle, number: number, sent: Moment['sent']): string[] {
  const reachable = receivers.filter((r) =>
    r.channels.some((c) => (c === 'email' ? r.email : r.phone) !== null),
  )
  const steps = [...new Set(reachable.map((r) => r.step))].sort((a, b) => a - b)
  const wanted = receivers
    .filter((r) => r.step === steps[number - 1])
    .flatMap((r) => r.channels.map((c) => `${r.personId}/${c}`))
  const did = sent.map(({ notice }) => `${notice.contact.personId}/${notice.channel}`)
  return when(
    JSON.stringify(wanted.sort()) !== JSON.stringify(did.sort()),
    'not everybody of the step, or not once each',
  )
}

function judgeHandingOver(history: History, moment: Moment): string[] {
  const { before, event, plan, step, nowMs } = moment
  const isNew = step.state.is === 'handed over' && before.is !== 'handed over'
  const isTold = has(step.effects, 'handOver')
  if (!isNew) return when(isTold, 'handed over, but it is not')
  const last = before.is === 'closed' ? undefined : history.steps.at(-1)
  const isThrough =
    plan.steps === 0 || (last !== undefined && last.step >= plan.steps && last.round >= plan.rounds)
  const isSameThroughout = history.stepsSeen.size === 1 && event.kind !== 'gaveUp'
  const told = before.is === 'closed' ? 0 : history.steps.length
  return [
    ...when(!isTold, 'handed over, but the organisation is not told'),
    ...when(before.is === 'accepted', 'taken from a person'),
    ...when(event.kind !== 'gaveUp' && !isThrough, 'handed over too early'),
    ...when(
      event.kind !== 'gaveUp' && !isDue(moment) && !isPressing(history, moment),
      'handed over before its time',
    ),
    ...when(isSameThroughout && told !== plan.steps * plan.rounds, 'not exactly steps times rounds'),
    ...when(
      step.state.is === 'handed over' && step.state.at.getTime() !== nowMs,
      'handed over at another time',
    ),
  ]
}

function judgeAccepting(history: History, { before, event, nowMs, step }: Moment): string[] {
  const { state, effects } = step
  const isTaken = state.is === 'accepted' && (before.is !== 'accepted' || before.by !== state.by)
  const mayTake =
    isFree(before) ||
    (before.is === 'accepted' && history.wantsHelp && event.kind === 'accepted' && event.by !== before.by)
  const mustTake = event.kind === 'accepted' && mayTake
  if (!isTaken)
    return [
      ...when(mustTake, 'an acceptance was dropped'),
      ...when(has(effects, 'tellOthers'), 'tells of somebody who did not accept'),
      ...when(
        before.is === 'accepted' && state.is === 'accepted' && before.at !== state.at,
        'accepted at another time',
      ),
    ]
  const said = event.kind === 'accepted' || event.kind === 'said' ? event : null
  const isCry = said?.kind === 'said' && said.what === 'get help'
  return [
    ...when(said === null, 'accepted by nobody'),
    ...when(!mayTake, 'taken from somebody who has it in hand'),
    ...when(said !== null && (state.by !== said.by || state.over !== said.over), 'accepted by somebody else'),
    ...when(state.at.getTime() !== nowMs, 'accepted at another time'),
    ...when(!has(effects, 'cancelNotifications'), 'left telephones ringing'),
    ...when(!has(effects, isCry ? 'callForHelp' : 'tellOthers'), 'the others do not hear who it is'),
    ...when(state.wakeAt.getTime() !== nowMs + 60 * minute, 'is not asked in an hour how it went'),
  ]
}

function judgeSaying(history: History, { before, event, nowMs, step }: Moment): string[] {
  const { state, effects } = step
  if (event.kind !== 'said' || before.is === 'closed')
    return when(has(effects, 'callForHelp'), 'calls for help unasked')
  const isCry = event.what === 'get help' && !history.wantsHelp
  const isGoing = event.what === 'I am going' && before.is === 'accepted' && before.by === event.by
  return [
    ...when(
      isCry !== has(effects, 'callForHelp'),
      isCry ? 'a call for help was dropped' : 'calls for help twice',
    ),
    ...when(
      event.what !== 'she is fine' && state.is !== 'accepted',
      'what was said did not keep it accepted',
    ),
    ...when(
      isGoing && state.is === 'accepted' && state.wakeAt.getTime() !== nowMs + 60 * minute,
      'does not ask the one who is going in an hour',
    ),
    ...when(isGoing && state.is === 'accepted' && state.said !== 'I am going', 'forgets who is going'),
  ]
}

function judgeClosing(moment: Moment): string[] {
  const { before, event, nowMs, step } = moment
  const { state, effects } = step
  if (state.is !== 'closed') return when(has(effects, 'allClear'), 'an all-clear of what is not over')
  if (before.is === 'closed') return when(state !== before, 'an ending was rewritten')
  const isGoodNews = event.kind === 'said' && event.what === 'she is fine'
  const isRight =
    (isGoodNews && state.how === 'she is fine' && state.by === event.by) ||
    (event.kind === 'cleared' && state.how === 'all-clear' && state.by === event.by)
  return [
    ...when(!isRight, 'closed by no person'),
    ...when(isOutranked(moment), 'help was asked for, and a key in another call took it back'),
    ...when(state.at.getTime() !== nowMs, 'closed at another time'),
    ...when(!has(effects, 'cancelNotifications'), 'left telephones ringing'),
    ...when(!has(effects, 'allClear'), 'nobody hears that all is well'),
  ]
}

function judgeReminding(history: History, moment: Moment): string[] {
  const { before, nowMs, step, circle, sent } = moment
  const reminder = step.effects.find((effect) => effect.do === 'remind')
  const cry = isFirstCry(history, moment)
  const pressing = isPressing(history, moment)
  if (before.is === 'accepted' && isDue(moment) && !reminder) return ['an acceptor was not asked how it went']
  if (before.is === 'handed over' && (isDue(moment) || pressing) && !has(step.effects, 'remindOrganisation'))
    return ['the organisation was not reminded']
  if (before.is === 'accepted' && cry && !reminder)
    return ['the acceptor does not hear of the help asked for']
  const queueIsRight =
    !has(step.effects, 'remindOrganisation') || (before.is === 'handed over' && (isDue(moment) || pressing))
  if (!reminder) return when(!queueIsRight, 'reminds the organisation of what it does not have')
  const isKnown = [...circle.told, ...circle.receivers, ...circle.operators].some(
    (c) => c.personId === reminder.acceptor && isReachable(c),
  )
  const againMs = nowMs + (cry ? 60 : 240) * minute
  return [
    ...when(before.is !== 'accepted' || reminder.acceptor !== before.by, 'reminds somebody else'),
    ...when(!isDue(moment) && !cry, 'reminds out of the blue'),
    ...when(!cry && history.askAgainMs !== null && nowMs < history.askAgainMs, 'reminds too early'),
    ...when(reminder.because !== (cry ? 'help asked' : 'no word yet'), 'reminds for another reason'),
    ...when(
      step.state.is === 'accepted' && step.state.wakeAt.getTime() !== againMs,
      'asks again at another time',
    ),
    ...when(isKnown && sent.length === 0, 'the reminder reaches nobody'),
  ]
}

function judgeTelling(history: History, { before, event, step, sent }: Moment): string[] {
  const informs = sent.filter(({ tells }) => tells === 'accepted' || tells === 'all-clear')
  const silent = step.effects.find((effect) => effect.do === 'tellOthers' || effect.do === 'allClear')
  const exempt = 'by' in event ? event.by : null
  const should = silent
    ? [...history.told].filter(([id, channels]) => id !== exempt && channels.size > 0).map(([id]) => id)
    : []
  const did = informs.map(({ notice }) => notice.contact.personId)
  const alerts = sent.filter(({ tells }) => tells === 'alert')
  const keys = sent.map(({ notice }) => `${notice.contact.personId}/${notice.channel}`)
  const cancelAt = step.effects.findIndex((effect) => effect.do === 'cancelNotifications')
  return [
    ...when(
      should.some((id) => !did.includes(id)),
      'somebody who was told does not hear how it stands',
    ),
    ...when(
      did.some((id) => !should.includes(id)),
      'somebody hears of it who was never told',
    ),
    ...when(new Set(keys).size !== keys.length, 'the same thing twice over one channel'),
    ...when(
      informs.some(({ notice }) => isCallToWriter(history, notice)),
      'rings somebody who can be written to',
    ),
    ...when(
      step.state.is === 'accepted' && alerts.length > 0 && !has(step.effects, 'callForHelp'),
      'alarms somebody although it is accepted',
    ),
    ...when(step.state.is === 'closed' && alerts.length > 0, 'alarms somebody although it is over'),
    ...when(cancelAt > 0, 'calls off what it has just sent'),
    ...when(
      cancelAt === 0 && step.state.is === before.is && before.is !== 'accepted',
      'calls off what still matters',
    ),
  ]
}

function isCallToWriter({ told }: History, { contact, channel }: Notice): boolean {
  const channels = told.get(contact.personId)
  return channel === 'call' && (channels?.has('text') || channels?.has('email')) === true
}

function isReachable(contact: Contact): boolean {
  return contact.channels.some((c) => (c === 'email' ? contact.email : contact.phone) !== null)
}

function remember(history: History, moment: Moment): void {
  const { before, event, nowMs, step, sent } = moment
  const { state } = step
  if (before.is === 'closed' && state.is !== 'closed') {
    history.steps = []
    history.stepsSeen = new Set([moment.plan.steps])
  }
  if (event.kind === 'help asked') history.hasAskedForHelp = true
  if (event.kind === 'accepted' || event.kind === 'said') history.proofs.add(event.by)
  if (event.kind === 'said') history.proofs.add(`she is fine/${event.by}`)
  if (event.kind === 'cleared') history.proofs.add(`all-clear/${event.by}`)
  const last = history.steps.at(-1)
  if (event.kind === 'nobody told' && last?.step === event.step && last.round === event.round)
    history.hasReachedNobody = true
  for (const effect of step.effects) {
    if (effect.do !== 'notifyStep') continue
    history.steps.push({ ...effect, atMs: nowMs })
    history.hasReachedNobody = false
  }
  for (const { tells, notice } of sent) if (tells === 'alert') note(history, notice)
  history.wantsHelp =
    state.is === 'accepted' && (has(step.effects, 'callForHelp') || (history.wantsHelp && keepsHelp(moment)))
  history.askAgainMs = state.is === 'accepted' ? nextAsk(history, moment) : null
}

/** Only numbers that exist are remembered: nobody hears over what cannot be reached. */
function note({ told }: History, { contact, channel, trouble }: Notice): void {
  const channels = told.get(contact.personId) ?? new Set()
  if (trouble === null) channels.add(channel)
  told.set(contact.personId, channels)
}

/** The call for help stands until somebody takes over or the one who called says they are going after all. */
function keepsHelp({ before, event, step: { state } }: Moment): boolean {
  if (before.is !== 'accepted' || state.is !== 'accepted' || state.by !== before.by) return false
  return !(event.kind === 'said' && event.what === 'I am going' && event.by === before.by)
}

function nextAsk(history: History, { before, event, nowMs, step }: Moment): number {
  const { state } = step
  const isTaken = before.is !== 'accepted' || (state.is === 'accepted' && state.by !== before.by)
  const isGoing =
    event.kind === 'said' && event.what === 'I am going' && before.is === 'accepted' && before.by === event.by
  const isCry = step.effects.some((effect) => effect.do === 'remind' && effect.because === 'help asked')
  if (isTaken || isGoing || isCry || has(step.effects, 'callForHelp')) return nowMs + 60 * minute
  return has(step.effects, 'remind') ? nowMs + 240 * minute : (history.askAgainMs ?? nowMs)
}
