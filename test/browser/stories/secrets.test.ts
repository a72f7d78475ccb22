// A story told for the logs: names, numbers, texts, codes, tokens and secrets that stand nowhere else go through the real process, with
// its own PostgreSQL: signing in, setting up, a call, an alert accepted behind its link, texts, a ring-in, and whatever strangers type.
// None of them may be found afterwards in what it printed, in its log, or in PostgreSQL's. And the same of a process whose provider,
// mail server and visitors all go wrong.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { words as alertPageWords } from '../../../src/alerts/views/words.ts'
import { words as phoneWords } from '../../../src/exchange/words-of-pages.ts'
import { words as setupWords } from '../../../src/setup/words.ts'
import { summaryWords } from '../../../src/setup/words-of-summary.ts'
import { browser } from '../../support/browser.ts'
import { canariesOf, numberAsWritten, standingIn } from '../../support/canaries.ts'
import { freshDatabase } from '../../support/database.ts'
import { confirmByText } from './confirm.ts'
import { type Hands, pointer } from './hands.ts'
import { openPhones } from './phones.ts'
import { arrive, codeFor, pictureWhenFailed, signIn, visit } from './visitor.ts'
import { setUp } from './wizard.ts'

const main = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))

const secret = 'the-canary-of-SECRET-that-nobody-may-ever-read'
const zebedee = {
  yourName: 'Philomena Quackenbush',
  receiver: 'Zebedee',
  number: '01632 960187',
  time: '9.30',
  message: writtenText,
  yourNumber: '07700 900187',
  other: { name: 'Ottoline Xylander', phone: '07700 900188', email: 'ottoline.xylander@example.org' },
  notes: 'The kestrel keeps the key beneath its seventh stone.',
}
const email = 'philomena.quackenbush@example.org'
const text = 'Have you watered the marigolds of Samarkand today?'
const reply = 'My kingfisher is as blue as ever'
const typed = [
  ...[zebedee.yourName, zebedee.receiver, zebedee.other.name, zebedee.other.email, email, text, reply],
  ...[zebedee.notes, 'Quackenbush', 'Xylander', 'kestrel', 'kingfisher', 'marigolds', secret],
  ...['441632960187', '447700900187', '447700900188'].flatMap((digits) => numberAsWritten(`+${digits}`)),
]

async function writtenText(hands: Hands): Promise<void> {
  await hands.choose(setupWords.heard.spoken)
  await hands.press(setupWords.continue)
  await arrive(hands.page, setupWords.text.question)
  await hands.type(setupWords.text.question, text)
  await hands.press(setupWords.continue)
}

interface Spawned {
  url: string
  folder: string
  /** Ends it. @returns all that it printed, logged, and that its PostgreSQL logged */
  end(): Promise<string>
}

/** The built program as a process of its own, as `npm start` begins it. */
async function start(environment: Record<string, string>): Promise<Spawned> {
  const folder = await mkdtemp(join(tmpdir(), 'callassist-canary-'))
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', DATA_DIR: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(async () => {
    await over(child, 'SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })
  let printed = ''
  const port = new Promise<string>((found, failed) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (piece: string) => {
        printed += piece
        const started = /"what":"started".*?"port":(\d+)/.exec(printed)
        if (started) found(started[1]!)
      })
    child.once('exit', () => failed(new Error(`it did not start: ${printed}`)))
  })
  return {
    url: `http://localhost:${await port}`,
    folder,
    async end() {
      await over(child, 'SIGTERM')
      const server = await readFile(join(folder, 'postgres.log'), 'utf8').catch(() => '')
      return `${printed}\n${server}`
    },
  }
}

async function over(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** What strangers send who try this and that; all of it may only be seen by them. */
async function strangers(url: string): Promise<string[]> {
  const words = [
    'canary-in-a-path',
    'canary-in-a-query',
    'canary-in-a-form',
    'canary-in-a-header',
    'canary@example.org',
  ]
  const [path, query, form, header, address] = words as [string, string, string, string, string]
  const post = (where: string, body: Record<string, string>) =>
    fetch(`${url}${where}`, { method: 'POST', body: new URLSearchParams(body), redirect: 'manual' })
  for (const where of [
    `/${path}`,
    `/services/${path}`,
    `/alerts/link/${path}`,
    `/recordings/${path}/telephone.wav?e=1&s=${query}`,
    `/signin?next=/${path}&x=${query}`,
    `/setup/${path}?x=${query}`,
    `/assets/${path}.js`,
    `/exchange/mails/${path}`,
  ])
    await fetch(`${url}${where}`, {
      headers: { 'user-agent': header, referer: header, cookie: `a=${header}` },
    })
  for (const kind of ['status', 'voice', 'keys', 'text-status'])
    await post(`/lines/main/${kind}/${path}?x=${query}`, {
      CallSid: form,
      From: form,
      Body: form,
      Digits: form,
    })
  await post('/lines/main/text-in', { MessageSid: form, From: form, Body: form })
  await post(`/alerts/link/${path}/acceptance`, { how: form })
  await post('/signin', { email: form, next: query })
  await post('/signin', { email: address })
  await post('/signin/code', { code: form })
  await post('/services/0/pause?_method=DELETE', { reason: form })
  await fetch(`${url}/signin`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    body: form,
  })
  return words
}

test('a story through the real process, and nothing of it in any log', async () => {
  const running = await start({
    SECRET: secret,
    LOG: 'stderr',
    OPERATOR_EMAIL: 'opaline.operator@example.org',
  })
  const chrome = await browser()
  onTestFinished(() => chrome.close())
  const visitor = await visit(chrome, running)
  pictureWhenFailed(visitor)
  const { page, context } = visitor
  await signIn(visitor, email, '/setup')
  const secrets = [await codeFor(visitor, email)]
  await setUp(pointer(page), zebedee)
  await pointer(page).press(summaryWords.done.confirmButton)
  await confirmByText(pointer(page), [zebedee.other.name], zebedee.yourName)

  const phones = await openPhones(await context.newPage())
  // a call, answered with a key; the next is missed, and its alert accepted behind the link
  await phones.moveUntil(async () => (await phones.stateOf('Zebedee')) === 'ringing')
  await phones.press('Zebedee', phoneWords.answer)
  await phones.hears('Zebedee', text)
  await phones.press('Zebedee', '1')
  await phones.is('Zebedee', 'idle')
  await phones.moveUntil(async () => (await phones.stateOf('Ottoline Xylander')) === 'ringing')
  await phones.press('Ottoline Xylander', phoneWords.turnAway)
  await phones.of('Ottoline Xylander').getByLabel(phoneWords.replyLabel).fill(reply)
  await phones.press('Ottoline Xylander', phoneWords.sendText)
  const mail = phones.page
    .locator('.app-mail', { hasText: zebedee.other.email })
    .filter({ hasText: 'did not answer' })
    .first()
  await mail.getByText(phoneWords.readMail).click()
  const link = (await mail
    .getByRole('link', { name: /\/alerts\/link\// })
    .first()
    .getAttribute('href'))!
  secrets.push(link.replace(/^.*\//, ''))
  const ottoline = await visit(chrome, running)
  await ottoline.page.goto(link)
  await pointer(ottoline.page).press(alertPageWords.accept)
  await ottoline.page.getByText(alertPageWords.yours('Zebedee')).waitFor()
  await ottoline.leave()
  // and a ring-in
  await phones.of('Zebedee').getByText(phoneWords.use).click()
  await phones.press('Zebedee', phoneWords.ringIn)
  await phones.hears('Zebedee', 'Hello Zebedee.')
  await phones.press('Zebedee', '1')
  for (const { value } of await context.cookies())
    secrets.push(...value.split('.'), decodeURIComponent(value))
  await visitor.leave()
  secrets.push(...(await strangers(running.url)))

  const admin = `postgres://postgres@localhost/callassist?host=${encodeURIComponent(join(running.folder, 'postgres'))}`
  const kept = await canariesOf(admin)
  const log = await running.end()
  // it is the right log, and there was something to find
  expect(log.match(/"what":"request"/g)!.length).toBeGreaterThan(100)
  expect(log).toContain('"route":"/alerts/link/:token/acceptance"')
  expect(log).toMatch(/database system is (ready|shut down)/)
  for (const expected of ['Zebedee', text, zebedee.notes, '+441632960187']) expect(kept).toContain(expected)
  expect(kept.size).toBeGreaterThan(60)
  expect(secrets.filter((each) => each.length >= 6).length).toBeGreaterThan(8)
  const long = secrets.filter((each) => each.length >= 6)
  expect(standingIn(log, [...typed, ...long, ...kept])).toEqual([])
  expect(log).not.toContain('opaline')
})

test('where provider, mail server and visitors all go wrong, no secret of theirs is logged either', async () => {
  const secrets = {
    token: 'canary0token0of0the0provider0000',
    password: 'canary-password-of-the-mail-server',
    deadMan: 'canary-of-the-dead-mans-switch',
    operator: '+447700900189',
  }
  let asked = 0
  // repeats in its refusal whatever it was given
  const provider = createServer((request, response) => {
    asked++
    const said = `${request.url} ${request.headers.authorization} ${secrets.token} ${secrets.operator}`
    response
      .writeHead(401, { 'content-type': 'application/json' })
      .end(JSON.stringify({ code: 20003, message: said, status: 401 }))
  })
  let mailed = 0
  const mailServer = createSocketServer((socket) => {
    mailed++
    socket.on('error', () => {})
    socket
      .setEncoding('utf8')
      .on('data', (line: string) => socket.write(`535 no ${line.trim()} ${secrets.password}\r\n`))
    socket.write(`220 here ${secrets.password}\r\n`)
  })
  for (const server of [provider, mailServer]) {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    onTestFinished(() => void server.close())
  }
  const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port
  const database = await freshDatabase()
  onTestFinished(() => database.drop())
  const running = await start({
    DATABASE_URL: database.connectionString,
    SECRET: secret,
    LOG: 'stderr',
    PUBLIC_URL: 'https://calls.example.org',
    TWILIO_ACCOUNT_SID: `AC${'7'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: secrets.token,
    TWILIO_API_URL: `http://127.0.0.1:${portOf(provider)}`,
    SMTP_URL: `smtp://canary-user:${secrets.password}@127.0.0.1:${portOf(mailServer)}`,
    DEAD_MAN_URL: `http://127.0.0.1:${portOf(provider)}/${secrets.deadMan}`,
    OPERATOR_NUMBER: secrets.operator,
    WATCH_NUMBER: '+447700900199',
  })
  const words = await strangers(running.url)
  await expect.poll(() => Math.min(asked, mailed), { timeout: 60_000 }).toBeGreaterThan(0)
  await expect
    .poll(async () => (await fetch(`${running.url}/health`)).status, { timeout: 30_000 })
    .toBeGreaterThan(0)
  const kept = await canariesOf(database.connectionString)
  const log = await running.end()
  expect(log).toContain('e-mail not taken yet')
  const password = new URL(database.connectionString).password
  const all = [
    ...Object.values(secrets),
    ...numberAsWritten(secrets.operator),
    secret,
    ...words,
    ...kept,
    'canary-user',
  ]
  expect(standingIn(log, password === '' ? all : [...all, password])).toEqual([])
})
