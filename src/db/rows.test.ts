import { expect, test } from 'vitest'
import { changedColumns } from './rows.ts'

const at = new Date('2026-11-24T09:00:00Z')

test('of many columns those are written that differ in one row at least, in all rows the same', () => {
  const before = { state: 'waiting', wakeAt: null, keys: '', at }
  const rows = [
    { key: { id: 'a' }, before, after: { ...before, state: 'claimed' } },
    { key: { id: 'b' }, before, after: { ...before, keys: '1' } },
  ]
  expect(changedColumns<{ id: string }, typeof before>(rows)).toEqual([
    { id: 'a', state: 'claimed', keys: '' },
    { id: 'b', state: 'waiting', keys: '1' },
  ])
})

test('of no rows nothing is written', () => {
  expect(changedColumns([])).toEqual([])
})
