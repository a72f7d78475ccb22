// Lines / health: decides whether a line can be relied on. Pure. Called by health-watch.ts with what came of asking its provider.
//
//   well ── three troubles in a row, or the account itself refused ──► failed ── the provider answers again ──► probation
//     ▲                                                                  ▲                                         │
//     └───────────── three things taken, or a minute without trouble ────┼─────────────── any trouble ─────────────┘
//
// While a line is failed nothing new leaves it, and what waits at it moves to a line that is not. On probation it works again,
// slowly. A provider that is merely busy (429) is not in trouble.

export interface Health {
  readonly is: 'well' | 'failed' | 'probation'
  readonly since: Date
  /** in a row, while well */
  readonly troubles: number
  /** in a row, on probation */
  readonly good: number
  /** when the provider is asked whether it is back; of a line on probation, when that has lasted long enough. Null while well */
  readonly probeAt: Date | null
  /** in vain, since it failed */
  readonly probes: number
}

export type HealthEvent =
  /** the provider took something, or answered as it should */
  | { readonly kind: 'worked' }
  /** it could not be reached, failed to answer, or answered with an error of its own */
  | { readonly kind: 'trouble' }
  /** it does not let this account or this number work at all */
  | { readonly kind: 'shut out' }
  /** it was asked whether it is there, at `probeAt` */
  | { readonly kind: 'probed'; readonly well: boolean }

/** One lost answer happens; three in a row are no chance. At one request a second that is noticed in seconds. */
const troublesAtMost = 3
const goodEnough = 3
const second = 1000
/** Between probes: soon at first, then less often, so that a provider that struggles is not asked to death. */
const probePauses = [10 * second, 15 * second, 30 * second]
const probationLasts = 60 * second

/** Gives back the very same health when nothing changed. */
export function decideHealth(health: Health, event: HealthEvent, now: Date): Health {
  switch (event.kind) {
    case 'worked':
      return worked(health, now)
    case 'trouble':
      return inTrouble(health, now)
    case 'shut out':
      return health.is === 'failed' ? health : failed(now)
    case 'probed':
      return probed(health, event.well, now)
  }
}

/** A line of which nothing is known. */
export const unknownHealth = (now: Date): Health => well(now)

function worked(health: Health, now: Date): Health {
  switch (health.is) {
    case 'well':
      return health.troubles === 0 ? health : { ...health, troubles: 0 }
    case 'failed':
      // an answer to something that was asked before it failed says nothing about now
      return health
    case 'probation':
      return health.good + 1 >= goodEnough ? well(now) : { ...health, good: health.good + 1 }
  }
}

function inTrouble(health: Health, now: Date): Health {
  switch (health.is) {
    case 'well':
      return health.troubles + 1 >= troublesAtMost
        ? failed(now)
        : { ...health, troubles: health.troubles + 1 }
    case 'failed':
      return health
    case 'probation':
      return failed(now)
  }
}

function probed(health: Health, isThere: boolean, now: Date): Health {
  switch (health.is) {
    case 'well':
      return health
    case 'failed':
      if (isThere) return { ...well(now), is: 'probation', probeAt: later(now, probationLasts) }
      return { ...health, probes: health.probes + 1, probeAt: later(now, pauseAfter(health.probes + 1)) }
    case 'probation':
      return isThere ? well(now) : failed(now)
  }
}

const well = (now: Date): Health => ({
  is: 'well',
  since: now,
  troubles: 0,
  good: 0,
  probeAt: null,
  probes: 0,
})
const failed = (now: Date): Health => ({ ...well(now), is: 'failed', probeAt: later(now, pauseAfter(0)) })
const pauseAfter = (probes: number): number => probePauses[Math.min(probes, probePauses.length - 1)]!
const later = (from: Date, ms: number): Date => new Date(from.getTime() + ms)
