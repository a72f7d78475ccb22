// Simulation / mutants of the call machine: mistakes that a tired hand could make, each one change of the source. The
// lives must catch every one. Called by calls.test.ts.

export interface Mutant {
  wrong: string
  from: string
  to: string
}

export const mutants: readonly Mutant[] = [
  {
    wrong: 'help after the end is dropped',
    from: "if (state.outcome === 'help requested') return stay(state)",
    to: 'return stay(state)',
  },
  {
    wrong: 'a repeated cry for help alarms again',
    from: "if (state.outcome === 'help requested') return stay(state)",
    to: '',
  },
  {
    wrong: 'the end of an older attempt counts as the end of this one',
    from: "if (state.is !== 'ringing' || state.attempt !== event.attempt) return stay(state)",
    to: "if (state.is !== 'ringing') return stay(state)",
  },
  { wrong: 'an early alarm clock wakes', from: 'if (now < state.wakeAt) return stay(state)', to: '' },
  {
    wrong: 'a key in an attempt that never was counts',
    from: 'if (event.attempt > attemptOf(state)) return stay(state)',
    to: '',
  },
  {
    wrong: 'a key acknowledges only in the attempt that rings now',
    from: 'if (event.attempt > attemptOf(state)) return stay(state)',
    to: 'if (event.attempt !== attemptOf(state)) return stay(state)',
  },
  {
    wrong: 'whoever rings in the evening before has answered the morning’s call',
    from: 'return isTooEarly(state, now) ? stay(state) :',
    to: 'return',
  },
  {
    wrong: 'ringing in early checks in for nothing',
    from: 'return isTooEarly(state, now) ? stay(state) :',
    to: "return state.is === 'waiting' ? stay(state) :",
  },
  {
    wrong: 'a telephone rings on although its owner has rung in',
    from: "const isStillRinging = state.is === 'ringing' && state.attempt !== how.inAttempt",
    to: "const isStillRinging = state.is === 'ringing' && how.inAttempt !== undefined && state.attempt !== how.inAttempt",
  },
  {
    wrong: 'one ring too many is made',
    from: 'if (state.attempt >= attemptsOf(plan) || wakeAt >= plan.usefulUntil)',
    to: 'if (state.attempt > attemptsOf(plan) || wakeAt >= plan.usefulUntil)',
  },
  {
    wrong: 'the last attempt is saved',
    from: 'if (state.attempt >= attemptsOf(plan) || wakeAt >= plan.usefulUntil)',
    to: 'if (state.attempt + 1 >= attemptsOf(plan) || wakeAt >= plan.usefulUntil)',
  },
  {
    wrong: 'a stale call rings after an outage',
    from: 'if (attempt > attemptsOf(plan) || now >= plan.usefulUntil)',
    to: 'if (attempt > attemptsOf(plan))',
  },
  {
    wrong: 'a call rings in the very instant it becomes useless',
    from: 'if (attempt > attemptsOf(plan) || now >= plan.usefulUntil)',
    to: 'if (attempt > attemptsOf(plan) || now > plan.usefulUntil)',
  },
  {
    wrong: 'a call rests beyond its use before it gives up',
    from: ' || wakeAt >= plan.usefulUntil) return finish(reached',
    to: ') return finish(reached',
  },
  {
    wrong: 'the gap counts from the end',
    from: 'after(rangAt ?? state.startedAt, plan.gapMs)',
    to: 'after(now, plan.gapMs)',
  },
  {
    wrong: 'the gap counts from the decision, not from the ringing',
    from: 'after(rangAt ?? state.startedAt, plan.gapMs)',
    to: 'after(state.startedAt, plan.gapMs)',
  },
  {
    wrong: 'the next attempt may be due before this one ended',
    from: 'later(now, after(rangAt ?? state.startedAt, plan.gapMs))',
    to: 'after(rangAt ?? state.startedAt, plan.gapMs)',
  },
  {
    wrong: 'what an earlier attempt found is forgotten',
    from: "const reached = state.reached || (found !== 'not placed' && found !== 'cancelled')",
    to: "const reached = found !== 'not placed' && found !== 'cancelled'",
  },
  {
    wrong: 'our own fault looks like "she did not answer"',
    from: "const outcome = reached ? 'missed' : 'not placed'",
    to: "const outcome = 'missed'",
  },
  {
    wrong: 'a cancelled attempt counts as a miss',
    from: " && found !== 'cancelled')",
    to: ')',
  },
  {
    wrong: 'a paused service is rung',
    from: "if (plan.skip !== null) return close(state, 'skipped', now, { skipReason: plan.skip })",
    to: '',
  },
  { wrong: 'the second number never has its turn', from: 'turn % plan.phones', to: '0' },
  { wrong: 'the second number goes first', from: 'turn % plan.phones', to: '(turn + 1) % plan.phones' },
  { wrong: 'the second mobile never has its turn', from: 'turn % plan.mobiles', to: '0' },
  {
    wrong: 'the ways share their turns',
    from: '.filter((one) => one === way).length',
    to: '.length',
  },
  {
    wrong: 'the last text is not waited for',
    from: "const isAnswerable = found === 'no reply' && now < plan.usefulUntil",
    to: "const isAnswerable = found === 'no reply' && now < plan.usefulUntil && state.attempt < attemptsOf(plan)",
  },
  {
    wrong: 'a reply is waited for beyond its use',
    from: 'const until = earlier(wakeAt, plan.usefulUntil)',
    to: 'const until = wakeAt',
  },
  {
    wrong: 'what never arrived is waited for',
    from: "const isAnswerable = found === 'no reply' && now < plan.usefulUntil",
    to: "const isAnswerable = found !== 'not placed' && now < plan.usefulUntil",
  },
  {
    wrong: 'a text goes to a number that takes none',
    from: "if (by === 'call' || mobiles === 0)",
    to: "if (by === 'call')",
  },
  { wrong: 'texts pester', from: 'Math.min(attempts, textsAtMost)', to: 'attempts' },
  {
    wrong: 'the text comes first',
    from: "return [...calls(attempts - 1), 'text']",
    to: "return ['text', ...calls(attempts - 1)]",
  },
  {
    wrong: 'a text comes on top of the calls',
    from: "return ['text', ...calls(attempts - 1)]",
    to: "return ['text', ...calls(attempts)]",
  },
  {
    wrong: 'a telephone rings on after a stakeholder spoke',
    from: "effects: isStillRinging ? [{ do: 'cancelAttempt', attempt: state.attempt }] : [],",
    to: 'effects: [],',
  },
  {
    wrong: 'the person who presses the key is cut off',
    from: "const isStillRinging = state.is === 'ringing' && state.attempt !== how.inAttempt",
    to: "const isStillRinging = state.is === 'ringing'",
  },
  {
    wrong: 'an attempt nobody hears of may still ring',
    from: "effects: [{ do: 'cancelAttempt', attempt: state.attempt }, ...step.effects]",
    to: 'effects: step.effects',
  },
  {
    wrong: 'silence is taken for an end too early',
    from: 'after(plan.usefulUntil, plan.ringMs + talkAtMostMs)',
    to: 'after(now, plan.ringMs + talkAtMostMs)',
  },
  {
    wrong: 'a late acknowledgement rewrites history',
    from: 'state: { ...state, acknowledged: { at: now, byPersonId } },',
    to: "state: { ...state, outcome: 'acknowledged', acknowledged: { at: now, byPersonId } },",
  },
  {
    wrong: 'every repeated late acknowledgement clears again',
    from: 'if (!wasAlarm || state.acknowledged !== null) return stay(state)',
    to: 'if (!wasAlarm) return stay(state)',
  },
  {
    wrong: 'a key clears an alert that asked for help',
    from: "const wasAlarm = state.outcome === 'missed' || state.outcome === 'not placed'",
    to: "const wasAlarm = state.outcome !== 'acknowledged' && state.outcome !== 'skipped'",
  },
  {
    wrong: 'a test call alarms',
    from: "plan.isTest ? [] : [{ do: 'openAlert', reason }]",
    to: "[{ do: 'openAlert', reason }]",
  },
  {
    wrong: 'a test call clears',
    from: "effects: plan.isTest ? [] : [{ do: 'allClear', byPersonId }],",
    to: "effects: [{ do: 'allClear', byPersonId }],",
  },
  {
    wrong: 'a test call rings on',
    from: 'return calls(isTest ? 1 : attempts)',
    to: 'return calls(attempts)',
  },
  {
    wrong: 'a poisoned call ends in silence',
    from: "return and(close(state, 'not placed', now), raise('not placed', plan))",
    to: "return close(state, 'not placed', now)",
  },
  {
    wrong: 'an exhausted call ends in silence',
    from: 'return { state: closed(outcome, now), effects: raise(outcome, plan) }',
    to: 'return { state: closed(outcome, now), effects: [] }',
  },
]
