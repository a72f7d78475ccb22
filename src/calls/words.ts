// Calls / words: what this room says in writing. Pure. What is said on the telephone around a message stands with the
// messages, in their words.ts.

/** Why a call was skipped, as it is stored and shown. */
export const skippedBecause = {
  /** @param reason as a stakeholder gave it */
  paused: (reason: string): string => `Paused: ${reason}`,
  ended: (): string => 'The calls were stopped',
}
