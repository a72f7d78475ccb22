// Outages / pages: /outages, for those who watch a queue: each stretch of the last month in which nothing was done, and for each person
// what followed.
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { App } from '../app.ts'
import { redirect303, sendPage } from '../web/answer.ts'
import { Bullets, Heading, Link, P, StatusPanel, Table } from '../web/components.tsx'
import type { WebEnv } from '../web/env.ts'
import { type OutageView, type PersonTouched, recentOutages } from './look.ts'
import { callsInWords, followedInWords, words } from './words.ts'

export interface OutageDeps {
  /** As whom the visitor watches a queue; null for anybody else. */
  whoIs(c: Context<WebEnv>): Promise<{ organisationId: string; isOperator: boolean } | null>
}

export function outageRoutes(app: App, { whoIs }: OutageDeps): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  routes.get('/outages', async (c) => {
    const who = await whoIs(c)
    if (!who && !c.get('viewer')) return redirect303(c, '/signin?next=/outages')
    if (!who?.isOperator) throw new HTTPException(404)
    const now = app.clock.now()
    const outages = await app.db.in(who, (tx) => recentOutages(tx, now))
    return sendPage(c, { title: words.title }, <OutagesPage outages={outages} now={now} />)
  })
  return routes
}

/** So many people are listed by name; the others are in their services, and in the queue where that is due. */
const namedAtMost = 500

function OutagesPage({ outages, now }: { outages: readonly OutageView[]; now: Date }) {
  return (
    <>
      <Heading>{words.title}</Heading>
      <P lead>{words.lead}</P>
      {outages.length === 0 && <P>{words.none}</P>}
      {outages.map((outage) => (
        <OneOutage key={outage.from.toISOString()} outage={outage} now={now} />
      ))}
      <P>
        <Link href="/queue">{words.back}</Link>
      </P>
    </>
  )
}

function OneOutage({ outage, now }: { outage: OutageView; now: Date }) {
  const id = `outage-${outage.from.getTime()}`
  const isOpen = outage.people.some(({ calls }) => followedInWords(calls, now).isOpen)
  const counts = [
    words.due(outage),
    words.late(outage),
    words.notPlaced(outage),
    ...(outage.waiting > 0 ? [words.waiting(outage)] : []),
  ]
  return (
    <>
      <StatusPanel
        id={id}
        mood={outage.to === null ? 'bad' : isOpen ? 'attention' : 'quiet'}
        icon="clock"
        title={words.heading(outage, now)}
      >
        <P>{words.began(outage, now)}</P>
        <Bullets items={counts} />
      </StatusPanel>
      {outage.people.length === 0 ? (
        <P>{words.nobody}</P>
      ) : (
        <Table
          caption={words.people}
          captionSize="m"
          head={[words.person, words.calls, words.followed]}
          firstIsHeader
          rows={outage.people.slice(0, namedAtMost).map((person) => rowOf(person, now))}
        />
      )}
      {outage.people.length > 0 && outage.othersWell > 0 && <P>{words.othersWell(outage.othersWell)}</P>}
    </>
  )
}

function rowOf({ serviceId, name, calls }: PersonTouched, now: Date) {
  const { text, isOpen } = followedInWords(calls, now)
  return [
    <Link href={`/services/${serviceId}`}>{name}</Link>,
    callsInWords(calls),
    isOpen ? (
      <>
        <strong>{text}</strong> <Link href="/queue">{words.toQueue}</Link>
      </>
    ) : (
      text
    ),
  ]
}
