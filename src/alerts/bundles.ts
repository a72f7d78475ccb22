// Alerts / bundles: alerts of several receivers that reach one person in one call or one text. Their notifications share its
// outgoing; what is said is decided when the telephone is answered, and a text is written anew while it waits. Called by
// notify.ts and telephone.ts.
//
// Lock order, everywhere in this room, so that nobody waits for ever: alerts by id, then numbers, then outgoings by id. Whoever
// begins with an outgoing (its line does) locks all its alerts first, and begins again when one has joined in between.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { orLetGo } from '../db/savepoints.ts'
import type { Channel } from '../db/tables.ts'
import { lockOutgoings, type Outgoing, rewriteText } from '../lines/lines.ts'
import { codeFor } from './codes.ts'
import { readFacts, standingFor } from './facts.ts'
import { type TextItem, textFor } from './letters.ts'
import {
  codesAt,
  isAnythingElseOpenAt,
  lockAlertsOn,
  lockNumbers,
  membersOf,
  type Shareable,
  shareableTo,
  underwayOf,
} from './notifications/store.ts'
import { alertRow, stateOf } from './store.ts'
import type { Notice } from './who.ts'

/** A call or text made so long ago is not joined any more. */
const togetherMs = 2 * 60_000
/** A text about an alert is held so long, so that alerts of one moment are one text. It still leaves within five seconds. */
export const gatheringMs = 3000
/** Nobody listens to more, or reads more, and knows afterwards who it was about. */
const alertsAtMost = { call: 5, text: 4 } as const
/** So long after its end an alert's code means no other, and a text about it still gets an answer. */
export const rememberedMs = 24 * 60 * 60_000

/**
 * Lock all that a call or text concerns: every alert it tells of, then their calls and texts. An alert may join between the look
 * and the lock: then all is let go and locked anew, because who locks an alert after an outgoing can wait for ever.
 */
export async function lockTogether(tx: Tx, outgoingId: string): Promise<void> {
  const isWhole = () =>
    orLetGo(tx, async () => {
      const alertIds = await lockAlertsOn(tx, outgoingId)
      await lockUnderway(tx, alertIds, [outgoingId])
      return (await membersOf(tx, outgoingId)).every(({ alertId }) => alertIds.includes(alertId))
    })
  while (!(await isWhole())) {}
}

/** Lock the calls and texts of these alerts that are not over, and `others`, in the order of their ids. */
export async function lockUnderway(
  tx: Tx,
  alertIds: readonly string[],
  others: readonly string[] = [],
): Promise<Outgoing[]> {
  const underway = await underwayOf(tx, alertIds)
  return lockOutgoings(tx, [...new Set([...underway.map(({ outgoingId }) => outgoingId), ...others])])
}

/** The calls and texts to people who are being told, which one more alert may join. */
export interface Gathered {
  /** The outgoing to join, or null: a call or text of its own is made. */
  join(channel: Channel, number: string): string | null
  /** One of its own was made, which others of the same telling may join. */
  made(channel: Channel, number: string, outgoingId: string): void
}

export const alone: Gathered = { join: () => null, made: () => {} }

/**
 * Lock the numbers that are about to be told, and find what can be joined there.
 * @param before runs with everything locked, before the look: what it calls off is not joined
 */
export async function gather(
  app: App,
  tx: Tx,
  alertId: string,
  notices: readonly Notice[],
  before: () => Promise<void>,
): Promise<Gathered> {
  const numbers = notices.flatMap(({ contact, channel, trouble }) =>
    channel !== 'email' && trouble === null ? [contact.phone!] : [],
  )
  const since = new Date(app.clock.now().getTime() - togetherMs)
  await lockNumbers(tx, numbers)
  const found = await shareableTo(tx, numbers, since)
  const ids = found.map(({ outgoingId }) => outgoingId)
  await lockUnderway(tx, [alertId], ids)
  await before()
  const joinable = new Set((await lockOutgoings(tx, ids)).filter(mayBeJoined).map(({ id }) => id))
  return gathered(
    alertId,
    found.filter(({ outgoingId }) => joinable.has(outgoingId)),
  )
}

/** One that waits, or rings and is not answered: nobody has heard or read a word of it. */
export function mayBeJoined({ life }: Pick<Outgoing, 'life'>): boolean {
  if (life.hangUp) return false
  if (life.kind === 'text') return life.state === 'waiting'
  return (
    life.state === 'waiting' ||
    life.state === 'claimed' ||
    life.state === 'placed' ||
    life.state === 'ringing'
  )
}

function gathered(alertId: string, found: readonly Shareable[]): Gathered {
  const all = found.map((one) => ({ ...one, alertIds: new Set(one.alertIds) }))
  return {
    join(channel, number) {
      if (channel === 'email') return null
      const open = all.find(
        (one) =>
          one.channel === channel &&
          one.number === number &&
          (one.alertIds.has(alertId) || one.alertIds.size < alertsAtMost[channel]),
      )
      open?.alertIds.add(alertId)
      return open?.outgoingId ?? null
    },
    made(channel, number, outgoingId) {
      all.unshift({ outgoingId, number, channel, alertIds: new Set([alertId]) })
    },
  }
}

/** The code by which a text from this number means this alert; null when there are too many. */
export async function codeAt(app: App, tx: Tx, alertId: string, number: string): Promise<string | null> {
  const since = new Date(app.clock.now().getTime() - rememberedMs)
  return codeFor(alertId, await codesAt(tx, number, since), tx.organisationId)
}

/** Write a text that waits for all whom it tells of now. One that has left stays as it was sent. */
export async function writeAnew(tx: Tx, outgoingId: string): Promise<void> {
  const members = await membersOf(tx, outgoingId)
  const items: TextItem[] = []
  for (const { alertId, personId, code } of members) {
    const alert = await alertRow(tx, alertId)
    const standing = await standingFor(tx, stateOf(alert), personId)
    items.push({ facts: await readFacts(tx, alert), code, standing })
  }
  const [only] = items
  if (!only) return
  const alertIds = members.map(({ alertId }) => alertId)
  const isAlone = items.length === 1 && !(await isAnythingElseOpenAt(tx, members[0]!.phone, alertIds))
  await rewriteText(tx, outgoingId, textFor(isAlone ? [{ ...only, code: null }] : items))
}
