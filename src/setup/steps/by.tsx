// Setup / steps / by: whether the receiver is rung, written to, or both. Pure. Called by flow.ts, once for each call, where the
// receiver has a number that takes texts; anybody else is rung, and is not asked.
import { isMobile, nationalNumber } from '../../kit/phone-number.ts'
import { Radios } from '../../web/fields.tsx'
import { type Answers, type DraftCall, withCall } from '../answers.ts'
import { refused, type Step, StepForm } from '../step.tsx'
import { words } from '../words.ts'
import { callOf } from './call.tsx'
import { calledOf } from './who.tsx'

const ways = ['call', 'text', 'call then text', 'text then call'] as const

export const mobileOf = (a: Pick<Answers, 'phones'>): string | null => a.phones.find(isMobile) ?? null

/** Asked where there is a choice, and where a text was chosen that can go nowhere. */
export function isByAsked(a: Pick<Answers, 'phones'>, { by }: DraftCall): boolean {
  return mobileOf(a) !== null || (by !== null && by !== 'call')
}

export const byStep = (key: string): Step => ({
  path: `calls/${key}/by`,
  part: 2,
  question: (a) => words.by.question(calledOf(a)),
  // most people want to be rung, so that stands chosen already
  fill: (a) => ({ by: callOf(a, key).by ?? 'call' }),
  isDone(a) {
    const { by } = callOf(a, key)
    return by !== null && whyNot(by, a) === null
  },
  read(form, a) {
    const by = ways.find((one) => one === form.text('by'))
    if (!by) return refused('by', words.by.choose)
    const reason = whyNot(by, a)
    return reason === null ? { ok: true, answers: withCall(a, key, { by }) } : refused('by', reason)
  },
  view: ({ answers, typed, errors, at }) => {
    const r = calledOf(answers)
    const mobile = mobileOf(answers)
    const { attempts, gapMinutes } = answers.delivery
    const say = words.by
    return (
      <StepForm at={at}>
        <Radios
          name="by"
          label={say.question(r)}
          labelSize="l"
          heading
          hint={say.hint}
          value={typed.text('by')}
          errors={errors}
          items={[
            { value: 'call', text: say.call, hint: say.callHint },
            { value: 'text', text: say.text, hint: say.textHint(mobile && nationalNumber(mobile)) },
            { value: 'text then call', text: say.textThenCall, hint: say.textThenCallHint(gapMinutes) },
            { value: 'call then text', text: say.callThenText, hint: say.callThenTextHint(attempts) },
          ]}
        />
      </StepForm>
    )
  },
})

/** Why this way cannot be, or null. */
function whyNot(by: (typeof ways)[number], a: Answers): string | null {
  if (by !== 'call' && mobileOf(a) === null) return words.by.landline(calledOf(a))
  return by.includes('then') && a.delivery.attempts < 2 ? words.by.twoAttempts : null
}
