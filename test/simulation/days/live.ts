// Simulation / days / live: makes one world of a seed, lives through its days, lets it come to rest, and judges it. Called by run.ts.
import type { Receiver } from '../../../src/alerts/who.ts'
import type { By, Channel, Weekday } from '../../../src/db/tables.ts'
import { type Seeded, seeded } from '../../../src/kit/seeded.ts'
import { unknownHealth } from '../../../src/lines/health.ts'
import { beginning } from '../../../src/schedules/plan.ts'
import { alertCallEnded } from './alerts.ts'
import { attemptEnded } from './calls.ts'
import { engineAt, wakeIndex } from './engine.ts'
import { faultsOf, type Kind, kinds, planStorms } from './faults.ts'
import { providerOf } from './provider.ts'
import { rulesOf } from './rules.ts'
import { kill, look, processNamed, stop } from './workers.ts'
import {
  type Alert,
  type Call,
  type Line,
  lookSoon,
  type Outgoing,
  type Schedule,
  type Service,
  type Telephone,
  type World,
} from './world.ts'

export interface Lived {
  /** a receiver's day with a call that was due */
  personDays: number
  /** transactions that were committed */
  commits: number
  broken: readonly string[]
  /** how often what came to pass */
  counts: ReadonlyMap<string, number>
  struck: ReadonlyMap<Kind, number>
  /** for each call that faults touched, which: a bit for each kind */
  touched: readonly number[]
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** A Monday, six days before the clocks of Europe change. */
export const start = Date.UTC(2026, 9, 19, 0, 30)
const receiversOfWorld = 45
const everyDay: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

export interface Wanted {
  days: number
  /** of the days that have a storm */
  stormy: number
  /** of only these kinds */
  only?: readonly Kind[]
}

const usual: Wanted = { days: 20, stormy: 0.3 }

/** Live one world: some fifty receivers for twenty days. */
export function live(seed: string, { days, stormy, only }: Wanted = usual): Lived {
  const chance = seeded(seed)
  const world = makeWorld(seed, chance, days)
  addPeople(world, chance.fork('people'))
  const times = world.services.flatMap(({ schedules, zone }) =>
    schedules.map(({ localTime }) => minutesOf(localTime) - (zone === 'Europe/Paris' ? 60 : 0)),
  )
  const dueAtMs = (dayNumber: number) =>
    start - 30 * minute + dayNumber * day + (chance.pick(times) - (dayNumber < 7 ? 60 : 0)) * minute
  planStorms(world, chance.fork('storms'), { days, share: stormy, ...(only && { only }), dueAtMs })
  for (const schedule of schedulesOf(world)) world.planWakes.note(schedule)
  lookSoon(world)
  world.engine.runUntil(start + days * day)
  comeToRest(world)
  world.rules.atTheEnd()
  return reportOf(world)
}

const schedulesOf = ({ services }: World): Schedule[] => services.flatMap(({ schedules }) => schedules)

/** Every fault is over, no schedule goes on, and what is under way ends. */
function comeToRest(world: World): void {
  // two outages of a day may reach over the last one: whoever is back has a minute to plan what is left of it
  const isAtWork = () => world.workers.some(({ isAlive, isStopped }) => isAlive && !isStopped)
  while (!isAtWork()) world.engine.runUntil(world.engine.now + minute)
  world.engine.runUntil(world.engine.now + minute)
  for (const schedule of schedulesOf(world)) schedule.planAt = null
  world.engine.runUntil(world.engine.now + 3 * day)
}

function reportOf(world: World): Lived {
  const calls = world.services.flatMap((service) => service.calls)
  return {
    personDays: calls.length,
    commits: world.commits,
    broken: world.rules.broken,
    counts: world.rules.counts,
    struck: world.faults.struck,
    touched: calls.map(({ seen }) => seen.touched).filter((bits) => bits !== 0),
  }
}

/** Without people: nobody to call, nobody to tell. */
export function makeWorld(seed: string, chance: Seeded, days: number): World {
  const engine = engineAt(start)
  const world = {
    seed,
    engine,
    chance: chance.fork('flow'),
    aheadMs: 0,
    clock: new Date(start),
    services: [],
    lines: linesOf(chance.fork('lines')),
    telephones: new Map(),
    workers: [processNamed('one'), processNamed('two')],
    web: processNamed('web'),
    database: { isDown: false },
    callWakes: wakeIndex<Call>(({ wake_at }) => wake_at?.getTime() ?? null),
    alertWakes: wakeIndex<Alert>(({ wake_at }) => wake_at?.getTime() ?? null),
    outgoingWakes: wakeIndex<Outgoing>(({ life }) => life.wakeAt?.getTime() ?? null),
    planWakes: wakeIndex<Schedule>(({ planAt }) => planAt?.getTime() ?? null),
    owners: { calls: attemptEnded, alerts: alertCallEnded },
    lastDay: Math.floor(start / day) * day + (days - 1) * day,
    isOneByOne: false,
    commits: 0,
    quickest: 0,
    made: 100_000_000,
    lookAt: Number.POSITIVE_INFINITY,
    look: () => look(world),
  } as unknown as { -readonly [K in keyof World]: World[K] }
  world.faults = faultsOf(world, chance.fork('faults'), {
    openCalls: () => world.rules.openCalls,
    kill: (who, forMs) => kill(world, who, forMs),
    stop: (who, forMs) => stop(world, who, forMs),
    databaseDown(forMs) {
      world.database.isDown = true
      for (const who of world.workers) if (who.isAlive) who.session = `${who.owner} of ${engine.now}`
      engine.after(forMs, () => {
        world.database.isDown = false
        lookSoon(world)
      })
    },
    jump(ms) {
      world.aheadMs += ms
      lookSoon(world)
    },
  })
  world.rules = rulesOf(world)
  world.provider = providerOf(world, chance.fork('provider'))
  return world
}

function linesOf(chance: Seeded): Line[] {
  const began = new Date(0)
  const rate = chance.pick([1, 1, 3, 50])
  return Array.from({ length: chance.pick([1, 1, 2]) }, (_, rank) => ({
    id: `line ${rank + 1}`,
    rank,
    callsPerSecond: rate,
    textsPerSecond: 1,
    concurrentCalls: chance.pick([20, 50]),
    health: unknownHealth(began),
    nextCallAt: began,
    nextTextAt: began,
    leaseOwner: null,
    leaseToken: 0,
    leaseUntil: began,
    leaseSession: null,
    waiting: new Set<Outgoing>(),
    live: new Set<Outgoing>(),
  }))
}

function addPeople(world: World, chance: Seeded): void {
  const now = new Date(start)
  // times at which many are called, and a few of their own
  const common = Array.from(
    { length: 3 },
    () => `${String(chance.int(8, 19)).padStart(2, '0')}:${chance.pick(['00', '30'])}`,
  )
  const zone = chance.pick(['Europe/London', 'Europe/London', 'Europe/Paris'])
  for (let place = 0; place < receiversOfWorld; place++) {
    const isDefault = chance.bool(0.7)
    const by = chance.pick<By>(['call', 'call', 'call', 'call', 'text', 'call then text', 'text then call'])
    const phones = Array.from({ length: chance.pick([1, 1, 1, 2]) }, (_, at) =>
      telephone(
        world,
        `+44163296${1000 + place * 2 + at}`,
        'receiver',
        by !== 'call',
        chance.pick([0.99, 0.98, 0.97, 0.95, 0.9, 0.6]),
      ),
    )
    const schedules: Schedule[] = []
    const service: Service = {
      id: String(place),
      phones,
      by,
      attempts: isDefault ? 3 : chance.int(1, 6),
      gapMinutes: isDefault ? 5 : chance.int(1, 15),
      ringSeconds: isDefault ? 30 : chance.int(20, 60),
      usefulForMinutes: isDefault ? 60 : chance.pick([10, 30, 60, 120]),
      helpKey: chance.bool(0.5) ? '9' : null,
      voicemailWords: chance.bool(0.3),
      zone,
      schedules,
      receivers: receiversOf(world, chance),
      stepMinutes: isDefault ? 5 : chance.int(1, 10),
      rounds: isDefault ? 3 : chance.int(1, 3),
      pauses: new Set(chance.bool(0.1) ? [dateOf(chance.int(2, 10)), dateOf(chance.int(11, 15))] : []),
      calls: [],
      alerts: [],
    }
    // some are called twice a day
    for (const localTime of new Set([
      chance.pick(common),
      ...(chance.bool(0.2) ? [chance.pick(common)] : []),
    ]))
      schedules.push({
        id: `${place} ${localTime}`,
        service,
        localTime,
        days: everyDay,
        plannedThrough: beginning(now),
        planAt: now,
      })
    world.services.push(service)
  }
}

/** Somebody's children, or a warden who has several receivers. */
function receiversOf(world: World, chance: Seeded): Receiver[] {
  return Array.from({ length: chance.pick([0, 1, 2, 2, 3]) }, (_, at) => {
    const who = chance.bool(0.5) ? chance.int(1, 4) : chance.int(100, 900)
    const number = `+447700900${String(who).padStart(3, '0')}`
    telephone(world, number, 'stakeholder', true, chance.pick([0.3, 0.5, 0.8]))
    const channels = chance.pick<Channel[]>([
      ['call'],
      ['text'],
      ['call', 'text', 'email'],
      ['call', 'text'],
      ['email'],
    ])
    return {
      personId: `person ${who}`,
      name: '',
      phone: number,
      email: 'ben@example.org',
      channels,
      step: chance.pick([at + 1, 1]),
    }
  }).filter((one, at, all) => all.findIndex(({ personId }) => personId === one.personId) === at)
}

function telephone(
  { telephones }: World,
  number: string,
  owner: Telephone['owner'],
  isMobile: boolean,
  reliability: number,
): Telephone {
  const known = telephones.get(number)
  if (known) return known
  const made: Telephone = { number, isMobile, owner, reliability, recent: [], busyWith: null }
  telephones.set(number, made)
  return made
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
const dateOf = (dayNumber: number): string => new Date(start + dayNumber * day).toISOString().slice(0, 10)

/** The names of the kinds whose bits are set. */
export const kindsIn = (bits: number): Kind[] => kinds.filter((_, at) => (bits & (1 << at)) !== 0)
