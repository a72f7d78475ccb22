// Exchange / callbacks: sends a report to the customer's server in its turn, or, while a fault is on, late, twice, out of order, with a
// wrong signature, or not at all (telephony.md §1.2: arrival order is not guaranteed, reports may be lost or doubled). What is asked
// (what shall be said?) is no report: a call cannot go on without its answer. Called by telling.ts, detection.ts, recording.ts, texts.ts.
import type { Network } from './network.ts'

/** How far reports overtake each other when no delay is given. */
const shuffledMs = 10_000
/** A report that comes after the end comes so much later: longer than a ringing and a talk. */
const afterTheEndMs = 120_000

export interface Report {
  line: string
  /** when what it tells of happened */
  at: number
  /** nothing follows it about this call or text */
  isLast: boolean
  /** @param forged with a signature that is none */
  deliver: (forged: boolean) => Promise<void>
}

/** @returns false when the report is lost on the way */
export function report(network: Network, { line, at, isLast, deliver }: Report): boolean {
  const { faults, timeline } = network
  const fault = faults.on('callbacks', line, at)
  if (fault) {
    if (fault.lose || fault.duplicate || fault.reorder || fault.delaySeconds) faults.count('callbacks')
    if (faults.chance(fault.lose)) return false
  }
  const forged = faults.strikes('bad signature', line, at) !== null
  const held = !isLast && faults.strikes('late callbacks', line, at) ? afterTheEndMs : 0
  const delayMs = (fault?.delaySeconds ?? 0) * 1000
  const travelMs = () => held + (fault?.reorder ? faults.random(delayMs || shuffledMs) : delayMs)
  timeline.add(Math.ceil(at + travelMs()), () => deliver(forged))
  if (fault && faults.chance(fault.duplicate))
    timeline.add(Math.ceil(at + travelMs() + faults.random(shuffledMs)), () => deliver(forged))
  return true
}
