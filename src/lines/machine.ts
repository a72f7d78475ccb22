// Lines / machine: decides what becomes of one call or text on its way. Pure. Called by advance.ts, dispatch.ts and reconcile.ts.
//
//   waiting → claimed → placed → ringing → answered → ended          and from anywhere: ended
//                ├────→ waiting   refused for now, certainly not done
//                └────→ unknown   perhaps done: never asked again, found out (telephony.md §1.11)
//
// States only go forward, so a webhook twice, late or out of order changes nothing. 'ended' absorbs everything but a key: a key
// is a person, however late. Every state between waiting and ended has a wakeAt: the provider's silence is an event too.
import type {
  Ask,
  Asked,
  Found,
  Life,
  LineEnd,
  LineEvent,
  LineState,
  Look,
  RefusedResult,
  Result,
  Step,
  Turn,
} from './types.ts'

const second = 1000
/** A claimed row whose asking was not heard of after this long was lost on the way: longer than the request's own time-out. */
const askedWithin = 15 * second
/** Between looks at the provider while a call ought to be over, and while somebody may still be talking. */
const lookEvery = 15 * second
const talkLookEvery = 30 * second
const talkFirstLook = 60 * second
/** The provider may ring this much longer than it was told (telephony.md §1.3). */
const ringsLonger = 5 * second
const margin = 10 * second
/** How long after its ringing time a call that cannot be found may still stand in the provider's queue or list. */
const listsLag = 30 * second
/** After this long without a word nothing can be ringing any more, whoever could have told us. */
const giveUpAfter = 120 * second
/** No call lasts longer: it is put down, and a minute later counted as over. */
const talkAtMost = 8 * 60 * second
const talkGivenUp = 9 * 60 * second
/** How long a delivery report of a text is waited for. */
const textReportWithin = 120 * second
const textTraceWithin = 60 * second
/** Pauses between tries that were refused for now. */
const pauses = [2, 4, 8, 16, 30]

const rank = { waiting: 0, claimed: 1, unknown: 1, placed: 2, ringing: 3, answered: 4, ended: 5 } as const

/** The next state, and what is said on the telephone. An event that changes nothing gives back the very same life. */
export function decide(life: Life, event: LineEvent, now: Date): Step {
  const step = happened(life, event, now)
  const after = step.life
  // wanted now: nothing else is waited for
  if (wantsHangUp(after) && !wantsHangUp(life)) return { ...step, life: { ...after, wakeAt: now } }
  return step
}

function happened(life: Life, event: LineEvent, now: Date): Step {
  if (kindOf(event) !== null && kindOf(event) !== life.kind) return to(life)
  switch (event.kind) {
    case 'claimed':
      return life.state === 'waiting'
        ? to({ ...life, state: 'claimed', claimedAt: now, wakeAt: later(now, askedWithin) })
        : to(life)
    case 'given back':
      return life.state === 'claimed' ? to(backToWaiting(life, now, now)) : to(life)
    case 'asked':
      return asked(life, event.asked, now)
    case 'expired':
      return life.state === 'waiting' && life.usefulUntil <= now
        ? to(ended(life, 'not placed', 'too late', now))
        : to(life)
    case 'cancelled':
      return to(cancelled(life, now))
    case 'answered':
    case 'keyed':
    case 'silent':
    case 'recorded':
    case 'fallback':
      return talked(life, event, now)
    case 'state':
      if (isStray(life, event)) return { life, ask: null, stray: event.sid }
      return to(reported(life, event, now))
    case 'machine':
      // one detection in a call, one verdict
      return to(life.machine === null ? { ...adopted(life, event.sid, now), machine: event.verdict } : life)
    case 'text state':
      return to(textReported(life, event, now))
    case 'found':
      return to(found(life, event.found, now))
    case 'unreadable':
      return to(life)
    case 'turned over':
      return to(life.state === 'answered' && !life.wordsAt ? lookAgain({ ...life, wordsAt: now }, now) : life)
    case 'not found out':
      return to(lookAgain(life, now))
  }
}

/** What alone an event can speak of, or null for both. */
function kindOf(event: LineEvent): 'call' | 'text' | null {
  switch (event.kind) {
    case 'text state':
      return 'text'
    case 'answered':
    case 'keyed':
    case 'silent':
    case 'recorded':
    case 'fallback':
    case 'state':
    case 'machine':
    case 'turned over':
    case 'found':
      return 'call'
    default:
      return null
  }
}

/** What a live row whose time has come needs of the provider; null when the machine can decide without. */
export function lookOf(life: Life, now: Date): Look | null {
  if (life.kind === 'text' || !isLive(life)) return null
  if (life.sid === null) return 'search'
  if (wantsHangUp(life)) return leavesWords(life) ? 'turn over' : 'hang up'
  return isOverdue(life, now) ? 'hang up' : 'look up'
}

/** A call that nobody wants any more, or that would talk to a machine. */
function wantsHangUp(life: Life): boolean {
  if (life.kind === 'text' || life.sid === null || !isLive(life)) return false
  return life.hangUp || (life.machine === 'machine' && life.keys === '' && life.wordsAt === null)
}

/** Only to a machine that is still on the line, and once. */
function leavesWords(life: Life): boolean {
  return life.voicemailWords && life.state === 'answered' && !life.hangUp
}

function isOverdue(life: Life, now: Date): boolean {
  if (life.state === 'answered') return now >= later(life.answeredAt ?? now, talkAtMost)
  if (life.state === 'placed' && life.usefulUntil <= now) return true
  return now >= later(ringsFrom(life, now), life.ringSeconds * second + ringsLonger + 60 * second)
}

const isLive = (life: Life): boolean => life.state !== 'waiting' && life.state !== 'ended'

// ── asking ──────────────────────────────────────────────────────────────────────────────────────────────────────

function asked(life: Life, came: Asked, now: Date): Step {
  if (came.kind === 'placed') {
    // decided over while we were asking: nobody waits for this call
    if (life.state === 'ended')
      return { life, ask: null, stray: life.kind === 'call' && life.sid !== came.sid ? came.sid : null }
    return to(adopted(life, came.sid, now))
  }
  // a webhook was faster than the answer, or another has decided meanwhile
  if (life.state !== 'claimed') return to(life)
  if (came.kind === 'unknown') {
    const first = life.kind === 'text' ? textTraceWithin : askedWithin
    const from = life.claimedAt ?? now
    return to({
      ...life,
      state: 'unknown',
      resultCode: came.reason,
      wakeAt: latest(later(from, first), later(now, 5 * second)),
    })
  }
  if (life.hangUp) return to(ended(life, 'cancelled', came.code, now))
  if (!came.temporary) return to(ended(life, refusedFor(life, came.result), came.code, now))
  const notBefore = later(now, pauses[Math.min(life.tries, pauses.length - 1)]! * second)
  // a provider that is merely busy takes this call in its turn: patience is for one that is not there or shuts us out
  const refusedSince = came.trouble ? (life.refusedSince ?? now) : null
  const isOverdue =
    refusedSince !== null &&
    life.patienceSeconds !== null &&
    now >= later(refusedSince, life.patienceSeconds * second)
  if (notBefore >= life.usefulUntil || isOverdue) return to(ended(life, 'not placed', came.code, now))
  const waiting = backToWaiting(life, notBefore, now)
  return to({ ...waiting, tries: life.tries + 1, refusedSince, resultCode: came.code })
}

/** A text that is refused because of its number was not delivered; why, its code says. */
const refusedFor = (life: Life, result: RefusedResult): Result =>
  life.kind === 'text' && result === 'unreachable number' ? 'not delivered' : result

function backToWaiting(life: Life, notBefore: Date, now: Date): Life {
  if (life.hangUp) return ended(life, 'cancelled', null, now)
  return { ...life, state: 'waiting', notBefore, claimedAt: null, wakeAt: null }
}

function cancelled(life: Life, now: Date): Life {
  if (life.state === 'waiting') return ended(life, 'cancelled', null, now)
  return life.state === 'ended' || life.hangUp ? life : { ...life, hangUp: true }
}

/** The provider has it: this is its name. A name that comes with our token is proof, also against one found in a list. */
function adopted(life: Life, sid: string, now: Date): Life {
  if (life.state === 'ended' || (life.sid === sid && rank[life.state] >= rank.placed)) return life
  const known = { ...life, sid, sequence: life.sid === sid ? life.sequence : -1 }
  if (rank[life.state] >= rank.placed) return known
  const wakeAt = later(
    now,
    life.kind === 'text' ? textReportWithin : life.ringSeconds * second + ringsLonger + margin,
  )
  return {
    ...known,
    state: 'placed',
    placedAt: now,
    claimedAt: life.claimedAt ?? now,
    wakeAt,
    resultCode: null,
  }
}

// ── reports ─────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A call of ours that was counted as over before it began: it stood in the provider's queue, or its list, for longer than was waited. It
 * must not ring beside the attempt that followed it.
 */
const isStray = (life: Life, event: LineEvent & { kind: 'state' }): boolean =>
  life.state === 'ended' && life.sid !== event.sid && event.state.kind !== 'ended'

function reported(life: Life, event: LineEvent & { kind: 'state' }, now: Date): Life {
  if (life.state === 'ended') return life
  const isOld = event.sequence !== null && life.sid === event.sid && event.sequence <= life.sequence
  if (isOld) return life
  const known = adopted(life, event.sid, now)
  const after = inState(known, event.state, event.code, now)
  return event.sequence === null ? after : { ...after, sequence: event.sequence }
}

function inState(life: Life, state: LineState, code: string | null, now: Date): Life {
  switch (state.kind) {
    case 'queued':
      return life
    case 'ringing':
      if (rank[life.state] >= rank.ringing) return life
      return {
        ...life,
        state: 'ringing',
        rangAt: now,
        wakeAt: later(now, life.ringSeconds * second + ringsLonger + margin),
      }
    case 'in progress':
      return talking(life, now)
    case 'ended':
      return ended(life, resultOf(life, state.how), code, now)
  }
}

function talking(life: Life, now: Date): Life {
  if (rank[life.state] >= rank.answered) return life
  return {
    ...life,
    state: 'answered',
    rangAt: life.rangAt ?? now,
    answeredAt: now,
    wakeAt: later(now, talkFirstLook),
  }
}

/** What the end of a call means for its owner (telephony.md §1.3). */
function resultOf(life: Life, how: LineEnd): Result {
  if (life.keys !== '') return 'acknowledged'
  switch (how) {
    case 'completed':
      if (life.hangUp) return 'cancelled'
      if (life.machine === 'machine') return 'voicemail'
      // nobody heard a word of ours: our outage, never "no key" (telephony.md §1.10, 11200)
      return life.servedAt === null ? 'not placed' : 'answered without a key'
    case 'no answer':
      return 'rang out'
    case 'busy':
      return 'busy'
    case 'rejected':
      return 'rejected'
    case 'unreachable':
      return 'unreachable number'
    case 'failed':
      return 'not placed'
    case 'cancelled':
      return life.hangUp ? 'cancelled' : 'not placed'
  }
}

function textReported(life: Life, event: LineEvent & { kind: 'text state' }, now: Date): Life {
  if (life.state === 'ended') return life
  const known = adopted(life, event.sid, now)
  if (event.state === 'delivered') return ended(known, 'delivered', event.code, now)
  if (event.state === 'failed') return ended(known, 'not delivered', event.code, now)
  return known
}

function ended(life: Life, result: Result, code: string | null, now: Date): Life {
  return { ...life, state: 'ended', result, resultCode: code ?? life.resultCode, endedAt: now, wakeAt: null }
}

// ── talking ─────────────────────────────────────────────────────────────────────────────────────────────────────

type Talk = LineEvent & { kind: 'answered' | 'keyed' | 'silent' | 'recorded' | 'fallback' }

function talked(life: Life, event: Talk, now: Date): Step {
  if (life.state === 'ended') return talkedAfterTheEnd(life, event)
  const known = talking(adopted(life, event.sid, now), now)
  const { keys, silences } = known
  switch (event.kind) {
    case 'answered':
      return { life: served(known, now), ask: { kind: 'answered', keys, silences }, stray: null }
    case 'fallback':
      return to(known.servedAt === null ? known : { ...known, servedAt: null })
    case 'keyed': {
      const again = sameKeyAgain(known, event.turn)
      if (again) return { life: known, ask: again, stray: null }
      const after = {
        ...served(known, now),
        keys: keys + event.key,
        silences: 0,
        wakeAt: later(now, talkFirstLook),
      }
      return {
        life: after,
        ask: { kind: 'keyed', key: event.key, keys: after.keys, silences: 0 },
        stray: null,
      }
    }
    case 'silent': {
      const again = sameSilenceAgain(known, event.turn)
      if (again) return { life: known, ask: again, stray: null }
      const after = { ...served(known, now), silences: silences + 1, wakeAt: later(now, talkFirstLook) }
      return { life: after, ask: { kind: 'silent', keys, silences: after.silences }, stray: null }
    }
    case 'recorded': {
      const after = { ...served(known, now), wakeAt: later(now, talkFirstLook) }
      return { life: after, ask: recorded(known, event), stray: null }
    }
  }
}

/** What was recorded is its owner's, whenever it comes: whoever hangs up after speaking has spoken. */
const recorded = (
  { keys, silences }: Life,
  { recordingSid, seconds, isFileReady }: LineEvent & { kind: 'recorded' },
): Ask => ({ kind: 'recorded', keys, silences, recordingSid, seconds, isFileReady })

const served = (life: Life, now: Date): Life => (life.servedAt ? life : { ...life, servedAt: now })

/** The end overtook the key: it counts all the same, and its owner decides what it is worth now. */
function talkedAfterTheEnd(life: Life, event: Talk): Step {
  if (event.kind === 'fallback') return to(life)
  if (event.kind === 'recorded' && life.sid === event.sid)
    return { life, ask: recorded(life, event), stray: null }
  if (event.kind !== 'keyed' || life.sid !== event.sid) return { life, ask: { kind: 'sorry' }, stray: null }
  const again = sameKeyAgain(life, event.turn)
  if (again) return { life, ask: again, stray: null }
  const after: Life = { ...life, keys: life.keys + event.key, silences: 0, result: 'acknowledged' }
  return { life: after, ask: { kind: 'keyed', key: event.key, keys: after.keys, silences: 0 }, stray: null }
}

/** One prompt takes one key, so a prompt that has its key is being told of again. */
function sameKeyAgain(life: Life, turn: Turn | null): Ask | null {
  const key = turn && life.keys[turn.keys]
  return key ? { kind: 'keyed', key, keys: life.keys.slice(0, turn.keys + 1), silences: 0 } : null
}

function sameSilenceAgain(life: Life, turn: Turn | null): Ask | null {
  if (!turn) return null
  const isOver = turn.keys < life.keys.length || turn.silences < life.silences
  return isOver ? { kind: 'silent', keys: life.keys.slice(0, turn.keys), silences: turn.silences + 1 } : null
}

// ── finding out ─────────────────────────────────────────────────────────────────────────────────────────────────

function found(life: Life, seen: Found | null, now: Date): Life {
  if (!isLive(life)) return life
  if (!seen) return notThere(life, now)
  const known = adopted(life, seen.sid, now)
  const judged = seen.answeredBy && known.machine === null ? { ...known, machine: seen.answeredBy } : known
  return lookAgain(inState(judged, seen.state, null, now), now)
}

function notThere(life: Life, now: Date): Life {
  const rung = life.ringSeconds * second + ringsLonger
  // a call that was named to us and is not there: the provider's tables lag a little, not for ever
  const until = later(ringsFrom(life, now), rung + listsLag)
  if (now < until) return lookAgain(life, now)
  return ended(
    life,
    resultOf(life, life.hangUp ? 'cancelled' : 'failed'),
    life.resultCode ?? 'not found',
    now,
  )
}

/** Nothing new: look again a little later, or give up when nothing can be going on any more. */
function lookAgain(life: Life, now: Date): Life {
  if (!isLive(life)) return life
  if (life.kind === 'text') return textSilent(life, now)
  if (now >= givenUpAt(life, now)) {
    // somebody answered: what is known of it is its end. Otherwise nobody can say that the telephone ever rang.
    const how = life.state === 'answered' ? 'completed' : life.hangUp ? 'cancelled' : 'failed'
    return ended(life, resultOf(life, how), life.resultCode ?? 'no word', now)
  }
  const state = life.state === 'claimed' ? 'unknown' : life.state
  return { ...life, state, wakeAt: later(now, life.state === 'answered' ? talkLookEvery : lookEvery) }
}

function givenUpAt(life: Life, now: Date): Date {
  if (life.state === 'answered') return later(life.answeredAt ?? now, talkGivenUp)
  return later(ringsFrom(life, now), life.ringSeconds * second + ringsLonger + giveUpAfter)
}

/** No report of a text: the provider took it, or nobody knows. A claimed one first becomes unknown. */
function textSilent(life: Life, now: Date): Life {
  if (life.state === 'placed') {
    const report = later(life.placedAt ?? now, textReportWithin)
    return now >= report ? ended(life, 'sent', life.resultCode, now) : { ...life, wakeAt: report }
  }
  const until = later(life.claimedAt ?? now, textTraceWithin)
  if (now >= until) return ended(life, 'not placed', life.resultCode ?? 'no trace', now)
  return { ...life, state: 'unknown', wakeAt: until }
}

const ringsFrom = (life: Life, now: Date): Date => life.rangAt ?? life.placedAt ?? life.claimedAt ?? now

const to = (life: Life): Step => ({ life, ask: null, stray: null })
const later = (from: Date, ms: number): Date => new Date(from.getTime() + ms)
const latest = (a: Date, b: Date): Date => (a > b ? a : b)
