// Ringin / words of news: how the stakeholders are told of a pause, a stop or a start: by text, by e-mail, on the telephone. Who did it,
// what it means, how it is undone. And how to get in, for whoever accepted an alert by ringing in. Pure.
import { plain, segments } from '../kit/gsm7.ts'
import { countOf } from '../kit/plain-words.ts'
import { dateInWords, spokenDate } from '../kit/words-of-time.ts'
import type { Block } from '../mail/mail.ts'
import type { Change, OfTexts, Tidings } from './tidings.ts'

/** What must be known to say it. */
export interface NewsFacts {
  receiverName: string
  /** 'YYYY-MM-DD' on the receiver's calendar */
  today: string
  /** the page of the service */
  url: string
  /** how to get in, or null */
  notes: string | null
  /** ours, as people write it */
  lineNumber: string
}

/** "Ada has rung us and stopped the calls to Ada for good." */
function headline(tidings: Change, facts: NewsFacts): string {
  if (tidings.what === 'texts') return tidings.headline
  const { receiverName } = facts
  const who = tidings.by.is === 'receiver' ? `${receiverName} has rung us and` : `${tidings.by.name} has`
  switch (tidings.what) {
    case 'paused':
      return `${who} paused the calls to ${receiverName} ${untilWhen(tidings, facts, (date) => dateInWords(date, facts.today))}.`
    case 'stopped':
      return `${who} stopped the calls to ${receiverName} for good.`
    case 'started again':
      return `${who} started the calls to ${receiverName} again.`
  }
}

function untilWhen(
  { from, to }: { from: string; to: string },
  { today }: NewsFacts,
  say: (date: string) => string,
): string {
  if (from === to && from === today) return 'for today'
  return `up to and with ${say(to)}`
}

function meaning(tidings: Change, { receiverName, today }: NewsFacts): string {
  if (tidings.what === 'texts') return tidings.meaning
  if (tidings.what === 'started again') return 'We ring again from the next time that is due.'
  const until = tidings.what === 'paused' && tidings.to === today ? 'Today' : 'Until then'
  return `${tidings.what === 'paused' ? until : 'From now on'} we do not ring, and tell nobody when ${receiverName} does not answer.`
}

const undo = ({ what }: Exclude<Change, OfTexts>): string =>
  what === 'started again' ? 'To see the calls' : 'If that is not right, start the calls again here'

/** Sentence by sentence. */
function accepted({ lineNumber, notes, receiverName }: NewsFacts): string[] {
  return [
    `You have told us by telephone that you will see to ${receiverName}.`,
    ...(notes ? [`How to get in: ${notes.replace(/[.!\s]+$/, '')}.`] : []),
    `If it was not you, ring us at once, on ${lineNumber}.`,
  ]
}

function acceptedLetter(facts: NewsFacts, to: { name: string }): { subject: string; blocks: Block[] } {
  const subject = `You will see to ${facts.receiverName}`
  return {
    subject,
    blocks: [
      { kind: 'heading', text: subject },
      { kind: 'paragraph', text: `Hello ${to.name},` },
      ...accepted(facts).map((text) => ({ kind: 'paragraph' as const, text })),
      { kind: 'button', text: `Open ${facts.receiverName}'s page`, url: facts.url },
    ],
  }
}

/** In as few parts as can be; the address is the way to undo it. */
export function newsText(tidings: Tidings, facts: NewsFacts): string {
  if (tidings.what === 'accepted') return plain(`CallAssist: ${accepted(facts).join(' ')}`)
  if (tidings.what === 'texts')
    return plain(['CallAssist:', tidings.headline, tidings.meaning, tidings.undo].filter(Boolean).join(' '))
  const long = plain(
    `CallAssist: ${headline(tidings, facts)} ${meaning(tidings, facts)} ${undo(tidings)}: ${facts.url}`,
  )
  const short = plain(`CallAssist: ${headline(tidings, facts)} ${undo(tidings)}: ${facts.url}`)
  return segments(long) > segments(short) ? short : long
}

export function newsLetter(
  tidings: Tidings,
  facts: NewsFacts,
  to: { name: string },
): { subject: string; blocks: Block[] } {
  if (tidings.what === 'accepted') return acceptedLetter(facts, to)
  const subject = headline(tidings, facts).replace(/\.$/, '')
  return {
    subject,
    blocks: [
      { kind: 'heading', text: subject },
      { kind: 'paragraph', text: `Hello ${to.name},` },
      { kind: 'paragraph', text: `${headline(tidings, facts)} ${meaning(tidings, facts)}` },
      ...(tidings.what !== 'texts'
        ? [{ kind: 'paragraph' as const, text: `${undo(tidings)}:` }]
        : tidings.undo
          ? [{ kind: 'paragraph' as const, text: tidings.undo }]
          : []),
      { kind: 'button', text: `Open ${facts.receiverName}'s page`, url: facts.url },
    ],
  }
}

/** On the telephone, sentence by sentence. */
export function newsSpoken(tidings: Tidings, facts: NewsFacts, to: { name: string }): string[] {
  const { receiverName } = facts
  const greeting = `Hello ${to.name}. This is CallAssist, about ${receiverName}.`
  if (tidings.what === 'accepted') return [greeting, ...accepted(facts), 'To hear this again, press star.']
  if (tidings.what === 'texts')
    return [greeting, tidings.headline, tidings.meaning, 'To hear this again, press star.']
  const who = tidings.by.is === 'receiver' ? `${receiverName} has rung us and` : `${tidings.by.name} has`
  const what =
    tidings.what === 'paused'
      ? `paused the calls to ${receiverName} ${untilWhen(tidings, facts, spokenDate)}`
      : tidings.what === 'stopped'
        ? `stopped the calls to ${receiverName} for good`
        : `started the calls to ${receiverName} again`
  return [
    greeting,
    `${who} ${what}.`,
    meaning(tidings, facts),
    'You do not need to do anything. To hear this again, press star.',
  ]
}

/** To whoever watches the queue: somebody left a message. */
export function messageLetter(seconds: number, url: string): { subject: string; blocks: Block[] } {
  const subject = 'Somebody left a message by telephone'
  return {
    subject,
    blocks: [
      { kind: 'heading', text: subject },
      {
        kind: 'paragraph',
        text: `They spoke for ${countOf(seconds, 'second')}. It waits until somebody has dealt with it.`,
      },
      { kind: 'button', text: 'Listen to it', url },
    ],
  }
}
