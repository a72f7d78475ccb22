// Exchange / detection: answering-machine detection (telephony.md §1.4): a verdict some seconds after the answer, told beside the
// call (asynchronous) or making the call wait for it (synchronous). Called by calls.ts.
import { report } from './callbacks.ts'
import { later } from './life.ts'
import type { AnsweredBy, Detection, Leg, Network } from './network.ts'
import { note, request } from './telling.ts'

/** How long a person's "Hello?" takes to be recognised, and a machine, and a machine's whole greeting with its beep. */
const verdictMs = { human: 1800, machine: 4000, greeting: 9000 }

/**
 * Begin to listen to who answered.
 * @param begin carries on with the call: at once, or after the verdict when the customer asked to wait for it
 */
export function detect(network: Network, leg: Leg, at: number, begin: (at: number) => void): void {
  const { detection } = leg.call.asked
  if (!detection) {
    begin(at)
    return
  }
  const isMachine = leg.person === 'machine'
  const isMistaken = network.faults.strikes('wrong machine', leg.line.name, at) !== null
  const { answeredBy, afterMs } = verdict(detection, isMachine !== isMistaken)
  if (detection.async === null) {
    later(network, leg, at + afterMs, (now) => {
      leg.call.answeredBy = answeredBy
      begin(now)
    })
    return
  }
  const { report: place } = detection.async
  begin(at)
  if (!place) note(network, leg.call, 21262, 1, 'asynchronous detection without AsyncAmdStatusCallback', null)
  later(network, leg, at + afterMs, (now) => {
    leg.call.answeredBy = answeredBy
    if (!place) return
    const params = {
      CallSid: leg.call.sid,
      AccountSid: network.account.sid,
      AnsweredBy: answeredBy,
      MachineDetectionDuration: String(afterMs),
    }
    const deliver = async (forged: boolean) => {
      const done = await request(network, leg.call, place, params, { forged })
      if (done.code !== null)
        note(network, leg.call, done.code, 1, `machine detection: ${done.reason}`, place)
    }
    report(network, { line: leg.line.name, at: now, isLast: true, deliver })
  })
}

function verdict(detection: Detection, machine: boolean): { answeredBy: AnsweredBy; afterMs: number } {
  const afterMs = !machine ? verdictMs.human : detection.untilEnd ? verdictMs.greeting : verdictMs.machine
  if (afterMs > detection.timeoutMs) return { answeredBy: 'unknown', afterMs: detection.timeoutMs }
  if (!machine) return { answeredBy: 'human', afterMs }
  return { answeredBy: detection.untilEnd ? 'machine_end_beep' : 'machine_start', afterMs }
}
