// Alerts / notify: makes the notifications of one effect: each a row, and its call, text or e-mail in the same transaction.
// Called by advance.ts.
import { randomUUID } from 'node:crypto'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../kit/ids.ts'
import { cancelOutgoing, enqueueCall, enqueueText, priorities, sentTo } from '../lines/lines.ts'
import { enqueueEmail, rewriteEmail } from '../mail/mail.ts'
import { personById } from '../people/people.ts'
import { alone, codeAt, type Gathered, gather, gatheringMs, lockUnderway, writeAnew } from './bundles.ts'
import { countedMs, type HeldBack, heldBack } from './ceilings.ts'
import { nameOf, readFacts } from './facts.ts'
import { emailAbout, type Telling, textAbout } from './letters.ts'
import type { AlertState, Effect } from './machine.ts'
import {
  endNotification,
  insertNotification,
  isAnythingElseOpenAt,
  type Underway,
  underwayOf,
  unendedOn,
  waitingLetters,
} from './notifications/store.ts'
import { type AlertRow, alertRow, hasAnotherInHand } from './store.ts'
import type { Contact, Fate, Notice, Tells } from './who.ts'
import type { AlertFacts } from './words.ts'

const ringSeconds = 30
const notConfirmed = 'number not confirmed'
/** After this an alert by telephone is stale: the next round tells it anew, or the queue has it. */
const alertUsefulMinutes = 60
/** Good news and "who has it" are worth hearing late; an e-mail leads to a page that shows how it stands by then. */
const newsUsefulMinutes = 12 * 60

export interface ToNotify {
  alert: AlertRow
  /** after the event */
  state: AlertState
  facts: AlertFacts
  lineId: string | null
  effect: Effect
  tells: Tells
  notices: readonly Notice[]
}

/** @returns what is known already of each notification */
export async function notify(app: App, tx: Tx, wanted: ToNotify): Promise<Fate[]> {
  const { alert, effect, notices } = wanted
  // a call for help goes out alone and at once; whoever makes it may be on the telephone, and holds what others wait for
  const gathered =
    effect.do === 'notifyStep'
      ? await gather(app, tx, alert.id, notices, () => supersede(app, tx, alert.id, notices))
      : alone
  const telling = await tellingOf(tx, wanted)
  const fates: Fate[] = []
  for (const notice of notices) fates.push(await notifyOne(app, tx, wanted, { telling, gathered, notice }))
  return fates
}

/** An older call or text about the same that still waits at the line would only come twice. */
async function supersede(app: App, tx: Tx, alertId: string, notices: readonly Notice[]): Promise<void> {
  const waiting = (await underwayOf(tx, [alertId])).filter(
    ({ isWaiting, tells }) => isWaiting && tells === 'alert',
  )
  for (const old of waiting) {
    const isReplaced = notices.some(
      ({ contact, channel }) => contact.personId === old.personId && channel === old.channel,
    )
    if (isReplaced) await callOff(app, tx, old)
  }
}

/**
 * What still waits or rings is called off, unless it tells of another alert too. Who talks is not cut short, and a text on its way
 * cannot be called back.
 */
export async function cancelUnderway(
  app: App,
  tx: Tx,
  alertId: string,
  except: string | null,
): Promise<void> {
  await lockUnderway(tx, [alertId])
  for (const underway of await underwayOf(tx, [alertId])) {
    const isGone = underway.channel === 'text' && !underway.isWaiting
    if (!isGone && underway.notificationId !== except) await callOff(app, tx, underway)
  }
}

/** The alert is about one call more: what still waits to tell of it tells of that one too. */
export async function writeWaitingAnew(app: App, tx: Tx, alertId: string): Promise<void> {
  const alert = await alertRow(tx, alertId)
  await lockUnderway(tx, [alertId])
  for (const { channel, isWaiting, tells, outgoingId } of await underwayOf(tx, [alertId]))
    if (channel === 'text' && isWaiting && tells === 'alert') await writeAnew(tx, outgoingId)
  const facts = await readFacts(tx, alert)
  for (const letter of await waitingLetters(tx, alertId)) {
    const isForQueue = alert.handed_over_at !== null && letter.at >= alert.handed_over_at
    const link = linkOf(app, letter.linkToken)
    const to = { facts, name: letter.name, link, now: app.clock.now(), openedAt: alert.opened_at }
    await rewriteEmail(tx, letter.emailId, emailAbout({ kind: isForQueue ? 'handed over' : 'alert' }, to))
  }
}

const linkOf = (app: App, token: string): string => `${app.config.publicUrl ?? ''}/alerts/link/${token}`

async function callOff(app: App, tx: Tx, { notificationId, outgoingId, channel }: Underway): Promise<void> {
  await endNotification(tx, notificationId, 'cancelled', app.clock.now())
  if ((await unendedOn(tx, outgoingId)).length === 0) await cancelOutgoing(app, tx, outgoingId)
  else if (channel === 'text') await writeAnew(tx, outgoingId)
}

interface OneNotice {
  telling: Telling
  gathered: Gathered
  notice: Notice
}

async function notifyOne(app: App, tx: Tx, wanted: ToNotify, one: OneNotice): Promise<Fate> {
  const { contact, channel } = one.notice
  const { alert, tells, state } = wanted
  const isUnproved = channel !== 'email' && !(await personById(tx, contact.personId))?.isConfirmed
  // a text cannot ask who reads it
  const barred = one.notice.trouble ?? (isUnproved && channel === 'text' ? notConfirmed : null)
  const now = app.clock.now()
  const id = newId(now)
  const linkToken = randomUUID()
  const isByTelephone = channel !== 'email' && barred === null
  const code = isByTelephone ? await codeAt(app, tx, alert.id, contact.phone!) : null
  const joined = isByTelephone ? one.gathered.join(channel, contact.phone!) : null
  const trouble = barred ?? (joined ? null : await tooOften(app, tx, wanted, one.notice))
  const sent = joined
    ? { outgoingId: joined, emailId: null }
    : trouble === null
      ? await send(app, tx, wanted, { ...one, id, linkToken, code })
      : nothing
  await insertNotification(tx, {
    id,
    alertId: alert.id,
    personId: contact.personId,
    channel,
    tells,
    step: state.step,
    round: state.round,
    linkToken,
    ...sent,
    at: now,
    trouble,
    code,
    asksName: isUnproved && channel === 'call',
  })
  if (joined && channel === 'text') await writeAnew(tx, joined)
  return { channel, result: trouble }
}

/** Whether this number has been told so often that one step more is held back. */
async function tooOften(
  app: App,
  tx: Tx,
  { effect }: ToNotify,
  { contact, channel }: Notice,
): Promise<HeldBack | null> {
  if (effect.do !== 'notifyStep' || channel === 'email') return null
  const now = app.clock.now()
  const since = new Date(now.getTime() - countedMs)
  const before = await sentTo(tx, { to: contact.phone!, kind: channel, purpose: 'alert', since })
  return heldBack(channel, before, now)
}

interface Sent {
  outgoingId: string | null
  emailId: string | null
}
/** What this person alone is given. */
interface Addressed {
  id: string
  /** the secret in their link */
  linkToken: string
  /** by which a text back means this alert */
  code: string | null
}
const nothing: Sent = { outgoingId: null, emailId: null }

async function send(
  app: App,
  tx: Tx,
  { alert, lineId, tells, facts }: ToNotify,
  { telling, gathered, notice, id, linkToken, code }: OneNotice & Addressed,
): Promise<Sent> {
  const { contact, channel } = notice
  const now = app.clock.now()
  const isUrgent = tells === 'alert'
  const usefulMinutes = isUrgent && channel !== 'email' ? alertUsefulMinutes : newsUsefulMinutes
  const common = {
    ownerRoom: 'alerts' as const,
    ownerId: alert.id,
    partId: id,
    serviceId: alert.service_id,
    purpose: tells === 'all-clear' ? ('all-clear' as const) : ('alert' as const),
    usefulUntil: new Date(now.getTime() + usefulMinutes * 60_000),
  }
  if (channel === 'email') {
    const link = linkOf(app, linkToken)
    const to = { name: contact.name, address: contact.email! }
    const letter = emailAbout(telling, { facts, name: contact.name, link, now, openedAt: alert.opened_at })
    return { outgoingId: null, emailId: await enqueueEmail(app, tx, { ...common, to, ...letter }) }
  }
  const outgoing = {
    ...common,
    lineId,
    to: contact.phone!,
    priority: isUrgent ? priorities.alert : priorities.help,
  }
  const number = contact.phone!
  if (channel === 'call') {
    const outgoingId = await enqueueCall(app, tx, { ...outgoing, ringSeconds })
    gathered.made(channel, number, outgoingId)
    return { outgoingId, emailId: null }
  }
  const body = textAbout(telling, facts, await codeNeeded(tx, telling, { alert, contact, code }))
  // held for a moment where others may join it
  const notBefore = gathered === alone ? now : new Date(now.getTime() + gatheringMs)
  const outgoingId = await enqueueText(app, tx, { ...outgoing, body, notBefore })
  gathered.made(channel, number, outgoingId)
  return { outgoingId, emailId: null }
}

/** The code, if this person could otherwise mean another alert by what they text back. */
async function codeNeeded(
  tx: Tx,
  telling: Telling,
  { alert, contact, code }: { alert: AlertRow; contact: Contact; code: string | null },
): Promise<string | null> {
  const isNeeded =
    telling.kind === 'reminder'
      ? await hasAnotherInHand(tx, contact.personId, alert.id)
      : await isAnythingElseOpenAt(tx, contact.phone!, [alert.id])
  return isNeeded ? code : null
}

async function tellingOf(tx: Tx, { effect, state }: ToNotify): Promise<Telling> {
  switch (effect.do) {
    case 'notifyStep':
      return { kind: 'alert' }
    case 'callForHelp':
      return { kind: 'help wanted', byName: await nameOf(tx, effect.by) }
    case 'tellOthers':
      return { kind: 'accepted', byName: await nameOf(tx, effect.acceptor) }
    case 'remind':
      return { kind: effect.because === 'help asked' ? 'asked for help' : 'reminder' }
    case 'allClear': {
      const how = state.is === 'closed' ? state.how : 'all-clear'
      return { kind: 'all-clear', how, byName: effect.except && (await nameOf(tx, effect.except)) }
    }
    case 'handOver':
      return { kind: 'handed over' }
    case 'remindOrganisation':
      return { kind: 'still waiting' }
    case 'cancelNotifications':
      throw new Error('calling off tells nobody anything')
  }
}
