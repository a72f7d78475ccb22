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

/**
 * The first round takes what our texts ask for, Y and N, and any cry for help, where a call waits. Another yes may just as well be
 * meant for an alert that waits, so it comes in the second round.
 */
export const callTextListener: TextListener = async (app, { from, body }, round) => {
  const since = new Date(app.clock.now().getTime() - rememberedMs)
  const threads = await app.db.look((tx) => textThreadsOf(tx, from, since))
  const thread = threads[0]
  const meant = meaningOf(body)
  if (!thread) return meant === 'help' ? helpUnasked(app, from, body) : null
  const isOurs = meant === 'help' || (isAskedFor(body) && (waits(thread) || thread.textAttempt !== null))
  if (round === 'first' && !isOurs) return null
  const answer = await answerTo(app, meant, threads, thread)
  return answer !== null && isAnsweredByNetwork(body) ? '' : answer
}

async function answerTo(
  app: App,
  meant: ReturnType<typeof meaningOf>,
  threads: readonly TextThread[],
  thread: TextThread,
): Promise<string | null> {
  switch (meant) {
    case 'help':
      return help(app, thread)
    case 'no':
      // only where our text offered it, or something is being asked just now
      return isOpen(thread) || thread.textAttempt !== null ? help(app, thread) : idly(app, thread)
    case 'yes':
      return waits(thread) ? heard(app, thread, threads.slice(1).filter(isOpen)) : idly(app, thread)
    case 'thanks':
      return isOpen(thread) ? idly(app, thread) : ''
    case 'something else':
      return idly(app, thread)
  }
}

const isOpen = ({ state }: TextThread): boolean => state !== 'closed'

/** Open, or missed and still unexplained: a late answer gives everybody the all-clear. */
function waits({ state, outcome, isAcknowledged }: TextThread): boolean {
  return state !== 'closed' || ((outcome === 'missed' || outcome === 'not placed') && !isAcknowledged)
}

/** The call that was tried last is meant. */
function heard(app: App, thread: TextThread, others: readonly TextThread[]): Promise<string> {
  return app.db.in(thread, async (tx) => {
    const { receiverName } = await servicePlan(tx, thread.serviceId)
    await advance(app, tx, thread.callId, { kind: 'acknowledged', by: 'text', attempt: thread.textAttempt })
    if (thread.isTest) return answers.testWorks(receiverName)
    if (!isOpen(thread)) return answers.late(receiverName)
    return answers.thanks(receiverName, thread.kind, await namesOf(app, others))
  })
}

/** A call that is over already opens its alert all the same: whoever asks for help needs it now. */
function help(app: App, thread: TextThread): Promise<string> {
  // heard already: a telephone that answers by itself shall not talk with us for ever
  if (thread.outcome === 'help requested') return idly(app, thread)
  return app.db.in(thread, async (tx) => {
    const { receiverName } = await servicePlan(tx, thread.serviceId)
    await advance(app, tx, thread.callId, { kind: 'helpRequested', attempt: thread.textAttempt })
    return thread.isTest ? answers.testHelp() : answers.helpComing(receiverName)
  })
}

/** Nothing was due for a day: a call of its own stands for the cry, as when somebody rings in. Null: no receiver of ours. */
async function helpUnasked(app: App, number: string, body: string): Promise<string | null> {
  const services = (await servicesRinging(app, number)).filter(({ endedAt }) => endedAt === null)
  // of two who share a telephone nobody can say which it is
  for (const { organisationId, serviceId } of services)
    await app.db.in({ organisationId }, (tx) => askForHelpByRingIn(app, tx, serviceId, null))
  if (services.length === 0) return null
  const names = listOf(services.map(({ receiverName }) => receiverName))
  return isAnsweredByNetwork(body) ? '' : answers.helpComing(names)
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
