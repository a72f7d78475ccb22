// Bench / floors: what the database alone can do. F1 is a job in one prepared statement: its row goes, a thing changes, history is
// written. F2 is a change of state, with its history, and an enqueue in one transaction. By pgbench where there is one; else by a small
// client of our own, which costs more than pgbench does, so that the floor then lies lower and the table says so.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { effect, effectOfJob, freshThings, mustHaveHappenedOnce } from './things.ts'
import type { World } from './world.ts'

const numbered = '\\set n :n + 1\n\\set id :client_id * :each + :n\n'
const withId = (statement: string) => statement.replaceAll('$1', ':id').replaceAll(/\s+/g, ' ')

const enqueue = 'insert into bench.job (thing_id) values ($1)'

/** Jobs a second over 16 connections. @param jobs a multiple of 16 */
export async function floorOne(world: World, jobs: number): Promise<number> {
  await freshThings(world, jobs, { jobs: true })
  const perSecond = await run(world, jobs, 16, [effectOfJob])
  await mustHaveHappenedOnce(world, jobs)
  return perSecond
}

/** Transactions a second over 8 connections. @param changes a multiple of 8 */
export async function floorTwo(world: World, changes: number): Promise<number> {
  await freshThings(world, changes)
  const perSecond = await run(world, changes, 8, ['begin', effect, enqueue, 'commit'])
  await mustHaveHappenedOnce(world, changes)
  return perSecond
}

/** Who measures the floors: said in the head of the table. */
export async function floorsAreMeasuredBy(): Promise<string> {
  return (await pgbench())
    ? 'pgbench'
    : 'a client of our own, because there is no pgbench: the floors lie too low'
}

async function run(
  world: World,
  count: number,
  clients: number,
  statements: readonly string[],
): Promise<number> {
  const program = await pgbench()
  return program
    ? runPgbench(program, world, count / clients, clients, statements)
    : runClients(world, count / clients, clients, statements)
}

let known: Promise<string | null> | null = null

/** In the path, or where Debian puts it. */
function pgbench(): Promise<string | null> {
  known ??= findPgbench()
  return known
}

async function findPgbench(): Promise<string | null> {
  const debian = '/usr/lib/postgresql'
  const versions = await readdir(debian).catch((): string[] => [])
  const places = ['pgbench', ...versions.map((version) => join(debian, version, 'bin', 'pgbench'))]
  return places.find((place) => spawnSync(place, ['--version']).status === 0) ?? null
}

async function runPgbench(
  program: string,
  { connectionString }: World,
  each: number,
  clients: number,
  statements: readonly string[],
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'callassist-bench-'))
  const script = join(folder, 'script.sql')
  await writeFile(script, numbered + statements.map((one) => `${withId(one)};\n`).join(''))
  const args = ['-n', '-M', 'prepared', '-f', script, '-c', `${clients}`, '-j', '1', '-t', `${each}`]
  try {
    const printed = await output(program, [...args, '-D', 'n=0', '-D', `each=${each}`, connectionString])
    return Number(/^tps = ([\d.]+)/m.exec(printed)?.[1])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function output(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  for await (const piece of child.stdout.setEncoding('utf8')) printed += piece
  return printed
}

async function runClients(
  { connectionString }: World,
  each: number,
  clients: number,
  statements: readonly string[],
): Promise<number> {
  const open = Array.from({ length: clients }, () => new pg.Client({ connectionString }))
  await Promise.all(open.map((client) => client.connect()))
  const began = performance.now()
  await Promise.all(
    open.map(async (client, place) => {
      for (let n = 1; n <= each; n++)
        for (const [step, text] of statements.entries())
          await client.query(
            text.includes('$1') ? { name: `s${step}`, text, values: [place * each + n] } : text,
          )
    }),
  )
  const seconds = (performance.now() - began) / 1000
  await Promise.all(open.map((client) => client.end()))
  return (each * clients) / seconds
}
