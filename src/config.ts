// Config: the only reader of the environment, and of files that hold a secret setting. Everything it returns is checked; what is wrong is
// said in one sentence, which never repeats a secret.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { StartRefusal } from './kit/refusal.ts'

const numberE164 = z.string().regex(/^\+[1-9][0-9]{7,14}$/, 'must be a number like +441632960001')

/** A whole number unless `from` is none. */
function numberFrom(from: number, to: number, usual: number) {
  const error = `must be a number from ${from} to ${to}`
  const number = z.coerce.number(error).min(from, error).max(to, error)
  return (Number.isInteger(from) ? number.int(error) : number).default(usual)
}

const address = (protocol: RegExp, like: string) =>
  z.url({ protocol, error: `must be an address like ${like}` })

const schema = z.object({
  /** The address to listen on. Without it: this machine only while the exchange stands in, else every address. */
  HOST: z.string().min(1).optional(),
  PORT: numberFrom(0, 65535, 3000),
  /** Where this CallAssist is reached from outside: links in e-mails and the provider's webhooks use it. */
  PUBLIC_URL: address(/^https?$/, 'https://calls.example.org').optional(),
  /** How many proxies stand before this CallAssist, each of which adds to X-Forwarded-For by whom it was asked. */
  TRUST_PROXY: numberFrom(0, 10, 0),
  /** Without it an embedded PostgreSQL is started in DATA_DIR. */
  DATABASE_URL: address(/^postgres(ql)?$/, 'postgres://name:password@host/database').optional(),
  DATA_DIR: z.string().min(1).default('data'),
  /** Where the log goes. Without it: a file in the data folder when somebody sits at the terminal, else standard error. */
  LOG: z.enum(['file', 'stderr'], 'must be file or stderr').optional(),
  ROLE: z.enum(['all', 'web', 'worker', 'watch'], 'must be all, web, worker or watch').default('all'),
  /** With these three real telephones ring; without them the exchange stands in. */
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/, 'must be AC followed by 32 hexadecimal digits')
    .optional(),
  TWILIO_AUTH_TOKEN: z.string().min(32).optional(),
  TWILIO_API_URL: address(/^https?$/, 'https://api.example.org').optional(),
  LINE_NUMBER: numberE164.default('+441632960001'),
  LINE_CALLS_PER_SECOND: numberFrom(0.01, 100, 1),
  LINE_TEXTS_PER_SECOND: numberFrom(0.01, 100, 1),
  LINE_CONCURRENT_CALLS: numberFrom(1, 10_000, 50),
  /** Tests, codes and recordings within a day, all together: so that nobody runs up a bill with them. Calls and alerts are not counted. */
  LINE_EXTRAS_PER_DAY: numberFrom(0, 1_000_000, 1000),
  /** A second line, at another provider, to which everything moves when the first one fails. */
  SECOND_LINE_NUMBER: numberE164.optional(),
  SECOND_ACCOUNT_SID: z.string().min(1).optional(),
  SECOND_AUTH_TOKEN: z.string().min(1).optional(),
  SECOND_API_URL: address(/^https?$/, 'https://api.example.org').optional(),
  SECOND_LINE_CALLS_PER_SECOND: numberFrom(0.01, 100, 1),
  SECOND_LINE_TEXTS_PER_SECOND: numberFrom(0.01, 100, 1),
  SECOND_LINE_CONCURRENT_CALLS: numberFrom(1, 10_000, 50),
  /** Does the second provider let us show the first line's number, which people know? */
  SECOND_LINE_SHOWS_FIRST: z.enum(['yes', 'no'], 'must be yes or no').default('no'),
  /** Without it e-mails land in the mail room, a page. */
  SMTP_URL: address(/^smtps?$/, 'smtps://name:password@mail.example.org').optional(),
  MAIL_FROM: z.string().min(3).default('CallAssist <calls@example.org>'),
  /** Who watches the queue of families who come directly. */
  OPERATOR_EMAIL: z.email('must be an e-mail address').default('desk@example.org'),
  /** Whom the watch writes a text, beside the e-mails to those who watch the queue. */
  OPERATOR_NUMBER: numberE164.optional(),
  /** The number that the watch calls every five minutes: it answers by itself and presses a key. */
  WATCH_NUMBER: numberE164.optional(),
  /** An outside service that expects to be asked for every minute, and alarms somebody when it is not. */
  DEAD_MAN_URL: address(/^https?$/, 'https://alive.example.org/callassist').optional(),
  /** Signs sessions and links, wraps the keys of recordings. Made and kept in DATA_DIR when not given. */
  SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
})

/** What must not stand in lists of processes or in reports of trouble: NAME_FILE may name a file that holds it instead, as containers do. */
const secretSettings = [
  'SECRET',
  'DATABASE_URL',
  'SMTP_URL',
  'TWILIO_AUTH_TOKEN',
  'SECOND_AUTH_TOKEN',
  'DEAD_MAN_URL',
] as const

export interface ProviderAccount {
  readonly accountSid: string
  readonly authToken: string
  readonly apiUrl: string | null
}

export interface LineSettings {
  /** as it stands in addresses */
  readonly name: string
  /** E.164 */
  readonly number: string
  /** under this name the line finds its provider */
  readonly provider: string
  /** its provider lets it show the first line's number on calls */
  readonly showsFirst: boolean
  readonly callsPerSecond: number
  readonly textsPerSecond: number
  readonly concurrentCalls: number
}

export interface Config {
  readonly host: string
  readonly port: number
  readonly publicUrl: string | null
  /** so many last entries of X-Forwarded-For are believed */
  readonly proxyHops: number
  readonly databaseUrl: string | null
  readonly dataDir: string
  /** else to standard error */
  readonly logToFile: boolean
  readonly role: 'all' | 'web' | 'worker' | 'watch'
  /** Null: the exchange stands in. */
  readonly twilio: ProviderAccount | null
  /** Of the second line; null where there is none, or where the exchange stands in for it too. */
  readonly second: ProviderAccount | null
  /** In the order of preference: the first is everybody's own line. */
  readonly lines: readonly [LineSettings, ...LineSettings[]]
  /** of tests, codes and recordings together */
  readonly extrasPerDay: number
  /** Null: the mail room stands in. */
  readonly smtpUrl: string | null
  readonly mailFrom: string
  readonly operatorEmail: string
  /** E.164; null: the watch writes texts only to those who watch the queue and have a number */
  readonly operatorNumber: string | null
  /** E.164; null: no watch call is made. While the exchange stands in, one of its telephones */
  readonly watchNumber: string | null
  readonly deadManUrl: string | null
  /** Null: one is made and kept in the data folder. */
  readonly secret: string | null
}

/**
 * @param environment as of `process.env`; empty values count as not given
 * @param terminal whether a person sits at a terminal
 * @throws StartRefusal naming the first setting that is wrong and what it must be
 */
export function readConfig(environment: Record<string, string | undefined>, terminal = false): Config {
  const given = withFiles(
    Object.fromEntries(
      Object.entries(environment).filter(
        (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
      ),
    ),
  )
  const read = schema.safeParse(given)
  if (!read.success) {
    const issue = read.error.issues[0]!
    throw new StartRefusal(`The setting ${String(issue.path[0])} is not right: ${issue.message}.`)
  }
  const e = read.data
  if ((e.TWILIO_ACCOUNT_SID === undefined) !== (e.TWILIO_AUTH_TOKEN === undefined)) {
    throw new StartRefusal(
      'TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN belong together: give both, or neither to use the exchange.',
    )
  }
  if (e.TWILIO_ACCOUNT_SID && !e.PUBLIC_URL) {
    throw new StartRefusal(
      'PUBLIC_URL is missing: the telephone provider must be told where to reach this CallAssist.',
    )
  }
  const ofSecond = [e.SECOND_LINE_NUMBER, e.SECOND_ACCOUNT_SID, e.SECOND_AUTH_TOKEN, e.SECOND_API_URL]
  const isSecondWhole = ofSecond.every((value) => value !== undefined)
  if (e.TWILIO_ACCOUNT_SID && !isSecondWhole && ofSecond.some((value) => value !== undefined)) {
    throw new StartRefusal(
      'SECOND_LINE_NUMBER, SECOND_ACCOUNT_SID, SECOND_AUTH_TOKEN and SECOND_API_URL belong together: give all four, or none.',
    )
  }
  if (!e.TWILIO_ACCOUNT_SID && ofSecond.slice(1).some((value) => value !== undefined)) {
    throw new StartRefusal(
      'SECOND_ACCOUNT_SID is of no use without TWILIO_ACCOUNT_SID: a second provider stands behind a first one. SECOND_LINE_NUMBER alone gives the exchange a second line.',
    )
  }
  if (e.SECOND_LINE_NUMBER === e.LINE_NUMBER) {
    throw new StartRefusal(
      'SECOND_LINE_NUMBER is the number of the first line: the second needs one of its own.',
    )
  }
  if (e.TWILIO_ACCOUNT_SID && !e.SMTP_URL) {
    throw new StartRefusal(
      'SMTP_URL is missing: with real telephones, alerts and sign-in codes must reach real mailboxes too.',
    )
  }
  if (e.ROLE === 'watch' && !(e.DATABASE_URL && e.SMTP_URL)) {
    throw new StartRefusal(
      'ROLE=watch needs DATABASE_URL and SMTP_URL: it looks at the database of the other processes, and writes e-mails by itself. Without them ROLE=all watches too.',
    )
  }
  return {
    host: e.HOST ?? (e.TWILIO_ACCOUNT_SID ? '0.0.0.0' : '127.0.0.1'),
    port: e.PORT,
    publicUrl: e.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    proxyHops: e.TRUST_PROXY,
    databaseUrl: e.DATABASE_URL ?? null,
    dataDir: e.DATA_DIR,
    logToFile: e.LOG === undefined ? terminal : e.LOG === 'file',
    role: e.ROLE,
    twilio:
      e.TWILIO_ACCOUNT_SID && e.TWILIO_AUTH_TOKEN
        ? {
            accountSid: e.TWILIO_ACCOUNT_SID,
            authToken: e.TWILIO_AUTH_TOKEN,
            apiUrl: e.TWILIO_API_URL ?? null,
          }
        : null,
    second:
      e.SECOND_ACCOUNT_SID && e.SECOND_AUTH_TOKEN && e.SECOND_API_URL
        ? { accountSid: e.SECOND_ACCOUNT_SID, authToken: e.SECOND_AUTH_TOKEN, apiUrl: e.SECOND_API_URL }
        : null,
    lines: [mainLine(e), ...secondLine(e)],
    extrasPerDay: e.LINE_EXTRAS_PER_DAY,
    smtpUrl: e.SMTP_URL ?? null,
    mailFrom: e.MAIL_FROM,
    operatorEmail: e.OPERATOR_EMAIL,
    operatorNumber: e.OPERATOR_NUMBER ?? null,
    watchNumber: e.WATCH_NUMBER ?? (e.TWILIO_ACCOUNT_SID ? null : practiceWatchNumber),
    deadManUrl: e.DEAD_MAN_URL ?? null,
    secret: e.SECRET ?? null,
  }
}

/** @throws StartRefusal for a file that cannot be read or is empty, and for a setting that is given both ways */
function withFiles(given: Readonly<Record<string, string>>): Record<string, string> {
  const settings = { ...given }
  for (const name of secretSettings) {
    const file = given[`${name}_FILE`]
    if (file === undefined) continue
    if (given[name] !== undefined)
      throw new StartRefusal(`${name} and ${name}_FILE are both given: give one of them.`)
    settings[name] = secretIn(file, `${name}_FILE`)
  }
  return settings
}

function secretIn(file: string, setting: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new StartRefusal(
      `The file of ${setting} cannot be read (${(error as NodeJS.ErrnoException).code}): see that it is there and that CallAssist may read it.`,
    )
  }
  if (text === '') throw new StartRefusal(`The file of ${setting} is empty: write the setting into it.`)
  return text
}

/** Nobody's: a telephone of the exchange that answers by itself. */
export const practiceWatchNumber = '+441632960999'

type Environment = z.output<typeof schema>

const mainLine = (e: Environment): LineSettings => ({
  name: 'main',
  number: e.LINE_NUMBER,
  provider: 'first',
  showsFirst: false,
  callsPerSecond: e.LINE_CALLS_PER_SECOND,
  textsPerSecond: e.LINE_TEXTS_PER_SECOND,
  concurrentCalls: e.LINE_CONCURRENT_CALLS,
})

const secondLine = (e: Environment): LineSettings[] =>
  e.SECOND_LINE_NUMBER === undefined
    ? []
    : [
        {
          name: 'second',
          number: e.SECOND_LINE_NUMBER,
          provider: 'second',
          showsFirst: e.SECOND_LINE_SHOWS_FIRST === 'yes',
          callsPerSecond: e.SECOND_LINE_CALLS_PER_SECOND,
          textsPerSecond: e.SECOND_LINE_TEXTS_PER_SECOND,
          concurrentCalls: e.SECOND_LINE_CONCURRENT_CALLS,
        },
      ]
