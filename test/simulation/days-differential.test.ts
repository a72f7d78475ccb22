// The copy of the shells in days/ and production's own live the same lives: seeded orders of sweeping, dispatching, reports, keys, answers of
// the provider and words of people, each done to both, on PostgreSQL and in memory; and the same rows stand in both. A
// failing seed is printed; `SEED=17 npx vitest run test/simulation/days-differential.test.ts` lives it again.
import { expect, onTestFinished, test } from 'vitest'
import { advance as advanceAlertInSql } from '../../src/alerts/advance.ts'
import { alertActors, alertDesk, alertsOwner } from '../../src/alerts/alerts.ts'
import { advance as advanceCallInSql } from '../../src/calls/advance.ts'
import { callActors, insertCalls } from '../../src/calls/calls.ts'
import type { By, Channel } from '../../src/db/tables.ts'
import { type Seeded, seeded } from '../../src/kit/seeded.ts'
import { lineActors, lineRoutes } from '../../src/lines/lines.ts'
import type { Asked, LineEvent } from '../../src/lines/types.ts'
import type { Found } from '../../src/outside/phone/port.ts'
import type { Actor } from '../../src/queue/actor.ts'
import { settle } from '../../src/queue/loop.ts'
import { addService, type ServiceAdded, type TestApp, testApp } from '../support/app.ts'
import { lineId } from '../support/lines.ts'
import { advanceAlert, alertCallEnded, dueAlerts, wakeAlert } from './days/alerts.ts'
import { advanceCall, attemptEnded, dueCalls, wakeCall, wakeMany } from './days/calls.ts'
import { lineSteps } from './days/lines.ts'
import { makeWorld, start } from './days/live.ts'
import { nothingSeen } from './days/rules.ts'
import { webAsks, webHears } from './days/web.ts'
import { type Call, inTx, type Outgoing, type Service, type World } from './days/world.ts'

const [first = 1, last = process.env.SEED ? first : 14] = (process.env.SEED ?? '')
  .split('-')
  .filter(Boolean)
  .map(Number)
const seeds = Array.from({ length: last - first + 1 }, (_, at) => first + at)

const eventsInALife = 81
const comparedEvery = 4
const second = 1000

/** What is done to both, and what both are then. */
interface Both {
  app: TestApp
  actors: Actor[]
  world: World
  services: { inSql: ServiceAdded; inMemory: Service; people: Map<string, string> }[]
  /** what the provider answers, in the order of asking: the same to both */
  answers: Asked[]
  /** what it knows of, by the name that it gave */
  known: Map<string, Found>
}

test.each(seeds)('in memory as on PostgreSQL (seed %i)', { timeout: 120_000 }, async (seed) => {
  const chance = seeded(seed)
  const both = await makeBoth(chance.fork('people'))
  const flow = chance.fork('flow')
  const story: string[] = []
  for (let at = 0; at < eventsInALife; at++) {
    story.push(await doToBoth(both, flow))
    if (at % comparedEvery !== 0) continue
    const [inSql, inMemory] = [await rowsInSql(both), rowsInMemory(both)]
    expect(inMemory, `seed ${seed}, after:\n${story.slice(-6).join('\n')}`).toEqual(inSql)
  }
})

// ── the two ─────────────────────────────────────────────────────────────────────────────────────────────────────

async function makeBoth(chance: Seeded): Promise<Both> {
  const app = await testApp({
    at: new Date(start).toISOString(),
    owners: { alerts: alertsOwner },
    alertDesk,
    log: {
      info() {},
      warn: (...x: unknown[]) => console.log('W', ...x),
      error: (...x: unknown[]) => console.log('E', ...x),
    } as never,
  })
  onTestFinished(() => app.close())
  const world = makeWorld('differential', chance.fork('world'), 1)
  const answers: Asked[] = []
  const known = new Map<string, Found>()
  const [line] = world.lines
  Object.assign(line!, { callsPerSecond: 1, textsPerSecond: 1, concurrentCalls: 50 })
  world.lines.splice(1)
  let asked = 0
  Object.assign(world, {
    look: () => {},
    isOneByOne: true,
    // nobody does anything by themselves, and no rule is judged: the rows are
    rules: {
      ...world.rules,
      alertChanged: () => {},
      notified: () => {},
      callChanged: () => {},
      claimed: () => {},
      asked: () => {},
    },
    owners: { calls: attemptEnded, alerts: alertCallEnded },
    provider: {
      ask: () => ({ asked: answers[asked++ % answers.length]!, tookMs: 0 }),
      isThere: () => app.phone.there,
      isReached: () => true,
      latency: () => 0,
      lookUp: (sid: string) => known.get(sid) ?? null,
      list: () => [],
      hangUp: () => {},
      noteRinging: () => {},
    },
  })
  for (let at = 0; at < 400; at++) answers.push(anyAnswer(chance, at))
  let askedInSql = 0
  app.phone.answer = () => answers[askedInSql++ % answers.length]!
  Object.assign(app.phone, {
    lookUpCall: async (sid: string) => known.get(sid) ?? null,
    findCalls: async () => [],
  })
  const both: Both = {
    app,
    actors: [...callActors(app), ...alertActors(app), ...lineActors(app, { inFlight: 1 })],
    world,
    services: [],
    answers,
    known,
  }
  for (let place = 0; place < 4; place++) both.services.push(await addServiceToBoth(both, chance, place))
  return both
}

function anyAnswer(chance: Seeded, at: number): Asked {
  if (chance.bool(0.75)) return { kind: 'placed', sid: `CA${at}` }
  return chance.pick<Asked>([
    { kind: 'unknown', reason: 'HTTP 500' },
    { kind: 'refused', temporary: true, result: 'not placed', code: '20429', reason: 'busy' },
    {
      kind: 'refused',
      temporary: true,
      result: 'not placed',
      code: 'ECONNREFUSED',
      reason: 'gone',
      trouble: 'not there',
    },
    {
      kind: 'refused',
      temporary: false,
      result: 'unreachable number',
      code: '30003',
      reason: 'switched off',
    },
  ])
}

async function addServiceToBoth(
  both: Both,
  chance: Seeded,
  place: number,
): Promise<Both['services'][number]> {
  const { app, world } = both
  const by = chance.pick<By>(['call', 'call', 'text', 'call then text', 'text then call'])
  const phones = Array.from(
    { length: chance.int(1, 2) },
    (_, at) => `+44${by === 'call' ? 1632960 : 7700900}${100 + place * 2 + at}`,
  )
  const plan = {
    attempts: chance.int(1, 4),
    gapMinutes: chance.int(1, 6),
    ringSeconds: chance.int(20, 40),
    usefulForMinutes: chance.pick([10, 30, 60]),
    helpKey: chance.pick(['9', null]),
    alertStepMinutes: chance.int(1, 5),
    alertRounds: chance.int(1, 3),
  }
  const stakeholders = Array.from({ length: chance.int(0, 3) }, (_, at) => ({
    name: `Person ${place}-${at}`,
    // some have several receivers, and are told of all in one call
    phone: `+447700900${chance.pick([201, 202, 210 + place * 3 + at])}`,
    email: chance.bool(0.5) ? `person${place}${at}@example.org` : null,
    step: chance.int(1, 2),
    channels: chance.pick<Channel[]>([['call'], ['text'], ['call', 'text'], ['call', 'text', 'email']]),
  })).filter((one, at, all) => all.findIndex(({ phone }) => phone === one.phone) === at)
  const inSql = await addService(app, {
    ...plan,
    receiver: { name: `Ada ${place}`, phones },
    stakeholders,
    schedule: { by },
  })
  const people = new Map(stakeholders.map(({ name }) => [inSql.people[name]!, name]))
  for (const number of [...phones, ...stakeholders.map(({ phone }) => phone)])
    if (!world.telephones.has(number))
      world.telephones.set(number, {
        number,
        isMobile: number.startsWith('+447'),
        owner: 'receiver',
        reliability: 1,
        recent: [],
        busyWith: null,
      })
  const inMemory: Service = {
    ...plan,
    id: String(place),
    by,
    phones: phones.map((number) => world.telephones.get(number)!),
    voicemailWords: false,
    zone: 'Europe/London',
    schedules: [],
    receivers: stakeholders.map(({ name, ...contact }) => ({ personId: name, name, ...contact })),
    stepMinutes: plan.alertStepMinutes,
    rounds: plan.alertRounds,
    pauses: new Set(),
    calls: [],
    alerts: [],
  }
  world.services.push(inMemory)
  return { inSql, inMemory, people }
}

// ── what is done ────────────────────────────────────────────────────────────────────────────────────────────────

async function doToBoth(both: Both, flow: Seeded): Promise<string> {
  const dice = flow.next()
  if (dice < 0.2) return planCall(both, flow)
  if (dice < 0.5) return passAndWork(both, flow)
  if (dice < 0.93) return reportOf(both, flow)
  return word(both, flow)
}

/** A call that is due now or soon. */
async function planCall({ app, world, services }: Both, flow: Seeded): Promise<string> {
  const { inSql, inMemory } = flow.pick(services)
  const dueAt = new Date(app.clock.now().getTime() + flow.int(0, 120) * second)
  const slot = {
    localDate: '2026-10-19',
    localTime: `09:${String(inMemory.calls.length).padStart(2, '0')}`,
    dueAt,
  }
  await app.db.in(inSql.scope, (tx) =>
    insertCalls(app, tx, { ...inSql, usefulForMinutes: inMemory.usefulForMinutes, by: inMemory.by }, [slot]),
  )
  const call: Call = {
    organisation_id: '',
    id: String(++world.made).padStart(9, '0'),
    service_id: inMemory.id,
    schedule_id: '',
    is_test: false,
    by: inMemory.by,
    local_date: slot.localDate,
    local_time: slot.localTime,
    due_at: dueAt,
    useful_until: new Date(dueAt.getTime() + inMemory.usefulForMinutes * 60_000),
    state: 'waiting',
    attempt: 0,
    wake_at: dueAt,
    outcome: null,
    outcome_at: null,
    acknowledged_by: null,
    acknowledged_at: null,
    skip_reason: null,
    troubles: 0,
    created_at: dueAt,
    service: inMemory,
    attempts: [],
    alerts: [],
    seen: nothingSeen(),
  }
  inMemory.calls.push(call)
  world.callWakes.note(call)
  return `a call is planned for ${dueAt.toISOString()}`
}

/** The clock goes on, and every actor does what is due. */
async function passAndWork(both: Both, flow: Seeded): Promise<string> {
  const { app, world, actors } = both
  const seconds = flow.pick([1, 5, 20, 60, 120, 300, 900])
  app.pass(seconds)
  world.engine.runUntil(app.clock.now().getTime())
  await settle(app.clock, actors)
  settleInMemory(world)
  return `${seconds} s pass, all work: ${app.clock.now().toISOString()}`
}

function settleInMemory(world: World): void {
  const [who] = world.workers
  for (let round = 0; round < 1000; round++) {
    const before = world.commits
    const calls = dueCalls(world)
    for (const call of calls.length > 0 ? wakeMany(world, who!, calls) : []) wakeCall(world, who!, call)
    for (const alert of dueAlerts(world)) wakeAlert(world, who!, alert)
    for (const step of lineSteps(world, who!)) {
      step()
      // one by one: what was begun ends before anything else happens
      world.engine.runUntil(world.engine.now)
    }
    if (world.commits === before) return
  }
  throw new Error('memory does not come to rest')
}

/** The provider says something about a call or text that is, or was, on its way; or somebody presses a key. */
async function reportOf(both: Both, flow: Seeded): Promise<string> {
  const { app, world } = both
  const all = outgoingsOf(world)
  const began = all.filter(({ life }) => life.state !== 'waiting')
  if (began.length === 0) return passAndWork(both, flow)
  const live = began.filter(({ life }) => life.state !== 'ended')
  const outgoing = flow.pick(live.length > 0 && flow.bool(0.9) ? live : began)
  const event = anyReport(outgoing, both, flow)
  const kind = kindOf(event)
  const row = await app.db.everywhere(({ sql }) =>
    sql
      .selectFrom('outgoing')
      .select(['token'])
      .orderBy('id')
      .offset(all.indexOf(outgoing))
      .limit(1)
      .executeTakeFirstOrThrow(),
  )
  const turn = event.kind === 'keyed' ? `?keys=${event.turn!.keys}&silences=0` : ''
  const answered = await lineRoutes(app).request(`/${lineId}/${kind}/${row.token}${turn}`, {
    method: 'POST',
    headers: { 'X-Twilio-Signature': 'signed', 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ event: JSON.stringify(event) }).toString(),
  })
  expect(answered.status).toBe(200)
  if (kind === 'voice' || kind === 'keys') webAsks(world, outgoing, event)
  else webHears(world, outgoing, event, 0)
  world.engine.runUntil(world.engine.now)
  return `of ${all.indexOf(outgoing)}: ${JSON.stringify(event)}`
}

const kindOf = (event: LineEvent): string =>
  ({ answered: 'voice', keyed: 'keys', machine: 'machine', 'text state': 'text-status' })[
    event.kind as string
  ] ?? 'status'

function anyReport({ id, life, owner, to }: Outgoing, { known, app }: Both, flow: Seeded): LineEvent {
  const sid = life.sid ?? `CX${id}`
  if (life.kind === 'text') {
    const state = flow.pick(['sent', 'delivered', 'failed'] as const)
    return { kind: 'text state', sid, state, code: state === 'failed' ? '30008' : null }
  }
  const found = (state: Found['state']) =>
    known.set(sid, { sid, to: to.number, from: '', createdAt: app.clock.now(), state, answeredBy: null })
  const sequence = flow.bool(0.9) ? life.sequence + 1 : flow.int(0, 3)
  switch (flow.pick(['ringing', 'in progress', 'voice', 'voice', 'key', 'key', 'machine', 'end', 'end'])) {
    case 'ringing':
      found({ kind: 'ringing' })
      return { kind: 'state', sid, state: { kind: 'ringing' }, sequence, code: null }
    case 'in progress':
      found({ kind: 'in progress' })
      return { kind: 'state', sid, state: { kind: 'in progress' }, sequence, code: null }
    case 'voice':
      return { kind: 'answered', sid }
    case 'key': {
      // of alerts only what is asked about: 1, at the prompt that waits for it
      const key = owner.room === 'calls' ? flow.pick(['1', '9', '*']) : '1'
      return { kind: 'keyed', sid, key, turn: { keys: life.keys.length, silences: 0 } }
    }
    case 'machine':
      return { kind: 'machine', sid, verdict: flow.pick(['machine', 'human']) }
    default: {
      const how = flow.pick(['completed', 'no answer', 'busy', 'rejected', 'failed'] as const)
      found({ kind: 'ended', how, seconds: 10 })
      return { kind: 'state', sid, state: { kind: 'ended', how, seconds: 10 }, sequence, code: null }
    }
  }
}

/** Somebody says something on a page: of a call, or of an alert. */
async function word(both: Both, flow: Seeded): Promise<string> {
  const { app, world, services } = both
  const { inSql, inMemory, people } = flow.pick(services)
  const [[personId, name] = [null, null]] = [...people]
  if (inMemory.calls.length === 0 || personId === null) return passAndWork(both, flow)
  const place = flow.int(0, inMemory.calls.length - 1)
  const call = inMemory.calls[place]!
  const rows = await app.db.everywhere(({ sql }) =>
    sql
      .selectFrom('call as c')
      .leftJoin('alert as a', 'a.call_id', 'c.id')
      .select(['c.id', 'a.id as alertId'])
      .where('c.service_id', '=', inSql.serviceId)
      .orderBy('c.id')
      .execute(),
  )
  const alert = call.alerts.find((one) => one.call === call)
  const { id, alertId } = rows[place]!
  if (!alert || alertId === null) {
    await app.db.in(inSql.scope, (tx) =>
      advanceCallInSql(app, tx, id, { kind: 'acknowledged', by: 'stakeholder', personId }),
    )
    inTx(world, world.web, (tx) =>
      advanceCall(world, tx, call, { kind: 'acknowledged', by: 'stakeholder', personId: name }),
    )
    return `${name} speaks for call ${place} of ${inMemory.id}`
  }
  const what = flow.pick(['accepted', 'she is fine', 'I am going', 'get help'] as const)
  const event = (by: string) =>
    what === 'accepted'
      ? ({ kind: 'accepted', by, over: 'page' } as const)
      : ({ kind: 'said', what, by, over: 'page' } as const)
  await app.db.in(inSql.scope, (tx) => advanceAlertInSql(app, tx, alertId, event(personId)))
  inTx(world, world.web, (tx) => advanceAlert(world, tx, alert, event(name)))
  return `${name} on the alert of call ${place} of ${inMemory.id}: ${what}`
}

// ── what both are ───────────────────────────────────────────────────────────────────────────────────────────────

/** In the order of making, which is the order of ids in both. */
function outgoingsOf(world: World): Outgoing[] {
  const all = new Set([...world.telephones.values()].flatMap(({ recent }) => recent))
  return [...all].sort((a, b) => (a.id < b.id ? -1 : 1))
}

function rowsInMemory({ world, services }: Both) {
  const outgoings = outgoingsOf(world)
  return {
    line: world.lines.map(({ health, nextCallAt, nextTextAt }) => ({
      health: health.is,
      nextCallAt,
      nextTextAt,
    })),
    outgoings: outgoings.map(({ life, to, purpose, priority }) =>
      lifeOf({ ...life, to: to.number, purpose, priority }),
    ),
    services: services.map(({ inMemory }) =>
      inMemory.calls.map((call) => ({
        ...callOf(call),
        attempts: call.attempts.map(({ number, way, to_number, started_at, ended_at, result, outgoing }) => ({
          number,
          way,
          to_number,
          started_at,
          ended_at,
          result,
          outgoing: outgoings.indexOf(outgoing),
        })),
        alerts: call.alerts
          .filter((alert) => alert.call === call)
          .map((alert) => ({
            ...alertOf(alert),
            joined: alert.calls.length,
            notifications: alert.notifications
              .filter(({ person }) => person.personId !== 'operator')
              .map((one) => ({
                who: one.person.name,
                channel: one.channel,
                tells: one.tells,
                step: one.step,
                round: one.round,
                outgoing: one.outgoing ? outgoings.indexOf(one.outgoing) : null,
                isEmail: one.isEmail,
                result: one.result,
                endedAt: one.endedAt,
              })),
          })),
      })),
    ),
  }
}

async function rowsInSql({ app, services }: Both): Promise<ReturnType<typeof rowsInMemory>> {
  const all = await app.db.everywhere(async ({ sql }) => ({
    line: await sql.selectFrom('line').selectAll().execute(),
    outgoings: await sql.selectFrom('outgoing').selectAll().orderBy('id').execute(),
    calls: await sql.selectFrom('call').selectAll().orderBy('id').execute(),
    attempts: await sql.selectFrom('attempt').selectAll().orderBy('id').execute(),
    alerts: await sql.selectFrom('alert').selectAll().orderBy('id').execute(),
    joined: await sql.selectFrom('alert_call').selectAll().execute(),
    notifications: await sql.selectFrom('notification').selectAll().orderBy('id').execute(),
  }))
  const placeOf = (id: string) => all.outgoings.findIndex((outgoing) => outgoing.id === id)
  const instant = (given: Date | number) => (given instanceof Date ? given : new Date(0))
  return {
    line: all.line.map(({ health, next_call_at, next_text_at }) => ({
      health,
      nextCallAt: instant(next_call_at),
      nextTextAt: instant(next_text_at),
    })),
    outgoings: all.outgoings.map((row) =>
      lifeOf({
        kind: row.kind,
        state: row.state,
        to: row.to_number,
        purpose: row.purpose,
        priority: row.priority,
        usefulUntil: row.useful_until,
        tries: row.tries,
        notBefore: row.not_before,
        refusedSince: row.refused_since,
        wakeAt: row.wake_at,
        sid: row.provider_sid,
        sequence: row.sequence,
        machine: row.machine,
        keys: row.keys,
        hangUp: row.hang_up,
        claimedAt: row.claimed_at,
        placedAt: row.placed_at,
        rangAt: row.rang_at,
        answeredAt: row.answered_at,
        endedAt: row.ended_at,
        result: row.result,
      }),
    ),
    services: services.map(({ inSql, people }) =>
      all.calls
        .filter((call) => call.service_id === inSql.serviceId)
        .map((call) => ({
          ...callOf({ ...call, acknowledged_by: call.acknowledged_by && people.get(call.acknowledged_by)! }),
          attempts: all.attempts
            .filter(({ call_id }) => call_id === call.id)
            .map(({ number, way, to_number, started_at, ended_at, result, outgoing_id }) => ({
              number,
              way,
              to_number,
              started_at,
              ended_at,
              result,
              outgoing: placeOf(outgoing_id),
            })),
          alerts: all.alerts
            .filter(({ call_id }) => call_id === call.id)
            .map((alert) => ({
              ...alertOf({
                ...alert,
                accepted_by: alert.accepted_by && people.get(alert.accepted_by)!,
                closed_by: alert.closed_by && people.get(alert.closed_by)!,
              }),
              joined: all.joined.filter(({ alert_id }) => alert_id === alert.id).length,
              notifications: all.notifications
                .filter((one) => one.alert_id === alert.id && people.has(one.person_id))
                .map((one) => ({
                  who: people.get(one.person_id)!,
                  channel: one.channel,
                  tells: one.tells,
                  step: one.step,
                  round: one.round,
                  outgoing: one.outgoing_id ? placeOf(one.outgoing_id) : null,
                  isEmail: one.email_id !== null,
                  result: one.result,
                  endedAt: one.ended_at,
                })),
            })),
        })),
    ),
  }
}

/** What is compared of each: everything that a later decision depends on. */
const only =
  <Column extends string>(...columns: readonly Column[]) =>
  (row: Readonly<Record<Column, unknown>>) =>
    Object.fromEntries(columns.map((column) => [column, row[column]])) as Record<Column, unknown>

const callOf = only(
  'state',
  'attempt',
  'wake_at',
  'outcome',
  'outcome_at',
  'acknowledged_at',
  'acknowledged_by',
  'troubles',
)
const alertOf = only(
  'state',
  'reason',
  'step',
  'round',
  'wake_at',
  'opened_at',
  'accepted_by',
  'accepted_over',
  'accepted_at',
  'closed_how',
  'closed_by',
  'closed_at',
)

const lifeOf = only(
  'kind',
  'state',
  'to',
  'purpose',
  'priority',
  'usefulUntil',
  'tries',
  'notBefore',
  'refusedSince',
  'wakeAt',
  'sid',
  'sequence',
  'machine',
  'keys',
  'hangUp',
  'claimedAt',
  'placedAt',
  'rangAt',
  'answeredAt',
  'endedAt',
  'result',
)
