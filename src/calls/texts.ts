// Calls / texts: what a receiver texts to us, whether we asked by text or not. Finds out whom it is from by the number, which is
// enough to acknowledge and to ask for help (product.md §4.5). Registered as a text listener in wiring.ts.
import type { App } from '../app.ts'
import { listOf } from '../kit/plain-words.ts'
import type { TextListener } from '../lines/lines.ts'
import { servicePlan, servicesRinging } from '../services/services.ts'
import { advance } from './advance.ts'
import { askForHelpByRingIn } from './asked.ts'
import { isAnsweredByNetwork, isAskedFor, meaningOf } from './replies.ts'
import { recordIdleAnswer, type TextThread, textThreadsOf, timesAnsweredIdly } from './store.ts'
import { answers } from './words.ts'

/** So long after it was due a text about a call is still understood as being about it. */
const rememberedMs = 24 * 60 * 60_000
/** After so many answers that change nothing we are talking to a machine, or to somebody whom texts do not help. */
const idleAnswersAtMost = 3
/** A cry for help so soon after another says the same again; a later one is heard anew, for that alert may be over. */
const sameCryMs = 10 * 60_000

/**
 * The first round takes what our texts ask for, Y and N, and any cry for help. Another yes may just as well be meant for an alert that
 * waits, so it comes in the second round.
 */
export const callTextListener: TextListener = async (app, { from, body }, round) => {
  const since = new Date(app.clock.now().getTime() - rememberedMs)
  const threads = await app.db.look((tx) => textThreadsOf(tx, from, since))
  const meant = meaningOf(body)
  if (meant === 'help') {
    const answer = await help(app, from, threads)
    return answer !== null && isAnsweredByNetwork(body) ? '' : answer
  }
  const thread = meantBy(threads)
  if (!thread) return null
  if (round === 'first' && !(isAskedFor(body) && (waits(thread) || thread.textAttempt !== null))) return null
  switch (meant) {
    case 'no':
      if (thread.isTest) return testHelp(app, thread)
      // only where our text offered it, or something is being asked just now
      return isOpen(thread) || thread.textAttempt !== null ? help(app, from, threads) : idly(app, thread)
    case 'yes':
      return waits(thread) ? heard(app, thread, threads) : idly(app, thread)
    case 'thanks':
      return isOpen(thread) ? idly(app, thread) : ''
    case 'something else':
      return idly(app, thread)
  }
}

/** What is open and was tried last; else what was missed and waits for a word; else the last. */
function meantBy(threads: readonly TextThread[]): TextThread | undefined {
  return (
    threads.find(isOpen) ??
    threads.find((thread) => waits(thread) && !thread.isTest) ??
    threads.find(waits) ??
    threads[0]
  )
}

const isOpen = ({ state }: TextThread): boolean => state !== 'closed'

/** Open, or missed and still unexplained: a late answer gives everybody the all-clear. */
function waits({ state, outcome, isAcknowledged }: TextThread): boolean {
  return state !== 'closed' || ((outcome === 'missed' || outcome === 'not placed') && !isAcknowledged)
}

function heard(app: App, thread: TextThread, threads: readonly TextThread[]): Promise<string> {
  const others = threads.filter((other) => isOpen(other) && other.callId !== thread.callId)
  return app.db.in(thread, async (tx) => {
    const { receiverName } = await servicePlan(tx, thread.serviceId)
    await advance(app, tx, thread.callId, { kind: 'acknowledged', by: 'text', attempt: thread.textAttempt })
    if (thread.isTest) return answers.testWorks(receiverName)
    if (!isOpen(thread)) return answers.late(receiverName)
    return answers.thanks(receiverName, thread.kind, await namesOf(app, others))
  })
}

/**
 * An open call asks for help; where none is, a call of its own stands for the cry, as when somebody rings in. Never a test: nobody would
 * hear of it. Null: no receiver of ours.
 */
async function help(app: App, number: string, threads: readonly TextThread[]): Promise<string | null> {
  const real = threads.filter(({ isTest }) => !isTest)
  const open = real.find(isOpen)
  if (open) return helpIn(app, open)
  const after = new Date(app.clock.now().getTime() - sameCryMs)
  const same = real.find(({ outcome, outcomeAt }) => outcome === 'help requested' && outcomeAt! > after)
  return same ? idly(app, same) : helpAnew(app, number)
}

function helpIn(app: App, thread: TextThread): Promise<string> {
  return app.db.in(thread, async (tx) => {
    const { receiverName } = await servicePlan(tx, thread.serviceId)
    await advance(app, tx, thread.callId, { kind: 'helpRequested', attempt: thread.textAttempt })
    return answers.helpComing(receiverName)
  })
}

async function helpAnew(app: App, number: string): Promise<string | null> {
  const services = (await servicesRinging(app, number)).filter(({ endedAt }) => endedAt === null)
  // of two who share a telephone nobody can say which it is
  for (const { organisationId, serviceId } of services)
    await app.db.in({ organisationId }, (tx) => askForHelpByRingIn(app, tx, serviceId, null))
  return services.length === 0 ? null : answers.helpComing(listOf(services.map((one) => one.receiverName)))
}

/** N in answer to a test text: it has arrived, and nobody is told. */
function testHelp(app: App, thread: TextThread): Promise<string> {
  return app.db.in(thread, async (tx) => {
    await advance(app, tx, thread.callId, { kind: 'helpRequested', attempt: thread.textAttempt })
    return answers.testHelp()
  })
}

/** An answer to a text that changed nothing; '' when there have been enough of them. */
function idly(app: App, thread: TextThread): Promise<string> {
  return app.db.in(thread, async (tx) => {
    const times = await timesAnsweredIdly(tx, thread.callId)
    if (times >= idleAnswersAtMost) return ''
    await recordIdleAnswer(tx, thread, app.clock.now())
    tx.afterCommit(() => app.bell.ring({ services: [thread.serviceId] }))
    const { receiverName } = await servicePlan(tx, thread.serviceId)
    if (thread.outcome === 'help requested') return answers.helpComing(receiverName)
    return isOpen(thread) ? answers.notUnderstood(thread.kind) : answers.nothingWaits(receiverName)
  })
}

async function namesOf(app: App, threads: readonly TextThread[]): Promise<string[]> {
  const names = await Promise.all(
    threads.map((other) =>
      app.db.in(other, async (tx) => (await servicePlan(tx, other.serviceId)).receiverName),
    ),
  )
  return [...new Set(names)]
}
