// What is trouble and what is not, from what was seen alone: the borders of each kind.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Line } from '../lines/lines.ts'
import { judge } from './judge.ts'
import { kinds, type Rows, type Seen } from './types.ts'

const now = Date.parse('2026-11-24T09:00:00Z')
const ago = (seconds: number) => new Date(now - seconds * 1000)

const line: Line = {
  id: 'a',
  name: 'main',
  number: '+441632960001',
  provider: 'first',
  rank: 0,
  isInUse: true,
  isAlone: true,
  showsFirst: false,
  callsPerSecond: 1,
  textsPerSecond: 1,
  concurrentCalls: 2,
  health: { is: 'well', since: ago(9000), troubles: 0, good: 0, probeAt: null, probes: 0 },
  nextCallAt: ago(600),
  nextTextAt: ago(600),
  leaseOwner: null,
  leaseToken: '0',
  leaseUntil: ago(600),
  leaseLock: null,
}

const well: Rows = {
  beats: [ago(3)],
  overdue: null,
  lines: [{ line, waiting: 0 }],
  couldLeave: [],
  latestCalls: new Map(),
  mailRefusedSince: null,
  latePeaks: [],
  watchCall: null,
}

const seen = (rows: Partial<Rows> | null, more: Partial<Seen> = {}): Seen => ({
  at: ago(0),
  database: 'well',
  clockJumpedAt: null,
  rows: rows && { ...well, ...rows },
  ...more,
})
const troublesOf = (rows: Partial<Rows> | null, more: Partial<Seen> = {}) =>
  judge(seen(rows, more)).troubles.map(({ kind, subject }) => (subject ? `${kind} ${subject}` : kind))

const waits = (more: Partial<Rows['couldLeave'][number]> = {}) => ({
  line,
  kind: 'call' as const,
  mayGoAt: ago(45),
  expiresAt: ago(-600),
  liveCalls: 0,
  ...more,
})
const placed = (seconds: number, isHeardOf: boolean) => ({ placedAt: ago(seconds), isHeardOf })
const called = (more: Partial<NonNullable<Rows['watchCall']>>) => ({
  watchCall: { madeAt: ago(70), endedAt: ago(60), result: 'acknowledged', code: null, ...more },
})

test('all is well: every kind was looked at, and none is in trouble', () => {
  const { troubles, judged } = judge(seen({}))
  expect(troubles).toEqual([])
  expect([...judged].toSorted()).toEqual([...kinds].toSorted())
})

test.each<[string, Partial<Rows>, string[]]>([
  ['no worker was ever heard of', { beats: [] }, ['workers']],
  ['the last cycle is 46 seconds old', { beats: [ago(46), ago(900)] }, ['workers']],
  ['one of two workers is dead', { beats: [ago(900), ago(44)] }, []],
  ['a row is overdue for 46 seconds', { overdue: { table: 'call', wakeAt: ago(46) } }, ['overdue']],
  ['a row is overdue for 44 seconds, as at a peak', { overdue: { table: 'call', wakeAt: ago(44) } }, []],
  ['something may leave and does not', { couldLeave: [waits()] }, ['dispatcher main']],
  ['all places of the line are taken', { couldLeave: [waits({ liveCalls: 2 })] }, []],
  [
    'all places are taken, but a text needs none',
    { couldLeave: [waits({ liveCalls: 2, kind: 'text' })] },
    ['dispatcher main'],
  ],
  ['nothing of what waits may leave yet', { couldLeave: [waits({ mayGoAt: null })] }, []],
  ['a long queue that moves', { couldLeave: [waits({ line: { ...line, nextCallAt: ago(1) } })] }, []],
  [
    'a slow line whose next slot is to come',
    { couldLeave: [waits({ line: { ...line, nextCallAt: ago(-50) } })] },
    [],
  ],
  [
    'a provider failed',
    { lines: [{ line: { ...line, health: { ...line.health, is: 'failed' } }, waiting: 0 }] },
    ['provider main'],
  ],
  [
    'a line on probation',
    { lines: [{ line: { ...line, health: { ...line.health, is: 'probation' } }, waiting: 0 }] },
    [],
  ],
  [
    'nothing is heard of two calls',
    { latestCalls: new Map([['a', [placed(50, false), placed(70, false)]]]) },
    ['callbacks main'],
  ],
  ['nothing is heard of one call', { latestCalls: new Map([['a', [placed(50, false)]]]) }, []],
  [
    'one report of three came',
    { latestCalls: new Map([['a', [placed(50, false), placed(60, true), placed(70, false)]]]) },
    [],
  ],
  ['the mail server takes nothing', { mailRefusedSince: ago(30) }, ['mail']],
  ['a peak is late', { latePeaks: [{ line: 'main', from: ago(-3600), lateMs: 400_000 }] }, ['lateness main']],
  ['the call to ourselves got through', called({}), []],
  ['it rings still', called({ madeAt: ago(59), endedAt: null, result: null }), []],
  ['it is under way for too long', called({ madeAt: ago(61), endedAt: null, result: null }), ['watch call']],
  ['nobody answered it', called({ result: 'rang out' }), ['watch call']],
  [
    'it was not placed on a line that stands still',
    called({ result: 'not placed', code: 'too late' }),
    ['watch call'],
  ],
  [
    'more urgent calls overtook it',
    {
      ...called({ result: 'not placed', code: 'too late' }),
      lines: [{ line: { ...line, nextCallAt: ago(2) }, waiting: 90 }],
    },
    [],
  ],
])('%s', (_, rows, troubles) => {
  expect(troublesOf(rows)).toEqual(troubles)
})

test('a database that is not well is the only thing that is said of it', () => {
  expect(troublesOf(null, { database: 'gone' })).toEqual(['database gone'])
  expect(troublesOf(null, { database: 'full' })).toEqual(['database full'])
  expect(troublesOf(null, { database: 'read-only' })).toEqual(['database read-only'])
  expect(judge(seen(null, { database: 'gone' })).judged).toEqual(new Set(['clock', 'database gone']))
})

test('a line that moves and a worker that beats are never in trouble, however much waits', () => {
  const seconds = (most: number) => fc.integer({ min: 0, max: most })
  fc.assert(
    fc.property(
      fc.array(seconds(44), { minLength: 1, maxLength: 4 }),
      fc.array(fc.record({ moved: seconds(44), waited: seconds(4000), live: seconds(4) }), { maxLength: 4 }),
      (beats, queues) => {
        const couldLeave = queues.map(({ moved, waited, live }) =>
          waits({ mayGoAt: ago(waited), liveCalls: live, line: { ...line, nextCallAt: ago(moved) } }),
        )
        expect(troublesOf({ beats: beats.map(ago), couldLeave })).toEqual([])
      },
    ),
  )
})
