// Signin: the room of signing in. The door: other rooms enter here and nowhere else.
//
// Owns: the schema signin (better-auth's tables).
// Promises: whoever holds a session has proved an e-mail address; whom that address may act for is read from the roles
//   at every request, so that a role taken away is gone at once.
// Never: knows a password.

import type { Context, MiddlewareHandler } from 'hono'
import type { App } from '../app.ts'
import { enqueueEmail } from '../mail/mail.ts'
import { familiesOrganisation } from '../organisations/organisations.ts'
import { personsEverywhere } from '../people/people.ts'
import type { WebEnv } from '../web/env.ts'
import { type Auth, createAuth } from './auth.ts'
import { words } from './words.ts'

/** Who is signed in: an e-mail address, and every person it stands for. */
export interface SignedIn {
  email: string
  persons: { organisationId: string; id: string; name: string }[]
}

export interface Signin {
  readonly auth: Auth
  /** Null for a stranger. Looked up once per request. */
  whoIs(c: Context<WebEnv>): Promise<SignedIn | null>
  /** Shows the name on every page. */
  readonly viewer: MiddlewareHandler<WebEnv>
}

export function createSignin(app: App): Signin {
  const auth = createAuth({
    connectionString: app.db.connectionString,
    publicUrl: app.config.publicUrl ?? 'http://localhost',
    secret: app.config.secret ?? '',
    mailCode: (email, code, minutes) => mailCode(app, email, code, minutes),
  })
  const known = new WeakMap<Request, Promise<SignedIn | null>>()

  async function lookUp(headers: Headers): Promise<SignedIn | null> {
    const session = await auth.session(headers)
    if (!session) return null
    return { email: session.email, persons: await personsEverywhere(app, session.email) }
  }

  function whoIs(c: Context<WebEnv>): Promise<SignedIn | null> {
    let found = known.get(c.req.raw)
    if (!found) {
      found = lookUp(c.req.raw.headers)
      known.set(c.req.raw, found)
    }
    return found
  }

  return {
    auth,
    whoIs,
    async viewer(c, next) {
      const who = isPage(c.req.path) ? await whoIs(c) : null
      c.set(
        'viewer',
        who ? { name: who.persons.find((person) => person.name !== '')?.name ?? who.email } : null,
      )
      await next()
    },
  }
}

/** Webhooks, assets and the exchange's provider half carry no session worth a look-up. */
function isPage(path: string): boolean {
  return !/^\/(assets|lines|recordings|icon\.svg|exchange\/provider)(\/|$)/.test(path)
}

async function mailCode(app: App, address: string, code: string, minutes: number): Promise<void> {
  await app.db.in({ organisationId: familiesOrganisation }, (tx) =>
    enqueueEmail(app, tx, {
      purpose: 'sign-in',
      ownerRoom: 'signin',
      ownerId: null,
      partId: null,
      serviceId: null,
      to: { name: '', address },
      subject: words.mailSubject(code),
      blocks: [
        { kind: 'heading', text: words.mailHeading },
        { kind: 'code', text: words.mailCode(code) },
        { kind: 'paragraph', text: words.mailUse(minutes) },
        { kind: 'small print', text: words.mailNotYou },
      ],
      usefulUntil: new Date(app.clock.now().getTime() + minutes * 60_000),
    }),
  )
}
