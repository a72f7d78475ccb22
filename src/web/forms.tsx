// Web / forms: a form, its buttons, and its errors, as typed components with the markup of govuk-frontend (MIT), so that
// its styles fit and its own fixtures test ours (fields.test.tsx). Pure. Called by the pages of every room.
//
// One rule for errors: a page holds one list of `FieldError`. The summary at the top links each to its field, and every
// field finds its own by its name, so a page passes the same `errors` everywhere and what was typed as `value`.
import type { ComponentChildren } from 'preact'
import { words } from './words.ts'

export interface FieldError {
  /** The `name` of the field (for one part of a date: `NAME-day`, `NAME-month`, `NAME-year`), or '' for the whole page. */
  field: string
  /** What to do, as a sentence without full stop: "Enter a time, like 9:30am". */
  text: string
}

export type Errors = readonly FieldError[]

/** The error of one field, or undefined. */
export function errorOf(errors: Errors | undefined, field: string): string | undefined {
  return errors?.find((error) => error.field === field)?.text
}

/** Class names that apply, in order. */
export function classes(...names: (string | false | undefined)[]): string {
  return names.filter(Boolean).join(' ')
}

export interface FormProps {
  action: string
  /** A state change is a resource: `delete` is sent as POST with `?_method=DELETE`, which the server understands. */
  method?: 'post' | 'get' | 'delete' | 'put'
  /** Holds a file. */
  upload?: boolean
  /** Give the form an id of this rendering, so that a second press of its button changes nothing (`onlyOnce`). */
  once?: boolean
  id?: string
  class?: string
  children: ComponentChildren
}

/** A form. Our own words explain what is missing, so the browser's bubbles are off. */
export function Form({ action, method = 'post', upload, once, id, class: className, children }: FormProps) {
  const overridden = method === 'delete' || method === 'put'
  const address = overridden
    ? `${action}${action.includes('?') ? '&' : '?'}_method=${method.toUpperCase()}`
    : action
  return (
    <form
      id={id}
      class={className}
      action={address}
      method={method === 'get' ? 'get' : 'post'}
      enctype={upload ? 'multipart/form-data' : undefined}
      noValidate
    >
      {once && <input type="hidden" name="formId" value={crypto.randomUUID()} />}
      {children}
    </form>
  )
}

/** A value the person does not see. */
export function Hidden({ name, value }: { name: string; value: string }) {
  return <input type="hidden" name={name} value={value} />
}

export type ButtonLook = 'primary' | 'secondary' | 'warning' | 'inverse'

export interface ButtonProps {
  look?: ButtonLook | undefined
  type?: 'submit' | 'button' | 'reset'
  name?: string
  value?: string
  id?: string
  disabled?: boolean
  /** Words for those who do not see what the button stands beside: "Remove" + " Ben". */
  hiddenText?: string
  children: ComponentChildren
}

export function Button({
  look = 'primary',
  type = 'submit',
  disabled,
  hiddenText,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      class={buttonClass(look)}
      disabled={disabled}
      aria-disabled={disabled ? 'true' : undefined}
    >
      {children}
      {hiddenText && <span class="govuk-visually-hidden"> {hiddenText}</span>}
    </button>
  )
}

/** A link that looks like a button. It stays a link to screen readers: it leads somewhere and changes nothing. */
export function LinkButton({
  href,
  look = 'primary',
  children,
}: {
  href: string
  look?: ButtonLook
  children: ComponentChildren
}) {
  return (
    <a href={href} draggable={false} class={buttonClass(look)}>
      {children}
    </a>
  )
}

/** Buttons and links of one choice, side by side or below each other. */
export function ButtonGroup({ children }: { children: ComponentChildren }) {
  return <div class="govuk-button-group">{children}</div>
}

const buttonClass = (look: ButtonLook) =>
  classes('govuk-button', look !== 'primary' && `govuk-button--${look}`)

/** Stands first on a page with errors, is read out, and takes focus (islands/focus-errors.ts). Nothing without errors. */
export function ErrorSummary({ errors }: { errors: Errors | undefined }) {
  if (!errors?.length) return null
  return (
    <div class="govuk-error-summary" data-focus-errors tabIndex={-1}>
      <div role="alert">
        <h2 class="govuk-error-summary__title">{words.problem}</h2>
        <div class="govuk-error-summary__body">
          <ul class="govuk-list govuk-error-summary__list">
            {errors.map((error) => (
              <li key={error.field}>
                {error.field ? <a href={`#${error.field}`}>{error.text}</a> : error.text}
              </li>
            ))}
          </ul>
        </div>
      </div>
    </div>
  )
}
