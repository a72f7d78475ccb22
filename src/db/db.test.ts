import { sql } from 'kysely'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { openCable, placeOf } from '../../test/siege/cable.ts'
import { freshDatabase } from '../../test/support/database.ts'
import { familiesOrganisation } from '../organisations/organisations.ts'
import { type Db, openDb, type Tx, type WideTx } from './db.ts'

/** One connection, so that every statement meets the plan that was made before. */
async function world(): Promise<{ db: Db; addColumn(): Promise<void>; analyze(): Promise<void> }> {
  const database = await freshDatabase()
  const other = new pg.Client({ connectionString: database.connectionString })
  await other.connect()
  const db = openDb(database.connectionString, { connections: 1 })
  onTestFinished(async () => {
    await db.close()
    await other.end()
    await database.drop()
  })
  let columns = 0
  return {
    db,
    addColumn: async () =>
      void (await other.query(`alter table organisation add column new_${columns++} text`)),
    analyze: async () => void (await other.query('analyze organisation')),
  }
}

const all = ({ sql }: Tx | WideTx) =>
  sql
    .selectFrom('organisation')
    .selectAll()
    .where('organisation_id', '=', familiesOrganisation)
    .executeTakeFirstOrThrow()

test('a column that another version adds under our feet is no trouble: what was begun is done again, and counts once', async () => {
  const { db, addColumn } = await world()
  const tries: number[] = []
  const committed: number[] = []
  const change = (by: number) =>
    db.in({ organisationId: familiesOrganisation }, async (tx) => {
      tries.push(by)
      tx.afterCommit(() => committed.push(by))
      await tx.sql
        .updateTable('organisation')
        .set((e) => ({ name: e(e.ref('name'), '||', `${by}`) }))
        .where('name', '<>', '')
        .execute()
      return Object.keys(await all(tx)).length
    })
  const before = await change(1)
  await addColumn()
  expect(await change(2)).toBe(before + 1)
  await addColumn()
  expect(await change(3)).toBe(before + 2)
  expect(await change(4)).toBe(before + 2)
  expect(tries).toEqual([1, 2, 2, 3, 3, 4])
  expect(committed).toEqual([1, 2, 3, 4])
  expect((await db.look(all)).name).toBe('CallAssist1234')
})

test('nor for who only reads', async () => {
  const { db, addColumn } = await world()
  const before = Object.keys(await db.look(all)).length
  for (let added = 1; added <= 2; added++) {
    await addColumn()
    expect(Object.keys(await db.look(all))).toHaveLength(before + added)
  }
})

test('any other failure is no reason to do something again', async () => {
  const { db } = await world()
  let tries = 0
  const failing = db.in({ organisationId: familiesOrganisation }, async () => {
    tries++
    throw new Error('ours')
  })
  await expect(failing).rejects.toThrow('ours')
  expect(tries).toBe(1)
})

test('what has an index is found by it, however small the table is known to be when the plan is made', async () => {
  const { db, analyze } = await world()
  await analyze()
  const { rows } = await db.look((tx) =>
    sql`explain select * from organisation where organisation_id = ${familiesOrganisation}`.execute(tx.sql),
  )
  expect(JSON.stringify(rows)).toContain('Index Scan using organisation_pkey')
})

// how long a connection may be silent is the real clock's: there is no other for a socket
test('a server that is gone without a word is given up, and what is asked next is answered once it is back', async () => {
  const database = await freshDatabase()
  const cable = await openCable(() => placeOf(database.connectionString))
  const address = new URL(database.connectionString)
  address.searchParams.delete('host')
  address.hostname = '127.0.0.1'
  address.port = String(cable.port)
  const troubles: string[] = []
  const db = openDb(address.href, {
    silentAtMostMs: 1000,
    onTrouble: ({ message }) => troubles.push(message),
  })
  onTestFinished(async () => {
    await db.close()
    await cable.close()
    await database.drop()
  })
  const name = () => db.in({ organisationId: familiesOrganisation }, async (tx) => (await all(tx)).name)
  expect(await name()).toBe('CallAssist')
  expect((await db.look(all)).name).toBe('CallAssist')
  const release = cable.hold()
  await expect(name()).rejects.toThrow()
  await expect(db.look(all)).rejects.toThrow()
  // nor is it waited for when a connection is made
  await expect(name()).rejects.toThrow()
  release()
  expect(await name()).toBe('CallAssist')
  expect((await db.look(all)).name).toBe('CallAssist')
  expect(troubles).toContain('the database said nothing for too long')
})
