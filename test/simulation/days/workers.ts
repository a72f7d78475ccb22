// Simulation / days / workers: the processes that act by time, each round in the order of src/wiring.ts, and how they are killed, stopped
// and started again. What a stopped one had in its hands goes on when it is let go on; of a killed one only the rows are left.
import { type Planned, plan } from '../../../src/schedules/plan.ts'
import { dueAlerts, wakeAlert } from './alerts.ts'
import { dueCalls, wakeCall, wakeMany } from './calls.ts'
import { lineSteps, nextOfLine } from './lines.ts'
import { people } from './people.ts'
import { nothingSeen } from './rules.ts'
import {
  after,
  type Call,
  goOn,
  guarded,
  inTx,
  lookSoon,
  newId,
  nowOf,
  type Process,
  type Schedule,
  type Service,
  type World,
} from './world.ts'

const pollMs = 150
const plansAtMost = 100

export function processNamed(name: string): Process {
  return {
    name,
    isAlive: true,
    isStopped: false,
    life: 0,
    parked: [],
    trouble: null,
    owner: name,
    session: name,
    tokens: new Map(),
    inFlight: 0,
  }
}

export function kill(world: World, who: Process, forMs: number): void {
  who.life++
  who.isAlive = false
  who.isStopped = false
  who.parked = []
  who.trouble = null
  who.session = ''
  who.tokens.clear()
  who.inFlight = 0
  const { life } = who
  world.engine.after(forMs, () => {
    if (who.life !== life) return
    who.life++
    who.isAlive = true
    who.owner = `${who.name}/${who.life}`
    who.session = `${who.owner} of ${world.engine.now}`
    lookSoon(world)
  })
}

export function stop(world: World, who: Process, forMs: number): void {
  if (!who.isAlive) return
  who.isStopped = true
  const { life } = who
  world.engine.after(forMs, () => {
    if (who.life !== life) return
    who.isStopped = false
    for (const next of who.parked.splice(0)) goOn(who, () => guarded(world, who, next))
    lookSoon(world)
  })
}

/** One of the workers looks for what is due, and arranges the next look. */
export function look(world: World): void {
  world.lookAt = Number.POSITIVE_INFINITY
  const able = world.workers.filter(({ isAlive, isStopped }) => isAlive && !isStopped)
  if (able.length === 0 || world.database.isDown) {
    lookSoon(world, world.engine.now + pollMs * 4)
    return
  }
  // mostly the same one, whose lines they are; the others have looked a moment too late
  if (world.chance.bool(0.01)) world.quickest = world.chance.int(0, 9)
  const who = able[world.quickest % able.length]!
  guarded(world, who, () => inOrder(who, stepsDue(world, who)))
  const next = nextEvent(world)
  if (next < Number.POSITIVE_INFINITY)
    lookSoon(world, next > world.engine.now ? next : world.engine.now + pollMs)
}

/** In true time. */
function nextEvent(world: World): number {
  let next = Math.min(
    world.callWakes.next(),
    world.alertWakes.next(),
    world.outgoingWakes.next(),
    world.planWakes.next(),
  )
  for (const line of world.lines) {
    next = Math.min(next, nextOfLine(line))
    if (line.health.probeAt) next = Math.min(next, line.health.probeAt.getTime())
  }
  return next - world.aheadMs
}

type Next = () => void
/** Something that is done, and what is done after it. */
type Step = (next: Next) => void

function inOrder(who: Process, all: readonly Step[]): void {
  const [first, ...rest] = all
  if (first) goOn(who, () => first(() => inOrder(who, rest)))
}

/** One round: every actor that has something due, in their order. */
function stepsDue(world: World, who: Process): Step[] {
  const now = nowOf(world).getTime()
  const all: Step[] = []
  if (world.planWakes.next() <= now)
    all.push(
      sweep(
        who,
        () => dueSchedules(world),
        (schedule) => planSchedule(world, who, schedule),
      ),
    )
  if (world.callWakes.next() <= now)
    all.push(
      sweep(
        who,
        () => wakeMany(world, who, dueCalls(world)),
        (call) => wakeCall(world, who, call),
      ),
    )
  if (world.alertWakes.next() <= now)
    all.push(
      sweep(
        who,
        () => dueAlerts(world),
        (alert) => wakeAlert(world, who, alert),
      ),
    )
  all.push((next) => {
    inOrder(
      who,
      lineSteps(world, who).map(
        (step): Step =>
          (go) => {
            step()
            go()
          },
      ),
    )
    next()
  })
  return all
}

/** A list is made, and dealt with row by row: each in a transaction of its own, between which anything may happen. */
function sweep<R>(who: Process, list: () => readonly R[], each: (row: R) => void): Step {
  return (next) => {
    const rows = list()
    const from = (at: number): void => {
      for (let here = at; here < rows.length; here++) {
        if (who.isStopped) {
          who.parked.push(() => from(here))
          return
        }
        each(rows[here]!)
      }
      next()
    }
    from(0)
  }
}

// ── planning ────────────────────────────────────────────────────────────────────────────────────────────────────

const dueSchedules = (world: World): Schedule[] =>
  world.database.isDown ? [] : world.planWakes.due(nowOf(world).getTime(), plansAtMost)

/** src/schedules/store.ts, planSchedule and insertCalls. */
function planSchedule(world: World, who: Process, schedule: Schedule): boolean {
  return inTx(world, who, (tx) => {
    const now = nowOf(world)
    const { service, localTime, planAt } = schedule
    if (!planAt || planAt > now) return false
    const planned = planOf(schedule, now)
    for (const { localDate, dueAt } of planned.slots) {
      if (service.calls.some((call) => call.local_date === localDate && call.local_time === localTime))
        continue
      const call = waiting(world, service, { localDate, localTime, dueAt, now })
      tx.add(service.calls, call)
      tx.afterCommit(() => {
        const dueMs = dueAt.getTime() - world.aheadMs
        world.callWakes.note(call)
        lookSoon(world, dueMs)
        if (world.chance.bool(0.01))
          world.engine.after(dueMs - world.engine.now + world.chance.int(-20, 90) * 60_000, () =>
            people.speaksFor(world, call),
          )
      })
    }
    tx.set(schedule, 'plannedThrough', planned.plannedThrough)
    tx.set(schedule, 'planAt', planned.wakeAt)
    tx.afterCommit(() => {
      if (schedule.planAt === null) return
      world.planWakes.note(schedule)
      lookSoon(world, schedule.planAt.getTime() - world.aheadMs)
    })
    return true
  })
}

function waiting(
  world: World,
  service: Service,
  { localDate, localTime, dueAt, now }: { localDate: string; localTime: string; dueAt: Date; now: Date },
): Call {
  return {
    organisation_id: '',
    id: newId(world),
    service_id: service.id,
    schedule_id: service.id,
    is_test: false,
    by: service.by,
    local_date: localDate,
    local_time: localTime,
    due_at: dueAt,
    useful_until: after(dueAt, service.usefulForMinutes * 60_000),
    state: 'waiting',
    attempt: 0,
    wake_at: dueAt,
    outcome: null,
    outcome_at: null,
    acknowledged_by: null,
    acknowledged_at: null,
    skip_reason: null,
    troubles: 0,
    created_at: now,
    service,
    attempts: [],
    alerts: [],
    seen: nothingSeen(),
  }
}

/** Production's plan, kept: many schedules are planned alike, and calendars are slow. */
const plans = new Map<string, Planned>()
function planOf({ localTime, days, service, plannedThrough }: Schedule, now: Date): Planned {
  const { zone } = service
  const key = `${localTime} ${zone} ${plannedThrough.getTime()} ${now.getTime()}`
  const known = plans.get(key)
  if (known) return known
  if (plans.size > 20_000) plans.clear()
  const made = plan({ localTime, days }, zone, plannedThrough, now)
  plans.set(key, made)
  return made
}
