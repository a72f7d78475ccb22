// Outside / mail room: the inbox that stands in for the world's mail servers on a laptop, in rehearsals and in tests. A real
// SMTP server on this machine, so that what is shown was really sent. With a folder it keeps the newest 500 mails there across
// starts; without one, all as long as it lives. Its own record of what arrived: the application's tables are never asked.
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import type { Log } from '../../kit/log.ts'
import type { Clock } from '../clock.ts'

const bytesAtMost = 1_000_000

export interface ReceivedMail {
  /** our id of the e-mail, from its Message-ID; of a mail that is not ours, the whole Message-ID */
  id: string
  at: Date
  from: string
  /** the address it was handed over for, lower case */
  to: string
  toName: string
  subject: string
  html: string
  text: string
  /** every address that can be followed, in the order of the mail, each once */
  links: string[]
}

export interface MailRoom {
  /** for the SMTP sender; carries the port that was free */
  readonly smtpUrl: string
  /** Oldest first. */
  mails(): readonly ReceivedMail[]
  /** Called for each mail before its sender is told that it was taken. @returns a function that stops listening */
  onMail(listener: (mail: ReceivedMail) => void): () => void
  close(): Promise<void>
}

/**
 * Opens the room on a free port of this machine only.
 * @param dataDir the folder in which the newest mails are kept across starts; without it all live as long as the room
 * @param newest how many are kept in the folder
 */
export async function openMailRoom({
  clock,
  dataDir,
  newest = 500,
  log,
}: {
  clock: Clock
  dataDir?: string
  newest?: number
  log: Log
}): Promise<MailRoom> {
  const shelf = dataDir === undefined ? null : await openShelf(dataDir, newest)
  const mails: ReceivedMail[] = shelf?.found ?? []
  const listeners = new Set<(mail: ReceivedMail) => void>()

  async function receive(stream: NodeJS.ReadableStream, session: SMTPServerSession): Promise<void> {
    const parsed = await simpleParser(stream as Parameters<typeof simpleParser>[0])
    const arrived = session.envelope.rcptTo.map(({ address }) => received(parsed, address, clock.now()))
    for (const mail of arrived) {
      mails.push(mail)
      if (shelf && mails.length > newest) mails.shift()
      await shelf?.keep(mail, mails)
      for (const listener of listeners) listener(mail)
    }
  }

  const server = new SMTPServer({
    name: 'mail-room',
    banner: 'CallAssist mail room',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: bytesAtMost,
    closeTimeout: 100,
    logger: false,
    onData(stream, session, done) {
      receive(stream, session).then(
        () => done(null, 'taken'),
        (error) => {
          log.error('the mail room could not take a mail', error)
          done(new Error('the mail room could not take this mail'))
        },
      )
    },
  })
  // a sender that hangs up in the middle has its own error; the room stays open
  server.on('error', (error) =>
    log.warn('mail room connection', { code: (error as NodeJS.ErrnoException).code }),
  )
  await new Promise<void>((resolve, reject) => {
    const listening = server.listen(0, '127.0.0.1', resolve)
    listening.once('error', reject)
  })
  const { port } = server.server.address() as AddressInfo

  return {
    smtpUrl: `smtp://127.0.0.1:${port}`,
    mails: () => mails,
    onMail(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function received(mail: ParsedMail, to: string, at: Date): ReceivedMail {
  const html = mail.html || ''
  const text = mail.text ?? ''
  const addressees = [mail.to ?? []].flat().flatMap((header: AddressObject) => header.value)
  const messageId = (mail.messageId ?? '').replace(/^<|>$/g, '')
  return {
    id: /^[0-9a-f-]{36}(?=@)/.exec(messageId)?.[0] ?? messageId,
    at,
    from: mail.from?.text ?? '',
    to: to.toLowerCase(),
    toName: addressees.find(({ address }) => address?.toLowerCase() === to.toLowerCase())?.name ?? '',
    subject: mail.subject ?? '',
    html,
    text,
    links: linksOf(html, text),
  }
}

function linksOf(html: string, text: string): string[] {
  const hrefs = [...html.matchAll(/<a\b[^>]*?\bhref="(https?:[^"]+)"/gi)].map(([, href]) =>
    href!.replaceAll('&amp;', '&'),
  )
  const written = [...text.matchAll(/https?:\/\/[^\s<>"]+/g)].map(([url]) => url.replace(/[.,;:!?)]+$/, ''))
  return [...new Set(html ? hrefs : written)]
}

interface Shelf {
  found: ReceivedMail[]
  keep(mail: ReceivedMail, all: readonly ReceivedMail[]): Promise<void>
}

/** One mail a line. Lines are only added; the file is written anew when it holds twice what is kept. */
async function openShelf(dataDir: string, newest: number): Promise<Shelf> {
  await mkdir(dataDir, { recursive: true })
  const path = join(dataDir, 'mail-room.jsonl')
  const stored = await readFile(path, 'utf8').catch(() => '')
  const found = stored.split('\n').flatMap(readLine).slice(-newest)
  let lines = newest * 2
  let turn: Promise<void> = Promise.resolve()

  async function write(mail: ReceivedMail, all: readonly ReceivedMail[]): Promise<void> {
    if (lines >= newest * 2) {
      await writeFile(`${path}.new`, all.map(asLine).join(''), { mode: 0o600 })
      await rename(`${path}.new`, path)
      lines = all.length
      return
    }
    await appendFile(path, asLine(mail))
    lines++
  }
  return {
    found,
    keep(mail, all) {
      const mine = turn.then(() => write(mail, all))
      turn = mine.catch(() => {})
      return mine
    },
  }
}

const asLine = (mail: ReceivedMail) => `${JSON.stringify(mail)}\n`

/** Nothing for a line that was cut short by a power cut. */
function readLine(line: string): ReceivedMail[] {
  try {
    const mail = JSON.parse(line) as Omit<ReceivedMail, 'at'> & { at: string }
    return [{ ...mail, at: new Date(mail.at) }]
  } catch {
    return []
  }
}
