// Lines / webhooks: what the provider tells and asks us, each answered at once. Mounted at /lines. The signature comes first:
// what no provider of ours has signed is refused and logged before the database is asked for anything, and changes nothing.
//
//   /lines/:line/{voice,keys,status,machine,recording,fallback,text-status}/:token    about one outgoing, which the token names
//   /lines/:line/text-in                                                    to the line itself, which is named by id or name
//   /lines/:line/{ring-in,ring-in/:token,ring-in-status}                    about a call that came in: ring-in.ts
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { App } from '../app.ts'
import { isUuid } from '../kit/ids.ts'
import { audioUrl } from '../messages/messages.ts'
import { familiesOrganisation } from '../organisations/organisations.ts'
import {
  OutsideTrouble,
  type Phone,
  type PhoneEvent,
  type Script,
  type WebhookKind,
} from '../outside/phone/port.ts'
import { createBuckets } from '../web/limits.ts'
import { keysUrl, publicUrl, recordingUrl, turnOf } from './addresses.ts'
import type { Said } from './advance.ts'
import { type Answered, answerer } from './answer.ts'
import { gather } from './gather.ts'
import { lineCalled } from './line/store.ts'
import { optOutsOf } from './opt-outs/store.ts'
import { heardIn, type RingInRequest, rang, rangOff } from './ring-in.ts'
import { type OutgoingRef, refsByTokens } from './store.ts'
import { giveBackTextIn, takeTextIn, textInDone } from './texts-in/store.ts'
import type { LineEvent, Step } from './types.ts'
import { did, fallbackScript, heard, sorryScript, told, voicemailScript } from './words.ts'

/** A webhook is a few hundred bytes; a text's body is at most 1,600 characters. */
const largestBody = 64 * 1024
const aboutOne: ReadonlySet<string> = new Set([
  'voice',
  'keys',
  'status',
  'machine',
  'recording',
  'voicemail',
  'fallback',
  'text-status',
])

type Signed = { phone: Phone; params: URLSearchParams; query: URLSearchParams }

/** The provider's way in. Needs no signing in and no form token: every request proves itself by the provider's signature. */
export function lineRoutes(app: App): Hono {
  const routes = new Hono()
  const phoneOf = phoneOfLine(app)
  const readSigned = signatureOf(app)
  const refOf = finder(app)
  const answerOne = answerer(app)
  const answer = (c: Context, { phone }: Signed, body: string) =>
    c.body(body, 200, { 'Content-Type': phone.contentType, 'Cache-Control': 'no-store' })
  const speak = (c: Context, signed: Signed, script: Script) =>
    answer(c, signed, signed.phone.render(script, { actionUrl: '', audioUrl: () => '' }))

  routes.use(bodyLimit({ maxSize: largestBody, onError: (c) => c.text('', 413) }))
  routes.onError((error, c) => {
    app.log.error('a webhook could not be answered', error, { kind: c.req.param('kind') })
    return c.text('', 500)
  })

  routes.post('/:line/ring-in', (c) => ofRingIn(c, (request) => rang(app, request)))
  routes.post('/:line/ring-in/:token', (c) =>
    ofRingIn(c, (request) => heardIn(app, request, c.req.param('token'))),
  )
  routes.post('/:line/ring-in-status', (c) => ofRingIn(c, (request) => rangOff(app, request)))

  routes.post('/:line/:kind/:token', async (c) => {
    const { kind, token } = c.req.param()
    if (!aboutOne.has(kind)) return c.notFound()
    const signed = await readSigned(c, () => phonesFor(kind, c.req.param('line')))
    if (!signed) return c.text('', 403)
    if (kind === 'voicemail') return speak(c, signed, voicemailScript())
    const event = readEvent(signed, kind as Kind)
    if (kind === 'fallback') {
      // spoken whatever else fails: somebody is on the line, and must not hear of an "application error"
      await noteFallback(c.req.param(), event).catch((error) =>
        app.log.error('a fallback was not noted', error),
      )
      return speak(c, signed, fallbackScript())
    }
    if (!event) return answer(c, signed, signed.phone.nothing)
    const ref = await refOf({ line: c.req.param('line'), token })
    if (!ref) {
      app.log.warn('a webhook about nothing we know', { kind })
      return isAsking(event) ? speak(c, signed, sorryScript()) : answer(c, signed, signed.phone.nothing)
    }
    const answered = await answerOne({ ref, event, said: saidBy(event) })
    if (answered.step.stray) await putDown(app, signed.phone, answered.step.stray)
    return answer(c, signed, isAsking(event) ? render(app, signed.phone, answered) : signed.phone.nothing)
  })

  routes.post('/:line/text-in', async (c) => {
    const signed = await readSigned(c, () => phonesFor('text-in', c.req.param('line')))
    if (!signed) return c.text('', 403)
    const { phone } = signed
    const event = phone.read('text-in', signed.params)
    const line = await app.db.look((tx) => lineCalled(tx, c.req.param('line')))
    if (event?.kind !== 'text in' || !line) return answer(c, signed, phone.nothing)
    const reply = await once(app, event.sid, line.id, () =>
      wantedReply(app, { from: event.from, body: event.body, lineId: line.id }),
    )
    return answer(c, signed, reply ? phone.reply(reply) : phone.nothing)
  })

  return routes

  /** The body of the answer to a webhook of a call that came in. */
  async function ofRingIn(c: Context, tell: (request: RingInRequest) => Promise<string>): Promise<Response> {
    const line = c.req.param('line') ?? ''
    const signed = await readSigned(c, () => phonesFor('ring-in', line))
    return signed ? answer(c, signed, await tell({ ...signed, line })) : c.text('', 403)
  }

  async function noteFallback(asked: { line: string; token: string }, event: Webhook | null): Promise<void> {
    const ref = await refOf(asked)
    if (ref && event) await answerOne({ ref, event, said: saidBy(event) })
  }

  /** Who may have signed it: the line's provider. For the fallback any of ours, should the database be what fails. */
  async function phonesFor(kind: string, line: string): Promise<readonly Phone[]> {
    try {
      const phone = await phoneOf(line)
      return phone ? [phone] : []
    } catch (error) {
      if (kind !== 'fallback') throw error
      return app.phones.all()
    }
  }
}

/** The provider of a line, which is named by id or name. Which it is changes at a start only, so it is looked up once. */
function phoneOfLine(app: App): (line: string) => Promise<Phone | null> {
  const providers = new Map<string, string>()
  return async (line) => {
    const provider = providers.get(line) ?? (await app.db.look((tx) => lineCalled(tx, line)))?.provider
    if (provider === undefined) return null
    providers.set(line, provider)
    return app.phones.of(provider)
  }
}

/** A text is acted upon once, however often the provider tells of it; the second time nothing is answered. */
async function once(
  app: App,
  sid: string,
  lineId: string,
  act: () => Promise<string | null>,
): Promise<string | null> {
  const families = { organisationId: familiesOrganisation }
  const now = app.clock.now()
  if (!(await app.db.in(families, (tx) => takeTextIn(tx, { sid, lineId }, now)))) return null
  try {
    const reply = await act()
    await app.db.in(families, (tx) => textInDone(tx, sid, now))
    return reply
  } catch (error) {
    await app.db.in(families, (tx) => giveBackTextIn(tx, sid))
    throw error
  }
}

/** Whoever asked for no more texts gets no answer either, but for the one that says so, and the one to START. */
async function wantedReply(
  app: App,
  text: { from: string; body: string; lineId: string },
): Promise<string | null> {
  const isOptedOut = async () =>
    (await app.db.look((tx) => optOutsOf(tx, [text.from]))).get(text.from) === 'opted out'
  const wasOptedOut = await isOptedOut()
  const reply = await replyTo(app, text)
  return wasOptedOut && (await isOptedOut()) ? null : reply
}

/** What is answered to a text that came in; null or '' for nothing. */
async function replyTo(
  app: App,
  text: { from: string; body: string; lineId: string },
): Promise<string | null> {
  for (const round of ['first', 'second'] as const) {
    for (const listener of app.textListeners) {
      const reply = await listener(app, text, round)
      if (reply !== null) return reply
    }
  }
  app.log.info('a text came in from somebody nobody knows', { line: text.lineId })
  return null
}

type Kind = Exclude<WebhookKind, 'text-in' | 'ring-in' | 'ring-in-keys'> | 'fallback'
/** A webhook about one outgoing, as the machine takes it. */
type Webhook = LineEvent & (PhoneEvent | { kind: 'fallback' })

/** So many refusals a minute are logged: enough to see what is wrong, too few to fill a disk with. */
const refusalsLogged = 60

/**
 * Reads a request that the provider signed for exactly the public address it was sent to; null for any other. First whether one of ours has
 * signed it, which costs a few microseconds, and only then which may have, which may need the database.
 */
function signatureOf(app: App) {
  const logged = createBuckets(1)
  return async (c: Context, mayHave: () => Promise<readonly Phone[]>): Promise<Signed | null> => {
    const { pathname, search, searchParams } = new URL(c.req.url)
    const params = new URLSearchParams(await c.req.text())
    const signature = c.req.header('X-Twilio-Signature') ?? null
    const url = publicUrl(app.config) + pathname + search
    const signers = app.phones.all().filter((one) => one.isSigned({ signature, url, params }))
    const allowed = signers.length === 0 ? [] : await mayHave()
    const phone = signers.find((one) => allowed.includes(one))
    if (phone) return { phone, params, query: searchParams }
    if (logged.take('', refusalsLogged, app.clock.now().getTime()).waitSeconds === 0)
      app.log.warn('a webhook was refused: its signature is wrong or missing', {
        kind: c.req.param('kind'),
        signature: signature !== null,
      })
    return null
  }
}

/** As the machine takes it; null for what it does not know. */
function readEvent({ phone, params, query }: Signed, kind: Kind): Webhook | null {
  const event = phone.read(kind === 'fallback' ? 'voice' : kind, params)
  switch (event?.kind) {
    case undefined:
    case 'text in':
    case 'ring in':
    case 'ring-in keys':
      return null
    case 'answered':
      return kind === 'fallback' ? { kind: 'fallback', sid: event.sid } : event
    case 'keyed':
    case 'silent':
      return { ...event, turn: turnOf(query) }
    default:
      return event
  }
}

/** Somebody is on the telephone and hears the answer. */
const isAsking = (event: LineEvent): boolean =>
  event.kind === 'recorded' ? !event.isFileReady : ['answered', 'keyed', 'silent'].includes(event.kind)

/** @returns a function that finds whose a token is, together with those that are asked for at the same moment; null: nobody's */
function finder(app: App): (asked: { line: string; token: string }) => Promise<OutgoingRef | null> {
  const find = gather(
    (asked: readonly { line: string; token: string }[]) => app.db.look((tx) => refsByTokens(tx, asked)),
    () => '',
    { atOnce: 2 },
  )
  return async (asked) => (isUuid(asked.token) ? find(asked) : null)
}

/** As it is kept for the operators. */
function saidBy(event: Webhook): Said {
  return { did: event.kind === 'fallback' ? did.fallback : told(event), answered: heardInWords, tookMs: null }
}

/** Nobody waits for this call any more. Its next report tries again, should the provider not be reached now. */
async function putDown(app: App, phone: Phone, stray: string): Promise<void> {
  try {
    await phone.hangUp(stray)
  } catch (error) {
    if (!(error instanceof OutsideTrouble)) throw error
    app.log.warn('a call that nobody waits for could not be put down', { reason: error.message })
  }
}

/** The next prompt reports to an address of its own: the turn it stands at. */
function render(app: App, phone: Phone, { outgoing, step, script }: Answered): string {
  if (!script) return phone.nothing
  const turn = { keys: step.life.keys.length, silences: step.life.silences }
  return phone.render(script, {
    actionUrl: keysUrl(app.config, outgoing, turn),
    recordingUrl: recordingUrl(app.config, outgoing),
    audioUrl: (recordingId) => audioUrl(app, recordingId),
  })
}

const heardInWords = (step: Step, isChanged: boolean): string =>
  step.ask ? heard.said : isChanged ? heard.new : heard.again
