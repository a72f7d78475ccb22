// The parts of the siege that can be wrong by themselves: the plan, what is put aside, the wire, and the hurried time.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { seeded } from '../../src/kit/seeded.ts'
import type { LedgerEvent } from '../../src/rehearsal/ledger.ts'
import { type Aside, broken } from '../rehearsal/rules.ts'
import { openCable } from './cable.ts'
import { shareClock } from './clock.ts'
import { isKillPoint, nameOf, plan } from './plan.ts'
import { spanOf, worldOf } from './world.ts'

function first(seed: number, count: number) {
  const row = plan(seed, 1000)
  return Array.from({ length: count }, () => row.next().value)
}

test('a seed is a plan: the same one twice, another one another time, and in the end everything happens', () => {
  expect(first(7, 50)).toEqual(first(7, 50))
  expect(first(7, 50)).not.toEqual(first(8, 50))
  const names = new Set(first(1, 3000).map(({ blow }) => nameOf(blow)))
  expect(names.size).toBeGreaterThan(30)
  expect(first(1, 1000).filter(({ blow }) => isKillPoint(blow)).length).toBeGreaterThan(700)
})

test('a seed is a world, of any length', () => {
  for (const hours of [0.4, 3, 168]) {
    const world = worldOf(3, hours, 6)
    expect(world).toEqual(worldOf(3, hours, 6))
    expect(world.services).toHaveLength(6)
    expect(world.until).toEqual(spanOf(hours).until)
  }
})

const missedAt = '2026-11-24T08:20:00.000Z'
const after = (seconds: number) => new Date(Date.parse(missedAt) + seconds * 1000)

/** Somebody missed their call, and the one who is told was told so many seconds later. */
function lateBy(seconds: number, aside: readonly Aside[]): string[] {
  const world = worldOf(1, 0.4, 6)
  const service = world.services.find(({ stakeholders }) => stakeholders.length > 0)!
  const [contact] = service.stakeholders
  const about = { receiver: service.receiver.name, dueAt: '2026-11-24T08:05:00.000Z' }
  const ledger: LedgerEvent[] = [
    { event: 'outcome', at: missedAt, ...about, outcome: 'missed', attempts: [] },
    { event: 'alert', at: missedAt, ...about, state: 'open', reason: 'missed' },
    {
      event: 'text',
      at: after(seconds).toISOString(),
      line: 'main',
      to: contact!.phone!,
      for: contact!.name,
      purpose: 'alert',
      receiver: service.receiver.name,
      body: '',
    },
  ]
  return broken(world, ledger, aside)
    .filter(({ rule }) => rule === 'everyMissAlerts')
    .map(({ what }) => what)
}

test('an alert is late after a minute in which nothing was broken', () => {
  expect(lateBy(59, [])).toEqual([])
  expect(lateBy(61, [])).toHaveLength(1)
  const aside = [
    { from: after(-30), to: after(10) },
    { from: after(5), to: after(20) },
    { from: after(50), to: after(60) },
  ]
  // of the first ninety seconds thirty are put aside, however they overlap
  expect(lateBy(89, aside)).toEqual([])
  expect(lateBy(91, aside)).toHaveLength(1)
})

test('a wire carries, is held without a word, and is cut', async () => {
  const echo = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1')
  await once(echo, 'listening')
  onTestFinished(() => void echo.close())
  const cable = await openCable(() => ({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port }))
  onTestFinished(() => cable.close())
  const client = connect(cable.port, '127.0.0.1')
  let heard = ''
  client.setEncoding('utf8').on('data', (text: string) => {
    heard += text
  })
  const hears = async (text: string) => {
    while (!heard.endsWith(text)) await once(client, 'data')
  }
  client.write('one')
  await hears('one')
  const release = cable.hold()
  client.write('two')
  client.write('three')
  release()
  await hears('onetwothree')
  const broken = once(client, 'error')
  expect(cable.cut()).toBe(1)
  expect(await broken).toMatchObject([{ code: 'ECONNRESET' }])
})

test('a hurried process has one time for everything, and it leaps for all', () => {
  const folder = mkdtempSync(join(tmpdir(), 'callassist-hurried-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'clock')
  const dice = seeded('hurried')
  const start = new Date(Date.UTC(2026, 10, dice.int(1, 30)))
  const clock = shareClock(file, start, 100)
  clock.leap(3_600_000)
  clock.close()
  const program = `
    const began = [new Date().getTime(), performance.now()]
    setTimeout(() => console.log(JSON.stringify([began[0], Date.now() - began[0], performance.now() - began[1]])), 20_000)`
  const { stdout } = spawnSync(
    process.execPath,
    ['--import', new URL('./time.ts', import.meta.url).href, '--input-type=module', '-e', program],
    { env: { ...process.env, SIEGE_CLOCK: file, SIEGE_SPEED: '100' }, encoding: 'utf8', timeout: 30_000 },
  )
  const [began, dates, monotonic] = JSON.parse(stdout) as [number, number, number]
  expect(began).toBeGreaterThan(start.getTime() + 3_600_000)
  expect(dates).toBeGreaterThanOrEqual(19_900)
  expect(Math.abs(dates - monotonic)).toBeLessThan(200)
})
