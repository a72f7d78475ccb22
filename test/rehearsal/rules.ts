// Test / rehearsal / rules: the six rules that every ledger must show, checked from the ledger and the scenario alone
// (docs/rehearsal.md). Knows nothing of the application.

import type { LedgerEvent, OutcomeEvent, RingEvent } from '../../src/rehearsal/ledger.ts'
import type { Scenario, ScenarioService } from '../../src/rehearsal/scenario.ts'
import { slotsBetween } from '../../src/schedules/recurrence.ts'

const minute = 60_000
const ms = (at: string) => Date.parse(at)

/** @returns what is wrong, a line each; empty when every rule holds. */
export function brokenRules(scenario: Scenario, ledger: readonly LedgerEvent[]): string[] {
  return [
    everySlotEnds,
    ringsInOrder,
    acknowledgedOnlyByPeople,
    everyMissAlerts,
    unacceptedIsHandedOver,
    nothingStale,
  ].flatMap((rule) => rule(scenario, ledger).map((what) => `${rule.name}: ${what}`))
}

const outcomesOf = (ledger: readonly LedgerEvent[]) =>
  ledger.filter((e): e is OutcomeEvent => e.event === 'outcome')
const ringsOf = (ledger: readonly LedgerEvent[]) => ledger.filter((e): e is RingEvent => e.event === 'ring')

function serviceOf(scenario: Scenario, receiver: string): ScenarioService {
  const found = scenario.services.find((service) => service.receiver.name === receiver)
  if (!found) throw new Error(`the ledger names ${receiver}, who is not in the scenario`)
  return found
}

/** A call or text may be about several. */
const isAbout = (e: { receiver: string | null; receivers?: string[] }, receiver: string): boolean =>
  e.receivers?.includes(receiver) ?? e.receiver === receiver

/** How long a call may be under way: its useful time, and the last attempt begun in it. */
const planMs = (service: ScenarioService) => (service.usefulForMinutes + 10) * minute

/** 1: every slot that falls due has exactly one outcome, or is still inside its plan's time at `until`. */
function everySlotEnds(scenario: Scenario, ledger: readonly LedgerEvent[]): string[] {
  const wrong: string[] = []
  const counts = new Map<string, number>()
  for (const outcome of outcomesOf(ledger)) {
    const key = `${outcome.receiver} ${outcome.dueAt}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  for (const service of scenario.services) {
    const expected = new Map<string, number>()
    for (const schedule of service.schedules) {
      const rule = schedule.date
        ? { time: schedule.time, date: schedule.date }
        : {
            time: schedule.time,
            days: schedule.days ?? (['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const),
          }
      for (const slot of slotsBetween(rule, service.receiver.timeZone, scenario.start, scenario.until)) {
        const key = `${service.receiver.name} ${slot.dueAt.toISOString()}`
        expected.set(key, (expected.get(key) ?? 0) + 1)
      }
    }
    for (const [key, want] of expected) {
      const due = ms(key.slice(key.lastIndexOf(' ') + 1))
      const got = counts.get(key) ?? 0
      counts.delete(key)
      if (got > want) wrong.push(`${key} has ${got} outcomes, not ${want}`)
      else if (got < want && due + planMs(service) < scenario.until.getTime())
        wrong.push(`${key} has ${got} outcomes, not ${want}`)
    }
  }
  for (const outcome of outcomesOf(ledger).filter((one) => isAskedByRingingIn(one, ledger)))
    counts.delete(`${outcome.receiver} ${outcome.dueAt}`)
  for (const key of counts.keys()) wrong.push(`${key} has an outcome but was never due`)
  return wrong
}

/** Help that was asked for by ringing in is a call of its own, due and over in the instant of its key. */
function isAskedByRingingIn(outcome: OutcomeEvent, ledger: readonly LedgerEvent[]): boolean {
  return (
    outcome.outcome === 'help requested' &&
    outcome.dueAt === outcome.at &&
    ringsOf(ledger).some((ring) => ring.purpose === 'ring-in' && isDuring(ring, outcome.at))
  )
}

const isDuring = (ring: RingEvent, at: string): boolean =>
  ring.keys.length > 0 && ms(ring.at) <= ms(at) && (ring.endedAt === null || ms(at) <= ms(ring.endedAt))

/** 2: no number is rung by two calls at once; never more rings than attempts; never more rings a second than the line's rate. */
function ringsInOrder(scenario: Scenario, ledger: readonly LedgerEvent[]): string[] {
  const wrong: string[] = []
  const rings = ringsOf(ledger).filter((ring) => ring.purpose !== 'ring-in')
  const busyUntil = new Map<string, number>()
  for (const ring of rings) {
    if ((busyUntil.get(ring.to) ?? 0) > ms(ring.at))
      wrong.push(`${ring.to} was rung at ${ring.at} while it rang already`)
    busyUntil.set(ring.to, ring.endedAt ? ms(ring.endedAt) : Number.POSITIVE_INFINITY)
  }
  const perCall = new Map<string, number>()
  for (const outcome of outcomesOf(ledger)) {
    const attempts = serviceOf(scenario, outcome.receiver).attempts
    if (outcome.attempts.length > attempts)
      wrong.push(`${outcome.receiver} ${outcome.dueAt}: ${outcome.attempts.length} attempts, not ${attempts}`)
  }
  for (const ring of rings.filter((r) => r.purpose === 'call')) {
    // rings of one call carry rising attempt numbers; a number seen again is another call's
    const key = `${ring.receiver} ${ring.attempt} ${ring.at}`
    perCall.set(key, (perCall.get(key) ?? 0) + 1)
    if (perCall.get(key)! > 1) wrong.push(`${key} rang twice`)
    if ((ring.attempt ?? 0) > serviceOf(scenario, ring.receiver ?? '').attempts)
      wrong.push(`${ring.receiver}: attempt ${ring.attempt}`)
  }
  for (const line of scenario.lines) {
    const starts = rings.filter((r) => r.line === line.name).map((r) => ms(r.at))
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

/** 3: acknowledged only where the exchange saw a key, a text or a ring-in from the receiver, or a stakeholder acted. */
function acknowledgedOnlyByPeople(scenario: Scenario, ledger: readonly LedgerEvent[]): string[] {
  const wrote = (outcome: OutcomeEvent) =>
    ledger.some(
      (e) =>
        e.event === 'text in' &&
        serviceOf(scenario, outcome.receiver).receiver.phones.includes(e.from) &&
        ms(e.at) >= ms(outcome.dueAt) &&
        ms(e.at) <= ms(outcome.at),
    )
  const keyed = ringsOf(ledger).filter(
    (ring) => ring.purpose === 'call' && ring.result === 'answered' && ring.keys.length > 0,
  )
  // from two hours before it is due a call may be acknowledged by ringing in
  const rangIn = (outcome: OutcomeEvent) =>
    ringsOf(ledger).some(
      (ring) =>
        ring.purpose === 'ring-in' &&
        (ring.from === 'withheld' || ring.for === outcome.receiver) &&
        isDuring(ring, outcome.at) &&
        ms(outcome.at) >= ms(outcome.dueAt) - 2 * 60 * minute,
    )
  return outcomesOf(ledger)
    .filter((outcome) => outcome.outcome === 'acknowledged')
    .filter(
      (outcome) =>
        !wrote(outcome) &&
        !rangIn(outcome) &&
        !keyed.some(
          (ring) =>
            ring.receiver === outcome.receiver &&
            ms(ring.at) >= ms(outcome.dueAt) &&
            ms(ring.at) <= ms(outcome.at),
        ),
    )
    .map((outcome) => `${outcome.receiver} ${outcome.dueAt} is acknowledged, but nobody pressed a key`)
}

/** 4: every missed, not placed or help requested call with alert receivers has an alert, told at most 60 s after the outcome. */
function everyMissAlerts(scenario: Scenario, ledger: readonly LedgerEvent[]): string[] {
  const wrong: string[] = []
  for (const outcome of outcomesOf(ledger)) {
    if (!['missed', 'not placed', 'help requested'].includes(outcome.outcome)) continue
    const service = serviceOf(scenario, outcome.receiver)
    const receivers = service.stakeholders.filter((s) => s.roles.includes('alert receiver'))
    const what = `${outcome.receiver} ${outcome.dueAt} (${outcome.outcome})`
    const opened = ledger.some(
      (e) =>
        e.event === 'alert' &&
        e.receiver === outcome.receiver &&
        e.dueAt === outcome.dueAt &&
        (e.state === 'open' || e.state === 'handed over'),
    )
    if (!opened) wrong.push(`${what} has no alert`)
    if (receivers.length === 0 || ms(outcome.at) + minute > scenario.until.getTime()) continue
    const told = ledger.some(
      (e) =>
        'purpose' in e &&
        e.purpose === 'alert' &&
        isAbout(e, outcome.receiver) &&
        ms(e.at) <= ms(outcome.at) + minute &&
        // an alert may join a call that rings already
        ms(e.event === 'ring' ? (e.endedAt ?? e.at) : e.at) >= ms(outcome.at),
    )
    if (!told) wrong.push(`${what}: nobody was told within 60 s`)
  }
  return wrong
}

/** 5: an alert that nobody accepts ends handed over, once its steps and rounds are through. */
function unacceptedIsHandedOver(scenario: Scenario, ledger: readonly LedgerEvent[]): string[] {
  const wrong: string[] = []
  for (const open of ledger) {
    if (open.event !== 'alert' || open.state !== 'open') continue
    const service = serviceOf(scenario, open.receiver)
    const steps = new Set(
      service.stakeholders.filter((s) => s.roles.includes('alert receiver')).map((s) => s.step),
    ).size
    const patience = Math.max(1, steps) * service.alert.rounds * service.alert.stepMinutes * minute
    const ended = ledger.some(
      (e) =>
        e.event === 'alert' && e.receiver === open.receiver && e.dueAt === open.dueAt && e.state !== 'open',
    )
    if (!ended && ms(open.at) + patience < scenario.until.getTime())
      wrong.push(`the alert about ${open.receiver} of ${open.at} is neither accepted nor handed over`)
  }
  return wrong
}

/** 6: nothing is played for a call later than its useful time. */
function nothingStale(scenario: Scenario, ledger: readonly LedgerEvent[]): string[] {
  const outcomes = outcomesOf(ledger)
  return ringsOf(ledger)
    .filter((ring) => ring.purpose === 'call' && ring.heard.length > 0)
    .filter((ring) => {
      const service = serviceOf(scenario, ring.receiver ?? '')
      const due = outcomes
        .filter((o) => o.receiver === ring.receiver && ms(o.dueAt) <= ms(ring.at))
        .map((o) => ms(o.dueAt))
        .sort((a, b) => b - a)[0]
      return due !== undefined && ms(ring.answeredAt ?? ring.at) > due + service.usefulForMinutes * minute
    })
    .map((ring) => `${ring.receiver} heard a message at ${ring.at} that was no longer useful`)
}
