// What is changed by `npm run mutation`, which tests judge it, and how many mutants must die.

export interface Group {
  name: string
  files: readonly string[]
  /** vitest's configuration that runs the judging tests, from the project's folder */
  tests: string
  /** share of the mutants that must be caught */
  aim: number
  /** test processes at once */
  atOnce: number
}

const pure = { tests: 'test/mutation/pure.config.ts', atOnce: 2 }

export const groups: readonly Group[] = [
  {
    name: 'machines',
    files: [
      'src/calls/machine.ts',
      'src/alerts/machine.ts',
      'src/alerts/who.ts',
      'src/alerts/joining.ts',
      'src/lines/machine.ts',
    ],
    aim: 0.9,
    ...pure,
  },
  {
    name: 'pacing',
    files: ['src/lines/pacing.ts', 'src/lines/health.ts', 'src/alerts/ceilings.ts'],
    aim: 0.8,
    ...pure,
  },
  {
    name: 'clock',
    files: ['src/schedules/recurrence.ts', 'src/schedules/plan.ts', 'src/kit/local-time.ts'],
    aim: 0.8,
    ...pure,
  },
  {
    name: 'authorisation',
    files: ['src/services/access.ts', 'src/web/guard.ts'],
    tests: 'test/mutation/database.config.ts',
    aim: 0.8,
    // they share one PostgreSQL
    atOnce: 1,
  },
]
