import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideHealth, type Health, type HealthEvent, unknownHealth } from './health.ts'

const nine = new Date('2026-11-24T09:00:00Z')
const at = (seconds: number) => new Date(nine.getTime() + seconds * 1000)
const trouble: HealthEvent = { kind: 'trouble' }
const worked: HealthEvent = { kind: 'worked' }
const after = (health: Health, ...events: [HealthEvent, number][]) =>
  events.reduce((now, [event, second]) => decideHealth(now, event, at(second)), health)
const failedLine = () => after(unknownHealth(nine), [trouble, 1], [trouble, 2], [trouble, 3])

test('two troubles are chance, a third in a row is a failure', () => {
  expect(after(unknownHealth(nine), [trouble, 1], [trouble, 2])).toMatchObject({ is: 'well', troubles: 2 })
  expect(
    after(unknownHealth(nine), [trouble, 1], [trouble, 2], [worked, 3], [trouble, 4], [trouble, 5]),
  ).toMatchObject({ is: 'well' })
  expect(failedLine()).toEqual({
    is: 'failed',
    since: at(3),
    troubles: 0,
    good: 0,
    probeAt: at(13),
    probes: 0,
  })
})

test('an account that is not let in fails at once', () => {
  expect(after(unknownHealth(nine), [{ kind: 'shut out' }, 1])).toMatchObject({ is: 'failed', since: at(1) })
})

test('what a failed line still answers does not bring it back; a probe does, on probation', () => {
  expect(after(failedLine(), [worked, 4], [worked, 5])).toEqual(failedLine())
  expect(after(failedLine(), [{ kind: 'probed', well: false }, 13])).toMatchObject({
    is: 'failed',
    since: at(3),
    probes: 1,
    probeAt: at(28),
  })
  expect(after(failedLine(), [{ kind: 'probed', well: true }, 13])).toMatchObject({
    is: 'probation',
    since: at(13),
    probeAt: at(73),
  })
})

test('on probation any trouble is a failure; three things taken, or a minute, and it is well', () => {
  const onProbation = after(failedLine(), [{ kind: 'probed', well: true }, 13])
  expect(after(onProbation, [worked, 14], [trouble, 15])).toMatchObject({ is: 'failed', since: at(15) })
  expect(after(onProbation, [worked, 14], [worked, 15], [worked, 16])).toMatchObject({
    is: 'well',
    since: at(16),
    probeAt: null,
  })
  expect(after(onProbation, [{ kind: 'probed', well: true }, 73])).toMatchObject({
    is: 'well',
    since: at(73),
  })
  expect(after(onProbation, [{ kind: 'probed', well: false }, 73])).toMatchObject({
    is: 'failed',
    since: at(73),
  })
})

test('whatever happens, a line that is not well is looked at again within half a minute to a minute, and only three troubles in a row or a shut door make it fail', () => {
  const event: fc.Arbitrary<HealthEvent> = fc.oneof(
    fc.constant(trouble),
    fc.constant(worked),
    fc.constant({ kind: 'shut out' } as const),
    fc.boolean().map((well) => ({ kind: 'probed', well }) as const),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let health = unknownHealth(nine)
      const seen: HealthEvent[] = []
      events.forEach((event, second) => {
        const before = health
        health = decideHealth(before, event, at(second))
        seen.push(event)
        expect(health.is === 'well').toBe(health.probeAt === null)
        if (health.probeAt) expect(health.probeAt.getTime() - health.since.getTime()).toBeGreaterThan(0)
        if (health.probeAt && health !== before)
          expect(health.probeAt.getTime() - at(second).getTime()).toBeLessThanOrEqual(60_000)
        if (before.is === 'well' && health.is === 'failed' && event.kind !== 'shut out') {
          expect(
            seen
              .slice(-3)
              .filter(({ kind }) => kind !== 'probed')
              .every(({ kind }) => kind === 'trouble'),
          ).toBe(true)
        }
      })
    }),
  )
})

test('what changes nothing gives back the very same health', () => {
  const line = failedLine()
  expect(after(line, [{ kind: 'shut out' }, 9])).toBe(line)
  const quiet = unknownHealth(nine)
  expect(after(quiet, [worked, 9])).toBe(quiet)
})

test('however often it is asked in vain, a failed line is asked again after half a minute', () => {
  let line = failedLine()
  for (let probes = 1; probes <= 6; probes++) {
    line = after(line, [{ kind: 'probed', well: false }, 100 * probes])
    expect(line.probeAt).toEqual(at(100 * probes + (probes === 1 ? 15 : 30)))
  }
})
