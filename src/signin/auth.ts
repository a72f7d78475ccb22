// Signin / auth: better-auth set up for us: a code by e-mail, no passwords. Security code is not ours to write; what is ours
// is the wording, the mail that carries the code, and that its tables live in a schema of their own.
// Time here is real time, not the application's: a laptop's moved clock must not sign people out.
import { randomUUID } from 'node:crypto'
import { betterAuth } from 'better-auth'
import { emailOTP } from 'better-auth/plugins/email-otp'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { applicationRole } from '../db/db.ts'
import { systemClock } from '../outside/clock.ts'

/** NIST SP 800-63B-4 §3.1.3: an out-of-band code lives at most 10 minutes; five tries of six digits is our own limit. */
const codeMinutes = 10
const triesAtMost = 5
/** One guess hits with a chance of one in a million, so all guesses of a day at one account with one in ten thousand at most. */
const codesAtMostADay = 20
const dayMs = 24 * 3_600_000
const sessionDays = 30

export type CodeSent = { ok: true } | { ok: false; why: 'too often' | 'too many today' | 'trouble' }
export type CodeTried =
  | { ok: true; cookies: string[] }
  | { ok: false; why: 'wrong' | 'expired' | 'too many tries' | 'too often' }

export interface Auth {
  /**
   * Send a code to this address (lower case), twenty times within a day, unless it has signed in on this device before. `ip` is for the limit
   * on how often.
   */
  sendCode(email: string, ip: string, isKnownDevice?: boolean): Promise<CodeSent>
  /** Sign in with the code. Returns the cookies to set. */
  tryCode(email: string, code: string, ip: string): Promise<CodeTried>
  /** Whose session these request headers carry: a proved e-mail address, or null. */
  session(headers: Headers): Promise<{ email: string } | null>
  /** Returns the cookies that end the session. */
  signOut(headers: Headers): Promise<string[]>
  /** For the example on a laptop: a session without a code. Never reachable where a real provider is configured. */
  signInAs(email: string): Promise<string[]>
  close(): Promise<void>
}

export interface AuthParts {
  connectionString: string
  publicUrl: string
  secret: string
  mailCode: (email: string, code: string, minutes: number) => Promise<void>
}

export function createAuth(parts: AuthParts): Auth {
  const pool = new pg.Pool({
    connectionString: parts.connectionString,
    max: 4,
    options: `-c role=${applicationRole} -c search_path=signin`,
  })
  pool.on('error', () => {})
  const auth = betterAuth({
    appName: 'CallAssist',
    baseURL: parts.publicUrl,
    basePath: '/sign-in/api',
    secret: parts.secret,
    database: { db: new Kysely({ dialect: new PostgresDialect({ pool }) }), type: 'postgres' },
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: true, storage: 'database', window: 60, max: 60 },
    session: { expiresIn: sessionDays * 24 * 3600, updateAge: 24 * 3600 },
    advanced: {
      cookiePrefix: 'callassist',
      useSecureCookies: parts.publicUrl.startsWith('https:'),
      ipAddress: { ipAddressHeaders: ['x-callassist-ip'] },
    },
    plugins: [
      emailOTP({
        otpLength: 6,
        expiresIn: codeMinutes * 60,
        allowedAttempts: triesAtMost,
        storeOTP: 'hashed',
        rateLimit: { window: 60, max: 10 },
        async sendVerificationOTP({ email, otp }) {
          await parts.mailCode(email, otp, codeMinutes)
        },
      }),
    ],
  })

  /** The library limits whoever asks, and not the account, which many may ask for from everywhere. Counted in its table of limits. */
  async function codesToday(email: string): Promise<number> {
    const now = systemClock().now().getTime()
    const { rows } = await pool.query<{ count: number }>(
      `insert into "rateLimit" as known (id, key, count, "lastRequest") values ($1, $2, 1, $3)
       on conflict (key) do update set
         count = case when known."lastRequest" <= $3 - $4 then 1 else known.count + 1 end,
         "lastRequest" = case when known."lastRequest" <= $3 - $4 then $3 else known."lastRequest" end
       returning count`,
      [randomUUID(), `codes for ${email}`, now, dayMs],
    )
    return rows[0]!.count
  }

  async function ask(path: string, body: Record<string, string>, ip: string): Promise<Response> {
    return auth.handler(
      new Request(`${parts.publicUrl}/sign-in/api${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          origin: new URL(parts.publicUrl).origin,
          'x-callassist-ip': ip,
        },
        body: JSON.stringify(body),
      }),
    )
  }

  const outcomes: Record<string, 'wrong' | 'expired' | 'too many tries'> = {
    INVALID_OTP: 'wrong',
    OTP_EXPIRED: 'expired',
    TOO_MANY_ATTEMPTS: 'too many tries',
  }

  return {
    async sendCode(email, ip, isKnownDevice = false) {
      if (!isKnownDevice && (await codesToday(email)) > codesAtMostADay)
        return { ok: false, why: 'too many today' }
      const response = await ask('/email-otp/send-verification-otp', { email, type: 'sign-in' }, ip)
      if (response.ok) return { ok: true }
      return { ok: false, why: response.status === 429 ? 'too often' : 'trouble' }
    },
    async tryCode(email, code, ip) {
      const response = await ask('/sign-in/email-otp', { email, otp: code }, ip)
      if (response.ok) return { ok: true, cookies: response.headers.getSetCookie() }
      if (response.status === 429) return { ok: false, why: 'too often' }
      const { code: reason = '' } = (await response.json().catch(() => ({}))) as { code?: string }
      return { ok: false, why: outcomes[reason] ?? 'wrong' }
    },
    async session(headers) {
      if (!headers.get('cookie')?.includes('callassist')) return null
      const found = await auth.api.getSession({ headers })
      return found ? { email: found.user.email.toLowerCase() } : null
    },
    async signOut(headers) {
      const { headers: answer } = await auth.api.signOut({ headers, returnHeaders: true })
      return answer.getSetCookie()
    },
    async signInAs(email) {
      const code = await auth.api.createVerificationOTP({ body: { email, type: 'sign-in' } })
      const { headers } = await auth.api.signInEmailOTP({ body: { email, otp: code }, returnHeaders: true })
      return headers.getSetCookie()
    },
    close: () => pool.end(),
  }
}
