// Recorder / pages: the page of a take, which follows live what happens on the telephone; and the messages of a service, with every way
// to record one. Without JavaScript complete. A take is seen by whoever asked for it and by the creators of its service; operators see
// how it went and what the telephone company said, and hear nothing.
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { readEmailAddress } from '../kit/email-address.ts'
import { isUuid } from '../kit/ids.ts'
import { localDateOf } from '../kit/local-time.ts'
import { nationalNumber, readNumber } from '../kit/phone-number.ts'
import { readName } from '../kit/typed-text.ts'
import { dateInWords } from '../kit/words-of-time.ts'
import { exchangesOf, firstLine, outgoingOf } from '../lines/lines.ts'
import { keepRecording, messageOf, messagesOf, recordingAudio, setRecording } from '../messages/messages.ts'
import { membershipsOf } from '../organisations/organisations.ts'
import { createPerson, personById } from '../people/people.ts'
import { type Schedule, schedulesOf } from '../schedules/schedules.ts'
import {
  addRole,
  type ServicePlan,
  type Stakeholder,
  serviceFor,
  servicePlan,
  stakeholdersOf,
} from '../services/services.ts'
import type { SignedIn, Signin } from '../signin/signin.ts'
import { redirect303, sendPage } from '../web/answer.ts'
import type { WebEnv } from '../web/env.ts'
import { eventStream } from '../web/events.ts'
import { onlyOnce, readForm, type SubmittedForm } from '../web/form.ts'
import type { Errors, FieldError } from '../web/forms.tsx'
import { advance } from './advance.ts'
import { digitsOf, makeCode } from './codes.ts'
import { ringForRecording } from './ring.ts'
import { codesOfService, endCodes, findTake, type RecorderCode, type Take, tapesOf } from './store.ts'
import { tellCode } from './tell.ts'
import { CodePage, RecordingsPage, RecordPage, TakePage, type TakeShown } from './views.tsx'
import { recordingName, words } from './words.ts'

export function recorderRoutes(app: App, signin: Signin): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  takeRoutes(routes, app, signin)
  messageRoutes(routes, app, signin)
  codeRoutes(routes, app, signin)
  return routes
}

const toSignIn = (c: Context<WebEnv>) => redirect303(c, `/signin?next=${c.req.path}`)

// ── takes ───────────────────────────────────────────────────────────────────────────────────────────────────────

interface Seeing {
  take: Take
  isOperator: boolean
  /** may hear it, use it, and be rung again */
  isOwn: boolean
}

function takeRoutes(routes: Hono<WebEnv>, app: App, signin: Signin): void {
  async function within(
    c: Context<WebEnv>,
    work: (tx: Tx, seeing: Seeing) => Promise<Response>,
  ): Promise<Response> {
    const who = await signin.whoIs(c)
    if (!who) return toSignIn(c)
    const id = c.req.param('take') ?? ''
    const take = isUuid(id) ? await findTake(app, id) : null
    const seeing = take && (await sight(app, who, take))
    if (!seeing) throw new HTTPException(404)
    return app.db.in(seeing.take, (tx) => work(tx, seeing))
  }
  const own = (c: Context<WebEnv>, work: (tx: Tx, take: Take) => Promise<Response>) =>
    within(c, (tx, { take, isOwn }) => {
      if (!isOwn) throw new HTTPException(404)
      return work(tx, take)
    })

  routes.get('/takes/:take', (c) =>
    within(c, async (tx, seeing) => {
      const facts = await factsOf(tx, seeing)
      return sendPage(
        c,
        { title: words.title, back: facts.otherWay, live: `/takes/${seeing.take.id}/live` },
        <TakePage shown={facts} />,
      )
    }),
  )

  routes.get('/takes/:take/live', (c) =>
    within(c, async (_tx, { take }) =>
      eventStream(c, (send) =>
        app.bell.listen(({ services }) => {
          if (services?.includes(take.id) || services?.includes('*')) send({ event: 'change' })
        }),
      ),
    ),
  )

  routes.get('/takes/:take/recordings/:recording', (c) =>
    own(c, async (_tx, take) => {
      const recording = c.req.param('recording')
      return sound(
        c,
        take.state.recordingId === recording ? await recordingAudio(app, take, recording) : null,
      )
    }),
  )

  routes.post('/takes/:take/use', (c) =>
    own(c, async (tx, take) => {
      const { serviceId, state } = await advance(app, tx, take.id, { kind: 'chosen' })
      if (!serviceId || state.ending !== 'kept') return redirect303(c, `/takes/${take.id}`)
      return redirect303(c, `/services/${serviceId}/recordings?new=1`)
    }),
  )

  routes.post('/takes/:take/again', async (c) => {
    const form = await readForm(c)
    return own(c, (tx, take) =>
      onlyOnce(c, form, async () => {
        const { toNumber } = take
        const rung = toNumber ? await ringForRecording(app, tx, { ...take, toNumber }, form.id) : null
        // too often: the page before says so, with the other ways
        return rung?.ok ? `/takes/${rung.takeId}` : otherWayOf(take)
      }),
    )
  })
}

async function sight(app: App, who: SignedIn, take: Take): Promise<Seeing | null> {
  const isOperator = (await membershipsOf(app, who.persons)).some(
    ({ organisationId }) => organisationId === take.organisationId,
  )
  const isOwn =
    who.persons.some(({ id }) => id === take.askedBy) || (await isCreator(app, who, take.serviceId))
  return isOwn || isOperator ? { take, isOperator, isOwn } : null
}

async function isCreator(app: App, who: SignedIn, serviceId: string | null): Promise<boolean> {
  const service = serviceId ? await serviceFor(app, who.persons, serviceId) : null
  if (!service) return false
  const people = await app.db.in(service, (tx) => stakeholdersOf(tx, service.serviceId))
  return people.some(
    ({ personId, roles }) => roles.includes('creator') && who.persons.some(({ id }) => id === personId),
  )
}

async function factsOf(tx: Tx, { take, isOperator }: Seeing): Promise<TakeShown> {
  const [outgoing] = await outgoingOf(tx, [take.id])
  const tapes = await tapesOf(tx, take.id)
  const message = take.messageId ? await messageOf(tx, take.messageId) : null
  const { state, receiverName } = take
  return {
    take,
    state,
    receiverName,
    isRinging: outgoing?.state === 'ringing' || outgoing?.state === 'answered',
    isInUse: state.recordingId !== null && message?.recording?.id === state.recordingId,
    isComing: tapes.some((tape) => tape.id === state.tapeId && tape.state === 'to fetch'),
    otherWay: otherWayOf(take),
    company: isOperator ? { exchanges: outgoing ? await exchangesOf(tx, outgoing.id) : [], tapes } : null,
  }
}

const otherWayOf = ({ usePath, serviceId, messageId }: Take): string =>
  usePath ??
  (messageId ? `/services/${serviceId}/recordings/${messageId}` : `/services/${serviceId}/recordings`)

function sound(c: Context<WebEnv>, wav: Uint8Array | null): Response {
  if (!wav) throw new HTTPException(404)
  return c.body(Uint8Array.from(wav), 200, {
    'Content-Type': 'audio/wav',
    'Content-Length': String(wav.length),
    'Cache-Control': 'private, no-store',
  })
}

// ── the messages of a service ───────────────────────────────────────────────────────────────────────────────────

interface Standing {
  serviceId: string
  /** as whom they act */
  me: Stakeholder
  plan: ServicePlan
  schedules: readonly Schedule[]
  mayRecord: boolean
  isCreator: boolean
}

/** Run `work` for whoever has a role on this service. A stranger signs in; for anybody else it does not exist. */
async function atService(
  { app, signin }: { app: App; signin: Signin },
  c: Context<WebEnv>,
  work: (tx: Tx, standing: Standing) => Promise<Response>,
): Promise<Response> {
  const who = await signin.whoIs(c)
  if (!who) return toSignIn(c)
  const id = c.req.param('id') ?? ''
  const service = isUuid(id) ? await serviceFor(app, who.persons, id) : null
  if (!service) throw new HTTPException(404)
  return app.db.in(service, async (tx) => {
    const people = await stakeholdersOf(tx, id)
    const mine = people.filter(({ personId }) => who.persons.some((person) => person.id === personId))
    const me = mine.find(({ roles }) => roles.includes('creator')) ?? mine[0]
    if (!me) throw new HTTPException(404)
    return work(tx, {
      serviceId: id,
      me,
      plan: await servicePlan(tx, id),
      schedules: await schedulesOf(tx, id),
      mayRecord: mine.some(({ roles }) => roles.includes('creator') || roles.includes('recorder')),
      isCreator: me.roles.includes('creator'),
    })
  })
}

function messageRoutes(routes: Hono<WebEnv>, app: App, signin: Signin): void {
  /** The schedule whose message the address names, for whoever may record it. */
  const atMessage = (
    c: Context<WebEnv>,
    work: (tx: Tx, standing: Standing, schedule: Schedule) => Promise<Response>,
  ) =>
    atService({ app, signin }, c, (tx, standing) => {
      const schedule = standing.schedules.find(({ messageId }) => messageId === c.req.param('message'))
      if (!standing.mayRecord || !schedule) throw new HTTPException(404)
      return work(tx, standing, schedule)
    })

  routes.get('/services/:id/recordings', (c) =>
    atService({ app, signin }, c, async (tx, { serviceId, plan, schedules, mayRecord, isCreator }) => {
      const messages = await messagesOf(
        tx,
        schedules.map(({ messageId }) => messageId),
      )
      const rows = schedules.flatMap((schedule) => {
        const message = messages.get(schedule.messageId)
        return message ? [{ schedule, message }] : []
      })
      const codes = isCreator ? await codesShown(app, tx, serviceId, plan.timeZone) : []
      return sendPage(
        c,
        { title: words.recordings(plan.receiverName), back: `/services/${serviceId}` },
        <RecordingsPage
          {...{ serviceId, rows, codes, mayRecord }}
          receiverName={plan.receiverName}
          isNew={c.req.query('new') !== undefined}
        />,
      )
    }),
  )

  const show = (
    c: Context<WebEnv>,
    { serviceId, plan, me, isCreator }: Standing,
    { messageId, kind }: Schedule,
    { typed = {}, errors }: { typed?: Readonly<Record<string, string>>; errors?: Errors } = {},
  ) =>
    sendPage(
      c,
      {
        title: words.recordQuestion(plan.receiverName),
        back: `/services/${serviceId}/recordings`,
        errors,
        scripts: ['voice-recorder'],
      },
      <RecordPage
        {...{ serviceId, messageId, kind, typed, errors }}
        receiverName={plan.receiverName}
        worklet={c.get('web').assets.url('voice-worklet.js')}
        number={me.phone ? nationalNumber(me.phone) : ''}
        mayLetOthers={isCreator}
      />,
    )

  routes.get('/services/:id/recordings/:message', (c) =>
    atMessage(c, async (_tx, standing, schedule) => show(c, standing, schedule)),
  )

  routes.get('/services/:id/recordings/:message/sound', (c) =>
    atMessage(c, async (tx, _standing, { messageId }) => {
      const recording = (await messageOf(tx, messageId))?.recording
      return sound(c, recording ? await recordingAudio(app, tx, recording.id) : null)
    }),
  )

  routes.post('/services/:id/recordings/:message', async (c) => {
    const form = await readForm(c)
    return atMessage(c, async (tx, standing, schedule) => {
      const file = form.file('recording')
      const name = recordingName(standing.plan.receiverName)
      const kept =
        file && (await keepRecording(app, tx, { wav: file.bytes, name, recordedBy: standing.me.personId }))
      if (!kept?.ok) {
        const errors = [{ field: 'recording', text: kept?.reason ?? words.chooseFile }]
        return show(c, standing, schedule, { errors })
      }
      await setRecording(tx, schedule.messageId, kept.recordingId)
      tx.afterCommit(() => app.bell.ring({ services: [standing.serviceId] }))
      return redirect303(c, `/services/${standing.serviceId}/recordings?new=1`)
    })
  })

  routes.post('/services/:id/recordings/:message/takes', async (c) => {
    const form = await readForm(c)
    return atMessage(c, async (tx, standing, schedule) => {
      const { serviceId, me, plan } = standing
      const number = readNumber(form.text('number'))
      const again = (text: string) =>
        show(c, standing, schedule, { typed: form.values, errors: [{ field: 'number', text }] })
      if (!number.ok) return again(number.reason)
      const wanted = {
        serviceId,
        messageId: schedule.messageId,
        usePath: null,
        kind: schedule.kind,
        receiverName: plan.receiverName,
        askedBy: me.personId,
        toNumber: number.e164,
      }
      if (form.id && (await findTake(app, form.id))) return redirect303(c, `/takes/${form.id}`)
      const rung = await ringForRecording(app, tx, wanted, form.id)
      return rung.ok ? redirect303(c, `/takes/${rung.takeId}`) : again(rung.reason)
    })
  })

  routes.post('/services/:id/recordings/:message/recorder-codes', async (c) => {
    const form = await readForm(c)
    return atMessage(c, async (tx, standing, schedule) => {
      if (!standing.isCreator) throw new HTTPException(404)
      const read = readRecorder(form)
      if (!read.ok) return show(c, standing, schedule, { typed: form.values, errors: read.errors })
      return onlyOnce(c, form, () => letRecord(app, tx, standing, schedule, read))
    })
  })
}

// ── somebody else records ───────────────────────────────────────────────────────────────────────────────────────

interface Recorder {
  name: string
  email: string | null
  mobile: string | null
}

function readRecorder(form: SubmittedForm): ({ ok: true } & Recorder) | { ok: false; errors: Errors } {
  const name = readName(form.text('name'), words.whoseName)
  const email = form.text('email') ? readEmailAddress(form.text('email')) : null
  const mobile = form.text('mobile') ? readNumber(form.text('mobile')) : null
  const errors: FieldError[] = []
  if (!name.ok) errors.push({ field: 'name', text: name.reason })
  if (email && !email.ok) errors.push({ field: 'email', text: email.reason })
  if (mobile && !mobile.ok) errors.push({ field: 'mobile', text: mobile.reason })
  else if (mobile?.ok && mobile.kind !== 'mobile') errors.push({ field: 'mobile', text: words.mobileOnly })
  if (errors.length > 0 || !name.ok) return { ok: false, errors }
  return {
    ok: true,
    name: name.text,
    email: email?.ok ? email.address : null,
    mobile: mobile?.ok ? mobile.e164 : null,
  }
}

/** Make them a recorder of this service, with a code that is told to them as far as they can be reached. @returns where it is shown */
async function letRecord(
  app: App,
  tx: Tx,
  { serviceId, me, plan }: Standing,
  { messageId }: Schedule,
  { name, email, mobile }: Recorder,
): Promise<string> {
  const known = (await stakeholdersOf(tx, serviceId)).find((one) => email !== null && one.email === email)
  const personId = known?.personId ?? (await createPerson(app, tx, { name, email, phone: mobile }))
  await addRole(tx, serviceId, personId, 'recorder')
  const code = await makeCode(app, tx, { serviceId, messageId, personId, createdBy: me.personId })
  await tellCode(app, tx, {
    code,
    digits: digitsOf(app, code.id),
    until: untilOf(code, plan.timeZone),
    askerName: me.name,
    receiverName: plan.receiverName,
    name,
    email,
    mobile,
    lineNumber: (await firstLine(tx)).number,
  })
  tx.afterCommit(() => app.bell.ring({ services: [serviceId] }))
  const ways = `${email ? 'e' : ''}${mobile ? 't' : ''}`
  return `/services/${serviceId}/recorder-codes/${code.id}${ways ? `?sent=${ways}` : ''}`
}

function codeRoutes(routes: Hono<WebEnv>, app: App, signin: Signin): void {
  const atCode = (
    c: Context<WebEnv>,
    work: (tx: Tx, standing: Standing, code: RecorderCode) => Promise<Response>,
  ) =>
    atService({ app, signin }, c, async (tx, standing) => {
      const codes = standing.isCreator ? await codesOfService(tx, standing.serviceId, app.clock.now()) : []
      const code = codes.find(({ id }) => id === c.req.param('code'))
      if (!code) throw new HTTPException(404)
      return work(tx, standing, code)
    })

  routes.get('/services/:id/recorder-codes/:code', (c) =>
    atCode(c, async (tx, { serviceId, plan }, code) => {
      const name = (await personById(tx, code.personId))?.name ?? ''
      return sendPage(
        c,
        { title: words.codeTitle(name), back: `/services/${serviceId}/recordings` },
        <CodePage
          {...{ serviceId, name }}
          codeId={code.id}
          lineNumber={(await firstLine(tx)).number}
          code={digitsOf(app, code.id)}
          until={untilOf(code, plan.timeZone)}
          sent={words.sentOver(c.req.query('sent') ?? '')}
        />,
      )
    }),
  )

  routes.delete('/services/:id/recorder-codes/:code', (c) =>
    atCode(c, async (tx, { serviceId }, code) => {
      await endCodes(app, tx, code)
      return redirect303(c, `/services/${serviceId}/recordings`)
    }),
  )
}

async function codesShown(app: App, tx: Tx, serviceId: string, zone: string) {
  const codes = await codesOfService(tx, serviceId, app.clock.now())
  return Promise.all(
    codes.map(async (code) => ({
      id: code.id,
      name: (await personById(tx, code.personId))?.name ?? '',
      until: untilOf(code, zone),
    })),
  )
}

const untilOf = ({ expiresAt }: RecorderCode, zone: string): string =>
  dateInWords(localDateOf(expiresAt, zone))
