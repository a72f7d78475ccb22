// Alerts / texts: what somebody who was told texts back. Finds out whom it is from by the number, which is enough to accept: it
// is the number we wrote to. Registered as a text listener in wiring.ts.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { TextListener } from '../lines/lines.ts'
import { advance } from './advance.ts'
import { nameOf, readFacts, standingFor } from './facts.ts'
import { meaningOf } from './replies.ts'
import { lockAlert, recordEvent, type Thread, threadsOf, timesAnsweredIdly } from './store.ts'
import { replies } from './words.ts'

/** So long after its end a text about an alert still gets an answer. */
const rememberedMs = 24 * 60 * 60_000
/** After so many answers that change nothing we are talking to a machine, or to somebody whom texts do not help. */
const idleAnswersAtMost = 3

export const alertTextListener: TextListener = async (app, { from, body }, round) => {
  const since = new Date(app.clock.now().getTime() - rememberedMs)
  const threads = await app.db.look((tx) => threadsOf(tx, from, since))
  if (threads.length === 0) return null
  const mine = threads.find((thread) => thread.state === 'accepted' && thread.acceptedBy === thread.personId)
  const meant = meaningOf(body)
  const isWaitedFor = (meant === 'yes' && threads.some(waits)) || (meant === 'fine' && mine !== undefined)
  if (round === 'first' && !isWaitedFor) return null
  if (meant === 'yes') return accept(app, threads)
  if (meant === 'fine' && mine) return fine(app, mine)
  return notUnderstood(app, mine ?? threads.find(waits), meant === 'thanks')
}

function waits(thread: Thread): boolean {
  return (
    thread.state === 'open' ||
    thread.state === 'handed over' ||
    (thread.wantsHelp && thread.acceptedBy !== thread.personId)
  )
}

/** The alert texted last that still waits; else an answer about the one texted last. */
async function accept(app: App, threads: readonly Thread[]): Promise<string | null> {
  const waiting = threads.filter(waits)
  const thread = waiting[0] ?? threads[0]!
  const names = await receiverNames(
    app,
    waiting.filter((other) => other.alertId !== thread.alertId),
  )
  return app.db.in(thread, async (tx) => {
    const event = { kind: 'accepted' as const, by: thread.personId, over: 'text' as const }
    const state = await advance(app, tx, thread.alertId, event)
    const facts = await factsOfThread(tx, thread)
    const standing = await standingFor(tx, state, thread.personId)
    // two machines that thank each other would never stop
    if (waiting.length === 0 && !(await mayAnswerIdly(app, tx, thread))) return null
    switch (standing.is) {
      case 'yours':
        return waiting.length > 0
          ? replies.thanks(await nameOf(tx, thread.personId), facts, names)
          : replies.yoursAlready(facts.receiverName)
      case 'accepted':
        return replies.already(standing.byName, names)
      case 'closed':
        return replies.over(standing.how, standing.byName, facts.receiverName)
      case 'open':
        throw new Error('an acceptance left the alert open')
    }
  })
}

async function fine(app: App, thread: Thread): Promise<string> {
  return app.db.in(thread, async (tx) => {
    await advance(app, tx, thread.alertId, {
      kind: 'said',
      what: 'she is fine',
      by: thread.personId,
      over: 'text',
    })
    return replies.fine((await factsOfThread(tx, thread)).receiverName)
  })
}

/** Null: nothing to ask back about, or asked often enough. */
async function notUnderstood(
  app: App,
  thread: Thread | undefined,
  isThanks: boolean,
): Promise<string | null> {
  if (!thread || (isThanks && !waits(thread))) return null
  return app.db.in(thread, async (tx) => {
    const { receiverName } = await factsOfThread(tx, thread)
    if (!(await mayAnswerIdly(app, tx, thread))) return null
    return waits(thread) ? replies.notUnderstood(receiverName) : replies.notUnderstoodYours(receiverName)
  })
}

/** Counts an answer to a text that changed nothing. False: there have been enough of them. */
async function mayAnswerIdly(app: App, tx: Tx, thread: Thread): Promise<boolean> {
  const times = await timesAnsweredIdly(tx, thread.alertId, thread.personId)
  if (times >= idleAnswersAtMost) return false
  const event = { kind: 'answered idly' as const, by: thread.personId }
  await recordEvent(tx, thread.alertId, { at: app.clock.now(), event, from: thread.state, to: thread.state })
  return true
}

async function factsOfThread(tx: Tx, { alertId }: Thread) {
  const alert = await lockAlert(tx, alertId)
  if (!alert) throw new Error('no such alert in this organisation')
  return readFacts(tx, alert)
}

/** Of these alerts, each once. */
async function receiverNames(app: App, threads: readonly Thread[]): Promise<string[]> {
  const names: string[] = []
  const seen = new Set<string>()
  for (const thread of threads) {
    if (seen.has(thread.alertId)) continue
    seen.add(thread.alertId)
    names.push(await app.db.in(thread, async (tx) => (await factsOfThread(tx, thread)).receiverName))
  }
  return names
}
