// Example: the room of the quiet village that a newcomer looks around in. The door. Exists only where the exchange does.
//
// Promises: the village's history was lived through by the real system; it is made once, when somebody first asks for it.
import { spawn } from 'node:child_process'
import type { App } from '../app.ts'
import { exists } from './store.ts'
import { villageOrganisation } from './village.ts'

export { villageTelephones, visitor } from './village.ts'

export type Readiness = 'not begun' | 'being made' | 'ready' | 'failed'

export interface Example {
  readiness(): Promise<Readiness>
  /** Begin to make the village, unless it is there or being made. */
  begin(): Promise<void>
  close(): Promise<void>
}

/** @param program example/main.ts, built */
export function createExample(app: App, program: string): Example {
  let making: ReturnType<typeof spawn> | null = null
  let failed = false

  async function readiness(): Promise<Readiness> {
    if (making) return 'being made'
    if (await exists(app.db.connectionString, villageOrganisation.id)) return 'ready'
    return failed ? 'failed' : 'not begun'
  }

  return {
    readiness,
    async begin() {
      const now = await readiness()
      if (now === 'ready' || now === 'being made') return
      failed = false
      const child = spawn(process.execPath, [program], {
        env: { ...process.env, DATABASE_URL: app.db.connectionString, NOW: app.clock.now().toISOString() },
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      making = child
      const over = (code: number | null) => {
        making = null
        failed = code !== 0
        if (failed) app.log.warn('the example village could not be made', { code })
        app.bell.ring({ work: true })
      }
      child.once('exit', over)
      child.once('error', () => over(1))
    },
    async close() {
      making?.kill('SIGTERM')
    },
  }
}
