// Exchange / rest: the provider's REST API as the official SDK uses it: who may ask, how refusals look, and the
// routes of everything but calls and texts (rest-calls.ts, rest-texts.ts). Changes are made at once, at the clock's instant, also
// while webhooks are under way, because the customer may well ask for them from inside a webhook.
import { timingSafeEqual } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { createDesk, type Desk } from './desk.ts'
import type { Line, LineSettings, Network, Place, Recording } from './network.ts'
import { notFound, passesDates, placeIn, Refused } from './parameters.ts'
import { accountPath, balanceJson, lineJson, moreInfo, recordingJson } from './represent.ts'
import { callRoutes } from './rest-calls.ts'
import { textRoutes } from './rest-texts.ts'
import { answerWrongly } from './wrong-answers.ts'

/**
 * @param line the provider of this line alone, which may show the numbers of the others as its own: they are verified with it.
 *   Without it: one provider of all lines, told apart by their numbers
 * @returns routes under `/2010-04-01/Accounts/SID/…`, to be mounted wherever the SDK's base URL points to
 */
export function restApi(network: Network, line: Line | null = null): Hono {
  const api = new Hono()
  const desk = createDesk(network, line)
  // a server says what time it is, and this one lives by a clock of its own
  api.use(async (context, next) => {
    context.header('Date', network.clock.now().toUTCString())
    await next()
  })
  api.use((context, next) => answerWrongly(network, line, context, next))
  api.use(async (context, next) => {
    authorise(network, context.req.header('authorization'))
    await next()
  })
  const account = new Hono()
  account.get('/Balance.json', (context) => context.json(balanceJson(network)))
  callRoutes(account, desk)
  textRoutes(account, desk)
  recordingRoutes(account, desk)
  numberRoutes(account, desk)
  api.route(accountPath(network), account)
  api.notFound((context) => refuse(context, notFound(context.req.path)))
  api.onError((error, context) => {
    if (error instanceof Refused) return refuse(context, error)
    network.log.error('the exchange failed to answer its customer', error)
    return refuse(context, new Refused(20500, 'Internal error'), 500)
  })
  return api
}

function refuse(
  context: Context,
  refused: Refused,
  status: 500 | Refused['status'] = refused.status,
): Response {
  if (status === 401) context.header('WWW-Authenticate', 'Basic realm="exchange"')
  const { code, message } = refused
  return context.json({ code, message, more_info: moreInfo(code), status }, status)
}

/** @throws Refused 20003 unless the account's own SID and token are given */
function authorise(network: Network, header: string | undefined): void {
  const expected = Buffer.from(`${network.account.sid}:${network.account.authToken}`)
  const given = Buffer.from(header?.startsWith('Basic ') ? header.slice(6) : '', 'base64')
  if (given.length === expected.length && timingSafeEqual(given, expected)) return
  throw new Refused(20003, 'Authenticate', 401)
}

function recordingRoutes(account: Hono, desk: Desk): void {
  const { network } = desk
  const isMine = ({ callSid }: Recording) => desk.isMine(network.calls.get(callSid)?.lineName ?? '')
  const find = (file: string): Recording => {
    const recording = network.recordings.get(file.replace(/\.(json|wav|mp3)$/, ''))
    if (!recording || !isMine(recording)) throw notFound(file)
    return recording
  }
  const media = (recording: Recording) => {
    const bytes = desk.now() < recording.readyAt ? null : network.store.readFile(recording.sid)
    if (!bytes) throw notFound(recording.sid)
    return new Response(new Uint8Array(bytes), {
      headers: { 'content-type': 'audio/x-wav', 'content-length': String(bytes.length) },
    })
  }
  const remove = (recording: Recording) => {
    network.recordings.delete(recording.sid)
    network.store.dropFile(recording.sid)
    network.store.save('recording', recording.sid, null)
    return new Response(null, { status: 204 })
  }
  const listed = (context: Context, callSid: string | null) =>
    [...network.recordings.values()]
      .reverse()
      .filter((each) => (callSid === null || each.callSid === callSid) && isMine(each))
      .filter((each) => passesDates(desk.query(context), 'DateCreated', each.startedAt))

  account.get('/Recordings.json', (context) => {
    const recordings = listed(context, context.req.query('CallSid') ?? null)
    return desk.page(context, 'recordings', recordings, (each) =>
      recordingJson(network, each, desk.now(), 'account'),
    )
  })
  account.get('/Recordings/:file', (context) => {
    const file = context.req.param('file')
    const recording = find(file)
    if (file.endsWith('.json')) return context.json(recordingJson(network, recording, desk.now(), 'account'))
    // the exchange has no MP3 encoder: it offers what it has, and says so
    if (file.endsWith('.mp3')) throw new Refused(20501, 'Recordings are kept as WAV here; ask for .wav', 501)
    return media(recording)
  })
  account.delete('/Recordings/:file', (context) => remove(find(context.req.param('file'))))
  account.get('/Calls/:call/Recordings.json', (context) => {
    const recordings = listed(context, context.req.param('call'))
    return desk.page(context, 'recordings', recordings, (each) =>
      recordingJson(network, each, desk.now(), 'call'),
    )
  })
  account.get('/Calls/:call/Recordings/:file', (context) =>
    context.json(recordingJson(network, find(context.req.param('file')), desk.now(), 'call')),
  )
  account.delete('/Calls/:call/Recordings/:file', (context) => remove(find(context.req.param('file'))))
}

function numberRoutes(account: Hono, desk: Desk): void {
  const { network } = desk
  const find = (file: string): Line => {
    const line = network.lines.find(({ sid, name }) => `${sid}.json` === file && desk.isMine(name))
    if (!line) throw notFound(file)
    return line
  }
  account.get('/IncomingPhoneNumbers.json', (context) => {
    const query = desk.query(context)
    const number = query.get('PhoneNumber')
    const name = query.get('FriendlyName')
    const lines = network.lines
      .filter((line) => desk.isMine(line.name))
      .filter((line) => number === null || line.number.includes(number))
      .filter((line) => name === null || line.settings.friendlyName === name)
    return desk.page(context, 'incoming_phone_numbers', lines, (line) => lineJson(network, line))
  })
  account.get('/IncomingPhoneNumbers/:file', (context) =>
    context.json(lineJson(network, find(context.req.param('file')))),
  )
  account.post('/IncomingPhoneNumbers/:file', async (context) => {
    const line = find(context.req.param('file'))
    line.settings = changed(line.settings, await desk.form(context))
    return context.json(lineJson(network, line))
  })
}

/** A line's settings after a change; what is not given stays, what is given empty goes. */
function changed(settings: LineSettings, form: URLSearchParams): LineSettings {
  const place = (url: string, method: string, old: Place | null): Place | null => {
    const given = form.has(url) ? placeIn(form, url, method, 21502) : old
    return given && form.has(method)
      ? { ...given, method: form.get(method) === 'GET' ? 'GET' : 'POST' }
      : given
  }
  return {
    friendlyName: form.get('FriendlyName') ?? settings.friendlyName,
    voice: place('VoiceUrl', 'VoiceMethod', settings.voice),
    voiceFallback: place('VoiceFallbackUrl', 'VoiceFallbackMethod', settings.voiceFallback),
    sms: place('SmsUrl', 'SmsMethod', settings.sms),
    smsFallback: place('SmsFallbackUrl', 'SmsFallbackMethod', settings.smsFallback),
    status: place('StatusCallback', 'StatusCallbackMethod', settings.status),
  }
}
