// Exchange / telling: what the customer's server is told of a call: its status callbacks in order with their numbers, and the
// parameters every webhook of a call carries (telephony.md §1.1, §1.2). Called by life.ts, documents.ts, detection.ts, recording.ts.
import { report } from './callbacks.ts'
import { type Call, type Network, type Place, type StatusEvent, talkedSeconds } from './network.ts'
import { rfc2822 } from './represent.ts'
import type { Delivered, Hook, Params } from './webhooks.ts'

/** What every webhook about a call carries. */
export function callParams(network: Network, call: Call): Record<string, string> {
  return {
    CallSid: call.sid,
    AccountSid: network.account.sid,
    From: call.from,
    To: call.to,
    Caller: call.from,
    Called: call.to,
    CallStatus: call.status,
    ApiVersion: '2010-04-01',
    Direction: call.way === 'in' ? 'inbound' : 'outbound-api',
  }
}

/** Tell of one event, if the customer asked to be told of it. The parameters are those of this instant, the request comes in its turn. */
export function tell(network: Network, call: Call, event: StatusEvent, at: number): void {
  const { status, statusEvents } = call.asked
  const wanted = status !== null && statusEvents.includes(event)
  if (event === 'completed') call.told = !wanted
  if (!wanted) return
  // it overtook the answer to the request for this call
  if (event === 'initiated' && call.sequence > 0) return
  const params = statusParams(network, call, event, at, call.sequence++)
  const isLast = event === 'completed'
  const isOnItsWay = report(network, {
    line: call.lineName,
    at,
    isLast,
    deliver: (forged) => deliverStatus(network, call, status, event, params, forged),
  })
  if (isLast && !isOnItsWay) call.told = true
}

/** Tell at once that the call left the queue, before the customer has the answer to their request for it. */
export async function tellEarly(network: Network, call: Call, at: number): Promise<void> {
  const { status, statusEvents } = call.asked
  if (status === null || !statusEvents.includes('initiated')) return
  const params = statusParams(network, call, 'initiated', at, call.sequence++)
  await deliverStatus(network, call, status, 'initiated', params)
}

/** Tell once more of the end, which a killed exchange could not any more. Its number is the one it had. */
export function tellEndAgain(network: Network, call: Call, at: number): void {
  const { status } = call.asked
  if (status === null) return
  const params = statusParams(network, call, 'completed', at, call.sequence - 1)
  network.timeline.add(at, () => deliverStatus(network, call, status, 'completed', params))
}

async function deliverStatus(
  network: Network,
  call: Call,
  place: Place,
  event: StatusEvent,
  params: Params,
  forged = false,
): Promise<void> {
  const done = await request(network, call, place, params, { forged })
  if (done.code !== null) note(network, call, 15003, 1, `status callback ${event}: ${done.reason}`, place)
  if (event !== 'completed') return
  call.told = true
  network.store.save('call', call.sid, call)
}

function statusParams(
  network: Network,
  call: Call,
  event: StatusEvent,
  at: number,
  sequence: number,
): Params {
  const params: Record<string, string> = {
    ...callParams(network, call),
    CallbackSource: 'call-progress-events',
    SequenceNumber: String(sequence),
    Timestamp: rfc2822(at),
  }
  if (event === 'initiated') params.CallStatus = 'initiated'
  if (event === 'completed') {
    const seconds = talkedSeconds(call)
    params.CallDuration = String(seconds)
    params.Duration = String(Math.ceil(seconds / 60))
    if (call.sipCode !== null) params.SipResponseCode = String(call.sipCode)
    if (call.errorCode !== null) params.ErrorCode = String(call.errorCode)
  }
  if (call.answeredBy !== null && call.asked.detection?.async === null) params.AnsweredBy = call.answeredBy
  return params
}

/** One request about a call to the customer's server, kept for `Events.json`. */
export async function request(
  network: Network,
  call: Call,
  place: Place,
  params: Params,
  how: Pick<Hook, 'answerBytes' | 'forged'> = {},
): Promise<Delivered> {
  const at = network.clock.now().getTime()
  const done = await network.webhooks.deliver({ ...place, params, ...how })
  network.requests.get(call.sid)?.push({
    at,
    url: done.url,
    method: place.method,
    params,
    status: done.status,
    contentType: done.contentType,
    body: isText(done.contentType) ? new TextDecoder().decode(done.bytes.subarray(0, 4000)) : '',
    tookMs: done.tookMs,
  })
  return done
}

const isText = (contentType: string | null): boolean =>
  /^(text|application)\/(?!octet)/.test(contentType ?? '')

/** Note what went wrong with a call, for the customer and (without addresses) for our log. */
export function note(
  network: Network,
  call: Call,
  code: number,
  level: 0 | 1,
  text: string,
  place: Place | null,
): void {
  const at = network.clock.now().getTime()
  const sid = network.sids.next('NO')
  call.notes.push({ sid, at, code, level, text, url: place?.url ?? null, method: place?.method ?? null })
  network.log.warn('the exchange noted a fault in a call', { callSid: call.sid, code })
}
