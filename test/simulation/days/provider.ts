// Simulation / days / provider: the telephone network and the people at its ends. It takes calls and texts, rings, and tells and asks the
// web process, with every fault that it has. What it saw is the other half of the ledger: the rules compare it with our rows.
import type { Seeded } from '../../../src/kit/seeded.ts'
import type { Asked, Found, LineEnd, LineEvent, LineState } from '../../../src/lines/types.ts'
import { noAnswer, refusal } from '../../../src/outside/phone/twilio-words.ts'
import { answersTexts, webAsks, webHears } from './web.ts'
import type { Line, Outgoing, World } from './world.ts'

export interface Provider {
  ask(outgoing: Outgoing, line: Line): { asked: Asked; tookMs: number }
  isThere(line: Line): boolean
  /** whether a question about this one gets an answer */
  isReached(outgoing: Outgoing): boolean
  latency(line: Line): number
  lookUp(sid: string): Found | null
  /** @param asOf now, by the clock that `createdAfter` is of */
  list(outgoing: Outgoing, createdAfter: Date, asOf: Date): Found[]
  hangUp(sid: string): void
  /** Our side has taken note that this call rings. */
  noteRinging(sid: string, outgoing: Outgoing): void
}

/** A call as the provider knows it. */
export interface PhoneCall {
  readonly sid: string
  readonly outgoing: Outgoing
  readonly createdAt: Date
  state: LineState
  answeredBy: 'human' | 'machine' | null
  isRinging: boolean
  /** we were told that it rings, and it was over in our rows: we have put it down, unless the provider cannot be asked */
  isUnwanted: boolean
}

const second = 1000
const minute = 60 * second
const timeoutMs = 10 * second
/** The list of calls lags behind the calls. */
const listsLagMs = 2 * second

export function providerOf(world: World, chance: Seeded): Provider {
  const calls = new Map<string, PhoneCall>()
  const { engine } = world
  let made = 0

  function ask(outgoing: Outgoing, line: Line): { asked: Asked; tookMs: number } {
    const answer = answerTo(outgoing, line)
    if (answer.asked.kind === 'unknown') world.rules.unknown()
    return answer
  }

  function answerTo(outgoing: Outgoing, line: Line): { asked: Asked; tookMs: number } {
    const { faults } = world
    world.rules.asked(outgoing, line)
    if (faults.isOn('provider down', line)) {
      faults.strikes('provider down', outgoing)
      return { asked: noAnswer('ECONNREFUSED', 'connect'), tookMs: 10 }
    }
    if (faults.strikes('requests refused', outgoing)) {
      const status = chance.pick([429, 429, 500, 503])
      if (status === 500) take(outgoing, 0)
      return { asked: refusal(status, status === 429 ? 20429 : null), tookMs: 100 }
    }
    if (faults.strikes('brown-out', outgoing)) {
      const tookMs = chance.int(2 * second, 25 * second)
      if (tookMs < timeoutMs) return { asked: { kind: 'placed', sid: take(outgoing, tookMs) }, tookMs }
      if (chance.bool()) take(outgoing, tookMs)
      return { asked: noAnswer('ECONNABORTED', null), tookMs: timeoutMs }
    }
    const sid = take(outgoing, 0)
    if (faults.strikes('answers lost', outgoing))
      return { asked: noAnswer('ECONNRESET', null), tookMs: chance.int(50, timeoutMs) }
    return { asked: { kind: 'placed', sid }, tookMs: chance.int(60, 250) }
  }

  /** It is done, whatever we hear of it. @param afterMs from now */
  function take(outgoing: Outgoing, afterMs: number): string {
    const sid = `P${++made}`
    if (outgoing.life.kind === 'text') {
      engine.after(afterMs, () => deliver(outgoing, sid))
      return sid
    }
    const call: PhoneCall = {
      sid,
      outgoing,
      createdAt: new Date(engine.now + afterMs),
      state: { kind: 'queued' },
      answeredBy: null,
      isRinging: false,
      isUnwanted: false,
    }
    calls.set(sid, call)
    engine.after(afterMs, () => {
      const queued = world.faults.strikes('calls queued', outgoing)
      engine.after(queued ? chance.int(5 * second, 150 * second) : chance.int(200, 1500), () => ring(call))
    })
    return sid
  }

  // ── a call ────────────────────────────────────────────────────────────────────────────────────────────────────

  function ring(call: PhoneCall): void {
    if (call.state.kind !== 'queued') return
    const { to, life } = call.outgoing
    const mood = chance.next()
    const isReliable = mood < to.reliability
    const wasBusy = to.busyWith !== null
    world.rules.rang(call)
    if (wasBusy || (!isReliable && mood > 0.985)) {
      end(call, chance.pick(['busy', 'rejected', 'unreachable']))
      return
    }
    call.state = { kind: 'ringing' }
    call.isRinging = true
    to.busyWith = call.outgoing
    tell(call.outgoing, { kind: 'state', sid: call.sid, state: call.state, sequence: 1, code: null }, 30)
    const answersAfter = chance.int(2 * second, Math.max(3 * second, (life.ringSeconds - 2) * second))
    if (isReliable) engine.after(answersAfter, () => answer(call, 'human', true))
    else if (mood > 0.95) engine.after(answersAfter, () => answer(call, 'human', false))
    else if (mood > 0.93) engine.after(life.ringSeconds * 900, () => answer(call, 'machine', false))
    else engine.after(life.ringSeconds * second, () => end(call, 'no answer'))
  }

  function answer(call: PhoneCall, by: 'human' | 'machine', presses: boolean): void {
    if (call.state.kind !== 'ringing') return
    world.rules.picksUp(call)
    call.state = { kind: 'in progress' }
    const { outgoing, sid } = call
    tell(outgoing, { kind: 'state', sid, state: call.state, sequence: 2, code: null }, 30)
    if (by === 'machine' || chance.bool(0.1))
      engine.after(4 * second, () => {
        if (call.state.kind !== 'in progress') return
        call.answeredBy = by
        tell(outgoing, { kind: 'machine', sid, verdict: by }, 30)
      })
    engine.after(chance.int(40, 200), () => {
      if (call.state.kind !== 'in progress') return
      const heard = webAsks(world, outgoing, { kind: 'answered', sid })
      if (!heard) fallback(call)
      else if (presses && heard.asks) engine.after(chance.int(3 * second, 15 * second), () => press(call, 0))
      else engine.after(chance.int(8 * second, 40 * second), () => end(call, 'completed'))
    })
  }

  /** A key, and whatever is asked after it. */
  function press(call: PhoneCall, keys: number): void {
    if (call.state.kind !== 'in progress') return
    const { outgoing, sid } = call
    const key = outgoing.owner.room === 'calls' && chance.bool(0.02) ? '9' : '1'
    world.rules.pressed(outgoing, key)
    const event = { kind: 'keyed', sid, key, turn: { keys, silences: 0 } } as const
    const heard = webAsks(world, outgoing, event)
    if (world.faults.strikes('callbacks repeated', outgoing))
      engine.after(second, () => webAsks(world, outgoing, event))
    const more = heard?.asks && outgoing.owner.room === 'alerts' && keys < 8
    if (!heard) fallback(call)
    else if (more) engine.after(chance.int(3 * second, 10 * second), () => press(call, keys + 1))
    else engine.after(chance.int(3 * second, 6 * second), () => end(call, 'completed'))
  }

  function fallback(call: PhoneCall): void {
    webAsks(world, call.outgoing, { kind: 'fallback', sid: call.sid })
    engine.after(4 * second, () => end(call, 'completed'))
  }

  function end(call: PhoneCall, how: LineEnd): void {
    if (call.state.kind === 'ended') return
    call.state = { kind: 'ended', how, seconds: 10 }
    if (call.isRinging) call.outgoing.to.busyWith = null
    call.isRinging = false
    tell(call.outgoing, { kind: 'state', sid: call.sid, state: call.state, sequence: 3, code: null }, 30)
  }

  // ── a text ────────────────────────────────────────────────────────────────────────────────────────────────────

  function deliver(outgoing: Outgoing, sid: string): void {
    world.rules.written(outgoing)
    const isLost = world.faults.strikes('texts undelivered', outgoing)
    const code = isLost ? '30008' : null
    tell(
      outgoing,
      { kind: 'text state', sid, state: isLost ? 'failed' : 'delivered', code },
      chance.int(second, 8 * second),
    )
    if (isLost || !chance.bool(outgoing.to.reliability * 0.7)) return
    engine.after(chance.int(20 * second, chance.pick([2 * minute, 20 * minute, 90 * minute])), () => {
      answersTexts(world, outgoing)
    })
  }

  // ── telling ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** A report, with all that can happen to one on its way. */
  function tell(outgoing: Outgoing, event: LineEvent, ms: number): void {
    const { faults } = world
    let at = ms + chance.int(0, 100)
    if (faults.strikes('callbacks lost', outgoing)) return
    if (faults.strikes('callbacks delayed', outgoing))
      at += chance.int(second, chance.pick([10 * second, 3 * minute, 20 * minute]))
    if (faults.strikes('callbacks reordered', outgoing)) at += chance.int(second, 40 * second)
    engine.after(at, () => webHears(world, outgoing, event, 3))
    if (faults.strikes('callbacks repeated', outgoing))
      engine.after(at + chance.int(0, chance.pick([second, 5 * minute])), () =>
        webHears(world, outgoing, event, 0),
      )
  }

  const found = ({ sid, outgoing, createdAt, state, answeredBy }: PhoneCall): Found => ({
    sid,
    to: outgoing.to.number,
    from: '',
    createdAt,
    state,
    answeredBy,
  })

  return {
    ask,
    isThere: (line) =>
      !world.faults.isOn('provider down', line) && !(world.faults.isOn('brown-out', line) && chance.bool()),
    isReached: (outgoing) =>
      !world.faults.isOn('provider down', outgoing.line) && !world.faults.strikes('brown-out', outgoing),
    latency: () => chance.int(50, 300),
    lookUp(sid) {
      const call = calls.get(sid)
      return call ? found(call) : null
    },
    list({ to }, createdAfter, asOf) {
      const after = createdAfter.getTime() - Math.max(0, asOf.getTime() - engine.now)
      return [...calls.values()]
        .filter(({ outgoing, createdAt }) => {
          const at = createdAt.getTime()
          return outgoing.to === to && at >= after && at + listsLagMs <= engine.now
        })
        .map(found)
    },
    noteRinging(sid, outgoing) {
      const call = calls.get(sid)
      const canBeAsked = !world.faults.isOn('provider down', outgoing.line)
      if (call && canBeAsked && outgoing.life.state === 'ended' && outgoing.life.sid !== sid)
        call.isUnwanted = true
    },
    hangUp(sid) {
      const call = calls.get(sid)
      if (call && world.faults.isOn('provider down', call.outgoing.line)) return
      if (!call || call.state.kind === 'ended') return
      end(call, call.state.kind === 'in progress' ? 'completed' : 'cancelled')
    },
  }
}
