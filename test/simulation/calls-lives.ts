// Simulation / lives of calls: lives a seeded world through a `decide`, judging every step. The `decide` is a parameter
// so that mutants of it can be lived too. Called by calls.test.ts.
import type { CallEvent, CallState, decide } from '../../src/calls/machine.ts'
import { seeded } from '../../src/kit/seeded.ts'
import { judge, judgeEnd, type Moment, newHistory } from './calls-rules.ts'
import { dueMs, makeWorld } from './calls-world.ts'

export interface Lived {
  lives: number
  steps: number
  /** how often each event met each state, how often each outcome came: what the worlds reached */
  reached: Map<string, number>
  broken: Broken | null
}

export interface Broken {
  life: number
  rules: readonly string[]
  /** the life as it went, a step a line */
  story: readonly string[]
}

/** No world makes so many steps. A life that does goes round in circles. */
const stepsAtMost = 500

/** Live `lives` lives of `seed`, from life `first` on, and stop at the first that breaks a rule. */
export function live(machine: typeof decide, seed: string, lives: number, first = 0): Lived {
  const lived: Lived = { lives: 0, steps: 0, reached: new Map(), broken: null }
  for (let life = first; life < first + lives; life++) {
    lived.broken = liveOne(machine, `${seed}/${life}`, life, lived)
    lived.lives++
    if (lived.broken) return lived
  }
  return lived
}

function liveOne(machine: typeof decide, seed: string, life: number, lived: Lived): Broken | null {
  const world = makeWorld(seeded(seed))
  const history = newHistory()
  const story: string[] = []
  let state: CallState = { is: 'waiting', wakeAt: new Date(dueMs) }
  let nowMs = 0
  for (let steps = 0; steps < stepsAtMost; steps++) {
    const coming = world.next()
    if (!coming) {
      count(lived.reached, `ended ${state.is === 'closed' ? state.outcome : state.is}`)
      return result(judgeEnd(history, state, world.planAt(nowMs)))
    }
    nowMs = Math.max(nowMs, coming.atMs)
    const plan = world.planAt(nowMs)
    const { event } = coming
    count(lived.reached, `${event.kind} in ${state.is}`)
    lived.steps++
    const moment: Moment = {
      before: state,
      event,
      plan,
      nowMs,
      step: machine(state, event, plan, new Date(nowMs)),
    }
    story.push(tell(nowMs, event, moment.step.state, moment.step.effects))
    const rules = judge(history, moment)
    if (moment.step.state !== state) world.sees(nowMs, moment.step.state, moment.step.effects)
    state = moment.step.state
    // the very same event once more, at once: nothing may happen
    const again = machine(state, event, plan, new Date(nowMs))
    if (again.state !== state || again.effects.length > 0) rules.push('a repeated event changed something')
    if (rules.length > 0) return result(rules)
  }
  return result(['a life without an end'])

  function result(rules: readonly string[]): Broken | null {
    return rules.length === 0 ? null : { life, rules, story: [...story, JSON.stringify(world.planAt(nowMs))] }
  }
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}

function tell(nowMs: number, event: CallEvent, state: CallState, effects: readonly unknown[]): string {
  return `${new Date(nowMs).toISOString()} ${JSON.stringify(event)} → ${JSON.stringify(state)} ${JSON.stringify(effects)}`
}
