// Simulation / the world of one call: what receivers, lines, stakeholders, sweepers and outages may do to it, as events
// that come late, twice, out of order or never. Seeded: same seed, same world. Called by calls-lives.ts.
import type { By, CallEffect, CallEvent, CallPlan, CallState, Found } from '../../src/calls/machine.ts'
import type { Seeded } from '../../src/kit/seeded.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
export const dueMs = Date.UTC(2026, 10, 24, 9)

export interface Coming {
  atMs: number
  event: CallEvent
  /** the sweeper's, made when the state was saved; or anything else */
  isSweep: boolean
}

export interface World {
  planAt(nowMs: number): CallPlan
  /** the next thing to happen, in order of time; null when nothing will */
  next(): Coming | null
  /** what the world does about a step that was saved */
  sees(nowMs: number, state: CallState, effects: readonly CallEffect[]): void
}

const founds: readonly Found[] = [
  'answered without a key',
  'voicemail',
  'rang out',
  'rang out',
  'busy',
  'rejected',
  'unreachable number',
  'not placed',
  // ended by the provider's own hand
  'cancelled',
]

export function makeWorld(chance: Seeded): World {
  const plan = anyPlan(chance.fork('plan'))
  const skips = anySkips(chance.fork('skips'))
  const flow = chance.fork('flow')
  // a calm world and a rough one want different amounts of trouble, or the rough hides what the calm would show
  const trouble = flow.pick([0, 0.05, 0.3])
  const coming: Coming[] = []
  const add = (atMs: number, event: CallEvent, isSweep = false) => {
    const at = coming.findIndex((other) => other.atMs > atMs)
    coming.splice(at < 0 ? coming.length : at, 0, { atMs, event, isSweep })
  }

  /** Deliver: perhaps never, perhaps late, perhaps several times. */
  function deliver(atMs: number, event: CallEvent): void {
    if (flow.bool(trouble / 3)) return
    const lateBy = flow.bool(trouble) ? flow.int(0, flow.pick([5 * second, 3 * minute, 2 * hour])) : 0
    add(atMs + lateBy, event)
    while (flow.bool(trouble))
      add(atMs + lateBy + flow.int(0, flow.pick([second, 10 * minute, 3 * hour])), event)
  }

  function ring(nowMs: number, attempt: number): void {
    const isLeftWaiting = flow.bool(0.05)
    const waitMs = isLeftWaiting ? flow.int(0, plan.usefulUntil.getTime() - nowMs) : flow.int(0, 5 * second)
    const rangAt = nowMs + waitMs
    const answeredMs = rangAt + flow.int(1, plan.ringMs)
    const endMs = answeredMs + flow.int(1, 3 * minute)
    const mood = flow.next()
    const found = flow.pick(founds)
    if (mood < 0.25) deliver(flow.int(answeredMs, endMs), { kind: 'acknowledged', by: 'key', attempt })
    if (mood > 0.2 && mood < 0.3) deliver(flow.int(answeredMs, endMs), { kind: 'helpRequested', attempt })
    if (mood > 0.97) deliver(endMs + flow.int(0, 2 * hour), { kind: 'helpRequested', attempt })
    if (mood > 0.3 && mood < 0.36)
      deliver(endMs + flow.int(0, 2 * hour), { kind: 'acknowledged', by: 'key', attempt })
    const hasRung = (found !== 'not placed' && found !== 'cancelled') || flow.bool(0.2)
    deliver(endMs, { kind: 'attemptEnded', attempt, found, rangAt: hasRung ? new Date(rangAt) : null })
  }

  /** A text leaves, and is answered at once, while it is waited for, long after, or never. */
  function write(nowMs: number, attempt: number): void {
    const endMs = nowMs + flow.int(1, flow.pick([5 * second, 2 * minute]))
    const mood = flow.next()
    const found: Found = flow.pick(['no reply', 'no reply', 'no reply', 'unreachable number', 'not placed'])
    const replyMs = () => nowMs + flow.int(1, flow.pick([plan.gapMs, hour, 4 * hour]))
    if (mood < 0.3) deliver(replyMs(), { kind: 'acknowledged', by: 'text', attempt })
    if (mood > 0.25 && mood < 0.33) deliver(replyMs(), { kind: 'helpRequested', attempt })
    deliver(endMs, { kind: 'attemptEnded', attempt, found, rangAt: null })
  }

  /** A sweeper comes at once, or after an outage, or in the very instant of uselessness. */
  function sweepAfter(wakeMs: number): number {
    const usefulMs = plan.usefulUntil.getTime()
    if (flow.bool(0.02)) return Math.max(wakeMs, usefulMs)
    if (!flow.bool(trouble / 2)) return wakeMs + flow.int(0, 200)
    return wakeMs + flow.int(0, flow.pick([minute, hour, 26 * hour]))
  }

  const someMs = () => (flow.bool() ? dueMs + flow.int(0, 15 * minute) : dueMs - hour + flow.int(0, 4 * hour))
  if (flow.bool(0.15)) deliver(someMs(), { kind: 'acknowledged', by: 'stakeholder', personId: 'ben' })
  if (flow.bool(0.12)) deliver(someMs() - flow.int(0, 3 * hour), { kind: 'acknowledged', by: 'ring-in' })
  if (flow.bool(0.05))
    deliver(someMs() - flow.int(0, 3 * hour), { kind: 'acknowledged', by: 'text', attempt: null })
  if (flow.bool(0.02)) deliver(someMs(), { kind: 'helpRequested', attempt: null })
  if (flow.bool(0.05)) deliver(someMs(), { kind: 'skipped', reason: 'hospital' })
  if (flow.bool(0.03)) deliver(someMs(), { kind: 'gaveUp' })
  // what cannot be, but must do no harm: keys and ends of attempts that never were, alarms before their time
  if (flow.bool(0.1)) add(someMs(), { kind: 'acknowledged', by: 'key', attempt: flow.int(1, 7) })
  if (flow.bool(0.05)) add(someMs(), { kind: 'acknowledged', by: 'text', attempt: flow.int(1, 7) })
  if (flow.bool(0.1))
    add(someMs(), { kind: 'attemptEnded', attempt: flow.int(1, 7), found: flow.pick(founds), rangAt: null })
  if (flow.bool(0.02)) add(someMs(), { kind: 'helpRequested', attempt: 1 })
  for (let n = flow.int(0, 3); n > 0; n--) add(someMs(), { kind: 'woke' })
  add(sweepAfter(dueMs), { kind: 'woke' }, true)

  return {
    planAt: (nowMs) => ({
      ...plan,
      skip: skips.find((s) => s.fromMs <= nowMs && nowMs < s.toMs)?.reason ?? null,
    }),
    next: () => coming.shift() ?? null,
    sees(nowMs, state, effects) {
      for (const effect of effects) {
        if (effect.do === 'ring') ring(nowMs, effect.attempt)
        if (effect.do === 'text') write(nowMs, effect.attempt)
        if (effect.do === 'cancelAttempt') {
          deliver(nowMs + flow.int(0, 5 * second), {
            kind: 'attemptEnded',
            attempt: effect.attempt,
            found: 'cancelled',
            rangAt: null,
          })
        }
      }
      if (state.is !== 'closed')
        add(Math.max(nowMs, sweepAfter(state.wakeAt.getTime())), { kind: 'woke' }, true)
    },
  }
}

function anyPlan(chance: Seeded): CallPlan {
  const isDefault = chance.bool(0.3)
  const usefulMinutes = isDefault ? 60 : chance.pick([1, 5, 10, 30, 60, 120, 1440])
  return {
    isTest: chance.bool(0.1),
    by: chance.pick<By>(['call', 'call', 'text', 'call then text', 'text then call']),
    attempts: isDefault ? 3 : chance.int(1, 6),
    gapMs: (isDefault ? 5 : chance.int(1, chance.pick([5, 60]))) * minute,
    ringMs: chance.int(20, 120) * second,
    phones: chance.int(1, 2),
    mobiles: chance.int(0, 2),
    usefulUntil: new Date(dueMs + usefulMinutes * minute),
    skip: null,
  }
}

function anySkips(chance: Seeded): { fromMs: number; toMs: number; reason: string }[] {
  if (!chance.bool(0.08)) return []
  const fromMs = dueMs + chance.int(-hour, hour)
  return [{ fromMs, toMs: fromMs + chance.int(minute, 48 * hour), reason: 'staying with family' }]
}
