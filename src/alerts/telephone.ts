// Alerts / telephone: what lines tells this room about its calls and texts, carried out by advance() and answered with the
// scripts of voice.ts. Registered as an owner in wiring.ts; lines calls it within its own transactions.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { Ended, Heard, OutgoingOwner } from '../lines/lines.ts'
import type { Script } from '../outside/phone/port.ts'
import { confirmNumber, denyNumber } from '../people/people.ts'
import { advance } from './advance.ts'
import { lockTogether } from './bundles.ts'
import { readFacts, standingFor } from './facts.ts'
import {
  behindGate,
  fateAtGate,
  type Gate,
  gateOf,
  isAtGate,
  nobodyThere,
  notThem,
  whoIsThere,
} from './gate.ts'
import {
  endNotification,
  fatesOf,
  type Member,
  membersOf,
  saveAsked,
  unendedOn,
} from './notifications/store.ts'
import { alertRow, stateOf } from './store.ts'
import { actOf, after, answer, opening, silence } from './voice.ts'
import {
  afterKey,
  afterSilence,
  askedBefore,
  isAcceptance,
  openingOf,
  type Part,
  promptAt,
  type Turn,
} from './voice-bundle.ts'
import { reachedNobody } from './who.ts'

export const alertsOwner: OutgoingOwner = {
  async lock(tx, _alertId, outgoingId) {
    await lockTogether(tx, outgoingId)
  },

  async answered(app, tx, heard) {
    const call = await callAbout(tx, heard)
    // each of their pages shows that somebody is on the telephone now
    tx.afterCommit(() => app.bell.ring({ services: call.map(({ serviceId }) => serviceId) }))
    return isAtGate(call, heard) ? whoIsThere(call) : open(tx, behindGate(call, heard), call)
  },

  async keyed(app, tx, heard, key) {
    const call = await callAbout(tx, heard)
    const gate = gateOf(call, heard)
    if (gate) return keyedAtGate(app, tx, heard, call, gate)
    const talk = behindGate(call, heard)
    if (isOne(call)) return keyedAboutOne(app, tx, talk, call[0], key)
    const about = call[askedBefore(call, talk.keys.length - 1) ?? -1]
    if (about && isAcceptance(about, key)) await accept(app, tx, about)
    const now = await callAbout(tx, heard)
    return ask(tx, talk, now, afterKey(now, talk.keys))
  },

  async silent(_app, tx, heard) {
    const call = await callAbout(tx, heard)
    if (isAtGate(call, heard)) return nobodyThere(call, heard.silences)
    const talk = behindGate(call, heard)
    if (isOne(call)) return silence(call[0], talk.silences)
    return ask(tx, talk, call, afterSilence(call, talk.keys, talk.silences))
  },

  async ended(app, tx, ended) {
    const now = app.clock.now()
    const members = await membersOf(tx, ended.outgoingId)
    const unended = await unendedOn(tx, ended.outgoingId)
    // what was called off has become nothing, unless all of it was: then the call may have been answered all the same
    const told = unended.length > 0 ? unended : members.map(({ notificationId }) => notificationId)
    for (const id of told) await endNotification(tx, id, resultOf(ended, members, id), now)
    // the next step is told in a transaction of its own: this one holds a call or text that others may wait for
    for (const { alertId } of members) await goOnIfNobodyWasTold(app, tx, alertId)
    const services = members.map(({ serviceId }) => serviceId)
    tx.afterCommit(() => app.bell.ring({ services }))
  },
}

/** One of those whom a call is about, with all that voice needs. */
interface OnTheLine extends Part {
  alertId: string
  notificationId: string
  personId: string
  serviceId: string
  /** E.164 */
  phone: string
  /** it is asked first who is there */
  asksName: boolean
}

/** How things stand at this moment for the person who listens, about each of whom this call tells. Nobody can join it any more. */
async function callAbout(tx: Tx, heard: Heard): Promise<OnTheLine[]> {
  const call: OnTheLine[] = []
  for (const member of await membersOf(tx, heard.outgoingId)) {
    const { alertId, notificationId, personId, name, phone, tells, asked, asksName } = member
    const alert = await alertRow(tx, alertId)
    const standing = await standingFor(tx, stateOf(alert), personId)
    const facts = await readFacts(tx, alert)
    call.push({
      alertId,
      notificationId,
      personId,
      serviceId: alert.service_id,
      name,
      phone,
      tells,
      asked,
      asksName,
      facts,
      standing,
    })
  }
  return call
}

/** The first words about what it is. */
async function open(tx: Tx, heard: Heard, call: readonly OnTheLine[]): Promise<Script> {
  return isOne(call) ? opening(call[0]) : ask(tx, heard, call, openingOf(call))
}

/** Of a call to a number that nobody has confirmed: somebody said by a key who they are, and what follows. */
async function keyedAtGate(
  app: App,
  tx: Tx,
  heard: Heard,
  call: readonly OnTheLine[],
  gate: Gate,
): Promise<Script> {
  if (gate === 'asks') return whoIsThere(call, heard.keys.length)
  for (const { personId, phone } of call) {
    if (gate === 'is them') await confirmNumber(app, tx, personId, phone)
    else await denyNumber(tx, personId, phone)
  }
  return gate === 'is them' ? open(tx, behindGate(call, heard), call) : notThem()
}

const isOne = (call: readonly OnTheLine[]): call is readonly [OnTheLine] => call.length === 1

async function keyedAboutOne(app: App, tx: Tx, heard: Heard, on: OnTheLine, key: string): Promise<Script> {
  const act = actOf(on, key)
  if (act === null) return answer(on, key, heard.keys)
  if (act === 'accept') await accept(app, tx, on)
  else {
    const event = { kind: 'said' as const, what: act, by: on.personId, over: 'call' as const }
    await advance(app, tx, on.alertId, event, on.notificationId)
  }
  const [now] = await callAbout(tx, heard)
  return after(now ?? on, act)
}

async function accept(app: App, tx: Tx, { alertId, personId, notificationId }: OnTheLine): Promise<void> {
  await advance(app, tx, alertId, { kind: 'accepted', by: personId, over: 'call' }, notificationId)
}

/** Keeps which prompt asks about whom, and says it. */
async function ask(
  tx: Tx,
  heard: Heard,
  call: readonly OnTheLine[],
  { script, asks }: Turn,
): Promise<Script> {
  const about = asks === null ? null : call[asks]
  if (about) await saveAsked(tx, about.notificationId, promptAt(heard.keys.length, heard.silences))
  return script
}

/** A call or text has failed: if the whole step of this alert has, the next is told at once. */
async function goOnIfNobodyWasTold(app: App, tx: Tx, alertId: string): Promise<void> {
  const { state, step, round } = await alertRow(tx, alertId)
  if (state !== 'open') return
  if (reachedNobody(await fatesOf(tx, alertId, step, round)))
    await advance(app, tx, alertId, { kind: 'nobody told', step, round })
}

/**
 * Whether a key accepted anything was decided when it was pressed; of the call it is enough that somebody picked up and heard it:
 * not when nobody said that it is them, nor when the telephone was put down before a call about several came to this one.
 */
function resultOf(ended: Ended, members: readonly Member[], notificationId: string): string {
  switch (ended.result) {
    case 'acknowledged':
    case 'help requested':
    case 'answered without a key': {
      const asked = members.find((member) => member.notificationId === notificationId)?.asked
      return fateAtGate(members, ended) ?? (members.length > 1 && asked === null ? 'not heard' : 'answered')
    }
    default:
      return ended.result
  }
}
