// Web / server: builds the shell of the web application that every room hangs its routes on: guards, headers, assets, the
// log, and friendly pages for trouble. The door of this room for routes; forms and components have files of their own.
import { Hono, type MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { methodOverride } from 'hono/method-override'
import { routePath } from 'hono/route'
import type { Log } from '../kit/log.ts'
import { monotonicMs } from '../outside/clock.ts'
import { trouble } from './answer.ts'
import type { Assets } from './assets.ts'
import type { WebEnv, WebParts } from './env.ts'
import { onceMemory } from './form.ts'
import { limitBodies, ownNameOnly, sameOriginOnly, securityHeaders } from './guard.ts'
import { iconSvg } from './icons.tsx'
import { type Places, usualPlaces } from './layout.tsx'
import { limitRates } from './limits.ts'

export interface WebOptions {
  assets: Assets
  log: Log
  /** Where we are reached from outside, or null on a laptop. */
  publicUrl: string | null
  /** No real telephone is connected: pages carry the practice banner. */
  practice: boolean
  /** The number people may ring for help, in national form. */
  helpNumber?: string | null
  places?: Partial<Places>
  /** how many proxies of ours stand before us; none when not given */
  proxyHops?: number
  /** for the limits: milliseconds of a clock that never goes back */
  now?: () => number
}

/** The shell. Rooms are hung on it with `web.route('/', callRoutes(app))`, sign-in with `web.use(…)` before them. */
export function createWeb(options: WebOptions): Hono<WebEnv> {
  const web = new Hono<WebEnv>()
  const parts: WebParts = {
    assets: options.assets,
    places: { ...usualPlaces, ...options.places },
    practice: options.practice,
    helpNumber: options.helpNumber ?? null,
    once: onceMemory(),
  }
  web.use(async (c, next) => {
    c.set('web', parts)
    await next()
  })
  web.use(overriddenMethod(web))
  web.use(accessLog(options.log))
  web.use(securityHeaders(options.publicUrl))
  web.use(
    limitRates({
      log: options.log,
      proxyHops: options.proxyHops ?? 0,
      practice: options.practice,
      now: options.now ?? monotonicMs,
    }),
  )
  web.get('/assets/:file', (c) => parts.assets.serve(c))
  web.get('/icon.svg', (c) =>
    c.body(iconSvg, 200, { 'Content-Type': 'image/svg+xml', 'Cache-Control': 'public, max-age=604800' }),
  )
  if (options.practice) web.use(ownNameOnly(options.publicUrl))
  web.use(sameOriginOnly(options.publicUrl))
  web.use(limitBodies())
  web.notFound((c) => trouble(c, 404))
  web.onError((error, c) => {
    if (error instanceof HTTPException) return error.res ?? trouble(c, error.status)
    const reference = crypto.randomUUID().slice(0, 8)
    options.log.error('request failed', error, { method: c.req.method, route: routePath(c, -1), reference })
    return trouble(c, 500, reference)
  })
  return web
}

/** A form can only POST, so `?_method=DELETE` in its address makes it the method that the resource understands. */
function overriddenMethod(web: Hono<WebEnv>): MiddlewareHandler<WebEnv> {
  const override = methodOverride({ app: web as unknown as Hono, query: '_method' })
  return async (c, next) => {
    const wanted = c.req.query('_method')
    if (c.req.method !== 'POST' || (wanted !== 'DELETE' && wanted !== 'PUT')) return next()
    return override(c, next)
  }
}

/** One line per request: the route's pattern, never the path, which may hold a token. Of what was too much, limits.ts has written one. */
function accessLog(log: Log): MiddlewareHandler<WebEnv> {
  return async (c, next) => {
    const began = monotonicMs()
    await next()
    if (c.res.status === 429) return
    const fields = {
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      ms: Math.round(monotonicMs() - began),
    }
    log.info('request', fields)
  }
}
