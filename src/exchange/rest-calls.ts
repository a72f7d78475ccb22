// Exchange / rest-calls: the REST routes of calls: create, list, fetch, change, delete, and what happened to their webhooks.
// Called by rest.ts.
import type { Hono } from 'hono'
import { changeCall, placeCall, type Wish } from './calls.ts'
import type { Desk } from './desk.ts'
import { type Call, lineOf, type Network } from './network.ts'
import { askedIn, notFound, numberIn, passesDates, placeIn, Refused, wholeIn } from './parameters.ts'
import { callJson, eventJson, noteJson } from './represent.ts'
import { tellEarly } from './telling.ts'

export function callRoutes(account: Hono, desk: Desk): void {
  const { network } = desk
  const json = (call: Call) => callJson(network, call, lineNamed(network, call.lineName), desk.now())
  const find = (file: string): Call => {
    const call = network.calls.get(file.replace(/\.json$/, ''))
    if (!call || !desk.isMine(call.lineName)) throw notFound(file)
    return call
  }
  /** The provider's lists lag. */
  const isListed = (call: Call): boolean => {
    const fault = network.faults.on('list lags', call.lineName, desk.now())
    if (!fault || desk.now() - call.createdAt >= fault.seconds * 1000) return true
    network.faults.count('list lags')
    return false
  }

  account.post('/Calls.json', async (context) => {
    const call = create(desk, await desk.form(context))
    if (network.faults.strikes('early callbacks', call.lineName, desk.now()))
      await tellEarly(network, call, desk.now())
    return context.json(json(call), 201)
  })

  account.get('/Calls.json', (context) => {
    const query = desk.query(context)
    const equal = (name: string, value: string) => !query.has(name) || query.get(name) === value
    const calls = [...network.calls.values()]
      .reverse()
      .filter((call) => equal('To', call.to) && equal('From', call.from) && equal('Status', call.status))
      .filter(
        (call) =>
          passesDates(query, 'StartTime', call.startedAt) && passesDates(query, 'EndTime', call.endedAt),
      )
      .filter((call) => !query.has('ParentCallSid') && desk.isMine(call.lineName) && isListed(call))
    return desk.page(context, 'calls', calls, json)
  })

  account.get('/Calls/:file', (context) => context.json(json(find(context.req.param('file')))))

  account.post('/Calls/:file', async (context) => {
    const call = find(context.req.param('file'))
    change(desk, call, await desk.form(context))
    return context.json(json(call))
  })

  account.delete('/Calls/:file', (context) => {
    const call = find(context.req.param('file'))
    if (call.endedAt === null) throw new Refused(20009, 'The call is still going on', 409)
    network.calls.delete(call.sid)
    network.store.save('call', call.sid, null)
    return context.body(null, 204)
  })

  account.get('/Calls/:call/Events.json', (context) => {
    const call = find(context.req.param('call'))
    const requests = (network.requests.get(call.sid) ?? []).map((made, n) => ({
      ...made,
      sid: `${call.sid}-${n}`,
    }))
    return desk.page(context, 'events', requests, eventJson)
  })

  account.get('/Calls/:call/Notifications.json', (context) => {
    const call = find(context.req.param('call'))
    const level = context.req.query('Log')
    const notes = call.notes
      .filter((note) => level === undefined || String(note.level) === level)
      .filter((note) => passesDates(desk.query(context), 'MessageDate', note.at))
    return desk.page(context, 'notifications', notes, (note) => noteJson(network, call, note))
  })

  account.get('/Calls/:call/Notifications/:file', (context) => {
    const call = find(context.req.param('call'))
    const note = call.notes.find(({ sid }) => `${sid}.json` === context.req.param('file'))
    if (!note) throw notFound(context.req.param('file'))
    return context.json({
      ...noteJson(network, call, note),
      request_variables: '',
      response_body: '',
      response_headers: '',
    })
  })
}

/** Codes 21201, 21213 no number; 21211, 21212 no valid one; 21210 not ours; 10004 too many calls at once; and askedIn's. */
function create({ network, line: own, now }: Desk, form: URLSearchParams): Call {
  const to = numberIn(form, 'To', { missing: 21201, invalid: 21211 })
  const from = numberIn(form, 'From', { missing: 21213, invalid: 21212 })
  const shown = lineOf(network, from)
  const line = shown && (own ?? shown)
  if (!line) throw new Refused(21210, "The 'From' number is not one of the account's numbers")
  const asked = askedIn(form)
  // refused outright, so that the customer knows it was not processed
  if (line.active >= line.concurrentCalls) throw new Refused(10004, 'Too many calls at once', 429)
  return placeCall(network, line, { from, to }, asked, now())
}

/** Code 21220 when the call is not in a state to be changed so. */
function change({ network, now }: Desk, call: Call, form: URLSearchParams): void {
  const status = form.get('Status')
  if (status !== null && status !== 'canceled' && status !== 'completed')
    throw new Refused(20001, 'Status must be canceled or completed')
  const voice = placeIn(form, 'Url', 'Method', 21205)
  const twiml = form.get('Twiml')
  const report = placeIn(form, 'StatusCallback', 'StatusCallbackMethod', 21609)
  const fallback = placeIn(form, 'FallbackUrl', 'FallbackMethod', 21205)
  if (call.endedAt !== null && (status || voice || twiml)) throw new Refused(21220, 'The call is over')
  call.asked = {
    ...call.asked,
    status: report ?? call.asked.status,
    fallback: fallback ?? call.asked.fallback,
    timeLimitSeconds: wholeIn(form, 'TimeLimit', call.asked.timeLimitSeconds, {
      from: 1,
      to: 24 * 3600,
      code: 20001,
    }),
  }
  if (!status && !voice && twiml === null) return
  const wish: Wish = status ? { status } : voice ? { voice } : { twiml: twiml ?? '' }
  if (changeCall(network, call, wish, now()) === 'wrong state')
    throw new Refused(21220, 'The call is not in progress')
}

const lineNamed = (network: Network, name: string) => network.lines.find((line) => line.name === name)
