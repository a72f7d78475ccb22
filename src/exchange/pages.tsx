// Exchange / pages: the practice phones, the inbox and the clock of a laptop, for everybody who can reach it: nobody signs in, and
// none of it exists where real telephones ring. Addresses carry no numbers; a telephone stands there by an id of its own.
// Called by src/pages.ts.
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { App } from '../app.ts'
import type { Signin } from '../signin/signin.ts'
import { redirect303, sendPage } from '../web/answer.ts'
import type { WebEnv } from '../web/env.ts'
import { eventStream } from '../web/events.ts'
import { readForm, type SubmittedForm } from '../web/form.ts'
import type { Errors } from '../web/forms.tsx'
import { relaxCsp } from '../web/guard.ts'
import { moveClock } from './clock-desk.ts'
import type { PhoneMode } from './exchange.ts'
import { type FaultWanted, faultChoices, faultMinutes, faultOf, faultShares } from './fault-choices.ts'
import type { Laptop } from './laptop.ts'
import { wordsField } from './phone-card.tsx'
import { textField } from './phone-rest.tsx'
import { gather, mailOf, numberOf } from './shown.ts'
import { ExchangePage, MailPage } from './views.tsx'
import { watchExchange } from './watch.ts'
import { modes, words } from './words-of-pages.ts'

export type { Laptop } from './laptop.ts'

const textAtMost = 300
/** A second of sound at the highest rate of any microphone, in bytes. */
const largestPiece = 256 * 1024
/** So often a deed's consequences are waited for before the page is shown again. */
const turnsAtMost = 10

/** GET and POST below /exchange, except the provider's half. */
export function exchangeRoutes(app: App, _signin: Signin, laptop: Laptop): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const { exchange } = laptop
  const letRing = new Set<string>()
  let isClockTired = false

  async function show(c: Context<WebEnv>, errors?: Errors): Promise<Response> {
    const query = queryOf(c)
    const shown = await gather(app, laptop, { all: query !== '', letRing })
    return sendPage(
      c,
      { title: words.title, wide: true, scripts: ['exchange-phones'], styles: ['exchange'], errors },
      <ExchangePage
        shown={shown}
        errors={errors}
        query={query}
        isClockTired={isClockTired}
        worklet={c.get('web').assets.url('voice-worklet.js')}
      />,
    )
  }

  routes.get('/exchange', (c) => show(c))

  routes.get('/exchange/events', (c) =>
    eventStream(c, (send) =>
      watchExchange({ ...laptop, bell: app.bell, clock: laptop.clock }, () => send({ event: 'change' })),
    ),
  )

  routes.get('/exchange/sounds/:id', async (c) => {
    const sound = await exchange.audioFor(c.req.param('id'))
    if (!sound) throw new HTTPException(404)
    return c.body(new Uint8Array(sound.bytes), 200, {
      'Content-Type': sound.contentType,
      // the id is a digest of the sound
      'Cache-Control': 'private, max-age=3600, immutable',
    })
  })

  /** A quarter of a second of a live voice; sent by the page's script while the line records. */
  routes.post('/exchange/handsets/:id/voice', bodyLimit({ maxSize: largestPiece }), async (c) => {
    const number = await numberOf(app, laptop, c.req.param('id'))
    if (number === null) throw new HTTPException(404)
    exchange.speakLive(number, new Uint8Array(await c.req.arrayBuffer()))
    return c.body(null, 204)
  })

  routes.post('/exchange/handsets/:id/:deed', async (c) => {
    const { id, deed } = c.req.param()
    const number = await numberOf(app, laptop, id)
    if (number === null) throw new HTTPException(404)
    const form = await readForm(c, { max: { [textField(id)]: textAtMost, [wordsField(id)]: textAtMost } })
    const errors = doDeed(number, id, deed, form)
    if (errors.length > 0) return show(c, errors)
    await comeToRest()
    return redirect303(c, `/exchange${queryOf(c)}#handset-${id}`)
  })

  /** What stands in the way, or nothing. A telephone that has moved on meanwhile stays as it is: the page then shows how it stands. */
  function doDeed(number: string, id: string, deed: string, form: SubmittedForm): Errors {
    switch (deed) {
      case 'answer':
        exchange.answer(number)
        return []
      case 'turn-away':
        exchange.reject(number)
        return []
      case 'hang-up':
        exchange.hangUp(number)
        return []
      case 'calls':
        exchange.ringIn(number, app.config.lines[0].number)
        return []
      case 'withheld-calls':
        exchange.ringIn(number, app.config.lines[0].number, undefined, true)
        return []
      case 'let-ring':
        rememberLetRing(number)
        return []
      case 'keys':
        exchange.press(number, form.text('key'))
        return []
      case 'mode':
        exchange.setMode(number, modeOf(form.text('mode')))
        return []
      case 'texts':
        return writeText(number, textField(id), form)
      case 'words':
        return sayWords(number, wordsField(id), form)
      default:
        throw new HTTPException(404)
    }
  }

  function rememberLetRing(number: string): void {
    const rings = exchange
      .handsets()
      .find((handset) => handset.number === number && handset.state === 'ringing')
    if (rings?.call) letRing.add(rings.call.callSid)
  }

  function writeText(number: string, field: string, form: SubmittedForm): Errors {
    const body = form.text(field)
    if (form.errors.length > 0) return form.errors
    if (body === '') return [{ field, text: words.textMissing }]
    exchange.textFrom(number, app.config.lines[0].number, body)
    return []
  }

  function sayWords(number: string, field: string, form: SubmittedForm): Errors {
    const said = form.text(field)
    if (form.errors.length > 0) return form.errors
    if (said === '') return [{ field, text: words.wordsMissing }]
    exchange.speak(number, said)
    return []
  }

  /** Let what was done take effect before the page is shown again, as far as it needs no time to pass. */
  async function comeToRest(): Promise<void> {
    for (let turn = 0; turn < turnsAtMost; turn++) {
      const next = await exchange.actor.nextAt()
      if (!next || next > laptop.clock.now()) return
      await exchange.actor.runDue(laptop.clock.now())
    }
  }

  routes.post('/exchange/clock', async (c) => {
    const by = (await readForm(c)).text('by')
    if (!['1', '5', 'next'].includes(by)) throw new HTTPException(422)
    isClockTired = !(await moveClock(laptop, app.db, by === 'next' ? by : { minutes: Number(by) }))
    app.bell.ring({ work: true })
    return redirect303(c, `/exchange${queryOf(c)}#clock`)
  })

  routes.post('/exchange/faults', async (c) => {
    const form = await readForm(c)
    exchange.faults.add(faultOf(faultWanted(form)))
    app.bell.ring({ work: true })
    return redirect303(c, `/exchange${queryOf(c)}#faults`)
  })

  routes.post('/exchange/faults/off', (c) => {
    exchange.faults.clear(null)
    app.bell.ring({ work: true })
    return redirect303(c, `/exchange${queryOf(c)}#faults`)
  })

  /** @throws HTTPException 422 for what the form does not offer */
  function faultWanted(form: SubmittedForm): FaultWanted {
    const choice = faultChoices.find((one) => one === form.text('fault'))
    const tenths = faultShares.find((one) => String(one) === form.text('share'))
    const minutes = faultMinutes.find((one) => String(one) === form.text('minutes'))
    const line = form.text('line') || null
    const isLine = line === null || app.config.lines.some(({ name }) => name === line)
    if (!choice || !tenths || !minutes || !isLine) throw new HTTPException(422)
    return { choice, share: tenths / 10, line, from: laptop.clock.now(), minutes }
  }

  routes.get('/exchange/mails/:id', (c) => {
    const shown = mailOf(app, laptop, c.req.param('id'))
    if (!shown) throw new HTTPException(404)
    // the e-mail stands in a frame of its own
    relaxCsp(c, { 'frame-src': "'self'" })
    const title = shown.mail.subject || words.nobodysMail
    const back = { href: '/exchange#inbox', text: words.backToPhones }
    return sendPage(
      c,
      { title, back, styles: ['exchange'] },
      <MailPage shown={shown} now={laptop.clock.now()} />,
    )
  })

  routes.get('/exchange/mails/:id/looks', (c) => {
    const shown = mailOf(app, laptop, c.req.param('id'))
    if (!shown?.mail.html) throw new HTTPException(404)
    // e-mails carry their styles on their elements; scripts, forms and everything from outside stay shut out
    relaxCsp(c, {
      'script-src': "'none'",
      'style-src': "'unsafe-inline'",
      'connect-src': "'none'",
      'media-src': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'self'",
      sandbox: 'allow-popups allow-popups-to-escape-sandbox',
    })
    return c.html(inNewTabs(shown.mail.html))
  })

  return routes
}

/** Links of an e-mail leave the page that shows it open. */
const inNewTabs = (html: string): string => html.replace(/<head[^>]*>/i, '$&<base target="_blank">')

const queryOf = (c: Context): string => (c.req.query('all') ? '?all=1' : '')

/** @throws HTTPException 422 for a word that is none */
function modeOf(typed: string): PhoneMode {
  if (!Object.hasOwn(modes, typed)) throw new HTTPException(422)
  return typed as PhoneMode
}
