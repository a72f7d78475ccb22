// Ringin / facts: what must be known of a call that came in to decide and to speak: whom the number may be, what their day looks like,
// what a key would acknowledge. Reads only. Called by advance.ts, before a key is carried out and after.
import { type AlertOfNumber, alertsOfNumber, spokenAlert } from '../alerts/alerts.ts'
import type { App } from '../app.ts'
import { type CallView, callsOfService, checkInEarlyMs, messageOfCall, nextCall } from '../calls/calls.ts'
import type { Tx } from '../db/db.ts'
import { dateAfter, localDateOf } from '../kit/local-time.ts'
import { readNumber } from '../kit/phone-number.ts'
import { spokenDate, spokenDayAndTime } from '../kit/words-of-time.ts'
import { soundsOf } from '../messages/messages.ts'
import {
  isPaused,
  pausesFrom,
  type RungService,
  type ServicePlan,
  servicePlan,
  servicesRinging,
} from '../services/services.ts'
import { isLocked, rememberedMs } from './pins.ts'
import { ringBacksSince, wrongPins } from './store.ts'
import type { Facts, Talk, Today, Wish } from './types.ts'
import type { AlertHears, ReceiverHears } from './voice.ts'

/** What asks for help where a service has no key of its own for that. */
const usualHelpKey = '9'
/** A miss of longer ago is history; whoever was alarmed by it has dealt with it. */
const missedWithinMs = 24 * 60 * 60_000
/** So often an hour a service is rung back: enough for a slip, too little to pester anybody. */
const ringBacksAtMost = 3
const callsLookedAt = 12

export interface Known {
  facts: Facts
  receiver: ReceiverHears | null
  /** what a key acknowledges, in an order in which they may be locked */
  toAcknowledge: readonly CallView[]
  /** of the candidates, in order */
  names: readonly string[]
  alert: AlertHears | null
  /** whom the alert was told */
  personId: string | null
}

export interface Caller {
  talk: Talk
  /** what came of a code that was just typed */
  code?: Facts['code']
  /** E.164; null: withheld */
  from: string | null
  /** what was just keyed, for a PIN */
  keys: string
}

export async function known(app: App, tx: Tx, caller: Caller): Promise<Known> {
  const { talk } = caller
  const services = await servicesOfNumber(app, tx, caller.from)
  const typed = talk.typed === null ? [] : await servicesTyped(app, talk.typed)
  const own = talk.serviceId ?? null
  const alert = await alertOf(app, tx, caller)
  const day = own === null ? null : await dayOf(app, tx, own)
  return {
    facts: {
      candidates: services,
      receiver: day && {
        today: day.hears.today,
        helpKey: day.hears.helpKey,
        hasPin: day.plan.hasPin,
        canBeRungBack: await canBeRungBack(app, tx, day.plan.serviceId),
      },
      arePinsLocked: await arePinsLocked(
        app,
        caller.from,
        own === null ? typed.map(({ serviceId }) => serviceId) : [own],
      ),
      isPin: await pinOf(app, day?.plan ?? null),
      found:
        typed.find((one) => one.organisationId === tx.organisationId && one.isPin(caller.keys))?.serviceId ??
        null,
      alert: alert?.hears.standing ?? null,
      code: caller.code ?? null,
    },
    receiver: day?.hears ?? null,
    toAcknowledge: day?.toAcknowledge ?? [],
    names: services.map(({ receiverName }) => receiverName),
    alert: alert?.hears ?? null,
    personId: alert?.personId ?? null,
  }
}

/** Who may be ringing from this number; those whose calls have ended only where there is nobody else. */
async function servicesOfNumber(app: App, tx: Tx, from: string | null): Promise<RungService[]> {
  if (from === null) return []
  const all = (await servicesRinging(app, from)).filter((one) => one.organisationId === tx.organisationId)
  const going = all.filter(({ endedAt }) => endedAt === null)
  return going.length > 0 ? going : all
}

/** The alert spoken of now, for whoever has this number. */
async function alertOf(
  app: App,
  tx: Tx,
  { talk, from }: Caller,
): Promise<{ hears: AlertHears; personId: string } | null> {
  const [alertId, ...others] = talk.alertIds
  if (!alertId || from === null) return null
  const mine = (await alertsOfNumber(app, from)).find((one) => one.alertId === alertId)
  if (!mine || mine.organisationId !== tx.organisationId) return null
  const spoken = await spokenAlert(tx, alertId, mine.personId)
  const hears = { ...spoken, isLast: others.length === 0 }
  return { hears, personId: mine.personId }
}

/**
 * What a caller may hear of alerts, in order: what waits; and, where this is nobody's own telephone that we ring, what they have in hand,
 * else what was settled last.
 */
export async function alertsFor(app: App, from: string | null): Promise<AlertOfNumber[]> {
  if (from === null) return []
  const all = await alertsOfNumber(app, from)
  const waits = all.filter(({ standing }) => standing === 'waits')
  if ((await servicesRinging(app, from)).length > 0) return waits
  const open = all.filter(({ standing }) => standing !== 'settled')
  return open.length > 0 ? open : all.slice(0, 1)
}

/** Whose number was typed, in whatever organisation. @param typed as it was keyed */
export async function servicesTyped(app: App, typed: string): Promise<RungService[]> {
  const read = readNumber(typed)
  return read.ok ? servicesRinging(app, read.e164) : []
}

/** Five wrong PINs within an hour, by this number or for one of these services: none is taken now. */
export async function arePinsLocked(
  app: App,
  from: string | null,
  serviceIds: readonly string[],
): Promise<boolean> {
  const now = app.clock.now()
  const since = new Date(now.getTime() - rememberedMs)
  const { byNumber, byService } = await wrongPins(app, { from, serviceIds }, since)
  return isLocked(byNumber, now) || isLocked(byService, now)
}

async function pinOf(app: App, plan: ServicePlan | null): Promise<Facts['isPin']> {
  const phone = plan?.phones[0]
  if (!plan?.hasPin || !phone) return () => false
  const services = await servicesRinging(app, phone)
  return services.find(({ serviceId }) => serviceId === plan.serviceId)?.isPin ?? (() => false)
}

async function canBeRungBack(app: App, tx: Tx, serviceId: string): Promise<boolean> {
  const since = new Date(app.clock.now().getTime() - 60 * 60_000)
  const { count, isUnderWay } = await ringBacksSince(tx, serviceId, since)
  return count < ringBacksAtMost && !isUnderWay
}

interface Day {
  plan: ServicePlan
  hears: ReceiverHears
  toAcknowledge: readonly CallView[]
}

/** The receiver's day at this moment. */
async function dayOf(app: App, tx: Tx, serviceId: string): Promise<Day> {
  const now = app.clock.now()
  const plan = await servicePlan(tx, serviceId)
  const today = localDateOf(now, plan.timeZone)
  const recent = (await callsOfService(tx, serviceId, { limit: callsLookedAt })).filter(
    ({ isTest, scheduleId }) => !isTest && scheduleId !== null,
  )
  const next = await nextCall(tx, serviceId)
  const pause = (await pausesFrom(tx, serviceId, today)).find(({ from }) => from <= today)
  const isNextHeld = next !== null && (await isPaused(tx, serviceId, next.localDate)) !== null
  const standing = standingOf(
    { recent, next: isNextHeld ? null : next, isStopped: plan.endedAt !== null },
    now,
  )
  const said = standing.call && (await messageOfCall(tx, standing.call))
  const isFresh = standing.call !== null && now < standing.call.usefulUntil
  return {
    plan,
    toAcknowledge: standing.toAcknowledge,
    hears: {
      name: plan.receiverName,
      helpKey: plan.helpKey ?? usualHelpKey,
      today: standing.today,
      kind: said?.kind ?? 'check-in',
      // what a call had to say is not said when it is too late for it
      sounds: said && isFresh ? await soundsOf(tx, said.messageId, plan.receiverName) : [],
      when: standing.call && spokenDayAndTime(standing.call.dueAt, plan.timeZone, now),
      next: next && !isNextHeld ? spokenDayAndTime(next.dueAt, plan.timeZone, now) : null,
      pausedUntil: pause ? spokenDate(pause.to) : null,
      until: { last: '', next: '' },
    },
  }
}

interface Standing {
  today: Today
  /** the call that the day's message is of */
  call: CallView | null
  toAcknowledge: readonly CallView[]
}

/** What the day is about: what is open, else what was missed, else what is soon due, else what was last. */
export function standingOf(
  { recent, next, isStopped }: { recent: readonly CallView[]; next: CallView | null; isStopped: boolean },
  now: Date,
): Standing {
  if (isStopped) return { today: 'stopped', call: null, toAcknowledge: [] }
  const isDue = next !== null && next.dueAt <= now
  const open = [...recent.filter(({ state }) => state !== 'closed'), ...(isDue ? [next] : [])]
  const missed = recent.filter(
    (call) => isMissed(call) && now.getTime() - call.outcomeAt!.getTime() < missedWithinMs,
  )
  const toAcknowledge = inOrder([...open, ...missed])
  if (open.length > 0) return { today: 'open', call: open[0]!, toAcknowledge }
  if (missed.length > 0) return { today: 'missed', call: missed[0]!, toAcknowledge }
  if (next !== null && next.dueAt.getTime() - now.getTime() <= checkInEarlyMs)
    return { today: 'early', call: next, toAcknowledge: [next] }
  const last = recent.find(({ outcome }) => outcome !== 'skipped') ?? null
  return { today: 'nothing', call: last, toAcknowledge: [] }
}

const isMissed = ({ outcome, outcomeAt, acknowledgedAt }: CallView): boolean =>
  (outcome === 'missed' || outcome === 'not placed') && outcomeAt !== null && acknowledgedAt === null

const inOrder = (calls: readonly CallView[]): CallView[] => calls.toSorted((a, b) => (a.id < b.id ? -1 : 1))

/** The days of a pause on the receiver's calendar, beginning today. */
export function pauseDays(
  wish: Wish & { do: 'pause' },
  timeZone: string,
  now: Date,
): { from: string; to: string } {
  const from = localDateOf(now, timeZone)
  return { from, to: dateAfter(from, wish.days - 1) }
}

/** Until when we do not ring, for a voice. */
export function untilInWords(wish: Wish, timeZone: string, now: Date): ReceiverHears['until'] {
  if (wish.do === 'stop') return { last: '', next: '' }
  const { to } = pauseDays(wish, timeZone, now)
  return { last: spokenDate(to), next: spokenDate(dateAfter(to, 1)) }
}
