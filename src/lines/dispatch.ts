// Lines / dispatch: sends what waits at each line, the most urgent first, at exactly the line's rate. One dispatcher per line at
// a time: the line's lease names it, and every claim checks the lease's token. Called by the worker's loop through the door.
//
// An outgoing is claimed and committed before the provider is asked, and what came of asking is saved after. So it is asked for
// at most once: a worker that is lost in between leaves a claimed row, which reconcile.ts finds out about.
import type { App } from '../app.ts'
import { newId } from '../kit/ids.ts'
import { monotonicMs } from '../outside/clock.ts'
import type { Asked } from '../outside/phone/port.ts'
import type { Actor } from '../queue/actor.ts'
import { callbackUrls, textStatusUrl } from './addresses.ts'
import { advance } from './advance.ts'
import { besides } from './besides.ts'
import { decide } from './machine.ts'
import { slot } from './pacing.ts'
import { reconciler } from './reconcile.ts'
import {
  countLiveCalls,
  expiredWaiting,
  holdLease,
  keepSlot,
  type Line,
  linesAndTheirWork,
  lockLine,
  mostUrgent,
  nextOfLines,
  type Outgoing,
  postpone,
  saveLife,
} from './store.ts'
import { askedInWords, did } from './words.ts'

/** A dispatcher that is lost holds its lines no longer than this. */
const leaseMs = 5000
const renewedEveryMs = 1000
/** A claim older than this, by the monotonic clock, is given back and not dialled: this process may have been stopped meanwhile. */
const claimGoodForMs = 5000
const expiredAtMost = 50
/** A row whose end cannot be saved stops only itself, and is tried again after this. */
const postponedMs = 15_000

export interface LineActorOptions {
  /**
   * Requests to the provider under way at once, for each actor. 1: each is waited for before anything else happens, which makes
   * a rehearsal repeatable; more: they run beside the loop, so that a slow provider holds nobody up.
   */
  inFlight?: number
}

/** The actors of this room, for the worker's loop: who sends, and who finds out what became of what was sent. */
export function lineActors(app: App, { inFlight = 20 }: LineActorOptions = {}): Actor[] {
  return [dispatcher(app, inFlight), reconciler(app, inFlight)]
}

export interface Lease {
  lineId: string
  owner: string
  token: string
}

export interface Claimed {
  outgoing: Outgoing
  from: string
  /** of the monotonic clock, from before the claim */
  claimedAtMs: number
}

function dispatcher(app: App, inFlight: number): Actor {
  const owner = newId(app.clock.now())
  const tasks = besides(app, inFlight)
  const alarm = slotAlarm(app, inFlight)

  async function runDue(now: Date): Promise<number> {
    let done = 0
    for (const { line, calls, texts, expired } of await app.db.everywhere((tx) =>
      linesAndTheirWork(tx, now),
    )) {
      if (expired) done += await endExpired(app, line.id, now)
      if (calls) done += await send(line, 'call', now)
      if (texts) done += await send(line, 'text', now)
    }
    return done
  }

  async function leaseOf(line: Line, now: Date): Promise<Lease | null> {
    const isFresh =
      line.leaseOwner === owner && line.leaseUntil.getTime() - now.getTime() > leaseMs - renewedEveryMs
    const until = new Date(now.getTime() + leaseMs)
    const token = isFresh
      ? line.leaseToken
      : await app.db.everywhere((tx) => holdLease(tx, line.id, owner, now, until))
    return token === null ? null : { lineId: line.id, owner, token }
  }

  async function send(line: Line, kind: 'call' | 'text', now: Date): Promise<number> {
    if (!tasks.hasRoom()) return 0
    const { at, next } = slotOf(line, kind, now)
    alarm.at(at > now ? at : next, now)
    if (at > now) return 0
    const lease = await leaseOf(line, now)
    const claimed = lease && (await claimNext(app, lease, kind, now))
    if (!claimed) return 0
    await tasks.start(() => ask(app, claimed))
    return 1
  }

  return {
    name: 'lines',
    runDue,
    nextAt: () => nextAt(app, owner),
    finish: tasks.finish,
  }
}

const slotOf = (line: Line, kind: 'call' | 'text', now: Date) =>
  kind === 'call'
    ? slot(line.nextCallAt, now, line.callsPerSecond)
    : slot(line.nextTextAt, now, line.textsPerSecond)

/**
 * In one transaction: the lease, the line's pace, its free places, and the most urgent outgoing, which is claimed.
 * @returns null when the lease is another's by now, when the line is not free, or when nothing may go
 */
export async function claimNext(
  app: App,
  lease: Lease,
  kind: 'call' | 'text',
  now: Date,
): Promise<Claimed | null> {
  const claimedAtMs = monotonicMs()
  try {
    return await app.db.everywhere(async (tx) => {
      const line = await lockLine(tx, lease.lineId)
      const isHeld =
        line?.leaseOwner === lease.owner && line.leaseToken === lease.token && line.leaseUntil > now
      if (!line || !isHeld) return null
      const { at, next } = slotOf(line, kind, now)
      if (at > now) return null
      if (kind === 'call' && (await countLiveCalls(tx, line.id)) >= line.concurrentCalls) return null
      const outgoing = await mostUrgent(tx, line.id, kind, now)
      if (!outgoing) return null
      const { life } = decide(outgoing.life, { kind: 'claimed' }, now)
      await saveLife(tx, outgoing, life)
      await keepSlot(tx, line.id, kind, next)
      return { outgoing: { ...outgoing, life }, from: line.number, claimedAtMs }
    })
  } catch (error) {
    // another line began to ring this very number: the database lets only one of us (index outgoing_busy_numbers)
    if ((error as { code?: string }).code === '23505') return null
    throw error
  }
}

/** Ask the provider for what was claimed, and save what came of it. */
async function ask(app: App, { outgoing, from, claimedAtMs }: Claimed): Promise<void> {
  const scope = { organisationId: outgoing.organisationId }
  const about = { outgoing: outgoing.id, kind: outgoing.life.kind, purpose: outgoing.purpose }
  const began = monotonicMs()
  if (began - claimedAtMs > claimGoodForMs) {
    app.log.warn('a claim was too old to be asked for, and was given back', about)
    await app.db.in(scope, (tx) => advance(app, tx, outgoing, { kind: 'given back' }, null))
    return
  }
  const asked = await askProvider(app, outgoing, from)
  const tookMs = monotonicMs() - began
  if (asked.kind !== 'placed') {
    app.log.warn('the provider did not take it', {
      ...about,
      answer: asked.kind,
      code: asked.kind === 'refused' ? asked.code : asked.reason,
    })
  }
  const said = {
    did: outgoing.life.kind === 'call' ? did.call : did.text,
    answered: () => askedInWords(asked),
    tookMs,
  }
  const { step } = await app.db.in(scope, (tx) => advance(app, tx, outgoing, { kind: 'asked', asked }, said))
  if (step.stray) await app.phone.hangUp(step.stray)
}

function askProvider(app: App, outgoing: Outgoing, from: string): Promise<Asked> {
  const { to, body, life } = outgoing
  if (life.kind === 'call') {
    return app.phone.placeCall({
      from,
      to,
      ringSeconds: life.ringSeconds,
      urls: callbackUrls(app.config, outgoing),
    })
  }
  const validForSeconds = (life.usefulUntil.getTime() - app.clock.now().getTime()) / 1000
  return app.phone.sendText({
    from,
    to,
    body: body ?? '',
    validForSeconds,
    statusUrl: textStatusUrl(app.config, outgoing),
  })
}

/** End what waited too long. One transaction each, so that one owner's trouble is not another's. */
async function endExpired(app: App, lineId: string, now: Date): Promise<number> {
  let done = 0
  for (const ref of await app.db.everywhere((tx) => expiredWaiting(tx, lineId, now, expiredAtMost))) {
    try {
      const { step, outgoing } = await app.db.in(ref, (tx) =>
        advance(app, tx, ref, { kind: 'expired' }, null),
      )
      if (step.life !== outgoing.life) done++
    } catch (error) {
      app.log.error('the end of an outgoing could not be saved', error, { outgoing: ref.id })
      await app.db.everywhere((tx) => postpone(tx, ref, new Date(now.getTime() + postponedMs)))
    }
  }
  return done
}

/** The earliest instant at which anything waiting can go out or is of no use any more. Full lines and busy numbers name none. */
async function nextAt(app: App, owner: string): Promise<Date | null> {
  let earliest: Date | null = null
  for (const { line, kind, mayGoAt, expiresAt, liveCalls } of await app.db.everywhere(nextOfLines)) {
    const isFull = kind === 'call' && liveCalls >= line.concurrentCalls
    const instants = [expiresAt]
    if (mayGoAt && !isFull) {
      const isAnothers = line.leaseOwner !== null && line.leaseOwner !== owner
      const bounds = [
        mayGoAt,
        kind === 'call' ? line.nextCallAt : line.nextTextAt,
        ...(isAnothers ? [line.leaseUntil] : []),
      ]
      instants.push(new Date(Math.max(...bounds.map((bound) => bound.getTime()))))
    }
    for (const instant of instants) if (!earliest || instant < earliest) earliest = instant
  }
  return earliest
}

/**
 * Rings the bell when the line's next slot comes, because the loop alone looks only every 150 ms: too seldom for a fast line.
 * A lost alarm costs that much punctuality and nothing else. In a rehearsal the clock goes from slot to slot by itself.
 */
function slotAlarm(app: App, inFlight: number) {
  let setFor: number | null = null
  return {
    at(slot: Date, now: Date): void {
      if (inFlight === 1 || (setFor !== null && setFor > now.getTime() && setFor <= slot.getTime())) return
      setFor = slot.getTime()
      setTimeout(() => app.bell.ring({ work: true }), Math.max(0, setFor - now.getTime())).unref()
    },
  }
}
