// Example / main: a process of its own, so that the website stays quick meanwhile. Lives through the village's three weeks on a
// throwaway database and carries the result over. Told by its environment: DATABASE_URL, and NOW as an ISO instant.
import { startThrowaway } from '../db/throwaway.ts'
import { silentLog } from '../kit/log.ts'
import { rehearse } from '../rehearsal/rehearsal.ts'
import { carryOver } from './store.ts'
import { village, villageOrganisation } from './village.ts'

const { DATABASE_URL: target = '', NOW: now = '' } = process.env
const server = await startThrowaway({ log: silentLog })
try {
  await rehearse(village(new Date(now)), {
    database: server.connectionString,
    folder: '.',
    organisation: villageOrganisation,
    before: () => carryOver(server.connectionString, target, villageOrganisation.id),
  })
} finally {
  await server.stop()
}
