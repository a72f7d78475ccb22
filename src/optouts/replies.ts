// Opt-outs / replies: whether a text asks for no more texts, for texts again, or for the network's own help. Pure. Called by texts.ts.
//
// The network acts on a word of its own only when it is the whole message (telephony.md §1.6), and answers it. People also write
// "please stop texting me": that the network does not understand, so we must.
import { wordsOf } from '../kit/text-words.ts'
import type { OptOutReason } from '../lines/lines.ts'

/** `byNetwork`: it has acted and answered itself, so we answer nothing. */
export type Meant = { is: 'stop' | 'start' | 'info'; word: string; byNetwork: boolean } | null

const stops = new Set(['stop', 'stopall', 'unsubscribe', 'end', 'quit', 'cancel', 'revoke', 'optout'])
const starts = new Set(['start', 'unstop'])
const infos = new Set(['help', 'info'])

/** Around "stop" these say nothing else: "please stop texting me now". */
const aroundStop = new Set(
  'please pls stop all the texts text texting texting messages message messaging sending send writing to me these your this now at once thanks thank you i want no more any and do not dont'.split(
    ' ',
  ),
)
const noMore = new Set([
  'no more texts',
  'no more messages',
  'no more texts please',
  'no more messages please',
])

/** @param optOut why this number gets no texts now; null: it does. Only after a STOP does YES ask for them again */
export function meaningOf(body: string, optOut: OptOutReason | null): Meant {
  const whole = body.trim().toLowerCase()
  const words = wordsOf(body)
  const said = words.join(' ')
  if (stops.has(said)) return { is: 'stop', word: said, byNetwork: stops.has(whole) }
  if (isPleaToStop(words) || noMore.has(said)) return { is: 'stop', word: 'please stop', byNetwork: false }
  const isStart = starts.has(said) || (said === 'yes' && optOut === 'opted out')
  if (isStart && optOut !== null)
    return { is: 'start', word: said, byNetwork: optOut === 'opted out' && said === whole }
  if (infos.has(whole)) return { is: 'info', word: said, byNetwork: true }
  return null
}

function isPleaToStop(words: readonly string[]): boolean {
  return (
    words.includes('stop') &&
    words.every((word) => aroundStop.has(word)) &&
    !words.some((word, place) => word === 'stop' && ['not', 'dont'].includes(words[place - 1] ?? ''))
  )
}
