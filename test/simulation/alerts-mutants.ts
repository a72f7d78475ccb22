// Simulation / mutants of the alert machine and of who is told: mistakes that a tired hand could make, each one change of the
// source. The lives must catch every one. Called by alerts.test.ts.
import type { Mutant } from './calls-mutants.ts'

export const machineMutants: readonly Mutant[] = [
  {
    wrong: 'a timer ends an alert that nobody accepts',
    from: "state: { ...common(state), is: 'handed over', at: now, wakeAt: later(now, queueReminderMinutes) },\n    effects: [{ do: 'handOver' }],",
    to: "state: { ...common(state), is: 'closed', how: 'all-clear', by: null, at: now },\n    effects: [{ do: 'cancelNotifications' }, { do: 'allClear', except: null }],",
  },
  { wrong: 'handed over in silence', from: "effects: [{ do: 'handOver' }],", to: 'effects: [],' },
  {
    wrong: 'an early alarm clock wakes',
    from: 'return state.wakeAt > now ? stay(state) : woke(state, plan, now)',
    to: 'return woke(state, plan, now)',
  },
  {
    wrong: 'the last step is never told',
    from: 'state.step >= plan.steps',
    to: 'state.step + 1 >= plan.steps',
  },
  { wrong: 'one round too few', from: 'round > plan.rounds', to: 'round >= plan.rounds' },
  { wrong: 'one round too many', from: 'round > plan.rounds', to: 'round > plan.rounds + 1' },
  {
    wrong: 'the second round begins at the second step',
    from: 'const step = isRoundOver ? 1 : state.step + 1',
    to: 'const step = isRoundOver ? 2 : state.step + 1',
  },
  {
    wrong: 'the rounds are not counted',
    from: 'const round = isRoundOver ? state.round + 1 : state.round',
    to: 'const round = state.round',
  },
  {
    wrong: 'the delay is in seconds',
    from: 'now.getTime() + minutes * 60_000',
    to: 'now.getTime() + minutes * 1000',
  },
  {
    wrong: 'the next step is not waited for',
    from: 'wakeAt: later(now, plan.stepMinutes)',
    to: 'wakeAt: now',
  },
  {
    wrong: 'the delay counts from when it should have woken',
    from: 'wakeAt: later(now, plan.stepMinutes)',
    to: 'wakeAt: later(state.wakeAt, plan.stepMinutes)',
  },
  {
    wrong: 'whoever accepts last has it',
    from: "if (state.said !== 'get help') return noted(state)",
    to: '',
  },
  {
    wrong: 'nobody may take over from one who calls for help',
    from: "if (state.said !== 'get help') return noted(state)",
    to: 'return noted(state)',
  },
  {
    wrong: 'accepting again tells everybody again',
    from: 'if (state.by === who.by) return stay(state)\n',
    to: '',
  },
  {
    wrong: 'a second acceptance leaves no trace',
    from: 'return { state, effects: [], isNoted: true }',
    to: 'return { state, effects: [] }',
  },
  {
    wrong: 'telephones ring on after an acceptance',
    from: "state: takenBy(state, who, now),\n    effects: [{ do: 'cancelNotifications' }, {",
    to: 'state: takenBy(state, who, now),\n    effects: [{',
  },
  {
    wrong: 'what has just been sent is called off',
    from: "effects: [{ do: 'cancelNotifications' }, { do: 'allClear', except: by }],",
    to: "effects: [{ do: 'allClear', except: by }, { do: 'cancelNotifications' }],",
  },
  { wrong: 'nobody hears the all-clear', from: ", { do: 'allClear', except: by }],", to: '],' },
  {
    wrong: 'the one who says it hears it too',
    from: "{ do: 'allClear', except: by }",
    to: "{ do: 'allClear', except: null }",
  },
  {
    wrong: 'the acceptor is never asked again',
    from: "return remind(state, 'no word yet', laterReminderMinutes, now)",
    to: 'return stay(state)',
  },
  {
    wrong: 'the acceptor is asked every hour',
    from: "'no word yet', laterReminderMinutes",
    to: "'no word yet', firstReminderMinutes",
  },
  {
    wrong: 'the queue is forgotten',
    from: "case 'handed over':\n      return remindOrganisation(state, now)\n  }\n}\n\nfunction nextStep",
    to: "case 'handed over':\n      return stay(state)\n  }\n}\n\nfunction nextStep",
  },
  {
    wrong: 'what was handed over can no longer be accepted',
    from: "case 'accepted':\n      return accept(state, event, now)",
    to: "case 'accepted':\n      return state.is === 'handed over' ? stay(state) : accept(state, event, now)",
  },
  {
    wrong: 'help is not heard once it is in hands',
    from: "if (before.reason === 'help requested') return noted(before)",
    to: "if (before.reason === 'help requested' || before.is === 'accepted') return noted(before)",
  },
  {
    wrong: 'help after the end is dropped',
    from: "if (before.reason === 'help requested') return noted(before)",
    to: "if (before.reason === 'help requested' || before.is === 'closed') return noted(before)",
  },
  {
    wrong: 'every repeated cry for help hurries on',
    from: "if (before.reason === 'help requested') return noted(before)",
    to: '',
  },
  {
    wrong: 'help asked for does not become the reason',
    from: "const state: AlertState = { ...before, reason: 'help requested' }",
    to: 'const state: AlertState = { ...before }',
  },
  { wrong: 'an ending is rewritten', from: "if (state.is === 'closed') return stay(state)", to: '' },
  {
    wrong: 'every press of "get help" calls again',
    from: "if (state.said === 'get help') return stay(state)",
    to: '',
  },
  {
    wrong: '"get help" reaches nobody',
    from: "said: 'get help', wakeAt }, effects: [{ do: 'callForHelp', by: who.by }] }",
    to: "said: 'get help', wakeAt }, effects: [] }",
  },
  {
    wrong: '"I am going" takes it from the acceptor',
    from: 'if (state.by !== who.by) return noted(state)',
    to: 'if (state.by !== who.by) return { state: takenBy(state, who, now), effects: [] }',
  },
  {
    wrong: '"I am going" is not asked about again',
    from: "said: 'I am going', wakeAt: later(now, firstReminderMinutes) }",
    to: "said: 'I am going' }",
  },
  {
    wrong: '"I am going" closes it',
    from: 'return goes(state, event, now)',
    to: "return close(state, 'she is fine', event.by, now)",
  },
  {
    wrong: '"I am going" before anybody accepted counts for nothing',
    from: "state: { ...takenBy(state, who, now), said: 'I am going' },",
    to: 'state,',
  },
  {
    wrong: 'the late acknowledgement is credited to somebody else',
    from: "return close(state, 'all-clear', by, now)",
    to: "return close(state, 'all-clear', null, now)",
  },
  {
    wrong: 'a key in one call takes back the help asked for in another',
    from: "if (state.reason === 'help requested' && by === null) return noted(state)",
    to: '',
  },
  {
    wrong: 'nobody may give the all-clear of one who asked for help',
    from: "if (state.reason === 'help requested' && by === null) return noted(state)",
    to: "if (state.reason === 'help requested') return noted(state)",
  },
  {
    wrong: 'a call that joins leaves no trace',
    from: "if (reason === 'not placed' || before.reason !== 'not placed') return noted(before)",
    to: "if (reason === 'not placed' || before.reason !== 'not placed') return stay(before)",
  },
  {
    wrong: 'a miss that joins is forgotten',
    from: 'const state = { ...before, reason }',
    to: 'const state = { ...before }',
  },
  {
    wrong: 'a miss that joins makes less of a cry for help',
    from: "if (reason === 'not placed' || before.reason !== 'not placed') return noted(before)",
    to: "if (reason === 'not placed' || before.reason === 'missed') return noted(before)",
  },
  {
    wrong: 'a call in vain waits for the next waking',
    from: "if (isNews && state.is === 'open') return nextStep(state, plan, now)",
    to: '',
  },
  {
    wrong: 'every call that joins hurries on',
    from: "if (isNews && state.is === 'open') return nextStep(state, plan, now)",
    to: "if (state.is === 'open') return nextStep(state, plan, now)",
  },
  {
    wrong: 'the queue does not hear of a call in vain',
    from: "if (isNews && state.is === 'handed over') return remindOrganisation(state, now)",
    to: '',
  },
  {
    wrong: 'a poisoned alert waits in silence',
    from: "return state.is === 'open' ? handOver(state, now) : stay(state)",
    to: 'return stay(state)',
  },
  {
    wrong: 'a poisoned alert is taken from its acceptor',
    from: "return state.is === 'open' ? handOver(state, now) : stay(state)",
    to: "return state.is !== 'handed over' ? handOver(raised(state.reason, now), now) : stay(state)",
  },
  {
    wrong: 'a step that reached nobody is waited for all the same',
    from: "if (state.is !== 'open' || !isThat || state.wakeAt <= now) return stay(state)\n  return { state: { ...state, wakeAt: now }, effects: [] }",
    to: 'return stay(state)',
  },
  {
    wrong: 'a failure of an earlier step hurries the one told now',
    from: 'state.step === event.step && state.round === event.round',
    to: 'true',
  },
  {
    wrong: 'a failure of an earlier round hurries the one told now',
    from: 'state.step === event.step && state.round === event.round',
    to: 'state.step === event.step',
  },
  {
    wrong: 'an alert that reached nobody ends',
    from: "if (state.is !== 'open' || !isThat || state.wakeAt <= now) return stay(state)\n  return { state: { ...state, wakeAt: now }, effects: [] }",
    to: "if (state.is !== 'open' || !isThat) return stay(state)\n  return close(state, 'all-clear', null, now)",
  },
  {
    wrong: 'an alert that reached nobody skips the steps that are left',
    from: "if (state.is !== 'open' || !isThat || state.wakeAt <= now) return stay(state)\n  return { state: { ...state, wakeAt: now }, effects: [] }",
    to: "if (state.is !== 'open' || !isThat) return stay(state)\n  return handOver(state, now)",
  },
]

export const whoMutants: readonly Mutant[] = [
  {
    wrong: 'only the first of a step',
    from: 'notices: alarming(stepsOf(receivers)[effect.step - 1] ?? [])',
    to: 'notices: alarming((stepsOf(receivers)[effect.step - 1] ?? []).slice(0, 1))',
  },
  {
    wrong: 'everybody in every step',
    from: 'notices: alarming(stepsOf(receivers)[effect.step - 1] ?? [])',
    to: 'notices: alarming(receivers)',
  },
  {
    wrong: 'only over one channel',
    from: 'ordered(contact.channels).map((channel) => notice(contact, channel)))',
    to: 'ordered(contact.channels).slice(0, 1).map((channel) => notice(contact, channel)))',
  },
  {
    wrong: 'the acceptor hears who accepted',
    from: 'informing(without(told, effect.acceptor))',
    to: 'informing(told)',
  },
  {
    wrong: 'people hear of it who never did before',
    from: 'informing(without(told, effect.except))',
    to: 'informing(without(together(told, receivers), effect.except))',
  },
  {
    wrong: 'everybody is rung who could be written to',
    from: 'return written.length > 0 ? written : reachable',
    to: 'return reachable',
  },
  {
    wrong: 'those with nothing but a telephone are left out',
    from: 'return written.length > 0 ? written : reachable',
    to: 'return written',
  },
  {
    wrong: 'a step whose people cannot be reached takes its turn',
    from: 'receivers.filter(isReachable).map(',
    to: 'receivers.map(',
  },
  { wrong: 'the last step first', from: '(a, b) => a - b,', to: '(a, b) => b - a,' },
]
