// Exchange / phone parts: what the parts of a practice telephone's card have in common. Pure. Called by phone-card.tsx and
// phone-rest.tsx.
import type { ComponentChildren } from 'preact'
import { Button, type ButtonLook, type Errors, Form } from '../web/forms.tsx'
import { Icon } from '../web/icons.tsx'
import type { HandsetCall } from './exchange.ts'
import type { PhoneShown } from './shown.ts'
import { words } from './words-of-pages.ts'

/** What every part of a card is given. */
export interface CardProps {
  phone: PhoneShown
  /** "Ada's telephone" */
  title: string
  now: Date
  errors: Errors | undefined
  /** where the form of a deed is sent */
  action: (deed: string) => string
}

/** One button that does one thing. */
export function Deed(props: {
  card: CardProps
  deed: string
  look?: ButtonLook
  class?: string
  children: ComponentChildren
}) {
  return (
    <Form action={props.card.action(props.deed)} {...(props.class && { class: props.class })}>
      <Button look={props.look} hiddenText={`: ${props.card.title}`}>
        {props.children}
      </Button>
    </Form>
  )
}

/** A smaller button of a form with several. */
export function Choice(props: {
  card: CardProps
  name: string
  value: string
  isPressed?: boolean
  children: ComponentChildren
}) {
  return (
    <button
      type="submit"
      name={props.name}
      value={props.value}
      class="app-small-button"
      aria-pressed={props.isPressed}
    >
      {props.children}
      <span class="govuk-visually-hidden">: {props.card.title}</span>
    </button>
  )
}

/** What was heard, sentence by sentence. */
export function Captions({ call }: { call: HandsetCall }) {
  return (
    <ol class="app-captions">
      {call.captions.map(({ at, text }) => (
        <li key={at}>{said(text)}</li>
      ))}
    </ol>
  )
}

/** One sentence; null stands for a recording. */
export const said = (text: string | null): ComponentChildren =>
  text ?? (
    <span class="app-phone__recording">
      <Icon name="voice" /> {words.recordingIsHeard}
    </span>
  )
