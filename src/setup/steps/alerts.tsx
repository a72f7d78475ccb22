// Setup / steps / alerts: whom we tell when nobody answers, in which order. The list is one step; each person has a page
// beside it (contact.tsx). Pure. Called by flow.ts.
import { displayNumber, isLandline } from '../../kit/phone-number.ts'
import { P } from '../../web/components.tsx'
import { Radios } from '../../web/fields.tsx'
import type { SubmittedForm } from '../../web/form.ts'
import { Button } from '../../web/forms.tsx'
import { type Answers, type Contact, mostContacts, nameOf, stepsOf, waysOf } from '../answers.ts'
import { placeOf, type Reading, refused, type Step, StepForm, type View } from '../step.tsx'
import { words } from '../words.ts'
import { calledOf } from './who.tsx'

export const alerts: Step = {
  path: 'alerts',
  part: 3,
  question: (a) => words.alerts.question(calledOf(a)),
  fill: (a) =>
    a.contacts.length > 0
      ? { list: a.contacts.map((contact) => JSON.stringify(contact)) }
      : { who: a.areContactsSettled ? 'nobody' : '' },
  isDone: (a) => a.areContactsSettled,
  isList: true,
  read(form, a) {
    return a.contacts.length > 0 ? readList(form, a) : readFirst(form, a)
  },
  view: (view) => (view.answers.contacts.length > 0 ? <List {...view} /> : <First {...view} />),
}

// ------------------------------------------------------------------------------------------------- nobody is there yet

function readFirst(form: SubmittedForm, a: Answers): Reading {
  switch (form.text('who')) {
    case 'me':
      return { ok: true, answers: a, goTo: 'alerts/me' }
    case 'other':
      return { ok: true, answers: a, goTo: 'alerts/new' }
    case 'nobody':
      return { ok: true, answers: { ...a, areContactsSettled: true } }
    default:
      return refused('who', words.alerts.choose)
  }
}

function First({ answers, typed, errors, at }: View) {
  const r = calledOf(answers)
  const me = { value: 'me', text: words.alerts.me(answers.yourName ?? '') }
  return (
    <StepForm at={at}>
      <Radios
        name="who"
        label={words.alerts.question(r)}
        labelSize="l"
        heading
        hint={words.alerts.hint(r, answers.delivery.attempts)}
        value={typed.text('who')}
        errors={errors}
        items={[
          // whoever is called cannot be told that they did not answer
          ...(r.isSelf ? [] : [me]),
          { value: 'other', text: words.alerts.other },
          { value: 'nobody', text: words.alerts.nobody, hint: words.alerts.nobodyHint },
        ]}
      />
    </StepForm>
  )
}

// ------------------------------------------------------------------------------------------------------------- the list

/** A pressed button is `do` = what:KEY; without one it is "Continue". */
function readList(form: SubmittedForm, a: Answers): Reading {
  const [what = '', key = ''] = form.text('do').split(':')
  const place = a.contacts.findIndex((contact) => contact.key === key)
  const back = `alerts#person-${key}`
  switch (what) {
    case '':
      return { ok: true, answers: { ...a, areContactsSettled: true } }
    case 'add':
      return { ok: true, answers: a, goTo: form.text('do') === 'add:me' ? 'alerts/me' : 'alerts/new' }
    case 'up':
      return { ok: true, answers: { ...a, contacts: moved(a.contacts, place, -1) }, goTo: back }
    case 'down':
      return { ok: true, answers: { ...a, contacts: moved(a.contacts, place, 1) }, goTo: back }
    case 'join':
    case 'leave':
      return { ok: true, answers: { ...a, contacts: joined(a.contacts, place, what === 'join') }, goTo: back }
    case 'remove':
      return { ok: true, answers: without(a, key), goTo: 'alerts' }
    default:
      return refused('', words.staleList)
  }
}

/** Changes place with the neighbour. The first in the list has nobody above to be told together with. */
export function moved(contacts: readonly Contact[], place: number, by: -1 | 1): Contact[] {
  const to = place + by
  if (place < 0 || to < 0 || to >= contacts.length) return [...contacts]
  const swapped = [...contacts]
  swapped[place] = contacts[to]!
  swapped[to] = contacts[place]!
  return firstAlone(swapped)
}

function joined(contacts: readonly Contact[], place: number, isTogether: boolean): Contact[] {
  return firstAlone(contacts.map((one, at) => (at === place ? { ...one, isTogether } : one)))
}

/** Taking the last one away opens the question again. */
function without(a: Answers, key: string): Answers {
  const contacts = firstAlone(a.contacts.filter((contact) => contact.key !== key))
  return { ...a, contacts, areContactsSettled: a.areContactsSettled && contacts.length > 0 }
}

export function firstAlone(contacts: readonly Contact[]): Contact[] {
  return contacts.map((one, place) => (place === 0 ? { ...one, isTogether: false } : one))
}

function List({ answers, at, asking }: View) {
  const steps = stepsOf(answers.contacts)
  const canAddMe = !calledOf(answers).isSelf && !answers.contacts.some((contact) => contact.isMe)
  return (
    <>
      <h1 class="govuk-heading-l">{words.alerts.question(calledOf(answers))}</h1>
      <P>{words.alerts.lead}</P>
      <StepForm at={at} button={null}>
        <ol class="app-rows">
          {answers.contacts.map((contact, place) => (
            <Row
              key={contact.key}
              {...{ answers, at, contact, place }}
              step={steps[place]!}
              stepMinutes={asking.alert.stepMinutes}
              yourEmail={asking.creator.email}
            />
          ))}
        </ol>
        <P>{words.alerts.again(asking.alert.rounds)}</P>
        {answers.contacts.length < mostContacts ? (
          <div class="govuk-button-group">
            <Button look="secondary" name="do" value="add:other">
              {words.alerts.add}
            </Button>
            {canAddMe && (
              <Button look="secondary" name="do" value="add:me">
                {words.alerts.addMe}
              </Button>
            )}
          </div>
        ) : (
          <P>{words.alerts.full}</P>
        )}
        <Button>{words.continue}</Button>
      </StepForm>
    </>
  )
}

interface RowProps {
  answers: Answers
  at: View['at']
  contact: Contact
  place: number
  step: number
  stepMinutes: number
  yourEmail: string
}

function Row({ answers, at, contact, place, step, stepMinutes, yourEmail }: RowProps) {
  const name = nameOf(contact, answers)
  const above = place > 0 ? nameOf(answers.contacts[place - 1]!, answers) : null
  const press = (what: string, text: string, hiddenText?: string) => (
    <Button
      look="secondary"
      name="do"
      value={`${what}:${contact.key}`}
      {...(hiddenText !== undefined && { hiddenText })}
    >
      {text}
    </Button>
  )
  return (
    <li class="app-rows__row" id={`person-${contact.key}`} tabIndex={-1}>
      <p class="app-rows__place">
        {contact.isTogether ? words.alerts.together : words.alerts.place(step, stepMinutes)}
      </p>
      <h2 class="app-rows__title">{contact.isMe ? words.alerts.you(name) : name}</h2>
      <p>{waysInWords(contact, yourEmail).join(' ')}</p>
      <div class="app-rows__buttons">
        {place > 0 && press('up', words.alerts.up, name)}
        {place < answers.contacts.length - 1 && press('down', words.alerts.down, name)}
        {above !== null &&
          (contact.isTogether
            ? press('leave', words.alerts.leaveAbove(above))
            : press('join', words.alerts.joinAbove(above)))}
        <a class="govuk-link" href={placeOf(at.base, `alerts/${contact.isMe ? 'me' : contact.key}`, at.from)}>
          {words.alerts.change}
          <span class="govuk-visually-hidden"> {name}</span>
        </a>
        {press('remove', words.alerts.remove, name)}
      </div>
    </li>
  )
}

/** How this person is told, in sentences, and why not by text when they might expect it. */
export function waysInWords(contact: Contact, yourEmail: string): string[] {
  const ways = waysOf(contact, yourEmail)
  const number = displayNumber(contact.phone ?? '')
  const email = contact.isMe ? yourEmail : (contact.email ?? '')
  const say = words.alerts.ways
  const sentences: string[] = []
  if (ways.includes('call'))
    sentences.push(ways.includes('text') ? say.callAndText(number) : say.call(number))
  else if (ways.includes('text')) sentences.push(say.text(number))
  if (ways.includes('email')) sentences.push(say.email(email))
  if (contact.channels.includes('text') && contact.phone !== null && isLandline(contact.phone)) {
    sentences.push(words.alerts.landline)
  }
  return sentences
}
