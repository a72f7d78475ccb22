// Services / pages: the list of services, and the page of one: today in a sentence, the next call, ring now, what happened, who is
// told, and the pause. Every page re-renders from the database; the live region only fetches it again.
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { type AlertView, alertsOfService, isAboutCall, type Looker } from '../alerts/alerts.ts'
import type { App } from '../app.ts'
import {
  acknowledge,
  type CallView,
  callById,
  callsOfService,
  historyOf,
  nextCall,
  ringNow,
} from '../calls/calls.ts'
import type { Tx } from '../db/db.ts'
import { isUuid } from '../kit/ids.ts'
import { daysBetween, isLocalDate, localDateOf } from '../kit/local-time.ts'
import { dateInWords } from '../kit/words-of-time.ts'
import { exchangesOf, firstLine, optOutsOf, whyNotExtra } from '../lines/lines.ts'
import { operatorFor } from '../organisations/organisations.ts'
import { ringInsOfService } from '../ringin/ringin.ts'
import { schedulesOf } from '../schedules/schedules.ts'
import { unfinishedSetups } from '../setup/setup.ts'
import type { Signin } from '../signin/signin.ts'
import { redirect303, sendPage } from '../web/answer.ts'
import type { WebEnv } from '../web/env.ts'
import { eventStream } from '../web/events.ts'
import { onlyOnce, readForm } from '../web/form.ts'
import type { Errors, FieldError } from '../web/forms.tsx'
import { type Access, accessTo } from './access.ts'
import { settingsRoutes, voicemailRoutes } from './settings.tsx'
import { today } from './status.ts'
import { addPause, endPauses, pausesFrom, servicePlan, servicesFor, stakeholdersOf } from './store.ts'
import {
  AllCalls,
  OneCall,
  PausePage,
  type RingInShown,
  ServiceList,
  ServicePage,
  type ServiceShown,
} from './views.tsx'
import { toSignIn, withinService } from './within.ts'
import { words } from './words.ts'

const shownAtFirst = 10
const perPage = 30
const pauseDaysAtMost = 366

export function serviceRoutes(app: App, signin: Signin): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const within = withinService(app, signin)
  settingsRoutes(routes, app, within)
  voicemailRoutes(routes, within)

  routes.get('/services', async (c) => {
    const who = await signin.whoIs(c)
    if (!who) return toSignIn(c)
    const listed = []
    for (const service of await servicesFor(app, who.persons)) {
      const shown = await app.db.in(service, (tx) => gather(app, tx, { ...service, isOperator: false }))
      listed.push({ serviceId: service.serviceId, name: shown.plan.receiverName, today: today(shown) })
    }
    const unfinished = await unfinishedSetups(app, who.persons)
    const watches = (await operatorFor(app, who)) !== null
    return sendPage(
      c,
      { title: words.yourCalls },
      <ServiceList services={listed} unfinished={unfinished} watches={watches} />,
    )
  })

  async function showService(c: Context<WebEnv>, tx: Tx, access: Access, errors?: Errors): Promise<Response> {
    const shown = await gather(app, tx, access)
    const title = words.serviceTitle(shown.plan.receiverName)
    return sendPage(
      c,
      { title, live: `/services/${access.serviceId}/live`, errors },
      <ServicePage shown={shown} />,
    )
  }

  routes.get('/services/:id', (c) => within(c, (tx, access) => showService(c, tx, access)))

  routes.get('/services/:id/live', async (c) => {
    const access = await accessTo(app, signin, c, c.req.param('id'))
    if (!access) return c.body(null, 401)
    return eventStream(c, (send) =>
      app.bell.listen(({ services }) => {
        if (services?.includes(access.serviceId) || services?.includes('*')) send({ event: 'change' })
      }),
    )
  })

  routes.post('/services/:id/test-calls', async (c) => {
    const form = await readForm(c)
    return within(c, async (tx, access) => {
      const { serviceId } = access
      const to = (await servicePlan(tx, serviceId)).phones[0]!
      const whyNot = await whyNotExtra(app, tx, { purpose: 'test', to, serviceId })
      if (whyNot) return showService(c, tx, access, [{ field: '', text: whyNot }])
      return onlyOnce(c, form, async () => {
        await ringNow(app, tx, serviceId)
        return `/services/${serviceId}`
      })
    })
  })

  routes.get('/services/:id/calls', (c) =>
    within(c, async (tx, access) => {
      const plan = await servicePlan(tx, access.serviceId)
      const before = await cursor(tx, c.req.query('before'))
      const calls = await callsOfService(tx, access.serviceId, {
        limit: perPage,
        pastAt: app.clock.now(),
        ...(before && { before }),
      })
      const title = words.allCalls(plan.receiverName)
      return sendPage(
        c,
        { title, back: `/services/${access.serviceId}` },
        <AllCalls plan={plan} calls={calls} now={app.clock.now()} more={calls.length === perPage} />,
      )
    }),
  )

  routes.get('/services/:id/calls/:callId', (c) =>
    within(c, async (tx, access) => {
      const call = await callOf(tx, access, c.req.param('callId'))
      const plan = await servicePlan(tx, access.serviceId)
      const alerts = (await alertsOfService(
        tx,
        access.serviceId,
        { callId: call.id, past: call.past },
        lookerOf(access),
      )) satisfies AlertView[]
      const exchanges = access.isOperator
        ? await Promise.all(
            call.attempts.map(async (attempt) => ({
              attempt: attempt.number,
              rows: await exchangesOf(tx, attempt.outgoingId, call.past),
            })),
          )
        : null
      const date = dateInWords(call.localDate, localDateOf(app.clock.now(), plan.timeZone))
      const title = call.isTest
        ? words.testTitle(call.localTime, date)
        : words.callTitle(call.localTime, date)
      return sendPage(
        c,
        { title, back: `/services/${access.serviceId}`, live: `/services/${access.serviceId}/live` },
        <OneCall
          title={title}
          plan={plan}
          call={call}
          history={await historyOf(tx, call.id, call.past)}
          alerts={alerts}
          exchanges={exchanges}
          now={app.clock.now()}
        />,
      )
    }),
  )

  routes.post('/services/:id/calls/:callId/acknowledgement', (c) =>
    within(c, async (tx, access) => {
      const call = await callOf(tx, access, c.req.param('callId'))
      // what is long over stays as it is
      if (!call.past) await acknowledge(app, tx, call.id, access.personId)
      return redirect303(c, `/services/${access.serviceId}`)
    }),
  )

  routes.get('/services/:id/pause', (c) =>
    within(c, async (tx, access) => {
      const plan = await servicePlan(tx, access.serviceId)
      const title = words.pauseTitle(plan.receiverName)
      return sendPage(
        c,
        { title, back: `/services/${access.serviceId}` },
        <PausePage serviceId={access.serviceId} title={title} values={{}} />,
      )
    }),
  )

  routes.post('/services/:id/pause', async (c) => {
    const form = await readForm(c)
    return within(c, async (tx, access) => {
      const plan = await servicePlan(tx, access.serviceId)
      const read = readPause(form.values, localDateOf(app.clock.now(), plan.timeZone))
      const errors = [...form.errors, ...('errors' in read ? read.errors : [])]
      if ('errors' in read || errors.length > 0) {
        const title = words.pauseTitle(plan.receiverName)
        return sendPage(
          c,
          { title, back: `/services/${access.serviceId}`, errors },
          <PausePage serviceId={access.serviceId} title={title} values={form.values} errors={errors} />,
        )
      }
      return onlyOnce(c, form, async () => {
        await addPause(app, tx, access.serviceId, { ...read, createdBy: access.personId })
        tx.afterCommit(() => app.bell.ring({ services: [access.serviceId] }))
        return `/services/${access.serviceId}`
      })
    })
  })

  routes.delete('/services/:id/pause', (c) =>
    within(c, async (tx, access) => {
      await endPauses(app, tx, access.serviceId)
      tx.afterCommit(() => app.bell.ring({ services: [access.serviceId] }))
      return redirect303(c, `/services/${access.serviceId}`)
    }),
  )

  return routes
}

/** Everything the page of a service shows. */
async function gather(
  app: App,
  tx: Tx,
  { serviceId, isOperator, personId }: Pick<Access, 'serviceId' | 'isOperator'> & Partial<Access>,
): Promise<ServiceShown> {
  const now = app.clock.now()
  const plan = await servicePlan(tx, serviceId)
  const date = localDateOf(now, plan.timeZone)
  const calls = await callsOfService(tx, serviceId, { limit: shownAtFirst, pastAt: now })
  const alerts = await alertsOfService(
    tx,
    serviceId,
    { limit: 20 },
    personId ? lookerOf({ personId, isOperator }) : null,
  )
  const pauses = await pausesFrom(tx, serviceId, date)
  const pausedNow = pauses.find((pause) => pause.from <= date)
  const due = calls.filter((call) => !call.isTest)
  // as far back as the calls that are shown with them
  const since = calls.length === shownAtFirst ? calls.at(-1)!.dueAt : new Date(0)
  const stakeholders = await stakeholdersOf(tx, serviceId)
  return {
    plan,
    name: plan.receiverName,
    zone: plan.timeZone,
    now,
    today: date,
    calls: due,
    allCalls: calls,
    next: await nextCall(tx, serviceId),
    testNow: calls.find((call) => call.isTest && call.state !== 'closed') ?? null,
    alert: alerts.find((alert) => alert.state !== 'closed') ?? null,
    settled:
      alerts.find((alert) => alert.state === 'closed' && due[0] && isAboutCall(alert, due[0].id)) ?? null,
    alerts,
    pausedUntil: pausedNow ? dateInWords(pausedNow.to, date) : null,
    pauses,
    ended: plan.endedAt !== null,
    stakeholders,
    optOuts: await optOutsOf(tx, [...plan.phones, ...stakeholders.flatMap(({ phone }) => phone ?? [])]),
    schedules: await schedulesOf(tx, serviceId),
    lineNumber: (await firstLine(tx)).number,
    ringIns: await ringInsShown(tx, serviceId, since, isOperator),
  }
}

async function ringInsShown(
  tx: Tx,
  serviceId: string,
  since: Date,
  isOperator: boolean,
): Promise<RingInShown[]> {
  const ringIns = await ringInsOfService(tx, serviceId, since, shownAtFirst)
  return Promise.all(
    ringIns.map(async (ringIn) => ({
      ringIn,
      exchanges: isOperator ? await exchangesOf(tx, ringIn.id) : null,
    })),
  )
}

/** As whom an alert's page is looked at. */
function lookerOf({ personId, isOperator }: Pick<Access, 'personId' | 'isOperator'>): Looker {
  return { personId, isWatcher: isOperator }
}

async function callOf(tx: Tx, access: Access, callId: string): Promise<CallView> {
  const call = isUuid(callId) ? await callById(tx, callId, 'past') : null
  if (!call || call.serviceId !== access.serviceId) throw new HTTPException(404)
  return call
}

async function cursor(tx: Tx, callId: string | undefined): Promise<{ dueAt: Date; id: string } | null> {
  const call = callId && isUuid(callId) ? await callById(tx, callId, 'past') : null
  return call && { dueAt: call.dueAt, id: call.id }
}

/** The two dates of a pause, as three numbers each. */
function readPause(
  values: Readonly<Record<string, string>>,
  today: string,
): { from: string; to: string; reason: string } | { errors: FieldError[] } {
  const date = (field: string) => {
    const [day, month, year] = ['day', 'month', 'year'].map((part) => values[`${field}-${part}`] ?? '')
    const text = `${year!.padStart(4, '20')}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`
    return isLocalDate(text) ? text : null
  }
  const from = date('from')
  const to = date('to')
  const errors: FieldError[] = []
  if (!from) errors.push({ field: 'from', text: words.pauseErrors.from })
  else if (from < today) errors.push({ field: 'from', text: words.pauseErrors.past })
  if (!to) errors.push({ field: 'to', text: words.pauseErrors.to })
  else if (from && to < from) errors.push({ field: 'to', text: words.pauseErrors.order })
  else if (from && daysBetween(from, to) > pauseDaysAtMost)
    errors.push({ field: 'to', text: words.pauseErrors.long })
  return errors.length > 0 || !from || !to ? { errors } : { from, to, reason: values.reason ?? '' }
}
