// The life of one outgoing, for tests of its machine: how it begins at nine, and what may happen to it.
import type { LineEnd, LineState } from '../outside/phone/port.ts'
import { decide } from './machine.ts'
import type { Found, Life, LineEvent } from './types.ts'

export const nine = new Date('2026-11-24T09:00:00Z')
export const at = (seconds: number) => new Date(nine.getTime() + seconds * 1000)

export const waiting: Life = {
  kind: 'call',
  state: 'waiting',
  ringSeconds: 30,
  usefulUntil: at(3600),
  refusedSince: null,
  patienceSeconds: null,
  voicemailWords: false,
  wordsAt: null,
  tries: 0,
  notBefore: nine,
  wakeAt: null,
  sid: null,
  sequence: -1,
  machine: null,
  keys: '',
  silences: 0,
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
export const waitingText: Life = { ...waiting, kind: 'text' }

/** Live through `events`, each at its second after nine. */
export function live(life: Life, ...events: [number, LineEvent][]): Life {
  return events.reduce((before, [second, event]) => decide(before, event, at(second)).life, life)
}
export const claimed: LineEvent = { kind: 'claimed' }
export const placed: LineEvent = { kind: 'asked', asked: { kind: 'placed', sid: 'CA1' } }
export const unknown: LineEvent = { kind: 'asked', asked: { kind: 'unknown', reason: 'ECONNRESET' } }
export const refused = (temporary: boolean): LineEvent => ({
  kind: 'asked',
  asked: { kind: 'refused', temporary, result: 'not placed', code: '20429', reason: 'too many requests' },
})
export const state = (
  state: LineState,
  sequence: number | null,
  sid = 'CA1',
  code: string | null = null,
): LineEvent => ({
  kind: 'state',
  sid,
  state,
  sequence,
  code,
})
export const over = (how: LineEnd, sequence: number | null = 3) =>
  state({ kind: 'ended', how, seconds: 1 }, sequence)
export const queued = state({ kind: 'queued' }, 0)
export const ringing = state({ kind: 'ringing' }, 1)
export const inProgress = state({ kind: 'in progress' }, 2)
export const answered: LineEvent = { kind: 'answered', sid: 'CA1' }
export const machine: LineEvent = { kind: 'machine', sid: 'CA1', verdict: 'machine' }
export const key = (digit: string, keys: number, silences = 0): LineEvent => ({
  kind: 'keyed',
  sid: 'CA1',
  key: digit,
  turn: { keys, silences },
})
export const silent = (keys: number, silences: number): LineEvent => ({
  kind: 'silent',
  sid: 'CA1',
  turn: { keys, silences },
})
export const notFoundOut: LineEvent = { kind: 'not found out' }
export const foundAs = (state: LineState): LineEvent => ({ kind: 'found', found: seen(state) })
export const seen = (state: LineState): Found => ({
  sid: 'CA1',
  from: '+441632960001',
  to: '+441632960101',
  createdAt: nine,
  state,
  answeredBy: null,
})
