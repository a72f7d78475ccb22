// Recorder / advance: the only way a take changes. Lock, decide, save and act in one transaction. Called by the telephone, by the
// sweeper when a tape was fetched, and by pages.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { eraseRecording, setRecording } from '../messages/messages.ts'
import { decide, type Effect, type TakeEvent } from './machine.ts'
import { endCodes, lockTake, saveTake, type Take } from './store.ts'

/**
 * Tell a take what happened.
 * @returns how it stands then; an event that changes nothing is no error
 * @throws when the organisation of `tx` has no such take
 */
export async function advance(app: App, tx: Tx, takeId: string, event: TakeEvent): Promise<Take> {
  const take = await lockTake(tx, takeId)
  if (!take) throw new Error('no such take in this organisation')
  const { state, effects } = decide(take.state, event)
  if (state === take.state && effects.length === 0) return take
  await saveTake(tx, takeId, state, app.clock.now())
  const after = { ...take, state }
  for (const effect of effects) await act(app, tx, after, effect)
  tx.afterCommit(() => app.bell.ring({ services: topicsOf(take) }))
  return after
}

/** Pages listen for the take itself, and those of its service for the service. */
export const topicsOf = (take: Pick<Take, 'id' | 'serviceId'>): string[] =>
  take.serviceId ? [take.id, take.serviceId] : [take.id]

async function act(app: App, tx: Tx, take: Take, effect: Effect): Promise<void> {
  if (effect.do === 'erase') {
    await eraseRecording(app, tx, effect.recordingId)
    return
  }
  // of a service that is still being set up the page takes it over
  const { messageId, askedBy } = take
  if (!messageId) return
  await setRecording(tx, messageId, effect.recordingId)
  await endCodes(app, tx, { messageId, personId: askedBy })
}
