// Setup / answer: takes one submitted page of the wizard into the saved answers, in one transaction that holds the row.
// Called by pages.tsx.
//
// Pressing twice acts once: the row remembers the last form. A page that showed an answer which was changed in another
// window meanwhile is not saved; it is shown again with what was typed.
import { createHash } from 'node:crypto'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { eraseRecording } from '../messages/messages.ts'
import type { SubmittedForm } from '../web/form.ts'
import type { Errors } from '../web/forms.tsx'
import { type Answers, readAnswers } from './answers.ts'
import { firstOpen, nextAfter, openBefore, stepAt } from './flow.ts'
import { type Asking, type From, placeOf, type Reading, type Step } from './step.tsx'
import { lockSetup, saveSetup } from './store.ts'
import { words } from './words.ts'

export type Answered =
  | { kind: 'go'; location: string }
  /** show the same page again */
  | { kind: 'again'; answers: Answers; step: Step; errors: Errors; isStale: boolean }

export async function answer(
  app: App,
  tx: Tx,
  setupId: string,
  path: string,
  form: SubmittedForm,
  asking: Asking,
): Promise<Answered> {
  const base = `/setup/${setupId}`
  const row = await lockSetup(tx, setupId)
  if (!row) return { kind: 'go', location: '/setup' }
  if (row.finishedAt) return { kind: 'go', location: `${base}/done` }
  const answers = readAnswers(row.answers)
  if (form.id && answers.last?.formId === form.id) return { kind: 'go', location: answers.last.location }
  const step = stepAt(answers, path)
  const open = step ? openBefore(answers, path, asking) : firstOpen(answers, asking)
  if (open || !step) return { kind: 'go', location: `${base}/${open?.path ?? 'check'}` }

  const isChanged = form.text('was') !== '' && form.text('was') !== markOf(step, answers)
  if (isChanged && step.isList) return again(answers, step, words.staleList)
  const reading = await step.read(form, answers, asking)
  const errors = [...form.errors, ...(reading.ok ? [] : reading.errors.filter((one) => !isNamed(form, one)))]
  if (!reading.ok || errors.length > 0) return { kind: 'again', answers, step, errors, isStale: false }
  if (isChanged && markOf(step, reading.answers) !== markOf(step, answers)) {
    return again(answers, step, words.stale)
  }
  const location = whereTo(base, reading, path, fromOf(form.text('from')), asking)
  await save(app, tx, setupId, reading.answers, form.id, location)
  return { kind: 'go', location }
}

const again = (answers: Answers, step: Step, text: string): Answered => ({
  kind: 'again',
  answers,
  step,
  errors: [{ field: '', text }],
  isStale: true,
})

/** A field that holds too much is named once. */
const isNamed = (form: SubmittedForm, error: { field: string }): boolean =>
  form.errors.some(({ field }) => field === error.field)

/** Tells whether an answer is still the one that a page showed. */
export function markOf(step: Step, answers: Answers): string {
  return createHash('sha256')
    .update(JSON.stringify(step.fill(answers)))
    .digest('base64url')
    .slice(0, 12)
}

export function fromOf(text: string | undefined): From | null {
  return text === 'check' || text === 'calls' ? text : null
}

function whereTo(
  base: string,
  { answers, goTo, answered }: Extract<Reading, { ok: true }>,
  path: string,
  from: From | null,
  asking: Asking,
): string {
  if (goTo === undefined) return `${base}/${nextAfter(answers, answered ?? path, from, asking)}`
  if (goTo.startsWith('/')) return goTo
  return goTo.includes('?') ? `${base}/${goTo}` : placeOf(base, goTo, from)
}

/** Recordings that no call uses any more are erased with the answer that let go of them. */
async function save(
  app: App,
  tx: Tx,
  setupId: string,
  answers: Answers,
  formId: string | null,
  location: string,
): Promise<void> {
  const used = new Set(answers.calls.map(({ recordingId }) => recordingId))
  for (const id of answers.recordedHere) if (!used.has(id)) await eraseRecording(app, tx, id)
  await saveSetup(app, tx, setupId, {
    ...answers,
    recordedHere: answers.recordedHere.filter((id) => used.has(id)),
    last: formId ? { formId, location } : answers.last,
  })
}
