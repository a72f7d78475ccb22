// Test / rehearsal / watch: the watch beside a day of the production code. Two ordinary hours, with everything that people and
// telephones do in them, alarm nobody; and it was not asleep: an hour with a provider that fails does.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { App } from '../../src/app.ts'
import { openDb } from '../../src/db/db.ts'
import type { Actor } from '../../src/queue/actor.ts'
import { rehearse } from '../../src/rehearsal/run.ts'
import { readScenario, type Scenario } from '../../src/rehearsal/scenario.ts'
import { createWatch, heartbeat, type Standing, type Watch } from '../../src/watch/watch.ts'
import { freshDatabase } from '../support/database.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))
const watchNumber = '+441632960999'
const answers = { answer: { afterSeconds: 2, press: [{ key: '1', atSecond: 2 }], hangUpAtSecond: 20 } }

/** The day of 600 calls from half past eight on, for fewer people. */
function hours(services: number, until: string, faults: readonly Record<string, unknown>[] = []): Scenario {
  const day = JSON.parse(readFileSync(`${folder}a-day-of-600-calls.json`, 'utf8')) as Record<string, unknown>
  return readScenario(
    JSON.stringify({
      ...day,
      start: '2026-11-24T08:30:00Z',
      until: `2026-11-24T${until}Z`,
      repeat: { services },
      phones: { ...(day.phones as object), [watchNumber]: [answers] },
      faults,
    }),
  )
}

interface Watched {
  looks: number
  /** what was ever certain */
  alarms: Set<string>
  watchCalls: string[]
  last: Standing
}

async function watchThrough(scenario: Scenario): Promise<Watched> {
  const database = await freshDatabase()
  const seen: Pick<Watched, 'looks' | 'alarms'> = { looks: 0, alarms: new Set() }
  let watch: Watch | null = null
  let close = async () => {}
  let watchCalls: string[] = []
  try {
    await rehearse(scenario, {
      database: database.connectionString,
      folder,
      besides: (app) => {
        const made = watchBeside(app, seen)
        watch = made.watch
        close = made.close
        return [made.actor]
      },
      before: async (app) => {
        const rows = await app.db.everywhere(({ sql }) =>
          sql.selectFrom('watch_call').select('result').orderBy('id').execute(),
        )
        watchCalls = rows.map(({ result }) => result ?? 'under way')
      },
    })
    return { ...seen, watchCalls, last: await watch!.standing() }
  } finally {
    await close()
    await database.drop()
  }
}

/**
 * The watch, on connections of its own, and a worker's heart. In real time they follow timers; here they are due every ten seconds,
 * and wake the others only when a call to ourselves was made.
 */
function watchBeside(app: App, seen: Pick<Watched, 'looks' | 'alarms'>) {
  const db = openDb(app.db.connectionString, { connections: 2 })
  let isRung = false
  const ring = () => {
    isRung = true
  }
  const own = { ...app, db, bell: { ...app.bell, ring }, config: { ...app.config, watchNumber } }
  const heart = heartbeat(own)
  const watch = createWatch(own, {
    wall: app.clock,
    monotonicMs: () => app.clock.now().getTime(),
    movable: null,
    sayAlive: async () => true,
  })
  let next = app.clock.now()
  const actor: Actor = {
    name: 'watch',
    async runDue(now) {
      if (now < next) return 0
      next = new Date(now.getTime() + 10_000)
      await heart.runDue(now)
      await watch.round()
      seen.looks++
      for (const { kind } of (await watch.standing()).alarms) seen.alarms.add(kind)
      if (isRung) await app.db.everywhere(async () => undefined)
      isRung = false
      return 1
    },
    nextAt: async () => next,
  }
  return { watch, actor, close: () => db.close() }
}

test('two ordinary hours alarm nobody, and 24 calls to ourselves get through', async () => {
  const { looks, alarms, watchCalls, last } = await watchThrough(hours(60, '10:30:10'))
  expect(looks).toBeGreaterThanOrEqual(720)
  expect([...alarms]).toEqual([])
  expect(watchCalls).toHaveLength(24)
  expect(new Set(watchCalls)).toEqual(new Set(['acknowledged']))
  expect(last.rows?.lines[0]?.line.name).toBe('main')
})

test('an hour with a provider that is down from nine on does', async () => {
  const down = { kind: 'down', line: 'main', from: '2026-11-24T09:00:00Z', to: '2026-11-24T09:12:00Z' }
  const { alarms, last } = await watchThrough(hours(3, '09:30', [down]))
  expect([...alarms].sort()).toEqual(['provider', 'watch call'])
  expect(last.alarms).toEqual([])
})
