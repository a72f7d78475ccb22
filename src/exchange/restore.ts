// Exchange / restore: takes up where an earlier process on the same data left off: the history is there again, calls that were
// alive when it died end as failed and the customer is told, texts under way go on. Called once, by exchange.ts.
import type { LedgerEntry, RingEntry } from './ledger.ts'
import {
  anonymousNumber,
  type Call,
  iso,
  lineOf,
  type Network,
  type PhoneMode,
  phoneOf,
  type Recording,
  type Text,
} from './network.ts'
import type { Store } from './persist.ts'
import { tell, tellEndAgain } from './telling.ts'
import { resumeText } from './texts.ts'

/** How many processes began on this data before; this one counts itself. */
export function countStart(store: Store): number {
  const [, count = 0] = store.saved<number>('start')[0] ?? []
  store.save('start', 'count', count + 1)
  return count
}

/** The ledger of earlier processes, in order. */
export function savedLedger(store: Store): LedgerEntry[] {
  const entries = (['ring', 'text sent', 'text in'] as const).flatMap((kind) =>
    store.saved<LedgerEntry>(kind).map(([, entry]) => entry),
  )
  return entries.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

/** Fill an empty network with what was saved. */
export function restore(network: Network, at: number): void {
  const { store } = network
  for (const [sid, recording] of store.saved<Recording>('recording')) network.recordings.set(sid, recording)
  for (const [pair, out] of store.saved<boolean>('opt-out')) if (out) network.optedOut.add(pair)
  for (const [number, mode] of store.saved<PhoneMode>('mode')) phoneOf(network, number).mode = mode
  const rings = new Map(network.ledger.rings().map((ring) => [ring.callSid, ring]))
  for (const [sid, call] of store.saved<Call>('call')) {
    network.calls.set(sid, call)
    if (call.from !== anonymousNumber) phoneOf(network, call.way === 'out' ? call.to : call.from)
    if (call.endedAt === null) breakOff(network, call, rings.get(sid), at)
    else if (!call.told) tellEndAgain(network, call, at)
  }
  for (const [sid, text] of store.saved<Text>('text')) {
    network.texts.set(sid, text)
    const inbound = text.direction === 'inbound'
    if (inbound || text.status === 'delivered')
      phoneOf(network, inbound ? text.from : text.to).texts.push(text)
    const line = lineOf(network, inbound ? text.to : text.from)
    if (line) resumeText(network, line, text, at)
  }
}

/** A call that was alive when the process died has no telephone any more. */
function breakOff(network: Network, call: Call, ring: RingEntry | undefined, at: number): void {
  call.status = 'failed'
  call.endedAt = at
  call.updatedAt = at
  if (ring) {
    ring.endedAt = iso(at)
    ring.result ??= 'no-answer'
    network.store.save('ring', call.sid, ring)
  }
  tell(network, call, 'completed', at)
  network.store.save('call', call.sid, call)
}
