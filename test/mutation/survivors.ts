// The mutants that no test catches, each with the reason why it may live. `npm run mutation` shows those that have none, and those
// listed here that have died meanwhile. A line is named by its text, so that it may move.
export interface Survivor {
  file: string
  /** what stands in the file, and what the mutant puts there */
  from: string
  to: string
  because: string
}

const sameEitherWay = 'two equal instants: either is the same'
const neverShown = 'a word for the log of who develops this: the page says it in its own words'
const theDefault = 'it is Temporal’s default, said because it matters'
const noSuchWord = 'there is no channel of that name, and nobody is told over it'
const oneDateOnly = 'the search begins and ends at that one date'
const onlySaves = 'where the search for slots begins and ends: a wider one finds the same slots'
const fallsThrough = 'falls through to the next case, which does the same'

export const survivors: readonly Survivor[] = [
  { file: 'src/lines/machine.ts', from: 'a > b', to: 'a >= b', because: sameEitherWay },
  { file: 'src/lines/pacing.ts', from: 'next > now', to: 'next >= now', because: sameEitherWay },
  {
    file: 'src/lines/pacing.ts',
    from: 'interval >= aheadMs',
    to: 'interval > aheadMs',
    because: 'slots exactly fifty milliseconds apart: one is reserved, or the one of now and the one of then',
  },
  {
    file: 'src/lines/pacing.ts',
    from: 'a.id > b.id',
    to: 'false',
    because:
      'no two outgoings have one id, and a sort asks for either order of a pair: 0 for "not smaller" suffices',
  },
  {
    file: 'src/lines/machine.ts',
    from: "'turned over'",
    to: '""',
    because:
      'a text is never answered, so a call that was turned over changes nothing of it, known as a call’s event or not',
  },
  {
    file: 'src/calls/machine.ts',
    from: "state.is === 'waiting'",
    to: 'true',
    because:
      'a call that rings or rests wakes later than two hours from now in no plan that the wizard makes',
  },
  {
    file: 'src/calls/machine.ts',
    from: 'attempt === null',
    to: 'false',
    because: 'in attempt null is in no attempt: no attempt has that number',
  },
  {
    file: 'src/lines/health.ts',
    from: "case 'failed':\n      return health",
    to: "case 'failed':",
    because: fallsThrough,
  },
  { file: 'src/calls/machine.ts', from: 'a > b', to: 'a >= b', because: sameEitherWay },
  { file: 'src/calls/machine.ts', from: 'a < b', to: 'a <= b', because: sameEitherWay },
  {
    file: 'src/alerts/machine.ts',
    from: 'state.wakeAt <= now',
    to: 'false',
    because: 'a step that is due already becomes due now: the sweeper takes it in the same round',
  },
  {
    file: 'src/alerts/machine.ts',
    from: 'state.wakeAt <= now',
    to: 'state.wakeAt < now',
    because: sameEitherWay,
  },
  {
    file: 'src/alerts/who.ts',
    from: 'result !== null',
    to: 'true',
    because:
      'no result is in no list of results, so that it counts as told, as it should: the types ask for it',
  },
  ...[
    ["result === 'unreachable number'", 'false'],
    ["'unreachable number'", '""'],
  ].map(([from, to]) => ({
    file: 'src/alerts/who.ts',
    from: from!,
    to: to!,
    because:
      'the lines call a text to such a number not delivered; said twice, should they ever say it otherwise',
  })),
  {
    file: 'src/alerts/who.ts',
    from: "channel === 'call'",
    to: 'true',
    because: 'an e-mail has none of the ends of a call',
  },
  { file: 'src/alerts/who.ts', from: '[]', to: '["Stryker was here"]', because: noSuchWord },
  {
    file: 'src/schedules/recurrence.ts',
    from: 'localDateOf(dueAt, zone) !== date',
    to: 'true',
    because: 'spares the second question, whose answer is the same for a time that was not moved',
  },
  { file: 'src/schedules/recurrence.ts', from: 'days.date === date', to: 'true', because: oneDateOnly },
  { file: 'src/schedules/recurrence.ts', from: "'date'", to: '""', because: oneDateOnly },
  {
    file: 'src/schedules/recurrence.ts',
    from: 'rule.days.length === 0',
    to: 'false',
    because: 'spares looking through the dates of two centuries for a day that never comes',
  },
  ...['date !== null', 'date < other', 'date > other'].map((from) => ({
    file: 'src/schedules/recurrence.ts',
    from,
    to: 'true',
    because: onlySaves,
  })),
  ...[
    ['date < other', 'date <= other'],
    ['date > other', 'date >= other'],
    ['date !== null && date < other', 'date !== null || date < other'],
    ['date !== null && date > other', 'date !== null || date > other'],
  ].map(([from, to]) => ({ file: 'src/schedules/recurrence.ts', from: from!, to: to!, because: onlySaves })),
  {
    file: 'src/kit/local-time.ts',
    from: '/^[A-Za-z]/',
    to: '/[A-Za-z]/',
    because: 'what holds a letter and does not begin with one is no zone of Temporal’s either',
  },
  {
    file: 'src/kit/local-time.ts',
    from: '/^(?:19|20|21)\\d\\d-\\d\\d-\\d\\d$/',
    to: '/^(?:19|20|21)\\d\\d-\\d\\d-\\d\\d/',
    because: 'what follows the day makes it no number, or one that no month has',
  },
  { file: 'src/kit/local-time.ts', from: "{ disambiguation: 'compatible' }", to: '{}', because: theDefault },
  { file: 'src/kit/local-time.ts', from: "{ largestUnit: 'day' }", to: '{}', because: theDefault },
  ...["{ message: 'cross-origin' }", "{ message: 'not our name' }", "{ message: 'too large' }"].map(
    (from) => ({
      file: 'src/web/guard.ts',
      from,
      to: '{}',
      because: neverShown,
    }),
  ),
  ...["'cross-origin'", "'not our name'", "'too large'"].map((from) => ({
    file: 'src/web/guard.ts',
    from,
    to: '""',
    because: neverShown,
  })),
  {
    file: 'src/web/guard.ts',
    from: "''",
    to: '"Stryker was here!"',
    because: 'what is no address has no name, and that is no name of ours either',
  },
  ...['/\\[|\\]$/g', '/^\\[|\\]/g'].map((to) => ({
    file: 'src/web/guard.ts',
    from: '/^\\[|\\]$/g',
    to,
    because: 'a URL has brackets only around the whole of an IPv6 address',
  })),
]
