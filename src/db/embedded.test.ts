import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Log, silentLog } from '../kit/log.ts'
import { StartRefusal } from '../kit/refusal.ts'
import { copied, nativeFolder, program, withLibraryLinks } from './embedded/native.ts'
import { isAlive } from './embedded/pidfile.ts'
import { until } from './embedded/wait.ts'
import { type EmbeddedDatabase, type EmbeddedOptions, startEmbedded, visitEmbedded } from './embedded.ts'

const isRoot = process.geteuid?.() === 0
const quick = { fsync: 'off' }
let base = ''
/** A data folder whose database was made and stopped: copied by tests that need not see it made. */
let made = ''
const running = new Set<EmbeddedDatabase>()
const children = new Set<number>()

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'callassist-test-'))
  await chmod(base, 0o755)
  made = join(base, 'made')
  const database = await start(made)
  await query(database.connectionString, 'create table kept (word text)')
  await query(database.connectionString, `insert into kept values ('first')`)
  await database.stop()
})

afterEach(async () => {
  for (const pid of children) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  children.clear()
  for (const database of running) await database.stop()
  running.clear()
})

afterAll(() => rm(base, { recursive: true, force: true }))

async function start(dataDir: string, more: Partial<EmbeddedOptions> = {}): Promise<EmbeddedDatabase> {
  const database = await startEmbedded({ dataDir, log: silentLog, settings: quick, ...more })
  running.add(database)
  return {
    ...database,
    stop: async () => {
      running.delete(database)
      await database.stop()
    },
  }
}

async function dataFolder(name: string): Promise<string> {
  const folder = join(base, name)
  await mkdir(dirname(folder), { recursive: true })
  // keeps owners and modes, and is ten times as fast as fs.cp
  execFileSync('cp', ['-a', made, folder])
  return folder
}

async function query<T extends pg.QueryResultRow>(connectionString: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<T>(text)).rows
  } finally {
    await client.end()
  }
}

const words = async (connectionString: string) =>
  (await query<{ word: string }>(connectionString, 'select word from kept order by word')).map(
    (row) => row.word,
  )

interface Holder {
  /** of the process that holds the database */
  holder: number
  /** of the server */
  pid: number
  connectionString: string
}

function holder(...args: string[]): Promise<Holder> {
  const script = new URL('../../test/support/holder.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.add(child.pid!)
  return new Promise((done, failed) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (text.endsWith('\n'))
        done({ holder: child.pid!, ...(JSON.parse(text) as { pid: number; connectionString: string }) })
    })
    child.on('exit', (code) => failed(new Error(`the holder ended with ${code}`)))
  })
}

test('a new folder gets a database in UTF-8 that sorts by code point, owned by a role that is no superuser', async () => {
  const database = await start(join(base, 'new', 'data'))
  const [row] = await query<Record<string, unknown>>(
    database.connectionString,
    `select current_user as role, rolsuper as super, pg_encoding_to_char(encoding) as encoding, datcollate as collation,
            current_setting('server_version_num')::int / 10000 as version, current_setting('listen_addresses') as network
     from pg_database, pg_roles where datname = current_database() and rolname = current_user`,
  )
  expect(row).toEqual({
    role: 'callassist',
    super: false,
    encoding: 'UTF8',
    collation: 'C',
    version: 18,
    network: '',
  })
  expect((await stat(join(base, 'new', 'data', 'postgres'))).mode & 0o777).toBe(0o700)
})

test('what was written is there after a stop and a start, and the server is gone in between', async () => {
  const folder = await dataFolder('twice')
  const first = await start(folder)
  await query(first.connectionString, `insert into kept values ('second')`)
  await first.stop()
  expect(isAlive(first.pid())).toBe(false)
  const second = await start(folder)
  expect(await words(second.connectionString)).toEqual(['first', 'second'])
})

test('whoever only visits finds the server that runs and leaves it running, or has one for the visit', async () => {
  const dataDir = await dataFolder('visited')
  const database = await start(dataDir)
  const visit = await visitEmbedded({ dataDir, log: silentLog, settings: quick })
  expect(await words(visit.connectionString)).toEqual(['first'])
  await visit.stop()
  expect(isAlive(database.pid())).toBe(true)
  await database.stop()
  const alone = await visitEmbedded({ dataDir, log: silentLog, settings: quick })
  expect(await words(alone.connectionString)).toEqual(['first'])
  await alone.stop()
  expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false)
  const nowhere = join(base, 'never made')
  await expect(visitEmbedded({ dataDir: nowhere, log: silentLog })).rejects.toThrow(
    /no database in the data folder/,
  )
  expect(existsSync(nowhere)).toBe(false)
})

test('after kill -9 of CallAssist the next start attaches to the server that went on', async () => {
  const folder = await dataFolder('orphaned')
  const crashed = await holder('embedded', folder)
  await query(crashed.connectionString, `insert into kept values ('just before')`)
  process.kill(crashed.holder, 'SIGKILL')
  const database = await start(folder)
  expect(database.pid()).toBe(crashed.pid)
  expect(await words(database.connectionString)).toEqual(['first', 'just before'])
  await database.stop()
  expect(await until(() => !isAlive(crashed.pid), 5000)).toBe(true)
})

test.each(['SIGKILL', 'SIGQUIT', 'SIGTERM'] as const)(
  'a server that ends by %s is started anew at the same place, with all that was committed',
  async (signal) => {
    const database = await start(await dataFolder(`killed-${signal}`), { settings: {} })
    const before = database.pid()
    await query(database.connectionString, `insert into kept values ('committed')`)
    const again = new Promise<void>((done) => database.onRestart(done))
    process.kill(before, signal)
    await again
    expect(database.pid()).not.toBe(before)
    expect(await words(database.connectionString)).toEqual(['committed', 'first'])
    // and it is one that keeps what it has acknowledged
    const keeps = `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums')`
    expect(
      (await query<{ setting: string }>(database.connectionString, keeps)).map((r) => r.setting),
    ).toEqual(Array(4).fill('on'))
  },
)

test('a server orphaned by a crash is watched as well', async () => {
  const folder = await dataFolder('orphan-killed')
  const crashed = await holder('embedded', folder)
  process.kill(crashed.holder, 'SIGKILL')
  const database = await start(folder)
  const again = new Promise<void>((done) => database.onRestart(done))
  process.kill(crashed.pid, 'SIGKILL')
  await again
  expect(await words(database.connectionString)).toEqual(['first'])
})

test('a second CallAssist on the same folder gets one sentence, and the first one goes on', async () => {
  const folder = await dataFolder('shared')
  const first = await start(folder)
  const refused = await start(folder).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(StartRefusal)
  expect((refused as Error).message).toBe(
    `The data folder ${folder} is in use by another CallAssist (process ${process.pid}): stop that one first, or set DATA_DIR to another folder.`,
  )
  expect(await words(first.connectionString)).toEqual(['first'])
})

test('two starts at once on a new folder: one runs, one is refused', async () => {
  const folder = join(base, 'race')
  const [one, other] = await Promise.allSettled([start(folder), start(folder)])
  const refused = [one, other].filter((each) => each.status === 'rejected')
  expect(refused.map((each) => each.reason)).toEqual([expect.any(StartRefusal)])
})

test('a pid file that names a living process of something else does not keep the server from starting', async () => {
  const folder = await dataFolder('stale')
  const lines = [process.pid, join(folder, 'postgres'), 1, 5432, join(folder, 'postgres'), '', '1 1', 'ready']
  await writeFile(join(folder, 'postgres', 'postmaster.pid'), `${lines.join('\n')}\n`)
  const database = await start(folder)
  expect(await words(database.connectionString)).toEqual(['first'])
})

test('a folder too long for a socket keeps its socket elsewhere, and leaves nothing there', async () => {
  const folder = await dataFolder(join('long', 'x'.repeat(120)))
  const database = await start(folder)
  const socketFolder = new URL(database.connectionString).searchParams.get('host')!
  expect(socketFolder.startsWith(folder)).toBe(false)
  expect((await stat(socketFolder)).mode & 0o777).toBe(0o700)
  expect(await words(database.connectionString)).toEqual(['first'])
  await database.stop()
  expect(existsSync(socketFolder)).toBe(false)
})

test('a folder with spaces, quotes and commas in its name', async () => {
  const folder = await dataFolder(`Ada's "data", here`)
  const database = await start(folder)
  expect(await words(database.connectionString)).toEqual(['first'])
})

test('without Unix sockets it is reached over the network of this machine, with a password', async () => {
  const folder = join(base, 'network')
  const database = await start(folder, { without: { sockets: true } })
  const url = new URL(database.connectionString)
  expect(url.hostname).toBe('127.0.0.1')
  expect(await query(database.connectionString, 'select 1 as one')).toEqual([{ one: 1 }])
  url.password = 'wrong'
  await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  expect((await stat(join(folder, 'postgres.password'))).mode & 0o777).toBe(0o600)
})

describe.runIf(isRoot)('as root', () => {
  test('below a folder that is closed to everybody else', async () => {
    const folder = await dataFolder(join('closed', 'data'))
    await chmod(join(base, 'closed'), 0o700)
    const database = await start(folder)
    expect(await words(database.connectionString)).toEqual(['first'])
  })

  test('where user namespaces are not allowed, as the account nobody, and it stays that account', async () => {
    const folder = await dataFolder('nobody')
    const database = await start(folder, { without: { userNamespaces: true } })
    expect(await words(database.connectionString)).toEqual(['first'])
    expect((await stat(join(folder, 'postgres', 'PG_VERSION'))).uid).toBe(65534)
    await database.stop()
    expect(await words((await start(folder)).connectionString)).toEqual(['first'])
  })

  test('where neither is possible, one sentence says what to do', async () => {
    const folder = await dataFolder(join('closed-too', 'data'))
    await chmod(join(base, 'closed-too'), 0o700)
    await expect(start(folder, { without: { userNamespaces: true } })).rejects.toThrow(
      /set DATA_DIR to a folder that others may enter/,
    )
  })
})

test('a database of another version is refused and left alone', async () => {
  const folder = join(base, 'old')
  await mkdir(join(folder, 'postgres'), { recursive: true })
  await writeFile(join(folder, 'postgres', 'PG_VERSION'), '17\n')
  await expect(start(folder)).rejects.toThrow(/is of PostgreSQL 17, and this CallAssist brings 18/)
  expect(await readFile(join(folder, 'postgres', 'PG_VERSION'), 'utf8')).toBe('17\n')
})

test("a folder that cannot be used, and something else in the database's place", async () => {
  await writeFile(join(base, 'file'), '')
  await expect(start(join(base, 'file'))).rejects.toThrow(
    /^The data folder .*file cannot be used \(EEXIST\): set DATA_DIR/,
  )
  await mkdir(join(base, 'other', 'postgres', 'photos'), { recursive: true })
  await expect(start(join(base, 'other'))).rejects.toThrow(/is in the way and is no database/)
  expect(existsSync(join(base, 'other', 'postgres', 'photos'))).toBe(true)
})

test('a server that does not start says why in one sentence', async () => {
  const refused = await start(await dataFolder('broken'), { settings: { shared_buffers: 'plenty' } }).catch(
    (error: unknown) => error,
  )
  expect(refused).toBeInstanceOf(StartRefusal)
  expect((refused as Error).message).toMatch(
    /^The built-in database did not start: .*shared_buffers.*\. Its log is .*postgres\.log\.$/,
  )
})

test('links that an install without scripts left out are made', async () => {
  const native = join(base, 'native')
  await mkdir(join(native, 'lib'), { recursive: true })
  await writeFile(join(native, 'lib', 'libx.so.1.2'), 'library')
  await writeFile(
    join(native, 'pg-symlinks.json'),
    JSON.stringify([{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }]),
  )
  expect(await withLibraryLinks(native)).toBe(native)
  expect(await readlink(join(native, 'lib', 'libx.so.1'))).toBe('libx.so.1.2')
  expect(await readFile(join(native, 'lib', 'libx.so.1'), 'utf8')).toBe('library')
})

test('where the account cannot reach the programs, a copy that nobody else may change is made once and runs', async () => {
  vi.stubEnv('TMPDIR', base)
  const copy = await copied(nativeFolder())
  expect(dirname(copy)).toBe(base)
  expect(execFileSync(program(copy, 'postgres'), ['--version'], { encoding: 'utf8' })).toMatch(
    /^postgres \(PostgreSQL\) 18\./,
  )
  expect(await copied(nativeFolder())).toBe(copy)
  await chmod(copy, 0o777)
  expect(await copied(nativeFolder())).not.toBe(copy)
})

test('trouble of the server is told without what it was about', async () => {
  const told: string[] = []
  const log: Log = { ...silentLog, warn: (what) => told.push(what), info: (what) => told.push(what) }
  const database = await start(await dataFolder('told'), { log })
  const again = new Promise<void>((done) => database.onRestart(done))
  process.kill(database.pid(), 'SIGKILL')
  await again
  // whether its pid file still lies there is a matter of moments
  expect(told.filter((what) => what !== 'a pid file of a dead database server was removed')).toEqual([
    'the database server died, it is being started anew',
    'the database server runs again',
  ])
})

test("the server's own log holds no data of a failed statement", async () => {
  const folder = await dataFolder('quiet')
  const database = await start(folder)
  await query(database.connectionString, 'create unique index on kept (word)')
  await expect(query(database.connectionString, `insert into kept values ('first')`)).rejects.toMatchObject({
    code: '23505',
  })
  const log = await readFile(join(folder, 'postgres.log'), 'utf8')
  expect(log).toContain('duplicate key value')
  expect(log).not.toContain('first')
})

test('a throwaway database goes with its process, however that ends', async () => {
  const crashed = await holder('throwaway')
  const socketFolder = new URL(crashed.connectionString).searchParams.get('host')!
  expect(existsSync(socketFolder)).toBe(true)
  process.kill(crashed.holder, 'SIGKILL')
  expect(await until(() => !isAlive(crashed.pid) && !existsSync(dirname(socketFolder)), 10_000)).toBe(true)
})
