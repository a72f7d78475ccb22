import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { expect, onTestFinished, test } from 'vitest'
import { silentLog } from '../../kit/log.ts'
import { movableClock } from '../clock.ts'
import type { Email } from './port.ts'
import { type MailRoom, openMailRoom, type ReceivedMail } from './room.ts'
import { smtpSender } from './smtp.ts'

const at = new Date('2026-11-24T09:40:00Z')
const id = '019ab1c2-0000-7000-8000-000000000001'
const email = (change: Partial<Email> = {}): Email => ({
  id,
  to: { name: 'Ben Ötzi', address: 'ben@example.org' },
  subject: 'Ada’s call at 9:30am was not answered',
  html: '<p>Ada</p><a class="b" href="https://example.org/a?x=1&amp;y=2">I will see to it</a><a href="https://example.org/">home</a><a href="https://example.org/">again</a>',
  text: 'Ada\n\nI will see to it:\nhttps://example.org/a?x=1&y=2',
  ...change,
})

async function room(dataDir?: string, newest?: number): Promise<MailRoom> {
  const opened = await openMailRoom({
    clock: movableClock({ start: at }),
    log: silentLog,
    ...(dataDir && { dataDir }),
    ...(newest && { newest }),
  })
  onTestFinished(() => opened.close())
  return opened
}

function sender(url: string) {
  const made = smtpSender({ url, from: 'CallAssist <calls@example.org>' })
  onTestFinished(() => made.close())
  return made
}

/** A mail server that does as the options say. */
async function server(options: SMTPServerOptions): Promise<number> {
  const made = new SMTPServer({ logger: false, disableReverseLookup: true, closeTimeout: 10, ...options })
  made.on('error', () => {})
  await new Promise<void>((resolve) => made.listen(0, '0.0.0.0', resolve))
  onTestFinished(() => new Promise<void>((resolve) => made.close(resolve)))
  return (made.server.address() as { port: number }).port
}

const refuse = (responseCode: number, words: string) => Object.assign(new Error(words), { responseCode })

test('what was sent lies in the room when sending ends, as it was written', async () => {
  const { smtpUrl, mails } = await room()
  const answer = await sender(smtpUrl).send(email())
  expect(answer).toMatchObject({ kind: 'sent', exchange: { did: `e-mail ${id}`, answered: '250 taken' } })
  expect(mails()).toEqual([
    {
      id,
      at,
      from: expect.stringContaining('calls@example.org'),
      to: 'ben@example.org',
      toName: 'Ben Ötzi',
      subject: 'Ada’s call at 9:30am was not answered',
      html: expect.stringContaining('I will see to it'),
      text: expect.stringContaining('https://example.org/a?x=1&y=2'),
      links: ['https://example.org/a?x=1&y=2', 'https://example.org/'],
    },
  ])
})

test('many at once arrive in the order in which they were handed over', async () => {
  const { smtpUrl, mails } = await room()
  const send = sender(smtpUrl).send
  await Promise.all(Array.from({ length: 60 }, (_, n) => send(email({ subject: `mail ${n}` }))))
  expect(mails().map((mail) => mail.subject)).toEqual(Array.from({ length: 60 }, (_, n) => `mail ${n}`))
})

test('a listener hears of a mail before its sender does, until it stops listening', async () => {
  const { smtpUrl, onMail } = await room()
  const heard: ReceivedMail[] = []
  const stop = onMail((mail) => heard.push(mail))
  const send = sender(smtpUrl).send
  await send(email({ subject: 'one' }))
  expect(heard.map((mail) => mail.subject)).toEqual(['one'])
  stop()
  await send(email({ subject: 'two' }))
  expect(heard).toHaveLength(1)
})

test('a room with a folder still has its mails after a restart, and only its owner may read the file', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'mail-room-'))
  onTestFinished(() => rm(dataDir, { recursive: true }))
  const first = await openMailRoom({ clock: movableClock({ start: at }), log: silentLog, dataDir })
  await sender(first.smtpUrl).send(email({ subject: 'kept' }))
  await first.close()
  const second = await room(dataDir)
  expect(second.mails()).toMatchObject([{ subject: 'kept', at }])
  await sender(second.smtpUrl).send(email({ subject: 'added' }))
  expect((await readFile(join(dataDir, 'mail-room.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(2)
  expect((await stat(join(dataDir, 'mail-room.jsonl'))).mode & 0o077).toBe(0)
})

test('a room with a folder keeps the newest, a rehearsal’s keeps all', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'mail-room-'))
  onTestFinished(() => rm(dataDir, { recursive: true }))
  const rooms = [await room(dataDir, 5), await room()]
  const senders = rooms.map(({ smtpUrl }) => sender(smtpUrl).send)
  for (let n = 0; n < 13; n++) await Promise.all(senders.map((send) => send(email({ subject: `${n}` }))))
  expect(rooms.map(({ mails }) => [mails().length, mails()[0]!.subject])).toEqual([
    [5, '8'],
    [13, '0'],
  ])
  expect(
    (await readFile(join(dataDir, 'mail-room.jsonl'), 'utf8')).trim().split('\n').length,
  ).toBeLessThanOrEqual(10)
  await rooms[0]!.close()
  expect((await room(dataDir, 5)).mails().map(({ subject }) => subject)).toEqual(['8', '9', '10', '11', '12'])
})

test.for([
  { at: 'RCPT', code: 550, temporary: false },
  { at: 'RCPT', code: 451, temporary: true },
  { at: 'DATA', code: 554, temporary: false },
  { at: 'DATA', code: 452, temporary: true },
  { at: 'MAIL', code: 550, temporary: true },
  { at: 'RCPT', code: 530, temporary: true },
])('$code at $at may be tried again: $temporary', async ({ at, code, temporary }) => {
  const answer = refuse(code, 'no such person ben@example.org')
  const port = await server({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onMailFrom: (_from, _session, done) => done(at === 'MAIL' ? answer : null),
    onRcptTo: (_to, _session, done) => done(at === 'RCPT' ? answer : null),
    onData(stream, _session, done) {
      stream.resume().on('end', () => done(at === 'DATA' ? answer : null))
    },
  })
  const posted = await sender(`smtp://127.0.0.1:${port}`).send(email())
  expect(posted).toMatchObject({ kind: 'refused', temporary, reason: expect.stringContaining(String(code)) })
  expect(JSON.stringify(posted)).not.toContain('ben@example.org')
})

test('nobody at the door, or a server that hangs up in the middle, is for later', async () => {
  const hangsUp = await server({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream) => void stream.destroy(),
    socketTimeout: 50,
  })
  expect(await sender('smtp://127.0.0.1:1').send(email())).toMatchObject({ kind: 'refused', temporary: true })
  expect(await sender(`smtp://127.0.0.1:${hangsUp}`).send(email())).toMatchObject({
    kind: 'refused',
    temporary: true,
  })
})

test('a wrong password is ours to put right, not the mail’s end', async () => {
  const port = await server({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(refuse(535, 'wrong')),
  })
  const posted = await sender(`smtp://calls:wrong@127.0.0.1:${port}`).send(email())
  expect(posted).toMatchObject({ kind: 'refused', temporary: true })
})

test('nothing leaves this machine unencrypted, and nothing over a certificate that is not trusted', async () => {
  let mailsTaken = 0
  const onData: SMTPServerOptions['onData'] = (stream, _session, done) => {
    mailsTaken++
    stream.resume().on('end', () => done())
  }
  const plain = await server({ disabledCommands: ['AUTH', 'STARTTLS'], onData })
  const encrypted = await server({ disabledCommands: ['AUTH'], onData })
  // 127.0.0.2 is this machine too, but not by one of the names for which encryption is not asked
  expect(await sender(`smtp://127.0.0.2:${plain}`).send(email())).toMatchObject({
    kind: 'refused',
    temporary: true,
  })
  expect(await sender(`smtp://127.0.0.2:${encrypted}`).send(email())).toMatchObject({
    kind: 'refused',
    temporary: true,
  })
  expect(mailsTaken).toBe(0)
})

test('a subject cannot add a header, and a mail asks for no holiday note', async () => {
  let raw = ''
  const port = await server({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, _session, done) {
      stream.setEncoding('utf8').on('data', (piece: string) => {
        raw += piece
      })
      stream.on('end', () => done())
    },
  })
  await sender(`smtp://127.0.0.1:${port}`).send(email({ subject: 'Hello\r\nBcc: eve@example.org' }))
  expect(raw).toContain(`Message-ID: <${id}@example.org>`)
  expect(raw).toContain('Auto-Submitted: auto-generated')
  expect(raw).not.toMatch(/^Bcc:/m)
})
