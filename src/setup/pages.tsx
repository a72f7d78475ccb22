// Setup / pages: the wizard, and changing a service on the same pages. One question a page, each saved at once; without
// JavaScript complete. Only whoever began a set-up finds it; for anybody else it does not exist (404).
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { isUuid, newId } from '../kit/ids.ts'
import { dayAndTimeInSentence } from '../kit/words-of-time.ts'
import { eraseRecording, keepRecording, recordingAudio } from '../messages/messages.ts'
import { familiesOrganisation } from '../organisations/organisations.ts'
import { findOrCreateByEmail, personById } from '../people/people.ts'
import { serviceFor, servicePlan, stakeholdersOf } from '../services/services.ts'
import type { SignedIn, Signin } from '../signin/signin.ts'
import { redirect303, sendPage } from '../web/answer.ts'
import type { WebEnv } from '../web/env.ts'
import { readForm } from '../web/form.ts'
import type { Errors } from '../web/forms.tsx'
import { answer, fromOf, markOf } from './answer.ts'
import { type Answers, noAnswers, readAnswers } from './answers.ts'
import { answersOf } from './fill.ts'
import { finish } from './finish.ts'
import { backFrom, firstOpen, flowOf, openBefore, stepAt } from './flow.ts'
import { type Asking, type From, filled, placeOf, type Step, type Typed } from './step.tsx'
import { calledOf } from './steps/who.tsx'
import {
  deleteSetup,
  insertSetup,
  lockService,
  lockSetup,
  type SetupRow,
  saveSetup,
  setupFor,
  unfinishedOf,
} from './store.ts'
import { Begin, Check, Done, NotYours } from './views.tsx'
import { words } from './words.ts'
import { summaryWords } from './words-of-summary.ts'

/** Where a new service is assumed to be. */
const usualZone = 'Europe/London'
/** product.md §5 */
const usualAlert = { stepMinutes: 5, rounds: 3 }

/** A set-up that the person who asks may see. */
interface Opened {
  who: SignedIn
  row: SetupRow
  /** '/setup/ID' */
  base: string
}

export function setupRoutes(app: App, signin: Signin): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()

  /** @returns a redirect for a stranger. @throws HTTPException 404 for somebody else's */
  async function open(c: Context<WebEnv>): Promise<Opened | Response> {
    const who = await signin.whoIs(c)
    const id = c.req.param('id') ?? ''
    if (!who) return toSignIn(c, c.req.method === 'GET' ? c.req.path : `/setup/${id}`)
    const row = isUuid(id) ? await setupFor(app, who.persons, id) : null
    if (!row) throw new HTTPException(404)
    return { who, row, base: `/setup/${id}` }
  }

  const inside = <T,>({ row }: Opened, work: (tx: Tx) => Promise<T>): Promise<T> => app.db.in(row, work)

  // ---------------------------------------------------------------------------------------------------- the beginning

  routes.get('/setup', async (c) => {
    const who = await signin.whoIs(c)
    if (!who) return toSignIn(c, '/setup')
    const now = app.clock.now()
    const unfinished = (await unfinishedOf(app, who.persons, null)).map((row) => {
      const answers = readAnswers(row.answers)
      const name = answers.receiver ? calledOf(answers).name : null
      return { id: row.id, name, saved: dayAndTimeInSentence(row.updatedAt, usualZone, now) }
    })
    return sendPage(
      c,
      { title: words.begin.title, back: c.get('web').places.services },
      <Begin unfinished={unfinished} />,
    )
  })

  routes.post('/setup', async (c) => {
    const who = await signin.whoIs(c)
    if (!who) return toSignIn(c, '/setup')
    const form = await readForm(c)
    const id = form.id ?? newId(app.clock.now())
    await app.db.in({ organisationId: familiesOrganisation }, async (tx) => {
      const creatorId = await findOrCreateByEmail(app, tx, { name: '', phone: null, email: who.email })
      const creator = await personById(tx, creatorId)
      await insertSetup(app, tx, {
        id,
        creatorId,
        serviceId: null,
        answers: noAnswers(creator?.name || null),
      })
    })
    return redirect303(c, `/setup/${id}`)
  })

  routes.get('/setup/:id', async (c) => {
    const opened = await open(c)
    if (opened instanceof Response) return opened
    if (opened.row.finishedAt) return redirect303(c, `${opened.base}/done`)
    return inside(opened, async (tx) => {
      const step = firstOpen(readAnswers(opened.row.answers), await askingOf(app, tx, opened))
      return redirect303(c, `${opened.base}/${step?.path ?? 'check'}`)
    })
  })

  routes.delete('/setup/:id', async (c) => {
    const opened = await open(c)
    if (opened instanceof Response) return opened
    const { row } = opened
    await inside(opened, async (tx) => {
      const held = await lockSetup(tx, row.id)
      if (!held || held.finishedAt) return
      for (const id of readAnswers(held.answers).recordedHere) await eraseRecording(app, tx, id)
      await deleteSetup(tx, row.id)
    })
    return redirect303(c, row.serviceId ? `/services/${row.serviceId}` : c.get('web').places.services)
  })

  /** What was recorded here, as the telephone plays it: for whoever sets this up, while it belongs to this set-up. */
  routes.get('/setup/:id/recordings/:recording', async (c) => {
    const opened = await open(c)
    if (opened instanceof Response) return opened
    const recording = c.req.param('recording')
    const isOurs = readAnswers(opened.row.answers).calls.some(({ recordingId }) => recordingId === recording)
    const sound = isOurs ? await recordingAudio(app, opened.row, recording) : null
    if (!sound) throw new HTTPException(404)
    return c.body(Uint8Array.from(sound), 200, {
      'Content-Type': 'audio/wav',
      'Content-Length': String(sound.length),
    })
  })

  // ------------------------------------------------------------------------------------------------ checking and ending

  routes.get('/setup/:id/check', async (c) => {
    const opened = await open(c)
    if (opened instanceof Response) return opened
    const { row, base } = opened
    if (row.finishedAt) return redirect303(c, `${base}/done`)
    return inside(opened, async (tx) => {
      const answers = readAnswers(row.answers)
      const asking = await askingOf(app, tx, opened)
      const missing = openBefore(answers, 'check', asking)
      return missing ? redirect303(c, `${base}/${missing.path}`) : showCheck(c, opened, answers, asking, [])
    })
  })

  routes.post('/setup/:id/done', async (c) => {
    const opened = await open(c)
    if (opened instanceof Response) return opened
    const { row, base } = opened
    await readForm(c)
    return inside(opened, async (tx) => {
      const held = await lockSetup(tx, row.id)
      if (!held) return redirect303(c, '/setup')
      // pressed twice: the first press has done it
      if (held.finishedAt) return redirect303(c, `${base}/done`)
      const asking = await askingOf(app, tx, opened)
      const answers = readAnswers(held.answers)
      const missing = firstOpen(answers, asking)
      if (missing) return redirect303(c, `${base}/${missing.path}`)
      const had = await changedMeanwhile(app, tx, held, answers)
      if (had) {
        const kept = { ...answers, had }
        await saveSetup(app, tx, row.id, kept)
        return showCheck(c, opened, kept, asking, [{ field: '', text: summaryWords.check.changedMeanwhile }])
      }
      await finish(app, tx, held, answers, asking)
      return redirect303(c, `${base}/done`)
    })
  })

  routes.get('/setup/:id/done', async (c) => {
    const opened = await open(c)
    if (opened instanceof Response) return opened
    const { row, base } = opened
    if (!row.finishedAt || !row.serviceId) return redirect303(c, base)
    const { practice, places } = c.get('web')
    return inside(opened, async (tx) => {
      const answers = readAnswers(row.answers)
      const r = calledOf(answers)
      const isChange = answers.had !== null
      return sendPage(
        c,
        { title: isChange ? summaryWords.done.changedTitle(r) : summaryWords.done.title(r) },
        <Done
          answers={answers}
          asking={await askingOf(app, tx, opened)}
          serviceId={row.serviceId!}
          isChange={isChange}
          practice={practice ? places.exchange : null}
        />,
      )
    })
  })

  // ----------------------------------------------------------------------------------------------------- the questions

  routes.get('/setup/:id/*', async (c) => {
    const opened = await open(c)
    if (opened instanceof Response) return opened
    const { row, base } = opened
    if (row.finishedAt) return redirect303(c, `${base}/done`)
    return inside(opened, async (tx) => {
      const answers = readAnswers(row.answers)
      const asking = await askingOf(app, tx, opened)
      const path = pathOf(c, base)
      const step = stepAt(answers, path)
      if (!step) throw new HTTPException(404)
      const missing = openBefore(answers, path, asking)
      if (missing) return redirect303(c, `${base}/${missing.path}`)
      const from = fromOf(c.req.query('from'))
      return showStep(c, {
        opened,
        answers,
        asking,
        step,
        from,
        typed: filled(step.fill(answers)),
        errors: [],
      })
    })
  })

  routes.post('/setup/:id/*', async (c) => {
    const opened = await open(c)
    if (opened instanceof Response) return opened
    const { row, base } = opened
    const path = pathOf(c, base)
    const form = await readForm(c, stepAt(readAnswers(row.answers), path)?.limits)
    return inside(opened, async (tx) => {
      const asking = await askingOf(app, tx, opened)
      const answered = await answer(app, tx, row.id, path, form, asking)
      if (answered.kind === 'go') return redirect303(c, answered.location)
      const { answers, step, errors } = answered
      // of a list nothing was typed: it shows how it stands now
      const typed = step.isList && answered.isStale ? filled(step.fill(answers)) : form
      return showStep(c, { opened, answers, asking, step, from: fromOf(form.text('from')), typed, errors })
    })
  })

  // ---------------------------------------------------------------------------------------------- changing a service

  routes.get('/services/:id/change', async (c) => {
    const who = await signin.whoIs(c)
    if (!who) return toSignIn(c, c.req.path)
    const serviceId = c.req.param('id')
    const organisationId = isUuid(serviceId) ? await organisationOf(app, who, serviceId) : null
    if (!organisationId) throw new HTTPException(404)
    const begun = await unfinishedOf(app, who.persons, serviceId)
    return app.db.in({ organisationId }, async (tx) => {
      const creators = (await stakeholdersOf(tx, serviceId)).filter(({ roles }) => roles.includes('creator'))
      const creator = creators.find(({ personId }) => who.persons.some(({ id }) => id === personId))
      if (!creator) {
        const name = creators[0]?.name ?? ''
        return sendPage(
          c,
          { title: summaryWords.notYours.title },
          <NotYours creator={name} serviceId={serviceId} />,
          403,
        )
      }
      if ((await servicePlan(tx, serviceId)).endedAt) return redirect303(c, `/services/${serviceId}`)
      const answers = await answersOf(app, tx, serviceId, creator.personId)
      const unfinished = begun.find(({ creatorId }) => creatorId === creator.personId)
      if (!unfinished) {
        const id = newId(app.clock.now())
        await insertSetup(app, tx, { id, creatorId: creator.personId, serviceId, answers })
        return redirect303(c, `/setup/${id}/check`)
      }
      const isAsItWas = readAnswers(unfinished.answers).had?.mark === answers.had?.mark
      if (!isAsItWas) await saveSetup(app, tx, unfinished.id, answers)
      return redirect303(c, `/setup/${unfinished.id}/check`)
    })
  })

  return routes
}

const toSignIn = (c: Context<WebEnv>, next: string): Response => redirect303(c, `/signin?next=${next}`)

/** What stands behind '/setup/ID/' in the address. */
const pathOf = (c: Context<WebEnv>, base: string): string =>
  c.req.path.slice(base.length + 1).replace(/\/$/, '')

async function organisationOf(app: App, who: SignedIn, serviceId: string): Promise<string | null> {
  return (await serviceFor(app, who.persons, serviceId))?.organisationId ?? null
}

async function askingOf(app: App, tx: Tx, { who, row }: Opened): Promise<Asking> {
  const creator = await personById(tx, row.creatorId)
  const isChange = row.serviceId !== null
  const plan = isChange ? await servicePlan(tx, row.serviceId!) : null
  return {
    now: app.clock.now(),
    zone: plan?.timeZone ?? usualZone,
    alert: plan ? { stepMinutes: plan.alertStepMinutes, rounds: plan.alertRounds } : usualAlert,
    creator: {
      personId: row.creatorId,
      name: creator?.name ?? '',
      phone: creator?.phone ?? null,
      email: who.email,
    },
    keepRecording: (wav, name) => keepRecording(app, tx, { wav, name, recordedBy: row.creatorId }),
  }
}

/** Of a change: how the service stands now, when that is not how it stood at the start of this change. */
async function changedMeanwhile(app: App, tx: Tx, row: SetupRow, answers: Answers): Promise<Answers['had']> {
  if (!row.serviceId) return null
  await lockService(tx, row.serviceId)
  const { had } = await answersOf(app, tx, row.serviceId, row.creatorId)
  return had?.mark === answers.had?.mark ? null : had
}

interface Shown {
  opened: Opened
  answers: Answers
  asking: Asking
  step: Step
  from: From | null
  typed: Typed
  errors: Errors
}

function showStep(
  c: Context<WebEnv>,
  { opened, answers, asking, step, from, typed, errors }: Shown,
): Response {
  const { base } = opened
  const back = backFrom(answers, step.path, from)
  const { assets, places } = c.get('web')
  const at = {
    base,
    path: step.path,
    was: markOf(step, answers),
    from,
    asset: (name: string) => assets.url(name),
  }
  return sendPage(
    c,
    {
      title: step.question(answers),
      back: back === null ? (opened.row.serviceId ? `${base}/check` : places.services) : `${base}/${back}`,
      errors,
      scripts: step.scripts ?? [],
    },
    <>
      <span class="govuk-caption-l">{words.part(step.part)}</span>
      <SaidBack {...{ answers, asking, step, base, from }} />
      {step.view({ answers, typed, errors, at, asking })}
    </>,
  )
}

/** What the question before was understood as, while it can be put right at once. */
function SaidBack({
  answers,
  asking,
  step,
  base,
  from,
}: Pick<Shown, 'answers' | 'asking' | 'step' | 'from'> & { base: string }) {
  const flow = flowOf(answers)
  const before = flow[flow.findIndex(({ path }) => path === step.path) - 1]
  const says = before?.saidBack?.(answers, asking)
  if (!before || !says) return null
  return (
    <p class="app-said">
      {says}{' '}
      <a class="govuk-link" href={placeOf(base, before.path, from)}>
        {words.change}
        <span class="govuk-visually-hidden"> {before.question(answers)}</span>
      </a>
    </p>
  )
}

function showCheck(
  c: Context<WebEnv>,
  opened: Opened,
  answers: Answers,
  asking: Asking,
  errors: Errors,
): Response {
  const { row, base } = opened
  const isChange = row.serviceId !== null
  const say = summaryWords.check
  return sendPage(
    c,
    {
      title: isChange ? say.changeTitle(calledOf(answers)) : say.title,
      back: isChange ? `/services/${row.serviceId}` : `${base}/${backFrom(answers, 'check', null)}`,
      errors,
    },
    <Check {...{ answers, asking, base, isChange }} isBegun={isChange && row.version > 1} />,
  )
}
