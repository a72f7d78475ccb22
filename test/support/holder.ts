// A process that holds a database and can be killed: `node holder.ts embedded FOLDER` or `node holder.ts throwaway`.
// Prints one line of JSON when the database is ready and then stays until it is ended.
import { startEmbedded } from '../../src/db/embedded.ts'
import { startThrowaway } from '../../src/db/throwaway.ts'
import { silentLog } from '../../src/kit/log.ts'

const [kind, folder = ''] = process.argv.slice(2)
const database =
  kind === 'throwaway'
    ? await startThrowaway({ log: silentLog })
    : await startEmbedded({ dataDir: folder, log: silentLog })
process.stdout.write(
  `${JSON.stringify({ pid: database.pid(), connectionString: database.connectionString })}\n`,
)
process.on('SIGTERM', () => void database.stop().then(() => process.exit(0)))
setInterval(() => undefined, 60_000)
