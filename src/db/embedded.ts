// Db / embedded: the real PostgreSQL 18 server from npm, started in the data folder, for whoever has no database of
// their own. Starts it, or attaches to the one that outlived a crash; keeps a second CallAssist off the folder; starts
// the server anew when it dies; stops it cleanly. Used by main.ts, by a rehearsal and by tests. All facts about what
// goes wrong are measured: docs/decisions/0006-embedded-postgresql.md.
import { existsSync } from 'node:fs'
import { rm, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import pg from 'pg'
import type { Log } from '../kit/log.ts'
import { StartRefusal } from '../kit/refusal.ts'
import { monotonicMs } from '../outside/clock.ts'
import { type Cluster, connectionString, describeCluster, makeCluster } from './embedded/cluster.ts'
import { isStopping, type Running, removeStale, runningServer } from './embedded/pidfile.ts'
import { launch, type Settings, shutDown } from './embedded/server.ts'
import { pause, until } from './embedded/wait.ts'

export interface EmbeddedOptions {
  /** CallAssist's data folder; made when it is not there. The database lies in its folder `postgres`. */
  dataDir: string
  log: Log
  /** Further settings of the server, `name: value`. */
  settings?: Settings
  /** For tests: do as if this machine could not. */
  without?: { userNamespaces?: boolean; sockets?: boolean }
}

export interface EmbeddedDatabase {
  /** For a `pg` Pool or Client. The role `callassist` owns the database `callassist`; it is no superuser. */
  readonly connectionString: string
  /** As the superuser `postgres`, for making and dropping other databases. */
  readonly adminConnectionString: string
  /** The server's process. Changes when it was started anew. */
  readonly pid: () => number
  /** Called each time the server was started anew after it died: connections are gone, LISTEN must be said again. */
  onRestart(listener: () => void): void
  /** Ends the connections that are left and stops the server; done when its process is gone. */
  stop(): Promise<void>
}

/** Guards a data folder. Any number will do that is used for nothing else in the database `postgres`. */
const folderLock = 7_278_101
const readyWithinMs = 120_000
const lookEveryMs = 1000

/**
 * @throws StartRefusal with one sentence when the folder is in use by another CallAssist, cannot be used, or the server
 * does not start
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const cluster = await describeCluster(resolve(options.dataDir), options.without ?? {})
  const listeners = new Set<() => void>()
  let stopping = false
  let reviving: Promise<void> | null = null
  let held = await begin(cluster, options)
  watch()

  /** The keeper's connection ends when the server does, whether it is our child or one we attached to. */
  function watch(): void {
    const { keeper, running } = held
    // a server that somebody else told to stop would wait for the keeper for ever, and refuse everybody meanwhile
    const look = setInterval(async () => {
      if (!stopping && (await isStopping(cluster.folder))) await shutDown(cluster, running.pid)
    }, lookEveryMs)
    look.unref()
    keeper.once('end', () => {
      clearInterval(look)
      if (stopping) return
      reviving = revive().finally(() => {
        reviving = null
      })
    })
  }

  async function revive(): Promise<void> {
    options.log.warn('the database server died, it is being started anew')
    for (let tries = 0; !stopping; tries++) {
      try {
        held = await hold(cluster, options)
        watch()
        options.log.info('the database server runs again')
        for (const listener of listeners) listener()
        return
      } catch (error) {
        options.log.error('the database server cannot be started', error)
        await until(() => stopping, Math.min(5000, 100 * 2 ** tries))
      }
    }
  }

  return {
    connectionString: connectionString(cluster, held.running, 'callassist', 'callassist'),
    adminConnectionString: connectionString(cluster, held.running, 'postgres', 'postgres'),
    pid: () => held.running.pid,
    onRestart: (listener) => listeners.add(listener),
    async stop() {
      stopping = true
      await reviving
      await held.keeper.end().catch(() => undefined)
      await shutDown(cluster, held.running.pid)
      if (cluster.ownSocketFolder) await rm(cluster.ownSocketFolder, { recursive: true, force: true })
    },
  }
}

/**
 * The database of a data folder, for somebody who only wants to read it: the server that runs, whoever's it is, or else one that is started
 * for now and stopped again.
 * @throws StartRefusal when there is none, or as `startEmbedded`
 */
export async function visitEmbedded(
  options: EmbeddedOptions,
): Promise<Pick<EmbeddedDatabase, 'connectionString' | 'stop'>> {
  const folder = join(resolve(options.dataDir), 'postgres')
  if (!existsSync(join(folder, 'PG_VERSION')))
    throw new StartRefusal(
      `There is no database in the data folder ${options.dataDir}: set DATA_DIR to the folder, or DATABASE_URL to the database, that is meant.`,
    )
  const running = await runningServer(folder)
  if (!running || (await isStopping(folder))) return startEmbedded(options)
  const cluster = await describeCluster(resolve(options.dataDir), options.without ?? {})
  return {
    connectionString: connectionString(cluster, running, 'callassist', 'callassist'),
    stop: async () => undefined,
  }
}

interface Held {
  running: Running
  /** Holds the folder's lock for as long as this process lives, and notices the server's death. */
  keeper: pg.Client
}

async function begin(cluster: Cluster, options: EmbeddedOptions): Promise<Held> {
  try {
    await makeCluster(cluster, options.settings?.fsync !== 'off')
    return await hold(cluster, options)
  } catch (error) {
    // only if it is empty: another CallAssist may be using it
    if (cluster.ownSocketFolder) await rmdir(cluster.ownSocketFolder).catch(() => undefined)
    throw error
  }
}

/** A running server whose folder is ours alone. */
async function hold(cluster: Cluster, options: EmbeddedOptions): Promise<Held> {
  const giveUpAt = monotonicMs() + readyWithinMs
  while (monotonicMs() < giveUpAt) {
    const running = (await runningServer(cluster.folder)) ?? (await startServer(cluster, options))
    const keeper = running && (await connect(cluster, running))
    if (!running || !keeper) {
      await pause(10)
      continue
    }
    try {
      await lock(keeper, cluster)
      if (!running.outdated) {
        await ensureDatabase(keeper, cluster)
        cluster.address ??= { port: running.port, socketFolder: running.socketFolder }
        return { running, keeper }
      }
    } catch (error) {
      await keeper.end().catch(() => undefined)
      throw error
    }
    await keeper.end()
    await shutDown(cluster, running.pid)
  }
  throw new StartRefusal(
    `The built-in database did not become ready within two minutes; what it says stands in ${cluster.logFile}.`,
  )
}

async function startServer(cluster: Cluster, options: EmbeddedOptions): Promise<Running | null> {
  if (await removeStale(cluster.folder)) options.log.info('a pid file of a dead database server was removed')
  return launch(cluster, options.settings ?? {})
}

/** Null when the server is not ready (starting, recovering, stopping) or gone again. */
async function connect(cluster: Cluster, running: Running): Promise<pg.Client | null> {
  const keeper = new pg.Client({
    connectionString: connectionString(cluster, running, 'postgres', 'postgres'),
    application_name: `callassist keeper ${process.pid}`,
    keepAlive: true,
    connectionTimeoutMillis: 5000,
  })
  // without a listener a broken connection would end the process
  keeper.on('error', () => undefined)
  try {
    await keeper.connect()
    return keeper
  } catch (error) {
    const code = (error as { code?: string }).code ?? ''
    await keeper.end().catch(() => undefined)
    // refused, no socket yet, reset; starting up or shutting down (57P03), ended while connecting (57P01, 57P02)
    if (code === '' || /^(E[A-Z]+|57P0.)$/.test(code)) return null
    throw new StartRefusal(
      `The built-in database in ${cluster.folder} refuses CallAssist (code ${code}); what it says stands in ${cluster.logFile}.`,
    )
  }
}

/** The lock of a process that was just killed stays for the moment the server needs to notice. */
async function lock(keeper: pg.Client, cluster: Cluster): Promise<void> {
  const free = () =>
    keeper
      .query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [folderLock])
      .then(({ rows }) => rows[0]!.got)
  if (await until(free, 1000)) return
  const holder = await keeper.query<{ name: string }>(
    `select application_name as name from pg_stat_activity join pg_locks using (pid)
     where locktype = 'advisory' and objid = $1 and granted`,
    [folderLock],
  )
  const pid = /\d+$/.exec(holder.rows[0]?.name ?? '')?.[0]
  throw new StartRefusal(
    `The data folder ${cluster.dataDir} is in use by another CallAssist${pid ? ` (process ${pid})` : ''}: stop that one first, or set DATA_DIR to another folder.`,
  )
}

async function ensureDatabase(keeper: pg.Client, cluster: Cluster): Promise<void> {
  const { rows } = await keeper.query<{ role: boolean; database: boolean }>(
    `select exists (select from pg_roles where rolname = 'callassist') as role,
            exists (select from pg_database where datname = 'callassist') as database`,
  )
  // it makes the role that the application works as, hence createrole
  if (!rows[0]!.role)
    await keeper.query(
      `create role callassist login createrole${cluster.password ? ` password '${cluster.password}'` : ''}`,
    )
  if (!rows[0]!.database) await keeper.query('create database callassist owner callassist')
}
