// Opt-outs / texts: obeys STOP and START, whoever sends them, before any other room looks at the text. Registered as the first text
// listener in wiring.ts.
import type { App } from '../app.ts'
import { addOptOut, endOptOuts, optOutsOf, type TextListener } from '../lines/lines.ts'
import { familiesOrganisation } from '../organisations/organisations.ts'
import { meaningOf } from './replies.ts'
import { answers } from './words.ts'

export const optOutTextListener: TextListener = async (app, { from, body, lineId }, round) => {
  const optOut = (await app.db.look((tx) => optOutsOf(tx, [from]))).get(from) ?? null
  const meant = meaningOf(body, optOut)
  switch (meant?.is) {
    case 'stop':
      await stop(app, from, meant.word, lineId)
      return meant.byNetwork ? '' : answers.stopped()
    case 'start':
      await app.db.everywhere((tx) => endOptOuts(tx, from, app.clock.now()))
      app.bell.ring({ work: true })
      return meant.byNetwork ? '' : answers.started()
    case 'info':
      // the network answers; but a receiver's HELP is a cry for help, which calls hears in the first round
      return round === 'first' ? null : ''
    default:
      return null
  }
}

async function stop(app: App, number: string, word: string, lineId: string): Promise<void> {
  // lines are the families' organisation's, and so is what is said to them
  await app.db.in({ organisationId: familiesOrganisation }, (tx) =>
    addOptOut(tx, { number, why: 'opted out', word, lineId }, app.clock.now()),
  )
  app.bell.ring({ work: true })
}
