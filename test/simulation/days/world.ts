// Simulation / days / world: what there is in one world (rows, processes, lines, telephones), and how a process makes a transaction
// in it. Rows have the columns of the database where production functions read them; else they point at each other. Pure data but
// for `inTx`. Used by every file of the simulation of days.
import type { AlertRow } from '../../../src/alerts/store.ts'
import type { Receiver, Tells } from '../../../src/alerts/who.ts'
import type { AttemptRow, CallRow } from '../../../src/calls/store.ts'
import type { By, Channel, Weekday } from '../../../src/db/tables.ts'
import type { Seeded } from '../../../src/kit/seeded.ts'
import type { Health } from '../../../src/lines/health.ts'
import type { Life } from '../../../src/lines/types.ts'
import type { Engine, WakeIndex } from './engine.ts'
import type { Faults } from './faults.ts'
import { type Transaction, type Tx, transaction } from './memory.ts'
import type { Provider } from './provider.ts'
import type { Rules, Seen } from './rules.ts'

/** One receiver, with the schedule and the people around them. */
export interface Service {
  readonly id: string
  readonly phones: readonly Telephone[]
  readonly by: By
  readonly attempts: number
  readonly gapMinutes: number
  readonly ringSeconds: number
  readonly usefulForMinutes: number
  readonly helpKey: string | null
  readonly voicemailWords: boolean
  readonly zone: string
  readonly receivers: readonly Receiver[]
  readonly stepMinutes: number
  readonly rounds: number
  /** local dates without calls */
  readonly pauses: ReadonlySet<string>
  readonly schedules: readonly Schedule[]
  /** the unique index of slots */
  readonly calls: Call[]
  /** about this receiver, in the order of making */
  readonly alerts: Alert[]
}

export interface Schedule {
  readonly id: string
  readonly service: Service
  readonly localTime: string
  readonly days: readonly Weekday[]
  plannedThrough: Date
  planAt: Date | null
}

export interface Call extends CallRow {
  readonly service: Service
  readonly attempts: Attempt[]
  /** the one that it raised or joined, or none */
  readonly alerts: Alert[]
  /** what the rules saw of it; of no transaction */
  readonly seen: Seen
}

export interface Attempt extends AttemptRow {
  readonly outgoing: Outgoing
}

export interface Alert extends AlertRow {
  /** the one that raised it */
  readonly call: Call
  /** and those that joined */
  readonly calls: Call[]
  readonly notifications: Notification[]
}

export interface Notification {
  readonly id: string
  readonly alert: Alert
  readonly person: Receiver
  readonly channel: Channel
  readonly tells: Tells
  readonly step: number
  readonly round: number
  readonly outgoing: Outgoing | null
  readonly isEmail: boolean
  readonly joined: boolean
  endedAt: Date | null
  result: string | null
  asked: number | null
}

/** Whose it is, and what of theirs. */
export type Owner = { room: 'calls'; call: Call; attempt: number } | { room: 'alerts'; alert: Alert }

export interface Outgoing {
  readonly id: string
  readonly owner: Owner
  readonly purpose: 'call' | 'alert' | 'all-clear'
  readonly to: Telephone
  readonly priority: number
  readonly usefulUntil: Date
  readonly createdAt: Date
  line: Line
  life: Life
  /** of an alert's: the notifications that share it, in the order of making */
  readonly members: Notification[]
  /** how often the provider rang for it, and when it was claimed last in true time; of no transaction */
  rings: number
  claimedMs: number
}

export interface Line {
  readonly id: string
  readonly rank: number
  readonly callsPerSecond: number
  readonly textsPerSecond: number
  readonly concurrentCalls: number
  health: Health
  nextCallAt: Date
  nextTextAt: Date
  leaseOwner: string | null
  leaseToken: number
  leaseUntil: Date
  leaseSession: string | null
  /** indexes: what may be waiting here, and what may be on its way */
  readonly waiting: Set<Outgoing>
  readonly live: Set<Outgoing>
}

export interface Telephone {
  readonly number: string
  readonly isMobile: boolean
  readonly owner: 'receiver' | 'stakeholder'
  /** how likely whoever it belongs to picks up, and presses a key then */
  readonly reliability: number
  /** an index: calls and texts to it, the latest last; old ones go */
  readonly recent: Outgoing[]
  /** for which it rings now, or somebody talks */
  busyWith: Outgoing | null
}

/** A process of ours. What it holds in memory is lost when it is killed, and goes on when it was only stopped. */
export interface Process {
  readonly name: string
  isAlive: boolean
  isStopped: boolean
  /** counts its starts; what an earlier one had begun is nobody's any more */
  life: number
  /** what goes on when it is let go on */
  parked: (() => void)[]
  /** what will happen to it at one of its next commits */
  trouble: Trouble | null
  /** as a dispatcher: its name, the lines it holds, and requests under way */
  owner: string
  /** by which others see that it lives; another after each break of its connection */
  session: string
  readonly tokens: Map<Line, number>
  inFlight: number
}

export interface Trouble {
  what: 'killed' | 'stopped' | 'connection lost'
  /** before: the transaction under way is rolled back. After: it is committed, and nobody is told */
  when: 'before' | 'after'
  /** so many more commits go well */
  commits: number
  strike: () => void
}

export interface World {
  readonly seed: string
  readonly engine: Engine
  readonly chance: Seeded
  /** how far the application's clock is ahead of true time, in milliseconds */
  aheadMs: number
  /** what `nowOf` said last */
  clock: Date
  readonly services: Service[]
  readonly lines: Line[]
  readonly telephones: Map<string, Telephone>
  readonly workers: Process[]
  readonly web: Process
  readonly database: { isDown: boolean }
  readonly callWakes: WakeIndex<Call>
  readonly alertWakes: WakeIndex<Alert>
  readonly outgoingWakes: WakeIndex<Outgoing>
  readonly planWakes: WakeIndex<Schedule>
  /** who hears of the end of an outgoing, in its transaction: registered, as in src/wiring.ts */
  readonly owners: Readonly<Record<Owner['room'], (world: World, tx: Tx, outgoing: Outgoing) => void>>
  readonly provider: Provider
  readonly faults: Faults
  readonly rules: Rules
  /** midnight of the last date on which a call must have been due */
  readonly lastDay: number
  /** one row is found out about in a round, as in a rehearsal */
  readonly isOneByOne: boolean
  /** that changed something */
  commits: number
  /** which of the workers is a little quicker than the others, at present */
  quickest: number
  made: number
  /** the earliest look of the workers that is arranged, in true time */
  lookAt: number
}

/** Thrown where a process ends: nothing catches it but the end of what it was doing. */
export const killed = new Error('killed')
export const databaseGone = new Error('the database is gone')

/** The application's clock. */
export function nowOf(world: World): Date {
  const ms = world.engine.now + world.aheadMs
  if (world.clock.getTime() !== ms) world.clock = new Date(ms)
  return world.clock
}

export const newId = (world: World): string => String(++world.made).padStart(9, '0')

export const after = (instant: Date, ms: number): Date => new Date(instant.getTime() + ms)

/** One transaction of one process, and what happens to either in it. */
export function inTx<T>(world: World, who: Process, work: (tx: Tx) => T): T {
  if (world.database.isDown) throw databaseGone
  const open = transaction()
  const result = begin(world, who, open, work)
  if (open.hasChanged()) world.commits++
  open.commit()
  if (who.trouble?.when === 'after') struck(who)
  return result
}

function begin<T>(world: World, who: Process, { tx, undo }: Transaction, work: (tx: Tx) => T): T {
  try {
    const result = work(tx)
    if (who.trouble?.when === 'before') struck(who)
    return result
  } catch (error) {
    undo()
    world.rules.noteRollback(error)
    throw error
  }
}

/** @throws what ends the process, or its transaction */
function struck(who: Process): void {
  const trouble = who.trouble!
  if (trouble.commits-- > 0) return
  who.trouble = null
  trouble.strike()
  if (trouble.what === 'killed') throw killed
  if (trouble.what === 'connection lost') throw databaseGone
}

/** Go on now, or when the process is let go on. */
export function goOn(who: Process, next: () => void): void {
  if (who.isStopped) who.parked.push(next)
  else next()
}

/** A while later, if the process still lives. Ends quietly where it is killed. */
export function later(world: World, who: Process, ms: number, next: () => void): void {
  const { life } = who
  world.engine.after(ms, () => {
    if (who.life === life) goOn(who, () => guarded(world, who, next))
  })
}

/** Run something of a process: its failure is its own. */
export function guarded(world: World, who: Process, run: () => void): void {
  const { life } = who
  if (!who.isAlive) return
  try {
    run()
  } catch (error) {
    if (error === killed || error === databaseGone) return
    if (who.life === life) world.rules.crashed(error)
  }
}

/** Whatever the workers have to do by then, they look for it then. In true time. */
export function lookSoon(world: World, atMs: number = world.engine.now): void {
  if (atMs >= world.lookAt) return
  world.lookAt = atMs
  world.engine.after(atMs - world.engine.now, () => {
    if (world.lookAt === atMs) world.look()
  })
}

export interface World {
  /** a worker looks for what is due */
  look(): void
}
