// Simulation / days / alerts: what src/alerts/advance.ts, desk.ts, notify.ts, bundles.ts, sweep.ts and telephone.ts do around the machine
// and who is told, over rows in memory. Machine, circle and ceilings are production's own; that these shells do the same is held by
// days-differential.test.ts. Every number is confirmed here.
import { heldBack } from '../../../src/alerts/ceilings.ts'
import { joining, joiningMs } from '../../../src/alerts/joining.ts'
import {
  type AlertEvent,
  type AlertState,
  decide,
  type Effect,
  type Over,
  type Reason,
  raised,
} from '../../../src/alerts/machine.ts'
import {
  type Contact,
  type Fate,
  type Notice,
  noticesOf,
  type Receiver,
  reachedNobody,
  stepsOf,
  type Tells,
} from '../../../src/alerts/who.ts'
import type { Channel } from '../../../src/db/tables.ts'
import { cancelOutgoing, enqueue } from './lines.ts'
import type { Tx } from './memory.ts'
import {
  type Alert,
  after,
  type Call,
  databaseGone,
  inTx,
  killed,
  lookSoon,
  type Notification,
  newId,
  nowOf,
  type Outgoing,
  type Process,
  type Service,
  type World,
} from './world.ts'

const ringSeconds = 30
const alertUsefulMs = 60 * 60_000
const newsUsefulMs = 12 * 60 * 60_000
const togetherMs = 2 * 60_000
const gatheringMs = 3000
const alertsAtMost = { call: 5, text: 4 } as const
const countedMs = 24 * 60 * 60_000
const batch = 200
const troublesAtMost = 5
const firstDelayMs = 2000
const longestDelayMs = 60_000
const priorities = { alert: 0, help: 1 } as const

export const operator: Receiver = {
  personId: 'operator',
  name: '',
  phone: null,
  email: 'operator@example.org',
  channels: ['email'],
  step: 0,
}

/** The only way an alert changes. */
export function advanceAlert(
  world: World,
  tx: Tx,
  alert: Alert,
  event: AlertEvent,
  inNotification: Notification | null = null,
): AlertState {
  const now = nowOf(world)
  const { service } = alert.call
  const plan = {
    steps: stepsOf(service.receivers).length,
    stepMinutes: service.stepMinutes,
    rounds: service.rounds,
  }
  const before = stateOf(alert)
  const { state, effects, isNoted } = decide(before, event, plan, now)
  if (state === before && !isNoted) return state
  saveState(world, tx, alert, state, before.is === 'closed' && state.is !== 'closed' ? now : null)
  const carryOut = () => carryOutAll(world, tx, alert, state, effects, inNotification)
  if (event.kind !== 'gaveUp') carryOut()
  else world.rules.separately(tx.separately(carryOut))
  tx.afterCommit(() => world.rules.alertChanged(alert, before, event, now))
  return state
}

/** The machine's view of a row. While accepted, `closed_how` holds what the acceptor has said of it so far. */
function stateOf(alert: Alert): AlertState {
  const { reason, step, round } = alert
  switch (alert.state) {
    case 'open':
      return { is: 'open', reason, step, round, wakeAt: alert.wake_at! }
    case 'accepted': {
      const said =
        alert.closed_how === 'I am going' || alert.closed_how === 'get help' ? alert.closed_how : null
      const accepted = { by: alert.accepted_by!, over: alert.accepted_over as Over, at: alert.accepted_at! }
      return { is: 'accepted', reason, step, round, ...accepted, said, wakeAt: alert.wake_at! }
    }
    case 'handed over':
      return { is: 'handed over', reason, step, round, at: alert.handed_over_at!, wakeAt: alert.wake_at! }
    case 'closed': {
      const how = alert.closed_how === 'she is fine' ? 'she is fine' : 'all-clear'
      return { is: 'closed', reason, step, round, how, by: alert.closed_by, at: alert.closed_at! }
    }
  }
}

function saveState(world: World, tx: Tx, alert: Alert, state: AlertState, openedAnew: Date | null): void {
  tx.set(alert, 'state', state.is)
  tx.set(alert, 'reason', state.reason)
  tx.set(alert, 'step', state.step)
  tx.set(alert, 'round', state.round)
  tx.set(alert, 'troubles', 0)
  wakes(world, tx, alert, state.is === 'closed' ? null : state.wakeAt)
  if (state.is === 'open') tx.set(alert, 'handed_over_at', null)
  if (state.is === 'handed over') tx.set(alert, 'handed_over_at', state.at)
  if (state.is === 'accepted') {
    tx.set(alert, 'accepted_by', state.by)
    tx.set(alert, 'accepted_over', state.over)
    tx.set(alert, 'accepted_at', state.at)
  }
  const isClosed = state.is === 'closed'
  tx.set(alert, 'closed_how', isClosed ? state.how : state.is === 'accepted' ? state.said : null)
  tx.set(alert, 'closed_by', isClosed ? state.by : null)
  tx.set(alert, 'closed_at', isClosed ? state.at : null)
  if (openedAnew === null) return
  tx.set(alert, 'opened_at', openedAnew)
  tx.set(alert, 'accepted_by', null)
  tx.set(alert, 'accepted_over', null)
  tx.set(alert, 'accepted_at', null)
}

function wakes(world: World, tx: Tx, alert: Alert, at: Date | null): void {
  tx.set(alert, 'wake_at', at)
  if (at === null) return
  tx.afterCommit(() => {
    world.alertWakes.note(alert)
    lookSoon(world, at.getTime() - world.aheadMs)
  })
}

/** And goes on at once when the step that is told now reaches nobody, because all of it is held back. */
function carryOutAll(
  world: World,
  tx: Tx,
  alert: Alert,
  state: AlertState,
  effects: readonly Effect[],
  inNotification: Notification | null,
): void {
  const circle = { receivers: alert.call.service.receivers, operators: [operator], told: toldOf(alert) }
  const step: Fate[] = []
  for (const effect of effects) {
    if (effect.do === 'cancelNotifications') cancelUnderway(world, tx, alert, inNotification)
    const telling = noticesOf(effect, circle)
    if (!telling) continue
    const fates = notify(world, tx, { alert, state, effect, ...telling })
    if (effect.do === 'notifyStep') step.push(...fates)
  }
  if (reachedNobody(step))
    advanceAlert(world, tx, alert, { kind: 'nobody told', step: state.step, round: state.round })
}

/** Whoever has been told to act, with the channels that were used, in the order in which they were first told. */
function toldOf(alert: Alert): Contact[] {
  const told = new Map<string, { contact: Receiver; channels: Set<Channel> }>()
  for (const { tells, result, person, channel } of alert.notifications) {
    if (tells !== 'alert' || result?.startsWith('held back')) continue
    const known = told.get(person.personId) ?? { contact: person, channels: new Set() }
    told.set(person.personId, known)
    known.channels.add(channel)
  }
  return [...told.values()].map(({ contact, channels }) => ({ ...contact, channels: [...channels].sort() }))
}

// ── the desk ────────────────────────────────────────────────────────────────────────────────────────────────────

/** In the transaction that closes the call. */
export function openAlert(world: World, tx: Tx, call: Call, reason: Reason): void {
  const [known] = call.alerts
  if (!known) {
    if (!joins(world, tx, call, reason)) openNew(world, tx, call, reason)
  } else if (reason === 'help requested') advanceAlert(world, tx, known, { kind: 'help asked' })
}

/** Where people are told of this person already, this call may be one more of which they hear. */
function joins(world: World, tx: Tx, call: Call, reason: Reason): boolean {
  if (reason === 'help requested') return false
  const now = nowOf(world)
  const alert = latestUnfinished(call.service, now.getTime() - joiningMs)
  if (!alert) return false
  const times = call.attempts.map(({ outgoing, started_at }) =>
    (outgoing.life.rangAt ?? started_at).getTime(),
  )
  const lastTriedAt = times.length === 0 ? null : new Date(Math.max(...times))
  const how = joining({ reason, lastTriedAt }, { ...alert, openedAt: alert.opened_at }, now)
  if (how === null) return false
  tx.add(call.alerts, alert)
  tx.add(alert.calls, call)
  advanceAlert(world, tx, alert, { kind: 'joined', reason, isNews: how === 'as news' })
  return true
}

function latestUnfinished({ alerts }: Service, since: number): Alert | null {
  let latest: Alert | null = null
  for (const alert of alerts)
    if (
      alert.state !== 'closed' &&
      alert.opened_at.getTime() > since &&
      !(latest && latest.opened_at > alert.opened_at)
    )
      latest = alert
  return latest
}

export function allClear(world: World, tx: Tx, call: Call, by: string | null): void {
  const [alert] = call.alerts
  if (alert) advanceAlert(world, tx, alert, { kind: 'cleared', by })
}

function openNew(world: World, tx: Tx, call: Call, reason: Reason): void {
  const now = nowOf(world)
  const state = raised(reason, now)
  const alert: Alert = {
    organisation_id: '',
    id: newId(world),
    service_id: call.service.id,
    call_id: call.id,
    reason,
    state: 'open',
    step: state.step,
    round: state.round,
    wake_at: null,
    opened_at: now,
    accepted_by: null,
    accepted_over: null,
    accepted_at: null,
    reminded_at: null,
    handed_over_at: null,
    closed_at: null,
    closed_how: null,
    closed_by: null,
    troubles: 0,
    call,
    calls: [call],
    notifications: [],
  }
  tx.add(call.alerts, alert)
  tx.add(call.service.alerts, alert)
  wakes(world, tx, alert, state.wakeAt)
  tx.afterCommit(() => world.rules.opened(alert))
  world.rules.separately(tx.separately(() => advanceAlert(world, tx, alert, { kind: 'woke' })))
}

// ── telling ─────────────────────────────────────────────────────────────────────────────────────────────────────

interface ToNotify {
  alert: Alert
  state: AlertState
  effect: Effect
  tells: Tells
  notices: readonly Notice[]
}

function notify(world: World, tx: Tx, wanted: ToNotify): Fate[] {
  const { alert, effect, notices } = wanted
  const gathered = effect.do === 'notifyStep' ? gather(world, tx, alert, notices) : null
  return notices.map((notice) => notifyOne(world, tx, wanted, gathered, notice))
}

/** A call or text to somebody who is being told, which one more alert may join. */
interface Joinable {
  outgoing: Outgoing
  alerts: Set<Alert>
}

function gather(world: World, tx: Tx, alert: Alert, notices: readonly Notice[]): Joinable[] {
  const since = nowOf(world).getTime() - togetherMs
  const numbers = notices.flatMap(({ contact, channel, trouble }) =>
    channel !== 'email' && trouble === null ? [contact.phone!] : [],
  )
  const found = [...new Set(numbers)].flatMap((number) =>
    world.telephones.get(number)!.recent.flatMap((outgoing): Joinable[] => {
      const { life, members, createdAt } = outgoing
      if (createdAt.getTime() <= since || life.state === 'answered' || life.state === 'ended') return []
      const about = members.filter(({ tells }) => tells === 'alert').map((one) => one.alert)
      return about.length === 0 ? [] : [{ outgoing, alerts: new Set(about) }]
    }),
  )
  found.sort((a, b) => (a.outgoing.id > b.outgoing.id ? -1 : 1))
  supersede(world, tx, alert, notices)
  return found.filter(({ outgoing }) => mayBeJoined(outgoing))
}

/** One that waits, or rings and is not answered: nobody has heard or read a word of it. */
function mayBeJoined({ life }: Outgoing): boolean {
  if (life.hangUp) return false
  if (life.kind === 'text') return life.state === 'waiting'
  return (
    life.state === 'waiting' ||
    life.state === 'claimed' ||
    life.state === 'placed' ||
    life.state === 'ringing'
  )
}

/** An older call or text about the same that still waits at the line would only come twice. */
function supersede(world: World, tx: Tx, alert: Alert, notices: readonly Notice[]): void {
  for (const old of underwayOf(alert)) {
    if (old.tells !== 'alert' || old.outgoing?.life.state !== 'waiting') continue
    const isReplaced = notices.some(
      ({ contact, channel }) => contact.personId === old.person.personId && channel === old.channel,
    )
    if (isReplaced) callOff(world, tx, old)
  }
}

/** The calls and texts that nobody has answered yet. */
const underwayOf = ({ notifications }: Alert): Notification[] =>
  notifications.filter(({ outgoing, endedAt }) => {
    const state = outgoing?.life.state
    return endedAt === null && outgoing !== null && state !== 'answered' && state !== 'ended'
  })

function cancelUnderway(world: World, tx: Tx, alert: Alert, except: Notification | null): void {
  for (const one of underwayOf(alert)) {
    const isGone = one.channel === 'text' && one.outgoing!.life.state !== 'waiting'
    if (!isGone && one !== except) callOff(world, tx, one)
  }
}

function callOff(world: World, tx: Tx, notification: Notification): void {
  endNotification(tx, notification, 'cancelled', nowOf(world))
  const outgoing = notification.outgoing!
  if (!outgoing.members.some(({ endedAt }) => endedAt === null)) cancelOutgoing(world, tx, outgoing)
}

function endNotification(tx: Tx, notification: Notification, result: string, at: Date): void {
  if (notification.endedAt !== null && notification.result !== 'cancelled') return
  tx.set(notification, 'endedAt', at)
  tx.set(notification, 'result', result)
}

function notifyOne(
  world: World,
  tx: Tx,
  wanted: ToNotify,
  gathered: Joinable[] | null,
  { contact, channel, trouble: missing }: Notice,
): Fate {
  const { alert, effect, tells, state } = wanted
  const now = nowOf(world)
  const isByTelephone = channel !== 'email' && missing === null
  const joined = isByTelephone && gathered ? join(gathered, alert, channel, contact.phone!) : null
  const trouble = missing ?? (joined || effect.do !== 'notifyStep' ? null : tooOften(world, contact, channel))
  const outgoing =
    joined ?? (isByTelephone && trouble === null ? send(world, tx, wanted, gathered, contact, channel) : null)
  const notification: Notification = {
    id: newId(world),
    alert,
    person: contact as Receiver,
    channel,
    tells,
    step: state.step,
    round: state.round,
    outgoing,
    isEmail: channel === 'email' && trouble === null,
    joined: joined !== null,
    endedAt: trouble === null ? null : now,
    result: trouble,
    asked: null,
  }
  tx.add(alert.notifications, notification)
  if (outgoing) tx.add(outgoing.members, notification)
  tx.afterCommit(() => world.rules.notified(notification))
  return { channel, result: trouble }
}

function join(gathered: Joinable[], alert: Alert, channel: 'call' | 'text', number: string): Outgoing | null {
  const open = gathered.find(
    ({ outgoing, alerts }) =>
      outgoing.life.kind === channel &&
      outgoing.to.number === number &&
      (alerts.has(alert) || alerts.size < alertsAtMost[channel]),
  )
  open?.alerts.add(alert)
  return open?.outgoing ?? null
}

function tooOften(world: World, { phone }: Contact, channel: Channel) {
  if (channel === 'email') return null
  const now = nowOf(world)
  const before = world.telephones
    .get(phone!)!
    .recent.filter(
      ({ life, createdAt, purpose }) =>
        life.kind === channel &&
        purpose === 'alert' &&
        createdAt.getTime() > now.getTime() - countedMs &&
        (life.state !== 'ended' || life.placedAt !== null),
    )
    .map(({ createdAt }) => createdAt)
  return heldBack(channel, before, now)
}

function send(
  world: World,
  tx: Tx,
  { alert, tells }: ToNotify,
  gathered: Joinable[] | null,
  contact: Contact,
  kind: 'call' | 'text',
): Outgoing {
  const now = nowOf(world)
  const isUrgent = tells === 'alert'
  const outgoing = enqueue(world, tx, {
    kind,
    owner: { room: 'alerts', alert },
    purpose: tells === 'all-clear' ? 'all-clear' : 'alert',
    to: world.telephones.get(contact.phone!)!,
    priority: isUrgent ? priorities.alert : priorities.help,
    ringSeconds,
    usefulUntil: after(now, isUrgent ? alertUsefulMs : newsUsefulMs),
    patienceSeconds: null,
    voicemailWords: false,
    notBefore: kind === 'text' && gathered ? after(now, gatheringMs) : now,
  })
  gathered?.unshift({ outgoing, alerts: new Set([alert]) })
  return outgoing
}

// ── the telephone ───────────────────────────────────────────────────────────────────────────────────────────────

/** Whom a call is about: each alert once, without what was called off, unless that is all. */
export function membersOf({ members }: Outgoing): Notification[] {
  const wanted = members.filter(({ result }) => result !== 'cancelled')
  const all = wanted.length > 0 ? wanted : members
  return all.filter((one, at) => all.findIndex(({ alert }) => alert === one.alert) === at)
}

/** Does a key decide something about this one now? */
function isAsked({ alert, tells, person }: Notification): boolean {
  const state = stateOf(alert)
  if (state.is === 'accepted')
    return state.by === person.personId ? tells === 'reminder' : state.said === 'get help'
  return state.is === 'open' || state.is === 'handed over'
}

/**
 * The next about whom the person is asked, in a call about one or several (src/alerts/voice-bundle.ts, for people who press 1
 * at every question).
 * @returns null when nothing is left to ask
 */
export function askNext(world: World, tx: Tx, outgoing: Outgoing): Notification | null {
  const members = membersOf(outgoing)
  const next = members.find((one) => isAsked(one) && (one.asked === null || members.length === 1)) ?? null
  if (next) tx.set(next, 'asked', world.made)
  return next
}

/** Key 1, in a call about one (src/alerts/voice.ts) or about several. */
export function alertKeyed(world: World, tx: Tx, outgoing: Outgoing): void {
  const members = membersOf(outgoing)
  const [only] = members
  if (members.length === 1 && only) keyedAboutOne(world, tx, only)
  else {
    const asked = lastAsked(members)
    if (asked && asked.alert.state !== 'closed') acceptFor(world, tx, asked)
  }
}

function keyedAboutOne(world: World, tx: Tx, one: Notification): void {
  const { alert, tells, person } = one
  const isTheirs = alert.state === 'accepted' && alert.accepted_by === person.personId
  if (isTheirs) {
    const event = { kind: 'said', what: 'she is fine', by: person.personId, over: 'call' } as const
    if (tells === 'reminder') advanceAlert(world, tx, alert, event, one)
  } else if (tells === 'alert' && alert.state !== 'closed') acceptFor(world, tx, one)
}

function acceptFor(world: World, tx: Tx, one: Notification): void {
  advanceAlert(world, tx, one.alert, { kind: 'accepted', by: one.person.personId, over: 'call' }, one)
}

function lastAsked(members: readonly Notification[]): Notification | null {
  let last: Notification | null = null
  for (const one of members) if (one.asked !== null && (last === null || one.asked > last.asked!)) last = one
  return last
}

/** The end of a call or text about alerts, in the transaction in which it is saved. */
export function alertCallEnded(world: World, tx: Tx, outgoing: Outgoing): void {
  const now = nowOf(world)
  const members = membersOf(outgoing)
  const unended = outgoing.members.filter(({ endedAt }) => endedAt === null)
  for (const one of unended.length > 0 ? unended : members)
    endNotification(tx, one, resultOf(outgoing, members, one), now)
  for (const { alert } of members) {
    if (alert.state !== 'open') continue
    const { step, round } = alert
    const fates = alert.notifications.filter(
      (one) => one.tells === 'alert' && one.step === step && one.round === round,
    )
    if (reachedNobody(fates)) advanceAlert(world, tx, alert, { kind: 'nobody told', step, round })
  }
}

function resultOf({ life }: Outgoing, members: readonly Notification[], one: Notification): string {
  switch (life.result!) {
    case 'acknowledged':
    case 'help requested':
    case 'answered without a key': {
      const asked = members.includes(one) ? one.asked : null
      return members.length > 1 && asked === null ? 'not heard' : 'answered'
    }
    default:
      return life.result!
  }
}

// ── the sweeper ─────────────────────────────────────────────────────────────────────────────────────────────────

export const dueAlerts = (world: World): Alert[] =>
  world.database.isDown ? [] : world.alertWakes.due(nowOf(world).getTime(), batch)

/** "We do not know how Ada is" stops being true when she answers another call. */
function whatWakes({ reason, opened_at, call }: Alert): AlertEvent {
  const isKnown = reason === 'not placed' && hasAnsweredSince(call.service, opened_at)
  return isKnown ? { kind: 'cleared', by: null } : { kind: 'woke' }
}

function hasAnsweredSince({ calls }: Service, since: Date): boolean {
  const dueAfter = since.getTime() - countedMs
  return calls.some(
    (call) =>
      call.outcome === 'acknowledged' &&
      call.acknowledged_by === null &&
      call.acknowledged_at! >= since &&
      call.due_at.getTime() > dueAfter,
  )
}

/** One row of the sweeper's list, looked at again under its lock. */
export function wakeAlert(world: World, who: Process, alert: Alert): boolean {
  try {
    return inTx(world, who, (tx) => {
      if (!alert.wake_at || alert.wake_at > nowOf(world)) return false
      advanceAlert(world, tx, alert, whatWakes(alert))
      return true
    })
  } catch (error) {
    if (error === killed) throw error
    if (error !== databaseGone) world.rules.crashed(error)
    return setAside(world, who, alert)
  }
}

function setAside(world: World, who: Process, alert: Alert): boolean {
  try {
    const troubles = inTx(world, who, (tx) => {
      if (!alert.wake_at || alert.wake_at > nowOf(world)) return 0
      const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(alert.troubles, 10))
      if (alert.state !== 'closed') {
        wakes(world, tx, alert, after(nowOf(world), delayMs))
        tx.set(alert, 'troubles', alert.troubles + 1)
      }
      return alert.troubles + 1
    })
    if (troubles >= troublesAtMost)
      inTx(world, who, (tx) => advanceAlert(world, tx, alert, { kind: 'gaveUp' }))
    return true
  } catch (error) {
    if (error === killed) throw error
    return false
  }
}
