import { expect, test } from 'vitest'
import { aheadInWords, endInWords, phoneTitle, rangInWords, useInWords, words } from './words-of-pages.ts'

const noon = '2026-11-24T12:00:00.000Z'
const later = (seconds: number) => new Date(new Date(noon).getTime() + seconds * 1000).toISOString()
const call = (more: object) => ({
  way: 'to' as const,
  at: noon,
  answeredAt: null,
  endedAt: later(30),
  result: null,
  keys: [],
  ...more,
})

test('how a call ended, whichever way', () => {
  const said = [
    call({ result: 'no-answer' }),
    call({ result: 'answered', answeredAt: later(4), keys: [{ key: '1' }] }),
    call({ result: 'answered', answeredAt: later(4) }),
    call({ result: 'answered', answeredAt: later(4), endedAt: null }),
    call({ result: 'voicemail', answeredAt: later(15) }),
    call({ result: 'busy' }),
    call({ result: 'rejected' }),
    call({ result: 'unreachable' }),
    call({ endedAt: null }),
    call({ way: 'from', answeredAt: later(1), keys: [{ key: '*' }, { key: '1' }] }),
    call({ way: 'from' }),
  ].map(endInWords)
  expect(said).toEqual([
    'It rang for 30 seconds and nobody answered.',
    'Answered after 4 seconds. Pressed 1.',
    'Answered after 4 seconds. No key was pressed.',
    'Answered after 4 seconds. They are talking now.',
    'An answerphone took it after 15 seconds.',
    'It was engaged.',
    'It was turned away.',
    'It did not get through.',
    'It is ringing now.',
    'They talked for 29 seconds. Pressed * 1.',
    'It was not answered.',
  ])
})

test('whose telephone it is and what it is for', () => {
  const number = '+441632960101'
  const [ada, ben] = [
    { name: 'Ada', isCalled: true, isTold: false },
    { name: 'Ben', isCalled: false, isTold: true },
  ]
  expect(phoneTitle([], number)).toBe('Telephone 01632\u00a0960101')
  expect(phoneTitle(['Ada', 'Ben'], number)).toBe("Ada and Ben's telephone")
  expect(useInWords([ada])).toBe('called by CallAssist')
  expect(useInWords([{ ...ada, isTold: true }])).toBe('called by CallAssist; told when something is wrong')
  expect(useInWords([ada, ben])).toBe('Ada called by CallAssist; Ben told when something is wrong')
  expect(useInWords([])).toBe('Nobody that CallAssist knows')
  expect(rangInWords('from', ['Ada'], number)).toBe("Ada's telephone, 01632\u00a0960101, rang CallAssist")
})

test('the clock says how far it is ahead, and when the next event is', () => {
  const now = new Date(noon)
  expect(aheadInWords(20)).toBe('Real time')
  expect(aheadInWords(2 * 3_600_000)).toBe('2 hours ahead of real time')
  expect(words.toNext(new Date(later(24)), now)).toBe('To the next event: 12:00:24pm')
  expect(words.toNext(new Date(later(300)), now)).toBe('To the next event: today at 12:05pm')
  expect(words.toNext(new Date('2026-11-25T09:30:07Z'), now)).toBe('To the next event: tomorrow at 9:30am')
})
