// Setup / pages of the end: the check page, the button that makes it true, the last page; and the way from an existing
// service back to the check page. Hung by pages.tsx.
import type { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { isUuid, newId } from '../kit/ids.ts'
import { eraseRecording } from '../messages/messages.ts'
import { alertReceivers, serviceFor, servicePlan, stakeholdersOf } from '../services/services.ts'
import { redirect303, sendPage } from '../web/answer.ts'
import type { WebEnv } from '../web/env.ts'
import { readForm } from '../web/form.ts'
import { type Answers, readAnswers } from './answers.ts'
import { answersOf } from './fill.ts'
import { finish } from './finish.ts'
import { firstOpen, openBefore } from './flow.ts'
import { askingOf, open, type Room, toSignIn } from './opened.ts'
import { showCheck } from './show.tsx'
import { calledOf } from './steps/who.tsx'
import {
  deleteSetup,
  insertSetup,
  lockService,
  lockSetup,
  type SetupRow,
  saveSetup,
  unfinishedOf,
} from './store.ts'
import { Done, NotYours } from './views.tsx'
import { words } from './words.ts'
import { summaryWords } from './words-of-summary.ts'

export function endRoutes(routes: Hono<WebEnv>, room: Room): void {
  const { app } = room

  routes.get('/setup/:id/check', async (c) => {
    const opened = await open(room, c)
    if (opened instanceof Response) return opened
    const { row, base } = opened
    if (row.finishedAt) return redirect303(c, `${base}/done`)
    return app.db.in(row, async (tx) => {
      const answers = readAnswers(row.answers)
      const asking = await askingOf(app, tx, opened)
      const missing = openBefore(answers, 'check', asking)
      return missing ? redirect303(c, `${base}/${missing.path}`) : showCheck(c, opened, answers, asking, [])
    })
  })

  routes.post('/setup/:id/done', async (c) => {
    const opened = await open(room, c)
    if (opened instanceof Response) return opened
    const { row, base } = opened
    const form = await readForm(c)
    return app.db.in(row, async (tx) => {
      const held = await lockSetup(tx, row.id)
      if (!held) return redirect303(c, '/setup')
      // pressed twice: the first press has done it
      if (held.finishedAt) return redirect303(c, `${base}/done`)
      const asking = await askingOf(app, tx, opened)
      const answers = readAnswers(held.answers)
      const missing = firstOpen(answers, asking)
      if (missing) return redirect303(c, `${base}/${missing.path}`)
      const again = (shown: Answers, version: number, text: string) =>
        showCheck(c, { ...opened, row: { ...held, version } }, shown, asking, [{ field: '', text }])
      if (form.text('version') !== String(held.version)) return again(answers, held.version, words.staleCheck)
      const had = await changedMeanwhile(app, tx, held, answers)
      if (had) {
        const kept = { ...answers, had }
        await saveSetup(app, tx, row.id, kept)
        return again(kept, held.version + 1, summaryWords.check.changedMeanwhile)
      }
      await finish(app, tx, held, answers, asking)
      return redirect303(c, `${base}/done`)
    })
  })

  routes.get('/setup/:id/done', async (c) => {
    const opened = await open(room, c)
    if (opened instanceof Response) return opened
    const { row, base } = opened
    if (!row.finishedAt || !row.serviceId) return redirect303(c, base)
    const { practice, places } = c.get('web')
    return app.db.in(row, async (tx) => {
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
          isUnproved={(await alertReceivers(tx, row.serviceId!)).some(
            ({ phone, isConfirmed }) => phone !== null && !isConfirmed,
          )}
          practice={practice ? places.exchange : null}
        />,
      )
    })
  })
}

export function changeRoutes(routes: Hono<WebEnv>, { app, signin }: Room): void {
  routes.get('/services/:id/change', async (c) => {
    const who = await signin.whoIs(c)
    if (!who) return toSignIn(c, c.req.path)
    const serviceId = c.req.param('id')
    const service = isUuid(serviceId) ? await serviceFor(app, who.persons, serviceId) : null
    if (!service) throw new HTTPException(404)
    const begun = await unfinishedOf(app, who.persons, serviceId)
    return app.db.in(service, async (tx) => {
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
      const isAsItWas = unfinished && readAnswers(unfinished.answers).had?.mark === answers.had?.mark
      if (unfinished && isAsItWas) return redirect303(c, `/setup/${unfinished.id}/check`)
      if (unfinished) await discard(app, tx, unfinished.id)
      const id = newId(app.clock.now())
      await insertSetup(app, tx, { id, creatorId: creator.personId, serviceId, answers })
      return redirect303(c, `/setup/${id}/check`)
    })
  })
}

/** Throw a set-up away that is not finished, with what was recorded in it. */
export async function discard(app: App, tx: Tx, setupId: string): Promise<void> {
  const held = await lockSetup(tx, setupId)
  if (!held || held.finishedAt) return
  for (const id of readAnswers(held.answers).recordedHere) await eraseRecording(app, tx, id)
  await deleteSetup(tx, setupId)
}

/** Of a change: how the service stands now, when that is not how it stood at the start of this change. */
async function changedMeanwhile(app: App, tx: Tx, row: SetupRow, answers: Answers): Promise<Answers['had']> {
  if (!row.serviceId) return null
  await lockService(tx, row.serviceId)
  const { had } = await answersOf(app, tx, row.serviceId, row.creatorId)
  return had?.mark === answers.had?.mark ? null : had
}
