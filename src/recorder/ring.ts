// Recorder / ring: somebody on a page wishes to be rung for recording. Called by pages and by the wizard, through the door.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { isUuid, newId } from '../kit/ids.ts'
import { enqueueCall, priorities, whyNotExtra } from '../lines/lines.ts'
import { recordingById } from '../messages/messages.ts'
import { advance } from './advance.ts'
import { unanswered } from './machine.ts'
import { insertTake, lockTake, setOutgoing, type TakeWanted } from './store.ts'

/** Whoever pressed is waiting for it: a call that comes later would only surprise. */
const usefulForMs = 3 * 60_000
const ringSeconds = 40

export type Rung = { ok: true; takeId: string } | { ok: false; reason: string }

/**
 * Have the line ring `toNumber` for a recording, as soon as it is free.
 * @param formId the id of the form it came from, so that pressing twice rings once
 * @returns the take, or a sentence that says why not and what to do
 */
export async function ringForRecording(
  app: App,
  tx: Tx,
  wanted: TakeWanted & { toNumber: string },
  formId: string | null,
): Promise<Rung> {
  const { toNumber, askedBy } = wanted
  const whyNot = await whyNotExtra(app, tx, { purpose: 'recording', to: toNumber, askedBy })
  if (whyNot) return { ok: false, reason: whyNot }
  const takeId = formId ?? newId(app.clock.now())
  await insertTake(app, tx, { ...wanted, id: takeId, state: unanswered })
  const outgoingId = await enqueueCall(app, tx, {
    ownerRoom: 'recorder',
    ownerId: takeId,
    partId: takeId,
    serviceId: wanted.serviceId,
    lineId: null,
    purpose: 'recording',
    priority: priorities.newCall,
    to: toNumber,
    askedBy,
    ringSeconds,
    usefulUntil: new Date(app.clock.now().getTime() + usefulForMs),
  })
  await setOutgoing(tx, takeId, outgoingId)
  return { ok: true, takeId }
}

/**
 * The page that asked for this take uses what was recorded in it.
 * @returns the recording; null when there is none (any more), or the take is another page's
 */
export async function chooseTake(
  app: App,
  tx: Tx,
  takeId: string,
  { usePath, askedBy }: { usePath: string; askedBy: string },
): Promise<string | null> {
  const take = isUuid(takeId) ? await lockTake(tx, takeId) : null
  if (take?.usePath !== usePath || take.askedBy !== askedBy) return null
  const { state } = await advance(app, tx, takeId, { kind: 'chosen' })
  const recording = state.recordingId ? await recordingById(tx, state.recordingId) : null
  return state.ending === 'kept' && recording ? recording.id : null
}
