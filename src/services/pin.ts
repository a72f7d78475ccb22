// Services / pin: what is kept of the PIN by which a receiver proves who rings in: a hash under a key made from SECRET, so that the
// database alone does not tell it, short as it is. Pure but for the configuration. Called by store.ts.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { App } from '../app.ts'

/** Four digits can be remembered; more than eight cannot be typed without a slip. */
export const pinShape = /^\d{4,8}$/

/** The same PIN has another hash in every service. */
export function pinHash(app: App, serviceId: string, pin: string): string {
  if (!app.config.secret) throw new Error('no SECRET')
  const key = new Uint8Array(hkdfSync('sha256', app.config.secret, '', 'callassist pins 1', 32))
  return createHmac('sha256', key).update(`${serviceId} ${pin}`).digest('base64url')
}

export function isPinOf(app: App, serviceId: string, typed: string, hash: string): boolean {
  const [a, b] = [Buffer.from(pinHash(app, serviceId, typed)), Buffer.from(hash)]
  return a.length === b.length && timingSafeEqual(a, b)
}
