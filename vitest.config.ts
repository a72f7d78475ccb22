// Which tests there are and how they run. `npm test` runs all of them; `npx vitest run src/calls` runs a room's.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // one process, no isolation: files share their modules, so none may leave something changed behind
    pool: 'threads',
    isolate: false,
    maxWorkers: 2,
    globalSetup: ['test/support/server.ts'],
    restoreMocks: true,
    slowTestThreshold: 5000,
    unstubEnvs: true,
    env: { TZ: 'UTC', NODE_ENV: 'test' },
    projects: [
      {
        extends: true,
        test: {
          name: 'rooms',
          include: ['src/**/*.test.{ts,tsx}', 'test/{stories,contracts,security,support}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: 'simulation', include: ['test/simulation/**/*.test.ts'], testTimeout: 300_000 },
      },
      {
        extends: true,
        test: {
          name: 'rehearsal',
          include: ['test/{rehearsal,drills}/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      // after all others, which keep both cores busy: a page that waits for a slow machine is no failure
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
      // alone, and last: real processes that are killed and started again by the hundred
      {
        extends: true,
        test: {
          name: 'siege',
          include: ['test/siege/**/*.test.ts'],
          testTimeout: 600_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
