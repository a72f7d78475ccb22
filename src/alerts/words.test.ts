import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AttemptResult } from '../db/tables.ts'
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
  expect(texts.alert(facts)).toBe(
    'CallAssist: Ada did not answer the 9:30am call. We rang 3 times. Reply OK if you will see to it.',
  )
  expect(texts.alert({ ...facts, reason: 'not placed', attempts: found('not placed') })).toBe(
    'CallAssist: We could not place the 9:30am call to Ada, so we do not know how Ada is. Reply OK if you will see to it.',
  )
  expect(texts.alert({ ...facts, reason: 'help requested', attempts: found('help requested') })).toBe(
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
      (receiverName, byName, why, attempts) => {
        const told = [
          texts.alert({ ...facts, receiverName, reason: why, attempts: found(...attempts) }),
          texts.accepted(byName, receiverName),
          texts.helpWanted(byName, receiverName),
          texts.allClear('she is fine', byName, receiverName),
          texts.allClear('all-clear', null, receiverName),
          texts.reminder(receiverName),
          texts.askedForHelp(receiverName),
        ]
        for (const text of told) {
          expect(text.length).toBeLessThanOrEqual(160)
          expect(text).toMatch(gsm7)
          expect(text).not.toContain('2580')
        }
      },
    ),
  )
})

test('the answer to an acceptance says how to get in and which alert waits next', () => {
  expect(replies.thanks('Ben', facts, [])).toBe(
    'CallAssist: Thank you, Ben. You are seeing to Ada. How to get in: Key safe by the back door, 2580. Reply FINE when all is well.',
  )
  expect(replies.thanks('Ben', { ...facts, accessNotes: null }, ['Bert'])).toContain(
    '1 more alert waits. Reply OK again for Bert.',
  )
  expect(replies.thanks('Ben', facts, ['Bert', 'Cleo'])).toContain(
    '2 more alerts wait. Reply OK again for Bert.',
  )
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
    texts.alert(facts),
    texts.allClear('she is fine', 'Ben', 'Ada'),
    replies.already('Ben', []),
    replies.fine('Ada'),
    spoken.howDidItGo('Ada'),
    spoken.notedFine('Ada'),
    mails.reminder('Ada'),
  ]
  for (const sentence of all) expect(sentence).not.toMatch(/\b(she|he|her|him|his)\b/i)
})
