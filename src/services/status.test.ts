import { expect, test } from 'vitest'
import type { AlertView } from '../alerts/alerts.ts'
import type { AttemptView, CallView } from '../calls/calls.ts'
import { lastBefore, moodOf, saysNext, type TodayFacts, today } from './status.ts'
import { attemptSentence } from './words.ts'

const at = (time: string) => new Date(`2026-11-24T${time}:00Z`)

const attempt = (over: Partial<AttemptView> = {}): AttemptView => ({
  id: 'a',
  number: 1,
  way: 'call',
  toNumber: '+441632960101',
  startedAt: at('09:30'),
  rangAt: at('09:30'),
  answeredAt: new Date('2026-11-24T09:30:08Z'),
  endedAt: at('09:31'),
  result: 'acknowledged',
  keys: '1',
  lineState: 'ended',
  outgoingId: 'o',
  lineResult: null,
  lineCode: null,
  ...over,
})

const call = (over: Partial<CallView> = {}): CallView => ({
  id: 'c',
  serviceId: 's',
  scheduleId: 'x',
  kind: 'check-in',
  isTest: false,
  by: 'call',
  localDate: '2026-11-24',
  localTime: '09:30',
  dueAt: at('09:30'),
  usefulUntil: at('10:30'),
  state: 'closed',
  wakeAt: null,
  outcome: 'acknowledged',
  outcomeAt: at('09:30'),
  acknowledgedAt: at('09:30'),
  acknowledgedBy: null,
  past: null,
  skipReason: null,
  attempts: [attempt()],
  ...over,
})

const facts = (over: Partial<TodayFacts> = {}): TodayFacts => ({
  name: 'Ada',
  zone: 'Europe/London',
  now: at('12:00'),
  today: '2026-11-24',
  calls: [call()],
  next: null,
  testNow: null,
  alert: null,
  settled: null,
  pausedUntil: null,
  ended: false,
  ...over,
})

const waiting = call({
  state: 'waiting',
  outcome: null,
  attempts: [],
  dueAt: at('18:00'),
  localTime: '18:00',
  wakeAt: at('18:00'),
})

test('answered today is good news in one sentence', () => {
  expect(today(facts())).toEqual({
    mood: 'good',
    title: 'Ada answered at 9:30am after 8 seconds and pressed 1.',
  })
})

test('an alert comes before everything else', () => {
  const alert = { state: 'open', reason: 'missed', localTime: '09:30' } as AlertView
  expect(today(facts({ alert, pausedUntil: 'Friday' }))).toMatchObject({
    mood: 'bad',
    title: 'Ada did not answer the 9:30am call. We are finding somebody.',
  })
})

test('an alert that is over ends the worry', () => {
  const missed = call({ outcome: 'missed', acknowledgedAt: null })
  const settled = {
    state: 'closed',
    reason: 'missed',
    localTime: '09:30',
    closedHow: 'she is fine',
    closedBy: { personId: 'b', name: 'Ben' },
  } as AlertView
  const good = {
    mood: 'good',
    title: 'Ada did not answer the 9:30am call. Ben told us that Ada is all right.',
  }
  expect(today(facts({ calls: [missed], settled }))).toEqual(good)
  expect(today(facts({ calls: [missed] })).mood).toBe('bad')
  expect(lastBefore(facts({ calls: [{ ...missed, localDate: '2026-11-23' }], settled }))).toContain(
    good.title,
  )
})

test('a call under way says what happens now and when it goes on', () => {
  const resting = call({
    state: 'resting',
    outcome: null,
    wakeAt: at('09:35'),
    attempts: [attempt({ result: 'rang out', answeredAt: null, keys: '' })],
  })
  expect(today(facts({ calls: [resting] })).title).toBe('No answer yet. We ring Ada again at 9:35am.')
  const ringing = call({
    state: 'ringing',
    outcome: null,
    attempts: [attempt({ result: null, lineState: 'ringing', answeredAt: null })],
  })
  expect(today(facts({ calls: [ringing] })).title).toBe("Ada's telephone is ringing now.")
})

test('before the first call of the day the next one is named once, and the last one beside it', () => {
  const shown = facts({
    now: at('08:00'),
    calls: [call({ localDate: '2026-11-23', dueAt: new Date('2026-11-23T09:30:00Z') })],
    next: waiting,
  })
  expect(today(shown)).toEqual({ mood: 'waiting', title: 'We call Ada next today at 6pm' })
  expect(saysNext(shown)).toBe(true)
  expect(lastBefore(shown)).toMatch(/^The last call was yesterday at 9:30am: Ada answered/)
})

test('not placed never reads as if she had not answered', () => {
  const notPlaced = call({
    outcome: 'not placed',
    acknowledgedAt: null,
    attempts: [attempt({ result: 'not placed', rangAt: null, answeredAt: null, keys: '' })],
  })
  expect(moodOf(notPlaced)).toBe('bad')
  expect(today(facts({ calls: [notPlaced] })).title).toMatch(
    /^We could not make the 9:30am call to Ada\. That is our fault or the telephone company’s, and says nothing about Ada\./,
  )
})

test('a test call is called a test', () => {
  const testNow = call({
    isTest: true,
    state: 'ringing',
    outcome: null,
    attempts: [attempt({ result: null, lineState: 'ringing', answeredAt: null })],
  })
  expect(today(facts({ calls: [], testNow })).title).toBe("Test: Ada's telephone is ringing now.")
})

test.each([
  ['rang out', 'Ring 1, 9:30am: it rang and nobody answered.'],
  ['busy', 'Ring 1, 9:30am: the line was engaged.'],
  ['voicemail', 'Ring 1, 9:30am: an answerphone took the call.'],
  ['rejected', 'Ring 1, 9:30am: the call was turned away.'],
  ['unreachable number', 'Ring 1, 9:30am: the number could not be reached.'],
  [
    'answered without a key',
    'Ring 1, 9:30am: somebody answered for 52 seconds but pressed no key, so we cannot know who it was.',
  ],
] as const)('an attempt that found %s is a sentence of its own', (result, sentence) => {
  expect(attemptSentence(attempt({ result, keys: '' }), 'Europe/London', ['+441632960101'])).toBe(sentence)
})

test('what became of a text is said: waiting, sent, delivered, answered, or why not', () => {
  const text = (over: Partial<AttemptView>) =>
    attemptSentence(
      attempt({ way: 'text', rangAt: null, answeredAt: null, endedAt: null, keys: '', ...over }),
      'Europe/London',
      ['+447700900301'],
    )
  expect(text({ result: null, lineState: 'waiting' })).toBe(
    'Text 1, 9:30am: waiting for the line to be free.',
  )
  expect(text({ result: null, lineState: 'placed' })).toBe('Text 1, 9:30am: sent, and not delivered yet.')
  expect(text({ result: 'no reply', lineResult: 'delivered' })).toContain('it was delivered, and no reply')
  expect(text({ result: 'no reply', lineResult: 'sent' })).toContain(
    'whether it was delivered nobody has told us',
  )
  expect(text({ result: 'acknowledged', lineResult: 'delivered' })).toContain('it was answered')
  for (const [lineCode, why] of [
    ['30006', 'takes no texts'],
    ['30003', 'switched off'],
    ['opted out', 'asked for no more texts'],
    ['21610', 'asked for no more texts'],
    ['30007', 'held it back'],
    ['12345', 'our fault'],
  ])
    expect(
      text({ result: 'unreachable number', lineResult: 'not delivered', lineCode: lineCode! }),
    ).toContain(why)
  expect(text({ result: 'not placed', lineResult: 'not placed' })).toContain('it was not sent')
})

test('a service by text speaks of texts', () => {
  const written = attempt({
    way: 'text',
    result: 'no reply',
    rangAt: null,
    answeredAt: null,
    lineResult: 'delivered',
  })
  const waits = call({
    by: 'text',
    state: 'resting',
    outcome: null,
    acknowledgedAt: null,
    wakeAt: at('09:35'),
    attempts: [written],
  })
  expect(today(facts({ calls: [waits] })).title).toBe(
    'We sent Ada a text and wait for the reply until 9:35am.',
  )
  const missed = call({ by: 'text', outcome: 'missed', acknowledgedAt: null, attempts: [written] })
  expect(today(facts({ calls: [missed] })).title).toBe('Ada did not answer the 9:30am text.')
  const answered = call({ by: 'text', attempts: [{ ...written, result: 'acknowledged' }] })
  expect(today(facts({ calls: [answered] })).title).toBe('Ada answered by text at 9:30am.')
})

test('a call that was lost while it rang is not said never to have rung', () => {
  const lost = { result: 'not placed', keys: '', answeredAt: null } as const
  const said = (more: Parameters<typeof attempt>[0]) =>
    attemptSentence(attempt({ ...lost, ...more }), 'Europe/London', ['+441632960101'])
  expect(said({})).toBe(
    'Ring 1, 9:30am: it rang, then the call was lost, and nobody could tell us how it ended.',
  )
  expect(said({ rangAt: null })).toMatch(/nobody could tell us whether it rang\.$/)
  expect(said({ rangAt: null, lineCode: 'ECONNREFUSED' })).toMatch(/the telephone company’s fault\.$/)
})
