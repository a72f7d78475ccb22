// Services / store: the only SQL for service, stakeholder and pause. Takes a transaction, so it sees one organisation.
import { type Selectable, sql } from 'kysely'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { Channel, Role, ServiceTable } from '../db/tables.ts'
import { newId } from '../kit/ids.ts'
import { standingOfNumber } from '../people/people.ts'
import { isPinOf, pinHash } from './pin.ts'

export type Voicemail = 'nothing' | 'neutral words'

/** What was agreed for one receiver: how to ring, and how to alert. */
export interface ServicePlan {
  serviceId: string
  receiverId: string
  receiverName: string
  /** one or two, E.164, rung in turns */
  phones: string[]
  /** IANA name */
  timeZone: string
  attempts: number
  gapMinutes: number
  ringSeconds: number
  usefulForMinutes: number
  /** one digit, or null: any key acknowledges */
  helpKey: string | null
  /** null: the first line */
  lineId: string | null
  endedAt: Date | null
  alertStepMinutes: number
  alertRounds: number
  accessNotes: string | null
  /** what an answerphone hears */
  voicemail: Voicemail
  /** whether the receiver can prove by a PIN who rings in */
  hasPin: boolean
}

/** @throws when the organisation of `tx` has no such service: look it up through the signed-in person first */
export async function servicePlan(tx: Tx, serviceId: string): Promise<ServicePlan> {
  const plan = (await servicePlans(tx, [serviceId])).get(serviceId)
  if (!plan) throw new Error('no such service in this organisation')
  return plan
}

/** The same for several, by service; without those that are not there. */
export async function servicePlans(tx: Tx, serviceIds: readonly string[]): Promise<Map<string, ServicePlan>> {
  const rows = await tx.sql
    .selectFrom('service')
    .selectAll()
    // for each by its key: a join of two tables that are not yet measured goes through all persons for every service
    .select(
      sql<string>`(select name from person p where p.organisation_id = service.organisation_id and p.id = service.receiver_id)`.as(
        'receiver_name',
      ),
    )
    .where('organisation_id', '=', tx.organisationId)
    .where(sql<boolean>`id = any(${serviceIds}::uuid[])`)
    .execute()
  return new Map(rows.map((row) => [row.id, planFrom(row)]))
}

function planFrom(row: Selectable<ServiceTable> & { receiver_name: string }): ServicePlan {
  return {
    serviceId: row.id,
    receiverId: row.receiver_id,
    receiverName: row.receiver_name,
    phones: row.phones,
    timeZone: row.time_zone,
    attempts: row.attempts,
    gapMinutes: row.gap_minutes,
    ringSeconds: row.ring_seconds,
    usefulForMinutes: row.useful_for_minutes,
    helpKey: row.help_key,
    lineId: row.line_id,
    endedAt: row.ended_at,
    alertStepMinutes: row.alert_step_minutes,
    alertRounds: row.alert_rounds,
    accessNotes: row.access_notes,
    voicemail: row.voicemail,
    hasPin: row.pin_hash !== null,
  }
}

/** @param localDate 'YYYY-MM-DD' on the receiver's calendar. Null: not paused on that day. */
export async function isPaused(
  tx: Tx,
  serviceId: string,
  localDate: string,
): Promise<{ reason: string } | null> {
  return (await pausesOn(tx, [{ serviceId, localDate }]))[0]!
}

/** The same for several days of services, in their order. */
export async function pausesOn(
  tx: Tx,
  days: readonly { serviceId: string; localDate: string }[],
): Promise<({ reason: string } | null)[]> {
  if (days.length === 0) return []
  const dates = days.map(({ localDate }) => localDate).sort()
  const rows = await tx.sql
    .selectFrom('pause')
    .select(['service_id', 'reason', 'from_date', 'to_date'])
    .where('organisation_id', '=', tx.organisationId)
    .where(sql<boolean>`service_id = any(${days.map(({ serviceId }) => serviceId)}::uuid[])`)
    .where('from_date', '<=', dates.at(-1)!)
    .where('to_date', '>=', dates[0]!)
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute()
  const pauses = Map.groupBy(rows, (row) => row.service_id)
  return days.map(({ serviceId, localDate }) => {
    const pause = pauses
      .get(serviceId)
      ?.find(({ from_date, to_date }) => from_date <= localDate && localDate <= to_date)
    return pause ? { reason: pause.reason } : null
  })
}

export interface AlertReceiver {
  personId: string
  name: string
  /** E.164 */
  phone: string | null
  email: string | null
  /** 1 is told first */
  step: number
  /** by telephone only as far as their number lets us: see `alertReceivers` */
  channels: Channel[]
  isConfirmed: boolean
}

/**
 * Who is told when something is wrong, in the order in which they are told. A number that is not confirmed is rung, because a call can
 * ask who is there before it says anything, and gets no texts; one where somebody said that they are not this person is not used.
 */
export async function alertReceivers(tx: Tx, serviceId: string): Promise<AlertReceiver[]> {
  const rows = await tx.sql
    .selectFrom('stakeholder')
    .innerJoin('person', (join) =>
      join
        .onRef('person.organisation_id', '=', 'stakeholder.organisation_id')
        .onRef('person.id', '=', 'stakeholder.person_id'),
    )
    .select([
      'person.id as personId',
      'person.name',
      'person.phone',
      'person.confirmed_phone',
      'person.denied_phone',
      'person.email',
      'stakeholder.step',
      'stakeholder.channels',
      'stakeholder.roles',
    ])
    .where('stakeholder.organisation_id', '=', tx.organisationId)
    .where('stakeholder.service_id', '=', serviceId)
    .orderBy('stakeholder.step')
    .orderBy('person.id')
    .execute()
  return rows
    .filter(({ roles }) => roles.includes('alert receiver'))
    .map((row) => {
      const { personId, name, email, step } = row
      const { isConfirmed, isDenied } = standingOfNumber(row)
      const phone = isDenied ? null : row.phone
      return {
        ...{ personId, name, email, isConfirmed },
        phone,
        step: step ?? 1,
        channels: isConfirmed || !phone ? row.channels : spokenOnly(row.channels),
      }
    })
}

/** A call instead of a text: a text cannot ask who reads it. */
const spokenOnly = (channels: readonly Channel[]): Channel[] => [
  ...new Set(channels.map((channel) => (channel === 'text' ? ('call' as const) : channel))),
]

/** What is agreed when a service is set up. What is left out takes the product's defaults (product.md §4 and §5). */
export interface ServiceWanted {
  receiverId: string
  phones: string[]
  timeZone: string
  lineId?: string | null
  attempts?: number
  gapMinutes?: number
  ringSeconds?: number
  usefulForMinutes?: number
  helpKey?: string | null
  /** four to eight digits; kept as a keyed hash */
  pin?: string | null
  accessNotes?: string | null
  voicemail?: Voicemail
  alertStepMinutes?: number
  alertRounds?: number
}

export interface StakeholderWanted {
  personId: string
  roles: Role[]
  /** of an alert receiver: 1 is told first */
  step: number | null
  channels: Channel[]
}

/** @returns the new service's id. It does nothing before it has schedules. */
export async function createService(app: App, tx: Tx, wanted: ServiceWanted): Promise<string> {
  const id = newId(app.clock.now())
  await tx.sql
    .insertInto('service')
    .values({
      organisation_id: tx.organisationId,
      id,
      ...columns(app, id, wanted),
      receiver_id: wanted.receiverId,
      created_at: app.clock.now(),
    })
    .execute()
  return id
}

/** Everything agreed is replaced by `wanted`, except what is left out of it. */
export async function changeService(
  app: App,
  tx: Tx,
  serviceId: string,
  wanted: ServiceWanted,
): Promise<void> {
  await tx.sql
    .updateTable('service')
    .set({ ...columns(app, serviceId, wanted), receiver_id: wanted.receiverId })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', serviceId)
    .execute()
}

function columns(app: App, serviceId: string, wanted: ServiceWanted) {
  return {
    phones: wanted.phones,
    time_zone: wanted.timeZone,
    ...(wanted.lineId !== undefined && { line_id: wanted.lineId }),
    ...(wanted.attempts !== undefined && { attempts: wanted.attempts }),
    ...(wanted.gapMinutes !== undefined && { gap_minutes: wanted.gapMinutes }),
    ...(wanted.ringSeconds !== undefined && { ring_seconds: wanted.ringSeconds }),
    ...(wanted.usefulForMinutes !== undefined && { useful_for_minutes: wanted.usefulForMinutes }),
    ...(wanted.helpKey !== undefined && { help_key: wanted.helpKey }),
    ...(wanted.pin !== undefined && { pin_hash: wanted.pin && pinHash(app, serviceId, wanted.pin) }),
    ...(wanted.accessNotes !== undefined && { access_notes: wanted.accessNotes }),
    ...(wanted.voicemail !== undefined && { voicemail: wanted.voicemail }),
    ...(wanted.alertStepMinutes !== undefined && { alert_step_minutes: wanted.alertStepMinutes }),
    ...(wanted.alertRounds !== undefined && { alert_rounds: wanted.alertRounds }),
  }
}

/** What an answerphone of the receiver's hears from the next ring on. */
export async function setVoicemail(tx: Tx, serviceId: string, voicemail: Voicemail): Promise<void> {
  await tx.sql
    .updateTable('service')
    .set({ voicemail })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', serviceId)
    .execute()
}

/** A PIN of four to eight digits for ringing in, or none any more. */
export async function setPin(app: App, tx: Tx, serviceId: string, pin: string | null): Promise<void> {
  await tx.sql
    .updateTable('service')
    .set({ pin_hash: pin && pinHash(app, serviceId, pin) })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', serviceId)
    .execute()
}

/** The calls were stopped at this instant; null: they begin again. Called by schedules, which stops or plans the calls. */
export async function endService(tx: Tx, serviceId: string, at: Date | null): Promise<void> {
  await tx.sql
    .updateTable('service')
    .set({ ended_at: at })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', serviceId)
    .execute()
}

/** A service that rings a number, before it is known who rings from there. */
export interface RungService {
  organisationId: string
  serviceId: string
  receiverName: string
  hasPin: boolean
  endedAt: Date | null
  /** null: the first line */
  lineId: string | null
  /** whether these digits are its PIN; never where it has none */
  isPin(typed: string): boolean
}

/** Every service, of whatever organisation, that rings this number (E.164), by the receiver's name. */
export async function servicesRinging(app: App, number: string): Promise<RungService[]> {
  return app.db.look(async (tx) => {
    const rows = await tx.sql
      .selectFrom('service as s')
      .innerJoin('person as p', (on) =>
        on.onRef('p.organisation_id', '=', 's.organisation_id').onRef('p.id', '=', 's.receiver_id'),
      )
      .select(['s.organisation_id', 's.id', 'p.name', 's.pin_hash', 's.ended_at', 's.line_id'])
      .where(sql<boolean>`s.phones @> array[${number}]`)
      .orderBy('p.name')
      .orderBy('s.id')
      .execute()
    return rows.map((row) => ({
      organisationId: row.organisation_id,
      serviceId: row.id,
      receiverName: row.name,
      hasPin: row.pin_hash !== null,
      endedAt: row.ended_at,
      lineId: row.line_id,
      isPin: (typed) => row.pin_hash !== null && isPinOf(app, row.id, typed, row.pin_hash),
    }))
  })
}

/** Exactly these people have roles from now on. One person has one row with all their roles. */
export async function setStakeholders(
  tx: Tx,
  serviceId: string,
  wanted: readonly StakeholderWanted[],
): Promise<void> {
  await tx.sql
    .deleteFrom('stakeholder')
    .where('organisation_id', '=', tx.organisationId)
    .where('service_id', '=', serviceId)
    .execute()
  await tx.sql
    .insertInto('stakeholder')
    .values(
      wanted.map(({ personId, roles, step, channels }) => ({
        organisation_id: tx.organisationId,
        service_id: serviceId,
        person_id: personId,
        roles,
        step: roles.includes('alert receiver') ? (step ?? 1) : null,
        channels: roles.includes('alert receiver') ? channels : [],
      })),
    )
    .execute()
}

/** Give one person one more role. Nothing happens when they have it. */
export async function addRole(tx: Tx, serviceId: string, personId: string, role: Role): Promise<void> {
  await tx.sql
    .insertInto('stakeholder')
    .values({
      organisation_id: tx.organisationId,
      service_id: serviceId,
      person_id: personId,
      roles: [role],
      step: null,
      channels: [],
    })
    .onConflict((on) =>
      on.columns(['organisation_id', 'service_id', 'person_id']).doUpdateSet((row) => ({
        roles: sql`case when ${role} = any (${row.ref('stakeholder.roles')}) then ${row.ref('stakeholder.roles')} else array_append(${row.ref('stakeholder.roles')}, ${role}) end`,
      })),
    )
    .execute()
}

export interface Stakeholder {
  personId: string
  name: string
  phone: string | null
  /** whether a code, or they themselves, have proved that they are at this number */
  isConfirmed: boolean
  /** somebody there has said that they are not this person */
  isDenied: boolean
  email: string | null
  roles: Role[]
  step: number | null
  channels: Channel[]
}

/** Everybody with a role on this service, alert receivers in the order in which they are told. */
export async function stakeholdersOf(tx: Tx, serviceId: string): Promise<Stakeholder[]> {
  const rows = await tx.sql
    .selectFrom('stakeholder as s')
    .innerJoin('person as p', (on) =>
      on.onRef('p.organisation_id', '=', 's.organisation_id').onRef('p.id', '=', 's.person_id'),
    )
    .select(['s.person_id', 'p.name', 'p.phone', 'p.confirmed_phone', 'p.denied_phone', 'p.email'])
    .select(['s.roles', 's.step', 's.channels'])
    .where('s.organisation_id', '=', tx.organisationId)
    .where('s.service_id', '=', serviceId)
    .orderBy('s.step')
    .orderBy('p.id')
    .execute()
  return rows.map(({ person_id, confirmed_phone, denied_phone, ...row }) => ({
    personId: person_id,
    ...row,
    ...standingOfNumber({ phone: row.phone, confirmed_phone, denied_phone }),
  }))
}

/**
 * The service, if one of these persons has a role on it. The only way from a signed-in user to a service: whoever has no
 * role finds nothing, as if it did not exist.
 */
export async function serviceFor(
  app: App,
  persons: readonly { organisationId: string; id: string }[],
  serviceId: string,
): Promise<{ organisationId: string; personId: string; serviceId: string } | null> {
  if (persons.length === 0) return null
  return app.db.look(async ({ sql }) => {
    const row = await sql
      .selectFrom('stakeholder')
      .select(['organisation_id', 'person_id', 'service_id'])
      .where('service_id', '=', serviceId)
      .where(
        'organisation_id',
        'in',
        persons.map((person) => person.organisationId),
      )
      .where(
        'person_id',
        'in',
        persons.map((person) => person.id),
      )
      .executeTakeFirst()
    return row
      ? { organisationId: row.organisation_id, personId: row.person_id, serviceId: row.service_id }
      : null
  })
}

export interface ServiceListed {
  organisationId: string
  serviceId: string
  receiverName: string
  timeZone: string
  roles: Role[]
  endedAt: Date | null
}

/** Every service on which one of these persons has a role, by the receiver's name. */
export async function servicesFor(
  app: App,
  persons: readonly { organisationId: string; id: string }[],
): Promise<ServiceListed[]> {
  if (persons.length === 0) return []
  return app.db.look(async ({ sql }) => {
    const rows = await sql
      .selectFrom('stakeholder as st')
      .innerJoin('service as s', (on) =>
        on.onRef('s.organisation_id', '=', 'st.organisation_id').onRef('s.id', '=', 'st.service_id'),
      )
      .innerJoin('person as p', (on) =>
        on.onRef('p.organisation_id', '=', 's.organisation_id').onRef('p.id', '=', 's.receiver_id'),
      )
      .select(['s.organisation_id', 's.id', 'p.name', 's.time_zone', 'st.roles', 's.ended_at'])
      .where(
        'st.organisation_id',
        'in',
        persons.map((person) => person.organisationId),
      )
      .where(
        'st.person_id',
        'in',
        persons.map((person) => person.id),
      )
      .orderBy('p.name')
      .orderBy('s.id')
      .execute()
    return rows.map((row) => ({
      organisationId: row.organisation_id,
      serviceId: row.id,
      receiverName: row.name,
      timeZone: row.time_zone,
      roles: row.roles,
      endedAt: row.ended_at,
    }))
  })
}

export interface PauseWanted {
  /** local dates of the receiver, both inclusive */
  from: string
  to: string
  reason: string
  createdBy: string | null
}

export async function addPause(app: App, tx: Tx, serviceId: string, wanted: PauseWanted): Promise<string> {
  const id = newId(app.clock.now())
  await tx.sql
    .insertInto('pause')
    .values({
      organisation_id: tx.organisationId,
      id,
      service_id: serviceId,
      from_date: wanted.from,
      to_date: wanted.to,
      reason: wanted.reason,
      created_by: wanted.createdBy,
      created_at: app.clock.now(),
    })
    .execute()
  return id
}

export interface Pause {
  id: string
  from: string
  to: string
  reason: string
  createdByName: string | null
}

/** Pauses that last on `today` (local date) or begin later, soonest first. */
export async function pausesFrom(tx: Tx, serviceId: string, today: string): Promise<Pause[]> {
  const rows = await tx.sql
    .selectFrom('pause as x')
    .leftJoin('person as p', (on) =>
      on.onRef('p.organisation_id', '=', 'x.organisation_id').onRef('p.id', '=', 'x.created_by'),
    )
    .select(['x.id', 'x.from_date', 'x.to_date', 'x.reason', 'p.name'])
    .where('x.organisation_id', '=', tx.organisationId)
    .where('x.service_id', '=', serviceId)
    .where('x.to_date', '>=', today)
    .where('x.ended_at', 'is', null)
    .orderBy('x.from_date')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    from: row.from_date,
    to: row.to_date,
    reason: row.reason,
    createdByName: row.name,
  }))
}

/** Take pauses back: calls go on at once. Does nothing when there are none. */
export async function endPauses(app: App, tx: Tx, serviceId: string): Promise<void> {
  await tx.sql
    .updateTable('pause')
    .set({ ended_at: app.clock.now() })
    .where('organisation_id', '=', tx.organisationId)
    .where('service_id', '=', serviceId)
    .where('ended_at', 'is', null)
    .execute()
}

/** Whose service this is, before it is known whether the user may see it. */
export async function organisationOfService(app: App, serviceId: string): Promise<string | null> {
  return app.db.look(async ({ sql }) => {
    const row = await sql
      .selectFrom('service')
      .select('organisation_id')
      .where('id', '=', serviceId)
      .executeTakeFirst()
    return row?.organisation_id ?? null
  })
}
