// Recorder / telephone: what is heard on the telephone, carried out by advance() and answered with the scripts of voice.ts. Registered
// as an owner in wiring.ts; a ring-in with a code enters by the same `hear`.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { emptyBody, type OutgoingOwner } from '../lines/lines.ts'
import type { Script } from '../outside/phone/port.ts'
import { advance } from './advance.ts'
import type { TakeEvent } from './machine.ts'
import { insertTape, lockTake, type Take, wakeTape } from './store.ts'
import { scriptOf } from './voice.ts'

/** What happened on the telephone of a take. */
export type TakeHeard =
  | { kind: 'answered' }
  | { kind: 'keyed'; key: string }
  | { kind: 'silent' }
  | { kind: 'recorded'; lineId: string; recordingSid: string; seconds: number; isFileReady: boolean }
  /** the call is over; `found` is what the line says of it */
  | { kind: 'ended'; found: string }

export const recorderOwner: OutgoingOwner = {
  async lock(tx, takeId) {
    await lockTake(tx, takeId)
  },
  answered: (app, tx, heard) => hear(app, tx, heard.ownerId, { kind: 'answered' }),
  keyed: (app, tx, heard, key) => hear(app, tx, heard.ownerId, { kind: 'keyed', key }),
  silent: (app, tx, heard) => hear(app, tx, heard.ownerId, { kind: 'silent' }),
  recorded: (app, tx, heard, tape) => hear(app, tx, heard.ownerId, { kind: 'recorded', ...tape }),
  async ended(app, tx, ended) {
    // a text that told somebody their code
    if (ended.kind === 'text') await emptyBody(tx, ended.outgoingId)
    else await hear(app, tx, ended.ownerId, { kind: 'ended', found: ended.result })
  },
}

/**
 * Something happened on the telephone: advance, and what is said next? In the transaction in which it is saved. The same told
 * twice is answered alike.
 * @throws when the organisation of `tx` has no such take
 */
export async function hear(app: App, tx: Tx, takeId: string, heard: TakeHeard): Promise<Script> {
  if (heard.kind !== 'recorded') return scriptOf(await advance(app, tx, takeId, heard))
  return scriptOf(await recorded(app, tx, takeId, heard))
}

/** It gets a row of its own at once, which wakes until the sound is here and the provider has forgotten it. */
async function recorded(
  app: App,
  tx: Tx,
  takeId: string,
  { lineId, recordingSid, seconds }: TakeHeard & { kind: 'recorded' },
): Promise<Take> {
  const take = await lockTake(tx, takeId)
  if (!take) throw new Error('no such take in this organisation')
  const tapeId = await insertTape(app, tx, { takeId, lineId, providerSid: recordingSid, seconds })
  tx.afterCommit(() => app.bell.ring({ work: true }))
  if (tapeId) return advance(app, tx, takeId, { kind: 'recorded', tapeId } satisfies TakeEvent)
  await wakeTape(app, tx, recordingSid)
  return take
}
