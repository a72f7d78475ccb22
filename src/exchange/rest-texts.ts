// Exchange / rest-texts: the REST routes of text messages: create, list, fetch, change (cancel, or blank the body), delete.
// Called by rest.ts.
import type { Hono } from 'hono'
import type { Desk } from './desk.ts'
import { lineOf, type Text } from './network.ts'
import { notFound, numberIn, passesDates, placeIn, Refused, refuseUnprovided, wholeIn } from './parameters.ts'
import { textJson } from './represent.ts'
import { cancelText, isOptedOut, sendText, tellTextEarly } from './texts.ts'

const longestBody = 1600

export function textRoutes(account: Hono, desk: Desk): void {
  const { network } = desk
  const json = (text: Text) => textJson(network, text, desk.now())
  const find = (file: string): Text => {
    const text = network.texts.get(file.replace(/\.json$/, ''))
    if (!text || !desk.isMine(text.lineName)) throw notFound(file)
    return text
  }

  account.post('/Messages.json', async (context) => {
    const text = create(desk, await desk.form(context))
    if (network.faults.strikes('early callbacks', text.lineName, desk.now()))
      await tellTextEarly(network, text)
    return context.json(json(text), 201)
  })

  account.get('/Messages.json', (context) => {
    const query = desk.query(context)
    const equal = (name: string, value: string) => !query.has(name) || query.get(name) === value
    const texts = [...network.texts.values()]
      .reverse()
      .filter(
        (text) =>
          equal('To', text.to) &&
          equal('From', text.from) &&
          desk.isMine(text.lineName) &&
          passesDates(query, 'DateSent', text.sentAt),
      )
    return desk.page(context, 'messages', texts, json)
  })

  account.get('/Messages/:file', (context) => context.json(json(find(context.req.param('file')))))

  account.post('/Messages/:file', async (context) => {
    const text = find(context.req.param('file'))
    change(desk, text, await desk.form(context))
    return context.json(json(text))
  })

  account.delete('/Messages/:file', (context) => {
    const text = find(context.req.param('file'))
    if (text.status === 'queued' || text.status === 'sent')
      throw new Refused(20009, 'The message is still under way', 409)
    network.texts.delete(text.sid)
    network.store.save('text', text.sid, null)
    return context.body(null, 204)
  })
}

/** Codes 21604, 21603 no number; 21211, 21212 no valid one; 21606 not ours; 21602 no body; 21617 too long; 21610 opted out. */
function create({ network, now, isMine }: Desk, form: URLSearchParams): Text {
  refuseUnprovided(form, [
    'MediaUrl',
    'MessagingServiceSid',
    'ContentSid',
    'ScheduleType',
    'SendAt',
    'ApplicationSid',
  ])
  const to = numberIn(form, 'To', { missing: 21604, invalid: 21211 })
  const from = numberIn(form, 'From', { missing: 21603, invalid: 21212 })
  const line = lineOf(network, from)
  if (!line || !isMine(line.name))
    throw new Refused(21606, "The 'From' number is not one of the account's numbers")
  const body = form.get('Body') ?? ''
  if (body === '') throw new Refused(21602, 'A message needs a body')
  if (body.length > longestBody) throw new Refused(21617, `The body is longer than ${longestBody} characters`)
  const report = placeIn(form, 'StatusCallback', 'none', 21609)
  const validityMs = wholeIn(form, 'ValidityPeriod', 36_000, { from: 1, to: 36_000, code: 90007 }) * 1000
  if (isOptedOut(network, line, to))
    throw new Refused(21610, 'The recipient asked to get no more messages from this number')
  const asked = { to, body, statusUrl: report?.url ?? null, validityMs, automatic: false }
  return sendText(network, line, { ...asked, direction: 'outbound-api' }, now())
}

/** Code 30409 when it has left already. */
function change({ network, now }: Desk, text: Text, form: URLSearchParams): void {
  const line = lineOf(network, text.from)
  if (form.get('Status') === 'canceled' && !(line && cancelText(network, line, text, now()))) {
    throw new Refused(30409, 'The message has left already', 409)
  }
  if (form.get('Body') === '') {
    text.body = ''
    network.store.save('text', text.sid, text)
  }
}
