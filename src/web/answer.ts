// Web / answer: what a route gives back: a page, a redirect after a POST, or a friendly page for trouble. Called by the pages of
// every room.
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Context } from 'hono'
import type { ComponentChildren } from 'preact'
import { accepts } from './assets.ts'
import type { WebEnv } from './env.ts'
import { allowMicrophone, isMachinePath } from './guard.ts'
import { type PageOptions, page } from './layout.tsx'
import { TroublePage } from './trouble.tsx'
import { troubleWords } from './words.ts'

/** The scripts that open the microphone. */
const recording: ReadonlySet<string> = new Set(['voice-recorder', 'exchange-phones'])

/** Answer with a page. The status is 422 when it shows errors, else 200, unless given. */
export function sendPage(
  c: Context<WebEnv>,
  options: PageOptions,
  children: ComponentChildren,
  status?: number,
): Response {
  const { assets, places, practice, helpNumber } = c.get('web')
  if (options.scripts?.some((script) => recording.has(script))) allowMicrophone(c)
  const shell = { assets, places, practice, helpNumber, viewer: c.get('viewer') ?? null, path: c.req.path }
  const html = Buffer.from(page(shell, options, children))
  const { body, encoding } = compressed(html, c.req.header('accept-encoding') ?? '')
  const headers: Record<string, string> = {
    'Content-Type': 'text/html; charset=utf-8',
    Vary: 'Accept-Encoding',
  }
  if (encoding) headers['Content-Encoding'] = encoding
  c.status((status ?? (options.errors?.length ? 422 : 200)) as 200)
  return c.body(new Uint8Array(body), undefined, headers)
}

/** After a POST: look there. Only addresses of our own are possible. */
export function redirect303(c: Context, location: string): Response {
  if (!/^\/(?![/\\])/.test(location)) throw new Error('a redirect must lead to a page of our own')
  return c.redirect(location, 303)
}

/**
 * Answer with a friendly page for trouble: 403, 404, 405, 413, 421, 422, 429 or 500. Rooms may also throw Hono's `HTTPException`; a page of
 * somebody else's is a 404, as if it did not exist.
 */
export function trouble(c: Context<WebEnv>, status: number, reference?: string): Response {
  const said = troubleWords(status)
  if (isMachinePath(c.req.path)) return c.text(said.title, status as 404)
  // by a name that is not ours the home page says the same
  const home = status === 421 ? null : c.get('web').places.home
  return sendPage(c, { title: said.title }, TroublePage({ said, reference, home }), status)
}

/** Small enough to be worth it at any length; quality 5 takes half a millisecond for a page. */
function compressed(html: Buffer, accepted: string): { body: Buffer; encoding: string | null } {
  if (accepts(accepted, 'br')) {
    return {
      body: brotliCompressSync(html, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
      encoding: 'br',
    }
  }
  return accepts(accepted, 'gzip')
    ? { body: gzipSync(html), encoding: 'gzip' }
    : { body: html, encoding: null }
}
