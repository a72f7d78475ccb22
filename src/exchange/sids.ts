// Exchange / sids: identifiers of the provider's shape, two letters and 32 hexadecimal digits, made from the seed and a count,
// so that the same story has the same identifiers. Deterministic; holds the count.
import { createHash } from 'node:crypto'

export interface Sids {
  /** `CA…` a call, `SM…` a text, `RE…` a recording, `PN…` a line's number, `NO…` a notification. */
  next(kind: 'CA' | 'SM' | 'RE' | 'PN' | 'NO'): string
  /** A token in the shape of a UUID, for the idempotency header of one webhook. */
  token(): string
}

/**
 * @param seed of the rehearsal, or a number kept with the laptop's data
 * @param start how many times this exchange was started before on the same data, so that no identifier comes twice
 */
export function createSids(seed: number | string, start: number): Sids {
  let made = 0
  const digest = (kind: string) =>
    createHash('sha256').update(`${seed}/${start}/${kind}/${made++}`).digest('hex')
  return {
    next: (kind) => kind + digest(kind).slice(0, 32),
    token: () => digest('token').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5'),
  }
}
