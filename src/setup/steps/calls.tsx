// Setup / steps / calls: all calls to this person at one look: change one, take one away, add another. Pure. Called by flow.ts.
import { P } from '../../web/components.tsx'
import { Button, LinkButton } from '../../web/forms.tsx'
import { type Answers, type DraftCall, mostCalls, timingInWords, withNewCall } from '../answers.ts'
import { type Asking, placeOf, type Reading, refused, type Step, StepForm, type View } from '../step.tsx'
import { heardInWords, NextCalls } from '../summary.tsx'
import { words } from '../words.ts'
import { summaryWords } from '../words-of-summary.ts'
import { isByAsked } from './by.tsx'
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
          <ul class="app-rows">
            {answers.calls.map((call) => (
              <OneCall key={call.key} {...view} call={call} />
            ))}
          </ul>
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
  // the new call's questions follow the list, which therefore counts as looked at
  const answers = { ...withNewCall(a), areCallsSettled: true }
  return { ok: true, answers, goTo: `calls/${answers.made}/kind?from=calls` }
}

function OneCall({ answers, at, asking, call }: View & { call: DraftCall }) {
  const open = callSteps(answers, call).find((step) => !step.isDone(answers, asking))
  const timing = titleOf(call, asking)
  const r = calledOf(answers)
  const link = (end: string, text: string) => (
    <a class="govuk-link" href={placeOf(at.base, `calls/${call.key}/${end}`, 'calls')}>
      {text}
      <span class="govuk-visually-hidden"> {words.calls.ofWhich(timing)}</span>
    </a>
  )
  return (
    <li class="app-rows__row" id={`call-${call.key}`} tabIndex={-1}>
      <h2 class="app-rows__title">{timing}</h2>
      {call.kind && <p>{summaryWords.kinds(r)[call.kind]}.</p>}
      {call.by && call.by !== 'call' && <p>{summaryWords.by[call.by]}</p>}
      {call.heard && <p>{heardInWords(call, r.name)}</p>}
      {open && (
        <p>
          <strong>{words.calls.unfinished}</strong>
        </p>
      )}
      <div class="app-rows__buttons">
        {open && (
          <LinkButton href={placeOf(at.base, open.path, 'calls')} look="secondary">
            {words.calls.goOn}
          </LinkButton>
        )}
        {call.when && link('days', words.calls.changeDays)}
        {call.time && link('time', words.calls.changeTime)}
        {call.heard && link('message', words.calls.changeMessage)}
        {call.kind && link('kind', words.calls.changeKind)}
        {call.by && isByAsked(answers, call) && link('by', words.calls.changeBy)}
        {answers.calls.length > 1 && (
          <Button
            look="secondary"
            name="do"
            value={`remove:${call.key}`}
            hiddenText={words.calls.ofWhich(timing)}
          >
            {words.calls.remove}
          </Button>
        )}
      </div>
    </li>
  )
}

function titleOf(call: DraftCall, asking: Asking): string {
  return timingInWords(call, today(asking)) || words.calls.nameless
}
