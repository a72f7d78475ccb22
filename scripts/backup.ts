// `npm run backup -- --to FOLDER`: builds what has changed, then becomes the backup.
import { ensureBuilt } from './build/ensure.ts'
import { become } from './support/become.ts'

if (!ensureBuilt()) process.exit(1)
await become('backup.js', 'backup')
