// Lines / reconcile: finds out what became of what was sent when nobody tells us: an unknown answer, a lost worker, a callback
// that never came. Never rings: it looks, adopts, puts down, and gives up. Called by work.ts.
import type { App } from '../app.ts'
import { monotonicMs } from '../outside/clock.ts'
import { type Found, OutsideTrouble, type Phone } from '../outside/phone/port.ts'
import { voicemailUrl } from './addresses.ts'
import { advance } from './advance.ts'
import type { Besides } from './besides.ts'
import { type Awake, knownNames, takeAwake } from './dispatching/store.ts'
import { lookOf } from './machine.ts'
import type { LineEvent, Look } from './types.ts'
import { did, foundInWords, foundSeveral, hungUp, notConfigured, notReached } from './words.ts'

/** A row taken and lost is due again after this: longer than the requests of one look. */
const takenForMs = 30_000
const atMost = 20
/** How far the provider's clock may seem behind ours, beyond what it says of itself. A call of before is known to us by name. */
const clocksDifferMs = 10_000

/** What is found out at `now` about rows whose time has come; returns of how many. */
export function reconciler(app: App, tasks: Besides): (now: Date) => Promise<number> {
  return async (now) => {
    if (tasks.room() === 0) return 0
    const until = new Date(now.getTime() + takenForMs)
    const awake = await app.db.everywhere((tx) => takeAwake(tx, now, until, tasks.oneByOne ? 1 : atMost))
    for (const outgoing of awake) await tasks.start(() => findOut(app, outgoing, now))
    return awake.length
  }
}

interface Seen {
  event: LineEvent
  did: string
  answered: string
}

async function findOut(app: App, outgoing: Awake, now: Date): Promise<void> {
  const began = monotonicMs()
  const seen = await look(app, outgoing, now)
  const said = seen && { did: seen.did, answered: () => seen.answered, tookMs: monotonicMs() - began }
  await app.db.in(outgoing, (tx) =>
    advance(app, tx, outgoing, seen?.event ?? { kind: 'not found out' }, said),
  )
}

/** Ask the provider what the row needs to know; null when it needs nothing of it. */
async function look(app: App, outgoing: Awake, now: Date): Promise<Seen | null> {
  const wanted = lookOf(outgoing.life, now)
  if (wanted === null) return null
  const phone = app.phones.of(outgoing.provider)
  if (!phone) return { event: { kind: 'not found out' }, did: did.lookUp, answered: notConfigured }
  try {
    switch (wanted) {
      case 'search':
        return await search(app, phone, outgoing)
      case 'look up':
        return found(did.lookUp, await phone.lookUpCall(outgoing.life.sid!))
      case 'turn over':
        await phone.redirect(outgoing.life.sid!, voicemailUrl(app.config, outgoing))
        return { event: { kind: 'turned over' }, did: did.turnOver, answered: hungUp }
      case 'hang up': {
        await phone.hangUp(outgoing.life.sid!)
        const after = found(did.hangUp, await phone.lookUpCall(outgoing.life.sid!))
        return { ...after, answered: `${hungUp}, ${after.answered}` }
      }
    }
  } catch (error) {
    if (!(error instanceof OutsideTrouble)) throw error
    const what = whatWasDone[wanted]
    return { event: { kind: 'not found out' }, did: what, answered: notReached(error.message) }
  }
}

const whatWasDone: Readonly<Record<Look, string>> = {
  search: did.search,
  'look up': did.lookUp,
  'hang up': did.hangUp,
  'turn over': did.turnOver,
}

const found = (what: string, call: Found | null): Seen => ({
  event: { kind: 'found', found: call },
  did: what,
  answered: foundInWords(call),
})

/**
 * Our call among the provider's: from our line to this number, made since we asked, and not known to us by name. One is ours;
 * of several nobody can say which, so nothing is decided and nothing rings (telephony.md §1.11).
 */
async function search(app: App, phone: Phone, outgoing: Awake): Promise<Seen> {
  const asOf = app.clock.now()
  const claimedAt = outgoing.life.claimedAt ?? asOf
  const createdAfter = new Date(claimedAt.getTime() - clocksDifferMs)
  const calls = await phone.findCalls({ from: outgoing.from, to: outgoing.to, createdAfter, asOf })
  const known = await app.db.look((tx) =>
    knownNames(
      tx,
      outgoing.to,
      calls.map((call) => call.sid),
    ),
  )
  const candidates = calls.filter((call) => !known.has(call.sid))
  if (candidates.length > 1)
    return { event: { kind: 'not found out' }, did: did.search, answered: foundSeveral(candidates.length) }
  return found(did.search, candidates[0] ?? null)
}
