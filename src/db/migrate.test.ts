// What holds for every migration from 0014 on, and how they are applied: two versions work on one database while one replaces the other
// (docs/decisions/0034).
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { emptyDatabase, type FreshDatabase, freshDatabase } from '../../test/support/database.ts'
import { StartRefusal } from '../kit/refusal.ts'
import { buildSchema, knownMigrations, migrate, neededBy } from './migrate.ts'

const folder = new URL('./migrations/', import.meta.url)
/** The files before it were never run beside anything. */
const firstHeld = '0014'

/** What an older process that is at work may stumble over, or have to wait for. */
const risks: Record<string, RegExp> = {
  'takes something away':
    /\bdrop\s+(table|column|schema|view|function|procedure|type|constraint|policy|default)\b/,
  'renames something': /\brename\b/,
  'changes the kind of a column': /\balter\s+column\s+\S+\s+(set\s+data\s+)?type\b/,
  'wants a value that an older process does not give':
    /\bset\s+not\s+null\b|\badd\s+column\s+(?:(?!\bdefault\b|,\s*add\b|;)[^;])*?\bnot\s+null\b(?!(?:(?!,\s*add\b)[^;])*\bdefault\b)/,
  'forbids what an older process may write':
    /\balter\s+table\s+[^;]*\badd\s+(constraint\s+\S+\s+)?(check|unique|foreign\s+key|primary\s+key|exclude)\b/,
  'empties or rewrites rows': /\btruncate\b|\bdelete\s+from\b/,
}

/** `-- safe: why` answers for a file, one line for all its risks. */
const reason = /^-- safe: \S.{20,}$/m

function risksOf(text: string): string[] {
  const statements = text.replaceAll(/--[^\n]*/g, '').toLowerCase()
  const made = new Set([...statements.matchAll(/\bcreate\s+table\s+(\S+)/g)].map(([, name]) => name!))
  const about = (pattern: RegExp) =>
    [...statements.matchAll(new RegExp(pattern, 'g'))].some((found) => {
      const table = /\balter\s+table\s+(?:only\s+)?(\S+)[^;]*$/.exec(
        statements.slice(0, found.index + found[0].length),
      )?.[1]
      return !table || !made.has(table)
    })
  const found = Object.entries(risks).flatMap(([what, pattern]) => (about(pattern) ? [what] : []))
  const indexed = [
    ...statements.matchAll(/\bcreate\s+(unique\s+)?index\s+[^;]*?\bon\s+(?:only\s+)?([\w."]+)/g),
  ]
  const old = indexed.filter(([, , table]) => !made.has(table!))
  if (old.some(([, unique]) => unique)) found.push('forbids what an older process may write')
  if (old.length > 0) found.push('holds up who writes while an index is built')
  return [...new Set(found)]
}

describe('a file of migrations/', async () => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  test.for(names.filter((name) => name >= firstHeld))(
    '%s lets an older process work on, or says why it is safe',
    async (name) => {
      const text = await readFile(new URL(name, folder), 'utf8')
      const answer =
        'give it a line "-- safe: …" that says why an older process can work on, or see docs/decisions/0034'
      if (!reason.test(text) && !neededBy(text)) expect(risksOf(text), answer).toEqual([])
    },
  )

  test('has a name that nobody else has, and needs only what there is', async () => {
    for (const name of names) {
      expect(name).toMatch(/^\d{4}_[a-z0-9_]+\.sql$/)
      const needs = neededBy(await readFile(new URL(name, folder), 'utf8'))
      if (needs) expect(names, `${name} needs ${needs}`).toContain(needs)
    }
  })
})

test.each([
  ['alter table call drop column by;', 'takes something away'],
  ['drop table alarm;', 'takes something away'],
  ['alter table call rename column by to way;', 'renames something'],
  ['alter table line alter column name type varchar(9);', 'changes the kind of a column'],
  ['alter table call alter column by set not null;', 'wants a value that an older process does not give'],
  ['alter table call add column x text not null;', 'wants a value that an older process does not give'],
  [
    `alter table call add column y text not null default '', add column x text not null;`,
    'wants a value that an older process does not give',
  ],
  [`alter table call add constraint c check (by <> '');`, 'forbids what an older process may write'],
  ['create unique index one on call (by);', 'forbids what an older process may write'],
  ['create index one on call (by);', 'holds up who writes while an index is built'],
  ['delete from alarm;', 'empties or rewrites rows'],
])('%s', (text, what) => {
  expect(risksOf(text)).toContain(what)
  expect(risksOf(`-- ${text}`)).toEqual([])
})

test.each([
  'create table new_one (id uuid not null, check (id is not null)); create index one on new_one (id);',
  `alter table call add column x text, add column y text not null default '';`,
  'create table new_one (id uuid); alter table new_one enable row level security;',
])('%s: nobody stumbles over that', (text) => expect(risksOf(text)).toEqual([]))

async function database(make: () => Promise<FreshDatabase>): Promise<{ url: string; client: pg.Client }> {
  const made = await make()
  const client = new pg.Client({ connectionString: made.connectionString })
  await client.connect()
  onTestFinished(async () => {
    await client.end()
    await made.drop()
  })
  return { url: made.connectionString, client }
}

test('an older process starts on a newer database, unless that says that it is too old for it', async () => {
  const { url, client } = await database(freshDatabase)
  await client.query(`insert into migration (name) values ('9998_more.sql')`)
  expect(await migrate(url)).toEqual([])
  await client.query(`insert into migration (name, needs) values ('9999_less.sql', '9998_more.sql')`)
  const refused = await migrate(url).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(StartRefusal)
  expect((refused as Error).message).toMatch(/too old for its database.*know 9998_more\.sql/)
})

test('a database from before migrations said what they need is brought up to date', async () => {
  const { url, client } = await database(freshDatabase)
  await client.query('alter table migration drop column needs')
  expect(await migrate(url)).toEqual([])
  expect((await client.query('select needs from migration limit 1')).rowCount).toBe(1)
})

test('while somebody reads a table for long, a migration lets the others work, and is done when the reader is', async () => {
  const { url, client } = await database(emptyDatabase)
  await client.query('begin')
  await buildSchema(
    client,
    (await knownMigrations()).filter((name) => name < '0012'),
  )
  await client.query('commit')
  await client.query('begin; lock table service in access share mode')
  const migrating = migrate(url)
  const other = new pg.Client({ connectionString: url })
  await other.connect()
  const waits = () =>
    other
      .query(`select from pg_locks where not granted and relation = 'service'::regclass`)
      .then((r) => r.rowCount)
  while ((await waits()) === 0) await new Promise(setImmediate)
  // it waits now, and whoever comes after it waits behind it, but not for longer than it does
  await other.query('select count(*) from service')
  await other.end()
  await client.query('commit')
  expect((await migrating)[0]).toBe('0012_voicemail.sql')
})
