import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
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

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'callassist-secret-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'secret'), text)
  return join(folder, 'secret')
}

test('a secret may stand in a file instead of in the environment', () => {
  const secret = 'kept-in-a-file '.repeat(3).trim()
  const read = readConfig({
    SECRET_FILE: fileWith(`${secret}\n`),
    DATABASE_URL_FILE: fileWith('postgres://name:password@example.org/calls'),
    SMTP_URL_FILE: fileWith('smtps://name:password@mail.example.org'),
    DEAD_MAN_URL_FILE: fileWith('https://alive.example.org/0123'),
    TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
    TWILIO_AUTH_TOKEN_FILE: fileWith('2'.repeat(32)),
    PUBLIC_URL: 'https://calls.example.org',
    SECOND_LINE_NUMBER: '+441632960002',
    SECOND_ACCOUNT_SID: 'second',
    SECOND_AUTH_TOKEN_FILE: fileWith('a-token'),
    SECOND_API_URL: 'https://api.example.org',
  })
  expect(read).toMatchObject({
    secret,
    databaseUrl: 'postgres://name:password@example.org/calls',
    smtpUrl: 'smtps://name:password@mail.example.org',
    deadManUrl: 'https://alive.example.org/0123',
    twilio: { authToken: '2'.repeat(32) },
    second: { authToken: 'a-token' },
  })
})

test('a file of a secret that is no good is named in one sentence, without what is in it', () => {
  expect(refusal({ SECRET_FILE: '/nowhere/at/all' })).toBe(
    'The file of SECRET_FILE cannot be read (ENOENT): see that it is there and that CallAssist may read it.',
  )
  expect(refusal({ SECRET_FILE: fileWith(' \n') })).toBe(
    'The file of SECRET_FILE is empty: write the setting into it.',
  )
  expect(refusal({ SECRET_FILE: fileWith('hunter2') })).toBe(
    'The setting SECRET is not right: must have at least 32 characters.',
  )
  expect(refusal({ SECRET_FILE: '/nowhere', SECRET: 'x'.repeat(32) })).toBe(
    'SECRET and SECRET_FILE are both given: give one of them.',
  )
})

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
