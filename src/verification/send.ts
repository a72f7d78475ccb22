// Verification / send: sends a code to a contact's number, and takes it back. Called by the pages of this room.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../kit/ids.ts'
import { isMobile } from '../kit/phone-number.ts'
import { enqueueCall, enqueueText, priorities, whyNotExtra } from '../lines/lines.ts'
import { confirmNumber, personById } from '../people/people.ts'
import { goodForMinutes, type Judged, judge } from './judge.ts'
import {
  countTry,
  digitsOf,
  endVerifications,
  insertVerification,
  latestOf,
  lockVerification,
} from './store.ts'
import { words } from './words.ts'

const ringSeconds = 40
/** Whoever pressed waits for it. */
const usefulForMs = 5 * 60_000

export type Sent = { ok: true } | { ok: false; reason: string }

/**
 * Send this person a new code. Older ones open nothing any more.
 * @param askedBy who wishes it, and is named to whoever hears or reads it
 * @param formId the id of the form it came from, so that pressing twice sends once
 * @returns a sentence that says why not and what to do, when it is not sent
 */
export async function sendCode(
  app: App,
  tx: Tx,
  wanted: {
    serviceId: string
    personId: string
    channel: 'call' | 'text'
    askedBy: { personId: string; name: string }
  },
  formId: string | null = null,
): Promise<Sent> {
  const { serviceId, personId, channel, askedBy } = wanted
  const person = await personById(tx, personId)
  if (!person?.phone) return { ok: false, reason: words.noNumber }
  if (channel === 'text' && !isMobile(person.phone)) return { ok: false, reason: words.landline }
  if (formId && (await lockVerification(tx, formId))) return { ok: true }
  const extra = { purpose: 'verification' as const, to: person.phone, askedBy: askedBy.personId }
  const whyNot = await whyNotExtra(app, tx, extra)
  if (whyNot) return { ok: false, reason: whyNot }
  const now = app.clock.now()
  const id = formId ?? newId(now)
  await endVerifications(app, tx, personId)
  await insertVerification(tx, {
    ...{ id, personId, serviceId, channel },
    number: person.phone,
    askedBy: askedBy.personId,
    askerName: askedBy.name,
    sentAt: now,
  })
  const outgoing = {
    ownerRoom: 'verification' as const,
    ownerId: id,
    partId: id,
    serviceId,
    lineId: null,
    purpose: 'verification' as const,
    priority: priorities.newCall,
    to: person.phone,
    askedBy: askedBy.personId,
    usefulUntil: new Date(now.getTime() + usefulForMs),
  }
  if (channel === 'call') await enqueueCall(app, tx, { ...outgoing, ringSeconds })
  else
    await enqueueText(app, tx, {
      ...outgoing,
      body: words.text(digitsOf(app, id), askedBy.name, goodForMinutes),
    })
  tx.afterCommit(() => app.bell.ring({ services: [serviceId] }))
  return { ok: true }
}

/** Somebody typed the code of this person. With the right one their number is confirmed. */
export async function takeCode(app: App, tx: Tx, personId: string, typed: string): Promise<Judged> {
  const person = await personById(tx, personId)
  const sent = person && (await latestOf(tx, [{ personId, phone: person.phone }])).get(personId)
  const held = sent && (await lockVerification(tx, sent.id))
  const judged = judge(held ? { ...held, digits: digitsOf(app, held.id) } : null, typed, app.clock.now())
  if (held && judged === 'wrong') await countTry(tx, held.id)
  if (!held || judged !== 'right') return judged
  await confirmNumber(app, tx, personId, held.number)
  await endVerifications(app, tx, personId)
  tx.afterCommit(() => app.bell.ring({ services: [held.serviceId] }))
  return judged
}
