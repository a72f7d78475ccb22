// The past on a real PostgreSQL: days that were really lived through are moved, whole and once, and shown as before; what is not over
// stays; a month can be taken away.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import pg from 'pg'
import { expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../test/support/database.ts'
import { alertsOfService } from '../alerts/alerts.ts'
import type { App } from '../app.ts'
import { type CallView, callById, callsOfService, historyOf } from '../calls/calls.ts'
import type { Tx } from '../db/db.ts'
import { pastTables } from '../db/past.ts'
import { exchangesOf } from '../lines/lines.ts'
import type { MovableClock } from '../outside/clock.ts'
import { readScenario, rehearse } from '../rehearsal/rehearsal.ts'
import { pastActors } from './past.ts'

const dayMs = 24 * 60 * 60_000
const scenarios = fileURLToPath(new URL('../../test/rehearsal/', import.meta.url))

/** Lives through a scenario, and then does `look` in the world that is left, on a clock that can be moved. */
async function after(
  scenario: string,
  look: (world: World) => Promise<void>,
  change: (text: string) => string = (text) => text,
): Promise<void> {
  const database = await freshDatabase()
  try {
    await rehearse(readScenario(change(readFileSync(`${scenarios}${scenario}.json`, 'utf8'))), {
      database: database.connectionString,
      folder: scenarios,
      before: async (app) => look(await worldOf(app, database)),
    })
  } finally {
    await database.drop()
  }
}

interface World {
  app: App
  database: FreshDatabase
  /** Moves the clock on by so many days, and lets the actor do all it wants to. */
  live(days: number, actors?: number): Promise<void>
  counts(schema: 'public' | 'past'): Promise<Record<string, number>>
  /** Everything that the pages show of every call, as it is to be read then. */
  shown(): Promise<unknown[]>
}

async function worldOf(app: App, database: FreshDatabase): Promise<World> {
  const calls = await app.db.everywhere((tx) =>
    tx.sql
      .selectFrom('call')
      .select(['organisation_id as organisationId', 'id', 'service_id as serviceId'])
      .orderBy('due_at')
      .orderBy('id')
      .execute(),
  )
  let now = app.clock.now()
  return {
    app,
    database,
    async live(days, actors = 1) {
      now = new Date(now.getTime() + days * dayMs)
      ;(app.clock as MovableClock).holdAt(now)
      for (let rounds = 0; rounds < 1000; rounds++) {
        const all = Array.from({ length: actors }, () => pastActors(app)[0]!)
        const next = await all[0]!.nextAt()
        if (next! > now) now = new Date(Math.min(next!.getTime(), now.getTime() + 1000))
        const done = await Promise.all(all.map((actor) => actor.runDue(now)))
        if (done.every((one) => one === 0)) return
      }
      throw new Error('the actor does not come to rest')
    },
    counts: (schema) =>
      app.db.everywhere(async (tx) => {
        const counts: Record<string, number> = {}
        for (const table of pastTables) {
          const { rows } = await sql<{
            count: string
          }>`select count(*) from ${sql.id(schema, table)}`.execute(tx.sql)
          counts[table] = Number(rows[0]!.count)
        }
        return counts
      }),
    shown: () => Promise.all(calls.map((call) => app.db.in(call, (tx) => shownOf(tx, call)))),
  }
}

async function shownOf(tx: Tx, { id, serviceId }: { id: string; serviceId: string }): Promise<unknown> {
  const { past, ...call } = (await callById(tx, id, 'past'))!
  const alerts = await alertsOfService(tx, serviceId, { callId: id, past }, { personId: id, isWatcher: true })
  return {
    call,
    alerts,
    history: await historyOf(tx, id, past),
    exchanges: await Promise.all(call.attempts.map(({ outgoingId }) => exchangesOf(tx, outgoingId, past))),
  }
}

test('a past table has the columns of the living one in their order, after the month', async () => {
  const database = await freshDatabase()
  const owner = new pg.Client({ connectionString: database.connectionString })
  await owner.connect()
  try {
    const columns = async (schema: string, table: string) =>
      (
        await owner.query<{ column: string }>(
          `select attname || ' ' || format_type(atttypid, atttypmod) as column from pg_attribute
           where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
          [`${schema}.${table}`],
        )
      ).rows.map((row) => row.column)
    for (const table of pastTables) {
      expect(await columns('past', table), `past.${table} follows ${table}`).toEqual([
        'month date',
        ...(await columns('public', table)),
      ])
    }
  } finally {
    await owner.end()
    await database.drop()
  }
})

test('three months later a day has moved, nothing lost and nothing doubled, and the pages show the same', async () => {
  await after('bundle-by-call', async ({ app, live, counts, shown }) => {
    // two calls are over, and those of the next day wait
    const before = await shown()
    const living = await counts('public')
    expect(living).toMatchObject({ call: 4, alert: 2, notification: 4 })
    await live(91)
    expect(await counts('public')).toEqual(living)
    // two workers at once
    await live(3, 2)
    expect(await counts('past')).toEqual({ ...living, call: 2 })
    expect(await counts('public')).toEqual({ ...nothing, call: 2 })
    expect(await shown()).toEqual(before)
    await live(1)
    expect(await counts('past')).toEqual({ ...living, call: 2 })
    expect(await pastActors(app)[0]!.nextAt()).toEqual(new Date('2027-02-28T03:40:00Z'))
  })
})

test('a call whose alert nobody has ended stays, however old, with all that belongs to it', async () => {
  await after('nobody-ever', async ({ app, live, counts }) => {
    const living = await counts('public')
    expect(living.alert).toBe(1)
    await live(800)
    expect(await counts('public')).toEqual(living)
    await app.db.everywhere((tx) =>
      tx.sql
        .updateTable('alert')
        .set({ state: 'closed', wake_at: null, closed_how: 'she is fine', closed_at: app.clock.now() })
        .execute(),
    )
    await live(1)
    expect((await counts('past')).alert).toBe(1)
  })
})

test('the list of all calls goes on into the past, in order, each call once', async () => {
  await after('answered-first-time', async ({ app, live }) => {
    const [call] = await callsOf(app)
    const { organisation_id: organisationId, service_id: serviceId, id } = call!
    // calls of four years, every ninth day, like the one that was lived through
    await app.db.everywhere(async (tx) => {
      await sql`update service set created_at = '2022-12-01T00:00:00Z'`.execute(tx.sql)
      await sql`insert into call select (jsonb_populate_record(c, jsonb_build_object(
          'id', lpad(to_hex((extract(epoch from c.due_at - past.days) * 1000)::bigint), 12, '0') || '70008000000000000000',
          'due_at', c.due_at - past.days, 'schedule_id', null))).*
        from call c, (select n * interval '9 days' as days from generate_series(1, 160) n) past where c.id = ${id}`.execute(
        tx.sql,
      )
    })
    const pages = async () => {
      const all: CallView[] = []
      for (;;) {
        const page = await app.db.in({ organisationId }, (tx) =>
          callsOfService(tx, serviceId, { limit: 30, pastAt: app.clock.now(), ...before(all.at(-1)) }),
        )
        all.push(...page)
        if (page.length < 30) return all.map((view) => view.id)
      }
    }
    const inOrder = await pages()
    expect(inOrder).toHaveLength(161)
    await live(1)
    expect((await callsOf(app)).length).toBeLessThan(15)
    expect(await pages()).toEqual(inOrder)
  })
})

test('nobody changes the past, sees that of another organisation, or reaches a month by itself', async () => {
  await after('answered-first-time', async ({ app, live }) => {
    await live(100)
    const count = (organisationId: string) =>
      app.db.in({ organisationId }, async (tx) => {
        const { rows } = await sql<{ count: string }>`select count(*) from past.call`.execute(tx.sql)
        return Number(rows[0]!.count)
      })
    expect(await count('00000000-0000-7000-8000-000000000001')).toBe(1)
    expect(await count('00000000-0000-7000-8000-0000000000ff')).toBe(0)
    for (const statement of [
      'update past.call set outcome = null',
      'delete from past.call_event',
      'select * from past.call_2026_11',
      "call past.lock_up('call')",
    ])
      await expect(
        app.db.everywhere((tx) => sql.raw(statement).execute(tx.sql)),
        statement,
      ).rejects.toThrow('permission denied')
    const { rows } = await app.db.everywhere((tx) =>
      sql<{ relname: string }>`select relname from pg_class
        where relnamespace = 'past'::regnamespace and relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity)`.execute(
        tx.sql,
      ),
    )
    expect(rows).toEqual([])
  })
})

test('a month is taken away as a whole, and everything else stays', async () => {
  await after('bundle-by-call', async ({ app, database, live, counts }) => {
    await live(100)
    await app.db.everywhere((tx) => sql`select past.make_month('2026-12-01')`.execute(tx.sql))
    const owner = new pg.Client({ connectionString: database.connectionString })
    await owner.connect()
    try {
      for (const table of pastTables)
        await owner.query(`alter table past.${table} detach partition past.${table}_2026_11`)
      expect(await counts('past')).toEqual(nothing)
      expect(await counts('public')).toEqual({ ...nothing, call: 2 })
      await owner.query(`set app.organisation = 'all'`)
      // it is a table by itself now, to be kept elsewhere or dropped
      expect((await owner.query('select * from past.call_2026_11')).rowCount).toBe(2)
    } finally {
      await owner.end()
    }
  })
})

const nothing = Object.fromEntries(pastTables.map((table) => [table, 0]))

const callsOf = (app: App) =>
  app.db.everywhere((tx) => tx.sql.selectFrom('call').selectAll().where('state', '=', 'closed').execute())

const before = (last: CallView | undefined) => (last ? { before: { dueAt: last.dueAt, id: last.id } } : {})
