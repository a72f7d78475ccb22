// Queue / loop: drives the actors. In real time by bell and by polling; on a clock that can be moved, from one event to the
// next. Both run the same `settle`, so that a rehearsal runs what production runs.
import type { Log } from '../kit/log.ts'
import type { Clock, MovableClock } from '../outside/clock.ts'
import type { Actor } from './actor.ts'
import type { Bell } from './bell.ts'

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
  /** Stop after the round under way. */
  stop(): Promise<void>
  /** Run `work` while the loop stands still: for moving the clock. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

/** Drive `actors` in real time: at once when the bell rings, and every `pollMs` anyway. One actor's failure stops no other. */
export function startLoop(app: { clock: Clock; bell: Bell; log: Log }, actors: readonly Actor[]): Loop {
  let stopped = false
  let wake = () => {}
  let rung = false
  const unlisten = app.bell.listen((change) => {
    if (!change.work) return
    rung = true
    wake()
  })
  let turn: Promise<unknown> = Promise.resolve()

  async function round(): Promise<number> {
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

  async function run(): Promise<void> {
    while (!stopped) {
      rung = false
      const mine = turn.then(round)
      turn = mine.catch(() => {})
      const done = await mine
      if (done > 0 || rung || stopped) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  const running = run()
  return {
    async stop() {
      stopped = true
      wake()
      unlisten()
      await running
      await Promise.all(actors.map((actor) => actor.finish?.()))
    },
    alone(work) {
      const mine = turn.then(work)
      turn = mine.catch(() => {})
      return mine
    },
  }
}
