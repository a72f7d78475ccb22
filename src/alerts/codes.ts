// Alerts / codes: the two digits by which a text back says which alert it means. Pure. Called by bundles.ts.
//
// Read at night without glasses and typed with one thumb: no 0 and no 1 (a letter, and the key that accepts), no digit twice, and
// codes that follow each other differ in both digits. The next code is given and not the lowest that is free, so that an
// answer to an old text does not accept a new alert.

/** 27, 38, 49, 52, … each of the 56 once. */
export const codes: readonly string[] = [5, 2, 7, 4, 1, 6, 3].flatMap((apart) =>
  Array.from({ length: 8 }, (_, first) => `${first + 2}${((first + apart) % 8) + 2}`),
)

/** A code that was given at a number. */
export interface CodeGiven {
  code: string
  alertId: string
  /** its alert is not over, or not long over */
  isInUse: boolean
}

/**
 * The code of this alert at a number: the one it has there already, else the next in turn; never one that means another there.
 * @param given at this number in this organisation, the latest first
 * @param organisationId two organisations that tell one person begin at different places
 * @returns null when every code is in use: then names must do
 */
export function codeFor(alertId: string, given: readonly CodeGiven[], organisationId: string): string | null {
  const others = given.filter((other) => other.alertId !== alertId)
  const taken = new Set(others.filter(({ isInUse }) => isInUse).map(({ code }) => code))
  // an alert that opens anew after days may find that its code means another by now
  const known = given.find((other) => other.alertId === alertId)
  if (known && !taken.has(known.code)) return known.code
  const last = given[0]
  const from = last ? codes.indexOf(last.code) + 1 : Number.parseInt(organisationId.slice(-6), 16)
  for (let turn = 0; turn < codes.length; turn++) {
    const code = codes[(from + turn) % codes.length]!
    if (!taken.has(code)) return code
  }
  return null
}
