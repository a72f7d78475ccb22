import { expect, onTestFinished, test, vi } from 'vitest'
import { freshDatabase } from '../../test/support/database.ts'
import type { App } from '../app.ts'
import { openDb } from '../db/db.ts'
import { newId } from '../kit/ids.ts'
import { type Log, silentLog } from '../kit/log.ts'
import { movableClock } from '../outside/clock.ts'
import type { Email, MailSender, Posted } from '../outside/mail/port.ts'
import { openMailRoom } from '../outside/mail/room.ts'
import { smtpSender } from '../outside/mail/smtp.ts'
import { localBell } from '../queue/bell.ts'
import { liveUntil, settle } from '../queue/loop.ts'
import { type EmailWanted, emailsOf, enqueueEmail, mailActors } from './mail.ts'

const start = new Date('2026-11-24T09:40:00Z')
const families = { organisationId: '00000000-0000-7000-8000-000000000001' }
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000)
const owner = newId(start)

/** A sender that answers as told, the last answer for ever, and remembers when it was asked for what. */
function sender(...answers: Posted[]) {
  const asked: { at: Date; email: Email }[] = []
  const mail = (now: () => Date): MailSender => ({
    async send(email) {
      asked.push({ at: now(), email })
      return answers[Math.min(asked.length, answers.length) - 1] ?? { kind: 'sent' }
    },
  })
  return { asked, mail }
}

async function world(answering = sender(), log: Log = silentLog) {
  const database = await freshDatabase()
  const db = openDb(database.connectionString)
  onTestFinished(async () => {
    await db.close()
    await database.drop()
  })
  const clock = movableClock({ start })
  const app = { clock, db, log, bell: localBell(), mail: answering.mail(clock.now) } as unknown as App
  return { app, clock, db, actors: mailActors(app, { inFlight: 1 }), asked: answering.asked }
}

const wanted = (change: Partial<EmailWanted> = {}): EmailWanted => ({
  purpose: 'alert',
  ownerRoom: 'alerts',
  ownerId: owner,
  partId: newId(start),
  serviceId: newId(start),
  to: { name: 'Ben', address: 'ben@example.org' },
  subject: 'Ada did not answer',
  blocks: [
    { kind: 'paragraph', text: 'Ada did not answer at 9:30am.' },
    { kind: 'button', text: 'I will see to it', url: 'https://calls.example.org/a' },
  ],
  usefulUntil: after(3600),
  ...change,
})
const write = (app: App, change?: Partial<EmailWanted>) =>
  app.db.in(families, (tx) => enqueueEmail(app, tx, wanted(change)))
const views = (app: App) => app.db.in(families, (tx) => emailsOf(tx, [owner]))
const temporary: Posted = { kind: 'refused', temporary: true, reason: 'EENVELOPE: 451 try later' }
const permanent: Posted = { kind: 'refused', temporary: false, reason: 'EENVELOPE: 550 no such person' }

test('an e-mail is sent once, with its own id, and the outbox knows when', async () => {
  const { app, clock, actors, asked } = await world()
  const id = await write(app)
  await settle(clock, actors)
  await liveUntil(clock, actors, after(7200))
  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatchObject({
    at: start,
    email: { id, to: { name: 'Ben', address: 'ben@example.org' }, subject: 'Ada did not answer' },
  })
  expect(asked[0]!.email.text).toContain('I will see to it:\nhttps://calls.example.org/a')
  expect(asked[0]!.email.html).toContain('href="https://calls.example.org/a"')
  expect(await views(app)).toMatchObject([
    { id, ownerId: owner, state: 'sent', tries: 1, trouble: null, createdAt: start, endedAt: start },
  ])
})

test('what is not committed is not sent, and what is rings the bell', async () => {
  const { app, clock, actors, asked } = await world()
  let rings = 0
  app.bell.listen(() => rings++)
  const failing = app.db.in(families, async (tx) => {
    await enqueueEmail(app, tx, wanted())
    throw new Error('changed our mind')
  })
  await expect(failing).rejects.toThrow()
  await settle(clock, actors)
  expect(asked).toHaveLength(0)
  expect(rings).toBe(0)
  await write(app)
  expect(rings).toBe(1)
})

test('a server that says later is asked later and later, until the e-mail is of no use', async () => {
  const { app, clock, actors, asked } = await world(sender(temporary))
  await write(app, { usefulUntil: after(900) })
  await liveUntil(clock, actors, after(7200))
  expect(asked.map(({ at }) => (at.getTime() - start.getTime()) / 1000)).toEqual([0, 5, 20, 80, 380, 680])
  expect(await views(app)).toMatchObject([
    { state: 'failed', tries: 6, trouble: expect.stringContaining('451 try later'), endedAt: after(680) },
  ])
})

test('while it waits for the next try the trouble can be read; then it is sent and all is well', async () => {
  const { app, clock, actors, asked } = await world(sender(temporary, { kind: 'sent' }))
  await write(app)
  await settle(clock, actors)
  expect(await views(app)).toMatchObject([
    { state: 'waiting', trouble: 'EENVELOPE: 451 try later', endedAt: null },
  ])
  await liveUntil(clock, actors, after(60))
  expect(asked.map(({ at }) => at)).toEqual([start, after(5)])
  expect(await views(app)).toMatchObject([{ state: 'sent', trouble: null, endedAt: after(5) }])
})

test('a refusal for good is not repeated', async () => {
  const { app, clock, actors, asked } = await world(sender(permanent))
  await write(app)
  await liveUntil(clock, actors, after(7200))
  expect(asked).toHaveLength(1)
  expect(await views(app)).toMatchObject([
    { state: 'failed', trouble: expect.stringContaining('550'), endedAt: start },
  ])
})

test('after an outage a stale e-mail is not sent', async () => {
  const { app, clock, actors, asked } = await world()
  await write(app, { usefulUntil: after(600) })
  clock.holdAt(after(600))
  await settle(clock, actors)
  expect(asked).toHaveLength(0)
  expect(await views(app)).toMatchObject([{ state: 'failed', endedAt: after(600) }])
})

test('the next event is the next try, and nothing when all is sent', async () => {
  const { app, clock, actors } = await world(sender(temporary, { kind: 'sent' }))
  const [mail] = actors
  expect(await mail!.nextAt()).toBeNull()
  await write(app)
  expect(await mail!.nextAt()).toEqual(start)
  await settle(clock, actors)
  expect(await mail!.nextAt()).toEqual(after(5))
  clock.holdAt(after(5))
  await settle(clock, actors)
  expect(await mail!.nextAt()).toBeNull()
})

test('two processes send a hundred e-mails once each', async () => {
  const answering = sender()
  const { app, clock, actors, asked } = await world(answering)
  await app.db.in(families, async (tx) => {
    for (let n = 0; n < 100; n++) await enqueueEmail(app, tx, wanted({ subject: `${n}` }))
  })
  const three = [actors, mailActors(app), mailActors(app, { inFlight: 3 })]
  while ((await views(app)).some(({ state }) => state === 'waiting')) {
    await Promise.all(three.map((mine) => settle(clock, mine)))
  }
  expect(asked.map(({ email }) => Number(email.subject)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 100 }, (_, n) => n),
  )
})

test('a process that dies while sending leaves the e-mail to the next one, and its own late answer changes nothing', async () => {
  const hanging = Promise.withResolvers<Posted>()
  const { app, clock, actors } = await world({ asked: [], mail: () => ({ send: () => hanging.promise }) })
  await write(app)
  const first = actors[0]!.runDue(clock.now())
  const second = sender()
  const next = { ...app, mail: second.mail(clock.now) }
  while ((await views(app))[0]!.tries === 0) await new Promise(setImmediate)
  await settle(clock, mailActors(next, { inFlight: 1 }))
  expect(second.asked).toHaveLength(0)
  clock.holdAt(after(60))
  await settle(clock, mailActors(next, { inFlight: 1 }))
  expect(second.asked).toHaveLength(1)
  hanging.resolve(permanent)
  await first
  expect(await views(app)).toMatchObject([{ state: 'sent', tries: 2, endedAt: after(60) }])
})

test('a mail server that does not answer holds up nothing else, and never has more than its share', async () => {
  const answers: ((posted: Posted) => void)[] = []
  const send = () => new Promise<Posted>((resolve) => answers.push(resolve))
  const { app, clock } = await world({ asked: [], mail: () => ({ send }) })
  const [mail] = mailActors(app, { inFlight: 2 })
  for (let n = 0; n < 3; n++) await write(app)
  await settle(clock, [mail!])
  expect(answers).toHaveLength(2)
  answers[0]!({ kind: 'sent' })
  await vi.waitFor(async () => {
    await settle(clock, [mail!])
    expect(answers).toHaveLength(3)
  })
  for (const answer of answers) answer({ kind: 'sent' })
  await mail!.finish!()
  expect((await views(app)).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent'])
})

test('one e-mail that breaks the sender does not stop the others', async () => {
  const troubles: string[] = []
  const log: Log = { ...silentLog, error: (what) => troubles.push(what) }
  const { app, clock, actors } = await world(
    {
      asked: [],
      mail: () => ({
        send: async ({ subject }) => {
          if (subject === 'poison') throw new Error('a bug')
          return { kind: 'sent' }
        },
      }),
    },
    log,
  )
  await write(app, { subject: 'poison', usefulUntil: after(150) })
  await write(app, { subject: 'fine' })
  await settle(clock, actors)
  expect((await views(app)).map(({ state }) => state)).toEqual(['waiting', 'sent'])
  await liveUntil(clock, actors, after(7200))
  expect((await views(app)).map(({ state }) => state)).toEqual(['failed', 'sent'])
  expect(troubles).toHaveLength(3)
})

test('a sign-in code is not kept once it was sent, an alert is', async () => {
  const { app, clock, actors, db } = await world()
  await write(app, { purpose: 'sign-in', blocks: [{ kind: 'code', text: '482913' }] })
  await write(app)
  await settle(clock, actors)
  const rows = await db.in(families, (tx) =>
    tx.sql.selectFrom('email').select(['html', 'plain']).orderBy('id').execute(),
  )
  expect(rows[0]).toEqual({ html: '', plain: '' })
  expect(rows[1]!.plain).toContain('Ada did not answer')
})

test('the logs hold no address, name or subject', async () => {
  const lines: string[] = []
  const keep = (...all: unknown[]) => void lines.push(JSON.stringify(all))
  const { app, clock, actors } = await world(sender(temporary, { kind: 'sent' }, permanent), {
    info: keep,
    warn: keep,
    error: keep,
  })
  await write(app)
  await liveUntil(clock, actors, after(60))
  await write(app)
  await settle(clock, actors)
  expect(lines).toHaveLength(3)
  expect(lines.join()).not.toMatch(/ben|ada|@/i)
})

test('from the outbox to the mail room over real SMTP, in order', async () => {
  const { app, clock } = await world()
  const room = await openMailRoom({ clock, log: silentLog })
  const mail = smtpSender({ url: room.smtpUrl, from: 'CallAssist <calls@example.org>' })
  onTestFinished(async () => {
    mail.close()
    await room.close()
  })
  const ids: string[] = []
  for (let n = 0; n < 30; n++) ids.push(await write(app))
  await settle(clock, mailActors({ ...app, mail }, { inFlight: 1 }))
  expect(room.mails().map(({ id }) => id)).toEqual(ids)
  expect(room.mails()[0]!.links).toEqual(['https://calls.example.org/a'])
})
