// Services / access: from a signed-in user to a service. Whoever has no role on it, and does not watch its organisation's
// queue, gets a 404, as if it did not exist. Called by every page of a service.
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { App } from '../app.ts'
import { isUuid } from '../kit/ids.ts'
import { membershipsOf } from '../organisations/organisations.ts'
import type { SignedIn, Signin } from '../signin/signin.ts'
import type { WebEnv } from '../web/env.ts'
import { organisationOfService, serviceFor } from './store.ts'

export interface Access {
  organisationId: string
  serviceId: string
  /** as whom they act */
  personId: string
  /** sees the exchanges with the telephone company too */
  isOperator: boolean
}

/**
 * @returns null for a stranger, who is then sent to sign in
 * @throws HTTPException 404
 */
export async function accessTo(
  app: App,
  signin: Signin,
  c: Context<WebEnv>,
  serviceId: string,
): Promise<Access | null> {
  const who = await signin.whoIs(c)
  if (!who) return null
  const access = isUuid(serviceId) ? await find(app, who, serviceId) : null
  if (!access) throw new HTTPException(404)
  return access
}

async function find(app: App, who: SignedIn, serviceId: string): Promise<Access | null> {
  const role = await serviceFor(app, who.persons, serviceId)
  const organisationId = role?.organisationId ?? (await organisationOfService(app, serviceId))
  const membership = (await membershipsOf(app, who.persons)).find((m) => m.organisationId === organisationId)
  if (role) return { ...role, isOperator: membership !== undefined }
  return membership
    ? {
        organisationId: membership.organisationId,
        serviceId,
        personId: membership.personId,
        isOperator: true,
      }
    : null
}
