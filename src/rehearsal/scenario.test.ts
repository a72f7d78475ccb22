// What a scenario may hold, and the one line that says what is wrong where.
import { expect, test } from 'vitest'
import { InvalidScenario, readScenario, type Scenario } from './scenario.ts'

const plain = {
  start: '2026-11-24T08:00:00Z',
  until: '2026-11-24T20:00:00Z',
  services: [
    {
      receiver: { name: 'Ada', phones: ['+441632960101'] },
      schedules: [{ time: '09:30' }],
      stakeholders: [
        { name: 'Ben', phone: '+447700900201', email: 'ben@example.org', roles: ['alert receiver'] },
      ],
    },
  ],
}
const read = (more: object): Scenario => readScenario(JSON.stringify({ ...plain, ...more }))
const refusal = (more: object): string => {
  try {
    read(more)
  } catch (error) {
    if (error instanceof InvalidScenario) return error.message
    throw error
  }
  return 'taken'
}

test('what people do, with everything it may leave out', () => {
  const at = '2026-11-24T09:00:00Z'
  const { actions } = read({
    actions: [
      { at, do: 'ring in', from: '+441632960101' },
      { at, do: 'ring in', from: 'withheld', line: 'main', press: [{ key: '1', atSecond: 6 }] },
      { at, do: 'text in', from: '+447700900201', body: 'OK' },
      { at, do: 'accept by link', who: 'Ben' },
      { at, do: 'pause', receiver: 'Ada', from: '2026-11-25', to: '2026-11-30' },
    ],
  })
  expect(actions).toMatchObject([
    { do: 'ring in', press: [], speak: [], hangUpAtSecond: 60 },
    { do: 'ring in', from: 'withheld', press: [{ key: '1', atSecond: 6 }] },
    { do: 'text in', body: 'OK' },
    { do: 'accept by link', who: 'Ben' },
    { do: 'pause', reason: '' },
  ])
})

test.each([
  [
    { do: 'dance' },
    'actions[0].do: "dance" is not something to do: "ring in", "text in", "accept by link", "record by telephone", "pause" and "outage" are',
  ],
  [
    { do: 'ring in', from: 'Ada' },
    'actions[0].from: "Ada" is not a number like "+441632960101", nor "withheld"',
  ],
  [
    { do: 'ring in', from: 'withheld', line: 'second' },
    'actions[0].line: "second" is no line of this scenario',
  ],
  [
    { do: 'ring in', from: 'withheld', press: [{ key: '12', atSecond: 1 }] },
    'actions[0].press[0].key: must be one key: 0 to 9, * or #',
  ],
  [
    { do: 'text in', from: 'withheld', body: 'OK' },
    'actions[0].from: "withheld" is not a number like "+441632960101"',
  ],
  [{ do: 'accept by link', who: 'Bob' }, 'actions[0].who: "Bob" is no stakeholder of this scenario'],
  [
    { do: 'pause', receiver: 'Bob', from: '2026-11-25', to: '2026-11-25' },
    'actions[0].receiver: "Bob" is no receiver of this scenario',
  ],
  [
    { do: 'pause', receiver: 'Ada', from: '2026-11-25', to: '2026-11-24' },
    'actions[0]: "to" lies before "from"',
  ],
  [
    { do: 'pause', receiver: 'Ada', from: 'today', to: '2026-11-24' },
    'actions[0].from: "today" is not a date like "2026-11-24"',
  ],
])('%o is refused', (action, line) => {
  expect(refusal({ actions: [{ at: '2026-11-24T09:00:00Z', ...action }] })).toBe(line)
})

test('a receiver who stands for many can be named', () => {
  const pause = {
    at: '2026-11-24T09:00:00Z',
    do: 'pause',
    receiver: 'Ada 3',
    from: '2026-11-25',
    to: '2026-11-25',
  }
  expect(refusal({ repeat: { services: 3 }, actions: [pause] })).toBe('taken')
  expect(refusal({ repeat: { services: 2 }, actions: [pause] })).toBe(
    'actions[0].receiver: "Ada 3" is no receiver of this scenario',
  )
})
