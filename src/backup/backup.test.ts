import { execFile } from 'node:child_process'
import { appendFile, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { addService, type TestApp, testApp } from '../../test/support/app.ts'
import { emptyDatabase } from '../../test/support/database.ts'
import { type AllRows, allRows } from '../../test/support/rows.ts'
import { buildSchema, knownMigrations } from '../db/migrate.ts'
import { StartRefusal } from '../kit/refusal.ts'
import { encodeWav } from '../kit/sound.ts'
import { eraseRecording, keepRecording } from '../messages/messages.ts'
import { folderFiles } from '../outside/files/folder.ts'
import { createPerson } from '../people/people.ts'
import { makeBackup, openBackup, type RestoreWanted, restoreBackup } from './backup.ts'
import { countingRows, rowDigest } from './digest.ts'
import { type ListedFile, readList, readManifest, writeList } from './manifest.ts'

const program = fileURLToPath(new URL('../../dist/backup.js', import.meta.url))
const madeAt = new Date('2026-11-24T09:00:00Z')

interface World {
  app: TestApp
  files: string
  /** where the next backup may lie */
  to: string
}

interface Place {
  connectionString: string
  admin: string
  files: string
}

/** A backup with a recording, which tests copy and spoil. */
let made: World
let recorded = ''
/** Where every restore is refused, so that it stays empty. */
let empty: Place

beforeAll(async () => {
  made = await world(afterAll)
  recorded = await record(made)
  await backUp(made)
  empty = await emptyPlace(afterAll)
})

/** The backup of all, to be spoilt. */
async function spoilt(): Promise<World> {
  const to = await mkdtemp(join(tmpdir(), 'callassist-spoilt-'))
  onTestFinished(() => rm(to, { recursive: true, force: true }))
  await cp(made.to, to, { recursive: true })
  return { ...made, to }
}

async function world(later: (undo: () => Promise<void>) => void = onTestFinished): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'callassist-backup-'))
  later(() => rm(folder, { recursive: true, force: true }))
  const files = join(folder, 'files')
  const app = { ...(await testApp()), files: folderFiles(files) }
  later(() => app.close())
  return { app, files, to: join(folder, 'backup') }
}

const backUp = ({ app, files, to }: World) =>
  makeBackup({ connectionString: app.db.connectionString, files, to, now: madeAt })

async function emptyPlace(later: (undo: () => Promise<void>) => void = onTestFinished): Promise<Place> {
  const database = await emptyDatabase()
  const files = await mkdtemp(join(tmpdir(), 'callassist-restored-'))
  later(async () => {
    await database.drop()
    await rm(files, { recursive: true, force: true })
  })
  return { connectionString: database.connectionString, admin: database.adminConnectionString, files }
}

async function restored(it: World, more: Partial<RestoreWanted> = {}) {
  const place = await emptyPlace()
  return { place, came: await restore(it, { ...wantedIn(place, it), ...more }) }
}

const restore = async ({ to }: World, wanted: RestoreWanted) => restoreBackup(await openBackup(to), wanted)

const wantedIn = ({ connectionString, files }: Place, { app }: World): RestoreWanted => ({
  connectionString,
  files,
  secret: app.config.secret,
})

/** What a restore says when it refuses, after which the database must be as empty as before. */
async function refusal(it: World, more: Partial<RestoreWanted> = {}): Promise<string> {
  const refused = await restore(it, { ...wantedIn(empty, it), ...more }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(StartRefusal)
  expect(await allRows(empty.connectionString)).toEqual({})
  return (refused as Error).message
}

/** One second of a tone: loud enough to be kept. */
const wav = () =>
  encodeWav({
    sampleRate: 16_000,
    samples: Float32Array.from(
      { length: 24_000 },
      (_, at) => 0.3 * Math.sin((at * 2 * Math.PI * 440) / 16_000),
    ),
  })

async function record({ app }: World): Promise<string> {
  const kept = await app.db.in(app.scope, (tx) =>
    keepRecording(app, tx, { wav: wav(), name: 'good morning', recordedBy: null }),
  )
  if (!kept.ok) throw new Error(kept.reason)
  return kept.recordingId
}

async function query(connectionString: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query(text)).rows as Record<string, unknown>[]
  } finally {
    await client.end()
  }
}

test('everything comes back row for row as at one moment, while work goes on', async () => {
  const it = await world()
  await addService(it.app, { receiver: { name: 'Ada' }, stakeholders: [{ name: 'Ben', step: 1 }] })
  await record(it)
  // those that were erased, or have lost their files, keep nobody from restoring
  const [erased, lost] = [await record(it), await record(it)]
  await it.app.db.in(it.app.scope, (tx) => eraseRecording(it.app, tx, erased))
  await rm(join(it.files, 'recordings', lost, 'telephone'))
  const add = (name: string) =>
    it.app.db.in(it.app.scope, (tx) => createPerson(it.app, tx, { name, phone: null, email: null }))
  const names = ['a\nb', 'tab\there', 'back\\slash', '\\N', '\\.', 'Zoë 🌷', "it's", '"', '{}', '']
  for (const name of names) await add(name)
  // a month of the past, in a partition that no migration made
  await query(
    it.app.db.connectionString,
    `select past.make_month('2026-02-01'); set app.organisation = 'all';
     insert into past.provider_exchange (month, organisation_id, id, outgoing_id, at, did, answered)
     select '2026-02-01', organisation_id, gen_random_uuid(), gen_random_uuid(), '2026-02-03T09:00Z', 'call', '201' from organisation`,
  )
  let seen: AllRows = {}
  const manifest = await makeBackup({
    connectionString: it.app.db.connectionString,
    files: it.files,
    to: it.to,
    now: madeAt,
    beside: async (snapshot) => {
      seen = await allRows(it.app.db.connectionString, snapshot)
      await add('meanwhile')
    },
  })
  const { place, came } = await restored(it)
  expect(seen['public.person']!.length).toBe(names.length + 2)
  expect(seen['past.provider_exchange_2026_02']).toHaveLength(1)
  expect(await allRows(place.connectionString)).toEqual(seen)
  expect(came).toMatchObject({ recordings: { open: 1, closed: 0, gone: 1 }, migrated: [] })
  expect(manifest.madeAt).toBe('2026-11-24T09:00:00.000Z')
  // row-level security left nothing out: a superuser counts the same rows; and it is back, for the owner too
  const counted = `select count(*)::int as persons from person`
  expect(await query(place.admin, counted)).toEqual([{ persons: names.length + 2 }])
  expect(await query(place.connectionString, counted)).toEqual([{ persons: 0 }])
  const locked = `select oid::regclass::text as name, relrowsecurity, relforcerowsecurity from pg_class
                  where relkind in ('r', 'p') and relnamespace::regnamespace::text !~ '^(pg_|information)' order by 1`
  expect(await query(place.connectionString, locked)).toEqual(await query(it.app.db.connectionString, locked))
})

test('a backup is for its owner only, holds no secret, and is never written over another', async () => {
  for (const path of ['.', 'manifest.json', 'tables', 'tables/public.person.copy.gz', 'recordings.sha256'])
    expect((await stat(join(made.to, path))).mode & 0o077, path).toBe(0)
  const text = await readFile(join(made.to, 'manifest.json'), 'utf8')
  expect(text).not.toContain(made.app.config.secret)
  await expect(backUp(made)).rejects.toThrow(/is there already/)
  // and what was begun is gone
  expect(await readdir(join(made.to, '..'))).toEqual(['backup', 'files'])
})

test('a database of something else is not backed up', async () => {
  const { connectionString, files } = empty
  const to = join(files, 'backup')
  await expect(makeBackup({ connectionString, files, to, now: madeAt })).rejects.toThrow(
    /holds nothing of CallAssist/,
  )
  expect(await readdir(files)).toEqual([])
})

test('a database with anything in it is not written over', async () => {
  const place = { ...empty, connectionString: made.app.db.connectionString }
  const before = await allRows(place.connectionString)
  await expect(restore(made, wantedIn(place, made))).rejects.toThrow(/not empty/)
  expect(await allRows(place.connectionString)).toEqual(before)
})

test('what is missing or altered by a byte is noticed before anything is written', async () => {
  const it = await spoilt()
  await appendFile(join(it.to, 'recordings', 'recordings', recorded, 'telephone'), 'x')
  expect(await refusal(it)).toMatch(/damaged: recordings\/.*telephone is not what was written/)
  await appendFile(join(it.to, 'recordings.sha256'), '\n')
  expect(await refusal(it)).toMatch(/damaged: recordings.sha256 is not what was written/)
  await appendFile(join(it.to, 'tables', 'public.person.copy.gz'), 'x')
  expect(await refusal(it)).toBe(
    'The backup is damaged: tables/public.person.copy.gz is not what was written. Nothing was restored; use another backup.',
  )
  await rm(join(it.to, 'tables', 'public.person.copy.gz'))
  expect(await refusal(it)).toMatch(/tables\/public\.person\.copy\.gz is missing/)
  await writeFile(join(it.to, 'manifest.json'), '{"format":2}')
  expect(await refusal(it)).toMatch(/is no backup of CallAssist that this version can read/)
})

test('rows that are not those that were counted are not kept, even where the files are whole', async () => {
  const it = await spoilt()
  await changeManifest(it, (text) => text.replace(/"rows": 1,/, '"rows": 2,'))
  expect(await refusal(it)).toMatch(/is not what the backup holds/)
})

test('a backup of a newer version is left to that version', async () => {
  const it = await spoilt()
  await changeManifest(it, (text) => text.replace('"0001_first.sql",', '"0001_first.sql", "9999_later.sql",'))
  expect(await refusal(it)).toBe(
    'This backup is of a newer CallAssist, which knows 9999_later.sql: restore it with that version.',
  )
})

test('what becomes part of a statement says nothing else', async () => {
  const text = await readFile(join(made.to, 'manifest.json'), 'utf8')
  const withBound = (bound: string) =>
    readManifest(
      JSON.stringify({
        ...JSON.parse(text),
        partitions: [{ schema: 'past', name: 'call_1', ofSchema: 'past', of: 'call', bound }],
      }),
    )
  for (const bound of [
    'DEFAULT',
    `FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')`,
    `FOR VALUES IN ('a', NULL)`,
  ])
    expect(withBound(bound), bound).not.toBeNull()
  for (const bound of [
    'DEFAULT; drop table person',
    `FOR VALUES IN ('a'); drop table person; select (1)`,
    '',
  ])
    expect(withBound(bound), bound).toBeNull()
})

async function changeManifest({ to }: World, change: (text: string) => string): Promise<void> {
  const file = join(to, 'manifest.json')
  const text = await readFile(file, 'utf8')
  expect(change(text)).not.toBe(text)
  await writeFile(file, change(text))
}

test('a backup of an older version is brought up to date with its rows in it', async () => {
  const it = await world()
  // as it was before the watch came
  const old = await emptyPlace()
  const client = new pg.Client({ connectionString: old.connectionString })
  await client.connect()
  await client.query('begin')
  await buildSchema(
    client,
    (await knownMigrations()).filter((name) => name < '0013'),
  )
  await client.query('commit')
  await client.end()
  await makeBackup({ connectionString: old.connectionString, files: it.files, to: it.to, now: madeAt })
  const { place, came } = await restored(it)
  expect(came.migrated[0]).toBe('0013_watch.sql')
  const before = await allRows(old.connectionString)
  const after = await allRows(place.connectionString)
  expect(before['public.alarm']).toBeUndefined()
  expect(after['public.alarm']).toEqual([])
  expect(after['public.organisation']).toEqual(before['public.organisation'])
})

test('says when the SECRET does not open the recordings, and then restores nothing unless told to', async () => {
  expect(await refusal(made, { secret: null })).toMatch(/^One recording is locked with the SECRET/)
  const wrong = 'another secret of at least 32 characters'
  expect(await refusal(made, { secret: wrong })).toMatch(/does not open 1 of 1 recording /)
  // where the files survived
  const { came } = await restored(made, { secret: wrong, withoutRecordings: true, files: made.files })
  expect(came.recordings).toEqual({ open: 0, closed: 1, gone: 0 })
})

test('another file in the place of a recording is refused', async () => {
  const it = await spoilt()
  const files = join(it.to, 'files')
  await cp(made.files, files, { recursive: true })
  await appendFile(join(files, 'recordings', recorded, 'master'), 'x')
  expect(await refusal(made, { files })).toMatch(/There is another recordings\/.*\/master/)
})

test('the commands do it, say what they did, and end with 1 and a sentence when they did not', async () => {
  const place = await emptyPlace()
  const to = join(place.files, 'by-command')
  const run = (args: string[], databaseUrl: string) =>
    promisify(execFile)(process.execPath, [program, ...args], {
      env: { DATABASE_URL: databaseUrl, DATA_DIR: join(made.to, '..'), SECRET: made.app.config.secret! },
    }).then(
      ({ stdout }) => `0: ${stdout}`,
      (error: { code: number; stderr: string }) => `${error.code}: ${error.stderr}`,
    )
  const { connectionString } = made.app.db
  expect(await run(['backup', '--to', to], connectionString)).toMatch(
    /^0: Backed up \d+ tables with \d+ rows and 2 files/,
  )
  expect(await run(['restore', '--from', to], place.connectionString)).toMatch(
    /^0: Restored \d+ rows .*\nRecordings: 1 open with this SECRET\.\n$/,
  )
  expect(await run(['restore', '--from', to], place.connectionString)).toMatch(
    /^1: The database is not empty/,
  )
  expect(await run(['restore', '--to', to], place.connectionString)).toMatch(/^2: usage: npm run restore/)
  expect(await run(['backup', '--to', `${to}-2`], 'postgres://127.0.0.1:1/nowhere')).toMatch(
    /^1: The database cannot be reached \(ECONNREFUSED\)/,
  )
})

const row = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' '))

test('the digest of rows knows no order, no pieces, and every change', () => {
  fc.assert(
    fc.property(
      fc.array(row),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      fc.nat(),
      (rows, cuts, at) => {
        const digestOf = (these: readonly string[]) => {
          const digest = rowDigest()
          digest.take(Buffer.from(these.map((each) => `${each}\n`).join('')))
          return digest.held()
        }
        const whole = digestOf(rows)
        expect(digestOf(rows.toReversed())).toEqual(whole)
        const inPieces = rowDigest()
        let left = Buffer.from(rows.map((each) => `${each}\n`).join(''))
        for (const cut of cuts) {
          if (left.length === 0) break
          inPieces.take(left.subarray(0, cut))
          left = left.subarray(cut)
        }
        expect(inPieces.held()).toEqual(whole)
        expect(whole.rows).toBe(rows.length)
        if (rows.length === 0) return
        const place = at % rows.length
        expect(digestOf(rows.with(place, `${rows[place]}x`)).digest).not.toBe(whole.digest)
        // neither a row twice nor two rows less cancel each other out
        expect(digestOf([...rows, rows[place]!, rows[place]!]).digest).not.toBe(whole.digest)
      },
    ),
  )
})

test('a row that was cut off is no row', () => {
  const count = countingRows()
  count.write('whole\ncut o')
  expect(() => count.held()).toThrow('cut off')
})

test('the list of recordings reads back, and leads nowhere else', () => {
  const file: fc.Arbitrary<ListedFile> = fc.record({
    path: fc.stringMatching(/^[a-z0-9-]{1,9}(\/[a-z0-9-]{1,9}){0,2}$/),
    checksum: fc.stringMatching(/^[0-9a-f]{64}$/),
  })
  fc.assert(
    fc.property(fc.array(file), (files) => {
      expect(readList(writeList(files))).toEqual(files)
    }),
  )
  const sum = 'a'.repeat(64)
  for (const path of [
    '../x',
    'recordings/../x',
    '/etc/passwd',
    'recordings//x',
    'recordings/X',
    'elsewhere/x',
  ])
    expect(readList(`${sum}  ${path}\n`), path).toBeNull()
  expect(readManifest('{')).toBeNull()
})
