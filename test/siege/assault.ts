// Siege / assault: does what the plan says, counts what really struck, and keeps from when to when something was broken: rules that say
// "faults aside" put those times aside. Called by siege.ts.
import { sql } from 'kysely'
import type { Fault } from '../../src/exchange/exchange.ts'
import type { Aside } from '../rehearsal/rules.ts'
import type { Outside } from './outside.ts'
import { type Blow, isKillPoint, nameOf, type Role } from './plan.ts'
import type { Node, Nodes } from './processes.ts'

/** A blow that struck. */
export interface Struck {
  at: Date
  name: string
}

export interface Assault {
  /** Strikes. @returns whether anything was there to be struck */
  strike(blow: Blow): Promise<boolean>
  readonly struck: readonly Struck[]
  killPoints(): number
  readonly aside: readonly Aside[]
  /** The faults of the provider that were on. */
  readonly faults: readonly Fault[]
  /** Whether nothing is broken just now. */
  isQuiet(): boolean
  /** Lets everything go on at once that was stopped, slowed or held, and resolves when everybody runs. */
  end(): Promise<void>
}

/** So long after everybody runs again a blow may still be felt: longer than a lease and a claim. */
const feltMs = 15_000

export function assault(outside: Outside, nodes: Nodes): Assault {
  const { clock } = outside.app
  const list: Struck[] = []
  const aside: Aside[] = []
  const faults: Fault[] = []
  const underWay = new Map<symbol, () => void>()
  const broken = new Set<Aside>()
  let killPoints = 0

  /** @returns what says that it is whole again */
  function breaks(): () => void {
    const span: Aside = { from: clock.now(), to: new Date(8.64e15) }
    aside.push(span)
    broken.add(span)
    return () => {
      if (!broken.delete(span)) return
      span.to = new Date(clock.now().getTime() + feltMs)
    }
  }

  /** `undo` after so long, or at the end of the assault. */
  function undoAfter(ms: number, undo: () => void): void {
    const key = Symbol()
    const once = () => {
      clearTimeout(timer)
      if (underWay.delete(key)) undo()
    }
    const timer = setTimeout(once, ms)
    underWay.set(key, once)
  }

  /** Whoever runs; only now and then one who is starting, or on a slow machine nobody would ever get to work. */
  function victim(role: Role): Node | undefined {
    const those = nodes.all.filter((node) => node.role === role)
    const at = Math.floor(clock.now().getTime() / 10)
    const inTurn = those.map((_, place) => those[(at + place) % those.length]!)
    const running = inTurn.find((node) => node.state() === 'running')
    return running ?? (at % 4 === 0 ? inTurn[0] : undefined)
  }

  async function struck(blow: Blow): Promise<boolean> {
    switch (blow.do) {
      case 'kill': {
        const running = victim(blow.role)?.kill()
        if (!running) return false
        void running.then(breaks())
        return true
      }
      case 'stop': {
        const goOn = victim(blow.role)?.stop()
        if (!goOn) return false
        const whole = breaks()
        undoAfter(blow.lastsMs, () => {
          goOn()
          whole()
        })
        return true
      }
      case 'crash':
        return crash(blow.what)
      case 'cut': {
        const cut = outside.wires[blow.wire].reduce((sum, cable) => sum + cable.cut(), 0)
        if (cut > 0) breaks()()
        return cut > 0
      }
      case 'slow': {
        const whole = breaks()
        for (const cable of outside.wires[blow.wire]) cable.slow(blow.byMs)
        undoAfter(blow.lastsMs, () => {
          for (const cable of outside.wires[blow.wire]) cable.slow(0)
          whole()
        })
        return true
      }
      case 'hold': {
        const whole = breaks()
        const releases = outside.wires[blow.wire].map((cable) => cable.hold())
        undoAfter(blow.lastsMs, () => {
          for (const release of releases) release()
          whole()
        })
        return true
      }
      case 'fault': {
        const from = clock.now()
        const fault = { ...blow.fault, from, to: new Date(from.getTime() + blow.lastsMs) }
        outside.exchange.faults.add(fault)
        faults.push(fault)
        return true
      }
    }
  }

  async function crash(what: (Blow & { do: 'crash' })['what']): Promise<boolean> {
    const pid = what === 'backend killed' ? await aBackend(outside) : outside.server.pid()
    if (pid === null) return false
    try {
      process.kill(pid, what === 'quit' ? 'SIGQUIT' : 'SIGKILL')
    } catch {
      return false
    }
    void answersAgain(outside).then(breaks())
    return true
  }

  return {
    async strike(blow) {
      const at = clock.now()
      if (!(await struck(blow))) return false
      list.push({ at, name: nameOf(blow) })
      if (isKillPoint(blow)) killPoints++
      return true
    },
    struck: list,
    killPoints: () => killPoints,
    aside,
    faults,
    isQuiet: () => broken.size === 0 && nodes.all.every((node) => node.state() === 'running'),
    async end() {
      for (const undo of [...underWay.values()]) undo()
      outside.exchange.faults.clear(null)
      while (!this.isQuiet()) await new Promise((resolve) => setTimeout(resolve, 500))
    },
  }
}

/** One of the processes that serve a connection; null when there is none, or nobody to ask. */
async function aBackend({ app }: Outside): Promise<number | null> {
  const others = sql<{ pid: number }>`
    select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() order by random() limit 1`
  const rows = await app.db.look((tx) => others.execute(tx.sql)).catch(() => null)
  return rows?.rows[0]?.pid ?? null
}

/** Resolves when PostgreSQL answers. */
async function answersAgain({ app }: Outside): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const well = await app.db.everywhere(async () => true).catch(() => false)
    if (well) return
  }
}
