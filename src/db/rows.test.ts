import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../../test/support/database.ts'
import { newId } from '../kit/ids.ts'
import { familiesOrganisation } from '../organisations/organisations.ts'
import { openDb } from './db.ts'
import { changedColumns, inserted, updated, write } from './rows.ts'

const at = new Date('2026-11-24T09:00:00Z')
const later = new Date('2026-11-24T09:05:00.123Z')

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

test('of no rows nothing is written, nor of rows that stay as they were', () => {
  expect(changedColumns([])).toEqual([])
  expect(updated('person', [])).toBeNull()
  const key = { organisation_id: familiesOrganisation, id: newId(at) }
  const before = { name: 'Ada' }
  expect(changedColumns([{ key, before, after: { ...before } }])).toEqual([key])
  expect(updated('person', [key])).toBeNull()
})

test('rows are written by their keys, whether all are to hold the same or each its own', async () => {
  const database = await freshDatabase()
  const db = openDb(database.connectionString, { connections: 1 })
  onTestFinished(async () => {
    await db.close()
    await database.drop()
  })
  const other = '00000000-0000-7000-8000-0000000000b1'
  const [a, b, c] = [newId(at), newId(at), newId(at)]
  const person = (organisation_id: string, id: string) => ({
    organisation_id,
    id,
    name: 'Ada',
    phone: null as string | null,
    email: null as string | null,
    created_at: at,
  })
  // the same id in another organisation is another person
  const all = [
    person(familiesOrganisation, a),
    person(familiesOrganisation, b),
    person(familiesOrganisation, c),
  ]
  const theirs = [person(other, a), person(other, b)]
  const kept = () =>
    db.everywhere(({ sql }) =>
      sql
        .selectFrom('person')
        .select(['organisation_id', 'id', 'name', 'phone', 'email', 'created_at'])
        .orderBy('organisation_id')
        .orderBy('id')
        .execute(),
    )
  await db.everywhere(async (tx) => {
    await write(tx, [
      inserted('organisation', [{ organisation_id: other, name: 'Other', kind: 'care', created_at: at }]),
    ])
    await write(tx, [inserted('person', [...all, ...theirs])])
  })
  const change = (rows: readonly ReturnType<typeof person>[]) =>
    db.everywhere((tx) => write(tx, [updated('person', rows)]))

  const same = { name: 'Ben', phone: '+441632960101', email: null, created_at: later }
  await change([
    { ...person(familiesOrganisation, a), ...same },
    { ...person(familiesOrganisation, b), ...same, created_at: new Date(later) },
  ])
  expect(await kept()).toEqual([{ ...all[0], ...same }, { ...all[1], ...same }, all[2], ...theirs])
  // the same again, but crosswise over two organisations
  await change([
    { ...person(familiesOrganisation, c), name: 'Cleo' },
    { ...person(other, a), name: 'Cleo' },
  ])
  expect((await kept()).map(({ name }) => name)).toEqual(['Ben', 'Ben', 'Cleo', 'Cleo', 'Ada'])
  await change([
    { ...person(familiesOrganisation, a), name: 'Dora', email: 'dora@example.org' },
    { ...person(familiesOrganisation, b), name: 'O\'Neil, "Eve"', created_at: later },
  ])
  expect((await kept()).slice(0, 2)).toEqual([
    { ...all[0], name: 'Dora', email: 'dora@example.org' },
    { ...all[1], name: 'O\'Neil, "Eve"', created_at: later },
  ])
})
