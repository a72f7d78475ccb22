import pg from 'pg'
import { expect, test } from 'vitest'
import { freshDatabase } from './database.ts'

async function rows(connectionString: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

test('each test gets a migrated database of its own, as a role that row-level security binds', async () => {
  const [one, other] = await Promise.all([freshDatabase(), freshDatabase()])
  await rows(one.connectionString, 'create table only_here ()')
  expect(await rows(other.connectionString, `select to_regclass('only_here') as found`)).toEqual([
    { found: null },
  ])
  expect(await rows(other.connectionString, 'select count(*)::int > 0 as migrated from migration')).toEqual([
    { migrated: true },
  ])
  expect(
    await rows(one.connectionString, 'select rolsuper as super from pg_roles where rolname = current_user'),
  ).toEqual([{ super: false }])
  await one.drop()
  await expect(rows(one.connectionString, 'select 1')).rejects.toMatchObject({ code: '3D000' })
  await other.drop()
})
