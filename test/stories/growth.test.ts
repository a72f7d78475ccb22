// Eight years of history beside three months of it, which is what stays among the living rows: pages, sweeps and planning read the same.
// Counted in the blocks that PostgreSQL touches for each statement, which is the same on every machine, and never in time.
import pg from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Grown, grow } from '../../bench/growth/grow.ts'
import { livedDay, type Pattern } from '../../bench/growth/pattern.ts'
import { applicationRole } from '../../src/db/db.ts'
import { createPages } from '../../src/pages.ts'
import { scheduleActors } from '../../src/schedules/schedules.ts'
import type { Signin } from '../../src/signin/signin.ts'
import { workActors } from '../../src/wiring.ts'
import { families, type TestApp, testApp } from '../support/app.ts'
import { freshDatabase } from '../support/database.ts'

const until = new Date('2026-11-24T12:00:00Z')
const assets = { url: (name: string) => `/assets/${name}`, has: () => true, serve: () => new Response() }

/** What is asked of PostgreSQL while somebody listens. */
const statements: { text: string; values: unknown[] }[] = []
let isListening = false

function listen(): void {
  const query = pg.Client.prototype.query as (...given: unknown[]) => unknown
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...given: unknown[]) {
    const [config, values] = given as [{ text?: string; values?: unknown[] } | string, unknown[]?]
    const text = typeof config === 'string' ? config : (config.text ?? '')
    if (isListening && /^(?:select|with|insert)\b/i.test(text.trim()) && !text.includes('set_config'))
      statements.push({ text, values: (typeof config === 'string' ? values : config.values) ?? [] })
    return query.apply(this, given)
  } as typeof pg.Client.prototype.query)
}

interface Grew {
  app: TestApp
  owner: pg.Client
  grown: Grown
  /** Does `work`, and says what its statements touched. */
  touched(work: () => Promise<unknown>): Promise<Touched>
  get(path: string): Promise<string>
}

interface Touched {
  blocks: number
  /** parts of the past, by name */
  parts: Set<string>
}

async function years(pattern: Pattern, wanted: { years: number; calls: number }): Promise<Grew> {
  const app = await testApp({ at: until.toISOString() })
  onTestFinished(() => app.close())
  const owner = new pg.Client({ connectionString: app.db.connectionString })
  await owner.connect()
  onTestFinished(() => owner.end())
  const grown = await grow(owner, pattern, { ...wanted, until, organisationId: families.organisationId })
  await owner.query('vacuum analyze')

  const { rows } = await owner.query<{ person_id: string; name: string }>(
    `select k.person_id, p.name from stakeholder k join person p on p.id = k.person_id
     where k.service_id = $1 and 'creator' = any(k.roles)`,
    [grown.examples.missed],
  )
  const person = { ...families, id: rows[0]!.person_id, name: rows[0]!.name }
  await owner.query(`insert into member values ($1, $2, 'operator')`, [families.organisationId, person.id])
  const who = { email: 'ben@example.org', persons: [person] }
  const signin = { whoIs: async () => who, viewer: (_: unknown, next: () => unknown) => next() }
  const pages = createPages(
    app,
    signin as unknown as Signin,
    assets,
    async () => ({ lookedAt: null, alarms: [] }) as never,
    null,
  )
  return {
    app,
    owner,
    grown,
    async get(path) {
      const response = await pages.request(path)
      expect(response.status, path).toBe(200)
      return response.text()
    },
    async touched(work) {
      statements.length = 0
      isListening = true
      await work().finally(() => {
        isListening = false
      })
      const all: Touched = { blocks: 0, parts: new Set() }
      await owner.query(`set role ${applicationRole}; set app.organisation = 'all'`)
      for (const statement of [...statements]) add(all, await explained(owner, statement))
      await owner.query('reset role')
      return all
    },
  }
}

interface Plan {
  'Relation Name'?: string
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  'Actual Loops': number
  Plans?: Plan[]
}

async function explained(
  owner: pg.Client,
  { text, values }: { text: string; values: unknown[] },
): Promise<Plan> {
  await owner.query('begin')
  const { rows } = await owner.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `explain (analyze, buffers, format json) ${text}`,
    values,
  )
  await owner.query('rollback')
  return rows[0]!['QUERY PLAN'][0].Plan
}

function add(all: Touched, plan: Plan): void {
  all.blocks += plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
  const visit = (node: Plan): void => {
    const name = node['Relation Name']
    if (name && /_\d{4}_\d\d$/.test(name) && node['Actual Loops'] > 0) all.parts.add(name)
    for (const below of node.Plans ?? []) visit(below)
  }
  visit(plan)
}

test('eight years of history and three months of it: pages, sweeps and planning touch the same', {
  timeout: 240_000,
}, async () => {
  const database = await freshDatabase()
  const pattern = await livedDay(database.connectionString).finally(() => database.drop())
  listen()
  const many = await years(pattern, { years: 8, calls: 20_000 })
  const few = await years(pattern, { years: 92 / 365.25, calls: 20_000 * (92 / 2922) })
  expect(many.grown.calls).toBeGreaterThan(19_000)
  expect(few.grown.calls).toBeGreaterThan(500)
  expect(few.grown.calls).toBeLessThan(700)

  const works: Record<string, (world: Grew) => Promise<unknown>> = {
    'a service': ({ get, grown }) => get(`/services/${grown.examples.missed}`),
    'the queue': ({ get }) => get('/queue'),
    'the coming day': ({ get }) => get('/forecast'),
    'a round of everybody who acts': async ({ app }) => {
      for (const actor of workActors(app, { inFlight: 1 })) await actor.nextAt()
      for (const actor of workActors(app, { inFlight: 1 })) await actor.runDue(app.clock.now())
    },
    'planning the next day': async ({ app }) => {
      await app.db.everywhere(({ sql }) => sql.updateTable('schedule').set({ wake_at: until }).execute())
      expect(await scheduleActors(app)[0]!.runDue(until)).toBe(40)
    },
  }
  for (const [what, work] of Object.entries(works)) {
    const [of8, of3] = [await many.touched(() => work(many)), await few.touched(() => work(few))]
    expect([...of8.parts], `${what} touches the past`).toEqual([])
    expect(of8.blocks, `${what}: ${of8.blocks} blocks, with three months ${of3.blocks}`).toBeLessThan(
      1.2 * of3.blocks,
    )
  }

  // the list goes on into the past a year at a time; a call is looked for in the months around its id's own time
  const { answered, missed } = many.grown.examples
  const all = await many.touched(() => many.get(`/services/${answered}/calls`))
  expect(monthsIn(all).at(-1)).toBe('2026_08')
  expect(monthsIn(all).length).toBeLessThanOrEqual(13)
  const { rows } = await many.owner.query<{ id: string }>(
    `select id from past.call where service_id = $1 and month = '2020-02-01' limit 1`,
    [missed],
  )
  const one = await many.touched(() => many.get(`/services/${missed}/calls/${rows[0]!.id}`))
  expect(monthsIn(one)).toContain('2020_02')
  expect(monthsIn(one).length).toBeLessThanOrEqual(3)
})

const monthsIn = ({ parts }: Touched): string[] =>
  [...new Set([...parts].map((name) => name.slice(-7)))].sort()
