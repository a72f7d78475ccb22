// Calls / words: what this room says in writing. Pure. What is said on the telephone around a message stands with the
// messages, in their words.ts.
import { listOf } from '../kit/plain-words.ts'
import type { ScheduleKind } from '../messages/messages.ts'

/** Why a call was skipped, as it is stored and shown. */
export const skippedBecause = {
  /** @param reason as a stakeholder gave it */
  paused: (reason: string): string => `Paused: ${reason}`,
  ended: (): string => 'The calls were stopped',
}

/** What a text is made of. `before`: whether this call was tried already, and how. */
export interface Writing {
  receiverName: string
  kind: ScheduleKind
  isTest: boolean
  before: 'nothing' | 'rung' | 'written'
  /** the message */
  says: string
}

/**
 * The text of an attempt. It asks for Y, and never for YES or HELP: those are the networks' own words
 * (reference/telephony.md §1.6). N always asks for somebody, so that a person who is not well has a way to say it.
 */
export function textOf({ receiverName, kind, isTest, before, says }: Writing): string {
  if (isTest) return `CallAssist test for ${receiverName}: ${sentence(says)} Reply Y to show that this works.`
  const opening = {
    nothing: `CallAssist for ${receiverName}:`,
    rung: `CallAssist for ${receiverName}: We rang you and did not reach you.`,
    written: `CallAssist for ${receiverName}, once more:`,
  }[before]
  return `${opening} ${sentence(says)} ${replyPrompt(kind)}`
}

const replyPrompt = (kind: ScheduleKind): string =>
  `Reply Y ${kind === 'reminder' ? 'when you have read this' : 'if you are all right'}, or N if you need somebody.`

const sentence = (says: string): string => (/[.!?…]["'”’)]*$/.test(says) ? says : `${says}.`)

/** What the receiver is answered. Each begins with who writes: a text has no voice by which to know us. */
export const answers = {
  thanks: (receiverName: string, kind: ScheduleKind, others: readonly string[]) =>
    by(
      `Thank you, ${receiverName}. ${kind === 'reminder' ? 'Now we know that you have read this.' : 'Now we know that you are all right.'}`,
      ...alsoWaiting(others),
    ),
  late: (receiverName: string) =>
    by(`Thank you, ${receiverName}. We are telling everybody that you have answered.`),
  testWorks: (receiverName: string) => by(`Thank you, ${receiverName}. Your answer has reached us.`),
  helpComing: (receiverName: string) =>
    by(
      `${receiverName}, we are telling the people who look out for you that you need somebody. In an emergency ring 999.`,
    ),
  testHelp: () => by('Your N has reached us. As this is a test, nobody is told.'),
  /** nothing waits for an answer, but something did within a day */
  nothingWaits: (receiverName: string) =>
    by(
      `Thank you, ${receiverName}. There is nothing that you need to answer now. If you need help, ring somebody you trust, in an emergency 999.`,
    ),
  notUnderstood: (kind: ScheduleKind) =>
    by(`We did not understand that. ${replyPrompt(kind)} In an emergency ring 999.`),
} as const

const by = (...sentences: string[]): string => `CallAssist: ${sentences.join(' ')}`
const alsoWaiting = (others: readonly string[]): string[] =>
  others.length === 0 ? [] : [`Reply Y again for ${listOf(others)}.`]
