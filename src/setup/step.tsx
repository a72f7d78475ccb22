// Setup / step: what a step of the wizard is, and the form that most of them show. Types and markup; pure.
import type { ComponentChildren, VNode } from 'preact'
import type { ScheduleKind } from '../db/tables.ts'
import type { CountryCode } from '../kit/phone-number.ts'
import type { FormLimits, SubmittedForm } from '../web/form.ts'
import { Button, type Errors, type FieldError, Form, Hidden } from '../web/forms.tsx'
import type { Answers } from './answers.ts'
import { words } from './words.ts'

/** Who answers, and when: what a step may know beside the answers. */
export interface Asking {
  /** the application's clock */
  now: Date
  /** those whose numbers may be rung, as ISO 3166 codes */
  countries: readonly CountryCode[]
  /** IANA zone of the person who is called */
  zone: string
  creator: { personId: string; name: string; phone: string | null; email: string }
  /** minutes from one step of the alert to the next, and how often the list is gone through */
  alert: { stepMinutes: number; rounds: number }
  /** Judges and keeps a recording, in the transaction of this step. */
  keepRecording(
    wav: Uint8Array,
    name: string,
  ): Promise<{ ok: true; recordingId: string } | { ok: false; reason: string }>
  /** Has the line ring somebody who then records, on the wish of the page at `path`; the page of the take follows it. */
  ringForRecording(
    wanted: { toNumber: string; kind: ScheduleKind; receiverName: string; path: string },
    formId: string | null,
  ): Promise<{ ok: true; takeId: string } | { ok: false; reason: string }>
  /** What was recorded in a take that the page at `path` wished for; it is chosen by this. Null: there is nothing (any more). */
  chooseTake(takeId: string, path: string): Promise<string | null>
}

/**
 * `goTo`: the page that follows, within the set-up, or anywhere when it begins with '/'; else the next question after this one, or after
 * the page `answered`.
 */
export type Reading =
  | { ok: true; answers: Answers; goTo?: string; answered?: string }
  | { ok: false; errors: Errors }

/** What stands in the fields: what was typed, or what was answered before. */
export interface Typed {
  text(name: string): string
  all(name: string): readonly string[]
}

/** Where this page stands: its addresses, and what its form must bring back. */
export interface Place {
  /** '/setup/ID' */
  base: string
  path: string
  /** A mark of the answer that the page showed, so that a change in another window is noticed. */
  was: string
  /** the page that a Change link stood on, to return to it */
  from: From | null
  /** the address of an asset */
  asset(name: string): string
}

export type From = 'check' | 'calls'

export interface View {
  answers: Answers
  typed: Typed
  errors: Errors
  at: Place
  asking: Asking
}

export interface Step {
  /** the end of its address: 'numbers', 'calls/1/time' */
  path: string
  part: 1 | 2 | 3 | 4
  /** the title of the page */
  question(a: Answers): string
  /** What its fields show of the answers. Also what tells whether the answer was changed meanwhile. */
  fill(a: Answers): Readonly<Record<string, string | readonly string[]>>
  isDone(a: Answers, asking: Asking): boolean
  read(form: SubmittedForm, a: Answers, asking: Asking): Reading | Promise<Reading>
  /** holds the page's one h1 */
  view(view: View): VNode
  limits?: FormLimits
  /** islands of the page */
  scripts?: readonly string[]
  /** what the next page says back, to be noticed while it can be put right at once */
  saidBack?(a: Answers, asking: Asking): string | null
  /** The flow's step at whose place this one stands; then it is not in the flow itself. */
  beside?: string
  /** a list with buttons: what is pressed is not kept when it was changed in another window */
  isList?: boolean
}

/** The value of a step's own field: of those who come in with an answer, what it was. */
export function filled(fill: ReturnType<Step['fill']>): Typed {
  return {
    text: (name) => [fill[name] ?? ''].flat()[0] ?? '',
    all: (name) => [fill[name] ?? []].flat(),
  }
}

export function refused(field: string, text: string): Reading {
  return { ok: false, errors: [{ field, text }] }
}

/** @returns the errors, or null when there are none */
export function errorsOf(...found: (FieldError | null)[]): Errors | null {
  const errors = found.filter((error) => error !== null)
  return errors.length > 0 ? errors : null
}

/** The form of a step, with what every one of them brings back. `button` null: the children have their own. */
export function StepForm({
  at,
  button = words.continue,
  upload,
  children,
}: {
  at: Place
  button?: string | null
  upload?: boolean
  children: ComponentChildren
}) {
  return (
    <Form action={`${at.base}/${at.path}`} once upload={upload ?? false}>
      <Hidden name="was" value={at.was} />
      {at.from && <Hidden name="from" value={at.from} />}
      {children}
      {button && <Button>{button}</Button>}
    </Form>
  )
}

/** The address of another step, keeping where a Change link came from. */
export function placeOf(base: string, path: string, from: From | null): string {
  const [plain = '', fragment] = path.split('#')
  return `${base}/${plain}${from ? `?from=${from}` : ''}${fragment ? `#${fragment}` : ''}`
}
