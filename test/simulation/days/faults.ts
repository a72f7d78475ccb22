// Simulation / days / faults: what goes wrong, when, and which calls it touched. A storm is some kinds at once around a time at which
// calls are due; most days have none. Counts for every pair of kinds how many calls were touched by both. Seeded.
import type { Seeded } from '../../../src/kit/seeded.ts'
import type { Call, Line, Outgoing, Process, World } from './world.ts'

export const kinds = [
  'worker killed',
  'worker stopped',
  'web down',
  'database restarted',
  'everything down',
  'clock jumped',
  'answers lost',
  'requests refused',
  'provider down',
  'brown-out',
  'calls queued',
  'callbacks lost',
  'callbacks repeated',
  'callbacks reordered',
  'callbacks delayed',
  'texts undelivered',
] as const
export type Kind = (typeof kinds)[number]

export const pairs: readonly (readonly [Kind, Kind])[] = kinds.flatMap((one, at) =>
  kinds.slice(at + 1).map((other) => [one, other] as const),
)

export interface Faults {
  /** Whether it strikes this one, which is noted. */
  strikes(kind: Kind, outgoing: Outgoing): boolean
  isOn(kind: Kind, line?: Line): boolean
  /** Whatever is wrong with our own processes touches every call to which something happens meanwhile. */
  touchByUs(call: Call): void
  /** And those that were due in a time in which nobody could work, and are begun only now. */
  touchByDark(call: Call, dueMs: number): void
  /** Times in which nobody of ours could work, or the clock jumped; true time. */
  readonly dark: { kind: Kind; from: number; until: number }[]
  readonly jumps: number[]
  readonly struck: Map<Kind, number>
  /** when a process was last let go on */
  stoppedMs: number
  /** One kind, for so long, from now. */
  begin(kind: Kind, forMs: number): void
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute

interface Window {
  share: number
  /** of the first line alone, whose provider it is */
  isFirstOnly: boolean
}

export interface Hands {
  openCalls(): Iterable<Call>
  kill(who: Process, forMs: number): void
  stop(who: Process, forMs: number): void
  databaseDown(forMs: number): void
  jump(ms: number): void
}

export function faultsOf(world: World, chance: Seeded, hands: Hands): Faults {
  const windows = new Map<Kind, Window[]>()
  const ours = new Set<Kind>()
  const struck = new Map<Kind, number>()
  const dark: Faults['dark'] = []
  const jumps: number[] = []
  const bitOf = (kind: Kind) => 1 << kinds.indexOf(kind)
  const touch = (call: Call, kind: Kind) => {
    call.seen.touched |= bitOf(kind)
  }
  const touchAll = (kind: Kind) => {
    struck.set(kind, (struck.get(kind) ?? 0) + 1)
    for (const call of hands.openCalls()) touch(call, kind)
  }
  const windowOf = (kind: Kind, line: Line | undefined) =>
    windows.get(kind)?.find(({ isFirstOnly }) => !isFirstOnly || !line || line.rank === 0)

  return {
    dark,
    jumps,
    stoppedMs: 0,
    struck,
    isOn: (kind, line) => windowOf(kind, line) !== undefined,
    strikes(kind, outgoing) {
      const window = windows.size === 0 ? undefined : windowOf(kind, outgoing.line)
      if (!window || !chance.bool(window.share)) return false
      struck.set(kind, (struck.get(kind) ?? 0) + 1)
      const { owner } = outgoing
      if (owner.room === 'calls') touch(owner.call, kind)
      else for (const { alert } of outgoing.members) for (const call of alert.calls) touch(call, kind)
      return true
    },
    touchByUs(call) {
      for (const kind of ours) touch(call, kind)
    },
    touchByDark(call, dueMs) {
      for (const { kind, from, until } of dark)
        if (until >= dueMs && from <= world.engine.now) touch(call, kind)
    },
    begin,
  }

  function begin(kind: Kind, forMs: number): void {
    switch (kind) {
      case 'worker killed':
      case 'worker stopped':
        for (let times = chance.int(2, 5); times > 0; times--)
          world.engine.after(chance.int(0, soon(forMs)), () => hitWorker(kind))
        return
      case 'web down':
        world.engine.after(chance.int(0, soon(forMs)), () => {
          const downMs = chance.pick([5 * second, 40 * second, 3 * minute])
          during(kind, downMs)
          const isKilled = chance.bool()
          atCommit(world.web, isKilled ? 'killed' : 'stopped', () =>
            isKilled ? hands.kill(world.web, downMs) : hands.stop(world.web, downMs),
          )
        })
        return
      case 'database restarted':
        for (let times = chance.int(1, 3); times > 0; times--)
          world.engine.after(chance.int(0, soon(forMs)), () => restartDatabase())
        return
      case 'everything down': {
        const downMs = chance.pick([minute, 20 * minute, 20 * minute, 3 * hour, 26 * hour])
        during(kind, downMs)
        dark.push({ kind, from: world.engine.now, until: world.engine.now + downMs })
        for (const who of [...world.workers, world.web]) hands.kill(who, downMs)
        return
      }
      case 'clock jumped': {
        const ms = chance.pick([-hour, hour])
        const lasts = Math.min(forMs, 40 * minute)
        jumps.push(world.engine.now, world.engine.now + lasts)
        hands.jump(ms)
        during(kind, lasts)
        world.engine.after(lasts, () => {
          hands.jump(-ms)
          touchAll(kind)
        })
        return
      }
      default: {
        const window: Window = { share: shareOf(kind), isFirstOnly: chance.bool(0.4) }
        windows.set(kind, [...(windows.get(kind) ?? []), window])
        world.engine.after(forMs, () => {
          const left = windows.get(kind)!.filter((other) => other !== window)
          if (left.length > 0) windows.set(kind, left)
          else windows.delete(kind)
        })
      }
    }
  }

  /** Most hit while much is going on. */
  function soon(forMs: number): number {
    return Math.min(forMs, chance.pick([30 * second, 2 * minute, forMs]))
  }

  function shareOf(kind: Kind): number {
    if (kind === 'provider down') return 1
    if (kind === 'callbacks lost') return chance.pick([0.2, 0.6, 1])
    return chance.pick([0.4, 0.7, 1])
  }

  /** A trouble of our own, which touches all that is under way now and until it is over. */
  function during(kind: Kind, forMs: number): void {
    touchAll(kind)
    ours.add(kind)
    world.engine.after(forMs + 200, () => {
      ours.delete(kind)
    })
  }

  function busiest(): Process {
    const able = world.workers.filter(({ isAlive, isStopped }) => isAlive && !isStopped)
    return able[world.quickest % able.length] ?? world.workers[0]!
  }

  function hitWorker(kind: 'worker killed' | 'worker stopped'): void {
    // mostly the one that has much in its hands
    const who = chance.bool(0.8) ? busiest() : chance.pick(world.workers)
    if (!who.isAlive || who.isStopped || who.trouble) return
    const isKill = kind === 'worker killed'
    const forMs = isKill
      ? chance.pick([500, 2 * second, 30 * second, 5 * minute])
      : chance.pick([2 * second, 7 * second, 40 * second, 3 * minute, 20 * minute])
    atCommit(who, isKill ? 'killed' : 'stopped', () => {
      during(kind, forMs)
      const others = world.workers.filter((other) => other !== who)
      if (others.every((other) => !other.isAlive || other.isStopped))
        dark.push({ kind, from: world.engine.now, until: world.engine.now + forMs })
      if (isKill) hands.kill(who, forMs)
      else hands.stop(who, forMs)
      if (!isKill) world.faults.stoppedMs = Math.max(world.faults.stoppedMs, world.engine.now + forMs)
    })
  }

  /** At one of its next commits, and if it makes none, soon. */
  function atCommit(who: Process, what: 'killed' | 'stopped', strike: () => void): void {
    let isDone = false
    const once = () => {
      if (isDone) return
      isDone = true
      strike()
    }
    who.trouble = { what, when: chance.pick(['before', 'after']), commits: chance.int(0, 6), strike: once }
    world.engine.after(20 * second, () => {
      if (isDone) return
      who.trouble = null
      once()
    })
  }

  function restartDatabase(): void {
    const forMs = chance.pick([300, 2 * second, 15 * second])
    const down = () => {
      during('database restarted', forMs)
      dark.push({ kind: 'database restarted', from: world.engine.now, until: world.engine.now + forMs })
      hands.databaseDown(forMs)
    }
    const who = chance.pick([...world.workers, world.web])
    if (!who.isAlive || who.isStopped || who.trouble) {
      down()
      return
    }
    let isDone = false
    const once = () => {
      if (isDone) return
      isDone = true
      down()
    }
    // a transaction under way fails; of one that has just been committed nobody may be told
    who.trouble = {
      what: 'connection lost',
      when: chance.pick(['before', 'after']),
      commits: chance.int(0, 6),
      strike: once,
    }
    world.engine.after(20 * second, () => {
      if (isDone) return
      who.trouble = null
      once()
    })
  }
}

export interface Storms {
  days: number
  /** of the days that have one */
  share: number
  /** only these kinds; any two and perhaps more when not given */
  only?: readonly Kind[]
  /** one of the times of a day at which calls are due, in true time */
  dueAtMs: (day: number) => number
}

/** The storms of a world's days. */
export function planStorms(world: World, chance: Seeded, { days, share, only, dueAtMs }: Storms): void {
  for (let dayNumber = 1; dayNumber < days; dayNumber++) {
    if (!chance.bool(share)) continue
    const chosen = new Set<Kind>(only ?? chance.pick(pairs))
    while (!only && chance.bool(0.4)) chosen.add(chance.pick(kinds))
    const lasts = chance.pick([2 * minute, 2 * minute, 8 * minute, 8 * minute, 25 * minute, hour])
    const from = dueAtMs(dayNumber) - chance.int(0, 20 * second)
    for (const kind of chosen) {
      // some hours apart they would meet in no call
      const late = chance.pick([0, 0, chance.int(0, 10 * minute)])
      world.engine.after(from + late - world.engine.now, () => world.faults.begin(kind, lasts))
    }
  }
}
