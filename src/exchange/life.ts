// Exchange / life: the steps of a call that everything else builds on: being noted down, ringing, being answered, ending. Keeps
// call, telephone, line and ledger in step, and has the customer told. Called by calls.ts, speaking.ts, recording.ts.

import type { RingResult } from './ledger.ts'
import { type CallStatus, isOver, iso, type Leg, type Network } from './network.ts'
import { stopPlaying } from './playing.ts'
import { tell } from './telling.ts'
import type { Run } from './timeline.ts'

/** Note something down for this call; it is dropped when the call ends or is answered. */
export function later(network: Network, leg: Leg, at: number, run: Run): void {
  leg.appointments.push(network.timeline.add(at, run))
}

/** The next step of the document; there is only one at a time. */
export function wait(network: Network, leg: Leg, at: number, run: Run): void {
  leg.waiting?.cancel()
  leg.waiting = network.timeline.add(at, run)
}

export function dropAppointments(leg: Leg): void {
  for (const appointment of leg.appointments) appointment.cancel()
  leg.appointments.length = 0
}

/** Break off what the document is doing: its sound stops, and whatever it had begun comes back stale. */
export function interrupt(leg: Leg, at: number): void {
  leg.turn++
  leg.waiting?.cancel()
  leg.waiting = null
  stopPlaying(leg, at)
}

/** The ring begins as far as the ledger is concerned, and the line and the telephone are taken (unless another call has it). */
export function beginRing(network: Network, leg: Leg, at: number, clash: boolean): void {
  const { call } = leg
  leg.line.active++
  leg.ring = network.ledger.add({
    kind: 'ring',
    at: iso(at),
    way: call.way,
    lineName: call.lineName,
    from: call.way === 'in' ? leg.phone.number : call.from,
    to: call.to,
    result: null,
    answeredAt: null,
    endedAt: null,
    keys: [],
    heard: [],
    callSid: call.sid,
    voiceUrl: call.asked.voice?.url ?? null,
    statusUrl: call.asked.status?.url ?? null,
    clash,
  })
  if (!clash) {
    leg.phone.leg = leg
    leg.phone.lastLeg = leg
  }
  save(network, leg)
}

export function setRinging(network: Network, leg: Leg, at: number): void {
  leg.call.status = 'ringing'
  leg.call.updatedAt = at
  tell(network, leg.call, 'ringing', at)
  save(network, leg)
}

/** Somebody or something took the call: the person begins to act. */
export function setAnswered(network: Network, leg: Leg, at: number, by: 'human' | 'machine'): void {
  const { call, ring } = leg
  dropAppointments(leg)
  leg.person = by
  call.status = 'in-progress'
  call.answeredAt = at
  call.updatedAt = at
  if (ring) {
    ring.answeredAt = iso(at)
    ring.result = by === 'machine' ? 'voicemail' : 'answered'
  }
  later(network, leg, at + call.asked.timeLimitSeconds * 1000, (end) =>
    endCall(network, leg, 'completed', end),
  )
  leg.whenAnswered?.(at)
  save(network, leg)
}

export interface End {
  sip?: number
  error?: number
  /** how the ring ended, when the status does not say it */
  result?: RingResult
}

const resultOf: Readonly<Partial<Record<CallStatus, RingResult>>> = { busy: 'busy', failed: 'unreachable' }

/** End a call, whoever wants it. A call that is over stays as it is. */
export function endCall(network: Network, leg: Leg, status: CallStatus, at: number, end: End = {}): void {
  const { call, ring, phone, line } = leg
  if (isOver(leg)) return
  leg.beforeEnd?.(at)
  dropAppointments(leg)
  interrupt(leg, at)
  leg.ear = null
  call.status = status
  call.endedAt = at
  call.updatedAt = at
  call.sipCode = end.sip ?? (status === 'completed' ? 200 : null)
  call.errorCode = end.error ?? null
  if (ring) {
    line.active--
    ring.endedAt = iso(at)
    ring.result ??= end.result ?? resultOf[status] ?? 'no-answer'
  }
  if (phone.leg === leg) phone.leg = null
  network.legs.delete(call.sid)
  network.forgetting.push(call)
  tell(network, call, 'completed', at)
  save(network, leg)
}

export function save(network: Network, leg: Leg): void {
  network.store.save('call', leg.call.sid, leg.call)
  if (leg.ring) network.store.save('ring', leg.call.sid, leg.ring)
  network.changed()
}
