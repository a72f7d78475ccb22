// Builds what is not up to date, in a process of its own, and says nothing on standard output.
import { spawnSync } from 'node:child_process'
import { inRoot, staleSteps } from './fresh.ts'

/** @returns whether everything is built; if not, why has been said on standard error */
export function ensureBuilt(): boolean {
  if (staleSteps().size === 0) return true
  console.error('Building …')
  const { status } = spawnSync(
    process.execPath,
    [...process.execArgv, inRoot('scripts', 'build', 'build.ts')],
    { stdio: ['ignore', 2, 2] },
  )
  return status === 0
}
