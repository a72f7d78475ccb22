// Signin / pages: the two pages of signing in, and signing out. The address that was typed travels from the first page to
// the second in a signed cookie, never in an URL.
import { createHash } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie'
import type { App } from '../app.ts'
import { readEmailAddress, sameAddressKey } from '../kit/email-address.ts'
import { redirect303, sendPage } from '../web/answer.ts'
import { InsetText, Link, P } from '../web/components.tsx'
import type { WebEnv } from '../web/env.ts'
import { TextInput } from '../web/fields.tsx'
import { readForm } from '../web/form.ts'
import { Button, type Errors, Form } from '../web/forms.tsx'
import type { Signin } from './signin.ts'
import { words } from './words.ts'

const cookie = 'callassist.signing-in'
/** On a device on which somebody has signed in: nobody can keep them from it by using up the codes of a day elsewhere. */
const deviceCookie = 'callassist.known-device'
const deviceSeconds = 400 * 24 * 3600

interface SigningIn {
  email: string
  /** where to go afterwards: a path of ours */
  next: string
}

export function signinRoutes(app: App, signin: Signin): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const secret = app.config.secret ?? ''
  const secure = app.config.publicUrl?.startsWith('https:') ?? false
  const remember = (c: Parameters<typeof setSignedCookie>[0], signingIn: SigningIn) =>
    setSignedCookie(c, cookie, JSON.stringify(signingIn), secret, {
      httpOnly: true,
      sameSite: 'Lax',
      secure,
      path: '/signin',
      maxAge: 3600,
    })

  const rememberDevice = (c: Context<WebEnv>, email: string) =>
    setSignedCookie(c, deviceCookie, digest(email), secret, {
      httpOnly: true,
      sameSite: 'Lax',
      secure,
      path: '/signin',
      maxAge: deviceSeconds,
    })
  const isKnownDevice = async (c: Context<WebEnv>, email: string) =>
    (await getSignedCookie(c, secret, deviceCookie)) === digest(email)

  async function signingIn(c: Parameters<typeof getSignedCookie>[0]): Promise<SigningIn | null> {
    const value = await getSignedCookie(c, secret, cookie)
    return value ? (JSON.parse(value) as SigningIn) : null
  }

  /** For the library's own limit of codes and tries. */
  const addressOf = (c: Context<WebEnv>) => c.get('address') ?? 'unknown'

  routes.get('/signin', async (c) => {
    const next = ownPath(c.req.query('next'))
    if (await signin.whoIs(c)) return redirect303(c, next)
    return sendPage(c, { title: words.title }, <EmailPage next={next} />)
  })

  routes.post('/signin', async (c) => {
    const form = await readForm(c)
    const next = ownPath(form.text('next'))
    const email = readEmailAddress(form.text('email'))
    if (!email.ok) return refuse(email.reason)
    const address = sameAddressKey(email.address)
    const sent = await signin.auth.sendCode(address, addressOf(c), await isKnownDevice(c, address))
    if (!sent.ok) return refuse(words.refused[sent.why])
    await remember(c, { email: address, next })
    return redirect303(c, '/signin/code')

    function refuse(text: string) {
      const errors = [{ field: 'email', text }]
      return sendPage(
        c,
        { title: words.title, errors },
        <EmailPage next={next} email={form.text('email')} errors={errors} />,
      )
    }
  })

  routes.get('/signin/code', async (c) => {
    const known = await signingIn(c)
    if (!known) return redirect303(c, '/signin')
    return sendPage(
      c,
      { title: words.codeTitle, back: '/signin' },
      <CodePage email={known.email} practice={c.get('web').practice} />,
    )
  })

  routes.post('/signin/code', async (c) => {
    const known = await signingIn(c)
    const form = await readForm(c)
    if (!known) {
      const errors = [{ field: 'email', text: words.startFirst }]
      return sendPage(c, { title: words.title, errors }, <EmailPage next="/services" errors={errors} />)
    }
    const code = form.text('code').replaceAll(/[\s-]/g, '')
    if (!/^\d{6}$/.test(code)) return refuse(words.codeMissing)
    const tried = await signin.auth.tryCode(known.email, code, addressOf(c))
    if (!tried.ok) return refuse(words.refused[tried.why])
    deleteCookie(c, cookie, { path: '/signin' })
    await rememberDevice(c, known.email)
    for (const value of tried.cookies) c.header('Set-Cookie', value, { append: true })
    return redirect303(c, known.next)

    function refuse(text: string) {
      const errors = [{ field: 'code', text }]
      return sendPage(
        c,
        { title: words.codeTitle, back: '/signin', errors },
        <CodePage
          email={known?.email ?? ''}
          practice={c.get('web').practice}
          code={form.text('code')}
          errors={errors}
        />,
      )
    }
  })

  routes.post('/signout', async (c) => {
    for (const value of await signin.auth.signOut(c.req.raw.headers))
      c.header('Set-Cookie', value, { append: true })
    return redirect303(c, '/')
  })

  return routes
}

function EmailPage({ next, email, errors }: { next: string; email?: string; errors?: Errors }) {
  return (
    <Form action="/signin">
      <input type="hidden" name="next" value={next} />
      <TextInput
        name="email"
        type="email"
        label={words.emailLabel}
        labelSize="l"
        heading
        hint={words.emailHint}
        value={email}
        errors={errors}
        autoComplete="email"
        spellcheck={false}
      />
      <Button>{words.sendCode}</Button>
    </Form>
  )
}

function CodePage({
  email,
  practice,
  code,
  errors,
}: {
  email: string
  practice: boolean
  code?: string
  errors?: Errors
}) {
  return (
    <>
      <Form action="/signin/code">
        <TextInput
          name="code"
          label={words.codeLabel}
          labelSize="l"
          heading
          hint={words.codeHint}
          value={code}
          errors={errors}
          inputMode="numeric"
          autoComplete="one-time-code"
          width={10}
          spellcheck={false}
        />
        <P>{words.codeSent(email)}</P>
        {practice && (
          <InsetText>
            {words.practice} <Link href="/exchange#inbox">{words.openInbox}</Link>
          </InsetText>
        )}
        <Button>{words.signIn}</Button>
      </Form>
      <P>
        <Link href="/signin">{words.again}</Link>
      </P>
    </>
  )
}

const digest = (email: string): string => createHash('sha256').update(email).digest('base64url')

/** Only a path of our own, so that a link to sign in cannot lead elsewhere. */
function ownPath(next: string | undefined): string {
  return next && /^\/(?![/\\])[\w\-/.?=&]*$/.test(next) ? next : '/services'
}
