// `npm run check`: types, style and import rules, in a few seconds.
import { checks, passes } from './support/stages.ts'

let failed = 0
for (const stage of checks) if (!(await passes(stage))) failed++
process.exitCode = failed > 0 ? 1 : 0
