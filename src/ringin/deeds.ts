// Ringin / deeds: what was done in a call that came in, as it is kept with it, and read as sentences by words-of-pages.ts. Pure data.
import type { Wish } from './types.ts'

export type Deed =
  /** `dueAt`: of the calls that this key acknowledged, ISO instants */
  | { did: 'acknowledged' | 'checked in'; dueAt: string[] }
  | { did: 'asked for help' }
  /** granted, because it was proved by the PIN */
  | { did: 'granted'; wish: Wish }
  | { did: 'asked to be rung back'; wish: Wish }
  /** confirmed when we rang back */
  | { did: 'confirmed'; wish: Wish }
  | { did: 'not confirmed'; wish: Wish }
  | { did: 'typed a wrong PIN' }
  | { did: 'accepted'; receiverName: string }
  | { did: 'said'; what: string; receiverName: string }
  | { did: 'left a message' }
  | { did: 'began to record' }
