// Web / limits: how much one address, one session or one link may ask within a minute, so that nobody takes our attention away from the
// calls. Counted in memory, by each process for itself. Called by createWeb; event streams ask for their places in events.ts.
//
// Within a minute, and at once after a quiet minute:
//
//                                       one address   one session
//   page     looking                    1,500         600
//   change   a form                     300           60
//   upload   a form with a file         60            20
//   signin   a form of signing in       30
//   asset    styles, scripts, icons     6,000
//   stream   pages open that follow     200 at once   20 at once
//   alert    an alert's link, and the   120 for each link and each session, from wherever they are used
//            buttons of the queue
//   refused  webhooks and recordings    120, counting only those that were not signed
//
// Never limited: what the provider has signed, because somebody's key may be in it. Links and the queue's buttons are counted without the
// address, so that nobody else can keep anybody from accepting. Nor does anybody on the very machine of a laptop wait for us.
import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler, Next } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Log } from '../kit/log.ts'
import { addressOf, cameByProxy, isThisMachine } from './address.ts'
import type { WebEnv } from './env.ts'
import { isMachinePath } from './guard.ts'

export type LimitKind = 'page' | 'change' | 'upload' | 'signin' | 'asset' | 'alert' | 'refused' | 'stream'

/** By address, or in the last two lines by what the first column says; and by session. */
const perMinute: Readonly<Record<Exclude<LimitKind, 'stream'>, { address: number; session?: number }>> = {
  page: { address: 1500, session: 600 },
  change: { address: 300, session: 60 },
  upload: { address: 60, session: 20 },
  signin: { address: 30 },
  asset: { address: 6000 },
  alert: { address: 120 },
  refused: { address: 120 },
}
const atOnce = { address: 200, session: 20 }
/** So many who ask are remembered; beyond it the longest silent is forgotten, which lets it begin afresh. */
const rememberedAtMost = 50_000
const minuteMs = 60_000

// ── counting, pure ──────────────────────────────────────────────────────────────────────────────────────────────

/** A bucket holds a minute's worth and fills again evenly. */
interface Bucket {
  left: number
  at: number
  /** it has run dry, and that was said */
  isDry: boolean
}

export interface Buckets {
  /**
   * Takes one of `most` within a minute.
   * @param now in milliseconds of a clock that never goes back
   * @returns 0, or in how many seconds there is one again; `isNews` the first time
   */
  take(key: string, most: number, now: number): { waitSeconds: number; isNews: boolean }
  readonly size: number
}

export function createBuckets(remembered = rememberedAtMost): Buckets {
  const buckets = new Map<string, Bucket>()
  return {
    get size() {
      return buckets.size
    },
    take(key, most, now) {
      const known = buckets.get(key) ?? { left: most, at: now, isDry: false }
      const left = Math.min(most, known.left + ((now - known.at) * most) / minuteMs)
      const isDry = left < 1
      // again at the end: whoever has been silent longest stands first
      buckets.delete(key)
      buckets.set(key, { left: isDry ? left : left - 1, at: now, isDry })
      const eldest = buckets.keys().next()
      if (buckets.size > remembered && !eldest.done) buckets.delete(eldest.value)
      if (!isDry) return { waitSeconds: 0, isNews: false }
      const waitMs = ((1 - left) * minuteMs) / most
      return { waitSeconds: Math.ceil(waitMs / 1000), isNews: !known.isDry }
    },
  }
}

/** Places that are taken and given back. */
export interface Places {
  /** @returns how to give it back, or null when all `most` are taken */
  take(key: string, most: number): (() => void) | null
}

export function createPlaces(): Places {
  const taken = new Map<string, number>()
  return {
    take(key, most) {
      const now = taken.get(key) ?? 0
      if (now >= most) return null
      taken.set(key, now + 1)
      let isBack = false
      return () => {
        if (isBack) return
        isBack = true
        const left = taken.get(key)! - 1
        if (left > 0) taken.set(key, left)
        else taken.delete(key)
      }
    },
  }
}

// ── who asks for what ───────────────────────────────────────────────────────────────────────────────────────────

export interface LimitsGiven {
  log: Log
  /** how many proxies of ours stand before us */
  proxyHops: number
  /** as on a laptop: this machine itself is not limited */
  practice: boolean
  /** in milliseconds of a clock that never goes back */
  now: () => number
}

/** Refuses (429) what is too much, before anything else is done for it. */
export function limitRates({ log, proxyHops, practice, now }: LimitsGiven): MiddlewareHandler<WebEnv> {
  const buckets = createBuckets()
  const places = createPlaces()
  let isWarned = false

  /** @throws HTTPException 429 */
  function tooMuch(c: Context<WebEnv>, kind: LimitKind, waitSeconds: number): never {
    c.header('Retry-After', String(waitSeconds))
    throw new HTTPException(429, { message: kind })
  }

  function take(kind: Exclude<LimitKind, 'stream'>, by: string, who: string, most: number): number {
    const { waitSeconds, isNews } = buckets.take(`${kind} ${by} ${who}`, most, now())
    // once, and not again for each that follows
    if (isNews) log.warn('too many requests', { kind, by })
    return waitSeconds
  }

  /** A place for each of these, or none. */
  function streamPlace(c: Context<WebEnv>, wanted: readonly (readonly [key: string, most: number])[]) {
    const taken: (() => void)[] = []
    const leave = () => {
      for (const back of taken) back()
    }
    for (const [key, most] of wanted) {
      const back = places.take(key, most)
      if (!back) {
        leave()
        return tooMuch(c, 'stream', 10)
      }
      taken.push(back)
    }
    return leave
  }

  /** @throws HTTPException 429 */
  function pass(
    c: Context<WebEnv>,
    kind: Exclude<LimitKind, 'stream'>,
    by: string,
    who: string,
    most: number,
  ) {
    const waitSeconds = take(kind, by, who, most)
    if (waitSeconds > 0) tooMuch(c, kind, waitSeconds)
  }

  return async (c, next) => {
    const address = addressOf(c, proxyHops)
    c.set('address', address)
    warnOfProxy(c)
    if (address === null || (practice && isThisMachine(c))) return next()
    const { path, method } = c.req
    if (isSigned(path)) return afterwards(c, next, address)
    const session = sessionOf(c)
    const own = ownOf(method, path, session)
    if (own) {
      pass(c, 'alert', own.by, own.who, perMinute.alert.address)
      c.set('streamPlace', () => streamPlace(c, [[`alert ${own.who}`, atOnce.session]]))
      return next()
    }
    const kind = kindOf(method, path, c.req.header('content-type') ?? '')
    const most = perMinute[kind]
    pass(c, kind, 'address', address, most.address)
    const ofSession: [string, number][] = session === null ? [] : [[`session ${session}`, atOnce.session]]
    if (session !== null && most.session !== undefined) pass(c, kind, 'session', session, most.session)
    c.set('streamPlace', () => streamPlace(c, [[`address ${address}`, atOnce.address], ...ofSession]))
    return next()
  }

  function warnOfProxy(c: Context): void {
    if (proxyHops > 0 || isWarned || !cameByProxy(c)) return
    isWarned = true
    log.warn('a proxy stands before us that TRUST_PROXY does not know of: all its visitors count as one')
  }

  /** Only what has turned out not to be signed counts, and for it only the answer and the log become shorter. */
  async function afterwards(c: Context<WebEnv>, next: Next, address: string): Promise<void> {
    await next()
    if (c.res.status !== 403) return
    const waitSeconds = take('refused', 'address', address, perMinute.refused.address)
    if (waitSeconds > 0)
      c.res = new Response(null, { status: 429, headers: { 'Retry-After': String(waitSeconds) } })
  }
}

/** What somebody holds who may accept: the link, or a session at the queue. */
function ownOf(method: string, path: string, session: string | null): { by: string; who: string } | null {
  const link = /^\/alerts\/link\/([^/]+)/.exec(path)?.[1]
  if (link !== undefined) return { by: 'link', who: digest(link) }
  const isButton = method === 'POST' && path.startsWith('/queue/')
  return isButton && session !== null ? { by: 'session', who: session } : null
}

/** Webhooks and recordings: their rooms look at the signature first, and at nothing else when it is wrong. */
const isSigned = (path: string): boolean =>
  (isMachinePath(path) && !path.startsWith('/exchange/')) || path.startsWith('/recordings/')

type ByAddress = 'page' | 'change' | 'upload' | 'signin' | 'asset'

function kindOf(method: string, path: string, type: string): ByAddress {
  if (path.startsWith('/assets/') || path === '/icon.svg') return 'asset'
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return 'page'
  if (path.startsWith('/signin')) return 'signin'
  return type.startsWith('multipart/form-data') ? 'upload' : 'change'
}

/** Whose session, without keeping what would open it. Whether it is a good one is not asked: the address is counted in any case. */
function sessionOf(c: Context): string | null {
  const token = /callassist\.session_token=([^;]+)/.exec(c.req.header('cookie') ?? '')?.[1]
  return token === undefined ? null : digest(token)
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64').slice(0, 16)
