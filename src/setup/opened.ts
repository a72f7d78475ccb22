// Setup / opened: from a signed-in person to the set-up that they began, and what its questions may know. Used by the routes
// of this room.
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { isUuid } from '../kit/ids.ts'
import { keepRecording } from '../messages/messages.ts'
import { countriesOf } from '../organisations/organisations.ts'
import { personById } from '../people/people.ts'
import { chooseTake, ringForRecording } from '../recorder/recorder.ts'
import { servicePlan } from '../services/services.ts'
import type { SignedIn, Signin } from '../signin/signin.ts'
import { redirect303 } from '../web/answer.ts'
import type { WebEnv } from '../web/env.ts'
import type { Asking } from './step.tsx'
import { type SetupRow, setupFor } from './store.ts'

/** Where a new service is assumed to be. */
export const usualZone = 'Europe/London'
/** product.md §5 */
const usualAlert = { stepMinutes: 5, rounds: 3 }

/** A set-up that the person who asks may see. */
export interface Opened {
  who: SignedIn
  row: SetupRow
  /** '/setup/ID' */
  base: string
}

/** What the routes of this room are made of. */
export interface Room {
  app: App
  signin: Signin
}

/** @returns a redirect for a stranger. @throws HTTPException 404 for somebody else's */
export async function open({ app, signin }: Room, c: Context<WebEnv>): Promise<Opened | Response> {
  const who = await signin.whoIs(c)
  const id = c.req.param('id') ?? ''
  if (!who) return toSignIn(c, c.req.method === 'GET' ? c.req.path : `/setup/${id}`)
  const row = isUuid(id) ? await setupFor(app, who.persons, id) : null
  if (!row) throw new HTTPException(404)
  return { who, row, base: `/setup/${id}` }
}

export const toSignIn = (c: Context<WebEnv>, next: string): Response => redirect303(c, `/signin?next=${next}`)

export async function askingOf(app: App, tx: Tx, { who, row }: Opened): Promise<Asking> {
  const creator = await personById(tx, row.creatorId)
  const isChange = row.serviceId !== null
  const plan = isChange ? await servicePlan(tx, row.serviceId!) : null
  return {
    now: app.clock.now(),
    countries: await countriesOf(tx),
    zone: plan?.timeZone ?? usualZone,
    alert: plan ? { stepMinutes: plan.alertStepMinutes, rounds: plan.alertRounds } : usualAlert,
    creator: {
      personId: row.creatorId,
      name: creator?.name ?? '',
      phone: creator?.phone ?? null,
      email: who.email,
    },
    keepRecording: (wav, name) => keepRecording(app, tx, { wav, name, recordedBy: row.creatorId }),
    ringForRecording({ path, ...wanted }, formId) {
      const whose = {
        serviceId: row.serviceId,
        messageId: null,
        usePath: pathIn(row, path),
        askedBy: row.creatorId,
      }
      return ringForRecording(app, tx, { ...wanted, ...whose }, formId)
    },
    chooseTake: (takeId, path) =>
      chooseTake(app, tx, takeId, { usePath: pathIn(row, path), askedBy: row.creatorId }),
  }
}

const pathIn = ({ id }: SetupRow, path: string): string => `/setup/${id}/${path}`
