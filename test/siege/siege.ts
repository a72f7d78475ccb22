// Siege: two workers, the pages, the watch, PostgreSQL and the telephone network live through so many hours, while a seeded plan kills,
// stops, crashes, cuts and lies; then everything settles, and the rules of the rehearsal are checked. Runs in hurried time (time.ts).
// Called by scripts/siege.ts. Why it is as it is: docs/decisions/0030.
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Actor } from '../../src/queue/actor.ts'
import { inOrder, type LedgerEvent } from '../../src/rehearsal/ledger.ts'
import type { Scenario } from '../../src/rehearsal/scenario.ts'
import { whatHappened } from '../../src/rehearsal/store.ts'
import { type Assault, assault } from './assault.ts'
import type { SharedClock } from './clock.ts'
import { desk } from './desk.ts'
import { judge, table } from './judge.ts'
import { isSoon, type Leaper, leaper } from './leap.ts'
import { type Outside, openOutside } from './outside.ts'
import { plan } from './plan.ts'
import { type Nodes, startNodes } from './processes.ts'
import { trace } from './trace.ts'
import { calmMs, spanOf, worldOf } from './world.ts'

export interface SiegeWanted {
  /** of the shared clock, with blows; some calm ones follow */
  hours: number
  seed: number
  receivers: number
  /** processes killed and stopped, servers crashed, wires cut: at least so many */
  killPoints: number
  speed: number
  /** Aborted: it is over earlier, and everything settles and is judged as far as it went. */
  enough: AbortSignal
}

export interface Besieged {
  /** What broke a rule, a line each. */
  wrong: readonly string[]
  table: string
  ledger: readonly LedgerEvent[]
  /** of the shared clock, the calm ones too */
  hours: number
}

/** From blow to blow, while they fall. */
const meanMs = 2800
const lookEveryMs = 600
const sayEveryMs = 30 * 60_000
/** No call and no request lasts longer. */
const stuckMs = 15 * 60_000

/** @param say a line on how far it is, now and then */
export async function besiege(
  wanted: SiegeWanted,
  clock: SharedClock,
  say: (line: string) => void,
): Promise<Besieged> {
  const scenario = worldOf(wanted.seed, wanted.hours, wanted.receivers)
  const outside = await openOutside(scenario, wanted.speed)
  let nodes: Nodes | null = null
  try {
    const people = desk(outside.app, outside.people.organisationId)
    outside.drive([failingQuietly(people)])
    nodes = startNodes({
      folder: await mkdtemp(join(tmpdir(), 'callassist-siege-')),
      roles: ['worker', 'worker', 'web', 'watch'],
      environment: outside.environment,
      webPort: outside.webPort,
    })
    const blows = assault(outside, nodes)
    const leaps = leaper(outside, clock, [people])
    await allRun(nodes)
    const { start } = spanOf(wanted.hours)
    clock.leap(Math.max(0, start.getTime() - outside.app.clock.now().getTime()))
    say('everybody runs')
    const field = { outside, blows, leaps, say }
    await underFire(wanted, field)
    await blows.end()
    say('calm')
    const hasSettled = await settle(field, later(outside.app.clock.now(), calmMs))
    return await verdict(outside, nodes, blows, scenario, hasSettled)
  } finally {
    await nodes?.close()
    await outside.close()
  }
}

interface Field {
  outside: Outside
  blows: Assault
  leaps: Leaper
  say: (line: string) => void
}

/**
 * Until the hours are over and enough fell. As many blows fall as the time that has passed is worth, leaps included: so they come thick when
 * something is due again, and then let it come to an end.
 */
async function underFire(wanted: SiegeWanted, field: Field): Promise<void> {
  const { outside, blows, say } = field
  const { start, calm } = spanOf(wanted.hours)
  const now = () => outside.app.clock.now().getTime()
  const share = () => Math.min(1, (now() - start.getTime()) / (calm.getTime() - start.getTime()))
  let saidAt = 0
  for (const { afterMs, blow } of plan(wanted.seed, meanMs)) {
    while (blows.killPoints() >= wanted.killPoints * share()) {
      if (now() >= calm.getTime() || wanted.enough.aborted) return
      await passIdle(field, calm)
      await pause(lookEveryMs)
    }
    if (wanted.enough.aborted) return
    await pause(afterMs)
    await blows.strike(blow)
    if (now() - saidAt < sayEveryMs) continue
    saidAt = now()
    say(`${new Date(saidAt).toISOString().slice(0, 16)}Z  ${blows.killPoints()} kill points`)
  }
}

/** While nothing is due for a while nobody is struck: everybody recovers, and the clock leaps. At most until `until`. */
async function passIdle({ outside, blows, leaps }: Field, until: Date): Promise<void> {
  for (;;) {
    const idle = await leaps.idleUntil()
    const to = idle && idle > until ? until : idle
    if (!to || isSoon(to, outside.app.clock.now())) return
    if (blows.isQuiet()) leaps.leapTo(to)
    else await pause(lookEveryMs)
  }
}

/**
 * Nothing is broken any more: everything that is due until then happens.
 * @returns whether it all came to rest; not when something was due, or under way, without a pause for so long that it is stuck
 */
async function settle(field: Field, until: Date): Promise<boolean> {
  const { clock } = field.outside.app
  for (let stuckAt = later(clock.now(), stuckMs); clock.now() < stuckAt; await pause(lookEveryMs)) {
    if (!(await field.leaps.idleUntil())) continue
    if (clock.now() >= until) return true
    await passIdle(field, until)
    stuckAt = later(clock.now(), stuckMs)
  }
  return false
}

async function verdict(
  { app, ...seen }: Outside,
  nodes: Nodes,
  { struck, faults, aside, killPoints }: Assault,
  scenario: Scenario,
  hasSettled: boolean,
): Promise<Besieged> {
  const ledger = inOrder(await whatHappened(app, seen))
  const judged = judge({ ...scenario, until: app.clock.now(), faults: [...faults] }, ledger, aside)
  const wrong = [...nodes.fallen]
  if (!hasSettled) wrong.push('something stays due, or under way, for ever')
  for (const what of judged.wrong)
    wrong.push(`${what}\n${await trace(what, { app, scenario, ledger, struck })}`)
  const counts = [...Map.groupBy(struck, ({ name }) => name)].map(([name, of]) => [name, of.length] as const)
  return {
    wrong,
    ledger,
    hours: (app.clock.now().getTime() - scenario.start.getTime()) / 3_600_000,
    table: [
      table([
        ...counts.toSorted(([a], [b]) => (a < b ? -1 : 1)),
        ['faults in all', struck.length],
        ['  of them kill points', killPoints()],
      ]),
      table([...judged.rows, ['processes that fell by themselves', nodes.fallen.length]]),
      table([...nodes.errors].map(([what, count]) => [`logged: ${what}`, count] as const)),
    ].join('\n\n'),
  }
}

async function allRun(nodes: Nodes): Promise<void> {
  while (nodes.all.some((node) => node.state() !== 'running')) await pause(500)
}

/** While PostgreSQL is away nobody at the desk sees anything. */
const failingQuietly = (actor: Actor): Actor => ({
  ...actor,
  runDue: (now) => actor.runDue(now).catch(() => 0),
})

const later = (from: Date, ms: number) => new Date(from.getTime() + ms)
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
