import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readEmailAddress, sameAddressKey } from './email-address.ts'

test.each([
  ['ben@example.org', 'ben@example.org'],
  [' ben@example.org ', 'ben@example.org'],
  ['Ben.Byron+care@Example.ORG', 'Ben.Byron+care@example.org'],
  ["o'neill@example.org", "o'neill@example.org"],
  ['ben_1@sub.example-care.org', 'ben_1@sub.example-care.org'],
  ['ben@example.co.uk', 'ben@example.co.uk'],
  ['b@example.org', 'b@example.org'],
  ['mailto:ben@example.org', 'ben@example.org'],
  ['E-mail: ben@example.org', 'ben@example.org'],
  ['Ben Byron <ben@example.org>', 'ben@example.org'],
  ['<ben@example.org>', 'ben@example.org'],
  ['ben @ example.org', 'ben@example.org'],
  ['ben (at) example.org', 'ben@example.org'],
  ['ben@example.org.', 'ben@example.org'],
  ['ben@example.org,', 'ben@example.org'],
  ['\u200bben@exam\u00adple.org\r\n', 'ben@example.org'],
  ['ben＠example.org', 'ben@example.org'],
  ['ben@xn--bcher-kva.example', 'ben@xn--bcher-kva.example'],
])('%j is %s', (typed, address) => {
  expect(readEmailAddress(typed)).toEqual({ ok: true, address })
})

test.each([
  ['', 'Please type an e-mail address, such as name@example.org.'],
  ['  ', 'Please type an e-mail address, such as name@example.org.'],
  ['ben.example.org', 'An e-mail address has an @ in it, such as name@example.org.'],
  ['01632 960101', 'An e-mail address has an @ in it, such as name@example.org.'],
  ['ben@home@example.org', 'An e-mail address has one @ only. Please give one address here.'],
  ['ben@example.org cara@example.org', 'An e-mail address has one @ only. Please give one address here.'],
  ['@example.org', 'Please type what comes before the @ too.'],
  ['ben@', 'Please type what comes after the @ too, such as example.org.'],
  ['ben byron@example.org', 'An e-mail address has no spaces. Please give one address, without a name.'],
  ['zoë@example.org', 'An e-mail address cannot have ë in it. Please check it.'],
  ['ben@example,org', 'An e-mail address has full stops, no commas. Please give one address.'],
  ['ben..byron@example.org', 'There is a full stop too many in this e-mail address. Please check it.'],
  ['.ben@example.org', 'There is a full stop too many in this e-mail address. Please check it.'],
  ['ben@example..org', 'There is a full stop too many in this e-mail address. Please check it.'],
  ['ben"b"@example.org', 'An e-mail address cannot have " there. Please check it.'],
  ['ben@exam_ple.org', 'An e-mail address cannot have _ there. Please check it.'],
  [
    'ben@example',
    'The part after the @ has a full stop in it, such as example.org or example.co.uk. Please type it all.',
  ],
  ['ben@-example.org', 'The part after the @ is not right yet. It looks like example.org.'],
  ['ben@example.1', 'The part after the @ is not right yet. It looks like example.org.'],
  ['ben@127.0.0.1', 'The part after the @ is not right yet. It looks like example.org.'],
  [`${'b'.repeat(65)}@example.org`, 'This is too long for an e-mail address. Please type the address alone.'],
  [`b@${'a.'.repeat(130)}org`, 'This is too long for an e-mail address. Please type the address alone.'],
  ['x'.repeat(10_000), 'This is too long for an e-mail address. Please type the address alone.'],
])('%j is refused with what to do', (typed, reason) => {
  expect(readEmailAddress(typed)).toEqual({ ok: false, reason })
})

test.each([
  ['ben@example.con', 'ben@example.com'],
  ['ben@gmail.con', 'ben@gmail.com'],
  ['ben@gmial.com', 'ben@gmail.com'],
  ['ben@gmial.con', 'ben@gmail.com'],
  ['ben@example.couk', 'ben@example.co.uk'],
  ['ben@hotmail.co.ukk', 'ben@hotmail.co.uk'],
  ['ben@example.ogr', 'ben@example.org'],
  ['ben@btinternet.co', 'ben@btinternet.com'],
])('%j is a slip for %s', (typed, suggestion) => {
  const read = readEmailAddress(typed)
  expect(read).toMatchObject({ ok: false, suggestion })
  expect(!read.ok && read.reason).toContain(`Do you mean ${suggestion}?`)
  expect(readEmailAddress(suggestion)).toEqual({ ok: true, address: suggestion })
})

test('addresses that differ in capitals only are one', () => {
  expect(sameAddressKey('Ben@example.org')).toBe(sameAddressKey('ben@example.org'))
})

test('an address from a mail program survives; whatever is typed gets an address or a sentence', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (address) => {
      const read = readEmailAddress(address)
      if (read.ok) expect(sameAddressKey(read.address)).toBe(sameAddressKey(address))
      else expect(read.suggestion).toBeDefined()
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const read = readEmailAddress(`${text}@example.org`)
      if (read.ok) expect(read.address).toMatch(/^[\x21-\x7e]+@[a-z.-]+$/)
      else expect(read.reason).toMatch(/\.$/)
    }),
  )
})
