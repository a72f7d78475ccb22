// Watch / watch call: every five minutes a call to a number that answers by itself and presses a key, over the real lines, by the
// real dispatcher: the one proof that calls are made. Made by round.ts; what is heard of it comes from lines.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../kit/ids.ts'
import { enqueueCall, type OutgoingOwner, priorities } from '../lines/lines.ts'
import type { Script } from '../outside/phone/port.ts'
import { watchCallWithinMs } from './judge.ts'
import { endWatchCall, insertWatchCall, lockWatchCall } from './store.ts'
import { spoken } from './words.ts'

const ringSeconds = 20
const waitSeconds = 5
const keptForMs = 7 * 24 * 60 * 60_000
/** One that has not left by then could not complete in time. */
const leavesWithinMs = watchCallWithinMs - 15_000

/**
 * Has the line make one, before other calls that only remind: it is of use for seconds.
 * @param lineId null: the first line
 */
export async function makeWatchCall(app: App, tx: Tx, to: string, lineId: string | null): Promise<void> {
  const now = app.clock.now()
  const id = newId(now)
  await insertWatchCall(tx, id, now, new Date(now.getTime() - keptForMs))
  await enqueueCall(app, tx, {
    ownerRoom: 'watch',
    ownerId: id,
    partId: id,
    serviceId: null,
    lineId,
    purpose: 'watch',
    priority: priorities.retry,
    to,
    ringSeconds,
    usefulUntil: new Date(now.getTime() + leavesWithinMs),
    patienceSeconds: leavesWithinMs / 1000,
  })
}

export const watchOwner: OutgoingOwner = {
  lock: (tx, id) => lockWatchCall(tx, id),
  answered: async () => question,
  silent: async (_app, _tx, { silences }) => (silences > 1 ? goodbye : question),
  keyed: async () => goodbye,
  async ended(app, tx, { ownerId, result, code }) {
    await endWatchCall(tx, ownerId, { result, code, at: app.clock.now() })
  },
}

const question: Script = [{ do: 'gather', sounds: [{ do: 'say', text: spoken.question }], waitSeconds }]
const goodbye: Script = [{ do: 'say', text: spoken.goodbye }, { do: 'hang up' }]
