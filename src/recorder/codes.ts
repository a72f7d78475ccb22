// Recorder / codes: six digits with which somebody rings the line and records one message, without any page. The digits are made from
// the code's id and SECRET, and found again by a keyed hash: so the database alone tells nobody a code. Called through the door.
//
// A code is good for 14 days, for one message and one person, until that is recorded. Five wrong codes from one number, or a hundred
// from all together, within an hour: then nobody there is listened to for the rest of it. Withheld numbers count as one.
import { createHmac, hkdfSync } from 'node:crypto'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../kit/ids.ts'
import { familiesOrganisation } from '../organisations/organisations.ts'
import { schedulesOf } from '../schedules/schedules.ts'
import { servicePlan } from '../services/services.ts'
import { unanswered } from './machine.ts'
import {
  codeByHash,
  countWrongCodes,
  endCodes,
  insertCode,
  insertTake,
  insertWrongCode,
  type RecorderCode,
} from './store.ts'

const codeDays = 14
const dayMs = 24 * 3_600_000
const wrongPerHour = 5
/** Whoever forges a new number for each try gets no further than this. */
const wrongPerHourOfAll = 100
const hourMs = 3_600_000
/** So many ids in a row whose digits are taken: there are a million, and few are in use. */
const idsAtMost = 20

/** A new code for this person and message; older ones of theirs for it open nothing any more. */
export async function makeCode(
  app: App,
  tx: Tx,
  wanted: { serviceId: string; messageId: string; personId: string; createdBy: string },
): Promise<RecorderCode> {
  await endCodes(app, tx, wanted)
  const now = app.clock.now()
  for (let n = 0; n < idsAtMost; n++) {
    const id = newId(now)
    const code = { ...wanted, id, createdAt: now, expiresAt: new Date(now.getTime() + codeDays * dayMs) }
    const isFree = await insertCode(tx, { ...code, hash: hashOf(app, digitsOf(app, id)) })
    if (isFree) return { ...code, organisationId: tx.organisationId }
  }
  throw new Error('no free code was found')
}

/** The six digits of a code. */
export function digitsOf(app: App, codeId: string): string {
  const number = createHmac('sha256', keyOf(app, 'digits')).update(codeId).digest().readUInt32BE(0)
  return String(number % 1_000_000).padStart(6, '0')
}

export type CodeTried =
  | { ok: true; organisationId: string; takeId: string }
  | { ok: false; why: 'wrong' | 'paused' }

/** Whether anybody listens to codes from this number now. @param from E.164, or null when it is withheld */
export async function areCodesPaused(app: App, from: string | null): Promise<boolean> {
  const since = new Date(app.clock.now().getTime() - hourMs)
  const wrong = await countWrongCodes(app, from ?? withheld, since)
  return wrong.ofNumber >= wrongPerHour || wrong.ofAll >= wrongPerHourOfAll
}

/**
 * Somebody who rang typed a code. With a right one a take begins, in a transaction of its own: from then on whatever happens on that
 * call goes to `hear`, 'answered' first and its end last.
 * @param from E.164, or null when it is withheld
 */
export async function tryCode(
  app: App,
  { code, from }: { code: string; from: string | null },
): Promise<CodeTried> {
  if (await areCodesPaused(app, from)) return { ok: false, why: 'paused' }
  const found = /^\d{6}$/.test(code) ? await codeByHash(app, hashOf(app, code), app.clock.now()) : null
  const takeId = found && (await app.db.in(found, (tx) => begin(app, tx, found)))
  if (found && takeId) return { ok: true, organisationId: found.organisationId, takeId }
  await insertWrongCode(app, { organisationId: familiesOrganisation }, from ?? withheld)
  return { ok: false, why: (await areCodesPaused(app, from)) ? 'paused' : 'wrong' }
}

/** @returns null when nobody hears this message any more: the calls were changed or stopped since */
async function begin(app: App, tx: Tx, code: RecorderCode): Promise<string | null> {
  const { serviceId, messageId, personId: askedBy } = code
  const schedule = (await schedulesOf(tx, serviceId)).find((one) => one.messageId === messageId)
  const { receiverName, endedAt } = await servicePlan(tx, serviceId)
  if (!schedule || endedAt) return null
  const id = newId(app.clock.now())
  const { kind } = schedule
  await insertTake(app, tx, {
    ...{ id, serviceId, messageId, askedBy, kind, receiverName },
    usePath: null,
    toNumber: null,
    state: unanswered,
  })
  tx.afterCommit(() => app.bell.ring({ services: [serviceId] }))
  return id
}

const withheld = 'withheld'

const hashOf = (app: App, digits: string): string =>
  createHmac('sha256', keyOf(app, 'hash')).update(digits).digest('base64url')

/** @throws when the application was started without a SECRET: main.ts makes one before anything runs */
function keyOf(app: App, use: 'digits' | 'hash'): Uint8Array {
  if (!app.config.secret) throw new Error('no SECRET')
  return new Uint8Array(hkdfSync('sha256', app.config.secret, '', `callassist recorder ${use} 1`, 32))
}
