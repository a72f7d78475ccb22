// Mail / store: the only SQL for email. An e-mail is rendered when it is decided, in the transaction that decides it, so
// that what is sent is what was true then; sending (send.ts) only carries it.
import { sql } from 'kysely'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { EmailTable } from '../db/tables.ts'
import { newId } from '../kit/ids.ts'
import { type Block, renderEmail } from './blocks.tsx'

export type EmailPurpose = EmailTable['purpose']

/** What a room asks to be written to somebody. */
export interface EmailWanted {
  purpose: EmailPurpose
  /** The room it belongs to, and there its alert (or call, or set-up) and the notification it carries. */
  ownerRoom: string
  ownerId: string | null
  partId: string | null
  serviceId: string | null
  to: { name: string; address: string }
  subject: string
  blocks: readonly Block[]
  /** After this instant it is never sent. */
  usefulUntil: Date
}

/** Renders the e-mail and puts it into the outbox of this transaction. Sent once the transaction is committed. @returns its id */
export async function enqueueEmail(app: App, tx: Tx, wanted: EmailWanted): Promise<string> {
  const now = app.clock.now()
  const id = newId(now)
  const { subject, html, text } = renderEmail(wanted.subject, wanted.blocks)
  await tx.sql
    .insertInto('email')
    .values({
      organisation_id: tx.organisationId,
      id,
      purpose: wanted.purpose,
      owner_room: wanted.ownerRoom,
      owner_id: wanted.ownerId,
      part_id: wanted.partId,
      service_id: wanted.serviceId,
      to_name: wanted.to.name,
      to_address: wanted.to.address,
      subject,
      html,
      plain: text,
      state: 'waiting',
      wake_at: now,
      useful_until: wanted.usefulUntil,
      created_at: now,
    })
    .execute()
  tx.afterCommit(() => app.bell.ring({ work: true }))
  return id
}

/** Writes one anew that waits. One that is on its way, or was sent, stays as it left. */
export async function rewriteEmail(
  tx: Tx,
  id: string,
  letter: Pick<EmailWanted, 'subject' | 'blocks'>,
): Promise<void> {
  const { subject, html, text } = renderEmail(letter.subject, letter.blocks)
  await tx.sql
    .updateTable('email')
    .set({ subject, html, plain: text })
    .where('organisation_id', '=', tx.organisationId)
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute()
}

/** What became of an e-mail, for pages. */
export interface EmailView {
  id: string
  ownerId: string | null
  partId: string | null
  purpose: EmailPurpose
  toName: string
  toAddress: string
  subject: string
  state: 'waiting' | 'sent' | 'failed'
  tries: number
  /** What the mail server last said, or why it was given up; null while all is well. For operators. */
  trouble: string | null
  createdAt: Date
  endedAt: Date | null
}

/** The e-mails written for these owners, in the order in which they were written. */
export async function emailsOf(tx: Tx, ownerIds: readonly string[]): Promise<EmailView[]> {
  if (ownerIds.length === 0) return []
  const rows = await tx.sql
    .selectFrom('email')
    .select([
      'id',
      'owner_id',
      'part_id',
      'purpose',
      'to_name',
      'to_address',
      'subject',
      'state',
      'tries',
      'trouble',
      'created_at',
      'ended_at',
    ])
    .where('organisation_id', '=', tx.organisationId)
    .where('owner_id', 'in', [...ownerIds])
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    ownerId: row.owner_id,
    partId: row.part_id,
    purpose: row.purpose,
    toName: row.to_name,
    toAddress: row.to_address,
    subject: row.subject,
    state: row.state,
    tries: row.tries,
    trouble: row.trouble,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }))
}

/** An e-mail that is this process's to send until `until`. */
export interface ClaimedEmail {
  organisationId: string
  id: string
  purpose: EmailPurpose
  serviceId: string | null
  toName: string
  toAddress: string
  subject: string
  html: string
  plain: string
  /** counted with this one; tells this claim from a later one */
  tries: number
  usefulUntil: Date
}

/**
 * Takes e-mails that are due, oldest first. They wake again at `until` if this process dies with them.
 * Two processes never take the same one: rows being taken are skipped.
 */
export async function claimEmails(
  app: App,
  { now, until, atMost }: { now: Date; until: Date; atMost: number },
): Promise<ClaimedEmail[]> {
  const next = await nextEmailAt(app)
  if (!next || next > now) return []
  const rows = await app.db.everywhere((tx) =>
    tx.sql
      .with('due', (db) =>
        db
          .selectFrom('email')
          .select(['organisation_id', 'id'])
          .where('wake_at', '<=', now)
          .orderBy('wake_at')
          .orderBy('id')
          .limit(atMost)
          .forUpdate()
          .skipLocked(),
      )
      .updateTable('email')
      .from('due')
      .set({ wake_at: until, tries: sql<number>`tries + 1` })
      .whereRef('email.organisation_id', '=', 'due.organisation_id')
      .whereRef('email.id', '=', 'due.id')
      .returning([
        'email.organisation_id',
        'email.id',
        'purpose',
        'service_id',
        'to_name',
        'to_address',
        'subject',
        'html',
        'plain',
        'tries',
        'useful_until',
      ])
      .execute(),
  )
  return rows
    .map((row) => ({
      organisationId: row.organisation_id,
      id: row.id,
      purpose: row.purpose,
      serviceId: row.service_id,
      toName: row.to_name,
      toAddress: row.to_address,
      subject: row.subject,
      html: row.html,
      plain: row.plain,
      tries: row.tries,
      usefulUntil: row.useful_until,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

export type Ending =
  | { state: 'sent' }
  | { state: 'failed'; trouble: string }
  | { state: 'waiting'; trouble: string; wakeAt: Date }

const carriesCode: ReadonlySet<EmailPurpose> = new Set(['sign-in', 'recording'])

/** Saves what came of one sending. Does nothing when the claim ran out and another process has taken the e-mail. */
export async function saveEnding(app: App, email: ClaimedEmail, ending: Ending): Promise<void> {
  const over = ending.state !== 'waiting'
  // a code that has done its work, or never will, is kept nowhere
  const emptied = over && carriesCode.has(email.purpose) ? { html: '', plain: '' } : {}
  await app.db.in({ organisationId: email.organisationId }, async (tx) => {
    await tx.sql
      .updateTable('email')
      .set({
        state: ending.state,
        trouble: ending.state === 'sent' ? null : ending.trouble,
        wake_at: ending.state === 'waiting' ? ending.wakeAt : null,
        ended_at: over ? app.clock.now() : null,
        ...emptied,
      })
      .where('organisation_id', '=', email.organisationId)
      .where('id', '=', email.id)
      .where('state', '=', 'waiting')
      .where('tries', '=', email.tries)
      .execute()
    if (email.serviceId) {
      const services = [email.serviceId]
      tx.afterCommit(() => app.bell.ring({ services }))
    }
  })
}

/** When the next e-mail is due, or null. */
export async function nextEmailAt(app: App): Promise<Date | null> {
  const row = await app.db.look((tx) =>
    tx.sql
      .selectFrom('email')
      .select((e) => e.fn.min('wake_at').as('at'))
      .where('wake_at', 'is not', null)
      .executeTakeFirst(),
  )
  return row?.at ?? null
}
