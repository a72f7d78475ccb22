// Setup / show: answers a request with a question's page or with the check page. Called by the routes of this room.
import type { Context } from 'hono'
import { sendPage } from '../web/answer.ts'
import type { WebEnv } from '../web/env.ts'
import type { Errors } from '../web/forms.tsx'
import { markOf } from './answer.ts'
import type { Answers } from './answers.ts'
import { backFrom, flowOf } from './flow.ts'
import type { Opened } from './opened.ts'
import { type Asking, type From, placeOf, type Step, type Typed } from './step.tsx'
import { calledOf } from './steps/who.tsx'
import { Check } from './views.tsx'
import { words } from './words.ts'
import { summaryWords } from './words-of-summary.ts'

export interface Shown {
  opened: Opened
  answers: Answers
  asking: Asking
  step: Step
  from: From | null
  typed: Typed
  errors: Errors
}

export function showStep(
  c: Context<WebEnv>,
  { opened, answers, asking, step, from, typed, errors }: Shown,
): Response {
  const { base } = opened
  const back = backFrom(answers, step.path, from)
  const { assets, places } = c.get('web')
  const at = {
    base,
    path: step.path,
    was: markOf(step, answers),
    from,
    asset: (name: string) => assets.url(name),
  }
  return sendPage(
    c,
    {
      title: step.question(answers),
      back: back === null ? (opened.row.serviceId ? `${base}/check` : places.services) : `${base}/${back}`,
      errors,
      scripts: step.scripts ?? [],
    },
    <>
      <SaidBack {...{ answers, asking, step, base, from }} />
      <span class="govuk-caption-l">{words.part(step.part)}</span>
      {step.view({ answers, typed, errors, at, asking })}
    </>,
  )
}

/** What the question before was understood as, while it can be put right at once. */
function SaidBack({
  answers,
  asking,
  step,
  base,
  from,
}: Pick<Shown, 'answers' | 'asking' | 'step' | 'from'> & { base: string }) {
  const flow = flowOf(answers)
  const before = flow[flow.findIndex(({ path }) => path === step.path) - 1]
  const says = before?.saidBack?.(answers, asking)
  if (!before || !says) return null
  return (
    <p class="app-said">
      {says}{' '}
      <a class="govuk-link" href={placeOf(base, before.path, from)}>
        {words.change}
        <span class="govuk-visually-hidden"> {before.question(answers)}</span>
      </a>
    </p>
  )
}

export function showCheck(
  c: Context<WebEnv>,
  opened: Opened,
  answers: Answers,
  asking: Asking,
  errors: Errors,
): Response {
  const { row, base } = opened
  const isChange = row.serviceId !== null
  const say = summaryWords.check
  return sendPage(
    c,
    {
      title: isChange ? say.changeTitle(calledOf(answers)) : say.title,
      back: isChange ? `/services/${row.serviceId}` : `${base}/${backFrom(answers, 'check', null)}`,
      errors,
    },
    <Check
      {...{ answers, asking, base, isChange }}
      isBegun={isChange && row.version > 1}
      version={row.version}
    />,
  )
}
