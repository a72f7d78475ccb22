// People / store: the only SQL for person.
import type { Selectable } from 'kysely'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { PersonTable } from '../db/tables.ts'
import { newId } from '../kit/ids.ts'

export interface PersonWanted {
  name: string
  /** E.164 */
  phone: string | null
  /** lower case */
  email: string | null
}

export interface Person extends PersonWanted {
  organisationId: string
  id: string
  /** they have answered at this number, or given back a code that was sent to it */
  isConfirmed: boolean
  /** somebody at this number has said that they are not this person */
  isDenied: boolean
}

export async function createPerson(app: App, tx: Tx, wanted: PersonWanted): Promise<string> {
  const id = newId(app.clock.now())
  await tx.sql
    .insertInto('person')
    .values({ organisation_id: tx.organisationId, id, ...wanted, created_at: app.clock.now() })
    .execute()
  return id
}

/** Give a person the name and numbers just typed. What is null stays as it was. */
export async function changePerson(tx: Tx, personId: string, wanted: PersonWanted): Promise<void> {
  await tx.sql
    .updateTable('person')
    .set({
      name: wanted.name,
      ...(wanted.phone && { phone: wanted.phone }),
      ...(wanted.email && { email: wanted.email }),
    })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', personId)
    .execute()
}

export async function personById(tx: Tx, personId: string): Promise<Person | null> {
  const row = await tx.sql
    .selectFrom('person')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', personId)
    .executeTakeFirst()
  return row ? personFrom(row) : null
}

/** The person of this organisation with this e-mail address, made if there is none. */
export async function findOrCreateByEmail(
  app: App,
  tx: Tx,
  wanted: PersonWanted & { email: string },
): Promise<string> {
  const row = await tx.sql
    .selectFrom('person')
    .select('id')
    .where('organisation_id', '=', tx.organisationId)
    .where('email', '=', wanted.email)
    .orderBy('id')
    .executeTakeFirst()
  return row?.id ?? createPerson(app, tx, wanted)
}

/** Everybody with this proved e-mail address, in every organisation: whom a signed-in user may act as. */
export async function personsEverywhere(app: App, email: string): Promise<Person[]> {
  return app.db.look(async ({ sql }) => {
    const rows = await sql.selectFrom('person').selectAll().where('email', '=', email).orderBy('id').execute()
    return rows.map(personFrom)
  })
}

/** Give a person exactly this name, number and address: what is null is taken away. */
export async function replacePerson(tx: Tx, personId: string, wanted: PersonWanted): Promise<void> {
  await tx.sql
    .updateTable('person')
    .set({ name: wanted.name, phone: wanted.phone, email: wanted.email })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', personId)
    .execute()
}

/** This person is at this number: proved by a code, or by answering to their name. Does nothing when they have another number now. */
export async function confirmNumber(app: App, tx: Tx, personId: string, number: string): Promise<void> {
  await tx.sql
    .updateTable('person')
    .set({ confirmed_phone: number, confirmed_at: app.clock.now(), denied_phone: null })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', personId)
    .where('phone', '=', number)
    .execute()
}

/** Somebody at this number says that they are not this person: it is not used for them until a code proves otherwise. */
export async function denyNumber(tx: Tx, personId: string, number: string): Promise<void> {
  await tx.sql
    .updateTable('person')
    .set({ denied_phone: number, confirmed_phone: null, confirmed_at: null })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', personId)
    .where('phone', '=', number)
    .execute()
}

/** Whether a number is confirmed, and whether it was denied: of the number that the person has now. */
export function standingOfNumber(row: {
  phone: string | null
  confirmed_phone: string | null
  denied_phone: string | null
}): { isConfirmed: boolean; isDenied: boolean } {
  const { phone } = row
  return {
    isConfirmed: phone !== null && row.confirmed_phone === phone,
    isDenied: phone !== null && row.denied_phone === phone,
  }
}

function personFrom(row: Selectable<PersonTable>): Person {
  return {
    organisationId: row.organisation_id,
    id: row.id,
    name: row.name,
    phone: row.phone,
    email: row.email,
    ...standingOfNumber(row),
  }
}
