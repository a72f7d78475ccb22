// Exchange / recording: the Record verb: a beep, then the caller until silence, a key, the longest length or a hang-up; what was
// said becomes a file the customer can fetch (telephony.md §1.5). An empty recording is none: the next verb's turn comes.
// Called by speaking.ts; calls.ts says when the person speaks.
import { report as sendReport } from './callbacks.ts'
import { interrupt, wait } from './life.ts'
import type { Leg, Network, Onward, Recording } from './network.ts'
import { rfc2822 } from './represent.ts'
import { encodeWav, layOnSilence } from './sound.ts'
import { callParams, request } from './telling.ts'
import type { RecordVerb } from './twiml.ts'
import { absolute } from './webhooks.ts'

const beepMs = 500
/** until the file can be fetched */
const makingMs = 1000

export function record(network: Network, leg: Leg, at: number, verb: RecordVerb, onward: Onward): void {
  wait(network, leg, at + (verb.playBeep ? beepMs : 0), (now) => {
    leg.tape = { verb, startedAt: now, onward }
    leg.beforeEnd = (end) => endTape(network, leg, end, 'hangup')
    network.changed()
    awaitSilence(network, leg)
  })
}

/** The tape ends `timeout` seconds after the person's last word, or when it is full. Noted anew whenever the person speaks. */
export function awaitSilence(network: Network, leg: Leg): void {
  const { tape } = leg
  if (!tape) return
  const lastWord = Math.max(tape.startedAt, ...leg.spoken.map(({ to }) => to))
  const full = tape.startedAt + tape.verb.maxLengthSeconds * 1000
  const end = Math.min(full, lastWord + tape.verb.timeoutSeconds * 1000)
  wait(network, leg, end, (now) => endTape(network, leg, now, ''))
}

/** @returns whether the key ended a recording */
export function recordingKey(network: Network, leg: Leg, at: number, key: string): boolean {
  if (!leg.tape?.verb.finishOnKey.includes(key)) return false
  interrupt(leg, at)
  endTape(network, leg, at, key)
  return true
}

/** The recording is over: by silence, by a key, or by the end of the call (`digits: 'hangup'`). */
function endTape(network: Network, leg: Leg, at: number, digits: string): void {
  const { tape } = leg
  if (!tape) return
  leg.tape = null
  leg.beforeEnd = null
  network.changed()
  const made = keepTape(network, leg, at, tape.verb, tape.startedAt)
  report(network, leg, at, tape.verb, made)
  if (made.status === 'absent') {
    if (digits !== 'hangup') tape.onward.goOn(at)
    return
  }
  const extra = { ...recordingParams(network, made), Digits: digits }
  if (digits !== 'hangup') {
    tape.onward.goTo(at, tape.verb.action, tape.verb.method, extra)
    return
  }
  const from = leg.document?.place?.url
  const url = absolute(tape.verb.action ?? from ?? '', from)
  if (url === null) return
  network.timeline.add(at, async () => {
    await request(
      network,
      leg.call,
      { url, method: tape.verb.method },
      { ...callParams(network, leg.call), ...extra },
    )
  })
}

/** Make the file of what was said from `startedAt` to `endedAt`. */
function keepTape(
  network: Network,
  leg: Leg,
  endedAt: number,
  verb: RecordVerb,
  startedAt: number,
): Recording {
  const pieces = leg.spoken.filter(({ from, to }) => from < endedAt && to > startedAt)
  const first = Math.max(startedAt, Math.min(...pieces.map(({ from }) => from)))
  const last = Math.min(endedAt, Math.max(...pieces.map(({ to }) => to)))
  const [from, to] = verb.trim ? [first, last] : [startedAt, endedAt]
  const heard = pieces.length > 0 && to > from
  const made: Recording = {
    sid: network.sids.next('RE'),
    callSid: leg.call.sid,
    startedAt,
    readyAt: endedAt + makingMs,
    seconds: heard ? Math.max(1, Math.round((to - from) / 1000)) : 0,
    status: heard ? 'completed' : 'absent',
    errorCode: heard ? null : 16102,
  }
  network.recordings.set(made.sid, made)
  network.store.save('recording', made.sid, made)
  if (heard) {
    const laid = layOnSilence(
      to - from,
      pieces.map((piece) => ({ atMs: piece.from - from, sound: piece.sound })),
    )
    network.store.keepFile(made.sid, encodeWav(laid))
  }
  return made
}

function report(network: Network, leg: Leg, at: number, verb: RecordVerb, made: Recording): void {
  const { statusUrl, statusMethod, statusEvents } = verb
  if (statusUrl === null || !statusEvents.includes(made.status)) return
  const params = {
    ...recordingParams(network, made),
    AccountSid: network.account.sid,
    CallSid: leg.call.sid,
    RecordingStatus: made.status,
    RecordingChannels: '1',
    RecordingStartTime: rfc2822(made.startedAt),
    RecordingSource: 'RecordVerb',
    RecordingTrack: 'inbound',
    ...(made.errorCode === null ? {} : { ErrorCode: String(made.errorCode) }),
  }
  const url = absolute(statusUrl, leg.document?.place?.url)
  if (url === null) return
  const deliver = async (forged: boolean) => {
    await request(network, leg.call, { url, method: statusMethod }, params, { forged })
  }
  const madeAt = made.status === 'completed' ? made.readyAt : at
  sendReport(network, { line: leg.line.name, at: madeAt, isLast: true, deliver })
}

const recordingParams = (network: Network, made: Recording): Record<string, string> => ({
  RecordingSid: made.sid,
  RecordingUrl: `${network.publicUrl}/2010-04-01/Accounts/${network.account.sid}/Recordings/${made.sid}`,
  RecordingDuration: String(made.seconds),
})
