// Lines / dispatch: sends what waits at each line, the most urgent first, at exactly the line's rate. One dispatcher per line at
// a time: the line's lease names it, and every claim checks the lease's token. Called by work.ts.
//
// An outgoing is claimed and committed before the provider is asked, and what came of asking is saved after. So it is asked for
// at most once: a worker that is lost in between leaves a claimed row, which reconcile.ts finds out about.
import { setTimeout as pause } from 'node:timers/promises'
import type { App } from '../app.ts'
import type { WideTx } from '../db/db.ts'
import { monotonicMs } from '../outside/clock.ts'
import type { Asked, Phone } from '../outside/phone/port.ts'
import { bellAlarm } from '../queue/alarm.ts'
import { callbackUrls, textStatusUrl } from './addresses.ts'
import { type Advanced, advance, advanceAll } from './advance.ts'
import type { Besides } from './besides.ts'
import { countLiveCalls, expiredWaiting, mostUrgent, postpone, type WorkOfLine } from './dispatching/store.ts'
import { gather } from './gather.ts'
import { whyNotAllowed } from './guards.ts'
import { healthEventOf, noteHealth } from './health-watch.ts'
import { firstLine, keepLine, type Line, lockLine } from './line/store.ts'
import { decide } from './machine.ts'
import { optOutsOf } from './opt-outs/store.ts'
import { slots } from './pacing.ts'
import { type Outgoing, saveLives } from './store.ts'
import { askedInWords, did, notSent } from './words.ts'

/** A dispatcher that is lost holds its lines no longer than this after its last claim. */
const leaseMs = 5000
/** A claim older than this, by the monotonic clock, is given back and not dialled: this process may have been stopped meanwhile. */
const claimGoodForMs = 5000
const expiredAtMost = 50
/** So many are claimed in one transaction. */
const claimedAtMost = 100
/** A row whose end cannot be saved stops only itself, and is tried again after this. */
const postponedMs = 15_000

/** Who claims, and the tokens of the lines it holds. */
export interface Holder {
  readonly owner: string
  readonly tokens: Map<string, string>
  /** No more calls than this live on a line that it holds: so many were counted, or have been claimed since. Those that end are not noticed. */
  readonly live: Map<string, number>
}

/** @param owner a name that nobody else has; it holds no line yet */
export const newHolder = (owner: string): Holder => ({ owner, tokens: new Map(), live: new Map() })

export interface Claimed {
  outgoing: Outgoing
  /** the number shown */
  from: string
  line: Line
  /** its slot: not asked for before it */
  departsAt: Date
  /** of the monotonic clock, from before the claim */
  claimedAtMs: number
}

/** `send` does at `now` what it can of the work that was found, and returns how much that was. */
export function dispatcher(
  app: App,
  holder: Holder,
  tasks: Besides,
): { send(lines: readonly WorkOfLine[], now: Date): Promise<number>; finish(): Promise<void> } {
  // in a rehearsal the clock goes from slot to slot by itself
  const alarm = tasks.oneByOne ? null : bellAlarm(app)
  const savePlaced = gather(
    (answers: readonly Answer[]) => saveAnswers(app, answers),
    ({ claimed }) => claimed.outgoing.organisationId,
  )

  async function sendNext(line: Line, kind: 'call' | 'text', now: Date): Promise<number> {
    const atMost = Math.min(tasks.room(), claimedAtMost)
    if (atMost === 0) return 0
    const { departures, lookAt } = slotsOf(line, kind, now, atMost)
    alarm?.set(lookAt, now)
    if (departures.length === 0) return 0
    const claimed = await claimNext(app, holder, line.id, kind, now, atMost)
    const unwanted = await whyNotAsked(app, claimed)
    for (const [place, one] of claimed.entries())
      await tasks.start((answered) => ask(app, one, unwanted[place]!, savePlaced, answered))
    return claimed.length
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
      alarm?.clear()
      await tasks.finish()
    },
  }
}

/** How fast a line on probation may go: a few tries, and not the whole peak, which another line can carry meanwhile. */
const onProbationPerSecond = 0.2

function slotsOf(line: Line, kind: 'call' | 'text', now: Date, atMost: number) {
  const [next, rate] =
    kind === 'call' ? [line.nextCallAt, line.callsPerSecond] : [line.nextTextAt, line.textsPerSecond]
  const isTried = line.health.is === 'probation' && !line.isAlone
  return slots(next, now, isTried ? Math.min(rate, onProbationPerSecond) : rate, atMost)
}

/**
 * In one transaction: the line's lease, its pace, its free places, and the most urgent outgoings, which are claimed, no more than
 * `atMost`. A claim renews the lease. One that ran out may be taken by anybody, with a new token: the old one then opens nothing any
 * more.
 * @returns none when another holds the line, when the line is not free, or when nothing may go
 */
export async function claimNext(
  app: App,
  holder: Holder,
  lineId: string,
  kind: 'call' | 'text',
  now: Date,
  atMost = 1,
): Promise<Claimed[]> {
  const claimedAtMs = monotonicMs()
  try {
    return await app.db.everywhere(async (tx) => {
      const line = await lockLine(tx, lineId)
      const token = line && tokenFor(holder, line, now)
      if (!line || !token) return []
      const { departures, nextAfter } = slotsOf(line, kind, now, atMost)
      const wanted = departures.length
      const room = kind === 'call' ? Math.min(wanted, await placesOn(tx, holder, line, wanted)) : wanted
      const outgoings = room > 0 ? await mostUrgent(tx, line.id, kind, now, room) : []
      if (outgoings.length === 0) return []
      if (kind === 'call') holder.live.set(line.id, holder.live.get(line.id)! + outgoings.length)
      const shown = await numberShown(tx, line, outgoings)
      const lives = outgoings.map((outgoing, place) => ({
        outgoing,
        life: decide(outgoing.life, { kind: 'claimed' }, now).life,
        from: shown[place]!,
      }))
      await saveLives(tx, lives)
      const until = new Date(now.getTime() + leaseMs)
      const lease = { owner: holder.owner, token, until, lock: app.bell.presence }
      const next = nextAfter(outgoings.length)
      await keepLine(tx, line.id, { kind, next, lease })
      tx.afterCommit(() => holder.tokens.set(line.id, token))
      return lives.map(({ outgoing, life, from }, place) => ({
        outgoing: { ...outgoing, life, from },
        from,
        line,
        departsAt: departures[place]!,
        claimedAtMs,
      }))
    })
  } catch (error) {
    // another line began to ring one of these numbers: the database lets only one of us (index outgoing_busy_numbers)
    if ((error as { code?: string }).code === '23505') return []
    throw error
  }
}

/**
 * How many more calls may live on this line, or `wanted` where there are as many at least: nobody but its holder makes one live, so they are
 * counted when it comes to hold the line, and when what it remembers is not enough. A claim that is rolled back is remembered all the same.
 */
async function placesOn(tx: WideTx, holder: Holder, line: Line, wanted: number): Promise<number> {
  const remembered = isHeldBy(holder, line) ? holder.live.get(line.id) : undefined
  if (remembered !== undefined && line.concurrentCalls - remembered >= wanted) return wanted
  const live = await countLiveCalls(tx, line.id)
  holder.live.set(line.id, live)
  return line.concurrentCalls - live
}

/** On a call that was meant for the first line the number that the person knows, where the provider lets us show it. */
async function numberShown(tx: WideTx, line: Line, outgoings: readonly Outgoing[]): Promise<string[]> {
  const mayShow = ({ life, movedFrom }: Outgoing) =>
    line.showsFirst && life.kind === 'call' && movedFrom !== null
  const first = outgoings.some(mayShow) ? await firstLine(tx) : null
  return outgoings.map((outgoing) =>
    first && mayShow(outgoing) && outgoing.movedFrom === first.id ? first.number : line.number,
  )
}

export const isHeldBy = (holder: Holder, line: Line): boolean =>
  line.leaseOwner === holder.owner && holder.tokens.get(line.id) === line.leaseToken

/** The token with which `holder` may claim at this line; null while the lease is another's. */
function tokenFor(holder: Holder, line: Line, now: Date): string | null {
  if (isHeldBy(holder, line)) return line.leaseToken
  return line.leaseUntil <= now ? String(BigInt(line.leaseToken) + 1n) : null
}

/** What came of asking for what was claimed. */
interface Answer {
  claimed: Claimed
  asked: Asked
  tookMs: number
}

/**
 * Ask the provider for what was claimed, and save what came of it.
 * @param savePlaced saves what the provider took together with what it took at the same time
 * @param answered said once the provider has answered: the next may be asked for while this one is saved
 */
async function ask(
  app: App,
  claimed: Claimed,
  unwanted: Asked | null,
  savePlaced: (answer: Answer) => Promise<Advanced>,
  answered: () => void,
): Promise<void> {
  const { outgoing, line } = claimed
  await theSlot(app, claimed)
  const about = { outgoing: outgoing.id, kind: outgoing.life.kind, purpose: outgoing.purpose }
  const began = monotonicMs()
  if (began - claimed.claimedAtMs > claimGoodForMs) {
    app.log.warn('a claim was too old to be asked for, and was given back', about)
    await app.db.in(outgoing, (tx) => advance(app, tx, outgoing, { kind: 'given back' }, null))
    return
  }
  const phone = app.phones.of(line.provider)
  const asked =
    unwanted ?? (phone ? await askProvider(app, phone, outgoing, claimed.from) : noLongerConfigured)
  answered()
  const answer = { claimed, asked, tookMs: monotonicMs() - began }
  if (asked.kind !== 'placed') {
    app.log.warn('the provider did not take it', {
      ...about,
      answer: asked.kind,
      code: asked.kind === 'refused' ? asked.code : asked.reason,
    })
  }
  const saveAlone = async () => (await saveAnswers(app, [answer]))[0]!
  // one that cannot be saved with the others shall not keep them from being saved
  const { step } = asked.kind === 'placed' ? await savePlaced(answer).catch(saveAlone) : await saveAlone()
  await noteHealth(app, line, healthEventOf(asked))
  if (step.stray) await phone?.hangUp(step.stray)
}

/** Wait for its slot. In a rehearsal it has come when it is claimed. */
async function theSlot(app: App, { departsAt }: Claimed): Promise<void> {
  const waitMs = departsAt.getTime() - app.clock.now().getTime()
  if (waitMs > 0) await pause(waitMs)
}

/** In one transaction. @param answers of one organisation; more than one only of what was placed */
function saveAnswers(app: App, answers: readonly Answer[]): Promise<Advanced[]> {
  const happenings = answers.map(({ claimed: { outgoing }, asked, tookMs }) => ({
    ref: outgoing,
    event: { kind: 'asked' as const, asked },
    said: {
      did: outgoing.life.kind === 'call' ? did.call : did.text,
      answered: () => askedInWords(asked),
      tookMs,
    },
  }))
  return app.db.in(happenings[0]!.ref, (tx) => advanceAll(app, tx, happenings))
}

const noLongerConfigured: Asked = {
  kind: 'refused',
  temporary: true,
  result: 'not placed',
  code: 'no provider',
  reason: 'the line is no longer configured',
  trouble: 'shut out',
}

/** The last look before the provider is asked: why it is not, of each; null where it is. */
async function whyNotAsked(app: App, claimed: readonly Claimed[]): Promise<(Asked | null)[]> {
  const outgoings = claimed.map(({ outgoing }) => outgoing)
  const notAllowed = await whyNotAllowed(app, outgoings)
  const texts = outgoings.filter(({ life }) => life.kind === 'text')
  const optOuts = await app.db.look((tx) =>
    optOutsOf(
      tx,
      texts.map(({ to }) => to),
    ),
  )
  return outgoings.map(({ life, to }, place) => {
    const code = life.kind === 'text' ? optOuts.get(to) : undefined
    return notAllowed[place] ?? (code === undefined ? null : isOnTheList(code))
  })
}

/** A text to a number on the list is not even asked for. */
const isOnTheList = (code: string): Asked => ({
  kind: 'refused',
  temporary: false,
  result: 'unreachable number',
  code,
  reason: notSent,
})

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
