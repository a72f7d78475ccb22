// Messages / routes: the one address of this room, at which the telephone provider fetches a recording while the call is on.
// Nobody is signed in there; the signature in the address is the permission.
import { Hono } from 'hono'
import type { App } from '../app.ts'
import type { WebEnv } from '../web/env.ts'
import { judgeLink } from './links.ts'
import { recordingForLine, secretOf } from './recordings.ts'

/** GET /recordings/:id/telephone.wav?e=…&s=…: audio/wav, or 403 for a forged or expired address, 404 for an erased recording. */
export function messageRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  routes.get('/recordings/:id/telephone.wav', async (c) => {
    const recording = c.req.param('id')
    const verdict = judgeLink(
      secretOf(app),
      recording,
      { e: c.req.query('e'), s: c.req.query('s') },
      app.clock.now(),
    )
    if (verdict !== 'good') {
      app.log.warn('a recording was asked for without permission', { verdict })
      return c.body(null, 403)
    }
    const wav = await recordingForLine(app, recording)
    if (!wav) return c.body(null, 404)
    return c.body(Uint8Array.from(wav), 200, {
      'Content-Type': 'audio/wav',
      'Content-Length': String(wav.length),
      'Cache-Control': 'private, no-store',
    })
  })
  return routes
}
