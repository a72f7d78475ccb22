// Verification / pages: the telephone numbers of a service and how each is confirmed: a code by text or by a call, typed here. For
// everybody with a role on the service, who see these numbers anyway; for anybody else none of it exists. Complete without JavaScript.
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { isUuid } from '../kit/ids.ts'
import {
  type ServicePlan,
  type Stakeholder,
  serviceFor,
  servicePlan,
  stakeholdersOf,
} from '../services/services.ts'
import type { Signin } from '../signin/signin.ts'
import { redirect303, sendPage } from '../web/answer.ts'
import type { WebEnv } from '../web/env.ts'
import { readForm } from '../web/form.ts'
import type { Errors } from '../web/forms.tsx'
import { sendCode, takeCode } from './send.ts'
import { latestOf } from './store.ts'
import { type NumberShown, NumbersPage, OneNumberPage } from './views.tsx'
import { words } from './words.ts'

interface Standing {
  serviceId: string
  plan: ServicePlan
  me: Stakeholder
  numbers: readonly NumberShown[]
}

export function verificationRoutes(app: App, signin: Signin): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()

  async function within(
    c: Context<WebEnv>,
    work: (tx: Tx, standing: Standing) => Promise<Response>,
  ): Promise<Response> {
    const who = await signin.whoIs(c)
    if (!who) return redirect303(c, `/signin?next=${c.req.path}`)
    const id = c.req.param('id') ?? ''
    const service = isUuid(id) ? await serviceFor(app, who.persons, id) : null
    if (!service) throw new HTTPException(404)
    return app.db.in(service, async (tx) => {
      const people = await stakeholdersOf(tx, id)
      const me = people.find(({ personId }) => who.persons.some((person) => person.id === personId))
      if (!me) throw new HTTPException(404)
      const numbers = people.flatMap((person) => numberOf(person, me))
      return work(tx, { serviceId: id, plan: await servicePlan(tx, id), me, numbers })
    })
  }

  const atNumber = (
    c: Context<WebEnv>,
    work: (tx: Tx, standing: Standing, one: NumberShown) => Promise<Response>,
  ) =>
    within(c, (tx, standing) => {
      const one = standing.numbers.find(({ personId }) => personId === c.req.param('person'))
      if (!one) throw new HTTPException(404)
      return work(tx, standing, one)
    })

  async function show(
    c: Context<WebEnv>,
    tx: Tx,
    { serviceId, plan }: Standing,
    one: NumberShown,
    { typed = '', errors }: { typed?: string; errors?: Errors } = {},
  ): Promise<Response> {
    const sent = (await latestOf(tx, [one])).get(one.personId) ?? null
    return sendPage(
      c,
      {
        title: one.isMe ? words.yourTitle : words.oneTitle(one.name),
        back: `/services/${serviceId}/numbers`,
        errors,
        live: `/services/${serviceId}/live`,
      },
      <OneNumberPage {...{ serviceId, one, sent, typed, errors }} zone={plan.timeZone} />,
    )
  }

  routes.get('/services/:id/numbers', (c) =>
    within(c, async (_tx, { serviceId, plan, numbers }) => {
      const done = numbers.find(
        ({ personId, isConfirmed }) => isConfirmed && personId === c.req.query('done'),
      )
      return sendPage(
        c,
        { title: words.title, back: `/services/${serviceId}` },
        <NumbersPage {...{ serviceId, numbers }} receiverName={plan.receiverName} done={done ?? null} />,
      )
    }),
  )

  routes.get('/services/:id/numbers/:person', (c) =>
    atNumber(c, async (tx, standing, one) => {
      if (one.isConfirmed) return redirect303(c, `/services/${standing.serviceId}/numbers`)
      return show(c, tx, standing, one)
    }),
  )

  routes.post('/services/:id/numbers/:person/codes/:channel', async (c) => {
    const form = await readForm(c)
    const channel = c.req.param('channel')
    if (channel !== 'call' && channel !== 'text') throw new HTTPException(404)
    return atNumber(c, async (tx, standing, one) => {
      const { serviceId, me } = standing
      const wanted = { serviceId, personId: one.personId, channel, askedBy: me } as const
      const sent = await sendCode(app, tx, wanted, form.id)
      if (!sent.ok) return show(c, tx, standing, one, { errors: [{ field: '', text: sent.reason }] })
      return redirect303(c, `/services/${serviceId}/numbers/${one.personId}`)
    })
  })

  routes.post('/services/:id/numbers/:person/confirmation', async (c) => {
    const form = await readForm(c)
    return atNumber(c, async (tx, standing, one) => {
      const done = `/services/${standing.serviceId}/numbers?done=${one.personId}`
      // pressed twice: the first press has done it
      if (one.isConfirmed) return redirect303(c, done)
      const typed = form.text('code')
      const judged = await takeCode(app, tx, one.personId, typed)
      if (judged === 'right') return redirect303(c, done)
      return show(c, tx, standing, one, { typed, errors: [{ field: 'code', text: words.refused[judged] }] })
    })
  })

  return routes
}

/** Contacts are those who are told by telephone. The receiver's number is tried by a test call. */
function numberOf(person: Stakeholder, me: Stakeholder): NumberShown[] {
  const { personId, name, phone, isConfirmed, isDenied, roles } = person
  if (phone === null || !roles.includes('alert receiver')) return []
  return [{ personId, name, phone, isConfirmed, isDenied, isMe: personId === me.personId }]
}
