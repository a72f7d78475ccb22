// `npm run drill`: lives through what must never be tried for the first time on the day it is needed: a backup restored in the middle of
// a morning, and a new version that takes over from an old one while calls run. What cannot be tried here prints NOT RUN and why.
import { ensureBuilt } from './build/ensure.ts'
import { runTool } from './support/stages.ts'

if (!ensureBuilt()) process.exit(1)
const { code } = await runTool(
  'vitest/vitest.mjs',
  ['run', '--project=rehearsal', '--reporter=verbose', 'test/drills', ...process.argv.slice(3)],
  'shown',
)
process.exit(code)
