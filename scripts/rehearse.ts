// `npm run rehearse -- SCENARIO.json …`: builds what has changed, then becomes the rehearsal. Standard output is its alone.
import { ensureBuilt } from './build/ensure.ts'
import { become } from './support/become.ts'

if (!ensureBuilt()) process.exit(1)
await become('rehearse.js')
