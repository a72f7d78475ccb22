// Rehearsal / scenario: reads and checks a scenario (the format is fixed; see docs/rehearsal.md). Pure.
// What is wrong is said in one line that names the place: services[0].schedules[1].time: "25:00" is not a time of day.
import { z } from 'zod'
import {
  faultSchema,
  phoneBehaviours,
  pressSchema,
  speechSchema,
  textBehaviours,
} from '../exchange/exchange.ts'
import { isTimeOfDay } from '../kit/time-of-day.ts'
import { findPreset } from '../messages/presets.ts'

const shown = (input: unknown) => JSON.stringify(input)
const checked = (check: (text: string) => boolean, what: string) =>
  z.string().refine(check, { error: (issue) => `${shown(issue.input)} is not ${what}` })

const instant = checked(
  (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(text) && !Number.isNaN(Date.parse(text)),
  'an instant like "2026-11-24T08:00:00Z"',
).transform((text) => new Date(text))
const isDate = (text: string) =>
  /^\d{4}-\d\d-\d\d$/.test(text) &&
  !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) &&
  new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)
const localDate = checked(isDate, 'a date like "2026-11-24"')
const isNumber = (text: string) => /^\+[1-9]\d{7,14}$/.test(text)
const number = checked(isNumber, 'a number like "+441632960101"')
const caller = checked(
  (text) => isNumber(text) || text === 'withheld',
  'a number like "+441632960101", nor "withheld"',
)
const zone = checked((text) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}, 'a time zone like "Europe/London"')
const name = z.string().min(1).max(80)
const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
const role = z.enum(['creator', 'receiver', 'recorder', 'alert receiver', 'report receiver', 'payee'])
const channel = z.enum(['call', 'text', 'email'])

const message = z.union(
  [
    z.strictObject({ preset: checked((key) => findPreset(key) !== undefined, 'a preset') }),
    z.strictObject({ say: z.string().min(1).max(600) }),
    z.strictObject({ recording: z.string().min(1).max(200) }),
  ],
  { error: 'must be { "preset": … }, { "say": … } or { "recording": … }' },
)

const schedule = z
  .strictObject({
    time: checked(isTimeOfDay, 'a time of day'),
    days: z.array(weekday).min(1).optional(),
    date: localDate.optional(),
    kind: z.enum(['reminder', 'check-in', 'both']).default('check-in'),
    by: z.enum(['call', 'text', 'call then text', 'text then call']).default('call'),
    message: message.default({ preset: 'are-you-ok' }),
  })
  .refine((s) => !(s.days && s.date), { error: 'give "days" or "date", not both' })

const stakeholder = z
  .strictObject({
    name,
    phone: number.optional(),
    email: z.email({ error: (issue) => `${shown(issue.input)} is not an e-mail address` }).optional(),
    roles: z.array(role).min(1),
    step: z.number().int().min(1).max(50).default(1),
    channels: z.array(channel).min(1).default(['call', 'text', 'email']),
    /** whether their number is confirmed by a code */
    verified: z.boolean().default(true),
  })
  .refine((s) => !s.roles.includes('alert receiver') || s.phone || !s.channels.some((c) => c !== 'email'), {
    error: 'an alert receiver with "call" or "text" needs a phone',
  })
  .refine((s) => !s.roles.includes('alert receiver') || s.email || !s.channels.includes('email'), {
    error: 'an alert receiver with "email" needs an email',
  })

const service = z.strictObject({
  receiver: z.strictObject({
    name,
    phones: z.array(number).min(1).max(2),
    timeZone: zone.default('Europe/London'),
    pin: z
      .string()
      .regex(/^\d{4,8}$/)
      .optional(),
  }),
  attempts: z.number().int().min(1).max(6).default(3),
  gapMinutes: z.number().int().min(1).max(60).default(5),
  ringSeconds: z.number().int().min(20).max(120).default(30),
  usefulForMinutes: z.number().int().min(1).max(1440).default(60),
  helpKey: z
    .string()
    .regex(/^[0-9]$/)
    .optional(),
  accessNotes: z.string().max(500).optional(),
  /** what an answerphone hears */
  voicemail: z.enum(['nothing', 'neutral words']).default('nothing'),
  schedules: z.array(schedule).default([]),
  pauses: z
    .array(
      z
        .strictObject({ from: localDate, to: localDate, reason: z.string().max(200).default('') })
        .refine((p) => p.from <= p.to, { error: '"to" lies before "from"' }),
    )
    .default([]),
  stakeholders: z.array(stakeholder).default([]),
  alert: z
    .strictObject({
      stepMinutes: z.number().int().min(1).max(120).default(5),
      rounds: z.number().int().min(1).max(10).default(3),
    })
    .prefault({}),
})

const wholeService = service.check(({ value, issues }) => {
  const place = value.schedules.findIndex(({ by }) => by.includes('then'))
  if (place < 0 || value.attempts > 1) return
  issues.push({
    code: 'custom',
    input: value.attempts,
    path: ['schedules', place, 'by'],
    message: `${shown(value.schedules[place]!.by)} needs 2 attempts at least`,
  })
})

const lineName = z.string().regex(/^[a-z0-9-]{1,40}$/)

const line = z.strictObject({
  name: lineName,
  number,
  showsFirst: z.boolean().default(false),
  callsPerSecond: z.number().positive().max(1000).default(1),
  textsPerSecond: z.number().positive().max(1000).default(1),
  concurrentCalls: z.number().int().positive().default(50),
})

/** What people do, and that CallAssist is away. `line` is the first line unless named. */
const action = z.discriminatedUnion(
  'do',
  [
    z.strictObject({
      at: instant,
      do: z.literal('ring in'),
      from: caller,
      line: lineName.optional(),
      press: pressSchema.default([]),
      speak: speechSchema.default([]),
      hangUpAtSecond: z.number().min(0).max(86_400).default(60),
    }),
    z.strictObject({
      at: instant,
      do: z.literal('text in'),
      from: number,
      line: lineName.optional(),
      body: z.string().min(1).max(1600),
    }),
    z.strictObject({ at: instant, do: z.literal('accept by link'), who: name }),
    z.strictObject({ at: instant, do: z.literal('record by telephone'), who: name, receiver: name }),
    z
      .strictObject({
        at: instant,
        do: z.literal('pause'),
        receiver: name,
        from: localDate,
        to: localDate,
        reason: z.string().max(200).default(''),
      })
      .refine((p) => p.from <= p.to, { error: '"to" lies before "from"' }),
    z.strictObject({
      at: instant,
      do: z.literal('outage'),
      minutes: z.number().positive().max(10_080),
      /** pages and webhooks still answer */
      web: z.boolean().default(false),
    }),
  ],
  {
    error: (issue) =>
      `${shown((issue.input as { do?: unknown } | null)?.do)} is not something to do: "ring in", "text in", "accept by link", "record by telephone", "pause" and "outage" are`,
  },
)

const fault = faultSchema(instant).refine((f) => f.from < f.to, { error: 'lies before "from"', path: ['to'] })

const scenario = z
  .strictObject({
    start: instant,
    until: instant,
    seed: z.number().int().default(1),
    lines: z
      .array(line)
      .min(1)
      .default([
        {
          name: 'main',
          number: '+441632960001',
          showsFirst: false,
          callsPerSecond: 1,
          textsPerSecond: 1,
          concurrentCalls: 50,
        },
      ]),
    services: z.array(wholeService).min(1),
    repeat: z.strictObject({ services: z.number().int().min(1).max(10_000) }).optional(),
    phones: z.record(number, phoneBehaviours).default({}),
    texts: z.record(number, textBehaviours).default({}),
    actions: z.array(action).default([]),
    faults: z.array(fault).default([]),
  })
  .refine((s) => s.start < s.until, { error: 'lies before "start"', path: ['until'] })

export type Scenario = z.output<typeof scenario>
export type ScenarioService = Scenario['services'][number]
export type ScenarioAction = Scenario['actions'][number]

/** The places where an action or a fault names somebody or something that the scenario does not have, in words. */
function strangers({ lines, services, actions, faults }: Scenario): string[] {
  const known = {
    line: lines.map((each) => each.name),
    who: services.flatMap((each) => each.stakeholders.map((one) => one.name)),
    receiver: services.map((each) => each.receiver.name),
  }
  const kinds = { line: 'line', who: 'stakeholder', receiver: 'receiver' } as const
  const named = (where: string, what: { [field in keyof typeof known]?: string | undefined }) =>
    (['line', 'who', 'receiver'] as const)
      .filter((field) => what[field] !== undefined && !known[field].includes(what[field]))
      .map((field) => `${where}.${field}: ${shown(what[field])} is no ${kinds[field]} of this scenario`)
  return [
    ...actions.flatMap((action, i) => (action.do === 'outage' ? [] : named(`actions[${i}]`, action))),
    ...faults.flatMap((fault, i) => named(`faults[${i}]`, fault)),
  ]
}

/** One line that names the place and what is wrong there. */
export class InvalidScenario extends Error {}

/**
 * @param text JSON, comments allowed neither here nor in JSON
 * @throws InvalidScenario
 */
export function readScenario(text: string): Scenario {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new InvalidScenario(`not JSON: ${(error as Error).message}`)
  }
  const read = scenario.safeParse(json)
  if (read.success) return withoutStrangers(repeated(read.data))
  const issue = deepest(read.error.issues[0]!)
  throw new InvalidScenario(`${place(issue.path)}: ${issue.message}`)
}

function withoutStrangers(read: Scenario): Scenario {
  const [first] = strangers(read)
  if (first) throw new InvalidScenario(first)
  return read
}

/** Of a union's failure the branch that got furthest says most. */
function deepest(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string } {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue
  const inner = issue.errors
    .flatMap((branch) => branch.slice(0, 1).map(deepest))
    .sort((a, b) => b.path.length - a.path.length)[0]
  return inner && inner.path.length > 0
    ? { path: [...issue.path, ...inner.path], message: inner.message }
    : issue
}

function place(path: PropertyKey[]): string {
  return (
    path.reduce<string>(
      (text, key) =>
        typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
      '',
    ) || 'scenario'
  )
}

/** `repeat`: services[0] stands for that many, "Ada", "Ada 2", …, each with the next phone number and the first one's behaviour. */
function repeated(read: Scenario): Scenario {
  const times = read.repeat?.services ?? 1
  const [first, ...others] = read.services
  if (!first || times === 1) return read
  const phones = { ...read.phones }
  const copies = Array.from({ length: times - 1 }, (_, i): ScenarioService => {
    const copy = {
      ...first,
      receiver: {
        ...first.receiver,
        name: `${first.receiver.name} ${i + 2}`,
        phones: first.receiver.phones.map((phone) => nextNumber(phone, i + 1)),
      },
    }
    first.receiver.phones.forEach((phone, n) => {
      const behaviour = read.phones[phone]
      if (behaviour) phones[copy.receiver.phones[n]!] ??= behaviour
    })
    return copy
  })
  return { ...read, services: [first, ...copies, ...others], phones }
}

function nextNumber(phone: string, by: number): string {
  return `+${(BigInt(phone.slice(1)) + BigInt(by)).toString()}`
}
