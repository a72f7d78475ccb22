import { expect, test } from 'vitest'
import {
  type Circle,
  type Contact,
  type Fate,
  noticesOf,
  type Receiver,
  reachedNobody,
  stepsOf,
} from './who.ts'

const ben: Receiver = {
  personId: 'ben',
  name: 'Ben',
  phone: '+447700900201',
  email: 'ben@example.org',
  channels: ['email', 'call', 'text'],
  step: 10,
}
const cara: Receiver = {
  personId: 'cara',
  name: 'Cara',
  phone: '+447700900202',
  email: null,
  channels: ['call'],
  step: 3,
}
const lost: Receiver = {
  personId: 'lost',
  name: 'Lost',
  phone: null,
  email: null,
  channels: ['call', 'email'],
  step: 1,
}
const olive: Contact = {
  personId: 'olive',
  name: 'Olive',
  phone: null,
  email: 'olive@example.org',
  channels: ['email'],
}

function told(effect: Parameters<typeof noticesOf>[0], circle: Partial<Circle> = {}): string[] {
  const telling = noticesOf(effect, {
    receivers: [ben, cara],
    told: [ben, cara],
    operators: [olive],
    ...circle,
  })
  return (telling?.notices ?? []).map(({ contact, channel, trouble }) =>
    [telling!.tells, contact.personId, channel, trouble].filter(Boolean).join(' '),
  )
}

test('steps go by their numbers, whatever these are; whoever cannot be reached makes no step', () => {
  expect(stepsOf([ben, cara, lost]).map((step) => step.map(({ personId }) => personId))).toEqual([
    ['cara'],
    ['ben'],
  ])
  expect(stepsOf([lost])).toEqual([])
  expect(stepsOf([])).toEqual([])
})

test('a step is told over every channel; what cannot be sent is named', () => {
  expect(told({ do: 'notifyStep', step: 2, round: 1 })).toEqual([
    'alert ben call',
    'alert ben text',
    'alert ben email',
  ])
  expect(told({ do: 'notifyStep', step: 1, round: 1 }, { receivers: [{ ...lost, step: 3 }, cara] })).toEqual([
    'alert lost call no phone number',
    'alert lost email no e-mail address',
    'alert cara call',
  ])
  expect(told({ do: 'notifyStep', step: 9, round: 1 })).toEqual([])
})

test('news goes in writing, and by a call only to those who have nothing else', () => {
  expect(told({ do: 'tellOthers', acceptor: 'olive' })).toEqual([
    'accepted ben text',
    'accepted ben email',
    'accepted cara call',
  ])
  expect(told({ do: 'allClear', except: 'ben' })).toEqual(['all-clear cara call'])
  expect(told({ do: 'allClear', except: null }, { told: [lost] })).toEqual([])
})

test('the acceptor is reminded over every way known now, also one that was not used before', () => {
  const before = { ...ben, phone: null, channels: ['call' as const] }
  const now = { ...before, channels: ['call' as const, 'email' as const] }
  const remind = { do: 'remind', acceptor: 'ben', because: 'no word yet' } as const
  expect(told(remind, { told: [before], receivers: [now] })).toEqual(['reminder ben email'])
  expect(told({ ...remind, acceptor: 'olive' })).toEqual(['reminder olive email'])
  expect(told({ ...remind, acceptor: 'nobody' })).toEqual([])
  expect(told({ ...remind, because: 'help asked' })).toEqual([
    'reminder ben call',
    'reminder ben text',
    'reminder ben email',
  ])
})

test('a call for help reaches everybody else, also those who had not been told and the organisation', () => {
  expect(told({ do: 'callForHelp', by: 'ben' }, { told: [ben] })).toEqual([
    'alert cara call',
    'alert olive email',
  ])
  expect(told({ do: 'handOver' })).toEqual(['alert olive email'])
  expect(told({ do: 'remindOrganisation' })).toEqual(['reminder olive email'])
  expect(noticesOf({ do: 'cancelNotifications' }, { receivers: [], told: [], operators: [] })).toBeNull()
})

test.each<[boolean, ...Fate[]]>([
  [true, { channel: 'call', result: 'held back: hour' }],
  [true, { channel: 'text', result: 'not delivered' }, { channel: 'call', result: 'held back: day' }],
  [
    true,
    { channel: 'call', result: 'unreachable number' },
    { channel: 'email', result: 'no e-mail address' },
  ],
  [true, { channel: 'call', result: 'not heard' }],
  [true, { channel: 'call', result: 'somebody else' }, { channel: 'text', result: 'number not confirmed' }],
  // somebody is there who may be awake by the next round: to be rung again at once helps nobody
  [false, { channel: 'call', result: 'did not say who' }],
  [false],
  [false, { channel: 'text', result: null }],
  [false, { channel: 'call', result: 'rang out' }],
  [false, { channel: 'call', result: 'voicemail' }],
  [false, { channel: 'text', result: 'sent' }],
  [false, { channel: 'text', result: 'not placed' }],
  [false, { channel: 'call', result: 'held back: hour' }, { channel: 'email', result: null }],
  [false, { channel: 'text', result: 'cancelled' }],
])('reached nobody: %s, after %j', (isSo, ...fates) => expect(reachedNobody(fates)).toBe(isSo))
