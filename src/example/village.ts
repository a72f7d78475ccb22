// Example / village: the quiet village as a scenario: who lives there, when they are called, and how their telephones behave. Pure.
// Its weeks of history come from living through this scenario, never from invented rows.
import { type Seeded, seeded } from '../kit/seeded.ts'
import { readScenario, type Scenario } from '../rehearsal/rehearsal.ts'

export const villageOrganisation = {
  id: '00000000-0000-7000-8000-0000000000e0',
  name: 'Quiet village',
  kind: 'example' as const,
}

/** As whom a newcomer looks around. */
export const visitor = { name: 'A visitor', email: 'visitor@example.org' }

const days = 21
const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const weekdays = everyDay.slice(0, 5)

interface Villager {
  name: string
  phone: string
  schedules: { time: string; days: string[]; kind: string; message: Record<string, string> }[]
  /** how often, in a hundred rings: answers with a key, an answerphone, engaged; the rest ring out */
  answers: number
  answerphone: number
  engaged: number
  pause?: { from: number; to: number; reason: string }
  helpKey?: string
  accessNotes?: string
  tells: { name: string; phone: string; email: string; step: number; channels: string[]; accepts: number }[]
}

const ben = {
  name: 'Ben Hartley',
  phone: '+447700900941',
  email: 'ben.hartley@example.org',
  step: 1,
  channels: ['call', 'text', 'email'],
  accepts: 70,
}
const cara = {
  name: 'Cara Hartley',
  phone: '+447700900942',
  email: 'cara.hartley@example.org',
  step: 2,
  channels: ['text', 'email'],
  accepts: 50,
}
const joan = {
  name: 'Joan at number 3',
  phone: '+441632960945',
  email: 'joan@example.org',
  step: 2,
  channels: ['call'],
  accepts: 60,
}
const warden = {
  name: 'Village warden',
  phone: '+447700900946',
  email: 'warden@example.org',
  step: 1,
  channels: ['call', 'text'],
  accepts: 85,
}

const villagers: readonly Villager[] = [
  {
    name: 'Ada Hartley',
    phone: '+441632960951',
    schedules: [
      { time: '09:30', days: everyDay, kind: 'check-in', message: { preset: 'are-you-ok' } },
      {
        time: '18:00',
        days: everyDay,
        kind: 'reminder',
        message: { say: 'Hello Mum, it is Ben. Time for supper, and do lock the back door. Speak soon.' },
      },
    ],
    answers: 82,
    answerphone: 4,
    engaged: 5,
    helpKey: '9',
    accessNotes: 'The key safe is left of the back door. Joan at number 3 knows the number.',
    tells: [ben, cara],
  },
  {
    name: 'Bert Lowe',
    phone: '+441632960952',
    schedules: [{ time: '08:00', days: everyDay, kind: 'both', message: { preset: 'take-morning' } }],
    answers: 90,
    answerphone: 0,
    engaged: 3,
    tells: [joan, warden],
  },
  {
    name: 'Dora Finch',
    phone: '+441632960953',
    schedules: [{ time: '10:00', days: weekdays, kind: 'check-in', message: { preset: 'are-you-ok' } }],
    answers: 60,
    answerphone: 20,
    engaged: 2,
    pause: { from: 6, to: 10, reason: 'staying with her sister' },
    tells: [warden],
  },
  {
    name: 'Edwin Marsh',
    phone: '+441632960954',
    schedules: [
      {
        time: '12:30',
        days: everyDay,
        kind: 'reminder',
        message: {
          say: 'Good day Edwin. Lunch is in the fridge. Please eat something warm, and drink a glass of water.',
        },
      },
    ],
    answers: 74,
    answerphone: 0,
    engaged: 10,
    tells: [
      { ...cara, step: 1 },
      { ...joan, step: 1 },
    ],
  },
]

/** The three weeks up to `now`, to the minute. */
export function village(now: Date): Scenario {
  const until = new Date(Math.floor(now.getTime() / 60_000) * 60_000)
  const start = new Date(until.getTime() - days * 24 * 3600_000)
  const day = (n: number) => new Date(start.getTime() + n * 24 * 3600_000).toISOString().slice(0, 10)
  return readScenario(
    JSON.stringify({
      start: start.toISOString(),
      until: until.toISOString(),
      seed: 1,
      services: villagers.map((v) => ({
        receiver: { name: v.name, phones: [v.phone] },
        schedules: v.schedules,
        ...(v.helpKey && { helpKey: v.helpKey }),
        ...(v.accessNotes && { accessNotes: v.accessNotes }),
        pauses: v.pause ? [{ from: day(v.pause.from), to: day(v.pause.to), reason: v.pause.reason }] : [],
        stakeholders: [
          { name: visitor.name, email: visitor.email, roles: ['creator', 'report receiver'] },
          ...v.tells.map(({ accepts: _, ...person }) => ({ ...person, roles: ['alert receiver'] })),
        ],
      })),
      ...villageTelephones(),
    }),
  )
}

/** How the village's telephones behave, then and from now on: each list is long enough for weeks, its last entry repeats. */
export function villageTelephones(): { phones: Scenario['phones']; texts: Scenario['texts'] } {
  const random = seeded('quiet village')
  const phones: Scenario['phones'] = {}
  const texts: Scenario['texts'] = {}
  for (const v of villagers) phones[v.phone] = Array.from({ length: 200 }, () => ring(random, v))
  for (const person of [ben, cara, joan, warden]) {
    phones[person.phone] = Array.from({ length: 60 }, () =>
      random.bool(person.accepts / 100) ? answer(random, '1', 9) : 'no-answer',
    )
    if (person.channels.includes('text'))
      texts[person.phone] = Array.from({ length: 60 }, () =>
        random.bool(person.accepts / 200) ? { reply: 'OK', afterSeconds: random.int(30, 200) } : null,
      )
  }
  return { phones, texts }
}

type Behaviour = Scenario['phones'][string][number]

function ring(random: Seeded, v: Villager): Behaviour {
  const chance = random.int(1, 100)
  if (chance <= v.answers) return answer(random, '1', random.int(4, 12))
  if (chance <= v.answers + v.answerphone) return { voicemail: { afterSeconds: 20 } }
  if (chance <= v.answers + v.answerphone + v.engaged) return 'busy'
  return 'no-answer'
}

function answer(random: Seeded, key: string, atSecond: number): Behaviour {
  return {
    answer: { afterSeconds: random.int(4, 22), press: [{ key, atSecond }], speak: [], hangUpAtSecond: 60 },
  }
}
