// The wizard as a person without JavaScript walks through it, on a real database.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../test/support/app.ts'
import { encodeWav } from '../kit/sound.ts'
import { emailsOf } from '../mail/mail.ts'
import { recordingAudio } from '../messages/messages.ts'
import { personsEverywhere } from '../people/people.ts'
import { schedulesOf } from '../schedules/schedules.ts'
import { servicePlan, servicesFor, stakeholdersOf } from '../services/services.ts'
import { readAnswers } from './answers.ts'
import { setupFor } from './store.ts'
import { answerAll, answered, type Fields, families, type Page, type Walker, walker } from './walking.ts'

let app: TestApp
let susan: Walker
let count = 0

// one database for all tests, with people of their own for each
beforeAll(async () => {
  app = await testApp({ at: '2026-11-23T18:00:00Z' })
})
afterAll(() => app.close())
beforeEach(() => {
  count++
  susan = walker(app, mail('susan'))
})

/** This test's own address of somebody. */
const mail = (name: string): string => `${name}-${count}@example.org`

const services = async () => servicesFor(app, await personsEverywhere(app, mail('susan')))

/** Press the button of the check page. @returns the id of the service */
async function start(base: string): Promise<string> {
  const done = await susan.submit(`${base}/check`, {}, { press: 'Agree and start' })
  expect(done.location).toBe(`${base}/done`)
  return /\/services\/([0-9a-f-]+)/.exec((await susan.get(`${base}/done`)).html)![1]!
}

/** A spoken recording, near enough: a tone that comes and goes. */
function speech(seconds = 2, pitch = 200): File {
  const rate = 16_000
  const samples = Float32Array.from(
    { length: rate * seconds },
    (_, i) => 0.2 * Math.sin((2 * Math.PI * pitch * i) / rate) * (1 + Math.sin(i / 1500)),
  )
  return new File([encodeWav({ sampleRate: rate, samples })], 'mum.wav', { type: 'audio/wav' })
}

// ------------------------------------------------------------------------------------------------------ the whole way

test('a stranger signs in first', async () => {
  susan.as(null)
  expect((await susan.get('/setup')).location).toBe('/signin?next=/setup')
  expect((await susan.post('/setup', {})).location).toBe('/signin?next=/setup')
  const deep = '/setup/00000000-0000-7000-8000-000000000009/numbers'
  expect((await susan.get(deep)).location).toBe(`/signin?next=${deep}`)
})

test('from the first question to a service with its people, its schedule and its next calls', async () => {
  const base = await answerAll(susan)
  const check = await susan.get(`${base}/check`)
  expect(check.text).toContain('Tomorrow, Tuesday 24 November, at 9:30am')
  expect(check.text).toContain('They can see each other’s names, telephone numbers and e-mail addresses')
  const serviceId = await start(base)
  expect((await susan.get(`${base}/done`)).h1).toBe('The calls to Ada are set up')
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
    expect(await waiting(serviceId)).toEqual(['2026-11-24 09:30'])
  })
})

async function waiting(serviceId: string): Promise<string[]> {
  return app.db.in(families, async ({ sql }) => {
    const rows = await sql
      .selectFrom('call')
      .select(['local_date', 'local_time'])
      .where('service_id', '=', serviceId)
      .where('state', '=', 'waiting')
      .orderBy('due_at')
      .execute()
    return rows.map((row) => `${row.local_date} ${row.local_time}`)
  })
}

test('calls by text: asked where there is a mobile, told on every page, and what is planned is a text', async () => {
  const { location } = await susan.submit('/setup', {})
  const base = location ?? ''
  await susan.submit(`${base}/your-name`, { name: 'Susan Hall' })
  await susan.submit(`${base}/receiver`, { who: 'other', name: 'Ada' })
  await susan.submit(`${base}/numbers`, { first: '07700 900301' })
  await susan.submit(`${base}/calls/1/kind`, { kind: 'check-in' })
  expect((await susan.get(`${base}/calls/1/by`)).text).toContain('How shall we reach Ada?')
  await susan.submit(`${base}/calls/1/by`, { by: 'text' })
  await susan.submit(`${base}/calls/1/days`, { days: 'every' })
  await susan.submit(`${base}/calls/1/time`, { time: '9.30' })
  await susan.submit(`${base}/calls/1/message`, { heard: 'preset' })
  await susan.submit(`${base}/calls/1/preset`, { preset: 'are-you-ok' })
  await susan.submit(`${base}/calls`, {})
  await susan.submit(`${base}/alerts`, { who: 'me' })
  await susan.submit(`${base}/alerts/me`, { phone: '07700 900201' })
  await susan.submit(`${base}/alerts`, {})
  await susan.submit(`${base}/notes`, { notes: '' })
  const check = (await susan.get(`${base}/check`)).text
  expect(check).toContain('We send a text. The text says: “Are you all right today?”')
  expect(check).toContain('One text, and one more after 5 minutes')
  const done = await susan.submit(`${base}/check`, {})
  expect((await susan.get(done.location ?? '')).text).toContain('We write to Ada at these times.')
  const serviceId = /services\/([0-9a-f-]{36})/.exec((await susan.get(done.location ?? '')).html)?.[1] ?? ''
  const planned = await app.db.look(({ sql }) =>
    sql.selectFrom('call').select('by').where('service_id', '=', serviceId).execute(),
  )
  expect(planned).toEqual([{ by: 'text' }])

  // changed on the same pages: what waits is planned anew
  const anew = await change(serviceId)
  expect((await susan.get(`${anew}/calls`)).text).toContain('We send a text.')
  await susan.submit(`${anew}/calls/1/by?from=check`, { by: 'text then call' })
  expect((await susan.get(`${anew}/check`)).text).toContain('We send a text, and then ring.')
  await save(anew)
  const replanned = await app.db.look(({ sql }) =>
    sql.selectFrom('call').select(['by', 'state']).where('service_id', '=', serviceId).execute(),
  )
  expect(replanned).toEqual([{ by: 'text then call', state: 'waiting' }])
})

test('calls to oneself: one person is the creator and the receiver, and somebody else is told', async () => {
  const { location: base } = await susan.submit('/setup', {})
  await susan.submit(`${base}/your-name`, { name: 'Susan Hall' })
  await susan.submit(`${base}/receiver`, { who: 'me' })
  expect((await susan.get(`${base}/numbers`)).h1).toBe('What is your telephone number?')
  await susan.submit(`${base}/numbers`, { first: '01632 960101', second: '07700 900102' })
  await susan.submit(`${base}/calls/1/kind`, { kind: 'reminder' })
  await susan.submit(`${base}/calls/1/by`, { by: 'call' })
  await susan.submit(`${base}/calls/1/days`, { days: 'some', day: ['mon', 'thu'] })
  await susan.submit(`${base}/calls/1/time`, { time: '6pm' })
  await susan.submit(`${base}/calls/1/message`, { heard: 'spoken' })
  await susan.submit(`${base}/calls/1/text`, { text: 'It is time to water the plants.' })
  await susan.submit(`${base}/calls`, {})
  const first = await susan.get(`${base}/alerts`)
  expect(first.html).not.toContain('value="me"')
  await susan.submit(`${base}/alerts`, { who: 'other' })
  await susan.submit(`${base}/alerts/new`, { name: 'Ben', phone: '01632 960205' })
  await susan.submit(`${base}/alerts`, {})
  await susan.submit(`${base}/notes`, {})
  const serviceId = await start(base!)
  await app.db.in(families, async (tx) => {
    expect(await servicePlan(tx, serviceId)).toMatchObject({
      receiverName: 'Susan Hall',
      phones: ['+441632960101', '+447700900102'],
    })
    expect(await stakeholdersOf(tx, serviceId)).toMatchObject([
      { name: 'Ben', roles: ['alert receiver'], channels: ['call'] },
      { name: 'Susan Hall', roles: ['creator', 'receiver'], phone: '+441632960101' },
    ])
  })
})

test('the e-mail lists everything entered, and never repeats what tells of health', async () => {
  const base = await answered(app, susan)
  await susan.submit(`${base}/calls`, { do: 'add' })
  await susan.submit(`${base}/calls/3/kind`, { kind: 'reminder' })
  await susan.submit(`${base}/calls/3/days`, { days: 'every' })
  await susan.submit(`${base}/calls/3/time`, { time: '8pm' })
  await susan.submit(`${base}/calls/3/message`, { heard: 'spoken' })
  await susan.submit(`${base}/calls/3/text`, { text: 'Please take the warfarin now.' })
  const serviceId = await start(base)
  const id = base.split('/').at(-1)!
  const [email, ...others] = await app.db.in(families, (tx) => emailsOf(tx, [id]))
  expect(others).toEqual([])
  expect(email).toMatchObject({ toAddress: mail('susan'), subject: 'The calls to Ada are set up' })
  const { plain } = await app.db.in(families, (tx) =>
    tx.sql.selectFrom('email').select('plain').where('id', '=', email!.id).executeTakeFirstOrThrow(),
  )
  for (const part of [
    'Susan Hall',
    '01632 960101',
    'Call 1: Every day at 9:30am.',
    'We ring and text',
    'Key safe by the door',
    '- Tuesday 24 November at 9:30am',
    `https://callassist.example.org/services/${serviceId}/change`,
  ]) {
    expect(plain).toContain(part)
  }
  expect(plain).not.toContain('warfarin')
})

// ---------------------------------------------------------------------------------------------------------- bad input

test('a deep link leads back to the first open question, and an unknown page does not exist', async () => {
  const { location: base } = await susan.submit('/setup', {})
  for (const path of ['notes', 'check', 'calls/1/preset', 'alerts/me', 'delivery']) {
    const there = await susan.get(`${base}/${path}`)
    expect([there.location, there.status]).toEqual(
      path === 'calls/1/preset' ? [null, 404] : [`${base}/your-name`, 303],
    )
  }
  expect((await susan.get(base!)).location).toBe(`${base}/your-name`)
  expect((await susan.get(`${base}/done`)).location).toBe(base)
  expect((await susan.post(`${base}/done`, {})).location).toBe(`${base}/your-name`)
})

test('an empty answer is shown again with a focused summary that leads to the field', async () => {
  const { location: base } = await susan.submit('/setup', {})
  const page = await susan.submit(`${base}/your-name`, { name: '  ' })
  expect(page.status).toBe(422)
  expect(page.title).toMatch(/^Error: What is your name\?/)
  expect(page.html).toContain('data-focus-errors')
  expect(page.html).toContain('<a href="#name">')
})

test('a name of ten thousand characters is refused, kept in the field and not saved', async () => {
  const { location: base } = await susan.submit('/setup', {})
  const name = 'A'.repeat(10_000)
  const page = await susan.submit(`${base}/your-name`, { name })
  expect(page.status).toBe(422)
  expect(page.text).toContain('Use 80 characters or fewer. You used 10,000.')
  expect(page.html).toContain(`value="${name}"`)
  expect((await susan.get(base!)).location).toBe(`${base}/your-name`)
})

test('control characters and hidden ones are taken out of what was pasted', async () => {
  const { location: base } = await susan.submit('/setup', {})
  await susan.submit(`${base}/your-name`, { name: 'Susan\u0000\u202e\tHall\u200b\r\n' })
  expect((await susan.get(`${base}/your-name`)).html).toContain('value="Susan Hall"')
})

test('markup in a name stays text', async () => {
  const { location: base } = await susan.submit('/setup', {})
  await susan.submit(`${base}/your-name`, { name: 'Susan "&\' Hall' })
  const page = await susan.get(`${base}/receiver`)
  expect(page.text).toContain('Me, Susan "&\' Hall')
  expect((await susan.submit(`${base}/your-name`, { name: '<b>Susan</b>' })).status).toBe(422)
})

test('what was typed stays in every field when one of them is refused', async () => {
  const base = await answered(app, susan)
  const page = await susan.submit(`${base}/alerts/new`, {
    name: 'Ben',
    phone: '999',
    email: mail('ben'),
    channels: ['email'],
  })
  expect(page.status).toBe(422)
  for (const value of ['Ben', '999', mail('ben')]) expect(page.html).toContain(`value="${value}"`)
  expect([...page.html.matchAll(/value="(\w+)" checked/g)].map(([, value]) => value)).toEqual(['email'])
})

test('somebody else’s set-up does not exist, and no nonsense address does', async () => {
  const base = await answered(app, susan)
  const mallory = walker(app, mail('mallory'))
  await mallory.submit('/setup', {})
  for (const path of ['', '/numbers', '/check', '/done', '/drop', '/recordings/x']) {
    expect((await mallory.get(`${base}${path}`)).status).toBe(404)
  }
  expect((await mallory.post(`${base}/numbers`, { first: '07700 900999' })).status).toBe(404)
  expect((await mallory.post(`${base}/done`, {})).status).toBe(404)
  expect((await mallory.post(`${base}?_method=DELETE`, {})).status).toBe(404)
  expect((await susan.get(`${base}/check`)).text).toContain('01632 960101')
  for (const path of ['/setup/x', '/setup/1/numbers', `${base}x/check`]) {
    expect((await susan.get(path)).status).toBe(404)
  }
})

// -------------------------------------------------------------------------------------------------- twice, and two windows

test('pressing twice acts once: at the start, in a list, and at the end', async () => {
  const begin = await susan.get('/setup')
  const [one, two] = [
    await susan.submit('/setup', {}, { page: begin }),
    await susan.submit('/setup', {}, { page: begin }),
  ]
  expect(two.location).toBe(one.location)

  const base = await answered(app, susan)
  const list = await susan.get(`${base}/calls`)
  const add = () => susan.submit(`${base}/calls`, { do: 'add' }, { page: list })
  const [first, second] = await Promise.all([add(), add()])
  expect(first.location).toBe(`${base}/calls/3/kind?from=calls`)
  expect(second.location).toBe(first.location)
  await susan.submit(`${base}/calls`, { do: 'remove:3' })
  expect((await susan.get(`${base}/calls`)).text).toContain('One call is set up.')

  const check = await susan.get(`${base}/check`)
  const press = () => susan.submit(`${base}/check`, {}, { page: check, press: 'Agree and start' })
  const ends = [...(await Promise.all([press(), press()])), await press()]
  expect(ends.map(({ location }) => location)).toEqual([`${base}/done`, `${base}/done`, `${base}/done`])
  expect(await services()).toHaveLength(1)
})

test('a finished set-up leads to its end from everywhere and cannot be thrown away', async () => {
  const base = await answered(app, susan)
  const numbers = await susan.get(`${base}/numbers`)
  await start(base)
  for (const path of ['', '/numbers', '/check', '/drop'])
    expect((await susan.get(`${base}${path}`)).location).toBe(`${base}/done`)
  const late = await susan.submit(`${base}/numbers`, { first: '07700 900999' }, { page: numbers })
  expect(late.location).toBe(`${base}/done`)
  await susan.post(`${base}?_method=DELETE`, {})
  expect((await susan.get(`${base}/done`)).status).toBe(200)
})

test('a form from before another window changed the answer keeps what was typed and says so', async () => {
  const base = await answered(app, susan)
  const old = await susan.get(`${base}/numbers?from=check`)
  await susan.submit(`${base}/numbers`, { first: '01632 960111' })
  const stale = await susan.submit(`${base}/numbers`, { first: '01632 960122' }, { page: old })
  expect(stale.status).toBe(422)
  expect(stale.text).toContain('changed in another window')
  expect(stale.html).toContain('value="01632 960122"')
  expect((await susan.get(`${base}/check`)).text).toContain('01632 960111')
  const again = await susan.submit(`${base}/numbers`, {}, { page: stale })
  expect(again.location).toBe(`${base}/check`)
  expect((await susan.get(`${base}/check`)).text).toContain('01632 960122')
})

test('an answer to another question meanwhile is no trouble, nor is the same answer', async () => {
  const base = await answered(app, susan)
  const old = await susan.get(`${base}/numbers?from=check`)
  await susan.submit(`${base}/receiver`, { who: 'other', name: 'Ida' })
  await susan.submit(`${base}/numbers`, { first: '01632 960111' })
  const same = await susan.submit(`${base}/numbers`, { first: '01632 960111' }, { page: old })
  expect(same.location).toBe(`${base}/check`)
})

test('a list that was changed in another window is shown as it is now', async () => {
  const base = await answered(app, susan)
  await susan.submit(`${base}/alerts/new`, { name: 'Ben', phone: '07700 900205' })
  const old = await susan.get(`${base}/alerts`)
  await susan.submit(`${base}/alerts`, { do: 'up:3' })
  const stale = await susan.submit(`${base}/alerts`, { do: 'remove:2' }, { page: old })
  expect(stale.status).toBe(422)
  expect(stale.text).toContain('This list was changed in another window')
  expect(stale.text.indexOf('Ben')).toBeLessThan(stale.text.indexOf('Susan'))
})

test('a check page from before another window changed an answer starts nothing', async () => {
  const base = await answered(app, susan)
  const old = await susan.get(`${base}/check`)
  await susan.submit(`${base}/numbers`, { first: '01632 960111' })
  const stale = await susan.submit(`${base}/check`, {}, { page: old, press: 'Agree and start' })
  expect(stale.status).toBe(422)
  expect(stale.text).toContain('01632 960111')
  expect(await services()).toEqual([])
  const done = await susan.submit(`${base}/check`, {}, { page: stale, press: 'Agree and start' })
  expect(done.location).toBe(`${base}/done`)
})

/** In a world of its own, whose clock can be moved. */
async function later(live: (app: TestApp, susan: Walker) => Promise<void>): Promise<void> {
  const own = await testApp({ at: '2026-11-23T18:00:00Z' })
  try {
    await live(own, walker(own, mail('susan')))
  } finally {
    await own.close()
  }
}

// -------------------------------------------------------------------------------------------- stopping and going on

test('what was begun is offered again, gone on with where it stopped, or thrown away after a question', async () => {
  await later(async (app, susan) => {
    const { location: base } = await susan.submit('/setup', {})
    await susan.submit(`${base}/your-name`, { name: 'Susan Hall' })
    await susan.submit(`${base}/receiver`, { who: 'other', name: 'Ada' })
    app.at('2026-11-24T09:00:00Z')
    const begin = await susan.get('/setup')
    expect(begin.text).toContain('The calls to Ada')
    expect(begin.text).toContain('Last saved yesterday at 6pm.')
    expect((await susan.get(base!)).location).toBe(`${base}/numbers`)
    const drop = await susan.get(`${base}/drop`)
    expect(drop.h1).toBe('Throw away the calls to Ada?')
    expect((await susan.submit(`${base}/drop`, {}, { page: drop })).location).toBe('/services')
    expect((await susan.get(base!)).status).toBe(404)
  })
})

test('a changed answer opens what no longer fits, and keeps the rest', async () => {
  const base = await answered(app, susan)
  const changed = await susan.submit(`${base}/calls/1/kind?from=check`, { kind: 'reminder' })
  expect(changed.location).toBe(`${base}/calls/1/preset?from=check`)
  const chosen = await susan.submit(`${base}/calls/1/preset?from=check`, { preset: 'lunch' })
  expect(chosen.location).toBe(`${base}/check`)
  expect((await susan.get(`${base}/check`)).text).toContain('Every day at 9:30am')
})

test('a day that passes before the button is pressed is asked again', async () => {
  await later(async (app, susan) => {
    const base = await answered(app, susan)
    await susan.submit(`${base}/calls/1/days`, {
      days: 'one',
      'date-day': '24',
      'date-month': '11',
      'date-year': '2026',
    })
    const check = await susan.get(`${base}/check`)
    app.at('2026-11-24T12:00:00Z')
    const late = await susan.submit(`${base}/check`, {}, { page: check, press: 'Agree and start' })
    expect(late.location).toBe(`${base}/calls/1/time`)
    app.at('2026-11-25T12:00:00Z')
    expect((await susan.get(`${base}/check`)).location).toBe(`${base}/calls/1/days`)
  })
})

test('the page after a number or a time says it back', async () => {
  const base = await answered(app, susan)
  expect((await susan.get(`${base}/calls/1/kind`)).text).toMatch(/^We ring Ada on 01632.960101\. Change/)
  expect((await susan.get(`${base}/calls/1/message`)).text).toMatch(/^Every day at 9:30am\. Change/)
})

test('Back leads to the question before, or to the page with the Change link', async () => {
  const base = await answered(app, susan)
  const back = (page: Page) =>
    /class="govuk-back-link"[^>]*|href="([^"]*)" class="govuk-back-link"/.exec(page.html)?.[1]
  expect(back(await susan.get(`${base}/numbers`))).toBe(`${base}/receiver`)
  expect(back(await susan.get(`${base}/numbers?from=check`))).toBe(`${base}/check`)
  expect(back(await susan.get(`${base}/alerts/me?from=check`))).toBe(`${base}/alerts?from=check`)
  expect(back(await susan.get(`${base}/check`))).toBe(`${base}/notes`)
})

// -------------------------------------------------------------------------------------------------------- recordings

async function record(base: string, file: File | null): Promise<Page> {
  await susan.submit(`${base}/calls/1/message`, { heard: 'recording' })
  return susan.submit(`${base}/calls/1/recording`, (file ? { recording: file } : {}) as Fields)
}

test('a recording is sent as a file, heard as the telephone plays it, by its maker only, and kept', async () => {
  const base = await answered(app, susan)
  expect((await record(base, speech())).location).toBe(`${base}/calls/1/listen`)
  const listen = await susan.get(`${base}/calls/1/listen`)
  const address = /<audio[^>]*src="([^"]*)"/.exec(listen.html)![1]!
  expect((await susan.get(address)).status).toBe(200)
  expect((await susan.get(`${base}/check`)).location).toBe(`${base}/calls/1/listen`)
  susan.as(mail('mallory'))
  expect((await susan.get(address)).status).toBe(404)
  susan.as(mail('susan'))
  await susan.submit(`${base}/calls/1/listen`, {})
  const serviceId = await start(base)
  const people = await app.db.in(families, (tx) => stakeholdersOf(tx, serviceId))
  expect(people.find(({ name }) => name === 'Susan Hall')!.roles).toContain('recorder')
})

test('a silent recording, no file and something else are refused with the reason', async () => {
  const base = await answered(app, susan)
  const silence = new File([encodeWav({ sampleRate: 16_000, samples: new Float32Array(32_000) })], 'a.wav')
  expect((await record(base, silence)).text).toContain('We could hardly hear anything.')
  const page = await record(base, null)
  expect([page.status, page.html.includes('href="#recording"')]).toEqual([422, true])
  expect((await record(base, new File(['no sound'], 'a.txt'))).status).toBe(422)
})

test('a recording that another takes the place of is erased, and so is one that is thrown away', async () => {
  const base = await answered(app, susan)
  const idOf = async () =>
    /recordings\/([0-9a-f-]+)/.exec((await susan.get(`${base}/calls/1/listen`)).html)![1]!
  await record(base, speech())
  const first = await idOf()
  await record(base, speech(2, 300))
  const second = await idOf()
  expect(await recordingAudio(app, families, first)).toBeNull()
  expect(await recordingAudio(app, families, second)).not.toBeNull()
  await susan.submit(`${base}/drop`, {})
  expect(await recordingAudio(app, families, second)).toBeNull()
})

test('recorded another day: a ready-made message stands in and the check page says so', async () => {
  const base = await answered(app, susan)
  await susan.submit(`${base}/calls/1/message`, { heard: 'recording' })
  await susan.submit(`${base}/calls/1/recording`, { later: 'yes' })
  expect((await susan.get(`${base}/check`)).text).toContain(
    'There is no recording yet. Until there is one, we play the ready-made message “Are you all right?”.',
  )
  await start(base)
})

// ---------------------------------------------------------------------------------------------------- changing a service

/** From the service to its check page. @returns '/setup/ID' */
async function change(serviceId: string): Promise<string> {
  const { location } = await susan.get(`/services/${serviceId}/change`)
  return location!.replace(/\/check$/, '')
}

const save = (base: string) => susan.submit(`${base}/check`, {}, { press: 'Save the changes' })

test('an existing service is changed on the same pages, and its waiting calls follow', async () => {
  const serviceId = await start(await answered(app, susan))
  const before = await app.db.in(families, (tx) => schedulesOf(tx, serviceId))
  const base = await change(serviceId)
  const check = await susan.get(`${base}/check`)
  expect(check.h1).toBe('Change the calls to Ada')
  expect(check.text).not.toContain('not saved yet')
  await susan.submit(`${base}/calls/1/time?from=calls`, { time: '10am' })
  await susan.submit(`${base}/receiver?from=check`, { who: 'other', name: 'Mum' })
  await susan.submit(`${base}/alerts/new`, { name: 'Ben', phone: '01632 960205' })
  expect((await susan.get(`${base}/check`)).text).toContain('not saved yet')
  expect(await waiting(serviceId)).toEqual(['2026-11-24 09:30'])
  expect((await save(base)).location).toBe(`${base}/done`)
  expect((await susan.get(`${base}/done`)).h1).toBe('The calls to Mum are changed')
  expect(await waiting(serviceId)).toEqual(['2026-11-24 10:00'])
  await app.db.in(families, async (tx) => {
    const after = await schedulesOf(tx, serviceId)
    expect(after).toMatchObject([{ id: before[0]!.id, localTime: '10:00', messageId: before[0]!.messageId }])
    expect((await servicePlan(tx, serviceId)).receiverName).toBe('Mum')
    expect((await stakeholdersOf(tx, serviceId)).map(({ name, step }) => [name, step])).toEqual([
      ['Susan Hall', 1],
      ['Ben', 2],
      ['Mum', null],
    ])
  })
  expect(await services()).toHaveLength(1)
})

test('calls are added, taken away and given another message; what is not changed is not touched', async () => {
  const serviceId = await start(await answered(app, susan))
  const base = await change(serviceId)
  await susan.submit(`${base}/calls`, { do: 'add' })
  const key =
    /calls\/(\d+)\/kind/.exec((await susan.get(`${base}/calls`)).html.split('Another call')[1] ?? '')?.[1] ??
    '3'
  await susan.submit(`${base}/calls/${key}/kind`, { kind: 'reminder' })
  await susan.submit(`${base}/calls/${key}/days`, { days: 'every' })
  await susan.submit(`${base}/calls/${key}/time`, { time: '1pm' })
  await susan.submit(`${base}/calls/${key}/message`, { heard: 'preset' })
  await susan.submit(`${base}/calls/${key}/preset`, { preset: 'lunch' })
  await save(base)
  expect(await waiting(serviceId)).toEqual(['2026-11-24 09:30', '2026-11-24 13:00'])

  const again = await change(serviceId)
  expect(again).not.toBe(base)
  await susan.submit(`${again}/calls`, { do: 'remove:1' })
  await susan.submit(`${again}/calls/2/message`, { heard: 'spoken' })
  await susan.submit(`${again}/calls/2/text`, { text: 'Lunch is in the oven.' })
  await save(again)
  expect(await waiting(serviceId)).toEqual(['2026-11-24 13:00'])
})

test('leaving without saving changes nothing, and a change begun is gone on with', async () => {
  const serviceId = await start(await answered(app, susan))
  const base = await change(serviceId)
  await susan.submit(`${base}/numbers?from=check`, { first: '01632 960155' })
  expect(await change(serviceId)).toBe(base)
  const left = await susan.submit(`${base}/check`, {}, { press: 'Leave without saving' })
  expect(left.location).toBe(`/services/${serviceId}`)
  expect((await app.db.in(families, (tx) => servicePlan(tx, serviceId))).phones).toEqual(['+441632960101'])
  expect(await change(serviceId)).not.toBe(base)
})

test('only who set it up may change it; for anybody else it does not exist', async () => {
  const base = await answered(app, susan)
  await susan.submit(`${base}/alerts/new`, { name: 'Ben', email: mail('ben') })
  const serviceId = await start(base)
  susan.as(mail('ben'))
  const refused = await susan.get(`/services/${serviceId}/change`)
  expect([refused.status, refused.text.includes('Only Susan Hall')]).toEqual([403, true])
  susan.as(mail('mallory'))
  expect((await susan.get(`/services/${serviceId}/change`)).status).toBe(404)
  expect((await susan.get('/services/x/change')).status).toBe(404)
  susan.as(null)
  expect((await susan.get(`/services/${serviceId}/change`)).location).toBe(
    `/signin?next=/services/${serviceId}/change`,
  )
})

test('a change by somebody else meanwhile is shown before it is overwritten', async () => {
  const serviceId = await start(await answered(app, susan))
  const base = await change(serviceId)
  await susan.submit(`${base}/numbers?from=check`, { first: '01632 960155' })
  await app.db.in(families, (tx) =>
    tx.sql.updateTable('service').set({ ring_seconds: 60 }).where('id', '=', serviceId).execute(),
  )
  const warned = await save(base)
  expect([warned.status, warned.text.includes('Somebody else has changed')]).toEqual([422, true])
  expect((await app.db.in(families, (tx) => servicePlan(tx, serviceId))).phones).toEqual(['+441632960101'])
  expect(
    (await susan.submit(`${base}/check`, {}, { page: warned, press: 'Save the changes' })).location,
  ).toBe(`${base}/done`)
  expect((await app.db.in(families, (tx) => servicePlan(tx, serviceId))).phones).toEqual(['+441632960155'])
})

test('roles that the wizard does not ask for stay with those who had them', async () => {
  const serviceId = await start(await answered(app, susan))
  const [me] = await personsEverywhere(app, mail('susan'))
  await app.db.in(families, (tx) =>
    tx.sql
      .updateTable('stakeholder')
      .set({ roles: ['creator', 'alert receiver', 'report receiver', 'payee'] })
      .where('person_id', '=', me!.id)
      .execute(),
  )
  const base = await change(serviceId)
  await susan.submit(`${base}/alerts`, { do: 'remove:2' })
  await susan.submit(`${base}/alerts`, { who: 'nobody' })
  await save(base)
  const people = await app.db.in(families, (tx) => stakeholdersOf(tx, serviceId))
  expect(people.find(({ name }) => name === 'Susan Hall')!.roles).toEqual([
    'creator',
    'report receiver',
    'payee',
  ])
})

test('the numbers of a person who belongs to somebody else’s service are not changed by typing their address', async () => {
  // Ben has set up calls to his father, and is told about them
  const ben = walker(app, mail('ben'))
  const bens = await answered(app, ben)
  await ben.submit(`${bens}/check`, {}, { press: 'Agree and start' })
  const before = await personsEverywhere(app, mail('ben'))
  const base = await answered(app, susan)
  await susan.submit(`${base}/alerts/new`, {
    name: 'Not Ben',
    phone: '07700 900666',
    email: mail('ben'),
  })
  const serviceId = await start(base)
  const after = await personsEverywhere(app, mail('ben'))
  expect(after).toHaveLength(2)
  expect(after[0]).toEqual(before[0])

  // and once he signs in and uses what Susan entered for himself, she cannot change it under him
  const contact = after[1]!
  await app.db.in(families, async (tx) => {
    const [service] = await servicesFor(app, before)
    await tx.sql
      .insertInto('stakeholder')
      .values({
        organisation_id: families.organisationId,
        service_id: service!.serviceId,
        person_id: contact.id,
        roles: ['report receiver'],
        step: null,
        channels: [],
      })
      .execute()
  })
  const changing = await change(serviceId)
  await susan.submit(`${changing}/alerts/3`, { phone: '07700 900777' })
  await save(changing)
  const now = await personsEverywhere(app, mail('ben'))
  expect(now.find(({ id }) => id === contact.id)!.phone).toBe('+447700900666')
  expect(now).toHaveLength(3)
})

test('the answers of the other tests are those of the whole way', async () => {
  const [way, short] = [await answerAll(susan), await answered(app, susan)]
  const persons = await personsEverywhere(app, mail('susan'))
  const saved = async (base: string) =>
    readAnswers((await setupFor(app, persons, base.split('/').at(-1)!))!.answers)
  expect({ ...(await saved(way)), last: null }).toEqual(await saved(short))
})
