// Setup / steps / contact: one person whom we tell: the person who sets this up (whose name and e-mail address we have), a
// new one, or one of the list. Pure. Called by flow.ts.
import { readEmailAddress, sameAddressKey } from '../../kit/email-address.ts'
import { nationalNumber, readNumber } from '../../kit/phone-number.ts'
import { NAME_LIMIT, readName } from '../../kit/typed-text.ts'
import { P } from '../../web/components.tsx'
import { Checkboxes, TextInput } from '../../web/fields.tsx'
import type { SubmittedForm } from '../../web/form.ts'
import type { Errors, FieldError } from '../../web/forms.tsx'
import { type Answers, type Contact, mostContacts, nameOf, waysOf } from '../answers.ts'
import { type Asking, errorsOf, type Reading, refused, type Step, StepForm, type View } from '../step.tsx'
import { words } from '../words.ts'
import { firstAlone } from './alerts.tsx'
import { calledOf } from './who.tsx'

const channels = ['call', 'text', 'email'] as const

/** Myself: only the telephone number is asked. */
export const meStep: Step = {
  path: 'alerts/me',
  beside: 'alerts',
  part: 3,
  question: () => words.contact.meQuestion,
  fill: (a) => fillContact(a.contacts.find((contact) => contact.isMe)),
  isDone: () => true,
  read(form, a, asking) {
    if (a.receiver?.isSelf) return refused('', words.alerts.choose)
    const known = a.contacts.find((contact) => contact.isMe)
    const empty: Contact = { ...noContact, isMe: true, key: String(a.made + 1) }
    return readContact(form, a, asking, known ?? empty)
  },
  view: (view) => (
    <StepForm at={view.at}>
      <h1 class="govuk-heading-l">{words.contact.meQuestion}</h1>
      <P>{words.contact.yourEmail(view.asking.creator.email)}</P>
      <Phone {...view} label={words.contact.yourPhone} known={view.asking.creator.phone} />
      <Channels {...view} />
    </StepForm>
  ),
}

/** @param key of the list, or 'new' */
export const contactStep = (key: string): Step => ({
  path: `alerts/${key}`,
  beside: 'alerts',
  part: 3,
  question: (a) => questionOf(a, key),
  fill: (a) => fillContact(a.contacts.find((contact) => contact.key === key)),
  isDone: () => true,
  limits: { max: { name: NAME_LIMIT } },
  read(form, a, asking) {
    const known = a.contacts.find((contact) => contact.key === key)
    return readContact(form, a, asking, known ?? { ...noContact, key: String(a.made + 1) })
  },
  view: (view) => (
    <StepForm at={view.at}>
      <h1 class="govuk-heading-l">{questionOf(view.answers, key)}</h1>
      <TextInput
        name="name"
        label={words.contact.name}
        labelSize="s"
        value={view.typed.text('name')}
        errors={view.errors}
        autoComplete="off"
        spellcheck={false}
      />
      <Phone {...view} label={words.contact.phone} known={null} />
      <TextInput
        name="email"
        type="email"
        label={words.contact.email}
        labelSize="s"
        hint={words.contact.emailHint}
        value={view.typed.text('email')}
        errors={view.errors}
        autoComplete="off"
        spellcheck={false}
      />
      <Channels {...view} />
    </StepForm>
  ),
})

function questionOf(a: Answers, key: string): string {
  const known = a.contacts.find((contact) => contact.key === key)
  return known ? words.contact.changeQuestion(nameOf(known, a)) : words.contact.newQuestion
}

function Phone({ typed, errors, label, known }: View & { label: string; known: string | null }) {
  return (
    <TextInput
      name="phone"
      type="tel"
      label={label}
      labelSize="s"
      hint={words.contact.phoneHint}
      value={typed.text('phone') || (known && errors.length === 0 ? nationalNumber(known) : '')}
      errors={errors}
      autoComplete={label === words.contact.yourPhone ? 'tel' : 'off'}
      width={20}
    />
  )
}

function Channels({ typed, errors }: View) {
  return (
    <Checkboxes
      name="channels"
      label={words.contact.channels}
      labelSize="s"
      hint={words.contact.channelsHint}
      values={typed.all('channels')}
      errors={errors}
      items={[
        { value: 'call', text: words.contact.call },
        { value: 'text', text: words.contact.text },
        { value: 'email', text: words.contact.emailChannel },
      ]}
    />
  )
}

const noContact: Contact = {
  key: '',
  personId: null,
  isMe: false,
  name: '',
  phone: null,
  email: null,
  channels: [...channels],
  isTogether: false,
}

function fillContact(contact: Contact | undefined): Record<string, string | string[]> {
  const { name, phone, email, channels: ticked } = contact ?? noContact
  return { name, phone: phone ? nationalNumber(phone) : '', email: email ?? '', channels: ticked }
}

function readContact(form: SubmittedForm, a: Answers, asking: Asking, before: Contact): Reading {
  const typed = readDetails(form, before.isMe, asking)
  if (!typed.ok) return typed
  const contact: Contact = { ...before, ...typed.details }
  const errors =
    contact.channels.length === 0 ? tick : (unreachable(contact, asking) ?? amiss(contact, a, asking))
  if (errors) return { ok: false, errors }
  const isNew = !a.contacts.some((one) => one.key === before.key)
  if (isNew && a.contacts.length >= mostContacts) return refused('', words.alerts.full)
  const contacts = isNew
    ? [...a.contacts, contact]
    : a.contacts.map((one) => (one.key === before.key ? contact : one))
  const made = isNew ? a.made + 1 : a.made
  return { ok: true, answers: { ...a, contacts: firstAlone(contacts), made }, goTo: 'alerts' }
}

const tick: Errors = [{ field: 'channels', text: words.contact.tick }]

type Details = Pick<Contact, 'name' | 'phone' | 'email' | 'channels'>

function readDetails(
  form: SubmittedForm,
  isMe: boolean,
  { countries }: Asking,
): { ok: true; details: Details } | { ok: false; errors: Errors } {
  const name = isMe ? ({ ok: true, text: '' } as const) : readName(form.text('name'), words.contact.whose)
  const phone = form.text('phone') === '' ? null : readNumber(form.text('phone'), { line: countries })
  const email = isMe || form.text('email') === '' ? null : readEmailAddress(form.text('email'))
  const error = (field: string, read: { ok: boolean; reason?: string } | null): FieldError | null =>
    read && !read.ok ? { field, text: read.reason ?? '' } : null
  const errors = errorsOf(error('name', name), error('phone', phone), error('email', email))
  if (errors) return { ok: false, errors }
  return {
    ok: true,
    details: {
      name: name.ok ? name.text : '',
      phone: phone?.ok ? phone.e164 : null,
      email: email?.ok ? sameAddressKey(email.address) : null,
      channels: channels.filter((channel) => form.all('channels').includes(channel)),
    },
  }
}

/** What is missing before this person can be told at all. */
function unreachable(contact: Contact, { creator }: Asking): Errors | null {
  if (waysOf(contact, creator.email).length > 0) return null
  const say = words.contact
  if (contact.phone === null) {
    const hasAddress = contact.isMe || contact.email !== null
    return [{ field: 'phone', text: hasAddress ? say.phoneForCall : say.nothing }]
  }
  if (contact.channels.includes('text')) return [{ field: 'channels', text: say.unusable }]
  return [{ field: 'email', text: say.emailForEmail }]
}

/** A number or an address that would tell the wrong person, or one person twice. */
function amiss(contact: Contact, a: Answers, { creator }: Asking): Errors | null {
  const others = a.contacts.filter((one) => one.key !== contact.key)
  const emailOf = (one: Contact) => (one.isMe ? creator.email : one.email)
  const samePhone = others.find(({ phone }) => phone !== null && phone === contact.phone)
  const sameEmail = others.find((one) => emailOf(one) !== null && emailOf(one) === emailOf(contact))
  const isReceivers = contact.phone !== null && a.phones.includes(contact.phone)
  return errorsOf(
    isReceivers ? { field: 'phone', text: words.contact.receiversOwn(calledOf(a)) } : null,
    samePhone ? { field: 'phone', text: words.contact.twice(nameOf(samePhone, a)) } : null,
    sameEmail && !contact.isMe ? { field: 'email', text: words.contact.twice(nameOf(sameEmail, a)) } : null,
  )
}
