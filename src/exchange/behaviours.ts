// Exchange / behaviours: how telephones behave that no person holds: the `phones` and `texts` of a scenario
// (shared/rehearsal.md). One entry per ring or text, the last one repeats. Pure but for the count of each number.
// Called by calls.ts and texts.ts; the rehearsal checks its scenario with the same schemas.
import { z } from 'zod'

const seconds = z.number().min(0).max(86_400)
const press = z.strictObject({
  key: z.string().regex(/^[0-9*#]$/, 'must be one key: 0 to 9, * or #'),
  atSecond: seconds,
})
const speech = z.strictObject({ text: z.string().min(1), atSecond: seconds })

const answerSchema = z.strictObject({
  afterSeconds: seconds,
  /** counted from answering */
  press: z.array(press).default([]),
  /** what the person says, for a line that records; counted from answering */
  speak: z.array(speech).default([]),
  /** the far end usually hangs up before */
  hangUpAtSecond: seconds.default(60),
})

export const ringBehaviour = z.union([
  z.enum(['no-answer', 'busy', 'rejected', 'unreachable']),
  z.strictObject({ voicemail: z.strictObject({ afterSeconds: seconds }) }),
  z.strictObject({ answer: answerSchema }),
])

/** `null`: reads it and says nothing. */
export const textBehaviour = z.union([
  z.null(),
  z.strictObject({ reply: z.string().min(1).max(1600), afterSeconds: seconds.default(0) }),
])

/** How one number behaves: one entry per ring, the last one repeats. */
export const phoneBehaviours = z.array(ringBehaviour).min(1)
/** What one number does with texts: one entry per text, the last one repeats. */
export const textBehaviours = z.array(textBehaviour).min(1)

const number = z.string().regex(/^\+[1-9][0-9]{6,14}$/, 'must be a number like +441632960101')

/** The `phones` of a scenario. */
export const phonesSchema = z.record(number, phoneBehaviours)
/** The `texts` of a scenario. */
export const textsSchema = z.record(number, textBehaviours)
/** The `press` of a scenario's action "ring in". */
export const pressSchema = z.array(press)
/** Its `speak`: what the person says to a line that records. */
export const speechSchema = z.array(speech)

export type RingBehaviour = z.output<typeof ringBehaviour>
export type TextBehaviour = z.output<typeof textBehaviour>
export type Answer = z.output<typeof answerSchema>

/** As given: defaults may be missing. */
export interface BehavioursGiven {
  phones?: z.input<typeof phonesSchema>
  texts?: z.input<typeof textsSchema>
  /** A number not listed rings out, or is a handset that a person answers on the page. Default: 'no-answer'. */
  default?: 'no-answer' | 'handset'
}

export interface Behaviours {
  /** How `number` behaves at its next ring. Counts the ring. */
  nextRing(number: string): RingBehaviour | 'handset'
  /** What `number` does with the text it just got. Counts the text. */
  nextText(number: string): TextBehaviour
  /** Every number that has a behaviour. */
  numbers(): string[]
}

/** @throws ZodError when a behaviour is none */
export function createBehaviours(given: BehavioursGiven = {}): Behaviours {
  const phones = new Map(Object.entries(phonesSchema.parse(given.phones ?? {})))
  const texts = new Map(Object.entries(textsSchema.parse(given.texts ?? {})))
  const otherwise = given.default ?? 'no-answer'
  const rings = new Map<string, number>()
  const got = new Map<string, number>()
  return {
    nextRing: (number) => next(phones.get(number), rings, number) ?? otherwise,
    nextText: (number) => next(texts.get(number), got, number) ?? null,
    numbers: () => [...new Set([...phones.keys(), ...texts.keys()])],
  }
}

/** The entry whose turn it is in `list`, the last one repeating. */
function next<T>(list: readonly T[] | undefined, counts: Map<string, number>, number: string): T | undefined {
  if (!list) return undefined
  const count = counts.get(number) ?? 0
  counts.set(number, count + 1)
  return list[Math.min(count, list.length - 1)]
}
