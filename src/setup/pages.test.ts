// The wizard as a person without JavaScript walks through it, on a real database.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/support/app.ts'
import { schedulesOf } from '../schedules/schedules.ts'
import { servicePlan, stakeholdersOf } from '../services/services.ts'
import { answerAll, families, type Walker, walker } from './walking.ts'

let app: TestApp
let susan: Walker

beforeEach(async () => {
  app = await testApp({ at: '2026-11-23T18:00:00Z' })
  susan = walker(app, 'susan@example.org')
})
afterEach(() => app.close())

test('a stranger signs in first', async () => {
  susan.as(null)
  expect((await susan.get('/setup')).location).toBe('/signin?next=/setup')
  expect((await susan.post('/setup', {})).location).toBe('/signin?next=/setup')
})

test('from the first question to a service with its people, its schedule and its next calls', async () => {
  const base = await answerAll(susan)
  const check = await susan.get(`${base}/check`)
  expect(check.text).toContain('Tomorrow, Tuesday 24 November, at 9:30am')
  const done = await susan.submit(`${base}/check`, {}, { page: check, press: 'Agree and start' })
  expect(done.location).toBe(`${base}/done`)
  const page = await susan.get(`${base}/done`)
  expect(page.h1).toBe('The calls to Ada are set up')
  const serviceId = /\/services\/([0-9a-f-]+)/.exec(page.html)![1]!
  await app.db.in(families, async (tx) => {
    expect(await servicePlan(tx, serviceId)).toMatchObject({
      receiverName: 'Ada',
      phones: ['+441632960101'],
      accessNotes: 'Key safe by the door',
    })
    expect(await schedulesOf(tx, serviceId)).toMatchObject([{ localTime: '09:30', kind: 'check-in' }])
    expect(await stakeholdersOf(tx, serviceId)).toMatchObject([
      {
        name: 'Susan Hall',
        phone: '+447700900201',
        roles: ['creator', 'alert receiver'],
        step: 1,
        channels: ['call', 'text', 'email'],
      },
      { name: 'Ada', roles: ['receiver'] },
    ])
  })
})
