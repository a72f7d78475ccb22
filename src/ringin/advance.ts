// Ringin / advance: the only way a call that came in goes on. Lock, decide, act, save and answer in one transaction, so that a webhook
// that comes twice is answered twice and acted upon once. Registered as the desk for calls that come in, in wiring.ts.
import { randomUUID } from 'node:crypto'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { isUuid, newId } from '../kit/ids.ts'
import { insertExchange, type RingInAnswer, type RingInDesk } from '../lines/lines.ts'
import { familiesOrganisation } from '../organisations/organisations.ts'
import { type CodeTried, hear, tryCode } from '../recorder/recorder.ts'
import { servicesRinging } from '../services/services.ts'
import { act } from './act.ts'
import type { Deed } from './deeds.ts'
import { alertsFor, arePinsLocked, type Known, known, servicesTyped } from './facts.ts'
import { begin, decide } from './machine.ts'
import { takeWords, wordsFor } from './speak.ts'
import {
  endIncoming,
  findIncoming,
  hastenRingBacks,
  type Incoming,
  insertIncoming,
  lockIncoming,
  moveIncoming,
  saveIncoming,
} from './store.ts'
import type { Facts, Talk, TalkEvent } from './types.ts'
import { did } from './words-of-pages.ts'

/** Nobody talks longer between two keys; then it is over, whatever we are told. */
const silentAtMostMs = 10 * 60_000
/** Time to put the telephone down. */
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
      // it has moved to another organisation meanwhile: the same webhook came twice at once
      if (!incoming) return answerAgain(found)
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

const about = (before: Known): string => before.alert?.receiverName ?? ''

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
