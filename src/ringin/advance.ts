// Ringin / advance: the only way a call that came in goes on. Lock, decide, act, save and answer in one transaction, so that a webhook
// that comes twice is answered twice and acted upon once. Registered as the desk for calls that come in, in wiring.ts.
import { randomUUID } from 'node:crypto'
import { acceptAlert, alertsOfService, closeAlert } from '../alerts/alerts.ts'
import type { App } from '../app.ts'
import { acknowledgeByRingIn, askForHelpByRingIn } from '../calls/calls.ts'
import type { Tx } from '../db/db.ts'
import { isUuid, newId } from '../kit/ids.ts'
import { insertExchange, type RingInAnswer, type RingInDesk } from '../lines/lines.ts'
import { familiesOrganisation } from '../organisations/organisations.ts'
import type { Script } from '../outside/phone/port.ts'
import { type CodeTried, hear, tryCode } from '../recorder/recorder.ts'
import { servicePlan, servicesRinging } from '../services/services.ts'
import type { Deed } from './deeds.ts'
import { alertsFor, arePinsLocked, type Known, known, servicesTyped, untilInWords } from './facts.ts'
import { grant } from './grant.ts'
import { keepMessage } from './left-messages.ts'
import { begin, decide } from './machine.ts'
import {
  endIncoming,
  findIncoming,
  hastenRingBacks,
  type Incoming,
  insertIncoming,
  insertRingBack,
  insertWrongPin,
  lockIncoming,
  moveIncoming,
  saveIncoming,
} from './store.ts'
import type { Effect, Facts, Just, Step, Talk, TalkEvent } from './types.ts'
import { scriptOf } from './voice.ts'
import { did } from './words-of-pages.ts'

/** Nobody talks longer between two keys; then it is over, whatever we are told. */
const silentAtMostMs = 10 * 60_000
/** Time to put the telephone down, should nobody tell us that it was. */
const untilRungBackMs = 30_000
const downForMs = 3_000

export const ringInDesk: RingInDesk = {
  async rang(app, { lineId, sid, from }) {
    const before = await app.db.look((tx) => findIncoming(tx, { sid }))
    if (before) return answerAgain(before)
    const alerts = await alertsFor(app, from)
    const organisationId = alerts[0]?.organisationId ?? (await organisationOf(app, from))
    const alertIds = alerts.filter((one) => one.organisationId === organisationId).map((one) => one.alertId)
    const answer = await app.db.in({ organisationId }, (tx) =>
      beginTalk(app, tx, { lineId, sid, from, alertIds }),
    )
    if (answer) return answer
    const other = await app.db.look((tx) => findIncoming(tx, { sid }))
    if (!other) throw new Error('a call that came in has vanished')
    return answerAgain(other)
  },

  async heard(app, token, heard, turn) {
    const found = isUuid(token) ? await app.db.look((tx) => findIncoming(tx, { token })) : null
    if (!found) return null
    const event: TalkEvent = heard.kind === 'keys' && heard.keys === '' ? { kind: 'silence' } : heard
    const code = await codeTried(app, found, event, turn)
    const scope = await scopeFor(app, found, event, turn, code)
    return app.db.in(scope, async (tx) => {
      const incoming = await lockIncoming(tx, found.id)
      if (!incoming) throw new Error('a call that came in has vanished')
      return advance(app, tx, incoming, event, turn, code && (code.ok ? { takeId: code.takeId } : code.why))
    })
  },

  async ended(app, sid) {
    const found = await app.db.look((tx) => findIncoming(tx, { sid }))
    if (!found) return
    await app.db.in(found, async (tx) => {
      const incoming = await lockIncoming(tx, found.id)
      if (incoming) await over(app, tx, incoming, did.over)
    })
  },
}

/** Whose receiver this number is; CallAssist's own where it is nobody's. */
async function organisationOf(app: App, from: string | null): Promise<string> {
  const [service] = from === null ? [] : await servicesRinging(app, from)
  return service?.organisationId ?? familiesOrganisation
}

async function beginTalk(
  app: App,
  tx: Tx,
  call: { lineId: string; sid: string; from: string | null; alertIds: readonly string[] },
): Promise<RingInAnswer | null> {
  const now = app.clock.now()
  const { from, lineId, sid } = call
  const stranger = begin({ candidates: [] }, [])
  const { facts } = await known(app, tx, { talk: stranger, from, keys: '' })
  const talk = begin(facts, call.alertIds)
  const said = await wordsFor(app, tx, { talk, from }, null, '')
  const id = newId(now)
  const token = randomUUID()
  const isNew = await insertIncoming(tx, {
    id,
    sid,
    lineId,
    from,
    token,
    talk,
    turn: 0,
    said,
    startedAt: now,
    wakeAt: later(now, silentAtMostMs),
  })
  if (!isNew) return null
  await note(app, tx, id, did.rang)
  ringBell(app, tx, talk)
  return { token, turn: 0, script: said }
}

/** As before: the provider asks once more, or has not heard our answer. */
function answerAgain({ token, turn, said }: Incoming): RingInAnswer {
  return { token, turn, script: said ?? [{ do: 'hang up' }] }
}

/** Six digits make a take, in a transaction of its own, before the conversation goes on with it. */
async function codeTried(
  app: App,
  { from, talk, turn: at }: Incoming,
  event: TalkEvent,
  turn: number | null,
): Promise<CodeTried | null> {
  if (talk.at !== 'code' || event.kind !== 'keys' || turn !== at) return null
  return tryCode(app, { code: event.keys, from })
}

/**
 * Where the conversation goes on. A number with its PIN may make the caller another organisation's receiver: then the call moves
 * there, and all that follows happens there.
 */
async function scopeFor(
  app: App,
  incoming: Incoming,
  event: TalkEvent,
  turn: number | null,
  code: CodeTried | null,
): Promise<{ organisationId: string }> {
  const { talk } = incoming
  if (code?.ok && code.organisationId !== incoming.organisationId) {
    await app.db.everywhere((tx) => moveIncoming(tx, incoming, code.organisationId))
    return code
  }
  const isProving = talk.at === 'number and pin' && event.kind === 'keys' && turn === incoming.turn
  if (!isProving || talk.typed === null) return incoming
  const typed = await servicesTyped(app, talk.typed)
  const service = typed.find((one) => one.isPin(event.keys))
  if (!service || service.organisationId === incoming.organisationId) return incoming
  const ids = typed.map(({ serviceId }) => serviceId)
  if (await arePinsLocked(app, incoming.from, ids)) return incoming
  await app.db.everywhere((tx) => moveIncoming(tx, incoming, service.organisationId))
  return service
}

async function advance(
  app: App,
  tx: Tx,
  incoming: Incoming,
  event: TalkEvent,
  turn: number | null,
  code: Facts['code'],
): Promise<RingInAnswer> {
  if (turn !== null && turn !== incoming.turn) {
    await note(app, tx, incoming.id, did.again)
    return answerAgain(incoming)
  }
  const keys = event.kind === 'keys' ? event.keys : ''
  const before = await known(app, tx, { talk: incoming.talk, from: incoming.from, keys, code })
  const step = decide(incoming.talk, event, before.facts)
  const deeds: Deed[] = []
  for (const effect of step.effects) {
    const deed = await act(app, tx, { incoming, talk: step.talk, before }, effect)
    if (deed) deeds.push(deed)
  }
  const said =
    step.talk.at === 'take'
      ? await takeWords(app, tx, incoming, step, event)
      : await wordsFor(app, tx, { talk: step.talk, from: incoming.from }, step.just, about(before))
  const answered = {
    ...incoming,
    talk: step.talk,
    turn: incoming.turn + 1,
    done: [...incoming.done, ...deeds],
    said,
  }
  await saveIncoming(tx, { ...answered, wakeAt: later(app.clock.now(), silentAtMostMs) })
  await note(app, tx, incoming.id, did[event.kind])
  ringBell(app, tx, step.talk)
  return { token: incoming.token, turn: answered.turn, script: said }
}

interface Acting {
  incoming: Incoming
  /** after the decision */
  talk: Talk
  before: Known
}

/** @returns what is kept of it */
async function act(app: App, tx: Tx, acting: Acting, effect: Effect): Promise<Deed | null> {
  const { incoming, talk, before } = acting
  const now = app.clock.now()
  switch (effect.do) {
    case 'acknowledge': {
      for (const call of before.toAcknowledge) await acknowledgeByRingIn(app, tx, call.id)
      const dueAt = before.toAcknowledge.map((call) => call.dueAt.toISOString())
      return { did: before.facts.receiver?.today === 'early' ? 'checked in' : 'acknowledged', dueAt }
    }
    case 'ask for help': {
      const serviceId = serviceOf(talk)
      await askForHelpByRingIn(app, tx, serviceId, await callForHelp(tx, serviceId, before))
      return { did: 'asked for help' }
    }
    case 'grant':
      await grant(app, tx, serviceOf(talk), effect.wish)
      return { did: 'granted', wish: effect.wish }
    case 'ring back': {
      const serviceId = serviceOf(talk)
      const { phones } = await servicePlan(tx, serviceId)
      // only ever a number that we know; of two the one they say they are at
      const to = phones.find((phone) => phone === incoming.from) ?? phones[0]!
      const wakeAt = later(now, untilRungBackMs)
      await insertRingBack(tx, now, { serviceId, incomingId: incoming.id, wish: effect.wish, to, wakeAt })
      tx.afterCommit(() => app.bell.ring({ work: true }))
      return { did: 'asked to be rung back', wish: effect.wish }
    }
    case 'count wrong pin': {
      const typed = incoming.talk.typed === null ? [] : await servicesTyped(app, incoming.talk.typed)
      const serviceId = incoming.talk.serviceId ?? typed[0]?.serviceId ?? null
      await insertWrongPin(tx, now, { serviceId, from: incoming.from })
      return { did: 'typed a wrong PIN' }
    }
    case 'keep message':
      await keepMessage(app, tx, incoming.id, effect)
      return { did: 'left a message' }
    case 'recognise':
      return null
    case 'accept': {
      const { alertId, personId, receiverName } = alertOf(incoming, before)
      await acceptAlert(app, tx, alertId, personId, 'call')
      return { did: 'accepted', receiverName }
    }
    case 'say': {
      const { alertId, personId, receiverName } = alertOf(incoming, before)
      await closeAlert(app, tx, alertId, personId, effect.what, 'call')
      return { did: 'said', what: effect.what, receiverName }
    }
    case 'begin take':
      return { did: 'began to record' }
    case 'go on with take':
      return null
  }
}

/**
 * Which call a cry for help is about: one that is open, or one whose alert is being told right now. Never an older one: its alert is
 * in somebody's hands, and a second cry must be heard all the same.
 */
async function callForHelp(
  tx: Tx,
  serviceId: string,
  { facts, toAcknowledge }: Known,
): Promise<string | null> {
  if (facts.receiver?.today === 'open') {
    const open = toAcknowledge.find(({ state }) => state !== 'closed')
    if (open) return open.id
  }
  const alerts = await alertsOfService(tx, serviceId, { limit: 5 })
  return alerts.find(({ state }) => state === 'open')?.callId ?? null
}

function alertOf(
  { talk }: Incoming,
  { alert, personId }: Known,
): { alertId: string; personId: string; receiverName: string } {
  const [alertId] = talk.alertIds
  if (!alertId || !alert || !personId) throw new Error('no alert is spoken of')
  return { alertId, personId, receiverName: alert.receiverName }
}

function serviceOf({ serviceId }: Talk): string {
  if (!serviceId) throw new Error('nobody is known yet')
  return serviceId
}

const about = (before: Known): string => before.alert?.receiverName ?? ''

/** Whoever records is answered by the room of recorders, from the code to the end of the call. */
async function takeWords(
  app: App,
  tx: Tx,
  incoming: Incoming,
  { effects, talk }: Step,
  event: TalkEvent,
): Promise<Script> {
  const takeId = talk.takeId ?? ''
  if (effects.some((effect) => effect.do === 'begin take')) return hear(app, tx, takeId, { kind: 'answered' })
  switch (event.kind) {
    case 'keys':
      return hear(app, tx, takeId, { kind: 'keyed', key: event.keys[0]! })
    case 'silence':
      return hear(app, tx, takeId, { kind: 'silent' })
    case 'recorded': {
      const { recordingSid, seconds } = event
      const tape = { lineId: incoming.lineId, recordingSid, seconds, isFileReady: false }
      return hear(app, tx, takeId, { kind: 'recorded', ...tape })
    }
  }
}

/** What is said as things stand now, after all that was done. */
async function wordsFor(
  app: App,
  tx: Tx,
  { talk, from }: { talk: Talk; from: string | null },
  just: Just | null,
  wasAbout: string,
): Promise<Script> {
  const after = await known(app, tx, { talk, from, keys: '' })
  const zone = talk.serviceId ? (await servicePlan(tx, talk.serviceId)).timeZone : null
  const until = talk.wish && zone ? untilInWords(talk.wish, zone, app.clock.now()) : { last: '', next: '' }
  return scriptOf({
    talk,
    just,
    receiver: after.receiver && { ...after.receiver, until },
    names: after.names,
    alert: after.alert,
    wasAbout,
  })
}

/** The call is over: by the provider's word, or because nothing was heard for long. Twice is no error. */
export async function over(app: App, tx: Tx, incoming: Incoming, because: string): Promise<void> {
  if (incoming.endedAt !== null) return
  const now = app.clock.now()
  await endIncoming(tx, incoming, now)
  await hastenRingBacks(tx, incoming.id, later(now, downForMs))
  const { takeId } = incoming.talk
  if (takeId) await hear(app, tx, takeId, { kind: 'ended', found: 'answered without a key' })
  await note(app, tx, incoming.id, because)
  tx.afterCommit(() => app.bell.ring({ work: true }))
  ringBell(app, tx, incoming.talk)
}

/** For the operators' eyes. Keys are kept nowhere: they may be a PIN. */
async function note(app: App, tx: Tx, incomingId: string, what: string): Promise<void> {
  const at = app.clock.now()
  await insertExchange(tx, {
    id: newId(at),
    outgoingId: incomingId,
    at,
    did: what,
    answered: did.answered,
    tookMs: null,
  })
}

function ringBell(app: App, tx: Tx, { serviceId }: Talk): void {
  if (serviceId) tx.afterCommit(() => app.bell.ring({ work: true, services: [serviceId] }))
}

const later = (from: Date, ms: number): Date => new Date(from.getTime() + ms)
