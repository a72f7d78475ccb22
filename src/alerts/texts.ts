// Alerts / texts: what somebody who was told texts back. Finds out whom it is from by the number, which is enough to accept: it
// is the number we wrote to. Which alert is meant is never guessed. Registered as a text listener in wiring.ts.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { TextListener } from '../lines/lines.ts'
import { advance } from './advance.ts'
import { rememberedMs } from './bundles.ts'
import { nameOf, readFacts, standingFor } from './facts.ts'
import { type Thread, threadsOf } from './notifications/store.ts'
import { type About, meaningOf } from './replies.ts'
import { lockAlert, recordEvent, timesAnsweredIdly } from './store.ts'
import { type AlertFacts, type Choice, replies, type Standing } from './words.ts'

/** After so many answers that change nothing we are talking to a machine, or to somebody whom texts do not help. */
const idleAnswersAtMost = 3

export const alertTextListener: TextListener = async (app, { from, body }, round) => {
  const since = new Date(app.clock.now().getTime() - rememberedMs)
  const threads = eachOnce(await app.db.look((tx) => threadsOf(tx, from, since)))
  if (threads.length === 0) return null
  const meant = meaningOf(
    body,
    threads.map(({ receiverName }) => receiverName),
  )
  const mine = threads.filter(isMine)
  const isWaitedFor = (meant.is === 'yes' && threads.some(waits)) || (meant.is === 'fine' && mine.length > 0)
  if (round === 'first' && !isWaitedFor) return null
  if (meant.is === 'yes') return accept(app, threads, meant.about)
  if (meant.is === 'fine' && mine.length > 0) return fine(app, threads, meant.about)
  return notUnderstood(app, threads, meant.is === 'thanks')
}

/** Two people may share a number: each alert once, as the one who accepted it, else as the one who was told last. */
function eachOnce(threads: readonly Thread[]): Thread[] {
  const ofEach = Map.groupBy(threads, ({ alertId }) => alertId)
  return [...ofEach.values()].map((same) => same.find(isMine) ?? same[0]!)
}

const isMine = (thread: Thread): boolean =>
  thread.state === 'accepted' && thread.acceptedBy === thread.personId

function waits(thread: Thread): boolean {
  return (
    thread.state === 'open' ||
    thread.state === 'handed over' ||
    (thread.wantsHelp && thread.acceptedBy !== thread.personId)
  )
}

/**
 * Which of these a text means. What it names by code or name; else all, if it says so; else the only one there is.
 * @returns null when that cannot be told
 */
function meantBy(about: About, threads: readonly Thread[], among: readonly Thread[]): Thread[] | null {
  const named = [
    ...about.codes.map((code) => the(threads, among, (thread) => thread.code === code)),
    ...about.named.map((at) => the(threads, among, (thread) => thread === threads[at])),
  ]
  if (named.length > 0) return named.includes(null) ? null : [...new Set(named as Thread[])]
  // nothing waits: the answer says how the last one stands
  if (among.length === 0) return threads.slice(0, 1)
  return about.isAll || among.length === 1 ? [...among] : null
}

/** The one of which this is true, first among those that it can be about now; null for none and for several. */
function the(
  threads: readonly Thread[],
  among: readonly Thread[],
  isIt: (thread: Thread) => boolean,
): Thread | null {
  const [first, ...others] = among.some(isIt) ? among.filter(isIt) : threads.filter(isIt)
  return first && others.length === 0 ? first : null
}

async function accept(app: App, threads: readonly Thread[], about: About): Promise<string | null> {
  const waiting = threads.filter(waits)
  const meant = meantBy(about, threads, waiting)
  if (meant === null || meant.length === 0) return askWhich(app, threads, waiting)
  const asked = []
  for (const thread of inOrder(meant)) asked.push(await acceptOne(app, thread))
  const rest = choices(waiting.filter((thread) => !meant.includes(thread)))
  const taken = asked.filter(({ standing }) => standing.is === 'yours')
  if (taken.some(({ thread }) => waits(thread))) {
    const { name } = taken[0]!
    const inHand = [...threads.filter(isMine), ...taken.map(({ thread }) => thread)]
    const facts = taken.map((one) => one.facts)
    return replies.thanks(name, facts, { waiting: rest, inHand: choices(eachOnce(inHand)) })
  }
  const [first] = asked
  // two machines that thank each other would never stop
  if (!first || (!meant.some(waits) && !(await mayAnswerIdly(app, first.thread)))) return null
  switch (first.standing.is) {
    case 'yours':
      return replies.yoursAlready(first.facts.receiverName, choices(threads.filter(isMine)))
    case 'accepted':
      return replies.already(first.standing.byName, rest)
    case 'closed':
      return replies.over(first.standing.how, first.standing.byName, first.facts.receiverName, rest)
    case 'open':
      throw new Error('an acceptance left the alert open')
  }
}

interface Asked {
  thread: Thread
  /** as it stands now for the sender, and who that is */
  standing: Standing
  name: string
  facts: AlertFacts
}

/** One alert in each transaction: whoever locks two must lock them in order, and these come as they were meant. */
async function acceptOne(app: App, thread: Thread): Promise<Asked> {
  return app.db.in(thread, async (tx) => {
    const event = { kind: 'accepted' as const, by: thread.personId, over: 'text' as const }
    const state = await advance(app, tx, thread.alertId, event)
    return {
      thread,
      standing: await standingFor(tx, state, thread.personId),
      name: await nameOf(tx, thread.personId),
      facts: await factsOfThread(tx, thread),
    }
  })
}

/** Several wait, and the text does not say which; or it says one that we do not know. */
async function askWhich(
  app: App,
  threads: readonly Thread[],
  waiting: readonly Thread[],
): Promise<string | null> {
  if (waiting.length < 2) return notUnderstood(app, threads, false)
  return (await mayAnswerIdly(app, waiting[0]!)) ? replies.whichOne(choices(waiting)) : null
}

async function fine(app: App, threads: readonly Thread[], about: About): Promise<string | null> {
  const mine = threads.filter(isMine)
  const meant = meantBy(about, threads, mine)
  if (meant === null || !meant.every(isMine))
    return (await mayAnswerIdly(app, mine[0]!)) ? replies.whoIsFine(choices(mine)) : null
  for (const thread of meant) await closeOne(app, thread)
  return replies.fine(inOrder(meant).map(({ receiverName }) => receiverName))
}

async function closeOne(app: App, { alertId, personId, organisationId }: Thread): Promise<void> {
  const event = { kind: 'said' as const, what: 'she is fine' as const, by: personId, over: 'text' as const }
  await app.db.in({ organisationId }, (tx) => advance(app, tx, alertId, event))
}

/** Null: nothing to ask back about, or asked often enough. */
async function notUnderstood(
  app: App,
  threads: readonly Thread[],
  isThanks: boolean,
): Promise<string | null> {
  const [mine, waiting] = [threads.filter(isMine), threads.filter(waits)]
  const about = mine[0] ?? waiting[0]
  if (!about || (isThanks && !waits(about))) return null
  if (!(await mayAnswerIdly(app, about))) return null
  if (mine.length > 0) return replies.notUnderstoodYours(choices(mine))
  return waiting.length > 1
    ? replies.notUnderstoodSeveral(choices(waiting))
    : replies.notUnderstood(about.receiverName)
}

/** Counts an answer to a text that changed nothing. False: there have been enough of them. */
async function mayAnswerIdly(app: App, thread: Thread): Promise<boolean> {
  return app.db.in(thread, async (tx) => {
    const times = await timesAnsweredIdly(tx, thread.alertId, thread.personId)
    if (times >= idleAnswersAtMost) return false
    const event = { kind: 'answered idly' as const, by: thread.personId }
    await recordEvent(tx, thread.alertId, {
      at: app.clock.now(),
      event,
      from: thread.state,
      to: thread.state,
    })
    return true
  })
}

async function factsOfThread(tx: Tx, { alertId }: Thread): Promise<AlertFacts> {
  const alert = await lockAlert(tx, alertId)
  if (!alert) throw new Error('no such alert in this organisation')
  return readFacts(tx, alert)
}

/** To choose from, in the order in which the alerts were raised. */
const choices = (threads: readonly Thread[]): Choice[] =>
  inOrder(threads).map(({ receiverName, code }) => ({ receiverName, code }))

const inOrder = (threads: readonly Thread[]): Thread[] =>
  [...threads].sort((a, b) => (a.alertId < b.alertId ? -1 : 1))
