// The whole website with all its routes, as a process puts it together, on a test's app: for tests that look at every route.
import type { Hono } from 'hono'
import { createExchange, estimatedVoice } from '../../src/exchange/exchange.ts'
import { silentLog } from '../../src/kit/log.ts'
import { openMailRoom } from '../../src/outside/mail/room.ts'
import { createPages } from '../../src/pages.ts'
import { startLoop } from '../../src/queue/loop.ts'
import { createSignin, type Signin } from '../../src/signin/signin.ts'
import type { Assets } from '../../src/web/assets.ts'
import type { WebEnv } from '../../src/web/env.ts'
import type { TestApp } from './app.ts'

const account = { sid: `AC${'0'.repeat(31)}3`, authToken: 'the-exchange-of-a-test' }

const assets: Assets = {
  url: (name) => `/assets/${name}`,
  has: () => true,
  serve: (c) => c.text('an asset', 200, { 'Cache-Control': 'public, max-age=31536000, immutable' }),
}

export interface WholeSite {
  readonly web: Hono<WebEnv>
  readonly signin: Signin
  close(): Promise<void>
}

/** @param practice as on a laptop, with the practice phones, the inbox, the clock and the village */
export async function wholeSite(app: TestApp, { practice }: { practice: boolean }): Promise<WholeSite> {
  const signin = createSignin(app)
  const standing = async () => ({ lookedAt: app.clock.now(), ageMs: 0, alarms: [], rows: null })
  if (!practice) {
    const web = createPages(app, signin, assets, standing, null)
    return { web, signin, close: () => signin.auth.close() }
  }
  const mailRoom = await openMailRoom({ clock: app.clock, log: silentLog })
  const exchange = createExchange({
    clock: app.clock,
    log: silentLog,
    account,
    lines: app.config.lines,
    seed: 1,
    voice: estimatedVoice(),
    publicUrl: `${app.config.publicUrl}/exchange/provider`,
  })
  const loop = startLoop(app, [])
  const example = {
    readiness: async () => 'not begun' as const,
    begin: async () => {},
    close: async () => {},
  }
  const laptop = { exchange, mailRoom, clock: app.clock, loop, actors: [], example }
  return {
    web: createPages(app, signin, assets, standing, laptop),
    signin,
    async close() {
      await loop.stop()
      await exchange.close()
      await mailRoom.close()
      await signin.auth.close()
    },
  }
}
