// Setup / steps / who: who sets this up, who is to be called, and on which numbers. Pure. Called by flow.ts.
import { displayNumber, nationalNumber, readNumber } from '../../kit/phone-number.ts'
import { listOf } from '../../kit/plain-words.ts'
import { NAME_LIMIT, readName } from '../../kit/typed-text.ts'
import { Radios, TextInput } from '../../web/fields.tsx'
import type { FieldError } from '../../web/forms.tsx'
import { type Answers, nameOf } from '../answers.ts'
import { type Asking, errorsOf, refused, type Step, StepForm } from '../step.tsx'
import { type Called, words } from '../words.ts'

/** Who is called, for words. Only after the question was answered. */
export function calledOf(a: Answers): Called {
  return {
    name: (a.receiver?.isSelf ? a.yourName : a.receiver?.name) ?? '',
    isSelf: a.receiver?.isSelf ?? false,
  }
}

export const yourName: Step = {
  path: 'your-name',
  part: 1,
  question: () => words.yourName.question,
  fill: (a) => ({ name: a.yourName ?? '' }),
  isDone: (a) => a.yourName !== null,
  limits: { max: { name: NAME_LIMIT } },
  read(form, a) {
    const name = readName(form.text('name'), words.yourName.whose)
    if (!name.ok) return refused('name', name.reason)
    return { ok: true, answers: { ...a, yourName: name.text } }
  },
  view: ({ typed, errors, at }) => (
    <StepForm at={at}>
      <TextInput
        name="name"
        label={words.yourName.question}
        labelSize="l"
        heading
        hint={words.yourName.hint}
        value={typed.text('name')}
        errors={errors}
        autoComplete="name"
        spellcheck={false}
      />
    </StepForm>
  ),
}

export const receiver: Step = {
  path: 'receiver',
  part: 1,
  question: () => words.receiver.question,
  fill: ({ receiver: r }) => (r ? { who: r.isSelf ? 'me' : 'other', name: r.isSelf ? '' : r.name } : {}),
  isDone: (a) => a.receiver !== null,
  limits: { max: { name: NAME_LIMIT } },
  read(form, a) {
    const who = form.text('who')
    if (who === 'me') {
      const contacts = a.contacts.filter((contact) => !contact.isMe)
      const areContactsSettled = a.areContactsSettled && contacts.length === a.contacts.length
      return {
        ok: true,
        answers: { ...a, receiver: { isSelf: true, name: '' }, contacts, areContactsSettled },
      }
    }
    if (who !== 'other') return refused('who', words.receiver.choose)
    const name = readName(form.text('name'), words.receiver.whose)
    if (!name.ok) return refused('name', name.reason)
    return { ok: true, answers: { ...a, receiver: { isSelf: false, name: name.text } } }
  },
  view: ({ answers, typed, errors, at }) => (
    <StepForm at={at}>
      <Radios
        name="who"
        label={words.receiver.question}
        labelSize="l"
        heading
        value={typed.text('who')}
        errors={errors}
        items={[
          {
            value: 'other',
            text: words.receiver.other,
            reveals: (
              <TextInput
                name="name"
                label={words.receiver.name}
                hint={words.receiver.nameHint}
                value={typed.text('name')}
                errors={errors}
                autoComplete="off"
                spellcheck={false}
              />
            ),
          },
          { value: 'me', text: words.receiver.me(answers.yourName ?? ''), hint: words.receiver.meHint },
        ]}
      />
    </StepForm>
  ),
}

export const numbers: Step = {
  path: 'numbers',
  part: 1,
  question: (a) => words.numbers.question(calledOf(a)),
  fill: ({ phones: [first, second] }) => ({
    first: first ? nationalNumber(first) : '',
    second: second ? nationalNumber(second) : '',
  }),
  isDone: (a) => a.phones.length > 0,
  saidBack: (a) =>
    a.phones.length > 0
      ? words.numbers.saidBack(calledOf(a), listOf(a.phones.map(displayNumber), 'or'))
      : null,
  read(form, a, asking) {
    const first = numberOf('first', form.text('first'), a, asking)
    const second = form.text('second') === '' ? null : numberOf('second', form.text('second'), a, asking)
    const errors = errorsOf(first.error, second?.error ?? null)
    if (errors) return { ok: false, errors }
    if (first.e164 === second?.e164) return refused('second', words.numbers.same)
    return { ok: true, answers: { ...a, phones: second ? [first.e164, second.e164] : [first.e164] } }
  },
  view: ({ answers, typed, errors, at }) => (
    <StepForm at={at}>
      <h1 class="govuk-heading-l">{words.numbers.question(calledOf(answers))}</h1>
      <TextInput
        name="first"
        type="tel"
        label={words.numbers.first}
        labelSize="s"
        hint={words.numbers.hint}
        value={typed.text('first')}
        errors={errors}
        autoComplete={answers.receiver?.isSelf ? 'tel' : 'off'}
        width={20}
      />
      <TextInput
        name="second"
        type="tel"
        label={words.numbers.second}
        labelSize="s"
        hint={words.numbers.secondHint(calledOf(answers))}
        value={typed.text('second')}
        errors={errors}
        autoComplete="off"
        width={20}
      />
    </StepForm>
  ),
}

/** A number of the person who is called. It must not be one on which somebody is to hear that nobody answered there. */
function numberOf(
  field: string,
  typed: string,
  a: Answers,
  { countries }: Asking,
): { e164: string; error: FieldError | null } {
  const read = readNumber(typed, { line: countries })
  if (!read.ok) return { e164: '', error: { field, text: read.reason } }
  const contact = a.contacts.find(({ phone }) => phone === read.e164)
  if (contact) return { e164: '', error: { field, text: words.numbers.ofContact(nameOf(contact, a)) } }
  return { e164: read.e164, error: null }
}
