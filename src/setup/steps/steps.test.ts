// What each question makes of what was typed. Pure: no database, no page.
import { expect, test } from 'vitest'
import type { SubmittedForm } from '../../web/form.ts'
import { type Answers, noAnswers, withCall } from '../answers.ts'
import type { Asking, Reading, Step } from '../step.tsx'
import { alerts, waysInWords } from './alerts.tsx'
import { byStep, isByAsked } from './by.tsx'
import { daysStep, kindStep, timeStep } from './call.tsx'
import { calls } from './calls.tsx'
import { contactStep, meStep } from './contact.tsx'
import { delivery, notes } from './last.tsx'
import { listenStep, messageStep, presetStep, recordingStep, textStep } from './message.tsx'
import { numbers, receiver, yourName } from './who.tsx'

const asking: Asking = {
  now: new Date('2026-11-23T18:00:00Z'),
  countries: ['GB', 'JE', 'GG', 'IM'],
  zone: 'Europe/London',
  alert: { stepMinutes: 5, rounds: 3 },
  creator: { personId: 'p', name: 'Susan', phone: null, email: 'susan@example.org' },
  keepRecording: async (wav) =>
    wav.length > 2 ? { ok: true, recordingId: 'kept' } : { ok: false, reason: 'Too short.' },
  ringForRecording: async ({ toNumber }) =>
    toNumber === '+447700900201' ? { ok: true, takeId: 'take' } : { ok: false, reason: 'Too often.' },
  chooseTake: async (takeId, path) => (`${path} ${takeId}` === 'calls/1/recording take' ? 'spoken' : null),
}

/** Ada is to be called on a landline; nothing else is answered. */
const begun: Answers = {
  ...noAnswers('Susan'),
  receiver: { isSelf: false, name: 'Ada' },
  phones: ['+441632960101'],
}

function form(fields: Record<string, string | string[]>, file?: Uint8Array): SubmittedForm {
  const all = (name: string) => [fields[name] ?? []].flat()
  return {
    all,
    text: (name) => all(name)[0] ?? '',
    file: () => (file ? { filename: 'a.wav', type: 'audio/wav', bytes: file } : null),
    has: (name) => name in fields,
    values: {},
    errors: [],
    id: null,
  }
}

const read = (step: Step, fields: Record<string, string | string[]>, a: Answers = begun): Reading =>
  step.read(form(fields), a, asking) as Reading

/** The answers, of what is taken. */
function taken(reading: Reading): Answers {
  if (!reading.ok) throw new Error(`refused: ${reading.errors.map(({ text }) => text).join()}`)
  return reading.answers
}

/** Which fields are refused. */
const refusedAt = (reading: Reading): string[] =>
  reading.ok ? ['taken'] : reading.errors.map(({ field }) => field)

const saying = (reading: Reading): string =>
  reading.ok ? '' : reading.errors.map(({ text }) => text).join(' ')

// ------------------------------------------------------------------------------------------------------------------ who

test('a name is needed, and is kept as it was typed', () => {
  expect(taken(read(yourName, { name: 'Susan O’Hara' })).yourName).toBe('Susan O’Hara')
  expect(refusedAt(read(yourName, { name: '' }))).toEqual(['name'])
  expect(refusedAt(read(yourName, { name: 'see http://example.org' }))).toEqual(['name'])
})

test('somebody else is named; for oneself the name is known', () => {
  expect(taken(read(receiver, { who: 'other', name: 'Ada' })).receiver).toEqual({
    isSelf: false,
    name: 'Ada',
  })
  expect(taken(read(receiver, { who: 'me', name: 'left over' })).receiver).toEqual({ isSelf: true, name: '' })
  expect(refusedAt(read(receiver, {}))).toEqual(['who'])
  expect(refusedAt(read(receiver, { who: 'other', name: ' ' }))).toEqual(['name'])
})

test('calls to oneself take the same person off the list of those who are told', () => {
  const listed = taken(read(meStep, { phone: '07700 900201', channels: ['call'] }))
  const self = taken(read(receiver, { who: 'me' }, { ...listed, areContactsSettled: true }))
  expect(self.contacts).toEqual([])
  expect(alerts.isDone(self, asking)).toBe(false)
})

test('one or two numbers are taken and shown back in national form', () => {
  const one = taken(read(numbers, { first: '01632960101', second: '' }))
  expect(one.phones).toEqual(['+441632960101'])
  expect(numbers.fill(one)).toEqual({ first: '01632 960101', second: '' })
  const two = taken(read(numbers, { first: '+44 1632 960101', second: '(07700) 900-102' }))
  expect(two.phones).toEqual(['+441632960101', '+447700900102'])
  expect(numbers.saidBack?.(two, asking)).toMatch(/^We ring Ada on 01632.960101 or 07700.900102\.$/)
})

test.each([
  ['0909 8790000', 'premium'],
  ['070 1234 5678', '070'],
  ['999', 'emergency'],
  ['960101', 'area code'],
  ['+33 1 70 36 39 50', 'cannot ring'],
  ['', 'telephone number'],
])('the number %s is refused with a reason', (first, reason) => {
  const refused = read(numbers, { first })
  expect(refusedAt(refused)).toEqual(['first'])
  expect(saying(refused)).toContain(reason)
})

test('the same number twice, and the number of somebody whom we tell, are refused', () => {
  expect(refusedAt(read(numbers, { first: '01632 960101', second: '+441632960101' }))).toEqual(['second'])
  const listed = taken(read(contactStep('new'), { name: 'Ben', phone: '01632 960205', channels: ['call'] }))
  expect(saying(read(numbers, { first: '01632 960205' }, listed))).toContain('Ben')
})

// ----------------------------------------------------------------------------------------------------------------- call

test('where there is a mobile it is asked whether we ring or write; a landline is not asked, and cannot be written to', () => {
  const mobile = { ...begun, phones: ['+441632960101', '+447700900301'] }
  expect(isByAsked(begun, begun.calls[0]!)).toBe(false)
  expect(isByAsked(mobile, mobile.calls[0]!)).toBe(true)
  for (const by of ['call', 'text', 'call then text', 'text then call'] as const)
    expect(taken(read(byStep('1'), { by }, mobile)).calls[0]!.by).toBe(by)
  expect(refusedAt(read(byStep('1'), {}, mobile))).toEqual(['by'])
  expect(saying(read(byStep('1'), { by: 'text' }))).toContain("Ada's number is a landline")
  // the mobile was taken away afterwards: the question comes back
  const lost = { ...taken(read(byStep('1'), { by: 'text' }, mobile)), phones: ['+441632960101'] }
  expect(isByAsked(lost, lost.calls[0]!)).toBe(true)
  expect(byStep('1').isDone(lost, asking)).toBe(false)
})

test('a ring and a text are two attempts at least', () => {
  const mobile = { ...begun, phones: ['+447700900301'] }
  const both = taken(read(byStep('1'), { by: 'text then call' }, mobile))
  const once = { attempts: '1', gapMinutes: '5', ringSeconds: '30', helpKey: 'none' }
  expect(refusedAt(read(delivery, once, both))).toEqual(['attempts'])
  const one = taken(read(delivery, once, mobile))
  expect(refusedAt(read(byStep('1'), { by: 'call then text' }, one))).toEqual(['by'])
  expect(taken(read(byStep('1'), { by: 'text' }, one)).calls[0]!.by).toBe('text')
})

test('a text carries no recording', () => {
  const written = withCall({ ...begun, phones: ['+447700900301'] }, '1', { by: 'text' })
  expect(refusedAt(read(messageStep('1'), { heard: 'recording' }, written))).toEqual(['heard'])
  expect(taken(read(messageStep('1'), { heard: 'preset' }, written)).calls[0]!.heard).toBe('preset')
  // chosen while it was still a call
  expect(messageStep('1').isDone(withCall(written, '1', { heard: 'recording' }), asking)).toBe(false)
})

test('a changed purpose keeps the message where it still fits', () => {
  const lunch = withCall(begun, '1', { kind: 'reminder', heard: 'preset', preset: 'lunch' })
  expect(taken(read(kindStep('1'), { kind: 'both' }, lunch)).calls[0]!.preset).toBe('lunch')
  const asked = taken(read(kindStep('1'), { kind: 'check-in' }, lunch))
  expect(asked.calls[0]).toMatchObject({ kind: 'check-in', heard: 'preset', preset: null })
  expect(refusedAt(read(kindStep('1'), { kind: 'nonsense' }))).toEqual(['kind'])
})

test('days of every sort', () => {
  const when = (fields: Record<string, string | string[]>) =>
    taken(read(daysStep('1'), fields)).calls[0]!.when
  expect(when({ days: 'every' })).toEqual({ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] })
  expect(when({ days: 'working' })).toEqual({ days: ['mon', 'tue', 'wed', 'thu', 'fri'] })
  expect(when({ days: 'some', day: ['sun', 'tue', 'moonday'] })).toEqual({ days: ['tue', 'sun'] })
  expect(when({ days: 'one', 'date-day': '24', 'date-month': '12', 'date-year': '2026' })).toEqual({
    date: '2026-12-24',
  })
  expect(refusedAt(read(daysStep('1'), {}))).toEqual(['days'])
  expect(refusedAt(read(daysStep('1'), { days: 'some' }))).toEqual(['day'])
  expect(
    refusedAt(read(daysStep('1'), { days: 'one', 'date-day': '1', 'date-month': '1', 'date-year': '2026' })),
  ).toEqual(['date'])
})

test('what was chosen is chosen again when the page comes back', () => {
  for (const fields of [
    { days: 'working' },
    { days: 'some', day: ['sat', 'sun'] },
    { days: 'one', 'date-day': '24', 'date-month': '12', 'date-year': '2026' },
  ]) {
    expect(daysStep('1').fill(taken(read(daysStep('1'), fields)))).toEqual(fields)
  }
})

const daily = withCall(begun, '1', { kind: 'check-in', when: { days: ['mon', 'tue'] } })

test.each([
  ['9.30', '09:30'],
  ['9:30am', '09:30'],
  ['0930', '09:30'],
  ['half nine', '09:30'],
  ['midday', '12:00'],
])('the time %s is understood and said back', (typed, time) => {
  const answers = taken(read(timeStep('1'), { time: typed }, daily))
  expect(answers.calls[0]!.time).toBe(time)
  expect(timeStep('1').saidBack?.(answers, asking)).toMatch(/^Mondays and Tuesdays at (9:30am|midday)\.$/)
})

test.each(['', 'half three', '25:00', 'soon'])('the time "%s" is refused with help', (time) => {
  const refused = read(timeStep('1'), { time }, daily)
  expect(refusedAt(refused)).toEqual(['time'])
  expect(saying(refused).length).toBeGreaterThan(20)
})

test('a time that is over on its one day is refused', () => {
  const today = withCall(begun, '1', { when: { date: '2026-11-23' } })
  expect(saying(read(timeStep('1'), { time: '5pm' }, today))).toContain('over today')
  expect(read(timeStep('1'), { time: '7pm' }, today).ok).toBe(true)
})

test('a day that has passed since is an open question again', () => {
  const call = withCall(begun, '1', { when: { date: '2026-11-22' }, time: '09:00' })
  expect(daysStep('1').isDone(call, asking)).toBe(false)
})

test('two calls never stand at one time of one day', () => {
  const two = {
    ...begun,
    calls: [
      { ...begun.calls[0]!, when: { days: ['mon' as const, 'tue' as const] }, time: '09:30' },
      { ...begun.calls[0]!, key: '2', when: { date: '2026-11-24' } },
    ],
  }
  expect(saying(read(timeStep('2'), { time: '9:30am' }, two))).toContain('9:30am')
  expect(read(timeStep('2'), { time: '9:31am' }, two).ok).toBe(true)
  const other = { ...two, calls: [two.calls[0]!, { ...two.calls[1]!, when: { date: '2026-11-25' } }] }
  expect(read(timeStep('2'), { time: '9:30am' }, other).ok).toBe(true)
})

// -------------------------------------------------------------------------------------------------------------- message

test('what is heard: a choice, then its own page', () => {
  expect(taken(read(messageStep('1'), { heard: 'spoken' })).calls[0]!.heard).toBe('spoken')
  expect(refusedAt(read(messageStep('1'), {}))).toEqual(['heard'])
  expect(taken(read(presetStep('1'), { preset: 'lunch' })).calls[0]!.preset).toBe('lunch')
  expect(refusedAt(read(presetStep('1'), { preset: 'no-such' }))).toEqual(['preset'])
  expect(taken(read(textStep('1'), { text: 'Hello, it is time for lunch.' })).calls[0]!.text).toBe(
    'Hello, it is time for lunch.',
  )
  expect(refusedAt(read(textStep('1'), { text: 'Hi' }))).toEqual(['text'])
  expect(saying(read(textStep('1'), { text: 'look at www.example.org today' }))).toContain('web')
})

test('a recording is kept, listened to, and kept for good or made again', async () => {
  const step = recordingStep('1')
  const kept = await step.read(form({}, new Uint8Array(9)), begun, asking)
  expect(kept).toMatchObject({ ok: true, goTo: 'calls/1/listen' })
  const answers = taken(kept)
  expect(answers.calls[0]).toMatchObject({ recordingId: 'kept', isKept: false })
  expect(answers.recordedHere).toEqual(['kept'])
  expect(listenStep('1').isDone(answers, asking)).toBe(false)
  expect(taken(read(listenStep('1'), {}, answers)).calls[0]!.isKept).toBe(true)
  expect(read(listenStep('1'), { again: 'yes' }, answers)).toMatchObject({ goTo: 'calls/1/recording' })
})

test('a recording that cannot be used, or none, is refused; another day is an answer', async () => {
  const step = recordingStep('1')
  expect(await step.read(form({}, new Uint8Array(1)), begun, asking)).toEqual({
    ok: false,
    errors: [{ field: 'recording', text: 'Too short.' }],
  })
  expect(refusedAt(await step.read(form({}), begun, asking))).toEqual(['recording'])
  const later = taken((await step.read(form({ later: 'yes' }), begun, asking)) as Reading)
  expect(step.isDone(later, asking)).toBe(true)
})

test('a recording by telephone: the line rings, its page follows, and what was recorded there is taken', async () => {
  const step = recordingStep('1')
  const ring = (number: string) => step.read(form({ ring: 'yes', number }), begun, asking)
  expect(await ring('07700 900201')).toEqual({ ok: true, answers: begun, goTo: '/takes/take' })
  expect(await ring('07700 900299')).toMatchObject({ errors: [{ field: 'number', text: 'Too often.' }] })
  expect(refusedAt(await ring('0900 123456'))).toEqual(['number'])
  const used = await step.read(form({ take: 'take' }), begun, asking)
  expect(used).toMatchObject({ answered: 'calls/1/listen' })
  expect(taken(used)).toMatchObject({ recordedHere: ['spoken'] })
  expect(taken(used).calls[0]).toMatchObject({ recordingId: 'spoken', isKept: true, isLater: false })
  expect(refusedAt(await step.read(form({ take: 'another' }), begun, asking))).toEqual([''])
})

test('calls are added up to eight and taken away down to one', () => {
  let answers = begun
  for (let i = 2; i <= 8; i++) answers = taken(read(calls, { do: 'add' }, answers))
  expect(answers.calls.map(({ key }) => key)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8'])
  expect(refusedAt(read(calls, { do: 'add' }, answers))).toEqual([''])
  const fewer = taken(read(calls, { do: 'remove:8' }, answers))
  expect(taken(read(calls, { do: 'add' }, fewer)).calls.at(-1)!.key).toBe('9')
  expect(refusedAt(read(calls, { do: 'remove:1' }))).toEqual([''])
})

// --------------------------------------------------------------------------------------------------------------- alerts

test('myself: the number is all that is asked', () => {
  const answers = taken(read(meStep, { phone: '07700 900201', channels: ['call', 'text', 'email'] }))
  expect(answers.contacts).toMatchObject([{ isMe: true, name: '', phone: '+447700900201', email: null }])
  expect(waysInWords(answers.contacts[0]!, asking.creator.email).join(' ')).toMatch(
    /^We ring and text 07700.900201\. We write to susan@example\.org\.$/,
  )
  const again = taken(read(meStep, { phone: '07700 900202', channels: ['call'] }, answers))
  expect(again.contacts).toHaveLength(1)
})

test('a landline gets no texts, and that is said', () => {
  const [ben] = taken(
    read(contactStep('new'), { name: 'Ben', phone: '01632 960205', channels: ['call', 'text'] }),
  ).contacts
  expect(waysInWords(ben!, '').at(-1)).toContain('landline')
  const onlyText = read(contactStep('new'), { name: 'Ben', phone: '01632 960205', channels: ['text'] })
  expect(refusedAt(onlyText)).toEqual(['channels'])
})

test.each([
  [{ name: 'Ben', channels: ['call'] }, ['phone']],
  [{ name: '', phone: '1', email: 'x', channels: ['call'] }, ['name', 'phone', 'email']],
  [{ name: 'Ben', phone: '07700 900202' }, ['channels']],
  [{ name: 'Ben', email: 'ben@example.org', channels: ['call'] }, ['phone']],
  [{ name: 'Ben', phone: '07700 900202', channels: ['email'] }, ['email']],
  [{ name: 'Ben', phone: '01632 960101', channels: ['call'] }, ['phone']],
])('a contact %j is refused at %j', (fields, at) => {
  expect(refusedAt(read(contactStep('new'), fields))).toEqual(at)
})

test('nobody is told twice over one number or address', () => {
  const me = taken(read(meStep, { phone: '07700 900201', channels: ['call', 'email'] }))
  const twice = { name: 'Sue', phone: '07700 900201', email: 'Susan@Example.org', channels: ['call'] }
  expect(refusedAt(read(contactStep('new'), twice, me))).toEqual(['phone', 'email'])
})

/** Ann, Ben, Cat: one after the other. */
function three(): Answers {
  return ['Ann', 'Ben', 'Cat'].reduce(
    (a, name, i) =>
      taken(read(contactStep('new'), { name, phone: `07700 90020${i}`, channels: ['call'] }, a)),
    begun,
  )
}
const order = (a: Answers) =>
  a.contacts.map(({ name, isTogether }) => `${isTogether ? '+' : ''}${name}`).join(' ')

test('the order is changed by buttons, and two can be told together', () => {
  const a = three()
  const [ann, ben, cat] = a.contacts.map(({ key }) => key)
  const press = (what: string, from = a) => taken(read(alerts, { do: what }, from))
  expect(order(press(`up:${cat}`))).toBe('Ann Cat Ben')
  expect(order(press(`down:${ann}`))).toBe('Ben Ann Cat')
  expect(order(press(`up:${ann}`))).toBe('Ann Ben Cat')
  const together = press(`join:${ben}`)
  expect(order(together)).toBe('Ann +Ben Cat')
  expect(order(press(`up:${ben}`, together))).toBe('Ben Ann Cat')
  expect(order(press(`leave:${ben}`, together))).toBe('Ann Ben Cat')
  expect(order(press(`remove:${ann}`, together))).toBe('Ben Cat')
  expect(order(press('up:no-such'))).toBe('Ann Ben Cat')
})

test('nobody is an answer, and taking the last one away asks again', () => {
  const nobody = taken(read(alerts, { who: 'nobody' }))
  expect(alerts.isDone(nobody, asking)).toBe(true)
  expect(refusedAt(read(alerts, {}))).toEqual(['who'])
  const one = taken(read(meStep, { phone: '07700 900201', channels: ['call'] }))
  const settled = taken(read(alerts, {}, one))
  expect(alerts.isDone(settled, asking)).toBe(true)
  const left = taken(read(alerts, { do: `remove:${one.contacts[0]!.key}` }, settled))
  expect(alerts.isDone(left, asking)).toBe(false)
})

test('ten people are the most', () => {
  let a = begun
  for (let i = 0; i < 10; i++) {
    const fields = { name: `N${i}x`, phone: `07700 9002${10 + i}`, channels: ['call'] }
    a = taken(read(contactStep('new'), fields, a))
  }
  const eleventh = { name: 'Too many', phone: '07700 900299', channels: ['call'] }
  expect(refusedAt(read(contactStep('new'), eleventh, a))).toEqual([''])
})

// ----------------------------------------------------------------------------------------------------------------- last

test('notes may be empty and are then answered', () => {
  expect(taken(read(notes, { notes: '' })).notes).toBe('')
  expect(taken(read(notes, { notes: 'Key safe\nDog' })).notes).toBe('Key safe\nDog')
  expect(refusedAt(read(notes, { notes: 'x'.repeat(501) }))).toEqual(['notes'])
})

test('how we ring stays within its limits', () => {
  const good = { attempts: '6', gapMinutes: '60', ringSeconds: '120', helpKey: '9' }
  expect(taken(read(delivery, good)).delivery).toEqual({
    attempts: 6,
    gapMinutes: 60,
    ringSeconds: 120,
    helpKey: '9',
  })
  const bad = { attempts: '7', gapMinutes: '0', ringSeconds: 'long', helpKey: '#' }
  expect(refusedAt(read(delivery, bad))).toEqual(['attempts', 'gapMinutes', 'ringSeconds', 'helpKey'])
})
