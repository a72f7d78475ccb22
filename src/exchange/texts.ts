// Exchange / texts: text messages out in their line's turn, and in from a telephone; what the network itself answers to STOP,
// START and HELP, and whom it then refuses to write to (telephony.md §1.6). Called by rest.ts, handsets.ts and the timeline.
import { segments } from '../kit/gsm7.ts'
import { report } from './callbacks.ts'
import { iso, type Line, type Network, type Place, phoneOf, type Text, type TextStatus } from './network.ts'
import { largestTwiml, parseTwiml } from './twiml.ts'
import type { Delivered } from './webhooks.ts'
import * as words from './words.ts'

/** From leaving the line to arriving. */
const travelMs = 1500
/** The provider gives a text up after ten hours unless told otherwise. */
export const validityDefaultMs = 10 * 3600 * 1000

export interface TextAsked {
  to: string
  body: string
  statusUrl: string | null
  validityMs: number
  direction: 'outbound-api' | 'outbound-reply'
  automatic: boolean
}

const pair = (line: Line, number: string): string => `${line.number} ${number}`

/** Whether `number` asked for no more texts from this line: the provider's error 21610. */
export const isOptedOut = (network: Network, line: Line, number: string): boolean =>
  network.optedOut.has(pair(line, number))

/** Take a text into its line's queue. */
export function sendText(network: Network, line: Line, asked: TextAsked, at: number): Text {
  const text: Text = {
    sid: network.sids.next('SM'),
    direction: asked.direction,
    from: line.number,
    to: asked.to,
    lineName: line.name,
    body: asked.body,
    createdAt: at,
    updatedAt: at,
    sentAt: null,
    status: 'queued',
    errorCode: null,
    statusUrl: asked.statusUrl,
    validityMs: asked.validityMs,
    automatic: asked.automatic,
    told: false,
  }
  network.texts.set(text.sid, text)
  line.texts.push(text, at)
  save(network, text)
  return text
}

/** The text's turn has come. Called by the line's pacer. */
export function transmit(network: Network, text: Text, at: number): void {
  if (text.status !== 'queued') return
  if (at - text.createdAt > text.validityMs) {
    become(network, text, 'failed', at, 30036)
    return
  }
  text.sentAt = at
  const entry = network.ledger.add({
    kind: 'text',
    at: iso(at),
    lineName: text.lineName,
    from: text.from,
    to: text.to,
    body: text.body,
    result: 'sent',
    textSid: text.sid,
    statusUrl: text.statusUrl,
    automatic: text.automatic,
  })
  network.store.save('text sent', text.sid, entry)
  become(network, text, 'sent', at)
  network.timeline.add(at + travelMs, (now) => arrive(network, text, now))
}

/** Text messages do not reach landlines: geographic numbers of the United Kingdom. */
const isLandline = (number: string): boolean => /^\+44[12]/.test(number)

/** The text reaches the telephone, or cannot. */
export function arrive(network: Network, text: Text, at: number): void {
  const reached = !isLandline(text.to)
  const entry = network.ledger.entries().findLast((each) => each.kind === 'text' && each.textSid === text.sid)
  if (entry?.kind === 'text') {
    entry.result = reached ? 'delivered' : 'undelivered'
    network.store.save('text sent', text.sid, entry)
  }
  if (!reached) {
    become(network, text, 'undelivered', at, 30006)
    return
  }
  const phone = phoneOf(network, text.to)
  become(network, text, 'delivered', at)
  // the telephone has its own copy: blanking the provider's changes nothing there
  phone.texts.push({ ...text })
  if (text.automatic) return
  const behaviour = network.behaviours.nextText(text.to)
  const line = network.lines.find(({ name }) => name === text.lineName)
  if (!behaviour || !line) return
  network.timeline.add(at + behaviour.afterSeconds * 1000, (now) => {
    receiveText(network, line, text.to, behaviour.reply, now)
  })
}

const final: readonly TextStatus[] = ['delivered', 'undelivered', 'failed', 'canceled']

/** The text's state changes, and the customer is told. */
function become(
  network: Network,
  text: Text,
  status: TextStatus,
  at: number,
  errorCode: number | null = null,
): void {
  text.status = status
  text.updatedAt = at
  text.errorCode = errorCode
  if (final.includes(status)) text.told = text.statusUrl === null
  save(network, text)
  tellStatus(network, text, at)
}

function tellStatus(network: Network, text: Text, at: number): void {
  const { statusUrl, status } = text
  if (statusUrl === null) return
  const params = {
    ...textParams(network, text),
    MessageStatus: status,
    ...(text.errorCode === null ? {} : { ErrorCode: String(text.errorCode) }),
  }
  const isLast = final.includes(status)
  const deliver = async (forged: boolean) => {
    const done = await network.webhooks.deliver({ url: statusUrl, method: 'POST', params, forged })
    logFault(network, text, done)
    if (isLast) markTold(network, text)
  }
  const isOnItsWay = report(network, { line: text.lineName, at, isLast, deliver })
  if (isLast && !isOnItsWay) markTold(network, text)
}

/** Tell at once that the text waits, before the customer has the answer to their request for it. */
export async function tellTextEarly(network: Network, text: Text): Promise<void> {
  if (text.statusUrl === null) return
  const params = { ...textParams(network, text), MessageStatus: text.status }
  logFault(network, text, await network.webhooks.deliver({ url: text.statusUrl, method: 'POST', params }))
}

function markTold(network: Network, text: Text): void {
  text.told = true
  network.store.save('text', text.sid, text)
}

const textParams = (network: Network, text: Text) => ({
  MessageSid: text.sid,
  SmsSid: text.sid,
  SmsStatus: text.status,
  AccountSid: network.account.sid,
  From: text.from,
  To: text.to,
  ApiVersion: '2010-04-01',
})

/** Somebody writes to a line. The network answers its own words itself; the customer hears of every text all the same. */
export function receiveText(network: Network, line: Line, from: string, body: string, at: number): Text {
  const text: Text = {
    sid: network.sids.next('SM'),
    direction: 'inbound',
    from,
    to: line.number,
    lineName: line.name,
    body,
    createdAt: at,
    updatedAt: at,
    sentAt: at,
    status: 'received',
    errorCode: null,
    statusUrl: null,
    validityMs: validityDefaultMs,
    automatic: false,
    told: false,
  }
  network.texts.set(text.sid, text)
  phoneOf(network, from).texts.push(text)
  const entry = network.ledger.add({
    kind: 'text in',
    at: iso(at),
    lineName: line.name,
    from,
    to: line.number,
    body,
    textSid: text.sid,
  })
  network.store.save('text in', text.sid, entry)
  answerWord(network, line, from, body, at)
  save(network, text)
  passOn(network, line, text, at)
  return text
}

const stopWords = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'CANCEL']
const startWords = ['START', 'YES', 'UNSTOP']
const helpWords = ['HELP', 'INFO']

/** Words count only as the whole message, however written. START and its like are answered only where there was a STOP. */
function answerWord(network: Network, line: Line, from: string, body: string, at: number): void {
  const word = body.trim().toUpperCase()
  const blocked = isOptedOut(network, line, from)
  const answer = (text: string) => {
    const asked = { to: from, body: text, statusUrl: null, validityMs: validityDefaultMs, automatic: true }
    sendText(network, line, { ...asked, direction: 'outbound-reply' }, at)
  }
  if (stopWords.includes(word)) {
    optOut(network, line, from, true)
    answer(words.stopped())
  } else if (startWords.includes(word) && blocked) {
    optOut(network, line, from, false)
    answer(words.startedAgain())
  } else if (helpWords.includes(word) && !blocked) answer(words.help())
}

function optOut(network: Network, line: Line, number: string, out: boolean): void {
  if (out) network.optedOut.add(pair(line, number))
  else network.optedOut.delete(pair(line, number))
  network.store.save('opt-out', pair(line, number), out)
}

/** Tell the customer of a text that came in, and send what they answer. */
export function passOn(network: Network, line: Line, text: Text, at: number): void {
  const { sms, smsFallback } = line.settings
  if (!sms) {
    text.told = true
    save(network, text)
    return
  }
  const params = {
    ...textParams(network, text),
    SmsMessageSid: text.sid,
    Body: text.body,
    NumMedia: '0',
    NumSegments: String(segments(text.body)),
  }
  network.timeline.add(at, async () => {
    let done = await ask(network, sms, params)
    logFault(network, text, done)
    if (done.code !== null && smsFallback) {
      done = await ask(network, smsFallback, { ...params, ErrorCode: String(done.code), ErrorUrl: sms.url })
    }
    text.told = true
    save(network, text)
    sendAnswers(network, line, text, done, network.clock.now().getTime())
  })
}

const ask = (network: Network, place: Place, params: Record<string, string>): Promise<Delivered> =>
  network.webhooks.deliver({ ...place, params, answerBytes: largestTwiml })

/** Every `<Message>` of the answer goes out, unless the person asked for none. */
function sendAnswers(network: Network, line: Line, text: Text, done: Delivered, at: number): void {
  if (done.code !== null || done.bytes.length === 0 || !/xml/.test(done.contentType ?? '')) return
  const read = parseTwiml(new TextDecoder().decode(done.bytes))
  if (!read.ok) {
    network.log.warn('the answer to a text is no TwiML', { textSid: text.sid, code: read.code })
    return
  }
  for (const verb of read.verbs) {
    if (verb.do !== 'message' || verb.body === '') continue
    const to = verb.to ?? text.from
    if (isOptedOut(network, line, to)) {
      network.log.warn('an answer to a text was not sent', { textSid: text.sid, code: 21610 })
      continue
    }
    const asked = {
      to,
      body: verb.body,
      statusUrl: verb.statusUrl,
      validityMs: validityDefaultMs,
      automatic: false,
    }
    sendText(network, line, { ...asked, direction: 'outbound-reply' }, at)
  }
}

function logFault(network: Network, text: Text, done: Delivered): void {
  if (done.code !== null)
    network.log.warn('a webhook of a text failed', { textSid: text.sid, code: done.code })
}

/** What is left of a text that waits: false when it has gone already. */
export function cancelText(network: Network, line: Line, text: Text, at: number): boolean {
  if (text.status !== 'queued') return false
  line.texts.remove(text)
  become(network, text, 'canceled', at)
  return true
}

/** After a restart: everything that was under way goes on. */
export function resumeText(network: Network, line: Line, text: Text, at: number): void {
  if (text.status === 'queued') line.texts.push(text, at)
  else if (text.status === 'sent') network.timeline.add(at, (now) => arrive(network, text, now))
  else if (text.status === 'received' && !text.told) passOn(network, line, text, at)
  else if (final.includes(text.status) && !text.told) tellStatus(network, text, at)
}

function save(network: Network, text: Text): void {
  network.store.save('text', text.sid, text)
  network.changed()
}
