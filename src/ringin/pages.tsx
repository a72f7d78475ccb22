// Ringin / pages: the messages that callers have left, for whoever watches the organisation's queue. A page of its own, linked from the
// queue. Called by src/pages.ts.
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { App } from '../app.ts'
import { isUuid } from '../kit/ids.ts'
import { displayNumber } from '../kit/phone-number.ts'
import { recordingMaster } from '../messages/messages.ts'
import { redirect303, sendPage } from '../web/answer.ts'
import { Heading, P, PhoneNumber, StatusPanel } from '../web/components.tsx'
import type { WebEnv } from '../web/env.ts'
import { eventStream } from '../web/events.ts'
import { Button, Form } from '../web/forms.tsx'
import { dealWith, type LeftMessage, leftMessageById, leftMessages } from './store.ts'
import { words } from './words-of-pages.ts'

export interface RingInDeps {
  /** As whom the visitor watches a queue; null for anybody else. */
  whoIs(c: Context<WebEnv>): Promise<Watcher | null>
}

interface Watcher {
  organisationId: string
  personId: string
}

/** So long a message that was dealt with is still shown. */
const shownForMs = 7 * 24 * 60 * 60_000
const zone = 'Europe/London'

export function ringInRoutes(app: App, { whoIs }: RingInDeps): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()

  /** Null: a stranger, who is asked to sign in. @throws HTTPException 404 for somebody who watches no queue */
  async function watcher(c: Context<WebEnv>): Promise<Watcher | null> {
    const who = await whoIs(c)
    if (!who && c.get('viewer')) throw new HTTPException(404)
    return who
  }
  const toSignIn = (c: Context<WebEnv>) => redirect303(c, '/signin?next=/queue/messages')

  routes.get('/queue/messages', async (c) => {
    const who = await watcher(c)
    if (!who) return toSignIn(c)
    const since = new Date(app.clock.now().getTime() - shownForMs)
    const messages = await app.db.in(who, (tx) => leftMessages(tx, since))
    return sendPage(
      c,
      { title: words.messagesTitle, back: '/queue', live: '/queue/messages/live' },
      <MessagesPage messages={messages} now={app.clock.now()} />,
    )
  })

  routes.get('/queue/messages/live', async (c) => {
    const who = await watcher(c)
    if (!who) return c.body(null, 401)
    return eventStream(c, (send) =>
      app.bell.listen(({ services }) => {
        if (services?.includes('*')) send({ event: 'change' })
      }),
    )
  })

  routes.get('/queue/messages/:id/sound.wav', async (c) => {
    const who = await watcher(c)
    if (!who) return c.body(null, 401)
    const id = c.req.param('id')
    const message = isUuid(id) ? await app.db.in(who, (tx) => leftMessageById(tx, id)) : null
    const wav = message?.recordingId ? await recordingMaster(app, who, message.recordingId) : null
    if (!wav) throw new HTTPException(404)
    return c.body(Uint8Array.from(wav), 200, {
      'Content-Type': 'audio/wav',
      'Cache-Control': 'private, no-store',
    })
  })

  routes.post('/queue/messages/:id/dealt-with', async (c) => {
    const who = await watcher(c)
    if (!who) return toSignIn(c)
    const id = c.req.param('id')
    await app.db.in(who, async (tx) => {
      if (!isUuid(id) || !(await leftMessageById(tx, id))) throw new HTTPException(404)
      await dealWith(tx, id, who.personId, app.clock.now())
      tx.afterCommit(() => app.bell.ring({ services: ['*'] }))
    })
    return redirect303(c, '/queue/messages')
  })
  return routes
}

function MessagesPage({ messages, now }: { messages: readonly LeftMessage[]; now: Date }) {
  return (
    <>
      <Heading>{words.messagesTitle}</Heading>
      <P lead>{words.messagesLead}</P>
      {messages.length === 0 && <P>{words.noMessages}</P>}
      {messages.map((message) => (
        <OneMessage key={message.id} message={message} now={now} />
      ))}
    </>
  )
}

function OneMessage({ message, now }: { message: LeftMessage; now: Date }) {
  const { dealtWithAt, from, id, leftAt, recordingId, seconds, trouble, wakeAt } = message
  const number = from && displayNumber(from)
  return (
    <StatusPanel
      id={`message-${id}`}
      mood={dealtWithAt ? 'quiet' : 'attention'}
      icon="voice"
      title={words.messageFrom(number, words.when(leftAt, zone, now))}
    >
      {from && number && (
        <P>
          <a class="govuk-link" href={`tel:${from}`}>
            {words.ringBack} <PhoneNumber>{number}</PhoneNumber>
          </a>
        </P>
      )}
      {recordingId ? (
        // biome-ignore lint/a11y/useMediaCaption: what somebody said into a telephone has no written words
        <audio
          class="app-audio"
          controls
          preload="none"
          src={`/queue/messages/${id}/sound.wav`}
          aria-label={words.listen(number, seconds)}
        />
      ) : (
        <P>{wakeAt === null && trouble !== null ? words.lost : words.notHereYet}</P>
      )}
      {dealtWithAt ? (
        <P>{words.dealtWithBy(message.dealtWithByName ?? '', words.when(dealtWithAt, zone, now))}</P>
      ) : (
        <Form action={`/queue/messages/${id}/dealt-with`}>
          <Button look="secondary" hiddenText={words.ofWhom(number)}>
            {words.dealtWith}
          </Button>
        </Form>
      )}
    </StatusPanel>
  )
}
