// The practice phones with a make-believe customer behind them: real exchange, real pages, real mail room and database, a clock that
// runs; but the one who rings is the test. For exchange.test.ts.
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { createExchange, type Exchange, estimatedVoice } from '../../src/exchange/exchange.ts'
import { exchangeRoutes } from '../../src/exchange/pages.tsx'
import { silentLog } from '../../src/kit/log.ts'
import { encodeTelephoneWav } from '../../src/kit/sound.ts'
import { type MailRoom, openMailRoom } from '../../src/outside/mail/room.ts'
import { type SmtpSender, smtpSender } from '../../src/outside/mail/smtp.ts'
import { listen } from '../../src/outside/server.ts'
import { startLoop } from '../../src/queue/loop.ts'
import { createSignin } from '../../src/signin/signin.ts'
import { loadAssets } from '../../src/web/assets.ts'
import type { WebEnv } from '../../src/web/env.ts'
import { createWeb } from '../../src/web/server.ts'
import { addService, type TestApp, testApp } from '../support/app.ts'

export const ada = { title: "Ada's telephone", number: '+441632960101', name: 'Ada' }
export const ben = { title: "Ben's telephone", number: '+447700900201', name: 'Ben' }
export const cara = { title: "Cara's telephone", number: '+447700900202', name: 'Cara' }

const account = { sid: `AC${'0123456789abcdef'.repeat(2)}`, authToken: 'a-token-for-tests' }
const line = {
  name: 'main',
  number: '+441632960001',
  callsPerSecond: 10,
  textsPerSecond: 10,
  concurrentCalls: 50,
}

export interface Harness {
  home: string
  app: TestApp
  exchange: Exchange
  mailRoom: MailRoom
  mail: SmtpSender
  /** what the customer was told: keys pressed and texts written */
  keys: string[]
  textsIn: string[]
  /** Let CallAssist's line ring a number. */
  ring(number: string): Promise<void>
  /** Let it write a text. */
  text(number: string, body: string): Promise<void>
  close(): Promise<void>
}

const twiml = (inside: string) => `<?xml version="1.0" encoding="UTF-8"?><Response>${inside}</Response>`

/** Half a minute of tone, as the telephone carries it. */
const recording = encodeTelephoneWav({
  sampleRate: 8000,
  samples: Float32Array.from({ length: 8000 * 30 }, (_, n) => 0.3 * Math.sin(n / 5)),
})

export async function openHarness(): Promise<Harness> {
  const app = await testApp({ at: '2026-11-24T09:30:00Z' })
  await addService(app, {
    receiver: { name: ada.name, phones: [ada.number] },
    stakeholders: [ben, cara].map(({ name, number }) => ({ name, phone: number })),
    schedule: null,
  })
  const server = await listen('127.0.0.1', 0)
  const home = `http://127.0.0.1:${server.port}`
  const keys: string[] = []
  const textsIn: string[] = []
  const mailRoom = await openMailRoom({ clock: app.clock, log: silentLog })
  const exchange = createExchange({
    clock: app.clock,
    log: silentLog,
    account,
    lines: [line],
    webhooks: { voiceUrl: `${home}/customer/voice`, smsUrl: `${home}/customer/text-in` },
    seed: 1,
    voice: estimatedVoice(),
    publicUrl: `${home}/exchange/provider`,
    audioPath: '/exchange/sounds',
    default: 'handset',
  })
  const signin = createSignin(app)
  const actors = [exchange.actor]
  const loop = startLoop(app, actors)
  exchange.onSooner(() => app.bell.ring({ work: true }))
  const assets = loadAssets(fileURLToPath(new URL('../../dist/assets', import.meta.url)))
  const web = createWeb({ assets, log: silentLog, publicUrl: null, practice: true })
  web.route('/customer', customer(keys, textsIn))
  web.route('/exchange/provider', exchange.rest as unknown as Hono<WebEnv>)
  web.route('/', exchangeRoutes(app, signin, { exchange, mailRoom, clock: app.clock, loop, actors }))
  server.answerWith(web.fetch)
  app.clock.run()

  async function ask(what: 'Calls' | 'Messages', fields: Record<string, string>): Promise<void> {
    const answer = await fetch(`${home}/exchange/provider/2010-04-01/Accounts/${account.sid}/${what}.json`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${account.sid}:${account.authToken}`)}` },
      body: new URLSearchParams({ From: line.number, ...fields }),
    })
    if (!answer.ok) throw new Error(await answer.text())
  }

  const mail = smtpSender({ url: mailRoom.smtpUrl, from: 'CallAssist <calls@example.org>' })
  return {
    home,
    app,
    exchange,
    mailRoom,
    mail,
    keys,
    textsIn,
    ring: (number) => ask('Calls', { To: number, Url: `${home}/customer/voice`, Timeout: '30' }),
    text: (number, body) => ask('Messages', { To: number, Body: body }),
    async close() {
      await loop.stop()
      await server.close()
      await exchange.close()
      mail.close()
      await mailRoom.close()
      await signin.auth.close()
      await app.close()
    },
  }
}

/** Says a sentence, plays a recording while it waits for a key, thanks, and hangs up. */
function customer(keys: string[], textsIn: string[]): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const xml = { 'Content-Type': 'text/xml' }
  routes.post('/voice', (c) =>
    c.body(
      twiml(
        `<Gather numDigits="1" timeout="5" finishOnKey="" action="/customer/keys"><Say>Good morning Ada.</Say><Play>/customer/recording.wav</Play></Gather>`,
      ),
      200,
      xml,
    ),
  )
  routes.post('/keys', async (c) => {
    keys.push(String((await c.req.parseBody()).Digits))
    return c.body(twiml('<Say>Thank you. Goodbye.</Say><Hangup/>'), 200, xml)
  })
  routes.post('/text-in', async (c) => {
    textsIn.push(String((await c.req.parseBody()).Body))
    return c.body(twiml(''), 200, xml)
  })
  routes.get('/recording.wav', (c) => c.body(recording, 200, { 'Content-Type': 'audio/wav' }))
  return routes
}
