// `npm run grow -- --years 8 --calls 10000000`: builds what has changed, then fills a database with history for measuring.
import { buildBench } from './build/bench.ts'
import { ensureBuilt } from './build/ensure.ts'
import { inRoot } from './build/fresh.ts'

if (!ensureBuilt()) process.exit(1)
await buildBench()
await import(inRoot('dist', 'grow.js'))
