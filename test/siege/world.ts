// Siege / world: a seed becomes a scenario: who is called when, how their telephones behave, whom alerts tell. Pure. The calls of a day
// come in groups, with hours between in which nothing happens.
import { type Seeded, seeded } from '../../src/kit/seeded.ts'
import { readScenario, type Scenario } from '../../src/rehearsal/scenario.ts'

const minute = 60_000
/** Entries for each telephone: more than it will get rings, for the last one repeats. */
const mannersEach = 150
export const watchNumber = '+441632960999'

export interface Span {
  start: Date
  /** the last blow falls before this */
  calm: Date
  /** and everything is over by this */
  until: Date
}

/** So long after the last blow the longest alert has gone through its rounds. */
export const calmMs = 180 * minute

export function spanOf(hours: number): Span {
  const start = Date.parse('2026-11-24T08:00:00Z')
  return {
    start: new Date(start),
    calm: new Date(start + hours * 60 * minute),
    until: new Date(start + hours * 60 * minute + calmMs),
  }
}

export function worldOf(seed: number, hours: number, receivers: number): Scenario {
  const { start, until } = spanOf(hours)
  const dice = seeded(`world ${seed}`)
  const people = Array.from({ length: Math.ceil(receivers / 2) }, (_, n) => ({
    name: `Contact ${n + 1}`,
    phone: `+447700900${500 + n}`,
    email: `contact${n + 1}@example.org`,
  }))
  const groups = groupsOf(hours)
  const services = Array.from({ length: receivers }, (_, n) => service(dice.fork(n), n, groups, people))
  const numbers = [
    ...services.flatMap(({ receiver }) => receiver.phones),
    ...people.map(({ phone }) => phone),
  ]
  return readScenario(
    JSON.stringify({
      start,
      until,
      seed,
      lines: ['main', 'second'].map((name, place) => ({
        name,
        number: `+44163296000${place + 1}`,
        callsPerSecond: 1,
        textsPerSecond: 1,
        concurrentCalls: 20,
      })),
      services,
      phones: {
        ...Object.fromEntries(numbers.map((number) => [number, many(() => manner(dice))])),
        [watchNumber]: [
          { answer: { afterSeconds: 2, press: [{ key: '1', atSecond: 2 }], hangUpAtSecond: 20 } },
        ],
      },
      texts: Object.fromEntries(
        numbers.map((number) => [
          number,
          many(() =>
            dice.bool(0.5)
              ? null
              : { reply: dice.pick(['OK', 'Y', '1', 'thanks']), afterSeconds: dice.int(1, 90) },
          ),
        ]),
      ),
      actions: [],
    }),
  )
}

/** Times of day, in minutes since midnight, around which calls are due; within the first hours only where the siege is short. */
function groupsOf(hours: number): number[] {
  if (hours >= 24) return [9 * 60, 18 * 60]
  return Array.from({ length: Math.ceil((hours * 60 - 8) / 12) }, (_, n) => 8 * 60 + 5 + n * 12)
}

const many = <T>(one: () => T): T[] => Array.from({ length: mannersEach }, one)

function service(dice: Seeded, n: number, groups: readonly number[], people: readonly { name: string }[]) {
  const mobile = `+447700900${100 + n}`
  const landline = `+441632960${100 + n}`
  const phones = dice.shuffle([mobile, landline]).slice(0, dice.int(1, 2))
  const isTexted = phones.includes(mobile)
  const by = isTexted ? dice.pick(['call', 'call', 'call', 'text', 'text then call']) : 'call'
  const told = dice.bool(0.1) ? [] : dice.shuffle(people).slice(0, dice.int(1, 3))
  return {
    receiver: { name: `Receiver ${n + 1}`, phones },
    attempts: dice.int(2, 3),
    gapMinutes: dice.int(2, 4),
    ringSeconds: dice.int(20, 30),
    usefulForMinutes: dice.pick([20, 30, 60]),
    ...(dice.bool(0.2) && { helpKey: '9' }),
    schedules: dice
      .shuffle(groups)
      .slice(0, Math.max(1, Math.ceil(groups.length * 0.6)))
      .map((at) => ({
        time: timeOfDay(at + dice.int(0, 2)),
        by,
        message: { say: 'Time for your tablets.' },
      })),
    stakeholders: told.map((person, place) => ({
      ...person,
      roles: ['alert receiver'],
      step: place + 1,
      channels:
        place === 0
          ? ['call', 'text', 'email']
          : dice.shuffle(['call', 'text', 'email']).slice(0, dice.int(1, 3)),
    })),
    alert: { stepMinutes: dice.int(2, 4), rounds: dice.pick([1, 1, 2]) },
  }
}

const timeOfDay = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

function manner(dice: Seeded) {
  const press = dice.bool(0.85) ? [{ key: dice.pick(['1', '1', '1', '9']), atSecond: dice.int(1, 12) }] : []
  const answer = {
    answer: { afterSeconds: dice.int(2, 18), press, hangUpAtSecond: dice.int(20, 45) },
  }
  return dice.pick([
    'no-answer',
    'busy',
    { voicemail: { afterSeconds: dice.int(5, 18) } },
    answer,
    answer,
    answer,
    answer,
  ])
}
