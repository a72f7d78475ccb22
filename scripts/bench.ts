// `npm run bench [-- NAME …]`: builds what has changed, then measures.
import { ensureBuilt } from './build/ensure.ts'

if (!(await ensureBuilt())) process.exit(1)
await import('../bench/bench.ts')
