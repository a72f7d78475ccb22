// Setup / mail: the e-mail that lists everything entered, to the person who entered it. Called by finish.ts.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { localDateOf } from '../kit/local-time.ts'
import { nationalNumber } from '../kit/phone-number.ts'
import { dateInWords, timeInWords, zoneInWords } from '../kit/words-of-time.ts'
import { firstLine } from '../lines/lines.ts'
import { type Block, enqueueEmail } from '../mail/mail.ts'
import { type Answers, type DraftCall, nextDue, timingInWords } from './answers.ts'
import type { Asking } from './step.tsx'
import { today } from './steps/call.tsx'
import { calledOf } from './steps/who.tsx'
import { byInWords, contactsInWords, deliveryInWords, heardInWords, isSensitive } from './summary.tsx'
import { summaryWords as words } from './words-of-summary.ts'

const usefulForMs = 3 * 24 * 60 * 60 * 1000

export interface SetUp {
  setupId: string
  serviceId: string
  answers: Answers
  asking: Asking
  isChange: boolean
}

export async function enqueueSummary(app: App, tx: Tx, done: SetUp): Promise<void> {
  const { answers, asking } = done
  const r = calledOf(answers)
  const say = words.mail
  await enqueueEmail(app, tx, {
    purpose: 'summary',
    ownerRoom: 'setup',
    ownerId: done.setupId,
    partId: null,
    serviceId: done.serviceId,
    to: { name: answers.yourName ?? '', address: asking.creator.email },
    subject: done.isChange ? say.changedSubject(r) : say.subject(r),
    blocks: blocksOf(done, {
      publicUrl: app.config.publicUrl ?? '',
      lineNumber: (await firstLine(tx)).number,
    }),
    usefulUntil: new Date(asking.now.getTime() + usefulForMs),
  })
}

/** What the e-mail says. Pure. */
export function blocksOf(
  { answers, asking, serviceId, isChange }: Pick<SetUp, 'answers' | 'asking' | 'serviceId' | 'isChange'>,
  { publicUrl, lineNumber }: { publicUrl: string; lineNumber: string },
): Block[] {
  const r = calledOf(answers)
  const say = words.mail
  const service = `${publicUrl}/services/${serviceId}`
  const next = nextDates(answers, asking)
  const title = isChange ? words.done.changedTitle(r) : words.done.title(r)
  return [
    { kind: 'heading', text: title },
    { kind: 'paragraph', text: say.lead },
    { kind: 'facts', rows: facts(answers, asking) },
    { kind: 'paragraph', text: `${words.next(next.length)}:` },
    { kind: 'list', items: next },
    { kind: 'paragraph', text: words.zone(zoneInWords(asking.zone)) },
    { kind: 'paragraph', text: say.number(nationalNumber(lineNumber)) },
    { kind: 'button', text: say.button, url: service },
    { kind: 'link', text: say.change, url: `${service}/change` },
  ]
}

function facts(answers: Answers, asking: Asking): { label: string; value: string }[] {
  const r = calledOf(answers)
  const contacts = contactsInWords({ answers, asking })
  return [
    { label: words.yourName, value: answers.yourName ?? '' },
    { label: words.receiver, value: r.isSelf ? words.myself(r.name) : r.name },
    { label: words.numbers, value: answers.phones.map(nationalNumber).join('\n') },
    ...answers.calls.map((call, place) => ({
      label: words.mail.call(place + 1, answers.calls.length),
      value: callInWords(call, answers, asking),
    })),
    { label: words.contacts, value: contacts.join('\n') || words.nobody },
    { label: words.notes, value: answers.notes || words.noNotes },
    { label: words.delivery, value: deliveryInWords(answers) },
  ]
}

function callInWords(call: DraftCall, answers: Answers, asking: Asking): string {
  const r = calledOf(answers)
  const heard = isSensitive(call) ? words.mail.health : heardInWords(call, r.name)
  const kind = call.kind ? `${words.kinds(r)[call.kind]}.` : ''
  return [`${timingInWords(call, today(asking))}.`, kind, byInWords(call), heard].filter(Boolean).join('\n')
}

/** With their dates alone: an e-mail is read on another day too. */
function nextDates(answers: Answers, { zone, now }: Asking): string[] {
  return nextDue(answers, zone, now, 3).map((due) => {
    const date = dateInWords(localDateOf(due, zone), localDateOf(now, zone))
    return words.mail.due(date, timeInWords(due, zone))
  })
}
