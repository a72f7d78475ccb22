// Simulation / days / web: the process that the provider tells and asks, and that people press buttons in. What src/lines/webhooks.ts
// and the pages do, over rows in memory.

import type { LineEvent, Step } from '../../../src/lines/types.ts'
import { advanceAlert, alertKeyed, askNext, membersOf } from './alerts.ts'
import { advanceCall, callKeyed, type Standing, standingOfCall } from './calls.ts'
import { advanceOutgoing } from './lines.ts'
import type { Tx } from './memory.ts'
import {
  type Alert,
  type Call,
  databaseGone,
  goOn,
  guarded,
  inTx,
  killed,
  nowOf,
  type Outgoing,
  type World,
} from './world.ts'

/** What a person hears: of a call how it stands, of alerts about whom; and whether a key is waited for. */
export interface Heard {
  asks: boolean
}

/** A report. While the process is stopped it lies in the socket; when it is gone, or fails, the provider tries again. */
export function webHears(world: World, outgoing: Outgoing, event: LineEvent, retries: number): void {
  const { web } = world
  if (web.isStopped) {
    goOn(web, () => guarded(world, web, () => webHears(world, outgoing, event, 0)))
    return
  }
  const step = handle(world, (tx) => advanceOutgoing(world, tx, outgoing, event))
  if (step?.stray) world.provider.hangUp(step.stray)
  if (step && event.kind === 'state' && event.state.kind === 'ringing')
    world.provider.noteRinging(event.sid, outgoing)
  if (!step && retries > 0) world.engine.after(1000, () => webHears(world, outgoing, event, retries - 1))
}

/** A question: somebody is on the line. @returns null when no answer came */
export function webAsks(world: World, outgoing: Outgoing, event: LineEvent): Heard | null {
  if (world.web.isStopped) return null
  return handle(world, (tx) => {
    const step = advanceOutgoing(world, tx, outgoing, event)
    const { owner } = outgoing
    if (!step.ask || step.ask.kind === 'sorry') return { asks: false }
    return owner.room === 'calls'
      ? inCall(world, tx, owner.call, owner.attempt, step)
      : aboutAlerts(world, tx, outgoing, step)
  })
}

/** One request in one transaction; null when it failed, or its answer was lost. */
function handle<T>(world: World, work: (tx: Tx) => T): T | null {
  if (!world.web.isAlive) return null
  try {
    const result = inTx(world, world.web, work)
    return world.web.isStopped ? null : result
  } catch (error) {
    if (error !== killed && error !== databaseGone) world.rules.crashed(error)
    return null
  }
}

function inCall(world: World, tx: Tx, call: Call, attempt: number, { ask }: Step): Heard {
  const standing: Standing | null =
    ask?.kind === 'keyed' ? callKeyed(world, tx, call, attempt, ask.key) : standingOfCall(call, nowOf(world))
  const wasAsked = ask?.kind === 'answered'
  tx.afterCommit(() => {
    if (wasAsked && standing === 'open') world.rules.played(call)
    if (!wasAsked && (standing === 'acknowledged' || standing === 'help requested'))
      world.rules.confirmed(call)
  })
  return { asks: wasAsked && (standing === 'open' || standing === 'stale') }
}

function aboutAlerts(world: World, tx: Tx, outgoing: Outgoing, { ask }: Step): Heard {
  if (ask?.kind === 'keyed') alertKeyed(world, tx, outgoing)
  const next = askNext(world, tx, outgoing)
  tx.afterCommit(() => world.rules.heardOf(outgoing, next))
  return { asks: next !== null }
}

// ── people, by themselves ───────────────────────────────────────────────────────────────────────────────────────

/** Somebody answers a text: the receiver that they are well, a stakeholder that they will see to it. */
export function answersTexts(world: World, outgoing: Outgoing): void {
  const { owner } = outgoing
  if (owner.room === 'calls') {
    world.rules.pressed(outgoing, 'Y')
    act(world, (tx) => {
      advanceCall(world, tx, owner.call, { kind: 'acknowledged', by: 'text', attempt: owner.attempt })
      tx.afterCommit(() => {
        if (owner.call.acknowledged_at !== null) world.rules.confirmed(owner.call)
      })
    })
    return
  }
  for (const { alert, person } of membersOf(outgoing))
    act(world, (tx) =>
      advanceAlert(world, tx, alert, { kind: 'accepted', by: person.personId, over: 'text' }),
    )
}

/** A button on a page. @returns whether it went through */
export function act(world: World, work: (tx: Tx) => unknown): boolean {
  if (world.web.isStopped) return false
  return (
    handle(world, (tx) => {
      work(tx)
      return true
    }) ?? false
  )
}

export function saysFine(world: World, alert: Alert, by: string): boolean {
  return act(world, (tx) =>
    advanceAlert(world, tx, alert, { kind: 'said', what: 'she is fine', by, over: 'page' }),
  )
}
