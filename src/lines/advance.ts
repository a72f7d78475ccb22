// Lines / advance: the shell around the machine. Locks the owner and then the outgoing, decides, saves, and tells the owner of
// the end, all in the caller's transaction. Called by dispatch.ts, reconcile.ts and answer.ts, which does the same for many webhooks
// at once: there is no other way to change an outgoing that is on its way.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../kit/ids.ts'
import type { Ended } from './lines.ts'
import { decide } from './machine.ts'
import { addOptOut } from './opt-outs/store.ts'
import { lockOutgoings, type Outgoing, type OutgoingRef, saveLives } from './store.ts'
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
  return (await advanceAll(app, tx, [{ ref, event, said }]))[0]!
}

export interface Happening {
  ref: OutgoingRef
  event: LineEvent
  said: Said | null
}

/**
 * The same for several, each about an outgoing of its own, by a handful of statements.
 * @param happenings more than one only of what ends none (`mayEnd`): else their owners would be locked in any order
 */
export async function advanceAll(app: App, tx: Tx, happenings: readonly Happening[]): Promise<Advanced[]> {
  for (const { ref, event } of happenings)
    if (mayEnd(event)) await app.owners[ref.ownerRoom].lock(tx, ref.ownerId, ref.id)
  const ids = happenings.map(({ ref }) => ref.id)
  const locked = new Map((await lockOutgoings(tx, ids)).map((outgoing) => [outgoing.id, outgoing]))
  const now = app.clock.now()
  const all = happenings.map(({ ref, event }) => {
    const outgoing = locked.get(ref.id)
    if (!outgoing) throw new Error('an outgoing has vanished')
    return { outgoing, step: decide(outgoing.life, event, now) }
  })
  await saveLives(
    tx,
    all.map(({ outgoing, step }) => ({ outgoing, life: step.life })),
    happenings.flatMap(({ said }, place) => (said ? exchangeOf(all[place]!, said, now) : [])),
  )
  for (const each of all) await tell(app, tx, each, now)
  return all
}

/** What the provider takes begins: its owner hears nothing of it, and need not be locked. */
export const mayEnd = (event: LineEvent): boolean => event.kind !== 'asked' || event.asked.kind !== 'placed'

export const isChanged = ({ outgoing, step }: Advanced): boolean => step.life !== outgoing.life

export const exchangeOf = (advanced: Advanced, { did, answered, tookMs }: Said, at: Date) => ({
  organisationId: advanced.outgoing.organisationId,
  id: newId(at),
  outgoingId: advanced.outgoing.id,
  at,
  did,
  answered: answered(advanced.step, isChanged(advanced)),
  tookMs,
})

/** Its owner hears of its end, in this transaction; whoever looks at it, after it. */
async function tell(app: App, tx: Tx, advanced: Advanced, now: Date): Promise<void> {
  if (!isChanged(advanced)) return
  const { outgoing, step } = advanced
  if (isOver(advanced)) {
    await noteOptOut(tx, outgoing, step.life, now)
    await app.owners[outgoing.ownerRoom].ended(app, tx, endOf(advanced))
  }
  tx.afterCommit(() => app.bell.ring(changeOf(advanced, now)))
}

/** It has ended just now. */
export const isOver = ({ outgoing, step }: Advanced): boolean =>
  step.life.state === 'ended' && outgoing.life.state !== 'ended'

/** As its owner hears of it. */
export const endOf = ({ outgoing, step: { life } }: Advanced): Ended => ({
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

/** For the bell. */
export function changeOf(advanced: Advanced, now: Date): { work: boolean; services: string[] } {
  const { outgoing, step } = advanced
  const { wakeAt } = step.life
  return {
    // the end frees its number and its place on the line; a wish to hang up is due now
    work: isOver(advanced) || (wakeAt !== null && wakeAt <= now),
    // pages follow the service, or the owner itself
    services: outgoing.serviceId ? [outgoing.ownerId, outgoing.serviceId] : [outgoing.ownerId],
  }
}

/** What the provider knows of a number that takes no texts, we keep: it holds for every line. */
async function noteOptOut(tx: Tx, outgoing: Outgoing, life: Life, at: Date): Promise<void> {
  if (life.kind !== 'text' || life.result !== 'not delivered') return
  const trouble = textTroubleOf(life.resultCode)
  if (trouble !== 'opted out' && trouble !== 'takes no texts' && trouble !== 'unknown number') return
  const why = trouble === 'opted out' ? trouble : 'takes no texts'
  await addOptOut(tx, { number: outgoing.to, why, word: null, lineId: outgoing.lineId }, at)
}
