// Setup / steps / last: what somebody must know who goes there, and how we ring. Pure. Called by flow.ts.
import { readLines, withPlainDigits } from '../../kit/typed-text.ts'
import { Radios, TextArea, TextInput } from '../../web/fields.tsx'
import type { FieldError } from '../../web/forms.tsx'
import type { Answers, DraftCall } from '../answers.ts'
import { type Reading, refused, type Step, StepForm } from '../step.tsx'
import { words } from '../words.ts'
import { calledOf } from './who.tsx'

const notesMost = 500

export const notes: Step = {
  path: 'notes',
  part: 3,
  question: (a) => words.notes.question(calledOf(a)),
  fill: (a) => ({ notes: a.notes ?? '' }),
  isDone: (a) => a.notes !== null,
  limits: { lines: ['notes'], max: { notes: notesMost } },
  read(form, a) {
    const read = readLines(form.text('notes'), { what: words.notes.what, min: 0, max: notesMost })
    return read.ok ? { ok: true, answers: { ...a, notes: read.text } } : refused('notes', read.reason)
  },
  view: ({ answers, typed, errors, at }) => (
    <StepForm at={at}>
      <TextArea
        name="notes"
        label={words.notes.question(calledOf(answers))}
        labelSize="l"
        heading
        hint={`${words.notes.hint} ${words.notes.none}`}
        value={typed.text('notes')}
        errors={errors}
      />
    </StepForm>
  ),
}

const limits = { attempts: [1, 6], gapMinutes: [1, 60], ringSeconds: [20, 120] } as const
type Measure = keyof typeof limits
const measures = Object.keys(limits) as Measure[]

/** Not asked on the way: most people leave it as it is. Reached from the check page. */
export const delivery: Step = {
  path: 'delivery',
  beside: 'check',
  part: 4,
  question: () => words.delivery.question,
  fill: ({ delivery: d }) => ({
    attempts: String(d.attempts),
    gapMinutes: String(d.gapMinutes),
    ringSeconds: String(d.ringSeconds),
    helpKey: d.helpKey ?? 'none',
  }),
  isDone: () => true,
  read(form, a) {
    const errors: FieldError[] = measures.flatMap((name) => {
      const [from, to] = limits[name]
      const number = wholeNumber(form.text(name))
      return number === null || number < from || number > to
        ? [{ field: name, text: words.delivery.range[name] }]
        : []
    })
    const key = form.text('helpKey')
    if (key !== 'none' && !/^\d$/.test(key))
      errors.push({ field: 'helpKey', text: words.delivery.chooseHelp })
    if (errors.length === 0 && wholeNumber(form.text('attempts')) === 1 && a.calls.some(isMixed))
      errors.push({ field: 'attempts', text: words.delivery.mixed })
    if (errors.length > 0) return { ok: false, errors }
    const of = (name: Measure) => Number(wholeNumber(form.text(name)))
    return withDelivery(a, {
      attempts: of('attempts'),
      gapMinutes: of('gapMinutes'),
      ringSeconds: of('ringSeconds'),
      helpKey: key === 'none' ? null : key,
    })
  },
  view: ({ answers, typed, errors, at }) => {
    const r = calledOf(answers)
    const say = words.delivery
    const field = (name: Measure, label: string, hint: string, suffix: string) => (
      <TextInput
        {...{ name, label, hint, suffix, errors }}
        labelSize="s"
        value={typed.text(name)}
        inputMode="numeric"
        width={4}
        autoComplete="off"
      />
    )
    const current = answers.delivery.helpKey ?? '9'
    return (
      <StepForm at={at} button={say.save}>
        <h1 class="govuk-heading-l">{say.question}</h1>
        <p class="govuk-body">{say.hint(r)}</p>
        {field('attempts', say.attempts, say.attemptsHint, say.times)}
        {field('gapMinutes', say.gap, say.gapHint, say.minutes)}
        {field('ringSeconds', say.ring, say.ringHint, say.seconds)}
        <Radios
          name="helpKey"
          label={say.help}
          labelSize="s"
          hint={say.helpHint(r)}
          value={typed.text('helpKey')}
          errors={errors}
          items={[
            { value: 'none', text: say.noHelp },
            { value: current, text: say.helpKey(current) },
          ]}
        />
      </StepForm>
    )
  },
}

const isMixed = ({ by }: DraftCall): boolean => by?.includes('then') ?? false

function withDelivery(a: Answers, changed: Answers['delivery']): Reading {
  return { ok: true, answers: { ...a, delivery: changed } }
}

function wholeNumber(typed: string): number | null {
  const digits = withPlainDigits(typed).trim()
  return /^\d{1,4}$/.test(digits) ? Number(digits) : null
}
