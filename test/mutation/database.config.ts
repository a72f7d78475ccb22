// The tests that judge mutants of authorisation, on a real PostgreSQL. `npm run mutation` runs them, again and again.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    env: { TZ: 'UTC', NODE_ENV: 'test' },
    globalSetup: ['test/support/server.ts'],
    hookTimeout: 60_000,
    testTimeout: 30_000,
    include: ['src/services/access.test.ts', 'src/web/{guard.test.ts,server.test.tsx}'],
  },
})
