// Ringin / sweep: what this room does by time: ends calls that nobody told us the end of, rings back, fetches messages that were left.
// An actor of the worker; several may sweep at once. Each row in a transaction of its own, so that a poisoned row stops only itself.
import type { App } from '../app.ts'
import type { Actor } from '../queue/actor.ts'
import { over } from './advance.ts'
import { fetchOrForget } from './left-messages.ts'
import { ringBackNow } from './ring-back.ts'
import {
  dueIncoming,
  dueLeftMessages,
  dueRingBacks,
  type IncomingRef,
  lockIncoming,
  nextWake,
  putAside,
} from './store.ts'
import { did } from './words-of-pages.ts'

const batch = 50
const asideMs = 60_000

export function ringInActors(app: App): Actor[] {
  return [
    {
      name: 'ringing in',
      async runDue(now) {
        const calls = await app.db.look((tx) => dueIncoming(tx, now, batch))
        const backs = await app.db.look((tx) => dueRingBacks(tx, now, batch))
        const messages = await app.db.look((tx) => dueLeftMessages(tx, now, batch))
        for (const ref of calls) await each(app, 'incoming', ref, () => endSilent(app, ref))
        for (const ref of backs) await each(app, 'ring_back', ref, () => ringBackNow(app, ref, ref.id))
        for (const message of messages)
          await each(app, 'left_message', message, () => fetchOrForget(app, message))
        return calls.length + backs.length + messages.length
      },
      nextAt: () => app.db.look(nextWake),
    },
  ]
}

async function endSilent(app: App, ref: IncomingRef): Promise<void> {
  await app.db.in(ref, async (tx) => {
    const incoming = await lockIncoming(tx, ref.id)
    if (incoming) await over(app, tx, incoming, did.silent)
  })
}

async function each(
  app: App,
  table: 'incoming' | 'ring_back' | 'left_message',
  ref: IncomingRef,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    app.log.error('a row of ringing in could not be advanced; it is tried again later', error, {
      room: 'ringin',
      table,
      row: ref.id,
    })
    await app.db.in(ref, (tx) => putAside(tx, table, ref.id, new Date(app.clock.now().getTime() + asideMs)))
  }
}
