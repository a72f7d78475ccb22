// Test / rehearsal / rules: the six rules that every ledger must show, checked from the ledger and the scenario alone
// (docs/rehearsal.md). Knows nothing of the application.

import type {
  AlertEvent,
  LedgerEvent,
  OutcomeEvent,
  RingEvent,
  TextEvent,
} from '../../src/rehearsal/ledger.ts'
import type { Scenario, ScenarioService } from '../../src/rehearsal/scenario.ts'
import { slotsBetween } from '../../src/schedules/recurrence.ts'

const minute = 60_000
const ms = (at: string) => Date.parse(at)
/** Who rings in or writes so long before a call is due checks in for it. */
const checkInEarlyMs = 120 * minute
/** A call may be under way for its useful time, and the last attempt begun in it. */
const lastAttemptMs = 10 * minute
/** So long a fault of the provider's may still be felt after its end: a line comes back on probation. */
const recoveryMs = 3 * minute

/** A time in which our own processes were broken on purpose (the siege): what it delays is not late. */
export interface Aside {
  from: Date
  to: Date
}

const rules = {
  everySlotEnds,
  nobodyRungTooMuch,
  nobodyRungForWhatIsOver,
  neverTooFast,
  acknowledgedOnlyByPeople,
  everyMissAlerts,
  neverAFlood,
  unacceptedIsHandedOver,
  nothingStale,
} satisfies Record<
  string,
  (scenario: Scenario, ledger: readonly LedgerEvent[], aside: readonly Aside[]) => string[]
>
export type Rule = keyof typeof rules

/** What is wrong with each rule, a line each; rules that hold are left out. */
export function broken(
  scenario: Scenario,
  ledger: readonly LedgerEvent[],
  aside: readonly Aside[] = [],
): { rule: Rule; what: string }[] {
  const allAside = [...aside, ...outagesOf(scenario)]
  return (Object.keys(rules) as Rule[]).flatMap((rule) =>
    rules[rule](scenario, ledger, allAside).map((what) => ({ rule, what })),
  )
}

/** @returns what is wrong, a line each; empty when every rule holds. */
export const brokenRules = (scenario: Scenario, ledger: readonly LedgerEvent[]): string[] =>
  broken(scenario, ledger).map(({ rule, what }) => `${rule}: ${what}`)

const outcomesOf = (ledger: readonly LedgerEvent[]) =>
  ledger.filter((e): e is OutcomeEvent => e.event === 'outcome')
const ringsOf = (ledger: readonly LedgerEvent[]) => ledger.filter((e): e is RingEvent => e.event === 'ring')
const ourRingsOf = (ledger: readonly LedgerEvent[]) =>
  ringsOf(ledger).filter((ring) => ring.purpose !== 'ring-in')

function serviceOf(scenario: Scenario, receiver: string): ScenarioService {
  const found = scenario.services.find((service) => service.receiver.name === receiver)
  if (!found) throw new Error(`the ledger names ${receiver}, who is not in the scenario`)
  return found
}

const contactsOf = (service: ScenarioService) =>
  service.stakeholders.filter((s) => s.roles.includes('alert receiver'))

/** A call or text may be about several. */
export const isAbout = (
  e: { receiver: string | null; receivers?: string[] | undefined },
  receiver: string,
): boolean => e.receivers?.includes(receiver) ?? e.receiver === receiver

/** While CallAssist is away, by the scenario, nothing is decided. */
const outagesOf = ({ actions }: Scenario): Aside[] =>
  actions.flatMap((action) =>
    action.do === 'outage'
      ? [{ from: action.at, to: new Date(action.at.getTime() + action.minutes * minute) }]
      : [],
  )

/** The end of a stretch that ends later where CallAssist was away in it. @returns ms */
function endAside(scenario: Scenario, from: number, to: number, recovers: number): number {
  const inTheWay = outagesOf(scenario).filter(
    (outage) => outage.from.getTime() <= to && from <= outage.to.getTime(),
  )
  return Math.max(to, ...inTheWay.map((outage) => outage.to.getTime() + recovers))
}

interface Due {
  receiver: string
  at: number
  usefulUntil: number
}

/** What falls due from the start until so long after the end. */
function dueIn(scenario: Scenario, afterTheEndMs: number): Due[] {
  const until = new Date(scenario.until.getTime() + afterTheEndMs)
  return scenario.services.flatMap((service) =>
    service.schedules.flatMap((schedule) => {
      const days = schedule.days ?? (['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const)
      const rule = schedule.date
        ? { time: schedule.time, date: schedule.date }
        : { time: schedule.time, days }
      return slotsBetween(rule, service.receiver.timeZone, scenario.start, until).map(({ dueAt }) => ({
        receiver: service.receiver.name,
        at: dueAt.getTime(),
        usefulUntil: dueAt.getTime() + service.usefulForMinutes * minute,
      }))
    }),
  )
}

/** 1: every slot that falls due has exactly one outcome, or is still inside its plan's time at `until`. */
function everySlotEnds(scenario: Scenario, ledger: readonly LedgerEvent[]): string[] {
  const until = scenario.until.getTime()
  const keyOf = (receiver: string, at: number) => `${receiver} ${new Date(at).toISOString()}`
  const got = Map.groupBy(outcomesOf(ledger), (outcome) => keyOf(outcome.receiver, ms(outcome.dueAt)))
  // what is due after the end may have been checked in for
  const due = Map.groupBy(dueIn(scenario, checkInEarlyMs), (slot) => keyOf(slot.receiver, slot.at))
  return [...new Set([...got.keys(), ...due.keys()])].flatMap((key) => {
    const count = got.get(key)?.length ?? 0
    const slots = due.get(key) ?? []
    const isOver = slots.some(
      (slot) => endAside(scenario, slot.at, slot.usefulUntil + lastAttemptMs, lastAttemptMs) < until,
    )
    const isRight = count === slots.length || (count < slots.length && !isOver)
    return isRight ? [] : [`${key} has ${count} outcomes, not ${slots.length}`]
  })
}

/** 2, of numbers: none is rung by two calls at once, and no attempt of a call rings or writes twice. */
function nobodyRungTooMuch(scenario: Scenario, ledger: readonly LedgerEvent[]): string[] {
  const wrong: string[] = []
  const busyUntil = new Map<string, number>()
  for (const ring of ourRingsOf(ledger)) {
    if ((busyUntil.get(ring.to) ?? 0) > ms(ring.at))
      wrong.push(`${ring.to} was rung at ${ring.at} while it rang already`)
    busyUntil.set(ring.to, ring.endedAt ? ms(ring.endedAt) : Number.POSITIVE_INFINITY)
  }
  for (const outcome of outcomesOf(ledger)) {
    const { attempts } = serviceOf(scenario, outcome.receiver)
    if (outcome.attempts.length > attempts)
      wrong.push(`${outcome.receiver} ${outcome.dueAt}: ${outcome.attempts.length} attempts, not ${attempts}`)
  }
  return [...wrong, ...attemptsTwice(scenario, ledger)]
}

/** Each ring and text of a call belongs to one attempt of one slot: the first slot under way that has none of that number yet. */
function attemptsTwice(scenario: Scenario, ledger: readonly LedgerEvent[]): string[] {
  const slots = dueIn(scenario, 0).toSorted((a, b) => a.at - b.at)
  const taken = new Set<string>()
  return tries(ledger).flatMap(({ receiver, attempt, at }) => {
    if ((attempt ?? 0) < 1 || attempt! > serviceOf(scenario, receiver ?? '').attempts)
      return [`${receiver}: attempt ${attempt}`]
    const place = slots.findIndex(
      (slot, n) =>
        slot.receiver === receiver &&
        slot.at <= ms(at) &&
        ms(at) <= slot.usefulUntil + lastAttemptMs &&
        !taken.has(`${n} ${attempt}`),
    )
    taken.add(`${place} ${attempt}`)
    return place < 0 ? [`${receiver}: attempt ${attempt} at ${at} was made already`] : []
  })
}

/** What was just leaving when its reason ended may still ring. */
const callingOffMs = 10_000

/** 2, of what is over: no telephone begins to ring for a call that has its outcome. (Who accepted an alert is told by telephone too.) */
function nobodyRungForWhatIsOver(scenario: Scenario, ledger: readonly LedgerEvent[]): string[] {
  const slots = dueIn(scenario, 0)
  const endOf = new Map(
    outcomesOf(ledger).map((o) => [`${o.receiver} ${ms(o.dueAt)}`, ms(o.at) + callingOffMs]),
  )
  const isLate = (ring: RingEvent): boolean =>
    !slots.some((slot) => {
      const end = endOf.get(`${slot.receiver} ${slot.at}`) ?? Number.POSITIVE_INFINITY
      return slot.receiver === ring.receiver && slot.at <= ms(ring.at) && ms(ring.at) <= end
    })
  return ourRingsOf(ledger)
    .filter((ring) => ring.purpose === 'call' && isLate(ring))
    .map((ring) => `${ring.to} was rung at ${ring.at} about ${ring.receiver}, for what was over`)
}

/** Every ring and text of calls, in order. */
const tries = (ledger: readonly LedgerEvent[]) =>
  ledger.filter(
    (e): e is RingEvent | (TextEvent & { attempt: number }) =>
      (e.event === 'ring' || (e.event === 'text' && e.attempt !== undefined)) && e.purpose === 'call',
  )

/** 2, of lines: never more rings begin in a second than the line's rate. */
function neverTooFast(scenario: Scenario, ledger: readonly LedgerEvent[]): string[] {
  const wrong: string[] = []
  for (const line of scenario.lines) {
    const starts = ourRingsOf(ledger)
      .filter((r) => r.line === line.name)
      .map((r) => ms(r.at))
    for (let i = 0, from = 0; i < starts.length; i++) {
      while (starts[i]! - starts[from]! >= 1000) from++
      if (i - from + 1 > Math.max(1, line.callsPerSecond))
        wrong.push(
          `line ${line.name} rang ${i - from + 1} times in the second from ${new Date(starts[from]!).toISOString()}`,
        )
    }
  }
  return wrong
}

/** 3: acknowledged only where the exchange saw the receiver press a key, answer by text, or ring in. */
function acknowledgedOnlyByPeople(scenario: Scenario, ledger: readonly LedgerEvent[]): string[] {
  // `*` only asks to hear it again
  const isKeyed = (ring: RingEvent) => ring.result === 'answered' && ring.keys.some((key) => key !== '*')
  const proves = (e: LedgerEvent, outcome: OutcomeEvent): boolean => {
    const { phones } = serviceOf(scenario, outcome.receiver).receiver
    const due = ms(outcome.dueAt)
    const isFrom = (early: number) => ms(e.at) >= due - early && ms(e.at) <= ms(outcome.at)
    if (e.event === 'text in') return phones.includes(e.from) && isFrom(checkInEarlyMs)
    if (e.event !== 'ring' || !isKeyed(e)) return false
    if (e.purpose === 'call') return e.receiver === outcome.receiver && isFrom(0)
    if (e.purpose !== 'ring-in' || !isFrom(checkInEarlyMs) || ms(e.endedAt ?? e.at) < ms(outcome.at))
      return false
    // from another telephone it takes their number and a PIN
    return phones.includes(e.from) || e.keys.length > 4
  }
  return outcomesOf(ledger)
    .filter((outcome) => outcome.outcome === 'acknowledged' && !ledger.some((e) => proves(e, outcome)))
    .map(
      (outcome) =>
        `${outcome.receiver} ${outcome.dueAt} is acknowledged, but nobody pressed a key, wrote or rang in`,
    )
}

/** 4: every missed, not placed or help requested call has an alert, which is told at most 60 s after the outcome, faults aside. */
function everyMissAlerts(
  scenario: Scenario,
  ledger: readonly LedgerEvent[],
  aside: readonly Aside[],
): string[] {
  return outcomesOf(ledger)
    .filter(({ outcome }) => ['missed', 'not placed', 'help requested'].includes(outcome))
    .flatMap((outcome) => {
      const what = `${outcome.receiver} ${outcome.dueAt} (${outcome.outcome})`
      const wrong = alertsOf(ledger, outcome).length === 0 ? [`${what} has no alert`] : []
      const by = aMinuteAfter(ms(outcome.at), aside)
      return mustBeTold(scenario, ledger, outcome, by) && !isTold(scenario, ledger, outcome, by)
        ? [...wrong, `${what}: nobody was told within 60 s`]
        : wrong
    })
}

/** When a minute has passed since `from`, not counting what is put aside. */
function aMinuteAfter(from: number, aside: readonly Aside[]): number {
  let by = from + minute
  for (const span of aside.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    // what overlaps counts once: `from` goes on with each
    const begins = Math.max(from, span.from.getTime())
    if (begins >= by) break
    if (span.to.getTime() <= begins) continue
    by += span.to.getTime() - begins
    from = span.to.getTime()
  }
  return by
}

/** An alert may be about several calls of one receiver. */
const alertsOf = (ledger: readonly LedgerEvent[], outcome: OutcomeEvent) =>
  ledger.filter(
    (e): e is AlertEvent =>
      e.event === 'alert' &&
      e.receiver === outcome.receiver &&
      (e.calls ?? [e.dueAt]).includes(outcome.dueAt) &&
      (e.state === 'open' || e.state === 'handed over'),
  )

/** There is somebody to tell, the minute is over, and no fault is in the way of those who have no e-mail. */
function mustBeTold(
  scenario: Scenario,
  ledger: readonly LedgerEvent[],
  outcome: OutcomeEvent,
  by: number,
): boolean {
  const contacts = contactsOf(serviceOf(scenario, outcome.receiver))
  if (contacts.length === 0 || by > scenario.until.getTime()) return false
  const first = Math.min(...contacts.map(({ step }) => step))
  const asked = contacts.filter(({ step }) => step === first)
  if (asked.some(({ channels }) => channels.includes('email'))) return true
  // who was told too often today, or wants no texts, is held back; the alert then goes on at once, to the desk in the end
  if (alertsOf(ledger, outcome).some((e) => e.state === 'handed over' && e.at === outcome.at)) return false
  return !scenario.faults.some(
    (fault) =>
      ['down', 'errors', '429', 'lost response'].includes(fault.kind) &&
      fault.from.getTime() <= by &&
      fault.to.getTime() + recoveryMs >= ms(outcome.at),
  )
}

/**
 * A call that says nothing new may join an alert of which people are told already; one that has rung in vain since that alert began
 * says something new, and counts from its own outcome.
 */
function toldFrom(ledger: readonly LedgerEvent[], outcome: OutcomeEvent): number {
  const [alert] = alertsOf(ledger, outcome)
  if (!alert || alert.dueAt === outcome.dueAt) return ms(outcome.at)
  const hasRungSince = tries(ledger).some(
    (e) => e.receiver === outcome.receiver && e.at >= alert.at && e.at >= outcome.dueAt && e.at <= outcome.at,
  )
  return outcome.outcome === 'missed' && hasRungSince ? ms(outcome.at) : ms(alert.at)
}

/** By a message of its own, or in a call under way that may take this alert in. */
function isTold(
  scenario: Scenario,
  ledger: readonly LedgerEvent[],
  outcome: OutcomeEvent,
  by: number,
): boolean {
  const contacts = contactsOf(serviceOf(scenario, outcome.receiver))
  const from = toldFrom(ledger, outcome)
  return ledger.some((e) => {
    if (!('purpose' in e) || e.purpose !== 'alert' || ms(e.at) > by) return false
    if (isAbout(e, outcome.receiver) && ms(e.at) >= from) return true
    const isContact = contacts.some(({ phone }) => phone === e.to)
    return isContact && (e.event === 'ring' ? ms(e.endedAt ?? e.at) >= from : ms(e.at) >= from)
  })
}

/** 4, of floods: no alert begins with a call that could not be placed while an alert about the same person, begun within the hour, is not over. */
function neverAFlood(_scenario: Scenario, ledger: readonly LedgerEvent[]): string[] {
  const alerts = ledger.filter((e): e is AlertEvent => e.event === 'alert')
  const isUnplaced = ({ receiver, dueAt }: AlertEvent) =>
    outcomesOf(ledger).some((o) => o.receiver === receiver && o.dueAt === dueAt && o.outcome === 'not placed')
  return alerts.flatMap((second, at) => {
    if (second.state !== 'open' || !isUnplaced(second)) return []
    const first = alerts
      .slice(0, at)
      .findLast((e) => e.receiver === second.receiver && e.state === 'open' && e.dueAt !== second.dueAt)
    const isOver = alerts
      .slice(0, at)
      .some((e) => e.state === 'closed' && e.receiver === first?.receiver && e.dueAt === first.dueAt)
    return !first || isOver || ms(second.at) - ms(first.at) >= 60 * minute
      ? []
      : [`${second.receiver}: a second alert at ${second.at} about what could not be placed`]
  })
}

/** 5: an alert that nobody accepts ends handed over, once its steps and rounds are through. */
function unacceptedIsHandedOver(scenario: Scenario, ledger: readonly LedgerEvent[]): string[] {
  const wrong: string[] = []
  for (const open of ledger) {
    if (open.event !== 'alert' || open.state !== 'open') continue
    const service = serviceOf(scenario, open.receiver)
    const steps = new Set(contactsOf(service).map((s) => s.step)).size
    const patience = Math.max(1, steps) * service.alert.rounds * service.alert.stepMinutes * minute
    const ended = ledger.some(
      (e) =>
        e.event === 'alert' && e.receiver === open.receiver && e.dueAt === open.dueAt && e.state !== 'open',
    )
    const away = outagesOf(scenario).reduce((sum, { from, to }) => sum + to.getTime() - from.getTime(), 0)
    if (!ended && ms(open.at) + patience + away < scenario.until.getTime())
      wrong.push(`the alert about ${open.receiver} of ${open.at} is neither accepted nor handed over`)
  }
  return wrong
}

/** Who picks up when the call is of no use any more hears that, and no message. */
const tooLateWords = 'There is nothing that you need to do.'

/** 6: nothing is played or written for a call later than its useful time. */
function nothingStale(scenario: Scenario, ledger: readonly LedgerEvent[]): string[] {
  const slots = dueIn(scenario, 0)
  return tries(ledger)
    .filter((e) => e.event === 'text' || (e.heard.length > 0 && !e.heard.includes(tooLateWords)))
    .filter((e) => {
      const at = ms((e.event === 'ring' && e.answeredAt) || e.at)
      return !slots.some((slot) => slot.receiver === e.receiver && slot.at <= at && at <= slot.usefulUntil)
    })
    .map((e) => `${e.receiver} got a message at ${e.at} that was no longer useful`)
}
