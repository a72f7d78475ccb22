// Setup / steps / call: what one call is for, on which days and at what time. Pure. Called by flow.ts, once for each call.
import { localDateOf } from '../../kit/local-time.ts'
import { formatTime, readTimeOfDay } from '../../kit/time-of-day.ts'
import { zoneInWords } from '../../kit/words-of-time.ts'
import { presetsFor } from '../../messages/messages.ts'
import { nextSlotsOf, WEEKDAYS, type Weekday } from '../../schedules/schedules.ts'
import { Checkboxes, DateInput, Radios, TextInput } from '../../web/fields.tsx'
import {
  type Answers,
  type DraftCall,
  daysInWords,
  emptyCall,
  timingInWords,
  timingOf,
  withCall,
} from '../answers.ts'
import { type Asking, refused, type Step, StepForm } from '../step.tsx'
import { exampleDate, readDate, typedDate } from '../typed-date.ts'
import { words } from '../words.ts'
import { calledOf } from './who.tsx'

/** The call of this key; a step of a call that is gone is never asked. */
export function callOf(a: Answers, key: string): DraftCall {
  return a.calls.find((one) => one.key === key) ?? emptyCall(key)
}

const kinds = ['check-in', 'reminder', 'both'] as const

export const kindStep = (key: string): Step => ({
  path: `calls/${key}/kind`,
  part: 2,
  question: () => words.kind.question,
  fill: (a) => ({ kind: callOf(a, key).kind ?? '' }),
  isDone: (a) => callOf(a, key).kind !== null,
  read(form, a) {
    const kind = kinds.find((one) => one === form.text('kind'))
    if (!kind) return refused('kind', words.kind.choose)
    const { preset } = callOf(a, key)
    const fits = presetsFor(kind).some((one) => one.key === preset)
    return { ok: true, answers: withCall(a, key, { kind, preset: fits ? preset : null }) }
  },
  view: ({ answers, typed, errors, at }) => {
    const r = calledOf(answers)
    return (
      <StepForm at={at}>
        <Radios
          name="kind"
          label={words.kind.question}
          labelSize="l"
          heading
          value={typed.text('kind')}
          errors={errors}
          items={[
            { value: 'check-in', text: words.kind.checkIn(r), hint: words.kind.checkInHint },
            { value: 'reminder', text: words.kind.reminder(r), hint: words.kind.reminderHint },
            { value: 'both', text: words.kind.both, hint: words.kind.bothHint(r) },
          ]}
        />
      </StepForm>
    )
  },
})

const working: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri']
const dayNames: Record<Weekday, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
}

const isWritten = (a: Answers, key: string): boolean => callOf(a, key).by === 'text'
const daysQuestion = (a: Answers, key: string) => (isWritten(a, key) ? words.days.write : words.days.question)
const timeQuestion = (a: Answers, key: string) => (isWritten(a, key) ? words.time.write : words.time.question)

export const daysStep = (key: string): Step => ({
  path: `calls/${key}/days`,
  part: 2,
  question: (a) => daysQuestion(a, key),
  fill: (a) => fillDays(callOf(a, key).when),
  isDone(a, asking) {
    const { when } = callOf(a, key)
    return when !== null && !('date' in when && when.date < today(asking))
  },
  read(form, a, asking) {
    const answered = (when: NonNullable<DraftCall['when']>) =>
      ({ ok: true, answers: withCall(a, key, { when }) }) as const
    switch (form.text('days')) {
      case 'every':
        return answered({ days: [...WEEKDAYS] })
      case 'working':
        return answered({ days: [...working] })
      case 'some': {
        const days = WEEKDAYS.filter((day) => form.all('day').includes(day))
        return days.length > 0 ? answered({ days }) : refused('day', words.days.chooseSome)
      }
      case 'one': {
        const typed = {
          day: form.text('date-day'),
          month: form.text('date-month'),
          year: form.text('date-year'),
        }
        const date = readDate(typed, 'date', today(asking))
        return date.ok ? answered({ date: date.date }) : date
      }
      default:
        return refused('days', words.days.choose)
    }
  },
  view: ({ answers, typed, errors, at, asking }) => (
    <StepForm at={at}>
      <Radios
        name="days"
        label={daysQuestion(answers, key)}
        labelSize="l"
        heading
        value={typed.text('days')}
        errors={errors}
        items={[
          { value: 'every', text: words.days.every },
          { value: 'working', text: words.days.working },
          {
            value: 'some',
            text: words.days.some,
            reveals: (
              <Checkboxes
                name="day"
                label={words.days.someLabel}
                values={typed.all('day')}
                errors={errors}
                items={WEEKDAYS.map((day) => ({ value: day, text: dayNames[day] }))}
              />
            ),
          },
          {
            value: 'one',
            text: words.days.one,
            reveals: (
              <DateInput
                name="date"
                label={words.days.oneLabel}
                hint={words.days.oneHint(exampleDate(today(asking)))}
                value={{
                  day: typed.text('date-day'),
                  month: typed.text('date-month'),
                  year: typed.text('date-year'),
                }}
                errors={errors}
              />
            ),
          },
        ]}
      />
    </StepForm>
  ),
})

function fillDays(when: DraftCall['when']): Record<string, string | string[]> {
  if (!when) return {}
  if ('date' in when) {
    const { day, month, year } = typedDate(when.date)
    return { days: 'one', 'date-day': day, 'date-month': month, 'date-year': year }
  }
  if (when.days.length === 7) return { days: 'every' }
  const isWorking = when.days.length === 5 && working.every((day) => when.days.includes(day))
  return isWorking ? { days: 'working' } : { days: 'some', day: when.days }
}

export const timeStep = (key: string): Step => ({
  path: `calls/${key}/time`,
  part: 2,
  question: (a) => timeQuestion(a, key),
  fill: (a) => {
    const { time } = callOf(a, key)
    return { time: time ? formatTime(time) : '' }
  },
  isDone: (a, asking) => isAhead(callOf(a, key), asking) && clashing(a, key) === null,
  saidBack: (a, asking) => {
    const call = callOf(a, key)
    return call.time ? words.time.saidBack(timingInWords(call, today(asking))) : null
  },
  read(form, a, asking) {
    const read = readTimeOfDay(form.text('time'))
    if (!read.ok) return refused('time', read.reason)
    const answers = withCall(a, key, { time: read.time })
    if (!isAhead(callOf(answers, key), asking)) return refused('time', words.time.over)
    const taken = clashing(answers, key)
    return taken ? refused('time', words.time.taken(formatTime(taken))) : { ok: true, answers }
  },
  view: ({ answers, typed, errors, at, asking }) => {
    const { when } = callOf(answers, key)
    return (
      <StepForm at={at}>
        <TextInput
          name="time"
          label={timeQuestion(answers, key)}
          labelSize="l"
          heading
          hint={`${when ? `${daysInWords(when, today(asking))}. ` : ''}${words.time.hint(zoneInWords(asking.zone))}`}
          value={typed.text('time')}
          errors={errors}
          width={10}
          autoComplete="off"
          spellcheck={false}
        />
      </StepForm>
    )
  },
})

/** Is it ever due again? Every day always is; one date may be over. */
function isAhead(call: DraftCall, asking: Asking): boolean {
  const timing = timingOf(call)
  return timing !== null && nextSlotsOf(timing, asking.zone, asking.now, 1).length > 0
}

/** The time at which another call stands already on one of the same days, or null: one telephone rings once at a time. */
function clashing(a: Answers, key: string): string | null {
  const call = callOf(a, key)
  const other = a.calls.find((one) => one.key !== key && one.time === call.time && shareADay(one, call))
  return other?.time ?? null
}

function shareADay(one: DraftCall, other: DraftCall): boolean {
  if (!one.when || !other.when) return false
  if ('date' in one.when && 'date' in other.when) return one.when.date === other.when.date
  const days = weekdaysOf(other.when)
  return weekdaysOf(one.when).some((day) => days.includes(day))
}

function weekdaysOf(when: NonNullable<DraftCall['when']>): readonly Weekday[] {
  if ('days' in when) return when.days
  return [WEEKDAYS[(new Date(`${when.date}T12:00:00Z`).getUTCDay() + 6) % 7]!]
}

export function today({ now, zone }: Asking): string {
  return localDateOf(now, zone)
}
