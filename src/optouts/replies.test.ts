import fc from 'fast-check'
import { expect, test } from 'vitest'
import { meaningOf } from './replies.ts'

test.each(['STOP', 'stop', ' Stop ', 'STOPALL', 'Unsubscribe', 'END', 'quit', 'Cancel', 'REVOKE', 'optout'])(
  '%j is obeyed, and the network has answered it',
  (body) => expect(meaningOf(body, null)).toMatchObject({ is: 'stop', byNetwork: true }),
)

test.each([
  'STOP.',
  'Stop!!',
  'please stop',
  'Stop texting me',
  'please stop sending me these messages, thank you',
  'Stop all texts',
  'No more texts please',
])('%j is obeyed, and nobody else has understood it', (body) =>
  expect(meaningOf(body, null)).toMatchObject({ is: 'stop', byNetwork: false }),
)

test.each([
  '',
  'I will stop at the shop',
  'do not stop',
  "please don't stop",
  'stop it hurts',
  'the bus stop',
  'end of the road',
  'cancel my appointment',
  'bus stop now',
])('%j does not speak of texts', (body) => expect(meaningOf(body, null)).toBeNull())

test('START, UNSTOP and YES ask for texts again, where there was a STOP', () => {
  for (const body of ['START', ' unstop', 'Yes', 'YES.']) {
    expect(meaningOf(body, 'opted out')).toMatchObject({ is: 'start' })
    expect(meaningOf(body, null)).toBeNull()
  }
  expect(meaningOf('start', 'opted out')).toMatchObject({ byNetwork: true })
  expect(meaningOf('yes!', 'opted out')).toMatchObject({ byNetwork: false })
  // a landline never said STOP: START proves that it takes texts after all, and YES is an answer
  expect(meaningOf('START', 'takes no texts')).toMatchObject({ is: 'start', byNetwork: false })
  expect(meaningOf('YES', 'takes no texts')).toBeNull()
})

test('HELP and INFO alone are the network’s', () => {
  expect(['HELP', ' info'].map((body) => meaningOf(body, null)?.is)).toEqual(['info', 'info'])
  expect(meaningOf('help me', null)).toBeNull()
})

test('anything at all is read without throwing', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom(null, 'opted out' as const, 'takes no texts' as const),
      (body, out) => {
        meaningOf(body, out)
      },
    ),
  )
})
