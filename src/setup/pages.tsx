// Setup / pages: the wizard, and changing a service on the same pages. One question a page, each saved at once; without
// JavaScript complete. Only whoever began a set-up finds it; for anybody else it does not exist (404).
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { App } from '../app.ts'
import { newId } from '../kit/ids.ts'
import { dayAndTimeInSentence } from '../kit/words-of-time.ts'
import { recordingAudio } from '../messages/messages.ts'
import { familiesOrganisation } from '../organisations/organisations.ts'
import { findOrCreateByEmail, personById } from '../people/people.ts'
import type { Signin } from '../signin/signin.ts'
import { redirect303, sendPage } from '../web/answer.ts'
import type { WebEnv } from '../web/env.ts'
import { readForm } from '../web/form.ts'
import { answer, fromOf } from './answer.ts'
import { noAnswers, readAnswers } from './answers.ts'
import { changeRoutes, discard, endRoutes } from './end-pages.tsx'
import { firstOpen, openBefore, stepAt } from './flow.ts'
import { askingOf, open, type Room, toSignIn, usualZone } from './opened.ts'
import { showStep } from './show.tsx'
import { filled } from './step.tsx'
import { calledOf } from './steps/who.tsx'
import { insertSetup, unfinishedOf } from './store.ts'
import { Begin, Drop } from './views.tsx'
import { words } from './words.ts'

export function setupRoutes(app: App, signin: Signin): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const room = { app, signin }
  beginRoutes(routes, room)
  endRoutes(routes, room)
  changeRoutes(routes, room)
  // last, because it takes every address that is left
  questionRoutes(routes, room)
  return routes
}

function beginRoutes(routes: Hono<WebEnv>, room: Room): void {
  const { app, signin } = room

  routes.get('/setup', async (c) => {
    const who = await signin.whoIs(c)
    if (!who) return toSignIn(c, '/setup')
    const now = app.clock.now()
    const unfinished = (await unfinishedOf(app, who.persons, null)).map((row) => {
      const name = nameIn(row.answers)
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
    const opened = await open(room, c)
    if (opened instanceof Response) return opened
    const { row, base } = opened
    if (row.finishedAt) return redirect303(c, `${base}/done`)
    return app.db.in(row, async (tx) => {
      const step = firstOpen(readAnswers(row.answers), await askingOf(app, tx, opened))
      return redirect303(c, `${base}/${step?.path ?? 'check'}`)
    })
  })

  routes.delete('/setup/:id', async (c) => {
    const opened = await open(room, c)
    if (opened instanceof Response) return opened
    const { row } = opened
    await app.db.in(row, (tx) => discard(app, tx, row.id))
    return redirect303(c, row.serviceId ? `/services/${row.serviceId}` : c.get('web').places.services)
  })

  routes.get('/setup/:id/drop', async (c) => {
    const opened = await open(room, c)
    if (opened instanceof Response) return opened
    const { row, base } = opened
    if (row.finishedAt) return redirect303(c, `${base}/done`)
    const name = nameIn(row.answers)
    return sendPage(c, { title: words.drop.question(name), back: '/setup' }, <Drop base={base} name={name} />)
  })
}

function questionRoutes(routes: Hono<WebEnv>, room: Room): void {
  const { app } = room

  /** What was recorded here, as the telephone plays it: for whoever sets this up, while it belongs to this set-up. */
  routes.get('/setup/:id/recordings/:recording', async (c) => {
    const opened = await open(room, c)
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

  routes.get('/setup/:id/*', async (c) => {
    const opened = await open(room, c)
    if (opened instanceof Response) return opened
    const { row, base } = opened
    if (row.finishedAt) return redirect303(c, `${base}/done`)
    return app.db.in(row, async (tx) => {
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
    const opened = await open(room, c)
    if (opened instanceof Response) return opened
    const { row, base } = opened
    const path = pathOf(c, base)
    const form = await readForm(c, stepAt(readAnswers(row.answers), path)?.limits)
    return app.db.in(row, async (tx) => {
      const asking = await askingOf(app, tx, opened)
      const answered = await answer(app, tx, row.id, path, form, asking)
      if (answered.kind === 'go') return redirect303(c, answered.location)
      const { answers, step, errors } = answered
      // of a list nothing was typed: it shows how it stands now
      const typed = step.isList && answered.isStale ? filled(step.fill(answers)) : form
      return showStep(c, { opened, answers, asking, step, from: fromOf(form.text('from')), typed, errors })
    })
  })
}

/** Who is to be called, or null while that was not asked. */
function nameIn(saved: unknown): string | null {
  const answers = readAnswers(saved)
  return answers.receiver ? calledOf(answers).name : null
}

/** What stands behind '/setup/ID/' in the address. */
const pathOf = (c: Context<WebEnv>, base: string): string =>
  c.req.path.slice(base.length + 1).replace(/\/$/, '')
