import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

const refusal = (environment: Record<string, string>) => {
  try {
    readConfig(environment)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

test('the defaults need nothing: the exchange and the mail room stand in, on this machine only', () => {
  const config = readConfig({})
  expect(config).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    dataDir: 'data',
    role: 'all',
    twilio: null,
    smtpUrl: null,
    databaseUrl: null,
  })
})

test('an empty value counts as not given', () =>
  expect(readConfig({ PORT: '', DATABASE_URL: '' }).port).toBe(3000))

test.each([
  [{ PORT: 'abc' }, 'The setting PORT is not right: must be a number from 0 to 65535.'],
  [{ PORT: '70000' }, 'The setting PORT is not right: must be a number from 0 to 65535.'],
  [{ ROLE: 'boss' }, 'The setting ROLE is not right: must be all, web, worker or watch.'],
  [
    { DATABASE_URL: 'mysql://x' },
    'The setting DATABASE_URL is not right: must be an address like postgres://name:password@host/database.',
  ],
  [
    { LINE_NUMBER: '01632 960001' },
    'The setting LINE_NUMBER is not right: must be a number like +441632960001.',
  ],
  [{ SECRET: 'short' }, 'The setting SECRET is not right: must have at least 32 characters.'],
  [
    { TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}` },
    'TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN belong together: give both, or neither to use the exchange.',
  ],
  [
    { TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'x'.repeat(32) },
    'PUBLIC_URL is missing: the telephone provider must be told where to reach this CallAssist.',
  ],
  [
    {
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'x'.repeat(32),
      PUBLIC_URL: 'https://calls.example.org',
    },
    'SMTP_URL is missing: with real telephones, alerts and sign-in codes must reach real mailboxes too.',
  ],
])('%j is refused in one sentence', (environment, sentence) =>
  expect(refusal(environment as Record<string, string>)).toBe(sentence),
)

test('a refusal never repeats a secret', () =>
  expect(refusal({ SECRET: 'hunter2' })).not.toContain('hunter2'))

test('who only watches needs the database of the others, and a mail server of its own', () => {
  const others = { ROLE: 'watch', DATABASE_URL: 'postgres://a:b@example.org/c' }
  expect(refusal({ ROLE: 'watch' })).toContain('ROLE=watch needs DATABASE_URL and SMTP_URL')
  expect(refusal(others)).toContain('ROLE=watch needs DATABASE_URL and SMTP_URL')
  expect(refusal({ ...others, SMTP_URL: 'smtp://mail.example.org' })).toBeNull()
})

test('the call to ourselves goes to a practice telephone on a laptop, and nowhere unless told with a real provider', () => {
  const real = {
    TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: '2'.repeat(32),
    PUBLIC_URL: 'https://calls.example.org',
    SMTP_URL: 'smtps://mail.example.org',
  }
  expect(readConfig({}).watchNumber).toBe('+441632960999')
  expect(readConfig(real).watchNumber).toBeNull()
  expect(readConfig({ ...real, WATCH_NUMBER: '+447700900999' }).watchNumber).toBe('+447700900999')
})
