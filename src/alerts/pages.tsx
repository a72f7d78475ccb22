// Alerts / pages: the page behind the link in an e-mail, which needs no sign-in, and the organisation's queue, which does.
// Opening a page accepts nothing: mail scanners open every link. Only the POST of its button does.
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { App } from '../app.ts'
import type { CallView } from '../calls/calls.ts'
import type { OrgScope, Tx } from '../db/db.ts'
import { isUuid } from '../kit/ids.ts'
import { organisationName } from '../organisations/organisations.ts'
import { openMessages } from '../ringin/ringin.ts'
import { alertReceivers, servicePlan } from '../services/services.ts'
import { redirect303, sendPage } from '../web/answer.ts'
import type { WebEnv } from '../web/env.ts'
import { eventStream } from '../web/events.ts'
import { readForm } from '../web/form.ts'
import { acceptAlert, closeAlert } from './asked.ts'
import { attemptsIn, callOf } from './facts.ts'
import type { Over, Said } from './machine.ts'
import {
  type AlertView,
  alertById,
  alertsInHands,
  type LinkHolder,
  type Looker,
  linkHolder,
  unfinishedAlerts,
} from './views/store.ts'
import { alertHeadline, standingIn, words } from './views/words.ts'
import { type AlertShown, type InQueue, LinkPage, QueuePage } from './views.tsx'

export interface AlertDeps {
  /** As whom the visitor watches a queue; null for anybody else. */
  whoIs(c: Context<WebEnv>): Promise<Watcher | null>
}

export interface Watcher {
  organisationId: string
  personId: string
  isOperator: boolean
}

/** So long a link shows how its alert went. */
const linkDays = 30

export function alertRoutes(app: App, deps: AlertDeps): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  linkRoutes(routes, app)
  queueRoutes(routes, app, deps)
  return routes
}

function linkRoutes(routes: Hono<WebEnv>, app: App): void {
  /** @throws HTTPException 404 for a link that is not ours or is too old */
  async function holder(c: Context<WebEnv>): Promise<LinkHolder & { base: string }> {
    const token = c.req.param('token') ?? ''
    const notBefore = new Date(app.clock.now().getTime() - linkDays * 24 * 60 * 60_000)
    const found = await linkHolder(app, token, notBefore)
    if (!found) throw new HTTPException(404)
    return { ...found, base: `/alerts/link/${token}` }
  }

  routes.get('/alerts/link/:token', async (c) => {
    const { scope, alertId, personId, base } = await holder(c)
    const shown = await app.db.in(scope, (tx) => gather(app, tx, alertId, personId))
    c.header('X-Robots-Tag', 'noindex')
    return sendPage(
      c,
      { title: alertHeadline(shown.alert), live: `${base}/live` },
      <LinkPage shown={shown} base={base} />,
    )
  })

  routes.get('/alerts/link/:token/live', async (c) => {
    const { scope, alertId } = await holder(c)
    const alert = await app.db.in(scope, (tx) => viewOf(tx, alertId))
    return changesOf(c, app, (services) => services.includes(alert.serviceId))
  })

  routes.post('/alerts/link/:token/acceptance', async (c) => {
    const { scope, alertId, personId, base } = await holder(c)
    return accept(c, app, { scope, alertId, personId, over: 'email', back: base })
  })

  routes.post('/alerts/link/:token/outcome', async (c) => {
    const { scope, alertId, personId, base } = await holder(c)
    return outcome(c, app, { scope, alertId, personId, back: base })
  })
}

function queueRoutes(routes: Hono<WebEnv>, app: App, { whoIs }: AlertDeps): void {
  /** Null: a stranger, who is asked to sign in. @throws HTTPException 404 for somebody who watches no queue */
  async function watcher(c: Context<WebEnv>): Promise<Watcher | null> {
    const who = await whoIs(c)
    if (who && !who.isOperator) throw new HTTPException(404)
    if (!who && c.get('viewer')) throw new HTTPException(404)
    return who
  }
  const toSignIn = (c: Context<WebEnv>) => redirect303(c, '/signin?next=/queue')

  routes.get('/queue', async (c) => {
    const who = await watcher(c)
    if (!who) return toSignIn(c)
    const page = await app.db.in(who, async (tx) => ({
      organisation: await organisationName(tx),
      messages: await openMessages(tx),
      waiting: await gatherAll(app, tx, await unfinishedAlerts(tx, watching(who)), who.personId),
      yours: await gatherAll(app, tx, await alertsInHands(tx, who.personId, watching(who)), who.personId),
    }))
    const waiting = page.waiting.filter(({ standing }) => standing.is !== 'yours')
    const options = { title: words.queueTitle, live: '/queue/live', scripts: ['running-clock'] }
    return sendPage(c, options, <QueuePage {...page} waiting={waiting} />)
  })

  routes.get('/queue/live', async (c) => {
    const who = await watcher(c)
    if (!who) return c.body(null, 401)
    return changesOf(c, app, (services) => services.length > 0)
  })

  routes.post('/queue/:id/acceptance', async (c) => {
    const who = await watcher(c)
    if (!who) return toSignIn(c)
    const alertId = c.req.param('id')
    return accept(c, app, { scope: who, alertId, personId: who.personId, over: 'page', back: '/queue' })
  })

  routes.post('/queue/:id/outcome', async (c) => {
    const who = await watcher(c)
    if (!who) return toSignIn(c)
    return outcome(c, app, { scope: who, alertId: c.req.param('id'), personId: who.personId, back: '/queue' })
  })
}

interface Doing {
  scope: OrgScope
  alertId: string
  personId: string
  back: string
}

async function accept(c: Context<WebEnv>, app: App, doing: Doing & { over: Over }): Promise<Response> {
  await app.db.in(doing.scope, async (tx) => {
    await viewOf(tx, doing.alertId)
    await acceptAlert(app, tx, doing.alertId, doing.personId, doing.over)
  })
  return redirect303(c, doing.back)
}

const sayings: readonly Said[] = ['she is fine', 'I am going', 'get help']

/** @throws HTTPException 422 for a form that is none of ours */
async function outcome(c: Context<WebEnv>, app: App, doing: Doing): Promise<Response> {
  const how = (await readForm(c)).text('how')
  const said = sayings.find((saying) => saying === how)
  if (!said) throw new HTTPException(422)
  await app.db.in(doing.scope, async (tx) => {
    await viewOf(tx, doing.alertId)
    await closeAlert(app, tx, doing.alertId, doing.personId, said)
  })
  return redirect303(c, doing.back)
}

const watching = ({ personId }: Watcher): Looker => ({ personId, isWatcher: true })

/** @throws HTTPException 404: this organisation has no such alert */
async function viewOf(
  tx: Tx,
  alertId: string,
  looker: Looker | null = null,
  also?: 'past',
): Promise<AlertView> {
  const alert = isUuid(alertId) ? await alertById(tx, alertId, looker, also) : null
  if (!alert) throw new HTTPException(404)
  return alert
}

async function gather(app: App, tx: Tx, alertId: string, personId: string): Promise<AlertShown> {
  const [shown] = await gatherAll(
    app,
    tx,
    [await viewOf(tx, alertId, { personId, isWatcher: false }, 'past')],
    personId,
  )
  return shown!
}

async function gatherAll(
  app: App,
  tx: Tx,
  alerts: readonly AlertView[],
  personId: string,
): Promise<InQueue[]> {
  const all: InQueue[] = []
  for (const alert of alerts) {
    const service = await servicePlan(tx, alert.serviceId)
    all.push({
      alert,
      standing: standingIn(alert, personId),
      attempts: attemptsIn(...(await callsOfView(tx, alert))),
      phones: service.phones,
      accessNotes: alert.state === 'closed' ? null : service.accessNotes?.trim() || null,
      receivers: await alertReceivers(tx, alert.serviceId),
      now: app.clock.now(),
    })
  }
  return all
}

/** In the order in which they were due, wherever they are kept by now. */
async function callsOfView(tx: Tx, { callId, calls }: AlertView): Promise<CallView[]> {
  const found: CallView[] = []
  for (const id of calls?.map((call) => call.callId) ?? [callId]) found.push(await callOf(tx, id, 'past'))
  return found
}

function changesOf(
  c: Context<WebEnv>,
  app: App,
  concerns: (services: readonly string[]) => boolean,
): Response {
  return eventStream(c, (send) =>
    app.bell.listen(({ services }) => {
      if (services && (services.includes('*') || concerns(services))) send({ event: 'change' })
    }),
  )
}
