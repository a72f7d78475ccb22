// Setup / steps / calls: all calls to this person at one look: change one, take one away, add another. Pure. Called by flow.ts.
import { P, SummaryList } from '../../web/components.tsx'
import { Button } from '../../web/forms.tsx'
import { type Answers, type DraftCall, mostCalls, timingInWords, withNewCall } from '../answers.ts'
import { type Asking, placeOf, type Reading, refused, type Step, StepForm, type View } from '../step.tsx'
import { callRows, NextCalls } from '../summary.tsx'
import { words } from '../words.ts'
import { today } from './call.tsx'
import { callSteps } from './one-call.ts'
import { calledOf } from './who.tsx'

export const calls: Step = {
  path: 'calls',
  part: 2,
  question: (a) => words.calls.question(calledOf(a)),
  fill: (a) => ({ list: a.calls.map((call) => JSON.stringify(call)) }),
  isDone: (a) => a.areCallsSettled,
  isList: true,
  read(form, a) {
    const [what = '', key = ''] = form.text('do').split(':')
    switch (what) {
      case '':
        return { ok: true, answers: { ...a, areCallsSettled: true } }
      case 'add':
        return added(a)
      case 'remove': {
        const left = a.calls.filter((call) => call.key !== key)
        return left.length > 0
          ? { ok: true, answers: { ...a, calls: left }, goTo: 'calls' }
          : refused('', words.staleList)
      }
      default:
        return refused('', words.staleList)
    }
  },
  view: (view) => {
    const { answers, at, asking } = view
    return (
      <>
        <h1 class="govuk-heading-l">{words.calls.question(calledOf(answers))}</h1>
        <P>{words.calls.lead(answers.calls.length)}</P>
        <StepForm at={at} button={null}>
          {answers.calls.map((call) => (
            <OneCall key={call.key} {...view} call={call} />
          ))}
          {answers.calls.length < mostCalls ? (
            <Button look="secondary" name="do" value="add">
              {words.calls.add}
            </Button>
          ) : (
            <P>{words.calls.full}</P>
          )}
          <NextCalls answers={answers} asking={asking} />
          <Button>{words.continue}</Button>
        </StepForm>
      </>
    )
  },
}

function added(a: Answers): Reading {
  if (a.calls.length >= mostCalls) return refused('', words.calls.full)
  const answers = withNewCall(a)
  return { ok: true, answers, goTo: `calls/${answers.made}/kind?from=calls` }
}

function OneCall({ answers, at, asking, call }: View & { call: DraftCall }) {
  const open = callSteps(call).find((step) => !step.isDone(answers, asking))
  const timing = titleOf(call, asking)
  return (
    <section class="app-rows__row" id={`call-${call.key}`}>
      <h2 class="app-rows__title">{timing}</h2>
      <SummaryList rows={callRows({ answers, asking, base: at.base, from: 'calls' }, call)} />
      {open && (
        <p>
          {words.calls.unfinished}{' '}
          <a class="govuk-link" href={placeOf(at.base, open.path, 'calls')}>
            {words.calls.goOn}
          </a>
        </p>
      )}
      {answers.calls.length > 1 && (
        <Button
          look="secondary"
          name="do"
          value={`remove:${call.key}`}
          hiddenText={words.calls.removeWhich(timing)}
        >
          {words.calls.remove}
        </Button>
      )}
    </section>
  )
}

function titleOf(call: DraftCall, asking: Asking): string {
  return timingInWords(call, today(asking)) || words.calls.nameless
}
