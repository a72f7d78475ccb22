// Bundles on real PostgreSQL: what joins what, what is called off, and that many at once neither wait for each other for ever nor
// forget anybody.
import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import {
  alertsApp,
  lastNotification,
  live,
  phone,
  raiseAlert,
  settleAlerts,
  textFrom,
} from '../../test/support/alerts.ts'
import { addService, type ServiceAdded, type TestApp } from '../../test/support/app.ts'
import type { OutgoingState } from '../db/tables.ts'
import { seeded } from '../kit/seeded.ts'
import { acceptAlert, alertsOfService, closeAlert } from './alerts.ts'
import { gatheringMs, lockTogether } from './bundles.ts'
import { lockAlert } from './store.ts'

let app: TestApp
afterEach(() => app.close())

const start = { at: '2026-11-24T09:30:00Z' }
const ben = { name: 'Ben', phone: '+447700900201', channels: ['call' as const, 'text' as const] }
const cara = { name: 'Cara', phone: '+447700900202', channels: ['email' as const] }

const service = (name: string, more: Parameters<typeof addService>[1] = {}) =>
  addService(app, { receiver: { name }, stakeholders: [ben, cara], ...more })

const outgoings = () =>
  app.db.everywhere(({ sql }) =>
    sql
      .selectFrom('outgoing')
      .selectAll()
      .where('owner_room', '=', 'alerts')
      .orderBy('kind')
      .orderBy('id')
      .execute(),
  )
const toBen = async () => (await outgoings()).filter((o) => o.to_number === ben.phone)

async function put(kind: 'call' | 'text', state: OutgoingState): Promise<void> {
  const result = state === 'ended' ? 'rang out' : null
  await app.db.everywhere(({ sql }) =>
    sql.updateTable('outgoing').set({ state, result }).where('kind', '=', kind).execute(),
  )
}

const viewOf = async ({ scope, serviceId }: ServiceAdded) =>
  (await app.db.in(scope, (tx) => alertsOfService(tx, serviceId, { limit: 1 })))[0]!
const became = async (added: ServiceAdded) =>
  (await viewOf(added)).told.map(({ name, channel, became: how }) => `${name} ${channel}: ${how}`)

test('two alerts of one moment are one call and one text, which leaves within five seconds', async () => {
  app = await alertsApp(start)
  await raiseAlert(app, await service('Ada'))
  app.pass(1)
  await raiseAlert(app, await service('Bert'))
  const [call, text, ...more] = await toBen()
  expect(more).toEqual([])
  expect([call!.kind, text!.kind]).toEqual(['call', 'text'])
  expect(text!.body).toBe(
    'CallAssist: Ada and Bert did not answer the 9:30am call. If you will see to it, reply OK 38 for Ada, OK 49 for Bert, or OK ALL for both.',
  )
  expect(text!.not_before.getTime() - text!.created_at.getTime()).toBe(gatheringMs)
  expect(gatheringMs).toBeLessThan(5000)
})

test('one call, accepted one by one; the page of each shows its own', async () => {
  app = await alertsApp(start)
  const [ada, bert] = [await service('Ada', { accessNotes: 'Key safe 2580' }), await service('Bert')]
  await raiseAlert(app, ada)
  await raiseAlert(app, bert)
  const call = phone(app, 'Ben')
  expect(await call.answer()).toContain('about two people: Ada and Bert. First, Ada.')
  expect(await call.press('1')).toContain('You are seeing to Ada. How to get in: Key safe 2580. Now, Bert.')
  expect([await viewOf(ada), await viewOf(bert)]).toMatchObject([
    { state: 'accepted', acceptedBy: { name: 'Ben' }, acceptedOver: 'call' },
    { state: 'open' },
  ])
  expect(await call.press('1')).toContain('You are seeing to Bert.')
  await call.ends('acknowledged')
  expect((await viewOf(bert)).state).toBe('accepted')
  expect(await became(ada)).toContain('Ben call: answered')
  expect(await became(bert)).toContain('Ben call: answered')
})

test.each<[OutgoingState, boolean]>([
  ['waiting', true],
  ['claimed', true],
  ['placed', true],
  ['ringing', true],
  ['unknown', false],
  ['answered', false],
  ['ended', false],
])('a call that is %s is joined: %s', async (state, isJoined) => {
  app = await alertsApp(start)
  await raiseAlert(app, await service('Ada'))
  await put('call', state)
  await raiseAlert(app, await service('Bert'))
  expect((await toBen()).filter(({ kind }) => kind === 'call')).toHaveLength(isJoined ? 1 : 2)
})

test.each<[OutgoingState, boolean]>([
  ['waiting', true],
  ['claimed', false],
  ['placed', false],
])('a text that is %s is joined: %s; else the next one carries a code', async (state, isJoined) => {
  app = await alertsApp(start)
  await raiseAlert(app, await service('Ada'))
  await put('text', state)
  await raiseAlert(app, await service('Bert'))
  const texts = (await toBen()).filter(({ kind }) => kind === 'text')
  expect(texts).toHaveLength(isJoined ? 1 : 2)
  expect(texts.at(-1)!.body).toContain(
    isJoined ? 'or OK ALL for both.' : 'Reply OK 49 if you will see to it.',
  )
})

test('after two minutes it is another call', async () => {
  app = await alertsApp(start)
  await raiseAlert(app, await service('Ada'))
  app.pass(121)
  await raiseAlert(app, await service('Bert'))
  expect((await toBen()).map(({ kind }) => kind)).toEqual(['call', 'call', 'text', 'text'])
})

test('of two organisations nobody learns of the other: each rings by itself', async () => {
  app = await alertsApp(start)
  const line = '00000000-0000-7000-8000-00000000000a'
  await raiseAlert(app, await service('Ada'))
  await raiseAlert(
    app,
    await service('Faye', { organisationId: '00000000-0000-7000-8000-0000000000ff', lineId: line }),
  )
  const texts = (await toBen()).flatMap(({ body }) => body ?? [])
  expect(texts).toHaveLength(2)
  expect(texts.filter((body) => body.includes('Ada') && body.includes('Faye'))).toEqual([])
})

test('four at the very same moment, side by side: one call, one text, four codes', async () => {
  app = await alertsApp(start)
  const services = []
  for (const name of ['Ada', 'Bert', 'Cleo', 'Dov']) services.push(await service(name))
  await Promise.all(services.map((added) => raiseAlert(app, added)))
  const [call, text, ...more] = await toBen()
  expect([call!.kind, text!.kind, more]).toEqual(['call', 'text', []])
  const given = text!.body!.match(/OK \d\d for/g) ?? []
  expect(new Set(given).size).toBe(4)
})

test('nobody listens to more than five: the sixth is another call', async () => {
  app = await alertsApp(start)
  for (const name of ['Ada', 'Bert', 'Cleo', 'Dov', 'Eve', 'Finn'])
    await raiseAlert(app, await service(name, { stakeholders: [{ ...ben, channels: ['call'] }] }))
  const calls = await toBen()
  expect(calls).toHaveLength(2)
  expect(await phone(app, 'Ben').answer()).toContain('about Finn.')
})

test('what somebody else has taken is left out of it, and the rest is told; what nobody waits for is called off', async () => {
  app = await alertsApp(start)
  const [ada, bert] = [await service('Ada'), await service('Bert')]
  const [aboutAda, aboutBert] = [await raiseAlert(app, ada), await raiseAlert(app, bert)]
  await app.db.in(ada.scope, (tx) => acceptAlert(app, tx, aboutAda, ada.people.Cara!, 'email'))
  expect(
    (await toBen()).filter(({ purpose, body }) => purpose === 'alert' && !body?.includes('Cara')),
  ).toMatchObject([
    { kind: 'call', state: 'waiting', hang_up: false },
    {
      kind: 'text',
      state: 'waiting',
      body: 'CallAssist: Bert did not answer the 9:30am call. Reply OK if you will see to it.',
    },
  ])
  expect((await became(ada)).slice(0, 2)).toEqual(['Ben call: called off', 'Ben text: called off'])
  expect(await phone(app, 'Ben').answer()).toBe(
    'This is CallAssist, about Bert. Bert did not answer the call at 9:30am. Press 1 if you will see to it.',
  )
  await put('call', 'ringing')
  await app.db.in(bert.scope, (tx) => acceptAlert(app, tx, aboutBert, bert.people.Cara!, 'email'))
  const [call, text] = await toBen()
  expect([call!.hang_up, text!.state, text!.result]).toEqual([true, 'ended', 'cancelled'])
})

test('accepted by others while it is talked about: it is said so, and the call goes on', async () => {
  app = await alertsApp(start)
  const [ada, bert] = [await service('Ada'), await service('Bert')]
  const aboutAda = await raiseAlert(app, ada)
  await raiseAlert(app, bert)
  const call = phone(app, 'Ben')
  await call.answer()
  await app.db.in(ada.scope, (tx) => acceptAlert(app, tx, aboutAda, ada.people.Cara!, 'email'))
  const said = await call.press('1')
  expect(said).toContain('Cara will see to Ada. Now, Bert.')
  expect([(await viewOf(ada)).acceptedBy?.name, (await viewOf(bert)).state]).toEqual(['Cara', 'open'])
})

test('nobody picks up: each alert knows it', async () => {
  app = await alertsApp(start)
  const [ada, bert] = [await service('Ada'), await service('Bert')]
  await raiseAlert(app, ada)
  await raiseAlert(app, bert)
  await phone(app, 'Ben').ends('rang out')
  for (const added of [ada, bert])
    expect((await viewOf(added)).told[0]).toMatchObject({
      channel: 'call',
      became: 'failed',
      trouble: 'rang out',
    })
})

test('put down before it came to Bert: his alert knows that nobody heard it, and tells the next at once', async () => {
  app = await alertsApp(start)
  const stakeholders = [
    { ...ben, channels: ['call' as const] },
    { name: 'Cara', step: 2, channels: ['text' as const] },
  ]
  const [ada, bert] = [await service('Ada', { stakeholders }), await service('Bert', { stakeholders })]
  await raiseAlert(app, ada)
  await raiseAlert(app, bert)
  const call = phone(app, 'Ben')
  await call.answer()
  await call.ends('answered without a key')
  await settleAlerts(app)
  expect(await became(ada)).toEqual(['Ben call: answered'])
  expect(await became(bert)).toEqual(['Ben call: failed', 'Cara text: waiting'])
  expect((await viewOf(bert)).told[0]!.trouble).toBe('not heard')
})

test('a key that the provider tells of twice takes nobody else', async () => {
  app = await alertsApp(start)
  const [ada, bert] = [await service('Ada'), await service('Bert')]
  await raiseAlert(app, ada)
  await raiseAlert(app, bert)
  await phone(app, 'Ben').answer()
  const first = await phone(app, 'Ben').press('1')
  expect(await phone(app, 'Ben').press('1')).toBe(first)
  expect([(await viewOf(ada)).state, (await viewOf(bert)).state]).toEqual(['accepted', 'open'])
})

test('silence goes on to the next', async () => {
  app = await alertsApp(start)
  const [ada, bert] = [await service('Ada'), await service('Bert')]
  await raiseAlert(app, ada)
  await raiseAlert(app, bert)
  const call = phone(app, 'Ben')
  await call.answer()
  expect(await call.waits(1)).toContain('Now, Bert.')
  expect(await call.waits(1)).toContain('Now, Bert.')
  expect(await call.press('1')).toContain('You are seeing to Bert.')
  expect([(await viewOf(ada)).state, (await viewOf(bert)).state]).toEqual(['open', 'accepted'])
})

test('two people with one telephone are rung once for one alert', async () => {
  app = await alertsApp(start)
  const ada = await service('Ada', { stakeholders: [ben, { ...ben, name: 'Bea' }] })
  await raiseAlert(app, ada)
  expect(await toBen()).toHaveLength(2)
  expect(await phone(app, 'Bea').answer()).toContain('This is CallAssist, about Ada.')
  expect(await textFrom(app, ben.phone, 'OK')).toContain('You are seeing to Ada.')
})

/** Until somebody waits for a lock in this database. */
async function somebodyWaits(): Promise<void> {
  const isSo = () =>
    app.db.everywhere(async ({ sql: all }) => {
      const { rows } = await sql<{ n: string }>`select count(*) as n from pg_locks where not granted`.execute(
        all,
      )
      return Number(rows[0]!.n) > 0
    })
  while (!(await isSo())) {}
}

test('an alert that joins while its line begins to work on the call is locked with the others', async () => {
  app = await alertsApp(start)
  const [ada, bert] = [await service('Ada'), await service('Bert')]
  await raiseAlert(app, ada)
  const { outgoing_id: outgoingId } = await lastNotification(app, 'Ben', 'call')
  let working: Promise<void> | undefined
  let aboutBert = ''
  const joining = raiseAlert(app, bert, 'missed', async () => {
    // Bert's alert has joined, and its transaction holds the call: the line waits for it, Ada's alert in its hands
    working = app.db.in(ada.scope, async (tx) => {
      await lockTogether(tx, outgoingId!)
      aboutBert = await joining
      expect(await app.db.in(bert.scope, (other) => lockAlert(other, aboutBert, 'skip'))).toBeNull()
    })
    await somebodyWaits()
  })
  await joining
  await working
  expect(aboutBert).not.toBe('')
})

/** Opens, keys, ends, acceptances on pages and by text, and news, all side by side, on the same few people. */
test.each([1, 2, 3])(
  'many at once: nobody waits for ever, nothing is left half done (seed %i)',
  async (seed) => {
    app = await alertsApp(start)
    const chance = seeded(`bundles ${seed}`)
    const people = ['Ben', 'Cara', 'Dov'].map((name, at) => ({
      name,
      phone: `+44770090030${at}`,
      channels: ['call' as const, 'text' as const],
    }))
    const services: ServiceAdded[] = []
    for (let at = 0; at < 8; at++)
      services.push(await service(`P${at}`, { stakeholders: chance.shuffle([...people]), alertRounds: 2 }))
    /** As the dispatcher does it: by itself, and only one call to a number. */
    const claim = (id: string): Promise<void> =>
      app.db
        .everywhere(async ({ sql: all }) => {
          await all
            .updateTable('outgoing')
            .set({ state: 'placed' })
            .where('id', '=', id)
            .where('state', '=', 'waiting')
            .execute()
        })
        .catch((error: { code?: string }) => {
          if (error.code !== '23505') throw error
        })
    const lines = async (): Promise<void> => {
      const all = await outgoings()
      const one = all.length > 0 ? chance.pick(all) : null
      if (!one || one.state === 'ended') return
      if (one.state === 'waiting' && chance.bool(0.7)) return claim(one.id)
      const scope = { organisationId: one.organisation_id }
      await app.db.in(scope, async (tx) => {
        await app.owners.alerts.lock(tx, one.owner_id, one.id)
        const row = await tx.sql
          .selectFrom('outgoing')
          .selectAll()
          .where('id', '=', one.id)
          .forUpdate()
          .executeTakeFirstOrThrow()
        if (row.state === 'ended') return
        const heardSoFar = {
          organisationId: tx.organisationId,
          outgoingId: one.id,
          ownerId: one.owner_id,
          partId: one.part_id,
          silences: 0,
          rangAt: null,
        }
        const set = (more: { state?: OutgoingState; keys?: string; result?: string }) =>
          tx.sql.updateTable('outgoing').set(more).where('id', '=', one.id).execute()
        if (row.kind === 'call' && row.state === 'answered' && chance.bool(0.7)) {
          const key = chance.pick(['1', '1', '2', '*'])
          await set({ keys: row.keys + key })
          await app.owners.alerts.keyed(app, tx, { ...heardSoFar, keys: row.keys + key }, key)
        } else if (row.kind === 'call' && row.state === 'placed' && chance.bool(0.6)) {
          await set({ state: 'answered' })
          await app.owners.alerts.answered(app, tx, { ...heardSoFar, keys: '' })
        } else {
          const result =
            row.kind === 'text' ? chance.pick(['sent' as const, 'not delivered' as const]) : 'rang out'
          await set({ state: 'ended', result })
          await app.owners.alerts.ended(app, tx, {
            ...heardSoFar,
            kind: row.kind,
            result,
            code: null,
            keys: row.keys,
            rangAt: null,
            answeredAt: null,
          })
        }
      })
    }
    const byHand = async () => {
      const added = chance.pick(services)
      const [alert] = await app.db.in(added.scope, (tx) => alertsOfService(tx, added.serviceId, { limit: 1 }))
      const who = added.people[chance.pick(['Ben', 'Cara', 'Dov'])]!
      if (alert)
        await app.db.in(added.scope, (tx) =>
          chance.bool(0.6)
            ? acceptAlert(app, tx, alert.id, who, 'page')
            : closeAlert(app, tx, alert.id, who, chance.pick(['she is fine', 'get help'])),
        )
    }
    const byText = () => textFrom(app, chance.pick(people).phone, chance.pick(['OK', 'OK ALL', '38', 'FINE']))
    const waiting = [...services]
    for (let turn = 0; turn < 25; turn++) {
      const acts: Promise<unknown>[] = [lines(), lines(), lines(), settleAlerts(app)]
      for (let n = chance.int(0, 3); n > 0 && waiting.length > 0; n--)
        acts.push(raiseAlert(app, waiting.pop()!))
      if (chance.bool(0.3)) acts.push(byHand())
      if (chance.bool(0.2)) acts.push(byText())
      await Promise.all(acts)
      app.pass(chance.int(1, 90))
    }
    await live(app, 1)
    const rows = await app.db.everywhere(({ sql }) =>
      sql
        .selectFrom('notification as n')
        .innerJoin('outgoing as o', 'o.id', 'n.outgoing_id')
        .innerJoin('alert as a', 'a.id', 'n.alert_id')
        .select([
          'n.id',
          'n.ended_at',
          'n.result',
          'n.tells',
          'o.id as outgoing',
          'o.state',
          'o.hang_up',
          'a.state as alert',
        ])
        .execute(),
    )
    expect(rows.length).toBeGreaterThan(20)
    for (const row of rows) {
      // what is over is known to be over, and what nobody has heard of yet is still on its way
      if (row.state === 'ended') expect(row.ended_at, row.id).not.toBeNull()
      const isWanted = rows.some((other) => other.outgoing === row.outgoing && other.ended_at === null)
      if (row.state !== 'ended' && row.state !== 'answered')
        expect(isWanted || row.hang_up, row.id).toBe(true)
      if (isWanted) expect(row.hang_up, row.id).toBe(false)
      if (row.alert === 'closed' && row.tells === 'alert' && row.state === 'waiting')
        expect(row.ended_at, row.id).not.toBeNull()
    }
  },
)
