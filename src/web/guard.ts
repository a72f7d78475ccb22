// Web / guard: what every request and every answer must pass: where a form came from, how much it holds, and what a
// browser may do with our pages. Middleware; called by createWeb alone, except `relaxCsp` and `allowMicrophone`.
import { isIP } from 'node:net'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { WebEnv } from './env.ts'

const KB = 1024
const formLimit = 64 * KB
const uploadLimit = 12 * KB * KB

/** Requests of machines: their signatures are checked by their rooms, and no browser carries a session to them. */
const machinePaths = ['/lines/', '/exchange/provider/']

export function isMachinePath(path: string): boolean {
  return machinePaths.some((prefix) => path.startsWith(prefix) || `${path}/` === prefix)
}

/**
 * Refuses (403) a state change that another site makes a visitor's browser send. The order of the tests is that of Go's
 * `http.CrossOriginProtection`: Sec-Fetch-Site where the browser sends it, else Origin against our own address; a request with
 * neither comes from no browser that could be misled.
 * @param publicUrl where we are reached through a proxy that changes the Host header, or null
 */
export function sameOriginOnly(publicUrl: string | null): MiddlewareHandler<WebEnv> {
  const publicHost = publicUrl && new URL(publicUrl).host
  return async (c, next) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(c.req.method) || isMachinePath(c.req.path)) return next()
    const site = c.req.header('sec-fetch-site')
    const origin = c.req.header('origin')
    const allowed = site
      ? site === 'same-origin' || site === 'none'
      : origin === undefined || isOurs(origin, c, publicHost)
    if (!allowed) throw new HTTPException(403, { message: 'cross-origin' })
    return next()
  }
}

function isOurs(origin: string, c: Context, publicHost: string | null): boolean {
  if (!URL.canParse(origin)) return false
  const { host } = new URL(origin)
  return host === publicHost || host === (c.req.header('host') ?? new URL(c.req.url).host)
}

/**
 * On a laptop: refuses (421) a request for a name that is not ours. The practice phones ask nobody to sign in, so a page of another site
 * must not reach them by a name of its own that it lets stand for this machine ("DNS rebinding"). A number is no name.
 */
export function ownNameOnly(publicUrl: string | null): MiddlewareHandler<WebEnv> {
  const publicName = publicUrl && new URL(publicUrl).hostname
  return async (c, next) => {
    const asked = `http://${c.req.header('host') ?? new URL(c.req.url).host}`
    const name = URL.canParse(asked) ? new URL(asked).hostname : ''
    const isOurs =
      name === publicName || /(^|\.)localhost$/.test(name) || isIP(name.replace(/^\[|\]$/g, '')) > 0
    if (!isOurs) throw new HTTPException(421, { message: 'not our name' })
    return next()
  }
}

/** Forms up to 64 KB, uploads up to 12 MB; more is refused (413) before it is read. */
export function limitBodies(): MiddlewareHandler {
  const onError = () => {
    throw new HTTPException(413, { message: 'too large' })
  }
  const forms = bodyLimit({ maxSize: formLimit, onError })
  const uploads = bodyLimit({ maxSize: uploadLimit, onError })
  return (c, next) =>
    c.req.header('content-type')?.startsWith('multipart/form-data') ? uploads(c, next) : forms(c, next)
}

export type CspDirective =
  | 'default-src'
  | 'script-src'
  | 'style-src'
  | 'img-src'
  | 'font-src'
  | 'media-src'
  | 'connect-src'
  | 'frame-src'
  | 'frame-ancestors'
  | 'form-action'
  | 'base-uri'
  | 'sandbox'

/** Nothing stands inline in our pages, so no nonce is needed, and whatever gets into one does not run. */
const strictCsp: Partial<Record<CspDirective, string>> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'media-src': "'self' blob:",
  'connect-src': "'self'",
  'frame-src': "'none'",
  'frame-ancestors': "'none'",
  'form-action': "'self'",
  'base-uri': "'none'",
}

/**
 * Loosen the content security policy of this one answer, for a page that must: the mail room shows e-mails with their own
 * styles in a frame. Say why at the call.
 */
export function relaxCsp(c: Context<WebEnv>, directives: Partial<Record<CspDirective, string>>): void {
  c.set('csp', { ...c.get('csp'), ...directives })
}

/** Let this one answer use the microphone, for the pages that record. */
export function allowMicrophone(c: Context<WebEnv>): void {
  c.set('microphone', true)
}

/** A year, the least that browsers' own lists of such sites ask for. */
const secureFor = 'max-age=31536000'

/**
 * Headers of every answer. Links to an alert carry a token, so no other site may learn a page's address: `same-origin`, not
 * `no-referrer`, because under the latter browsers send the Origin `null` with our own forms (Fetch §3.2), and those without
 * Sec-Fetch-Site (Safari before 16.4) could then not be told from a stranger's. Answers are private unless their route says otherwise.
 * @param publicUrl where it is https, browsers are told never to come by http again (RFC 6797)
 */
export function securityHeaders(publicUrl: string | null): MiddlewareHandler<WebEnv> {
  const isSecure = publicUrl?.startsWith('https:') ?? false
  return async (c, next) => {
    await next()
    const directives = { ...strictCsp, ...c.get('csp') }
    const { headers } = c.res
    headers.set(
      'Content-Security-Policy',
      Object.entries(directives)
        .map(([name, value]) => `${name} ${value}`.trim())
        .join('; '),
    )
    headers.set('X-Content-Type-Options', 'nosniff')
    headers.set('Referrer-Policy', 'same-origin')
    const microphone = c.get('microphone') ? '(self)' : '()'
    headers.set('Permissions-Policy', `microphone=${microphone}, camera=(), geolocation=(), payment=()`)
    headers.set('Cross-Origin-Opener-Policy', 'same-origin')
    headers.set('Cross-Origin-Resource-Policy', 'same-origin')
    if (isSecure) headers.set('Strict-Transport-Security', secureFor)
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'private, no-store')
  }
}
