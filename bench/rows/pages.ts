// Bench / pages: the page of a service and the queue, as an operator sees them, in a database with eight years of history and in one with a
// month of the same days. The history is generated (growth/). Both lie on the same server, and are asked in turns.
import type { Hono } from 'hono'
import pg from 'pg'
import { alertRoutes } from '../../src/alerts/pages.tsx'
import { migrate } from '../../src/db/migrate.ts'
import { ensureOperator, familiesOrganisation, operatorFor } from '../../src/organisations/organisations.ts'
import { personsEverywhere } from '../../src/people/people.ts'
import { serviceRoutes } from '../../src/services/pages.tsx'
import type { Signin } from '../../src/signin/signin.ts'
import { loadAssets } from '../../src/web/assets.ts'
import type { WebEnv } from '../../src/web/env.ts'
import { createWeb } from '../../src/web/server.ts'
import { type Grown, grow } from '../growth/grow.ts'
import { livedDay, type Pattern } from '../growth/pattern.ts'
import { inDist } from '../places.ts'
import { atMost, median, type Row, said } from '../row.ts'
import { onlyTrouble, openWorker, type World } from '../world.ts'

const eightYears = 8
const desk = 'desk@example.org'

export const pages: Row = {
  name: 'pages',
  async measure(bench) {
    const world = await bench.world()
    const { month, years, calls } = await histories(world, bench.isQuick)
    const times = bench.isQuick ? 3 : 100
    return { calls, ...(await inTurns(month, years, times)) }
  },
  judge: ({ service, serviceYears, queue, queueYears, calls }) => [
    atMost(
      'the page of a service with eight years of history',
      serviceYears! / service!,
      1.2,
      'with a month',
    ),
    atMost('the queue with eight years of history', queueYears! / queue!, 1.2, 'with a month'),
    said(
      'in ms, with a month and with eight years',
      `service ${ms(service!)}, ${ms(serviceYears!)}; queue ${ms(queue!)}, ${ms(queueYears!)}; eight years are ${calls!.toLocaleString('en')} calls`,
    ),
  ],
}

const ms = (figure: number): string => figure.toFixed(1)

interface History {
  web: Hono<WebEnv>
  /** whose calls are all answered, and whose are all missed */
  services: readonly string[]
}

/** Each page asked of both in turns; half of the requests take less. */
async function inTurns(month: History, years: History, times: number) {
  const took: Record<string, number[]> = { service: [], serviceYears: [], queue: [], queueYears: [] }
  for (let time = 0; time < times; time++)
    for (const [name, { web, services }] of [
      ['', month],
      ['Years', years],
    ] as const) {
      took[`service${name}`]!.push(await timed(web, `/services/${services[time % services.length]}`))
      took[`queue${name}`]!.push(await timed(web, '/queue'))
    }
  return Object.fromEntries(Object.entries(took).map(([name, all]) => [name, median(all)]))
}

async function timed(web: Hono<WebEnv>, path: string): Promise<number> {
  const began = performance.now()
  const answer = await web.request(path)
  await answer.text()
  if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}`)
  return performance.now() - began
}

const known = new WeakMap<World, ReturnType<typeof growBoth>>()

/** Grown once in a run. */
function histories(world: World, isQuick: boolean): ReturnType<typeof growBoth> {
  const both = known.get(world) ?? growBoth(world, isQuick)
  known.set(world, both)
  return both
}

async function growBoth(
  world: World,
  isQuick: boolean,
): Promise<{ month: History; years: History; calls: number }> {
  const pattern = await livedDay(await world.anotherDatabase('bench_day'))
  const copies = isQuick ? 0.01 : 3
  const years = await grown(world, 'bench_years', pattern, eightYears, copies)
  const month = await grown(world, 'bench_month', pattern, 1 / 12, copies)
  return { month: month.history, years: years.history, calls: years.calls }
}

async function grown(
  world: World,
  name: string,
  pattern: Pattern,
  years: number,
  copies: number,
): Promise<{ history: History; calls: number }> {
  const connectionString = await world.anotherDatabase(name)
  await migrate(connectionString)
  const owner = new pg.Client({ connectionString })
  await owner.connect()
  const calls = Math.round(years * 365.25 * pattern.calls * copies)
  const made: Grown = await grow(owner, pattern, {
    years,
    calls,
    until: new Date(),
    organisationId: familiesOrganisation,
  })
  await owner.end()
  const { answered, missed } = made.examples
  return {
    history: { web: await webOf(world, connectionString), services: [answered, missed] },
    calls: made.calls,
  }
}

/** The pages, seen by an operator. */
async function webOf(world: World, connectionString: string): Promise<Hono<WebEnv>> {
  const worker = await openWorker(connectionString)
  world.later(worker.close)
  const { app } = worker
  await ensureOperator(app, desk)
  const who = { email: desk, persons: await personsEverywhere(app, desk) }
  const signin: Pick<Signin, 'whoIs'> = { whoIs: async () => who }
  const web = createWeb({
    assets: loadAssets(inDist('assets')),
    log: onlyTrouble,
    publicUrl: null,
    practice: true,
    now: neverTooOften(),
  })
  web.route('/', serviceRoutes(app, signin as Signin))
  web.route('/', alertRoutes(app, { whoIs: () => operatorFor(app, who) }))
  return web
}

/** An hour passes between two requests, so that nobody is asked to wait. */
function neverTooOften(): () => number {
  let now = 0
  return () => {
    now += 3_600_000
    return now
  }
}
