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

export interface MailActorOptions {
  /**
   * E-mails on their way at once. 1: each is waited for before anything else happens, which makes a rehearsal repeatable; more:
   * they go beside the loop, so that a slow mail server holds up no call.
   */
  inFlight?: number
}

/** The actor that sends e-mails, for the worker's loop. */
export function mailActors(app: App, { inFlight = 20 }: MailActorOptions = {}): Actor[] {
  const going = new Set<Promise<void>>()

  function sendBeside(email: ClaimedEmail, now: Date): void {
    const sending = send(app, email, now).finally(() => {
      going.delete(sending)
      app.bell.ring({ work: true })
    })
    going.add(sending)
  }

  async function runDue(now: Date): Promise<number> {
    const waited = inFlight === 1
    const room = waited ? atMost : Math.min(atMost, inFlight - going.size)
    if (room < 1) return 0
    const claimed = await claimEmails(app, {
      now,
      until: new Date(now.getTime() + claimSeconds * 1000),
      atMost: room,
    })
    for (const email of claimed) {
      if (waited) await send(app, email, now)
      else sendBeside(email, now)
    }
    return claimed.length
  }

  return [
    {
      name: 'mail',
      runDue,
      nextAt: () => nextEmailAt(app),
      finish: async () => void (await Promise.all(going)),
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
