// `npm run bench [-- NAME … --quick]`: builds what has changed, and the bench beside it from the same sources, then measures.
import { buildBench } from './build/bench.ts'
import { ensureBuilt } from './build/ensure.ts'
import { inRoot } from './build/fresh.ts'

if (!ensureBuilt()) process.exit(1)
await buildBench()
await import(inRoot('dist', 'bench.js'))
