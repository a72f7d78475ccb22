// Lines / dispatch: sends what waits at each line, the most urgent first, at exactly the line's rate. One dispatcher per line at
// a time: the line's lease names it, and every claim checks the lease's token. Called by work.ts.
//
// An outgoing is claimed and committed before the provider is asked, and what came of asking is saved after. So it is asked for
// at most once: a worker that is lost in between leaves a claimed row, which reconcile.ts finds out about.
import type { App } from '../app.ts'
import type { WideTx } from '../db/db.ts'
import { monotonicMs } from '../outside/clock.ts'
import type { Asked, Phone } from '../outside/phone/port.ts'
import { callbackUrls, textStatusUrl } from './addresses.ts'
import { advance } from './advance.ts'
import type { Besides } from './besides.ts'
import { whyNotAsked } from './guards.ts'
import { healthEventOf, noteHealth } from './health-watch.ts'
import { decide } from './machine.ts'
import { optOutsOf } from './opt-outs/store.ts'
import { slot } from './pacing.ts'
import {
  countLiveCalls,
  expiredWaiting,
  firstLine,
  keepLine,
  type Line,
  lockLine,
  mostUrgent,
  type Outgoing,
  postpone,
  saveFrom,
  saveLife,
  type WorkOfLine,
} from './store.ts'
import { askedInWords, did, notSent } from './words.ts'

/** A dispatcher that is lost holds its lines no longer than this after its last claim. */
const leaseMs = 5000
/** A claim older than this, by the monotonic clock, is given back and not dialled: this process may have been stopped meanwhile. */
const claimGoodForMs = 5000
const expiredAtMost = 50
/** A row whose end cannot be saved stops only itself, and is tried again after this. */
const postponedMs = 15_000

/** Who claims, and the tokens of the lines it holds. */
export interface Holder {
  readonly owner: string
  readonly tokens: Map<string, string>
}

export interface Claimed {
  outgoing: Outgoing
  /** the number shown */
  from: string
  line: Line
  /** of the monotonic clock, from before the claim */
  claimedAtMs: number
}

/** `send` does at `now` what it can of the work that was found, and returns how much that was. */
export function dispatcher(
  app: App,
  holder: Holder,
  tasks: Besides,
): { send(lines: readonly WorkOfLine[], now: Date): Promise<number>; finish(): Promise<void> } {
  const alarm = slotAlarm(app, tasks)

  async function sendNext(line: Line, kind: 'call' | 'text', now: Date): Promise<number> {
    if (!tasks.hasRoom()) return 0
    const { at, next } = slotOf(line, kind, now)
    alarm.set(at > now ? at : next, now)
    const claimed = at > now ? null : await claimNext(app, holder, line.id, kind, now)
    if (!claimed) return 0
    await tasks.start(() => ask(app, claimed))
    return 1
  }

  return {
    async send(lines, now) {
      let done = 0
      for (const { line, calls, texts, expired } of lines) {
        if (expired) done += await endExpired(app, line.id, now)
        if (calls) done += await sendNext(line, 'call', now)
        if (texts) done += await sendNext(line, 'text', now)
      }
      return done
    },
    async finish() {
      alarm.clear()
      await tasks.finish()
    },
  }
}

/** How fast a line on probation may go: a few tries, and not the whole peak, which another line can carry meanwhile. */
const onProbationPerSecond = 0.2

function slotOf(line: Line, kind: 'call' | 'text', now: Date) {
  const [next, rate] =
    kind === 'call' ? [line.nextCallAt, line.callsPerSecond] : [line.nextTextAt, line.textsPerSecond]
  const isTried = line.health.is === 'probation' && !line.isAlone
  return slot(next, now, isTried ? Math.min(rate, onProbationPerSecond) : rate)
}

/**
 * In one transaction: the line's lease, its pace, its free places, and the most urgent outgoing, which is claimed. A claim renews
 * the lease. One that ran out may be taken by anybody, with a new token: the old one then opens nothing any more.
 * @returns null when another holds the line, when the line is not free, or when nothing may go
 */
export async function claimNext(
  app: App,
  holder: Holder,
  lineId: string,
  kind: 'call' | 'text',
  now: Date,
): Promise<Claimed | null> {
  const claimedAtMs = monotonicMs()
  try {
    return await app.db.everywhere(async (tx) => {
      const line = await lockLine(tx, lineId)
      const token = line && tokenFor(holder, line, now)
      if (!line || !token) return null
      const { at, next } = slotOf(line, kind, now)
      if (at > now) return null
      if (kind === 'call' && (await countLiveCalls(tx, line.id)) >= line.concurrentCalls) return null
      const outgoing = await mostUrgent(tx, line.id, kind, now)
      if (!outgoing) return null
      const { life } = decide(outgoing.life, { kind: 'claimed' }, now)
      await saveLife(tx, outgoing, life)
      const from = await numberShown(tx, line, outgoing)
      await saveFrom(tx, outgoing, from)
      const until = new Date(now.getTime() + leaseMs)
      await keepLine(tx, line.id, { kind, next, lease: { owner: holder.owner, token, until } })
      tx.afterCommit(() => holder.tokens.set(line.id, token))
      return { outgoing: { ...outgoing, life, from }, from, line, claimedAtMs }
    })
  } catch (error) {
    // another line began to ring this very number: the database lets only one of us (index outgoing_busy_numbers)
    if ((error as { code?: string }).code === '23505') return null
    throw error
  }
}

/** On a call that was meant for the first line the number that the person knows, where the provider lets us show it. */
async function numberShown(tx: WideTx, line: Line, outgoing: Outgoing): Promise<string> {
  if (!line.showsFirst || outgoing.life.kind === 'text' || outgoing.movedFrom === null) return line.number
  const first = await firstLine(tx)
  return outgoing.movedFrom === first.id ? first.number : line.number
}

export const isHeldBy = (holder: Holder, line: Line): boolean =>
  line.leaseOwner === holder.owner && holder.tokens.get(line.id) === line.leaseToken

/** The token with which `holder` may claim at this line; null while the lease is another's. */
function tokenFor(holder: Holder, line: Line, now: Date): string | null {
  if (isHeldBy(holder, line)) return line.leaseToken
  return line.leaseUntil <= now ? String(BigInt(line.leaseToken) + 1n) : null
}

/** Ask the provider for what was claimed, and save what came of it. */
async function ask(app: App, { outgoing, from, line, claimedAtMs }: Claimed): Promise<void> {
  const scope = { organisationId: outgoing.organisationId }
  const about = { outgoing: outgoing.id, kind: outgoing.life.kind, purpose: outgoing.purpose }
  const began = monotonicMs()
  if (began - claimedAtMs > claimGoodForMs) {
    app.log.warn('a claim was too old to be asked for, and was given back', about)
    await app.db.in(scope, (tx) => advance(app, tx, outgoing, { kind: 'given back' }, null))
    return
  }
  const phone = app.phones.of(line.provider)
  const unwanted = (await whyNotAsked(app, outgoing)) ?? (await whyNoText(app, outgoing))
  const asked = unwanted ?? (phone ? await askProvider(app, phone, outgoing, from) : noLongerConfigured)
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
  await noteHealth(app, line, healthEventOf(asked))
  if (step.stray) await phone?.hangUp(step.stray)
}

const noLongerConfigured: Asked = {
  kind: 'refused',
  temporary: true,
  result: 'not placed',
  code: 'no provider',
  reason: 'the line is no longer configured',
  trouble: 'shut out',
}

/** A text to a number on the list is not even asked for: null for anything else. */
async function whyNoText(app: App, { life, to }: Outgoing): Promise<Asked | null> {
  if (life.kind !== 'text') return null
  const why = (await app.db.look((tx) => optOutsOf(tx, [to]))).get(to)
  return why
    ? { kind: 'refused', temporary: false, result: 'unreachable number', code: why, reason: notSent }
    : null
}

function askProvider(app: App, phone: Phone, outgoing: Outgoing, from: string): Promise<Asked> {
  const { to, body, life } = outgoing
  if (life.kind === 'call') {
    return phone.placeCall({
      from,
      to,
      ringSeconds: life.ringSeconds,
      urls: callbackUrls(app.config, outgoing),
    })
  }
  const validForSeconds = (life.usefulUntil.getTime() - app.clock.now().getTime()) / 1000
  return phone.sendText({
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
  for (const ref of await app.db.look((tx) => expiredWaiting(tx, lineId, now, expiredAtMost))) {
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

/**
 * Rings the bell when the line's next slot comes, because the loop alone looks only every 150 ms: too seldom for a fast line.
 * A lost alarm costs that much punctuality and nothing else. In a rehearsal the clock goes from slot to slot by itself.
 */
function slotAlarm(app: App, tasks: Besides): { set(slot: Date, now: Date): void; clear(): void } {
  let set: { at: number; timer: NodeJS.Timeout } | null = null
  return {
    set(slot, now) {
      if (tasks.oneByOne || (set && set.at > now.getTime() && set.at <= slot.getTime())) return
      clearTimeout(set?.timer)
      const ring = () => app.bell.ring({ work: true })
      set = {
        at: slot.getTime(),
        timer: setTimeout(ring, Math.max(0, slot.getTime() - now.getTime())).unref(),
      }
    },
    clear() {
      clearTimeout(set?.timer)
      set = null
    },
  }
}
