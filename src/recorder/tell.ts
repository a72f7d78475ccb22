// Recorder / tell: sends somebody the code with which they can record, by e-mail and by text. Called by pages.tsx, in the transaction
// that makes the code. Pure but for the two outboxes.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { nationalNumber } from '../kit/phone-number.ts'
import { enqueueText, priorities } from '../lines/lines.ts'
import { enqueueEmail } from '../mail/mail.ts'
import type { RecorderCode } from './store.ts'
import { codeInWords, words } from './words.ts'

export interface CodeTold {
  code: RecorderCode
  /** six digits */
  digits: string
  /** "Tuesday 8 December" */
  until: string
  askerName: string
  receiverName: string
  /** who shall record */
  name: string
  email: string | null
  /** E.164 */
  mobile: string | null
  /** E.164 */
  lineNumber: string
}

export async function tellCode(app: App, tx: Tx, told: CodeTold): Promise<void> {
  const { code, email, mobile } = told
  const about = {
    ownerRoom: 'recorder' as const,
    ownerId: code.id,
    partId: code.id,
    serviceId: code.serviceId,
  }
  if (email) {
    await enqueueEmail(app, tx, {
      ...about,
      purpose: 'recording',
      to: { name: told.name, address: email },
      subject: words.mail.subject(told.askerName, told.receiverName),
      blocks: [
        { kind: 'heading', text: words.mail.heading(told.receiverName) },
        { kind: 'paragraph', text: words.mail.lead(told.askerName, told.receiverName) },
        {
          kind: 'list',
          items: [
            `${words.codeRing(nationalNumber(told.lineNumber))}.`,
            `${words.codeType(codeInWords(told.digits))}.`,
            words.codeThen,
          ],
        },
        { kind: 'paragraph', text: words.codeGood(told.until) },
        { kind: 'small print', text: words.mail.end },
      ],
      usefulUntil: code.expiresAt,
    })
  }
  if (mobile) {
    const line = nationalNumber(told.lineNumber)
    await enqueueText(app, tx, {
      ...about,
      lineId: null,
      purpose: 'recording',
      priority: priorities.newCall,
      to: mobile,
      body: words.text(told.askerName, told.receiverName, line, told.digits, told.until),
      usefulUntil: new Date(app.clock.now().getTime() + textUsefulForMs),
    })
  }
}

/** A text that could not leave for half a day is better told by word of mouth. */
const textUsefulForMs = 12 * 3_600_000
