// Exchange / fault choices: what a person can switch on by the page, as the faults it stands for. Pure. Called by pages.tsx and
// fault-knobs.tsx; a scenario can say more (faults.ts).
import type { Fault } from './exchange.ts'

/** The name of each stands in the form, and in words-of-pages.ts. */
export const faultChoices = [
  'down',
  'errors',
  '429',
  'lost response',
  'silence',
  'lost callbacks',
  'double callbacks',
  'slow callbacks',
  'early callbacks',
  'late callbacks',
  'bad signature',
  'slow queue',
  'list lags',
  'wrong machine',
] as const
export type FaultChoice = (typeof faultChoices)[number]

/** Of ten times, how many. */
export const faultShares = [10, 5, 2] as const
export const faultMinutes = [5, 15, 60] as const

export interface FaultWanted {
  choice: FaultChoice
  /** 0 to 1 */
  share: number
  /** null: on every line */
  line: string | null
  from: Date
  minutes: number
}

export function faultOf({ choice, share, line, from, minutes }: FaultWanted): Fault {
  const where = { from, to: new Date(from.getTime() + minutes * 60_000), ...(line !== null && { line }) }
  const reports = { kind: 'callbacks' as const, lose: 0, duplicate: 0, reorder: false, delaySeconds: 0 }
  switch (choice) {
    case 'down':
      return { kind: 'down', ...where }
    case 'errors':
      return { kind: 'errors', status: 500, share, ...where }
    case 'lost response':
      return { kind: 'lost response', how: 'reset', share, ...where }
    case 'silence':
      return { kind: 'lost response', how: 'silence', share, ...where }
    case 'lost callbacks':
      return { ...reports, lose: share, ...where }
    case 'double callbacks':
      return { ...reports, duplicate: share, ...where }
    case 'slow callbacks':
      return { ...reports, reorder: true, delaySeconds: 90, ...where }
    case 'slow queue':
      return { kind: 'slow queue', seconds: 60, ...where }
    case 'list lags':
      return { kind: 'list lags', seconds: 30, ...where }
    default:
      return { kind: choice, share, ...where }
  }
}

/** The choice that a fault is nearest to, also one that a scenario gave. */
export function choiceOf(fault: Fault): FaultChoice {
  if (fault.kind === 'lost response') return fault.how === 'silence' ? 'silence' : 'lost response'
  if (fault.kind !== 'callbacks') return fault.kind
  if (fault.lose > 0) return 'lost callbacks'
  return fault.duplicate > 0 ? 'double callbacks' : 'slow callbacks'
}

/** How often it happens, 0 to 1. What has no share happens always. */
export function shareOf(fault: Fault): number {
  if (fault.kind === 'callbacks') return fault.lose || fault.duplicate || 1
  return 'share' in fault ? fault.share : 1
}
