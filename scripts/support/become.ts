// Runs a built program in this very process: no second one that would have to hand on signals and exit codes.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { dist } from '../build/fresh.ts'

/**
 * @param program a file of dist/; it is given what followed the command
 * @param before what it is given first
 */
export async function become(program: string, ...before: string[]): Promise<void> {
  const file = join(dist, program)
  process.argv = [process.execPath, file, ...before, ...process.argv.slice(3)]
  await import(pathToFileURL(file).href)
}
