// Ringin / machine: decides what a call that came in leads to, key by key. Pure. Only advance.ts calls it.
//
// The rules, on one page:
//
//  1. Who rings from a number that we ring is a receiver, and hears the message of the day at once. Any key acknowledges what is open
//     or was missed, or checks in early for what is soon due. The help key asks for help.
//  2. A number can be forged. It never pauses or stops anything by itself: the wish must be *proved*, by the PIN or by a key when we
//     ring the number that we know. Nothing here grants a wish without one of the two.
//  3. "Stop these calls" is asked twice, whatever the proof.
//  4. A PIN that is wrong is counted. After three in one call, or five within an hour, none is asked for any more; being rung back
//     stays possible.
//  5. From another telephone the number and its PIN make a caller known, and proved. Until then no name is said. A wrong number and a
//     wrong PIN are answered alike.
//  6. Who is told of alerts hears first of one that waits: 1 accepts it, one by one; of their own they say how it went.
//  7. Anybody else hears a kind sentence and may leave a message, or give a code of six digits and record one for a receiver.
//  8. Two silences in a row end it, and so do forty answers. A hang-up needs nothing: what was done was done when its key came.
import type { Effect, Facts, Just, Step, Talk, TalkEvent, Wish } from './types.ts'

const silencesAtMost = 2
const roundsAtMost = 40
const wrongPinsAtMost = 3
/** Whoever is away longer pauses on the page, or says so to somebody. */
export const daysAtMost = 60
/** A choice has one key. */
const candidatesAtMost = 9

const nobody: Talk = {
  at: 'stranger',
  silences: 0,
  rounds: 0,
  serviceId: null,
  isProved: false,
  wish: null,
  typed: null,
  wrongPins: 0,
  isDone: false,
  alertIds: [],
  takeId: null,
}

/** The first words. @param alertIds what this number was told of and may answer, the most urgent first */
export function begin(facts: Pick<Facts, 'candidates'>, alertIds: readonly string[]): Talk {
  if (alertIds.length > 0) return { ...nobody, at: 'alert', alertIds }
  return afterAlerts(nobody, facts.candidates)
}

function afterAlerts(talk: Talk, candidates: Facts['candidates']): Talk {
  if (candidates.length === 0) return { ...talk, at: 'stranger' }
  const [only, ...others] = candidates
  return others.length === 0 ? { ...talk, at: 'home', serviceId: only!.serviceId } : { ...talk, at: 'which' }
}

/** Where the conversation goes. One that is over stays as it is: the very same object. */
export function decide(before: Talk, event: TalkEvent, facts: Facts): Step {
  if (before.at === 'over') return { talk: before, effects: [], just: null }
  const talk = { ...before, rounds: before.rounds + 1 }
  if (talk.at === 'take') return to(talk, null, [{ do: 'go on with take' }])
  if (event.kind === 'recorded') return recorded(talk, event)
  if (talk.rounds >= roundsAtMost) return over(talk, 'goodbye')
  if (event.kind === 'silence' || event.keys === '') return silent(talk, facts)
  return keyed({ ...talk, silences: 0 }, event.keys, facts)
}

/** Whoever hangs up after speaking has spoken. */
function recorded(talk: Talk, event: TalkEvent & { kind: 'recorded' }): Step {
  const { recordingSid, seconds } = event
  if (talk.at !== 'message') return to(talk)
  return over(talk, 'kept message', [{ do: 'keep message', recordingSid, seconds }])
}

function silent(talk: Talk, facts: Facts): Step {
  // whoever does not know the PIN need not type one
  if (talk.at === 'pin' && talk.wish) return ringBack(talk, talk.wish, facts)
  if (talk.isDone && talk.at === 'home') return over(talk, 'goodbye')
  if (talk.at === 'alert' && facts.alert === 'settled') return nextAlert(talk, null, facts)
  const silences = talk.silences + 1
  return silences >= silencesAtMost ? over(talk, 'goodbye') : to({ ...talk, silences })
}

function keyed(talk: Talk, keys: string, facts: Facts): Step {
  switch (talk.at) {
    case 'home':
      return atHome(talk, keys, facts)
    case 'choices':
      return choose(talk, keys, facts)
    case 'how many days':
      return pauseFor(talk, keys, facts)
    case 'stop':
      return keys === '1' ? to({ ...talk, at: 'really stop' }) : unchanged(talk)
    case 'really stop':
      return keys === '1' ? wishes(talk, { do: 'stop' }, facts) : unchanged(talk)
    case 'pin':
      return givePin(talk, keys, facts)
    case 'which':
      return pick(talk, keys, facts)
    case 'alert':
      return aboutAlert(talk, keys, facts)
    case 'stranger':
      return whoIsIt(talk, keys, facts)
    case 'number':
      return to({ ...talk, at: 'number and pin', typed: keys })
    case 'number and pin':
      return prove(talk, facts)
    case 'code':
      return giveCode(talk, facts)
    case 'message':
    case 'take':
    case 'over':
      return to(talk, 'not understood')
  }
}

// ── the receiver ────────────────────────────────────────────────────────────────────────────────────────────────

/** 0, unless that asks for help. */
export const moreKeyOf = (helpKey: string): string => (helpKey === '0' ? '#' : '0')

function atHome(talk: Talk, key: string, { receiver }: Facts): Step {
  if (!receiver) return over(talk, 'goodbye')
  const { today, helpKey } = receiver
  if (key === helpKey) return over(talk, 'help', [{ do: 'ask for help' }])
  if (key === '*') return to({ ...talk, isDone: false })
  if (key === moreKeyOf(helpKey) && today !== 'stopped') {
    // any key is a person, this one too; but it does not speak for a call that is still to come
    const isProof = today === 'open' || today === 'missed'
    return to({ ...talk, at: 'choices', isDone: true }, null, isProof ? [{ do: 'acknowledge' }] : [])
  }
  if (today === 'nothing' || today === 'stopped') return to({ ...talk, isDone: true }, 'nothing to do')
  const just = today === 'early' ? 'checked in' : 'acknowledged'
  return to({ ...talk, isDone: true }, just, [{ do: 'acknowledge' }])
}

function choose(talk: Talk, key: string, facts: Facts): Step {
  if (key === facts.receiver?.helpKey) return over(talk, 'help', [{ do: 'ask for help' }])
  switch (key) {
    case '1':
      return wishes(talk, { do: 'pause', days: 1 }, facts)
    case '2':
      return to({ ...talk, at: 'how many days' })
    case '3':
      return to({ ...talk, at: 'stop' })
    case '*':
      return to(talk)
    default:
      return to(talk, 'not understood')
  }
}

function pauseFor(talk: Talk, keys: string, facts: Facts): Step {
  const days = /^\d{1,2}$/.test(keys) ? Number(keys) : 0
  return days >= 1 && days <= daysAtMost
    ? wishes(talk, { do: 'pause', days }, facts)
    : to(talk, 'not understood')
}

function unchanged(talk: Talk): Step {
  return to({ ...talk, at: 'home', isDone: true, wish: null }, 'nothing changed')
}

/** Only what is proved is granted. */
function wishes(talk: Talk, wish: Wish, facts: Facts): Step {
  if (talk.isProved) return granted(talk, wish)
  if (facts.receiver?.hasPin && !facts.arePinsLocked && talk.wrongPins < wrongPinsAtMost)
    return to({ ...talk, at: 'pin', wish })
  return ringBack(talk, wish, facts)
}

function granted(talk: Talk, wish: Wish): Step {
  return over({ ...talk, wish }, 'granted', [{ do: 'grant', wish }])
}

function ringBack(talk: Talk, wish: Wish, { receiver }: Facts): Step {
  if (!receiver?.canBeRungBack) return over(talk, 'cannot ring back')
  return over({ ...talk, wish }, 'rings back', [{ do: 'ring back', wish }])
}

function givePin(talk: Talk, keys: string, facts: Facts): Step {
  const { wish } = talk
  if (!wish) return unchanged(talk)
  if (facts.arePinsLocked) return ringBack(talk, wish, facts)
  if (facts.isPin(keys)) return granted({ ...talk, isProved: true }, wish)
  const wrong = { ...talk, wrongPins: talk.wrongPins + 1 }
  const counted: Effect = { do: 'count wrong pin' }
  if (wrong.wrongPins < wrongPinsAtMost) return to(wrong, 'wrong pin', [counted])
  const step = ringBack(wrong, wish, facts)
  return { ...step, effects: [counted, ...step.effects] }
}

// ── who is it? ──────────────────────────────────────────────────────────────────────────────────────────────────

function pick(talk: Talk, key: string, { candidates }: Facts): Step {
  const place = /^[1-9]$/.test(key) ? Number(key) : 0
  const chosen = candidates.slice(0, candidatesAtMost)[place - 1]
  if (!chosen) return to(talk, key === '*' ? null : 'not understood')
  const { serviceId } = chosen
  return to({ ...talk, at: 'home', serviceId }, null, [{ do: 'recognise', serviceId }])
}

function whoIsIt(talk: Talk, key: string, facts: Facts): Step {
  switch (key) {
    case '1':
      return to({ ...talk, at: 'message' })
    case '2':
      return facts.arePinsLocked ? to(talk, 'locked') : to({ ...talk, at: 'number' })
    case '3':
      return to({ ...talk, at: 'code' })
    case '*':
      return to(talk)
    default:
      return to(talk, 'not understood')
  }
}

function giveCode(talk: Talk, { code }: Facts): Step {
  if (code === 'paused') return to({ ...talk, at: 'stranger' }, 'codes locked')
  if (code === null || code === 'wrong') return to(talk, 'wrong code')
  return to({ ...talk, at: 'take', takeId: code.takeId }, null, [{ do: 'begin take' }])
}

function prove(talk: Talk, facts: Facts): Step {
  if (facts.arePinsLocked) return to({ ...talk, at: 'stranger', typed: null }, 'locked')
  const serviceId = facts.found
  if (serviceId)
    return to({ ...talk, at: 'home', serviceId, isProved: true, typed: null }, null, [
      { do: 'recognise', serviceId },
    ])
  const wrong = { ...talk, wrongPins: talk.wrongPins + 1 }
  const at = wrong.wrongPins < wrongPinsAtMost ? 'number' : 'stranger'
  return to({ ...wrong, at, typed: null }, 'no such number', [{ do: 'count wrong pin' }])
}

// ── somebody who is told of alerts ──────────────────────────────────────────────────────────────────────────────

function aboutAlert(talk: Talk, key: string, facts: Facts): Step {
  if (key === '*') return to(talk)
  if (facts.alert === 'waits')
    return key === '1' ? to(talk, 'accepted', [{ do: 'accept' }]) : nextAlert(talk, 'skipped', facts)
  // somebody was quicker, and whoever pressed 1 hears who
  if (facts.alert === 'settled' && key === '1') return to(talk)
  if (facts.alert !== 'yours') return nextAlert(talk, null, facts)
  switch (key) {
    case '1':
      return nextAlert(talk, 'fine', facts, [{ do: 'say', what: 'she is fine' }])
    case '2':
      return nextAlert(talk, 'going', facts, [{ do: 'say', what: 'I am going' }])
    case '3':
      return nextAlert(talk, 'get help', facts, [{ do: 'say', what: 'get help' }])
    default:
      return nextAlert(talk, 'skipped', facts)
  }
}

/** The next one, or, after the last, what this number would have heard without any. A contact who is no receiver is thanked. */
function nextAlert(talk: Talk, just: Just | null, facts: Facts, effects: readonly Effect[] = []): Step {
  const left = { ...talk, alertIds: talk.alertIds.slice(1) }
  if (left.alertIds.length > 0) return to(left, just, effects)
  if (facts.candidates.length === 0) return over(left, just ?? 'goodbye', effects)
  return to(afterAlerts(left, facts.candidates), just, effects)
}

const to = (talk: Talk, just: Just | null = null, effects: readonly Effect[] = []): Step => ({
  talk,
  effects,
  just,
})
const over = (talk: Talk, just: Just, effects: readonly Effect[] = []): Step => ({
  talk: { ...talk, at: 'over' },
  effects,
  just,
})
