import { expect, test } from 'vitest'
import { addService, testApp } from './app.ts'
import { canariesOf, numberAsWritten, standingIn } from './canaries.ts'

test('what a database holds of people is found in a text, and what merely looks alike is not', async () => {
  const app = await testApp()
  await addService(app, {
    receiver: { name: 'Ada', phones: ['+441632960101'] },
    accessNotes: 'The key is with Joan at number 3.',
    message: { say: 'Good morning, have you had your tablets?' },
    stakeholders: [{ name: 'Ben Hartley', phone: '+447700900102', email: 'ben@example.org' }],
  })
  const canaries = await canariesOf(app.db.connectionString)
  await app.close()
  for (const told of [
    '{"what":"rang Ada"}',
    '{"to":"+441632960101"}',
    '{"to":"01632 960101"}',
    '{"by":"Ben Hartley"}',
    '{"url":"/x?email=ben@example.org"}',
    'parameters: The key is with Joan at number 3.',
    'Good morning, have you had your tablets?',
  ])
    expect(standingIn(`first\n${told}\nlast`, canaries), told).not.toEqual([])
  expect(standingIn('{"what":"request","id":"0190ada0"}\n{"stack":"at Adapter.ask"}', canaries)).toEqual([])
  expect(numberAsWritten('+441632960101')).toContain('01632 960101')
})
