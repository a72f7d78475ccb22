// Test / drills / restore: a morning of calls, a backup in the middle of it while work goes on, a disaster minutes later, and the restored
// system that goes on an hour after that, against the very telephones and provider that saw all of it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { App } from '../../src/app.ts'
import { makeBackup, openBackup, restoreBackup } from '../../src/backup/backup.ts'
import { openDb } from '../../src/db/db.ts'
import { encodeWav } from '../../src/kit/sound.ts'
import { folderFiles } from '../../src/outside/files/folder.ts'
import type { Actor } from '../../src/queue/actor.ts'
import type { LedgerEvent } from '../../src/rehearsal/ledger.ts'
import { rehearse } from '../../src/rehearsal/run.ts'
import { readScenario, type Scenario } from '../../src/rehearsal/scenario.ts'
import { emptyDatabase, freshDatabase } from '../support/database.ts'
import { type AllRows, allRows } from '../support/rows.ts'

const on = (time: string) => new Date(`2026-11-24T${time}Z`)
const backupAt = on('09:30:10')
/** The backup has seen its moment, and copies nothing before this one: all that is done between is not in it. */
const copiesFrom = on('09:31:00')
const disasterAt = on('09:33:00')
const backAt = on('10:35:00')
const endsAt = on('13:00:00')

const answers = (keyAtSecond: number) => [
  { answer: { afterSeconds: 5, press: [{ key: '1', atSecond: keyAtSecond }] } },
]

/** Who is called when, for how long that is useful, and how their telephone behaves. */
const people = [
  { name: 'Ada', time: '08:30', phone: answers(4) },
  { name: 'Bert', time: '08:40', phone: ['no-answer'] },
  // at the moment of the backup she is spoken with, and presses the key after it
  { name: 'Cleo', time: '09:30', phone: answers(10), message: { recording: 'morning.wav' } },
  // and his telephone rings
  { name: 'Dora', time: '09:30', phone: ['no-answer'], useful: 120 },
  // between the backup and the disaster
  { name: 'Emil', time: '09:32', phone: answers(4) },
  // while there is nothing
  { name: 'Finn', time: '10:00', phone: answers(4), useful: 15 },
  { name: 'Gwen', time: '10:20', phone: answers(4), message: { recording: 'morning.wav' } },
  { name: 'Hugh', time: '11:00', phone: answers(4) },
]

function morning(): Scenario {
  const numberOf = (at: number) => `+44163296010${at}`
  return readScenario(
    JSON.stringify({
      start: '2026-11-24T08:00:00Z',
      until: disasterAt.toISOString(),
      services: people.map(({ name, time, message, useful }, at) => ({
        receiver: { name, phones: [numberOf(at)] },
        attempts: 2,
        usefulForMinutes: useful ?? 60,
        schedules: [{ time, date: '2026-11-24', ...(message && { message }) }],
        stakeholders: [
          {
            name: `${name}’s friend`,
            phone: `+44770090020${at}`,
            email: `friend-${at}@example.org`,
            roles: ['creator', 'alert receiver'],
          },
        ],
      })),
      phones: Object.fromEntries([
        ...people.map(({ phone }, at) => [numberOf(at), phone]),
        ...people.map((_, at) => [`+44770090020${at}`, answers(8)]),
      ]),
    }),
  )
}

/** Begins a backup at its moment, and lets it copy when a minute's work has been done since. */
function backingUp(app: App, wanted: { files: string; to: string }) {
  const seenAt = Promise.withResolvers<void>()
  const mayCopy = Promise.withResolvers<void>()
  const found = { rows: {} as AllRows, done: Promise.resolve() as Promise<unknown> }
  const steps = [
    {
      at: backupAt,
      async run() {
        found.done = makeBackup({
          connectionString: app.db.connectionString,
          ...wanted,
          now: backupAt,
          beside: async (snapshot) => {
            found.rows = await allRows(app.db.connectionString, snapshot)
            seenAt.resolve()
            await mayCopy.promise
          },
        })
        await Promise.race([seenAt.promise, found.done])
      },
    },
    { at: copiesFrom, run: async () => mayCopy.resolve() },
  ]
  const actor: Actor = {
    name: 'backup',
    async runDue(now) {
      if (!steps[0] || steps[0].at > now) return 0
      await steps.shift()!.run()
      return 1
    },
    nextAt: async () => steps[0]?.at ?? null,
  }
  return { actor, found }
}

async function drill() {
  const folder = await mkdtemp(join(tmpdir(), 'callassist-drill-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const samples = Float32Array.from({ length: 32_000 }, (_, at) => 0.3 * Math.sin(at / 6))
  await writeFile(join(folder, 'morning.wav'), encodeWav({ sampleRate: 16_000, samples }))
  const [database, other] = [await freshDatabase(), await emptyDatabase()]
  onTestFinished(() => database.drop())
  onTestFinished(() => other.drop())
  const files = join(folder, 'files')
  const to = join(folder, 'backup')
  let began: ReturnType<typeof backingUp>
  let ledger: LedgerEvent[] = []
  const rows: Record<'snapshot' | 'restored' | 'lost', AllRows> = { snapshot: {}, restored: {}, lost: {} }
  let recordings = {}
  await rehearse(morning(), {
    database: database.connectionString,
    folder,
    files: folderFiles(files),
    besides: (app) => {
      began = backingUp(app, { files, to })
      return [began.actor]
    },
    before: async (app, world) => {
      await began.found.done
      rows.snapshot = began.found.rows
      rows.lost = await allRows(database.connectionString)
      const place = { connectionString: other.connectionString, files: join(folder, 'new') }
      const restored = await restoreBackup(await openBackup(to), { ...place, secret: app.config.secret })
      recordings = restored.recordings
      rows.restored = await allRows(place.connectionString)
      const db = openDb(place.connectionString, { connections: 4 })
      try {
        ledger = await world.goOn({ db, files: folderFiles(place.files) }, backAt, endsAt)
      } finally {
        await db.close()
      }
    },
  })
  return { rows, recordings, ledger }
}

test('what was backed up in the middle of a morning is restored row for row, and goes on', async () => {
  const { rows, recordings, ledger } = await drill()

  expect(rows.restored).toEqual(rows.snapshot)
  expect(rows.lost).not.toEqual(rows.snapshot)
  expect(recordings).toEqual({ open: 1, closed: 0, gone: 0 })

  // what the application says, in the order in which it was decided
  const outcomes = ledger.flatMap((e) =>
    e.event === 'outcome' ? [`${e.receiver} ${e.outcome}: ${e.attempts.join(', ')}`] : [],
  )
  expect(outcomes).toEqual([
    'Ada acknowledged: answered',
    'Bert missed: no-answer, no-answer',
    // the provider knows that she answered; her key came to the system that was lost
    'Cleo missed: answered',
    // he was rung and pressed a key, and nobody knows any more: an alert too many, never a silence
    'Emil not placed: ',
    'Finn not placed: ',
    'Gwen acknowledged: answered',
    'Dora missed: no-answer, no-answer',
    'Hugh acknowledged: answered',
  ])

  // what really rang, as the telephones saw it: whoever was through before the backup is not rung again, and nothing stale is played
  const rings = ledger.flatMap((e) =>
    e.event === 'ring' && e.purpose === 'call' && e.at >= disasterAt.toISOString()
      ? [`${e.at.slice(11, 16)} ${e.for} ${e.result}`]
      : [],
  )
  expect(rings).toEqual(['10:35 Dora no-answer', '10:35 Gwen answered', '11:00 Hugh answered'])

  // every call that went wrong has an alert that somebody accepted, within a minute of the return
  const accepted = ledger.flatMap((e) =>
    e.event === 'alert' && e.state === 'accepted' ? [`${e.at.slice(11, 16)} ${e.receiver}`] : [],
  )
  expect(accepted).toEqual(['08:45 Bert', '10:35 Emil', '10:35 Finn', '10:35 Cleo', '10:35 Dora'])
  const alerts = Map.groupBy(
    ledger.filter((e) => e.event === 'alert' && e.state === 'open'),
    (e) => ('receiver' in e ? e.receiver : null),
  )
  expect([...alerts].map(([receiver, of]) => [receiver, of.length])).toEqual(
    ['Bert', 'Cleo', 'Emil', 'Finn', 'Dora'].map((name) => [name, 1]),
  )
})
