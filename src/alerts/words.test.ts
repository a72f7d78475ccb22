import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AttemptResult } from '../db/tables.ts'
import { segments } from '../kit/gsm7.ts'
import { type AlertFacts, mails, replies, spoken, texts, whatHappened, whatWasFound } from './words.ts'

const found = (...results: AttemptResult[]): AlertFacts['attempts'] =>
  results.map((result) => ({ result, at: new Date('2026-11-24T09:30:00Z') }))

const facts: AlertFacts = {
  receiverName: 'Ada',
  reason: 'missed',
  dueAt: new Date('2026-11-24T09:30:00Z'),
  localTime: '09:30',
  timeZone: 'Europe/London',
  attempts: found('rang out', 'rang out', 'rang out'),
  accessNotes: 'Key safe by the back door, 2580',
}

/** The basic table and the extension of the telephone's own alphabet (3GPP TS 23.038); what is not in it doubles the price. */
const gsm7 = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/

test('the text of an alert', () => {
  expect(texts.alert(facts, null)).toBe(
    'CallAssist: Ada did not answer the 9:30am call. We rang 3 times. Reply OK if you will see to it.',
  )
  expect(texts.alert({ ...facts, reason: 'not placed', attempts: found('not placed') }, null)).toBe(
    'CallAssist: We could not place the 9:30am call to Ada, so we do not know how Ada is. Reply OK if you will see to it.',
  )
  expect(texts.alert({ ...facts, reason: 'help requested', attempts: found('help requested') }, null)).toBe(
    'CallAssist: Ada asked for help in the 9:30am call. Reply OK if you will see to it.',
  )
})

test('texts fit one part in the plain alphabet, however long the names, and tell nobody how to get in', () => {
  const word = fc.stringMatching(/^[A-Z][a-z’'-]{0,40}$/)
  const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' ').slice(0, 80))
  const reason = fc.constantFrom<AlertFacts['reason'][]>('missed', 'not placed', 'help requested')
  const result = fc.constantFrom<AttemptResult[]>(
    'rang out',
    'busy',
    'voicemail',
    'answered without a key',
    'not placed',
  )
  fc.assert(
    fc.property(
      name,
      name,
      reason,
      fc.array(result, { maxLength: 6 }),
      fc.constantFrom(null, '27'),
      (receiverName, byName, why, attempts, code) => {
        const told = [
          texts.alert({ ...facts, receiverName, reason: why, attempts: found(...attempts) }, code),
          texts.accepted(byName, receiverName),
          texts.helpWanted(byName, receiverName, code),
          texts.allClear('she is fine', byName, receiverName),
          texts.allClear('all-clear', null, receiverName),
          texts.reminder(receiverName, code),
          texts.askedForHelp(receiverName),
        ]
        for (const text of told) {
          expect(segments(text)).toBe(1)
          expect(text.length).toBeLessThanOrEqual(160)
          expect(text).toMatch(gsm7)
          expect(text).not.toContain('2580')
        }
      },
    ),
  )
})

const bert = { ...facts, receiverName: 'Bert' }

test('the text of several alerts says of each how to take it, in one part where that can be', () => {
  const listed = [
    { facts, code: '27', helper: null },
    { facts: bert, code: '38', helper: null },
  ]
  expect(texts.alerts(listed)).toBe(
    'CallAssist: Ada and Bert did not answer the 9:30am call. If you will see to it, reply OK 27 for Ada, OK 38 for Bert, or OK ALL for both.',
  )
  expect(texts.alerts([listed[0]!, { ...listed[1]!, facts: { ...bert, reason: 'help requested' } }])).toBe(
    'CallAssist: Ada did not answer the 9:30am call. Bert asked for help in the 9:30am call. Reply OK 27 for Ada, OK 38 for Bert, or OK ALL for both.',
  )
  const twice = [listed[0]!, { ...listed[1]!, facts: { ...facts, localTime: '09:31' } }]
  expect(texts.alerts(twice)).toContain(
    'OK 27 for Ada at 9:30am, OK 38 for Ada at 9:31am, or OK ALL for both.',
  )
  const three = [...listed, { facts: { ...facts, receiverName: 'Cleo' }, code: '49', helper: null }]
  expect(texts.alerts(three)).toContain('or OK ALL for all three.')
  expect(texts.alerts([listed[0]!, { ...listed[1]!, helper: 'Cara' }])).toContain(
    'Ada did not answer the 9:30am call. Cara asks for help with Bert.',
  )
  // no codes left, or two organisations gave the same: the names must do
  expect(texts.alerts(listed.map((one) => ({ ...one, code: '27' })))).toContain('OK Ada, OK Bert, or OK ALL')
  for (const text of [texts.alerts(listed), texts.alerts(three)]) {
    expect(segments(text)).toBe(1)
    expect(text).not.toContain('2580')
  }
})

test('the answer to an acceptance says how to get in and which alerts wait', () => {
  const inHand = [{ receiverName: 'Ada', code: '27' }]
  const waiting = (...names: string[]) =>
    names.map((receiverName, at) => ({ receiverName, code: `${3 + at}8` }))
  expect(replies.thanks('Ben', [facts], { waiting: [], inHand })).toBe(
    'CallAssist: Thank you, Ben. You are seeing to Ada. How to get in: Key safe by the back door, 2580. Reply FINE when all is well.',
  )
  expect(
    replies.thanks('Ben', [{ ...facts, accessNotes: null }], { waiting: waiting('Bert'), inHand }),
  ).toContain('1 more alert waits. Reply OK again for Bert.')
  expect(replies.thanks('Ben', [facts], { waiting: waiting('Bert', 'Cleo'), inHand })).toContain(
    '2 more alerts wait. Reply OK 38 for Bert, OK 48 for Cleo, or OK ALL for both.',
  )
  expect(replies.thanks('Ben', [facts, bert], { waiting: [], inHand: [...inHand, ...waiting('Bert')] })).toBe(
    'CallAssist: Thank you, Ben. You are seeing to Ada and Bert. How to get in to Ada: Key safe by the back door, 2580. How to get in to Bert: Key safe by the back door, 2580. When all is well reply FINE 27 for Ada, FINE 38 for Bert, or FINE ALL for both.',
  )
})

test('long notes are cut between words in a text, and it says where to hear the rest', () => {
  const accessNotes = 'The key is with Joan at number 3, who is mostly in before noon. '.repeat(20)
  const inHand = [{ receiverName: 'Ada', code: '38' }]
  const one = replies.thanks('Ben', [{ ...facts, accessNotes }], { waiting: [], inHand })
  expect(one).toMatch(/ [A-Za-z0-9]+,?\.\.\. Ring this number to hear the rest\. Reply FINE/)
  expect(segments(one)).toBeLessThanOrEqual(3)
  const many = ['Ada', 'Bert', 'Cleo', 'Dov'].map((receiverName) => ({ ...facts, receiverName, accessNotes }))
  const all = replies.thanks('Ben', many, { waiting: inHand, inHand })
  expect(all.length).toBeLessThan(1000)
  expect(all).toContain('How to get in to Dov: The key is with Joan')
})

test('what was found counts only what reached the telephone network', () => {
  expect(whatWasFound({ attempts: found() })).toBe('')
  expect(whatWasFound({ attempts: found('not placed', 'cancelled') })).toBe('')
  expect(whatWasFound({ attempts: found('rang out') })).toBe('We rang once.')
  expect(whatWasFound({ attempts: found('busy', 'busy') })).toBe('We rang twice. Twice the line was engaged.')
})

test('no sentence takes the receiver for a woman or a man', () => {
  const all = [
    whatHappened(facts),
    whatWasFound({ attempts: found('rang out', 'answered without a key', 'rejected', 'unreachable number') }),
    texts.alert(facts, null),
    texts.allClear('she is fine', 'Ben', 'Ada'),
    replies.already('Ben', []),
    replies.fine(['Ada']),
    spoken.howDidItGo('Ada'),
    spoken.notedFine('Ada'),
    mails.reminder('Ada'),
  ]
  for (const sentence of all) expect(sentence).not.toMatch(/\b(she|he|her|him|his)\b/i)
})

test('somebody who was written to, and somebody who asked for help of their own accord', () => {
  const by = (change: Partial<AlertFacts>) => {
    const changed = { ...facts, attempts: [], ...change }
    return [whatHappened(changed), texts.alert(changed, null)]
  }
  expect(by({ asked: 'text' })).toEqual([
    'Ada did not answer the text at 9:30am.',
    expect.stringContaining('Ada did not answer the 9:30am text.'),
  ])
  expect(by({ asked: 'nothing', reason: 'help requested' })).toEqual([
    'Ada asked for help at 9:30am.',
    expect.stringContaining('Ada asked for help at 9:30am.'),
  ])
  expect(by({ asked: 'text', reason: 'help requested' })[0]).toBe(
    'Ada asked for help in answer to the text at 9:30am.',
  )
})

const due = (at: string, became: 'missed' | 'not placed' | 'help requested' = 'not placed') => ({
  dueAt: new Date(`2026-11-${at}:00Z`),
  localTime: at.slice(3),
  became,
})
const several: AlertFacts = {
  ...facts,
  reason: 'not placed',
  attempts: [],
  calls: [due('24T09:00'), due('24T13:00'), due('24T18:00')],
}

test('an alert about several calls names them all', () => {
  expect(whatHappened(several)).toBe(
    'We could not place three calls to Ada, at 9am, 1pm and 6pm, so we do not know how Ada is.',
  )
  expect(mails.subject.alert(several)).toBe(
    'We could not place three calls to Ada, at 9am, 1pm and 6pm: will you see to it?',
  )
  const days = { ...several, calls: [due('24T13:00'), due('24T18:00'), due('25T09:00')] }
  expect(whatHappened(days)).toContain('at 1pm and 6pm on Tuesday and 9am on Wednesday')
  const many = Array.from({ length: 8 }, (_, n) => due(`2${Math.floor(n / 2)}T09:0${n}`))
  expect(whatHappened({ ...several, calls: many })).toBe(
    'We could not place eight calls to Ada, from 9am on Friday to 9:07am on Monday, so we do not know how Ada is.',
  )
})

test('and never says of a call that was not placed that she did not answer it', () => {
  const missed: AlertFacts = {
    ...several,
    reason: 'missed',
    calls: [due('24T09:00'), due('24T13:00', 'missed')],
  }
  expect(whatHappened(missed)).toBe(
    'Ada did not answer the call at 1pm. We could not place the call to Ada at 9am.',
  )
  expect(mails.subject.alert(missed)).toBe('Ada did not answer the call at 1pm: will you see to it?')
})

test('the text about several calls fits one part with an ordinary name', () => {
  const text = texts.alert(several, '27')
  expect(text).toBe(
    'CallAssist: We could not place three calls to Ada, at 9am, 1pm and 6pm, so we do not know how Ada is. Reply OK 27 if you will see to it.',
  )
  expect(segments(text)).toBe(1)
  expect(segments(texts.alert({ ...several, receiverName: 'Clementine Fotheringay-Smythe' }, '27'))).toBe(1)
})
