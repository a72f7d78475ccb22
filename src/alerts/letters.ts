// Alerts / letters: the text message and the e-mail of a notification. Pure. Called by notify.ts. An e-mail's one button leads
// to a page; opening that page accepts nothing, because mail scanners open every link.
import type { Block } from '../mail/mail.ts'
import {
  type AlertFacts,
  allIsWell,
  howOftenRung,
  mails,
  type Standing,
  texts,
  whatHappened,
} from './words.ts'

/** What a notification says. */
export type Telling =
  | { kind: 'alert' }
  | { kind: 'help wanted'; byName: string }
  | { kind: 'accepted'; byName: string }
  | { kind: 'all-clear'; how: 'she is fine' | 'all-clear'; byName: string | null }
  | { kind: 'reminder' }
  | { kind: 'asked for help' }
  | { kind: 'handed over' }
  | { kind: 'still waiting' }

/** @param code by which a text back is to say which alert it means; null where a mere OK can mean no other */
export function textAbout(telling: Telling, facts: AlertFacts, code: string | null): string {
  const { receiverName } = facts
  switch (telling.kind) {
    case 'alert':
    case 'handed over':
    case 'still waiting':
      return texts.alert(facts, code)
    case 'help wanted':
      return texts.helpWanted(telling.byName, receiverName, code)
    case 'accepted':
      return texts.accepted(telling.byName, receiverName)
    case 'all-clear':
      return texts.allClear(telling.how, telling.byName, receiverName)
    case 'reminder':
      return texts.reminder(receiverName, code)
    case 'asked for help':
      return texts.askedForHelp(receiverName)
  }
}

/** One of the alerts of which a text tells, as it stands for whom it is written to. */
export interface TextItem {
  facts: AlertFacts
  code: string | null
  standing: Standing
}

/** One text that tells of all of these. @param items at least one */
export function textFor(items: readonly TextItem[]): string {
  const [only] = items
  if (items.length > 1 || !only)
    return texts.alerts(
      items.map(({ facts, code, standing }) => ({
        facts,
        code,
        helper: standing.is === 'accepted' ? standing.byName : null,
      })),
    )
  const { facts, code, standing } = only
  return standing.is === 'accepted'
    ? texts.helpWanted(standing.byName, facts.receiverName, code)
    : texts.alert(facts, code)
}

export interface Letter {
  subject: string
  blocks: Block[]
}

export interface LetterTo {
  facts: AlertFacts
  /** to whom */
  name: string
  link: string
  now: Date
  openedAt: Date
}

export function emailAbout(telling: Telling, to: LetterTo): Letter {
  const { facts, link } = to
  const { receiverName } = facts
  switch (telling.kind) {
    case 'alert':
      return letter(to, mails.subject.alert(facts), [
        ...story(to),
        p(mails.press()),
        { kind: 'button', text: mails.button(), url: link },
        ...notes(facts),
      ])
    case 'help wanted':
      return letter(to, mails.subject.helpWanted(telling.byName, receiverName), [
        p(mails.helpWanted(telling.byName, receiverName)),
        ...story(to),
        p(mails.pressToHelp()),
        { kind: 'button', text: mails.buttonToHelp(), url: link },
        ...notes(facts),
      ])
    case 'accepted':
      return letter(to, mails.subject.accepted(telling.byName, receiverName), [
        p(`${mails.subject.accepted(telling.byName, receiverName)}. ${mails.nothingToDo()}`),
        { kind: 'link', text: mails.look(), url: link },
      ])
    case 'all-clear':
      return letter(to, mails.subject.allClear(receiverName), [
        p(`${allIsWell(telling.how, telling.byName, receiverName)} ${mails.nothingToDo()}`),
        { kind: 'link', text: mails.look(), url: link },
      ])
    case 'reminder':
      return letter(to, mails.subject.reminder(receiverName), [
        p(mails.reminder(receiverName)),
        { kind: 'button', text: mails.tellUs(), url: link },
        ...notes(facts),
      ])
    case 'asked for help':
      return letter(to, mails.subject.askedForHelp(receiverName), [
        p(whatHappened(facts)),
        p(mails.reminder(receiverName)),
        { kind: 'button', text: mails.tellUs(), url: link },
        ...notes(facts),
      ])
    case 'handed over':
    case 'still waiting':
      return letter(to, queueSubject(telling.kind, to), [
        p(mails.nobodyYet()),
        ...story(to),
        p(mails.press()),
        { kind: 'button', text: mails.button(), url: link },
        ...notes(facts),
      ])
  }
}

function queueSubject(kind: 'handed over' | 'still waiting', { facts, now, openedAt }: LetterTo): string {
  return kind === 'handed over'
    ? mails.subject.handedOver(facts)
    : mails.subject.stillWaiting(facts, now.getTime() - openedAt.getTime())
}

function letter({ name }: LetterTo, subject: string, blocks: Block[]): Letter {
  return { subject, blocks: [{ kind: 'heading', text: subject }, p(mails.hello(name)), ...blocks] }
}

/** When it was, and what each attempt found. The heading has said what happened. */
function story({ facts, now }: LetterTo): Block[] {
  const unknown = facts.reason === 'not placed' || facts.calls ? whatHappened(facts) : ''
  const attempts = facts.attempts.map(({ result, at }) => mails.attempt(result, at, facts.timeZone))
  const sentences = [unknown, mails.when(facts, now), howOftenRung(facts)]
  return [
    p(sentences.filter((sentence) => sentence !== '').join(' ')),
    ...(attempts.length > 0 ? [{ kind: 'list' as const, items: attempts }] : []),
  ]
}

function notes({ accessNotes }: AlertFacts): Block[] {
  return accessNotes === null
    ? []
    : [{ kind: 'facts', rows: [{ label: mails.notesTitle(), value: accessNotes }] }]
}

function p(text: string): Block {
  return { kind: 'paragraph', text }
}
