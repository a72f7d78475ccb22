// Opt-outs / store: looks into other rooms' tables, once for all: which services a number has a part in. Writes nothing.
import { sql } from 'kysely'
import type { WideTx } from '../db/db.ts'

export interface Concerned {
  organisationId: string
  serviceId: string
  isReceiver: boolean
  /** whether some schedule writes to the receiver */
  isTexted: boolean
  /** the stakeholder with this number, or null */
  personId: string | null
}

/** The services, of every organisation and not ended, whose receiver or one of whose stakeholders has this number. */
export async function concernedBy(tx: WideTx, number: string): Promise<Concerned[]> {
  return tx.sql
    .selectFrom('service as s')
    .leftJoin(
      (join) =>
        join
          .selectFrom('stakeholder as k')
          .innerJoin('person as p', (on) =>
            on.onRef('p.organisation_id', '=', 'k.organisation_id').onRef('p.id', '=', 'k.person_id'),
          )
          .select(['k.organisation_id', 'k.service_id', sql<string>`min(p.id::text)`.as('person_id')])
          .where('p.phone', '=', number)
          .where(sql<boolean>`k.roles <> array['receiver']::text[]`)
          .groupBy(['k.organisation_id', 'k.service_id'])
          .as('h'),
      (on) => on.onRef('h.organisation_id', '=', 's.organisation_id').onRef('h.service_id', '=', 's.id'),
    )
    .select([
      's.organisation_id as organisationId',
      's.id as serviceId',
      'h.person_id as personId',
      sql<boolean>`s.phones @> array[${number}]::text[]`.as('isReceiver'),
      sql<boolean>`exists (select 1 from schedule x where x.organisation_id = s.organisation_id and x.service_id = s.id and x.ended_at is null and x.by <> 'call')`.as(
        'isTexted',
      ),
    ])
    .where('s.ended_at', 'is', null)
    .where(sql<boolean>`(s.phones @> array[${number}]::text[] or h.person_id is not null)`)
    .orderBy('s.id')
    .execute()
}
