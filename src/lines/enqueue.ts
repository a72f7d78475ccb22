// Lines / enqueue: other rooms ask for a call or a text, or no longer want one. Writes the row that waits; the dispatcher does
// the rest. Called through the door.
import { randomUUID } from 'node:crypto'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../kit/ids.ts'
import { familiesOrganisation } from '../organisations/organisations.ts'
import { firstLine, type LineWanted, retireLines, upsertLine } from './line/store.ts'
import type { CallWanted, TextWanted } from './lines.ts'
import { decide } from './machine.ts'
import { insertOutgoings, lockOutgoing, saveLives } from './store.ts'
import type { Life } from './types.ts'

/** of a text: nothing rings */
const noRinging = 30

/**
 * A call that rings as soon as the line can, and not after `usefulUntil`. Its owner hears of its end exactly once.
 * @param wanted numbers in E.164, ringing in seconds
 * @returns the id of the outgoing
 */
export async function enqueueCall(app: App, tx: Tx, wanted: CallWanted): Promise<string> {
  return (await enqueueAll(app, tx, [wanted]))[0]!
}

/** A text that leaves as soon as the line can, and not after `usefulUntil`. @returns the id of the outgoing */
export async function enqueueText(app: App, tx: Tx, wanted: TextWanted): Promise<string> {
  return (await enqueueAll(app, tx, [wanted]))[0]!
}

/** Calls and texts, by one statement. @returns the ids of the outgoings, in the order of the wishes, which they have among themselves too */
export async function enqueueAll(
  app: App,
  tx: Tx,
  wishes: readonly (CallWanted | TextWanted)[],
): Promise<string[]> {
  if (wishes.length === 0) return []
  const now = app.clock.now()
  const first = wishes.some(({ lineId }) => lineId === null) ? (await firstLine(tx)).id : ''
  const outgoings = wishes.map((wanted) => ({
    id: newId(now),
    lineId: wanted.lineId ?? first,
    purpose: wanted.purpose,
    ownerRoom: wanted.ownerRoom,
    ownerId: wanted.ownerId,
    partId: wanted.partId,
    serviceId: wanted.serviceId,
    to: wanted.to,
    body: 'body' in wanted ? wanted.body : null,
    token: randomUUID(),
    priority: wanted.priority,
    askedBy: wanted.askedBy ?? null,
    life:
      'body' in wanted ? born('text', noRinging, wanted, now) : born('call', wanted.ringSeconds, wanted, now),
  }))
  await insertOutgoings(tx, outgoings, now)
  tx.afterCommit(() => app.bell.ring({ work: true }))
  return outgoings.map(({ id }) => id)
}

function born(
  kind: 'call' | 'text',
  ringSeconds: number,
  {
    usefulUntil,
    notBefore,
    patienceSeconds = null,
    voicemailWords = false,
  }: Pick<CallWanted, 'usefulUntil' | 'notBefore' | 'patienceSeconds' | 'voicemailWords'>,
  now: Date,
): Life {
  return {
    kind,
    state: 'waiting',
    ringSeconds,
    usefulUntil,
    tries: 0,
    notBefore: notBefore ?? now,
    refusedSince: null,
    patienceSeconds,
    wakeAt: null,
    sid: null,
    sequence: -1,
    machine: null,
    keys: '',
    silences: 0,
    voicemailWords,
    wordsAt: null,
    hangUp: false,
    claimedAt: null,
    placedAt: null,
    rangAt: null,
    answeredAt: null,
    servedAt: null,
    endedAt: null,
    result: null,
    resultCode: null,
  }
}

/**
 * Its owner, who has its own row locked, no longer wants it. One that waits ends at once as 'cancelled', and its owner is not
 * told. A call on its way is put down as soon as can be, and its owner hears of its end as of any other. A text on its way
 * cannot be called back. One that is over stays as it was.
 */
export async function cancelOutgoing(app: App, tx: Tx, outgoingId: string): Promise<void> {
  const outgoing = await lockOutgoing(tx, outgoingId)
  if (!outgoing) return
  const { life } = decide(outgoing.life, { kind: 'cancelled' }, app.clock.now())
  if (life === outgoing.life) return
  await saveLives(tx, [{ outgoing, life }])
  tx.afterCommit(() => app.bell.ring({ work: true }))
}

/**
 * Write the lines of the configuration at the start of a process, or bring them up to date. Safe to call by several at once.
 * @param lines in the order of preference: the first is everybody's own. What is not among them is no longer used
 */
export async function ensureLines(app: App, lines: readonly LineWanted[] = app.config.lines): Promise<void> {
  await app.db.in({ organisationId: familiesOrganisation }, async (tx) => {
    for (const [rank, line] of lines.entries()) await upsertLine(tx, newId(app.clock.now()), rank, line)
    await retireLines(
      tx,
      lines.map(({ name }) => name),
    )
  })
}
