// What a receiver's day is about, from the calls alone.
import { describe, expect, test } from 'vitest'
import type { CallView } from '../calls/calls.ts'
import { pauseDays, standingOf, untilInWords } from './facts.ts'

const at = (clock: string) => new Date(`2026-11-24T${clock}:00Z`)
const call = (id: string, more: Partial<CallView>): CallView =>
  ({
    id,
    dueAt: at('09:30'),
    usefulUntil: at('10:30'),
    state: 'closed',
    outcome: 'acknowledged',
    outcomeAt: at('09:31'),
    acknowledgedAt: null,
    ...more,
  }) as CallView
const missed = (id: string, more: Partial<CallView> = {}) => call(id, { outcome: 'missed', ...more })
const resting = (id: string) => call(id, { state: 'resting', outcome: null, outcomeAt: null })
const waiting = (id: string, due: string) =>
  call(id, { state: 'waiting', outcome: null, outcomeAt: null, dueAt: at(due) })
const stand = (recent: CallView[], next: CallView | null = null, now = '09:40', isStopped = false) => {
  const { today, call: about, toAcknowledge } = standingOf({ recent, next, isStopped }, at(now))
  return [today, about?.id ?? null, toAcknowledge.map(({ id }) => id)]
}

describe('the day', () => {
  test('what is open comes first, and a key answers it with all that was missed', () => {
    expect(stand([resting('b'), missed('a')])).toEqual(['open', 'b', ['a', 'b']])
  })

  test('a call that is due and has not begun yet is open', () => {
    expect(stand([], waiting('a', '09:40'))).toEqual(['open', 'a', ['a']])
  })

  test('a miss of within a day; one that was acknowledged late is none', () => {
    expect(stand([missed('a')], waiting('b', '10:00'))).toEqual(['missed', 'a', ['a']])
    expect(stand([missed('a', { acknowledgedAt: at('09:35') })])).toEqual(['nothing', 'a', []])
    expect(stand([missed('a', { outcomeAt: new Date('2026-11-23T09:39:00Z') })])[0]).toBe('nothing')
  })

  test('a call within two hours, to the minute', () => {
    expect(stand([], waiting('a', '11:40'))).toEqual(['early', 'a', ['a']])
    expect(stand([], waiting('a', '11:41'))).toEqual(['nothing', null, []])
  })

  test('nothing: the last call, unless it was skipped; stopped: nothing at all', () => {
    expect(stand([call('b', { outcome: 'skipped' }), call('a', {})])).toEqual(['nothing', 'a', []])
    expect(stand([resting('a')], null, '09:40', true)).toEqual(['stopped', null, []])
  })
})

test('a pause begins today on the receiver’s calendar, and its days are counted with today', () => {
  const lateAtNight = new Date('2026-11-24T23:30:00Z')
  expect(pauseDays({ do: 'pause', days: 1 }, 'Europe/London', lateAtNight)).toEqual({
    from: '2026-11-24',
    to: '2026-11-24',
  })
  expect(pauseDays({ do: 'pause', days: 7 }, 'Asia/Kathmandu', lateAtNight)).toEqual({
    from: '2026-11-25',
    to: '2026-12-01',
  })
  expect(untilInWords({ do: 'pause', days: 7 }, 'Asia/Kathmandu', lateAtNight)).toEqual({
    last: 'Tuesday the first of December',
    next: 'Wednesday the second of December',
  })
})
