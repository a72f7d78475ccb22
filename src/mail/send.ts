// Mail / send: carries what lies in the outbox to the mail server. One actor; any number of processes may run it. An e-mail is
// claimed and committed before the server is asked, and the answer is saved after, so no transaction waits for the outside.
// A process that dies between the two leaves the e-mail to be sent again: a second e-mail does less harm than none.
import type { App } from '../app.ts'
import type { Actor } from '../queue/actor.ts'
import { type ClaimedEmail, claimEmails, type Ending, nextEmailAt, saveEnding } from './store.ts'
import { givenUp } from './words.ts'

/** Longer than a sending can take (outside/mail/smtp.ts), so that nobody sends what another is still sending. */
const claimSeconds = 60
const atMost = 20
/** Seconds from one try to the next; the last one repeats. */
const pauses = [5, 15, 60, 300]

/** The actor that sends e-mails, for the worker's loop. */
export function mailActors(app: App): Actor[] {
  return [
    {
      name: 'mail',
      async runDue(now) {
        const until = new Date(now.getTime() + claimSeconds * 1000)
        const claimed = await claimEmails(app, { now, until, atMost })
        await Promise.all(claimed.map((email) => send(app, email, now)))
        return claimed.length
      },
      nextAt: () => nextEmailAt(app),
    },
  ]
}

/** Never rejects: one e-mail's trouble is not another's. What cannot be saved stays claimed and is due again when that runs out. */
async function send(app: App, email: ClaimedEmail, now: Date): Promise<void> {
  const about = { email: email.id, purpose: email.purpose, tries: email.tries }
  try {
    const ending = await ask(app, email, now)
    await saveEnding(app, email, ending)
    if (ending.state === 'sent') app.log.info('e-mail sent', about)
    else app.log.warn(ending.state === 'failed' ? 'e-mail given up' : 'e-mail not taken yet', about)
  } catch (error) {
    app.log.error('an e-mail could not be handled', error, about)
  }
}

async function ask(app: App, email: ClaimedEmail, now: Date): Promise<Ending> {
  if (email.usefulUntil <= now) return { state: 'failed', trouble: givenUp.tooLate }
  const posted = await app.mail.send({
    id: email.id,
    to: { name: email.toName, address: email.toAddress },
    subject: email.subject,
    html: email.html,
    text: email.plain,
  })
  if (posted.kind === 'sent') return { state: 'sent' }
  if (!posted.temporary) return { state: 'failed', trouble: givenUp.refused(posted.reason) }
  const wakeAt = new Date(now.getTime() + (pauses[email.tries - 1] ?? pauses.at(-1)!) * 1000)
  if (wakeAt >= email.usefulUntil) return { state: 'failed', trouble: givenUp.notInTime(posted.reason) }
  return { state: 'waiting', trouble: posted.reason, wakeAt }
}
