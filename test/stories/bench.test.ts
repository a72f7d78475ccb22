// The bench works: some of its rows, with next to no work. What they measured here means nothing, so it is not looked at.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { atLeast, atMost, mediansOf, quantile, withinMs } from '../../bench/row.ts'
import { printed } from '../../bench/table.ts'

test('some rows of the bench, once, with next to no work', () => {
  const command = fileURLToPath(new URL('../../scripts/node24.mjs', import.meta.url))
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [command, 'bench', 'dispatch', 'state', 'webhook', '--quick'],
    { encoding: 'utf8' },
  )
  expect(status, stderr).toBe(0)
  const rows = stdout.split('\n').filter((line) => line.startsWith('| '))
  expect(rows.slice(1).map((line) => line.split('|')[1]!.trim())).toEqual([
    ...Array(3).fill('dispatch'),
    ...Array(4).fill('state'),
    ...Array(2).fill('webhook'),
  ])
  expect(stdout).not.toContain('NOT RUN')
})

test('a row that is not there is named, with those that are', () => {
  const command = fileURLToPath(new URL('../../scripts/node24.mjs', import.meta.url))
  const { stderr, status } = spawnSync(process.execPath, [command, 'bench', 'despatch'], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toContain('there is no row "despatch"; there are dispatch, state,')
})

test('of each figure the median of the rounds counts', () => {
  expect(
    mediansOf([
      { a: 9, b: 1 },
      { a: 1, b: 2 },
      { a: 5, b: 3 },
    ]),
  ).toEqual({ a: 5, b: 2 })
  expect(quantile([4, 1, 3, 2], 0.99)).toBe(4)
})

test('an aim is met at its very number, and said to be missed beyond it', () => {
  expect(atLeast('x', 0.6, 0.6, 'F1').isMet).toBe(true)
  expect(atLeast('x', 0.599, 0.6, 'F1').isMet).toBe(false)
  expect(atMost('x', 1.2, 1.2, 'y').isMet).toBe(true)
  expect(atMost('x', 1.201, 1.2, 'y').isMet).toBe(false)
  expect(withinMs('x', 50, 50).isMet).toBe(true)
  expect(withinMs('x', 50.1, 50).isMet).toBe(false)
})

test('what could not be measured stands in the table with its reason', () => {
  const table = printed([
    { row: 'a', ...atLeast('x', 1, 0.6, 'F1') },
    { row: 'b', what: '', aim: '', measured: '', isMet: null, notRun: 'there is none here' },
    { row: 'c', what: 'in MB', aim: '', measured: '3', isMet: null },
  ])
  expect(table).toContain('| met')
  expect(table).toContain('NOT RUN (there is none here)')
  expect(table.split('\n').at(-1)).toBe('- c: in MB: 3')
})
