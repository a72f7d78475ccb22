// `npm start`: builds what has changed, then becomes the server.
import { ensureBuilt } from './build/ensure.ts'
import { become } from './support/become.ts'

if (!ensureBuilt()) process.exit(1)
await become('main.js')
