// Setup / answers: what has been answered in one set-up so far, as it is saved, and the reading of it. Pure. Used by every
// step, by the check page and by finishing.
import { z } from 'zod'
import { isMobile } from '../kit/phone-number.ts'
import { capitalised } from '../kit/plain-words.ts'
import { formatTime } from '../kit/time-of-day.ts'
import { dateInWords } from '../kit/words-of-time.ts'
import { describeDays, nextSlotsOf, type Timing, WEEKDAYS } from '../schedules/schedules.ts'

/** One time at which the telephone shall ring, with what is heard then. What is null has not been asked yet. */
const call = z.object({
  /** names it in addresses; never used again once it is removed */
  key: z.string(),
  /** of an existing service that is being changed: the schedule that this is */
  scheduleId: z.string().nullable(),
  kind: z.enum(['reminder', 'check-in', 'both']).nullable(),
  /** null also where it is not asked: on a landline everybody is rung */
  by: z.enum(['call', 'text', 'call then text', 'text then call']).nullable().default(null),
  when: z.union([z.object({ days: z.array(z.enum(WEEKDAYS)) }), z.object({ date: z.string() })]).nullable(),
  /** 'HH:MM' */
  time: z.string().nullable(),
  /** What is heard. What was given for the other kinds is kept, in case of a change of mind. */
  heard: z.enum(['preset', 'spoken', 'recording']).nullable(),
  preset: z.string().nullable(),
  text: z.string().nullable(),
  recordingId: z.string().nullable(),
  /** the recording was listened to and found good */
  isKept: z.boolean(),
  /** it shall be recorded another day */
  isLater: z.boolean(),
})

const contact = z.object({
  key: z.string(),
  /** of an existing service that is being changed: the person that this is */
  personId: z.string().nullable(),
  /** The person who sets this up. Name and e-mail address are theirs, and empty here. */
  isMe: z.boolean(),
  name: z.string(),
  /** E.164 */
  phone: z.string().nullable(),
  email: z.string().nullable(),
  /** what they do not mind; what can be used of it is `waysOf` */
  channels: z.array(z.enum(['call', 'text', 'email'])),
  /** told at the same moment as the one above */
  isTogether: z.boolean(),
})

const answers = z.object({
  /** null: not known yet */
  yourName: z.string().nullable(),
  /** the name was known before this set-up, so it is not asked */
  isNameKnown: z.boolean(),
  receiver: z.object({ isSelf: z.boolean(), name: z.string() }).nullable(),
  /** E.164; none: not asked yet */
  phones: z.array(z.string()),
  calls: z.array(call),
  areCallsSettled: z.boolean(),
  contacts: z.array(contact),
  areContactsSettled: z.boolean(),
  /** null: not asked yet; '': none */
  notes: z.string().nullable(),
  delivery: z.object({
    attempts: z.number(),
    gapMinutes: z.number(),
    ringSeconds: z.number(),
    helpKey: z.string().nullable(),
  }),
  /** how many keys were given to calls and contacts */
  made: z.number(),
  /** recordings made in this set-up: erased with it */
  recordedHere: z.array(z.string()),
  /** of a service being changed: the schedules it had when this began, and a mark of how it stood */
  had: z.object({ scheduleIds: z.array(z.string()), mark: z.string() }).nullable(),
  /** The last form that was saved, so that pressing its button twice acts once. */
  last: z.object({ formId: z.string(), location: z.string() }).nullable(),
})

export type Answers = z.infer<typeof answers>
export type DraftCall = z.infer<typeof call>
export type Contact = z.infer<typeof contact>
export type Delivery = Answers['delivery']

/** @throws when what was saved is not of this shape: a bug of ours */
export function readAnswers(saved: unknown): Answers {
  return answers.parse(saved)
}

export const mostCalls = 8
export const mostContacts = 10

/** product.md §4 */
export const usualDelivery: Delivery = { attempts: 3, gapMinutes: 5, ringSeconds: 30, helpKey: null }

export function noAnswers(yourName: string | null): Answers {
  const empty: Answers = {
    yourName,
    isNameKnown: yourName !== null,
    receiver: null,
    phones: [],
    calls: [],
    areCallsSettled: false,
    contacts: [],
    areContactsSettled: false,
    notes: null,
    delivery: usualDelivery,
    made: 0,
    recordedHere: [],
    had: null,
    last: null,
  }
  return withNewCall(empty)
}

export function withNewCall(a: Answers): Answers {
  const made = a.made + 1
  return { ...a, made, calls: [...a.calls, emptyCall(String(made))] }
}

export function emptyCall(key: string): DraftCall {
  return {
    key,
    scheduleId: null,
    kind: null,
    by: null,
    when: null,
    time: null,
    heard: null,
    preset: null,
    text: null,
    recordingId: null,
    isKept: false,
    isLater: false,
  }
}

export function withCall(a: Answers, key: string, change: Partial<DraftCall>): Answers {
  return { ...a, calls: a.calls.map((one) => (one.key === key ? { ...one, ...change } : one)) }
}

export function withContact(a: Answers, key: string, change: Partial<Contact>): Answers {
  return { ...a, contacts: a.contacts.map((one) => (one.key === key ? { ...one, ...change } : one)) }
}

/** How this person will really be told: what they do not mind, as far as there is a number or an address for it. */
export function waysOf(contact: Contact, yourEmail: string): Contact['channels'] {
  const email = contact.isMe ? yourEmail : contact.email
  const can = {
    call: contact.phone !== null,
    text: contact.phone !== null && isMobile(contact.phone),
    email: email !== null && email !== '',
  }
  return contact.channels.filter((channel) => can[channel])
}

export function nameOf(contact: Contact, a: Answers): string {
  return contact.isMe ? (a.yourName ?? '') : contact.name
}

/** The steps in which contacts are told: 1 first; those told together share one. */
export function stepsOf(contacts: readonly Contact[]): number[] {
  let step = 0
  return contacts.map(({ isTogether }, place) => {
    if (place === 0 || !isTogether) step++
    return step
  })
}

/** When this call is due, or null while that is not fully answered. */
export function timingOf({ when, time }: DraftCall): Timing | null {
  if (!when || !time) return null
  return 'date' in when ? { localTime: time, onDate: when.date } : { localTime: time, days: when.days }
}

/** "Every day at 9:30am", "On Tuesday 24 November at midday", as far as it is answered. */
export function timingInWords({ when, time }: DraftCall, today: string): string {
  const days = when ? daysInWords(when, today) : ''
  const at = time ? `at ${formatTime(time)}` : ''
  return capitalised([days, at].filter(Boolean).join(' '))
}

export function daysInWords(when: NonNullable<DraftCall['when']>, today: string): string {
  return 'date' in when ? `On ${dateInWords(when.date, today)}` : describeDays(when.days)
}

/** The next due instants of all calls together, soonest first. */
export function nextDue(a: Answers, zone: string, now: Date, count: number): Date[] {
  return a.calls
    .flatMap((one) => {
      const timing = timingOf(one)
      return timing ? nextSlotsOf(timing, zone, now, count) : []
    })
    .map((slot) => slot.dueAt)
    .sort((one, other) => one.getTime() - other.getTime())
    .slice(0, count)
}
