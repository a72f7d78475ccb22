// Opt-outs / owner: what lines tells this room about its texts: nothing follows from their end. Registered in wiring.ts.
import type { OutgoingOwner } from '../lines/lines.ts'

const noCall = async (): Promise<never> => {
  throw new Error('opt-outs rings nobody')
}

export const optOutsOwner: OutgoingOwner = {
  lock: async () => undefined,
  answered: noCall,
  keyed: noCall,
  silent: noCall,
  ended: async () => undefined,
}
