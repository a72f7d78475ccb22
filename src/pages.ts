// Pages: hangs the routes of every room on the web shell. The only place that knows all pages. Called by process.ts.
import type { Context, Hono } from 'hono'
import { alertRoutes } from './alerts/pages.tsx'
import type { App } from './app.ts'
import type { Example } from './example/example.ts'
import { exampleRoutes } from './example/pages.tsx'
import { exchangeRoutes, type Laptop } from './exchange/pages.tsx'
import { forecastRoutes } from './forecast/pages.tsx'
import { lineRoutes } from './lines/lines.ts'
import { messageRoutes } from './messages/messages.ts'
import { operatorFor } from './organisations/organisations.ts'
import { outageRoutes } from './outages/pages.tsx'
import { recorderRoutes } from './recorder/pages.tsx'
import { ringInRoutes } from './ringin/pages.tsx'
import { serviceRoutes } from './services/pages.tsx'
import { setupRoutes } from './setup/pages.tsx'
import { signinRoutes } from './signin/pages.tsx'
import type { Signin } from './signin/signin.ts'
import { verificationRoutes } from './verification/pages.tsx'
import { watchRoutes } from './watch/pages.tsx'
import type { Standing } from './watch/watch.ts'
import type { Assets } from './web/assets.ts'
import type { WebEnv } from './web/env.ts'
import { createWeb } from './web/server.ts'
import { websiteRoutes } from './website/website.ts'

/**
 * The whole website, with the webhooks of the lines.
 * @param standing how everything stands, as the watch has it
 * @param laptop the exchange, the mail room and the movable clock; null when real telephones are connected
 */
export function createPages(
  app: App,
  signin: Signin,
  assets: Assets,
  standing: () => Promise<Standing>,
  laptop: (Laptop & { example: Example }) | null,
): Hono<WebEnv> {
  const { publicUrl, proxyHops } = app.config
  const web = createWeb({ assets, log: app.log, publicUrl, proxyHops, practice: laptop !== null })
  web.use(signin.viewer)
  web.route('/', websiteRoutes({ hasExchange: laptop !== null }))
  web.route('/', signinRoutes(app, signin))
  web.route('/', setupRoutes(app, signin))
  web.route('/', recorderRoutes(app, signin))
  web.route('/', verificationRoutes(app, signin))
  web.route('/', serviceRoutes(app, signin))
  const whoIs = async (c: Context<WebEnv>) => operatorFor(app, await signin.whoIs(c))
  web.route('/', alertRoutes(app, { whoIs }))
  web.route('/', forecastRoutes(app, { whoIs }))
  web.route('/', outageRoutes(app, { whoIs }))
  web.route('/', ringInRoutes(app, { whoIs }))
  web.route('/', watchRoutes(app, { whoIs, standing, isAlone: false }))
  web.route('/', messageRoutes(app))
  web.route('/lines', lineRoutes(app))
  if (laptop) {
    web.route('/exchange/provider', laptop.exchange.rest as unknown as Hono<WebEnv>)
    web.route('/', exchangeRoutes(app, signin, laptop))
    web.route('/', exampleRoutes(laptop.example, signin))
  }
  return web
}

/** Of a process that only watches, and needs no database for it: nobody can sign in there, so its port is for those who run CallAssist. */
export function createWatchPages(app: App, assets: Assets, standing: () => Promise<Standing>): Hono<WebEnv> {
  const web = createWeb({
    assets,
    log: app.log,
    publicUrl: null,
    practice: false,
    proxyHops: app.config.proxyHops,
  })
  web.route('/', watchRoutes(app, { whoIs: async () => ({ isOperator: true }), standing, isAlone: true }))
  return web
}
