// Test / drills / upgrade: a new process of CallAssist takes over from an old one on the same database while calls run: every table gets a
// column more, as by a later version's migrations, the new one is started beside the old one, which is then told to stop. No call is lost
// and none rings twice, by the telephones' own account.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { insertCalls } from '../../src/calls/calls.ts'
import { localDateOf, localTimeOf } from '../../src/kit/local-time.ts'
import { systemClock } from '../../src/outside/clock.ts'
import { addService, type TestApp, testApp } from '../support/app.ts'
import { emptyDatabase } from '../support/database.ts'
import { type Node, type Town, town, until } from './nodes.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const built = join(root, 'dist', 'main.js')

const calls = 35
const callsPerSecond = 5
const everyMs = 1000 / callsPerSecond
/** the first is due when a process is surely there */
const firstInMs = 1500

const numberOf = (at: number) => `+4416329601${String(at).padStart(2, '0')}`
const answers = { answer: { afterSeconds: 1, press: [{ key: '1', atSecond: 2 }], hangUpAtSecond: 30 } }

interface Rung {
  to: string
  at: Date
  result: string | null
  keys: string[]
  clash: boolean
}

const rungIn = ({ exchange }: Town): Rung[] =>
  exchange.ledger.entries().flatMap((entry) =>
    entry.kind === 'ring'
      ? [
          {
            to: entry.to,
            at: new Date(entry.at),
            result: entry.result,
            keys: entry.keys.map(({ key }) => key),
            clash: entry.clash,
          },
        ]
      : [],
  )

/** A call to each of so many people, one after the other from now on. @returns when each is due, by number */
async function planCalls(app: TestApp): Promise<Map<string, Date>> {
  const services = []
  for (let at = 0; at < calls; at++)
    services.push(
      await addService(app, {
        receiver: { name: `Ada ${at}`, phones: [numberOf(at)] },
        schedule: { date: '2090-01-01' },
      }),
    )
  const from = systemClock().now().getTime() + firstInMs
  const due = new Map<string, Date>()
  for (const [at, { serviceId, scheduleId, scope }] of services.entries()) {
    const dueAt = new Date(from + at * everyMs)
    const slot = {
      dueAt,
      localDate: localDateOf(dueAt, 'Europe/London'),
      localTime: localTimeOf(dueAt, 'Europe/London'),
    }
    await app.db.in(scope, (tx) =>
      insertCalls(app, tx, { serviceId, scheduleId, usefulForMinutes: 60, by: 'call' }, [slot]),
    )
    due.set(numberOf(at), dueAt)
  }
  return due
}

/** @param old the program that runs first, and makes the database */
async function replaceWhileCallsRun(old: string) {
  const database = await emptyDatabase()
  const place = await town({
    connectionString: database.connectionString,
    phones: Object.fromEntries(Array.from({ length: calls }, (_, at) => [numberOf(at), [answers]])),
    callsPerSecond,
  })
  const first = await place.start(old)
  const app = await testApp({ at: systemClock().now().toISOString(), database })
  onTestFinished(() => app.close())
  const due = await planCalls(app)
  await until('the first calls ring', () => rungIn(place).length >= 6)
  await addColumns(database.connectionString)
  const second = await place.start(built)
  const begun = rungIn(place).length
  await until('both are at work', () => rungIn(place).length >= begun + 4)
  const code = await first.stop()
  const atStop = rungIn(place).length
  const outcomes = () =>
    app.db.look(({ sql }) => sql.selectFrom('call').select(['outcome', 'attempt']).execute())
  await until('every call is over', async () =>
    (await outcomes()).every(({ outcome }) => outcome !== null),
  ).catch(async (error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify(await unfinished(app, place, [first, second]))}`)
  })
  return { place, due, first, second, code, atStop, outcomes: await outcomes() }
}

/** What the migrations of a later version do to a process that is at work: every table has one column more. */
async function addColumns(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  )
  await client.query(`set lock_timeout = '2s'`)
  for (const { name } of rows)
    await client.query(`alter table ${name} add column added_by_a_later_version text`)
  await client.end()
}

/** For whoever reads the failure: what stands still, and what the processes said. */
async function unfinished(app: TestApp, { passedOn }: Town, nodes: readonly Node[]) {
  const rows = await app.db.look(({ sql }) =>
    sql
      .selectFrom('call as c')
      .leftJoin('outgoing as o', 'o.owner_id', 'c.id')
      .select([
        'c.state',
        'c.attempt',
        'c.wake_at',
        'c.troubles',
        'o.state as outgoing',
        'o.result',
        'o.result_code',
      ])
      .where('c.outcome', 'is', null)
      .execute(),
  )
  return { rows, passedOn, errors: nodes.flatMap(({ errors }) => errors) }
}

async function noneLostNoneTwice(old: string): Promise<void> {
  const { place, due, first, second, code, atStop, outcomes } = await replaceWhileCallsRun(old)
  const rung = rungIn(place)
  // by the telephones: each rang once, was answered, and a key was pressed
  expect(rung.map(({ to }) => to).sort()).toEqual([...due.keys()].sort())
  expect(
    rung.filter(({ result, keys, clash }) => result !== 'answered' || keys.join() !== '1' || clash),
  ).toEqual([])
  // by the application: each was acknowledged at the first attempt
  expect(outcomes.filter(({ outcome, attempt }) => outcome !== 'acknowledged' || attempt !== 1)).toEqual([])
  expect(outcomes).toHaveLength(calls)
  // the drill was one: both had calls to make, the old one ended in peace, and left nobody without an answer
  expect(code).toBe(0)
  expect(atStop).toBeGreaterThan(5)
  expect(atStop).toBeLessThan(calls)
  expect(place.passedOn.lost).toBe(0)
  // one that came in the very moment of closing, and was not taken yet, may be
  expect(place.passedOn.cutOff).toBeLessThanOrEqual(1)
  expect([...first.errors, ...second.errors]).toEqual([])
  const late = rung.map(({ to, at }) => at.getTime() - due.get(to)!.getTime())
  console.log(
    `${calls} calls, the process replaced after ${atStop}: each rang once, at most ${(Math.max(...late) / 1000).toFixed(1)} s late`,
  )
}

test('a process is replaced while calls run', () => noneLostNoneTwice(built))

/** The version that runs elsewhere: DRILL_OLD names a commit, else it is the last release. */
function oldVersion(): { commit: string } | { why: string } {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    const commit = process.env.DRILL_OLD || git('describe', '--tags', '--abbrev=0')
    return { commit: git('rev-parse', `${commit}^{commit}`) }
  } catch {
    return {
      why: 'there is no release in this repository’s history (a git tag); DRILL_OLD may name a commit',
    }
  }
}

/** @returns the program */
function build(commit: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'callassist-old-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'source'))
  const archive = join(folder, 'source.tar')
  execFileSync('git', ['archive', '-o', archive, commit], { cwd: root })
  execFileSync('tar', ['-xf', archive, '-C', join(folder, 'source')])
  symlinkSync(join(root, 'node_modules'), join(folder, 'source', 'node_modules'))
  execFileSync(process.execPath, [join(folder, 'source', 'scripts', 'build', 'build.ts')], {
    stdio: 'ignore',
  })
  return join(folder, 'source', 'dist', 'main.js')
}

test('an older version is replaced by this one while calls run', async (context) => {
  const old = oldVersion()
  if ('why' in old) {
    console.log(`NOT RUN: an older version is replaced by this one, because ${old.why}`)
    return context.skip()
  }
  const main = build(old.commit)
  expect(existsSync(main)).toBe(true)
  await noneLostNoneTwice(main)
})
