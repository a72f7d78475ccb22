// Alerts / notify: makes the notifications of one effect: each a row, and its call, text or e-mail in the same transaction.
// Called by advance.ts.
import { randomUUID } from 'node:crypto'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../kit/ids.ts'
import { cancelOutgoing, enqueueCall, enqueueText, priorities } from '../lines/lines.ts'
import { enqueueEmail } from '../mail/mail.ts'
import { nameOf } from './facts.ts'
import { emailAbout, type Telling, textAbout } from './letters.ts'
import type { AlertState, Effect } from './machine.ts'
import { type AlertRow, endNotification, insertNotification, underwayOf } from './store.ts'
import type { Notice, Tells } from './who.ts'
import type { AlertFacts } from './words.ts'

const ringSeconds = 30
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

export async function notify(app: App, tx: Tx, wanted: ToNotify): Promise<void> {
  const { alert, effect, notices } = wanted
  if (effect.do === 'notifyStep') await supersede(app, tx, alert.id, notices)
  const telling = await tellingOf(tx, wanted)
  for (const notice of notices) await notifyOne(app, tx, wanted, telling, notice)
}

/** An older call or text about the same that still waits at the line would only come twice. */
async function supersede(app: App, tx: Tx, alertId: string, notices: readonly Notice[]): Promise<void> {
  const waiting = (await underwayOf(tx, alertId)).filter(
    ({ isWaiting, tells }) => isWaiting && tells === 'alert',
  )
  for (const old of waiting) {
    const isReplaced = notices.some(
      ({ contact, channel }) => contact.personId === old.personId && channel === old.channel,
    )
    if (isReplaced) await callOff(app, tx, old)
  }
}

/** What still waits or rings is called off. Who talks is not cut short, and a text on its way cannot be called back. */
export async function cancelUnderway(
  app: App,
  tx: Tx,
  alertId: string,
  except: string | null,
): Promise<void> {
  for (const underway of await underwayOf(tx, alertId)) {
    const isGone = underway.channel === 'text' && !underway.isWaiting
    if (!isGone && underway.notificationId !== except) await callOff(app, tx, underway)
  }
}

async function callOff(app: App, tx: Tx, old: { notificationId: string; outgoingId: string }): Promise<void> {
  await endNotification(tx, old.notificationId, 'cancelled', app.clock.now())
  await cancelOutgoing(app, tx, old.outgoingId)
}

async function notifyOne(
  app: App,
  tx: Tx,
  wanted: ToNotify,
  telling: Telling,
  notice: Notice,
): Promise<void> {
  const now = app.clock.now()
  const id = newId(now)
  const linkToken = randomUUID()
  const sent =
    notice.trouble === null ? await send(app, tx, wanted, telling, { notice, id, linkToken }) : nothing
  await insertNotification(tx, {
    id,
    alertId: wanted.alert.id,
    personId: notice.contact.personId,
    channel: notice.channel,
    tells: wanted.tells,
    step: wanted.state.step,
    round: wanted.state.round,
    linkToken,
    ...sent,
    at: now,
    trouble: notice.trouble,
  })
}

interface Sent {
  outgoingId: string | null
  emailId: string | null
}
const nothing: Sent = { outgoingId: null, emailId: null }

async function send(
  app: App,
  tx: Tx,
  { alert, lineId, tells, facts }: ToNotify,
  telling: Telling,
  { notice, id, linkToken }: { notice: Notice; id: string; linkToken: string },
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
    const link = `${app.config.publicUrl ?? ''}/alerts/link/${linkToken}`
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
  const outgoingId =
    channel === 'call'
      ? await enqueueCall(app, tx, { ...outgoing, ringSeconds })
      : await enqueueText(app, tx, { ...outgoing, body: textAbout(telling, facts) })
  return { outgoingId, emailId: null }
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
