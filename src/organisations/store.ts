// Organisations / store: the only SQL for organisation and member.
import { sql } from 'kysely'
import type { App } from '../app.ts'
import type { Tx, WideTx } from '../db/db.ts'
import type { CountryCode } from '../kit/phone-number.ts'
import { findOrCreateByEmail } from '../people/people.ts'

/** CallAssist itself, for families who come directly. Made by the first migration. */
export const familiesOrganisation = '00000000-0000-7000-8000-000000000001'

/** Make sure that somebody watches the families' queue: the person with this e-mail address. */
export async function ensureOperator(app: App, email: string): Promise<void> {
  await app.db.in({ organisationId: familiesOrganisation }, (tx) => appointDesk(app, tx, email))
}

/**
 * Who watches this organisation's queue, so that an alert that nobody accepted never stands where nobody looks: where it has
 * nobody with an e-mail address, CallAssist's own desk watches it from now on.
 */
export async function watchersOf(app: App, tx: Tx): Promise<Operator[]> {
  const operators = await operatorsOf(tx)
  if (operators.some(({ email }) => email !== null)) return operators
  await appointDesk(app, tx, app.config.operatorEmail)
  return operatorsOf(tx)
}

async function appointDesk(app: App, tx: Tx, email: string): Promise<void> {
  const personId = await findOrCreateByEmail(app, tx, {
    name: 'CallAssist desk',
    phone: null,
    email: email.toLowerCase(),
  })
  await tx.sql
    .insertInto('member')
    .values({ organisation_id: tx.organisationId, person_id: personId, role: 'operator' })
    .onConflict((on) => on.doNothing())
    .execute()
}

/** The organisation of this transaction, as its people call it. */
export async function organisationName(tx: Tx): Promise<string> {
  const { name } = await tx.sql
    .selectFrom('organisation')
    .select('name')
    .where('organisation_id', '=', tx.organisationId)
    .executeTakeFirstOrThrow()
  return name
}

export interface Operator {
  personId: string
  name: string
  email: string | null
  /** E.164 */
  phone: string | null
}

/** Who watches this organisation's queue. */
export async function operatorsOf(tx: Tx): Promise<Operator[]> {
  const rows = await tx.sql
    .selectFrom('member as m')
    .innerJoin('person as p', (on) =>
      on.onRef('p.organisation_id', '=', 'm.organisation_id').onRef('p.id', '=', 'm.person_id'),
    )
    .select(['p.id', 'p.name', 'p.email', 'p.phone'])
    .where('m.organisation_id', '=', tx.organisationId)
    .where('m.role', '=', 'operator')
    .orderBy('p.id')
    .execute()
  return rows.map((row) => ({ personId: row.id, name: row.name, email: row.email, phone: row.phone }))
}

export async function isOperator(tx: Tx, personId: string): Promise<boolean> {
  const row = await tx.sql
    .selectFrom('member')
    .select('person_id')
    .where('organisation_id', '=', tx.organisationId)
    .where('person_id', '=', personId)
    .where('role', '=', 'operator')
    .executeTakeFirst()
  return row !== undefined
}

/** Of these persons, those who watch a queue, with their organisation's name. */
export async function membershipsOf(
  app: App,
  persons: readonly { organisationId: string; id: string }[],
): Promise<{ organisationId: string; personId: string; organisation: string }[]> {
  if (persons.length === 0) return []
  return app.db.look(async ({ sql }) => {
    const rows = await sql
      .selectFrom('member as m')
      .innerJoin('organisation as o', 'o.organisation_id', 'm.organisation_id')
      .select(['m.organisation_id', 'm.person_id', 'o.name'])
      .where(
        'm.person_id',
        'in',
        persons.map((person) => person.id),
      )
      .orderBy('o.name')
      .execute()
    return rows.map((row) => ({
      organisationId: row.organisation_id,
      personId: row.person_id,
      organisation: row.name,
    }))
  })
}

/** As whom a signed-in user watches a queue, or null. Somebody who watches several sees the first by name. */
export async function operatorFor(
  app: App,
  who: { persons: readonly { organisationId: string; id: string }[] } | null,
): Promise<{ organisationId: string; personId: string; isOperator: boolean } | null> {
  const [membership] = who ? await membershipsOf(app, who.persons) : []
  return membership
    ? { organisationId: membership.organisationId, personId: membership.personId, isOperator: true }
    : null
}

/** The countries that calls and texts of this organisation may go to, as ISO 3166 codes. */
export async function countriesOf(tx: Tx): Promise<readonly CountryCode[]> {
  const { countries } = await tx.sql
    .selectFrom('organisation')
    .select('countries')
    .where('organisation_id', '=', tx.organisationId)
    .executeTakeFirstOrThrow()
  return countries as CountryCode[]
}

/** The same of several organisations, by organisation. */
export async function countriesOfAll(
  tx: WideTx,
  organisationIds: readonly string[],
): Promise<Map<string, readonly CountryCode[]>> {
  const rows = await tx.sql
    .selectFrom('organisation')
    .select(['organisation_id', 'countries'])
    .where(sql<boolean>`organisation_id = any(${[...new Set(organisationIds)]}::uuid[])`)
    .execute()
  return new Map(rows.map((row) => [row.organisation_id, row.countries as CountryCode[]]))
}
