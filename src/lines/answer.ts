// Lines / answer: what the provider tells and asks us about an outgoing, advanced and answered in one transaction: one webhook by itself, or
// what comes at the same moment together, by the steps of one (docs/decisions/0037). Called by webhooks.ts.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { Script } from '../outside/phone/port.ts'
import {
  type Advanced,
  advance,
  changeOf,
  endOf,
  exchangeOf,
  type Happening,
  isChanged,
  isOver,
} from './advance.ts'
import { gather } from './gather.ts'
import type { Heard, Told } from './lines.ts'
import { decide } from './machine.ts'
import { lockFreeOutgoings, type Outgoing, saveLives } from './store.ts'
import type { Ask, Life } from './types.ts'
import { sorryScript } from './words.ts'

/** So many transactions of many webhooks each may be under way, so that the next are answered while the last are being saved. */
const transactionsAtOnce = 3

/** What the provider told us, advanced, and what is said next; null for a mere report. */
export interface Answered extends Advanced {
  script: Script | null
}

/** @returns a function that answers one webhook, together with those of the same organisation and room that come at the same moment */
export function answerer(app: App): (happening: Happening) => Promise<Answered> {
  const together = gather(
    (happenings: readonly Happening[]) => ofMany(app, happenings),
    ({ ref }) => `${ref.organisationId} ${ref.ownerRoom}`,
    { apartBy: ({ ref }) => ref.ownerId, atOnce: transactionsAtOnce },
  )
  return async (happening) => {
    const canHearMany = app.owners[happening.ref.ownerRoom].take !== undefined
    return (canHearMany ? await together(happening) : null) ?? ofOne(app, happening)
  }
}

function ofOne(app: App, { ref, event, said }: Happening): Promise<Answered> {
  return app.db.in(ref, async (tx) => {
    const advanced = await advance(app, tx, ref, event, said)
    return { ...advanced, script: await scriptOf(app, tx, advanced) }
  })
}

/** @returns null of those that are to be answered by themselves: nothing was done of them */
async function ofMany(app: App, happenings: readonly Happening[]): Promise<(Answered | null)[]> {
  try {
    return await app.db.in(happenings[0]!.ref, (tx) => answerTogether(app, tx, happenings))
  } catch (error) {
    const code = (error as { code?: string }).code ?? null
    app.log.warn('webhooks are answered one by one, because together they failed', { room: 'lines', code })
    return happenings.map(() => null)
  }
}

/**
 * Many, by a handful of statements. Waits for nobody's rows, and touches none but those of the outgoings and of their owners: so two that take
 * many never wait for each other, and one that is stuck holds nobody up but itself.
 * @param happenings of one organisation and one room that can hear many, of each owner one
 * @returns null of one whose rows another has, or that concerns more rows
 */
async function answerTogether(
  app: App,
  tx: Tx,
  happenings: readonly Happening[],
): Promise<(Answered | null)[]> {
  const now = app.clock.now()
  const owners = await app.owners[happenings[0]!.ref.ownerRoom].take!(
    tx,
    happenings.map(({ ref }) => ref.ownerId),
  )
  const ids = happenings.flatMap(({ ref }) => (owners.has(ref.ownerId) ? [ref.id] : []))
  const outgoings = new Map((await lockFreeOutgoings(tx, ids)).map((outgoing) => [outgoing.id, outgoing]))
  const taken = happenings.flatMap((happening) => {
    const outgoing = outgoings.get(happening.ref.id)
    const one = outgoing && { outgoing, step: decide(outgoing.life, happening.event, now), happening }
    return one && !concernsMore(one) ? [one] : []
  })
  const told = taken.flatMap((one) => toldOf(one) ?? [])
  const heard = told.length > 0 ? await owners.hear(app, told) : []
  const scripts = new Map(told.map((one, place) => [idOf(one), heard[place]!]))
  const done = taken.flatMap((one) => {
    const script = scripts.get(one.outgoing.id)
    return script === 'alone' ? [] : [{ ...one, script: scriptAfter(one, script) }]
  })
  await saveLives(
    tx,
    done.map(({ outgoing, step }) => ({ outgoing, life: step.life })),
    done.flatMap((one) => (one.happening.said ? exchangeOf(one, one.happening.said, now) : [])),
  )
  ringFor(app, tx, done, now)
  const answered = new Map(done.map((one) => [one.outgoing.id, one]))
  return happenings.map(({ ref }) => answered.get(ref.id) ?? null)
}

/** What is recorded is its owner's to keep; a text that was not delivered may put its number on a list. */
const concernsMore = (one: Advanced): boolean =>
  one.step.ask?.kind === 'recorded' || (isOver(one) && one.outgoing.life.kind === 'text')

/** What its owner hears of it; null: nothing. */
function toldOf(one: Advanced): Told | null {
  if (isOver(one)) return { kind: 'ended', ended: endOf(one) }
  const { outgoing, step } = one
  const { ask } = step
  switch (ask?.kind) {
    case 'answered':
    case 'silent':
      return { kind: ask.kind, heard: heardIn(outgoing, step.life, ask) }
    case 'keyed':
      return { kind: 'keyed', heard: heardIn(outgoing, step.life, ask), key: ask.key }
    default:
      return null
  }
}

const idOf = (told: Told): string => (told.kind === 'ended' ? told.ended : told.heard).outgoingId

function scriptAfter({ step: { ask } }: Advanced, script: Script | undefined): Script | null {
  if (!ask) return null
  return ask.kind === 'sorry' ? sorryScript() : script!
}

/** Once for all of them. */
function ringFor(app: App, tx: Tx, done: readonly Advanced[], now: Date): void {
  const changes = done.filter(isChanged).map((one) => changeOf(one, now))
  if (changes.length === 0) return
  const work = changes.some((change) => change.work)
  const services = changes.flatMap((change) => change.services)
  tx.afterCommit(() => app.bell.ring({ work, services }))
}

/** What is said next, by whoever this call was made for; null for a mere report. */
async function scriptOf(app: App, tx: Tx, { outgoing, step }: Advanced): Promise<Script | null> {
  const { ask, life } = step
  if (!ask) return null
  if (ask.kind === 'sorry') return sorryScript()
  const owner = app.owners[outgoing.ownerRoom]
  const heard = heardIn(outgoing, life, ask)
  switch (ask.kind) {
    case 'answered':
      return owner.answered(app, tx, heard)
    case 'keyed':
      return owner.keyed(app, tx, heard, ask.key)
    case 'silent':
      return owner.silent(app, tx, heard)
    case 'recorded': {
      const { recordingSid, seconds, isFileReady } = ask
      if (!owner.recorded) throw new Error(`${outgoing.ownerRoom} records nothing`)
      return owner.recorded(app, tx, heard, { lineId: outgoing.lineId, recordingSid, seconds, isFileReady })
    }
  }
}

const heardIn = (
  { organisationId, id, ownerId, partId }: Outgoing,
  { rangAt }: Life,
  { keys, silences }: Exclude<Ask, { kind: 'sorry' }>,
): Heard => ({ organisationId, outgoingId: id, ownerId, partId, keys, silences, rangAt })
