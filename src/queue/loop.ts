// Queue / loop: drives the actors. In real time by bell and by polling, some beside the others; on a clock that can be moved one after the
// other, from one event to the next, so that a rehearsal is repeatable and runs the actors that production runs.
import type { Log } from '../kit/log.ts'
import type { Clock, MovableClock } from '../outside/clock.ts'
import type { Actor } from './actor.ts'
import type { Bell } from './bell.ts'
import { gate } from './gate.ts'

/** The floor below the bell: an actor is asked at least this often. */
const pollMs = 150
/** So many rounds without coming to rest at one instant mean that an actor wakes itself for ever: a bug. */
const roundsAtMost = 100_000

/**
 * Run every actor until none has anything due at this instant.
 * @throws when the actors never come to rest.
 */
export async function settle(clock: Clock, actors: readonly Actor[]): Promise<number> {
  let total = 0
  for (let round = 0; round < roundsAtMost; round++) {
    let done = 0
    for (const actor of actors) done += await actor.runDue(clock.now())
    total += done
    if (done === 0) return total
  }
  throw new Error(`actors did not come to rest: ${actors.map((actor) => actor.name).join(', ')}`)
}

/** The earliest instant at which any actor has something to do, or null. */
export async function nextEvent(actors: readonly Actor[]): Promise<Date | null> {
  let earliest: Date | null = null
  for (const actor of actors) {
    const at = await actor.nextAt()
    if (at && (!earliest || at < earliest)) earliest = at
  }
  return earliest
}

/** Live through everything up to and including `until`, the clock standing still at each event. Leaves it held at `until`. */
export async function liveUntil(
  clock: MovableClock,
  actors: readonly Actor[],
  until: Date,
  onEvent?: (at: Date) => Promise<void>,
): Promise<void> {
  // read and held at once: a millisecond may pass between the two
  clock.hold()
  let stuckAt = 0
  let stuck = 0
  for (;;) {
    await settle(clock, actors)
    await onEvent?.(clock.now())
    const next = await nextEvent(actors)
    if (!next || next > until) break
    // an actor that names a past instant but does nothing then would hold the clock for ever
    stuck = clock.now().getTime() === stuckAt ? stuck + 1 : 0
    stuckAt = clock.now().getTime()
    if (stuck > 1000)
      throw new Error('the clock does not move: an actor names an instant and does nothing in it')
    if (next > clock.now()) clock.holdAt(next)
  }
  if (until > clock.now()) clock.holdAt(until)
  await settle(clock, actors)
}

export interface Loop {
  /** Stop after the rounds under way. */
  stop(): Promise<void>
  /** Run `work` while every actor stands still: for moving the clock. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

/** Actors who have their turns one after the other. */
interface Circle {
  readonly actors: readonly Actor[]
  /** the bell has rung since this round began */
  rung: boolean
  wake(): void
}

/**
 * Drive `actors` in real time: at once when the bell rings, and every `pollMs` anyway. Those that go beside go round by themselves, so that
 * two can be at work at once; none of them is asked again before it has answered. One actor's failure stops no other.
 */
export function startLoop(app: { clock: Clock; bell: Bell; log: Log }, actors: readonly Actor[]): Loop {
  let stopped = false
  const circles = circlesOf(actors)
  const last = actors.filter(({ goesLast }) => goesLast)
  const wentRound = new Set<Circle>()
  const { beside, alone } = gate()
  const unlisten = app.bell.listen((change) => {
    if (!change.work) return
    for (const circle of circles) {
      circle.rung = true
      circle.wake()
    }
  })

  async function inTurn(actors: readonly Actor[]): Promise<number> {
    let done = 0
    for (const actor of actors) {
      try {
        done += await actor.runDue(app.clock.now())
      } catch (error) {
        app.log.error('an actor failed; its rows stay due', error, { actor: actor.name })
      }
    }
    return done
  }

  async function round(circle: Circle): Promise<number> {
    circle.rung = false
    const done = await inTurn(circle.actors)
    wentRound.add(circle)
    if (wentRound.size < circles.length) return done
    wentRound.clear()
    return done + (await inTurn(last))
  }

  async function run(circle: Circle): Promise<void> {
    while (!stopped) {
      const done = await beside(() => round(circle))
      if (done > 0 || circle.rung || stopped) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs)
        circle.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  const running = circles.map(run)
  return {
    async stop() {
      stopped = true
      for (const circle of circles) circle.wake()
      unlisten()
      await Promise.all(running)
      await Promise.all(actors.map((actor) => actor.finish?.()))
    },
    alone,
  }
}

/** One of all that take turns, and one for each that goes beside. */
function circlesOf(actors: readonly Actor[]): Circle[] {
  const inTurn = actors.filter(({ goesBeside, goesLast }) => !goesBeside && !goesLast)
  const beside = actors.filter(({ goesBeside }) => goesBeside)
  const all = [inTurn, ...beside.map((actor) => [actor])].filter(({ length }) => length > 0)
  return all.map((actors) => ({ actors, rung: false, wake() {} }))
}
