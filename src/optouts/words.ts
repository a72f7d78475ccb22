// Opt-outs / words: what people are told when somebody asks for no more texts, or for texts again. Pure.
import type { Channel } from '../db/tables.ts'
import { nationalNumber } from '../kit/phone-number.ts'
import { listOf } from '../kit/plain-words.ts'
import type { OptOutReason } from '../lines/lines.ts'
import type { Change } from '../ringin/ringin.ts'

/** What is answered where the network has not answered itself. */
export const answers = {
  stopped: () => 'CallAssist: You will get no more texts from us. To get them again, text START.',
  started: () => 'CallAssist: You will get our texts again. To stop them, text STOP.',
} as const

/** What one person's number means to one service. */
export interface Concern {
  name: string
  receiverName: string
  isReceiver: boolean
  /** whether the receiver was written to at all */
  isTexted: boolean
  /** how an alert receiver is told, texts included; empty for anybody else */
  channels: readonly Channel[]
  /** null: texts are sent again */
  why: OptOutReason | null
  /** E.164: the line that START is texted to */
  lineNumber: string
}

/** The news, as the room that tells stakeholders takes them. */
export function tidingsOf(concern: Concern): Change {
  return {
    what: 'texts',
    headline: headline(concern),
    meaning: [because(concern), ...meaning(concern)].join(' '),
    undo: undo(concern),
  }
}

function headline({ name, why }: Concern): string {
  return why === null
    ? `${name} gets texts from CallAssist again.`
    : `${name} gets no more texts from CallAssist.`
}

function because({ name, why }: Concern): string {
  if (why === null) return `${name} asked for them by text.`
  return why === 'opted out'
    ? `${name} asked for that by text.`
    : `The number takes no texts, as with a landline.`
}

function meaning(concern: Concern): string[] {
  return [
    ...(concern.isReceiver ? [forReceiver(concern)] : []),
    ...(concern.channels.length > 0 ? [forAlerts(concern)] : []),
  ]
}

function forReceiver({ name, isTexted, why }: Concern): string {
  if (!isTexted) return `The calls to ${name} go on as before.`
  return why === null
    ? `${name} is written to as you have set it up.`
    : `At the times at which ${name} was written to, CallAssist now rings instead.`
}

const otherWays: Record<Channel, string> = { call: 'rung', email: 'e-mailed', text: 'texted' }

function forAlerts({ name, receiverName, channels, why }: Concern): string {
  const ways = channels.filter((channel) => why === null || channel !== 'text').map((way) => otherWays[way])
  if (ways.length > 0)
    return `In an alert about ${receiverName}, ${name} is ${why === null ? '' : 'still '}${listOf(ways)}.`
  return `In an alert about ${receiverName}, ${name} cannot be told any more, because a text was the only way. Please choose another way, or another person.`
}

function undo({ name, why, lineNumber }: Concern): string | null {
  return why === 'opted out'
    ? `If that was a mistake, ${name} can text START to ${nationalNumber(lineNumber)}.`
    : null
}
