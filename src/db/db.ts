// Db: the one way to PostgreSQL. A transaction always says whose rows it works on; outside one there is no access.
import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { CompiledQuery, Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { isUuid } from '../kit/ids.ts'
import type { Tables } from './tables.ts'

// bigint counts fit a number here; local dates stay the text they are
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => text)

/** Whose rows a transaction may touch. Made by sign-in, by a token that was looked up, or from the row being worked on. */
export interface OrgScope {
  readonly organisationId: string
}

/** A transaction within one organisation. Stores take this and nothing else. */
export interface Tx {
  readonly sql: Transaction<Tables>
  readonly organisationId: string
  /** Run after the commit, never after a rollback. For bells, not for work. */
  afterCommit(run: () => void): void
}

/** A transaction over every organisation: to find due rows, or to find out whose row a token belongs to. */
export interface WideTx {
  readonly sql: Transaction<Tables>
  readonly everyOrganisation: true
  afterCommit(run: () => void): void
}

export interface Db {
  readonly connectionString: string
  in<T>(scope: OrgScope, work: (tx: Tx) => Promise<T>): Promise<T>
  everywhere<T>(work: (tx: WideTx) => Promise<T>): Promise<T>
  /** Only read, over every organisation, each statement by itself: a quarter of the round trips of `everywhere`. */
  look<T>(read: (tx: WideTx) => Promise<T>): Promise<T>
  /** How many transactions this process has committed: whoever has looked since the last one has seen everything. */
  commits(): number
  /** For sign-in's own tables, which belong to no organisation. */
  readonly pool: pg.Pool
  close(): Promise<void>
}

/** The role that the application works as: owns nothing, so row-level security binds it. */
export const applicationRole = 'callassist_app'

/**
 * Plans are kept as long as their connection, and what waits grows from nothing to thousands within a second: a plan that reads all of a
 * small table, because it is small, is the wrong one a moment later. Whatever is asked often has its index, so it is always used (0038).
 */
const byIndexes = '-c enable_seqscan=off -c random_page_cost=1.1 -c jit=off'

/**
 * A server that is gone without a word (its machine lost its power, the network swallows everything) is noticed by TCP after a quarter of an
 * hour. No statement of ours is silent for so long.
 */
const silenceMs = 60_000

/**
 * @param options.patienceMs how long connecting and one statement may take; for ever when not given
 * @param options.silentAtMostMs so long a connection may say nothing; then it counts as broken, and so does what was asked over it
 */
export function openDb(
  connectionString: string,
  options: {
    connections?: number
    patienceMs?: number
    silentAtMostMs?: number
    onTrouble?: (error: Error) => void
  } = {},
): Db {
  const { patienceMs, silentAtMostMs = silenceMs } = options
  const poolOf = (max: number, settings: string, asksAgain = false) => {
    const pool = new pg.Pool({
      connectionString,
      max,
      idleTimeoutMillis: 30_000,
      options: `-c role=${applicationRole} -c idle_in_transaction_session_timeout=30000 -c timezone=UTC ${byIndexes} ${settings}`,
      // for a free connection too: whoever has waited so long is not waited for any more
      connectionTimeoutMillis: patienceMs ?? silentAtMostMs,
      ...(patienceMs && {
        statement_timeout: patienceMs,
        query_timeout: patienceMs,
      }),
    })
    // a server that goes away breaks connections, also those at work, whose errors nobody else hears of; the pool makes new ones
    pool.on('error', () => {})
    pool.on('connect', (client) => {
      client.on('error', (error) => options.onTrouble?.(error))
      endWhenSilent(client, silentAtMostMs)
      nameStatements(client, asksAgain)
    })
    return pool
  }
  const pool = poolOf(options.connections ?? 10, '')
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const lookingPool = poolOf(
    Math.ceil((options.connections ?? 10) / 2),
    '-c app.organisation=all -c default_transaction_read_only=on',
    true,
  )
  const looking = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: lookingPool }) })

  let commits = 0

  async function transaction<T>(
    organisation: string,
    work: (sql: Transaction<Tables>, afterCommit: (run: () => void) => void) => Promise<T>,
  ): Promise<T> {
    if (organisation !== 'all' && !isUuid(organisation))
      throw new Error('a transaction needs the id of an organisation')
    const [result, after] = await kysely.connection().execute(async (connection) => {
      const once = () => within(connection, organisation, work)
      try {
        return await once()
      } catch (error) {
        // a newer version has changed a table under our feet: nothing of it was kept, so it is done again
        if (!isOutdated(error)) throw error
        return once()
      }
    })
    for (const run of after) run()
    return result
  }

  async function within<T>(
    connection: Kysely<Tables>,
    organisation: string,
    work: (sql: Transaction<Tables>, afterCommit: (run: () => void) => void) => Promise<T>,
  ): Promise<[T, (() => void)[]]> {
    const after: (() => void)[] = []
    // one round trip for both: the text is ours, an id or 'all'
    await connection.executeQuery(
      CompiledQuery.raw(`begin; select set_config('app.organisation', '${organisation}', true)`),
    )
    try {
      const done = await work(connection as unknown as Transaction<Tables>, (run) => after.push(run))
      await connection.executeQuery(CompiledQuery.raw('commit'))
      commits++
      return [done, after]
    } catch (error) {
      // a connection that broke has rolled back already
      await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => {})
      throw error
    }
  }

  return {
    connectionString,
    pool,
    commits: () => commits,
    in: (scope, work) =>
      transaction(scope.organisationId, (trx, afterCommit) =>
        work({ sql: trx, organisationId: scope.organisationId, afterCommit }),
      ),
    everywhere: (work) =>
      transaction('all', (trx, afterCommit) => work({ sql: trx, everyOrganisation: true, afterCommit })),
    look: (read) =>
      read({
        sql: looking as unknown as Transaction<Tables>,
        everyOrganisation: true,
        afterCommit: (run) => run(),
      }),
    async close() {
      await kysely.destroy()
      await looking.destroy()
    },
  }
}

/** The driver knows no such limit: its own leaves the connection waiting for the answer for ever. */
function endWhenSilent(client: pg.PoolClient, afterMs: number): void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  stream.setTimeout(afterMs, () => stream.destroy(new Error('the database said nothing for too long')))
}

/**
 * Lets the server plan each statement once per connection: with row-level security, planning costs more than running.
 * A statement is named by its text; one without parameters stays unnamed. When the server says that a plan is outdated, every statement of
 * this connection gets another name from then on.
 * @param asksAgain each statement stands by itself, so it may be asked again
 */
function nameStatements(client: pg.PoolClient, asksAgain: boolean): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown
  let age = 0
  const ask = (text: string, values: unknown, ...rest: unknown[]) =>
    query({ name: `${statementName(text)}${age || ''}`, text, values }, ...rest)
  const named = (text: unknown, values: unknown, ...rest: unknown[]) => {
    if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0)
      return query(text, values, ...rest)
    const answer = ask(text, values, ...rest)
    return answer instanceof Promise
      ? answer.catch((error: unknown) => {
          if (!isOutdated(error)) throw error
          age++
          if (!asksAgain) throw error
          return ask(text, values)
        })
      : answer
  }
  client.query = named as typeof client.query
}

/**
 * "cached plan must not change result type": another process has added a column to a table of which the statement asks for every one. By
 * the place in the server that says so, because its words are in the server's language.
 */
const isOutdated = (error: unknown): boolean =>
  (error as { routine?: string } | null)?.routine === 'RevalidateCachedQuery'

const statementNames = new Map<string, string>()

/** PostgreSQL keeps 63 characters of a name; 27 of a hash will do. */
function statementName(text: string): string {
  let name = statementNames.get(text)
  if (!name) {
    name = createHash('sha1').update(text).digest('base64url')
    statementNames.set(text, name)
  }
  return name
}
