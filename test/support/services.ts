// Puts a service with its people, message and schedule into a test's database, as rows: quick, and independent of the
// rooms that would set one up.
import type { App } from '../../src/app.ts'
import type { OrgScope, Tx } from '../../src/db/db.ts'
import type { By, Channel, Role, ScheduleKind, Weekday } from '../../src/db/tables.ts'
import { newId } from '../../src/kit/ids.ts'
import { setPin } from '../../src/services/services.ts'

export interface ServiceWanted {
  /** without it, the provider's own; another one is made when it is not there */
  organisationId?: string
  receiver?: { name?: string; phones?: string[]; timeZone?: string; pin?: string | null }
  attempts?: number
  gapMinutes?: number
  ringSeconds?: number
  usefulForMinutes?: number
  helpKey?: string | null
  lineId?: string | null
  accessNotes?: string | null
  alertStepMinutes?: number
  alertRounds?: number
  message?: { preset: string } | { say: string }
  schedule?: { time?: string; days?: Weekday[]; date?: string; kind?: ScheduleKind; by?: By } | null
  stakeholders?: StakeholderWanted[]
  pauses?: { from: string; to: string; reason: string }[]
}

export interface StakeholderWanted {
  name: string
  /** by default the next drama number */
  phone?: string | null
  email?: string | null
  roles?: Role[]
  step?: number
  channels?: Channel[]
  /** whether their number is confirmed; it is, unless told otherwise */
  isConfirmed?: boolean
}

export interface ServiceAdded {
  scope: OrgScope
  serviceId: string
  receiverId: string
  messageId: string
  /** '' without a schedule */
  scheduleId: string
  /** the ids of the stakeholders by name */
  people: Record<string, string>
}

const everyDay: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
let numbers = 200

/** Round and round in the drama range of mobiles, 07700 900200 to 900999. */
function nextNumber(): number {
  numbers = numbers < 999 ? numbers + 1 : 200
  return numbers
}

/** Ada on +441632960101 in London, every day at 9:30am, nobody to alert: unless told otherwise. */
export async function addService(app: App, wanted: ServiceWanted = {}): Promise<ServiceAdded> {
  const scope = { organisationId: wanted.organisationId ?? '00000000-0000-7000-8000-000000000001' }
  return app.db.in(scope, async (tx) => {
    await addOrganisation(app, tx)
    const receiverId = await addPerson(app, tx, {
      name: wanted.receiver?.name ?? 'Ada',
      phone: null,
      email: null,
    })
    const serviceId = await insertService(app, tx, receiverId, wanted)
    const messageId = await insertMessage(app, tx, serviceId, wanted.message ?? { preset: 'are-you-ok' })
    const scheduleId =
      wanted.schedule === null
        ? ''
        : await insertSchedule(app, tx, { serviceId, messageId, ...wanted.schedule })
    const people: Record<string, string> = {}
    for (const stakeholder of wanted.stakeholders ?? []) {
      people[stakeholder.name] = await insertStakeholder(app, tx, serviceId, stakeholder)
    }
    for (const pause of wanted.pauses ?? []) await insertPause(app, tx, serviceId, pause)
    return { scope, serviceId, receiverId, messageId, scheduleId, people }
  })
}

async function addOrganisation(app: App, tx: Tx): Promise<void> {
  await tx.sql
    .insertInto('organisation')
    .values({
      organisation_id: tx.organisationId,
      name: 'Other care',
      kind: 'care',
      created_at: app.clock.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

async function addPerson(
  app: App,
  tx: Tx,
  person: { name: string; phone: string | null; email: string | null },
  isConfirmed = true,
): Promise<string> {
  const id = newId(app.clock.now())
  const confirmed_phone = isConfirmed ? person.phone : null
  await tx.sql
    .insertInto('person')
    .values({
      organisation_id: tx.organisationId,
      id,
      ...person,
      confirmed_phone,
      created_at: app.clock.now(),
    })
    .execute()
  return id
}

async function insertService(app: App, tx: Tx, receiverId: string, wanted: ServiceWanted): Promise<string> {
  const id = newId(app.clock.now())
  await tx.sql
    .insertInto('service')
    .values({
      organisation_id: tx.organisationId,
      id,
      receiver_id: receiverId,
      phones: wanted.receiver?.phones ?? ['+441632960101'],
      time_zone: wanted.receiver?.timeZone ?? 'Europe/London',
      line_id: wanted.lineId ?? null,
      attempts: wanted.attempts ?? 3,
      gap_minutes: wanted.gapMinutes ?? 5,
      ring_seconds: wanted.ringSeconds ?? 30,
      useful_for_minutes: wanted.usefulForMinutes ?? 60,
      help_key: wanted.helpKey ?? null,
      access_notes: wanted.accessNotes ?? null,
      alert_step_minutes: wanted.alertStepMinutes ?? 5,
      alert_rounds: wanted.alertRounds ?? 3,
      created_at: app.clock.now(),
    })
    .execute()
  if (wanted.receiver?.pin) await setPin(app, tx, id, wanted.receiver.pin)
  return id
}

async function insertMessage(
  app: App,
  tx: Tx,
  serviceId: string,
  message: { preset: string } | { say: string },
): Promise<string> {
  const id = newId(app.clock.now())
  const isSpoken = 'say' in message
  await tx.sql
    .insertInto('message')
    .values({
      organisation_id: tx.organisationId,
      id,
      service_id: serviceId,
      kind: isSpoken ? 'spoken' : 'preset',
      preset: isSpoken ? 'are-you-ok' : message.preset,
      spoken_text: isSpoken ? message.say : null,
      recording_id: null,
      created_at: app.clock.now(),
    })
    .execute()
  return id
}

async function insertSchedule(
  app: App,
  tx: Tx,
  wanted: { serviceId: string; messageId: string } & NonNullable<ServiceWanted['schedule']>,
): Promise<string> {
  const id = newId(app.clock.now())
  await tx.sql
    .insertInto('schedule')
    .values({
      organisation_id: tx.organisationId,
      id,
      service_id: wanted.serviceId,
      message_id: wanted.messageId,
      kind: wanted.kind ?? 'check-in',
      by: wanted.by ?? 'call',
      local_time: wanted.time ?? '09:30',
      days: wanted.date ? null : (wanted.days ?? everyDay),
      on_date: wanted.date ?? null,
      created_at: app.clock.now(),
      planned_through: app.clock.now(),
      wake_at: app.clock.now(),
    })
    .execute()
  return id
}

async function insertStakeholder(
  app: App,
  tx: Tx,
  serviceId: string,
  wanted: StakeholderWanted,
): Promise<string> {
  const personId = await addPerson(
    app,
    tx,
    {
      name: wanted.name,
      phone: wanted.phone === undefined ? `+447700900${nextNumber()}` : wanted.phone,
      email:
        wanted.email === undefined
          ? `${wanted.name.toLowerCase().replace(/\W+/g, '.')}@example.org`
          : wanted.email,
    },
    wanted.isConfirmed,
  )
  await tx.sql
    .insertInto('stakeholder')
    .values({
      organisation_id: tx.organisationId,
      service_id: serviceId,
      person_id: personId,
      roles: wanted.roles ?? ['alert receiver'],
      step: wanted.step ?? 1,
      channels: wanted.channels ?? ['call', 'text', 'email'],
    })
    .execute()
  return personId
}

async function insertPause(
  app: App,
  tx: Tx,
  serviceId: string,
  pause: { from: string; to: string; reason: string },
): Promise<void> {
  await tx.sql
    .insertInto('pause')
    .values({
      organisation_id: tx.organisationId,
      id: newId(app.clock.now()),
      service_id: serviceId,
      from_date: pause.from,
      to_date: pause.to,
      reason: pause.reason,
      created_by: null,
      created_at: app.clock.now(),
    })
    .execute()
}
