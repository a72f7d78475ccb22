// Exchange / store: the only SQL of the exchange's page: whose telephone a number is, in the application's own words. The exchange
// itself asks nothing of the application; only its page does, so that a person sees names. Called by shown.ts.
import type { Db } from '../db/db.ts'
import type { Role } from '../db/tables.ts'

/** One person at one number. */
export interface NumberOf {
  /** E.164 */
  number: string
  name: string
  /** CallAssist calls this person there */
  isCalled: boolean
  /** this person is told there when something is wrong */
  isTold: boolean
}

/** Every number that anybody entered, of every organisation, by name: on a laptop one person plays them all. */
export async function knownNumbers(db: Db): Promise<NumberOf[]> {
  const [receivers, people] = await db.look(async ({ sql }) => [
    await sql
      .selectFrom('service as s')
      .innerJoin('person as p', (on) =>
        on.onRef('p.organisation_id', '=', 's.organisation_id').onRef('p.id', '=', 's.receiver_id'),
      )
      .select(['p.name', 's.phones'])
      .where('s.ended_at', 'is', null)
      .orderBy('p.name')
      .orderBy('s.id')
      .execute(),
    await sql
      .selectFrom('person as p')
      .leftJoin('stakeholder as st', (on) =>
        on.onRef('st.organisation_id', '=', 'p.organisation_id').onRef('st.person_id', '=', 'p.id'),
      )
      .select(['p.name', 'p.phone', 'st.roles'])
      .where('p.phone', 'is not', null)
      .orderBy('p.name')
      .orderBy('p.id')
      .execute(),
  ])
  return together([
    ...receivers.flatMap(({ name, phones }) =>
      phones.map((number) => ({ number, name, isCalled: true, isTold: false })),
    ),
    ...people.map(({ name, phone, roles }) => ({
      number: phone ?? '',
      name,
      isCalled: false,
      isTold: hasRole(roles, 'alert receiver'),
    })),
  ])
}

const hasRole = (roles: Role[] | null, role: Role): boolean => roles?.includes(role) ?? false

/** One entry for each person and number, with all that holds of it. */
function together(found: readonly NumberOf[]): NumberOf[] {
  const known = new Map<string, NumberOf>()
  for (const one of found) {
    const key = `${one.number} ${one.name}`
    const before = known.get(key)
    known.set(key, {
      ...one,
      isCalled: one.isCalled || (before?.isCalled ?? false),
      isTold: one.isTold || (before?.isTold ?? false),
    })
  }
  return [...known.values()]
}
