// Setup / summary: what was answered, as rows with Change links. Pure. Shown by the list of calls and the check page.
import type { ComponentChildren } from 'preact'
import { displayNumber } from '../kit/phone-number.ts'
import { dayAndTime, zoneInWords } from '../kit/words-of-time.ts'
import { findPreset, mentionsHealth, shown } from '../messages/messages.ts'
import { P, PhoneNumber, type SummaryRow } from '../web/components.tsx'
import { type Answers, type DraftCall, nameOf, nextDue, timingInWords } from './answers.ts'
import { type Asking, type From, placeOf } from './step.tsx'
import { waysInWords } from './steps/alerts.tsx'
import { today } from './steps/call.tsx'
import { standInOf } from './steps/message.tsx'
import { calledOf } from './steps/who.tsx'
import { summaryWords as words } from './words-of-summary.ts'

/** What a row needs to lead back. */
export interface Showing {
  answers: Answers
  asking: Asking
  base: string
  from: From
}

type RowOf = (key: string, value: ComponentChildren, path: string) => SummaryRow

const rowOf =
  ({ base, from }: Showing): RowOf =>
  (key, value, path) => ({
    key,
    value,
    change: { href: placeOf(base, path, from), what: key.toLowerCase() },
  })

export function whoRows(showing: Showing): SummaryRow[] {
  const { answers } = showing
  const row = rowOf(showing)
  const r = calledOf(answers)
  const [first = '', second] = answers.phones
  return [
    row(words.yourName, answers.yourName, 'your-name'),
    row(words.receiver, r.isSelf ? words.myself(r.name) : r.name, 'receiver'),
    row(
      words.numbers,
      <>
        <PhoneNumber>{displayNumber(first)}</PhoneNumber>
        {second && <>, {words.second(displayNumber(second))}</>}
      </>,
      'numbers',
    ),
  ]
}

/** One row a call; the list of calls is where they are changed. */
export function callRows(showing: Showing): SummaryRow[] {
  const { answers, asking, base, from } = showing
  return answers.calls.map((call) => {
    const timing = timingInWords(call, today(asking))
    return {
      key: timing,
      value: <OneCall {...showing} call={call} />,
      change: { href: placeOf(base, `calls#call-${call.key}`, from), what: timing },
    }
  })
}

function OneCall({ answers, base, call }: Showing & { call: DraftCall }) {
  const r = calledOf(answers)
  const sound = call.heard === 'recording' && call.recordingId
  return (
    <>
      <P>{[call.kind && `${words.kinds(r)[call.kind]}.`, byInWords(call)].filter(Boolean).join(' ')}</P>
      <P>{heardInWords(call, r.name)}</P>
      {sound && (
        // biome-ignore lint/a11y/useMediaCaption: it is the voice of the person who reads this
        <audio
          class="app-audio"
          controls
          preload="none"
          src={`${base}/recordings/${sound}`}
          aria-label={words.recordingSound}
        />
      )}
      {isSensitive(call) && <p class="govuk-hint">{shown.sensitive()}</p>}
    </>
  )
}

/** "We send a text."; nothing where the receiver is just rung. */
export function byInWords(call: DraftCall): string {
  return call.by && isWritten(call) ? words.by[call.by] : ''
}

/** Whether this call, or a part of it, is a text. */
export const isWritten = ({ by }: DraftCall): boolean => by !== null && by !== 'call'

/** Whether any of the calls rings. */
export const isRung = ({ calls }: Pick<Answers, 'calls'>): boolean => calls.some(({ by }) => by !== 'text')

/** What is heard, or read, in a sentence. */
export function heardInWords(call: DraftCall, name: string): string {
  if (call.by === 'text') return words.written(writtenIn(call, name))
  if (call.heard === 'spoken') return words.spoken(call.text ?? '')
  const preset = findPreset((call.heard === 'preset' && call.preset) || standInOf(call.kind))
  const title = preset?.title ?? ''
  if (call.heard === 'preset') return words.preset(title, preset?.text(name) ?? '')
  return call.recordingId ? words.recording : words.recordingLater(title)
}

function writtenIn(call: DraftCall, name: string): string {
  if (call.heard === 'spoken') return call.text ?? ''
  const preset = findPreset((call.heard === 'preset' && call.preset) || standInOf(call.kind))
  return preset?.written?.() ?? preset?.text(name) ?? ''
}

/** May a listener learn something about health from it? Of a recording nobody knows. */
export function isSensitive(call: DraftCall): boolean {
  if (call.heard === 'spoken') return mentionsHealth(call.text ?? '')
  return call.heard === 'preset' && (findPreset(call.preset ?? '')?.sensitive ?? false)
}

export function alertRows(showing: Showing): SummaryRow[] {
  const { answers } = showing
  const row = rowOf(showing)
  const contacts =
    answers.contacts.length === 0 ? (
      words.nobody
    ) : (
      <ol class="govuk-list govuk-list--number">
        {contactsInWords(showing).map((contact) => (
          <li key={contact}>{contact}</li>
        ))}
      </ol>
    )
  return [row(words.contacts, contacts, 'alerts'), row(words.notes, answers.notes || words.noNotes, 'notes')]
}

/** Whom we tell and how, one line each, in their order. */
export function contactsInWords({ answers, asking }: Pick<Showing, 'answers' | 'asking'>): string[] {
  return answers.contacts.map((contact) => {
    const told = `${nameOf(contact, answers)}. ${waysInWords(contact, asking.creator.email).join(' ')}`
    return contact.isTogether ? `${words.together} ${told}` : told
  })
}

export function deliveryRows(showing: Showing): SummaryRow[] {
  const key = isRung(showing.answers) ? words.ringing : words.texting
  return [rowOf(showing)(key, deliveryInWords(showing.answers), 'delivery')]
}

/** How often we try, and what an answer is. */
export function deliveryInWords(answers: Pick<Answers, 'calls' | 'delivery'>): string {
  const { delivery } = answers
  return isRung(answers) ? `${words.rings(delivery)} ${words.keys(delivery)}` : words.texts(delivery)
}

/** The next three calls in words, and whose clock they are by. */
export function NextCalls({ answers, asking }: Pick<Showing, 'answers' | 'asking'>) {
  const next = nextInWords(answers, asking)
  if (next.length === 0) return null
  return (
    <>
      <h2 class="govuk-heading-m">{words.next(next.length)}</h2>
      <ul class="govuk-list govuk-list--bullet">
        {next.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <P>{words.zone(zoneInWords(asking.zone))}</P>
    </>
  )
}

/** "Tomorrow, Tuesday 24 November, at 9:30am", three at most. */
export function nextInWords(answers: Answers, { zone, now }: Pick<Asking, 'zone' | 'now'>): string[] {
  return nextDue(answers, zone, now, 3).map((due) => dayAndTime(due, zone, now))
}
