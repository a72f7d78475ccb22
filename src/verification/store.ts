// Verification / store: the only SQL for verification, and the digits of its codes, which stand nowhere: they are made from the code's
// id and SECRET. Takes a transaction; decides nothing.
import { createHmac, hkdfSync } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { VerificationTable } from '../db/tables.ts'

export interface Verification {
  id: string
  personId: string
  serviceId: string
  /** E.164 */
  number: string
  channel: 'call' | 'text'
  askedBy: string
  askerName: string
  /** wrong codes typed */
  tries: number
  sentAt: Date
  /** what became of the call or text; null: it is on its way */
  result: string | null
  /** confirmed, or another was sent */
  endedAt: Date | null
}

/** The four digits of a code. @throws when the application was started without a SECRET */
export function digitsOf(app: App, verificationId: string): string {
  if (!app.config.secret) throw new Error('no SECRET')
  const key = new Uint8Array(hkdfSync('sha256', app.config.secret, '', 'callassist verification 1', 32))
  const number = createHmac('sha256', key).update(verificationId).digest().readUInt32BE(0)
  return String(number % 10_000).padStart(4, '0')
}

export async function insertVerification(
  tx: Tx,
  wanted: Omit<Verification, 'tries' | 'result' | 'endedAt'>,
): Promise<void> {
  await tx.sql
    .insertInto('verification')
    .values({
      organisation_id: tx.organisationId,
      id: wanted.id,
      person_id: wanted.personId,
      service_id: wanted.serviceId,
      number: wanted.number,
      channel: wanted.channel,
      asked_by: wanted.askedBy,
      asker_name: wanted.askerName,
      sent_at: wanted.sentAt,
    })
    .execute()
}

/** The row, held until the end of this transaction. */
export async function lockVerification(tx: Tx, id: string): Promise<Verification | null> {
  const row = await tx.sql
    .selectFrom('verification')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? verificationFrom(row) : null
}

/** The code sent last to each of these persons at the number they have now, of those that were not ended. */
export async function latestOf(
  tx: Tx,
  people: readonly { personId: string; phone: string | null }[],
): Promise<Map<string, Verification>> {
  if (people.length === 0) return new Map()
  const rows = await tx.sql
    .selectFrom('verification')
    .selectAll()
    .where('organisation_id', '=', tx.organisationId)
    .where(
      'person_id',
      'in',
      people.map(({ personId }) => personId),
    )
    .where('ended_at', 'is', null)
    .orderBy('sent_at')
    .orderBy('id')
    .execute()
  const phones = new Map(people.map(({ personId, phone }) => [personId, phone]))
  return new Map(
    rows
      .map(verificationFrom)
      .filter(({ personId, number }) => phones.get(personId) === number)
      .map((one) => [one.personId, one]),
  )
}

/** Every older code of this person opens nothing any more. */
export async function endVerifications(app: App, tx: Tx, personId: string): Promise<void> {
  await tx.sql
    .updateTable('verification')
    .set({ ended_at: app.clock.now() })
    .where('organisation_id', '=', tx.organisationId)
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .execute()
}

export async function countTry(tx: Tx, id: string): Promise<void> {
  await tx.sql
    .updateTable('verification')
    .set({ tries: sql<number>`tries + 1` })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .execute()
}

export async function saveResult(tx: Tx, id: string, result: string): Promise<void> {
  await tx.sql
    .updateTable('verification')
    .set({ result })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .execute()
}

function verificationFrom(row: Selectable<VerificationTable>): Verification {
  return {
    id: row.id,
    personId: row.person_id,
    serviceId: row.service_id,
    number: row.number,
    channel: row.channel,
    askedBy: row.asked_by,
    askerName: row.asker_name,
    tries: row.tries,
    sentAt: row.sent_at,
    result: row.result,
    endedAt: row.ended_at,
  }
}
