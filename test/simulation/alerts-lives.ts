// Simulation / lives of alerts: lives a seeded world through a `decide`, judging every step and every notice. The machine is
// a parameter so that mutants of it can be lived too. Called by alerts.test.ts.
import { isDeepStrictEqual } from 'node:util'
import type { AlertState, decide, raised } from '../../src/alerts/machine.ts'
import type { Contact, Notice, noticesOf } from '../../src/alerts/who.ts'
import { seeded } from '../../src/kit/seeded.ts'
import { judge, judgeEnd, type Moment, newHistory } from './alerts-rules.ts'
import { makeWorld, openedMs } from './alerts-world.ts'

export interface Machine {
  decide: typeof decide
  raised: typeof raised
  noticesOf: typeof noticesOf
}

export interface Lived {
  lives: number
  steps: number
  /** how often each event met each state, how often each ending came: what the worlds reached */
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
const stepsAtMost = 2000

/** Live `lives` lives of `seed` and stop at the first that breaks a rule. */
export function live(machine: Machine, seed: string, lives: number): Lived {
  const lived: Lived = { lives: 0, steps: 0, reached: new Map(), broken: null }
  for (let life = 0; life < lives; life++) {
    lived.broken = liveOne(machine, `${seed}/${life}`, life, lived)
    lived.lives++
    if (lived.broken) return lived
  }
  return lived
}

function liveOne(machine: Machine, seed: string, life: number, lived: Lived): Broken | null {
  const chance = seeded(seed)
  const world = makeWorld(chance)
  const history = newHistory()
  const story: (() => string)[] = []
  const told = new Map<string, Contact>()
  let state: AlertState = machine.raised(
    chance.fork('reason').pick(['missed', 'missed', 'not placed', 'help requested']),
    new Date(openedMs),
  )
  let nowMs = openedMs
  for (let steps = 0; steps < stepsAtMost; steps++) {
    const coming = world.next()
    if (!coming) {
      count(lived.reached, `ended ${state.is}`)
      return result(judgeEnd(history, state))
    }
    nowMs = Math.max(nowMs, coming.atMs)
    const { event } = coming
    const plan = world.planAt(nowMs)
    const circle = { ...world.circleAt(nowMs), told: [...told.values()] }
    count(lived.reached, `${event.kind} in ${state.is}`)
    lived.steps++
    const step = machine.decide(state, event, plan, new Date(nowMs))
    const sent = step.effects.flatMap((effect) => {
      const telling = machine.noticesOf(effect, circle)
      if (!telling) return []
      const notices = effect.do === 'notifyStep' ? world.holdsBack(telling.notices) : telling.notices
      return notices.map((notice) => ({ tells: telling.tells, notice }))
    })
    const moment: Moment = { before: state, event, plan, circle, nowMs, step, sent }
    story.push(() => tell(moment))
    const rules = judge(history, moment)
    for (const { tells, notice } of sent)
      if (tells === 'alert' && !notice.trouble?.startsWith('held back')) remember(told, notice)
    if (step.state !== state) world.sees(nowMs, step.state, sent)
    state = step.state
    // the very same event once more, at once: nothing may happen
    const again = machine.decide(state, event, plan, new Date(nowMs))
    if ((again.state !== state && !isDeepStrictEqual(again.state, state)) || again.effects.length > 0)
      rules.push('a repeated event changed something')
    if (rules.length > 0) return result(rules)
  }
  return result(['a life without an end'])

  function result(rules: readonly string[]): Broken | null {
    return rules.length === 0
      ? null
      : {
          life,
          rules,
          story: [
            ...story.map((line) => line()),
            JSON.stringify([world.planAt(nowMs), world.circleAt(nowMs)]),
          ],
        }
  }
}

/** As the store keeps it: a person is told over the channels that were used so far. */
function remember(told: Map<string, Contact>, { contact, channel }: Notice): void {
  const before = told.get(contact.personId)?.channels ?? []
  told.set(contact.personId, { ...contact, channels: [...new Set([...before, channel])] })
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}

function tell({ nowMs, event, step, sent }: Moment): string {
  const notices = sent
    .map(({ tells, notice }) => `${tells}:${notice.contact.personId}/${notice.channel}`)
    .join(' ')
  return `${new Date(nowMs).toISOString()} ${JSON.stringify(event)} → ${JSON.stringify(step.state)} ${JSON.stringify(step.effects)} ${notices}`
}
