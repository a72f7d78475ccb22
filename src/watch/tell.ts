// Watch / tell: tells those who watch the queue, by e-mail and text at once, past the outbox and the dispatcher: those may be what is
// broken. Called by round.ts.
import type { App } from '../app.ts'
import { newId } from '../kit/ids.ts'
import { type Line, optOutsOf } from '../lines/lines.ts'
import { renderEmail } from '../mail/mail.ts'
import { familiesOrganisation, operatorsOf } from '../organisations/organisations.ts'
import { letter, type Told, text } from './words.ts'

/** A text that comes later only confuses. */
const textIsGoodForSeconds = 3600

/** Whom to tell: read while the database was well, for when it is not. */
export interface Audience {
  emails: readonly { name: string; address: string }[]
  /** E.164 */
  numbers: readonly string[]
}

/** As the settings have it, before anything was read. */
export const audienceOfSettings = ({ config }: App): Audience => ({
  emails: [{ name: 'CallAssist desk', address: config.operatorEmail }],
  numbers: config.operatorNumber ? [config.operatorNumber] : [],
})

export async function audienceNow(app: App): Promise<Audience> {
  const operators = await app.db.in({ organisationId: familiesOrganisation }, (tx) => operatorsOf(tx))
  const wanted = [app.config.operatorNumber, ...operators.map(({ phone }) => phone)]
  const numbers = [...new Set(wanted)].filter((number) => number !== null)
  const optedOut = await app.db.look((tx) => optOutsOf(tx, numbers))
  const emails = operators.flatMap(({ name, email }) => (email ? [{ name, address: email }] : []))
  return {
    emails: emails.length > 0 ? emails : audienceOfSettings(app).emails,
    numbers: numbers.filter((number) => !optedOut.has(number)),
  }
}

/**
 * @param lines as they were last seen: one that has failed is tried last
 * @returns how many were reached, by either way
 */
export async function tell(
  app: App,
  { audience, lines }: { audience: Audience; lines: readonly Line[] },
  told: readonly Told[],
): Promise<number> {
  const { publicUrl } = app.config
  const link = publicUrl && `${publicUrl}/status`
  const email = letter(told, app.clock.now(), link)
  const rendered = renderEmail(email.subject, email.blocks)
  const inOrder = lines.toSorted(
    (a, b) => Number(a.health.is === 'failed') - Number(b.health.is === 'failed'),
  )
  const reached = await Promise.all([
    ...audience.emails.map((to) => mailed(app, to, rendered)),
    ...audience.numbers.map((number) => texted(app, number, text(told, link), inOrder)),
  ])
  return reached.filter((isReached) => isReached).length
}

async function mailed(
  app: App,
  to: { name: string; address: string },
  email: { subject: string; html: string; text: string },
): Promise<boolean> {
  const posted = await app.mail.send({ id: newId(app.clock.now()), to, ...email })
  return posted.kind === 'sent'
}

/** By the first line whose provider takes it. Whether an unknown one left nobody knows: better twice than never. */
async function texted(app: App, to: string, body: string, lines: readonly Line[]): Promise<boolean> {
  for (const line of lines) {
    const wanted = { from: line.number, to, body, validForSeconds: textIsGoodForSeconds, statusUrl: null }
    const asked = await app.phones.of(line.provider)?.sendText(wanted)
    if (asked?.kind === 'placed') return true
  }
  return false
}
