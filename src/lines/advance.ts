// Lines / advance: the shell around the machine. Locks the owner and then the outgoing, decides, saves, and tells the owner of
// the end, all in the caller's transaction. Called by dispatch.ts, reconcile.ts and webhooks.ts: there is no other way to
// change an outgoing that is on its way.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../kit/ids.ts'
import { decide } from './machine.ts'
import { addOptOut } from './opt-outs/store.ts'
import { insertExchange, lockOutgoing, type Outgoing, type OutgoingRef, saveLife } from './store.ts'
import { textTroubleOf } from './text-trouble.ts'
import type { Life, LineEvent, Step } from './types.ts'

/** What was said between us and the provider, for the operators' eyes. */
export interface Said {
  did: string
  /** given what was decided */
  answered: (step: Step, changed: boolean) => string
  /** milliseconds; null when the provider came to us */
  tookMs: number | null
}

export interface Advanced {
  outgoing: Outgoing
  step: Step
}

/** @param said kept beside the outgoing, whatever was decided; null for what happened without the provider */
export async function advance(
  app: App,
  tx: Tx,
  ref: OutgoingRef,
  event: LineEvent,
  said: Said | null,
): Promise<Advanced> {
  const owner = app.owners[ref.ownerRoom]
  await owner.lock(tx, ref.ownerId, ref.id)
  const outgoing = await lockOutgoing(tx, ref.id)
  if (!outgoing) throw new Error('an outgoing has vanished')

  const now = app.clock.now()
  const step = decide(outgoing.life, event, now)
  const { life } = step
  const isChanged = life !== outgoing.life
  await saveLife(tx, outgoing, life)
  if (said) {
    const { did, answered, tookMs } = said
    await insertExchange(tx, {
      id: newId(now),
      outgoingId: outgoing.id,
      at: now,
      did,
      answered: answered(step, isChanged),
      tookMs,
    })
  }
  const isOver = life.state === 'ended' && outgoing.life.state !== 'ended'
  if (isOver) {
    await noteOptOut(tx, outgoing, life, now)
    await owner.ended(app, tx, {
      organisationId: outgoing.organisationId,
      outgoingId: outgoing.id,
      ownerId: outgoing.ownerId,
      partId: outgoing.partId,
      kind: life.kind,
      result: life.result!,
      code: life.resultCode,
      keys: life.keys,
      rangAt: life.rangAt,
      answeredAt: life.answeredAt,
    })
  }
  if (isChanged) {
    // pages follow the service, or the owner itself
    const services = outgoing.serviceId ? [outgoing.ownerId, outgoing.serviceId] : [outgoing.ownerId]
    // the end frees its number and its place on the line; a wish to hang up is due now
    const work = isOver || (life.wakeAt !== null && life.wakeAt <= now)
    tx.afterCommit(() => app.bell.ring({ work, services }))
  }
  return { outgoing, step }
}

/** What the provider knows of a number that takes no texts, we keep: it holds for every line. */
async function noteOptOut(tx: Tx, outgoing: Outgoing, life: Life, at: Date): Promise<void> {
  if (life.kind !== 'text' || life.result !== 'not delivered') return
  const trouble = textTroubleOf(life.resultCode)
  if (trouble !== 'opted out' && trouble !== 'takes no texts' && trouble !== 'unknown number') return
  const why = trouble === 'opted out' ? trouble : 'takes no texts'
  await addOptOut(tx, { number: outgoing.to, why, word: null, lineId: outgoing.lineId }, at)
}
