// Setup / store: the only SQL for setup, and two looks into services that only setting up needs.
import { sql } from 'kysely'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'

/** A set-up as it is saved. What the answers hold is known to answers.ts. */
export interface SetupRow {
  organisationId: string
  id: string
  creatorId: string
  /** the service that is being changed, or that came of it; null while it is a new one */
  serviceId: string | null
  answers: unknown
  version: number
  updatedAt: Date
  finishedAt: Date | null
}

type Persons = readonly { organisationId: string; id: string }[]

/** Begin one. The same id twice makes one row. */
export async function insertSetup(
  app: App,
  tx: Tx,
  wanted: { id: string; creatorId: string; serviceId: string | null; answers: unknown },
): Promise<void> {
  const now = app.clock.now()
  await tx.sql
    .insertInto('setup')
    .values({
      organisation_id: tx.organisationId,
      id: wanted.id,
      creator_id: wanted.creatorId,
      service_id: wanted.serviceId,
      answers: JSON.stringify(wanted.answers),
      created_at: now,
      updated_at: now,
    })
    .onConflict((on) => on.doNothing())
    .execute()
}

/** The set-up of this id, if one of these persons began it: somebody else's does not exist for them. */
export async function setupFor(app: App, persons: Persons, id: string): Promise<SetupRow | null> {
  if (persons.length === 0) return null
  const row = await app.db.look((tx) =>
    mine(tx.sql.selectFrom('setup').selectAll(), persons).where('id', '=', id).executeTakeFirst(),
  )
  return row ? toSetup(row) : null
}

/** Those not finished, the one saved last first. `serviceId` null: only new ones; else the changes of that service. */
export async function unfinishedOf(
  app: App,
  persons: Persons,
  serviceId: string | null,
): Promise<SetupRow[]> {
  if (persons.length === 0) return []
  const rows = await app.db.look((tx) =>
    mine(tx.sql.selectFrom('setup').selectAll(), persons)
      .where('finished_at', 'is', null)
      .where('service_id', 'is not distinct from', serviceId)
      .orderBy('updated_at', 'desc')
      .limit(10)
      .execute(),
  )
  return rows.map(toSetup)
}

/** The row, held until the end of this transaction. */
export async function lockSetup(tx: Tx, id: string): Promise<SetupRow | null> {
  const row = await tx.sql
    .selectFrom('setup')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? toSetup(row) : null
}

/** @param finished the service that came of it, once it is finished */
export async function saveSetup(
  app: App,
  tx: Tx,
  id: string,
  answers: unknown,
  finished: { serviceId: string } | null = null,
): Promise<void> {
  const now = app.clock.now()
  await tx.sql
    .updateTable('setup')
    .set({
      answers: JSON.stringify(answers),
      version: sql<number>`version + 1`,
      updated_at: now,
      ...(finished && { service_id: finished.serviceId, finished_at: now }),
    })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .execute()
}

export async function deleteSetup(tx: Tx, id: string): Promise<void> {
  await tx.sql
    .deleteFrom('setup')
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .where('finished_at', 'is', null)
    .execute()
}

/** Hold a service until the end of this transaction, so that two changes of it follow one another. */
export async function lockService(tx: Tx, serviceId: string): Promise<void> {
  await tx.sql
    .selectFrom('service')
    .select('id')
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', serviceId)
    .forUpdate()
    .executeTakeFirst()
}

/**
 * Has this person a role on a service that this creator did not set up? Then their name and numbers are not this creator's
 * to change: somebody else's alerts go there.
 */
export async function isElsewhere(tx: Tx, personId: string, creatorId: string): Promise<boolean> {
  const row = await tx.sql
    .selectFrom('stakeholder as s')
    .select('s.service_id')
    .where('s.organisation_id', '=', tx.organisationId)
    .where('s.person_id', '=', personId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('stakeholder as c')
            .select('c.person_id')
            .whereRef('c.organisation_id', '=', 's.organisation_id')
            .whereRef('c.service_id', '=', 's.service_id')
            .where('c.person_id', '=', creatorId)
            .where(sql<boolean>`'creator' = any (c.roles)`),
        ),
      ),
    )
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Rows begun by one of these persons, each in their own organisation. */
function mine<Q extends { where(expression: unknown): Q }>(query: Q, persons: Persons): Q {
  const pairs = persons.map(({ organisationId, id }) => sql`(${organisationId}::uuid, ${id}::uuid)`)
  return query.where(sql<boolean>`(organisation_id, creator_id) in (${sql.join(pairs)})`)
}

interface Row {
  organisation_id: string
  id: string
  creator_id: string
  service_id: string | null
  answers: unknown
  version: number
  updated_at: Date
  finished_at: Date | null
}

function toSetup(row: Row): SetupRow {
  return {
    organisationId: row.organisation_id,
    id: row.id,
    creatorId: row.creator_id,
    serviceId: row.service_id,
    answers: row.answers,
    version: row.version,
    updatedAt: row.updated_at,
    finishedAt: row.finished_at,
  }
}
