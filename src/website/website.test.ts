import { expect, test } from 'vitest'
import { silentLog } from '../kit/log.ts'
import type { Assets } from '../web/assets.ts'
import { createWeb } from '../web/server.ts'
import { websiteRoutes } from './website.ts'

const assets: Assets = { url: (name) => `/assets/${name}`, has: () => true, serve: (c) => c.body(null) }

async function homePage({
  hasExchange,
  viewer = null,
}: {
  hasExchange: boolean
  viewer?: { name: string } | null
}) {
  const web = createWeb({ assets, log: silentLog, publicUrl: null, practice: hasExchange })
  web.use(async (c, next) => {
    c.set('viewer', viewer)
    await next()
  })
  web.route('/', websiteRoutes({ hasExchange }))
  return (await web.request('/')).text()
}

test('the home page leads to setting up and, on a laptop, to an example and the practice phones', async () => {
  const html = await homePage({ hasExchange: true })
  expect(html).toContain('href="/setup"')
  expect(html).toContain('<form action="/example" method="post"')
  expect(html).toContain('href="/exchange"')
  expect(html.match(/<h1/g)).toHaveLength(1)
})

test('with real telephones there is no example and nothing is called practice', async () => {
  const html = await homePage({ hasExchange: false })
  expect(html).not.toContain('/example')
  expect(html).not.toContain('ractice')
})

test('somebody who is signed in is not asked to sign in', async () => {
  expect(await homePage({ hasExchange: false })).toContain('href="/signin"')
  const html = await homePage({ hasExchange: false, viewer: { name: 'Ben' } })
  expect(html).not.toContain('href="/signin"')
  expect(html).toContain('href="/services"')
})
