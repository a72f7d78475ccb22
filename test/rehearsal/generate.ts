// Test / rehearsal / generate: a seed becomes a scenario: some services, telephones with moods, people who ring in, write and pause, and
// what goes wrong at the provider. Pure: the same seed gives the same scenario, so a failing one can be lived again.
import { type Seeded, seeded } from '../../src/kit/seeded.ts'
import { readScenario, type Scenario } from '../../src/rehearsal/scenario.ts'

const began = Date.parse('2026-11-24T08:00:00Z')
const minute = 60_000
const instant = (afterMs: number) => new Date(began + Math.round(afterMs / 1000) * 1000).toISOString()

/** @returns the scenario and, as it would stand in a file, its JSON */
export function generate(seed: number): { scenario: Scenario; json: string } {
  const dice = seeded(`scenario ${seed}`)
  const minutes = dice.int(45, 75)
  const until = minutes * minute
  const people = contacts(dice.fork('contacts'))
  const services = receivers(dice.fork('services'), people)
  const numbers = services.flatMap(({ receiver }) => receiver.phones)
  const lines = linesOf(dice.fork('lines'))
  const told = people.map(({ phone }) => phone)
  const json = {
    start: instant(0),
    until: instant(until),
    seed,
    lines,
    services,
    phones: Object.fromEntries(
      [...new Set([...numbers, ...told])]
        .filter(() => dice.bool(0.85))
        .map((number) => [number, some(dice, 1, 4, () => manner(dice))]),
    ),
    texts: Object.fromEntries(
      [...new Set([...numbers, ...told])]
        .filter(() => dice.bool(0.6))
        .map((number) => [number, some(dice, 1, 3, () => reply(dice))]),
    ),
    actions: [
      ...actions(dice.fork('actions'), { until, services, lines, people }),
      ...outages(dice.fork('outages'), until),
    ],
    faults: faults(dice.fork('faults'), until, lines),
  }
  return { scenario: readScenario(JSON.stringify(json)), json: JSON.stringify(json, null, 2) }
}

const some = <T>(dice: Seeded, low: number, high: number, one: () => T): T[] =>
  Array.from({ length: dice.int(low, high) }, one)

interface Contact {
  name: string
  phone: string
  email: string
}

const contacts = (dice: Seeded): Contact[] =>
  ['Ben', 'Cara', 'Dan', 'Eve'].slice(0, dice.pick([0, 1, 2, 2, 3, 4])).map((name, place) => ({
    name,
    phone: `+44770090020${place}`,
    email: `${name.toLowerCase()}@example.org`,
  }))

function receivers(dice: Seeded, people: readonly Contact[]) {
  const isShared = dice.bool(0.1)
  return ['Ada', 'Bert', 'Cleo'].slice(0, dice.pick([1, 1, 2, 3])).map((name, place) => {
    const mobile = `+44770090010${isShared ? 0 : place}`
    const landline = `+44163296010${isShared ? 0 : place}`
    const phones = dice.shuffle([mobile, landline]).slice(0, dice.int(1, 2))
    const attempts = dice.int(1, 4)
    const by = dice.pick(['call', 'call', 'call', 'text', 'call then text', 'text then call'])
    const isTexted = phones.includes(mobile) && (attempts > 1 || !by.includes('then'))
    return {
      receiver: { name, phones, ...(dice.bool(0.3) && { pin: '4321' }) },
      attempts,
      gapMinutes: dice.int(1, 10),
      ringSeconds: dice.int(20, 60),
      usefulForMinutes: dice.pick([5, 15, 30, 60]),
      ...(dice.bool(0.3) && { helpKey: '9' }),
      schedules: some(dice, 1, dice.pick([1, 2]), () => ({
        time: `08:${String(dice.int(1, 30)).padStart(2, '0')}`,
        kind: dice.pick(['reminder', 'check-in', 'both']),
        by: isTexted ? by : 'call',
        message: dice.pick([{ preset: 'are-you-ok' }, { say: 'Time for your tablets.' }]),
      })),
      pauses: dice.bool(0.08) ? [{ from: '2026-11-24', to: '2026-11-25', reason: 'away' }] : [],
      stakeholders: people
        .filter(() => dice.bool(0.7))
        .map((person) => ({
          ...person,
          roles: ['alert receiver'],
          step: dice.int(1, 2),
          channels: dice.shuffle(['call', 'text', 'email']).slice(0, dice.int(1, 3)),
        })),
      alert: { stepMinutes: dice.int(1, 5), rounds: dice.pick([1, 1, 2, 3]) },
    }
  })
}

const linesOf = (dice: Seeded) =>
  ['main', 'second'].slice(0, dice.pick([1, 1, 2])).map((name, place) => ({
    name,
    number: `+44163296000${place + 1}`,
    showsFirst: place > 0 && dice.bool(),
    callsPerSecond: dice.pick([0.2, 1, 1, 5]),
    textsPerSecond: dice.pick([0.5, 1]),
    concurrentCalls: dice.pick([1, 2, 50]),
  }))

const press = (dice: Seeded) =>
  some(dice, 0, 3, () => ({ key: dice.pick(['1', '1', '2', '9', '*', '#']), atSecond: dice.int(0, 20) }))

function manner(dice: Seeded) {
  const voicemail = { voicemail: { afterSeconds: dice.int(2, 30) } }
  const answer = {
    answer: { afterSeconds: dice.int(0, 30), press: press(dice), hangUpAtSecond: dice.int(1, 60) },
  }
  return dice.pick(['no-answer', 'busy', 'rejected', 'unreachable', voicemail, answer, answer, answer])
}

const saidByText = [
  'OK',
  'Y',
  'ok ',
  'YES',
  '1',
  'N',
  'No',
  'STOP',
  'START',
  'HELP',
  'FINE',
  'ok thanks',
  'Who is this?',
]

const reply = (dice: Seeded) =>
  dice.bool(0.4) ? null : { reply: dice.pick(saidByText), afterSeconds: dice.int(0, 200) }

/** From ten minutes before one of the calls is due to a quarter of an hour after. */
function momentNearACall(dice: Seeded, services: ReturnType<typeof receivers>): number {
  const { time } = dice.pick(dice.pick(services).schedules)
  const due = Number(time.slice(3)) * minute
  return Math.max(0, due + dice.pick([dice.int(-600, 900), dice.int(0, 60)]) * 1000)
}

/** Keys of somebody who rings in: any, or a PIN and what may follow. */
const pressedAtTheLine = (dice: Seeded) =>
  dice.bool()
    ? press(dice)
    : [...dice.pick(['43210', '43211', '12340', '0432111', '0432121', '04321311', '1', '9', '0'])].map(
        (key, place) => ({
          key,
          atSecond: 12 + place * dice.int(1, 8),
        }),
      )

/** On some days CallAssist itself is away for a while, with its pages or without. */
const outages = (dice: Seeded, until: number) =>
  dice.bool(0.15)
    ? [
        {
          at: instant(dice.int(0, until / 2)),
          do: 'outage',
          minutes: dice.pick([1, 3, dice.int(1, 25)]),
          web: dice.bool(0.3),
        },
      ]
    : []

function actions(
  dice: Seeded,
  world: {
    until: number
    services: ReturnType<typeof receivers>
    lines: ReturnType<typeof linesOf>
    people: readonly Contact[]
  },
) {
  const { until, services, lines, people } = world
  const numbers = [
    ...services.flatMap(({ receiver }) => receiver.phones),
    ...people.map(({ phone }) => phone),
    '+447700900777',
  ]
  const known = services.flatMap(({ stakeholders }) => stakeholders.map(({ name }) => name))
  return some(dice, 0, 6, () => {
    const at = instant(dice.bool(0.75) ? momentNearACall(dice, services) : dice.next() * until)
    const line = dice.pick(lines).name
    const kinds = [
      'ring in',
      'ring in',
      'text in',
      'text in',
      'pause',
      ...(known.length > 0 ? ['accept by link'] : []),
    ]
    switch (dice.pick(kinds)) {
      case 'ring in':
        return {
          at,
          do: 'ring in',
          from: dice.bool(0.15) ? 'withheld' : dice.pick(numbers),
          line,
          press: pressedAtTheLine(dice),
          hangUpAtSecond: dice.int(1, 120),
        }
      case 'text in':
        return { at, do: 'text in', from: dice.pick(numbers), line, body: dice.pick(saidByText) }
      case 'accept by link':
        return { at, do: 'accept by link', who: dice.pick(known) }
      default:
        return {
          at,
          do: 'pause',
          receiver: dice.pick(services).receiver.name,
          from: '2026-11-24',
          to: '2026-11-24',
          reason: 'hospital',
        }
    }
  })
}

/** Most begin before or among the first calls: what happens when nobody calls teaches nothing. */
function faults(dice: Seeded, until: number, lines: ReturnType<typeof linesOf>) {
  if (dice.bool(0.15)) return nobodyTells(dice)
  return some(dice, 0, 3, () => {
    const from = dice.next() * (dice.bool(0.8) ? 20 * minute : until)
    const share = dice.pick([0.3, 0.7, 1])
    const where = {
      ...(dice.bool() && { line: dice.pick(lines).name }),
      from: instant(from),
      to: instant(from + dice.int(5, 40) * minute),
    }
    const fault = dice.pick([
      { kind: 'down' },
      { kind: 'errors', status: dice.pick([500, 503]), share },
      { kind: 'errors', status: 400, code: dice.pick([21215, 21210, 13224, 99999]), share },
      { kind: 'errors', status: 401, code: 20003, share },
      { kind: '429', share },
      { kind: 'lost response', share, how: dice.pick(['reset', '500']) },
      { kind: 'lost response', share, how: 'reset' },
      {
        kind: 'callbacks',
        lose: dice.pick([0, 0.3, 1]),
        duplicate: dice.pick([0, 0.5, 1]),
        reorder: dice.bool(),
        delaySeconds: dice.pick([0, 5, 90, 300]),
      },
      { kind: 'early callbacks', share },
      { kind: 'late callbacks', share },
      { kind: 'bad signature', share },
      { kind: 'slow queue', seconds: dice.int(5, 30) },
      { kind: 'list lags', seconds: dice.int(5, 90) },
      { kind: 'wrong machine', share },
    ])
    return { ...fault, ...where }
  })
}

/** The worst: answers are lost, reports too, and the list lags. Only looking again and again finds out. */
function nobodyTells(dice: Seeded) {
  const where = { from: instant(0), to: instant(dice.int(20, 40) * minute) }
  return [
    { kind: 'lost response', share: 1, how: dice.pick(['reset', '500']), ...where },
    { kind: 'callbacks', lose: dice.pick([0.5, 1]), ...where },
    { kind: 'list lags', seconds: dice.int(5, 90), ...where },
  ]
}
