// Rehearsal / pages: what a rehearsal answers over HTTP: the provider, its webhooks, the recordings, and the pages behind the links in
// e-mails. Called by run.ts.
import { Hono } from 'hono'
import { alertRoutes } from '../alerts/pages.tsx'
import type { App } from '../app.ts'
import type { Exchange } from '../exchange/exchange.ts'
import { lineRoutes } from '../lines/lines.ts'
import { messageRoutes } from '../messages/messages.ts'
import type { Assets } from '../web/assets.ts'
import type { WebEnv } from '../web/env.ts'
import { createWeb } from '../web/server.ts'

export function rehearsalPages(app: App, exchange: Exchange): Hono<WebEnv> {
  const web = createWeb({ assets: noAssets, log: app.log, publicUrl: app.config.publicUrl, practice: true })
  web.route('/', alertRoutes(app, { whoIs: async () => null }))
  web.route('/', messageRoutes(app))
  const routes = new Hono<WebEnv>()
  routes.route('/exchange/provider', exchange.rest)
  routes.route('/lines', lineRoutes(app))
  return routes.route('/', web)
}

/** Nobody looks at the pages of a rehearsal. */
const noAssets: Assets = {
  url: (name) => `/assets/${name}`,
  has: () => false,
  serve: (c) => c.body(null, 404),
}
