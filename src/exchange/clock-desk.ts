// Exchange / clock desk: moves the application's clock on, living through everything that is due on the way, and says what comes
// next. The clock of a laptop only: nothing of this exists where real telephones ring. Called by pages.tsx.
import type { Db } from '../db/db.ts'
import { type MovableClock, monotonicMs } from '../outside/clock.ts'
import type { Actor } from '../queue/actor.ts'
import { type Loop, liveUntil } from '../queue/loop.ts'
import { saveClockPosition } from '../queue/store.ts'

/** What is due sooner comes by itself, while somebody still reads what the button says. */
const soonMs = 1000
/** So long a person waits for the page; then the clock runs on from wherever it got to. */
const patienceMs = 25_000

export interface ClockDesk {
  readonly clock: MovableClock
  readonly loop: Loop
  readonly actors: readonly Actor[]
}

/** The next thing that is planned and that somebody may wait for. `actor`: the room that will act. */
export interface Planned {
  at: Date
  actor: string
}

/** What is planned next, `from` this instant on; null when nothing is. */
export async function nextPlanned(actors: readonly Actor[], from: Date): Promise<Planned | null> {
  let next: Planned | null = null
  for (const actor of actors) {
    if (actor.isQuiet) continue
    const at = await actor.nextAt()
    if (at && at >= from && (!next || at < next.at)) next = { at, actor: actor.name }
  }
  return next
}

/** The same, leaving out what comes by itself in a moment. */
export function nextToWaitFor({ clock, actors }: ClockDesk): Promise<Planned | null> {
  return nextPlanned(actors, new Date(clock.now().getTime() + soonMs))
}

/**
 * Move the clock on by so many minutes, or to the next event that is at least a second away, and let it run on from there. What is
 * due on the way happens at its own instant. The new position outlives the process.
 * @returns false when it took so long that the clock stopped on the way
 */
export async function moveClock(desk: ClockDesk, db: Db, by: { minutes: number } | 'next'): Promise<boolean> {
  const { clock, loop } = desk
  const arrived = await loop.alone(async () => {
    try {
      return by === 'next' ? await toNext(desk) : await through(desk, by.minutes * 60_000)
    } finally {
      clock.run()
    }
  })
  await saveClockPosition(db, clock.aheadMs())
  return arrived
}

async function toNext(desk: ClockDesk): Promise<boolean> {
  if (!(await through(desk, soonMs - 1))) return false
  const next = await nextPlanned(desk.actors, desk.clock.now())
  return next ? through(desk, next.at.getTime() - desk.clock.now().getTime()) : true
}

/** Live through the next `ms`. */
async function through({ clock, actors }: ClockDesk, ms: number): Promise<boolean> {
  const giveUpAt = monotonicMs() + patienceMs
  const enough = new Error('that took long enough')
  try {
    await liveUntil(clock, actors, new Date(clock.now().getTime() + ms), async () => {
      // what was begun beside the loop belongs to this instant: an e-mail that is being sent is not due again a minute later
      await Promise.all(actors.map((actor) => actor.finish?.()))
      if (monotonicMs() > giveUpAt) throw enough
    })
    return true
  } catch (error) {
    if (error !== enough) throw error
    return false
  }
}
