// Ringin / pins: how many wrong PINs are too many. Pure. Called by advance.ts.

export const wrongPinsAtMost = 5
const hourMs = 60 * 60_000

/** @param wrong the instants of wrong PINs, in order. Five within an hour: for an hour from the fifth none is taken. */
export function isLocked(wrong: readonly Date[], now: Date): boolean {
  return wrong.some((fifth, at) => {
    const first = wrong[at - (wrongPinsAtMost - 1)]
    return (
      first !== undefined &&
      fifth.getTime() - first.getTime() <= hourMs &&
      now.getTime() - fifth.getTime() < hourMs
    )
  })
}

/** How far back wrong PINs matter. */
export const rememberedMs = 2 * hourMs
