import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDramaNumber } from './drama-numbers.ts'
import {
  displayNumber,
  isLandline,
  isMobile,
  nationalNumber,
  type ReadNumberOptions,
  readNumber,
  spokenNumber,
} from './phone-number.ts'

const reasonOf = (typed: string, options?: ReadNumberOptions) => {
  const read = readNumber(typed, options)
  if (read.ok) throw new Error(`${typed} was taken as ${read.e164}`)
  return read.reason
}

const landline = { ok: true, e164: '+441632960101', national: '01632 960101', kind: 'landline' }
const mobile = { ok: true, e164: '+447700900201', national: '07700 900201', kind: 'mobile' }

test.each([
  '01632 960101',
  '01632960101',
  '(01632) 960101',
  '01632-960-101',
  '01632.960.101',
  '01632/960101',
  '01632–960101',
  '01632\u00a0960101',
  '+441632960101',
  '+44 1632 960101',
  '+44 (0)1632 960101',
  '+44(0) 1632 960101',
  '(+44) 1632 960101',
  '(+44) (0)1632 960101',
  '+44 01632 960101',
  '0044 1632 960101',
  '0044 (0)1632 960101',
  '00 44 1632 960101',
  '44 1632 960101',
  '1632 960101',
  'Tel: 01632 960101',
  'tel:+441632960101',
  'Telephone no. 01632 960101',
  'Home - 01632 960101.',
  'landline01632 960101',
  ' \t01632\u200b 960101\r\n',
  '\u202a+44 1632 960101\u202c',
  '٠١٦٣٢ ٩٦٠١٠١',
  '０１６３２　９６０１０１',
])('%j is 01632 960101', (typed) => {
  expect(readNumber(typed)).toEqual(landline)
})

test.each([
  '07700 900201',
  '07700-900-201',
  '+44 7700 900201',
  '7700900201',
  'Mob: 07700 900 201',
  '+44 (0) 7700 900201',
])('%j is the mobile 07700 900201', (typed) => {
  expect(readNumber(typed)).toEqual(mobile)
})

test('the drama ranges are taken to their ends, though the library doubts some, and nothing beyond', () => {
  const ranges: [string, string, 'landline' | 'mobile'][] = [
    ...['113', '114', '115', '116', '117', '118', '121', '131', '141', '151', '161'].map(
      (area) => [`0${area} 496 0000`, `0${area} 496 0999`, 'landline'] as [string, string, 'landline'],
    ),
    ['01632 960000', '01632 960999', 'landline'],
    ['0191 498 0000', '0191 498 0999', 'landline'],
    ['020 7946 0000', '020 7946 0999', 'landline'],
    ['028 9649 6000', '028 9649 6999', 'landline'],
    ['028 9018 0000', '028 9018 0999', 'landline'],
    ['029 2018 0000', '029 2018 0999', 'landline'],
    ['07700 900000', '07700 900999', 'mobile'],
    ['0306 999 0000', '0306 999 0999', 'landline'],
  ]
  for (const [first, last, kind] of ranges) {
    for (const typed of [first, last])
      expect(readNumber(typed), typed).toMatchObject({ ok: true, national: typed, kind })
  }
  expect(reasonOf('01632 961000')).toContain('No telephone has this number')
  expect(isDramaNumber('+441632961000')).toBe(false)
  expect(isDramaNumber('+44163296010')).toBe(false)
  expect(isDramaNumber('01632960101')).toBe(false)
})

test('numbers of the islands and of internet telephones are reached', () => {
  expect(readNumber('01534 850000')).toMatchObject({ ok: true, kind: 'landline', national: '01534 850000' })
  expect(readNumber('01481 250000')).toMatchObject({ ok: true, kind: 'landline' })
  expect(readNumber('01624 612345')).toMatchObject({ ok: true, kind: 'landline' })
  expect(readNumber('07624 123456')).toMatchObject({ ok: true, kind: 'mobile' })
  expect(readNumber('0300 123 4567')).toMatchObject({ ok: true, kind: 'landline' })
  expect(readNumber('056 1234 5678')).toMatchObject({ ok: true, kind: 'landline' })
  expect(readNumber('016977 2345')).toMatchObject({ ok: true, national: '016977 2345' })
})

test.each([
  ['0909 879 0123', 'begin 09 are premium rate'],
  ['+44 909 879 0123', 'begin 09 are premium rate'],
  ['0871 123 4567', 'begin 0871 cost extra'],
  ['0872 123 4567', 'begin 0872 cost extra'],
  ['0873 123 4567', 'begin 0873 cost extra'],
  ['0870 123 4567', 'begin 0870 cost extra'],
  ['0843 123 4567', 'begin 0843 cost extra'],
  ['0845 46 47', 'begin 0845 cost extra'],
  ['070 1234 5678', 'begin 070 are forwarding numbers'],
  ['07600 123456', 'begin 076 are pagers'],
  ['0800 123456', 'begin 0800 belong to services'],
  ['0800 1111', 'begin 0800 belong to services'],
  ['0808 157 0123', 'begin 0808 belong to services'],
  ['0500 123456', 'begin 0500 belong to services'],
  ['055 1234 5678', 'begin 055 belong inside organisations'],
])('%j is refused for what it is, and an own number is asked for', (typed, part) => {
  expect(reasonOf(typed)).toContain(part)
  expect(reasonOf(typed)).toMatch(/ Please give the person's own landline or mobile\.$/)
})

test.each(['999', '112', '911', '18000', '0999', '+44 999'])('%j is never rung', (typed) => {
  expect(reasonOf(typed)).toMatch(/never rings .* emergency service/)
})

test.each(['111', '101', '105', '119', '123', '100', '1471', '116 123', '118500', '118 118', '60777'])(
  '%j is a service number',
  (typed) => {
    expect(reasonOf(typed)).toContain("is a service number, not a person's telephone")
  },
)

test.each([
  ['', 'Please type a telephone number, such as 01632 960101.'],
  [' - ', 'Please type a telephone number, such as 01632 960101.'],
  ['Tel:', 'Please type a telephone number, such as 01632 960101.'],
  ['960101', 'Please type the whole number with its area code, which begins with 0, such as 01632 960101.'],
  ['01632', 'This number is too short. A number has 11 digits as a rule, and this one has 5.'],
  ['01632 96010', 'This number is too short. A number has 11 digits as a rule, and this one has 10.'],
  ['07700 90020', 'This number is too short. A number has 11 digits as a rule, and this one has 10.'],
  ['01632 9601011', 'This number is too long. A number has 11 digits as a rule, and this one has 12.'],
  [
    '01632 960101 07700 900201',
    'This number is too long. A number has 11 digits as a rule, and this one has 22.',
  ],
  ['0412 345 6789', 'No telephone number begins 0412. Please check the number.'],
  [
    '01632 960101 ext 4',
    'We cannot dial an extension. Please give a number that rings this telephone directly.',
  ],
  ['01632 960101x4', 'We cannot dial an extension. Please give a number that rings this telephone directly.'],
  [
    '01632 960101 #12',
    'We cannot dial an extension. Please give a number that rings this telephone directly.',
  ],
  ['01632 960101 / 07700 900201', 'Please give one number here. You can add another one afterwards.'],
  ['01632 960101 or 07700 900201', 'Please give one number here. You can add another one afterwards.'],
  ['O1632 96O1O1', 'There is a letter among the digits. Please type 0 for nought and 1 for one.'],
  ['ask Ben', 'A telephone number has digits only. Please leave out the letters.'],
  ['Ada 01632 960101', 'A telephone number has digits only. Please leave out the letters.'],
  ['ben@example.org', 'This is an e-mail address. Please type a telephone number, such as 01632 960101.'],
  ['01632*960101', 'A telephone number has digits only. Please leave out the other signs.'],
  ['++44 1632 960101', 'A telephone number has digits only. Please leave out the other signs.'],
  ['01632 + 960101', 'A telephone number has digits only. Please leave out the other signs.'],
  [
    '01481 123456',
    'No telephone has this number. Please check it digit by digit against where you have it from.',
  ],
  ['9'.repeat(10_000), 'This is too long for a telephone number. Please type the number alone.'],
])('%j is refused with what to do', (typed, reason) => {
  expect(reasonOf(typed)).toBe(reason)
})

test('other countries are named, and where our line reaches', () => {
  const reach = 'It can ring the United Kingdom, Jersey, Guernsey and the Isle of Man.'
  expect(reasonOf('+353 1 234 5678')).toBe(`Our telephone line cannot ring Ireland. ${reach}`)
  expect(reasonOf('00 33 1 23 45 67 89')).toBe(`Our telephone line cannot ring France. ${reach}`)
  expect(reasonOf('+800 1234 5678')).toBe(`Our telephone line cannot ring numbers that begin +800. ${reach}`)
  expect(reasonOf('01534 850000', { line: ['GB'] })).toBe(
    'Our telephone line cannot ring Jersey. It can ring the United Kingdom.',
  )
})

test('a line that reaches further takes more, but no services there either', () => {
  const line = ['GB', 'IE', 'US'] as const
  expect(readNumber('+353 1 234 5678', { line })).toEqual({
    ok: true,
    e164: '+35312345678',
    national: '+353 1 234 5678',
    kind: 'landline',
  })
  expect(readNumber('01 234 5678', { country: 'IE', line })).toMatchObject({ e164: '+35312345678' })
  expect(readNumber('+44 7700 900201', { country: 'IE', line })).toEqual(mobile)
  expect(readNumber('+1 202 555 0123', { line })).toMatchObject({ ok: true, kind: 'landline' })
  expect(reasonOf('1550 123 456', { country: 'IE', line })).toContain('belongs to a service')
  expect(reasonOf('+44 909 879 0123', { country: 'IE', line })).toContain('premium rate')
})

test('numbers are written for pages, for texts, and for a voice', () => {
  expect(displayNumber('+441632960101')).toBe('01632\u00a0960101')
  expect(displayNumber('+442079460018')).toBe('020\u00a07946\u00a00018')
  expect(nationalNumber('+447700900201')).toBe('07700 900201')
  expect(nationalNumber('+35312345678')).toBe('+353 1 234 5678')
  expect(nationalNumber('withheld')).toBe('withheld')
  expect(spokenNumber('+441632960101')).toBe('0 1 6 3 2, 9 6 0, 1 0 1')
  expect(spokenNumber('+442079460018')).toBe('0 2 0, 7 9 4 6, 0 0 1 8')
})

test('which numbers take texts', () => {
  expect([isMobile('+447700900201'), isLandline('+447700900201')]).toEqual([true, false])
  expect([isMobile('+441632960101'), isLandline('+441632960101')]).toEqual([false, true])
  expect([isMobile('+447624123456'), isMobile('+449098790123'), isMobile('nonsense')]).toEqual([
    true,
    false,
    false,
  ])
  expect([isLandline('+449098790123'), isLandline('nonsense')]).toEqual([false, false])
})

test('what was read can be shown and typed in again', () => {
  for (const e164 of ['+441632960101', '+447700900201', '+442079460018', '+441134960123', '+441534850000']) {
    for (const shown of [displayNumber(e164), nationalNumber(e164), e164]) {
      expect(readNumber(shown)).toMatchObject({ ok: true, e164 })
    }
  }
})

test('whatever is typed gives a number that we may ring or a sentence, never an exception', () => {
  const parts = fc.constantFrom(
    ...'0 00 + 44 (0) 07700 900201 01632 960101 999 0871 070 - / ext x # or tel: ; o ٠'.split(' '),
  )
  const typed = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(parts, { maxLength: 6 }).map((it) => it.join('')),
    fc.array(fc.constantFrom(...'0123456789 ()-+'), { maxLength: 17 }).map((it) => it.join('')),
  )
  fc.assert(
    fc.property(typed, (text) => {
      const read = readNumber(text)
      if (!read.ok) {
        expect(read.reason).toMatch(/^[A-Z0-9].*\.$/)
        return
      }
      expect(read.e164).toMatch(/^\+44(?!9|8|70|76(?!24)|55|4|6)\d{9,10}$/)
      expect(readNumber(read.national)).toEqual(read)
    }),
    { numRuns: 1500 },
  )
})
