import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../../test/support/database.ts'
import { openDb } from './db.ts'
import { undurable } from './durable.ts'

async function sentencesWith(setting: string): Promise<string[]> {
  const database = await freshDatabase()
  const client = new pg.Client({ connectionString: database.adminConnectionString })
  await client.connect()
  await client.query(`alter database ${pg.escapeIdentifier(client.database!)} set ${setting}`)
  await client.end()
  const db = openDb(database.connectionString, { connections: 1 })
  onTestFinished(async () => {
    await db.close()
    await database.drop()
  })
  return undurable(db)
}

test('a database that may lose what it has acknowledged is named in a sentence each', async () => {
  const about = (sentences: string[], name: string) =>
    sentences.filter((each) => each.includes(` ${name} off`))
  const off = await sentencesWith('synchronous_commit = off')
  expect(about(off, 'synchronous_commit')).toEqual([
    'The database has synchronous_commit off: a crash loses the last moments: calls that were made ring again, and keys that were pressed are forgotten. Set it to on before anybody depends on this.',
  ])
  // any of the others waits for the disk of the server itself
  for (const value of ['on', 'local', 'remote_apply'])
    expect(about(await sentencesWith(`synchronous_commit = ${value}`), 'synchronous_commit')).toEqual([])
})
