// Lines / health-watch: keeps how well each line does, by what its provider answers; asks a failed one whether it is back; and moves
// what waits at a line that cannot be used to one that can. Called by dispatch.ts and work.ts.
import type { App } from '../app.ts'
import type { Asked } from '../outside/phone/port.ts'
import type { Besides } from './besides.ts'
import { moveWaiting, type WorkOfLine } from './dispatching/store.ts'
import { decideHealth, type HealthEvent } from './health.ts'
import { type Line, lockLine, saveHealth, takeProbes } from './line/store.ts'

/** A probe taken and lost is due again after this: longer than a request's own time-out. */
const probeTakenForMs = 30_000

/** What an answer says about its line; null: nothing. Busy is not in trouble. */
export function healthEventOf(asked: Asked): HealthEvent | null {
  switch (asked.kind) {
    case 'placed':
      return { kind: 'worked' }
    case 'unknown':
      return { kind: 'trouble' }
    case 'refused':
      if (asked.trouble === 'shut out') return { kind: 'shut out' }
      if (asked.trouble === 'not there') return { kind: 'trouble' }
      return asked.temporary ? null : { kind: 'worked' }
  }
}

/** @param line as it was when the provider was asked: a line that is well and works needs no word */
export async function noteHealth(app: App, line: Line, event: HealthEvent | null): Promise<void> {
  const { is, troubles } = line.health
  if (event === null || (event.kind === 'worked' && is === 'well' && troubles === 0)) return
  await changeHealth(app, line.id, event)
}

async function changeHealth(app: App, lineId: string, event: HealthEvent): Promise<void> {
  await app.db.everywhere(async (tx) => {
    const line = await lockLine(tx, lineId)
    if (!line) return
    const health = decideHealth(line.health, event, app.clock.now())
    if (health === line.health) return
    await saveHealth(tx, lineId, health)
    if (health.is === line.health.is) return
    tx.afterCommit(() => {
      const about = { room: 'lines', line: line.name, was: line.health.is }
      if (health.is === 'failed') app.log.error('a line failed', new Error(event.kind), about)
      else app.log.warn(health.is === 'well' ? 'a line is well again' : 'a line is on probation', about)
      app.bell.ring({ work: true })
    })
  })
}

/** Ask the providers of lines that are not well whether they are there; returns of how many. */
export async function probe(app: App, tasks: Besides, now: Date): Promise<number> {
  if (tasks.room() === 0) return 0
  const until = new Date(now.getTime() + probeTakenForMs)
  const lines = await app.db.everywhere((tx) => takeProbes(tx, now, until))
  for (const line of lines) {
    await tasks.start(async () => {
      const well = (await app.phones.of(line.provider)?.isThere()) ?? false
      await changeHealth(app, line.id, { kind: 'probed', well })
    })
  }
  return lines.length
}

/** Can anything new leave it? Where it is the only one it must do, however it does. */
export const isUsable = (line: Line): boolean => line.isInUse && line.health.is !== 'failed'

/** Where what waits at this line goes instead; null where it stays. */
export function refugeOf(line: Line, lines: readonly Line[]): Line | null {
  if (isUsable(line)) return null
  const others = lines.filter((other) => other.id !== line.id && isUsable(other))
  const inOrder = others.toSorted(
    (a, b) => Number(a.health.is !== 'well') - Number(b.health.is !== 'well') || a.rank - b.rank,
  )
  // a line that nobody uses any more has even a failed one to go to
  return inOrder[0] ?? (line.isInUse ? null : (lines.find((other) => other.isInUse) ?? null))
}

/** Move what waits where it cannot leave; returns how much that was. */
export async function moveOver(app: App, work: readonly WorkOfLine[], now: Date): Promise<number> {
  const lines = work.map(({ line }) => line)
  let moved = 0
  for (const { line, calls, texts, waits } of work) {
    const refuge = calls || texts || waits ? refugeOf(line, lines) : null
    if (!refuge) continue
    const count = await app.db.everywhere(async (tx) => {
      // looked at again under its lock: it may have come back meanwhile
      const here = await lockLine(tx, line.id)
      return here && !isUsable(here) ? moveWaiting(tx, line.id, refuge.id, now) : 0
    })
    if (count > 0)
      app.log.warn('what waited at a line moved over', {
        room: 'lines',
        line: line.name,
        to: refuge.name,
        count,
      })
    moved += count
  }
  return moved
}
