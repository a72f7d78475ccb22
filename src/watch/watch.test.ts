// Each of the twelve kinds of trouble, made true on a real database: seen, and told, within ninety seconds of a clock that is moved;
// told once; and its end. What is ordinary tells nobody anything: see also test/rehearsal/watch.test.ts.
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { addService, type TestApp, testApp } from '../../test/support/app.ts'
import type { App } from '../app.ts'
import { insertCalls } from '../calls/calls.ts'
import { openDb } from '../db/db.ts'
import { newId } from '../kit/ids.ts'
import { enqueueCall, priorities } from '../lines/lines.ts'
import { enqueueEmail } from '../mail/mail.ts'
import { ensureOperator } from '../organisations/organisations.ts'
import { settle } from '../queue/loop.ts'
import { workActors } from '../wiring.ts'
import { createWatch, heartbeat, keptStanding, type Watch } from './watch.ts'

interface World {
  app: TestApp
  watch: Watch
  /** how far the system's clock jumped, in milliseconds */
  jump: { ms: number }
  alive: string[]
  /** What goes round besides watching. */
  works: { beats: boolean; acts: boolean }
  /** Ten seconds and a look, for so long. */
  live(seconds: number): Promise<void>
  /** So many seconds until the operators are told of it. @throws when they are not within ninety */
  secondsUntilTold(subject: string): Promise<number>
  told(): string[]
}

async function world(more: Partial<App['config']> = {}): Promise<World> {
  const app = await testApp({ at: '2026-11-24T09:00:00Z' })
  await ensureOperator(app, 'desk@example.org')
  const db = openDb(app.db.connectionString, { connections: 3, patienceMs: 4000 })
  onTestFinished(async () => {
    await db.close()
    await app.close()
  })
  const jump = { ms: 0 }
  const alive: string[] = []
  const config = { ...app.config, watchNumber: null, ...more }
  const watch = createWatch(
    { ...app, db, config },
    {
      wall: { now: () => new Date(app.clock.now().getTime() + jump.ms) },
      monotonicMs: () => app.clock.now().getTime(),
      movable: null,
      sayAlive: async (url) => alive.push(url) > 0,
    },
  )
  const actors = workActors(app, { inFlight: 1 })
  const heart = heartbeat(app)
  const works = { beats: true, acts: true }

  async function step(): Promise<void> {
    app.pass(10)
    if (works.acts) await settle(app.clock, actors)
    if (works.beats) await heart.runDue(app.clock.now())
    await watch.round()
  }

  const made: World = {
    app,
    watch,
    jump,
    alive,
    works,
    async live(seconds) {
      for (let passed = 0; passed < seconds; passed += 10) await step()
    },
    async secondsUntilTold(subject) {
      for (let passed = 10; passed <= 90; passed += 10) {
        await step()
        if (made.told().includes(subject)) return passed
      }
      throw new Error(`told within ninety seconds: ${made.told().join('; ') || 'nothing'}`)
    },
    told: () => app.mail.sent.map((email) => email.subject),
  }
  await made.live(60)
  expect(made.told()).toEqual([])
  return made
}

const ringsOf = async (app: TestApp, count: number) => {
  for (let place = 0; place < count; place++)
    await app.db.in(app.scope, (tx) =>
      enqueueCall(app, tx, {
        ownerRoom: 'alerts',
        ownerId: newId(app.clock.now()),
        partId: newId(app.clock.now()),
        serviceId: null,
        lineId: null,
        purpose: 'alert',
        priority: priorities.alert,
        to: `+4416329601${String(place + 10)}`,
        ringSeconds: 30,
        usefulUntil: new Date(app.clock.now().getTime() + 3_600_000),
      }),
    )
}

/** As the owner of the database, from another one, past the application; then everybody's connections are gone. */
async function asOwner(app: TestApp, statement: (name: string) => string): Promise<void> {
  const url = new URL(app.db.connectionString)
  const name = url.pathname.slice(1)
  url.pathname = '/postgres'
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  await client.query(statement(name))
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
  await client.end()
  // so that those who held them have noticed
  for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve))
}

/** In the database itself. */
async function inside(app: TestApp, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: app.db.connectionString })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

test('1: no worker works', async () => {
  const { works, secondsUntilTold, told, live, app } = await world()
  works.beats = false
  works.acts = false
  expect(await secondsUntilTold('No worker works')).toBeLessThanOrEqual(70)
  await live(300)
  expect(told()).toEqual(['No worker works'])
  expect(app.mail.sent[0]?.text).toContain('What to do: Restart the process')
  works.beats = true
  works.acts = true
  await live(60)
  expect(told()).toEqual(['No worker works', 'A worker works again'])
})

test('2: what is due is not dealt with, though a worker goes round', async () => {
  const { app, works, secondsUntilTold } = await world()
  works.acts = false
  const { scope, serviceId, scheduleId } = await addService(app, { receiver: { name: 'Ada' } })
  const slot = { dueAt: app.clock.now(), localDate: '2026-11-24', localTime: '09:01' }
  await app.db.in(scope, (tx) =>
    insertCalls(app, tx, { serviceId, scheduleId, usefulForMinutes: 60 }, [slot]),
  )
  expect(await secondsUntilTold('What is due is not dealt with in time')).toBeLessThanOrEqual(70)
})

test('3: a dispatcher does not move though something may leave', async () => {
  const { app, works, secondsUntilTold } = await world()
  works.acts = false
  await ringsOf(app, 1)
  const subject = 'Nothing leaves on line main, though something waits that may'
  expect(await secondsUntilTold(subject)).toBeLessThanOrEqual(70)
})

test('4: the database is gone: told all the same, by e-mail and text, and again when it is back', async () => {
  const { app, works, alive, secondsUntilTold, live, told, watch } = await world({
    operatorNumber: '+447700900900',
    deadManUrl: 'https://alive.example.org/x',
  })
  const before = alive.length
  expect(before).toBeGreaterThan(0)
  works.beats = false
  works.acts = false
  await asOwner(app, (name) => `alter database ${name} allow_connections false`)
  expect(await secondsUntilTold('The database does not answer')).toBeLessThanOrEqual(30)
  expect(app.phone.texts.map(({ to, body }) => ({ to, body }))).toEqual([
    {
      to: '+447700900900',
      body: 'CallAssist: The database does not answer. https://callassist.example.org/status',
    },
  ])
  await live(120)
  // blind: it does not say that all is well
  expect(alive.length).toBe(before)
  expect((await watch.standing()).alarms.map(({ kind }) => kind)).toEqual(['database gone'])
  await asOwner(app, (name) => `alter database ${name} allow_connections true`)
  works.beats = true
  works.acts = true
  await live(120)
  expect(told()).toEqual(['The database does not answer', 'The database answers again'])
  expect(alive.length).toBeGreaterThan(before)
})

test('5: the database can only be read', async () => {
  const { app, works, secondsUntilTold, told, live } = await world()
  works.beats = false
  works.acts = false
  await asOwner(app, (name) => `alter database ${name} set default_transaction_read_only = on`)
  expect(await secondsUntilTold('The database can only be read')).toBeLessThanOrEqual(40)
  await live(100)
  // what follows from it is not told as well
  expect(told()).toEqual(['The database can only be read'])
})

test('6: the database is full', async () => {
  const { app, secondsUntilTold, told } = await world()
  await inside(
    app,
    `create function no_room() returns trigger language plpgsql as $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`,
    'create trigger no_room before insert or update on watch_look for each row execute function no_room()',
  )
  expect(await secondsUntilTold('The database has no room left')).toBeLessThanOrEqual(20)
  expect(told()).toHaveLength(1)
})

test('7: the system’s clock jumped; five minutes later that is past', async () => {
  const { jump, secondsUntilTold, live, told } = await world()
  jump.ms -= 3_600_000
  expect(await secondsUntilTold('The clock of this machine jumped')).toBeLessThanOrEqual(20)
  await live(400)
  expect(told()).toEqual(['The clock of this machine jumped', 'The clock of this machine runs evenly again'])
})

test('8: a provider fails; the text about it leaves by the line that is left', async () => {
  const { app, secondsUntilTold } = await world({ operatorNumber: '+447700900900' })
  await app.db.in(app.scope, async ({ sql, organisationId }) => {
    await sql
      .insertInto('line')
      .values({
        organisation_id: organisationId,
        id: newId(app.clock.now()),
        name: 'second',
        number: '+441632960002',
        provider: 'second',
        calls_per_second: 1,
        texts_per_second: 1,
        concurrent_calls: 50,
        lease_owner: null,
        rank: 1,
      })
      .execute()
  })
  app.phone.there = false
  app.phone.answer = (wanted) =>
    wanted.from === '+441632960001'
      ? { kind: 'unknown', reason: 'no answer' }
      : { kind: 'placed', sid: `SM${'0'.repeat(32)}` }
  await ringsOf(app, 5)
  const subject = 'The telephone company of line main has failed'
  expect(await secondsUntilTold(subject)).toBeLessThanOrEqual(70)
  expect(app.phone.texts.map(({ from }) => from)).toEqual(['+441632960002'])
})

test('9: nothing is heard of the calls that were placed', async () => {
  const { app, secondsUntilTold } = await world()
  await ringsOf(app, 3)
  expect(await secondsUntilTold('Nothing is heard of the calls on line main')).toBeLessThanOrEqual(90)
})

test('10: the mail server takes nothing: told by text, and by e-mail once it takes some', async () => {
  const { app, secondsUntilTold, live, told, watch } = await world({ operatorNumber: '+447700900900' })
  app.mail.answer = () => ({ kind: 'refused', temporary: true, reason: 'ECONNECTION' })
  await app.db.in(app.scope, (tx) =>
    enqueueEmail(app, tx, {
      purpose: 'summary',
      ownerRoom: 'setup',
      ownerId: null,
      partId: null,
      serviceId: null,
      to: { name: 'Ben', address: 'ben@example.org' },
      subject: 'What you entered',
      blocks: [{ kind: 'paragraph', text: 'All of it.' }],
      usefulUntil: new Date(app.clock.now().getTime() + 3_600_000),
    }),
  )
  await expect(secondsUntilTold('(never by e-mail)')).rejects.toThrow('nothing')
  expect(app.phone.texts.map(({ body }) => body)).toEqual([
    'CallAssist: The mail server takes nothing. https://callassist.example.org/status',
  ])
  expect((await watch.standing()).alarms).toMatchObject([{ kind: 'mail', toldAt: expect.any(Date) }])
  app.mail.answer = null
  await live(400)
  expect(told()).toEqual(['What you entered', 'The mail server takes e-mails again'])
})

test('11: calls of the next two hours will be late', async () => {
  const { app, works, secondsUntilTold } = await world()
  works.acts = false
  const { scope, serviceId, scheduleId } = await addService(app, { receiver: { name: 'Ada' } })
  const slots = Array.from({ length: 400 }, (_, place) => ({
    dueAt: new Date('2026-11-24T10:00:00Z'),
    localDate: '2026-11-24',
    localTime: `${String(Math.floor(place / 60)).padStart(2, '0')}:${String(place % 60).padStart(2, '0')}`,
  }))
  await app.db.in(scope, (tx) => insertCalls(app, tx, { serviceId, scheduleId, usefulForMinutes: 60 }, slots))
  expect(await secondsUntilTold('Calls on line main will be late within two hours')).toBeLessThanOrEqual(60)
})

test('12: the call to ourselves rings, and nobody presses a key', async () => {
  const { app, live, secondsUntilTold } = await world({ watchNumber: '+441632960999' })
  while (app.phone.calls.length === 0) await live(10)
  expect(app.phone.calls.map(({ to }) => to)).toEqual(['+441632960999'])
  expect(await secondsUntilTold('The call to ourselves did not get through')).toBeLessThanOrEqual(80)
})

test('a process that does not know where it is reached tells all the same, without a link', async () => {
  const { works, app, secondsUntilTold } = await world({ publicUrl: null, operatorNumber: '+447700900900' })
  works.beats = false
  await secondsUntilTold('No worker works')
  expect(app.phone.texts.map(({ body }) => body)).toEqual(['CallAssist: No worker works.'])
})

test('a watch that starts anew goes on from what the last one knew, and other processes see it', async () => {
  const { app, works, secondsUntilTold, told } = await world()
  works.beats = false
  works.acts = false
  await secondsUntilTold('No worker works')
  const second = createWatch(
    { ...app, config: { ...app.config, watchNumber: null } },
    {
      wall: app.clock,
      monotonicMs: () => app.clock.now().getTime(),
      movable: null,
      sayAlive: async () => true,
    },
  )
  for (let look = 0; look < 5; look++) {
    app.pass(10)
    await second.round()
  }
  expect(told()).toEqual(['No worker works'])
  expect(await keptStanding(app)).toMatchObject({ ageMs: 0, alarms: [{ kind: 'workers', state: 'raised' }] })
})

test('a clock that is moved on purpose is no trouble, and neither is what it leaves behind for a moment', async () => {
  const { app, works } = await world()
  const ahead = { ms: 0 }
  const watch = createWatch(
    { ...app, config: { ...app.config, watchNumber: null } },
    {
      wall: { now: () => new Date(app.clock.now().getTime() - ahead.ms) },
      monotonicMs: () => app.clock.now().getTime() - ahead.ms,
      movable: { aheadMs: () => ahead.ms },
      sayAlive: async () => true,
    },
  )
  works.beats = false
  for (let look = 0; look < 6; look++) {
    app.pass(3600)
    ahead.ms += 3_590_000
    await watch.round()
  }
  expect((await watch.standing()).alarms).toEqual([])
})
