// Bench / receivers: many people who are called, each at a number of their own, and their calls as the planner would have planned them.
// Rows in bulk, because preparing is not measured. The numbers are those that Ofcom keeps for films, and nothing here can dial.
import type { Insertable } from 'kysely'
import type { Tx } from '../src/db/db.ts'
import type { Tables } from '../src/db/tables.ts'
import { DRAMA_RANGES } from '../src/kit/drama-numbers.ts'
import { newId } from '../src/kit/ids.ts'
import { familiesOrganisation as families } from '../src/organisations/organisations.ts'
import type { World } from './world.ts'

/** As many as there are numbers. */
export const receiversAtMost = DRAMA_RANGES.length * 1000
const atOnce = 1000
const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

export interface Receiver {
  serviceId: string
  scheduleId: string
  phone: string
}

const known = new WeakMap<World, Receiver[]>()

/** So many receivers, those of before first. */
export async function receivers(world: World, count: number): Promise<readonly Receiver[]> {
  const all = known.get(world) ?? []
  known.set(world, all)
  if (count > receiversAtMost) throw new Error('there are not so many numbers')
  const before = all.length
  while (all.length < count) await addReceivers(world, all, Math.min(atOnce, count - all.length))
  // the server does so by itself, but only within a minute
  if (all.length > before) await world.owner.query('analyze person, service, message, schedule')
  return all.slice(0, count)
}

async function addReceivers(world: World, all: Receiver[], count: number): Promise<void> {
  const now = new Date()
  const fresh = Array.from({ length: count }, (_, place) => ({
    personId: newId(now),
    messageId: newId(now),
    serviceId: newId(now),
    scheduleId: newId(now),
    phone: numberAt(all.length + place),
  }))
  const common = { organisation_id: families, created_at: now }
  await world.worker.app.db.in({ organisationId: families }, async (tx) => {
    await insert(tx, 'person', fresh, ({ personId }) => ({
      ...common,
      id: personId,
      name: 'Ada',
      phone: null,
      email: null,
    }))
    await insert(tx, 'service', fresh, ({ serviceId, personId, phone }) => ({
      ...common,
      id: serviceId,
      receiver_id: personId,
      phones: [phone],
      time_zone: 'Europe/London',
      line_id: null,
      help_key: null,
      access_notes: null,
    }))
    await insert(tx, 'message', fresh, ({ messageId, serviceId }) => ({
      ...common,
      id: messageId,
      service_id: serviceId,
      kind: 'preset' as const,
      preset: 'are-you-ok',
      spoken_text: null,
      recording_id: null,
    }))
    await insert(tx, 'schedule', fresh, ({ scheduleId, serviceId, messageId }) => ({
      ...common,
      id: scheduleId,
      service_id: serviceId,
      message_id: messageId,
      kind: 'check-in' as const,
      local_time: '09:00',
      days: [...everyDay],
      on_date: null,
      planned_through: farAhead(now),
      wake_at: farAhead(now),
    }))
  })
  all.push(...fresh)
}

/** Nothing is planned meanwhile. */
const farAhead = (now: Date): Date => new Date(now.getTime() + 30 * 24 * 3_600_000)

const numberAt = (place: number): string =>
  `+44${DRAMA_RANGES[Math.floor(place / 1000)]}${String(place % 1000).padStart(3, '0')}`

export interface CallsWanted {
  /** the place of the first receiver; after the last comes the first again */
  from?: number
  /** Test calls: their numbers do not rest between two of them. */
  areTests?: boolean
}

/** A call for each of so many receivers, due at `dueAt` and of use for an hour. */
export async function addCalls(
  world: World,
  count: number,
  dueAt: Date,
  { from = 0, areTests = false }: CallsWanted = {},
): Promise<void> {
  const all = await receivers(world, Math.min(from + count, receiversAtMost))
  const whom = Array.from({ length: count }, (_, place) => all[(from + place) % all.length]!)
  for (let first = 0; first < count; first += atOnce)
    await world.worker.app.db.in({ organisationId: families }, (tx) =>
      insert(tx, 'call', whom.slice(first, first + atOnce), ({ serviceId, scheduleId }) => ({
        organisation_id: families,
        id: newId(dueAt),
        service_id: serviceId,
        schedule_id: areTests ? null : scheduleId,
        is_test: areTests,
        local_date: dueAt.toISOString().slice(0, 10),
        local_time: '09:00',
        due_at: dueAt,
        useful_until: new Date(dueAt.getTime() + 3_600_000),
        state: 'waiting' as const,
        wake_at: dueAt,
        outcome: null,
        acknowledged_by: null,
        skip_reason: null,
        created_at: dueAt,
      })),
    )
  if (from === 0) await world.owner.query('analyze call')
}

async function insert<T, Name extends keyof Tables & string>(
  tx: Tx,
  table: Name,
  from: readonly T[],
  row: (one: T) => Insertable<Tables[Name]>,
): Promise<void> {
  await tx.sql
    .insertInto(table)
    .values(from.map(row) as never)
    .execute()
}

/** Calls and all that came of them are gone; the receivers stay. */
export async function forgetCalls(world: World): Promise<void> {
  await world.owner.query('truncate call, attempt, call_event, outgoing, provider_exchange cascade')
  world.worker.phone.asked.length = 0
}

/** How many calls the provider has taken, as far as that is saved. */
export async function placedCalls({ owner }: World): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(
    'select count(*)::int as count from outgoing where placed_at is not null',
  )
  return rows[0]!.count
}
