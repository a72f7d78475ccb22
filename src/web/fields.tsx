// Web / fields: what stands in a form, as typed components with the markup of govuk-frontend (MIT); its own fixtures
// test ours (fields.test.tsx). Each finds its error in the page's list by its name, and shows it above the field.
// Pure. Called by the pages of every room.
import type { ComponentChildren, VNode } from 'preact'
import { classes, type Errors, errorOf } from './forms.tsx'
import { words } from './words.ts'

type Size = 's' | 'm' | 'l' | 'xl'

interface Labelled {
  /** Also the id, which the error summary links to. */
  name: string
  label: ComponentChildren
  labelSize?: Size | undefined
  /** The label is the question of the page: it becomes the page's one h1. */
  heading?: boolean | undefined
  hint?: ComponentChildren
  errors?: Errors | undefined
}

function ErrorMessage({ id, children }: { id: string; children: ComponentChildren }) {
  return (
    <p id={id} class="govuk-error-message">
      <span class="govuk-visually-hidden">{words.error}</span> {children}
    </p>
  )
}

function Hint({ id, class: extra, children }: { id: string; class?: string; children: ComponentChildren }) {
  return (
    <div id={id} class={classes('govuk-hint', extra)}>
      {children}
    </div>
  )
}

function Label({ id, field }: { id: string; field: Labelled }) {
  const label = (
    <label class={classes('govuk-label', field.labelSize && `govuk-label--${field.labelSize}`)} for={id}>
      {field.label}
    </label>
  )
  return field.heading ? <h1 class="govuk-label-wrapper">{label}</h1> : label
}

/** The label, hint and error above a control; `control` is told what describes it. Errors stand above the field. */
function Group(props: {
  field: Labelled
  control: (described: string | undefined, error: string | undefined) => VNode
}) {
  const { field } = props
  const error = errorOf(field.errors, field.name)
  const described = describedBy(field, error)
  return (
    <div class={classes('govuk-form-group', error && 'govuk-form-group--error')}>
      <Label id={field.name} field={field} />
      {field.hint && <Hint id={`${field.name}-hint`}>{field.hint}</Hint>}
      {error && <ErrorMessage id={`${field.name}-error`}>{error}</ErrorMessage>}
      {props.control(described, error)}
    </div>
  )
}

function describedBy(field: Pick<Labelled, 'name' | 'hint'>, error: string | undefined): string | undefined {
  return classes(field.hint ? `${field.name}-hint` : '', error && `${field.name}-error`) || undefined
}

export interface TextInputProps extends Labelled {
  value?: string | undefined
  /** `tel` and `email` bring up the right keyboard. */
  type?: 'text' | 'tel' | 'email' | 'time' | 'password' | 'search'
  /** Width in characters. */
  width?: 2 | 3 | 4 | 5 | 10 | 20 | 30
  inputMode?: 'numeric' | 'tel' | 'email' | 'text'
  autoComplete?: string
  spellcheck?: boolean
  prefix?: string
  suffix?: string
}

export function TextInput(props: TextInputProps) {
  const { value, type = 'text', width, inputMode, autoComplete, spellcheck, prefix, suffix } = props
  return (
    <Group
      field={props}
      control={(described, error) => {
        const input = (
          <input
            class={classes(
              'govuk-input',
              error && 'govuk-input--error',
              width && `govuk-input--width-${width}`,
            )}
            id={props.name}
            name={props.name}
            // Preact's types tie each input type to its roles one by one; all of ours may have these attributes.
            type={type as 'text'}
            value={value || undefined}
            inputMode={inputMode}
            autocomplete={autoComplete}
            spellcheck={spellcheck}
            aria-describedby={described}
          />
        )
        if (!prefix && !suffix) return input
        return (
          <div class="govuk-input__wrapper">
            {prefix && (
              <div class="govuk-input__prefix" aria-hidden="true">
                {prefix}
              </div>
            )}
            {input}
            {suffix && (
              <div class="govuk-input__suffix" aria-hidden="true">
                {suffix}
              </div>
            )}
          </div>
        )
      }}
    />
  )
}

export interface TextAreaProps extends Labelled {
  value?: string | undefined
  rows?: number
  spellcheck?: boolean
}

export function TextArea(props: TextAreaProps) {
  return (
    <Group
      field={props}
      control={(described, error) => (
        <textarea
          class={classes('govuk-textarea', error && 'govuk-textarea--error')}
          id={props.name}
          name={props.name}
          rows={props.rows ?? 5}
          spellcheck={props.spellcheck}
          aria-describedby={described}
        >
          {props.value}
        </textarea>
      )}
    />
  )
}

export interface SelectProps extends Labelled {
  value?: string | undefined
  items: readonly { value: string; text: string; disabled?: boolean }[]
}

export function Select(props: SelectProps) {
  return (
    <Group
      field={props}
      control={(described, error) => (
        <select
          class={classes('govuk-select', error && 'govuk-select--error')}
          id={props.name}
          name={props.name}
          aria-describedby={described}
        >
          {props.items.map((item) => (
            <option
              key={item.value}
              value={item.value}
              selected={item.value === props.value}
              disabled={item.disabled}
            >
              {item.text}
            </option>
          ))}
        </select>
      )}
    />
  )
}

/** @param accept as of the HTML attribute: "audio/*" */
export function FileUpload(props: Labelled & { accept?: string }) {
  return (
    <Group
      field={props}
      control={(described, error) => (
        <input
          class={classes('govuk-file-upload', error && 'govuk-file-upload--error')}
          id={props.name}
          name={props.name}
          type="file"
          accept={props.accept}
          aria-describedby={described}
        />
      )}
    />
  )
}

export interface FieldsetProps {
  legend: ComponentChildren
  legendSize?: Size | undefined
  heading?: boolean | undefined
  described?: string | undefined
  role?: 'group' | undefined
  children?: ComponentChildren
}

export function Fieldset({ legend, legendSize, heading, described, role, children }: FieldsetProps) {
  return (
    <fieldset class="govuk-fieldset" role={role} aria-describedby={described}>
      <legend
        class={classes('govuk-fieldset__legend', legendSize && `govuk-fieldset__legend--${legendSize}`)}
      >
        {heading ? <h1 class="govuk-fieldset__heading">{legend}</h1> : legend}
      </legend>
      {children}
    </fieldset>
  )
}

export interface Choice {
  value: string
  text: ComponentChildren
  hint?: ComponentChildren
  disabled?: boolean
  /** Asked only when this is chosen. Hidden by CSS alone, and shown by browsers that cannot; the server ignores it when not chosen. */
  reveals?: ComponentChildren
}

/** Stands between choices: "or". */
export interface Divider {
  divider: string
}

interface ChoicesProps extends Labelled {
  items: readonly (Choice | Divider)[]
  small?: boolean
}

export interface RadiosProps extends ChoicesProps {
  value?: string | undefined
  inline?: boolean
}

/** Choose one. The `label` is the legend. */
export function Radios({ value, inline, ...props }: RadiosProps) {
  return (
    <Choices
      {...props}
      kind="radios"
      type="radio"
      modifier={inline && 'govuk-radios--inline'}
      chosen={value ? [value] : []}
    />
  )
}

export interface CheckboxesProps extends ChoicesProps {
  values?: readonly string[] | undefined
}

/** Choose any. The `label` is the legend. */
export function Checkboxes({ values = [], ...props }: CheckboxesProps) {
  return <Choices {...props} kind="checkboxes" type="checkbox" chosen={values} />
}

interface ChoicesInside extends ChoicesProps {
  kind: 'radios' | 'checkboxes'
  type: 'radio' | 'checkbox'
  modifier?: string | false | undefined
  chosen: readonly string[]
}

function Choices(props: ChoicesInside) {
  const { kind, name } = props
  const error = errorOf(props.errors, name)
  return (
    <div class={classes('govuk-form-group', error && 'govuk-form-group--error')}>
      <Fieldset
        legend={props.label}
        legendSize={props.labelSize}
        heading={props.heading}
        described={describedBy(props, error)}
      >
        {props.hint && <Hint id={`${name}-hint`}>{props.hint}</Hint>}
        {error && <ErrorMessage id={`${name}-error`}>{error}</ErrorMessage>}
        <div class={classes(`govuk-${kind}`, props.modifier, props.small && `govuk-${kind}--small`)}>
          {props.items.map((item, index) =>
            'divider' in item ? (
              <div key={index} class={`govuk-${kind}__divider`}>
                {item.divider}
              </div>
            ) : (
              <OneChoice
                key={index}
                id={index === 0 ? name : `${name}-${index + 1}`}
                item={item}
                choices={props}
              />
            ),
          )}
        </div>
      </Fieldset>
    </div>
  )
}

function OneChoice({ id, item, choices }: { id: string; item: Choice; choices: ChoicesInside }) {
  const { kind, type, name, chosen } = choices
  return (
    <>
      <div class={`govuk-${kind}__item`}>
        <input
          class={`govuk-${kind}__input`}
          id={id}
          name={name}
          type={type}
          value={item.value}
          checked={chosen.includes(item.value)}
          disabled={item.disabled}
          aria-describedby={item.hint ? `${id}-item-hint` : undefined}
        />
        <label class={`govuk-label govuk-${kind}__label`} for={id}>
          {item.text}
        </label>
        {item.hint && (
          <Hint id={`${id}-item-hint`} class={`govuk-${kind}__hint`}>
            {item.hint}
          </Hint>
        )}
      </div>
      {item.reveals && (
        <div class={`govuk-${kind}__conditional app-reveal`} id={`conditional-${id}`}>
          {item.reveals}
        </div>
      )}
    </>
  )
}

export interface DateInputProps extends Labelled {
  value?: { day: string; month: string; year: string } | undefined
}

const dateParts = [
  { part: 'day', label: words.day, width: 2 },
  { part: 'month', label: words.month, width: 2 },
  { part: 'year', label: words.year, width: 4 },
] as const

/** Fields `NAME-day`, `NAME-month`, `NAME-year`. An error of one part marks that part, one of `NAME` marks all. */
export function DateInput(props: DateInputProps) {
  const { name, errors } = props
  const whole = errorOf(errors, name)
  const parts = dateParts.map((p) => ({ ...p, error: errorOf(errors, `${name}-${p.part}`) }))
  const error = whole ?? parts.find((p) => p.error)?.error
  return (
    <div class={classes('govuk-form-group', error && 'govuk-form-group--error')}>
      <Fieldset
        legend={props.label}
        legendSize={props.labelSize}
        heading={props.heading}
        described={describedBy(props, error)}
        role="group"
      >
        {props.hint && <Hint id={`${name}-hint`}>{props.hint}</Hint>}
        {error && <ErrorMessage id={`${name}-error`}>{error}</ErrorMessage>}
        <div class="govuk-date-input" id={name} tabIndex={-1}>
          {parts.map(({ part, label, width, error: own }) => (
            <div key={part} class="govuk-date-input__item">
              <div class="govuk-form-group">
                <label class="govuk-label govuk-date-input__label" for={`${name}-${part}`}>
                  {label}
                </label>
                <input
                  class={classes(
                    'govuk-input govuk-date-input__input',
                    `govuk-input--width-${width}`,
                    (whole || own) && 'govuk-input--error',
                  )}
                  id={`${name}-${part}`}
                  name={`${name}-${part}`}
                  type="text"
                  value={props.value?.[part] || undefined}
                  inputMode="numeric"
                />
              </div>
            </div>
          ))}
        </div>
      </Fieldset>
    </div>
  )
}
