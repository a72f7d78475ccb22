// Example / pages: "Look around with an example": signs the newcomer in as a visitor of the village, and waits with them until it is
// there. Exists only where the exchange does.
import { Hono } from 'hono'
import type { Signin } from '../signin/signin.ts'
import { redirect303, sendPage } from '../web/answer.ts'
import { Heading, Link, P } from '../web/components.tsx'
import type { WebEnv } from '../web/env.ts'
import { Button, Form } from '../web/forms.tsx'
import { type Example, visitor } from './example.ts'
import { words } from './words.ts'

const lookAgainSeconds = '3'

export function exampleRoutes(example: Example, signin: Signin): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()

  routes.post('/example', async (c) => {
    await example.begin()
    for (const cookie of await signin.auth.signInAs(visitor.email))
      c.header('Set-Cookie', cookie, { append: true })
    return redirect303(c, '/example')
  })

  routes.get('/example', async (c) => {
    const readiness = await example.readiness()
    if (readiness === 'ready') return redirect303(c, (await signin.whoIs(c)) ? '/services' : '/')
    if (readiness === 'not begun') return redirect303(c, '/')
    if (readiness === 'being made') c.header('Refresh', lookAgainSeconds)
    return sendPage(c, { title: words.title }, readiness === 'failed' ? <Failed /> : <Waiting />)
  })

  return routes
}

function Waiting() {
  return (
    <>
      <Heading>{words.title}</Heading>
      <P lead>{words.waiting}</P>
      <P>{words.how}</P>
      <P>
        {words.reload} <Link href="/example">{words.look}</Link>
      </P>
    </>
  )
}

function Failed() {
  return (
    <>
      <Heading>{words.title}</Heading>
      <P lead>{words.failed}</P>
      <Form action="/example">
        <Button>{words.again}</Button>
      </Form>
    </>
  )
}
