// `npm run build`: builds everything from nothing.
import { rm } from 'node:fs/promises'
import { ensureBuilt } from './build/ensure.ts'
import { dist } from './build/fresh.ts'

await rm(dist, { recursive: true, force: true })
if (!ensureBuilt()) process.exit(1)
