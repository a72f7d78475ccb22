// Messages / links: addresses at which the telephone provider fetches a recording. Signed, for one recording, for an hour: who
// has not been given one hears nothing, and one that leaks is soon worth nothing. Pure. Called by messages.ts and routes.ts.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

const validForSeconds = 60 * 60

/** @returns the path with its query, valid for an hour from `now` */
export function telephonePath(secret: string, recordingId: string, now: Date): string {
  const expires = Math.floor(now.getTime() / 1000) + validForSeconds
  return `/recordings/${recordingId}/telephone.wav?e=${expires}&s=${signature(secret, recordingId, expires)}`
}

export type LinkVerdict = 'good' | 'expired' | 'forged'

/** @param query `e` and `s` as they came */
export function judgeLink(
  secret: string,
  recordingId: string,
  { e, s }: { e: string | undefined; s: string | undefined },
  now: Date,
): LinkVerdict {
  const expires = Number(e)
  if (!/^\d{1,12}$/.test(e ?? '') || !equal(s ?? '', signature(secret, recordingId, expires))) return 'forged'
  return now.getTime() / 1000 < expires ? 'good' : 'expired'
}

function signature(secret: string, recordingId: string, expires: number): string {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'callassist recording links 1', 32))
  return createHmac('sha256', key).update(`telephone ${recordingId} ${expires}`).digest('base64url')
}

function equal(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
