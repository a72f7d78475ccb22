// Simulation / days / lines: what src/lines/advance.ts, enqueue.ts, dispatch.ts, reconcile.ts and health-watch.ts do around the machines,
// over rows in memory. Machine, health, pacing and the order of what waits are production's own; that these shells do the same is
// held by days-differential.test.ts.
import { decideHealth, type HealthEvent } from '../../../src/lines/health.ts'
import { decide, lookOf } from '../../../src/lines/machine.ts'
import { compareWaiting, slots } from '../../../src/lines/pacing.ts'
import type { Asked, Found, Life, LineEvent, Step } from '../../../src/lines/types.ts'
import type { Tx } from './memory.ts'
import {
  after,
  databaseGone,
  inTx,
  killed,
  type Line,
  later,
  lookSoon,
  newId,
  nowOf,
  type Outgoing,
  type Owner,
  type Process,
  type Telephone,
  type World,
} from './world.ts'

export interface Wanted {
  kind: 'call' | 'text'
  owner: Owner
  purpose: Outgoing['purpose']
  to: Telephone
  priority: number
  ringSeconds: number
  usefulUntil: Date
  patienceSeconds: number | null
  voicemailWords: boolean
  notBefore: Date
}

const leaseMs = 5000
const claimGoodForMs = 5000
const expiredAtMost = 50
const postponedMs = 15_000
const takenForMs = 30_000
const awakeAtMost = 20
const probeTakenForMs = 30_000
const clocksDifferMs = 10_000
const inFlightAtMost = 100
const claimedAtMost = 100
const onProbationPerSecond = 0.2

// ── one outgoing ────────────────────────────────────────────────────────────────────────────────────────────────

export function enqueue(world: World, tx: Tx, wanted: Wanted): Outgoing {
  const now = nowOf(world)
  const outgoing: Outgoing = {
    id: newId(world),
    owner: wanted.owner,
    purpose: wanted.purpose,
    to: wanted.to,
    priority: wanted.priority,
    usefulUntil: wanted.usefulUntil,
    createdAt: now,
    line: world.lines[0]!,
    life: born(wanted),
    members: [],
    rings: 0,
    claimedMs: 0,
  }
  forgetOld(wanted.to, now)
  tx.add(wanted.to.recent, outgoing)
  waitsAt(world, tx, outgoing, outgoing.line)
  tx.onUndo(() => outgoing.line.waiting.delete(outgoing))
  return outgoing
}

/** What ended more than a day and a half ago is asked after by nobody. */
function forgetOld({ recent }: Telephone, now: Date): void {
  const old = now.getTime() - 36 * 3_600_000
  while (recent.length > 8 && recent[0]!.life.endedAt && recent[0]!.life.endedAt.getTime() < old)
    recent.shift()
}

function waitsAt(world: World, tx: Tx, outgoing: Outgoing, line: Line): void {
  line.waiting.add(outgoing)
  tx.afterCommit(() => lookSoon(world, outgoing.life.notBefore.getTime() - world.aheadMs))
}

function born(wanted: Wanted): Life {
  return {
    kind: wanted.kind,
    state: 'waiting',
    ringSeconds: wanted.ringSeconds,
    usefulUntil: wanted.usefulUntil,
    tries: 0,
    notBefore: wanted.notBefore,
    refusedSince: null,
    patienceSeconds: wanted.patienceSeconds,
    wakeAt: null,
    sid: null,
    sequence: -1,
    machine: null,
    keys: '',
    silences: 0,
    voicemailWords: wanted.voicemailWords,
    wordsAt: null,
    hangUp: false,
    claimedAt: null,
    placedAt: null,
    rangAt: null,
    answeredAt: null,
    servedAt: null,
    endedAt: null,
    result: null,
    resultCode: null,
  }
}

export function cancelOutgoing(world: World, tx: Tx, outgoing: Outgoing): void {
  saveLife(world, tx, outgoing, decide(outgoing.life, { kind: 'cancelled' }, nowOf(world)).life)
}

/** The only way an outgoing that is on its way changes. Tells its owner of the end in the same transaction. */
export function advanceOutgoing(world: World, tx: Tx, outgoing: Outgoing, event: LineEvent): Step {
  const before = outgoing.life
  const step = decide(before, event, nowOf(world))
  saveLife(world, tx, outgoing, step.life)
  if (step.life.state === 'ended' && before.state !== 'ended') {
    world.owners[outgoing.owner.room](world, tx, outgoing)
    tx.afterCommit(() => lookSoon(world))
  }
  return step
}

function saveLife(world: World, tx: Tx, outgoing: Outgoing, life: Life): void {
  if (life === outgoing.life) return
  const wasWaiting = outgoing.life.state === 'waiting'
  tx.set(outgoing, 'life', life)
  if (life.state === 'waiting' && !wasWaiting) waitsAt(world, tx, outgoing, outgoing.line)
  noteWake(world, tx, outgoing)
}

function noteWake(world: World, tx: Tx, outgoing: Outgoing): void {
  const { wakeAt } = outgoing.life
  if (wakeAt === null) return
  tx.afterCommit(() => {
    world.outgoingWakes.note(outgoing)
    lookSoon(world, wakeAt.getTime() - world.aheadMs)
  })
}

// ── what waits at a line ────────────────────────────────────────────────────────────────────────────────────────

const isLiveCall = ({ life }: Outgoing): boolean =>
  life.kind === 'call' && life.state !== 'waiting' && life.state !== 'ended'

/** Everything that waits at a line; forgets on the way what does not any more. */
function waitingAt(line: Line): Set<Outgoing> {
  for (const outgoing of line.waiting)
    if (outgoing.life.state !== 'waiting' || outgoing.line !== line) line.waiting.delete(outgoing)
  return line.waiting
}

interface WorkOfLine {
  line: Line
  calls: boolean
  texts: boolean
  expired: boolean
}

/** Every line at which something waits, and whether any of it may go now. */
function lookForWork(world: World): WorkOfLine[] {
  const now = nowOf(world)
  const all: WorkOfLine[] = []
  for (const line of world.lines) {
    if (waitingAt(line).size === 0) continue
    const work: WorkOfLine = { line, calls: false, texts: false, expired: false }
    for (const { life } of line.waiting) {
      if (life.notBefore > now) continue
      if (life.usefulUntil <= now) work.expired = true
      else if (life.kind === 'call') work.calls = true
      else work.texts = true
    }
    all.push(work)
  }
  return all
}

function countLiveCalls(line: Line): number {
  for (const outgoing of line.live) if (!isLiveCall(outgoing)) line.live.delete(outgoing)
  return line.live.size
}

function mostUrgent(line: Line, kind: 'call' | 'text', now: Date): Outgoing | null {
  let first: Outgoing | null = null
  for (const outgoing of waitingAt(line)) {
    const { life } = outgoing
    if (life.kind !== kind || life.notBefore > now || life.usefulUntil <= now) continue
    if (first !== null && compareWaiting(first, outgoing) < 0) continue
    if (kind === 'call' && (!isNumberFree(outgoing) || restsUntil(outgoing) > now.getTime())) continue
    first = outgoing
  }
  return first
}

const isNumberFree = ({ to }: Outgoing): boolean => !to.recent.some(isLiveCall)

/** A number that has just rung rests a minute before a call about something else. */
function restsUntil({ to, purpose, owner }: Outgoing): number {
  if (purpose === 'alert') return 0
  let until = 0
  for (const { life, owner: other } of to.recent) {
    if (life.kind !== 'call' || life.state !== 'ended' || life.placedAt === null) continue
    if (isSameOwner(owner, other)) continue
    until = Math.max(until, life.endedAt!.getTime() + 60_000)
  }
  return until
}

const isSameOwner = (a: Owner, b: Owner): boolean =>
  a.room === 'calls' ? b.room === 'calls' && a.call === b.call : b.room === 'alerts' && a.alert === b.alert

// ── the dispatcher ──────────────────────────────────────────────────────────────────────────────────────────────

/** What of a line may go now, as much as there is room for: claimed and committed, and asked for after that, each in its slot. */
function sendNext(world: World, who: Process, line: Line, kind: 'call' | 'text'): void {
  const atMost = Math.min(inFlightAtMost - who.inFlight, claimedAtMost)
  const now = nowOf(world)
  if (atMost === 0 || slotsOf(world, line, kind, now, atMost).departures.length === 0) return
  const claimedAtMs = world.engine.now
  for (const { outgoing, departsAt } of claimNext(world, who, line, kind, now, atMost)) {
    who.inFlight++
    later(world, who, departsAt.getTime() - now.getTime(), () => ask(world, who, outgoing, line, claimedAtMs))
  }
}

function slotsOf(world: World, line: Line, kind: 'call' | 'text', now: Date, atMost: number) {
  const [next, rate] =
    kind === 'call' ? [line.nextCallAt, line.callsPerSecond] : [line.nextTextAt, line.textsPerSecond]
  const isTried = line.health.is === 'probation' && !isAlone(world, line)
  return slots(next, now, isTried ? Math.min(rate, onProbationPerSecond) : rate, atMost)
}

const isAlone = ({ lines }: World, line: Line): boolean =>
  !lines.some((other) => other !== line && other.health.is !== 'failed')

interface Claimed {
  outgoing: Outgoing
  departsAt: Date
}

function claimNext(
  world: World,
  who: Process,
  line: Line,
  kind: 'call' | 'text',
  now: Date,
  atMost: number,
): Claimed[] {
  return inTx(world, who, (tx) => {
    const token = tokenFor(who, line, now)
    if (token === null) return []
    const { departures, nextAfter } = slotsOf(world, line, kind, now, atMost)
    const places = kind === 'call' ? line.concurrentCalls - countLiveCalls(line) : atMost
    const room = Math.min(departures.length, places)
    const claimed: Claimed[] = []
    while (claimed.length < room) {
      const outgoing = mostUrgent(line, kind, now)
      if (!outgoing) break
      saveLife(world, tx, outgoing, decide(outgoing.life, { kind: 'claimed' }, now).life)
      line.live.add(outgoing)
      tx.onUndo(() => line.waiting.add(outgoing))
      claimed.push({ outgoing, departsAt: departures[claimed.length]! })
    }
    if (claimed.length === 0) return []
    tx.set(line, kind === 'call' ? 'nextCallAt' : 'nextTextAt', nextAfter(claimed.length))
    tx.set(line, 'leaseOwner', who.owner)
    tx.set(line, 'leaseToken', token)
    tx.set(line, 'leaseUntil', after(now, leaseMs))
    tx.set(line, 'leaseSession', who.session)
    tx.afterCommit(() => {
      who.tokens.set(line, token)
      for (const { outgoing } of claimed) world.rules.claimed(outgoing, line, kind)
    })
    return claimed
  })
}

/** A line whose dispatcher is gone, as far as its connection shows, need not wait for the end of its lease. */
function freeOrphans(world: World, who: Process): number {
  const now = nowOf(world)
  const gone = world.lines.filter(
    (line) =>
      line.leaseSession !== null &&
      line.leaseUntil > now &&
      line.leaseOwner !== who.owner &&
      !world.workers.some(({ session }) => session === line.leaseSession),
  )
  if (gone.length === 0) return 0
  inTx(world, who, (tx) => {
    for (const line of gone) {
      tx.set(line, 'leaseUntil', now)
      tx.set(line, 'leaseSession', null)
      for (const outgoing of [...line.live]) {
        const { life } = outgoing
        if (life.state !== 'claimed' || outgoing.line !== line || life.wakeAt! <= now) continue
        tx.set(outgoing, 'life', { ...life, wakeAt: now })
        noteWake(world, tx, outgoing)
      }
    }
  })
  return gone.length
}

function tokenFor(who: Process, line: Line, now: Date): number | null {
  const isHeld = line.leaseOwner === who.owner && who.tokens.get(line) === line.leaseToken
  if (isHeld) return line.leaseToken
  return line.leaseUntil <= now ? line.leaseToken + 1 : null
}

/** Ask the provider, unless the claim has grown old meanwhile: this process may have been stopped. */
function ask(world: World, who: Process, outgoing: Outgoing, line: Line, claimedAtMs: number): void {
  if (world.engine.now - claimedAtMs > claimGoodForMs) {
    who.inFlight--
    inTx(world, who, (tx) => advanceOutgoing(world, tx, outgoing, { kind: 'given back' }))
    return
  }
  // the last look at the database before asking: without it nothing is asked, and the row is found out about
  if (world.database.isDown) {
    who.inFlight--
    return
  }
  const { asked, tookMs } = world.provider.ask(outgoing, line)
  later(world, who, tookMs, () => {
    who.inFlight--
    saveAsked(world, who, outgoing, line, asked)
  })
}

/** What came of asking, saved after it. */
function saveAsked(world: World, who: Process, outgoing: Outgoing, line: Line, asked: Asked): void {
  const { stray } = inTx(world, who, (tx) => advanceOutgoing(world, tx, outgoing, { kind: 'asked', asked }))
  const event = healthEventOf(asked)
  const { is, troubles } = line.health
  if (event !== null && !(event.kind === 'worked' && is === 'well' && troubles === 0))
    changeHealth(world, who, line, event)
  if (stray) world.provider.hangUp(stray)
}

/** End what waited too long, each in a transaction of its own. */
function endExpired(world: World, who: Process, line: Line): number {
  const now = nowOf(world)
  const expired = [...waitingAt(line)]
    .filter(({ life }) => life.usefulUntil <= now && life.notBefore <= now)
    .sort((a, b) => a.usefulUntil.getTime() - b.usefulUntil.getTime() || (a.id < b.id ? -1 : 1))
    .slice(0, expiredAtMost)
  for (const outgoing of expired) {
    try {
      inTx(world, who, (tx) => advanceOutgoing(world, tx, outgoing, { kind: 'expired' }))
    } catch (error) {
      if (error === killed || error === databaseGone) throw error
      world.rules.crashed(error)
      inTx(world, who, (tx) =>
        tx.set(outgoing, 'life', { ...outgoing.life, notBefore: after(now, postponedMs) }),
      )
    }
  }
  return expired.length
}

/** When something at this line may change by itself, in the application's time; Infinity when nothing will. */
export function nextOfLine(line: Line): number {
  let next = Number.POSITIVE_INFINITY
  if (line.waiting.size === 0) return next
  for (const outgoing of waitingAt(line)) {
    const { life } = outgoing
    const bounds = [
      life.notBefore.getTime(),
      (life.kind === 'call' ? line.nextCallAt : line.nextTextAt).getTime(),
    ]
    // the end of another frees its number
    if (life.kind === 'call')
      bounds.push(isNumberFree(outgoing) ? restsUntil(outgoing) : Number.POSITIVE_INFINITY)
    next = Math.min(next, Math.max(...bounds), Math.max(life.notBefore.getTime(), life.usefulUntil.getTime()))
  }
  return next
}

// ── health ──────────────────────────────────────────────────────────────────────────────────────────────────────

function healthEventOf(asked: Asked): HealthEvent | null {
  switch (asked.kind) {
    case 'placed':
      return { kind: 'worked' }
    case 'unknown':
      return { kind: 'trouble' }
    case 'refused':
      if (asked.trouble === 'shut out') return { kind: 'shut out' }
      if (asked.trouble === 'not there') return { kind: 'trouble' }
      return asked.temporary ? null : { kind: 'worked' }
  }
}

function changeHealth(world: World, who: Process, line: Line, event: HealthEvent): void {
  inTx(world, who, (tx) => {
    const health = decideHealth(line.health, event, nowOf(world))
    if (health === line.health) return
    tx.set(line, 'health', health)
    tx.afterCommit(() => lookSoon(world))
  })
}

/** Ask the providers of lines that are not well whether they are there. */
function probe(world: World, who: Process): number {
  const now = nowOf(world)
  const due = (line: Line) => line.health.probeAt !== null && line.health.probeAt <= now
  if (who.inFlight >= inFlightAtMost || !world.lines.some(due)) return 0
  const taken = inTx(world, who, (tx) => {
    const lines = world.lines.filter(due)
    for (const line of lines) tx.set(line, 'health', { ...line.health, probeAt: after(now, probeTakenForMs) })
    return lines
  })
  for (const line of taken) {
    who.inFlight++
    later(world, who, world.provider.latency(line), () => {
      who.inFlight--
      changeHealth(world, who, line, { kind: 'probed', well: world.provider.isThere(line) })
    })
  }
  return taken.length
}

const isUsable = (line: Line): boolean => line.health.is !== 'failed'

function refugeOf(line: Line, lines: readonly Line[]): Line | null {
  if (isUsable(line)) return null
  const others = lines.filter((other) => other !== line && isUsable(other))
  return (
    others.toSorted(
      (a, b) => Number(a.health.is !== 'well') - Number(b.health.is !== 'well') || a.rank - b.rank,
    )[0] ?? null
  )
}

/** Move what waits where it cannot leave; returns how much that was. */
function moveOver(world: World, who: Process, work: readonly WorkOfLine[]): number {
  let moved = 0
  for (const { line } of work) {
    const refuge = refugeOf(line, world.lines)
    if (!refuge) continue
    moved += inTx(world, who, (tx) => {
      if (isUsable(line)) return 0
      const now = nowOf(world)
      const moving = [...waitingAt(line)]
      for (const outgoing of moving) {
        const { life } = outgoing
        const notBefore = life.notBefore < now ? life.notBefore : now
        tx.set(outgoing, 'line', refuge)
        tx.set(outgoing, 'life', { ...life, notBefore, refusedSince: null, tries: 0 })
        tx.onUndo(() => line.waiting.add(outgoing))
        waitsAt(world, tx, outgoing, refuge)
      }
      return moving.length
    })
  }
  return moved
}

// ── finding out ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Take the rows whose time has come, and look at the provider for each. */
function reconcile(world: World, who: Process): number {
  const now = nowOf(world)
  if (who.inFlight >= inFlightAtMost || world.outgoingWakes.next() > now.getTime()) return 0
  const awake = inTx(world, who, (tx) => {
    const due = world.outgoingWakes.due(now.getTime(), world.isOneByOne ? 1 : awakeAtMost)
    for (const outgoing of due) {
      tx.set(outgoing, 'life', { ...outgoing.life, wakeAt: after(now, takenForMs) })
      noteWake(world, tx, outgoing)
    }
    return due
  })
  for (const outgoing of awake) {
    who.inFlight++
    const { life } = outgoing
    later(world, who, world.provider.latency(outgoing.line), () => {
      who.inFlight--
      const event = look(world, outgoing, life, now)
      inTx(world, who, (tx) => advanceOutgoing(world, tx, outgoing, event))
    })
  }
  return awake.length
}

/** Ask the provider what the row needs to know, as it was when it was taken. */
function look(world: World, outgoing: Outgoing, life: Life, now: Date): LineEvent {
  const { provider } = world
  const wanted = lookOf(life, now)
  if (wanted === null) return { kind: 'not found out' }
  if (!provider.isReached(outgoing)) return { kind: 'not found out' }
  switch (wanted) {
    case 'search':
      return search(world, outgoing, life, now)
    case 'look up':
      return { kind: 'found', found: provider.lookUp(life.sid!) }
    case 'turn over':
      return { kind: 'turned over' }
    case 'hang up':
      provider.hangUp(life.sid!)
      return { kind: 'found', found: provider.lookUp(life.sid!) }
  }
}

/** Our call among the provider's. One is ours; of several nobody can say which. */
function search(world: World, outgoing: Outgoing, life: Life, now: Date): LineEvent {
  const createdAfter = after(life.claimedAt ?? now, -clocksDifferMs)
  const calls: Found[] = world.provider.list(outgoing, createdAfter, now)
  const known = new Set(outgoing.to.recent.map((other) => other.life.sid))
  const candidates = calls.filter(({ sid }) => !known.has(sid))
  return candidates.length > 1 ? { kind: 'not found out' } : { kind: 'found', found: candidates[0] ?? null }
}

/** What a worker does about lines in one round, each step a boundary at which it may be stopped or killed. */
export function lineSteps(world: World, who: Process): (() => unknown)[] {
  if (world.database.isDown) return []
  const work = lookForWork(world)
  const now = nowOf(world).getTime()
  const steps: (() => unknown)[] = []
  if (world.lines.some(({ leaseSession }) => leaseSession !== null)) steps.push(() => freeOrphans(world, who))
  if (world.lines.some(({ health }) => health.probeAt !== null)) steps.push(() => probe(world, who))
  let moved = 0
  const unlessMoved = (step: () => unknown) => steps.push(() => moved === 0 && step())
  if (work.some(({ line }) => !isUsable(line)))
    steps.push(() => {
      moved = moveOver(world, who, work)
    })
  for (const { line, expired, calls, texts } of work) {
    if (expired) unlessMoved(() => endExpired(world, who, line))
    if (calls) unlessMoved(() => sendNext(world, who, line, 'call'))
    if (texts) unlessMoved(() => sendNext(world, who, line, 'text'))
  }
  if (world.outgoingWakes.next() <= now) steps.push(() => reconcile(world, who))
  return steps
}
