// Services / within: what every page of a service begins with. Called by pages.tsx and settings.tsx.
import type { Context } from 'hono'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { Signin } from '../signin/signin.ts'
import { redirect303 } from '../web/answer.ts'
import type { WebEnv } from '../web/env.ts'
import { type Access, accessTo } from './access.ts'

export type Within = (
  c: Context<WebEnv>,
  work: (tx: Tx, access: Access) => Promise<Response>,
) => Promise<Response>

/** Runs `work` for whoever may see the service of the address; a stranger is sent to sign in, anybody else finds nothing. */
export function withinService(app: App, signin: Signin): Within {
  return async (c, work) => {
    const access = await accessTo(app, signin, c, c.req.param('id') ?? '')
    if (!access) return toSignIn(c)
    return app.db.in(access, (tx) => work(tx, access))
  }
}

export const toSignIn = (c: Context<WebEnv>): Response => redirect303(c, `/signin?next=${c.req.path}`)
