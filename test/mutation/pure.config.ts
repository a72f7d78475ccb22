// The tests that judge mutants of what decides purely: fast, without a database. `npm run mutation` runs them, again and again.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    env: { TZ: 'UTC', NODE_ENV: 'test' },
    include: [
      'src/calls/machine.test.ts',
      'src/alerts/{machine,who,joining,ceilings}.test.ts',
      'src/lines/{machine,machine-bounds,health,pacing}.test.ts',
      'src/schedules/{plan,recurrence}.test.ts',
      'src/kit/{local-time,time-of-day}.test.ts',
      'test/mutation/*.test.ts',
    ],
  },
})
