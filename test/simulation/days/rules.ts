// Simulation / days / rules: what must hold of every life, judged from what the telephones and the clock saw against what the rows say,
// never from why. The six rules of docs/rehearsal.md, and those of a crash: one ring for one attempt, nothing lost, nothing for ever.
// Called at every change, and at a world's end.
import type { AlertEvent, AlertState } from '../../../src/alerts/machine.ts'
import { stepsOf } from '../../../src/alerts/who.ts'
import type { CallEvent, CallState } from '../../../src/calls/machine.ts'
import { people } from './people.ts'
import type { PhoneCall } from './provider.ts'
import type { Alert, Call, Line, Notification, Outgoing, Schedule, World } from './world.ts'

/** What was seen of one call, outside of every transaction. */
export interface Seen {
  /** a bit for each kind of fault */
  touched: number
  /** when it was decided, in true time */
  decidedMs: number | null
  /** somebody pressed a key, wrote, or spoke for them */
  isProved: boolean
  criedForHelp: boolean
  /** somebody was told on the telephone that it was heard */
  isConfirmed: boolean
  rings: number
  /** when the first call, text or e-mail about its alert left */
  toldMs: number | null
}

export const nothingSeen = (): Seen => ({
  touched: 0,
  decidedMs: null,
  isProved: false,
  criedForHelp: false,
  isConfirmed: false,
  rings: 0,
  toldMs: null,
})

export interface Rules {
  readonly broken: string[]
  readonly openCalls: Set<Call>
  readonly counts: Map<string, number>
  callChanged(call: Call, before: CallState, event: CallEvent, now: Date): void
  alertChanged(alert: Alert, before: AlertState, event: AlertEvent, now: Date): void
  opened(alert: Alert): void
  notified(notification: Notification): void
  claimed(outgoing: Outgoing, line: Line, kind: 'call' | 'text'): void
  asked(outgoing: Outgoing, line: Line): void
  rang(call: PhoneCall): void
  picksUp(call: PhoneCall): void
  written(outgoing: Outgoing): void
  pressed(outgoing: Outgoing, key: string): void
  spokeFor(call: Call): void
  played(call: Call): void
  confirmed(call: Call): void
  heardOf(outgoing: Outgoing, asked: Notification | null): void
  /** an answer of the provider that may mean either */
  unknown(): void
  crashed(error: unknown): void
  noteRollback(error: unknown): void
  separately(error: unknown): void
  atTheEnd(): void
}

export const unknownAnswers = 'answers that may mean either'
export const ranBesideGivenUp = 'rang beside one that had been given up'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
/** A sweeper comes within this of when it should; a row that gave trouble waits up to a minute, a few times. */
const sweepsWithin = 4 * minute
/** A claim is asked for within this, or not at all. */
const claimGoodFor = 5 * second
/** The net under a call that rings: the longest talk (src/calls/machine.ts). */
const talkAtMost = 10 * minute

export function rulesOf(world: World): Rules {
  const broken: string[] = []
  const openCalls = new Set<Call>()
  const counts = new Map<string, number>()
  const told = new Map<Outgoing, Set<Alert>>()
  const asks = new Map<string, number[]>()
  const lastClaim = new Map<string, { at: number; ahead: number }>()
  const now = () => world.engine.now
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)
  const break_ = (what: string, about: string) => {
    if (broken.length < 20) broken.push(`${new Date(now()).toISOString()} ${what}: ${about}`)
  }
  const callNamed = (call: Call) =>
    `call ${call.id} due ${call.due_at.toISOString()} of service ${call.service.id}, ${call.state} ${call.outcome ?? ''}`
  const must = (holds: boolean, what: string, about: () => string) => {
    if (!holds) break_(what, about())
  }

  /** So much of a time was lost to our own troubles: nobody could work, or the clock said something else. */
  function excused(fromMs: number, untilMs: number): number {
    let ms = 0
    for (const { from, until } of world.faults.dark)
      if (until > fromMs && from < untilMs)
        ms += Math.min(until, untilMs) - Math.max(from, fromMs) + sweepsWithin
    for (const at of world.faults.jumps) if (at >= fromMs - 2 * hour && at <= untilMs) ms += 2 * hour
    return ms
  }

  const hasJumped = (fromMs: number, untilMs: number): boolean =>
    world.faults.jumps.some((at) => at >= fromMs && at <= untilMs)

  /** As long as the attempts of a call take where nothing is wrong: each rings, talks, and waits for the next; a text may be one more. */
  const planned = ({ service }: Call): number =>
    (service.attempts + 1) *
    (Math.max(service.gapMinutes * minute, service.ringSeconds * second) + 6 * minute)

  /** Late, if at its time nobody of ours could work. */
  function begun(call: Call): void {
    openCalls.add(call)
    const dueMs = call.due_at.getTime() - world.aheadMs
    if (now() - dueMs > second) world.faults.touchByDark(call, dueMs)
  }

  function decided(call: Call): void {
    const { seen } = call
    seen.decidedMs = now()
    const dueMs = call.due_at.getTime() - world.aheadMs
    count(call.outcome!)
    const window =
      call.useful_until.getTime() - call.due_at.getTime() + call.service.ringSeconds * second + talkAtMost
    const late = now() - dueMs - window - sweepsWithin
    must(late <= 0 || late <= excused(dueMs, now()), 'an outcome too late', () => callNamed(call))
    must(seen.touched !== 0 || now() - dueMs <= planned(call), 'decided late though nothing was wrong', () =>
      callNamed(call),
    )
    const isAlarm =
      call.outcome === 'missed' || call.outcome === 'not placed' || call.outcome === 'help requested'
    must(!isAlarm || call.alerts.length === 1, 'an outcome without its alert', () => callNamed(call))
    must(call.outcome !== 'acknowledged' || seen.isProved, 'acknowledged by nobody', () => callNamed(call))
    must(call.outcome !== 'help requested' || seen.criedForHelp, 'help that nobody asked for', () =>
      callNamed(call),
    )
    must(call.outcome !== 'skipped' || call.service.pauses.has(call.local_date), 'skipped for nothing', () =>
      callNamed(call),
    )
  }

  /** So many requests within a second as the line is fast; unless a clock jumped, or a worker that was stopped comes late with its own. */
  function judgePace({ life: { kind } }: Outgoing, line: Line): void {
    const name = `${line.id} ${kind}`
    const recent = (asks.get(name) ?? []).filter((at) => at > now() - second)
    recent.push(now())
    asks.set(name, recent)
    const rate = kind === 'call' ? line.callsPerSecond : line.textsPerSecond
    const isExcused = hasJumped(now() - 10 * second, now()) || world.faults.stoppedMs > now() - 30 * second
    must(
      recent.length <= Math.max(1, rate) + 1 || isExcused,
      'more in a second than the line may',
      () => `${name}: ${recent.length}`,
    )
  }

  function judgeRing(outgoing: Outgoing): void {
    outgoing.rings++
    must(outgoing.rings === 1, 'one attempt rang twice', () => `${outgoing.id} of ${outgoing.owner.room}`)
    if (outgoing.owner.room !== 'calls') {
      left(outgoing)
      return
    }
    const { call } = outgoing.owner
    call.seen.rings++
    must(call.seen.rings <= call.service.attempts, 'more rings than attempts', () => callNamed(call))
  }

  /** Something about an alert has reached the network. */
  function left(outgoing: Outgoing): void {
    for (const { alert } of outgoing.members) noteTold(alert)
  }

  function noteTold({ call }: Alert): void {
    const { seen } = call
    if (seen.toldMs !== null) return
    seen.toldMs = now()
    const late = seen.toldMs - (seen.decidedMs ?? now())
    if (seen.touched === 0)
      must(
        late <= minute,
        'an alert told late though nothing was wrong',
        () => `${late} ms, ${callNamed(call)}`,
      )
  }

  function judgeAlertsEnd(alert: Alert): void {
    const about = () => `alert ${alert.id}, ${alert.state}, ${callNamed(alert.call)}`
    must(alert.state !== 'open', 'an alert stays open for ever', about)
    must(alert.state === 'closed' || alert.wake_at !== null, 'an alert sleeps for ever', about)
    for (const one of alert.notifications) {
      const { outgoing, isEmail, endedAt, result } = one
      must(outgoing !== null || isEmail || result !== null, 'a notification by no way', about)
      must(
        outgoing === null || endedAt !== null,
        'a notification without an end',
        () => `${about()}, ${one.id} over ${one.channel}: ${outgoing?.life.state}`,
      )
      const isTold = one.channel === 'call' && result === 'answered'
      must(
        !isTold || (told.get(outgoing!)?.has(alert) ?? false),
        'counted as told, and never heard of it',
        () => `${about()}, ${one.id}`,
      )
      must(!one.joined || outgoing!.members.includes(one), 'joined and not on the call', about)
    }
  }

  return {
    broken,
    openCalls,
    counts,
    callChanged(call, before, event) {
      world.faults.touchByUs(call)
      const { seen } = call
      if (before.is === 'waiting') begun(call)
      if (call.state !== 'closed') {
        must(call.wake_at !== null, 'a call sleeps for ever', () => callNamed(call))
        return
      }
      if (before.is !== 'closed') decided(call)
      else {
        count('late word')
        const isHelp = call.outcome === 'help requested'
        must(!isHelp || seen.criedForHelp, 'help that nobody asked for', () => callNamed(call))
        must(before.outcome === call.outcome || isHelp, `an outcome rewritten by ${event.kind}`, () =>
          callNamed(call),
        )
      }
      if (call.alerts.length === 0) openCalls.delete(call)
    },
    alertChanged(alert, before) {
      world.faults.touchByUs(alert.call)
      const state = alert.state
      must(state === 'closed' || alert.wake_at !== null, 'an alert sleeps for ever', () =>
        callNamed(alert.call),
      )
      if (before.is === state) return
      count(`alert ${state}`)
      if (state !== 'open') openCalls.delete(alert.call)
      if (before.is === 'open') {
        const { service } = alert.call
        const steps = stepsOf(service.receivers).length * service.rounds
        const openedMs = alert.opened_at.getTime() - world.aheadMs
        const late = now() - openedMs - steps * service.stepMinutes * minute - sweepsWithin
        must(
          late <= 0 || late <= excused(openedMs, now()),
          'an alert told on too late',
          () => `alert ${alert.id}, ${callNamed(alert.call)}`,
        )
      }
      people.hearOf(world, alert)
    },
    opened(alert) {
      if (alert.reason !== 'not placed') return
      const others = alert.call.service.alerts.filter((other) => other !== alert && other.state !== 'closed')
      const isSecond = others.some(
        ({ opened_at }) => Math.abs(alert.opened_at.getTime() - opened_at.getTime()) < hour,
      )
      must(!isSecond, 'two alerts within an hour about one person of whom nobody knows', () =>
        callNamed(alert.call),
      )
    },
    notified(notification) {
      if (notification.joined) {
        count('joined')
        const { state, kind } = notification.outgoing!.life
        const isHeard = kind === 'text' ? state !== 'waiting' : state === 'answered' || state === 'ended'
        must(!isHeard, 'joined to what was heard already', () => notification.id)
      }
      // it rings already, and tells of this one too
      if (notification.joined && notification.outgoing!.rings > 0) noteTold(notification.alert)
      if (!notification.isEmail) return
      if (notification.tells === 'alert') noteTold(notification.alert)
      people.read(world, notification)
    },
    claimed(outgoing, line, kind) {
      outgoing.claimedMs = now()
      const rate = kind === 'call' ? line.callsPerSecond : line.textsPerSecond
      const last = lastClaim.get(`${line.id} ${kind}`)
      const isTooSoon = last && last.ahead === world.aheadMs && now() - last.at < Math.floor(1000 / rate)
      // a fast line reserves several slots at once: there `asked` counts
      must(
        !isTooSoon || rate > 20,
        'faster than the line',
        () => `${line.id} ${kind}: ${now() - (last?.at ?? 0)} ms`,
      )
      lastClaim.set(`${line.id} ${kind}`, { at: now(), ahead: world.aheadMs })
      must(
        outgoing.usefulUntil.getTime() > now() + world.aheadMs,
        'sent though it is of no use any more',
        () => outgoing.id,
      )
      const { owner } = outgoing
      if (owner.room !== 'calls') return
      must(
        owner.call.state === 'ringing' && owner.call.attempt === owner.attempt,
        'sent for a call that is over',
        () => callNamed(owner.call),
      )
    },
    asked(outgoing, line) {
      judgePace(outgoing, line)
      const { state } = outgoing.life
      // another may have looked for it already, and found nothing: it is not given up before a minute has passed
      const isFresh = now() - outgoing.claimedMs <= claimGoodFor
      const isOurs = state === 'claimed' || (state === 'unknown' && isFresh)
      must(isOurs, 'asked for though nobody has claimed it', () => `${outgoing.id}, ${state}`)
    },
    rang(call) {
      const { outgoing } = call
      const other = outgoing.to.busyWith
      const isGivenUp = outgoing.life.state === 'ended' || other?.life.state === 'ended'
      // the provider kept it in its queue longer than it could be found: counted, and held to R2's figure
      if (other && isGivenUp) count(ranBesideGivenUp)
      must(
        other === null || isGivenUp,
        'a number rung by two calls at once',
        () => `${outgoing.to.number}, ${outgoing.id} beside ${other?.id}, ${outgoing.owner.room}`,
      )
      count('rings')
      judgeRing(outgoing)
    },
    picksUp(call) {
      must(!call.isUnwanted, 'a call that nobody waits for was left to ring', () => call.outgoing.id)
    },
    written(outgoing) {
      count('texts')
      outgoing.rings++
      must(outgoing.rings === 1, 'one text sent twice', () => outgoing.id)
      left(outgoing)
    },
    pressed({ owner }, key) {
      if (owner.room !== 'calls') return
      if (key === owner.call.service.helpKey) owner.call.seen.criedForHelp = true
      else owner.call.seen.isProved = true
    },
    spokeFor(call) {
      call.seen.isProved = true
    },
    played(call) {
      count('messages played')
      must(now() + world.aheadMs < call.useful_until.getTime(), 'played though it is stale', () =>
        callNamed(call),
      )
    },
    confirmed(call) {
      call.seen.isConfirmed = true
      // it is the commit that says so
      world.engine.after(0, () => judgeConfirmed(call))
    },
    heardOf(outgoing, asked) {
      const heard = told.get(outgoing) ?? new Set()
      told.set(outgoing, heard)
      if (asked) heard.add(asked.alert)
      for (const { alert, asked: wasAsked } of outgoing.members)
        if (wasAsked === null && alert.state !== 'open' && alert.state !== 'handed over') heard.add(alert)
      if (outgoing.members.length === 1) heard.add(outgoing.members[0]!.alert)
    },
    unknown: () => count(unknownAnswers),
    crashed(error) {
      break_('a bug', error instanceof Error ? (error.stack ?? error.message) : String(error))
    },
    noteRollback: () => count('rolled back'),
    separately(error) {
      if (error) break_('an alert could not tell', String(error))
    },
    atTheEnd() {
      for (const service of world.services) {
        for (const schedule of service.schedules) judgeSlots(schedule)
        for (const call of service.calls) judgeCallsEnd(call)
      }
    },
  }

  /** One call for each date, from the first to the last, counted by the calendar. */
  function judgeSlots({ id, localTime, service }: Schedule): void {
    const calls = service.calls.filter((call) => call.local_time === localTime)
    const dates = new Set(calls.map((call) => call.local_date))
    must(dates.size === calls.length, 'one slot twice', () => id)
    const days = [...dates].map((date) => Date.parse(date)).sort((a, b) => a - b)
    const wanted = (Math.max(days.at(-1) ?? 0, world.lastDay) - (days[0] ?? 0)) / (24 * hour) + 1
    must(dates.size === wanted, 'a day without its call', () => `${id}: ${dates.size}`)
  }

  function judgeConfirmed(call: Call): void {
    const isKept = call.acknowledged_at !== null || call.outcome === 'help requested'
    must(!call.seen.isConfirmed || isKept, 'what was confirmed to somebody is lost', () => callNamed(call))
  }

  function judgeCallsEnd(call: Call): void {
    must(call.state === 'closed', 'a due call without an outcome', () => callNamed(call))
    judgeConfirmed(call)
    const names = call.attempts.flatMap(({ outgoing: { life } }) => life.sid ?? [])
    must(new Set(names).size === names.length, 'one call of the provider’s for two attempts', () =>
      callNamed(call),
    )
    for (const { outgoing, result, way } of call.attempts) {
      must(
        outgoing.life.state === 'ended',
        'a call or text without an end',
        () => `${outgoing.id} ${outgoing.life.state}, ${callNamed(call)}`,
      )
      must(result !== null, 'an attempt that found nothing', () => callNamed(call))
      const isOfThePhone = result !== null && result !== 'not placed' && result !== 'cancelled'
      must(
        !isOfThePhone || outgoing.rings > 0,
        `${way} found what never was`,
        () => `${result}, ${callNamed(call)}`,
      )
    }
    for (const alert of call.alerts) judgeAlertsEnd(alert)
  }
}
